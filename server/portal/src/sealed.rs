//! Addresses nobody can guess or make: what they name, until when, and a MAC.
//!
//! Layout before base64url: kind (1) ‖ expiry, seconds since 1970, 0 = never (4) ‖ nonce (4) ‖ detail (1) ‖ id (16) ‖ first 16
//! bytes of HMAC-SHA-256 = 42 bytes, 56 characters. No personal data, nothing to store, nothing to clean up.

use crate::ids::{self, Key};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use subtle::ConstantTimeEq as _;

/// What an address is good for; one kind never opens another's door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A notice found by its number; the detail is the index of the rata.
    Avviso = 1,
    /// A spontaneous payment to be looked over and paid.
    Riepilogo = 2,
    /// Where Checkout sends the citizen back; the detail is the declared outcome.
    Ritorno = 3,
    /// The durable page of one trip to Checkout.
    Esito = 4,
    /// A receipt, for a time; the detail says how one got the address.
    Ricevuta = 5,
    /// What is printed on the paper of a receipt.
    Verifica = 6,
    /// A reminder that was asked for.
    Promemoria = 7,
    /// A notice in a cart; the detail is the index of the rata, the nonce its amount.
    Carrello = 20,
    /// As [`Kind::Ritorno`], of a cart.
    RitornoCarrello = 21,
    /// As [`Kind::Esito`], of a cart.
    EsitoCarrello = 22,
    /// A draft that its browser may take up again.
    Bozza = 23,
    /// A receipt of who is in: good with that session alone.
    MiaRicevuta = 24,
}

/// What a sealed address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub id: String,
    pub detail: u8,
    /// `None`: never.
    pub scade: Option<Timestamp>,
    /// What made it different from others of the same thing.
    pub nonce: u32,
}

/// Why an address was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("not one of our addresses")]
    Wrong,
    #[error("an address past its time")]
    Expired,
}

/// Seals and opens.
#[derive(Clone, Debug)]
pub struct Sealer {
    key: Key,
}

const BODY: usize = 26;
const MAC: usize = 16;

impl Sealer {
    /// With the key of addresses, as an installation with that secret has it.
    pub fn of_secret(secret: &[u8; 32]) -> Self {
        Self::new(Key::derive(secret, "indirizzi"))
    }

    pub(crate) fn new(key: Key) -> Self {
        Self { key }
    }

    /// `nonce` makes two addresses of one thing different; 0 makes them the same. `None` when `id` is no identifier of ours.
    pub fn seal(&self, kind: Kind, id: &str, detail: u8, expires: Option<Timestamp>, nonce: u32) -> Option<String> {
        let mut bytes = [0; BODY + MAC];
        bytes[0] = kind as u8;
        let expiry = expires.map_or(0, |at| u32::try_from(at.as_second()).unwrap_or(u32::MAX));
        bytes[1..5].copy_from_slice(&expiry.to_be_bytes());
        bytes[5..9].copy_from_slice(&nonce.to_be_bytes());
        bytes[9] = detail;
        bytes[10..BODY].copy_from_slice(&ids::id_bytes(id)?);
        let mac = self.key.mac(&[&bytes[..BODY]]);
        bytes[BODY..].copy_from_slice(&mac[..MAC]);
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What an address names.
    ///
    /// # Errors
    /// See [`SealError`].
    pub fn open(&self, kind: Kind, token: &str, now: Timestamp) -> Result<Opened, SealError> {
        if token.len() != 56 {
            return Err(SealError::Wrong);
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| SealError::Wrong)?;
        if bytes.len() != BODY + MAC {
            return Err(SealError::Wrong);
        }
        let mac = self.key.mac(&[&bytes[..BODY]]);
        if !bool::from(mac[..MAC].ct_eq(&bytes[BODY..])) || bytes[0] != kind as u8 {
            return Err(SealError::Wrong);
        }
        let expiry = u32::from_be_bytes([bytes[1], bytes[2], bytes[3], bytes[4]]);
        if expiry != 0 && now.as_second() > i64::from(expiry) {
            return Err(SealError::Expired);
        }
        let scade = Some(i64::from(expiry)).filter(|at| *at != 0).and_then(|at| Timestamp::from_second(at).ok());
        let nonce = u32::from_be_bytes([bytes[5], bytes[6], bytes[7], bytes[8]]);
        Ok(Opened { id: ids::hex(&bytes[10..BODY]), detail: bytes[9], scade, nonce })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "000102030405060708090a0b0c0d0e0f";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn only_what_was_sealed_opens_and_only_as_what_it_is() {
        let sealer = Sealer::new(Key::derive(&[7; 32], "test"));
        let now = at("2026-11-23T10:00:00Z");
        let token = sealer.seal(Kind::Avviso, ID, 2, Some(at("2026-11-23T10:30:00Z")), 9).unwrap();
        assert_eq!(token.len(), 56);
        assert_eq!(
            sealer.open(Kind::Avviso, &token, now),
            Ok(Opened { id: ID.into(), detail: 2, scade: Some(at("2026-11-23T10:30:00Z")), nonce: 9 })
        );
        assert_eq!(sealer.open(Kind::Esito, &token, now), Err(SealError::Wrong));
        assert_eq!(sealer.open(Kind::Avviso, &token, at("2026-11-23T10:30:01Z")), Err(SealError::Expired));
        let other = Sealer::new(Key::derive(&[8; 32], "test"));
        assert_eq!(other.open(Kind::Avviso, &token, now), Err(SealError::Wrong));
        for i in 0..token.len() {
            let mut bad = token.clone().into_bytes();
            bad[i] = if bad[i] == b'A' { b'B' } else { b'A' };
            let bad = String::from_utf8(bad).unwrap();
            assert!(sealer.open(Kind::Avviso, &bad, now).is_err(), "{i}");
        }
        for bad in ["", "x", &"é".repeat(28), &"A".repeat(56), &"=".repeat(56)] {
            assert_eq!(sealer.open(Kind::Avviso, bad, now), Err(SealError::Wrong));
        }
    }

    #[test]
    fn a_durable_address_is_always_the_same() {
        let sealer = Sealer::new(Key::derive(&[7; 32], "test"));
        assert_eq!(sealer.seal(Kind::Esito, ID, 0, None, 0), sealer.seal(Kind::Esito, ID, 0, None, 0));
        assert!(sealer.open(Kind::Esito, &sealer.seal(Kind::Esito, ID, 0, None, 0).unwrap(), at("2200-01-01T00:00:00Z")).is_ok());
    }
}
