//! A form with a document in it becomes the same form with the digest of the document: whoever has scripts sends nothing else anyway, and
//! behind this layer no form has a file.
//!
//! The file is digested as it comes and is nowhere whole: what is held of it is the state of a SHA-256. So there is no place to wait for
//! and nothing to be filled up. It stands before the places of the pages ([`super::posti`]): who sends slowly holds none.

use app::context::DOCUMENTO;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use domain::bollo::{Impronta, Lettura};
use url::form_urlencoded::Serializer;

/// An application of some pages, scanned: ten of them fit.
const DOCUMENTO_MAX: usize = 20 * 1024 * 1024;
/// Of what was typed, with the names; as [`crate::router`] has it of a form without a file.
const TESTI_MAX: usize = 64 * 1024;
/// With the frame of the form around it.
pub const BODY_MAX: usize = DOCUMENTO_MAX + 2 * TESTI_MAX;

/// On a request that came with files, or could have.
#[derive(Clone, Copy, Debug)]
pub struct ConFile;

pub async fn layer(request: Request, next: Next) -> Response<Body> {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if request.method() != Method::POST || !kind.to_ascii_lowercase().starts_with(b"multipart/form-data") {
        return next.run(request).await;
    }
    match digest(request).await {
        Ok(request) => next.run(request).await,
        Err(status) => status.into_response(),
    }
}

/// The form as it would have been sent with a digest in the place of each file.
async fn digest(request: Request) -> Result<Request, StatusCode> {
    let (mut parts, body): (Parts, Body) = request.into_parts();
    let mut form =
        Multipart::from_request(Request::from_parts(parts.clone(), body), &()).await.map_err(|rejection| rejection.status())?;
    let (mut typed, mut digested) = (Vec::new(), Vec::new());
    let mut held = 0;
    while let Some(mut field) = form.next_field().await.map_err(status)? {
        let name = field.name().unwrap_or_default().to_owned();
        // a pair costs something though both its texts are empty
        held += name.len() + 2;
        let chosen = field.file_name().map(|file| !file.is_empty());
        match (chosen, name.strip_suffix(DOCUMENTO)) {
            (Some(chosen), Some(path)) => {
                // a browser sends the field of a file that nobody chose as well
                let (impronta, length) = digest_of(&mut field).await?;
                if chosen || length > 0 {
                    digested.push((path.to_owned(), impronta.hex()));
                }
            }
            // no field of ours: passed over with what is in it
            (Some(_), None) => {}
            (None, _) => {
                let mut text = Vec::new();
                while let Some(piece) = field.chunk().await.map_err(status)? {
                    held += piece.len();
                    if held > TESTI_MAX {
                        return Err(StatusCode::PAYLOAD_TOO_LARGE);
                    }
                    text.extend_from_slice(&piece);
                }
                typed.push((name, String::from_utf8(text).map_err(|_| StatusCode::BAD_REQUEST)?));
            }
        }
        if held > TESTI_MAX {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
    }
    // what was digested before is of the file that was chosen before
    typed.retain(|(name, _)| digested.iter().all(|(path, _)| path != name));
    let form = Serializer::new(String::new()).extend_pairs(typed.iter().chain(&digested)).finish();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(form.len()));
    parts.extensions.insert(ConFile);
    Ok(Request::from_parts(parts, Body::from(form)))
}

/// And how long it is.
async fn digest_of(field: &mut Field<'_>) -> Result<(Impronta, usize), StatusCode> {
    let (mut lettura, mut length) = (Lettura::default(), 0);
    while let Some(piece) = field.chunk().await.map_err(status)? {
        length += piece.len();
        if length > DOCUMENTO_MAX {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        lettura.take(&piece);
    }
    Ok((lettura.end(), length))
}

/// Too large, broken off, or no form at all.
fn status(error: MultipartError) -> StatusCode {
    error.status()
}
