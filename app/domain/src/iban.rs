//! IBAN (ISO 13616) and the postal account hidden in an Italian one.

use crate::Reason;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An IBAN, check digits verified, upper case without blanks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iban(String);

impl Iban {
    /// # Errors
    /// `Missing`, `TooLong`, `NotIban` (shape), `WrongCheck`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.len() > 64 {
            return Err(Reason::TooLong { max: 34 });
        }
        let iban: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        if iban.is_empty() {
            return Err(Reason::Missing);
        }
        let bytes = iban.as_bytes();
        let shape = (15..=34).contains(&bytes.len())
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit);
        // Italy and San Marino: 27 characters, CIN letter, ABI, CAB, account
        let national = !matches!(&bytes[..2.min(bytes.len())], b"IT" | b"SM")
            || (bytes.len() == 27 && bytes[4].is_ascii_uppercase() && bytes[5..15].iter().all(u8::is_ascii_digit));
        if !shape || !national {
            return Err(Reason::NotIban);
        }
        if mod_97(bytes) == 1 { Ok(Self(iban)) } else { Err(Reason::WrongCheck) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for an account at Poste Italiane (ABI 07601): notices can then carry a bollettino.
    pub fn is_postale(&self) -> bool {
        self.0.starts_with("IT") && &self.0[5..10] == "07601"
    }

    /// The 12-digit postal account number.
    pub fn conto_postale(&self) -> Option<&str> {
        self.is_postale().then(|| &self.0[self.0.len() - 12..])
    }

    /// Groups of four.
    pub fn grouped(&self) -> String {
        self.0.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
    }
}

/// The number with its first four characters moved to the end and letters as 10–35, mod 97.
fn mod_97(iban: &[u8]) -> u32 {
    iban[4..].iter().chain(&iban[..4]).fold(0, |acc, &b| match b {
        b'0'..=b'9' => (acc * 10 + u32::from(b - b'0')) % 97,
        _ => (acc * 100 + u32::from(b - b'A') + 10) % 97,
    })
}

impl fmt::Display for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Iban {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Iban> for String {
    fn from(iban: Iban) -> String {
        iban.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ibans_are_checked() {
        // the example of the Italian IBAN registry entry
        let iban = Iban::parse("IT60 X054 2811 1010 0000 0123 456").unwrap();
        assert_eq!(iban.grouped(), "IT60 X054 2811 1010 0000 0123 456");
        assert!(!iban.is_postale());
        assert_eq!(Iban::parse("IT60X0542811101000000123457"), Err(Reason::WrongCheck));
        assert_eq!(Iban::parse("IT60X054281110100000012345"), Err(Reason::NotIban));
        assert_eq!(Iban::parse("DE89370400440532013000").map(|i| i.is_postale()), Ok(false));
        assert_eq!(Iban::parse("IT"), Err(Reason::NotIban));
        assert_eq!(Iban::parse(""), Err(Reason::Missing));
    }
}
