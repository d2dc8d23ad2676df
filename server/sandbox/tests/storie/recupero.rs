//! Receipts that never came are fetched.

use crate::harness::*;
use domain::{CodiceFiscaleEnte, NumeroAvviso, Ricevuta};
use jiff::civil::date;
use nodo::biz_events::BizEvents;
use nodo::gpd::Gpd;
use nodo::receipts::Receipts;
use nodo::rest::{Outcome, Why};
use serde_json::json;

fn ente() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(ENTE).unwrap()
}

fn biz(test: &Test) -> BizEvents {
    BizEvents::new(&test.peer("/receipt-ndp/v1"), clock()).unwrap()
}

/// What an event cannot say left out.
fn without(mut ricevuta: Ricevuta) -> Ricevuta {
    ricevuta.nota = None;
    ricevuta.versamenti.iter_mut().for_each(|v| v.nome_ente = None);
    ricevuta
}

#[tokio::test]
async fn a_lost_receipt_is_recovered_as_it_would_have_come() {
    let test = Test::start().await;
    for (numero, copie) in [(AVVISO, 1), (AVVISO_CON_BOLLO, 1), (ALTRO_AVVISO, 0)] {
        let paid = test.pay(json!({ "numero_avviso": numero, "copie": copie, "receipt_id": format!("iur-{numero}") })).await;
        let iur = paid["receipt_id"].as_str().unwrap();
        let recuperata = biz(&test).by_iur(&ente(), iur).await.outcome.done().unwrap();
        let ricevuta = recuperata.letta.unwrap();
        assert_eq!((ricevuta.receipt_id.as_str(), ricevuta.numero_avviso.as_str(), ricevuta.anomalie().len()), (iur, numero, 0));
        assert_eq!(ricevuta.pagata_il, Some(ORA));
    }
    for (sent, numero) in test.calls.ricevute().into_iter().zip([AVVISO, AVVISO_CON_BOLLO]) {
        let iuv = NumeroAvviso::parse(numero).unwrap().iuv();
        let found = biz(&test).by_iur_and_iuv(&ente(), &sent.receipt_id, iuv.as_str()).await.outcome.done().unwrap();
        assert_eq!(found.letta.unwrap(), without(sent));
    }
}

#[tokio::test]
async fn what_was_not_paid_has_no_receipt_and_is_nobody_elses() {
    let test = Test::start().await;
    let paid = test.pay(json!({})).await;
    let iur = paid["receipt_id"].as_str().unwrap();
    let other = CodiceFiscaleEnte::parse("00000000001").unwrap();
    assert_eq!(biz(&test).by_iur(&other, iur).await.outcome.refused(), Some(404));
    assert_eq!(biz(&test).by_iur(&ente(), "nessuna").await.outcome.refused(), Some(404));
    assert_eq!(biz(&test).by_iur_and_iuv(&ente(), iur, "99999999999999999").await.outcome.refused(), Some(404));
}

#[tokio::test]
async fn receipts_of_gpd_are_listed_and_their_documents_are_what_was_sent() {
    let test = Test::start().await;
    let gpd = Gpd::new(&test.peer("/gpd/debt-positions-service/v1"), clock()).unwrap();
    let model = nodo::gpd::model(&posizione(), "Comune").unwrap();
    gpd.create(&ente(), &model, true).await.outcome.done().unwrap();
    test.pay(json!({ "numero_avviso": ALTRO_AVVISO })).await;
    test.post_json("/gpd/paga", &json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO })).await;

    let receipts = Receipts::new(&test.peer("/gpd/payments-receipts-service/v1"), clock()).unwrap();
    let today = ORA.date();
    let elenco = receipts.list(&ente(), today, today, 0).await.outcome.done().unwrap();
    let iuv = NumeroAvviso::parse(AVVISO).unwrap().iuv();
    assert_eq!(elenco.ricevute.iter().map(|r| r.iuv.as_str()).collect::<Vec<_>>(), [iuv.as_str()], "GPD knows its own only");
    assert_eq!((elenco.ricevute[0].pagata_il, elenco.pagine, elenco.illeggibili), (Some(ORA), 1, 0));
    let documento = receipts.fetch(&ente(), &iuv).await.outcome.done().unwrap();
    assert_eq!(documento.letta.unwrap().ricevuta, test.calls.ricevute()[1]);
    let unpaid = NumeroAvviso::parse(ALTRO_AVVISO).unwrap().iuv();
    assert_eq!(receipts.fetch(&ente(), &unpaid).await.outcome.refused(), Some(404));
    let tomorrow = date(2026, 3, 3);
    assert!(receipts.list(&ente(), tomorrow, tomorrow, 0).await.outcome.done().unwrap().ricevute.is_empty());
    assert_eq!(receipts.list(&ente(), tomorrow, today, 0).await.outcome.refused(), Some(400));
}

#[tokio::test]
async fn a_receipt_is_whole_or_not_there() {
    let test = Test::start().await;
    let paid = test.pay(json!({ "copie": 0 })).await;
    let iur = paid["receipt_id"].as_str().unwrap();
    for (guasto, why) in
        [("troncato", Why::CutOff), ("spazzatura", Why::Unreadable("not JSON")), ("errore_500", Why::Status(500))]
    {
        test.guasto_rest(guasto).await;
        let outcome = biz(&test).by_iur(&ente(), iur).await.outcome;
        assert!(matches!(outcome, Outcome::Retry { after: None, why: found } if found == why), "{guasto}: {outcome:?}");
    }
}
