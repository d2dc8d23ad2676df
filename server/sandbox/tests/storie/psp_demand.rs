//! A service paid at a counter without a notice.

use crate::harness::*;
use nodo::pa_for_node::{Operation, Request};
use serde_json::{Value, json};

async fn demand(test: &Test, extra: Value) -> Value {
    let mut body = json!({
        "codice_fiscale_ente": ENTE, "id_servizio": "00005", "dati_specifici_servizio": "<bollo><targa>AB123CD</targa></bollo>"
    });
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let response = test.post("/psp/demand", &body).await;
    assert_eq!(response.status(), 200, "{body}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn the_notice_that_was_made_can_be_paid() {
    let test = Test::start().await;
    let answer = demand(&test, json!({})).await;
    let passo = json!({ "primitiva": "paDemandPaymentNotice", "http": 200, "outcome": "OK", "faultCode": null });
    assert_eq!(answer["passi"], json!([passo]));
    assert_eq!((&answer["numero_avviso"], &answer["importo_cents"]), (&json!(AVVISO), &json!(1_000)));
    assert_eq!(answer["causale"], "<bollo><targa>AB123CD</targa></bollo>", "the data arrived as they were given");
    let paid = test.pay(json!({ "numero_avviso": answer["numero_avviso"] })).await;
    assert!(paid["receipt_id"].is_string());
    assert_eq!(test.calls.operations()[0], "paDemandPaymentNotice");
    let Request::Demand(sent) = &test.calls.requests()[0] else { panic!() };
    assert_eq!((sent.instradamento.stazione.as_str(), sent.id_soggetto.as_str()), ("99999000013_01", "00001"));
}

#[tokio::test]
async fn data_may_come_in_base64_and_the_routing_may_be_wrong_on_purpose() {
    let test = Test::start().await;
    let extra =
        json!({ "dati_specifici_servizio": "PGEvPg==", "stazione": "X_01", "intermediario": "Y", "id_soggetto": "ABCDE" });
    assert_eq!(demand(&test, extra).await["causale"], "<a/>");
    let Request::Demand(sent) = &test.calls.requests()[0] else { panic!() };
    assert_eq!((sent.instradamento.stazione.as_str(), sent.instradamento.intermediario.as_str()), ("X_01", "Y"));
    assert_eq!(sent.id_soggetto, "ABCDE");
}

#[tokio::test]
async fn a_ko_and_an_answer_the_nodo_refuses_make_no_notice() {
    let test = Test::start().await;
    let ko = demand(&test, json!({ "id_servizio": "99999" })).await;
    assert_eq!((&ko["passi"][0]["faultCode"], &ko["numero_avviso"]), (&json!("PAA_SEMANTICA"), &Value::Null));

    let without_number = good_but(Operation::DemandPaymentNotice, |text| {
        let (before, rest) = text.split_once("<qrCode>").unwrap();
        (200, format!("{before}{}", rest.split_once("</qrCode>").unwrap().1))
    });
    let refused = demand(&Test::with(without_number).await, json!({})).await;
    assert_eq!(refused["passi"][0]["faultCode"], "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE");
    assert_eq!((&refused["passi"][0]["outcome"], &refused["numero_avviso"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_demand_that_cannot_be_sent_says_why() {
    let test = Test::start().await;
    let good = json!({ "codice_fiscale_ente": ENTE, "id_servizio": "00005", "dati_specifici_servizio": "<a/>" });
    for (member, bad, status) in [
        ("id_servizio", json!("5"), 400),
        ("id_soggetto", json!("123456"), 400),
        ("codice_fiscale_ente", json!("7"), 400),
        ("codice_fiscale_ente", json!("00000000001"), 422),
        ("dati", json!("misspelt"), 400),
        ("dati_specifici_servizio", json!(1), 400),
    ] {
        let mut body = good.clone();
        body[member] = bad;
        assert_eq!(test.post("/psp/demand", &body).await.status(), status, "{body}");
    }
    assert_eq!(test.calls.operations().len(), 0);
}
