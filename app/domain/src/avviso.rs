//! The notice number (numero avviso, NAV) and what it is made of.
//!
//! Source: "Specifiche attuative dei codici identificativi" 3.2.1, §2 (composition by aux digit, check digits mod 93).
//!
//! | aux | after it | IUV | check |
//! |---|---|---|---|
//! | 0 | application code (2) + base (13) + check (2) | last 15 digits | first 16 digits mod 93 |
//! | 1 | 17 free digits | those 17 | none |
//! | 2 | base (15) + check (2) | last 17 | first 16 mod 93 |
//! | 3 | segregation code (2) + base (13) + check (2) | last 17 | first 16 mod 93 |

use crate::{CodiceSegregazione, Iuv, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// First digit of a notice number: says how the rest is composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AuxDigit {
    Zero,
    Uno,
    Due,
    Tre,
}

impl AuxDigit {
    pub const fn digit(self) -> char {
        match self {
            Self::Zero => '0',
            Self::Uno => '1',
            Self::Due => '2',
            Self::Tre => '3',
        }
    }

    pub const fn from_digit(digit: char) -> Option<Self> {
        match digit {
            '0' => Some(Self::Zero),
            '1' => Some(Self::Uno),
            '2' => Some(Self::Due),
            '3' => Some(Self::Tre),
            _ => None,
        }
    }
}

/// The 18-digit number printed on a notice.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NumeroAvviso(String);

impl NumeroAvviso {
    pub const LEN: usize = 18;

    /// Accepts the blanks and dashes people type and paste. Check digits are not looked at: PSPs do not either, and receipts
    /// come for numbers that have them wrong. See [`NumeroAvviso::parse_typed`].
    ///
    /// # Errors
    /// `Missing`, `NotDigits`, `WrongLength`, `UnknownAuxDigit`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.len() > 200 {
            return Err(Reason::WrongLength { expected: 18, found: u16::try_from(text.chars().count()).unwrap_or(u16::MAX) });
        }
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.')).collect();
        if digits.is_empty() {
            return Err(Reason::Missing);
        }
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Reason::NotDigits);
        }
        if digits.len() != Self::LEN {
            return Err(Reason::WrongLength { expected: 18, found: u16::try_from(digits.len()).unwrap_or(u16::MAX) });
        }
        digits.chars().next().and_then(AuxDigit::from_digit).ok_or(Reason::UnknownAuxDigit)?;
        Ok(Self(digits))
    }

    /// For what a person copies from a paper: also the check digits must agree, so that a slip is told at once.
    ///
    /// # Errors
    /// As [`NumeroAvviso::parse`], plus `WrongCheck`.
    pub fn parse_typed(text: &str) -> Result<Self, Reason> {
        let numero = Self::parse(text)?;
        if numero.has_right_check() { Ok(numero) } else { Err(Reason::WrongCheck) }
    }

    /// The number of a notice of ours: aux digit 3, the ente's segregation code, a base below 10¹³.
    /// `None` when the base is too large.
    pub fn compose(segregazione: CodiceSegregazione, base: u64) -> Option<Self> {
        let iuv = Iuv::compose(AuxDigit::Tre, Some(segregazione), base)?;
        Some(Self(format!("3{iuv}")))
    }

    /// From an IUV and what comes before it. `None` when they do not make 18 digits (aux 0 wants the application code).
    pub fn from_iuv(aux: AuxDigit, application_code: Option<CodiceSegregazione>, iuv: &Iuv) -> Option<Self> {
        let text = match (aux, application_code) {
            (AuxDigit::Zero, Some(code)) => format!("0{code}{iuv}"),
            (AuxDigit::Zero, None) => return None,
            (aux, _) => format!("{}{iuv}", aux.digit()),
        };
        Self::parse(&text).ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn aux(&self) -> AuxDigit {
        self.0.chars().next().and_then(AuxDigit::from_digit).unwrap_or(AuxDigit::Tre)
    }

    /// The part that identifies the payment for the ente.
    pub fn iuv(&self) -> Iuv {
        let from = if self.aux() == AuxDigit::Zero { 3 } else { 1 };
        Iuv::from_digits(&self.0[from..])
    }

    /// Segregation code (aux 3) or application code (aux 0).
    pub fn segregazione(&self) -> Option<CodiceSegregazione> {
        match self.aux() {
            AuxDigit::Tre | AuxDigit::Zero => CodiceSegregazione::parse(&self.0[1..3]).ok(),
            _ => None,
        }
    }

    /// True when the last two digits are the first sixteen mod 93; aux 1 has none.
    pub fn has_right_check(&self) -> bool {
        self.aux() == AuxDigit::Uno || self.0[16..] == check_digits(&self.0[..16])
    }

    /// `3010 0000 0000 0123 45`: groups of four from the left, as notices print it.
    pub fn grouped(&self) -> String {
        let mut text = String::with_capacity(22);
        for (i, digit) in self.0.chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                text.push(' ');
            }
            text.push(digit);
        }
        text
    }

    /// `3010…45`: enough for a log, not enough to look the notice up.
    pub fn masked(&self) -> String {
        format!("{}…{}", &self.0[..4], &self.0[16..])
    }
}

