//! Paying: what "Paga" leads to, the way back, the outcome. The trip itself is in `viaggio`.
//!
//! `CREATO` is written before Checkout is asked, `INVIATO` before the citizen leaves. Coming back changes the page alone: only
//! a receipt ([`crate::ricevuta`]) closes a payment.

use crate::doppioni::Doppione;
use crate::sealed::{Kind, SealError};
use crate::viaggio::{Fermata, Partente, esito_of};
use crate::{Portal, PortalError, ids};
use domain::pagamento::{EventoTentativo, StatoPagamento};
use domain::posizione::NonPagabile;
use domain::{
    Email, Ente, EsitoDichiarato, EsitoPagamento, FieldError, Importo, Lingua, NumeroAvviso, Reason, Ricevuta, StatoLettera,
    TipoLettera,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::fmt;
use store::{Tentativo, TentativoChange};
use url::Url;

/// How long a return address is good for: bank transfers at Checkout can take their time.
pub(crate) const RITORNO_TTL: SignedDuration = SignedDuration::from_hours(24);

/// What "Paga" sends beside the address of the page it stands on.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FormPaga {
    /// Which of the options of the notice; empty: the one of the page.
    pub rata: String,
    /// Where to be told of the payment; empty: nowhere.
    pub email: String,
    /// The address that was shown back before.
    pub email_vista: String,
    /// `si`: the same was paid a short while ago, and is meant all the same.
    pub anche_se: String,
    /// `si`: sent by the page that asks to confirm.
    pub conferma: String,
    /// Cents of the sum that was shown; empty: nobody compares.
    pub totale: String,
}

impl FormPaga {
    pub(crate) fn anche_se(&self) -> bool {
        self.anche_se == "si"
    }

    pub(crate) fn is_confirmation(&self) -> bool {
        self.conferma == "si"
    }

    /// Whether the sum is the one that was shown.
    pub(crate) fn totale_is(&self, totale: Option<Importo>) -> bool {
        totale.is_some_and(|totale| self.totale.is_empty() || self.totale == totale.cents().to_string())
    }
}

/// An e-mail address is personal: nothing of it is shown.
impl fmt::Debug for FormPaga {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormPaga").field("rata", &self.rata).field("conferma", &self.conferma).finish_non_exhaustive()
    }
}

/// What the citizen is shown once more before the trip begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaConfermare {
    /// Just typed, shown back.
    pub email: Option<Email>,
    /// The same was paid, or is being paid.
    pub doppioni: Vec<Doppione>,
    /// What was not confirmed on the page that asked for it.
    pub errors: Vec<FieldError>,
}

/// Where "Paga" leads.
#[derive(Clone, Debug)]
pub enum Partenza {
    /// Off to Checkout. `sessione` is for the browser to keep: with it the return address works again.
    Vai {
        url: Url,
        sessione: String,
    },
    NonPagabile(NonPagabile),
    /// Something to be looked at once more first.
    Conferma(DaConfermare),
    /// The form is wrong.
    Errori(Vec<FieldError>),
    /// Notices that pay one debt in two ways.
    Alternative,
    /// The sum is another one than was shown.
    ImportoCambiato,
    /// The page's address is past its time.
    Scaduto,
    NonTrovato,
    /// Checkout did not take the cart; no money moved.
    CheckoutNo(ProblemaCheckout),
}

/// Why Checkout did not take a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemaCheckout {
    /// It says that this notice cannot be paid there now.
    Rifiutato,
    /// It does not answer, or not sensibly: try later.
    Indisponibile,
}

/// Where a return address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ritorno {
    /// Token of the durable outcome page.
    Esito(String),
    /// Used before, by another browser.
    GiaUsato,
    NonTrovato,
}

/// The durable page of a trip.
#[derive(Clone, Debug)]
pub struct EsitoVista {
    pub esito: EsitoPagamento,
    pub causale: String,
    pub importo: Importo,
    pub numero: NumeroAvviso,
    pub servizio: Option<String>,
    pub iniziato: jiff::civil::DateTime,
    /// `None` also when it was paid by somebody else than whoever made this trip.
    pub ricevuta: Option<RicevutaVista>,
    /// The letter with the receipt, when there is one.
    pub lettera: Option<LetteraVista>,
    /// Token of the notice's page, to try again; only when it makes sense.
    pub riprova: Option<String>,
    pub token: String,
}

/// What became of the letter about a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetteraVista {
    /// Masked.
    pub email: String,
    pub stato: StatoLettera,
}

/// A receipt and when it reached us.
#[derive(Clone, Debug)]
pub struct RicevutaVista {
    pub ricevuta: Ricevuta,
    pub arrivata: jiff::civil::DateTime,
    pub(crate) id: String,
    /// The message it was read from.
    pub(crate) inbox_id: String,
}

