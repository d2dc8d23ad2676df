//! A picture of a notice: its QR says number and ente. Nothing of the picture is kept.

use crate::{Portal, PortalError};
use documents::foto::FotoError;
use domain::QrAvviso;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Pictures unpacked at once, in the whole process: each is up to 110 MB and some tenths of a second of a processor, and the processors
/// are the Nodo's first.
static PLACE: Semaphore = Semaphore::const_new(1);
/// How long a picture waits for the others: those who send are told by then.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a picture showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foto {
    Avviso(QrAvviso),
    /// Codes, and none of a notice.
    AltroQr,
    SenzaQr,
    /// JPEG, PNG and WebP are read, and whole ones.
    NonLeggibile,
    TroppoGrande,
    /// Others were before: later.
    Occupato,
}

impl Portal {
    /// Whether somebody may have a picture read now; the seconds to wait, when there were too many from his address.
    ///
    /// # Errors
    /// The seconds.
    pub fn may_send_foto(&self, address: IpAddr) -> Result<(), u32> {
        self.inner.limits.photo(address, self.inner.clock.now())
    }

    /// Reads the QR of a notice in a picture.
    ///
    /// # Errors
    /// When the program is about to end.
    pub async fn leggi_foto(&self, bytes: Vec<u8>) -> Result<Foto, PortalError> {
        let ended = |error: &dyn std::fmt::Display| PortalError::Inconsistent(format!("a picture was not read: {error}"));
        let Ok(place) = tokio::time::timeout(PATIENCE, PLACE.acquire()).await else { return Ok(Foto::Occupato) };
        let place = place.map_err(|error| ended(&error))?;
        let read = tokio::task::spawn_blocking(move || {
            // held while there is work, whether somebody still waits for it or not
            let _place = place;
            documents::foto::read_qr(&bytes)
        })
        .await;
        Ok(match read {
            Ok(Ok(texts)) => of_texts(&texts),
            Ok(Err(FotoError::NotAnImage)) => Foto::NonLeggibile,
            Ok(Err(FotoError::TooLarge)) => Foto::TroppoGrande,
            Err(error) if error.is_panic() => {
                // somebody else's code, on bytes that somebody chose
                tracing::error!("what reads pictures panicked");
                Foto::NonLeggibile
            }
            Err(error) => return Err(ended(&error)),
        })
    }
}

/// Of the codes of a notice the first: on a paper with instalments each has its own number, and whoever sends the picture sees which.
fn of_texts(texts: &[String]) -> Foto {
    match texts.iter().find_map(|text| QrAvviso::parse(text).ok()) {
        Some(qr) => Foto::Avviso(qr),
        None if texts.is_empty() => Foto::SenzaQr,
        None => Foto::AltroQr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_notice_is_found_among_others() {
        let text = "PAGOPA|002|302000000000000184|80001230459|5000".to_owned();
        let other = "https://example.org".to_owned();
        assert!(matches!(of_texts(&[other.clone(), text]), Foto::Avviso(qr) if qr.importo.cents() == 5_000));
        assert_eq!(of_texts(&[other]), Foto::AltroQr);
        assert_eq!(of_texts(&[]), Foto::SenzaQr);
    }
}
