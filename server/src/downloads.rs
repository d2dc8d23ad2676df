//! Papers.

use crate::render::Web;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};

/// `GET /{ente}/esito/{token}/ricevuta.pdf`.
pub async fn ricevuta_pdf(
    State(web): State<Web>,
    Path((slug, token)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let pdf = match web.portal.ente(&slug).await {
        Ok(Some(ente)) => web.portal.ricevuta_pdf(&ente, &token).await,
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    match pdf {
        Ok(Some(bytes)) => {
            let mut response = Response::new(Body::from(bytes));
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
            headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"ricevuta-pagamento.pdf\""));
            response
        }
        Ok(None) => web.page_again(request, (), StatusCode::NOT_FOUND).await,
        Err(error) => {
            tracing::error!(%error, "a receipt could not be printed");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            web.page_again(request, app::context::Guasto(status), status).await
        }
    }
}
