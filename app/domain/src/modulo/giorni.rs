//! Days of the civil calendar, in whole numbers: a browser needs no more of a calendar library than this.

use jiff::civil::Date;

/// Days since 1970-01-01 of the proleptic Gregorian calendar.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
pub(super) fn number(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month()), i64::from(date.day()));
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The day with that number; `None` outside years 1 to 9999. `civil_from_days` of the same source.
pub(super) fn of_number(number: i64) -> Option<Date> {
    let number = number.checked_add(719_468)?;
    let (era, of_era) = (number.div_euclid(146_097), number.rem_euclid(146_097));
    let years = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    day_of(years + era * 400 + i64::from(month <= 2), month, day)
}

/// `None` where there is no such day.
pub(super) fn day_of(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// So many months later; where the month is shorter, its last day.
pub(super) fn add_months(date: Date, months: i64) -> Option<Date> {
    let month = (i64::from(date.year()) * 12 + i64::from(date.month()) - 1).checked_add(months)?;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    (0..4).find_map(|missing| day_of(year, month, i64::from(date.day()) - missing))
}

/// Whole months from one day to another; negative when the other is earlier.
pub(super) fn months(from: Date, to: Date) -> i64 {
    if to < from {
        return -months(to, from);
    }
    let between = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month());
    // the 31st has its month on the 30th, as everywhere in law (art. 2963 c.c.)
    match add_months(from, between) {
        Some(reached) if reached <= to => between,
        _ => between - 1,
    }
}

/// `2026-03-31` as browsers send it, `31/03/2026` as people write it (also with points or dashes, or `31032026`: the keypad of a phone
/// has nothing but digits). `None` when it is no day.
pub fn parse(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return day_of(text[4..].parse().ok()?, text[2..4].parse().ok()?, text[..2].parse().ok()?);
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [a, b, c] = parts[..] else { return None };
    let separators = text.bytes().filter(|b| matches!(b, b'-' | b'/' | b'.')).collect::<Vec<_>>();
    if separators[0] != separators[1] || [a, b, c].iter().any(|p| p.is_empty() || !p.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let (year, month, day) = if a.len() == 4 && separators[0] == b'-' { (a, b, c) } else { (c, b, a) };
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    day_of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `31/03/2026`
pub(super) fn show(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_counted_as_the_calendar_library_counts_them() {
        for start in
            [date(1, 1, 1), date(1582, 10, 1), date(1899, 12, 31), date(1999, 12, 30), date(2024, 2, 27), date(9999, 12, 20)]
        {
            let mut day = start;
            for _ in 0..11 {
                assert_eq!(number(day), i64::from(day.since(date(1970, 1, 1)).unwrap().get_days()), "{day}");
                assert_eq!(of_number(number(day)), Some(day));
                day = day.tomorrow().unwrap();
            }
        }
        assert_eq!(of_number(number(date(9999, 12, 31)) + 1), None);
        assert_eq!(of_number(number(date(1, 1, 1)) - 1), None);
        assert_eq!(of_number(i64::MAX), None);
    }

    #[test]
    fn months_end_where_the_month_ends() {
        assert_eq!(add_months(date(2026, 1, 31), 1), Some(date(2026, 2, 28)));
        assert_eq!(add_months(date(2024, 3, 31), -1), Some(date(2024, 2, 29)));
        assert_eq!(add_months(date(2026, 11, 5), 14), Some(date(2028, 1, 5)));
        assert_eq!(add_months(date(2026, 3, 31), 1), Some(date(2026, 4, 30)));
        assert_eq!(add_months(date(9999, 12, 1), 1), None);
        assert_eq!(add_months(date(2026, 1, 1), i64::MAX), None);
        for (from, to, expected) in [
            (date(2026, 1, 31), date(2026, 2, 28), 1),
            (date(2026, 1, 31), date(2026, 2, 27), 0),
            (date(2026, 1, 1), date(2026, 12, 31), 11),
            (date(2016, 2, 29), date(2026, 2, 28), 120),
            (date(2026, 5, 2), date(2026, 5, 1), 0),
            (date(2026, 5, 2), date(2026, 4, 2), -1),
        ] {
            assert_eq!(months(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn dates_are_read_as_browsers_send_and_people_write_them() {
        let day = Some(date(2026, 3, 5));
        for (text, expected) in [
            ("2026-03-05", day),
            ("05/03/2026", day),
            ("5/3/2026", day),
            ("5.3.2026", day),
            ("05-03-2026", day),
            ("05032026", day),
            ("20260305", None),
            ("5032026", None),
            ("29/02/2026", None),
            ("29/02/2024", Some(date(2024, 2, 29))),
            ("2026/03/05", None),
            ("05/03/26", None),
            ("5/3-2026", None),
            ("32/01/2026", None),
            ("5/13/2026", None),
            ("5 marzo 2026", None),
            ("٥/3/2026", None),
            ("//", None),
            ("", None),
            ("0000-01-01", None),
            ("1/2/3/2026", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(show(date(2026, 3, 5)), "05/03/2026");
    }
}
