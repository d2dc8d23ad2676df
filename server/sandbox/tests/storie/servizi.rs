//! Files of positions, papers, accounts, payment options: our clients and these services.

use crate::harness::*;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use domain::{CodiceFiscaleEnte, StatoPosizione};
use nodo::back_office::BackOffice;
use nodo::gpd::massive::{Carico, File, Massive, StatoCarico};
use nodo::gpd::{Gpd, PaymentPositionModel, StatoGpd};
use nodo::payment_options::{Odp, decode_path, encode_answer, encode_error, payment_options};
use nodo::print_notice::*;
use nodo::rest::{Outcome, Why};
use serde_json::{Value, json};

const BROKER: &str = "99999000013";

fn cf() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(ENTE).unwrap()
}

fn models() -> Vec<PaymentPositionModel> {
    let mut models = vec![];
    for (i, rata) in posizione().rate.into_iter().enumerate() {
        let mut one = posizione();
        (one.id, one.rate) = (format!("p{i}"), vec![rata]);
        models.push(nodo::gpd::model(&one, "Comune").unwrap());
    }
    models
}

#[tokio::test]
async fn a_file_of_positions_is_worked_off_one_by_one() {
    let test = Test::start().await;
    let massive = Massive::new(&test.peer("/upload/gpd/debt-positions-service/v2"), clock()).unwrap();
    let gpd = Gpd::new(&test.peer("/gpd/debt-positions-service/v1"), clock()).unwrap();
    let mut models = models();
    models[2].payment_option[0].amount += 1;
    let upload =
        async |carico: Carico<'_>| massive.upload(BROKER, &cf(), &File::new(carico).unwrap()).await.outcome.done().unwrap();
    let id = upload(Carico::Crea(&models)).await;
    assert_eq!(massive.report(BROKER, &cf(), &id).await.outcome, Outcome::Retry { after: None, why: Why::Status(425) });
    let status = async || massive.status(BROKER, &cf(), &id).await.outcome.done().unwrap();
    assert_eq!(status().await.stato, StatoCarico::InProgress);
    let done = status().await;
    assert_eq!((done.stato, done.lavorate, done.inviate), (StatoCarico::CompletedWithWarnings, 3, 3));
    let rapporto = massive.report(BROKER, &cf(), &id).await.outcome.done().unwrap();
    assert_eq!(rapporto.esiti.iter().map(|e| (e.status_code, e.iupds.len())).collect::<Vec<_>>(), [(201, 2), (400, 1)]);
    assert_eq!(gpd.read(&cf(), &models[0].iupd).await.outcome.done().unwrap().stato, StatoGpd::Valid);

    let again = upload(Carico::Crea(&models[..2])).await;
    massive.status(BROKER, &cf(), &again).await;
    assert_eq!(massive.status(BROKER, &cf(), &again).await.outcome.done().unwrap().stato, StatoCarico::CompletedUnsuccessfully);
    let iupds: Vec<String> = models.iter().map(|m| m.iupd.clone()).collect();
    let gone = upload(Carico::Cancella(&iupds)).await;
    massive.status(BROKER, &cf(), &gone).await;
    let rapporto = massive.report(BROKER, &cf(), &gone).await.outcome.done().unwrap();
    assert_eq!(rapporto.esiti.iter().map(|e| (e.status_code, e.iupds.len())).collect::<Vec<_>>(), [(200, 2), (404, 1)]);
    assert_eq!(test.get_json("/gpd/stato").await, json!({ "posizioni": [] }));
}

#[tokio::test]
async fn a_file_of_another_broker_is_refused_and_an_unknown_one_is_not_there() {
    let test = Test::start().await;
    let massive = Massive::new(&test.peer("/upload/gpd/debt-positions-service/v2"), clock()).unwrap();
    let file = File::new(Carico::Crea(&models())).unwrap();
    let Outcome::Refused { problem, permanent: false } = massive.upload("00000000001", &cf(), &file).await.outcome else {
        panic!()
    };
    assert_eq!(problem.status, 403);
    assert_eq!(massive.status(BROKER, &cf(), "nessuno").await.outcome.refused(), Some(404));
    test.guasto_rest("troncato").await;
    // 202 came, and its body broke off: whether the file was taken is for its status to tell, and that name is not believed
    assert_eq!(massive.upload(BROKER, &cf(), &file).await.outcome, Outcome::Unknown(Why::CutOff));
}

