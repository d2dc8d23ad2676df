//! Somebody looks a notice up, or its receipts: at which door, how often, and what comes of it. Every door goes through here; what it shows is
//! [`crate::avviso`]'s, how often one may is [`crate::limits`]'s.

use crate::limits::{Credit, Regole, TICKET_TTL};
use crate::ticket::Ticket;
use crate::{Portal, PortalError};
use domain::{CodiceFiscale, CodiceFiscaleEnte, Ente, NumeroAvviso, work};
use jiff::Timestamp;
use std::net::IpAddr;

/// Where it was asked: what is not found is told there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Porta {
    /// The portal's home, where the ente is typed too.
    Portale = 0,
    /// The pages of an ente.
    Ente = 1,
    /// The receipts of a notice, where the codice fiscale of its debtor is typed too.
    Ricevute = 2,
}

impl Porta {
    pub(crate) fn of_byte(byte: u8) -> Option<Self> {
        [Self::Portale, Self::Ente, Self::Ricevute].into_iter().find(|porta| *porta as u8 == byte)
    }
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domanda {
    pub porta: Porta,
    pub ente: CodiceFiscaleEnte,
    pub numero: NumeroAvviso,
    /// Whose receipts; nobody, where the notice itself is looked for.
    pub intestatario: Option<CodiceFiscale>,
}

/// What comes of a look-up.
#[derive(Clone, Debug)]
pub enum Ricerca {
    /// The ente and the token of the notice's page, or of the newest receipt's.
    Trovato(Box<Ente>, String),
    /// Every kind of miss.
    Niente,
    /// Nobody has looked yet.
    Aspetta(Attesa),
}

/// What a page says to who must wait, and its browser does meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attesa {
    /// Leads on: with a proof at once, without when its time has come.
    pub biglietto: String,
    pub secondi: u32,
    /// Of the proof; see `domain::work`.
    pub bits: u8,
}

/// What became of a ticket.
#[derive(Clone, Debug)]
pub enum Ripresa {
    /// The look-up it stood for, and what came of it.
    Ecco(Domanda, Ricerca),
    /// No ticket of ours, or past its time: look it up again.
    Scaduta,
}

impl Portal {
    /// Other limits than the default ones, from now on.
    pub fn set_limits(&self, regole: Regole) {
        self.inner.limits.set(regole);
    }

    /// Looks a notice up for somebody who has nothing to show for it.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn cerca(&self, address: IpAddr, domanda: &Domanda) -> Result<Ricerca, PortalError> {
        self.cerca_with(address, domanda, Credit::None).await
    }

    /// The look-up of a ticket, with a proof of work or after waiting. A ticket is worth one look-up; shown again, or from another
    /// address (a phone that left the house), it is worth what typing the number again would be.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn riprendi(&self, address: IpAddr, biglietto: &str, proof: Option<&str>) -> Result<Ripresa, PortalError> {
        let now = self.inner.clock.now();
        let Some((ticket, nonce)) = self.inner.tickets.open(biglietto).filter(|(ticket, _)| now <= ticket.expires) else {
            return Ok(Ripresa::Scaduta);
        };
        let proven = proof.is_some_and(|proof| work::proves(biglietto, ticket.bits, proof));
        if ticket.who == self.inner.limits.of_address(address) {
            let early = !proven && now < ticket.ready;
            if early {
                let attesa = Attesa { biglietto: biglietto.to_owned(), secondi: seconds(now, ticket.ready), bits: ticket.bits };
                return Ok(Ripresa::Ecco(ticket.domanda, Ricerca::Aspetta(attesa)));
            }
            if self.inner.limits.use_once(nonce, ticket.expires, now) {
                let credit = if proven { Credit::Proof } else { Credit::Waited };
                let ricerca = self.cerca_with(address, &ticket.domanda, credit).await?;
                return Ok(Ripresa::Ecco(ticket.domanda, ricerca));
            }
        }
        let ricerca = self.cerca_with(address, &ticket.domanda, Credit::None).await?;
        Ok(Ripresa::Ecco(ticket.domanda, ricerca))
    }

    async fn cerca_with(&self, address: IpAddr, domanda: &Domanda, credit: Credit) -> Result<Ricerca, PortalError> {
        let (limits, now) = (&self.inner.limits, self.inner.clock.now());
        let pass = match limits.enter(address, domanda, credit, now) {
            Ok(pass) => pass,
            Err(price) => {
                metrics::counter!("sportello_lookups_delayed_total").increment(1);
                let ticket = Ticket::new(domanda.clone(), limits.of_address(address), price, now, TICKET_TTL);
                let no_ticket = || PortalError::Inconsistent("a ticket that could not be sealed".to_owned());
                let biglietto = self.inner.tickets.seal(&ticket).ok_or_else(no_ticket)?;
                return Ok(Ricerca::Aspetta(Attesa { biglietto, secondi: price.seconds, bits: price.bits }));
            }
        };
        let Some(ente) = self.inner.store.ente_by_codice_fiscale(domanda.ente.as_str()).await? else {
            return Ok(Ricerca::Niente);
        };
        let found = match &domanda.intestatario {
            None => self.find_avviso(&ente, &domanda.numero).await?,
            Some(person) => self.find_ricevute(&ente, &domanda.numero, person).await?,
        };
        let Some(token) = found else { return Ok(Ricerca::Niente) };
        limits.give_back(pass, now);
        Ok(Ricerca::Trovato(Box::new(ente), token))
    }
}

/// At least one: a page that asks again at once asks for ever.
fn seconds(now: Timestamp, ready: Timestamp) -> u32 {
    u32::try_from(ready.as_second() - now.as_second()).unwrap_or(0).max(1)
}
