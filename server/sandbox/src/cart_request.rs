//! The body of `POST /carts`, judged as the OpenAPI of Checkout EC v1 and v2 says.

use crate::SandboxConfig;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use serde::Deserialize;
use url::Url;

/// `paymentNotices`: `minItems` 1, `maxItems` 5.
const NOTICES_MAX: usize = 5;
/// `companyName`, `description`: `maxLength` 140.
const TEXT_MAX: usize = 140;
/// idCart becomes `paymentNote` (`stText210` in paForNode.xsd).
const ID_CART_MAX: usize = 210;
/// The OpenAPI has no limit; browsers stop near 2,000.
const URL_MAX: usize = 2_048;

/// Which of the two endpoints was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    /// Asks for `returnWaitingUrl` as well.
    V2,
}

/// A cart that is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CartRequest {
    pub notices: Vec<Notice>,
    pub id_cart: Option<String>,
    pub return_ok: Url,
    pub return_cancel: Url,
    pub return_error: Url,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub numero: NumeroAvviso,
    pub ente: CodiceFiscaleEnte,
    pub importo: Importo,
    pub nome_ente: String,
    pub descrizione: String,
}

/// The JSON as it comes. Unknown members pass: the schemas do not forbid them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawCart {
    email_notice: Option<String>,
    payment_notices: Vec<RawNotice>,
    return_urls: RawReturnUrls,
    id_cart: Option<String>,
    #[serde(rename = "allCCP")]
    _all_ccp: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawNotice {
    notice_number: String,
    fiscal_code: String,
    amount: i64,
    company_name: String,
    description: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReturnUrls {
    return_ok_url: String,
    return_cancel_url: String,
    return_error_url: String,
    return_waiting_url: Option<String>,
}

impl CartRequest {
    /// The first thing that is wrong, or the cart.
    pub(crate) fn parse(raw: RawCart, version: Version, config: &SandboxConfig) -> Result<Self, String> {
        if raw.payment_notices.is_empty() || raw.payment_notices.len() > NOTICES_MAX {
            return Err(format!("paymentNotices: 1 to {NOTICES_MAX} notices, not {}", raw.payment_notices.len()));
        }
        let notices = raw.payment_notices.into_iter().map(Notice::parse).collect::<Result<Vec<_>, _>>()?;
        if let Some(email) = &raw.email_notice {
            domain::testo::email(email).map_err(|reason| format!("emailNotice: {reason}"))?;
        }
        if raw.id_cart.as_ref().is_some_and(|id| id.is_empty() || id.chars().count() > ID_CART_MAX) {
            return Err(format!("idCart: 1 to {ID_CART_MAX} characters"));
        }
        let urls = raw.return_urls;
        match (version, &urls.return_waiting_url) {
            (Version::V2, None) => return Err("returnUrls: returnWaitingUrl is required in v2".to_owned()),
            (Version::V2, Some(waiting)) => return_url("returnWaitingUrl", waiting, config).map(drop)?,
            (Version::V1, _) => {}
        }
        Ok(Self {
            notices,
            id_cart: raw.id_cart,
            return_ok: return_url("returnOkUrl", &urls.return_ok_url, config)?,
            return_cancel: return_url("returnCancelUrl", &urls.return_cancel_url, config)?,
            return_error: return_url("returnErrorUrl", &urls.return_error_url, config)?,
        })
    }

    pub(crate) fn total(&self) -> Option<Importo> {
        Importo::sum(self.notices.iter().map(|n| n.importo))
    }

    /// A notice that is there twice; Checkout refuses such a cart with 422.
    pub(crate) fn duplicate(&self) -> Option<&Notice> {
        let mut rest = self.notices.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.iter().any(|n| n.numero == first.numero && n.ente == first.ente) {
                return Some(first);
            }
            rest = others;
        }
        None
    }
}

impl Notice {
    fn parse(raw: RawNotice) -> Result<Self, String> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if raw.notice_number.len() != NumeroAvviso::LEN || !digits(&raw.notice_number) {
            return Err("noticeNumber: 18 digits".to_owned());
        }
        if raw.fiscal_code.len() != 11 || !digits(&raw.fiscal_code) {
            return Err("fiscalCode: 11 digits".to_owned());
        }
        for (name, text) in [("companyName", &raw.company_name), ("description", &raw.description)] {
            if text.chars().count() > TEXT_MAX {
                return Err(format!("{name}: at most {TEXT_MAX} characters"));
            }
        }
        let importo = Importo::from_cents(raw.amount).filter(|i| !i.is_zero());
        Ok(Self {
            numero: NumeroAvviso::parse(&raw.notice_number).map_err(|reason| format!("noticeNumber: {reason}"))?,
            ente: CodiceFiscaleEnte::parse(&raw.fiscal_code).map_err(|reason| format!("fiscalCode: {reason}"))?,
            importo: importo.ok_or("amount: cents, 1 to 99999999999")?,
            nome_ente: raw.company_name,
            descrizione: raw.description,
        })
    }
}

