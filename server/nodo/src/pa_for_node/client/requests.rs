//! What the Nodo sends. Texts go out as they are: a test may want one that breaks a rule.

use crate::pa_for_node::request::write_qr_code;
use crate::pa_for_node::{
    DemandRequest, GetPaymentRequest, Operation, SendRtRequest, VerifyRequest, envelope, metadata, subject,
};
use crate::xml::Writer;
use base64::Engine as _;
use domain::Ricevuta;
use domain::ricevuta::{SoggettoRicevuta, VersamentoRicevuta};

pub fn encode_verify_request(r: &VerifyRequest) -> Vec<u8> {
    envelope::wrap(Operation::VerifyPaymentNotice.request_root(), |w| {
        r.instradamento.write(w);
        write_qr_code(w, &r.ente, &r.numero);
    })
}

pub fn encode_demand_request(r: &DemandRequest) -> Vec<u8> {
    envelope::wrap(Operation::DemandPaymentNotice.request_root(), |w| {
        r.instradamento.write(w);
        w.text("idServizio", &r.id_servizio);
        w.text("idSoggettoServizio", &r.id_soggetto);
        w.text("datiSpecificiServizioRequest", &base64::engine::general_purpose::STANDARD.encode(&r.dati));
    })
}

/// paGetPaymentV2Request or paGetPaymentReq, as `v2` says.
pub fn encode_get_payment_request(r: &GetPaymentRequest) -> Vec<u8> {
    let op = if r.v2 { Operation::GetPaymentV2 } else { Operation::GetPayment };
    envelope::wrap(op.request_root(), |w| {
        r.instradamento.write(w);
        write_qr_code(w, &r.ente, &r.numero);
        text_opt(w, "amount", r.importo.map(|i| i.to_wire()));
        text_opt(w, "paymentNote", r.nota.clone());
        let name =
            |t| crate::pa_for_node::TransferType::WIRE.iter().find(|(_, value)| *value == t).map(|(name, _)| name.to_string());
        text_opt(w, "transferType", r.transfer_type.and_then(name));
        text_opt(w, "dueDate", r.due_date.map(|d| d.to_string()));
    })
}

/// paSendRTV2Request or paSendRTReq, as `v2` says. The first version has no place for a revenue stamp, the payment note and the name
/// of a transfer's ente: they are left out.
pub fn encode_send_rt(r: &SendRtRequest) -> Vec<u8> {
    envelope::wrap(send_rt_root(r), |w| write_send_rt(w, r))
}

/// The same without its envelope, as GPD keeps it and gives it away.
pub fn encode_receipt_document(r: &SendRtRequest) -> Vec<u8> {
    envelope::bare(send_rt_root(r), |w| write_send_rt(w, r))
}

fn send_rt_root(r: &SendRtRequest) -> &'static str {
    if r.v2 { Operation::SendRtV2.request_root() } else { Operation::SendRt.request_root() }
}

fn write_send_rt(w: &mut Writer, r: &SendRtRequest) {
    r.instradamento.write(w);
    w.element("receipt", |w| write_receipt(w, &r.ricevuta, r.v2));
}

/// `ctReceipt` or `ctReceiptV2`.
fn write_receipt(w: &mut Writer, r: &Ricevuta, v2: bool) {
    w.text("receiptId", &r.receipt_id);
    w.text("noticeNumber", r.numero_avviso.as_str());
    w.text("fiscalCode", r.ente.as_str());
    w.text("outcome", if r.esito_ok { "OK" } else { "KO" });
    w.text("creditorReferenceId", &r.iuv);
    w.text("paymentAmount", &r.importo.to_wire());
    w.text("description", &r.descrizione);
    w.text("companyName", &r.nome_ente);
    text_opt(w, "officeName", r.ufficio.clone());
    write_subject(w, "debtor", &r.debitore);
    w.element("transferList", |w| {
        for versamento in &r.versamenti {
            w.element("transfer", |w| write_transfer(w, versamento, v2));
        }
    });
    w.text("idPSP", &r.psp.id);
    text_opt(w, "pspFiscalCode", r.psp.codice_fiscale.clone());
    text_opt(w, "pspPartitaIVA", r.psp.partita_iva.clone());
    w.text("PSPCompanyName", &r.psp.nome);
    w.text("idChannel", &r.psp.canale);
    w.text("channelDescription", &r.psp.descrizione_canale);
    if let Some(versante) = &r.versante {
        write_subject(w, "payer", versante);
    }
    text_opt(w, "paymentMethod", r.metodo.clone());
    if v2 {
        text_opt(w, "paymentNote", r.nota.clone());
    }
    text_opt(w, "fee", r.commissione.map(|i| i.to_wire()));
    text_opt(w, "paymentDateTime", r.pagata_il.map(|t| t.to_string()));
    text_opt(w, "applicationDate", r.data_applicazione.map(|d| d.to_string()));
    text_opt(w, "transferDate", r.data_accredito.map(|d| d.to_string()));
    metadata::write(w, r.metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    w.text("standIn", if r.stand_in { "true" } else { "false" });
}

/// `ctTransferPA` or `ctTransferPAReceiptV2`.
fn write_transfer(w: &mut Writer, v: &VersamentoRicevuta, v2: bool) {
    w.text("idTransfer", &v.indice.to_string());
    w.text("transferAmount", &v.importo.to_wire());
    w.text("fiscalCodePA", v.ente.as_str());
    if v2 {
        text_opt(w, "companyName", v.nome_ente.clone());
    }
    text_opt(w, "IBAN", v.iban.clone());
    if v2 {
        text_opt(w, "MBDAttachment", v.bollo.clone());
    }
    w.text("remittanceInformation", &v.causale);
    w.text("transferCategory", &v.tassonomia);
    metadata::write(w, v.metadata.iter().map(|(k, v)| (k.as_str(), v.as_str())));
}

fn write_subject(w: &mut Writer, name: &str, s: &SoggettoRicevuta) {
    subject::write(w, name, &s.identificativo, &s.nome, s.email.as_deref());
}

fn text_opt(w: &mut Writer, name: &str, text: Option<String>) {
    if let Some(text) = text {
        w.text(name, &text);
    }
}
