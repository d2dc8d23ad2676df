//! The digital revenue stamp (marca da bollo, @e.bollo): 16,00 € on a document that is named by its SHA-256 and never seen.
//!
//! Source: paForNode.xsd `ctRichiestaMarcaDaBollo` (`hashDocumento` base64 of 32 bytes, `tipoBollo` 01, `provinciaResidenza` two capitals);
//! the amount is that of article 3 of the tariff, D.P.R. 642/1972 as of 2013.

use crate::{Importo, Reason};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What a stamp costs.
pub const IMPORTO: Importo = Importo::of_cents(1_600);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A document on its way to its digest, piece by piece: the whole of it is never held.
#[derive(Clone, Debug, Default)]
pub struct Lettura(Sha256);

impl Lettura {
    pub fn take(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    pub fn end(self) -> Impronta {
        Impronta(self.0.finalize().into())
    }
}

/// SHA-256 of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Impronta([u8; 32]);

impl Impronta {
    /// As tools print it: 64 hexadecimal digits in either case, or 44 characters of base64. Blanks and colons between digits are theirs.
    ///
    /// # Errors
    /// `Missing`, `TooLong`, `BadFormat`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        // every byte with a blank or a colon after it is the longest that is printed
        if text.len() > 200 {
            return Err(Reason::TooLong { max: 200 });
        }
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != ':').collect();
        match text.len() {
            0 => Err(Reason::Missing),
            64 => of_hex(text.as_bytes()).map(Self).ok_or(Reason::BadFormat),
            44 => of_base64(text.as_bytes()).map(Self).ok_or(Reason::BadFormat),
            _ => Err(Reason::BadFormat),
        }
    }

    /// As the Nodo wants it.
    pub fn base64(&self) -> String {
        let mut text = String::with_capacity(44);
        for group in self.0.chunks(3) {
            let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            for place in 0..=group.len() {
                let sextet = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
                text.push(char::from(ALPHABET[sextet]));
            }
            (group.len()..3).for_each(|_| text.push('='));
        }
        text
    }

    /// As tools print it.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Of no bytes at all: a file that could not be read, or nothing where a file should be. Nobody stamps it.
    pub fn is_of_nothing(&self) -> bool {
        *self == Lettura::default().end()
    }
}

fn of_hex(text: &[u8]) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks(2)) {
        let digit = |at: usize| char::from(*pair.get(at)?).to_digit(16);
        *byte = u8::try_from(digit(0)? << 4 | digit(1)?).ok()?;
    }
    Some(bytes)
}

/// 32 bytes are ten groups of three and one of two: one `=` at the end, and two bits that must be nothing.
fn of_base64(text: &[u8]) -> Option<[u8; 32]> {
    let (digits, end) = text.split_at(43);
    if end != b"=" {
        return None;
    }
    let (mut bytes, mut count, mut bits, mut held) = ([0; 32], 0, 0_u32, 0_u32);
    for digit in digits {
        let value = ALPHABET.iter().position(|c| c == digit)?;
        bits = (bits << 6 | u32::try_from(value).ok()?) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            *bytes.get_mut(count)? = u8::try_from(bits >> held & 0xff).ok()?;
            count += 1;
        }
    }
    (count == 32 && bits & 3 == 0).then_some(bytes)
}

impl TryFrom<String> for Impronta {
    type Error = Reason;

    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Impronta> for String {
    fn from(impronta: Impronta) -> Self {
        impronta.base64()
    }
}

/// The province where the buyer lives: two letters. Which there are, the Agenzia says; the XSD wants two capitals.
///
/// # Errors
/// `Missing`, `BadFormat`.
pub fn provincia(text: &str) -> Result<String, Reason> {
    let text = text.trim();
    match text.len() {
        0 => Err(Reason::Missing),
        2 if text.bytes().all(|b| b.is_ascii_alphabetic()) => Ok(text.to_ascii_uppercase()),
        _ => Err(Reason::BadFormat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of nothing, as `sha256sum` and OpenSSL print it.
    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const BASE64: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn one_digest_is_one_however_it_is_printed() {
        let colons: String =
            HEX.to_uppercase().as_bytes().chunks(2).map(|p| format!("{}:", String::from_utf8_lossy(p))).collect();
        for text in [HEX, &HEX.to_uppercase(), BASE64, &format!("  {HEX}\n"), &colons] {
            let impronta = Impronta::parse(text).unwrap();
            assert_eq!((impronta.base64().as_str(), impronta.hex().as_str()), (BASE64, HEX), "{text}");
        }
    }

    #[test]
    fn what_is_no_digest_is_refused() {
        assert_eq!(Impronta::parse(" "), Err(Reason::Missing));
        for bad in [
            &HEX[1..],
            &format!("{HEX}0"),
            &HEX.replace('e', "g"),
            &BASE64.replace('=', "A"),
            &BASE64.replace("U=", "V="),
            &BASE64.replace('/', "_"),
            "è",
        ] {
            assert_eq!(Impronta::parse(bad), Err(Reason::BadFormat), "{bad}");
        }
        assert!(Impronta::parse(&"0".repeat(10_000)).is_err());
    }

    #[test]
    fn a_document_is_read_in_pieces() {
        let mut lettura = Lettura::default();
        assert!(lettura.clone().end().is_of_nothing() && lettura.clone().end().hex() == HEX);
        ["a", "", "bc"].into_iter().for_each(|piece| lettura.take(piece.as_bytes()));
        let abc = lettura.end();
        // FIPS 180-2, B.1
        assert_eq!(abc.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(Impronta::parse(&abc.base64()), Ok(abc.clone()));
        assert!(!abc.is_of_nothing());
    }

    #[test]
    fn a_province_is_two_letters() {
        assert_eq!(provincia(" mi "), Ok("MI".to_owned()));
        for bad in ["M", "MIL", "M1", "è", "<>"] {
            assert!(provincia(bad).is_err(), "{bad}");
        }
    }
}
