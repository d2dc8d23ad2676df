//! A citizen fills in a payment without a notice: form → checked request → draft position → summary.
//!
//! Nothing is written until every field is right; what is written is a position in draft, unknown to the Nodo until it is paid.

use crate::avviso::Trovato;
use crate::punti::Punto;
use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError, ids};
use domain::servizio::{Spontaneo, Tariffa};
use domain::{
    Accredito, CodiceFiscale, Ente, FieldError, Importo, Lingua, NumeroAvviso, Opzione, Posizione, Rata, Reason, Servizio,
    Soggetto, StatoPosizione, Versamento, Voce, testo,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a summary can be paid from.
pub(crate) const RIEPILOGO_TTL: SignedDuration = SignedDuration::from_hours(2);

/// The form as it was typed; field names are those of the page.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormSpontaneo {
    pub voce: String,
    pub quantita: String,
    pub importo: String,
    pub dettaglio: String,
    pub codice_fiscale: String,
    pub nome: String,
    pub email: String,
    /// Not empty when somebody else pays.
    pub altro_versante: String,
    pub versante_codice_fiscale: String,
    pub versante_nome: String,
}

/// The form holds personal data: nothing of it is shown.
impl fmt::Debug for FormSpontaneo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormSpontaneo").field("voce", &self.voce).finish_non_exhaustive()
    }
}

/// The form after every field was found right.
#[derive(Clone, Debug)]
pub struct Richiesta {
    pub causale: String,
    pub importo: Importo,
    pub debitore: Soggetto,
    pub versante: Option<Soggetto>,
}

/// What became of a submitted form.
#[derive(Clone, Debug)]
pub enum Proposta {
    /// Token of the summary page.
    Ok(String),
    Errori(Vec<FieldError>),
}

/// The summary page.
#[derive(Clone, Debug)]
pub struct RiepilogoVista {
    pub servizio_slug: String,
    pub servizio: String,
    pub causale: String,
    pub importo: Importo,
    /// How many, and the price of each, where the amount came about so.
    pub quantita: Option<(u32, Importo)>,
    pub numero: NumeroAvviso,
    pub debitore: Soggetto,
    pub versante: Option<Soggetto>,
    pub token: String,
}

/// Checks every field, typed on a page in that language; all that is wrong comes back at once, in the order of the page.
///
/// # Errors
/// One [`FieldError`] per wrong field.
pub fn check(spontaneo: &Spontaneo, form: &FormSpontaneo, lingua: Lingua) -> Result<Richiesta, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut keep = |result: Result<String, Reason>, field: &str| result.map_err(|reason| errors.push(reason.at(field))).ok();

    let voce = find_voce(spontaneo, &form.voce);
    if let Err(reason) = &voce {
        keep(Err(reason.clone()), "voce");
    }
    let importo = voce.as_ref().ok().and_then(|voce| match voce.tariffa.importo(lingua, &form.quantita, &form.importo) {
        Ok(importo) => Some(importo),
        Err(error) => {
            keep(Err(error.reason), &error.field);
            None
        }
    });
    let dettaglio = match &spontaneo.dettaglio {
        None => Some(String::new()),
        Some(dettaglio) if form.dettaglio.trim().is_empty() && !dettaglio.obbligatorio => Some(String::new()),
        Some(_) => keep(testo::causale(&form.dettaglio), "dettaglio"),
    };
    let codice_fiscale = keep(CodiceFiscale::parse(&form.codice_fiscale).map(String::from), "codice_fiscale");
    let nome = keep(testo::nome(&form.nome), "nome");
    let email = if form.email.trim().is_empty() { Some(String::new()) } else { keep(testo::email(&form.email), "email") };
    // who filled the payer's fields in means it, ticked or not: without scripts nothing hides them
    let altro =
        [&form.altro_versante, &form.versante_codice_fiscale, &form.versante_nome].iter().any(|text| !text.trim().is_empty());
    let versante_cf = altro
        .then(|| keep(CodiceFiscale::parse(&form.versante_codice_fiscale).map(String::from), "versante_codice_fiscale"))
        .flatten();
    let versante_nome = altro.then(|| keep(testo::nome(&form.versante_nome), "versante_nome")).flatten();

    // the causale as a whole has its own limit; the detail is what one can shorten
    let causale = voce.ok().zip(dettaglio).and_then(|(voce, dettaglio)| {
        let whole = if dettaglio.is_empty() { voce.nome.clone() } else { format!("{} - {dettaglio}", voce.nome) };
        let room = testo::CAUSALE_MAX.saturating_sub(u16::try_from(voce.nome.chars().count() + 3).unwrap_or(u16::MAX));
        keep(
            testo::causale(&whole)
                .map_err(|reason| if matches!(reason, Reason::TooLong { .. }) { Reason::TooLong { max: room } } else { reason }),
            "dettaglio",
        )
    });

    let debitore = soggetto(codice_fiscale, nome, email.filter(|e| !e.is_empty()));
    let versante = soggetto(versante_cf, versante_nome, None);
    match (causale, importo, debitore) {
        (Some(causale), Some(importo), Some(debitore)) if errors.is_empty() => {
            Ok(Richiesta { causale, importo, debitore, versante })
        }
        _ => Err(errors),
    }
}

