//! `PaymentOptionsResponse`: the ways to pay a debt, each with its instalments.

use domain::{Ente, Importo, Opzione, Posizione, Rata, StatoPosizione};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// `maxLength` is not in the schema; 140 is what the same texts have everywhere else.
const TEXT_MAX: usize = 140;

/// `EnumPo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoOpzioneOdp {
    PoUnpaid,
    PoPaid,
    PoPartiallyPaid,
    /// Past its due date, and not payable after it.
    PoExpiredNotPayable,
    /// Past its due date, and payable all the same.
    PoExpiredUnpaid,
    PoInvalid,
}

/// `EnumInstallment`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoRataOdp {
    PoiUnpaid,
    PoiPaid,
    PoiExpiredNotPayable,
    PoiExpiredUnpaid,
    PoiInvalid,
}

/// The answer with HTTP 200.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentOptionsResponse {
    pub organization_fiscal_code: String,
    pub company_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_name: Option<String>,
    /// The answer comes from the ente, not from ACA.
    pub standin: bool,
    pub payment_options: Vec<PaymentOption>,
}

/// A way to pay: at once, or in instalments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentOption {
    pub description: String,
    pub number_of_installments: u32,
    /// Of the last instalment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// Cents, of all instalments.
    pub amount: i64,
    pub status: StatoOpzioneOdp,
    pub status_reason: String,
    #[serde(rename = "allCCP")]
    pub all_ccp: bool,
    pub installments: Vec<Installment>,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Installment {
    pub nav: String,
    pub iuv: String,
    /// Cents.
    pub amount: i64,
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    pub status: StatoRataOdp,
    pub status_reason: String,
}

/// All options of a position today (`oggi` in Europe/Rome). Whether the notice may be told about at all is the caller's decision.
pub fn payment_options(ente: &Ente, posizione: &Posizione, oggi: Date) -> PaymentOptionsResponse {
    let (single, plan): (Vec<&Rata>, Vec<&Rata>) = posizione.rate.iter().partition(|r| r.opzione == Opzione::Unica);
    let single = single.into_iter().map(|rata| option(posizione, &[rata], "Pagamento in un’unica soluzione", oggi));
    let plan = (!plan.is_empty()).then(|| option(posizione, &plan, "Pagamento a rate", oggi));
    PaymentOptionsResponse {
        organization_fiscal_code: ente.codice_fiscale.to_string(),
        company_name: ente.nome.chars().take(TEXT_MAX).collect(),
        office_name: None,
        standin: false,
        payment_options: single.chain(plan).collect(),
    }
}

fn option(posizione: &Posizione, rate: &[&Rata], description: &str, oggi: Date) -> PaymentOption {
    let installments: Vec<Installment> = rate.iter().map(|rata| installment(posizione, rata, oggi)).collect();
    let paid = installments.iter().filter(|i| i.status == StatoRataOdp::PoiPaid).count();
    let any = |status| installments.iter().any(|i| i.status == status);
    let status = if paid == installments.len() {
        StatoOpzioneOdp::PoPaid
    } else if any(StatoRataOdp::PoiInvalid) {
        StatoOpzioneOdp::PoInvalid
    } else if paid > 0 {
        StatoOpzioneOdp::PoPartiallyPaid
    } else if any(StatoRataOdp::PoiExpiredNotPayable) {
        StatoOpzioneOdp::PoExpiredNotPayable
    } else if any(StatoRataOdp::PoiExpiredUnpaid) {
        StatoOpzioneOdp::PoExpiredUnpaid
    } else {
        StatoOpzioneOdp::PoUnpaid
    };
    PaymentOption {
        description: description.to_owned(),
        number_of_installments: u32::try_from(rate.len()).unwrap_or(u32::MAX),
        due_date: rate.iter().filter_map(|r| r.scadenza).max().map(end_of_day),
        // what does not fit into an amount nobody could have been asked for
        amount: Importo::sum(rate.iter().map(|r| r.importo)).unwrap_or(Importo::MAX).cents(),
        status,
        status_reason: reason_of_option(status).to_owned(),
        all_ccp: rate.iter().all(|r| r.all_ccp()),
        installments,
    }
}

