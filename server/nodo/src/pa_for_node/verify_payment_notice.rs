//! paVerifyPaymentNotice: "what is this notice, and can it be paid now?"

use super::request::read_qr_code;
use super::{Instradamento, Operation, answer};
use crate::xml::{Broken, Node, Writer};
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use jiff::civil::Date;

/// paVerifyPaymentNoticeReq.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyRequest {
    pub instradamento: Instradamento,
    /// `qrCode/fiscalCode`: the ente of the notice.
    pub ente: CodiceFiscaleEnte,
    pub numero: NumeroAvviso,
}

/// paVerifyPaymentNoticeRes with outcome OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyAnswer {
    /// Due now; always exactly this (`options` EQ).
    pub importo: Importo,
    pub scadenza: Option<Date>,
    /// Every transfer has a postal account.
    pub all_ccp: bool,
    /// Shown to whoever asks: no personal data in it.
    pub causale: String,
    pub ente: CodiceFiscaleEnte,
    pub nome_ente: String,
    pub ufficio: Option<String>,
}

/// The notice exists and can be paid.
pub fn encode_verify(a: &VerifyAnswer) -> Vec<u8> {
    answer::ok(Operation::VerifyPaymentNotice, |w| write_answer(w, a))
}

/// What follows `outcome`; in paDemandPaymentNoticeResponse the same follows `qrCode`.
pub(super) fn write_answer(w: &mut Writer, a: &VerifyAnswer) {
    w.element("paymentList", |w| {
        w.element("paymentOptionDescription", |w| {
            w.text("amount", &a.importo.to_wire());
            w.text("options", "EQ");
            if let Some(scadenza) = a.scadenza {
                w.text("dueDate", &scadenza.to_string());
            }
            w.text("allCCP", if a.all_ccp { "true" } else { "false" });
        });
    });
    w.text_max("paymentDescription", &a.causale, 140);
    w.text("fiscalCodePA", a.ente.as_str());
    w.text_max("companyName", &a.nome_ente, 140);
    w.text_max_opt("officeName", a.ufficio.as_deref(), 140);
}

pub(super) fn read(request: &Node<'_>) -> Result<VerifyRequest, Broken> {
    let mut parts = request.children()?;
    let instradamento = Instradamento::read(&mut parts)?;
    let (ente, numero) = read_qr_code(&mut parts)?;
    parts.finish()?;
    Ok(VerifyRequest { instradamento, ente, numero })
}
