//! The third version of GPD: a position has options, an option has instalments, a debtor and an expiry of its own.
//!
//! Source: gpd_v3.json of pagopa-api; `DebtPositionStatusV3.java`, `InstallmentStatus.java` of pagopa-debt-position. What v3 created
//! with two plans v1 cannot read (422 `V1_UNPROCESSABLE_ENTITY_MULTI_INSTALLMENTS`).

use super::model::{Metadata, TransferModel, TransferResponse, yes};
use super::posizione::{Indicibile, TEXT_MAX, cut, due_date, due_day, iupd, kind, nav, transfers};
use crate::rest::json;
use domain::{Importo, NumeroAvviso, Opzione, Posizione, Rata};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `status` of a position, v3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoV3 {
    Draft,
    Published,
    Valid,
    /// INVALID and EXPIRED of v1.
    Unpayable,
    PartiallyPaid,
    /// REPORTED of v1 too.
    Paid,
}

/// `status` of an instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoRata {
    Unpaid,
    Paid,
    PartiallyReported,
    Reported,
    Unpayable,
    Expired,
}

/// `PaymentPositionModelV3`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentPositionModelV3 {
    pub iupd: String,
    #[serde(default = "yes")]
    pub pay_stand_in: bool,
    pub company_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatoV3>,
    /// 1 to 100.
    pub payment_option: Vec<PaymentOptionModelV3>,
}

/// `PaymentOptionModelV3`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentOptionModelV3 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validity_date: Option<String>,
    pub switch_to_expired: bool,
    pub debtor: DebtorModel,
    /// 1 to 100.
    pub installments: Vec<InstallmentModel>,
}

/// `DebtorModel`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DebtorModel {
    /// `F` or `G`.
    pub r#type: String,
    pub fiscal_code: String,
    pub full_name: String,
}

/// `InstallmentModel`: a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InstallmentModel {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nav: Option<String>,
    pub iuv: String,
    /// Cents, at least 1.
    pub amount: i64,
    pub description: String,
    pub due_date: String,
    /// 1 to 5.
    pub transfer: Vec<TransferModel>,
    /// ≤ 10; mandatory, were it empty.
    #[serde(default)]
    pub installment_metadata: Vec<Metadata>,
}

/// `PaymentPositionModelResponseV3`, as far as it is of use.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentPositionResponseV3 {
    pub iupd: Option<String>,
    pub organization_fiscal_code: Option<String>,
    pub status: Option<StatoV3>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_date: Option<String>,
    pub payment_option: Vec<PaymentOptionResponseV3>,
}

/// `PaymentOptionModelResponseV3`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentOptionResponseV3 {
    pub switch_to_expired: Option<bool>,
    pub installments: Vec<InstallmentResponse>,
}

/// `InstallmentModelResponse`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InstallmentResponse {
    pub nav: Option<String>,
    pub iuv: Option<String>,
    pub amount: Option<i64>,
    pub due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_receipt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_flow_reporting: Option<String>,
    pub status: Option<StatoRata>,
    pub transfer: Vec<TransferResponse>,
}

/// A position as v3 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosizioneV3 {
    pub iupd: String,
    pub stato: StatoV3,
    pub aggiornata_il: Option<Timestamp>,
    pub rate: Vec<RataV3>,
}

/// A notice as v3 has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RataV3 {
    pub numero: NumeroAvviso,
    pub importo: Importo,
    pub scadenza: Option<Date>,
    pub stato: StatoRata,
    pub receipt_id: Option<String>,
    pub pagata_il: Option<Timestamp>,
    pub fdr: Option<String>,
}

