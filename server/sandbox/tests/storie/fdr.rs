//! Flows of the payments made here, fetched by our client.

use crate::harness::*;
use domain::CodiceFiscaleEnte;
use jiff::Timestamp;
use nodo::fdr::{EsitoRiga, FdrClient, Flusso, Mancanza, Raccolta};
use nodo::gpd::{Gpd, StatoGpd, StatoOpzione};
use nodo::rest::{Outcome, Why};
use serde_json::{Value, json};

fn ente() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(ENTE).unwrap()
}

fn client(test: &Test) -> FdrClient {
    FdrClient::new(&test.peer("/fdr-org/service/v1"), clock()).unwrap()
}

async fn publish(test: &Test, body: Value) -> Vec<Value> {
    test.post_json("/fdr/pubblica", &body).await["flussi"].as_array().unwrap().clone()
}

/// Everything published after an instant, with its rows.
async fn fetch(test: &Test, after: Option<Timestamp>) -> Vec<Flusso> {
    let (client, ente) = (client(test), ente());
    let elenco = client.list(&ente, after, 1).await.outcome.done().unwrap();
    assert_eq!((elenco.illeggibili.len(), elenco.pagina), (0, 1));
    let mut found = Vec::new();
    for flusso in &elenco.flussi {
        let mut raccolta = Raccolta::new(client.header(&ente, flusso).await.outcome.done().unwrap());
        while let Some(page) = raccolta.prossima() {
            raccolta.add(client.payments(&ente, flusso, page).await.outcome.done().unwrap());
        }
        found.push(raccolta.finish());
    }
    found
}

#[tokio::test]
async fn a_flow_tells_every_payment_once_to_the_cent() {
    let test = Test::start().await;
    for (numero, copie) in [(AVVISO, 1), (ALTRO_AVVISO, 0), (AVVISO_CON_BOLLO, 1)] {
        test.pay(json!({ "numero_avviso": numero, "copie": copie })).await;
    }
    let told = publish(&test, json!({})).await;
    assert_eq!(told.len(), 1);
    let fdr = told[0]["fdr"].as_str().unwrap();
    assert_eq!(told[0]["causale"], format!("/PUR/LGPE-RIVERSAMENTO/URI/{fdr}"));
    let flussi = fetch(&test, None).await;
    let [flusso] = &flussi[..] else { panic!("{flussi:?}") };
    assert!(flusso.is_completo(), "{:?}", flusso.mancanze);
    // two transfers, two transfers, one transfer beside a stamp
    assert_eq!((flusso.righe.len(), flusso.testata.importo.cents()), (5, 2_700));
    assert_eq!((flusso.testata.fdr.as_str(), told[0]["importo_cents"].as_i64()), (fdr, Some(2_700)));
    assert_eq!(flusso.testata.ente, Some(ente()));
    for ricevuta in test.calls.ricevute() {
        for versamento in ricevuta.versamenti.iter().filter(|v| v.iban.is_some()) {
            let row = |r: &&nodo::fdr::Riga| (r.iur.as_str(), r.id_transfer) == (ricevuta.receipt_id.as_str(), versamento.indice);
            let found: Vec<_> = flusso.righe.iter().filter(row).collect();
            assert_eq!((found.len(), found[0].importo, found[0].iuv.as_str()), (1, versamento.importo, ricevuta.iuv.as_str()));
            assert_eq!((found[0].esito, found[0].data.to_string().as_str()), (EsitoRiga::Eseguito, "2026-03-02T08:30:15Z"));
        }
    }
    assert_eq!(publish(&test, json!({})).await.len(), 0, "what was told is not told again");
}

