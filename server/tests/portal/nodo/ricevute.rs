//! Receipts: kept first, one effect, never a KO.

use crate::harness::{PASTI, Sportello, form, rata, receipt, verify};
use domain::{Anomalia, StatoPosizione, StatoRicevuta};
use jiff::Timestamp;
use nodo::pa_for_node::client::{Check, Response, decode_response, encode_send_rt, encode_verify_request};
use nodo::pa_for_node::{Operation, SendRtRequest};
use portal::ids;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Lifecycle, NewInbox};

/// An open notice and a receipt for it.
async fn open_and_receipt(sportello: &Sportello) -> (String, SendRtRequest) {
    let numero = sportello.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Verbale")).numero;
    let posizione = sportello.posizione(&numero).await;
    let request = receipt(&posizione, rata(&posizione, &numero), "ricevuta-1");
    (numero, request)
}

/// How often a receipt moved the position of a notice.
async fn effects(sportello: &Sportello, numero: &str) -> usize {
    let id = sportello.posizione(numero).await.id;
    let steps = sportello.portal.store().transizioni(Lifecycle::Posizione, &id).await.unwrap();
    steps.iter().filter(|step| step.perche.starts_with("ricevuta ")).count()
}

#[tokio::test]
async fn a_receipt_closes_its_notice_once() {
    let sportello = Sportello::start().await;
    let (numero, request) = open_and_receipt(&sportello).await;
    let accepted = sportello.in_inbox("ACCETTATO").await;
    sportello.deliver(&request).await;
    let posizione = sportello.posizione(&numero).await;
    assert_eq!((posizione.stato, rata(&posizione, &numero).pagata), (StatoPosizione::Pagata, true));
    let ricevute = sportello.ricevute(&numero).await;
    assert_eq!((ricevute.len(), ricevute[0].stato), (1, StatoRicevuta::Valida));
    assert_eq!(ricevute[0].ricevuta, request.ricevuta);
    assert_eq!(sportello.in_inbox("ACCETTATO").await, accepted + 1);
    // byte by byte as it came
    let kept = sportello.portal.store().ricevuta_raw(&ricevute[0].inbox_id).await.unwrap();
    assert_eq!(kept, Some(encode_send_rt(&request)));
    assert_eq!(effects(&sportello, &numero).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_identical_receipts_at_once_are_one_receipt_with_one_effect() {
    let sportello = Arc::new(Sportello::start().await);
    let (numero, request) = open_and_receipt(&sportello).await;
    let repeated = sportello.in_inbox("RIPETUTO").await;
    let request = Arc::new(request);
    let deliveries: Vec<_> = (0..50)
        .map(|_| {
            let (sportello, request) = (sportello.clone(), request.clone());
            tokio::spawn(async move { sportello.deliver(&request).await })
        })
        .collect();
    for delivery in deliveries {
        delivery.await.unwrap();
    }
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
    assert_eq!(effects(&sportello, &numero).await, 1);
    assert_eq!(sportello.in_inbox("RIPETUTO").await, repeated + 49);
    assert_eq!(sportello.ricevute(&numero).await[0].anomalie, []);
}

#[tokio::test]
async fn the_same_facts_spelt_otherwise_are_the_same_receipt() {
    let sportello = Sportello::start().await;
    let (numero, request) = open_and_receipt(&sportello).await;
    sportello.deliver(&request).await;
    let text = String::from_utf8(encode_send_rt(&request)).unwrap();
    for spelling in [
        text.replace("><", ">\n  <"),
        text.replace("pafn", "ns3").replace("soapenv", "S"),
        text.replace("<standIn>false</standIn>", ""),
    ] {
        assert_eq!(sportello.ask(Operation::SendRtV2, spelling.into_bytes()).await, Response::Ok);
    }
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
    assert_eq!((effects(&sportello, &numero).await, sportello.in_inbox("QUARANTENA").await), (1, 0));
}

#[tokio::test]
async fn another_content_under_a_known_receipt_id_is_kept_apart_and_the_first_stays() {
    let sportello = Sportello::start().await;
    let (numero, request) = open_and_receipt(&sportello).await;
    sportello.deliver(&request).await;
    let mut other = request.clone();
    other.ricevuta.debitore.nome = "Qualcun Altro".into();
    sportello.deliver(&other).await;
    sportello.deliver(&other).await;
    let ricevute = sportello.ricevute(&numero).await;
    assert_eq!((ricevute.len(), &ricevute[0].ricevuta), (1, &request.ricevuta));
    assert_eq!((effects(&sportello, &numero).await, sportello.in_inbox("QUARANTENA").await), (1, 2));
}

#[tokio::test]
async fn a_second_receipt_for_a_paid_notice_is_kept_as_a_double_payment() {
    let sportello = Sportello::start().await;
    let (numero, request) = open_and_receipt(&sportello).await;
    let mut second = request.clone();
    second.ricevuta.receipt_id = "ricevuta-2".into();
    sportello.deliver(&request).await;
    sportello.deliver(&second).await;
    let ricevute = sportello.ricevute(&numero).await;
    let found: Vec<_> = ricevute.iter().map(|r| (r.ricevuta.receipt_id.as_str(), r.stato, r.anomalie.clone())).collect();
    assert_eq!(
        found,
        [("ricevuta-1", StatoRicevuta::Valida, vec![]), ("ricevuta-2", StatoRicevuta::Anomala, vec![Anomalia::DoppioPagamento])]
    );
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
}

#[tokio::test]
async fn a_counter_can_send_its_receipt_fifty_times() {
    let sportello = Sportello::start().await;
    let numero = sportello.avviso("APERTA").numero;
    let paid = sportello.pay_elsewhere(&numero, json!({ "copie": 50, "stand_in": true })).await;
    let passi = paid["passi"].as_array().unwrap();
    assert!(passi.len() == 52 && passi.iter().all(|p| p["outcome"] == "OK"), "{paid}");
    let ricevute = sportello.ricevute(&numero).await;
    assert_eq!((ricevute.len(), ricevute[0].ricevuta.stand_in, ricevute[0].stato), (1, true, StatoRicevuta::Valida));
}

/// The database cannot be written for a while: somebody holds it.
#[tokio::test]
async fn a_receipt_that_cannot_be_stored_gets_503_and_no_ko_and_is_taken_when_it_comes_again() {
    let sportello = Sportello::start().await;
    let (numero, request) = open_and_receipt(&sportello).await;
    let body = encode_send_rt(&request);
    let turn = sportello.hold_writes().await;

    let begun = Instant::now();
    let (mut browser, typed) = (sportello.browser(), form());
    let (page, form) = tokio::join!(sportello.soap(body.clone()), browser.post(PASTI, &typed));
    assert_eq!(page.status, 503);
    assert!(!page.has("outcome") && !page.has("Envelope"), "{}", page.text());
    assert!(begun.elapsed() < Duration::from_secs(15), "the Nodo gives up after 15 s: {:?}", begun.elapsed());
    assert_eq!(form.status, 503, "{}", form.text());
    assert!(form.has(form.header("x-riferimento")));
    // reading goes on
    let verified = sportello.soap(encode_verify_request(&verify(&numero))).await;
    let read = decode_response(Operation::VerifyPaymentNotice, &verified.bytes, &Check::default()).unwrap();
    assert!(matches!(read, Response::Verify(_)), "{read:?}");
    assert_eq!(sportello.ricevute(&numero).await.len(), 0);

    drop(turn);
    sportello.deliver(&request).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
    assert_eq!(effects(&sportello, &numero).await, 1);
}

/// The process dies between the two transactions of a receipt; the next start finds the bytes.
#[tokio::test]
async fn what_was_kept_before_a_crash_has_its_effect_once_at_the_next_start() {
    let sportello = Sportello::start().await;
    let (numero, request) = open_and_receipt(&sportello).await;
    let body = encode_send_rt(&request);
    keep(&sportello, "00000000000000000000000000000001", &body, sportello.now()).await;
    keep(&sportello, "00000000000000000000000000000002", &body, sportello.now()).await;
    keep(&sportello, "00000000000000000000000000000003", b"<troncata", sportello.now()).await;
    assert_eq!(sportello.in_inbox("RICEVUTO").await, 3);
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);

    let sportello = Sportello::start_in(sportello.into_folder()).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
    assert_eq!(effects(&sportello, &numero).await, 1);
    assert_eq!((sportello.in_inbox("RICEVUTO").await, sportello.in_inbox("RIPETUTO").await), (0, 1));
    assert_eq!(sportello.in_inbox("QUARANTENA").await, 1);
    assert_eq!(sportello.portal.resume_inbox().await.unwrap(), 0);
    // the Nodo had no answer: it sends it again
    sportello.deliver(&request).await;
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
}

async fn keep(sportello: &Sportello, id: &str, raw: &[u8], received_at: Timestamp) {
    let sha256 = ids::sha256_hex(raw);
    let entry = NewInbox { id: id.into(), received_at, peer: None, operazione: "paSendRTV2".into(), raw, sha256: &sha256 };
    sportello.portal.store().keep(&entry).await.unwrap();
}