/// Quantity and price; `None` when the tariff has changed since: then they no longer explain the amount.
fn by_the_piece(spontaneo: &Spontaneo, form: &FormSpontaneo, importo: Importo) -> Option<(u32, Importo)> {
    let voce = find_voce(spontaneo, &form.voce).ok()?;
    let Tariffa::Unitaria { prezzo, .. } = voce.tariffa else { return None };
    let quantita: u32 = form.quantita.trim().parse().ok()?;
    (prezzo.checked_mul(quantita) == Some(importo)).then_some((quantita, prezzo))
}

/// With one voice there is nothing to choose.
fn find_voce<'a>(spontaneo: &'a Spontaneo, codice: &str) -> Result<&'a Voce, Reason> {
    match (&spontaneo.voci[..], codice) {
        ([only], "") => Ok(only),
        (_, "") => Err(Reason::Missing),
        (voci, codice) => voci.iter().find(|v| v.codice == codice).ok_or(Reason::NotAChoice),
    }
}

fn soggetto(codice_fiscale: Option<String>, nome: Option<String>, email: Option<String>) -> Option<Soggetto> {
    Some(Soggetto { codice_fiscale: CodiceFiscale::parse(&codice_fiscale?).ok()?, nome: nome?, email })
}

impl Portal {
    /// Takes a form: errors at the fields, or a draft and the token of its summary.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn propose_spontaneo(
        &self,
        ente: &Ente,
        servizio: &Servizio,
        form: &FormSpontaneo,
        lingua: Lingua,
    ) -> Result<Proposta, PortalError> {
        let Some(spontaneo) = &servizio.spontaneo else {
            return Ok(Proposta::Errori(vec![Reason::NotAChoice.at("voce")]));
        };
        let richiesta = match check(spontaneo, form, lingua) {
            Ok(richiesta) => richiesta,
            Err(errors) => return Ok(Proposta::Errori(errors)),
        };
        let now = self.inner.clock.now();
        let mut tx = self.inner.store.begin().await?;
        let numero = self.draw_numero(&mut tx, ente).await?;
        let posizione = bozza(ids::new_id()?, ente, servizio, richiesta, numero);
        tx.insert_posizione(&posizione, now).await?;
        tx.insert_modulo(&ente.codice_fiscale, &posizione.id, &serde_json::to_string(form).unwrap_or_default()).await?;
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
        let modulo = self.modulo(ente, &posizione.id).await?;
        let quantita =
            servizio.spontaneo.as_ref().zip(modulo).and_then(|(spontaneo, form)| by_the_piece(spontaneo, &form, rata.importo));
        Ok(Trovato::Ecco(RiepilogoVista {
            quantita,
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
    pub async fn load_form(&self, ente: &Ente, token: &str) -> Result<Option<FormSpontaneo>, PortalError> {
        let Trovato::Ecco(posizione) = self.open_riepilogo(ente, token).await? else {
            return Ok(None);
        };
        self.modulo(ente, &posizione.id).await
    }

    async fn modulo(&self, ente: &Ente, posizione: &str) -> Result<Option<FormSpontaneo>, PortalError> {
        let modulo = self.inner.store.modulo(&ente.codice_fiscale, posizione).await?;
        Ok(modulo.and_then(|json| serde_json::from_str(&json).ok()))
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

pub(crate) fn bozza(id: String, ente: &Ente, servizio: &Servizio, richiesta: Richiesta, numero: NumeroAvviso) -> Posizione {
    let versamento = Versamento {
        ente: ente.codice_fiscale.clone(),
        nome_ente: ente.nome.clone(),
        importo: richiesta.importo,
        accredito: Accredito::Conto { iban: servizio.iban.clone(), postale: servizio.iban_postale.clone() },
        tassonomia: servizio.tassonomia.clone(),
        causale: richiesta.causale.clone(),
    };
    let rata = Rata {
        numero,
        opzione: Opzione::Unica,
        importo: richiesta.importo,
        scadenza: None,
        non_oltre_scadenza: false,
        pagata: false,
        versamenti: vec![versamento],
    };
    Posizione {
        id,
        ente: ente.codice_fiscale.clone(),
        servizio: Some(servizio.slug.to_string()),
        stato: StatoPosizione::Bozza,
        causale: richiesta.causale,
        debitore: richiesta.debitore,
        versante: richiesta.versante,
        rate: vec![rata],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Tariffa;
    use domain::servizio::Dettaglio;

    fn mensa() -> Spontaneo {
        Spontaneo {
            voci: vec![
                Voce {
                    codice: "pasti".into(),
                    nome: "Buoni pasto".into(),
                    tariffa: Tariffa::Unitaria { prezzo: Importo::of_cents(480), unita: "pasti".into(), massimo: 60 },
                },
                Voce {
                    codice: "quota".into(),
                    nome: "Quota fissa".into(),
                    tariffa: Tariffa::Fissa { importo: Importo::of_cents(3_000) },
                },
            ],
            dettaglio: Some(Dettaglio { etichetta: "Classe".into(), suggerimento: String::new(), obbligatorio: true }),
            su_richiesta: None,
        }
    }

    fn right() -> FormSpontaneo {
        FormSpontaneo {
            voce: "pasti".into(),
            quantita: "10".into(),
            dettaglio: "3B marzo".into(),
            codice_fiscale: "rssmra85t10a562s".into(),
            nome: "Mario Rossi".into(),
            ..FormSpontaneo::default()
        }
    }

    #[test]
    fn a_right_form_becomes_a_request_with_the_amount_of_the_tariff() {
        let form = FormSpontaneo { importo: "0,01".into(), ..right() };
        let richiesta = check(&mensa(), &form, Lingua::It).unwrap();
        assert_eq!(richiesta.importo.cents(), 4_800);
        assert_eq!(richiesta.causale, "Buoni pasto - 3B marzo");
        assert_eq!(richiesta.debitore.codice_fiscale.as_str(), "RSSMRA85T10A562S");
        assert!(richiesta.versante.is_none());
    }

    #[test]
    fn every_wrong_field_is_told_at_once_in_the_order_of_the_page() {
        let form = FormSpontaneo { altro_versante: "si".into(), email: "x".into(), ..FormSpontaneo::default() };
        let fields: Vec<_> = check(&mensa(), &form, Lingua::It).unwrap_err().into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["voce", "dettaglio", "codice_fiscale", "nome", "email", "versante_codice_fiscale", "versante_nome"]);
    }

    #[test]
    fn the_detail_may_take_what_the_voice_leaves_of_the_causale() {
        let form = FormSpontaneo { dettaglio: "a".repeat(127), ..right() };
        assert_eq!(check(&mensa(), &form, Lingua::It).unwrap_err(), [Reason::TooLong { max: 126 }.at("dettaglio")]);
        assert!(check(&mensa(), &FormSpontaneo { dettaglio: "a".repeat(126), ..right() }, Lingua::It).is_ok());
    }

    #[test]
    fn who_pays_for_another_is_kept_apart() {
        let form = FormSpontaneo {
            altro_versante: "si".into(),
            versante_codice_fiscale: "80001230459".into(),
            versante_nome: "Associazione Genitori".into(),
            ..right()
        };
        assert_eq!(check(&mensa(), &form, Lingua::It).unwrap().versante.unwrap().nome, "Associazione Genitori");
        let form = FormSpontaneo { altro_versante: String::new(), ..form };
        assert!(check(&mensa(), &form, Lingua::It).unwrap().versante.is_some());
        assert!(check(&mensa(), &right(), Lingua::It).unwrap().versante.is_none());
    }
}
