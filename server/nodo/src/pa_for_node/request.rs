//! From the bytes of a request to what is asked.

use super::{BODY_MAX, DecodeError, DemandRequest, GetPaymentRequest, Operation, SendRtRequest, VerifyRequest};
use super::{demand_payment_notice, envelope, get_payment, send_rt, verify_payment_notice};
use crate::xml::{Broken, Element, Node, Rigour, Sequence, Writer};
use domain::{CodiceFiscaleEnte, NumeroAvviso};

/// Whom the request is addressed to, as it says itself. Texts of at most 35 characters (`stText35`), judged by the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instradamento {
    /// `idPA`.
    pub ente: String,
    /// `idBrokerPA`.
    pub intermediario: String,
    /// `idStation`.
    pub stazione: String,
}

/// What is asked of the station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Verify(VerifyRequest),
    GetPayment(GetPaymentRequest),
    SendRt(Box<SendRtRequest>),
    Demand(DemandRequest),
}

/// `stText35`.
const ID_MAX: usize = 35;

/// Which operation a request is for, from the root in its Body: SOAPAction may be absent, quoted or wrong. Reads no further than
/// that root, so the rest may still turn out to be unreadable.
///
/// # Errors
/// [`DecodeError::NotSoap`] only.
pub fn operation(bytes: &[u8]) -> Result<Operation, DecodeError> {
    if bytes.len() > BODY_MAX {
        return Err(DecodeError::NotSoap("too large"));
    }
    let root = envelope::peek_root(bytes).map_err(DecodeError::NotSoap)?;
    Operation::of_request_root(&root).ok_or(DecodeError::NotSoap("an unknown root in the Body"))
}

/// Reads a request. As strict as the XSD; only a receipt is read with lenience, because the money behind it has moved already.
///
/// # Errors
/// See [`DecodeError`].
pub fn decode(bytes: &[u8]) -> Result<Request, DecodeError> {
    let operation = operation(bytes)?;
    if bytes.len() > operation.body_max() {
        return Err(DecodeError::NotSoap("too large"));
    }
    let root = envelope::root(bytes).map_err(DecodeError::NotSoap)?;
    let rigour = if operation.is_send_rt() { Rigour::Lenient } else { Rigour::AsXsd };
    let node = Node::root(&root, rigour);
    let request = match operation {
        Operation::VerifyPaymentNotice => verify_payment_notice::read(&node).map(Request::Verify),
        Operation::GetPayment => get_payment::read(&node, false).map(Request::GetPayment),
        Operation::GetPaymentV2 => get_payment::read(&node, true).map(Request::GetPayment),
        Operation::SendRt => send_rt::read(&node, false).map(|r| Request::SendRt(Box::new(r))),
        Operation::SendRtV2 => send_rt::read(&node, true).map(|r| Request::SendRt(Box::new(r))),
        Operation::DemandPaymentNotice => demand_payment_notice::read(&node).map(Request::Demand),
    };
    request.map_err(|Broken(reason)| DecodeError::Invalid { operation, instradamento: addressee(&root), reason })
}

/// Reads a receipt that was fetched instead of received: a paSendRT request with its envelope or without.
///
/// # Errors
/// See [`DecodeError`]; what is no receipt at all is `NotSoap`.
pub fn decode_receipt(bytes: &[u8]) -> Result<SendRtRequest, DecodeError> {
    if bytes.len() > BODY_MAX {
        return Err(DecodeError::NotSoap("too large"));
    }
    let root = envelope::root_or_bare(bytes).map_err(DecodeError::NotSoap)?;
    let operation =
        Operation::of_request_root(&root.name).filter(|op| op.is_send_rt()).ok_or(DecodeError::NotSoap("not a receipt"))?;
    let read = send_rt::read(&Node::root(&root, Rigour::Lenient), operation == Operation::SendRtV2);
    read.map_err(|Broken(reason)| DecodeError::Invalid { operation, instradamento: addressee(&root), reason })
}

impl Instradamento {
    pub(super) fn read(request: &mut Sequence<'_>) -> Result<Self, Broken> {
        Ok(Self {
            ente: request.take("idPA")?.text(ID_MAX)?,
            intermediario: request.take("idBrokerPA")?.text(ID_MAX)?,
            stazione: request.take("idStation")?.text(ID_MAX)?,
        })
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.text("idPA", &self.ente);
        w.text("idBrokerPA", &self.intermediario);
        w.text("idStation", &self.stazione);
    }
}

/// The addressee of a request that breaks a rule: the fault is to name the ente.
fn addressee(root: &Element) -> Option<Instradamento> {
    let mut children = Node::root(root, Rigour::Lenient).children().ok()?;
    let found = Instradamento::read(&mut children).ok()?;
    let usable = |id: &str| (1..=ID_MAX).contains(&id.chars().count());
    let all = usable(&found.ente) && usable(&found.intermediario) && usable(&found.stazione);
    all.then_some(found)
}

pub(super) fn read_qr_code(request: &mut Sequence<'_>) -> Result<(CodiceFiscaleEnte, NumeroAvviso), Broken> {
    qr_code(&request.take("qrCode")?)
}

/// `ctQrCode`.
pub(super) fn qr_code(node: &Node<'_>) -> Result<(CodiceFiscaleEnte, NumeroAvviso), Broken> {
    let mut parts = node.children()?;
    let ente = parts.take("fiscalCode")?.ente()?;
    let numero = parts.take("noticeNumber")?.numero_avviso()?;
    parts.finish()?;
    Ok((ente, numero))
}

pub(super) fn write_qr_code(w: &mut Writer, ente: &CodiceFiscaleEnte, numero: &NumeroAvviso) {
    w.element("qrCode", |w| {
        w.text("fiscalCode", ente.as_str());
        w.text("noticeNumber", numero.as_str());
    });
}
