//! What a citizen does: every POST of the public pages but those of the cart ([`crate::carrello`]), and the two addresses that only lead on.
//!
//! Each takes a form, calls one use case, and either leads on (303) or shows the same page again with what was typed.

use crate::layers::lingua::lingua;
use crate::render::Web;
use app::context::{Avvertenza, Conferma, FormAvviso, FormState, Guasto, Rimandata, SegnoRitorno};
use app::cookies::Cookie;
use app::links;
use axum::body::Body;
use axum::extract::{Form, FromRequest as _, Path, Request, State};
use axum::http::{Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::{CodiceFiscaleEnte, Ente, NumeroAvviso, Reason};
use portal::pagamento::{FormPaga, Partenza, ProblemaCheckout, Ritorno};
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
            Err(error) => return failed(&$web, $request, &error).await,
        };
    };
}

/// `POST /`: a notice, from the portal's home, where the ente is typed too.
pub async fn find_avviso_of(State(web): State<Web>, request: Request) -> Page {
    let (request, form) = match take_form::<FormAvviso>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let numero = NumeroAvviso::parse_typed(&form.numero).map_err(|r| r.at("numero"));
    let ente = CodiceFiscaleEnte::parse(&form.codice_fiscale_ente).map_err(|r| r.at("codice_fiscale_ente"));
    let (numero, ente) = match (numero, ente) {
        (Ok(numero), Ok(ente)) => (numero, ente),
        (numero, ente) => {
            let errors = [numero.err(), ente.err()].into_iter().flatten().collect();
            return web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    match web.portal.find_avviso_of(&ente, &numero).await {
        Ok(Some((ente, token))) => see_other(&links::avviso(ente.slug.as_str(), &token)),
        Ok(None) => miss(&web, request, form).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/avviso`: a notice of this ente.
pub async fn find_avviso(State(web): State<Web>, Path(slug): Path<String>, request: Request) -> Page {
    let (request, form) = match take_form::<FormAvviso>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let numero = match NumeroAvviso::parse_typed(&form.numero) {
        Ok(numero) => numero,
        Err(reason) => {
            let errors = vec![reason.at("numero")];
            return web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let_ente!(web, slug, request, ente);
    match web.portal.find_avviso(&ente, &numero).await {
        Ok(Some(token)) => see_other(&links::avviso(&slug, &token)),
        Ok(None) => miss(&web, request, form).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `GET /{ente}/avviso/{numero}`: from a QR or an e-mail; leads to an address without the number.
pub async fn enter_avviso(State(web): State<Web>, Path((slug, numero)): Path<(String, String)>, request: Request) -> Page {
    let form = FormAvviso { numero: numero.clone(), ..FormAvviso::default() };
    let numero = match NumeroAvviso::parse_typed(&numero) {
        Ok(numero) => numero,
        Err(reason) => {
            let errors = vec![reason.at("numero")];
            return web.page_again(request, FormState { values: form, errors }, StatusCode::NOT_FOUND).await;
        }
    };
    let_ente!(web, slug, request, ente);
    match web.portal.find_avviso(&ente, &numero).await {
        Ok(Some(token)) => see_other(&links::avviso(&slug, &token)),
        Ok(None) => miss(&web, request, form).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

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
    match web.portal.propose_spontaneo(&ente, &servizio, &form).await {
        Ok(Proposta::Ok(token)) => {
            let response = see_other(&links::riepilogo(&slug, &token));
            match web.portal.da_riprendere(&ente, &token) {
                Some(kept) => with_cookie(&web.portal, response, Cookie::Ripresa, &kept),
                None => response,
            }
        }
        Ok(Proposta::Errori(errors)) => {
            web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `POST /{ente}/riepilogo/{token}` and `POST /{ente}/avviso/v/{token}`: "Paga".
pub async fn start_pagamento(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let (request, form) = match take_form_or_none::<FormPaga>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let_ente!(web, slug, request, ente);
    let sessione = Cookie::Sessione.read(&web.portal, request.headers());
    let partenza = web.portal.start_pagamento(&ente, &token, sessione.as_deref(), lingua(&request), &form).await;
    depart(&web, request, form, partenza).await
}

/// Where "Paga" leads, or the page it stands on once more.
pub(crate) async fn depart(web: &Web, request: Request, form: FormPaga, partenza: Result<Partenza, PortalError>) -> Page {
    let warning = match partenza {
        Ok(Partenza::Vai { url, sessione }) => {
            let response = Redirect::to(url.as_str()).into_response();
            // something to be recognised by on the way back: only this browser can use the return address twice
            return with_cookie(&web.portal, response, Cookie::Sessione, &sessione);
        }
        Ok(Partenza::Scaduto | Partenza::NonTrovato) => return web.page_again(request, (), StatusCode::OK).await,
        Ok(Partenza::Conferma(da_confermare)) => {
            let refused = !da_confermare.errors.is_empty();
            let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            return web.page_again(request, Conferma { da_confermare, form }, status).await;
        }
        Ok(Partenza::Errori(errors)) => {
            return web.page_again(request, FormState { values: form, errors }, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Ok(Partenza::NonPagabile(reason)) => (Avvertenza::NonPagabile(reason), StatusCode::CONFLICT),
        Ok(Partenza::Alternative) => (Avvertenza::Alternative, StatusCode::CONFLICT),
        Ok(Partenza::ImportoCambiato) => (Avvertenza::ImportoCambiato, StatusCode::CONFLICT),
        Ok(Partenza::CheckoutNo(ProblemaCheckout::Rifiutato)) => (Avvertenza::CheckoutRifiutato, StatusCode::CONFLICT),
        Ok(Partenza::CheckoutNo(ProblemaCheckout::Indisponibile)) => {
            (Avvertenza::CheckoutIndisponibile, StatusCode::SERVICE_UNAVAILABLE)
        }
        Err(error) => return failed(web, request, &error).await,
    };
    let (avvertenza, status) = warning;
    web.page_again(request, Rimandata { avvertenza, form }, status).await
}

/// `GET /{ente}/ritorno/{token}`: back from Checkout.
pub async fn come_back(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Page {
    let_ente!(web, slug, request, ente);
    let sessione = Cookie::Sessione.read(&web.portal, request.headers());
    match web.portal.ritorna(&ente, &token, sessione.as_deref()).await {
        Ok(Ritorno::Esito(token)) => see_other(&links::esito(&slug, &token)),
        Ok(Ritorno::GiaUsato) => web.page_again(request, SegnoRitorno::GiaUsato, StatusCode::GONE).await,
        Ok(Ritorno::NonTrovato) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// As [`take_form`]; a request without a body has none of the fields.
async fn take_form_or_none<T: DeserializeOwned + Default>(request: Request) -> Result<(Request, T), Page> {
    if request.headers().contains_key(header::CONTENT_TYPE) { take_form(request).await } else { Ok((request, T::default())) }
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

/// One answer for every kind of miss.
async fn miss(web: &Web, request: Request, form: FormAvviso) -> Page {
    let errors = vec![Reason::NotFound.at("numero")];
    web.page_again(request, FormState { values: form, errors }, StatusCode::NOT_FOUND).await
}

pub(crate) async fn failed(web: &Web, request: Request, error: &PortalError) -> Page {
    tracing::error!(%error, "an action failed");
    let status = if error.is_temporary() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    web.page_again(request, Guasto(status), status).await
}

pub(crate) fn see_other(path: &str) -> Page {
    Redirect::to(path).into_response()
}

/// For the browser to keep, or to forget when there is nothing.
pub(crate) fn with_cookie(portal: &Portal, mut response: Page, cookie: Cookie, value: &str) -> Page {
    if let Some(value) = cookie.write(portal, value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
