//! The portal hands a cart over.

use crate::harness::*;
use nodo::pa_for_node::Operation;
use serde_json::{Value, json};

#[tokio::test]
async fn a_cart_is_verified_and_sent_to_its_page() {
    let test = Test::start().await;
    for version in ["v1", "v2"] {
        let response = test.post(&format!("/checkout/ec/{version}/carts"), &cart(&[AVVISO, ALTRO_AVVISO])).await;
        assert_eq!(response.status(), 302);
        let url = location(&response);
        assert!(url.starts_with(&format!("{}/checkout/pagamento/", test.base)), "{url}");
        assert_eq!(test.get(&url).await.status(), 200);
    }
    assert_eq!(test.calls.operations(), ["paVerifyPaymentNotice"; 4]);
}

#[tokio::test]
async fn a_malformed_cart_is_400_and_nobody_is_asked() {
    let test = Test::start().await;
    let mut no_waiting = cart(&[AVVISO]);
    no_waiting["returnUrls"].as_object_mut().unwrap().remove("returnWaitingUrl");
    let mut float = cart(&[AVVISO]);
    float["paymentNotices"][0]["amount"] = json!(10.5);
    let mut elsewhere = cart(&[AVVISO]);
    elsewhere["returnUrls"]["returnOkUrl"] = json!("https://evil.example/");
    for body in [json!(null), json!([]), json!({}), cart(&[]), cart(&[AVVISO; 6]), cart(&["1"]), no_waiting, float, elsewhere] {
        let response = test.post("/checkout/ec/v2/carts", &body).await;
        assert_eq!(response.status(), 400, "{body}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!((problem["status"].as_u64(), problem["type"].as_str()), (Some(400), Some("about:blank")));
    }
    assert!(test.calls.operations().is_empty());
}

#[tokio::test]
async fn a_cart_that_cannot_be_paid_is_422_with_the_reason() {
    let test = Test::start().await;
    let mut other_ente = cart(&[AVVISO]);
    other_ente["paymentNotices"][0]["fiscalCode"] = json!("11111111111");
    for (body, reason) in [
        (cart(&[AVVISO, AVVISO]), "due volte"),
        (cart(&[AVVISO_SCONOSCIUTO]), "PAA_PAGAMENTO_SCONOSCIUTO"),
        (other_ente, "PPT_DOMINIO_SCONOSCIUTO"),
    ] {
        let response = test.post("/checkout/ec/v1/carts", &body).await;
        assert_eq!(response.status(), 422, "{body}");
        let problem: Value = response.json().await.unwrap();
        assert!(problem["detail"].as_str().unwrap().contains(reason), "{problem}");
    }
    let garbage = Test::with(good_but(Operation::VerifyPaymentNotice, |_| (200, "garbage".into()))).await;
    let response = garbage.post("/checkout/ec/v2/carts", &cart(&[AVVISO])).await;
    assert_eq!(response.status(), 422);
    assert!(response.text().await.unwrap().contains("PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"));
}
