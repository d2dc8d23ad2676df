//! "Ricordamelo": a letter before a due date, for who asked for it on the page of a notice.
//!
//! Whoever types an address may be anybody, so the first letter only asks whether it is theirs, and tells nothing of the notice but its
//! day. What it asks is answered by a button on a page, not by opening the link: programs that look into letters open links. However
//! often one asks, an address gets few of those letters; and the page says the same whether one was written or not, so that nobody
//! learns who else asked.

use crate::avviso::Trovato;
use crate::sealed::{Kind, Opened, SealError};
use crate::{Portal, PortalError, ids};
use domain::{Email, Ente, FieldError, Lingua, Posizione, Reason, TipoLettera};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use serde::Deserialize;
use store::{NewLettera, Promemoria};

/// So many days before the due date one can be reminded: a week to set money aside, three days for a transfer, the eve.
const GIORNI: [u8; 3] = [7, 3, 1];
/// The button of the first letter works for so long; then the address is forgotten.
pub(crate) const CONFERMA_TTL: SignedDuration = SignedDuration::from_hours(48);
/// Letters that ask for confirmation, to one address in a day: who has three notices asks for three.
const CONFERME_AL_GIORNO: i64 = 3;
const UN_GIORNO: SignedDuration = SignedDuration::from_hours(24);
/// Addresses that are to be reminded of one notice: a family, an office.
const PER_AVVISO_MAX: i64 = 10;

/// What is typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FormPromemoria {
    pub email: String,
    pub giorni: String,
}

/// An address is personal data.
impl std::fmt::Debug for FormPromemoria {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormPromemoria").field("giorni", &self.giorni).finish_non_exhaustive()
    }
}

/// What became of "Ricordamelo".
#[derive(Clone, Debug)]
pub enum Chiesto {
    /// Shown back: whoever mistyped sees it here.
    Si {
        email: Email,
        giorno: Date,
    },
    Errori(Vec<FieldError>),
    /// The notice cannot be reminded of, now: paid, closed, due too soon.
    NonServe,
    /// The address of the notice's page is past its time.
    Scaduto,
    NonTrovato,
}

/// The page that the letters lead to.
#[derive(Clone, Debug)]
pub struct PromemoriaVista {
    /// Masked: whoever was forwarded the letter need not know it.
    pub email: String,
    pub scadenza: Date,
    pub giorno: Date,
    pub confermato: bool,
    pub scritto: bool,
    pub token: String,
}

impl Portal {
    /// On which days before it is due one can still be reminded of an option of a position. None where nobody can write letters.
    pub(crate) fn days_to_remind(&self, posizione: &Posizione, index: usize) -> Vec<u8> {
        let oggi = self.inner.clock.today();
        let Some(rata) = posizione.rate.get(index).filter(|_| self.ha_posta()) else { return Vec::new() };
        match rata.scadenza.filter(|_| posizione.pagabile(&rata.numero, oggi).is_ok()) {
            Some(scadenza) => {
                GIORNI.into_iter().filter(|giorni| day_of(scadenza, *giorni).is_some_and(|day| day > oggi)).collect()
            }
            None => Vec::new(),
        }
    }