impl Portal {
    /// "Paga", from a summary or from a notice. `sessione`: what the browser kept from an earlier trip.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn start_pagamento(
        &self,
        ente: &Ente,
        token: &str,
        sessione: Option<&str>,
        lingua: Lingua,
        form: &FormPaga,
    ) -> Result<Partenza, PortalError> {
        let (kind, opened) = match self.open_payable(token, self.inner.clock.now()) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Partenza::Scaduto),
            Err(SealError::Wrong) => return Ok(Partenza::NonTrovato),
        };
        let rata = match form.rata.as_str() {
            "" => usize::from(opened.detail),
            // one of the options of the same debt: those that there are not lead nowhere
            index => match index.parse() {
                Ok(index) => index,
                Err(_) => return Ok(Partenza::Errori(vec![Reason::NotAChoice.at("rata")])),
            },
        };
        let chiave = if rata == usize::from(opened.detail) { token.to_owned() } else { format!("{token}\nrata {rata}") };
        self.parti(Partente {
            fermate: vec![Fermata { ente: ente.clone(), posizione: opened.id, rata }],
            in_carrello: false,
            chiave,
            sessione: sessione_or_new(sessione)?,
            lingua,
            form,
            mostra_email: kind == Kind::Riepilogo,
        })
        .await
    }

    /// What a page that can be paid from names.
    pub(crate) fn open_payable(&self, token: &str, now: Timestamp) -> Result<(Kind, crate::sealed::Opened), SealError> {
        match self.inner.sealer.open(Kind::Avviso, token, now) {
            Err(SealError::Wrong) => Ok((Kind::Riepilogo, self.inner.sealer.open(Kind::Riepilogo, token, now)?)),
            other => Ok((Kind::Avviso, other?)),
        }
    }

    /// The citizen is back from Checkout. What the address says is noted and shown, and believed by nobody.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ritorna(&self, ente: &Ente, token: &str, sessione: Option<&str>) -> Result<Ritorno, PortalError> {
        let now = self.inner.clock.now();
        let Ok(opened) = self.inner.sealer.open(Kind::Ritorno, token, now) else {
            return Ok(Ritorno::NonTrovato);
        };
        let (Some(tentativo), Some(dichiarato)) = (self.inner.store.tentativo(&opened.id).await?, esito_of(opened.detail)) else {
            return Ok(Ritorno::NonTrovato);
        };
        if tentativo.ente != ente.codice_fiscale {
            return Ok(Ritorno::NonTrovato);
        }
        if tentativo.returned_at.is_some() {
            return if is_known(&tentativo, sessione) {
                Ok(Ritorno::Esito(self.seal_esito(&tentativo.id)?))
            } else {
                Ok(Ritorno::GiaUsato)
            };
        }
        let change = TentativoChange { esito_dichiarato: Some(dichiarato), returned_at: Some(now), ..TentativoChange::default() };
        self.advance(&[&tentativo], EventoTentativo::Ritorna, &change).await?;
        Ok(Ritorno::Esito(self.seal_esito(&tentativo.id)?))
    }

    /// The durable page of a trip; `None` when the address is not ours or of another ente.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_esito(&self, ente: &Ente, token: &str) -> Result<Option<EsitoVista>, PortalError> {
        let Some(tentativo) = self.open_esito(token).await?.filter(|t| t.ente == ente.codice_fiscale) else {
            return Ok(None);
        };
        let Some(posizione) = self.inner.store.posizione(&ente.codice_fiscale, &tentativo.posizione_id).await? else {
            return Ok(None);
        };
        let esito = EsitoPagamento::of(tentativo.stato, tentativo.esito_dichiarato);
        let ricevuta = if esito == EsitoPagamento::Pagato { self.ricevuta_of(&tentativo).await? } else { None };
        let lettera = match &ricevuta {
            Some(ricevuta) => self.inner.store.lettera_of(TipoLettera::Ricevuta, &ricevuta.id).await?,
            None => None,
        };
        let lettera = lettera.map(|lettera| LetteraVista { email: lettera.email.masked(), stato: lettera.stato });
        let index = posizione.rate.iter().position(|r| r.numero == tentativo.numero).unwrap_or_default();
        let again = matches!(esito, EsitoPagamento::Interrotto | EsitoPagamento::NonRiuscito)
            && posizione.pagabile(&tentativo.numero, self.inner.clock.today()).is_ok();
        let riprova = match again {
            true => Some(self.seal_expiring(Kind::Avviso, &posizione.id, index, self.inner.clock.now() + RITORNO_TTL)?),
            false => None,
        };
        let servizio = match &posizione.servizio {
            Some(slug) => self.inner.store.servizio_by_slug(&ente.codice_fiscale, slug).await?.map(|s| s.nome),
            None => None,
        };
        Ok(Some(EsitoVista {
            esito,
            causale: posizione.causale,
            importo: tentativo.importo,
            numero: tentativo.numero,
            servizio,
            iniziato: self.inner.clock.civil(tentativo.created_at),
            lettera,
            ricevuta,
            riprova,
            token: token.to_owned(),
        }))
    }

    /// What the page polls; `None` when the address is not ours.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn stato_pagamento(&self, token: &str) -> Result<Option<StatoPagamento>, PortalError> {
        let trips = match self.open_esito(token).await? {
            Some(tentativo) => vec![tentativo],
            None => self.open_esito_carrello(token).await?,
        };
        Ok((!trips.is_empty()).then(|| StatoPagamento { esito: esito_of_all(&trips), ricevute: ricevute_of_all(&trips) }))
    }

    async fn open_esito(&self, token: &str) -> Result<Option<Tentativo>, PortalError> {
        match self.inner.sealer.open(Kind::Esito, token, self.inner.clock.now()) {
            Ok(opened) => Ok(self.inner.store.tentativo(&opened.id).await?),
            Err(_) => Ok(None),
        }
    }

    /// The receipt of this trip: the one that came with our idCart; without a mark, the first of the notice, if Checkout itself
    /// said that this trip paid (only Checkout is told that address). Who looked a notice up and left, while somebody else paid it
    /// at a counter, learns that it is paid and not by whom nor for whom.
    async fn ricevuta_of(&self, tentativo: &Tentativo) -> Result<Option<RicevutaVista>, PortalError> {
        let mut rows = self.inner.store.ricevute_of_avviso(&tentativo.ente, &tentativo.numero).await?;
        // not the copies that other enti got because a transfer is theirs, nor one that says that nothing was paid
        rows.retain(|row| row.ente_destinatario == tentativo.ente.as_str() && row.ricevuta.esito_ok);
        let own = rows.iter().position(|row| row.ricevuta.nota.as_deref() == Some(tentativo.id_cart()));
        let returned_paid = tentativo.esito_dichiarato == Some(EsitoDichiarato::Ok);
        let unmarked = || rows.iter().position(|row| row.ricevuta.nota.is_none()).filter(|_| returned_paid);
        let row = own.or_else(unmarked).map(|index| rows.swap_remove(index));
        Ok(row.map(|row| self.vista_of(row)))
    }

    pub(crate) fn seal_esito(&self, tentativo: &str) -> Result<String, PortalError> {
        let token = self.inner.sealer.seal(Kind::Esito, tentativo, 0, None, 0);
        token.ok_or_else(|| PortalError::Inconsistent(format!("identifier {tentativo}")))
    }
}

