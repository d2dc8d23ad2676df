//! The same pages in other languages: an address with `/de` in front, and everything it leads to.

use crate::harness::{PASTI, Page, Sportello, Tag, form, form_but, start_tags};
use domain::{EsitoPagamento, Lingua};

/// Where a page leads within the portal: links and forms, without files and the switch of languages.
fn ways_on(tags: &[Tag]) -> Vec<String> {
    let address = |tag: &Tag| tag.attribute("href").or_else(|| tag.attribute("action")).map(str::to_owned);
    let ours = |tag: &&Tag| ["a", "form"].contains(&tag.name.as_str()) && tag.attribute("hreflang").is_none();
    tags.iter().filter(ours).filter_map(address).filter(|to| to.starts_with('/')).collect()
}

#[tokio::test]
async fn a_payment_stays_in_its_language_from_the_first_page_to_the_receipt() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let mut pages = vec![browser.get("/de").await, browser.get("/de/valdoria").await];
    pages.push(browser.get(&format!("/de{PASTI}")).await);
    let wrong = browser.post(&format!("/de{PASTI}"), &form_but("quantita", "0")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.has(" id=\"quantita-errore\""), "{}", wrong.text());
    pages.push(wrong);
    let riepilogo = browser.post(&format!("/de{PASTI}"), &form()).await.location();
    assert!(riepilogo.starts_with("/de/valdoria/riepilogo/"), "{riepilogo}");
    pages.push(browser.get(&riepilogo).await);
    let checkout = browser.post(&riepilogo, &[]).await.location();
    assert!(checkout.starts_with(&sportello.sandbox_url("/")), "Checkout has no language in its address: {checkout}");
    let back = browser.choose(&checkout, "paga", 1).await;
    assert!(back.contains("/de/valdoria/ritorno/"), "{back}");
    let (esito, token) = browser.come_back(&back).await;
    assert!(esito.starts_with("/de/valdoria/esito/"), "{esito}");
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    pages.push(browser.get(&esito).await);
    pages.push(browser.get("/de/valdoria/esito/nichts").await);
    for page in &pages {
        assert!(page.has("<html lang=\"de\">"), "{}", page.html());
        for to in ways_on(&page.tags()) {
            assert!(to == "/de" || to.starts_with("/de/"), "{to} leaves the language: {}", page.h1());
        }
    }
    assert!(pages.last().is_some_and(|page| page.status == 404));
    let pdf = browser.get(&format!("{esito}/ricevuta.pdf")).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
}

#[tokio::test]
async fn every_page_leads_to_itself_in_every_language() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for path in ["/", "/aiuto", "/accessibilita", "/valdoria", "/valdoria/privacy", "/valdoria/avviso", PASTI] {
        let italian = browser.get(path).await;
        for lingua in Lingua::ALL {
            let there = lingua.path(path);
            let link = |tag: &Tag| tag.name == "a" && tag.attribute("hreflang") == Some(lingua.code());
            let link = italian.tags().into_iter().find(link).unwrap();
            assert_eq!((link.attribute("href"), link.attribute("lang")), (Some(there.as_str()), Some(lingua.code())), "{path}");
            assert_eq!(link.attribute("aria-current").is_some(), lingua == Lingua::It);
            let page = browser.get(&there).await;
            assert_eq!(page.status, 200, "{there}");
            assert!(page.has(&format!("<html lang=\"{lingua}\">")), "{there}");
            assert_eq!(page.h1() == italian.h1(), lingua == Lingua::It, "{there}: {}", page.h1());
            let alternatives = page.tags().into_iter().filter(|tag| tag.attribute("rel") == Some("alternate")).count();
            assert_eq!(alternatives, Lingua::ALL.len(), "{there}");
        }
    }
}

#[tokio::test]
async fn a_service_is_told_in_the_language_of_the_page_and_what_is_not_translated_is_said_to_be_italian() {
    const FALLBACK: &str = "Was die Körperschaft nicht übersetzt hat, steht auf Italienisch.";
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let lang = |tags: &[Tag], element: &str| {
        let tag = tags.iter().find(|tag| tag.attribute("data-element") == Some(element)).unwrap();
        tag.attribute("lang").map(str::to_owned)
    };

    let home = browser.get("/de/valdoria").await;
    assert!(
        home.has("<h2 id=\"argomento-1\"") && home.text().contains("Schulmensa") && home.text().contains("Schule und Bildung")
    );
    let mensa = browser.get("/de/valdoria/servizi/mensa-scolastica").await;
    assert_eq!(mensa.h1(), "Schulmensa");
    assert!(mensa.text().contains("Bürgerbüro") && !mensa.text().contains(FALLBACK), "{}", mensa.text());
    assert_eq!(lang(&mensa.tags(), "service-title"), None, "it is in the language of the page");
    let form = browser.get("/de/valdoria/servizi/mensa-scolastica/paga").await;
    assert!(form.text().contains("Schulmensa"), "{}", form.text());

    let lampade = browser.get("/de/valdoria/servizi/lampade-votive").await;
    assert_eq!((lampade.h1().as_str(), lang(&lampade.tags(), "service-title").as_deref()), ("Lampade votive", Some("it")));
    assert!(lampade.text().contains(FALLBACK), "{}", lampade.text());
    assert_eq!(lang(&lampade.tags(), "service-addressed").as_deref(), Some("it"));
    assert_eq!(lang(&lampade.tags(), "service-how-to"), None, "this voice is translated");
    let italian = browser.get("/valdoria/servizi/lampade-votive").await;
    assert_eq!(lang(&italian.tags(), "service-title"), None);
}

