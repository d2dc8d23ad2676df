//! Bad input in every field of every form.

use crate::harness::{PASTI, PIETRALTA, Page, Sportello, VALDORIA, form_but};
use std::collections::BTreeMap;

/// Refused in every field, whatever it is for: control and format characters, look-alikes of nothing, markup, templates.
const EVERYWHERE: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "' onfocus='alert(1)' autofocus x='<",
    "a\u{0}b",
    "a\u{1b}[31mb",
    "a\r\nSet-Cookie: s=1",
    "\u{202e}issoR oiraM",
    "Ma\u{200b}rio",
    "\u{feff}Mario",
    "Mario 😀",
    "🇮🇹",
    "{{7*7}}",
    "<!--",
    "\u{3164}\u{3164}",
];

const CODICI_FISCALI: [&str; 12] = [
    "",
    "   ",
    "RSSMRA85T10A562T",
    "RSSMRA85T10A562",
    "RSSMRA85T10A562SS",
    "RSSMRA85Z10A562S",
    "RSSMRA85T99A562S",
    "00000000000",
    "80001230458",
    "ＲＳＳＭＲＡ８５Ｔ１０Ａ５６２Ｓ",
    "RSSMRA85T10A562S' OR '1'='1",
    "'; DROP TABLE posizioni; --",
];

const NOMI: [&str; 4] = ["", " \u{a0} ", "x", "12 34"];

/// The fields of the page of the school canteen and what each must refuse.
fn bad_values() -> BTreeMap<&'static str, Vec<String>> {
    let long = |n: usize| "a".repeat(n);
    let own = |field: &[&str]| field.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut values = BTreeMap::from([
        ("voce", own(&["", "PASTI", "libera", "0", "pasti' OR 1=1 --"])),
        (
            "quantita",
            own(&[
                "",
                "0",
                "00",
                "61",
                "-1",
                "+5",
                "1,5",
                "1.5",
                "1e1",
                "0x10",
                "dieci",
                "NaN",
                "５",
                "٥",
                "99999999999999999999",
                "5; DROP TABLE rate",
            ]),
        ),
        ("dettaglio", own(&["", "  ", "per RSSMRA85T10A562S", "${7*7}", "a\\b", "[x]"])),
        ("codice_fiscale", own(&CODICI_FISCALI)),
        ("nome", own(&NOMI)),
        (
            "email",
            own(&[
                "a",
                "a@b",
                "@b.it",
                "a@",
                "a@@b.it",
                "a b@c.it",
                "a@b..it",
                "à@b.it",
                "a@[127.0.0.1]",
                "a@b.it,c@d.it",
                "\"a\"@b.it",
                "a@b.it\nBcc: c@d.it",
                "mailto:a@b.it",
            ]),
        ),
        ("versante_codice_fiscale", own(&CODICI_FISCALI)),
        ("versante_nome", own(&NOMI)),
    ]);
    for (field, texts) in &mut values {
        texts.extend(EVERYWHERE.iter().map(|text| (*text).to_owned()));
        texts.push(long(if *field == "email" { 256 } else { 141 }));
        texts.push(long(50_000));
    }
    values
}

#[tokio::test]
async fn every_field_of_a_payment_refuses_what_is_not_for_it_and_shows_it_back_as_text() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(VALDORIA).await;
    let fields = bad_values();
    let mut tried = 0;
    for (field, values) in &fields {
        for value in values {
            let mut form = form_but(field, value);
            for (name, good) in
                [("altro_versante", "si"), ("versante_codice_fiscale", "00743110157"), ("versante_nome", "Nonni S.n.c.")]
            {
                if name != *field {
                    form.push((name, good));
                }
            }
            let page = browser.post(PASTI, &form).await;
            let shown: String = value.chars().take(60).collect();
            assert_eq!(page.status, 422, "{field}: {shown:?}");
            for other in fields.keys() {
                assert_eq!(page.error_at(other).is_some(), other == field, "{field}: {shown:?}: {:?}", page.error_at(other));
            }
            assert!(page.has(&format!("href=\"#{field}\"")), "the summary leads to {field}");
            if *field != "voce" {
                assert_eq!(value_of(&page, field).as_deref(), Some(value.as_str()), "{field}");
            }
            assert_harmless(&page, &shown);
            tried += 1;
        }
    }
    assert!(tried > 190, "{tried}");
    assert_eq!(sportello.posizioni(VALDORIA).await, before);
}

