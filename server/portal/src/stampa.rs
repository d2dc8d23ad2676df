//! A notice printed by pagoPA, for an ente that prefers its paper to ours. The paper wants the debtor's address, which no payment
//! needs and no position has: whoever prints gives it, and it is not kept.

use crate::porte::Detto;
use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Posizione};
use nodo::print_notice::{Indirizzo, Modello, NonStampabile, Richiesta};

/// The paper, or why there is none.
#[derive(Debug)]
pub enum Stampa {
    /// A PDF.
    Ecco(Vec<u8>),
    /// This installation has no such service.
    Chiusa,
    NonStampabile(NonStampabile),
    /// pagoPA says no: above all when its back office has no logo and accounts of the ente.
    Rifiutata,
    /// Not now.
    PiuTardi,
}

impl Portal {
    /// Prints the notice of a position. Noted in the Giornale.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn print_avviso(
        &self,
        ente: &CodiceFiscaleEnte,
        posizione: &Posizione,
        indirizzo: &Indirizzo,
        modello: Modello,
    ) -> Result<Stampa, PortalError> {
        let Some(stampa) = &self.porte().stampa else { return Ok(Stampa::Chiusa) };
        let richiesta = match Richiesta::new(posizione, indirizzo, modello) {
            Ok(richiesta) => richiesta,
            Err(why) => return Ok(Stampa::NonStampabile(why)),
        };
        let numero = posizione.rate.first().map(|rata| rata.numero.as_str());
        Ok(match self.noted(Some(ente), numero, stampa.generate(&richiesta).await).await? {
            Detto::Fatto(pdf) => Stampa::Ecco(pdf),
            Detto::No(_, why) => {
                tracing::warn!(why, "pagoPA does not print a notice");
                Stampa::Rifiutata
            }
            Detto::PiuTardi { why, .. } => {
                tracing::warn!(why, "pagoPA cannot print a notice now");
                Stampa::PiuTardi
            }
        })
    }
}