#[tokio::test]
async fn papers_are_printed_alone_and_in_folders() {
    let test = Test::start().await;
    let print = PrintNotice::new(&test.peer("/print-payment-notice-service/external/v1"), clock()).unwrap();
    let indirizzo = Indirizzo {
        via: "Via Roma".into(),
        civico: "1".into(),
        cap: "00100".into(),
        comune: "Valdoria".into(),
        provincia: "RM".into(),
    };
    let good = Richiesta::new(&posizione(), &indirizzo, Modello::Unica).unwrap();
    let pdf = print.generate(&good).await.outcome.done().unwrap();
    assert!(pdf.starts_with(b"%PDF-1.4") && pdf.ends_with(b"%%EOF\n"));
    let mut stranger = posizione();
    stranger.ente = CodiceFiscaleEnte::parse("00000000001").unwrap();
    let unknown = Richiesta::new(&stranger, &indirizzo, Modello::Unica).unwrap();
    assert_eq!(print.generate(&unknown).await.outcome.refused(), Some(404));

    let both = [good, unknown];
    let folder = print.generate_massive(&both, "k").await.outcome.done().unwrap();
    assert_eq!(print.generate_massive(&both, "k").await.outcome, Outcome::Done(folder.clone()), "asked twice, printed once");
    let cartella = print.folder(&folder).await.outcome.done().unwrap();
    assert_eq!((cartella.status, cartella.processed_notices.len()), (StatoCartella::ProcessedWithFailures, 1));
    let url = print.folder_url(&folder).await.outcome.done().unwrap();
    assert_eq!(test.get(url.as_str()).await.headers()["content-type"], "application/pdf");
    assert_eq!(print.folder("nessuna").await.outcome.refused(), Some(404));
    let none = test.post("/print-payment-notice-service/external/v1/notices/generate-massive", &json!({ "notices": [] })).await;
    assert_eq!(none.status(), 400);
}

#[tokio::test]
async fn the_accounts_the_nodo_knows_are_listed() {
    let test = Test::start().await;
    let back_office = BackOffice::new(&test.peer("/backoffice/external/ec/v1"), clock()).unwrap();
    let elenco = back_office.ibans(BROKER, 0).await.outcome.done().unwrap();
    assert_eq!((elenco.iban.len(), elenco.iban[0].iban.as_str(), elenco.pagine), (1, IBAN, 1));
    assert!(elenco.iban[0].is_usabile(clock()()) && elenco.iban[0].ente == cf());
    assert_eq!(back_office.ibans("00000000001", 0).await.outcome.refused(), Some(404));
}

/// A station that answers about payment options as ours will.
async fn option_station(path: Path<(String, String)>) -> (StatusCode, Vec<u8>) {
    let now = clock()();
    let no = |odp| {
        let (status, body) = encode_error(odp, now);
        (StatusCode::from_u16(status).unwrap(), body)
    };
    let (ente, numero) = match decode_path(&path.0.0, &path.0.1) {
        Ok(names) => names,
        Err(odp) => return no(odp),
    };
    let mut found = posizione();
    if ente != found.ente {
        return no(Odp::DominioErrato);
    }
    match numero.as_str() {
        AVVISO => (StatusCode::OK, encode_answer(&payment_options(&registered(), &found, ORA.date()))),
        ALTRO_AVVISO => {
            found.stato = StatoPosizione::Pagata;
            no(Odp::Duplicato)
        }
        AVVISO_CON_BOLLO => (StatusCode::OK, b"<html>manutenzione</html>".to_vec()),
        _ => no(Odp::Sconosciuto),
    }
}

#[tokio::test]
async fn pagopa_asks_which_ways_there_are_to_pay() {
    let path = "/payment-options/organizations/{ente}/notices/{numero}";
    let test = Test::with_router(std::sync::Arc::new(good), Router::new().route(path, post(option_station))).await;
    let ask = async |ente: &str, numero: &str| {
        test.post_json("/psp/opzioni", &json!({ "codice_fiscale_ente": ente, "numero_avviso": numero })).await
    };
    let told = ask(ENTE, AVVISO).await;
    assert_eq!((&told["http"], &told["codice"]), (&json!(200), &Value::Null));
    assert_eq!(told["opzioni"]["paymentOptions"].as_array().unwrap().len(), 3);
    assert_eq!(told["opzioni"]["paymentOptions"][0]["installments"][0]["nav"], AVVISO);
    for (ente, numero, http, codice) in [
        (ENTE, ALTRO_AVVISO, 409, "ODP-108"),
        (ENTE, AVVISO_SCONOSCIUTO, 404, "ODP-107"),
        (ENTE, "3020", 400, "ODP-101"),
        ("00000000001", AVVISO, 400, "ODP-104"),
    ] {
        let told = ask(ente, numero).await;
        assert_eq!((&told["http"], &told["codice"], &told["opzioni"]), (&json!(http), &json!(codice), &Value::Null));
    }
    let garbage = ask(ENTE, AVVISO_CON_BOLLO).await;
    assert_eq!((&garbage["http"], &garbage["opzioni"]), (&json!(200), &Value::Null));
    assert_eq!(garbage["motivo"], "not a PaymentOptionsResponse");
    assert_eq!(test.post("/psp/opzioni", &json!({ "codice_fiscale_ente": "..", "numero_avviso": "1" })).await.status(), 400);
}

#[tokio::test]
async fn a_station_without_that_door_is_told_apart_from_a_refusal() {
    let test = Test::start().await;
    let told = test.post_json("/psp/opzioni", &json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO })).await;
    assert_eq!((&told["http"], &told["codice"]), (&json!(404), &Value::Null));
    assert!(told["motivo"].is_string());
}
