//! How the Nodo reads an answer.

use super::{Check, ResponseError, rules};
use crate::pa_for_node::request::qr_code;
use crate::pa_for_node::{BODY_MAX, DemandAnswer, Operation, VerifyAnswer, envelope, metadata, subject};
use crate::xml::{Broken, Node, Rigour, Sequence};
use domain::ricevuta::SoggettoRicevuta;
use domain::{CodiceFiscaleEnte, Importo};
use jiff::civil::Date;

/// What the station said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    Ko(FaultBean),
    Verify(VerifyAnswer),
    Payment(PaymentData),
    /// To paSendRT: kept.
    Ok,
    Demand(DemandAnswer),
}

/// `ctFaultBean`. The Nodo does not look the code up in any table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultBean {
    pub code: String,
    pub text: String,
    pub id: String,
    pub description: Option<String>,
    pub serial: Option<i32>,
}

/// `ctPaymentPA` or `ctPaymentPAV2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentData {
    /// `creditorReferenceId`.
    pub iuv: String,
    pub importo: Importo,
    pub due_date: Date,
    pub causale: String,
    /// Mandatory in the second version only.
    pub nome_ente: Option<String>,
    pub ufficio: Option<String>,
    pub debitore: SoggettoRicevuta,
    pub versamenti: Vec<PaymentTransfer>,
    pub metadata: Vec<(String, String)>,
}

/// `ctTransferPA` or `ctTransferPAV2`: an IBAN or a stamp, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentTransfer {
    pub indice: u8,
    pub importo: Importo,
    pub ente: CodiceFiscaleEnte,
    pub nome_ente: Option<String>,
    pub iban: Option<String>,
    pub bollo: Option<StampRequest>,
    pub causale: String,
    /// As it came: bare or `9/…/`.
    pub tassonomia: String,
    pub metadata: Vec<(String, String)>,
}

/// `ctRichiestaMarcaDaBollo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampRequest {
    /// Base64 of the SHA-256 of the document.
    pub hash_documento: String,
    pub tipo: String,
    pub provincia: String,
}

/// Reads the answer to `op` as strictly as the Nodo does.
///
/// # Errors
/// What the Nodo would answer PPT_STAZIONE_INT_PA_ERRORE_RESPONSE to.
pub fn decode_response(op: Operation, bytes: &[u8], check: &Check) -> Result<Response, ResponseError> {
    if bytes.len() > BODY_MAX {
        return Err(ResponseError::NotSoap("too large"));
    }
    let root = envelope::root(bytes).map_err(ResponseError::NotSoap)?;
    if root.name != op.response_root() {
        return Err(ResponseError::NotSoap("another root in the Body"));
    }
    let mut parts = Node::root(&root, Rigour::AsXsd).children()?;
    let ok = parts.take("outcome")?.outcome()?;
    let fault = parts.take_opt("fault")?.map(|n| read_fault(&n)).transpose()?;
    // what follows is judged by the XSD also when the outcome is KO
    let response = match op {
        Operation::VerifyPaymentNotice => {
            let found = read_verify(&mut parts)?;
            if ok { Response::Verify(rules::complete(found, check)?) } else { ko(fault)? }
        }
        Operation::GetPayment | Operation::GetPaymentV2 => {
            let v2 = op == Operation::GetPaymentV2;
            let found = parts.take_opt("data")?.map(|n| read_payment(&n, v2)).transpose()?;
            if ok { Response::Payment(rules::payable(found, check)?) } else { ko(fault)? }
        }
        Operation::DemandPaymentNotice => {
            let notice = parts.take_opt("qrCode")?.map(|n| qr_code(&n)).transpose()?;
            let found = read_verify(&mut parts)?;
            if ok { Response::Demand(rules::demanded(notice, found, check)?) } else { ko(fault)? }
        }
        Operation::SendRt | Operation::SendRtV2 => {
            if ok {
                Response::Ok
            } else {
                ko(fault)?
            }
        }
    };
    parts.finish()?;
    Ok(response)
}

/// What a paVerifyPaymentNoticeRes may hold: for the XSD all of it is optional, since a KO has none.
#[derive(Debug)]
pub(super) struct VerifyFound {
    pub(super) option: Option<(Importo, Option<Date>, bool)>,
    pub(super) causale: Option<String>,
    pub(super) ente: Option<CodiceFiscaleEnte>,
    pub(super) nome_ente: Option<String>,
    pub(super) ufficio: Option<String>,
}

fn ko(fault: Option<FaultBean>) -> Result<Response, ResponseError> {
    fault.map(Response::Ko).ok_or_else(|| ResponseError::Rule("KO without fault".to_owned()))
}

/// `ctFaultBean`.
fn read_fault(fault: &Node<'_>) -> Result<FaultBean, Broken> {
    let mut parts = fault.children()?;
    let bean = FaultBean {
        code: parts.take("faultCode")?.string()?.to_owned(),
        text: parts.take("faultString")?.string()?.to_owned(),
        id: parts.take("id")?.string()?.to_owned(),
        description: parts.take_opt("description")?.map(|n| n.string().map(str::to_owned)).transpose()?,
        serial: parts.take_opt("serial")?.map(|n| n.int()).transpose()?,
    };
    for name in ["originalFaultCode", "originalFaultString", "originalDescription"] {
        parts.take_opt(name)?.map(|n| n.string().map(str::to_owned)).transpose()?;
    }
    parts.finish()?;
    Ok(bean)
}

