//! The cart: up to five notices and where the citizen comes back to.

use super::CheckoutVersion;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use serde::Serialize;
use url::Url;

/// A notice in a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartNotice {
    pub numero: NumeroAvviso,
    pub ente: CodiceFiscaleEnte,
    pub importo: Importo,
    pub nome_ente: String,
    pub descrizione: String,
}

/// What Checkout is asked to have paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    /// `idCart`: comes back as paymentNote in paGetPaymentV2 and in the receipt.
    pub id: String,
    /// 1 to 5.
    pub notices: Vec<CartNotice>,
    pub email: Option<String>,
    pub return_ok: Url,
    pub return_cancel: Url,
    pub return_error: Url,
    /// Sent to the second version only.
    pub return_waiting: Url,
    pub all_ccp: bool,
}

/// `companyName` and `description` have maxLength 140.
const TEXT_MAX: usize = 140;

/// `CartRequest`, `CartRequestV2`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email_notice: Option<&'a str>,
    payment_notices: Vec<Notice<'a>>,
    return_urls: ReturnUrls<'a>,
    id_cart: &'a str,
    #[serde(rename = "allCCP")]
    all_ccp: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Notice<'a> {
    notice_number: &'a str,
    fiscal_code: &'a str,
    /// Cents.
    amount: i64,
    company_name: String,
    description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReturnUrls<'a> {
    return_ok_url: &'a str,
    return_cancel_url: &'a str,
    return_error_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_waiting_url: Option<&'a str>,
}

impl Cart {
    pub(super) fn body(&self, version: CheckoutVersion) -> Body<'_> {
        Body {
            email_notice: self.email.as_deref(),
            payment_notices: self.notices.iter().map(CartNotice::body).collect(),
            return_urls: ReturnUrls {
                return_ok_url: self.return_ok.as_str(),
                return_cancel_url: self.return_cancel.as_str(),
                return_error_url: self.return_error.as_str(),
                return_waiting_url: (version == CheckoutVersion::V2).then_some(self.return_waiting.as_str()),
            },
            id_cart: &self.id,
            all_ccp: self.all_ccp,
        }
    }
}

impl CartNotice {
    fn body(&self) -> Notice<'_> {
        Notice {
            notice_number: self.numero.as_str(),
            fiscal_code: self.ente.as_str(),
            amount: self.importo.cents(),
            company_name: self.nome_ente.chars().take(TEXT_MAX).collect(),
            description: self.descrizione.chars().take(TEXT_MAX).collect(),
        }
    }
}
