//! What an expression can be worth, and arithmetic that says when it cannot.

use super::giorni;
use crate::importo::{split_italian, swap_separators};
use crate::{Importo, Lingua, Reason};
use jiff::civil::Date;
use std::fmt;

/// Kinds of values. A choice is the text of its `valore`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tipo {
    Importo,
    Numero,
    Testo,
    Data,
    Booleano,
    /// The choices of a `scelte`.
    Elenco,
}

impl Tipo {
    pub const TUTTI: [Self; 6] = [Self::Importo, Self::Numero, Self::Testo, Self::Data, Self::Booleano, Self::Elenco];
}

/// A number in millionths: as exact as shares and coefficients are written, and an integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Numero(i64);

/// A value. What people typed can be in it: `Debug` tells its kind alone.
#[derive(Clone, PartialEq, Eq)]
pub enum Valore {
    /// Cents; below zero on the way to a result.
    Importo(i64),
    Numero(Numero),
    Testo(String),
    Data(Date),
    Booleano(bool),
    Elenco(Vec<String>),
}

impl Numero {
    pub const ZERO: Self = Self(0);
    pub const UNO: Self = Self(Self::SCALE);
    pub const SCALE: i64 = 1_000_000;
    pub const DECIMALI: usize = 6;

    pub const fn of_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    pub const fn millionths(self) -> i64 {
        self.0
    }

    pub fn of_int(int: i64) -> Option<Self> {
        int.checked_mul(Self::SCALE).map(Self)
    }

    /// What stands before the comma.
    pub const fn trunc(self) -> i64 {
        self.0 / Self::SCALE
    }

    pub fn has_decimals_beyond(self, decimali: u8) -> bool {
        10_i64.checked_pow(6_u32.saturating_sub(u32::from(decimali))).is_some_and(|step| self.0 % step != 0)
    }

    /// `1234,5` and `1.234,5`, as [`Importo::parse`] reads amounts; `None` when it is none, can be read in two ways or is too long.
    pub fn parse(text: &str) -> Option<Self> {
        let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).take(32).collect();
        let (digits, minus) = bare.strip_prefix(['-', '−']).map_or((&bare[..], false), |rest| (rest, true));
        let (whole, fraction) = split_italian(digits).ok()?;
        let value = of_digits(&whole, fraction)?;
        Some(Self(if minus { -value } else { value }))
    }

    /// The same of a page in that language, as [`Importo::parse_in`]: `1,234.5` on an English one. What could be two numbers is none there.
    pub(super) fn parse_in(lingua: Lingua, text: &str) -> Option<Self> {
        if lingua != Lingua::En {
            return Self::parse(text);
        }
        let swapped = swap_separators(text);
        // `1,234` is grouped in English and has decimals in Italian
        let is_ambiguous = |text: &str| split_italian(text.trim_start_matches(['-', '−'])) == Err(Reason::AmbiguousAmount);
        if is_ambiguous(text) || is_ambiguous(&swapped) { None } else { Self::parse(text).or_else(|| Self::parse(&swapped)) }
    }

    pub(super) fn checked_mul(self, by: Self) -> Option<Self> {
        divide(i128::from(self.0) * i128::from(by.0), i128::from(Self::SCALE)).map(Self)
    }

    pub(super) fn checked_div(self, by: Self) -> Option<Self> {
        divide(i128::from(self.0) * i128::from(Self::SCALE), i128::from(by.0)).map(Self)
    }
}

/// Millionths of whole and decimal digits.
pub(super) fn of_digits(whole: &str, fraction: &str) -> Option<i64> {
    if whole.len() > 12 || fraction.len() > Numero::DECIMALI {
        return None;
    }
    format!("{whole}{fraction:0<6}").parse().ok()
}

/// Rounded to the nearest, halves away from zero, as amounts are rounded by law (Reg. CE 1103/97, art. 5). `None` by zero, or beyond
/// what is held.
pub(super) fn divide(dividend: i128, divisor: i128) -> Option<i64> {
    if divisor == 0 {
        return None;
    }
    let half = divisor.abs() / 2 + divisor.abs() % 2;
    let (whole, rest) = (dividend / divisor, dividend % divisor);
    let away = if rest.abs() >= half { if (dividend < 0) == (divisor < 0) { 1 } else { -1 } } else { 0 };
    i64::try_from(whole + away).ok()
}

impl Valore {
    pub fn tipo(&self) -> Tipo {
        match self {
            Self::Importo(_) => Tipo::Importo,
            Self::Numero(_) => Tipo::Numero,
            Self::Testo(_) => Tipo::Testo,
            Self::Data(_) => Tipo::Data,
            Self::Booleano(_) => Tipo::Booleano,
            Self::Elenco(_) => Tipo::Elenco,
        }
    }

