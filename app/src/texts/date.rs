//! Dates: words in prose, figures in tables. Source: CLDR, date formats `long` and `short` with the year in full.

use super::lingue::lingua;
use crate::tr;
use domain::Lingua;
use jiff::civil::{Date, DateTime};

const fn mesi(lingua: Lingua) -> [&'static str; 12] {
    match lingua {
        Lingua::It => [
            "gennaio",
            "febbraio",
            "marzo",
            "aprile",
            "maggio",
            "giugno",
            "luglio",
            "agosto",
            "settembre",
            "ottobre",
            "novembre",
            "dicembre",
        ],
        Lingua::En => [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        Lingua::De => [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        Lingua::Fr => [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        Lingua::Sl => [
            "januar",
            "februar",
            "marec",
            "april",
            "maj",
            "junij",
            "julij",
            "avgust",
            "september",
            "oktober",
            "november",
            "december",
        ],
    }
}

/// `23 novembre 2026`, `23. November 2026`; the first of a month is `1º`, `1er`.
pub fn prosa(data: Date) -> String {
    prosa_in(lingua(), data)
}

fn prosa_in(lingua: Lingua, data: Date) -> String {
    let mese = usize::try_from(data.month()).ok().and_then(|m| mesi(lingua).get(m.checked_sub(1)?).copied()).unwrap_or_default();
    let ordinale = match lingua {
        Lingua::It if data.day() == 1 => "º",
        Lingua::Fr if data.day() == 1 => "er",
        Lingua::De | Lingua::Sl => ".",
        Lingua::It | Lingua::En | Lingua::Fr => "",
    };
    format!("{}{ordinale} {mese} {}", data.day(), data.year())
}

/// `23/11/2026`, `23.11.2026`, `23. 11. 2026`.
pub fn tabella(data: Date) -> String {
    super::numeri::giorno(lingua(), data)
}

/// `23 novembre 2026, ore 14:05`
pub fn prosa_con_ora(istante: DateTime) -> String {
    let (giorno, ora) = (prosa(istante.date()), format!("{:02}:{:02}", istante.hour(), istante.minute()));
    tr!("{giorno}, ore {ora}", giorno, ora)
}

/// For `<time datetime="…">`: `2026-11-23`.
pub fn iso(data: Date) -> String {
    data.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_italians_write_them() {
        let giorno: DateTime = "2026-11-23T14:05:09".parse().unwrap();
        assert_eq!(prosa_con_ora(giorno), "23 novembre 2026, ore 14:05");
        assert_eq!(tabella(giorno.date()), "23/11/2026");
        assert_eq!(iso(giorno.date()), "2026-11-23");
        assert_eq!(prosa("2027-01-01".parse().unwrap()), "1º gennaio 2027");
        assert_eq!(tabella("2027-01-01".parse().unwrap()), "01/01/2027");
        assert_eq!(prosa("2026-12-31".parse().unwrap()), "31 dicembre 2026");
    }

    #[test]
    fn dates_read_as_others_write_them() {
        let all = |day: &str| Lingua::ALL.map(|lingua| prosa_in(lingua, day.parse().unwrap()));
        assert_eq!(
            all("2027-01-01"),
            ["1º gennaio 2027", "1 January 2027", "1. Januar 2027", "1er janvier 2027", "1. januar 2027"]
        );
        assert_eq!(all("2026-08-31")[1..4], ["31 August 2026", "31. August 2026", "31 août 2026"]);
    }
}
