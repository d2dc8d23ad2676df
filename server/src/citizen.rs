//! What a citizen does: the POSTs of the public pages, and an address that only leads on. Looking a notice up is in [`crate::ricerca`], the
//! cart in [`crate::carrello`].
//!
//! Each takes a form, calls one use case, and either leads on (303) or shows the same page again with what was typed.

use crate::layers::documenti::ConFile;
use crate::layers::lingua::lingua;
use crate::render::Web;
use app::context::{
    AGGIORNA, Avvertenza, Compilazione, Conferma, FormState, Guasto, PromemoriaDisdetto, Rimandata, SegnoPromemoria,
    SegnoRitorno, Stadio,
};
use app::cookies::Cookie;
use app::links;
use axum::body::Body;
use axum::extract::{Form, FromRequest as _, Path, Request, State};
use axum::http::{Response, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use domain::Ente;
use domain::modulo::{AZIONE, Valori};
use portal::pagamento::{FormPaga, Partenza, ProblemaCheckout, Ritorno};
use portal::promemoria::{Chiesto, FormPromemoria};
use portal::spontaneo::{Modo, Proposta, modo};
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

/// `POST /{ente}/servizi/{servizio}/paga`: a payment without a notice. Some of its buttons only show the form again: with a row more or
/// less, or as it is with what was answered.
pub async fn propose_spontaneo(State(web): State<Web>, Path((slug, servizio)): Path<(String, String)>, request: Request) -> Page {
    let (request, pairs) = match take_form::<Vec<(String, String)>>(request).await {
        Ok(taken) => taken,
        Err(page) => return page,
    };
    let mut valori = Valori::from_pairs(pairs);
    let_ente!(web, slug, request, ente);
    let servizio = match web.portal.servizio(&ente, &servizio).await {
        Ok(Some(servizio)) => servizio,
        // the page itself says that there is no such service
        Ok(None) => return web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => return failed(&web, request, &error).await,
    };
    let lingua = lingua(&request);
    match modo(&servizio) {
        // only a page that asks for a document sends its form so
        Ok(Modo::Modulo(modulo)) if request.extensions().get::<ConFile>().is_some() && !modulo.modulo().takes_documents() => {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
        }
        Ok(Modo::Modulo(modulo)) => {
            let refresh = valori.first(AZIONE) == AGGIORNA;
            if modulo.apply(&mut valori, web.portal.clock().today(), lingua) || refresh {
                return web.page_again(request, Compilazione { valori, stadio: Stadio::InCorso }, StatusCode::OK).await;
            }
        }
        // the page says how it is paid instead, or that there is no such page
        Ok(Modo::Altrove(_) | Modo::ConAvviso) => return web.page_again(request, (), StatusCode::OK).await,
        Err(error) => return failed(&web, request, &error).await,
    }
    match web.portal.propose_spontaneo(&ente, &servizio, &valori, lingua).await {
        Ok(Proposta::Ok(token)) => {
            let response = see_other(&links::riepilogo(&slug, &token));
            match web.portal.da_riprendere(&ente, &token) {
                Some(kept) => with_cookie(&web.portal, response, Cookie::Ripresa, &kept),
                None => response,
            }
        }
        Ok(Proposta::DaCorreggere | Proposta::NonQui) => {
            web.page_again(request, Compilazione { valori, stadio: Stadio::Mandata }, StatusCode::UNPROCESSABLE_ENTITY).await
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
