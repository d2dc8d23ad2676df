//! What the Nodo sends to the station, and how it reads what the station answers.

use crate::says;
use domain::Ricevuta;
use nodo::pa_for_node::client::{
    Check, Response, decode_response, encode_demand_request, encode_get_payment_request, encode_receipt_document, encode_send_rt,
    encode_verify_request,
};
use nodo::pa_for_node::{DecodeError, Operation, Request, SendRtRequest, decode, decode_receipt, operation};

/// Anything: what is read is of the operation it claims, what is not is refused in words that tell nothing.
pub fn envelope(data: &[u8]) {
    match (operation(data), decode(data)) {
        (Ok(op), Ok(request)) => assert_eq!(op.is_send_rt(), matches!(request, Request::SendRt(_))),
        (Ok(op), Err(DecodeError::Invalid { operation, reason, .. })) => {
            assert_eq!(op, operation);
            says::text(&reason);
        }
        // the root was there, the end was not
        (Ok(_), Err(DecodeError::NotSoap(_))) => {}
        (Err(error), decoded) => {
            says::nothing(&error);
            assert_eq!(decoded, Err(error), "what has no operation cannot be read");
        }
    }
}

/// verify, getPayment, demand: what was read and written again reads the same.
pub fn question(data: &[u8]) {
    let Ok(request) = decode(data) else { return };
    let again = match &request {
        Request::Verify(r) => encode_verify_request(r),
        Request::GetPayment(r) => encode_get_payment_request(r),
        Request::Demand(r) => encode_demand_request(r),
        Request::SendRt(_) => return,
    };
    assert_eq!(decode(&again).as_ref(), Ok(&request), "{}", String::from_utf8_lossy(&again));
}

/// An answer as the Nodo reads it. What it lets pass adds up.
pub fn answer(data: &[u8]) {
    for op in Operation::ALL {
        match decode_response(op, data, &Check::default()) {
            Ok(Response::Payment(payment)) => {
                let sum = domain::Importo::sum(payment.versamenti.iter().map(|v| v.importo));
                assert_eq!(sum, Some(payment.importo));
                assert!((1..=5).contains(&payment.versamenti.len()));
            }
            Ok(_) => {}
            Err(error) => says::nothing(&error),
        }
    }
}

/// paSendRT of both versions: every fact survives being written and read again, so none was read wrongly.
pub fn receipt(data: &[u8]) {
    let Ok(Request::SendRt(request)) = decode(data) else { return };
    survives(*request);
}

/// A receipt that was fetched, with its envelope or without.
pub fn document(data: &[u8]) {
    match decode_receipt(data) {
        Ok(request) => survives(request),
        Err(DecodeError::Invalid { reason, .. }) => says::text(&reason),
        Err(error) => says::nothing(&error),
    }
}

fn survives(request: SendRtRequest) {
    let ricevuta = &request.ricevuta;
    assert!((1..=35).contains(&ricevuta.receipt_id.chars().count()), "it becomes a key");
    assert!(!ricevuta.versamenti.is_empty());
    // sums and comparisons over whatever amounts came
    let _ = ricevuta.anomalie();
    for person in [Some(&ricevuta.debitore), ricevuta.versante.as_ref()].into_iter().flatten() {
        assert_eq!(format!("{person:?}"), "SoggettoRicevuta(…)");
    }
    // the second version has a place for everything that the first may bring all the same
    let request = SendRtRequest { v2: true, ricevuta: sayable(request.ricevuta), ..request };
    let (in_envelope, alone) = (encode_send_rt(&request), encode_receipt_document(&request));
    assert_eq!(decode_receipt(&alone).as_ref(), Ok(&request), "{}", String::from_utf8_lossy(&alone));
    assert_eq!(decode(&in_envelope), Ok(Request::SendRt(Box::new(request))), "{}", String::from_utf8_lossy(&in_envelope));
}

/// A receipt is read as long as it came; our other half writes people and metadata no longer than the XSD lets anybody.
fn sayable(mut ricevuta: Ricevuta) -> Ricevuta {
    let cut = |text: &str, max: usize| -> String {
        let cut: String = text.chars().take(max).collect();
        // blanks around a text are no part of it
        if cut.is_empty() { "-".to_owned() } else { cut.trim_end_matches([' ', '\t', '\n', '\r']).to_owned() }
    };
    for person in [Some(&mut ricevuta.debitore), ricevuta.versante.as_mut()].into_iter().flatten() {
        person.identificativo = cut(&person.identificativo, 16);
        person.nome = cut(&person.nome, 70);
        person.email = person.email.as_deref().map(|email| cut(email, 256));
    }
    let of_transfers = ricevuta.versamenti.iter_mut().map(|v| &mut v.metadata);
    for metadata in of_transfers.chain([&mut ricevuta.metadata]) {
        *metadata = metadata.iter().take(15).map(|(key, value)| (cut(key, 140), cut(value, 140))).collect();
    }
    ricevuta
}