/// Who was given a session before keeps it.
pub(crate) fn sessione_or_new(sessione: Option<&str>) -> Result<String, PortalError> {
    match sessione.filter(|s| s.len() == 32 && s.is_ascii()) {
        Some(kept) => Ok(kept.to_owned()),
        None => Ok(ids::new_id()?),
    }
}

/// The same browser may come again: a reload, a lost line.
pub(crate) fn is_known(tentativo: &Tentativo, sessione: Option<&str>) -> bool {
    sessione.is_some_and(|s| Some(ids::sha256_hex(s.as_bytes())) == tentativo.sessione_sha256)
}

/// How a trip stands, of all that went together: verified until every receipt is here, and then what became of the one that was paid
/// least. (Checkout charges for all of them or for none, but one may have been paid elsewhere meanwhile.)
pub(crate) fn esito_of_all(trips: &[Tentativo]) -> EsitoPagamento {
    let esiti: Vec<_> = trips.iter().map(|t| EsitoPagamento::of(t.stato, t.esito_dichiarato)).collect();
    if let Some(first) = esiti.first().filter(|first| esiti.iter().all(|esito| esito == *first)) {
        return *first;
    }
    if esiti.iter().any(|esito| esito.may_change_soon()) {
        return EsitoPagamento::InVerifica;
    }
    esiti.into_iter().find(|esito| *esito != EsitoPagamento::Pagato).unwrap_or(EsitoPagamento::InVerifica)
}

/// How many receipts of it are here.
pub(crate) fn ricevute_of_all(trips: &[Tentativo]) -> u8 {
    let here = trips.iter().filter(|t| EsitoPagamento::of(t.stato, t.esito_dichiarato) == EsitoPagamento::Pagato);
    u8::try_from(here.count()).unwrap_or(u8::MAX)
}
