//! Dates and times of the wire. A `dateTime` without offset is civil time of Europe/Rome (SANP); with one it is turned into it.

use crate::rome;
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

/// `xsd:date`, years 0001 to 9999. An offset may follow and changes nothing: the day is meant as written.
pub(super) fn date(text: &str) -> Option<Date> {
    let (day, offset) = text.split_at_checked(10)?;
    if !offset.is_empty() {
        offset_minutes(offset)?;
    }
    civil_date(day)
}

/// `xsd:dateTime`.
pub(super) fn date_time(text: &str) -> Option<DateTime> {
    let (day, rest) = text.split_once('T')?;
    let date = civil_date(day)?;
    let at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (clock, offset) = rest.split_at(at);
    let midnight_after = clock.strip_prefix("24:00:00").is_some_and(|f| f.is_empty() || fraction(f) == Some(0));
    let civil = if midnight_after {
        // XSD 1.0 §3.2.7.1: the end of the day, which is the beginning of the next
        date.tomorrow().ok()?.at(0, 0, 0, 0)
    } else {
        date.to_datetime(civil_time(clock)?)
    };
    if offset.is_empty() {
        return Some(civil);
    }
    let utc = civil.checked_sub(SignedDuration::from_mins(offset_minutes(offset)?)).ok()?;
    // an offset leads over the edge of what xsd:dateTime can say
    rome::from_utc(utc).filter(|civil| civil.year() > 0)
}

fn civil_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() || year == 0 {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn civil_time(text: &str) -> Option<Time> {
    let (clock, rest) = text.split_at_checked(8)?;
    let nanosecond = if rest.is_empty() { 0 } else { fraction(rest)? };
    let mut parts = clock.split(':');
    let mut next = || number(parts.next()?, 2).and_then(|n| i8::try_from(n).ok());
    let (hour, minute, second) = (next()?, next()?, next()?);
    // a leap second belongs to the second before it
    Time::new(hour, minute, if second == 60 { 59 } else { second }, nanosecond).ok()
}

/// `.123` in nanoseconds, what is finer is dropped.
fn fraction(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('.')?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{:0<9}", &digits[..digits.len().min(9)]).parse().ok()
}

/// `Z`, `+02:00`, `-14:00`.
fn offset_minutes(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':')?;
    let minutes = i64::from(number(hours, 2)?) * 60 + i64::from(number(minutes, 2).filter(|m| *m < 60)?);
    (minutes <= 14 * 60).then_some(sign * minutes)
}

fn number(digits: &str, count: usize) -> Option<i16> {
    if digits.len() == count && digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_without_offset_stays_as_it_is_and_others_become_roman() {
        for (text, expected) in [
            ("2021-10-01T17:48:22", "2021-10-01T17:48:22"),
            ("2021-10-01T17:48:22.123456789123", "2021-10-01T17:48:22.123456789"),
            ("2021-10-01T17:48:22.5Z", "2021-10-01T19:48:22.5"),
            ("2021-12-01T23:30:00Z", "2021-12-02T00:30:00"),
            ("2021-12-01T10:00:00+01:00", "2021-12-01T10:00:00"),
            ("2021-12-01T10:00:00-05:30", "2021-12-01T16:30:00"),
            ("2016-12-31T23:59:60", "2016-12-31T23:59:59"),
            ("2026-02-28T24:00:00", "2026-03-01T00:00:00"),
        ] {
            assert_eq!(date_time(text).map(|t| t.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn the_nights_when_the_clock_changes_are_right_to_the_second() {
        // last Sundays: 29 March and 25 October 2026; 31 March 2024 is a Sunday itself
        for (utc, expected) in [
            ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59"),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
            ("2026-10-25T00:59:59Z", "2026-10-25T02:59:59"),
            ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00"),
            ("2024-03-31T00:59:59Z", "2024-03-31T01:59:59"),
            ("2024-03-31T01:00:00Z", "2024-03-31T03:00:00"),
            ("2024-02-29T23:00:00Z", "2024-03-01T00:00:00"),
        ] {
            assert_eq!(date_time(utc).map(|t| t.to_string()).as_deref(), Some(expected), "{utc}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for bad in [
            "",
            "2026-02-29",
            "2026-13-01",
            "20260101",
            "2026-1-1",
            "2026-01-01T00:00:00",
            "2026-01-01X",
            "2026-01-01+15:00",
            "１026-01-01",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
        for good in ["2026-12-31", "2026-12-31Z", "2026-12-31+01:00"] {
            assert_eq!(date(good).map(|d| d.to_string()).as_deref(), Some("2026-12-31"));
        }
        for bad in [
            "2026-01-01",
            "2026-01-01T",
            "2026-01-01T25:00:00",
            "2026-01-01T10:00",
            "2026-01-01T10:00:00.",
            "2026-01-01T10:00:00+1",
            "2026-01-01T24:00:01",
            "9999-12-31T23:30:00Z",
            "9999-12-31T24:00:00",
            // in Rome the year before the first
            "0001-01-01T00:30:00+14:00",
            "2026-01-01T10:00:00+01:00Z",
            "2026-01-01T10:00:00\u{e9}",
        ] {
            assert_eq!(date_time(bad), None, "{bad}");
        }
    }
}
