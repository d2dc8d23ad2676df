//! Free text people type: names, causali, e-mail addresses. Parsed once; what passed can be shown, sent to pagoPA and printed.

use crate::{CodiceFiscale, Reason};

/// `fullName` is `stText70` in paForNode.xsd.
pub const NOME_MAX: u16 = 70;
/// `remittanceInformation` and `description` are `stText140` in sac-common-types-1.0.xsd.
pub const CAUSALE_MAX: u16 = 140;
/// RFC 5321 §4.5.3.1.3: a path is at most 256 octets with its angle brackets. `stEMail` in the XSD allows 256.
pub const EMAIL_MAX: u16 = 254;
/// Accents on one letter: Vietnamese and polytonic Greek need three at most; dozens of them cover the lines above and below.
const MARKS_MAX: usize = 4;

/// One line of text of at most `max` characters: surrounding and repeated blanks are folded, everything that could be mistaken
/// for something else on a page, a receipt or a bank statement is refused.
///
/// # Errors
/// `Missing`, `TooLong`, `BadCharacters`.
pub fn line(text: &str, max: u16) -> Result<String, Reason> {
    if text.len() > usize::from(max) * 16 {
        return Err(Reason::TooLong { max });
    }
    if text.chars().any(|c| !is_allowed(c)) || text.split(|c| !is_mark(c)).any(|marks| marks.chars().count() > MARKS_MAX) {
        return Err(Reason::BadCharacters);
    }
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.is_empty() {
        return Err(Reason::Missing);
    }
    if folded.chars().count() > usize::from(max) {
        return Err(Reason::TooLong { max });
    }
    Ok(folded)
}

/// Name of a person or company.
///
/// # Errors
/// As [`line`], plus `TooShort` under two characters and `BadCharacters` where there is no letter at all.
pub fn nome(text: &str) -> Result<String, Reason> {
    let nome = line(text, NOME_MAX)?;
    if nome.chars().count() < 2 {
        return Err(Reason::TooShort { min: 2 });
    }
    if !nome.chars().any(char::is_alphabetic) {
        return Err(Reason::BadCharacters);
    }
    Ok(nome)
}

/// What a payment is for. PSPs show it to whoever pays: no codice fiscale in it (SANP, best practices of the EC).
///
/// # Errors
/// As [`line`], plus `PersonalData`.
pub fn causale(text: &str) -> Result<String, Reason> {
    let causale = line(text, CAUSALE_MAX)?;
    let holds_codice_fiscale =
        causale.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word.len() == 16 && CodiceFiscale::parse(word).is_ok());
    if holds_codice_fiscale { Err(Reason::PersonalData) } else { Ok(causale) }
}

/// A line put together by a program: blanks folded, what [`line`] would refuse left out, what does not fit cut off.
pub fn cut(text: &str, max: u16) -> String {
    let mut marks = 0;
    let kept: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| {
            marks = if is_mark(*c) { marks + 1 } else { 0 };
            is_allowed(*c) && marks <= MARKS_MAX
        })
        .collect();
    let folded = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().take(usize::from(max)).collect::<String>().trim_end().to_owned()
}

/// An e-mail address of the everyday kind (no quoted local parts, no address literals).
///
/// # Errors
/// `Missing`, `TooLong`, `NotEmail`.
pub fn email(text: &str) -> Result<String, Reason> {
    let email = text.trim();
    if email.is_empty() {
        return Err(Reason::Missing);
    }
    if email.len() > usize::from(EMAIL_MAX) {
        return Err(Reason::TooLong { max: EMAIL_MAX });
    }
    let (local, host) = email.rsplit_once('@').ok_or(Reason::NotEmail)?;
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let host_ok = host.contains('.')
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    if local_ok && host_ok { Ok(email.to_owned()) } else { Err(Reason::NotEmail) }
}

/// Upper case of the Latin letters that the languages of Checkout have; others stay. The tables for all scripts are more than a phone
/// should download for it.
pub fn upper(text: &str) -> String {
    text.chars().map(|c| other_case(c, true)).collect()
}

/// Lower case of the same.
pub fn lower(text: &str) -> String {
    text.chars().map(|c| other_case(c, false)).collect()
}

/// In Latin-1 the cases are 32 apart; in Latin Extended-A they alternate, beginning with the upper one at even places but for two runs.
fn other_case(c: char, upper: bool) -> char {
    let code = u32::from(c);
    let pair = match c {
        'ā'..='ķ' | 'ŋ'..='ŷ' | 'Ā'..='Ķ' | 'Ŋ'..='Ŷ' => Some(0),
        'Ĺ'..='ň' | 'Ź'..='ž' => Some(1),
        _ => None,
    };
    let changed = match (c, pair) {
        // dotless and dotted i of Turkish have no other half here
        ('ı' | 'İ', _) => code,
        ('ÿ', _) if upper => 0x178,
        ('Ÿ', _) if !upper => 0xff,
        ('a'..='z' | 'à'..='ö' | 'ø'..='þ', _) if upper => code - 32,
        ('A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ', _) if !upper => code + 32,
        (_, Some(first)) if upper && code % 2 != first => code - 1,
        (_, Some(first)) if !upper && code % 2 == first => code + 1,
        _ => code,
    };
    char::from_u32(changed).unwrap_or(c)
}

