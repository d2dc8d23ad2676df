//! Our pages on the comune's own site: what a frame shows, the element that makes the frame, and who may have it.
//!
//! A frame **asks** and nothing else: the form of a service, or the number of a notice. Sending it opens our own page in the top window,
//! where errors, summary, session and Checkout are as for everybody; what was typed stays, because it is the same form. So a frame has
//! no cookie, no storage, no token, nothing personal of us in it, and no button that pays: there is nothing to be stolen by laying a
//! page over it. (A page of errors inside the frame was considered: it would have needed the summary and the notice in frames too, or
//! one click more for everybody.)
//!
//! Which origins may show a page says `frame-ancestors`, from the store; without any it is `'none'`, as everywhere else.

use crate::layers::headers::{content_security_policy, frame_ancestors};
use crate::render::Web;
use app::context::{Cornice, CspPolicy, Guasto};
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use domain::Origine;
use leptos::prelude::provide_context;
use std::sync::Arc;
use url::form_urlencoded;

/// Whose page the frame stands in, as the element says it: a registered origin is told how tall the page is, no other.
const GENITORE: &str = "origine";

/// `GET /embed/{ente}/avviso` and `GET /embed/{ente}/servizi/{servizio}`.
pub async fn page(State(web): State<Web>, Path(parts): Path<Vec<(String, String)>>, request: Request) -> Response<Body> {
    let slug = parts.into_iter().find(|(name, _)| name == "ente").map(|(_, slug)| slug).unwrap_or_default();
    let found = match web.portal.ente(&slug).await {
        Ok(Some(ente)) => web.portal.origini(&ente).await,
        // the page says that there is no such ente, to whom may see it: to no frame
        Ok(None) => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    let origini: Arc<[Origine]> = match found {
        Ok(origini) => origini.into(),
        Err(error) => {
            tracing::error!(%error, "a page for a frame failed");
            let status = if error.is_temporary() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
            return web.page_again(request, Guasto(status), status).await;
        }
    };
    let genitore = genitore(request.uri().query().unwrap_or_default(), &origini);
    let (cornice, forms) = (Cornice { genitore }, web.form_origins.clone());
    let policy = move |nonce: &str| content_security_policy(nonce, &forms, &frame_ancestors(&origini));
    let policy = CspPolicy(Arc::new(policy));
    let more = move || {
        provide_context(cornice.clone());
        provide_context(policy.clone());
    };
    let mut response = web.page_with(request, more, StatusCode::OK).await;
    for (name, value) in [
        // nothing of this is delegated to a frame, and nothing is taken either
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        // a site that isolates itself (COEP) may still frame it: who may is said by frame-ancestors
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    debug_assert!(!response.headers().contains_key(header::SET_COOKIE), "a frame has no cookie");
    response
}

/// The origin in the address, if it is one that may show the page.
fn genitore(query: &str, origini: &[Origine]) -> Option<Origine> {
    let said = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == GENITORE)?.1;
    Origine::parse(&said).ok().filter(|origine| origini.contains(origine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registered_page_is_spoken_to() {
        let origini = ["https://www.comune.example", "http://localhost:3590"].map(|text| Origine::parse(text).unwrap());
        for (query, told) in [
            ("", None),
            ("origine=", None),
            ("origine=*", None),
            ("origine=https%3A%2F%2Fwww.comune.example", Some(0)),
            ("x=1&origine=http%3A%2F%2Flocalhost%3A3590", Some(1)),
            ("origine=https://comune.example", None),
            ("origine=https://www.comune.example.evil.example", None),
            ("origine=https://evil.example&origine=https://www.comune.example", None),
        ] {
            assert_eq!(genitore(query, &origini), told.map(|i: usize| origini[i].clone()), "{query}");
        }
    }
}
