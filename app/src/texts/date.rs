//! Dates in Italian: words in prose, figures in tables.

use jiff::civil::{Date, DateTime};

const MESI: [&str; 12] = [
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
];

/// `23 novembre 2026`; the first of a month is `1º`.
pub fn prosa(data: Date) -> String {
    let mese = usize::try_from(data.month()).ok().and_then(|m| MESI.get(m.checked_sub(1)?)).copied().unwrap_or_default();
    let ordinale = if data.day() == 1 { "º" } else { "" };
    format!("{}{ordinale} {mese} {}", data.day(), data.year())
}

/// `23/11/2026`
pub fn tabella(data: Date) -> String {
    format!("{:02}/{:02}/{}", data.day(), data.month(), data.year())
}

/// `23 novembre 2026, ore 14:05`
pub fn prosa_con_ora(istante: DateTime) -> String {
    format!("{}, ore {:02}:{:02}", prosa(istante.date()), istante.hour(), istante.minute())
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
}