#[tokio::test]
async fn a_revision_takes_the_place_of_the_one_before() {
    let test = Test::start().await;
    let paid = test.pay(json!({})).await;
    test.pay(json!({ "numero_avviso": ALTRO_AVVISO, "stand_in": true })).await;
    let told = publish(&test, json!({})).await;
    let again = publish(&test, json!({ "ripubblica": told[0]["fdr"], "senza": [paid["receipt_id"]] })).await;
    assert_eq!((&again[0]["revisione"], &again[0]["pagamenti"]), (&json!(2), &json!(2)));
    let flussi = fetch(&test, None).await;
    assert_eq!((flussi.len(), flussi[0].testata.revisione, flussi[0].righe.len()), (1, 2, 2), "the latest only");
    assert!(flussi[0].is_completo() && flussi[0].righe.iter().all(|r| r.esito == EsitoRiga::StandIn));
    let mut old = client(&test).list(&ente(), None, 1).await.outcome.done().unwrap().flussi.remove(0);
    old.revisione = 1;
    assert_eq!(client(&test).header(&ente(), &old).await.outcome.done().unwrap().pagamenti, 4, "which can still be had");
    old.revisione = 3;
    let Outcome::Refused { problem, permanent: true } = client(&test).header(&ente(), &old).await.outcome else { panic!() };
    assert_eq!((problem.status, problem.code.as_deref()), (404, Some("FDR-3001")));
    let unknown = test.post("/fdr/pubblica", &json!({ "ripubblica": "nessuno" })).await;
    assert_eq!(unknown.status(), 422);
}

#[tokio::test]
async fn a_flow_that_does_not_add_up_is_fetched_whole_and_said_to_be_wrong() {
    let test = Test::start().await;
    test.pay(json!({})).await;
    publish(&test, json!({ "somma_in_piu_cents": 1 })).await;
    let flussi = fetch(&test, None).await;
    assert_eq!(flussi[0].righe.len(), 2);
    assert!(matches!(flussi[0].mancanze[..], [Mancanza::Somma { attesa, .. }] if attesa.cents() == 1_001));
    assert_eq!(test.post("/fdr/pubblica", &json!({ "somma_in_piu_cents": i64::MAX })).await.status(), 200, "nothing to publish");
}

#[tokio::test]
async fn only_what_was_published_after_the_cursor_is_listed() {
    let test = Test::start().await;
    test.pay(json!({})).await;
    publish(&test, json!({})).await;
    let at = |text: &str| Some(text.parse().unwrap());
    assert_eq!(fetch(&test, at("2026-03-02T08:30:14Z")).await.len(), 1);
    assert_eq!(fetch(&test, at("2026-03-02T08:30:15Z")).await.len(), 0);
    let other = CodiceFiscaleEnte::parse("00000000001").unwrap();
    assert_eq!(client(&test).list(&other, None, 1).await.outcome.done().unwrap().flussi, []);
}

#[tokio::test]
async fn a_position_of_gpd_is_reported_when_its_flow_is_there() {
    let test = Test::start().await;
    let gpd = Gpd::new(&test.peer("/gpd/debt-positions-service/v1"), clock()).unwrap();
    let mut posizione = posizione();
    posizione.rate.truncate(1);
    let model = nodo::gpd::model(&posizione, "Comune").unwrap();
    gpd.create(&ente(), &model, true).await.outcome.done().unwrap();
    test.post_json("/gpd/paga", &json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO })).await;
    let told = publish(&test, json!({ "codice_fiscale_ente": ENTE })).await;
    let letta = gpd.read(&ente(), &model.iupd).await.outcome.done().unwrap();
    assert_eq!((letta.stato, letta.rate[0].stato), (StatoGpd::Reported, StatoOpzione::PoReported));
    assert_eq!(letta.rate[0].fdr.as_deref(), told[0]["fdr"].as_str());
}

#[tokio::test]
async fn nothing_half_read_is_taken_for_a_page() {
    let test = Test::start().await;
    test.pay(json!({})).await;
    publish(&test, json!({})).await;
    let flusso = client(&test).list(&ente(), None, 1).await.outcome.done().unwrap().flussi.remove(0);
    for (guasto, why) in [
        ("troncato", Why::CutOff),
        ("spazzatura", Why::Unreadable("not JSON")),
        ("enorme", Why::TooLong),
        ("altrove", Why::Status(302)),
    ] {
        test.guasto_rest(guasto).await;
        let outcome = client(&test).payments(&ente(), &flusso, 1).await.outcome;
        assert_eq!(outcome, Outcome::Retry { after: None, why }, "{guasto}");
    }
}
