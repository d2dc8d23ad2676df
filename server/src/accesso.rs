//! Coming in and going out, and the pages that want somebody to be in. Nobody needs it to pay.
//!
//! A login begins with a link and not with a form: a browser that applies `form-action` to redirects would not let it go to the
//! provider, whose address is the provider's to say. Whoever begins one for somebody else has gained nothing: the answer is good only
//! with the cookie of this browser.

use crate::citizen::{Page, failed, see_other, with_cookie};
use crate::layers::lingua::lingua;
use crate::render::{Web, page};
use app::cookies::Cookie;
use app::links;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect};
use domain::{Ente, Lingua};
use portal::PortalError;
use portal::accesso::{Avvio, Con, Dentro, Meta, Persona, Rifiuto, Risposta};
use serde::Deserialize;

/// Longer than any slug.
const ENTE_MAX: usize = 60;

/// What a link that begins a login says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Inizio {
    con: String,
    ente: String,
    per: String,
}

/// What a provider says in the address. What is missing is empty.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Ritorno {
    state: String,
    code: String,
    error: String,
    iss: Option<String>,
}

/// A code is worth an identity.
impl std::fmt::Debug for Ritorno {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ritorno(…)")
    }
}

/// `GET /accesso`: who is in already has nothing to do there, unless he just went out.
pub async fn entrata(state: State<Web>, request: Request) -> Page {
    if persona(&request).is_some() { see_other(&links::mie()) } else { page(state, request).await }
}

/// `GET /accesso/vai`: off to the provider.
pub async fn vai(State(web): State<Web>, Query(inizio): Query<Inizio>, request: Request) -> Page {
    let ente = match ente(&web, &inizio.ente).await {
        Ok(ente) => ente,
        Err(error) => return failed(&web, request, &error).await,
    };
    let con = match inizio.con.as_str() {
        "spid" => Some(Con::Spid),
        "cie" => Some(Con::Cie),
        _ => None,
    };
    let meta = if inizio.per == "pagamenti" { Meta::Pagamenti } else { Meta::Avvisi };
    match web.portal.begin_accesso(ente.as_ref(), con, meta, lingua(&request)).await {
        Ok(Avvio::Vai { url, biglietto }) => {
            with_cookie(&web.portal, Redirect::to(url.as_str()).into_response(), Cookie::Accesso, &biglietto)
        }
        Ok(Avvio::Nessuno) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Ok(Avvio::Irraggiungibile) => refused(&web, request, Rifiuto::Irraggiungibile, inizio.ente.as_str()).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

/// `GET /accesso/ritorno`: back from the provider.
pub async fn ritorno(State(web): State<Web>, Query(ritorno): Query<Ritorno>, mut request: Request) -> Page {
    let Ritorno { state, code, error, iss } = ritorno;
    let risposta = Risposta { state, code, error, iss };
    let biglietto = Cookie::Accesso.read(&web.portal, request.headers());
    let prima = Cookie::Persona.read(&web.portal, request.headers());
    let arrivo = match web.portal.finish_accesso(biglietto.as_deref(), &risposta, prima.as_deref()).await {
        Ok(arrivo) => arrivo,
        Err(error) => return failed(&web, request, &error).await,
    };
    let response = match arrivo.esito {
        Ok(Dentro { sessione, meta }) => {
            let to = match meta {
                Meta::Avvisi => links::mie(),
                Meta::Pagamenti => links::miei_pagamenti(),
            };
            let response = see_other(&arrivo.lingua.unwrap_or_default().path(&to));
            with_cookie(&web.portal, response, Cookie::Persona, &sessione)
        }
        Err(rifiuto) => {
            if let Some(lingua) = arrivo.lingua {
                request.extensions_mut().insert::<Lingua>(lingua);
            }
            let slug = match arrivo.ente {
                Some(ente) => web.portal.ente_of(&ente).await.ok().flatten().map(|ente| ente.slug.to_string()),
                None => None,
            };
            refused(&web, request, rifiuto, slug.as_deref().unwrap_or_default()).await
        }
    };
    // used, or over
    with_cookie(&web.portal, response, Cookie::Accesso, "")
}

/// `POST /accesso/esci`: out here, at once; the page that follows leads out of the provider too.
pub async fn esci(State(web): State<Web>, request: Request) -> Page {
    let mut to = links::uscita(None);
    if let Some(persona) = persona(&request) {
        if let Err(error) = web.portal.esci(&persona).await {
            return failed(&web, request, &error).await;
        }
        if let Some(codice) = &persona.ente
            && let Ok(Some(ente)) = web.portal.ente_of(codice).await
        {
            to = links::uscita(Some(ente.slug.as_str()));
        }
    }
    with_cookie(&web.portal, see_other(&to), Cookie::Persona, "")
}

/// `GET` of a page that wants somebody to be in.
pub async fn area(state: State<Web>, request: Request) -> Page {
    if persona(&request).is_some() {
        return page(state, request).await;
    }
    see_other(&links::accesso_per(request.uri().path().ends_with("/pagamenti")))
}

/// `GET /mie/pagamenti/{token}/ricevuta.pdf`.
pub async fn mia_ricevuta_pdf(State(web): State<Web>, Path(token): Path<String>, request: Request) -> Page {
    let Some(persona) = persona(&request) else { return see_other(&links::accesso_per(true)) };
    match web.portal.mia_ricevuta_pdf(&persona, &token).await {
        Ok(Some(pdf)) => {
            let mut response = Response::new(Body::from(pdf));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
            let name = HeaderValue::from_static("inline; filename=\"ricevuta-pagamento.pdf\"");
            headers.insert(header::CONTENT_DISPOSITION, name);
            response
        }
        Ok(None) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => failed(&web, request, &error).await,
    }
}

fn persona(request: &Request) -> Option<Persona> {
    request.extensions().get().cloned()
}

async fn ente(web: &Web, slug: &str) -> Result<Option<Ente>, PortalError> {
    if slug.is_empty() || slug.len() > ENTE_MAX { Ok(None) } else { web.portal.ente(slug).await }
}

/// The page where one comes in, with what went wrong. The code of the address is shown to nobody again.
async fn refused(web: &Web, mut request: Request, rifiuto: Rifiuto, ente: &str) -> Page {
    let query = if ente.is_empty() { String::new() } else { format!("?ente={ente}") };
    if let Ok(uri) = format!("/accesso{query}").parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    let status = match rifiuto {
        Rifiuto::Irraggiungibile => StatusCode::SERVICE_UNAVAILABLE,
        Rifiuto::Annullato => StatusCode::OK,
        _ => StatusCode::FORBIDDEN,
    };
    web.page_again(request, rifiuto, status).await
}
