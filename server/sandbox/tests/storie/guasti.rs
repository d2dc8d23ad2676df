//! Faults on request.

use crate::harness::*;
use serde_json::{Value, json};
use std::time::Duration;

const CARTS: &str = "/checkout/ec/v2/carts";

async fn set(test: &Test, carts: &str) {
    let response = test.post("/guasti", &json!({ "carts": carts })).await;
    assert_eq!(response.status(), 200);
    let told: Value = test.get(&format!("{}/guasti", test.base)).await.json().await.unwrap();
    assert_eq!(told, json!({ "carts": carts, "rest": "nessuno", "posta": "nessuno", "oidc": "nessuno" }));
}

#[tokio::test]
async fn the_carts_endpoint_misbehaves_as_told_until_told_otherwise() {
    let test = Test::start().await;
    for (fault, status) in [("errore_500", 500), ("rifiuta_422", 422), ("spazzatura", 200)] {
        set(&test, fault).await;
        let response = test.post(CARTS, &cart(&[AVVISO])).await;
        assert_eq!(response.status(), status, "{fault}");
        assert!(!response.headers().contains_key("location"));
        let is_json = response.json::<Value>().await.is_ok();
        assert_eq!(is_json, fault != "spazzatura", "{fault}");
    }
    set(&test, "location_estranea").await;
    let response = test.post(CARTS, &cart(&[AVVISO])).await;
    assert!(response.status() == 302 && !location(&response).starts_with(&test.base));
    assert!(test.calls.operations().is_empty());

    set(&test, "ok_200_json").await;
    let response = test.post(CARTS, &cart(&[AVVISO])).await;
    assert_eq!(response.status(), 200);
    let body: Value = response.json().await.unwrap();
    assert_eq!(test.get(body["checkoutRedirectUrl"].as_str().unwrap()).await.status(), 200);

    set(&test, "nessuno").await;
    test.cart().await;
}

#[tokio::test]
async fn a_slow_checkout_makes_a_client_give_up() {
    let test = Test::start().await;
    set(&test, "lento").await;
    let error = test.post_with_timeout(CARTS, &cart(&[AVVISO]), Duration::from_millis(500)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn an_unknown_fault_is_refused_and_changes_nothing() {
    let test = Test::start().await;
    for body in [json!({ "carts": "esplodi" }), json!({}), json!({ "cart": "lento" })] {
        assert_eq!(test.post("/guasti", &body).await.status(), 400, "{body}");
    }
    let told: Value = test.get(&format!("{}/guasti", test.base)).await.json().await.unwrap();
    assert_eq!(told, json!({ "carts": "nessuno", "rest": "nessuno", "posta": "nessuno", "oidc": "nessuno" }));
}
