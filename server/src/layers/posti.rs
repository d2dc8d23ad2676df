//! Places for citizens: so many of their requests are worked on at once, the others wait for their turn.
//!
//! Pages and the Nodo's calls share the processors and the connections to the database. However many citizens come, the Nodo finds one
//! of each that is free: it must have 98 % of its answers within 2 s (SANP, "Livelli di servizio"). Who waits too long is told so, on a
//! page that was made before: making it anew for a crowd would be the very work there is no room for.

use crate::render::Web;
use app::context::{DaPagamento, Guasto, Riferimento};
use app::links;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::middleware::Next;
use domain::Lingua;
use http_body_util::BodyExt as _;
use leptos::prelude::provide_context;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};

/// Trips to Checkout at once: a few milliseconds of ours each, and up to 5 s of waiting for Checkout, which must not keep pages waiting.
/// As many may stand before a receipt when it wants to write, which is far below a second.
const TRIPS_MAX: usize = 32;
/// A browser's patience is longer, a person's is not.
const PATIENCE: Duration = Duration::from_secs(5);
/// In seconds: what a crowd takes to thin out.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

/// A page that is made when it is first wanted: headers and text.
type Made = OnceCell<(HeaderMap, String)>;

/// So many at once. Clones share the places.
#[derive(Clone, Debug)]
pub struct Posti {
    places: Arc<Semaphore>,
    patience: Duration,
    /// Bytes of a form that are read before it has a place.
    form_max: usize,
    web: Web,
    /// What is said to who waited too long: in each language, and otherwise to who may have paid just now.
    full: Arc<[[Made; 2]; Lingua::ALL.len()]>,
}

/// Where a page that is made once has the reference of each request.
const RIFERIMENTO: &str = "RIFERIMENTO";

impl Posti {
    /// For what is made of the database and our own work alone: one connection that reads is always left to the Nodo.
    pub fn for_pages(web: &Web, form_max: usize) -> Self {
        Self::new(web, form_max, web.portal.store().readers().saturating_sub(1).max(1), PATIENCE)
    }

    /// For who goes to Checkout.
    pub fn for_trips(web: &Web, form_max: usize) -> Self {
        Self::new(web, form_max, TRIPS_MAX, PATIENCE)
    }

    fn new(web: &Web, form_max: usize, places: usize, patience: Duration) -> Self {
        let places = Arc::new(Semaphore::new(places));
        Self { places, patience, form_max, web: web.clone(), full: Arc::default() }
    }

    async fn full(&self, parts: &Parts) -> Response<Body> {
        metrics::counter!("sportello_citizens_sent_away_total").increment(1);
        let lingua = parts.extensions.get().copied().unwrap_or_default();
        let after_payment = links::after_payment(parts.uri.path());
        let of_lingua = Lingua::ALL.iter().position(|known| *known == lingua).and_then(|at| self.full.get(at));
        let cell = of_lingua.and_then(|cells| cells.get(usize::from(after_payment)));
        let (headers, page) = match cell {
            Some(cell) => cell.get_or_init(|| self.page(lingua, after_payment)).await.clone(),
            None => self.page(lingua, after_payment).await,
        };
        let Riferimento(riferimento) = parts.extensions.get().cloned().unwrap_or_default();
        let mut response = Response::new(Body::from(page.replace(RIFERIMENTO, &riferimento)));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        *response.headers_mut() = headers;
        response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        response
    }

    /// As it is kept.
    async fn page(&self, lingua: Lingua, after_payment: bool) -> (HeaderMap, String) {
        let mut request = Request::default();
        request.extensions_mut().insert(lingua);
        request.extensions_mut().insert(Riferimento(RIFERIMENTO.to_owned()));
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let context = move || {
            provide_context(Guasto(status));
            if after_payment {
                provide_context(DaPagamento);
            }
        };
        let (head, body) = self.web.page_with(request, context, status).await.into_parts();
        // a page that could not be made is said in a line
        let page = body
            .collect()
            .await
            .map_or_else(|_| "Riprova tra poco.".to_owned(), |page| String::from_utf8_lossy(&page.to_bytes()).into_owned());
        (head.headers, page)
    }
}

/// Waits for a place, holds it while the answer is made, and not while somebody drips a form in or reads the answer slowly.
pub async fn layer(State(posti): State<Posti>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let Some(form) = read(body, posti.form_max).await else {
        // who hung up reads no answer
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return response;
    };
    match tokio::time::timeout(posti.patience, posti.places.acquire()).await {
        Ok(Ok(_place)) => next.run(Request::from_parts(parts, Body::from(form))).await,
        Ok(Err(_)) | Err(_) => posti.full(&asked).await,
    }
}

