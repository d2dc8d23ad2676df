//! What this pagoPA answers is what pagoPA's OpenAPI says it answers: otherwise our clients would learn a dialect.

use crate::harness::*;
use crate::openapi::OpenApi;
use domain::CodiceFiscaleEnte;
use serde_json::{Value, json};

const GPD: &str = "/gpd/debt-positions-service/v1";

/// Java says `null` of what is not there; the schemas know no null.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), without_nulls(v))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// A payment at the counter, one through GPD with a stamp in it, and a flow.
async fn busy() -> (Test, String) {
    let test = Test::start().await;
    let model = nodo::gpd::model(&posizione(), "Comune").unwrap();
    let base = format!("{GPD}/organizations/{ENTE}/debtpositions");
    let created = test.post(&format!("{base}?toPublish=true"), &serde_json::to_value(&model).unwrap()).await;
    assert_eq!(created.status(), 201);
    check("gpd.json", "PaymentPositionModel", &created.json().await.unwrap());
    test.post_json("/gpd/paga", &json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO_CON_BOLLO })).await;
    test.pay(json!({ "numero_avviso": ALTRO_AVVISO })).await;
    (test, format!("{base}/{}", model.iupd))
}

fn check(spec: &str, schema: &str, value: &Value) {
    if let Some(spec) = OpenApi::load(spec) {
        assert_eq!(spec.faults(schema, &without_nulls(value)), Vec::<String>::new(), "{value}");
    }
}

#[tokio::test]
async fn positions_are_said_as_gpd_says_them() {
    let (test, one) = busy().await;
    check("gpd.json", "PaymentPositionModelBaseResponse", &test.get_json(&one).await);
    check("gpd-4-aca.json", "PaymentPositionModelBaseResponse", &test.get_json(&one).await);
    let all = test.get_json(&format!("{GPD}/organizations/{ENTE}/debtpositions")).await;
    check("gpd.json", "PaymentPositionsInfo", &all);
    let v3 = test.get_json(&one.replace("/v1/", "/v3/")).await;
    check("gpd_v3.json", "PaymentPositionModelResponseV3", &v3);
    let paid = format!("{GPD}/organizations/{ENTE}/paymentoptions/paids/{AVVISO}");
    // one of the three is paid, and with it the debt
    assert_eq!(test.post(&paid, &json!({})).await.status(), 409);
    let mut other = posizione();
    (other.id, other.rate) = ("altra".into(), vec![other.rate.remove(0)]);
    other.rate[0].numero = domain::NumeroAvviso::parse("302000000000000992").unwrap();
    let model = serde_json::to_value(nodo::gpd::model(&other, "Comune").unwrap()).unwrap();
    let made = test.post(&format!("{GPD}/organizations/{ENTE}/debtpositions?toPublish=true"), &model).await;
    assert_eq!(made.status(), 201);
    let paid = test.post_json(&paid.replace(AVVISO, "302000000000000992"), &json!({})).await;
    check("gpd.json", "PaymentsModelResponse", &paid);
}

#[tokio::test]
async fn receipts_and_events_are_said_as_pagopa_says_them() {
    let (test, _) = busy().await;
    let list = test.get_json(&format!("/gpd/payments-receipts-service/v1/payments/{ENTE}/receipts")).await;
    assert_eq!(list["length"], 1);
    check("gpd_payments.json", "PaymentsResult", &list);
    for ricevuta in test.calls.ricevute() {
        let mut event = test.get_json(&format!("/receipt-ndp/v1/organizations/{ENTE}/receipts/{}", ricevuta.receipt_id)).await;
        // mandatory in the schema, and one of the two never there
        for transfer in event["transferList"].as_array_mut().unwrap() {
            for name in ["iban", "mbdAttachment"] {
                if transfer[name].is_null() {
                    transfer[name] = json!("");
                }
            }
        }
        check("biz_events.json", "CtReceiptModelResponse", &event);
    }
}

#[tokio::test]
async fn flows_are_said_as_fdr_says_them() {
    let (test, _) = busy().await;
    let told = test.post_json("/fdr/pubblica", &json!({})).await;
    let base = format!("/fdr-org/service/v1/organizations/{ENTE}/fdrs");
    check("fdr_organization.json", "PaginatedFlowsResponse", &test.get_json(&base).await);
    let one = format!("{base}/{}/revisions/1/psps/SBXITPSP", told["flussi"][0]["fdr"].as_str().unwrap());
    check("fdr_organization.json", "SingleFlowResponse", &test.get_json(&one).await);
    let rows = test.get_json(&format!("{one}/payments?size=2&page=2")).await;
    assert_eq!((&rows["count"], &rows["metadata"]["totPage"]), (&json!(1), &json!(2)), "{rows}");
    check("fdr_organization.json", "PaginatedPaymentsResponse", &rows);
    let unknown = test.get(&format!("{}{one}x", test.base)).await;
    assert_eq!(unknown.status(), 404);
    check("fdr_organization.json", "ErrorResponse", &unknown.json().await.unwrap());
}

#[tokio::test]
async fn accounts_are_said_as_the_back_office_says_them() {
    let (test, _) = busy().await;
    let page = test.get_json("/backoffice/external/ec/v1/brokers/99999000013/ibans?page=0").await;
    if let Some(spec) = OpenApi::load("openapi_backoffice_external_ec.json") {
        let parameters = spec.operation("get", "/brokers/{brokerCode}/ibans")["parameters"].as_array().unwrap().clone();
        let mandatory = parameters.iter().filter(|p| p["required"] == true && p["in"] == "query").map(|p| p["name"].clone());
        assert_eq!(mandatory.collect::<Vec<_>>(), ["page"]);
    }
    let without = test.get(&format!("{}/backoffice/external/ec/v1/brokers/99999000013/ibans", test.base)).await;
    assert_eq!(without.status(), 400, "which is mandatory");
    check("openapi_backoffice_external_ec.json", "CIIbansResponse", &page);
    let ente = CodiceFiscaleEnte::parse(ENTE).unwrap();
    assert_eq!(page["ibans"][0]["ciFiscalCode"], ente.as_str());
}
