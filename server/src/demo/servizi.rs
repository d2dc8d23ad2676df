//! What can be paid in the demo: services of every kind.

use super::enti::{IBAN_POSTALE, IBAN_TESORERIA, VALDORIA};
use super::traduzioni::{insegne, testi};
use anyhow::{Context as _, ensure};
use domain::modulo::Testi;
use domain::servizio::{Scheda, SuRichiesta};
use domain::{CodiceFiscaleEnte, Iban, Lingua, Modulo, Servizio, Slug, Tassonomia};
use portal::Portal;

pub(super) async fn fill(portal: &Portal) -> anyhow::Result<()> {
    let now = portal.clock().now();
    let mut tx = portal.store().begin().await?;
    for (ordine, bozza) in catalogo().into_iter().enumerate() {
        let servizio = bozza.servizio(VALDORIA)?;
        tx.insert_servizio(&servizio, i32::try_from(ordine)?, now).await?;
    }
    let donazione = catalogo().into_iter().filter(|b| b.slug == "donazione");
    for bozza in donazione {
        tx.insert_servizio(&bozza.servizio("90012340569")?, 0, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

struct Bozza {
    slug: &'static str,
    nome: &'static str,
    descrizione: &'static str,
    argomento: &'static str,
    tassonomia: &'static str,
    postale: bool,
    /// In JSON; `None`: it is paid with a notice.
    modulo: Option<&'static str>,
    /// What the sheet says of it, where the form has prices.
    costi: Option<&'static str>,
    a_chi: &'static str,
    come: &'static str,
    serve: &'static [&'static str],
    tempi: &'static str,
}

impl Bozza {
    fn servizio(self, ente: &str) -> anyhow::Result<Servizio> {
        let modulo = self.modulo.map(|json| modulo(self.slug, json)).transpose()?;
        Ok(Servizio {
            ente: CodiceFiscaleEnte::parse(ente)?,
            slug: Slug::parse(self.slug)?,
            nome: self.nome.to_owned(),
            descrizione: self.descrizione.to_owned(),
            argomento: self.argomento.to_owned(),
            scheda: Scheda {
                insegne: insegne(self.nome, self.descrizione, self.argomento),
                a_chi_e_rivolto: testi(self.a_chi),
                come_fare: testi(self.come),
                cosa_serve: self.serve.iter().map(|cosa| testi(cosa)).collect(),
                cosa_si_ottiene: testi("La ricevuta del pagamento, da stampare o conservare: vale come quietanza."),
                tempi_e_scadenze: testi(self.tempi),
                costi: Some(self.costi.map_or_else(|| testi(COMMISSIONI), |costi| paragraphs(costi, COMMISSIONI))),
                condizioni: None,
                contatti: testi("Ufficio relazioni con il pubblico, da lunedì a venerdì dalle 9 alle 12.30"),
                in_ritardo: in_ritardo(self.slug).map(testi),
            },
            tassonomia: Tassonomia::parse(self.tassonomia)?,
            iban: Iban::parse(IBAN_TESORERIA)?,
            iban_postale: if self.postale { Some(Iban::parse(IBAN_POSTALE)?) } else { None },
            modulo,
            su_richiesta: su_richiesta(self.slug),
            attivo: true,
        })
    }
}

const COMMISSIONI: &str = "Il Comune non chiede altro. La banca o il servizio che scegli per pagare può applicare una commissione, che vedi prima di confermare.";

/// One after the other, in each language in which both are there.
fn paragraphs(first: &str, second: &str) -> Testi {
    let (first, second) = (testi(first), testi(second));
    Lingua::ALL.into_iter().fold(Testi::default(), |both, lingua| {
        let (one, two) = (first.say(lingua), second.say(lingua));
        if one.lingua == lingua && two.lingua == lingua {
            both.with(lingua, format!("{}\n{}", one.testo, two.testo))
        } else {
            both
        }
    })
}

/// What the office says of some of them; of the others what holds for every notice is said.
fn in_ritardo(slug: &str) -> Option<&'static str> {
    match slug {
        "tari" => Some(
            "Se paghi entro 14 giorni dalla scadenza la sanzione è lo 0,83 % per ogni giorno di ritardo; dopo cresce. Puoi metterti in regola \
             da solo (ravvedimento): l’ufficio tributi ti dice l’importo.",
        ),
        "contravvenzioni" => Some(
            "Dopo 5 giorni dalla notifica non c’è più la riduzione del 30 %. Dopo 60 giorni l’importo all’incirca raddoppia, e il Comune \
             può iscriverlo a ruolo.",
        ),
        _ => None,
    }
}

/// A form of the demo, looked at as any form is before it is stored.
fn modulo(slug: &str, json: &str) -> anyhow::Result<Modulo> {
    let modulo: Modulo = serde_json::from_str(json).with_context(|| format!("the form of {slug}"))?;
    let rilievi = modulo.clone().complete().check();
    ensure!(rilievi.is_empty(), "the form of {slug}: {}", rilievi.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    Ok(modulo)
}

/// The identity card can be paid at a counter without a notice. Codes of a catalogue that does not exist.
fn su_richiesta(slug: &str) -> Option<SuRichiesta> {
    let campi = [("codiceFiscale", "codice_fiscale"), ("nome", "nome"), ("pratica", "dettaglio")];
    (slug == "diritti-di-segreteria").then(|| SuRichiesta {
        id_servizio: "00101".to_owned(),
        id_soggetto: "00001".to_owned(),
        fissi: [("voce".to_owned(), "carta-identita".to_owned())].into(),
        campi: campi.map(|(name, field)| (name.to_owned(), field.to_owned())).into(),
    })
}

pub(super) const SENZA_AVVISO: &str =
    "Compila il modulo, controlla il riepilogo e paga online con carta, conto o app. Ricevi subito la ricevuta.";
pub(super) const CON_AVVISO: &str = "Inserisci il codice avviso di 18 cifre che trovi sulla lettera del Comune e paga online; oppure paga con lo stesso avviso in banca, alla posta, dal tabaccaio o dalla tua app.";

fn catalogo() -> Vec<Bozza> {
    let serve: &[&str] =
        &["Il codice fiscale della persona a cui è intestato il pagamento", "Una carta, un conto online o un'app per pagare"];
    vec![
        Bozza {
            slug: "mensa-scolastica",
            nome: "Mensa scolastica",
            descrizione: "Ricarica i pasti o paga la quota mensile della mensa.",
            argomento: "Scuola e istruzione",
            tassonomia: "0107101TS",
            postale: true,
            modulo: Some(include_str!("moduli/mensa-scolastica.json")),
            costi: Some("Un buono pasto costa 4,80 €, la quota fissa 30,00 € al mese."),
            a_chi: "Alle famiglie degli alunni iscritti alla mensa delle scuole dell'infanzia e primarie.",
            come: SENZA_AVVISO,
            serve,
            tempi: "La ricarica è visibile il giorno dopo il pagamento. La quota mensile si paga entro il giorno 10.",
        },
        Bozza {
            slug: "mensa-isee",
            nome: "Pasti a consumo",
            descrizione: "Paga i pasti del mese, con il prezzo che dipende dall’ISEE.",
            argomento: "Scuola e istruzione",
            tassonomia: "0107101TS",
            postale: false,
            modulo: Some(include_str!("moduli/mensa-isee.json")),
            costi: Some("Da 1,20 € a 5,20 € per pasto, secondo l’ISEE. Dal secondo figlio il 20 per cento in meno."),
            a_chi: "Alle famiglie con figli a mensa nelle scuole che pagano a consumo.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Si paga entro il 10 del mese dopo.",
        },
        Bozza {
            slug: "centro-estivo",
            nome: "Centro estivo",
            descrizione: "Iscrivi uno o più bambini e paga le settimane.",
            argomento: "Scuola e istruzione",
            tassonomia: "0107101TS",
            postale: false,
            modulo: Some(include_str!("moduli/centro-estivo.json")),
            costi: Some(
                "Da 55,00 € a 70,00 € a settimana secondo la sede, con uno sconto del 20 per cento per fratelli e sorelle.",
            ),
            a_chi: "Alle famiglie di bambini e ragazzi dai 3 ai 15 anni.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Le iscrizioni si chiudono una settimana prima di ogni turno.",
        },
        Bozza {
            slug: "trasporto-scolastico",
            nome: "Trasporto scolastico",
            descrizione: "Paga l'abbonamento allo scuolabus.",
            argomento: "Scuola e istruzione",
            tassonomia: "0107102SP",
            postale: false,
            modulo: Some(include_str!("moduli/trasporto-scolastico.json")),
            costi: Some("L’abbonamento annuale costa 180,00 €, quello mensile 20,00 €."),
            a_chi: "Alle famiglie degli alunni iscritti allo scuolabus.",
            come: SENZA_AVVISO,
            serve,
            tempi: "L'abbonamento annuale si paga entro il 15 settembre.",
        },
        Bozza {
            slug: "tari",
            nome: "TARI - Tassa sui rifiuti",
            descrizione: "Paga la tassa sui rifiuti, tutta insieme o a rate.",
            argomento: "Tributi",
            tassonomia: "0101101IM",
            postale: true,
            modulo: None,
            costi: None,
            a_chi: "A chi possiede o occupa locali che producono rifiuti.",
            come: CON_AVVISO,
            serve: &["L'avviso di pagamento ricevuto dal Comune", "Una carta, un conto online o un'app per pagare"],
            tempi: "Le scadenze sono scritte sull'avviso. Puoi pagare la rata unica oppure le singole rate.",
        },
        Bozza {
            slug: "contravvenzioni",
            nome: "Multe e contravvenzioni",
            descrizione: "Paga un verbale della Polizia locale.",
            argomento: "Polizia locale",
            tassonomia: "0102100SA",
            postale: true,
            modulo: None,
            costi: None,
            a_chi: "A chi ha ricevuto un verbale o un preavviso di contravvenzione.",
            come: CON_AVVISO,
            serve: &["L'avviso allegato al verbale", "Una carta, un conto online o un'app per pagare"],
            tempi: "Entro 5 giorni dalla notifica la somma è ridotta del 30 per cento, dove previsto; entro 60 giorni si paga la somma intera.",
        },
        Bozza {
            slug: "diritti-di-segreteria",
            nome: "Diritti di segreteria",
            descrizione: "Paga certificati, accesso agli atti e pratiche edilizie.",
            argomento: "Anagrafe e certificati",
            tassonomia: "0103100TS",
            postale: false,
            modulo: Some(include_str!("moduli/diritti-di-segreteria.json")),
            costi: Some(
                "Carta d’identità elettronica 22,21 €, accesso agli atti 25,00 €, certificato di destinazione urbanistica 51,65 €.",
            ),
            a_chi: "A chi chiede un documento o avvia una pratica.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Paga prima di presentare la domanda e allega la ricevuta.",
        },
        Bozza {
            slug: "marca-da-bollo",
            nome: "Marca da bollo digitale",
            descrizione: "Compra la marca da bollo per un’istanza o un atto da presentare online al Comune.",
            argomento: "Anagrafe e certificati",
            tassonomia: "0115103TS",
            postale: false,
            modulo: Some(include_str!("moduli/marca-da-bollo.json")),
            costi: Some("La marca da bollo costa 16,00 €, come quella di carta."),
            a_chi: "A chi presenta al Comune, in formato digitale, un’istanza o un atto soggetto a bollo.",
            come: "Scegli il file da presentare e la provincia di residenza, controlla il riepilogo e paga online. Con la ricevuta arriva la marca: è un file che consegni insieme al documento.",
            serve: &[
                "Il file definitivo del documento",
                "Il codice fiscale della persona a cui è intestato il pagamento",
                "Una carta, un conto online o un'app per pagare",
            ],
            tempi: "Compra la marca prima di presentare il documento, quando il file è definitivo.",
        },
        Bozza {
            slug: "sala-comunale",
            nome: "Affitto di una sala comunale",
            descrizione: "Paga l'uso di una sala per riunioni, feste e cerimonie.",
            argomento: "Cultura e tempo libero",
            tassonomia: "0110100TS",
            postale: false,
            modulo: Some(include_str!("moduli/sala-comunale.json")),
            costi: Some("25,00 € l’ora, 80,00 € per mezza giornata, 140,00 € per la giornata intera."),
            a_chi: "A cittadini, associazioni e imprese che hanno prenotato una sala.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Paga entro 5 giorni dalla conferma della prenotazione.",
        },
        Bozza {
            slug: "suolo-pubblico",
            nome: "Occupazione di suolo pubblico",
            descrizione: "Calcola e paga il canone per tavolini, ponteggi e banchi.",
            argomento: "Tributi",
            tassonomia: "0110100TS",
            postale: false,
            modulo: Some(include_str!("moduli/suolo-pubblico.json")),
            costi: Some("Da 0,52 € a 1,45 € al giorno per metro quadrato, secondo la zona; almeno 5,00 €."),
            a_chi: "A chi occupa per un tempo una parte di strada, piazza o marciapiede.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Paga prima di occupare il suolo.",
        },
        Bozza {
            slug: "impianti-sportivi",
            nome: "Impianti sportivi",
            descrizione: "Prenota e paga campi e palestre.",
            argomento: "Cultura e tempo libero",
            tassonomia: "0110100TS",
            postale: false,
            modulo: Some(include_str!("moduli/impianti-sportivi.json")),
            costi: None,
            a_chi: "A chi vuole usare un campo o una palestra del Comune.",
            come: "Prenota e paga sul sito della società che gestisce gli impianti.",
            serve: &serve[1..],
            tempi: "Quando vuoi, fino al giorno prima.",
        },
        Bozza {
            slug: "lampade-votive",
            nome: "Lampade votive",
            descrizione: "Paga il canone annuale delle lampade votive.",
            argomento: "Servizi cimiteriali",
            tassonomia: "0114100TS",
            postale: true,
            modulo: Some(include_str!("moduli/lampade-votive.json")),
            costi: Some("18,30 € all’anno per lampada."),
            a_chi: "Ai titolari di un contratto per lampade votive.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Il canone si paga entro il 31 marzo.",
        },
        Bozza {
            slug: "donazione",
            nome: "Donazione al Comune",
            descrizione: "Sostieni un progetto del Comune con l'importo che vuoi.",
            argomento: "Partecipazione",
            tassonomia: "0115102AP",
            postale: false,
            modulo: Some(include_str!("moduli/donazione.json")),
            costi: None,
            a_chi: "A chiunque voglia dare una mano.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Quando vuoi. La ricevuta serve per la detrazione fiscale.",
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::modulo::limiti;

    #[test]
    fn every_form_of_the_demo_is_right_and_says_everything_in_five_languages() {
        let mut forms = 0;
        for bozza in catalogo() {
            let Some(json) = bozza.modulo else { continue };
            forms += 1;
            let read = modulo(bozza.slug, json).unwrap();
            assert!(json.len() <= limiti::MODULO_BYTES_MAX, "{}", bozza.slug);
            // a text alone is Italian: none of them is
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            every_text(&value, bozza.slug);
            assert!(read.esterno.is_some() || read.causale.is_some(), "{}", bozza.slug);
        }
        assert_eq!(forms, 11);
    }

    fn every_text(value: &serde_json::Value, slug: &str) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    if ["etichetta", "titolo", "aiuto", "errore", "messaggio", "testo"].contains(&name.as_str()) {
                        let languages = member.as_object().unwrap_or_else(|| panic!("{slug}: {member}"));
                        assert_eq!(languages.len(), domain::Lingua::ALL.len(), "{slug}: {member}");
                    } else {
                        every_text(member, slug);
                    }
                }
            }
            serde_json::Value::Array(parts) => parts.iter().for_each(|part| every_text(part, slug)),
            _ => {}
        }
    }
}
