//! The ticket of a look-up that waits: which number, of which ente and perhaps of whom, asked at which door, from which address, and what it costs.
//!
//! It stands in an address, and so in whatever notes addresses: what is in it can be neither read nor made by anybody else
//! (ChaCha20-Poly1305, RFC 8439; a random nonce for each). It is also the challenge of its own proof of work, so that a proof is good for
//! one look-up of one number.
//!
//! Layout before base64url: nonce (12) ‖ sealed [ready (4) ‖ expires (4) ‖ bits (1) ‖ door (1) ‖ address (16) ‖ ente (11) ‖ number (18)
//! ‖ codice fiscale of the debtor (16, of companies 11 and zeros; all zeros: none)] (71) ‖ tag (16) = 99 bytes, 132 characters.

use crate::ids::{self, Key};
use crate::limits::Price;
use crate::ricerca::{Domanda, Porta};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{CodiceFiscale, CodiceFiscaleEnte, NumeroAvviso};
use jiff::Timestamp;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// What was sealed in a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub domanda: Domanda,
    /// Whose look-up it is, as the limits know him.
    pub who: [u8; 16],
    /// From when on it is good without a proof.
    pub ready: Timestamp,
    pub expires: Timestamp,
    pub bits: u8,
}

const BODY: usize = 71;
const INTESTATARIO: usize = 16;
const WHOLE: usize = NONCE_LEN + BODY + 16;

/// Seals and opens.
#[derive(Clone, Debug)]
pub(crate) struct Tickets {
    key: Key,
}

impl Ticket {
    pub(crate) fn new(domanda: Domanda, who: [u8; 16], price: Price, now: Timestamp, ttl: jiff::SignedDuration) -> Self {
        let ready = now + jiff::SignedDuration::from_secs(i64::from(price.seconds));
        Self { domanda, who, ready, expires: now + ttl, bits: price.bits }
    }
}

impl Tickets {
    pub(crate) fn new(key: Key) -> Self {
        Self { key }
    }

    /// `None` when the operating system gives no randomness.
    pub(crate) fn seal(&self, ticket: &Ticket) -> Option<String> {
        let nonce = ids::random::<NONCE_LEN>().ok()?;
        let mut body = Vec::with_capacity(BODY + 16);
        for at in [ticket.ready, ticket.expires] {
            body.extend(u32::try_from(at.as_second()).ok()?.to_be_bytes());
        }
        body.extend([ticket.bits, ticket.domanda.porta as u8]);
        body.extend(ticket.who);
        body.extend(ticket.domanda.ente.as_str().bytes());
        body.extend(ticket.domanda.numero.as_str().bytes());
        let mut person = [0; INTESTATARIO];
        let typed = ticket.domanda.intestatario.as_ref().map_or("", |person| person.as_str());
        person.get_mut(..typed.len())?.copy_from_slice(typed.as_bytes());
        body.extend(person);
        self.cipher()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body).ok()?;
        let mut whole = nonce.to_vec();
        whole.extend(body);
        Some(URL_SAFE_NO_PAD.encode(whole))
    }

    /// What was sealed, and what makes this ticket different from every other; `None` for whatever is no ticket of ours.
    pub(crate) fn open(&self, text: &str) -> Option<(Ticket, [u8; NONCE_LEN])> {
        if text.len() != (WHOLE * 4).div_ceil(3) {
            return None;
        }
        let mut whole = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = whole.split_at_mut_checked(NONCE_LEN)?;
        let nonce: [u8; NONCE_LEN] = (&*nonce).try_into().ok()?;
        let body = self.cipher()?.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), sealed).ok()?;
        let body: &[u8; BODY] = (&*body).try_into().ok()?;
        let second = |from: usize| {
            let seconds = u32::from_be_bytes([body[from], body[from + 1], body[from + 2], body[from + 3]]);
            Timestamp::from_second(i64::from(seconds)).ok()
        };
        let text = |range: std::ops::Range<usize>| std::str::from_utf8(&body[range]).ok();
        let domanda = Domanda {
            porta: Porta::of_byte(body[9])?,
            ente: CodiceFiscaleEnte::parse(text(26..37)?).ok()?,
            numero: NumeroAvviso::parse(text(37..55)?).ok()?,
            intestatario: match text(55..71)?.trim_end_matches('\0') {
                "" => None,
                person => Some(CodiceFiscale::parse(person).ok()?),
            },
        };
        let who = body[10..26].try_into().ok()?;
        Some((Ticket { domanda, who, ready: second(0)?, expires: second(4)?, bits: body[8] }, nonce))
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        let key = self.key.mac(&[b"biglietti"]);
        Some(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        let domanda = Domanda {
            porta: Porta::Ente,
            ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
            numero: NumeroAvviso::parse("302000000000000184").unwrap(),
            intestatario: None,
        };
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        Ticket { domanda, who: [7; 16], ready: at(10), expires: at(900), bits: 14 }
    }

    fn tickets(byte: u8) -> Tickets {
        Tickets::new(Key::derive(&[byte; 32], "test"))
    }

    #[test]
    fn only_what_was_sealed_opens_and_nobody_reads_the_number() {
        let sealed = tickets(7).seal(&ticket()).unwrap();
        assert_eq!(sealed.len(), 132);
        assert_eq!(tickets(7).open(&sealed).map(|(ticket, _)| ticket), Some(ticket()));
        assert_eq!(tickets(8).open(&sealed), None, "of another installation");
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        assert!(!bytes.windows(4).any(|four| four == b"3020" || four == b"8000"));
        for i in 0..sealed.len() {
            let mut bad = sealed.clone().into_bytes();
            bad[i] = if bad[i] == b'A' { b'B' } else { b'A' };
            assert_eq!(tickets(7).open(std::str::from_utf8(&bad).unwrap()), None, "{i}");
        }
        for bad in ["", "x", &"A".repeat(132), &"=".repeat(132), &"é".repeat(66), &sealed[..131]] {
            assert_eq!(tickets(7).open(bad), None);
        }
    }

    #[test]
    fn whose_receipts_are_looked_for_comes_back_and_is_not_readable() {
        for person in ["RSSMRA85T10A562S", "01234567897"] {
            let mut asked = ticket();
            asked.domanda.porta = Porta::Ricevute;
            asked.domanda.intestatario = Some(CodiceFiscale::parse(person).unwrap());
            let sealed = tickets(7).seal(&asked).unwrap();
            assert_eq!(tickets(7).open(&sealed).map(|(ticket, _)| ticket), Some(asked));
            let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
            assert!(!bytes.windows(4).any(|four| four == &person.as_bytes()[..4]));
        }
    }

    #[test]
    fn two_tickets_for_one_look_up_are_two() {
        let (one, other) = (tickets(7).seal(&ticket()).unwrap(), tickets(7).seal(&ticket()).unwrap());
        assert_ne!(one, other);
        assert_ne!(tickets(7).open(&one).unwrap().1, tickets(7).open(&other).unwrap().1);
    }
}
