//! Values at the edge of what can be said, and characters that deceive. Families 18 and 30 of `server/tests/portal/hostile.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use domain::{CodiceFiscale, CodiceFiscaleEnte, Iban, Importo, Iuv, NumeroAvviso, Reason, Slug, Tassonomia, testo};
use std::collections::BTreeSet;

/// At least ten, no two by the same name.
fn counted<'a>(names: impl IntoIterator<Item = &'a str>) {
    let names: Vec<_> = names.into_iter().collect();
    assert!(names.iter().collect::<BTreeSet<_>>().len() == names.len() && names.len() >= 10, "{names:?}");
}

/// 18: no sum wraps around, in whatever build.
#[test]
fn what_leaves_the_range_of_an_amount_is_no_amount() {
    let max = Importo::MAX;
    let (cent, half) = (Importo::of_cents(1), Importo::of_cents(Importo::MAX.cents() / 2 + 1));
    let cases: &[(&str, Option<Importo>, Option<i64>)] = &[
        ("a cent above the largest", max.checked_add(cent), None),
        ("the largest and nothing", max.checked_add(Importo::ZERO), Some(max.cents())),
        ("two halves and a bit", half.checked_add(half), None),
        ("below zero", Importo::ZERO.checked_sub(cent), None),
        ("down to zero", cent.checked_sub(cent), Some(0)),
        ("the largest twice", max.checked_mul(2), None),
        ("the largest by the largest factor", max.checked_mul(u32::MAX), None),
        ("a cent by the largest factor", cent.checked_mul(u32::MAX), Some(i64::from(u32::MAX))),
        ("a million largest ones", Importo::sum(std::iter::repeat_n(max, 1_000_000)), None),
        ("nothing a million times", Importo::sum(std::iter::repeat_n(Importo::ZERO, 1_000_000)), Some(0)),
        ("the edge of i64", Importo::from_cents(i64::MAX), None),
        ("the other edge of i64", Importo::from_cents(i64::MIN), None),
        ("minus one", Importo::from_cents(-1), None),
        ("a cent above, as typed", Importo::parse("1.000.000.000,00").ok(), None),
        ("nineteen digits, as typed", Importo::parse("9223372036854775807").ok(), None),
        ("twenty digits, as typed", Importo::parse("18446744073709551616").ok(), None),
        ("eighteen digits on the wire", Importo::from_wire("999999999999999999.99"), None),
        ("nineteen digits on the wire", Importo::from_wire("9999999999999999999.99"), None),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, found, expected) in cases {
        assert_eq!(found.map(Importo::cents), *expected, "{name}");
    }
    for parts in [1, 3, 7, 1_000] {
        assert_eq!(Importo::sum(max.split(parts)), Some(max), "the largest in {parts} parts");
    }
    assert_eq!(max.split(0), []);
}

