//! A citizen fills in a payment without a notice: form → checked request → draft position → summary.
//!
//! Nothing is written until every field is right; what is written is a position in draft, unknown to the Nodo until it is paid.
//! What a form asks and what it comes to is `domain::modulo`: here it becomes a debt.

use crate::avviso::Trovato;
use crate::punti::Punto;
use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError, ids};
use domain::modulo::{Esame, Esterno, Parte, Valori, Verificato};
use domain::{
    Accredito, Atto, Ente, Importo, Imputazione, Lingua, Modulo, NumeroAvviso, Opzione, Posizione, Rata, Servizio, Soggetto,
    StatoPosizione, Versamento,
};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a summary can be paid from.
pub(crate) const RIEPILOGO_TTL: SignedDuration = SignedDuration::from_hours(2);

/// How a service is paid by who has no notice.
#[derive(Clone, Debug)]
pub enum Modo {
    /// Not at all.
    ConAvviso,
    /// On the pages of somebody else.
    Altrove(Esterno),
    /// With its form, everything that has to be asked in it.
    Modulo(Arc<Verificato>),
}

/// The form after every field was found right.
#[derive(Clone, Debug)]
pub struct Richiesta {
    pub causale: String,
    pub importo: Importo,
    pub debitore: Soggetto,
    pub versante: Option<Soggetto>,
    pub atto: Option<Atto>,
    /// Empty where all of it goes where the service's money goes.
    pub parti: Vec<Parte>,
}

/// What became of a submitted form.
#[derive(Clone, Debug)]
pub enum Proposta {
    /// Token of the summary page.
    Ok(String),
    /// What is wrong the form itself says, to whoever asks it again: page and server ask the same.
    DaCorreggere,
    /// This service is not paid so.
    NonQui,
}

/// The summary page.
#[derive(Clone, Debug)]
pub struct RiepilogoVista {
    pub servizio_slug: String,
    pub servizio: String,
    pub causale: String,
    pub importo: Importo,
    /// What was filled in; `None` when the form of the service is another one since.
    pub compilato: Option<Compilato>,
    pub numero: NumeroAvviso,
    pub debitore: Soggetto,
    pub versante: Option<Soggetto>,
    pub token: String,
}

/// A form as somebody filled it in, looked at now.
#[derive(Clone, Debug)]
pub struct Compilato {
    pub modulo: Arc<Verificato>,
    pub esame: Esame,
    /// Whether it still comes to what is to be paid: else the amounts in it explain nothing.
    pub attuale: bool,
}

/// How a service is paid.
///
/// # Errors
/// [`PortalError::Inconsistent`] when its form is none: it was looked at before it was stored.
pub fn modo(servizio: &Servizio) -> Result<Modo, PortalError> {
    let Some(modulo) = &servizio.modulo else { return Ok(Modo::ConAvviso) };
    if let Some(esterno) = &modulo.esterno {
        return Ok(Modo::Altrove(esterno.clone()));
    }
    let broken =
        |found: usize| PortalError::Inconsistent(format!("the form of {}: {found} things are wrong with it", servizio.slug));
    modulo.clone().complete().verify().map(|modulo| Modo::Modulo(Arc::new(modulo))).map_err(|rilievi| broken(rilievi.len()))
}

/// Looks at a form that was sent from a page in that language: the same language reads the amounts that the page read.
///
/// # Errors
/// What the form says of it, where it cannot be paid so.
pub fn check(modulo: &Verificato, servizio: &str, valori: &Valori, oggi: Date, lingua: Lingua) -> Result<Richiesta, Box<Esame>> {
    // what is written down, as the causale, is in the language of the office whatever the page's is
    let esame = modulo.evaluate(valori, oggi, lingua);
    let is_complete = esame.is_complete();
    match (&esame.importo, &esame.causale, &esame.ripartizione, &esame.debitore) {
        (Ok(importo), Ok(causale), Ok(parti), Some(debitore)) if is_complete => Ok(Richiesta {
            causale: causale.clone().unwrap_or_else(|| domain::testo::cut(servizio, domain::testo::CAUSALE_MAX)),
            importo: *importo,
            debitore: debitore.clone(),
            versante: esame.versante.clone(),
            atto: modulo.atto(&esame),
            parti: parti.clone(),
        }),
        _ => Err(Box::new(esame)),
    }
}

