//! Who somebody is, said by a provider of identity: OpenID Connect, code flow with PKCE (RFC 7636). The ente's own provider, or a
//! gateway to SPID and CIE: their federations (automatic registration, trust marks, encrypted userinfo) are the gateway's affair.
//!
//! | file | question |
//! |---|---|
//! | `oidc/scoperta.rs` | where are its addresses, what are its keys? |
//! | `oidc/jws.rs` | who signed this? |
//! | `oidc/claims.rs` | is it for us, now, for this very question; and who is it? |
//!
//! A provider is asked only for what it said of itself under the address we were told (`issuer`); a code goes to nobody but the
//! provider that this login began with (RFC 9700 §4.4: mix-up).

mod claims;
mod jws;
mod scoperta;

pub use claims::{Difetto, Identita};
pub use jws::JwsError;

use crate::http::{ClientError, client};
use crate::rest::Clock;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, Response};
use scoperta::{Noti, Scoperta};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

/// Discovery of Keycloak is 6 KiB, a set of keys with certificates some more.
const ANSWER_MAX: usize = 256 * 1024;
/// A code of Keycloak has 110 characters.
pub const CODE_MAX: usize = 2_048;

/// What is agreed with a provider.
#[derive(Clone)]
pub struct Dettagli {
    /// As the provider writes it, to the slash.
    pub issuer: String,
    pub client_id: String,
    /// None: a public client, which PKCE alone protects.
    pub client_secret: Option<String>,
    pub redirect_uri: Url,
    pub scope: String,
    /// Which claim holds the codice fiscale: `fiscal_number`, `fiscalNumber`, …
    pub claim: String,
    /// `acr` that are taken, and asked for; empty: any.
    pub livelli: Vec<String>,
    pub timeout_ms: u64,
}

impl fmt::Debug for Dettagli {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dettagli").field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// It does not answer, or not sensibly: later.
    #[error("the provider of identity does not answer: {0}")]
    Unreachable(&'static str),
    /// What it says of itself cannot be used: somebody must look.
    #[error("what the provider of identity says of itself: {0}")]
    Metadata(&'static str),
    /// It refuses the code: used, over, or another one's. Its own name for it (RFC 6749 §5.2).
    #[error("the provider of identity refuses the code: {0}")]
    Refused(String),
    #[error("the ID token: {0}")]
    Jws(#[from] JwsError),
    #[error("the ID token: {0}")]
    Difetto(#[from] Difetto),
}

/// What a login is told apart from all others by. All of it comes from 128 random bits that only one browser holds.
#[derive(Clone)]
pub struct Domanda {
    pub state: String,
    pub nonce: String,
    /// `code_verifier`: 43 characters of base64url.
    pub verifier: String,
}

impl fmt::Debug for Domanda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Domanda(…)")
    }
}

/// A provider of identity. Cheap to clone; what was read of it is shared.
#[derive(Clone)]
pub struct Provider {
    inner: Arc<Inner>,
}

struct Inner {
    dettagli: Dettagli,
    client: reqwest::Client,
    clock: Clock,
    noti: Mutex<Noti>,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.dettagli.fmt(f)
    }
}

impl Provider {
    /// Calls nobody yet.
    ///
    /// # Errors
    /// When the issuer is no address without query and fragment (OpenID Connect Discovery §4.1), or there is no TLS to reach it.
    pub fn new(dettagli: Dettagli, clock: Clock) -> Result<Self, ProviderError> {
        let issuer = Url::parse(&dettagli.issuer).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
        let issuer = issuer.filter(|url| url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
        let issuer = issuer.ok_or(ProviderError::Issuer)?;
        let client = client(&issuer, Duration::from_millis(dettagli.timeout_ms))?;
        Ok(Self { inner: Arc::new(Inner { dettagli, client, clock, noti: Mutex::default() }) })
    }

    /// Where a browser asks the provider who sits before it. `parametro`: something more that this provider wants to know,
    /// `kc_idp_hint=spid`.
    ///
    /// # Errors
    /// `Unreachable`, `Metadata`.
    pub async fn authorize(&self, domanda: &Domanda, parametro: &str, lingua: &str) -> Result<Url, OidcError> {
        let (dettagli, scoperta) = (&self.inner.dettagli, self.scoperta().await?);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(domanda.verifier.as_bytes()));
        let mut url = scoperta.authorization_endpoint.clone();
        {
            let mut query = url.query_pairs_mut();
            for (name, value) in [
                ("response_type", "code"),
                ("client_id", &dettagli.client_id),
                ("redirect_uri", dettagli.redirect_uri.as_str()),
                ("scope", &dettagli.scope),
                ("state", &domanda.state),
                ("nonce", &domanda.nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
                ("ui_locales", lingua),
            ] {
                query.append_pair(name, value);
            }
            if !dettagli.livelli.is_empty() {
                query.append_pair("acr_values", &dettagli.livelli.join(" "));
            }
            if let Some((name, value)) = parametro.split_once('=') {
                query.append_pair(name, value);
            }
        }
        Ok(url)
    }

    /// Whether an answer may be this provider's: `iss` beside the code (RFC 9207), which must be there where it says so.
    ///
    /// # Errors
    /// `Unreachable`, `Metadata`; `Difetto::Issuer` when it is another one's.
    pub async fn check_sender(&self, iss: Option<&str>) -> Result<(), OidcError> {
        let needed = self.scoperta().await?.authorization_response_iss_parameter_supported;
        match iss {
            Some(iss) if iss == self.inner.dettagli.issuer => Ok(()),
            None if !needed => Ok(()),
            _ => Err(Difetto::Issuer.into()),
        }
    }

    /// Who it is: the code for the tokens, and what they say, judged.
    ///
    /// # Errors
    /// See [`OidcError`].
    pub async fn redeem(&self, code: &str, domanda: &Domanda) -> Result<Identita, OidcError> {
        let (inner, scoperta) = (&self.inner, self.scoperta().await?);
        let tokens = self.ask_tokens(&scoperta, code, domanda).await?;
        let text = |name: &str| tokens.get(name).and_then(Value::as_str);
        let id_token = text("id_token").ok_or(OidcError::Metadata("an answer without an ID token"))?;
        let mut claims = self.open(&scoperta, id_token).await?;
        claims::check(&claims, &inner.dettagli, &domanda.nonce, (inner.clock)())?;
        if let (false, Some(at), Some(token)) =
            (claims.contains_key(&inner.dettagli.claim), &scoperta.userinfo_endpoint, text("access_token"))
        {
            let more = object(inner.client.get(at.clone()).bearer_auth(token)).await?.1;
            // OpenID Connect Core §5.3.2: of anybody else it must not be used
            if more.get("sub") != claims.get("sub") || more.get("sub").is_none_or(|sub| !sub.is_string()) {
                return Err(Difetto::Subject.into());
            }
            for (name, value) in more {
                // what was signed counts
                claims.entry(name).or_insert(value);
            }
        }
        claims::person(&claims, &inner.dettagli)
    }

    /// Where a browser says goodbye to the provider too, and comes back from; `None` where that is not to be had.
    pub async fn end_session(&self, back: &Url) -> Option<Url> {
        let scoperta = self.scoperta().await.ok()?;
        let mut url = scoperta.end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.inner.dettagli.client_id)
            .append_pair("post_logout_redirect_uri", back.as_str());
        Some(url)
    }