/// Letters and digits of any script, marks that belong to letters, and the punctuation of names and causali.
/// Not: control and format characters (zero-width, direction marks), symbols, emoji, `<` `>` and other code-like brackets.
fn is_allowed(c: char) -> bool {
    const PUNCTUATION: &str = " '’‘`´\".,;:!?-–_/()&+°ªº%€@#*=№«»";
    match c {
        '\u{a0}' | '\t' => true,
        // enclosed letters and regional indicators count as alphabetic, and are emoji
        '\u{2460}'..='\u{24ff}' | '\u{1f000}'..='\u{1ffff}' => false,
        // fillers that look like nothing
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => false,
        // joins nothing that one can see
        '\u{34f}' => false,
        c if is_mark(c) => true,
        c => c.is_alphanumeric() || PUNCTUATION.contains(c),
    }
}

/// Combining diacritical marks.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_called_is_accepted() {
        for name in [
            "Mario Rossi",
            "Niccolò D’Angelo",
            "Đorđe Šimić",
            "O'Neil-Smith",
            "Bar & Tabacchi \"3 Re\" S.n.c.",
            "李小龍",
            "Zoe\u{308} Muller",
        ] {
            assert_eq!(nome(name).as_deref(), Ok(name));
        }
        assert_eq!(nome("  Mario \t Rossi ").as_deref(), Ok("Mario Rossi"));
    }

    #[test]
    fn what_could_deceive_is_refused() {
        for text in [
            "<script>alert(1)</script>",
            "Mario 😀",
            "Mario\u{202e}issoR",
            "Ma\u{200b}rio",
            "a\u{0}b",
            "riga\nseconda",
            "🅰🅱",
            "{{7*7}}",
            "\u{3164}\u{3164}",
        ] {
            assert_eq!(nome(text), Err(Reason::BadCharacters), "{text:?}");
        }
        assert_eq!(nome("  "), Err(Reason::Missing));
        assert_eq!(nome("x"), Err(Reason::TooShort { min: 2 }));
        assert_eq!(nome("12"), Err(Reason::BadCharacters));
        assert_eq!(nome(&"a".repeat(71)), Err(Reason::TooLong { max: 70 }));
        assert_eq!(nome(&"a".repeat(1_000_000)), Err(Reason::TooLong { max: 70 }));
    }

    #[test]
    fn a_line_put_together_passes_whatever_it_was_put_together_of() {
        for (text, max, expected) in [
            ("Mensa\nmarzo", 140, "Mensa marzo"),
            ("  a \u{200b}<b> {c}\u{202e} ", 140, "a b c"),
            ("abc def", 4, "abc"),
            ("Zoe\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", 140, "Zoe\u{301}\u{301}\u{301}\u{301}"),
            ("\u{1f600}", 140, ""),
        ] {
            assert_eq!(cut(text, max), expected);
            assert!(expected.is_empty() || line(expected, max).as_deref() == Ok(expected), "{expected}");
        }
    }

    #[test]
    fn cases_are_those_of_the_languages_we_speak() {
        let latin = (0..0x180).filter_map(char::from_u32);
        for c in latin.filter(|c| !"ßŉıİſĸµ".contains(*c)) {
            assert_eq!(upper(&c.to_string()), c.to_string().to_uppercase(), "{c}");
            assert_eq!(lower(&c.to_string()), c.to_string().to_lowercase(), "{c}");
        }
        assert_eq!(upper("Straße đŽčñ è ы"), "STRAßE ĐŽČÑ È ы");
        assert_eq!(lower("ŠKOFJA LOKA"), "škofja loka");
    }

    #[test]
    fn a_causale_carries_no_codice_fiscale() {
        assert_eq!(causale("Mensa di RSSMRA85T10A562S, marzo"), Err(Reason::PersonalData));
        assert_eq!(causale("Mensa scolastica marzo 2026").as_deref(), Ok("Mensa scolastica marzo 2026"));
    }

    #[test]
    fn everyday_addresses_pass_and_others_do_not() {
        for good in ["a@b.it", "mario.rossi+tag@posta.comune.valdoria.it"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in
            ["a", "a@b", "@b.it", "a@@b.it", "a b@c.it", "a@b..it", ".a@b.it", "a@-b.it", "a@b.it\r\nBcc: c@d.it", "à@b.it"]
        {
            assert_eq!(email(bad), Err(Reason::NotEmail), "{bad}");
        }
    }
}
