//! Civil time of Europe/Rome, by the rule in force since 1996 (directive 2000/84/EC): summer time from 01:00 UTC on the last Sunday of
//! March to 01:00 UTC on the last Sunday of October. This package has no time-zone database.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

/// Civil time in Rome of a time given in UTC.
pub(crate) fn from_utc(utc: DateTime) -> Option<DateTime> {
    utc.checked_add(offset(utc)?).ok()
}

/// UTC of a civil time in Rome. In the hour that comes twice the first is meant.
pub(crate) fn to_utc(civil: DateTime) -> Option<DateTime> {
    let summer = civil.checked_sub(SignedDuration::from_hours(2)).ok()?;
    if from_utc(summer)? == civil { Some(summer) } else { civil.checked_sub(SignedDuration::from_hours(1)).ok() }
}

/// The last second of a day in Rome, in UTC: what is due that day can be paid until then.
pub(crate) fn end_of_day_utc(day: Date) -> Option<DateTime> {
    to_utc(day.at(23, 59, 59, 0))
}

fn offset(utc: DateTime) -> Option<SignedDuration> {
    let year = utc.year();
    let summer = change(year, 3)? <= utc && utc < change(year, 10)?;
    Some(SignedDuration::from_hours(if summer { 2 } else { 1 }))
}

/// 01:00 UTC on the last Sunday of a month of 31 days.
fn change(year: i16, month: i8) -> Option<DateTime> {
    let last = Date::new(year, month, 31).ok()?;
    let after_sunday = last.weekday().to_sunday_zero_offset();
    Some(Date::new(year, month, 31 - after_sunday).ok()?.at(1, 0, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_end_of_a_day_comes_back_as_that_day() {
        let mut day = date(2026, 1, 1);
        while day < date(2028, 1, 1) {
            let end = end_of_day_utc(day).unwrap();
            assert_eq!(from_utc(end).unwrap(), day.at(23, 59, 59, 0), "{day}");
            day = day.tomorrow().unwrap();
        }
        assert_eq!(end_of_day_utc(date(2026, 7, 1)).unwrap().to_string(), "2026-07-01T21:59:59");
        assert_eq!(end_of_day_utc(date(2026, 12, 1)).unwrap().to_string(), "2026-12-01T22:59:59");
        assert!(end_of_day_utc(date(2099, 12, 31)).is_some());
    }

    #[test]
    fn the_nights_when_the_clock_changes_have_an_answer_too() {
        for (rome, utc) in [
            ("2026-03-29T01:59:59", "2026-03-29T00:59:59"),
            ("2026-03-29T03:00:00", "2026-03-29T01:00:00"),
            ("2026-10-25T01:59:59", "2026-10-24T23:59:59"),
            // twice: at 00:30 and at 01:30 UTC
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00"),
            ("2026-10-25T03:00:00", "2026-10-25T02:00:00"),
        ] {
            assert_eq!(to_utc(rome.parse().unwrap()).unwrap().to_string(), utc, "{rome}");
        }
    }
}