    async fn ask_tokens(&self, scoperta: &Scoperta, code: &str, domanda: &Domanda) -> Result<Map<String, Value>, OidcError> {
        let dettagli = &self.inner.dettagli;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", dettagli.redirect_uri.as_str()),
            ("code_verifier", &domanda.verifier),
        ];
        let mut request = self.inner.client.post(scoperta.token_endpoint.clone());
        match &dettagli.client_secret {
            None => form.push(("client_id", &dettagli.client_id)),
            Some(secret) if scoperta.takes_basic() => {
                request = request.header("authorization", basic(&dettagli.client_id, secret))
            }
            Some(secret) => form.extend([("client_id", dettagli.client_id.as_str()), ("client_secret", secret)]),
        }
        let (status, answer) = object(request.form(&form)).await?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let name = answer.get("error").and_then(Value::as_str).unwrap_or_default();
        // a name of the standard and nothing else gets into a log
        let plain = (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        Err(OidcError::Refused(if plain { name.to_owned() } else { status.to_string() }))
    }

    /// A key that is not among those that were read may have been made since: they are read once more.
    async fn open(&self, scoperta: &Scoperta, token: &str) -> Result<Map<String, Value>, OidcError> {
        match jws::open(token, &self.keys(scoperta, false).await?) {
            Err(JwsError::NoKey) => Ok(jws::open(token, &self.keys(scoperta, true).await?)?),
            opened => Ok(opened?),
        }
    }
}

/// Why there cannot be such a provider.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the issuer is no address such as https://idp.comune.it/realms/cittadini, without query and fragment")]
    Issuer,
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// RFC 6749 §2.3.1: both are encoded as in a form before they are joined.
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret))))
}

/// The answer, which is a JSON object of a size that can be: with its status.
async fn object(request: RequestBuilder) -> Result<(u16, Map<String, Value>), OidcError> {
    let response = request.header("accept", "application/json").send().await.map_err(|_| OidcError::Unreachable("no answer"))?;
    let status = response.status().as_u16();
    if response.status().is_server_error() || response.status().is_redirection() || status == 429 {
        return Err(OidcError::Unreachable("an answer that is none"));
    }
    let json = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !json.is_some_and(|kind| kind.split(';').next().is_some_and(|kind| kind.trim().ends_with("json"))) {
        return Err(OidcError::Unreachable("an answer that is no JSON"));
    }
    let body = body(response).await?;
    let object = serde_json::from_slice(&body).map_err(|_| OidcError::Unreachable("an answer that is no JSON object"))?;
    Ok((status, object))
}

async fn body(mut response: Response) -> Result<Vec<u8>, OidcError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|_| OidcError::Unreachable("an answer that was cut off"))? {
        body.extend_from_slice(&part);
        if body.len() > ANSWER_MAX {
            return Err(OidcError::Unreachable("an answer that does not end"));
        }
    }
    Ok(body)
}