#[tokio::test]
async fn a_free_amount_is_refused_when_it_is_none_or_can_be_read_in_two_ways() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(VALDORIA).await.len();
    let own = [
        "",
        " ",
        "€",
        "-5",
        "−5,00",
        "--5",
        "0",
        "0,00",
        "0,99",
        "10000,01",
        "10.000,01",
        "1.234",
        "1,234",
        "5,001",
        "1,2,3",
        "1.23.456",
        "1e3",
        "0x10",
        "NaN",
        "∞",
        "５０",
        "١٢",
        "dieci",
        "999999999999999999999",
        "1'000",
        "5 euro",
        "5; DROP TABLE posizioni",
        "=1+1",
    ];
    for value in own.iter().chain(&EVERYWHERE) {
        let mut form = form_but("voce", "libera");
        form.push(("importo", value));
        let page = browser.post("/valdoria/servizi/donazione/paga", &form).await;
        assert_eq!((page.status, page.error_at("importo").is_some()), (422, true), "{value:?}");
        assert_eq!(value_of(&page, "importo").as_deref(), Some(*value));
        assert_harmless(&page, value);
    }
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before);
}

#[tokio::test]
async fn a_look_up_refuses_what_is_no_notice_number() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let own = [
        "",
        " - ",
        "30200000000000018",
        "3020000000000001844",
        "302000000000000185",
        "402000000000000184",
        "30200000000000018a",
        "３０２０００００００００００００１８４",
        "302000000000000184 OR 1=1",
        "302000000000000184'; DROP TABLE rate; --",
        "%",
        "_",
        "../../etc/passwd",
    ];
    let long = "3".repeat(20_000);
    for value in own.into_iter().chain(EVERYWHERE).chain([long.as_str()]) {
        let shown: String = value.chars().take(60).collect();
        for (path, form) in
            [("/valdoria/avviso", vec![("numero", value)]), ("/", vec![("numero", value), ("codice_fiscale_ente", VALDORIA)])]
        {
            let page = browser.post(path, &form).await;
            assert_eq!((page.status, page.error_at("numero").is_some()), (422, true), "{path} {shown:?}");
            assert_eq!(page.error_at("codice_fiscale_ente"), None, "{path} {shown:?}");
            assert_eq!(value_of(&page, "numero").as_deref(), Some(value));
            assert_harmless(&page, &shown);
        }
    }
    let numero = sportello.avviso("APERTA").numero;
    for value in ["", "8000123045", "800012304590", "8000123045a", "８０００１２３０４５９", "80001230459' OR 1=1", "%"]
        .into_iter()
        .chain(EVERYWHERE)
    {
        let page = browser.post("/", &[("numero", &numero), ("codice_fiscale_ente", value)]).await;
        assert_eq!((page.status, page.error_at("codice_fiscale_ente").is_some()), (422, true), "{value:?}");
        assert_eq!((page.error_at("numero"), value_of(&page, "codice_fiscale_ente").as_deref()), (None, Some(value)));
        assert_harmless(&page, value);
    }
}

#[tokio::test]
async fn text_that_looks_like_sql_or_a_formula_is_text_like_any_other() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let enti = (sportello.posizioni(VALDORIA).await.len(), sportello.posizioni(PIETRALTA).await.len());
    let texts = ["Robert'); DROP TABLE posizioni;--", "=cmd/C calc", "O''Neil' OR '1'='1", "+39 %s %n & Co.", "@SUM(A1:A9)"];
    for text in texts {
        let mut form = form_but("nome", text);
        form.retain(|(name, _)| *name != "dettaglio");
        form.push(("dettaglio", text));
        let (riepilogo, numero) = sportello.propose(PASTI, &form).await;
        let posizione = sportello.posizione(&numero).await;
        assert_eq!((posizione.debitore.nome.as_str(), posizione.causale), (text, format!("Buoni pasto - {text}")));
        let page = browser.get(&riepilogo).await;
        assert_eq!(page.status, 200);
        assert!(unescaped(page.html()).contains(text), "{}", page.text());
        assert_harmless(&page, text);
    }
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), enti.0 + texts.len());
    assert_eq!(sportello.posizioni(PIETRALTA).await.len(), enti.1);
}

/// What stands in a field of the page that came back.
fn value_of(page: &Page, field: &str) -> Option<String> {
    let tags = page.tags();
    let input = tags.iter().find(|tag| tag.name == "input" && tag.attribute("name") == Some(field))?;
    input.attribute("value").map(unescaped)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Nothing that was typed became part of the page.
fn assert_harmless(page: &Page, typed: &str) {
    let nonce = page.nonce();
    for tag in page.tags() {
        if tag.name == "script" {
            assert_eq!(tag.attribute("nonce"), Some(nonce.as_str()), "{typed:?}");
        }
        for (name, _) in &tag.attributes {
            assert!(!name.starts_with("on") && name != "autofocus", "{typed:?}: {tag:?}");
        }
    }
    assert_eq!((page.header("set-cookie"), page.header("location")), ("", ""), "{typed:?}");
}