/// The position for v3: each single payment is an option with one instalment, all instalments are one option.
///
/// # Errors
/// See [`Indicibile`]; instalments of one plan must expire alike.
pub fn model(posizione: &Posizione, nome_ente: &str) -> Result<PaymentPositionModelV3, Indicibile> {
    let (single, plan): (Vec<&Rata>, Vec<&Rata>) = posizione.rate.iter().partition(|r| r.opzione == Opzione::Unica);
    let mut options = single.iter().map(|rata| option(posizione, &[*rata])).collect::<Result<Vec<_>, _>>()?;
    if !plan.is_empty() {
        options.push(option(posizione, &plan)?);
    }
    if options.is_empty() {
        return Err(Indicibile::SenzaRate);
    }
    Ok(PaymentPositionModelV3 {
        iupd: iupd(&posizione.ente, &posizione.id),
        pay_stand_in: true,
        company_name: cut(nome_ente, TEXT_MAX),
        status: None,
        payment_option: options,
    })
}

fn option(posizione: &Posizione, rate: &[&Rata]) -> Result<PaymentOptionModelV3, Indicibile> {
    let switch_to_expired = rate.iter().any(|r| r.non_oltre_scadenza);
    if rate.iter().any(|r| r.non_oltre_scadenza != switch_to_expired) {
        return Err(Indicibile::ScadenzeDiverse);
    }
    let debitore = &posizione.debitore;
    Ok(PaymentOptionModelV3 {
        description: Some(cut(&posizione.causale, TEXT_MAX)),
        validity_date: None,
        switch_to_expired,
        debtor: DebtorModel {
            r#type: kind(debitore.codice_fiscale.as_str()).to_owned(),
            fiscal_code: debitore.codice_fiscale.as_str().to_owned(),
            full_name: cut(&debitore.nome, 70),
        },
        installments: rate.iter().map(|rata| installment(posizione, rata)).collect::<Result<_, _>>()?,
    })
}

fn installment(posizione: &Posizione, rata: &Rata) -> Result<InstallmentModel, Indicibile> {
    Ok(InstallmentModel {
        nav: Some(nav(rata)?),
        iuv: rata.iuv().as_str().to_owned(),
        amount: rata.importo.cents(),
        description: cut(&posizione.causale, TEXT_MAX),
        due_date: due_date(rata)?,
        transfer: transfers(&rata.versamenti),
        installment_metadata: Vec::new(),
    })
}

/// # Errors
/// What is missing, in a few words.
pub(crate) fn read(body: &[u8]) -> Result<PosizioneV3, &'static str> {
    let raw: PaymentPositionResponseV3 = serde_json::from_slice(body).map_err(|_| "not a position")?;
    let installments = raw.payment_option.into_iter().flat_map(|option| option.installments);
    Ok(PosizioneV3 {
        iupd: raw.iupd.filter(|i| !i.is_empty()).ok_or("a position without iupd")?,
        stato: raw.status.ok_or("a position without status")?,
        aggiornata_il: raw.last_updated_date.as_deref().and_then(json::instant),
        rate: installments.map(read_installment).collect::<Result<_, _>>()?,
    })
}

fn read_installment(raw: InstallmentResponse) -> Result<RataV3, &'static str> {
    let nav = raw.nav.or(raw.iuv.map(|iuv| format!("3{iuv}"))).ok_or("an instalment without nav and iuv")?;
    Ok(RataV3 {
        numero: NumeroAvviso::parse(&nav).map_err(|_| "a nav that is no notice number")?,
        importo: raw.amount.and_then(json::cents).ok_or("an instalment without a possible amount")?,
        scadenza: raw.due_date.as_deref().and_then(due_day),
        stato: raw.status.ok_or("an instalment without status")?,
        receipt_id: raw.id_receipt.filter(|id| !id.is_empty()),
        pagata_il: raw.payment_date.as_deref().and_then(json::instant),
        fdr: raw.id_flow_reporting.filter(|id| !id.is_empty()),
    })
}

impl fmt::Debug for PaymentPositionModelV3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentPositionModelV3")
            .field("iupd", &self.iupd)
            .field("status", &self.status)
            .field("payment_option", &self.payment_option)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PaymentOptionModelV3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PaymentOptionModelV3").field("installments", &self.installments).finish_non_exhaustive()
    }
}

impl fmt::Debug for DebtorModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DebtorModel(…)")
    }
}