fn installment(posizione: &Posizione, rata: &Rata, oggi: Date) -> Installment {
    // the alternative was paid: this way is closed
    let closed = !rata.pagata
        && (matches!(posizione.stato, StatoPosizione::Bozza | StatoPosizione::Annullata | StatoPosizione::Pagata)
            || posizione.rate.iter().any(|o| o.pagata && (o.opzione == Opzione::Unica) != (rata.opzione == Opzione::Unica)));
    let past = rata.scadenza.is_some_and(|day| oggi > day);
    let status = if rata.pagata {
        StatoRataOdp::PoiPaid
    } else if closed {
        StatoRataOdp::PoiInvalid
    } else if posizione.stato == StatoPosizione::Scaduta || rata.is_scaduta(oggi) {
        StatoRataOdp::PoiExpiredNotPayable
    } else if past {
        StatoRataOdp::PoiExpiredUnpaid
    } else {
        StatoRataOdp::PoiUnpaid
    };
    Installment {
        nav: rata.numero.to_string(),
        iuv: rata.iuv().as_str().to_owned(),
        amount: rata.importo.cents(),
        description: posizione.causale.chars().take(TEXT_MAX).collect(),
        due_date: rata.scadenza.map(end_of_day),
        status,
        status_reason: reason_of_rata(status).to_owned(),
    }
}

fn end_of_day(day: Date) -> String {
    format!("{day}T23:59:59")
}

const fn reason_of_option(status: StatoOpzioneOdp) -> &'static str {
    match status {
        StatoOpzioneOdp::PoUnpaid => "da pagare",
        StatoOpzioneOdp::PoPaid => "pagata",
        StatoOpzioneOdp::PoPartiallyPaid => "pagata in parte",
        StatoOpzioneOdp::PoExpiredNotPayable => "scaduta, non più pagabile",
        StatoOpzioneOdp::PoExpiredUnpaid => "scaduta, ancora pagabile",
        StatoOpzioneOdp::PoInvalid => "non più disponibile",
    }
}

const fn reason_of_rata(status: StatoRataOdp) -> &'static str {
    match status {
        StatoRataOdp::PoiUnpaid => "da pagare",
        StatoRataOdp::PoiPaid => "pagata",
        StatoRataOdp::PoiExpiredNotPayable => "scaduta, non più pagabile",
        StatoRataOdp::PoiExpiredUnpaid => "scaduta, ancora pagabile",
        StatoRataOdp::PoiInvalid => "non più disponibile",
    }
}

/// The body of the answer with HTTP 200.
pub fn encode_answer(answer: &PaymentOptionsResponse) -> Vec<u8> {
    serde_json::to_vec(answer).unwrap_or_default()
}

/// The other side: an answer that says what it should, and adds up.
///
/// # Errors
/// What is wrong, in a few words.
pub fn decode_answer(body: &[u8]) -> Result<PaymentOptionsResponse, &'static str> {
    let answer: PaymentOptionsResponse = serde_json::from_slice(body).map_err(|_| "not a PaymentOptionsResponse")?;
    if answer.payment_options.is_empty() {
        return Err("no payment option");
    }
    for option in &answer.payment_options {
        let sum = option.installments.iter().try_fold(0_i64, |sum, i| sum.checked_add(i.amount));
        if option.installments.is_empty() || sum != Some(option.amount) {
            return Err("instalments that do not add up");
        }
        if usize::try_from(option.number_of_installments) != Ok(option.installments.len()) {
            return Err("numberOfInstallments is another");
        }
        if option.installments.iter().any(|i| i.amount < 1) {
            return Err("an amount of zero");
        }
    }
    Ok(answer)
}
