//! The due dates as a calendar, for a phone to remember them (RFC 5545).
//!
//! A calendar is copied to servers of others the moment it is opened: it holds what is due, until when and by which number, and
//! nobody's name. Written by hand: the crates that write calendars bring a clock, random numbers and a date library of their own, for
//! what is forty lines.

use crate::DocumentError;
use domain::{Importo, NumeroAvviso};
use jiff::Timestamp;
use jiff::civil::Date;

/// Octets of a line without its end (§3.1).
const LINE_MAX: usize = 75;
/// As many as a notice may have instalments, and the whole amount.
pub const SCADENZE_MAX: usize = crate::avviso::RATE_MAX + 1;
/// Two weeks before at the earliest: who is told sooner forgets again.
const PREAVVISO_MAX: u16 = 14;

/// A day by which something is due.
#[derive(Clone, Copy, Debug)]
pub struct Scadenza<'a> {
    pub numero: &'a NumeroAvviso,
    pub importo: Importo,
    pub giorno: Date,
    /// `Rata 2 di 5`, when it is one of several.
    pub quale: Option<&'a str>,
}

/// Everything a calendar is made from.
#[derive(Clone, Copy, Debug)]
pub struct ScadenzeDoc<'a> {
    pub ente: &'a str,
    pub causale: &'a str,
    pub scadenze: &'a [Scadenza<'a>],
    /// Days before, at nine in the morning, on which the calendar says so; 0 for none.
    pub preavviso_giorni: u16,
    /// When the calendar was made (`DTSTAMP`): the same calendar later replaces it.
    pub emesso: Timestamp,
    /// Host of the portal: with the number it makes an identity that no other portal's events have.
    pub host: &'a str,
    pub di_prova: bool,
}

/// The calendar, one event a day.
///
/// # Errors
/// [`DocumentError::NothingDue`], [`DocumentError::TooManyRate`].
pub fn render(doc: &ScadenzeDoc<'_>) -> Result<String, DocumentError> {
    if doc.scadenze.is_empty() {
        return Err(DocumentError::NothingDue);
    }
    if doc.scadenze.len() > SCADENZE_MAX {
        return Err(DocumentError::TooManyRate { max: SCADENZE_MAX, found: doc.scadenze.len() });
    }
    let mut calendar = String::with_capacity(512 * doc.scadenze.len());
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sportello//Scadenze//IT", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
        write(&mut calendar, line);
    }
    for scadenza in doc.scadenze {
        event(&mut calendar, doc, scadenza);
    }
    write(&mut calendar, "END:VCALENDAR");
    Ok(calendar)
}

fn event(calendar: &mut String, doc: &ScadenzeDoc<'_>, scadenza: &Scadenza<'_>) {
    let quale = scadenza.quale.map(|quale| format!(" ({quale})")).unwrap_or_default();
    let prova = if doc.di_prova { "PROVA, nulla da pagare: " } else { "" };
    let summary = format!("{prova}Scade: {}{quale}, {}", doc.causale, scadenza.importo.euro());
    let description = format!(
        "Da pagare a {} entro il {}: {}.\nNumero avviso: {}",
        doc.ente,
        scadenza.giorno.strftime("%d/%m/%Y"),
        scadenza.importo.euro(),
        scadenza.numero.grouped()
    );
    let (compact, instant) = ("%Y%m%d", "%Y%m%dT%H%M%SZ");
    write(calendar, "BEGIN:VEVENT");
    write(calendar, &format!("UID:{}@{}", scadenza.numero, escaped(doc.host)));
    write(calendar, &format!("DTSTAMP:{}", doc.emesso.strftime(instant)));
    write(calendar, &format!("DTSTART;VALUE=DATE:{}", scadenza.giorno.strftime(compact)));
    // without DTEND it is that one day (§3.6.1), and takes nobody's time
    write(calendar, "TRANSP:TRANSPARENT");
    write(calendar, &format!("SUMMARY:{}", escaped(&summary)));
    write(calendar, &format!("DESCRIPTION:{}", escaped(&description)));
    if doc.preavviso_giorni > 0 {
        // from midnight at the beginning of the day, back by so many days, and forward to nine o'clock
        let hours = doc.preavviso_giorni.min(PREAVVISO_MAX) * 24 - 9;
        write(calendar, "BEGIN:VALARM");
        write(calendar, "ACTION:DISPLAY");
        write(calendar, &format!("DESCRIPTION:{}", escaped(&summary)));
        write(calendar, &format!("TRIGGER:-PT{hours}H"));
        write(calendar, "END:VALARM");
    }
    write(calendar, "END:VEVENT");
}