/// Two digits: the number before them mod 93.
pub(crate) fn check_digits(first_16: &str) -> String {
    let rest = first_16.bytes().fold(0u32, |acc, b| (acc * 10 + u32::from(b - b'0')) % 93);
    format!("{rest:02}")
}

impl fmt::Debug for NumeroAvviso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NumeroAvviso({})", self.masked())
    }
}

impl fmt::Display for NumeroAvviso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for NumeroAvviso {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<NumeroAvviso> for String {
    fn from(numero: NumeroAvviso) -> String {
        numero.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_examples_have_right_check_digits() {
        // Specifiche attuative dei codici identificativi, and notices published as examples by pagoPA
        for numero in ["302000000000000184", "347164993070184562", "302032002700000251"] {
            assert!(NumeroAvviso::parse_typed(numero).is_ok(), "{numero}");
        }
        // pagoPA's own test traffic has them wrong: receipts for it must pass
        assert!(NumeroAvviso::parse("311111111112222222").is_ok());
        assert_eq!(NumeroAvviso::parse_typed("311111111112222222"), Err(Reason::WrongCheck));
    }

    #[test]
    fn the_iuv_lies_where_the_aux_digit_says() {
        for (numero, iuv) in [
            ("302000000000000184", "02000000000000184"),
            ("001234567890123412", "234567890123412"),
            ("112345678901234567", "12345678901234567"),
            ("212345678901234567", "12345678901234567"),
        ] {
            assert_eq!(NumeroAvviso::parse(numero).unwrap().iuv().as_str(), iuv);
        }
    }

    #[test]
    fn pasted_numbers_are_read_and_wrong_ones_told() {
        use Reason::*;
        assert_eq!(NumeroAvviso::parse_typed("3020 0000 0000 0001 84").unwrap().grouped(), "3020 0000 0000 0001 84");
        for (text, reason) in [
            ("", Missing),
            (" - ", Missing),
            ("30200000000000018", WrongLength { expected: 18, found: 17 }),
            ("3020000000000001844", WrongLength { expected: 18, found: 19 }),
            ("402000000000000184", UnknownAuxDigit),
            ("30200000000000018a", NotDigits),
            ("30200000000000018😀", NotDigits),
            ("302000000000000185", WrongCheck),
        ] {
            assert_eq!(NumeroAvviso::parse_typed(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn what_follows_far_behind_a_right_number_is_looked_at_too() {
        for (far, behind) in [(40, "x"), (181, "x"), (182, "x"), (183, "9"), (100_000, "<script>")] {
            let text = format!("302000000000000184{}{behind}", " ".repeat(far));
            assert!(NumeroAvviso::parse(&text).is_err(), "{behind} after {far} blanks");
        }
    }

    #[test]
    fn debug_hides_most_digits() {
        assert_eq!(format!("{:?}", NumeroAvviso::parse("302000000000000184").unwrap()), "NumeroAvviso(3020…84)");
    }
}
