//! Money: integer cents, nothing else. Text in and out as Italians write it, decimals at the edges.

use crate::{Lingua, Reason};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of euro in integer cents, never negative, at most [`Importo::MAX`].
///
/// # Example: what people type
/// ```
/// use domain::{Importo, Reason};
/// assert_eq!(Importo::parse("1.234,50").unwrap().cents(), 123_450);
/// assert_eq!(Importo::parse("1234,5").unwrap().cents(), 123_450);
/// assert_eq!(Importo::parse("1234.50").unwrap().cents(), 123_450);
/// assert_eq!(Importo::parse("1.234"), Err(Reason::AmbiguousAmount));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Importo(i64);

impl Importo {
    pub const ZERO: Self = Self(0);
    /// `stAmountNotZero` in paForNode.xsd: 999999999.99.
    pub const MAX: Self = Self(99_999_999_999);
    /// Longest text looked at: `999.999.999,99 €` with room for blanks.
    const TEXT_MAX: u16 = 24;

    /// From cents; `None` when negative or above [`Importo::MAX`].
    pub const fn from_cents(cents: i64) -> Option<Self> {
        if cents < 0 || cents > Self::MAX.0 { None } else { Some(Self(cents)) }
    }

    /// For constants: whole cents known to be in range.
    ///
    /// # Panics
    /// At compile time when used in a `const` and out of range.
    pub const fn of_cents(cents: i64) -> Self {
        match Self::from_cents(cents) {
            Some(importo) => importo,
            None => panic!("cents out of range"),
        }
    }

