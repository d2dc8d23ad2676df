//! Codice fiscale (16 characters of a person, 11 digits of everything else) and partita IVA, with their check characters.
//!
//! Source: D.M. 23 December 1976 (composition, tables for the check character, omocodia); D.M. 12 March 1974 for 11 digits.

use crate::Reason;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Codice fiscale of a person or of a body, check character verified, upper case.
///
/// It can be personal data: `Debug` shows neither name nor birth.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodiceFiscale(String);

impl CodiceFiscale {
    /// Accepts lower case and the blanks and dashes people type.
    ///
    /// # Errors
    /// `Missing`, `WrongLength`, `NotCodiceFiscale` (shape), `WrongCheck`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let code = compact(text)?;
        match code.len() {
            11 if is_digits(&code) => check_11(&code)?,
            11 => return Err(Reason::NotCodiceFiscale),
            16 => check_16(&code)?,
            found => return Err(Reason::WrongLength { expected: 16, found: u16::try_from(found).unwrap_or(u16::MAX) }),
        }
        Ok(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `F` on the wire: 16 characters; 11 digits are a legal person (`G`).
    pub fn is_persona_fisica(&self) -> bool {
        self.0.len() == 16
    }
}

/// Partita IVA: 11 digits with check digit.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartitaIva(String);

impl PartitaIva {
    /// Accepts a leading `IT`.
    ///
    /// # Errors
    /// `Missing`, `WrongLength`, `NotDigits`, `WrongCheck`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let code = compact(text)?;
        let code = code.strip_prefix("IT").unwrap_or(&code);
        if !is_digits(code) {
            return Err(Reason::NotDigits);
        }
        if code.len() != 11 {
            return Err(Reason::WrongLength { expected: 11, found: u16::try_from(code.len()).unwrap_or(u16::MAX) });
        }
        check_11(code)?;
        Ok(Self(code.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Upper case without blanks and dashes; only ASCII letters and digits may remain.
fn compact(text: &str) -> Result<String, Reason> {
    if text.len() > 64 {
        return Err(Reason::WrongLength { expected: 16, found: u16::try_from(text.chars().count()).unwrap_or(u16::MAX) });
    }
    let code: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '\t')).collect();
    if code.is_empty() {
        return Err(Reason::Missing);
    }
    if !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Reason::NotCodiceFiscale);
    }
    Ok(code.to_ascii_uppercase())
}

fn is_digits(code: &str) -> bool {
    code.bytes().all(|b| b.is_ascii_digit())
}

/// Luhn's variant of the partita IVA: digits in even places doubled, minus nine above nine; the sum ends in zero.
fn check_11(code: &str) -> Result<(), Reason> {
    let sum: u32 = code
        .bytes()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            match (i % 2, digit) {
                (0, d) => d,
                (_, d) if d > 4 => d * 2 - 9,
                (_, d) => d * 2,
            }
        })
        .sum();
    let all_zero = code.bytes().all(|b| b == b'0');
    if sum.is_multiple_of(10) && !all_zero { Ok(()) } else { Err(Reason::WrongCheck) }
}

/// Letters that stand for 0 to 9 where two people would have the same code (omocodia).
const OMOCODIA: &[u8; 10] = b"LMNPQRSTUV";
const MESI: &[u8; 12] = b"ABCDEHLMPRST";
/// Values of characters in odd places, by value 0–25 (digits count as A–J).
const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

fn digit_at(code: &[u8], at: usize) -> Option<u32> {
    match code[at] {
        b @ b'0'..=b'9' => Some(u32::from(b - b'0')),
        b => OMOCODIA.iter().position(|&o| o == b).and_then(|p| u32::try_from(p).ok()),
    }
}

fn check_16(code: &str) -> Result<(), Reason> {
    let bytes = code.as_bytes();
    let letters = [0, 1, 2, 3, 4, 5, 8, 11, 15];
    let numbers = [6, 7, 9, 10, 12, 13, 14];
    let shape = letters.iter().all(|&i| bytes[i].is_ascii_uppercase()) && numbers.iter().all(|&i| digit_at(bytes, i).is_some());
    let day = digit_at(bytes, 9).zip(digit_at(bytes, 10)).map(|(t, u)| t * 10 + u).unwrap_or(0);
    let day_ok = (1..=31).contains(&day) || (41..=71).contains(&day);
    if !shape || !day_ok || !MESI.contains(&bytes[8]) {
        return Err(Reason::NotCodiceFiscale);
    }
    if check_character(&bytes[..15]) == bytes[15] { Ok(()) } else { Err(Reason::WrongCheck) }
}

/// The 16th character of the other fifteen.
fn check_character(first_15: &[u8]) -> u8 {
    let sum: u32 = first_15
        .iter()
        .enumerate()
        .map(|(i, &b)| {
            let value = if b.is_ascii_digit() { b - b'0' } else { b - b'A' };
            if i % 2 == 0 { ODD[usize::from(value)] } else { u32::from(value) }
        })
        .sum();
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[usize::try_from(sum % 26).unwrap_or(0)]
}

impl fmt::Debug for CodiceFiscale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CodiceFiscale({}…)", &self.0[..1])
    }
}

impl fmt::Debug for PartitaIva {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PartitaIva({}…)", &self.0[..1])
    }
}

impl TryFrom<String> for CodiceFiscale {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<CodiceFiscale> for String {
    fn from(code: CodiceFiscale) -> String {
        code.0
    }
}

impl TryFrom<String> for PartitaIva {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<PartitaIva> for String {
    fn from(code: PartitaIva) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_people_have_are_accepted() {
        for code in ["RSSMRA85T10A562S", "rssmra85t10a562s", " RSS MRA 85T10 A562S ", "80001230459", "00743110157"] {
            assert!(CodiceFiscale::parse(code).is_ok(), "{code}");
        }
        assert!(PartitaIva::parse("IT 00743110157").is_ok());
    }

    #[test]
    fn omocodia_replaces_digits_from_the_right() {
        // the last digit of the birthplace, 2, becomes N; the check character is computed anew
        let mut code = b"RSSMRA85T10A56N".to_vec();
        code.push(check_character(&code));
        assert!(CodiceFiscale::parse(std::str::from_utf8(&code).unwrap()).is_ok());
    }

    #[test]
    fn a_wrong_code_is_refused_with_what_is_wrong() {
        use Reason::*;
        for (code, reason) in [
            ("", Missing),
            ("RSSMRA85T10A562T", WrongCheck),
            ("80001230458", WrongCheck),
            ("00000000000", WrongCheck),
            ("RSSMRA85T10A562", WrongLength { expected: 16, found: 15 }),
            ("RSSMRA85T10A562SS", WrongLength { expected: 16, found: 17 }),
            ("RSSMRA85Z10A562S", NotCodiceFiscale),
            ("RSSMRA85T99A562S", NotCodiceFiscale),
            ("1234567890A", NotCodiceFiscale),
            ("RSSMRA85T10A562😀", NotCodiceFiscale),
            ("ＲＳＳＭＲＡ８５", NotCodiceFiscale),
        ] {
            assert_eq!(CodiceFiscale::parse(code), Err(reason), "{code}");
        }
    }

    #[test]
    fn debug_does_not_show_a_person() {
        let code = CodiceFiscale::parse("RSSMRA85T10A562S").unwrap();
        assert_eq!(format!("{code:?}"), "CodiceFiscale(R…)");
    }
}
