//! What a citizen does: the POSTs of the public pages, and an address that only leads on. Looking a notice up is in [`crate::ricerca`].
//!
//! Each takes a form, calls one use case, and either leads on (303) or shows the same page again with what was typed.

use crate::layers::lingua::lingua;
use crate::render::Web;
use app::context::{Avvertenza, FormRicevute, FormState, Guasto, PromemoriaDisdetto, SegnoPromemoria, SegnoRitorno};
use app::links;
use axum::body::Body;
use axum::extract::{Form, FromRequest as _, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::{CodiceFiscale, Ente, NumeroAvviso, Reason};
use portal::pagamento::{Partenza, ProblemaCheckout, Ritorno};
use portal::promemoria::{Chiesto, FormPromemoria};
use portal::spontaneo::{FormSpontaneo, Proposta};
use portal::{Portal, PortalError};
use serde::de::DeserializeOwned;

/// Where an action ends.
pub(crate) type Page = Response<Body>;

/// The ente of the address, or the page that says there is none.
macro_rules! let_ente {
    ($web:ident, $slug:ident, $request:ident, $ente:ident) => {
        let $ente: Ente = match $web.portal.ente(&$slug).await {
            Ok(Some(ente)) => ente,
            Ok(None) => return $web.page_again($request, (), StatusCode::NOT_FOUND).await,
            Err(error) => return $crate::citizen::failed(&$web, $request, &error).await,
        };
    };
}
pub(crate) use let_ente;

/// `POST /{ente}/servizi/{servizio}/paga`: a payment without a notice.
pub async fn propose_spontaneo(State(web): State<Web>, Path((slug, servizio)): Path<(String, String)>, request: Request) -> Page {
    let (request, form) = match take_form::<FormSpontaneo>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let_ente!(web, slug, request, ente);
    let servizio = match web.portal.servizio(&ente, &servizio).await {
        Ok(Some(servizio)) => servizio,
        // the page itself says that there is no such service
        Ok(None) => return web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => return failed(&web, request, &error).await,
    };
    match web.portal.propose_spontaneo(&ente, &servizio, &form, lingua(&request)).await {
        Ok(Proposta::Ok(token)) => see_other(&links::riepilogo(&slug, &token)),
        Ok(Proposta::Errori(errors)) => {
            web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/riepilogo/{token}` and `POST /{ente}/avviso/v/{token}`: "Paga".
pub async fn start_pagamento(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let_ente!(web, slug, request, ente);
    let sessione = session(&web.portal, request.headers());
    let warning = match web.portal.start_pagamento(&ente, &token, sessione.as_deref(), lingua(&request)).await {
        Ok(Partenza::Vai { url, sessione }) => return leave(&web.portal, url.as_str(), &sessione),
        Ok(Partenza::Scaduto | Partenza::NonTrovato) => return web.page_again(request, (), StatusCode::OK).await,
        Ok(Partenza::NonPagabile(reason)) => (Avvertenza::NonPagabile(reason), StatusCode::CONFLICT),
        Ok(Partenza::CheckoutNo(ProblemaCheckout::Rifiutato)) => (Avvertenza::CheckoutRifiutato, StatusCode::CONFLICT),
        Ok(Partenza::CheckoutNo(ProblemaCheckout::Indisponibile)) => {
            (Avvertenza::CheckoutIndisponibile, StatusCode::SERVICE_UNAVAILABLE)
        }
        Err(error) => return failed(&web, request, &error).await,
    };
    web.page_again(request, warning.0, warning.1).await
}

/// `GET /{ente}/ritorno/{token}`: back from Checkout.
pub async fn come_back(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let_ente!(web, slug, request, ente);
    let sessione = session(&web.portal, request.headers());
    match web.portal.ritorna(&ente, &token, sessione.as_deref()).await {
        Ok(Ritorno::Esito(token)) => see_other(&links::esito(&slug, &token)),
        Ok(Ritorno::GiaUsato) => web.page_again(request, SegnoRitorno::GiaUsato, StatusCode::GONE).await,
        Ok(Ritorno::NonTrovato) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/ricevute`: receipts of a notice, for who knows whose notice it is.
pub async fn find_ricevute(State(web): State<Web>, Path(slug): Path<String>, request: Request) -> Page {
    let (request, form) = match take_form::<FormRicevute>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let numero = NumeroAvviso::parse_typed(&form.numero).map_err(|r| r.at("numero"));
    let codice_fiscale = CodiceFiscale::parse(&form.codice_fiscale).map_err(|r| r.at("codice_fiscale"));
    let (numero, codice_fiscale) = match (numero, codice_fiscale) {
        (Ok(numero), Ok(codice_fiscale)) => (numero, codice_fiscale),
        (numero, codice_fiscale) => {
            let errors = [numero.err(), codice_fiscale.err()].into_iter().flatten().collect();
            return web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let_ente!(web, slug, request, ente);
    match web.portal.find_ricevute(&ente, &numero, &codice_fiscale).await {
        Ok(Some(token)) => see_other(&links::ricevuta(&slug, &token)),
        Ok(None) => {
            // whatever it was: no such notice, not paid, somebody else's
            let errors = vec![Reason::NotFound.at(FormRicevute::RICERCA)];
            web.page_again(request, FormState { values: form, errors }, StatusCode::NOT_FOUND).await
        }
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/avviso/v/{token}/promemoria`: "Ricordamelo".
pub async fn ask_promemoria(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let (request, form) = match take_form::<FormPromemoria>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let_ente!(web, slug, request, ente);
    match web.portal.ask_promemoria(&ente, &token, &form, lingua(&request)).await {
        Ok(Chiesto::Si { email, giorno }) => {
            web.page_again(request, SegnoPromemoria::Chiesto { email, giorno }, StatusCode::OK).await
        }
        Ok(Chiesto::NonServe) => web.page_again(request, SegnoPromemoria::NonServe, StatusCode::CONFLICT).await,
        Ok(Chiesto::Errori(errors)) => {
            web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        // the page itself says so
        Ok(Chiesto::Scaduto | Chiesto::NonTrovato) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/promemoria/{token}`: "Sì, ricordamelo".
pub async fn confirm_promemoria(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let_ente!(web, slug, request, ente);
    match web.portal.confirm_promemoria(&ente, &token).await {
        Ok(true) => see_other(&links::promemoria(&slug, &token)),
        Ok(false) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/promemoria/{token}/disdici`: "Non ricordarmelo più"; also a program for mail, by itself (RFC 8058).
pub async fn forget_promemoria(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let_ente!(web, slug, request, ente);
    match web.portal.forget_promemoria(&ente, &token).await {
        Ok(true) => web.page_again(request, PromemoriaDisdetto, StatusCode::OK).await,
        Ok(false) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// Reads a form and keeps the request to show its page again.
pub(crate) async fn take_form<T: DeserializeOwned>(request: Request) -> Result<(Request, T), Page> {
    let (parts, body) = request.into_parts();
    let again = Request::from_parts(parts.clone(), Body::empty());
    match Form::<T>::from_request(Request::from_parts(parts, body), &()).await {
        Ok(Form(form)) => Ok((again, form)),
        Err(rejection) => Err(rejection.into_response()),
    }
}

pub(crate) async fn failed(web: &Web, request: Request, error: &PortalError) -> Page {
    tracing::error!(%error, "an action failed");
    let status = if error.is_temporary() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    web.page_again(request, Guasto(status), status).await
}

pub(crate) fn see_other(path: &str) -> Page {
    Redirect::to(path).into_response()
}

/// The name of the cookie: `__Host-` wants https.
fn cookie_name(portal: &Portal) -> &'static str {
    if portal.settings().public_url.scheme() == "https" { "__Host-s" } else { "s" }
}

/// What the browser kept from an earlier trip.
fn session(portal: &Portal, headers: &HeaderMap) -> Option<String> {
    let wanted = cookie_name(portal);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted).then(|| value.to_owned())
    })
}

/// Off to Checkout, with something to be recognised by on the way back: only this browser can use the return address twice.
fn leave(portal: &Portal, url: &str, sessione: &str) -> Page {
    let mut response = Redirect::to(url).into_response();
    let name = cookie_name(portal);
    let secure = if name == "s" { "" } else { "; Secure" };
    let cookie = format!("{name}={sessione}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}
