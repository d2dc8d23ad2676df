//! A signed token (JWS, RFC 7515) and the keys it may be signed with (JWK, RFC 7517).
//!
//! Of what a token says about itself only two things count: which of three algorithms, and which key. `none`, and everything that a
//! client knows the secret of (HS256), is no signature; a key says for which algorithm it is by what it is made of, so that no public
//! key is ever taken for a secret. The arithmetic is ring's, which TLS links anyway.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256};
use ring::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value};

/// An ID token with every attribute of SPID is below 4 KiB.
pub const TOKEN_MAX: usize = 16 * 1024;
/// A provider that rotates has two or three.
const KEYS_MAX: usize = 50;

/// Why a token is none. No variant holds a piece of it: it names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    #[error("not three parts of base64url, the first two of them JSON objects")]
    Shape,
    #[error("signed with an algorithm that is not taken")]
    Algorithm,
    #[error("asks for an extension that is not known here (`crit`)")]
    Critical,
    /// It may have been made since the keys were read.
    #[error("signed with a key that the provider does not publish")]
    NoKey,
    #[error("the signature is of something else")]
    Signature,
}

/// OpenID Connect Core makes RS256 mandatory; PS256 and ES256 are what SPID and CIE add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Alg {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "PS256")]
    Ps256,
    #[serde(rename = "ES256")]
    Es256,
}

#[derive(Deserialize)]
struct Header {
    alg: Value,
    kid: Option<String>,
    crit: Option<Value>,
}

/// A public key.
#[derive(Clone, Debug)]
pub struct Jwk {
    kid: Option<String>,
    uso: Option<String>,
    alg: Option<String>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Rsa { n: String, e: String },
    Ec { crv: String, x: String, y: String },
}

/// A key as it is published: which members it has depends on `kty` (RFC 7518 §6).
#[derive(Deserialize)]
struct Published {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    uso: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Published {
    fn key(self) -> Option<Jwk> {
        let kind = match self.kty.as_str() {
            "RSA" => Kind::Rsa { n: self.n?, e: self.e? },
            "EC" => Kind::Ec { crv: self.crv?, x: self.x?, y: self.y? },
            _ => return None,
        };
        Some(Jwk { kid: self.kid, uso: self.uso, alg: self.alg, kind })
    }
}

/// The keys of a set that can be used here; others (of other kinds, for encryption) are nobody's fault.
pub fn keys(set: &Value) -> Option<Vec<Jwk>> {
    let keys = set.get("keys")?.as_array()?;
    Some(keys.iter().take(KEYS_MAX).filter_map(|key| Published::deserialize(key).ok()?.key()).collect())
}

/// What the token says, once it is known who signed it.
///
/// # Errors
/// See [`JwsError`].
pub fn open(token: &str, keys: &[Jwk]) -> Result<Map<String, Value>, JwsError> {
    if token.len() > TOKEN_MAX {
        return Err(JwsError::Shape);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(JwsError::Shape)?;
    let (header, payload) = signed.split_once('.').ok_or(JwsError::Shape)?;
    let header: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| JwsError::Shape)?;
    let alg: Alg = serde_json::from_value(header.alg).map_err(|_| JwsError::Algorithm)?;
    if header.crit.is_some() {
        return Err(JwsError::Critical);
    }
    let mut fitting = keys.iter().filter(|key| key.fits(alg) && (header.kid.is_none() || key.kid == header.kid));
    let key = fitting.next().ok_or(JwsError::NoKey)?;
    // one that does not say by whom it is signed may be signed by one alone
    if header.kid.is_none() && fitting.next().is_some() {
        return Err(JwsError::NoKey);
    }
    key.verify(alg, signed.as_bytes(), &decoded(signature)?)?;
    serde_json::from_slice(&decoded(payload)?).map_err(|_| JwsError::Shape)
}

fn decoded(part: &str) -> Result<Vec<u8>, JwsError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Shape)
}

impl Jwk {
    fn fits(&self, alg: Alg) -> bool {
        let (kind, name) = match alg {
            Alg::Rs256 => (matches!(self.kind, Kind::Rsa { .. }), "RS256"),
            Alg::Ps256 => (matches!(self.kind, Kind::Rsa { .. }), "PS256"),
            Alg::Es256 => (matches!(&self.kind, Kind::Ec { crv, .. } if crv == "P-256"), "ES256"),
        };
        kind && self.uso.as_deref().is_none_or(|uso| uso == "sig") && self.alg.as_deref().is_none_or(|alg| alg == name)
    }

    fn verify(&self, alg: Alg, message: &[u8], signature: &[u8]) -> Result<(), JwsError> {
        let verified = match (&self.kind, alg) {
            (Kind::Rsa { n, e }, _) => {
                // below 2048 bits ring refuses
                let rsa = if alg == Alg::Ps256 { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
                RsaPublicKeyComponents { n: decoded(n)?, e: decoded(e)? }.verify(rsa, message, signature)
            }
            (Kind::Ec { x, y, .. }, _) => {
                // SEC 1 §2.3.3: 4, and both coordinates in full
                let point = [&[4], &decoded(x)?[..], &decoded(y)?[..]].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
        };
        verified.map_err(|_| JwsError::Signature)
    }
}

#[cfg(test)]
mod tests;
