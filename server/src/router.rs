//! The whole HTTP surface on one page, grouped by who calls it.

use crate::layers::allowed::Allowed;
use crate::layers::documenti;
use crate::layers::posti::{self, Posti};
use crate::render::{Web, page};
use crate::{
    accesso, assets, carrello, citizen, downloads, embed, layers, leggi_codice, live, manutenzione, opzioni, ricerca,
    security_txt, soap,
};
use app::links;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use axum::{Router, middleware};
use portal::Portal;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// A form of ours is below 4 KiB; 64 KiB leaves room for a careless client and none for a flood.
const FORM_MAX: usize = 64 * 1024;
/// A citizen does not wait longer.
const PAGE_DEADLINE: Duration = Duration::from_secs(30);
/// Reading the request and answering it ([`soap`] has 10 s for that): the Nodo itself gives up after 15 s, and who drips bytes in is
/// not waited for.
const STATION_DEADLINE: Duration = Duration::from_secs(12);

/// Citizens: pages, actions, papers, files.
pub fn citizens(web: Web) -> Router {
    let public_url = &web.portal.settings().public_url;
    let (origin, https) = (public_url.origin(), public_url.scheme() == "https");
    let (pages, trips) = (Posti::for_pages(&web, FORM_MAX), Posti::for_trips(&web, FORM_MAX));
    let (riepilogo, avviso) = (links::riepilogo("{ente}", "{token}"), links::avviso("{ente}", "{token}"));
    // the largest page by far: a form, what it is copied from and its plan. What compression can tell of a secret (BREACH) it tells to who
    // can put texts into a page beside it: nobody else's site can, and who has the token of a draft can read it
    let compressed = CompressionLayer::new();
    let to_checkout = Router::new()
        .route(&riepilogo, post(citizen::start_pagamento))
        .route(&avviso, post(citizen::start_pagamento))
        .route(&links::carrello(), post(carrello::paga))
        // the provider of identity is waited for too
        .route(&links::accesso_vai(), get(accesso::vai))
        .route(&links::accesso_ritorno(), get(accesso::ritorno))
        .layer(middleware::from_fn_with_state(web.clone(), layers::persona::layer))
        .layer(middleware::from_fn_with_state(trips, posti::layer));
    let pictures = Router::new()
        .route(&links::leggi_codice(), get(leggi_codice::back).post(leggi_codice::leggi_codice))
        .layer(DefaultBodyLimit::max(leggi_codice::BODY_MAX));
    // with a file in it, where scripts have not digested it: read before it has a place, and then a form like any other
    let forms = Router::new()
        .route(&links::spontaneo("{ente}", "{servizio}"), get(page).post(citizen::propose_spontaneo).layer(compressed))
        .layer(middleware::from_fn_with_state(web.clone(), layers::persona::layer))
        .layer(middleware::from_fn_with_state(pages.clone(), posti::layer))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .layer(middleware::from_fn(documenti::layer))
        .layer(DefaultBodyLimit::max(documenti::BODY_MAX));
    let routes = Router::new()
        // pages; a POST is an action of the page it stands on
        .route("/", get(page).post(ricerca::find_avviso_of))
        .route(&links::carrello(), get(page))
        .route(&links::carrello_togli(), post(carrello::togli))
        .route(&links::esito_carrello("{token}"), get(page))
        .route(&links::riprendi(), post(carrello::riprendi))
        .route(&links::aiuto(), get(page))
        .route(&links::accessibilita(), get(page))
        .route(&links::privacy_portale(), get(page))
        .route(&links::ente("{ente}"), get(page))
        .route(&links::privacy("{ente}"), get(page))
        .route(&links::servizio("{ente}", "{servizio}"), get(page))
        .route(&riepilogo, get(page))
        .route(&links::cerca_avviso("{ente}"), get(page).post(ricerca::find_avviso))
        .route(&avviso, get(page))
        .route(&links::avviso_nel_carrello("{ente}", "{token}"), post(carrello::aggiungi))
        .route(&links::riepilogo_nel_carrello("{ente}", "{token}"), post(carrello::aggiungi))
        .route(&links::esito("{ente}", "{token}"), get(page))
        // in a frame of the ente's own site
        .route(&links::embed_avviso("{ente}"), get(embed::page))
        .route(&links::embed_servizio("{ente}", "{servizio}"), get(embed::page))
        .route(&links::ricevute("{ente}"), get(page).post(ricerca::find_ricevute))
        .route(&links::ricevuta("{ente}", "{token}"), get(page))
        .route(&links::verifica("{token}"), get(page))
        .route(&links::chiedi_promemoria("{ente}", "{token}"), get(page).post(citizen::ask_promemoria))
        .route(&links::promemoria("{ente}", "{token}"), get(page).post(citizen::confirm_promemoria))
        .route(&links::disdici_promemoria("{ente}", "{token}"), get(page).post(citizen::forget_promemoria))
        // addresses that lead on
        .route(&links::cerca_avviso_numero("{ente}", "{numero}"), get(ricerca::enter_avviso))
        .route(&links::attesa("{biglietto}"), get(ricerca::riprendi))
        .route(&links::ritorno("{ente}", "{token}"), get(citizen::come_back))
        .route(&links::ritorno_carrello("{token}"), get(carrello::come_back))
        // papers
        .route(&links::ricevuta_pdf("{ente}", "{token}"), get(downloads::ricevuta_pdf))
        .route(&links::ricevuta_xml("{ente}", "{token}"), get(downloads::ricevuta_xml))
        .route(&links::ricevuta_trovata_pdf("{ente}", "{token}"), get(downloads::ricevuta_pdf))
        .route(&links::ricevuta_trovata_xml("{ente}", "{token}"), get(downloads::ricevuta_xml))
        .route(&links::marca_da_bollo("{ente}", "{token}"), get(downloads::marca_da_bollo))
        .route(&links::marca_da_bollo_trovata("{ente}", "{token}"), get(downloads::marca_da_bollo))
        .route(&links::avviso_pdf("{ente}", "{token}"), get(downloads::avviso_pdf))
        .route(&links::scadenze_ics("{ente}", "{token}"), get(downloads::scadenze_ics))
        .route(&links::logo("{ente}", "{file}"), get(downloads::logo))
        // who wants it comes in
        .route(&links::accesso(), get(accesso::entrata))
        .route(&links::esci(), post(accesso::esci))
        .route(&links::mie(), get(accesso::area))
        .route(&links::miei_pagamenti(), get(accesso::area))
        .route(&links::mia_ricevuta("{token}"), get(accesso::area))
        .route(&links::mia_ricevuta_pdf("{token}"), get(accesso::mia_ricevuta_pdf))
        // islands
        .route(&links::stato_pagamento("{token}"), get(live::stato_pagamento))
        .fallback(page)
        .layer(middleware::from_fn_with_state(web.clone(), layers::persona::layer))
        .layer(middleware::from_fn_with_state(pages, posti::layer))
        .merge(to_checkout)
        .merge(forms)
        // they have places of their own, and are read before they have one
        .merge(pictures)
        .layer(middleware::from_fn_with_state(web.clone(), manutenzione::layer))
        // files: no work at all, and no place to wait for
        .merge(assets::router())
        .route("/.well-known/security.txt", get(security_txt::security_txt))
        .layer(middleware::from_fn_with_state(origin, layers::same_origin::layer))
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PAGE_DEADLINE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(web.clone(), layers::guasti::layer))
        // and when it is the page of an error that panics
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(layers::reference::layer))
        .with_state(web);
    // around the routes: before it is known which one it is
    Router::new()
        .fallback_service(routes)
        .layer(middleware::from_fn(layers::lingua::layer))
        // outermost: also on what only leads on
        .layer(middleware::from_fn_with_state(https, layers::headers::layer))
}

/// The Nodo, or the proxy in front of it that checks its certificate.
pub fn station(portal: Portal, allowed: Allowed) -> Router {
    Router::new()
        .route("/pagopa/pa", post(soap::pa_for_node))
        .route("/payment-options/organizations/{ente}/notices/{numero}", post(opzioni::opzioni))
        .layer(DefaultBodyLimit::max(nodo::pa_for_node::BODY_MAX))
        // who announces more is told before he sends it
        .layer(RequestBodyLimitLayer::new(nodo::pa_for_node::BODY_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, STATION_DEADLINE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(allowed, layers::allowed::layer))
        .layer(middleware::from_fn(layers::reference::layer))
        .with_state(portal)
}

/// Somebody's mistake, ours: the worker lives on, the Nodo gets no KO.
fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let cause =
        cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("?");
    tracing::error!(cause, "a handler panicked");
    let mut response = Response::new(Body::from("Qualcosa non ha funzionato. Riprova tra poco."));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
