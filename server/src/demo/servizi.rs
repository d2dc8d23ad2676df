//! What can be paid in the demo: services of every kind.

use super::enti::{IBAN_POSTALE, IBAN_TESORERIA, VALDORIA};
use super::traduzioni::{insegne, testi};
use domain::servizio::{CampiRichiesta, Dettaglio, Scheda, Spontaneo, SuRichiesta};
use domain::{CodiceFiscaleEnte, Iban, Importo, Servizio, Slug, Tariffa, Tassonomia, Voce};
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
    voci: Vec<Voce>,
    dettaglio: Option<(&'static str, &'static str, bool)>,
    a_chi: &'static str,
    come: &'static str,
    serve: &'static [&'static str],
    tempi: &'static str,
}

impl Bozza {
    fn servizio(self, ente: &str) -> anyhow::Result<Servizio> {
        let spontaneo = (!self.voci.is_empty()).then(|| Spontaneo {
            voci: self.voci,
            dettaglio: self.dettaglio.map(|(etichetta, suggerimento, obbligatorio)| Dettaglio {
                etichetta: etichetta.to_owned(),
                suggerimento: suggerimento.to_owned(),
                obbligatorio,
            }),
            su_richiesta: su_richiesta(self.slug),
        });
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
                costi: Some(testi(
                    "Il Comune non chiede altro. La banca o il servizio che scegli per pagare può applicare una commissione, che vedi prima di confermare.",
                )),
                condizioni: None,
                contatti: testi("Ufficio relazioni con il pubblico, da lunedì a venerdì dalle 9 alle 12.30"),
                in_ritardo: in_ritardo(self.slug).map(testi),
            },
            tassonomia: Tassonomia::parse(self.tassonomia)?,
            iban: Iban::parse(IBAN_TESORERIA)?,
            iban_postale: if self.postale { Some(Iban::parse(IBAN_POSTALE)?) } else { None },
            spontaneo,
            attivo: true,
        })
    }
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

/// The identity card can be paid at a counter without a notice. Codes of a catalogue that does not exist.
fn su_richiesta(slug: &str) -> Option<SuRichiesta> {
    (slug == "diritti-di-segreteria").then(|| SuRichiesta {
        id_servizio: "00101".to_owned(),
        id_soggetto: "00001".to_owned(),
        voce: "carta-identita".to_owned(),
        campi: CampiRichiesta {
            codice_fiscale: "codiceFiscale".to_owned(),
            nome: "nome".to_owned(),
            quantita: None,
            importo: None,
            dettaglio: Some("pratica".to_owned()),
        },
    })
}

fn fissa(codice: &str, nome: &str, cents: i64) -> Voce {
    Voce { codice: codice.to_owned(), nome: nome.to_owned(), tariffa: Tariffa::Fissa { importo: Importo::of_cents(cents) } }
}

fn unitaria(codice: &str, nome: &str, cents: i64, unita: &str, massimo: u32) -> Voce {
    let tariffa = Tariffa::Unitaria { prezzo: Importo::of_cents(cents), unita: unita.to_owned(), massimo };
    Voce { codice: codice.to_owned(), nome: nome.to_owned(), tariffa }
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
            voci: vec![unitaria("pasti", "Buoni pasto", 480, "pasti", 60), fissa("quota", "Quota fissa mensile", 3_000)],
            dettaglio: Some(("Classe e periodo", "Per esempio: 3B primaria, marzo. Non scrivere il nome dell'alunno.", true)),
            a_chi: "Alle famiglie degli alunni iscritti alla mensa delle scuole dell'infanzia e primarie.",
            come: SENZA_AVVISO,
            serve,
            tempi: "La ricarica è visibile il giorno dopo il pagamento. La quota mensile si paga entro il giorno 10.",
        },
        Bozza {
            slug: "trasporto-scolastico",
            nome: "Trasporto scolastico",
            descrizione: "Paga l'abbonamento allo scuolabus.",
            argomento: "Scuola e istruzione",
            tassonomia: "0107102SP",
            postale: false,
            voci: vec![
                fissa("annuale", "Abbonamento annuale", 18_000),
                unitaria("mesi", "Abbonamento mensile", 2_000, "mesi", 10),
            ],
            dettaglio: Some(("Linea e scuola", "Per esempio: linea 2, scuola primaria Calvino.", true)),
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
            voci: vec![],
            dettaglio: None,
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
            voci: vec![],
            dettaglio: None,
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
            voci: vec![
                fissa("carta-identita", "Carta d'identità elettronica", 2_221),
                fissa("accesso-atti", "Accesso agli atti", 2_500),
                fissa("destinazione-urbanistica", "Certificato di destinazione urbanistica", 5_165),
            ],
            dettaglio: Some(("Numero della pratica", "Se ne hai uno. Per esempio: prot. 1234/2026.", false)),
            a_chi: "A chi chiede un documento o avvia una pratica.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Paga prima di presentare la domanda e allega la ricevuta.",
        },
        Bozza {
            slug: "sala-comunale",
            nome: "Affitto di una sala comunale",
            descrizione: "Paga l'uso di una sala per riunioni, feste e cerimonie.",
            argomento: "Cultura e tempo libero",
            tassonomia: "0110100TS",
            postale: false,
            voci: vec![
                unitaria("ore", "Uso a ore", 2_500, "ore", 12),
                fissa("mezza-giornata", "Mezza giornata", 8_000),
                fissa("giornata", "Giornata intera", 14_000),
            ],
            dettaglio: Some(("Sala e data", "Per esempio: Sala delle Colonne, 12 dicembre.", true)),
            a_chi: "A cittadini, associazioni e imprese che hanno prenotato una sala.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Paga entro 5 giorni dalla conferma della prenotazione.",
        },
        Bozza {
            slug: "lampade-votive",
            nome: "Lampade votive",
            descrizione: "Paga il canone annuale delle lampade votive.",
            argomento: "Servizi cimiteriali",
            tassonomia: "0114100TS",
            postale: true,
            voci: vec![unitaria("lampade", "Canone annuale per lampada", 1_830, "lampade", 10)],
            dettaglio: Some(("Cimitero e anno", "Per esempio: cimitero del capoluogo, 2026.", true)),
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
            voci: vec![Voce {
                codice: "libera".to_owned(),
                nome: "Donazione".to_owned(),
                tariffa: Tariffa::Libera { minimo: Importo::of_cents(100), massimo: Importo::of_cents(1_000_000) },
            }],
            dettaglio: Some(("Progetto", "Per esempio: biblioteca dei ragazzi. Lascia vuoto se per te è lo stesso.", false)),
            a_chi: "A chiunque voglia dare una mano.",
            come: SENZA_AVVISO,
            serve,
            tempi: "Quando vuoi. La ricevuta serve per la detrazione fiscale.",
        },
    ]
}