    pub const fn cents(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `None` above [`Importo::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::from_cents)
    }

    /// `None` below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::from_cents)
    }

    /// `None` above [`Importo::MAX`].
    pub fn checked_mul(self, times: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(times)).and_then(Self::from_cents)
    }

    /// `None` when the sum leaves the range.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Option<Self> {
        parts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Reads what a person typed. Dots group thousands, a comma begins the cents; a dot followed by one or two digits at the
    /// end is taken for a comma. What can be read in two ways is refused.
    ///
    /// # Errors
    /// `Missing`, `TooLong`, `Negative`, `NotAmount`, `AmbiguousAmount`, `TooPrecise`, `AmountTooLarge`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.chars().count() > usize::from(Self::TEXT_MAX) {
            return Err(Reason::TooLong { max: Self::TEXT_MAX });
        }
        let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
        let bare = compact.strip_prefix('€').unwrap_or(&compact);
        let bare = bare.strip_suffix('€').unwrap_or(bare);
        if bare.is_empty() {
            return Err(Reason::Missing);
        }
        if let Some(rest) = bare.strip_prefix(['-', '−']) {
            return Err(if Self::parse(rest).is_ok() { Reason::Negative } else { Reason::NotAmount });
        }
        let (whole, fraction) = split_italian(bare)?;
        if fraction.len() > 2 {
            return Err(Reason::TooPrecise);
        }
        let too_large = Reason::AmountTooLarge { max: Self::MAX };
        let euro: i64 = whole.parse().map_err(|_| too_large.clone())?;
        let cents: i64 = format!("{fraction:0<2}").parse().map_err(|_| Reason::NotAmount)?;
        euro.checked_mul(100).and_then(|c| c.checked_add(cents)).and_then(Self::from_cents).ok_or(too_large)
    }

    /// Reads what a person typed on a page in that language. On an English one a comma may group thousands and a point begin the cents;
    /// Italian spelling stays good there, since few who read English in Italy write amounts as the English do. No text means one amount
    /// in the one and another in the other: what could (`1,234`) is refused in both.
    ///
    /// # Errors
    /// Those of [`Importo::parse`].
    ///
    /// # Example: the same amount in two spellings
    /// ```
    /// use domain::{Importo, Lingua, Reason};
    /// assert_eq!(Importo::parse_in(Lingua::En, "1,234.50"), Importo::parse_in(Lingua::En, "1.234,50"));
    /// assert_eq!(Importo::parse_in(Lingua::It, "1,234.50"), Err(Reason::NotAmount));
    /// assert_eq!(Importo::parse_in(Lingua::En, "1,234"), Err(Reason::AmbiguousAmount));
    /// ```
    pub fn parse_in(lingua: Lingua, text: &str) -> Result<Self, Reason> {
        let italian = Self::parse(text);
        if lingua != Lingua::En || italian.is_ok() {
            return italian;
        }
        match (Self::parse(&swap_separators(text)), italian) {
            (Ok(importo), _) => Ok(importo),
            (Err(Reason::AmbiguousAmount), _) => Err(Reason::AmbiguousAmount),
            // what is wrong with it as an amount in English, where it is none in Italian
            (Err(english), Err(Reason::NotAmount)) => Err(english),
            (_, italian) => italian,
        }
    }

    /// The wire's spelling, `1234.50` (paForNode.xsd `stAmount`: `\d+\.\d{2}`).
    pub fn to_wire(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    /// Reads the wire's spelling and nothing else; `None` when it is another.
    pub fn from_wire(text: &str) -> Option<Self> {
        let (euro, cents) = text.split_once('.')?;
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(euro) || !digits(cents) || cents.len() != 2 || euro.len() > 18 {
            return None;
        }
        let euro: i64 = euro.parse().ok()?;
        let cents: i64 = cents.parse().ok()?;
        Self::from_cents(euro.checked_mul(100)?.checked_add(cents)?)
    }

    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// `None` when negative, too large, or with more than two significant decimals.
    pub fn from_decimal(euro: Decimal) -> Option<Self> {
        let cents = euro.checked_mul(Decimal::ONE_HUNDRED)?;
        if !cents.fract().is_zero() {
            return None;
        }
        Self::from_cents(i64::try_from(cents.trunc()).ok()?)
    }

    /// `1.234,50 €`, with a no-break space: what pages and papers show.
    pub fn euro(self) -> String {
        format!("{self}\u{a0}€")
    }

    /// Splits into `parts` amounts that differ by at most a cent and add up to the whole; the first ones are the larger.
    /// Empty for zero parts.
    pub fn split(self, parts: u32) -> Vec<Self> {
        let n = i64::from(parts);
        (0..n).map(|i| Self(self.0 / n + i64::from(i < self.0 % n))).collect()
    }
}

/// What English writes with a comma Italian writes with a point, and the other way round.
pub(crate) fn swap_separators(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ',' => '.',
            '.' => ',',
            other => other,
        })
        .collect()
}

/// The whole part without separators, and the decimals as typed.
pub(crate) fn split_italian(text: &str) -> Result<(String, &str), Reason> {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match text.split_once(',') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    if fraction.is_some_and(|f| f.is_empty() || !digits(f)) || whole.is_empty() {
        return Err(Reason::NotAmount);
    }
    let groups: Vec<&str> = whole.split('.').collect();
    if groups.iter().any(|g| g.is_empty() || !digits(g)) {
        return Err(Reason::NotAmount);
    }
    let could_group = groups[0].len() <= 3 && groups[0] != "0" && groups[1..].iter().all(|g| g.len() == 3);
    match (groups.len(), fraction) {
        (1, fraction) => Ok((whole.to_owned(), fraction.unwrap_or(""))),
        (_, Some(fraction)) if could_group => Ok((groups.concat(), fraction)),
        (_, Some(_)) => Err(Reason::NotAmount),
        (2, None) if groups[1].len() <= 2 => Ok((groups[0].to_owned(), groups[1])),
        (2, None) if could_group => Err(Reason::AmbiguousAmount),
        (2, None) => Err(Reason::TooPrecise),
        (_, None) if could_group => Ok((groups.concat(), "")),
        _ => Err(Reason::NotAmount),
    }
}

/// `1.234,50`
impl fmt::Display for Importo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let euro = (self.0 / 100).to_string();
        let mut grouped = String::with_capacity(euro.len() + 4);
        for (i, digit) in euro.chars().enumerate() {
            if i > 0 && (euro.len() - i).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        write!(f, "{grouped},{:02}", self.0 % 100)
    }
}

impl TryFrom<i64> for Importo {
    type Error = Reason;
    fn try_from(cents: i64) -> Result<Self, Reason> {
        Self::from_cents(cents).ok_or(if cents < 0 { Reason::Negative } else { Reason::AmountTooLarge { max: Self::MAX } })
    }
}

