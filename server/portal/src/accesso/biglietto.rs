//! What a browser keeps between a question and its answer: 16 random bytes, sealed, from which state, nonce and PKCE verifier are made.
//!
//! Layout before base64url: random (16) ‖ end, seconds since 1970 (4) ‖ language (1) ‖ where to (1) ‖ ente, 11 digits or zeros (11) ‖
//! first 16 bytes of HMAC-SHA-256 = 49 bytes, 66 characters. Nothing to store and nothing to clean up; nothing in it is personal.

use super::Meta;
use crate::ids::{self, Key};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{CodiceFiscaleEnte, Lingua};
use jiff::{SignedDuration, Timestamp};
use nodo::oidc::Domanda;
use subtle::ConstantTimeEq as _;

/// To find the phone, open the app, mistake the PIN once: the gateways of SPID end at about as much.
pub const ACCESSO_TTL: SignedDuration = SignedDuration::from_mins(10);
const BODY: usize = 33;
const MAC: usize = 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Biglietto {
    caso: [u8; 16],
    scade_s: u32,
    pub lingua: Lingua,
    pub meta: Meta,
    /// Whose own provider was asked; `None`: the portal's.
    pub ente: Option<CodiceFiscaleEnte>,
}

impl Biglietto {
    pub(super) fn new(
        ente: Option<CodiceFiscaleEnte>,
        meta: Meta,
        lingua: Lingua,
        now: Timestamp,
    ) -> Result<Self, getrandom::Error> {
        let scade_s = u32::try_from(now.as_second() + ACCESSO_TTL.as_secs()).unwrap_or(u32::MAX);
        Ok(Self { caso: ids::random()?, scade_s, lingua, meta, ente })
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        now.as_second() > i64::from(self.scade_s)
    }

    pub(super) fn scade(&self) -> Timestamp {
        Timestamp::from_second(i64::from(self.scade_s)).unwrap_or(Timestamp::MAX)
    }

    fn body(&self) -> [u8; BODY] {
        let mut body = [0; BODY];
        body[..16].copy_from_slice(&self.caso);
        body[16..20].copy_from_slice(&self.scade_s.to_be_bytes());
        body[20] = Lingua::ALL.iter().position(|lingua| *lingua == self.lingua).and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
        body[21] = self.meta as u8;
        if let Some(ente) = &self.ente {
            body[22..].copy_from_slice(ente.as_str().as_bytes().first_chunk::<11>().unwrap_or(&[0; 11]));
        }
        body
    }

    /// For the browser, and for the provider.
    pub(super) fn seal(&self, key: &Key) -> (String, Domanda) {
        let body = self.body();
        let mac = key.mac(&[b"biglietto/", &body]);
        (URL_SAFE_NO_PAD.encode([&body[..], &mac[..MAC]].concat()), domanda(key, &body))
    }

    pub(super) fn open(key: &Key, sealed: &str) -> Option<(Self, Domanda)> {
        let bytes = if sealed.len() == 66 { URL_SAFE_NO_PAD.decode(sealed).ok()? } else { return None };
        let (body, found) = bytes.split_first_chunk::<BODY>()?;
        let mac = key.mac(&[b"biglietto/", body]);
        if !bool::from(mac[..MAC].ct_eq(found)) {
            return None;
        }
        let biglietto = Self {
            caso: *body.first_chunk()?,
            scade_s: u32::from_be_bytes(body[16..20].try_into().ok()?),
            lingua: *Lingua::ALL.get(usize::from(body[20]))?,
            meta: if body[21] == Meta::Pagamenti as u8 { Meta::Pagamenti } else { Meta::Avvisi },
            ente: match &body[22..] {
                [0, ..] => None,
                digits => Some(CodiceFiscaleEnte::parse(std::str::from_utf8(digits).ok()?).ok()?),
            },
        };
        Some((biglietto, domanda(key, body)))
    }
}

/// 256 bits each, none of which tells another.
fn domanda(key: &Key, body: &[u8; BODY]) -> Domanda {
    let of = |purpose: &[u8]| URL_SAFE_NO_PAD.encode(key.mac(&[purpose, body]));
    Domanda { state: of(b"state/"), nonce: of(b"nonce/"), verifier: of(b"verifier/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_opens_and_asks_what_it_asked() {
        let (key, now) = (Key::derive(&[7; 32], "accesso"), "2026-11-23T10:00:00Z".parse().unwrap());
        let ente = CodiceFiscaleEnte::parse("80001230459").unwrap();
        for ente in [None, Some(ente)] {
            let biglietto = Biglietto::new(ente, Meta::Pagamenti, Lingua::Sl, now).unwrap();
            let (sealed, asked) = biglietto.seal(&key);
            let (opened, again) = Biglietto::open(&key, &sealed).unwrap();
            assert_eq!(opened, biglietto);
            assert_eq!((&asked.state, &asked.nonce, &asked.verifier), (&again.state, &again.nonce, &again.verifier));
            // RFC 7636 §4.1: 43 to 128
            assert!(asked.state != asked.nonce && asked.nonce != asked.verifier && asked.verifier.len() == 43);
            for i in 0..sealed.len() {
                let mut bad = sealed.clone().into_bytes();
                bad[i] = if bad[i] == b'A' { b'B' } else { b'A' };
                assert!(Biglietto::open(&key, &String::from_utf8(bad).unwrap()).is_none(), "{i}");
            }
            assert!(Biglietto::open(&Key::derive(&[8; 32], "accesso"), &sealed).is_none());
            assert!(!sealed.contains(&asked.verifier));
        }
        for bad in ["", "x", &"A".repeat(66), &"é".repeat(33)] {
            assert!(Biglietto::open(&key, bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn it_is_good_for_ten_minutes() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let biglietto = Biglietto::new(None, Meta::Avvisi, Lingua::It, at("2026-11-23T10:00:00Z")).unwrap();
        assert!(!biglietto.is_over(at("2026-11-23T10:10:00Z")) && biglietto.is_over(at("2026-11-23T10:10:01Z")));
    }
}