#[tokio::test]
async fn an_address_has_one_language_and_italian_has_none() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for (from, to) in [("/it", "/"), ("/it/valdoria?x=1", "/valdoria?x=1")] {
        let page = browser.get(from).await;
        assert_eq!((page.status, page.header("location")), (308, to));
        assert_eq!(page.header("x-content-type-options"), "nosniff", "what leads on is protected as every answer is");
    }
    for nowhere in ["/en/en/valdoria", "/es/valdoria", "/EN", "/en//valdoria"] {
        assert_eq!(browser.get(nowhere).await.status, 404, "{nowhere}");
    }
    // what stands behind a token is nobody's to find
    let (riepilogo, _) = sportello.riepilogo().await;
    assert!(!browser.get(&riepilogo).await.has("rel=\"alternate\""));
}

#[tokio::test]
async fn amounts_and_dates_are_written_as_the_language_does() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, _) = sportello.riepilogo().await;
    for (lingua, amount) in
        [("", "48,00\u{a0}€"), ("/en", "€48.00"), ("/de", "48,00\u{a0}€"), ("/fr", "48,00\u{a0}€"), ("/sl", "48,00\u{a0}€")]
    {
        let page = browser.get(&format!("{lingua}{riepilogo}")).await;
        assert!(page.status == 200 && page.has(amount), "{lingua}: {}", page.text());
    }
}

/// What stands in the first tag with that text right behind it.
fn lang_of(page: &Page, text: &str) -> Option<String> {
    let html = page.html();
    let (before, _) = html.split_once(&format!(">{text}<"))?;
    let (_, tag) = before.rsplit_once('<')?;
    start_tags(&format!("<{tag}>")).first()?.attribute("lang").map(str::to_owned)
}

#[tokio::test]
async fn what_the_ente_has_written_is_read_aloud_as_italian_on_every_page() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (mensa, causale) = ("Mensa scolastica", "Buoni pasto - 3B primaria, marzo");
    let notice = sportello.avviso("APERTA");
    let avviso = sportello.look_up(&notice.numero).await;
    let (riepilogo, _) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    for (path, texts) in
        [(&avviso, vec![notice.causale.as_str()]), (&riepilogo, vec![mensa, causale]), (&esito, vec![mensa, causale])]
    {
        for text in texts {
            let italian = browser.get(path).await;
            assert!(italian.has(&format!(">{text}<")) && lang_of(&italian, text).is_none(), "{path}: {text}: {}", italian.text());
            for lingua in ["de", "en", "fr", "sl"] {
                let page = browser.get(&format!("/{lingua}{path}")).await;
                assert_eq!(lang_of(&page, text).as_deref(), Some("it"), "{lingua} {path}: {text}");
            }
        }
    }
    for (lingua, quoted) in [("en", "“|”"), ("de", "„|“"), ("fr", "«\u{202f}|\u{202f}»"), ("sl", "»|«")] {
        let page = browser.get(&format!("/{lingua}{esito}")).await;
        assert!(page.has(&quoted.replace('|', &format!("<span lang=\"it\">{causale}</span>"))), "{lingua}: {}", page.html());
    }
}

#[tokio::test]
async fn an_amount_is_read_as_the_language_of_its_page_writes_it() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let donazione = "/valdoria/servizi/donazione/paga";
    let typed = |importo: &'static str| {
        let mut form = form_but("importo", importo);
        form.retain(|(name, _)| !["voce", "quantita"].contains(name));
        form
    };
    for (lingua, importo, told) in [
        ("/en", "1,234.50", Ok("€1,234.50")),
        ("/en", "1.234,50", Ok("€1,234.50")),
        ("", "1.234,50", Ok("1.234,50\u{a0}€")),
        ("", "1,234.50", Err(())),
        ("/de", "1,234.50", Err(())),
        ("/en", "1,234", Err(())),
    ] {
        let page = browser.post(&format!("{lingua}{donazione}"), &typed(importo)).await;
        match told {
            Ok(amount) => {
                let riepilogo = browser.get(&page.location()).await;
                assert!(riepilogo.has(amount), "{lingua} {importo}: {}", riepilogo.text());
            }
            Err(()) => {
                assert_eq!(page.status, 422, "{lingua} {importo}");
                assert!(
                    page.has(" id=\"importo-errore\"") && page.has("is-invalid") && page.has(&format!("value=\"{importo}\"")),
                    "{}",
                    page.text()
                );
            }
        }
    }
}
