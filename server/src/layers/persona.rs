//! Who is in: found out once for each request, from the cookie, before anything asks.

use crate::render::Web;
use app::cookies::Cookie;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

/// Lays a [`portal::accesso::Persona`] beside the request of whoever is in. What cannot be found out is nobody.
pub async fn layer(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    // tells its own trouble; pages stand without
    let _ = web.portal.read_fornitori(false).await;
    if let Some(kept) = Cookie::Persona.read(&web.portal, request.headers()) {
        match web.portal.persona(&kept).await {
            Ok(Some(persona)) => drop(request.extensions_mut().insert(persona)),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "who is in could not be found out"),
        }
    }
    next.run(request).await
}