    /// An amount of zero or more, where it is one.
    pub fn importo(&self) -> Option<Importo> {
        if let Self::Importo(cents) = self { Importo::from_cents(*cents) } else { None }
    }

    /// What an empty field counts for; a day that is not there counts for nothing.
    pub(super) fn empty(tipo: Tipo) -> Option<Self> {
        match tipo {
            Tipo::Importo => Some(Self::Importo(0)),
            Tipo::Numero => Some(Self::Numero(Numero::ZERO)),
            Tipo::Testo => Some(Self::Testo(String::new())),
            Tipo::Booleano => Some(Self::Booleano(false)),
            Tipo::Elenco => Some(Self::Elenco(Vec::new())),
            Tipo::Data => None,
        }
    }
}

/// As a text of the form has it: `1.234,50`, `1234,5`, `31/03/2026`.
impl fmt::Display for Valore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Importo(cents) => {
                f.write_str(if *cents < 0 { "-" } else { "" })?;
                match cents.checked_abs().and_then(Importo::from_cents) {
                    Some(importo) => importo.fmt(f),
                    // more than can be paid, on its way to a result
                    None => write!(f, "{},{:02}", (cents / 100).unsigned_abs(), (cents % 100).abs()),
                }
            }
            Self::Numero(numero) => numero.fmt(f),
            Self::Testo(testo) => f.write_str(testo),
            Self::Data(data) => f.write_str(&giorni::show(*data)),
            Self::Booleano(si) => f.write_str(if *si { "sì" } else { "no" }),
            Self::Elenco(voci) => f.write_str(&voci.join(", ")),
        }
    }
}

/// `1234,5`
impl fmt::Display for Numero {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.0 < 0 { "-" } else { "" };
        write!(f, "{minus}{}", (self.0 / Self::SCALE).unsigned_abs())?;
        let fraction = format!("{:06}", (self.0 % Self::SCALE).unsigned_abs());
        let fraction = fraction.trim_end_matches('0');
        if fraction.is_empty() { Ok(()) } else { write!(f, ",{fraction}") }
    }
}

impl fmt::Debug for Valore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(…)", self.tipo())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_with_a_comma() {
        for (text, millionths, shown) in [
            ("12", 12_000_000, "12"),
            ("0,5", 500_000, "0,5"),
            ("1.234,567890", 1_234_567_890, "1234,56789"),
            ("-3,25", -3_250_000, "-3,25"),
            ("1234.5", 1_234_500_000, "1234,5"),
            ("-0,000001", -1, "-0,000001"),
            ("999999999999", 999_999_999_999_000_000, "999999999999"),
        ] {
            let numero = Numero::parse(text).unwrap();
            assert_eq!((numero.millionths(), numero.to_string().as_str()), (millionths, shown), "{text}");
        }
        for text in ["", "-", "1.234", "1,2345678", "1e3", "dieci", "٣", "1000000000000", "--1", "NaN", "1,", ",1"] {
            assert_eq!(Numero::parse(text), None, "{text}");
        }
        for (text, italian, english) in [
            ("1,234.5", None, Some(1_234_500_000)),
            ("-1,234.5", None, Some(-1_234_500_000)),
            ("1.234,5", Some(1_234_500_000), Some(1_234_500_000)),
            ("2.5", Some(2_500_000), Some(2_500_000)),
            ("2,5", Some(2_500_000), Some(2_500_000)),
            ("1,234", Some(1_234_000), None),
            ("1.234", None, None),
            ("1,234,567", None, Some(1_234_567_000_000)),
        ] {
            let read = |lingua| Numero::parse_in(lingua, text).map(Numero::millionths);
            assert_eq!((read(Lingua::It), read(Lingua::De), read(Lingua::En)), (italian, italian, english), "{text}");
        }
        assert_eq!(Valore::Importo(-150).to_string(), "-1,50");
        assert_eq!(Valore::Importo(-5).to_string(), "-0,05");
        assert_eq!(Valore::Importo(-123_456).to_string(), "-1.234,56");
        assert_eq!(Valore::Importo(i64::MIN).to_string(), "-92233720368547758,08");
        assert_eq!(Valore::Importo(123_456).to_string(), "1.234,56");
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        for (dividend, divisor, expected) in [
            (5, 2, Some(3)),
            (-5, 2, Some(-3)),
            (5, -2, Some(-3)),
            (4, 3, Some(1)),
            (7, 4, Some(2)),
            (1, 3, Some(0)),
            (0, 7, Some(0)),
            (1, 0, None),
            (i128::from(i64::MAX) + 1, 1, None),
            (i128::from(i64::MIN), 1, Some(i64::MIN)),
        ] {
            assert_eq!(divide(dividend, divisor), expected, "{dividend}/{divisor}");
        }
    }
}
