//! A small provider of identity: OpenID Connect with code and PKCE, persons that do not exist, no password. Its signatures are real
//! ones (ES256), with a key made at the start; its faults are those an attacker, or a bad day, would bring.
//!
//! | address | who calls |
//! |---|---|
//! | `GET /oidc/.well-known/openid-configuration`, `/oidc/jwks` | the portal |
//! | `GET`, `POST /oidc/authorize` | the citizen's browser: who are you today? |
//! | `POST /oidc/token`, `GET /oidc/userinfo` | the portal |
//! | `GET /oidc/logout` | the citizen's browser |

mod firma;
mod gettoni;
mod pagina;

pub(crate) use gettoni::Idp;

use crate::Sandbox;
use axum::Router;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The secret that every client of this provider has.
pub const SEGRETO: &str = "segreto-di-prova";

/// What is wrong with the provider, from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuastoOidc {
    #[default]
    Nessuno,
    NonceErrato,
    Scaduto,
    /// Made in an hour: a clock that runs ahead.
    Futuro,
    AltroDestinatario,
    AltroEmittente,
    /// `iss` beside the code is another provider's (mix-up).
    AltroMittente,
    AlgNone,
    /// With a key that is not published.
    ChiaveIgnota,
    /// A new key for each token: it is published from then on, and what was read before does not know it.
    ChiaveRuotata,
    FirmaRotta,
    /// SPID of level 1.
    LivelloBasso,
    SenzaCodiceFiscale,
    /// The attributes are not in the token, but behind userinfo.
    AttributiInUserinfo,
    /// So they are, and those of somebody else.
    UserinfoAltrui,
    /// Thirty seconds for the token.
    Lento,
    #[serde(rename = "errore_500")]
    Errore500,
    Spazzatura,
}

pub(crate) fn router(sandbox: &Arc<Sandbox>) -> Router {
    Router::new()
        .route("/oidc/.well-known/openid-configuration", get(gettoni::discovery))
        .route("/oidc/jwks", get(gettoni::jwks))
        .route("/oidc/authorize", get(pagina::show).post(pagina::choose))
        .route("/oidc/token", post(gettoni::token))
        .route("/oidc/userinfo", get(gettoni::userinfo))
        .route("/oidc/logout", get(pagina::logout))
        .with_state(Arc::clone(sandbox))
}
