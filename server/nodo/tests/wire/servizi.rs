//! The printer, the files of positions, the accounts on record.

use crate::gpd::model_v1;
use crate::openapi::OpenApi;
use crate::peer::*;
use crate::samples::*;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{NumeroAvviso, Opzione, Posizione};
use nodo::back_office::BackOffice;
use nodo::gpd::massive::{Carico, File, Massive, StatoCarico};
use nodo::print_notice::*;
use nodo::rest::{Outcome, Why};
use serde_json::{Value, json};

fn indirizzo() -> Indirizzo {
    Indirizzo {
        via: "Via Roma".into(),
        civico: "1".into(),
        cap: "00100".into(),
        comune: "Valdoria".into(),
        provincia: "RM".into(),
    }
}

fn with_instalments(count: u8) -> Posizione {
    let mut posizione = posizione(vec![versamento(3_000, conto(false))]);
    let single = posizione.rate[0].clone();
    for i in 1..=count {
        let mut rata = single.clone();
        rata.numero = NumeroAvviso::compose(domain::CodiceSegregazione::parse("01").unwrap(), 100 + u64::from(i)).unwrap();
        rata.opzione = Opzione::Rata { numero: i, di: count };
        posizione.rate.push(rata);
    }
    posizione
}

#[tokio::test]
async fn a_paper_is_asked_for_as_the_openapi_says() {
    let peer = Peer::with(|_| (StatusCode::CREATED, [("content-type", "application/pdf")], "%PDF-1.7 …").into_response()).await;
    let print = PrintNotice::new(&peer.config(), clock()).unwrap();
    let mut long = with_instalments(3);
    long.causale = "è".repeat(200);
    long.debitore.nome = "N".repeat(200);
    for (posizione, modello) in [(with_instalments(0), Modello::Unica), (long, Modello::RatePoste)] {
        let richiesta = Richiesta::new(&posizione, &indirizzo(), modello).unwrap();
        let pdf = print.generate(&richiesta).await.outcome.done().unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(!format!("{richiesta:?} {:?}", indirizzo()).contains("Roma"));
        let body = peer.last().json();
        assert_eq!(body["data"]["notice"]["dueDate"], "31/05/2026");
        assert_eq!(body["data"]["notice"]["paymentAmount"], 3_000);
        if let Some(spec) = OpenApi::load("print-payment-notice-service.json") {
            assert_eq!(spec.faults("NoticeGenerationRequestItem", &body), Vec::<String>::new());
        }
    }
    assert_eq!(peer.last().uri, "/base/notices/generate");
    let refused = |count, modello| Richiesta::new(&with_instalments(count), &indirizzo(), modello).unwrap_err();
    assert_eq!(refused(1, Modello::Rate), NonStampabile::PocheRate);
    let mut no_single = with_instalments(2);
    no_single.rate.remove(0);
    assert_eq!(Richiesta::new(&no_single, &indirizzo(), Modello::Rate), Err(NonStampabile::SenzaUnica));
}

#[tokio::test]
async fn what_is_no_pdf_is_not_printed() {
    let richiesta = Richiesta::new(&with_instalments(0), &indirizzo(), Modello::Unica).unwrap();
    for body in ["<html></html>", "", "PDF"] {
        let peer = Peer::with(move |_| (StatusCode::CREATED, [("content-type", "application/pdf")], body).into_response()).await;
        let outcome = PrintNotice::new(&peer.config(), clock()).unwrap().generate(&richiesta).await.outcome;
        assert_eq!(outcome, Outcome::Unknown(Why::Unreadable("not a PDF")), "{body}");
    }
}