impl Portal {
    /// Takes a form: what is wrong with it, or a draft and the token of its summary.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn propose_spontaneo(
        &self,
        ente: &Ente,
        servizio: &Servizio,
        valori: &Valori,
        lingua: Lingua,
    ) -> Result<Proposta, PortalError> {
        let Modo::Modulo(modulo) = modo(servizio)? else { return Ok(Proposta::NonQui) };
        let today = self.inner.clock.today();
        let Ok(richiesta) = check(&modulo, &servizio.nome, valori, today, lingua) else { return Ok(Proposta::DaCorreggere) };
        let typed = modulo.keep(valori, &modulo.evaluate(valori, today, lingua));
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        let numero = self.draw_numero(&mut tx, ente).await?;
        let posizione = bozza(ids::new_id()?, ente, servizio, richiesta, numero);
        tx.insert_posizione(&posizione, now).await?;
        tx.insert_modulo(&ente.codice_fiscale, &posizione.id, &write(&typed)).await?;
        tx.commit().await?;
        Punto::BozzaConfermata.reach()?;
        self.seal_expiring(Kind::Riepilogo, &posizione.id, 0, now + RIEPILOGO_TTL).map(Proposta::Ok)
    }

    /// The summary behind a token.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_riepilogo(&self, ente: &Ente, token: &str) -> Result<Trovato<RiepilogoVista>, PortalError> {
        let posizione = match self.open_riepilogo(ente, token).await? {
            Trovato::Ecco(posizione) => posizione,
            Trovato::Scaduto => return Ok(Trovato::Scaduto),
            Trovato::NonTrovato => return Ok(Trovato::NonTrovato),
        };
        let servizio = match &posizione.servizio {
            Some(slug) => self.inner.store.servizio_by_slug(&ente.codice_fiscale, slug).await?,
            None => None,
        };
        let (Some(servizio), Some(rata)) = (servizio, posizione.rate.first()) else {
            return Ok(Trovato::NonTrovato);
        };
        let typed = self.typed(ente, &posizione.id).await?;
        let compilato = match (modo(&servizio)?, typed) {
            (Modo::Modulo(modulo), Some(typed)) => {
                let esame = modulo.evaluate(&typed, self.inner.clock.today(), Lingua::It);
                Some(Compilato { modulo, attuale: esame.importo == Ok(rata.importo), esame })
            }
            _ => None,
        };
        Ok(Trovato::Ecco(RiepilogoVista {
            compilato,
            servizio_slug: servizio.slug.to_string(),
            servizio: servizio.nome,
            causale: posizione.causale,
            importo: rata.importo,
            numero: rata.numero.clone(),
            debitore: posizione.debitore,
            versante: posizione.versante,
            token: token.to_owned(),
        }))
    }

    /// What was typed, to change it from the summary. A new draft is made when it is sent again.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_form(&self, ente: &Ente, token: &str) -> Result<Option<Valori>, PortalError> {
        let Trovato::Ecco(posizione) = self.open_riepilogo(ente, token).await? else {
            return Ok(None);
        };
        self.typed(ente, &posizione.id).await
    }

    async fn typed(&self, ente: &Ente, posizione: &str) -> Result<Option<Valori>, PortalError> {
        Ok(self.inner.store.modulo(&ente.codice_fiscale, posizione).await?.and_then(|json| read(&json)))
    }

    async fn open_riepilogo(&self, ente: &Ente, token: &str) -> Result<Trovato<Posizione>, PortalError> {
        let opened = match self.inner.sealer.open(Kind::Riepilogo, token, self.inner.clock.now()) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Trovato::Scaduto),
            Err(SealError::Wrong) => return Ok(Trovato::NonTrovato),
        };
        let posizione = self.inner.store.posizione(&ente.codice_fiscale, &opened.id).await?;
        Ok(posizione.map_or(Trovato::NonTrovato, Trovato::Ecco))
    }
}

/// What was typed, as it is stored.
fn write(valori: &Valori) -> String {
    serde_json::to_string(&valori.iter().collect::<BTreeMap<_, _>>()).unwrap_or_default()
}

/// One text, as drafts of before had them for each field, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Typed {
    Uno(String),
    Molti(Vec<String>),
}

