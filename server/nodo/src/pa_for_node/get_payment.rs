//! paGetPayment and paGetPaymentV2: "somebody is about to pay this notice: what for, to which accounts?"

use super::request::read_qr_code;
use super::{Instradamento, Operation, answer, metadata, subject};
use crate::xml::{Broken, Node, Writer};
use domain::{Accredito, CodiceFiscaleEnte, Ente, Importo, NumeroAvviso, Posizione, Rata, Versamento};
use jiff::civil::{Date, date};

/// `dueDate` is mandatory in the answer; this day says "none", as pagoPA's own Piattaforma Unitaria (p4pa) does.
pub(super) const NO_DUE_DATE: Date = date(2099, 12, 31);
/// Names, in SANP's dictionary of metadata, the account to use where only Poste's will not do.
const IBAN_APPOGGIO: &str = "IBANAPPOGGIO";

/// What kind of account the PSP can pay to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferType {
    Postal,
    Pagopa,
}

/// paGetPaymentReq or paGetPaymentV2Request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetPaymentRequest {
    pub instradamento: Instradamento,
    /// `qrCode/fiscalCode`: the ente of the notice.
    pub ente: CodiceFiscaleEnte,
    pub numero: NumeroAvviso,
    /// What the payer was shown; the answer may differ.
    pub importo: Option<Importo>,
    /// `paymentNote`: the idCart of Checkout comes here.
    pub nota: Option<String>,
    pub transfer_type: Option<TransferType>,
    pub due_date: Option<Date>,
    pub v2: bool,
}

/// The notice as it is to be paid.
#[derive(Clone, Copy, Debug)]
pub struct PaymentAnswer<'a> {
    pub ente: &'a Ente,
    pub posizione: &'a Posizione,
    pub rata: &'a Rata,
    /// As it was asked.
    pub transfer_type: Option<TransferType>,
}

/// paGetPayment of the first version has no word for a revenue stamp (marca da bollo): the portal answers PAA_SEMANTICA.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a revenue stamp can be asked for in paGetPaymentV2 only")]
pub struct StampNeedsV2;

impl TransferType {
    pub(super) const WIRE: [(&'static str, Self); 2] = [("POSTAL", Self::Postal), ("PAGOPA", Self::Pagopa)];
}

/// The data of the payment. `paymentNote` is not said back, retentionDate and lastPayment the Nodo ignores; the debtor's e-mail and
/// address stay with us.
///
/// # Errors
/// [`StampNeedsV2`] when `op` is the first version and a transfer is a revenue stamp.
pub fn encode_payment(op: Operation, a: &PaymentAnswer<'_>) -> Result<Vec<u8>, StampNeedsV2> {
    let v2 = op == Operation::GetPaymentV2;
    if !v2 && a.rata.ha_bollo() {
        return Err(StampNeedsV2);
    }
    let debitore = &a.posizione.debitore;
    Ok(answer::ok(if v2 { op } else { Operation::GetPayment }, |w| {
        w.element("data", |w| {
            w.text("creditorReferenceId", a.rata.iuv().as_str());
            w.text("paymentAmount", &a.rata.importo.to_wire());
            w.text("dueDate", &a.rata.scadenza.unwrap_or(NO_DUE_DATE).to_string());
            w.text_max("description", &a.posizione.causale, 140);
            w.text_max("companyName", &a.ente.nome, 140);
            subject::write(w, "debtor", debitore.codice_fiscale.as_str(), &debitore.nome, None);
            w.element("transferList", |w| {
                for (i, versamento) in a.rata.versamenti.iter().enumerate() {
                    w.element("transfer", |w| write_transfer(w, i + 1, versamento, a.transfer_type, v2));
                }
            });
        });
    }))
}

/// `ctTransferPA` or `ctTransferPAV2`.
fn write_transfer(w: &mut Writer, indice: usize, versamento: &Versamento, asked: Option<TransferType>, v2: bool) {
    w.text("idTransfer", &indice.to_string());
    w.text("transferAmount", &versamento.importo.to_wire());
    w.text("fiscalCodePA", versamento.ente.as_str());
    if v2 {
        // optional in the XSD, mandatory in SANP
        w.text_max("companyName", &versamento.nome_ente, 140);
    }
    let mut appoggio = None;
    match &versamento.accredito {
        Accredito::Conto { iban, postale } => {
            let account = match (asked, postale) {
                (Some(TransferType::Postal), Some(postale)) => postale,
                _ => iban,
            };
            w.text("IBAN", account.as_str());
            appoggio = postale.as_ref().filter(|_| v2 && asked == Some(TransferType::Pagopa));
        }
        Accredito::Bollo { hash_documento, provincia } => w.element("richiestaMarcaDaBollo", |w| {
            w.text("hashDocumento", hash_documento);
            w.text("tipoBollo", "01");
            w.text("provinciaResidenza", provincia);
        }),
    }
    w.text_max("remittanceInformation", &versamento.causale, 140);
    w.text("transferCategory", &versamento.tassonomia.to_wire());
    metadata::write(w, appoggio.map(|iban| (IBAN_APPOGGIO, iban.as_str())));
}

pub(super) fn read(request: &Node<'_>, v2: bool) -> Result<GetPaymentRequest, Broken> {
    let mut parts = request.children()?;
    let instradamento = Instradamento::read(&mut parts)?;
    let (ente, numero) = read_qr_code(&mut parts)?;
    let importo = parts.take_opt("amount")?.map(|n| n.importo()).transpose()?;
    let nota = parts.take_opt("paymentNote")?.map(|n| n.text(210)).transpose()?;
    let transfer_type = parts.take_opt("transferType")?.map(|n| n.one_of(&TransferType::WIRE)).transpose()?;
    let due_date = parts.take_opt("dueDate")?.map(|n| n.date()).transpose()?;
    parts.finish()?;
    Ok(GetPaymentRequest { instradamento, ente, numero, importo, nota, transfer_type, due_date, v2 })
}
