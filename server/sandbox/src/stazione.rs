//! One call to the station over SOAP, and what the Nodo says of the answer.
//!
//! Source: SANP 3.12.0 (timeouts, fault codes); behaviour of the real Nodo as its public test suite shows it: anything that is not
//! HTTP 200 with an answer as the XSD and the Nodo's own rules want is PPT_STAZIONE_INT_PA_ERRORE_RESPONSE.

use nodo::pa_for_node::client::{Check, FaultBean, Response, decode_response};
use nodo::pa_for_node::{BODY_MAX, Operation};
use reqwest::header::{CONNECTION, CONTENT_TYPE};
use serde::Serialize;
use std::time::Duration;
use url::Url;

const ERRORE_RESPONSE: &str = "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE";
const TIMEOUT: &str = "PPT_STAZIONE_INT_PA_TIMEOUT";
const IRRAGGIUNGIBILE: &str = "PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE";

/// How long the Nodo waits (SANP, SLA of the EC).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attese {
    /// verify, getPayment and demand.
    pub domanda: Duration,
    pub ricevuta: Duration,
}

impl Default for Attese {
    fn default() -> Self {
        Self { domanda: Duration::from_secs(7), ricevuta: Duration::from_secs(15) }
    }
}

/// `stOutcome` in paForNode.xsd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Outcome {
    Ok,
    Ko,
}

/// One call as the PSP's log would have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Passo {
    pub primitiva: &'static str,
    /// `None`: no answer came.
    pub http: Option<u16>,
    /// `None`: no answer that the Nodo accepts.
    pub outcome: Option<Outcome>,
    /// The station's own code for a KO, the Nodo's for everything else.
    #[serde(rename = "faultCode")]
    pub fault_code: Option<String>,
    /// Why, for whoever has to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub motivo: Option<String>,
}

impl Passo {
    pub(crate) fn is_ok(&self) -> bool {
        self.outcome == Some(Outcome::Ok)
    }

    fn failed(op: Operation, http: Option<u16>, code: &str, motivo: String) -> Self {
        Self { primitiva: op.name(), http, outcome: None, fault_code: Some(code.to_owned()), motivo: Some(motivo) }
    }

    fn ko(op: Operation, fault: FaultBean) -> Self {
        let motivo = fault.description.map_or(fault.text.clone(), |d| format!("{}: {d}", fault.text));
        let outcome = Some(Outcome::Ko);
        Self { primitiva: op.name(), http: Some(200), outcome, fault_code: Some(fault.code), motivo: Some(motivo) }
    }

    fn ok(op: Operation) -> Self {
        Self { primitiva: op.name(), http: Some(200), outcome: Some(Outcome::Ok), fault_code: None, motivo: None }
    }
}

/// The station under test.
#[derive(Debug)]
pub(crate) struct Stazione {
    /// A client that cannot be built is a station that cannot be reached.
    client: Result<reqwest::Client, String>,
    url: Url,
    check: Check,
    attese: Attese,
}

impl Stazione {
    pub(crate) fn new(url: Url, check: Check) -> Self {
        let attese = Attese::default();
        // its own limit is above ours: which of the two timeouts it was must not depend on a race
        let client = nodo::http::client(&url, attese.ricevuta * 2).map_err(|error| error.to_string());
        Self { client, url, check, attese }
    }

