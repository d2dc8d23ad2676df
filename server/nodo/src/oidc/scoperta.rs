//! What a provider says of itself (OpenID Connect Discovery) and its keys: read when they are needed, kept for an hour.

use super::jws::{self, Jwk};
use super::{OidcError, Provider, object};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use std::sync::{Arc, MutexGuard, PoisonError};
use url::Url;

/// Addresses change once in years, keys every few weeks and are published before they are used.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// While the provider does not answer, what was read last does for so long: a login may work where only its discovery is down.
const STALE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// Who signs with keys that are not there makes us ask no more often than this.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Scoperta {
    issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub jwks_uri: Url,
    pub userinfo_endpoint: Option<Url>,
    pub end_session_endpoint: Option<Url>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

/// What is known of a provider, and since when.
#[derive(Default)]
pub(super) struct Noti {
    scoperta: Option<(Timestamp, Arc<Scoperta>)>,
    keys: Option<(Timestamp, Arc<Vec<Jwk>>)>,
}

impl Scoperta {
    /// The default of RFC 8414, where it says nothing.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }

    fn check(&self, issuer: &str) -> Result<(), &'static str> {
        if self.issuer != issuer {
            return Err("its issuer is another one than we were told");
        }
        let scheme = issuer.split(':').next();
        let addresses = [Some(&self.authorization_endpoint), Some(&self.token_endpoint), Some(&self.jwks_uri)];
        let addresses = addresses.into_iter().chain([self.userinfo_endpoint.as_ref(), self.end_session_endpoint.as_ref()]);
        if addresses.flatten().any(|url| Some(url.scheme()) != scheme || !url.username().is_empty() || url.fragment().is_some()) {
            return Err("an address that is not https");
        }
        let methods = self.code_challenge_methods_supported.as_deref();
        if methods.is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
            return Err("it does not know PKCE with S256");
        }
        Ok(())
    }
}

impl Provider {
    fn noti(&self) -> MutexGuard<'_, Noti> {
        self.inner.noti.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn scoperta(&self) -> Result<Arc<Scoperta>, OidcError> {
        let (now, known) = ((self.inner.clock)(), self.noti().scoperta.clone());
        if let Some((at, scoperta)) = &known
            && now.duration_since(*at) < FRESH
        {
            return Ok(Arc::clone(scoperta));
        }
        match self.read_scoperta().await {
            Ok(scoperta) => {
                let scoperta = Arc::new(scoperta);
                self.noti().scoperta = Some((now, Arc::clone(&scoperta)));
                Ok(scoperta)
            }
            Err(OidcError::Unreachable(why)) => match known.filter(|(at, _)| now.duration_since(*at) < STALE_MAX) {
                Some((_, scoperta)) => Ok(scoperta),
                None => Err(OidcError::Unreachable(why)),
            },
            Err(error) => Err(error),
        }
    }

    async fn read_scoperta(&self) -> Result<Scoperta, OidcError> {
        let issuer = &self.inner.dettagli.issuer;
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let (status, found) = object(self.inner.client.get(at)).await?;
        if status != 200 {
            return Err(OidcError::Metadata("there is no discovery under its issuer"));
        }
        let scoperta: Scoperta =
            serde_json::from_value(Value::Object(found)).map_err(|_| OidcError::Metadata("its discovery lacks an address"))?;
        scoperta.check(issuer).map_err(OidcError::Metadata)?;
        Ok(scoperta)
    }

    /// `again`: those that were read do not do.
    pub(super) async fn keys(&self, scoperta: &Scoperta, again: bool) -> Result<Arc<Vec<Jwk>>, OidcError> {
        let (now, known) = ((self.inner.clock)(), self.noti().keys.clone());
        let enough = if again { AGAIN } else { FRESH };
        if let Some((at, keys)) = &known
            && now.duration_since(*at) < enough
        {
            return Ok(Arc::clone(keys));
        }
        match object(self.inner.client.get(scoperta.jwks_uri.clone())).await {
            Ok((200, set)) => {
                let keys = Arc::new(jws::keys(&Value::Object(set)).ok_or(OidcError::Metadata("its keys are no set of keys"))?);
                self.noti().keys = Some((now, Arc::clone(&keys)));
                Ok(keys)
            }
            Ok(_) => Err(OidcError::Metadata("there are no keys where it says")),
            // what was read last does, for who signs with one of them
            Err(error) => known.filter(|(at, _)| now.duration_since(*at) < STALE_MAX).map(|(_, keys)| keys).ok_or(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ISSUER: &str = "https://idp.example/oidc";

    fn of(changes: Value) -> Result<(), &'static str> {
        let mut found = json!({
            "issuer": ISSUER, "authorization_endpoint": "https://idp.example/a", "token_endpoint": "https://idp.example/t",
            "jwks_uri": "https://idp.example/k"
        });
        for (name, value) in changes.as_object().unwrap() {
            found[name] = value.clone();
        }
        serde_json::from_value::<Scoperta>(found).map_err(|_| "unread")?.check(ISSUER)
    }

    #[test]
    fn a_provider_is_who_we_were_told_and_speaks_pkce_over_https() {
        assert_eq!(of(json!({})), Ok(()));
        assert_eq!(of(json!({"code_challenge_methods_supported": ["plain", "S256"]})), Ok(()));
        for bad in [
            json!({"issuer": "https://altro.example/oidc"}),
            json!({"issuer": "https://idp.example/oidc/"}),
            json!({"token_endpoint": "http://idp.example/t"}),
            json!({"jwks_uri": "file:///etc/passwd"}),
            json!({"userinfo_endpoint": "http://169.254.169.254/"}),
            json!({"end_session_endpoint": "javascript:alert(1)"}),
            json!({"authorization_endpoint": "https://a:b@idp.example/a"}),
            json!({"authorization_endpoint": "/a"}),
            json!({"code_challenge_methods_supported": ["plain"]}),
        ] {
            assert!(of(bad.clone()).is_err(), "{bad}");
        }
    }
}
