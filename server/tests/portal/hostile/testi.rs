//! Texts that come from others: PSPs write receipts.

use super::counted;
use crate::harness::{Sportello, rata, receipt};
use domain::EsitoPagamento;

#[tokio::test]
async fn what_a_psp_writes_into_a_receipt_is_shown_as_text_and_printed() {
    let sportello = Sportello::start().await;
    let cases = [
        ("a script", "<script>alert(1)</script>"),
        ("an image that fails", "\"><img src=x onerror=alert(1)>"),
        ("an attribute", "' onmouseover='alert(1)"),
        ("a closed element", "</p></main><h1>Pagato</h1>"),
        ("a form", "<form action=https://evil.example><input name=cf>"),
        ("a base", "<base href=https://evil.example>"),
        ("an SVG", "<svg/onload=alert(1)>"),
        ("an address that runs", "javascript:alert(1)"),
        ("entities", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a template", "{{constructor.constructor('alert(1)')()}}"),
        ("a formula", "=HYPERLINK(\"https://evil.example\")"),
        ("hidden characters", "a\u{202e}b\u{200b}c\u{feff}"),
        ("many scripts", "😀🇮🇹 漢字 עברית العربية"),
        ("many accents", "a\u{301}\u{301}\u{301}\u{301}\u{301}"),
        ("ends of XML and HTML", "]]>&amp;<!--"),
        ("characters of nobody", "\u{fffd}\u{e000}\u{10ffff}"),
        ("lines and tabs", "riga\nriga\ttab"),
    ];
    counted(cases.iter().map(|case| case.0));
    for (n, (name, text)) in cases.into_iter().enumerate() {
        let mut browser = sportello.browser();
        let (riepilogo, numero) = sportello.riepilogo().await;
        let checkout = browser.pay(&riepilogo).await;
        let posizione = sportello.posizione(&numero).await;
        let mut request = receipt(&posizione, rata(&posizione, &numero), &format!("r{n}"));
        let r = &mut request.ricevuta;
        for place in [&mut r.descrizione, &mut r.nome_ente, &mut r.debitore.nome, &mut r.psp.nome, &mut r.versamenti[0].causale] {
            *place = text.into();
        }
        r.nota = sportello.tentativi(&numero).await.pop().map(|trip| trip.id);
        r.ufficio = Some(text.into());
        r.metodo = Some(text.chars().take(35).collect());
        r.versamenti[0].metadata = vec![("chiave".into(), text.into())];
        sportello.deliver(&request).await;

        let back = browser.choose(&checkout, "abbandona", 0).await;
        let (esito, token) = browser.come_back(&back).await;
        sportello.wait_for(&token, EsitoPagamento::Pagato).await;
        let page = browser.get(&esito).await;
        assert_eq!(page.status, 200, "{name}");
        let nonce = page.nonce();
        for tag in page.tags() {
            let emblem = tag.attribute("class") == Some("emblem")
                && tag.attribute("src").is_some_and(|src| src.starts_with("/valdoria/logo/"));
            assert!(
                (tag.name != "img" || emblem) && (tag.name != "script" || tag.attribute("nonce") == Some(nonce.as_str())),
                "{name}: {tag:?}"
            );
            assert!(!tag.attributes.iter().any(|(name, _)| name.starts_with("on")), "{name}: {tag:?}");
            assert!(!tag.attribute("href").unwrap_or_default().contains("evil"), "{name}: {tag:?}");
        }
        let pdf = browser.get(&format!("{esito}/ricevuta.pdf")).await;
        assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF-"), "{name}: {}", pdf.status);
    }
}