/// A TEXT (§3.3.11): nothing in it ends the property, and no control character is left.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A content line, folded so that none has more than 75 octets and no letter is split (§3.1).
fn write(calendar: &mut String, line: &str) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LINE_MAX {
            calendar.push_str("\r\n ");
            octets = 1;
        }
        calendar.push(c);
        octets += c.len_utf8();
    }
    calendar.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use icalendar::parser::{Component, read_calendar, unfold};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn numero(n: u64) -> NumeroAvviso {
        NumeroAvviso::compose(domain::CodiceSegregazione::parse("02").unwrap(), 7_300_000_000_000 + n).unwrap()
    }

    fn doc<'a>(causale: &'a str, scadenze: &'a [Scadenza<'a>]) -> ScadenzeDoc<'a> {
        ScadenzeDoc {
            ente: "Comune di Valdoria",
            causale,
            scadenze,
            preavviso_giorni: 3,
            emesso: "2026-03-12T09:32:00Z".parse().unwrap(),
            host: "pagamenti.comune.valdoria.it",
            di_prova: false,
        }
    }

    fn property(component: &Component<'_>, name: &str) -> String {
        component.find_prop(name).unwrap().val.to_string()
    }

    fn unescaped(text: &str) -> String {
        let mut chars = text.chars();
        let mut plain = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => plain.extend(chars.next().map(|c| if c == 'n' { '\n' } else { c })),
                c => plain.push(c),
            }
        }
        plain
    }

    #[test]
    fn another_library_reads_the_days_back() {
        let numeri = [numero(1), numero(2)];
        let scadenze = [
            Scadenza {
                numero: &numeri[0],
                importo: Importo::of_cents(75_000),
                giorno: date(2026, 6, 30),
                quale: Some("rata 1 di 2"),
            },
            Scadenza {
                numero: &numeri[1],
                importo: Importo::of_cents(75_000),
                giorno: date(2026, 12, 31),
                quale: Some("rata 2 di 2"),
            },
        ];
        let calendar = render(&doc("TARI 2026; via Roma, 3 \\ interno", &scadenze)).unwrap();
        let unfolded = unfold(&calendar);
        let events = read_calendar(&unfolded).unwrap().components;
        assert!(events.len() == 2 && events.iter().all(|event| event.name == "VEVENT"));
        assert_eq!(property(&events[0], "UID"), format!("{}@pagamenti.comune.valdoria.it", numeri[0]));
        assert_eq!(property(&events[0], "DTSTAMP"), "20260312T093200Z");
        assert_eq!(property(&events[1], "DTSTART"), "20261231");
        let start = &events[1].find_prop("DTSTART").unwrap().params;
        assert!(start.len() == 1 && start[0].key == "VALUE" && start[0].val.as_ref().unwrap().as_str() == "DATE");
        let summary = property(&events[0], "SUMMARY");
        assert_eq!(summary, "Scade: TARI 2026; via Roma, 3 \\ interno (rata 1 di 2), 750,00\u{a0}€");
        let description = property(&events[1], "DESCRIPTION");
        assert!(description.contains("entro il 31/12/2026") && description.contains(&numeri[1].grouped()), "{description}");
        assert_eq!(events[0].components.len(), 1);
        // nine in the morning, three days before
        assert_eq!(property(&events[0].components[0], "TRIGGER"), "-PT63H");
    }

    #[test]
    fn it_is_silent_when_asked_and_says_when_it_is_made_up() {
        let numero = numero(1);
        let scadenze = [Scadenza { numero: &numero, importo: Importo::of_cents(100), giorno: date(2026, 6, 30), quale: None }];
        let silent = ScadenzeDoc { preavviso_giorni: 0, di_prova: true, ..doc("TARI", &scadenze) };
        let calendar = render(&silent).unwrap();
        assert!(!calendar.contains("VALARM") && calendar.contains("SUMMARY:PROVA\\, nulla da pagare: Scade: TARI\\, 1\\,00"));
        assert_eq!(render(&doc("TARI", &[])), Err(DocumentError::NothingDue));
        let many = vec![scadenze[0]; 62];
        assert_eq!(render(&doc("TARI", &many)), Err(DocumentError::TooManyRate { max: 61, found: 62 }));
    }

    proptest! {
        /// §3.1, §3.3.11: whatever the texts, a calendar is lines of at most 75 octets that end with CRLF, and says what it was told.
        #[test]
        fn no_text_breaks_the_grammar(causale in any::<String>(), ente in ".{0,200}", host in "[a-z.]{1,60}") {
            let numero = numero(7);
            let scadenze = [Scadenza { numero: &numero, importo: Importo::MAX, giorno: date(2027, 2, 28), quale: None }];
            let calendar = render(&ScadenzeDoc { ente: &ente, host: &host, ..doc(&causale, &scadenze) }).unwrap();
            prop_assert!(calendar.ends_with("END:VCALENDAR\r\n"));
            let without_ends = calendar.replace("\r\n", "");
            prop_assert!(!without_ends.contains(['\r', '\n']));
            for line in calendar.split("\r\n") {
                prop_assert!(line.len() <= LINE_MAX, "{} octets: {line}", line.len());
            }
            let unfolded = calendar.replace("\r\n ", "");
            for line in unfolded.trim_end().split("\r\n") {
                let name = line.split([':', ';']).next().unwrap();
                prop_assert!(line.contains(':') && name.bytes().all(|b| b.is_ascii_uppercase()), "{line}");
            }
            let kept: String = causale.chars().filter(|c| !c.is_control() || *c == '\n').collect();
            let summary = unfolded.split("\r\n").find_map(|line| line.strip_prefix("SUMMARY:")).unwrap();
            prop_assert_eq!(unescaped(summary), format!("Scade: {kept}, 999.999.999,99\u{a0}€"));
        }
    }
}