/// `paVerifyPaymentNoticeRes` after the fault.
fn read_verify(parts: &mut Sequence<'_>) -> Result<VerifyFound, Broken> {
    Ok(VerifyFound {
        option: parts.take_opt("paymentList")?.map(|n| read_option(&n)).transpose()?,
        causale: text_opt(parts, "paymentDescription", 140)?,
        ente: parts.take_opt("fiscalCodePA")?.map(|n| n.ente()).transpose()?,
        nome_ente: text_opt(parts, "companyName", 140)?,
        ufficio: text_opt(parts, "officeName", 140)?,
    })
}

/// `ctPaymentOptionsDescriptionListPA`: exactly one.
fn read_option(list: &Node<'_>) -> Result<(Importo, Option<Date>, bool), Broken> {
    let mut options = list.children()?;
    let mut parts = options.take("paymentOptionDescription")?.children()?;
    options.finish()?;
    let importo = parts.take("amount")?.importo_not_zero()?;
    parts.take("options")?.one_of(&[("EQ", ()), ("LS", ()), ("GT", ()), ("ANY", ())])?;
    let scadenza = parts.take_opt("dueDate")?.map(|n| n.date()).transpose()?;
    text_opt(&mut parts, "detailDescription", 140)?;
    let all_ccp = parts.take("allCCP")?.boolean()?;
    parts.finish()?;
    Ok((importo, scadenza, all_ccp))
}

/// `ctPaymentPA`, `ctPaymentPAV2`.
fn read_payment(data: &Node<'_>, v2: bool) -> Result<PaymentData, Broken> {
    let mut parts = data.children()?;
    let iuv = text(&mut parts, "creditorReferenceId", 35)?;
    let importo = parts.take("paymentAmount")?.importo_not_zero()?;
    let due_date = parts.take("dueDate")?.date()?;
    parts.take_opt("retentionDate")?.map(|n| n.date_time()).transpose()?;
    parts.take_opt("lastPayment")?.map(|n| n.boolean()).transpose()?;
    let causale = text(&mut parts, "description", 140)?;
    let nome_ente = if v2 { Some(text(&mut parts, "companyName", 140)?) } else { text_opt(&mut parts, "companyName", 140)? };
    let ufficio = text_opt(&mut parts, "officeName", 140)?;
    let debitore = subject::read(&parts.take("debtor")?)?;
    let mut list = parts.take("transferList")?.children()?;
    let transfers = list.take_many("transfer", 5)?;
    let versamenti = transfers.iter().map(|n| read_transfer(n, v2)).collect::<Result<_, _>>()?;
    list.finish()?;
    let metadata = metadata::read(&mut parts)?;
    parts.finish()?;
    Ok(PaymentData { iuv, importo, due_date, causale, nome_ente, ufficio, debitore, versamenti, metadata })
}

/// `ctTransferPA`, `ctTransferPAV2`.
fn read_transfer(transfer: &Node<'_>, v2: bool) -> Result<PaymentTransfer, Broken> {
    let mut parts = transfer.children()?;
    let indice = parts.take("idTransfer")?.id_transfer()?;
    let importo = parts.take("transferAmount")?.importo_not_zero()?;
    let ente = parts.take("fiscalCodePA")?.ente()?;
    let nome_ente = if v2 { text_opt(&mut parts, "companyName", 140)? } else { None };
    let stamp = if v2 { parts.take_opt("richiestaMarcaDaBollo")? } else { None };
    let (iban, bollo) = match stamp {
        Some(stamp) => (None, Some(read_stamp(&stamp)?)),
        None => (Some(text(&mut parts, "IBAN", 35)?), None),
    };
    let causale = text(&mut parts, "remittanceInformation", 140)?;
    let tassonomia = text(&mut parts, "transferCategory", 140)?;
    let metadata = metadata::read(&mut parts)?;
    parts.finish()?;
    Ok(PaymentTransfer { indice, importo, ente, nome_ente, iban, bollo, causale, tassonomia, metadata })
}

/// `ctRichiestaMarcaDaBollo`.
fn read_stamp(stamp: &Node<'_>) -> Result<StampRequest, Broken> {
    let mut parts = stamp.children()?;
    let hash_documento = parts.take("hashDocumento")?.base64_72()?;
    let tipo = parts.take("tipoBollo")?.one_of(&[("01", "01")])?.to_owned();
    let provincia = parts.take("provinciaResidenza")?.two_letters()?;
    parts.finish()?;
    Ok(StampRequest { hash_documento, tipo, provincia })
}

fn text(parts: &mut Sequence<'_>, name: &str, max: usize) -> Result<String, Broken> {
    parts.take(name)?.text(max)
}

fn text_opt(parts: &mut Sequence<'_>, name: &str, max: usize) -> Result<Option<String>, Broken> {
    parts.take_opt(name)?.map(|n| n.text(max)).transpose()
}
