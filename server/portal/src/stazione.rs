//! The Nodo asks: may this notice be paid (verify), and what exactly (getPayment).
//!
//! Checks in the order of SANP: ente, intermediary, station, then the notice. Nothing is locked: a position stays open until its
//! receipt. What the Nodo tells (receipts) is in [`crate::ricevuta`], notices on demand are in [`crate::richiesta`].

use crate::{Portal, PortalError, giornale};
use domain::posizione::NonPagabile;
use domain::{CodiceFiscaleEnte, Ente, NumeroAvviso, Posizione, Rata};
use nodo::pa_for_node::{
    self as wire, DecodeError, Fault, GetPaymentRequest, Instradamento, Operation, Paa, PaymentAnswer, Request, VerifyAnswer,
    VerifyRequest,
};
use std::time::Instant;

/// What goes back to the Nodo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Risposta {
    /// HTTP 200 with this envelope: OK, or a KO with its fault.
    Soap(Vec<u8>),
    /// HTTP 400: not SOAP at all.
    NotSoap(&'static str),
    /// HTTP 503, no envelope: the Nodo keeps the receipt and sends it again.
    Unavailable,
}

impl Portal {
    /// Answers one call of the Nodo, and notes it in the Giornale. `peer` is noted beside a receipt.
    pub async fn answer_nodo(&self, raw: &[u8], peer: Option<&str>) -> Risposta {
        let (at, begun) = (self.inner.clock.now(), Instant::now());
        let risposta = Box::pin(self.answer(raw, peer)).await;
        self.note(giornale::entrata(self, raw, &risposta, at, begun.elapsed()));
        risposta
    }