impl From<Importo> for i64 {
    fn from(importo: Importo) -> i64 {
        importo.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn italian_text_is_read_as_italians_mean_it() {
        use Reason::*;
        let max = Importo::MAX;
        for (text, expected) in [
            ("1.234,50", Ok(123_450)),
            ("1234,5", Ok(123_450)),
            ("1234.50", Ok(123_450)),
            ("1234.5", Ok(123_450)),
            ("12", Ok(1_200)),
            ("0,01", Ok(1)),
            ("0", Ok(0)),
            ("007,00", Ok(700)),
            (" 1.234.567,89 € ", Ok(123_456_789)),
            ("€ 5", Ok(500)),
            ("1.234.567", Ok(123_456_700)),
            ("1\u{a0}234,50", Ok(123_450)),
            ("999.999.999,99", Ok(99_999_999_999)),
            ("1.234", Err(AmbiguousAmount)),
            ("12.345", Err(AmbiguousAmount)),
            ("1234.567", Err(TooPrecise)),
            ("0.123", Err(TooPrecise)),
            ("12,345", Err(TooPrecise)),
            ("-5", Err(Negative)),
            ("−5,00", Err(Negative)),
            ("", Err(Missing)),
            ("€", Err(Missing)),
            ("1000000000", Err(AmountTooLarge { max })),
            ("99999999999999999999", Err(AmountTooLarge { max })),
            ("1.23.456", Err(NotAmount)),
            ("12.34,5", Err(NotAmount)),
            (",50", Err(NotAmount)),
            ("5,", Err(NotAmount)),
            ("1e3", Err(NotAmount)),
            ("NaN", Err(NotAmount)),
            ("1,234.50", Err(NotAmount)),
            ("١٢", Err(NotAmount)),
            ("dieci", Err(NotAmount)),
            ("--5", Err(NotAmount)),
        ] {
            assert_eq!(Importo::parse(text).map(Importo::cents), expected, "{text:?}");
        }
        assert_eq!(Importo::parse(&"1".repeat(30)), Err(TooLong { max: 24 }));
    }

    #[test]
    fn english_text_is_read_on_english_pages_and_nothing_is_read_in_two_ways() {
        use Reason::*;
        for (text, expected) in [
            ("1,234.50", Ok(123_450)),
            ("€1,234,567.5", Ok(123_456_750)),
            ("1,234,567", Ok(123_456_700)),
            ("1.234,50", Ok(123_450)),
            ("1234.50", Ok(123_450)),
            ("1234,50", Ok(123_450)),
            ("1.5", Ok(150)),
            ("12", Ok(1_200)),
            ("1,234", Err(AmbiguousAmount)),
            ("1.234", Err(AmbiguousAmount)),
            ("-1,234.50", Err(Negative)),
            ("1,23.50", Err(NotAmount)),
            ("1,234.567", Err(TooPrecise)),
            ("ten", Err(NotAmount)),
            ("", Err(Missing)),
        ] {
            assert_eq!(Importo::parse_in(Lingua::En, text).map(Importo::cents), expected, "{text:?}");
            let others = Lingua::ALL.into_iter().filter(|lingua| *lingua != Lingua::En);
            for lingua in others {
                assert_eq!(Importo::parse_in(lingua, text), Importo::parse(text), "{lingua} {text:?}");
            }
        }
    }

    #[test]
    fn the_wire_spells_amounts_one_way() {
        for (text, cents) in [
            ("0.01", Some(1)),
            ("1234.50", Some(123_450)),
            ("1234.5", None),
            ("1234,50", None),
            ("1e2.00", None),
            (".50", None),
            ("999999999.99", Some(99_999_999_999)),
            ("1000000000.00", None),
        ] {
            assert_eq!(Importo::from_wire(text).map(Importo::cents), cents, "{text}");
        }
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        assert_eq!(Importo::of_cents(1_000).split(3), [334, 333, 333].map(Importo::of_cents));
        assert_eq!(Importo::of_cents(5).split(0), []);
    }
}
