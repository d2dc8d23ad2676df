//! The script of a payment: verify → getPayment → sendRT, stopping at the first step that is not OK.

use crate::ricevute::Ricevute;
use crate::stazione::{Passo, Stazione};
use crate::{EnteSandbox, SandboxConfig};
use domain::{CodiceFiscaleEnte, NumeroAvviso, Ricevuta};
use nodo::pa_for_node::client::{
    Check, PaymentData, Response, encode_demand_request, encode_get_payment_request, encode_send_rt, encode_verify_request,
};
use nodo::pa_for_node::{
    DemandAnswer, DemandRequest, GetPaymentRequest, Instradamento, Operation, SendRtRequest, TransferType, VerifyAnswer,
    VerifyRequest,
};

/// A notice somebody wants to pay, and how the Nodo reaches its ente.
#[derive(Clone, Debug)]
pub(crate) struct Incarico {
    pub instradamento: Instradamento,
    pub ente: CodiceFiscaleEnte,
    pub numero: NumeroAvviso,
    /// Version 2 of the primitives; the station's `primitiveVersion` at the real Nodo.
    pub v2: bool,
    /// idCart, at Checkout.
    pub nota: Option<String>,
    /// Checkout pays through pagoPA itself; a counter does not say.
    pub transfer_type: Option<TransferType>,
}

impl Incarico {
    /// As the ente is registered; `None` when this Nodo does not know it.
    pub(crate) fn new(config: &SandboxConfig, ente: CodiceFiscaleEnte, numero: NumeroAvviso) -> Option<Self> {
        let on_record = config.ente(ente.as_str())?;
        let instradamento = Instradamento {
            ente: ente.to_string(),
            intermediario: on_record.intermediario.clone(),
            stazione: on_record.stazione.clone(),
        };
        Some(Self { instradamento, ente, numero, v2: true, nota: None, transfer_type: None })
    }
}

/// "What is this notice, and can it be paid now?"
pub(crate) async fn verify(stazione: &Stazione, incarico: &Incarico) -> (Passo, Option<VerifyAnswer>) {
    let request = VerifyRequest {
        instradamento: incarico.instradamento.clone(),
        ente: incarico.ente.clone(),
        numero: incarico.numero.clone(),
    };
    let (passo, response) = stazione.ask(Operation::VerifyPaymentNotice, encode_verify_request(&request)).await;
    log(&passo, incarico);
    match response {
        Some(Response::Verify(answer)) => (passo, Some(answer)),
        _ => (passo, None),
    }
}

/// "Make a notice for this service." The answer is there when the step was OK.
pub(crate) async fn demand(stazione: &Stazione, request: &DemandRequest) -> (Passo, Option<DemandAnswer>) {
    let (passo, response) = stazione.ask(Operation::DemandPaymentNotice, encode_demand_request(request)).await;
    match response {
        Some(Response::Demand(answer)) => {
            tracing::info!(avviso = answer.numero.masked(), "{} answered OK", passo.primitiva);
            (passo, Some(answer))
        }
        _ => {
            tracing::warn!(http = ?passo.http, code = ?passo.fault_code, "{} was not answered OK", passo.primitiva);
            (passo, None)
        }
    }
}

/// verify → getPayment, asking for the amount that verify told. The data are there when every step was OK.
pub(crate) async fn activate(stazione: &Stazione, incarico: &Incarico, passi: &mut Vec<Passo>) -> Option<PaymentData> {
    let (passo, verified) = verify(stazione, incarico).await;
    passi.push(passo);
    let verified = verified?;
    let request = GetPaymentRequest {
        instradamento: incarico.instradamento.clone(),
        ente: incarico.ente.clone(),
        numero: incarico.numero.clone(),
        importo: Some(verified.importo),
        nota: incarico.nota.clone(),
        transfer_type: incarico.transfer_type,
        due_date: verified.scadenza,
        v2: incarico.v2,
    };
    let op = if incarico.v2 { Operation::GetPaymentV2 } else { Operation::GetPayment };
    let (passo, response) = stazione.ask(op, encode_get_payment_request(&request)).await;
    log(&passo, incarico);
    passi.push(passo);
    match response {
        Some(Response::Payment(data)) => Some(data),
        _ => None,
    }
}

/// A receipt ready to be sent, as often as wanted, with identical bytes.
#[derive(Clone, Debug)]
pub(crate) struct Consegna {
    incarico: Incarico,
    body: Vec<u8>,
}

impl Consegna {
    /// From here on the money has moved: `ricevute` keeps the receipt, whether or not it is ever sent. `da_gpd`: GPD keeps it too.
    pub(crate) fn new(incarico: Incarico, ricevuta: Ricevuta, ricevute: &Ricevute, da_gpd: bool) -> Self {
        let request = SendRtRequest { instradamento: incarico.instradamento.clone(), ricevuta, v2: incarico.v2 };
        ricevute.insert(&request, da_gpd);
        Self { body: encode_send_rt(&request), incarico }
    }

    /// Sends it once.
    pub(crate) async fn send(&self, stazione: &Stazione) -> Passo {
        let op = if self.incarico.v2 { Operation::SendRtV2 } else { Operation::SendRt };
        let (passo, _) = stazione.ask(op, self.body.clone()).await;
        log(&passo, &self.incarico);
        passo
    }
}

/// What the Nodo has on its books: an ente that is not there, or an account that is not its own, makes an answer wrong.
pub(crate) fn on_record(enti: &[EnteSandbox]) -> Check {
    let known = enti.iter().filter_map(|e| CodiceFiscaleEnte::parse(&e.codice_fiscale).ok().map(|code| (code, e)));
    let ibans = known.clone().filter(|(_, e)| !e.ibans.is_empty()).map(|(code, e)| (code, e.ibans.iter().cloned().collect()));
    Check { ibans: ibans.collect(), enti: Some(known.map(|(code, _)| code).collect()) }
}

fn log(passo: &Passo, incarico: &Incarico) {
    let (avviso, http, code, motivo) = (incarico.numero.masked(), passo.http, &passo.fault_code, &passo.motivo);
    if passo.is_ok() {
        tracing::info!(avviso, "{} answered OK", passo.primitiva);
    } else {
        tracing::warn!(avviso, ?http, ?code, ?motivo, "{} was not answered OK", passo.primitiva);
    }
}