    /// Asks, waits as long as the Nodo waits, judges as the Nodo judges. The response is there only when its outcome is OK.
    pub(crate) async fn ask(&self, op: Operation, body: Vec<u8>) -> (Passo, Option<Response>) {
        let attesa = if op.is_send_rt() { self.attese.ricevuta } else { self.attese.domanda };
        let (status, answer) = match tokio::time::timeout(attesa, self.call(op, body)).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(motivo)) => return (Passo::failed(op, None, IRRAGGIUNGIBILE, motivo), None),
            Err(_) => return (Passo::failed(op, None, TIMEOUT, format!("no answer in {attesa:?}")), None),
        };
        let refused = |motivo| (Passo::failed(op, Some(status), ERRORE_RESPONSE, motivo), None);
        if status != 200 {
            return refused(format!("HTTP {status}: a technical failure for the Nodo, whatever the body says"));
        }
        match answer.and_then(|bytes| decode_response(op, &bytes, &self.check).map_err(|error| error.to_string())) {
            Ok(Response::Ko(fault)) => (Passo::ko(op, fault), None),
            Ok(response) => (Passo::ok(op), Some(response)),
            Err(motivo) => refused(motivo),
        }
    }

    /// The status and the body; an error when there is no answer at all, an inner one when its body cannot be had.
    async fn call(&self, op: Operation, body: Vec<u8>) -> Result<(u16, Result<Vec<u8>, String>), String> {
        let client = self.client.as_ref().map_err(String::clone)?;
        let request = client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "text/xml; charset=utf-8")
            // a station that went away must be seen at the next call, not at the one after
            .header(CONNECTION, "close")
            .header("SOAPAction", format!("\"{}\"", op.name()))
            .body(body);
        let mut response = request.send().await.map_err(|error| error.without_url().to_string())?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() <= BODY_MAX => bytes.extend_from_slice(&chunk),
                Ok(Some(_)) => return Ok((status, Err(format!("more than {BODY_MAX} bytes")))),
                Ok(None) => return Ok((status, Ok(bytes))),
                Err(error) => return Ok((status, Err(error.without_url().to_string()))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::post;
    use nodo::pa_for_node::encode_receipt_ok;

    const OP: Operation = Operation::SendRtV2;

    async fn station(router: Router) -> Stazione {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/pagopa/pa", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let attese = Attese { domanda: Duration::from_millis(150), ricevuta: Duration::from_millis(300) };
        Stazione { attese, ..Stazione::new(url, Check::default()) }
    }

    async fn says(op: Operation, status: u16, body: impl Into<Vec<u8>>) -> Passo {
        let body: Vec<u8> = body.into();
        let answer = move || async move { (StatusCode::from_u16(status).unwrap(), body.clone()) };
        station(Router::new().route("/pagopa/pa", post(answer))).await.ask(op, Vec::new()).await.0
    }

    #[tokio::test]
    async fn a_receipt_is_delivered_only_by_http_200_and_outcome_ok() {
        assert_eq!(says(OP, 200, encode_receipt_ok(OP)).await, Passo::ok(OP));
        for (status, body) in [
            (503, encode_receipt_ok(OP)),
            (500, Vec::new()),
            (302, encode_receipt_ok(OP)),
            (200, Vec::new()),
            (200, b"<html>manutenzione</html>".to_vec()),
            (200, encode_receipt_ok(Operation::SendRt)),
            (200, vec![b' '; BODY_MAX + 1]),
        ] {
            let passo = says(OP, status, body).await;
            assert_eq!(
                (passo.http, passo.outcome, passo.fault_code.as_deref()),
                (Some(status), None, Some(ERRORE_RESPONSE)),
                "{passo:?}"
            );
        }
    }

    #[tokio::test]
    async fn silence_is_a_timeout_and_a_closed_port_is_unreachable() {
        let silent = || async {
            tokio::time::sleep(Duration::from_secs(60)).await;
        };
        let stazione = station(Router::new().route("/pagopa/pa", post(silent))).await;
        let (passo, response) = stazione.ask(Operation::VerifyPaymentNotice, Vec::new()).await;
        assert_eq!((passo.http, passo.fault_code.as_deref(), response), (None, Some(TIMEOUT), None));

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        drop(listener);
        let (passo, _) = Stazione::new(url, Check::default()).ask(OP, Vec::new()).await;
        assert_eq!((passo.http, passo.fault_code.as_deref()), (None, Some(IRRAGGIUNGIBILE)));
    }

    #[test]
    fn the_nodo_waits_7_seconds_for_an_answer_and_15_for_a_receipt() {
        let attese = Attese::default();
        assert_eq!((attese.domanda.as_secs(), attese.ricevuta.as_secs()), (7, 15));
    }
}
