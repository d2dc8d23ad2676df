//! paDemandPaymentNotice: "somebody wants to pay this service and has no notice: make one."
//!
//! Source: `paDemandPaymentNoticeRequest` and `…Response` in paForNode.xsd; SANP 3.12.0, "Pagamento spontaneo presso il PSP". The
//! answer is that of paVerifyPaymentNotice with the number of the new notice before it.

use super::request::write_qr_code;
use super::verify_payment_notice::write_answer;
use super::{Instradamento, Operation, VerifyAnswer, answer};
use crate::xml::{Broken, Node, Sequence, Writer};
use domain::{CodiceFiscaleEnte, NumeroAvviso};
use std::fmt;

/// `stIdentificativoServizio` and `stIdentificativoSoggettoServizio`: `length` 5.
pub(super) const ID_SERVIZIO_LEN: usize = 5;

/// paDemandPaymentNoticeRequest. `Debug` does not show the data: they name who pays.
#[derive(Clone, PartialEq, Eq)]
pub struct DemandRequest {
    pub instradamento: Instradamento,
    /// `idServizio`: which service of the catalogue (`catalogo-servizi`), 5 characters.
    pub id_servizio: String,
    /// `idSoggettoServizio`: who offers it there, 5 characters.
    pub id_soggetto: String,
    /// `datiSpecificiServizioRequest`, out of its base64: an XML whose schema is the service's own. Read by whoever knows the
    /// service; here they are bytes.
    pub dati: Vec<u8>,
}

/// paDemandPaymentNoticeResponse with outcome OK.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandAnswer {
    /// The new notice. Optional in the XSD; the Nodo refuses an OK without it.
    pub numero: NumeroAvviso,
    /// `qrCode/fiscalCode`: the ente of the notice.
    pub ente: CodiceFiscaleEnte,
    /// What the notice is, as paVerifyPaymentNotice would tell.
    pub avviso: VerifyAnswer,
}

impl fmt::Debug for DemandRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DemandRequest")
            .field("instradamento", &self.instradamento)
            .field("id_servizio", &self.id_servizio)
            .field("id_soggetto", &self.id_soggetto)
            .field("dati", &format_args!("{} bytes", self.dati.len()))
            .finish()
    }
}

/// The notice was made and can be paid.
pub fn encode_demand(a: &DemandAnswer) -> Vec<u8> {
    answer::ok(Operation::DemandPaymentNotice, |w: &mut Writer| {
        write_qr_code(w, &a.ente, &a.numero);
        write_answer(w, &a.avviso);
    })
}

pub(super) fn read(request: &Node<'_>) -> Result<DemandRequest, Broken> {
    let mut parts = request.children()?;
    let instradamento = Instradamento::read(&mut parts)?;
    let id_servizio = id(&mut parts, "idServizio")?;
    let id_soggetto = id(&mut parts, "idSoggettoServizio")?;
    let dati = parts.take("datiSpecificiServizioRequest")?.base64()?;
    parts.finish()?;
    Ok(DemandRequest { instradamento, id_servizio, id_soggetto, dati })
}

fn id(parts: &mut Sequence<'_>, name: &str) -> Result<String, Broken> {
    parts.take(name)?.text_exactly(ID_SERVIZIO_LEN)
}