    async fn answer(&self, raw: &[u8], peer: Option<&str>) -> Risposta {
        let operation = match wire::operation(raw) {
            Ok(operation) => operation,
            Err(DecodeError::NotSoap(why)) => return Risposta::NotSoap(why),
            Err(DecodeError::Invalid { operation, .. }) => operation,
        };
        if operation.is_send_rt() {
            return Box::pin(self.take_receipt(operation, raw, peer)).await;
        }
        let answer = match wire::decode(raw) {
            Ok(Request::Verify(request)) => Box::pin(self.verify(&request)).await,
            Ok(Request::GetPayment(request)) => Box::pin(self.get_payment(operation, &request)).await,
            Ok(Request::SendRt(_)) => return Risposta::NotSoap("two operations in one"),
            Ok(Request::Demand(request)) => Box::pin(self.demand(&request)).await,
            Err(DecodeError::NotSoap(why)) => return Risposta::NotSoap(why),
            Err(DecodeError::Invalid { instradamento, reason, .. }) => {
                let id = instradamento.map_or_else(String::new, |i| i.ente);
                Ok(Err(No { code: Paa::of_broken_xsd(operation), id, description: Some(reason) }))
            }
        };
        Risposta::Soap(match answer {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(no)) => no.encode(operation),
            Err(error) => {
                tracing::error!(%error, operation = operation.name(), "the station could not answer");
                No { code: Paa::SystemError, id: String::new(), description: None }.encode(operation)
            }
        })
    }

    /// paVerifyPaymentNotice.
    async fn verify(&self, request: &VerifyRequest) -> Answer {
        let (ente, posizione) = match self.route(&request.instradamento, &request.ente, &request.numero).await? {
            Ok(found) => found,
            Err(no) => return Ok(Err(no)),
        };
        let payable = self.payable(&ente, &posizione, &request.numero);
        Ok(payable.map(|rata| wire::encode_verify(&verify_answer(&ente, &posizione, rata))))
    }

    /// paGetPayment and paGetPaymentV2. The amount asked with is the one shown at verify; the answer's is the one due now.
    async fn get_payment(&self, operation: Operation, request: &GetPaymentRequest) -> Answer {
        let (ente, posizione) = match self.route(&request.instradamento, &request.ente, &request.numero).await? {
            Ok(found) => found,
            Err(no) => return Ok(Err(no)),
        };
        let rata = match self.payable(&ente, &posizione, &request.numero) {
            Ok(rata) => rata,
            Err(no) => return Ok(Err(no)),
        };
        let answer = PaymentAnswer { ente: &ente, posizione: &posizione, rata, transfer_type: request.transfer_type };
        // a revenue stamp cannot be said in version 1
        let stamp = "la marca da bollo si paga con paGetPaymentV2";
        Ok(wire::encode_payment(operation, &answer).map_err(|_| No::about(&ente, Paa::Semantica, stamp)))
    }

    /// Is the call for an ente of ours, through its intermediary and station, about a notice of that ente?
    async fn route(
        &self,
        to: &Instradamento,
        ente_of_notice: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
    ) -> Result<Result<(Ente, Posizione), No>, PortalError> {
        let no = |code| No { code, id: to.ente.clone(), description: None };
        if to.ente != ente_of_notice.as_str() {
            return Ok(Err(no(Paa::IdDominioErrato)));
        }
        let ente = match self.addressee(to).await? {
            Ok(ente) => ente,
            Err(no) => return Ok(Err(no)),
        };
        Ok(match self.inner.store.posizione_by_avviso(&ente.codice_fiscale, numero).await? {
            Some(posizione) => Ok((ente, posizione)),
            None => Err(no(Paa::PagamentoSconosciuto)),
        })
    }

    /// Is the call for an ente of ours, through its intermediary and station?
    pub(crate) async fn addressee(&self, to: &Instradamento) -> Result<Result<Ente, No>, PortalError> {
        let no = |code| No { code, id: to.ente.clone(), description: None };
        let Some(ente) = self.inner.store.ente_by_codice_fiscale(&to.ente).await? else {
            return Ok(Err(no(Paa::IdDominioErrato)));
        };
        if ente.stazione.intermediario != to.intermediario {
            return Ok(Err(no(Paa::IdIntermediarioErrato)));
        }
        if ente.stazione.id != to.stazione {
            return Ok(Err(no(Paa::StazioneIntErrata)));
        }
        Ok(Ok(ente))
    }

    fn payable<'a>(&self, ente: &Ente, posizione: &'a Posizione, numero: &NumeroAvviso) -> Result<&'a Rata, No> {
        posizione.pagabile(numero, self.inner.clock.today()).map_err(|reason| No {
            code: match reason {
                NonPagabile::Sconosciuta => Paa::PagamentoSconosciuto,
                NonPagabile::Pagata => Paa::PagamentoDuplicato,
                NonPagabile::Annullata => Paa::PagamentoAnnullato,
                NonPagabile::Scaduta => Paa::PagamentoScaduto,
            },
            id: ente.codice_fiscale.to_string(),
            description: None,
        })
    }
}

/// What the Nodo is told about a notice that can be paid.
pub(crate) fn verify_answer(ente: &Ente, posizione: &Posizione, rata: &Rata) -> VerifyAnswer {
    VerifyAnswer {
        importo: rata.importo,
        scadenza: rata.scadenza,
        all_ccp: rata.all_ccp(),
        causale: posizione.causale.clone(),
        ente: ente.codice_fiscale.clone(),
        nome_ente: ente.nome.clone(),
        ufficio: None,
    }
}

/// An envelope, or why not.
pub(crate) type Answer = Result<Result<Vec<u8>, No>, PortalError>;

/// A KO on its way out.
#[derive(Debug)]
pub(crate) struct No {
    code: Paa,
    /// Codice fiscale of the ente, as `fault/id` wants it; what was asked for, when there is no such ente.
    id: String,
    description: Option<String>,
}

impl No {
    pub(crate) fn about(ente: &Ente, code: Paa, description: &str) -> Self {
        Self { code, id: ente.codice_fiscale.to_string(), description: Some(description.to_owned()) }
    }

    fn encode(self, operation: Operation) -> Vec<u8> {
        // `fault/id` may not be empty; when even the addressee could not be read there is no better name
        let id = if self.id.is_empty() { "sconosciuto".to_owned() } else { self.id };
        wire::encode_fault(operation, &Fault { code: self.code, id, description: self.description })
    }
}
