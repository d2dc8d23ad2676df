//! The reference of one payment (identificativo univoco di versamento), composed and drawn.
//!
//! Source: "Specifiche attuative dei codici identificativi" 3.2.1. IUVs are drawn from a keyed permutation of a counter: unique
//! because a permutation never repeats, not guessable because the key is secret (sequential ones can be harvested).

use crate::{AuxDigit, CodiceSegregazione, Reason, avviso::check_digits};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An IUV: 15 or 17 digits, or `RF…` (ISO 11649) up to 25 characters; ≤ 35 characters of other kinds are met in receipts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iuv(String);

impl Iuv {
    /// Bases are below this: 13 digits.
    pub const BASE_COUNT: u64 = 10_000_000_000_000;

    /// # Errors
    /// `Missing`, `TooLong` (35, `stText35`), `BadCharacters` outside `[0-9A-Za-z]`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.is_empty() {
            return Err(Reason::Missing);
        }
        if text.len() > 35 {
            return Err(Reason::TooLong { max: 35 });
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Reason::BadCharacters);
        }
        Ok(Self(text.to_owned()))
    }

    /// Composes an IUV with its check digits: `base` has 13 digits (15 for aux 2, 17 free ones for aux 1).
    /// `None` when the base is too large or a code that the aux digit wants is missing.
    pub fn compose(aux: AuxDigit, code: Option<CodiceSegregazione>, base: u64) -> Option<Self> {
        let limit = match aux {
            AuxDigit::Zero | AuxDigit::Tre => Self::BASE_COUNT,
            AuxDigit::Due => Self::BASE_COUNT * 100,
            AuxDigit::Uno => Self::BASE_COUNT * 10_000,
        };
        if base >= limit {
            return None;
        }
        Some(Self(match aux {
            AuxDigit::Uno => format!("{base:017}"),
            AuxDigit::Due => format!("{base:015}{}", check_digits(&format!("2{base:015}"))),
            AuxDigit::Zero => format!("{base:013}{}", check_digits(&format!("0{}{base:013}", code?))),
            AuxDigit::Tre => {
                let code = code?;
                format!("{code}{base:013}{}", check_digits(&format!("3{code}{base:013}")))
            }
        }))
    }

    /// Digits that are part of a notice number already checked.
    pub(crate) fn from_digits(digits: &str) -> Self {
        Self(digits.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const LEFT: u64 = 10_000_000;
const RIGHT: u64 = 1_000_000;
/// Twelve rounds over two halves of 7 and 6 digits (NIST SP 800-38G asks FF1 for ten).
const ROUNDS: u8 = 12;

/// The `counter`-th base (below 10¹³) under the secret that `prf` holds; `None` for a counter out of range.
///
/// An alternating Feistel network with addition modulo 10⁷ and 10⁶, as FF1 of NIST SP 800-38G: a bijection on 0..10¹³ for any
/// `prf(round, half)`, so two counters never give the same base.
pub fn permute(counter: u64, prf: impl Fn(u8, u64) -> u64) -> Option<u64> {
    if counter >= Iuv::BASE_COUNT {
        return None;
    }
    let (mut left, mut right) = (counter / RIGHT, counter % RIGHT);
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            left = (left + prf(round, right) % LEFT) % LEFT;
        } else {
            right = (right + prf(round, left) % RIGHT) % RIGHT;
        }
    }
    Some(left * RIGHT + right)
}

/// The counter that [`permute`] turned into `base`.
pub fn unpermute(base: u64, prf: impl Fn(u8, u64) -> u64) -> Option<u64> {
    if base >= Iuv::BASE_COUNT {
        return None;
    }
    let (mut left, mut right) = (base / RIGHT, base % RIGHT);
    for round in (0..ROUNDS).rev() {
        if round % 2 == 0 {
            left = (left + LEFT - prf(round, right) % LEFT) % LEFT;
        } else {
            right = (right + RIGHT - prf(round, left) % RIGHT) % RIGHT;
        }
    }
    Some(left * RIGHT + right)
}

impl fmt::Display for Iuv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Iuv {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Iuv> for String {
    fn from(iuv: Iuv) -> String {
        iuv.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_iuvs_have_the_length_of_their_kind() {
        let code = CodiceSegregazione::parse("01").unwrap();
        assert_eq!(Iuv::compose(AuxDigit::Tre, Some(code), 1).unwrap().as_str(), "01000000000000144");
        assert_eq!(Iuv::compose(AuxDigit::Zero, Some(code), 1).unwrap().as_str().len(), 15);
        assert_eq!(Iuv::compose(AuxDigit::Due, None, 1).unwrap().as_str().len(), 17);
        assert_eq!(Iuv::compose(AuxDigit::Uno, None, 1).unwrap().as_str(), "00000000000000001");
        assert_eq!(Iuv::compose(AuxDigit::Tre, Some(code), Iuv::BASE_COUNT), None);
        assert_eq!(Iuv::compose(AuxDigit::Tre, None, 1), None);
    }
}
