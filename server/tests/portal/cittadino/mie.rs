//! What is somebody's own: his notices lead to the pages everybody has, his payments to their receipts.

use crate::harness::{LUCA, MARIA, Sportello};
use serde_json::json;
use std::collections::BTreeSet;

const VAI: &str = "/accesso/vai?con=spid";

/// Paths of the page that begin so.
fn links(html: &str, begin: &str) -> Vec<String> {
    let mark = format!("href=\"{begin}");
    let rest = html.split(&mark).skip(1);
    rest.map(|rest| format!("{begin}{}", rest.split('"').next().unwrap_or_default()).replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn my_notices_are_mine_and_paying_one_makes_it_one_of_my_payments() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    browser.come_in(VAI, MARIA).await;
    let page = browser.get("/mie").await;
    assert!(page.has("TARI") && page.has("312,00") && page.has("Da pagare"), "{}", page.text());
    let [avviso] = &links(page.html(), "/valdoria/avviso/v/")[..] else { panic!("one notice: {}", page.text()) };
    assert!(browser.get(avviso).await.has("312,00"));
    assert!(browser.get("/mie/pagamenti").await.has("Non risultano pagamenti"));

    // at a counter, where no page of an outcome was made
    let mine = sportello.find_avviso(|a| a.codice_fiscale_debitore == MARIA && a.importo_cents == 31_200);
    sportello.pay_elsewhere(&mine.numero, json!({})).await;
    sportello.wait_for_ricevute(&mine.numero, 1).await;
    assert!(browser.get("/mie").await.has("Non risultano avvisi da pagare"));
    let page = browser.get("/mie?stato=pagati").await;
    assert!(page.has("TARI") && page.has("Pagato"), "{}", page.text());
    let page = browser.get("/mie/pagamenti?anno=2026").await;
    assert!(page.has("2026 · 1 pagamento") && page.has("312,00"), "{}", page.text());
    let pdf = links(page.html(), "/mie/pagamenti/").into_iter().find(|to| to.ends_with(".pdf")).unwrap();
    let ricevuta = pdf.trim_end_matches("/ricevuta.pdf");
    let shown = browser.get(ricevuta).await;
    assert!(shown.status == 200 && shown.has("Ricevuta di pagamento") && shown.has("Maria Rossi"), "{}", shown.text());
    let paper = browser.get(&pdf).await;
    assert_eq!((paper.status, paper.header("content-type"), &paper.bytes[..5]), (200, "application/pdf", &b"%PDF-"[..]));
    assert!(browser.get("/mie/pagamenti?anno=2025").await.has("Non risultano pagamenti"));

    // the same address is worth nothing to anybody else
    let mut other = sportello.browser();
    for path in [ricevuta, &pdf] {
        assert_eq!(other.get(path).await.status, 303);
    }
    other.come_in(VAI, LUCA).await;
    for path in [ricevuta, &pdf] {
        assert_eq!(other.get(path).await.status, 404);
    }
}

#[tokio::test]
async fn nobody_of_the_demo_is_shown_what_is_another_ones() {
    let sportello = Sportello::start().await;
    let avvisi = sportello.avvisi();
    let people: BTreeSet<_> = avvisi.iter().map(|a| a.codice_fiscale_debitore.clone()).filter(|c| c.len() == 16).collect();
    assert!(people.len() > 5);
    for codice in &people {
        let mut browser = sportello.browser();
        assert_eq!(browser.come_in(VAI, codice).await.location(), "/mie");
        let (mut shown, mut own) = (BTreeSet::new(), BTreeSet::new());
        for stato in ["da-pagare", "pagati", "scaduti", "annullati"] {
            for to in links(browser.get(&format!("/mie?stato={stato}")).await.html(), "/valdoria/avviso/v/") {
                let page = browser.get(&to).await;
                shown.extend(avvisi.iter().filter(|a| page.has(&a.numero)).map(|a| a.numero.clone()));
            }
        }
        own.extend(avvisi.iter().filter(|a| a.codice_fiscale_debitore == *codice).map(|a| a.numero.clone()));
        // a page of a notice names the others of the same debt by their addresses alone
        assert!(!shown.is_empty() && shown.is_subset(&own), "{shown:?} {own:?}");
    }
}

#[tokio::test]
async fn the_address_says_which_and_in_what_order_and_what_it_cannot_mean_is_as_if_it_were_not_said() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    browser.come_in(VAI, MARIA).await;
    for (query, found) in [
        ("", true),
        ("?stato=da-pagare&ordine=ultimi", true),
        ("?ente=valdoria", true),
        ("?ente=pietralta-di-sopra", false),
        ("?stato=annullati", false),
        ("?stato=BOZZA", true),
        ("?ordine=%27;DROP&ente=%3Cb%3E", true),
        ("?dopo=2020-01-01~0", true),
        ("?dopo=2999-01-01~0", false),
        ("?dopo=%27%20OR%201=1", true),
    ] {
        let page = browser.get(&format!("/mie{query}")).await;
        assert_eq!((page.status, page.has("TARI")), (200, found), "{query}: {}", page.text());
        assert!(!page.has("<b>"));
    }
    for query in ["?anno=20", "?anno=%27%27", "?anno=2026&ente=valdoria&dopo=x", "?dopo=~"] {
        assert_eq!(browser.get(&format!("/mie/pagamenti{query}")).await.status, 200, "{query}");
    }
    for path in ["/mie/pagamenti/x", "/mie/pagamenti/x/ricevuta.pdf", "/mie/altro"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}