    /// Somebody on the page of a notice wants to be reminded.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ask_promemoria(
        &self,
        ente: &Ente,
        token: &str,
        form: &FormPromemoria,
        lingua: Lingua,
    ) -> Result<Chiesto, PortalError> {
        let now = self.inner.clock.now();
        let opened = match self.inner.sealer.open(Kind::Avviso, token, now) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Chiesto::Scaduto),
            Err(SealError::Wrong) => return Ok(Chiesto::NonTrovato),
        };
        let index = usize::from(opened.detail);
        let mut tx = self.inner.store.begin().await?;
        let Some(posizione) = tx.posizione(&ente.codice_fiscale, &opened.id).await? else { return Ok(Chiesto::NonTrovato) };
        let Some(rata) = posizione.rate.get(index) else { return Ok(Chiesto::NonTrovato) };
        let days = self.days_to_remind(&posizione, index);
        let (Some(scadenza), false) = (rata.scadenza, days.is_empty()) else { return Ok(Chiesto::NonServe) };
        let email = Email::parse(&form.email).map_err(|reason| reason.at("email"));
        let giorni = form.giorni.parse().ok().filter(|giorni| days.contains(giorni)).ok_or(Reason::Missing.at("giorni"));
        let (email, giorni) = match (email, giorni) {
            (Ok(email), Ok(giorni)) => (email, giorni),
            (email, giorni) => return Ok(Chiesto::Errori([email.err(), giorni.err()].into_iter().flatten().collect())),
        };
        let Some(giorno) = day_of(scadenza, giorni) else { return Ok(Chiesto::NonServe) };
        let new = Promemoria {
            id: ids::new_id()?,
            ente: ente.codice_fiscale.clone(),
            posizione_id: posizione.id.clone(),
            numero: rata.numero.clone(),
            email: email.clone(),
            lingua,
            giorni,
            scadenza,
            giorno,
            created_at: now,
            confermato_at: None,
            scritto_at: None,
        };
        let kind = TipoLettera::Conferma;
        let within = tx.lettere_since(&email, kind, now - UN_GIORNO).await? < CONFERME_AL_GIORNO
            && tx.count_promemoria(&new.ente, &new.numero).await? < PER_AVVISO_MAX;
        if within && tx.insert_promemoria(&new).await? {
            let letter = NewLettera {
                id: ids::new_id()?,
                ente: &new.ente,
                tipo: kind,
                soggetto: &new.id,
                email: &email,
                lingua,
                created_at: now,
            };
            tx.insert_lettera(&letter).await?;
            tx.commit().await?;
        }
        Ok(Chiesto::Si { email, giorno })
    }

    /// What the page of a reminder shows.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_promemoria(&self, ente: &Ente, token: &str) -> Result<Trovato<PromemoriaVista>, PortalError> {
        let opened = match self.open_promemoria(token) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Trovato::Scaduto),
            Err(SealError::Wrong) => return Ok(Trovato::NonTrovato),
        };
        let promemoria = self.inner.store.promemoria(&opened.id).await?.filter(|p| p.ente == ente.codice_fiscale);
        // it was there, and its owner or the calendar took it away
        Ok(promemoria.map_or(Trovato::Scaduto, |p| {
            Trovato::Ecco(PromemoriaVista {
                email: p.email.masked(),
                scadenza: p.scadenza,
                giorno: p.giorno,
                confermato: p.confermato_at.is_some(),
                scritto: p.scritto_at.is_some(),
                token: token.to_owned(),
            })
        }))
    }

    /// "Sì, ricordamelo." Again, it changes nothing. False: the address is not ours, or there is nothing behind it.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn confirm_promemoria(&self, ente: &Ente, token: &str) -> Result<bool, PortalError> {
        let Trovato::Ecco(_) = self.load_promemoria(ente, token).await? else { return Ok(false) };
        let Ok(opened) = self.open_promemoria(token) else { return Ok(false) };
        let mut tx = self.inner.store.begin().await?;
        tx.confirm_promemoria(&opened.id, self.inner.clock.now()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// "Non ricordarmelo più", or "I never asked": it is deleted at once. Again, it changes nothing. False: the address is not ours.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn forget_promemoria(&self, ente: &Ente, token: &str) -> Result<bool, PortalError> {
        let opened = match self.load_promemoria(ente, token).await? {
            Trovato::Ecco(_) => self.open_promemoria(token),
            // gone already: that is what was wished
            Trovato::Scaduto => return Ok(true),
            Trovato::NonTrovato => return Ok(false),
        };
        let Ok(opened) = opened else { return Ok(true) };
        let mut tx = self.inner.store.begin().await?;
        tx.delete_promemoria(&opened.id).await?;
        tx.commit().await?;
        Ok(true)
    }

    fn open_promemoria(&self, token: &str) -> Result<Opened, SealError> {
        self.inner.sealer.open(Kind::Promemoria, token, self.inner.clock.now())
    }
}

/// Whether what was asked for is still so: it can be paid, and is due on the day that was told.
pub(crate) fn still_due(posizione: &Posizione, promemoria: &Promemoria, oggi: Date) -> bool {
    let due = posizione.pagabile(&promemoria.numero, oggi).ok().and_then(|rata| rata.scadenza);
    due == Some(promemoria.scadenza) && promemoria.scadenza >= oggi
}

fn day_of(scadenza: Date, giorni: u8) -> Option<Date> {
    scadenza.checked_sub(i64::from(giorni).days()).ok()
}
