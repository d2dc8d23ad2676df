//! What holds for every page, whatever it says.

use crate::harness::{PASTI, Page, Sportello, VALDORIA, form, form_but};
use reqwest::Method;

/// Every kind of page a citizen can meet.
async fn all_pages(sportello: &Sportello) -> Vec<(String, Page)> {
    let mut browser = sportello.browser();
    let avviso = sportello.look_up(&sportello.avviso("APERTA").numero).await;
    let (riepilogo, _) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, domain::EsitoPagamento::Pagato).await;
    let mut pages = Vec::new();
    for path in [
        "/",
        "/aiuto",
        "/accessibilita",
        "/valdoria",
        "/valdoria/privacy",
        "/valdoria/avviso",
        "/valdoria/servizi/tari",
        PASTI,
        "/valdoria/servizi/nessuno",
        "/nessuno",
        "/a/b/c/d/e",
        "/valdoria/esito/x",
        &avviso,
        &riepilogo,
        &esito,
    ] {
        pages.push((path.to_owned(), browser.get(path).await));
    }
    for (path, form) in
        [(PASTI, form_but("nome", "<b>")), ("/valdoria/avviso", vec![("numero", "1")]), ("/", vec![]), (&riepilogo, vec![])]
    {
        pages.push((format!("POST {path}"), browser.post(path, &form).await));
    }
    let mut stranger = sportello.browser();
    pages.push(("return address used again".to_owned(), stranger.get(&back).await));
    pages
}

#[tokio::test]
async fn every_page_has_the_headers_that_protect_its_reader() {
    let sportello = Sportello::start().await;
    let pages = all_pages(&sportello).await;
    for (path, page) in &pages {
        assert!(page.header("content-type").starts_with("text/html"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), value, "{path}");
        }
        let csp = page.header("content-security-policy");
        for rule in
            ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "script-src 'self' 'nonce-"]
        {
            assert!(csp.contains(rule), "{path}: {csp}");
        }
        assert!(csp.contains(&format!("form-action 'self' {};", sportello.sandbox_url(""))), "{csp}");
        assert!(!csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'"), "{csp}");
        let nonce = page.nonce();
        assert!(nonce.len() >= 16, "{path}: {csp}");
        for script in page.tags().iter().filter(|t| t.name == "script" || t.attribute("as") == Some("script")) {
            assert_eq!(script.attribute("nonce"), Some(nonce.as_str()), "{path}: {script:?}");
        }
    }
    let nonces: std::collections::HashSet<_> = pages.iter().map(|(_, page)| page.nonce()).collect();
    assert_eq!(nonces.len(), pages.len(), "a nonce is used once");
}

#[tokio::test]
async fn only_a_page_with_islands_ships_a_script_and_none_has_handlers_in_its_html() {
    let sportello = Sportello::start().await;
    let pages = all_pages(&sportello).await;
    for (path, page) in &pages {
        let tags = page.tags();
        let has = |name: &str| tags.iter().any(|t| t.name == name);
        let has_form = tags.iter().any(|t| t.attribute("data-piano").is_some());
        assert_eq!(has("script"), has("leptos-island") || has_form, "{path}");
        assert!(!(has("leptos-island") && has_form), "{path}: one module is enough for a page");
        assert_eq!(page.has("<script"), has("script"), "{path}");
        assert_eq!(tags.iter().filter(|t| t.name == "h1").count(), 1, "{path}");
        for (name, value) in tags.iter().flat_map(|t| &t.attributes) {
            assert!(!name.starts_with("on") && name != "style" && !value.starts_with("javascript:"), "{path}: {name}={value}");
        }
    }
    let without = pages.iter().filter(|(_, page)| !page.has("<script")).count();
    assert!((1..pages.len()).contains(&without), "{without}");
}

#[tokio::test]
async fn answers_that_are_no_pages_are_protected_too() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    for (method, path) in
        [(Method::GET, "/api/pagamenti/x"), (Method::PUT, "/valdoria"), (Method::GET, "/robots.txt"), (Method::GET, "/img/%ff")]
    {
        let page = Page::of(browser.request(method.clone(), path)).await;
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{method} {path}");
        assert_eq!(page.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'", "{method} {path}");
        assert!(!page.header("cache-control").is_empty(), "{method} {path}");
    }
}

#[tokio::test]
async fn another_site_cannot_send_a_form_for_a_citizen() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let count = sportello.posizioni(VALDORIA).await.len();
    for (name, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "http://localhost"),
    ] {
        for path in [PASTI, "/valdoria/avviso", "/", &riepilogo] {
            let page = Page::of(browser.request(Method::POST, path).header(name, value).form(&form())).await;
            assert_eq!((page.status, page.header("set-cookie")), (403, ""), "{name}: {value}, {path}");
            assert_eq!(page.header("x-content-type-options"), "nosniff");
        }
    }
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), count);
    assert_eq!(sportello.tentativi(&numero).await, []);
    let ours = sportello.indirizzi.web.origin().ascii_serialization();
    assert_eq!(Page::of(browser.request(Method::POST, PASTI).header("Origin", ours).form(&form())).await.status, 303);
}

#[tokio::test]
async fn what_is_not_there_is_told_with_the_reference_that_stands_in_the_log() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for path in ["/nessuno", "/a/b/c/d/e", "/valdoria/esito/x", "/valdoria/ritorno/x", "/valdoria/servizi/nessuno/paga"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        let reference = page.header("x-riferimento");
        assert!(reference.len() == 9 && page.has(reference), "{path}: {reference}");
        assert!(page.tags().iter().any(|t| t.attribute("href") == Some("/aiuto")), "{path}");
    }
}

#[tokio::test]
async fn head_is_answered_as_get_without_a_body() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    for (path, status) in [("/", 200), ("/valdoria/avviso", 200), ("/nessuno", 404), ("/api/pagamenti/x", 404)] {
        let page = Page::of(browser.request(Method::HEAD, path)).await;
        assert_eq!((page.status, page.bytes.len()), (status, 0), "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_have_is_refused() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    for (method, path) in [
        (Method::POST, "/aiuto"),
        (Method::POST, "/valdoria"),
        (Method::POST, "/valdoria/esito/x"),
        (Method::POST, "/valdoria/ritorno/x"),
        (Method::PUT, PASTI),
        (Method::DELETE, "/"),
        (Method::POST, "/api/pagamenti/x"),
    ] {
        assert_eq!(Page::of(browser.request(method.clone(), path).form(&form())).await.status, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_or_no_form_is_refused_and_nothing_is_stored() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let count = sportello.posizioni(VALDORIA).await.len();
    let large = "a".repeat(64 * 1024);
    assert_eq!(browser.post(PASTI, &form_but("dettaglio", &large)).await.status, 413);
    assert_eq!(browser.post("/", &[("numero", &large)]).await.status, 413);
    for (content, body, status) in [
        ("application/json", "{\"voce\":\"pasti\"}", 415),
        ("text/plain", "voce=pasti", 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("application/x-www-form-urlencoded", "voce=pasti&voce=quota", 422),
    ] {
        let request = browser.request(Method::POST, PASTI).header("Content-Type", content).body(body);
        assert_eq!(browser.send(request).await.status, status, "{content}");
    }
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), count);
}