fn read(json: &str) -> Option<Valori> {
    let typed: BTreeMap<String, Typed> = serde_json::from_str(json).ok()?;
    let mut valori = Valori::default();
    for (name, typed) in typed {
        match typed {
            // of before: nothing was typed, nothing ticked
            Typed::Uno(text) if text.is_empty() => {}
            Typed::Uno(text) => valori.push(name, text),
            Typed::Molti(texts) => valori.set(&name, texts),
        }
    }
    Some(valori)
}

pub(crate) fn bozza(id: String, ente: &Ente, servizio: &Servizio, richiesta: Richiesta, numero: NumeroAvviso) -> Posizione {
    let rata = Rata {
        numero,
        opzione: Opzione::Unica,
        importo: richiesta.importo,
        scadenza: None,
        non_oltre_scadenza: false,
        pagata: false,
        versamenti: versamenti(ente, servizio, &richiesta),
    };
    Posizione {
        id,
        ente: ente.codice_fiscale.clone(),
        servizio: Some(servizio.slug.to_string()),
        stato: StatoPosizione::Bozza,
        causale: richiesta.causale,
        debitore: richiesta.debitore,
        versante: richiesta.versante,
        atto: richiesta.atto,
        rate: vec![rata],
    }
}

/// Where the money goes: to the account of the service, or in the parts that the form says.
fn versamenti(ente: &Ente, servizio: &Servizio, richiesta: &Richiesta) -> Vec<Versamento> {
    let whole = Versamento {
        ente: ente.codice_fiscale.clone(),
        nome_ente: ente.nome.clone(),
        importo: richiesta.importo,
        accredito: Accredito::Conto { iban: servizio.iban.clone(), postale: servizio.iban_postale.clone() },
        tassonomia: servizio.tassonomia.clone(),
        causale: richiesta.causale.clone(),
        imputazione: None,
    };
    let quote = servizio.modulo.as_ref().map_or(&[][..], |modulo: &Modulo| &modulo.ripartizione);
    let part = |parte: &Parte| {
        let quota = quote.get(parte.quota)?;
        let mut part = Versamento { importo: parte.importo, ..whole.clone() };
        if let Some(beneficiario) = &quota.beneficiario {
            (part.ente, part.nome_ente) = (beneficiario.codice_fiscale.clone(), beneficiario.nome.clone());
        }
        if let Some(iban) = &quota.iban {
            // the postal account of the service is that of its own
            part.accredito = Accredito::Conto { iban: iban.clone(), postale: None };
        }
        if let Some(marca) = &parte.bollo {
            let hash_documento = marca.documento.base64();
            part.accredito = Accredito::Bollo { hash_documento, provincia: marca.provincia.clone() };
        }
        if let Some(tassonomia) = &quota.tassonomia {
            part.tassonomia = tassonomia.clone();
        }
        let imputazione =
            Imputazione { capitolo: quota.capitolo.clone(), accertamento: quota.accertamento.clone(), anno: quota.anno };
        part.imputazione = (imputazione != Imputazione::default()).then_some(imputazione);
        Some(part)
    };
    if richiesta.parti.is_empty() { vec![whole] } else { richiesta.parti.iter().filter_map(part).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::tests::{ente, mensa};
    use jiff::civil::date;

    const OGGI: Date = date(2026, 11, 23);

    fn servizio(rest: &str) -> Servizio {
        let modulo = format!(
            r#"{{"versione": 1, "importo": "quanti * 4,80 €", "causale": "'Mensa, classe ' & classe", {rest} "sezioni": [{{"titolo": "Mensa", "campi": [
                {{"nome": "quanti", "tipo": "numero", "etichetta": "Pasti", "minimo": 1, "massimo": 60}},
                {{"nome": "classe", "tipo": "testo", "etichetta": "Classe"}}]}}]}}"#
        );
        Servizio { modulo: Some(serde_json::from_str(&modulo).unwrap()), ..mensa() }
    }

    fn form(servizio: &Servizio) -> Arc<Verificato> {
        match modo(servizio).unwrap() {
            Modo::Modulo(modulo) => modulo,
            other => panic!("{other:?}"),
        }
    }

    fn valori(pairs: &[(&str, &str)]) -> Valori {
        Valori::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    const RIGHT: [(&str, &str); 4] =
        [("quanti", "10"), ("classe", "3B"), ("codice_fiscale", "rssmra85t10a562s"), ("nome", "Mario Rossi")];

    #[test]
    fn a_right_form_becomes_a_request_with_the_amount_of_the_form() {
        let servizio = servizio("");
        let sent = valori(&[&RIGHT[..], &[("importo", "0,01")]].concat());
        let richiesta = check(&form(&servizio), "Mensa", &sent, OGGI, Lingua::It).unwrap();
        assert_eq!((richiesta.importo.cents(), richiesta.causale.as_str()), (4_800, "Mensa, classe 3B"));
        assert_eq!(richiesta.debitore.codice_fiscale.as_str(), "RSSMRA85T10A562S");
        let versamenti = versamenti(&ente(), &servizio, &richiesta);
        let [whole] = &versamenti[..] else { panic!("{versamenti:?}") };
        assert_eq!((whole.importo.cents(), &whole.ente, &whole.imputazione), (4_800, &ente().codice_fiscale, &None));
    }

    #[test]
    fn a_form_without_a_causale_is_called_after_its_service() {
        let mut servizio = servizio("");
        servizio.modulo.as_mut().unwrap().causale = None;
        let richiesta = check(&form(&servizio), "Mensa <scolastica>", &valori(&RIGHT), OGGI, Lingua::It).unwrap();
        assert_eq!(richiesta.causale, "Mensa scolastica");
    }

    #[test]
    fn the_parts_go_where_the_form_says_and_make_the_whole() {
        let servizio = servizio(
            r#""ripartizione": [
                {"quota": "33,3333%", "capitolo": "3010/4", "accertamento": "2026/115", "anno": 2026},
                {"quota": "5%", "beneficiario": {"codice_fiscale": "77777777777", "nome": "Provincia"}, "iban": "IT60X0542811101000000123456",
                 "tassonomia": "0201102IM"},
                {"quota": "resto"}],"#,
        );
        let richiesta = check(&form(&servizio), "Mensa", &valori(&RIGHT), OGGI, Lingua::It).unwrap();
        let posizione = bozza("p".into(), &ente(), &servizio, richiesta, NumeroAvviso::parse("302000000000000184").unwrap());
        let rata = &posizione.rate[0];
        assert_eq!(rata.faults(), [""; 0]);
        let cents: Vec<_> = rata.versamenti.iter().map(|versamento| versamento.importo.cents()).collect();
        assert_eq!((cents, rata.importo.cents()), (vec![1_600, 240, 2_960], 4_800));
        let [booked, other, rest] = &rata.versamenti[..] else { panic!() };
        let imputazione = booked.imputazione.as_ref().unwrap();
        assert_eq!((imputazione.capitolo.as_deref(), imputazione.anno), (Some("3010/4"), Some(2026)));
        assert_eq!(
            (other.ente.as_str(), other.nome_ente.as_str(), other.tassonomia.as_str()),
            ("77777777777", "Provincia", "0201102IM")
        );
        assert_eq!((&rest.ente, &rest.imputazione), (&ente().codice_fiscale, &None));
    }

    #[test]
    fn a_part_for_a_stamp_asks_for_it_with_the_digest_as_the_nodo_wants_it() {
        let json = r#"{"versione": 1, "importo": "16 €", "ripartizione": [
                {"quota": "resto", "bollo": {"documento": "istanza", "provincia": "provincia"}, "tassonomia": "0115103TS"}],
            "sezioni": [{"titolo": "Bollo", "campi": [{"nome": "istanza", "tipo": "documento", "etichetta": "Istanza"},
                {"nome": "provincia", "tipo": "testo", "etichetta": "Provincia"}]}]}"#;
        let servizio = Servizio { modulo: Some(serde_json::from_str(json).unwrap()), ..mensa() };
        // SHA-256 of `abc` (FIPS 180-2, B.1)
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let sent = valori(&[&RIGHT[2..], &[("istanza", abc), ("provincia", "mi")]].concat());
        let richiesta = check(&form(&servizio), "Marca da bollo", &sent, OGGI, Lingua::It).unwrap();
        let posizione = bozza("p".into(), &ente(), &servizio, richiesta, NumeroAvviso::parse("302000000000000184").unwrap());
        let [stamp] = &posizione.rate[0].versamenti[..] else { panic!("{posizione:?}") };
        assert_eq!(posizione.rate[0].faults(), [""; 0]);
        assert_eq!((stamp.importo.cents(), stamp.tassonomia.as_str()), (1_600, "0115103TS"));
        let expected = Accredito::Bollo {
            hash_documento: "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=".to_owned(),
            provincia: "MI".to_owned(),
        };
        assert_eq!(stamp.accredito, expected);
    }

    #[test]
    fn what_is_kept_is_what_the_form_asks_for() {
        let modulo = form(&servizio(""));
        let sent = valori(&[&RIGHT[..], &[("versante_nome", "Luca Bianchi"), ("altro", "segreto"), ("azione", "x")]].concat());
        let kept = modulo.keep(&sent, &modulo.evaluate(&sent, OGGI, Lingua::It));
        assert!(read(&write(&kept)).unwrap() == valori(&RIGHT), "{}", write(&kept));
    }

    #[test]
    fn what_only_an_english_page_reads_is_kept_as_every_page_reads_it() {
        let json = r#"{"versione": 1, "importo": "soldi", "sezioni": [{"titolo": "x", "campi": [
            {"nome": "soldi", "tipo": "importo", "etichetta": "x"}, {"nome": "ore", "tipo": "numero", "decimali": 1, "etichetta": "x"}]}]}"#;
        let servizio = Servizio { modulo: Some(serde_json::from_str(json).unwrap()), ..mensa() };
        let modulo = form(&servizio);
        let sent = valori(&[&RIGHT[2..], &[("soldi", "1,234.50"), ("ore", "1,000.5")]].concat());
        let refused = check(&modulo, "Prova", &sent, OGGI, Lingua::It).unwrap_err();
        let fields: Vec<_> = refused.errori.iter().map(|errore| errore.campo.as_str()).collect();
        assert_eq!(fields, ["soldi", "ore"], "an Italian page does not read them");
        let richiesta = check(&modulo, "Prova", &sent, OGGI, Lingua::En).unwrap();
        assert_eq!(richiesta.importo.cents(), 123_450);
        let kept = modulo.keep(&sent, &modulo.evaluate(&sent, OGGI, Lingua::En));
        assert_eq!((kept.first("soldi"), kept.first("ore")), ("1.234,50", "1000,5"));
        for lingua in Lingua::ALL {
            assert_eq!(check(&modulo, "Prova", &kept, OGGI, lingua).unwrap().importo.cents(), 123_450, "{lingua}");
        }
        let typed = valori(&[&RIGHT[2..], &[("soldi", "20"), ("ore", "2.5")]].concat());
        let kept = modulo.keep(&typed, &modulo.evaluate(&typed, OGGI, Lingua::It));
        assert_eq!((kept.first("soldi"), kept.first("ore")), ("20", "2.5"), "what every page reads stays as it was typed");
    }

    #[test]
    fn drafts_of_before_can_be_changed_too() {
        let old = r#"{"voce":"pasti","quantita":"10","importo":"","codice_fiscale":"RSSMRA85T10A562S","altro_versante":""}"#;
        let expected = valori(&[("voce", "pasti"), ("quantita", "10"), ("codice_fiscale", "RSSMRA85T10A562S")]);
        assert!(read(old).unwrap() == expected);
        assert!(read("[]").is_none());
    }

    #[test]
    fn a_service_is_paid_in_one_way() {
        assert!(matches!(modo(&Servizio { modulo: None, ..mensa() }), Ok(Modo::ConAvviso)));
        let esterno =
            r#"{"versione": 1, "esterno": {"indirizzo": "https://altrove.example.it", "testo": "Sul sito della Regione"}}"#;
        let altrove = Servizio { modulo: Some(serde_json::from_str(esterno).unwrap()), ..mensa() };
        assert!(matches!(modo(&altrove), Ok(Modo::Altrove(_))));
        let broken = Servizio { modulo: Some(serde_json::from_str(r#"{"versione": 2}"#).unwrap()), ..mensa() };
        assert!(matches!(modo(&broken), Err(PortalError::Inconsistent(_))));
    }
}
