//! How pagoPA's JSON says amounts, instants and integers.
//!
//! Amounts are in cents as integers (GPD, Checkout, print) or in euro as numbers (FdR, Biz Events). The latter are read from the
//! characters as they came, never through a float: FdR's service writes Java doubles, so ten million euro are `1.0E7`.

use crate::rome;
use domain::Importo;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// Characters of a number: 30 digits are more than anybody owes, and no exponent may make us count zeros for ever.
const NUMBER_MAX: usize = 40;

/// An amount of euro written as a JSON number, exact to the cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Euro(pub Importo);

impl<'de> Deserialize<'de> for Euro {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        euro(raw.get()).map(Self).ok_or_else(|| D::Error::custom("not an amount of euro and cents"))
    }
}

impl Serialize for Euro {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_wire()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

/// `12.5`, `12.50`, `1.25E1`: the number as JSON spells it (RFC 8259 §6). `None` when negative, too large, or finer than a cent.
pub fn euro(number: &str) -> Option<Importo> {
    if number.len() > NUMBER_MAX {
        return None;
    }
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i32>().ok()?),
        None => (number, 0),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    // digits * 10^scale, in cents
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(Importo::ZERO);
    }
    let scale = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?.checked_add(2)?;
    let bare = digits.trim_end_matches('0');
    let scale = scale.checked_add(i32::try_from(digits.len() - bare.len()).ok()?)?;
    // finer than a cent, or more zeros than the largest amount has digits
    let zeros = usize::try_from(scale).ok().filter(|zeros| *zeros <= 12)?;
    Importo::from_cents(format!("{bare}{}", "0".repeat(zeros)).parse().ok()?)
}

/// An integer that may come in quotes: the examples of FdR's OpenAPI break their own schema so.
pub(crate) fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u64),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.trim().parse().map_err(|_| D::Error::custom("not an integer")),
    }
}

/// Cents as an integer. `None` outside the range of an amount.
pub(crate) fn cents(cents: i64) -> Option<Importo> {
    Importo::from_cents(cents)
}

/// The instant of a `date-time` that has an offset, or is meant in UTC where it has none (GPD writes Java's `LocalDateTime`).
pub fn instant(text: &str) -> Option<Timestamp> {
    if text.len() > NUMBER_MAX {
        return None;
    }
    match text.parse::<Timestamp>() {
        Ok(instant) => Some(instant),
        Err(_) => text.parse::<DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp()),
    }
}

/// Civil time of Europe/Rome of an instant.
pub fn roman(instant: Timestamp) -> Option<DateTime> {
    rome::from_utc(jiff::tz::TimeZone::UTC.to_datetime(instant))
}

/// The instant of a civil time of Europe/Rome. In the hour that comes twice the first is meant.
pub fn of_roman(civil: DateTime) -> Option<Timestamp> {
    rome::to_utc(civil)?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cents_of(number: &str) -> Option<i64> {
        euro(number).map(Importo::cents)
    }

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (number, cents) in [
            ("0.01", 1),
            ("0.1", 10),
            ("1", 100),
            ("12.5", 1_250),
            ("12.50", 1_250),
            ("12.500000", 1_250),
            ("0", 0),
            ("0.00", 0),
            ("0e99", 0),
            ("1.0E7", 1_000_000_000),
            ("1.2345678E7", 1_234_567_800),
            ("125e-1", 1_250),
            ("1E+2", 10_000),
            ("999999999.99", 99_999_999_999),
            // what a float would spoil
            ("0.29", 29),
            ("1.15", 115),
            ("8.41", 841),
            ("90071992.54", 9_007_199_254),
        ] {
            assert_eq!(cents_of(number), Some(cents), "{number}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for bad in [
            "",
            "-1",
            "-0.01",
            "0.001",
            "1.005",
            "1e-3",
            "1000000000",
            "1e10",
            "1e999999999",
            "1e-999999999",
            "1E99999999999999",
            "999999999999999999999999999999",
            "0.000000000000000000000000000000000000000001",
            "1.",
            ".5",
            "1,5",
            "0x10",
            "NaN",
            "\"1.00\"",
            "null",
            "true",
            "[1]",
            "1 ",
            "1.0.0",
            "1e",
            "1e1.5",
            "100.94999999999999",
        ] {
            assert_eq!(cents_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn inside_json_amounts_are_numbers_both_ways() {
        let read: Vec<Euro> = serde_json::from_str("[12.50, 1.0E7 ,0.01]").unwrap();
        assert_eq!(read.iter().map(|e| e.0.cents()).collect::<Vec<_>>(), [1_250, 1_000_000_000, 1]);
        assert_eq!(serde_json::to_string(&read).unwrap(), "[12.50,10000000.00,0.01]");
        for bad in ["\"12.50\"", "null", "{}", "-1.00", "999999999999999999999999999999.00"] {
            assert!(serde_json::from_str::<Euro>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn instants_with_and_without_offset_are_the_same_in_utc() {
        for text in ["2026-05-31T21:59:59Z", "2026-05-31T21:59:59", "2026-05-31T23:59:59+02:00", "2026-05-31T21:59:59.000000Z"] {
            assert_eq!(instant(text).unwrap().to_string(), "2026-05-31T21:59:59Z", "{text}");
        }
        assert_eq!(roman(instant("2026-05-31T21:59:59Z").unwrap()).unwrap().to_string(), "2026-05-31T23:59:59");
        for bad in ["", "2026-05-31 25:00", "domani", "2026-13-01T00:00:00Z", "99999-01-01T00:00:00Z"] {
            assert_eq!(instant(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_survives_the_trip(cents in 0..=99_999_999_999_i64) {
            let importo = Importo::from_cents(cents).unwrap();
            let text = serde_json::to_string(&Euro(importo)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Euro>(&text).unwrap(), Euro(importo));
            // and as Java writes a double: one digit before the point
            let digits = cents.to_string();
            let java = format!("{}.{}E{}", &digits[..1], if digits.len() > 1 { &digits[1..] } else { "0" }, i64::try_from(digits.len()).unwrap() - 3);
            prop_assert_eq!(euro(&java), Some(importo));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9eE+.\\-]{0,45}") {
            let _ = euro(&text);
        }
    }
}
