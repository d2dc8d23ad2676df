//! The frame of the site as a browser gets it: addresses, statuses, titles, scripts. What the pages say is tested in `server`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod harness;
mod testi;

use app::context::{FormAvviso, FormState, Guasto, Manutenzione, SegnoRitorno};
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
        links::privacy_portale(),
        links::carrello(),
        links::ritorno_carrello("{token}"),
        links::esito_carrello("{token}"),
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
        links::embed_avviso("{ente}"),
        links::embed_servizio("{ente}", "{servizio}"),
        links::ricevute("{ente}"),
        links::ricevuta("{ente}", "{token}"),
        links::verifica("{token}"),
        links::chiedi_promemoria("{ente}", "{token}"),
        links::promemoria("{ente}", "{token}"),
        links::disdici_promemoria("{ente}", "{token}"),
    ];
    assert_eq!(routes, links.into_iter().collect());
}

#[tokio::test]
async fn a_page_without_islands_ships_no_script_and_a_page_with_islands_ships_it_under_the_nonce() {
    let site = Site::open().await;
    for path in [
        "/",
        "/aiuto",
        "/accessibilita",
        "/valdoria",
        "/valdoria/privacy",
        "/valdoria/avviso",
        "/valdoria/ricevute",
        "/verifica/x",
        "/nessuno",
        "/a/b/c/d/e",
    ] {
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
    for path in [
        "/nessuno",
        "/nessuno/avviso",
        "/valdoria/servizi/nessuno",
        "/valdoria/esito/x",
        "/valdoria/ritorno/x",
        "/valdoria/ricevuta/x",
        "/valdoria/promemoria/x",
        "/verifica/x",
        "/a/b/c/d/e",
    ] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.html.contains("7F3K-92QD") && page.html.contains("href=\"/aiuto\""), "{path}: {}", page.html);
        assert_eq!(page.html.matches("<h1").count(), 1, "{path}");
    }
    // the ente is known even where its page is not
    assert!(site.get("/valdoria/esito/x").await.html.contains("href=\"/valdoria\""));
}

#[tokio::test]
async fn every_page_that_cannot_be_shown_says_whether_money_moved() {
    let site = Site::open().await;
    let still = "Questa richiesta non ha mosso denaro.";
    let on_the_way = "Se hai appena pagato, non pagare di nuovo.";
    for (path, status, says, and) in [
        ("/valdoria", 400, still, "href=\"/\""),
        ("/valdoria", 403, still, "href=\"/\""),
        ("/valdoria", 405, still, "href=\"/\""),
        ("/valdoria", 413, still, "href=\"/\""),
        ("/valdoria", 415, still, "La richiesta non è leggibile"),
        ("/valdoria", 422, still, "La richiesta non è leggibile"),
        ("/valdoria", 429, still, ">Riprova</a>"),
        ("/valdoria", 500, still, ">Riprova</a>"),
        ("/valdoria", 503, still, ">Riprova</a>"),
        ("/valdoria/ritorno/x", 503, on_the_way, "riapri questo indirizzo"),
        ("/valdoria/esito/x", 500, on_the_way, "riapri questo indirizzo"),
        ("/valdoria/esito/x/ricevuta.pdf", 500, on_the_way, "riapri questo indirizzo"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let page = site.get_with(path, move || provide_context(Guasto(status))).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.html.matches(says).count(), 1, "{path} {status}: {}", page.html);
        assert!(page.html.contains(and) && page.html.contains("7F3K-92QD"), "{path} {status}: {}", page.html);
        assert!(!page.html.contains(if says == still { on_the_way } else { still }), "{path} {status}");
    }
    // what is not there is no page either; on the way back from a payment the notice tells how it ended
    for (path, says) in [("/nessuno", still), ("/a/b/c/d/e", still), ("/valdoria/esito/x", on_the_way)] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.html.matches(says).count()), (StatusCode::NOT_FOUND, 1), "{path}: {}", page.html);
    }
    let used = site.get_with("/valdoria/ritorno/x", || provide_context(SegnoRitorno::GiaUsato)).await;
    assert!(used.html.contains(on_the_way) && used.html.contains("Cerca l’avviso con il suo codice"), "{}", used.html);
}

#[tokio::test]
async fn a_portal_that_is_closed_says_until_when() {
    let site = Site::open().await;
    let status = StatusCode::SERVICE_UNAVAILABLE;
    for (fino, says) in
        [(Some("2026-11-23T23:30:00".parse().unwrap()), "riapre il 23 novembre 2026, ore 23:30."), (None, "riapre tra poco.")]
    {
        let closed = move || {
            provide_context(Guasto(status));
            provide_context(Manutenzione { fino });
        };
        let page = site.get_with("/valdoria", closed).await;
        assert_eq!(page.status, status);
        assert!(page.html.contains(says) && page.html.contains("non ha mosso denaro") && !page.has_script(), "{}", page.html);
    }
}

#[tokio::test]
async fn no_link_of_a_page_leads_where_a_strange_address_says() {
    let site = Site::open().await;
    for path in ["//evil.example", "//evil.example/valdoria?x=1"] {
        let page = site.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!page.html.contains("evil.example"), "{path}: {}", page.html);
    }
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
