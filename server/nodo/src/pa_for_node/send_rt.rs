//! paSendRT and paSendRTV2: the receipt. Read with lenience: it tells of money that has moved, and nobody sends another one.
//!
//! Elements may come in any order and any namespace, unknown ones are passed over, and what the first version does not have is read
//! there too. Refused is only what cannot be understood: a mandatory fact missing, there twice, or unreadable.

use super::{Instradamento, metadata, subject};
use crate::xml::{Broken, Node, Sequence};
use domain::Ricevuta;
use domain::ricevuta::{Psp, VersamentoRicevuta};
use std::collections::BTreeSet;

/// paSendRTReq or paSendRTV2Request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRtRequest {
    /// The addressee: with a broadcast station it may be another ente than the receipt's.
    pub instradamento: Instradamento,
    pub ricevuta: Ricevuta,
    pub v2: bool,
}

/// `xsd:string` in the XSD; it is the paymentToken, which is `stPaymentToken`: 1 to 35. It becomes a key: no longer than that.
const RECEIPT_ID_MAX: usize = 35;

pub(super) fn read(request: &Node<'_>, v2: bool) -> Result<SendRtRequest, Broken> {
    let mut parts = request.children()?;
    let instradamento = Instradamento::read(&mut parts)?;
    let ricevuta = read_receipt(&parts.take("receipt")?)?;
    parts.finish()?;
    Ok(SendRtRequest { instradamento, ricevuta, v2 })
}

/// `ctReceipt`, `ctReceiptV2`.
fn read_receipt(receipt: &Node<'_>) -> Result<Ricevuta, Broken> {
    let mut parts = receipt.children()?;
    Ok(Ricevuta {
        receipt_id: parts.take("receiptId")?.key(RECEIPT_ID_MAX)?,
        numero_avviso: parts.take("noticeNumber")?.numero_avviso()?,
        ente: parts.take("fiscalCode")?.ente()?,
        esito_ok: parts.take("outcome")?.outcome()?,
        iuv: text(&mut parts, "creditorReferenceId", 35)?,
        importo: parts.take("paymentAmount")?.importo()?,
        descrizione: text(&mut parts, "description", 140)?,
        nome_ente: text(&mut parts, "companyName", 140)?,
        ufficio: text_opt(&mut parts, "officeName", 140)?,
        debitore: subject::read(&parts.take("debtor")?)?,
        versamenti: read_transfers(&parts.take("transferList")?)?,
        psp: Psp {
            id: text(&mut parts, "idPSP", 35)?,
            codice_fiscale: text_opt(&mut parts, "pspFiscalCode", 70)?,
            partita_iva: text_opt(&mut parts, "pspPartitaIVA", 20)?,
            nome: text(&mut parts, "PSPCompanyName", 70)?,
            canale: text(&mut parts, "idChannel", 35)?,
            descrizione_canale: text(&mut parts, "channelDescription", 35)?,
        },
        versante: parts.take_opt("payer")?.map(|n| subject::read(&n)).transpose()?,
        metodo: text_opt(&mut parts, "paymentMethod", 35)?,
        nota: text_opt(&mut parts, "paymentNote", 210)?,
        commissione: parts.take_opt("fee")?.map(|n| n.importo()).transpose()?,
        pagata_il: parts.take_opt("paymentDateTime")?.map(|n| n.date_time()).transpose()?,
        data_applicazione: parts.take_opt("applicationDate")?.map(|n| n.date()).transpose()?,
        data_accredito: parts.take_opt("transferDate")?.map(|n| n.date()).transpose()?,
        metadata: metadata::read(&mut parts)?,
        stand_in: read_stand_in(&mut parts)?,
    })
}

/// `standIn` in the XSD, `standin` in SANP's examples.
fn read_stand_in(parts: &mut Sequence<'_>) -> Result<bool, Broken> {
    let node = match parts.take_opt("standIn")? {
        None => parts.take_opt("standin")?,
        found => found,
    };
    node.map_or(Ok(false), |n| n.boolean())
}

fn read_transfers(list: &Node<'_>) -> Result<Vec<VersamentoRicevuta>, Broken> {
    let mut children = list.children()?;
    let mut versamenti = Vec::new();
    let mut seen = BTreeSet::new();
    // the XSD allows 5; more are for the portal to flag
    for transfer in children.take_many("transfer", usize::MAX)? {
        let versamento = read_transfer(&transfer)?;
        if !seen.insert(versamento.indice) {
            return Err(transfer.broken("the same idTransfer twice"));
        }
        versamenti.push(versamento);
    }
    Ok(versamenti)
}

/// `ctTransferPA`, `ctTransferPAReceiptV2`.
fn read_transfer(transfer: &Node<'_>) -> Result<VersamentoRicevuta, Broken> {
    let mut parts = transfer.children()?;
    let versamento = VersamentoRicevuta {
        indice: parts.take("idTransfer")?.id_transfer()?,
        importo: parts.take("transferAmount")?.importo_not_zero()?,
        ente: parts.take("fiscalCodePA")?.ente()?,
        nome_ente: text_opt(&mut parts, "companyName", 140)?,
        iban: text_opt(&mut parts, "IBAN", 35)?,
        bollo: parts.take_opt("MBDAttachment")?.map(|n| n.string().map(str::to_owned)).transpose()?,
        causale: text(&mut parts, "remittanceInformation", 140)?,
        tassonomia: text(&mut parts, "transferCategory", 140)?,
        metadata: metadata::read(&mut parts)?,
    };
    if versamento.iban.is_none() && versamento.bollo.is_none() {
        return Err(transfer.broken("neither IBAN nor MBDAttachment"));
    }
    Ok(versamento)
}

fn text(parts: &mut Sequence<'_>, name: &str, max: usize) -> Result<String, Broken> {
    parts.take(name)?.text(max)
}

fn text_opt(parts: &mut Sequence<'_>, name: &str, max: usize) -> Result<Option<String>, Broken> {
    parts.take_opt(name)?.map(|n| n.text(max)).transpose()
}
