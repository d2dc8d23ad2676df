//! Texts in an address that name somebody: what was searched for, in the links of its pages. Only we can read them.
//!
//! ChaCha20-Poly1305 (RFC 8439) with a nonce that comes of the text itself, by a key of its own: the same search has the same address, which can be kept
//! among the bookmarks; whoever sees two addresses learns whether they are the same search, and nothing else. Two texts that share a nonce
//! would have to collide in 96 bits.

use crate::ids::Key;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// Longer than any text that was closed.
const CHIUSO_MAX: usize = 400;

fn cipher(key: &Key) -> Option<LessSafeKey> {
    Some(LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &key.mac(&[b"chiuso"])).ok()?))
}

/// `None` for a text too long to stand in an address.
pub(crate) fn close(key: &Key, text: &str) -> Option<String> {
    let mac = key.mac(&[b"nonce", text.as_bytes()]);
    let nonce = *mac.first_chunk::<NONCE_LEN>()?;
    let mut body = text.as_bytes().to_vec();
    cipher(key)?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body).ok()?;
    Some(URL_SAFE_NO_PAD.encode([&nonce[..], &body].concat())).filter(|closed| closed.len() <= CHIUSO_MAX)
}

/// `None` for whatever is not ours.
pub(crate) fn open(key: &Key, closed: &str) -> Option<String> {
    if closed.len() > CHIUSO_MAX {
        return None;
    }
    let mut whole = URL_SAFE_NO_PAD.decode(closed).ok()?;
    let (nonce, sealed) = whole.split_at_mut_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let text = cipher(key)?.open_in_place(nonce, Aad::empty(), sealed).ok()?;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_closed_opens_and_the_same_is_always_the_same() {
        let key = Key::derive(&[7; 32], "scrivania");
        for text in ["", "Mario Rossi", "RSSMRA85T10A562S", "Niccolò Šimić"] {
            let closed = close(&key, text).unwrap();
            assert_eq!(open(&key, &closed).as_deref(), Some(text));
            assert_eq!(close(&key, text).unwrap(), closed);
            assert!(open(&Key::derive(&[8; 32], "scrivania"), &closed).is_none());
            for i in 0..closed.len() {
                let mut bad = closed.clone().into_bytes();
                bad[i] = if bad[i] == b'A' { b'B' } else { b'A' };
                assert!(open(&key, &String::from_utf8(bad).unwrap()).is_none_or(|other| other == text), "{i}");
            }
        }
        assert!(close(&key, &"x".repeat(400)).is_none());
        for bad in ["", "x", "é", &"A".repeat(40), &"A".repeat(401)] {
            assert!(open(&key, bad).is_none(), "{bad}");
        }
    }
}
