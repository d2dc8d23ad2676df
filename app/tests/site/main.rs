//! The frame of the site as a browser gets it: addresses, statuses, titles, scripts. What the pages say is tested in `server`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod harness;
mod testi;

use app::context::{FormAvviso, FormState, Guasto};
use app::{links, routes};
use domain::Reason;
use harness::Site;
use http::StatusCode;
use leptos::prelude::provide_context;
use std::collections::BTreeSet;

#[tokio::test]
async fn every_address_of_a_page_has_a_link_and_every_link_to_a_page_has_a_route() {
    let routes: BTreeSet<String> =
        leptos_axum::generate_route_list(routes::Site).iter().map(|route| route.path().to_owned()).collect();
    let links = [
        links::home(),
        links::aiuto(),
        links::accessibilita(),
        links::accesso(),
        links::mie(),
        links::miei_pagamenti(),
        links::mia_ricevuta("{token}"),
        links::ente("{ente}"),
        links::privacy("{ente}"),
        links::cerca_avviso("{ente}"),
        links::cerca_avviso_numero("{ente}", "{numero}"),
        links::avviso("{ente}", "{token}"),
        links::servizio("{ente}", "{servizio}"),
        links::spontaneo("{ente}", "{servizio}"),
        links::riepilogo("{ente}", "{token}"),
        links::ritorno("{ente}", "{token}"),
        links::esito("{ente}", "{token}"),
    ];
    assert_eq!(routes, links.into_iter().collect());
}

#[tokio::test]
async fn a_page_without_islands_ships_no_script_and_a_page_with_islands_ships_it_under_the_nonce() {
    let site = Site::open().await;
    for path in ["/", "/aiuto", "/accessibilita", "/valdoria", "/valdoria/privacy", "/valdoria/avviso", "/nessuno", "/a/b/c/d/e"]
    {
        let page = site.get(path).await;
        assert_eq!(page.has_script(), page.has_island(), "{path}: {}", page.html);
        let csp = page.csp.unwrap();
        let nonce = csp.strip_prefix("script-src 'nonce-").and_then(|rest| rest.strip_suffix('\'')).unwrap();
        assert_eq!(page.html.matches("<script").count(), page.html.matches(&format!("nonce=\"{nonce}\"")).count(), "{path}");
        for inline in [" style=", " onclick=", " onload=", "javascript:"] {
            assert!(!page.html.contains(inline), "{path} has {inline}");
        }
    }
    assert!(!site.get("/aiuto").await.has_script());
    assert!(site.get("/valdoria/avviso").await.has_script());
}

#[tokio::test]
async fn a_page_is_a_document_of_its_own() {
    let site = Site::open().await;
    for (path, title) in [("/", "Portale dei pagamenti"), ("/valdoria", "Pagamenti online – Comune di Valdoria")] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.title()), (StatusCode::OK, title));
        assert!(page.html.starts_with("<!DOCTYPE html><html lang=\"it\">"), "{}", page.html);
        assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
        assert_eq!(page.html.matches("<main id=\"contenuto\"").count(), 1, "{path}");
        assert!(page.html.contains("Ambiente di prova"), "{path}");
    }
    let page = site.get("/valdoria/privacy").await;
    assert!(page.title().ends_with(" – Comune di Valdoria"), "{}", page.title());
    assert!(page.html.contains("href=\"tel:0123456789\"") && page.html.contains("Regione Esempio"));
}

#[tokio::test]
async fn what_is_not_there_is_told_with_a_way_on_and_a_reference() {
    let site = Site::open().await;
    for path in
        ["/nessuno", "/nessuno/avviso", "/valdoria/servizi/nessuno", "/valdoria/esito/x", "/valdoria/ritorno/x", "/a/b/c/d/e"]
    {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.html.contains("7F3K-92QD") && page.html.contains("href=\"/aiuto\""), "{path}: {}", page.html);
        assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
    }
    // the ente is known even where its page is not
    assert!(site.get("/valdoria/esito/x").await.html.contains("href=\"/valdoria\""));
}

#[tokio::test]
async fn a_request_the_server_could_not_serve_has_a_page_too() {
    let site = Site::open().await;
    for status in
        [StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE, StatusCode::INTERNAL_SERVER_ERROR]
    {
        let page = site.get_with("/valdoria", move || provide_context(Guasto(status))).await;
        assert_eq!(page.status, status);
        assert!(page.html.contains(status.as_str()) && !page.has_script(), "{}", page.html);
    }
}

#[tokio::test]
async fn a_form_that_comes_back_keeps_what_was_typed_and_says_what_is_wrong() {
    let site = Site::open().await;
    let form = FormState {
        values: FormAvviso { numero: "3020 <b>\"x".into(), codice_fiscale_ente: String::new() },
        errors: vec![Reason::NotDigits.at("numero")],
    };
    let page = site.get_with("/valdoria/avviso", move || provide_context(form.clone())).await;
    assert!(page.title().starts_with("Errore: "), "{}", page.title());
    assert!(page.html.contains("3020 &lt;b&gt;&quot;x"), "{}", page.html);
    assert!(!page.html.contains("3020 <b>"));
    assert!(
        page.html.contains("href=\"#numero\"")
            && page.html.contains("id=\"numero\"")
            && page.html.contains("aria-invalid=\"true\"")
    );
    for place in ["Codice avviso: Scrivi solo cifre", "<span class=\"visually-hidden\">Errore: </span>Scrivi solo cifre"] {
        assert_eq!(page.html.matches(place).count(), 1, "{place}: {}", page.html);
    }
}
