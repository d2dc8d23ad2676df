//! Papers: what they are called, and of which kind they are. Names are ours, whatever the address says.

use crate::layers::lingua::lingua;
use crate::render::Web;
use app::links;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect};
use domain::Ente;
use portal::PortalError;
use portal::avviso::Trovato;

/// Kind and name.
struct Carta(&'static str, &'static str);

const RICEVUTA_PDF: Carta = Carta("application/pdf", "inline; filename=\"ricevuta-pagamento.pdf\"");
/// Never shown by the browser: it holds what others wrote.
const RICEVUTA_XML: Carta = Carta("application/xml", "attachment; filename=\"ricevuta-pagamento.xml\"");
const MARCA_DA_BOLLO: Carta = Carta("application/xml", "attachment; filename=\"marca-da-bollo.xml\"");
const AVVISO_PDF: Carta = Carta("application/pdf", "inline; filename=\"avviso-pagamento.pdf\"");
const LOGO: Carta = Carta("image/png", "inline; filename=\"logo.png\"");
const SCADENZE: Carta = Carta("text/calendar; charset=utf-8", "attachment; filename=\"scadenze.ics\"");

/// `GET /{ente}/esito/{token}/ricevuta.pdf`, `/{ente}/ricevuta/{token}/ricevuta.pdf`.
pub async fn ricevuta_pdf(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let pdf = match ente(&web, &slug).await {
        Ok(Some(ente)) => web.portal.ricevuta_pdf(&ente, &token).await,
        other => other.map(|_| Trovato::NonTrovato),
    };
    answer(&web, request, &links::ricevuta(&slug, &token), RICEVUTA_PDF, pdf).await
}

/// `GET /{ente}/esito/{token}/ricevuta.xml`, `/{ente}/ricevuta/{token}/ricevuta.xml`: the bytes as they were received.
pub async fn ricevuta_xml(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let xml = match ente(&web, &slug).await {
        Ok(Some(ente)) => web.portal.ricevuta_xml(&ente, &token).await,
        other => other.map(|_| Trovato::NonTrovato),
    };
    answer(&web, request, &links::ricevuta(&slug, &token), RICEVUTA_XML, xml).await
}

/// `GET /{ente}/esito/{token}/marca-da-bollo.xml`, `/{ente}/ricevuta/{token}/marca-da-bollo.xml`: as it came in the receipt.
pub async fn marca_da_bollo(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let xml = match ente(&web, &slug).await {
        Ok(Some(ente)) => web.portal.marca_da_bollo(&ente, &token).await,
        other => other.map(|_| Trovato::NonTrovato),
    };
    answer(&web, request, &links::ricevuta(&slug, &token), MARCA_DA_BOLLO, xml).await
}

/// `GET /{ente}/avviso/v/{token}/avviso.pdf`.
pub async fn avviso_pdf(State(web): State<Web>, Path((slug, token)): Path<(String, String)>, request: Request) -> Response<Body> {
    let pdf = match ente(&web, &slug).await {
        Ok(Some(ente)) => web.portal.avviso_pdf(&ente, &token, lingua(&request)).await,
        other => other.map(|_| Trovato::NonTrovato),
    };
    answer(&web, request, &links::avviso(&slug, &token), AVVISO_PDF, pdf).await
}

/// `GET /{ente}/logo/{impronta}.png`: another emblem has another address.
pub async fn logo(State(web): State<Web>, Path((slug, file)): Path<(String, String)>, request: Request) -> Response<Body> {
    let png = match (ente(&web, &slug).await, file.strip_suffix(".png")) {
        (Ok(Some(ente)), Some(impronta)) => {
            web.portal.logo(&ente, impronta).await.map(|png| png.map_or(Trovato::NonTrovato, Trovato::Ecco))
        }
        (other, _) => other.map(|_| Trovato::NonTrovato),
    };
    let mut response = answer(&web, request, &links::ente(&slug), LOGO, png).await;
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(crate::assets::FOREVER));
    }
    response
}

/// `GET /{ente}/avviso/v/{token}/scadenze.ics`.
pub async fn scadenze_ics(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let calendar = match ente(&web, &slug).await {
        Ok(Some(ente)) => web.portal.scadenze_ics(&ente, &token).await,
        other => other.map(|_| Trovato::NonTrovato),
    };
    answer(&web, request, &links::avviso(&slug, &token), SCADENZE, calendar).await
}

async fn ente(web: &Web, slug: &str) -> Result<Option<Ente>, PortalError> {
    web.portal.ente(slug).await
}

async fn answer(
    web: &Web,
    request: Request,
    page: &str,
    Carta(kind, name): Carta,
    paper: Result<Trovato<impl Into<Body>>, PortalError>,
) -> Response<Body> {
    match paper {
        Ok(Trovato::Ecco(paper)) => {
            let mut response = Response::new(paper.into());
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
            response
        }
        // its page says what to do
        Ok(Trovato::Scaduto) => Redirect::to(page).into_response(),
        Ok(Trovato::NonTrovato) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => {
            tracing::error!(%error, "a paper could not be made");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            web.page_again(request, app::context::Guasto(status), status).await
        }
    }
}