#[tokio::test]
async fn a_folder_has_one_name_for_one_key() {
    let peer = Peer::with(|asked| {
        let body = match asked.uri.rsplit('/').next().unwrap() {
            "generate-massive" => json!({ "folder_id": "f1" }),
            "status" => json!({ "status": "PROCESSED_WITH_FAILURES", "noticesInError": ["a"], "processedNotices": ["b"] }),
            _ => json!({ "signedUrl": "https://storage.example/f1.zip?sig=x" }),
        };
        axum::Json(body).into_response()
    })
    .await;
    let print = PrintNotice::new(&peer.config(), clock()).unwrap();
    let richieste = vec![Richiesta::new(&with_instalments(0), &indirizzo(), Modello::Unica).unwrap(); 2];
    assert_eq!(print.generate_massive(&richieste, "chiave-1").await.outcome, Outcome::Done("f1".to_owned()));
    let asked = peer.last();
    assert_eq!(asked.headers["idempotency-key"], "chiave-1");
    if let Some(spec) = OpenApi::load("print-payment-notice-service.json") {
        assert_eq!(spec.faults("NoticeGenerationMassiveRequest", &asked.json()), Vec::<String>::new());
        let status = json!({ "status": "PROCESSED_WITH_FAILURES", "noticesInError": ["a"], "processedNotices": ["b"] });
        assert_eq!(spec.faults("GetGenerationRequestStatusResource", &status), Vec::<String>::new());
    }
    let cartella = print.folder("f1").await.outcome.done().unwrap();
    assert_eq!((cartella.status, cartella.notices_in_error.len()), (StatoCartella::ProcessedWithFailures, 1));
    let url = print.folder_url("f1").await;
    assert_eq!(url.outcome.done().unwrap().host_str(), Some("storage.example"));
    assert!(!format!("{:?}", url.exchange).contains("sig="));
    for bad in ["javascript:alert(1)", "file:///etc/passwd", "", "/relativo"] {
        let peer = Peer::json(200, json!({ "signedUrl": bad })).await;
        let outcome = PrintNotice::new(&peer.config(), clock()).unwrap().folder_url("f1").await.outcome;
        assert!(matches!(outcome, Outcome::Retry { why: Why::Unreadable(_), .. }), "{bad}");
    }
}

#[tokio::test]
async fn a_file_goes_as_a_zip_and_its_name_comes_back() {
    let location = "brokers/80001230459/organizations/77777777777/debtpositions/file/ab-12/status";
    let peer = Peer::with(move |_| (StatusCode::ACCEPTED, [("location", location)], "").into_response()).await;
    let massive = Massive::new(&peer.config(), clock()).unwrap();
    let ente = cf_ente("77777777777");
    let iupds = ["a".to_owned(), "b".to_owned()];
    let models = [model_v1()];
    for (carico, method) in
        [(Carico::Crea(&models), "POST"), (Carico::Aggiorna(&models), "PUT"), (Carico::Cancella(&iupds), "DELETE")]
    {
        let file = File::new(carico).unwrap();
        assert!(!format!("{file:?}").contains("Mario"));
        assert_eq!(massive.upload("80001230459", &ente, &file).await.outcome, Outcome::Done("ab-12".to_owned()));
        let asked = peer.last();
        assert_eq!(asked.method.as_str(), method);
        assert_eq!(asked.uri, "/base/brokers/80001230459/organizations/77777777777/debtpositions/file");
        // stored without compression: the JSON stands in the body as it is
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        let json = if method == "DELETE" {
            json!({ "paymentPositionIUPDs": iupds }).to_string()
        } else {
            format!("{{\"paymentPositions\":[{}]}}", serde_json::to_string(&models[0]).unwrap())
        };
        assert!(body.contains(&json), "{body}");
        let boundary = asked.headers["content-type"].to_str().unwrap().split_once("boundary=").unwrap().1.to_owned();
        assert!(body.starts_with(&format!("--{boundary}\r\n")) && body.ends_with(&format!("\r\n--{boundary}--\r\n")));
        assert!(body.contains("name=\"file\"; filename=\"posizioni.zip\"") && body.matches(&boundary).count() == 2);
    }
    for bad in ["brokers/x/file/../status", "https://evil.example/", "/file//status", ""] {
        let peer = Peer::with(move |_| (StatusCode::ACCEPTED, [("location", bad)], "").into_response()).await;
        let file = File::new(Carico::Cancella(&iupds)).unwrap();
        let outcome = Massive::new(&peer.config(), clock()).unwrap().upload("8", &ente, &file).await.outcome;
        assert!(matches!(outcome, Outcome::Unknown(Why::Unreadable(_))), "{bad}: {outcome:?}");
    }
    let huge = vec!["x".repeat(1024 * 1024); 33];
    assert!(File::new(Carico::Cancella(&huge)).is_err());
}

