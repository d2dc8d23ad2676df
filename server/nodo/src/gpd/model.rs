//! `PaymentPositionModel` of v1 and the answers to it, as the OpenAPI spells them. Both directions: we write what the sandbox reads.
//!
//! `Debug` of whatever names a person shows the identifiers of the position only.

use super::{StatoGpd, StatoOpzione};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `PaymentPositionModel`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentPositionModel {
    pub iupd: String,
    /// `F` or `G`.
    pub r#type: String,
    /// Whether it may be paid while the station is down.
    #[serde(default = "yes")]
    pub pay_stand_in: bool,
    pub fiscal_code: String,
    pub full_name: String,
    pub company_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_name: Option<String>,
    /// After its due date it can no longer be paid.
    pub switch_to_expired: bool,
    /// UTC. `None`: payable from its publication on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_date: Option<String>,
    /// Read-only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatoGpd>,
    #[serde(default)]
    pub payment_option: Vec<PaymentOptionModel>,
}

/// `PaymentOptionModel`: a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentOptionModel {
    /// `3` and the IUV when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nav: Option<String>,
    pub iuv: String,
    /// Cents, at least 1.
    pub amount: i64,
    /// ≤ 140.
    pub description: String,
    /// One of several instalments; all of them together are the alternative to the option that is not partial.
    pub is_partial_payment: bool,
    /// UTC.
    pub due_date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_date: Option<String>,
    #[serde(default)]
    pub transfer: Vec<TransferModel>,
    /// ≤ 10; mandatory, were it empty.
    #[serde(default)]
    pub payment_option_metadata: Vec<Metadata>,
}

/// `TransferModel`; the same in v3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransferModel {
    /// `1` to `5`.
    pub id_transfer: String,
    /// Cents, at least 1.
    pub amount: i64,
    /// The ente of the position when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_fiscal_code: Option<String>,
    /// ≤ 140.
    pub remittance_information: String,
    /// `9/…/`.
    pub category: String,
    /// Or a stamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// Only beside an IBAN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_iban: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// ≤ 10; mandatory, were it empty.
    #[serde(default)]
    pub transfer_metadata: Vec<Metadata>,
}

/// `Stamp`: a digital revenue stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stamp {
    pub hash_document: String,
    /// `01`.
    pub stamp_type: String,
    pub provincial_residence: String,
}

/// A pair of `…Metadata`, ≤ 140 each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    pub key: String,
    #[serde(default)]
    pub value: String,
}

/// `PaymentPositionModelBaseResponse`. The OpenAPI calls nothing in it mandatory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentPositionResponse {
    pub iupd: Option<String>,
    pub organization_fiscal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inserted_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_date: Option<String>,
    pub status: Option<StatoGpd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_date: Option<String>,
    pub payment_option: Vec<PaymentOptionResponse>,
}

/// `PaymentOptionModelResponse`, and what `…/paids/{nav}` answers (`PaymentsModelResponse`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentOptionResponse {
    pub nav: Option<String>,
    pub iuv: Option<String>,
    pub organization_fiscal_code: Option<String>,
    /// Cents. A notification fee that SEND added is in it.
    pub amount: Option<i64>,
    pub description: Option<String>,
    pub is_partial_payment: Option<bool>,
    pub due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_fee: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psp_company: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_receipt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_flow_reporting: Option<String>,
    pub status: Option<StatoOpzione>,
    pub transfer: Vec<TransferResponse>,
}

/// `TransferModelResponse`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransferResponse {
    pub organization_fiscal_code: Option<String>,
    pub id_transfer: Option<String>,
    pub amount: Option<i64>,
    pub remittance_information: Option<String>,
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_iban: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
    /// `T_UNREPORTED`, `T_REPORTED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// `PaymentPositionsInfo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentPositionsInfo {
    pub payment_position_list: Vec<PaymentPositionResponse>,
    pub page_info: PageInfo,
}

/// `PageInfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageInfo {
    /// From 0.
    pub page: u32,
    pub limit: u32,
    /// In this page.
    pub items_found: u32,
    pub total_pages: u32,
}

impl fmt::Debug for PaymentPositionModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentPositionModel")
            .field("iupd", &self.iupd)
            .field("status", &self.status)
            .field("payment_option", &self.payment_option)
            .finish_non_exhaustive()
    }
}

pub(super) const fn yes() -> bool {
    true
}
