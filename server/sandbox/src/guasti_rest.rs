//! Faults on request of the REST services: one layer around all of them.

use crate::Sandbox;
use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::stream;
use serde::{Deserialize, Serialize};
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Longer than any client that means it waits.
const SLOW: Duration = Duration::from_secs(70);
/// Late, and still within the budget of a client that knows its peer.
const LATE: Duration = Duration::from_secs(2);
/// What a cut answer is cut from; the largest of the real ones is below.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// What is wrong with GPD, ACA, the receipts, Biz Events, FdR, print and back office.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuastoRest {
    #[default]
    Nessuno,
    /// Answers as always, two seconds later.
    Tardi,
    /// Answers as always, seventy seconds later: the work is done, nobody waits for the answer.
    Lento,
    /// 429 with `Retry-After: 7`; nothing is done.
    #[serde(rename = "troppe_429")]
    Troppe429,
    /// Nothing is done.
    #[serde(rename = "errore_500")]
    Errore500,
    /// The work is done and the answer is 500: what a client must not take for "not done".
    #[serde(rename = "fatto_500")]
    Fatto500,
    /// 200 and the HTML of a proxy; nothing is done.
    Spazzatura,
    /// The work is done, and the connection breaks in the middle of the answer.
    Troncato,
    /// 200 and ten mebibytes.
    Enorme,
    /// 302 to somebody else's address: following it would hand the key over.
    Altrove,
}

pub(crate) async fn around(State(sandbox): State<Arc<Sandbox>>, request: Request, next: Next) -> Response {
    match sandbox.guasto_rest() {
        GuastoRest::Nessuno => next.run(request).await,
        GuastoRest::Tardi => later(LATE, request, next).await,
        GuastoRest::Lento => later(SLOW, request, next).await,
        GuastoRest::Troppe429 => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "7")], "{}").into_response(),
        GuastoRest::Errore500 => Problem::internal("guasto richiesto: errore_500").into_response(),
        GuastoRest::Fatto500 => {
            next.run(request).await;
            Problem::internal("guasto richiesto: fatto_500").into_response()
        }
        GuastoRest::Spazzatura => {
            (StatusCode::OK, [(CONTENT_TYPE, "text/html")], "<html><body>Manutenzione</body></html>").into_response()
        }
        GuastoRest::Troncato => cut(next.run(request).await).await,
        GuastoRest::Enorme => {
            (StatusCode::OK, [(CONTENT_TYPE, "application/json")], vec![b' '; 10 * 1024 * 1024]).into_response()
        }
        GuastoRest::Altrove => (StatusCode::FOUND, [(LOCATION, "https://estranea.example/")]).into_response(),
    }
}

async fn later(pause: Duration, request: Request, next: Next) -> Response {
    let answer = next.run(request).await;
    tokio::time::sleep(pause).await;
    answer
}

/// The first half of an answer, then the connection is gone.
async fn cut(answer: Response) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(mut bytes) = to_bytes(body, ANSWER_MAX).await else {
        return Problem::internal("an answer too long to be cut").into_response();
    };
    bytes.truncate(bytes.len() / 2);
    parts.headers.remove(CONTENT_LENGTH);
    let broken = stream::iter([Ok(bytes), Err(io::Error::other("cut"))]);
    Response::from_parts(parts, Body::from_stream(broken))
}
