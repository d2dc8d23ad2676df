//! A payment at a counter, step by step.

use crate::harness::*;
use nodo::pa_for_node::{Operation, Request};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const ERRORE_RESPONSE: &str = "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE";

fn ok(primitiva: &str) -> Value {
    json!({ "primitiva": primitiva, "http": 200, "outcome": "OK", "faultCode": null })
}

/// The last step, without the reason in words.
fn last(answer: &Value) -> Value {
    let mut passo = answer["passi"].as_array().unwrap().last().unwrap().clone();
    passo.as_object_mut().unwrap().remove("motivo");
    passo
}

#[tokio::test]
async fn three_steps_and_a_receipt() {
    let test = Test::start().await;
    let answer = test.pay(json!({})).await;
    assert_eq!(answer["passi"], json!([ok("paVerifyPaymentNotice"), ok("paGetPaymentV2"), ok("paSendRTV2")]));
    assert_eq!(test.calls.operations(), ["paVerifyPaymentNotice", "paGetPaymentV2", "paSendRTV2"]);
    let ricevute = test.calls.ricevute();
    assert_eq!(ricevute[0].receipt_id, answer["receipt_id"].as_str().unwrap());
    assert_eq!(ricevute[0].anomalie(), []);
    assert_eq!(ricevute[0].pagata_il, Some(ORA));
    assert_eq!(ricevute[0].versamenti.len(), 2);
    for request in test.calls.requests() {
        let instradamento = match request {
            Request::Verify(r) => r.instradamento,
            Request::GetPayment(r) => {
                assert_eq!((r.importo.unwrap().cents(), r.nota), (1_000, None));
                r.instradamento
            }
            Request::SendRt(r) => r.instradamento,
            Request::Demand(r) => r.instradamento,
        };
        assert_eq!((instradamento.intermediario.as_str(), instradamento.stazione.as_str()), ("99999000013", "99999000013_01"));
    }
}

#[tokio::test]
async fn the_first_version_of_the_primitives_works_too() {
    let test = Test::start().await;
    let answer = test.pay(json!({ "versione": 1 })).await;
    assert_eq!(answer["passi"], json!([ok("paVerifyPaymentNotice"), ok("paGetPayment"), ok("paSendRT")]));
}

#[tokio::test]
async fn a_receipt_comes_as_often_as_asked_with_identical_bytes() {
    let test = Test::start().await;
    let answer = test.pay(json!({ "copie": 3 })).await;
    assert_eq!(answer["passi"].as_array().unwrap().len(), 5);
    let receipts = test.calls.receipts();
    assert_eq!(receipts.len(), 3);
    assert!(receipts.iter().all(|r| *r == receipts[0]));
}

#[tokio::test]
async fn a_lost_receipt_was_paid_all_the_same_and_a_refused_payment_was_not() {
    let test = Test::start().await;
    let lost = test.pay(json!({ "copie": 0 })).await;
    assert!(lost["receipt_id"].is_string());
    let refused = test.pay(json!({ "esito": "KO" })).await;
    assert_eq!(refused["receipt_id"], Value::Null);
    assert_eq!(refused["passi"], json!([ok("paVerifyPaymentNotice"), ok("paGetPaymentV2")]));
    assert_eq!(test.calls.receipts().len(), 0);
}

#[tokio::test]
async fn a_late_receipt_is_late() {
    let test = Test::start().await;
    let start = Instant::now();
    test.pay(json!({ "ritardo_ms": 400 })).await;
    assert!(start.elapsed() >= Duration::from_millis(400));
}

#[tokio::test]
async fn a_test_may_choose_what_is_odd_about_the_payment() {
    let test = Test::start().await;
    let versante = json!({ "identificativo": "BNCLRA90A41H501V", "nome": "Laura Bianchi" });
    test.pay(json!({
        "importo_cents": 900, "receipt_id": "prova-1", "stand_in": true, "stazione": "X_01", "intermediario": "Y", "versante": versante
    }))
    .await;
    let requests = test.calls.requests();
    let Request::SendRt(sent) = &requests[2] else { panic!("{requests:?}") };
    assert_eq!(
        (sent.ricevuta.importo.cents(), sent.ricevuta.receipt_id.as_str(), sent.ricevuta.stand_in),
        (900, "prova-1", true)
    );
    assert_eq!(sent.ricevuta.anomalie(), []);
    assert_eq!(sent.ricevuta.versante.as_ref().map(|v| v.nome.as_str()), Some("Laura Bianchi"));
    assert_eq!((sent.instradamento.stazione.as_str(), sent.instradamento.intermediario.as_str()), ("X_01", "Y"));
    let Request::Verify(verify) = &requests[0] else { panic!("{requests:?}") };
    assert_eq!(verify.instradamento, sent.instradamento);
}

