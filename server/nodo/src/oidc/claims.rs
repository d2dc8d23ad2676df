//! What an ID token must say before anybody believes who it names (OpenID Connect Core §3.1.3.7), and the person in it.

use super::{Dettagli, OidcError};
use domain::CodiceFiscale;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::fmt;

/// What two clocks that somebody looks after may differ by.
const SKEW_S: i64 = 60;
/// A token is made when its code is redeemed, and the code seconds before.
const AGE_MAX_S: i64 = 600;
/// As a debtor's name may be.
const NOME_MAX: usize = 70;

/// What is wrong with a token. Each is a place and a rule: none holds a value, which may be a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difetto {
    #[error("`iss` is another provider")]
    Issuer,
    #[error("`aud` or `azp` is another client")]
    Audience,
    #[error("`exp` is over, or is none")]
    Expired,
    #[error("`iat` or `nbf` is still to come, or is none")]
    NotYet,
    #[error("`iat` is too long ago")]
    TooOld,
    #[error("`nonce` is not the one that was asked with")]
    Nonce,
    #[error("`acr` is not a level that is taken")]
    Level,
    #[error("`sub` of the userinfo is somebody else")]
    Subject,
    #[error("the claim of the codice fiscale is missing, or is none of a person")]
    CodiceFiscale,
}

/// Who came in. `Debug` names nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Identita {
    pub codice_fiscale: CodiceFiscale,
    pub nome: String,
    /// `acr`, as the provider says it.
    pub livello: Option<String>,
}

impl fmt::Debug for Identita {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identita").field("livello", &self.livello).finish_non_exhaustive()
    }
}

/// Everything but who it is.
pub(super) fn check(claims: &Map<String, Value>, expected: &Dettagli, nonce: &str, now: Timestamp) -> Result<(), Difetto> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let second = |name: &str| claims.get(name).and_then(Value::as_i64);
    if text("iss") != Some(expected.issuer.as_str()) {
        return Err(Difetto::Issuer);
    }
    let (ours, others) = audience(claims.get("aud"), &expected.client_id);
    let azp = claims.get("azp").map(|azp| azp.as_str() == Some(expected.client_id.as_str()));
    // of a token for several it must be said that it was made for us
    if !ours || azp == Some(false) || (others && azp.is_none()) {
        return Err(Difetto::Audience);
    }
    let now = now.as_second();
    if second("exp").is_none_or(|exp| now >= exp.saturating_add(SKEW_S)) {
        return Err(Difetto::Expired);
    }
    let iat = second("iat").ok_or(Difetto::NotYet)?;
    let nbf = claims.get("nbf").map(|nbf| nbf.as_i64().is_some_and(|nbf| nbf <= now + SKEW_S));
    if iat > now + SKEW_S || nbf == Some(false) {
        return Err(Difetto::NotYet);
    }
    if iat < now - AGE_MAX_S {
        return Err(Difetto::TooOld);
    }
    if text("nonce") != Some(nonce) {
        return Err(Difetto::Nonce);
    }
    let level = text("acr");
    if !expected.livelli.is_empty() && !level.is_some_and(|level| expected.livelli.iter().any(|taken| taken == level)) {
        return Err(Difetto::Level);
    }
    Ok(())
}

/// Whether we are among those it is for, and whether somebody else is too.
fn audience(aud: Option<&Value>, client_id: &str) -> (bool, bool) {
    match aud {
        Some(Value::String(one)) => (one == client_id, false),
        Some(Value::Array(all)) => (all.iter().any(|one| one.as_str() == Some(client_id)), all.len() > 1),
        _ => (false, false),
    }
}