/// 30: in a name, on a page, on a paper. `Ok`: people are called so.
#[test]
fn characters_that_deceive_are_refused_and_those_of_people_are_not() {
    let long = |mark: &str, times: usize| format!("a{}b", mark.repeat(times));
    let bomb = long("\u{301}", 5);
    let wall = long("\u{36f}", 60);
    let three = long("\u{301}", 3);
    let bad = Err(Reason::BadCharacters);
    let cases: &[(&str, &str, Result<(), Reason>)] = &[
        ("right-to-left override", "Mario \u{202e}issoR", bad.clone()),
        ("right-to-left mark", "Mario\u{200f}", bad.clone()),
        ("isolate", "\u{2067}Mario\u{2069}", bad.clone()),
        ("zero-width space", "Ma\u{200b}rio", bad.clone()),
        ("zero-width joiner", "Ma\u{200d}rio", bad.clone()),
        ("byte-order mark", "\u{feff}Mario", bad.clone()),
        ("soft hyphen", "Ma\u{ad}rio", bad.clone()),
        ("combining grapheme joiner", "Ma\u{34f}rio", bad.clone()),
        ("variation selector", "Mario\u{fe0f}", bad.clone()),
        ("tag characters", "Mario\u{e0041}", bad.clone()),
        ("Hangul filler", "\u{3164}\u{3164}", bad.clone()),
        ("braille blank", "Mario\u{2800}", bad.clone()),
        ("NUL", "Ma\u{0}rio", bad.clone()),
        ("escape", "Ma\u{1b}[31mrio", bad.clone()),
        ("next line", "Ma\u{85}rio", bad.clone()),
        ("line separator", "Ma\u{2028}rio", bad.clone()),
        ("private use", "Ma\u{e000}rio", bad.clone()),
        ("replacement character", "Ma\u{fffd}rio", bad.clone()),
        ("noncharacter", "Ma\u{ffff}rio", bad.clone()),
        ("emoji", "Mario \u{1f600}", bad.clone()),
        ("flag", "\u{1f1ee}\u{1f1f9}", bad.clone()),
        ("circled letters", "\u{24c2}ario", bad.clone()),
        ("combining bomb", &bomb, bad.clone()),
        ("wall of marks", &wall, bad.clone()),
        ("three accents", &three, Ok(())),
        ("decomposed", "Zoe\u{308} Mu\u{308}ller", Ok(())),
        ("composed", "Zo\u{eb} M\u{fc}ller", Ok(())),
        ("Vietnamese, decomposed", "Nguye\u{302}\u{303}n", Ok(())),
        ("Greek", "\u{1f08}\u{3bd}\u{3b4}\u{3c1}\u{3ad}\u{3b1}\u{3c2}", Ok(())),
        ("Arabic", "\u{645}\u{62d}\u{645}\u{62f}", Ok(())),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, text, expected) in cases {
        assert_eq!(testo::nome(text).map(drop), *expected, "{name}");
    }
}

/// 30: codes are ASCII, and a look-alike is another character. Names in addresses above all: no ente can pass for another.
#[test]
fn a_look_alike_is_no_code() {
    let refused: &[(&str, bool)] = &[
        ("Cyrillic a in a slug", Slug::parse("v\u{430}ldoria").is_err()),
        ("full-width slug", Slug::parse("\u{ff56}aldoria").is_err()),
        ("Turkish dotless i in a slug", Slug::parse("valdor\u{131}a").is_err()),
        ("accent in a slug", Slug::parse("citt\u{e0}").is_err()),
        ("Kelvin sign in a codice fiscale", CodiceFiscale::parse("RSSMRA85T10A56\u{212a}S").is_err()),
        ("full-width codice fiscale", CodiceFiscale::parse("\u{ff32}SSMRA85T10A562S").is_err()),
        ("Arabic digits in a notice number", NumeroAvviso::parse("30200000000000018\u{664}").is_err()),
        ("full-width notice number", NumeroAvviso::parse("\u{ff13}02000000000000184").is_err()),
        ("mathematical digits in an ente's code", CodiceFiscaleEnte::parse("8000123045\u{1d7d7}").is_err()),
        ("superscript digit in an ente's code", CodiceFiscaleEnte::parse("8000123045\u{b9}").is_err()),
        ("Cyrillic IBAN", Iban::parse("\u{406}T60X0542811101000000123456").is_err()),
        ("dotless i in an IBAN", Iban::parse("\u{131}t60x0542811101000000123456").is_err()),
        ("Greek letter in an IUV", Iuv::parse("RF\u{391}1").is_err()),
        ("Cyrillic in a taxonomy code", Tassonomia::parse("0101101\u{406}M").is_err()),
        ("full-width at sign", testo::email("a\u{ff20}b.it").is_err()),
        ("homograph host", testo::email("a@\u{440}agopa.it").is_err()),
        ("full-width amount", Importo::parse("\u{ff15},00").is_err()),
        ("Arabic amount", Importo::parse("\u{661}\u{662}").is_err()),
    ];
    counted(refused.iter().map(|case| case.0));
    for (name, refused) in refused {
        assert!(refused, "{name}");
    }
}
