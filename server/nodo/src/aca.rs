//! ACA (Archivio Centralizzato Avvisi): every notice of an ente with a station of its own, mirrored, so that it can be paid while the
//! station is down (stand-in). Mandatory for such enti.
//!
//! Source: gpd-4-aca.json ("GPD for ACA", the schema of GPD v1), SANP 3.12.0 "Stand-in". The older `paCreatePosition` says less and
//! is not used. What is paid in stand-in comes back as a receipt with `standIn` true.

use crate::gpd::{Gpd, Indicibile, PaymentPositionModel, PosizioneLetta, StatoGpd, iupd, model_of};
use crate::rest::{Answer, Clock, Peer, PeerError};
use domain::{CodiceFiscaleEnte, Posizione, Rata};
use jiff::civil::Date;
use std::time::Duration;

/// What the mirror of a position should show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Specchio {
    /// The notices that can be paid today: created or, where it is there already, updated.
    Mostra(Box<PaymentPositionModel>),
    /// None can: whatever is there is closed.
    Chiudi { iupd: String },
}

/// What ACA should know of a position today (`oggi` in Europe/Rome). Only notices that [`Posizione::pagabile`] lets be paid: what
/// the station would refuse must not be payable while it is down.
///
/// # Errors
/// See [`Indicibile`].
pub fn specchio(posizione: &Posizione, nome_ente: &str, oggi: Date) -> Result<Specchio, Indicibile> {
    let payable: Vec<&Rata> = posizione.rate.iter().filter(|r| posizione.pagabile(&r.numero, oggi).is_ok()).collect();
    if payable.is_empty() {
        return Ok(Specchio::Chiudi { iupd: iupd(&posizione.ente, &posizione.id) });
    }
    Ok(Specchio::Mostra(Box::new(model_of(posizione, &payable, nome_ente)?)))
}

/// ACA: `…/aca/debt-positions-service/v1`.
#[derive(Clone, Debug)]
pub struct Aca(Gpd);

impl Aca {
    /// # Errors
    /// See [`PeerError`].
    pub fn new(peer: &Peer, clock: Clock) -> Result<Self, PeerError> {
        Gpd::named("ACA", peer, clock).map(Self)
    }

    /// `None` when calls go through.
    pub fn resting(&self) -> Option<Duration> {
        self.0.resting()
    }

    /// Payable at once. 409 when it is there: update it.
    pub async fn create(&self, ente: &CodiceFiscaleEnte, position: &PaymentPositionModel) -> Answer<StatoGpd> {
        self.0.create(ente, position, true).await
    }

    /// 404 when it is not there: create it. 409 when it was paid or closed over there.
    pub async fn update(&self, ente: &CodiceFiscaleEnte, position: &PaymentPositionModel) -> Answer<StatoGpd> {
        self.0.update(ente, position, true).await
    }

    /// Nobody can pay it any more. 409 where that is so already ([`StatoGpd::chiusura`]), 404 where it never was.
    pub async fn close(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<StatoGpd> {
        self.0.invalidate(ente, iupd).await
    }

    /// The way back from closed: what is INVALID or EXPIRED over there cannot be updated, but deleted and created again.
    pub async fn delete(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<()> {
        self.0.delete(ente, iupd).await
    }

    pub async fn read(&self, ente: &CodiceFiscaleEnte, iupd: &str) -> Answer<PosizioneLetta> {
        self.0.read(ente, iupd).await
    }
}
