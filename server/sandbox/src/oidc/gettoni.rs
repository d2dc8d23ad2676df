//! What the portal asks: the addresses and keys of the provider, a token for a code, who it was.

use super::firma::{Chiave, unsigned};
use super::{GuastoOidc, SEGRETO};
use crate::Sandbox;
use crate::config::PersonaSandbox;
use axum::Json;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Longer than any client waits.
const SLOW: Duration = Duration::from_secs(30);
/// Of a code and of a token (seconds).
const CODE_TTL_S: i64 = 60;
const TOKEN_TTL_S: i64 = 300;
/// Codes and tokens that are remembered; a sandbox that is asked for more forgets all of them.
const KEPT_MAX: usize = 10_000;

/// The provider's memory.
#[derive(Debug)]
pub(crate) struct Idp {
    chiave: Mutex<Option<Chiave>>,
    codici: Mutex<HashMap<String, Concessione>>,
    accessi: Mutex<HashMap<String, PersonaSandbox>>,
    guasto: Mutex<GuastoOidc>,
}

impl Default for Idp {
    fn default() -> Self {
        let chiave = Mutex::new(Chiave::new());
        Self { chiave, codici: Mutex::default(), accessi: Mutex::default(), guasto: Mutex::default() }
    }
}

/// What a code is good for.
#[derive(Clone, Debug)]
pub(super) struct Concessione {
    pub persona: PersonaSandbox,
    pub client_id: String,
    pub redirect_uri: String,
    pub nonce: String,
    pub challenge: String,
    pub fino_a_s: i64,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Idp {
    pub(crate) fn guasto(&self) -> GuastoOidc {
        *locked(&self.guasto)
    }

    pub(crate) fn set_guasto(&self, guasto: GuastoOidc) {
        *locked(&self.guasto) = guasto;
    }

    pub(super) fn keep(&self, code: String, concessione: Concessione) {
        let mut codici = locked(&self.codici);
        if codici.len() >= KEPT_MAX {
            codici.clear();
        }
        codici.insert(code, concessione);
    }
}

fn issuer(sandbox: &Sandbox) -> String {
    sandbox.config.address("/oidc")
}

pub(super) fn iss_beside_code(sandbox: &Sandbox) -> String {
    if sandbox.idp.guasto() == GuastoOidc::AltroMittente { "https://estranea.example".to_owned() } else { issuer(sandbox) }
}

pub(super) fn code_expiry(sandbox: &Sandbox) -> i64 {
    sandbox.now().as_second() + CODE_TTL_S
}

pub(super) async fn discovery(State(sandbox): State<Arc<Sandbox>>) -> Response {
    match sandbox.idp.guasto() {
        GuastoOidc::Errore500 => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        GuastoOidc::Spazzatura => return (StatusCode::OK, "<html>Manutenzione</html>").into_response(),
        _ => {}
    }
    let at = |path: &str| sandbox.config.address(&format!("/oidc/{path}"));
    Json(json!({
        "issuer": issuer(&sandbox),
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("jwks"),
        "end_session_endpoint": at("logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

pub(super) async fn jwks(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let keys: Vec<_> = locked(&sandbox.idp.chiave).iter().map(Chiave::jwk).collect();
    Json(json!({ "keys": keys }))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Richiesta {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    client_id: String,
}

fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}

/// As strict as a real one: a code once, for its client, its address and the verifier of its challenge.
pub(super) async fn token(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, Form(richiesta): Form<Richiesta>) -> Response {
    let idp = &sandbox.idp;
    match idp.guasto() {
        GuastoOidc::Lento => tokio::time::sleep(SLOW).await,
        GuastoOidc::Errore500 => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        GuastoOidc::Spazzatura => return (StatusCode::OK, "<html>Manutenzione</html>").into_response(),
        _ => {}
    }
    let Some(client_id) = client(&headers, &richiesta) else { return refused("invalid_client") };
    let found = locked(&idp.codici).remove(&richiesta.code);
    let challenge = ring::digest::digest(&ring::digest::SHA256, richiesta.code_verifier.as_bytes());
    let Some(concessione) = found.filter(|c| {
        richiesta.grant_type == "authorization_code"
            && c.client_id == client_id
            && c.redirect_uri == richiesta.redirect_uri
            && c.challenge == URL_SAFE_NO_PAD.encode(challenge)
            && c.fino_a_s >= sandbox.now().as_second()
    }) else {
        return refused("invalid_grant");
    };
    let (Some(id_token), Ok(access_token)) = (id_token(&sandbox, &concessione), crate::caso::id()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut accessi = locked(&idp.accessi);
    if accessi.len() >= KEPT_MAX {
        accessi.clear();
    }
    accessi.insert(access_token.clone(), concessione.persona);
    let answer = json!({ "access_token": access_token, "token_type": "Bearer", "expires_in": TOKEN_TTL_S, "id_token": id_token });
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

/// By Basic with the secret, or a public client.
fn client(headers: &HeaderMap, richiesta: &Richiesta) -> Option<String> {
    let Some(basic) = headers.get(header::AUTHORIZATION) else {
        return Some(richiesta.client_id.clone()).filter(|id| !id.is_empty());
    };
    let text = STANDARD.decode(basic.to_str().ok()?.strip_prefix("Basic ")?).ok()?;
    let (id, secret) = std::str::from_utf8(&text).ok()?.split_once(':')?;
    (secret == SEGRETO).then(|| id.to_owned())
}

fn attributes(persona: &PersonaSandbox) -> [(&'static str, String); 3] {
    [
        ("fiscal_number", format!("TINIT-{}", persona.codice_fiscale)),
        ("given_name", persona.nome.clone()),
        ("family_name", persona.cognome.clone()),
    ]
}

/// Another name for each person at each client would do too; the portal looks at it only beside userinfo.
fn subject(persona: &PersonaSandbox) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, persona.codice_fiscale.as_bytes());
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..12])
}

fn id_token(sandbox: &Sandbox, concessione: &Concessione) -> Option<String> {
    let (guasto, now) = (sandbox.idp.guasto(), sandbox.now().as_second());
    let iat = match guasto {
        GuastoOidc::Scaduto => now - 2 * TOKEN_TTL_S,
        GuastoOidc::Futuro => now + 3_600,
        _ => now,
    };
    let level = if guasto == GuastoOidc::LivelloBasso { "SpidL1" } else { "SpidL2" };
    let mut claims = json!({
        "iss": issuer(sandbox),
        "sub": subject(&concessione.persona),
        "aud": concessione.client_id,
        "iat": iat,
        "exp": iat + TOKEN_TTL_S,
        "nonce": concessione.nonce,
        "acr": format!("https://www.spid.gov.it/{level}"),
    });
    if !matches!(guasto, GuastoOidc::AttributiInUserinfo | GuastoOidc::UserinfoAltrui) {
        for (name, value) in attributes(&concessione.persona) {
            claims[name] = value.into();
        }
    }
    match guasto {
        GuastoOidc::NonceErrato => claims["nonce"] = "altro".into(),
        GuastoOidc::AltroDestinatario => claims["aud"] = "altro".into(),
        GuastoOidc::AltroEmittente => claims["iss"] = "https://estranea.example".into(),
        GuastoOidc::SenzaCodiceFiscale => claims["fiscal_number"] = "TINIT-01234567897".into(),
        _ => {}
    }
    let mut chiave = locked(&sandbox.idp.chiave);
    match guasto {
        GuastoOidc::AlgNone => return Some(format!("{}.", unsigned(&json!({ "alg": "none" }), &claims))),
        GuastoOidc::ChiaveIgnota => return Chiave::new()?.sign(&claims),
        GuastoOidc::ChiaveRuotata => *chiave = Chiave::new(),
        _ => {}
    }
    let token = chiave.as_ref()?.sign(&claims)?;
    if guasto == GuastoOidc::FirmaRotta {
        let (signed, signature) = token.rsplit_once('.')?;
        let turned: String = signature.chars().rev().collect();
        return Some(format!("{signed}.{turned}"));
    }
    Some(token)
}

pub(super) async fn userinfo(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap) -> Response {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let Some(persona) = bearer.and_then(|token| locked(&sandbox.idp.accessi).get(token).cloned()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let altrui = sandbox.idp.guasto() == GuastoOidc::UserinfoAltrui;
    let mut info = json!({ "sub": if altrui { "altri".to_owned() } else { subject(&persona) } });
    for (name, value) in attributes(&persona) {
        info[name] = value.into();
    }
    Json(info).into_response()
}