#[tokio::test]
async fn a_ko_of_the_station_ends_it_with_the_code_of_the_station() {
    let test = Test::start().await;
    let answer = test.pay(json!({ "numero_avviso": AVVISO_SCONOSCIUTO })).await;
    let expected = json!({
        "primitiva": "paVerifyPaymentNotice", "http": 200, "outcome": "KO", "faultCode": "PAA_PAGAMENTO_SCONOSCIUTO"
    });
    assert_eq!((answer["passi"].as_array().unwrap().len(), last(&answer)), (1, expected));
    assert_eq!(answer["receipt_id"], Value::Null);
}

#[tokio::test]
async fn a_revenue_stamp_comes_with_the_receipt_and_only_the_second_version_can_ask_for_it() {
    let test = Test::start().await;
    let answer = test.pay(json!({ "numero_avviso": AVVISO_CON_BOLLO, "versione": 1 })).await;
    assert_eq!(last(&answer)["faultCode"], "PAA_SEMANTICA");
    let answer = test.pay(json!({ "numero_avviso": AVVISO_CON_BOLLO })).await;
    assert_eq!(last(&answer), ok("paSendRTV2"));
    let ricevuta = test.calls.ricevute().remove(0);
    assert_eq!(ricevuta.versamenti[0].iban.as_deref(), Some(IBAN));
    assert!(ricevuta.versamenti[0].bollo.is_none());
    assert!(ricevuta.versamenti[1].iban.is_none() && ricevuta.versamenti[1].bollo.is_some());
}

#[tokio::test]
async fn answers_the_nodo_would_refuse_are_refused() {
    let replace = |from: &'static str, to: &'static str| {
        move |text: String| {
            assert!(text.contains(from), "{from} is not in {text}");
            (200, text.replace(from, to))
        }
    };
    use Operation::{GetPaymentV2, VerifyPaymentNotice};
    for (script, steps) in [
        (good_but(GetPaymentV2, replace("<transferAmount>3.00<", "<transferAmount>3.01<")), 2),
        (good_but(GetPaymentV2, replace("<idTransfer>2<", "<idTransfer>3<")), 2),
        (good_but(GetPaymentV2, replace(IBAN, "IT31X0542811101000000123457")), 2),
        (good_but(GetPaymentV2, replace("<fiscalCodePA>77777777777<", "<fiscalCodePA>11111111111<")), 2),
        (good_but(GetPaymentV2, replace("paGetPaymentV2Response", "paGetPaymentRes")), 2),
        (good_but(GetPaymentV2, |_| (200, "<<<".into())), 2),
        (good_but(GetPaymentV2, |text| (500, text)), 2),
        (good_but(VerifyPaymentNotice, replace("<companyName>Comune di Valdoria</companyName>", "")), 1),
        (good_but(VerifyPaymentNotice, replace("<outcome>OK<", "<outcome>KO<")), 1),
        (good_but(VerifyPaymentNotice, |text| (200, text.replace('>', ""))), 1),
    ] {
        let test = Test::with(script).await;
        let answer = test.pay(json!({})).await;
        assert_eq!(answer["passi"].as_array().unwrap().len(), steps, "{answer}");
        let passo = last(&answer);
        assert_eq!((&passo["outcome"], passo["faultCode"].as_str()), (&Value::Null, Some(ERRORE_RESPONSE)), "{answer}");
        assert_eq!(answer["receipt_id"], Value::Null);
        assert_eq!(test.calls.receipts().len(), 0);
    }
}

#[tokio::test]
async fn a_receipt_that_is_not_kept_is_told_by_its_status() {
    let test = Test::with(good_but(Operation::SendRtV2, |_| (503, String::new()))).await;
    let answer = test.pay(json!({ "copie": 2 })).await;
    let passo = last(&answer);
    assert_eq!((&passo["http"], &passo["outcome"]), (&json!(503), &Value::Null));
    assert_eq!(answer["passi"].as_array().unwrap().len(), 3, "the second copy is not sent");
}

#[tokio::test]
async fn what_cannot_be_ordered_is_told() {
    let test = Test::start().await;
    for (body, status) in [
        (json!({ "codice_fiscale_ente": "11111111111", "numero_avviso": AVVISO }), 422),
        (json!({ "codice_fiscale_ente": "1", "numero_avviso": AVVISO }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": "1" }), 400),
        (json!({ "codice_fiscale_ente": ENTE }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "copies": 1 }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "copie": 51 }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "ritardo_ms": 60_001 }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "versione": 3 }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "importo_cents": 0 }), 400),
        (
            json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "versante": { "identificativo": "x", "nome": "y" } }),
            400,
        ),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "receipt_id": "x".repeat(36) }), 400),
        (json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO, "receipt_id": "x".repeat(70_000) }), 413),
    ] {
        let response = test.post("/psp/pay", &body).await;
        assert_eq!(response.status(), status, "{body}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], status);
    }
    assert!(test.calls.operations().is_empty());
}