/// An absolute http(s) address we may send the citizen back to.
fn return_url(name: &str, text: &str, config: &SandboxConfig) -> Result<Url, String> {
    if text.len() > URL_MAX {
        return Err(format!("{name}: at most {URL_MAX} characters"));
    }
    let url = Url::parse(text).map_err(|error| format!("{name}: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(format!("{name}: an absolute http or https address"));
    }
    if !config.permits_return_to(&url) {
        return Err(format!("{name}: an origin that this sandbox does not return to"));
    }
    Ok(url)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn config() -> SandboxConfig {
        let url = |text: &str| Url::parse(text).unwrap();
        let clock: crate::Orologio = Arc::new(|| jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0));
        let mut config = SandboxConfig::new(url("http://127.0.0.1:1"), url("http://127.0.0.1:2/pa"), Vec::new(), clock);
        config.allowed_return_origins = vec!["http://127.0.0.1:3000".to_owned()];
        config
    }

    fn body() -> Value {
        json!({
            "emailNotice": "mario.rossi@posta.example",
            "paymentNotices": [{
                "noticeNumber": "302000000000000184", "fiscalCode": "77777777777", "amount": 1000,
                "companyName": "Comune di Valdoria", "description": "Mensa scolastica"
            }],
            "returnUrls": {
                "returnOkUrl": "http://127.0.0.1:3000/ok", "returnCancelUrl": "http://127.0.0.1:3000/cancel",
                "returnErrorUrl": "http://127.0.0.1:3000/error", "returnWaitingUrl": "http://127.0.0.1:3000/waiting"
            },
            "idCart": "carrello-1", "allCCP": false
        })
    }

    fn parse(body: Value, version: Version) -> Result<CartRequest, String> {
        let raw = serde_json::from_value(body).map_err(|e| e.to_string())?;
        CartRequest::parse(raw, version, &config())
    }

    pub(crate) fn a_cart() -> CartRequest {
        parse(body(), Version::V2).unwrap()
    }

    #[test]
    fn a_cart_as_the_openapi_says_is_read() {
        let cart = a_cart();
        assert_eq!(cart.total().unwrap().cents(), 1_000);
        assert_eq!(cart.return_error.as_str(), "http://127.0.0.1:3000/error");
        assert!(cart.duplicate().is_none());
        let mut least = body();
        for optional in ["emailNotice", "idCart", "allCCP"] {
            least.as_object_mut().unwrap().remove(optional);
        }
        least["returnUrls"].as_object_mut().unwrap().remove("returnWaitingUrl");
        assert!(parse(least.clone(), Version::V1).is_ok());
        assert!(parse(least, Version::V2).unwrap_err().contains("returnWaitingUrl"));
    }

    #[test]
    fn what_the_openapi_forbids_is_refused_with_the_member_named() {
        let long = "a".repeat(141);
        for (pointer, bad, named) in [
            ("/paymentNotices", json!([]), "paymentNotices"),
            ("/paymentNotices/0/noticeNumber", json!("30200000000000018"), "noticeNumber"),
            ("/paymentNotices/0/noticeNumber", json!("3020 0000 0000 0001 84"), "noticeNumber"),
            ("/paymentNotices/0/noticeNumber", json!("902000000000000184"), "noticeNumber"),
            ("/paymentNotices/0/noticeNumber", json!(302_000_000_000_000_184_i64), "string"),
            ("/paymentNotices/0/fiscalCode", json!("7777777777"), "fiscalCode"),
            ("/paymentNotices/0/amount", json!(0), "amount"),
            ("/paymentNotices/0/amount", json!(-1), "amount"),
            ("/paymentNotices/0/amount", json!(100_000_000_000_i64), "amount"),
            ("/paymentNotices/0/amount", json!("1000"), "i64"),
            ("/paymentNotices/0/companyName", json!(long), "companyName"),
            ("/paymentNotices/0/description", json!(long), "description"),
            ("/paymentNotices/0/description", Value::Null, "string"),
            ("/returnUrls/returnOkUrl", json!("/ok"), "returnOkUrl"),
            ("/returnUrls/returnOkUrl", json!("www.comune.example/ok"), "returnOkUrl"),
            ("/returnUrls/returnErrorUrl", json!("javascript:alert(1)"), "returnErrorUrl"),
            ("/returnUrls/returnCancelUrl", json!("https://evil.example/"), "returnCancelUrl"),
            ("/returnUrls/returnWaitingUrl", json!("data:text/html,x"), "returnWaitingUrl"),
            ("/emailNotice", json!("mario"), "emailNotice"),
            ("/idCart", json!("x".repeat(211)), "idCart"),
            ("/allCCP", json!("false"), "boolean"),
        ] {
            let mut body = body();
            *body.pointer_mut(pointer).unwrap() = bad.clone();
            let error = parse(body, Version::V2).unwrap_err();
            assert!(error.contains(named), "{pointer} {bad}: {error}");
        }
        let mut six = body();
        six["paymentNotices"] = json!(vec![body()["paymentNotices"][0].clone(); 6]);
        assert!(parse(six, Version::V2).unwrap_err().contains("paymentNotices"));
    }

    #[test]
    fn a_notice_twice_is_told() {
        let mut twice = body();
        twice["paymentNotices"] = json!(vec![body()["paymentNotices"][0].clone(); 2]);
        assert_eq!(parse(twice, Version::V2).unwrap().duplicate().unwrap().numero.as_str(), "302000000000000184");
    }
}