/// The whole of a form; of one that is too long as much as it takes to say so. `None` when it was cut off.
async fn read(mut body: Body, max: usize) -> Option<Vec<u8>> {
    let mut form = Vec::new();
    while form.len() <= max {
        let Some(frame) = body.frame().await else { break };
        if let Ok(data) = frame.ok()?.into_data() {
            form.extend_from_slice(&data);
        }
    }
    Some(form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Bytes;
    use axum::{Router, middleware, routing};
    use nodo::checkout::{Checkout, CheckoutConfig, CheckoutVersion};
    use portal::{Clock, Portal, Settings};
    use store::Store;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    async fn web() -> Web {
        let url = url::Url::parse("http://127.0.0.1:1/").unwrap();
        let checkout = Checkout::new(CheckoutConfig {
            base_url: url.clone(),
            version: CheckoutVersion::V1,
            subscription_key: None,
            timeout_ms: 1,
            redirect_origins: vec!["http://127.0.0.1:1".to_owned()],
        });
        let settings = Settings { public_url: url, ambiente_di_prova: true };
        let store = Store::open_memory().await.unwrap();
        Web::new(Portal::new(store, checkout.unwrap(), Clock::system().unwrap(), settings, [7; 32]), vec![])
    }

    fn ask() -> Request {
        Request::new(Body::empty())
    }

    #[tokio::test]
    async fn who_waits_too_long_is_told_when_to_come_again_and_the_next_one_is_served() {
        let (working, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow = {
            let (working, go_on) = (Arc::clone(&working), Arc::clone(&go_on));
            routing::get(move || async move {
                working.notify_one();
                go_on.notified().await;
                "fatto"
            })
        };
        let posti = Posti::new(&web().await, 8, 1, Duration::from_millis(50));
        let router = Router::new()
            .fallback_service(Router::new().route("/", slow.clone()).route("/{*path}", slow))
            .layer(middleware::from_fn_with_state(posti, layer));
        let first = tokio::spawn(router.clone().oneshot(ask()));
        working.notified().await;
        for _ in 0..2 {
            let refused = router.clone().oneshot(ask()).await.unwrap();
            assert_eq!((refused.status(), &refused.headers()["retry-after"]), (StatusCode::SERVICE_UNAVAILABLE, &RETRY_AFTER));
            let page = refused.into_body().collect().await.unwrap().to_bytes();
            let page = String::from_utf8_lossy(&page);
            assert!(page.contains("Il servizio è momentaneamente occupato") && page.contains("</html>"), "{page}");
        }
        // in the language of the address, with the reference of the request; on the way back from a payment otherwise
        for (path, lingua, says) in [
            ("/valdoria", Lingua::De, "Diese Anfrage hat kein Geld bewegt."),
            ("/valdoria/ritorno/x", Lingua::It, "Se hai appena pagato, non pagare di nuovo."),
            ("/valdoria/ritorno/x", Lingua::Sl, "Če ste pravkar plačali, ne plačajte znova."),
        ] {
            for riferimento in ["7F3K-92QD", "AAAA-2222"] {
                let mut request = ask();
                *request.uri_mut() = path.parse().unwrap();
                request.extensions_mut().insert(lingua);
                request.extensions_mut().insert(Riferimento(riferimento.to_owned()));
                let page = router.clone().oneshot(request).await.unwrap().into_body().collect().await.unwrap().to_bytes();
                let page = String::from_utf8_lossy(&page);
                assert!(
                    page.contains(says) && page.contains(riferimento) && !page.contains(RIFERIMENTO),
                    "{path} {lingua}: {page}"
                );
            }
        }
        go_on.notify_one();
        assert_eq!(first.await.unwrap().unwrap().status(), StatusCode::OK);
        go_on.notify_one();
        assert_eq!(router.oneshot(ask()).await.unwrap().status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn who_drips_a_form_in_holds_no_place() {
        let posti = Posti::new(&web().await, 8, 1, Duration::from_millis(50));
        let echo = routing::post(|body: String| async move { body });
        let router = Router::new().route("/", echo).layer(middleware::from_fn_with_state(posti, layer));
        let post = |body: Body| {
            let request = axum::http::Request::post("/").body(body).unwrap();
            let answer = router.clone().oneshot(request);
            async {
                let answer = answer.await.unwrap();
                (answer.status().as_u16(), answer.into_body().collect().await.unwrap().to_bytes())
            }
        };
        let dripping = Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        let waiting = tokio::spawn(post(dripping));
        tokio::task::yield_now().await;
        assert_eq!(post(Body::from("ciao")).await, (200, Bytes::from("ciao")));
        assert!(!waiting.is_finished());
        let cut = futures::stream::iter([Ok(Bytes::from("ci")), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))]);
        assert_eq!(post(Body::from_stream(cut)).await.0, 400, "half a form is none");
    }

    #[tokio::test]
    async fn of_a_form_that_is_too_long_enough_is_read_to_say_so() {
        let pieces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"12345")));
        assert_eq!(read(Body::from_stream(pieces), 8).await.unwrap().len(), 10);
        assert_eq!(read(Body::from("12345678"), 8).await.unwrap(), b"12345678");
        assert_eq!(read(Body::empty(), 8).await.unwrap(), b"");
    }
}