/// The person. What the provider says over userinfo counts where the token is silent.
pub(super) fn person(claims: &Map<String, Value>, expected: &Dettagli) -> Result<Identita, OidcError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // SPID and eIDAS put the country and the kind in front: `TINIT-RSSMRA85T10A562S`
    let code = text(&expected.claim).map(|code| code.strip_prefix("TINIT-").unwrap_or(code));
    let codice_fiscale = code.and_then(|code| CodiceFiscale::parse(code).ok()).filter(CodiceFiscale::is_persona_fisica);
    let codice_fiscale = codice_fiscale.ok_or(Difetto::CodiceFiscale)?;
    let both = |first: &str, last: &str| Some(format!("{} {}", text(first)?, text(last)?));
    let nome =
        both("given_name", "family_name").or_else(|| both("name", "familyName")).or_else(|| text("name").map(str::to_owned));
    let nome = nome.unwrap_or_default().chars().filter(|c| !c.is_control()).take(NOME_MAX).collect();
    Ok(Identita { codice_fiscale, nome, livello: text("acr").map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use url::Url;

    fn expected() -> Dettagli {
        Dettagli {
            issuer: "https://idp.example/oidc".into(),
            client_id: "sportello".into(),
            client_secret: None,
            redirect_uri: Url::parse("https://a.it/accesso/ritorno").unwrap(),
            scope: "openid".into(),
            claim: "fiscal_number".into(),
            livelli: vec!["https://www.spid.gov.it/SpidL2".into()],
            timeout_ms: 1,
        }
    }

    const NOW: i64 = 1_795_000_000;

    fn sound() -> Map<String, Value> {
        let claims = json!({
            "iss": "https://idp.example/oidc", "aud": "sportello", "exp": NOW + 300, "iat": NOW, "nonce": "n", "sub": "s",
            "acr": "https://www.spid.gov.it/SpidL2", "fiscal_number": "TINIT-RSSMRA80A41F205B", "given_name": "Maria",
            "family_name": "Rossi"
        });
        claims.as_object().unwrap().clone()
    }

    #[test]
    fn each_thing_that_is_wrong_with_a_token_is_refused_by_its_own_name() {
        let now = Timestamp::from_second(NOW).unwrap();
        assert_eq!(check(&sound(), &expected(), "n", now), Ok(()));
        for (claim, value, difetto) in [
            ("iss", json!("https://idp.example/oidc/"), Difetto::Issuer),
            ("iss", json!(null), Difetto::Issuer),
            ("aud", json!("altro"), Difetto::Audience),
            ("aud", json!(["altro"]), Difetto::Audience),
            ("aud", json!(["sportello", "altro"]), Difetto::Audience),
            ("aud", json!({"sportello": true}), Difetto::Audience),
            ("azp", json!("altro"), Difetto::Audience),
            ("azp", json!(["sportello"]), Difetto::Audience),
            ("exp", json!(NOW - 60), Difetto::Expired),
            ("exp", json!("9999999999"), Difetto::Expired),
            ("exp", json!(null), Difetto::Expired),
            ("iat", json!(NOW + 61), Difetto::NotYet),
            ("iat", json!(null), Difetto::NotYet),
            ("nbf", json!(NOW + 61), Difetto::NotYet),
            ("nbf", json!("mai"), Difetto::NotYet),
            ("iat", json!(NOW - 601), Difetto::TooOld),
            ("nonce", json!("m"), Difetto::Nonce),
            ("nonce", json!(null), Difetto::Nonce),
            ("acr", json!("https://www.spid.gov.it/SpidL1"), Difetto::Level),
            ("acr", json!(null), Difetto::Level),
        ] {
            let mut claims = sound();
            claims.insert(claim.into(), value.clone());
            assert_eq!(check(&claims, &expected(), "n", now), Err(difetto), "{claim} {value}");
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute_and_a_token_may_be_for_several() {
        let mut claims = sound();
        claims.insert("aud".into(), json!(["altro", "sportello"]));
        claims.insert("azp".into(), json!("sportello"));
        for (at, taken) in [(NOW - 60, true), (NOW - 61, false), (NOW + 359, true), (NOW + 360, false)] {
            let now = Timestamp::from_second(at).unwrap();
            assert_eq!(check(&claims, &expected(), "n", now).is_ok(), taken, "{at}");
        }
    }

    #[test]
    fn the_person_is_who_has_a_codice_fiscale_of_a_person() {
        for (code, taken) in [
            ("TINIT-RSSMRA80A41F205B", true),
            ("rssmra80a41f205b", true),
            ("TINIT-RSSMRA80A41F205C", false),
            ("01234567897", false),
            ("TINFR-RSSMRA80A41F205B", false),
            ("", false),
        ] {
            let mut claims = sound();
            claims.insert("fiscal_number".into(), json!(code));
            let found = person(&claims, &expected());
            assert_eq!(found.is_ok(), taken, "{code}: {found:?}");
        }
        let found = person(&sound(), &expected()).unwrap();
        assert_eq!((found.codice_fiscale.as_str(), found.nome.as_str()), ("RSSMRA80A41F205B", "Maria Rossi"));
        assert!(!format!("{found:?}").contains("RSSMRA"), "{found:?}");
    }

    #[test]
    fn a_name_is_cut_and_holds_no_control_characters() {
        let mut claims = sound();
        claims.insert("given_name".into(), json!(format!("Ma\u{202e}\nria{}", "a".repeat(100))));
        let nome = person(&claims, &expected()).unwrap().nome;
        assert_eq!(nome.chars().count(), 70);
        assert!(!nome.contains('\n'));
    }
}