#[tokio::test]
async fn how_far_a_file_is_and_what_became_of_it() {
    let ente = cf_ente("77777777777");
    let status = json!({ "fileId": "f", "processedItem": 1, "submittedItem": 3, "startTime": "2024-10-08T14:55:16.302Z", "operationStatus": "IN_PROGRESS" });
    let report = json!({ "fileId": "f", "processedItem": 3, "submittedItem": 3, "responses": [
        { "statusCode": 201, "statusMessage": "Debt position CREATED", "iupds": ["a", "b"] },
        { "statusCode": 409, "statusMessage": "già presente", "iupds": ["c"] }
    ]});
    if let Some(spec) = OpenApi::load("gpd_massive_v2.json") {
        assert_eq!(spec.faults("UploadStatusDTO", &status), Vec::<String>::new());
        assert_eq!(spec.faults("UploadReportDTO", &report), Vec::<String>::new());
        for (method, path) in [
            ("post", "/brokers/{broker-code}/organizations/{organization-fiscal-code}/debtpositions/file"),
            ("get", "/brokers/{broker-code}/organizations/{organization-fiscal-code}/debtpositions/file/{file-id}/status"),
            ("get", "/brokers/{broker-code}/organizations/{organization-fiscal-code}/debtpositions/file/{file-id}/report"),
        ] {
            spec.operation(method, path);
        }
    }
    let peer = Peer::json(200, status).await;
    let found = Massive::new(&peer.config(), clock()).unwrap().status("8", &ente, "f").await.outcome.done().unwrap();
    assert_eq!((found.stato, found.lavorate, found.inviate), (StatoCarico::InProgress, 1, 3));
    let peer = Peer::json(200, report).await;
    let found = Massive::new(&peer.config(), clock()).unwrap().report("8", &ente, "f").await.outcome.done().unwrap();
    assert_eq!(found.esiti.iter().map(|e| (e.status_code, e.iupds.len())).collect::<Vec<_>>(), [(201, 2), (409, 1)]);
    let peer = Peer::json(425, json!({ "title": "Too Early" })).await;
    let early = Massive::new(&peer.config(), clock()).unwrap().report("8", &ente, "f").await.outcome;
    assert_eq!(early, Outcome::Retry { after: None, why: Why::Status(425) });
}

#[tokio::test]
async fn accounts_on_record_are_usable_from_their_day_on() {
    let entry = |iban: &str, status: &str, from: &str| json!({ "ciFiscalCode": "77777777777", "ciName": "Comune", "iban": iban, "status": status, "validityDate": from, "label": "CUP" });
    let page = json!({
        "ibans": [
            entry(IBAN, "ENABLED", "2024-01-01T00:00:00Z"), entry(IBAN, "DISABLED", "2024-01-01T00:00:00Z"),
            entry(IBAN_POSTALE, "ENABLED", "2026-03-09T00:00:00+01:00"), entry("IT00", "ENABLED", "2024-01-01T00:00:00Z"), Value::Null
        ],
        "pageInfo": { "page": 0, "limit": 100, "totalElements": 5, "totalPages": 1 }
    });
    if let Some(spec) = OpenApi::load("openapi_backoffice_external_ec.json") {
        let mut good = page.clone();
        good["ibans"].as_array_mut().unwrap().truncate(4);
        assert_eq!(spec.faults("CIIbansResponse", &good), Vec::<String>::new());
        let parameters = spec.operation("get", "/brokers/{brokerCode}/ibans")["parameters"].as_array().unwrap().clone();
        assert!(["page", "limit"].iter().all(|name| parameters.iter().any(|p| p["name"] == *name)));
    }
    let peer = Peer::json(200, page).await;
    let elenco = BackOffice::new(&peer.config(), clock()).unwrap().ibans("80001230459", 0).await.outcome.done().unwrap();
    assert_eq!(peer.last().uri, "/base/brokers/80001230459/ibans?page=0&limit=100");
    assert_eq!((elenco.iban.len(), elenco.illeggibili, elenco.pagine), (3, 2, 1));
    assert_eq!(elenco.iban.iter().map(|i| i.is_usabile(now())).collect::<Vec<_>>(), [true, false, false]);
    assert!(elenco.iban[2].is_usabile("2026-03-08T23:00:00Z".parse().unwrap()));
}
