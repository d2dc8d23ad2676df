//! Receipts that are fetched: GPD's documents, Biz Events' JSON.

use crate::openapi::OpenApi;
use crate::peer::*;
use crate::samples::*;
use domain::Ricevuta;
use jiff::civil::date;
use nodo::biz_events::{BizEvents, Recuperata};
use nodo::pa_for_node::DecodeError;
use nodo::pa_for_node::client::{encode_receipt_document, encode_send_rt, encode_verify_request};
use nodo::receipts::Receipts;
use nodo::rest::{Outcome, Why};
use serde_json::{Value, json};

const IUR: &str = "c110729d258c4ab1b765fe902aae41d6";

/// The sample receipt as Biz Events says it.
fn event() -> Value {
    let subject = json!({
        "entityUniqueIdentifierType": "F", "entityUniqueIdentifierValue": "RSSMRA85T10A562S", "fullName": "Mario Rossi",
        "email": "mario@example.it"
    });
    json!({
        "receiptId": IUR, "noticeNumber": numero().as_str(), "fiscalCode": "77777777777", "outcome": "OK",
        "creditorReferenceId": numero().iuv().as_str(), "paymentAmount": 48.00, "description": "Mensa",
        "companyName": "Comune di Valdoria", "officeName": "Ufficio scuola", "debtor": subject, "payer": subject,
        "transferList": [
            {
                "idTransfer": 1, "transferAmount": 32.00, "fiscalCodePA": "77777777777", "iban": IBAN, "mbdAttachment": "",
                "remittanceInformation": "Mensa", "transferCategory": "9/0101101IM/",
                "metadata": [{ "key": "IBANAPPOGGIO", "value": IBAN_POSTALE }]
            },
            {
                "idTransfer": 2, "transferAmount": 16.00, "fiscalCodePA": "77777777777", "iban": "",
                "mbdAttachment": "PG1hcmNhRGFCb2xsby8+", "remittanceInformation": "Mensa", "transferCategory": "9/0101101IM/"
            }
        ],
        "idPSP": "SBXITPSP", "pspFiscalCode": "88888888888", "pspPartitaIVA": "88888888888",
        "pspCompanyName": "Banca di Prova S.p.A.", "idChannel": "88888888888_01", "channelDescription": "app",
        "paymentMethod": "creditCard", "fee": 1.00, "paymentDateTime": "2026-05-02",
        "paymentDateTimeFormatted": "2026-05-02T10:11:12", "applicationDate": "2026-05-02", "transferDate": "2026-05-04",
        "metadata": [{ "key": "chiave", "value": "valore" }]
    })
}

/// What the event cannot say left out.
fn expected() -> Ricevuta {
    let mut ricevuta = send_rt(true).ricevuta;
    (ricevuta.nota, ricevuta.stand_in) = (None, false);
    ricevuta.versamenti.iter_mut().for_each(|v| v.nome_ente = None);
    ricevuta
}

async fn fetch(body: impl Into<Vec<u8>>) -> Outcome<Recuperata> {
    let peer = Peer::raw(200, "application/json", body).await;
    BizEvents::new(&peer.config(), clock()).unwrap().by_iur(&cf_ente("77777777777"), IUR).await.outcome.map(|r| r)
}

#[tokio::test]
async fn an_event_is_the_receipt_it_tells_of() {
    if let Some(spec) = OpenApi::load("biz_events.json") {
        assert_eq!(spec.faults("CtReceiptModelResponse", &event()), Vec::<String>::new());
    }
    let Outcome::Done(recuperata) = fetch(event().to_string()).await else { panic!() };
    assert_eq!(recuperata.letta, Ok(expected()));
    assert_eq!(recuperata.bytes, event().to_string().as_bytes());
}

#[tokio::test]
async fn amounts_of_an_event_are_exact_however_they_are_spelt() {
    for (spelt, cents_) in
        [("48.00", 4_800), ("48", 4_800), ("48.0", 4_800), ("4.8E1", 4_800), ("0.29", 29), ("999999999.99", 99_999_999_999)]
    {
        let body = event().to_string().replacen("\"paymentAmount\":48.0", &format!("\"paymentAmount\":{spelt}"), 1);
        let Outcome::Done(Recuperata { letta: Ok(ricevuta), .. }) = fetch(body).await else { panic!("{spelt}") };
        assert_eq!(ricevuta.importo, cents(cents_), "{spelt}");
    }
    for bad in ["48.001", "-48.00", "\"48.00\"", "999999999999999999999999999999", "null", "{}"] {
        let body = event().to_string().replacen("\"paymentAmount\":48.0", &format!("\"paymentAmount\":{bad}"), 1);
        let outcome = fetch(body).await;
        assert!(matches!(outcome, Outcome::Retry { why: Why::Unreadable(_), .. }), "{bad}: {outcome:?}");
    }
}

#[tokio::test]
async fn an_event_nobody_can_understand_is_kept_for_somebody_to_look_at() {
    for (pointer, bad, reason) in [
        ("/noticeNumber", json!("3020"), "noticeNumber: not a notice number"),
        ("/fiscalCode", json!("777"), "fiscalCode: not 11 digits"),
        ("/outcome", json!("FORSE"), "outcome: not one of its values"),
        ("/receiptId", json!("x".repeat(36)), "receiptId: not 1 to 35 characters"),
        ("/description", json!("Mensa\u{0}"), "a text with U+0000"),
        ("/transferList/0/metadata/0/value", json!("\u{0}"), "a text with U+0000"),
        ("/transferList", json!([]), "transferList: empty"),
        ("/transferList/0/iban", Value::Null, "transferList: neither iban nor mbdAttachment"),
        ("/transferList/1/idTransfer", json!(1), "transferList: the same idTransfer twice"),
    ] {
        let mut event = event();
        *event.pointer_mut(pointer).unwrap() = bad;
        let Outcome::Done(recuperata) = fetch(event.to_string()).await else { panic!("{pointer}") };
        assert_eq!(recuperata.letta, Err(reason));
        assert_eq!(recuperata.bytes, event.to_string().as_bytes(), "the bytes are there");
    }
    for optional in ["officeName", "payer", "fee", "metadata", "paymentDateTimeFormatted", "transferDate", "channelDescription"] {
        let mut event = event();
        event.as_object_mut().unwrap().remove(optional);
        let Outcome::Done(recuperata) = fetch(event.to_string()).await else { panic!("{optional}") };
        assert!(recuperata.letta.is_ok(), "{optional}");
    }
}

#[tokio::test]
async fn a_row_of_a_flow_asks_with_both_of_its_names() {
    let peer = Peer::json(404, json!({ "title": "Not Found", "status": 404 })).await;
    let biz = BizEvents::new(&peer.config(), clock()).unwrap();
    let answer = biz.by_iur_and_iuv(&cf_ente("77777777777"), IUR, "02000000000000184").await;
    assert_eq!(answer.outcome.refused(), Some(404));
    assert_eq!(peer.last().uri, format!("/base/organizations/77777777777/receipts/{IUR}/paymentoptions/02000000000000184"));
    assert_eq!(answer.exchange.reference.as_deref(), Some("c110…d6"));
}

#[tokio::test]
async fn a_document_of_gpd_is_a_receipt_with_or_without_its_envelope() {
    for (bytes, v2) in [
        (encode_receipt_document(&send_rt(true)), true),
        (encode_send_rt(&send_rt(true)), true),
        (encode_receipt_document(&send_rt(false)), false),
    ] {
        let peer = Peer::raw(200, "application/xml", bytes.clone()).await;
        let receipts = Receipts::new(&peer.config(), clock()).unwrap();
        let documento = receipts.fetch(&cf_ente("77777777777"), &numero().iuv()).await.outcome.done().unwrap();
        assert_eq!((documento.letta, documento.bytes), (Ok(send_rt(v2)), bytes));
        assert_eq!(peer.last().headers["accept"], "application/xml");
        assert_eq!(peer.last().uri, format!("/base/payments/77777777777/receipts/{}", numero().iuv()));
    }
}

#[tokio::test]
async fn a_document_that_is_no_receipt_is_asked_for_again_and_a_broken_one_is_kept() {
    let good = text(encode_receipt_document(&send_rt(true)));
    for (what, body) in [
        ("HTML", "<html></html>".to_owned()),
        ("JSON", "{}".to_owned()),
        ("another request", text(encode_verify_request(&verify_request()))),
        ("cut", good[..good.len() / 2].to_owned()),
        ("a DOCTYPE", good.replacen("?>", "?><!DOCTYPE a>", 1)),
        ("nothing", String::new()),
    ] {
        let peer = Peer::raw(200, "application/xml", body).await;
        let outcome =
            Receipts::new(&peer.config(), clock()).unwrap().fetch(&cf_ente("77777777777"), &numero().iuv()).await.outcome;
        assert!(matches!(outcome, Outcome::Retry { why: Why::Unreadable(_), .. }), "{what}: {outcome:?}");
    }
    let broken = good.replacen("<receiptId>", "<altro>", 1).replacen("</receiptId>", "</altro>", 1);
    let peer = Peer::raw(200, "application/xml", broken.clone()).await;
    let outcome = Receipts::new(&peer.config(), clock()).unwrap().fetch(&cf_ente("77777777777"), &numero().iuv()).await.outcome;
    let Outcome::Done(documento) = outcome else { panic!() };
    assert!(matches!(documento.letta, Err(DecodeError::Invalid { .. })));
    assert_eq!(documento.bytes, broken.as_bytes());
}

#[tokio::test]
async fn the_list_tells_iuvs_and_nobodys_name() {
    let entry = |iuv: &str| json!({ "organizationFiscalCode": "77777777777", "iuv": iuv, "debtor": "RSSMRA85T10A562S", "paymentDateTime": "2026-03-01T10:11:12.5", "status": "PAID" });
    let page = json!({ "currentPageNumber": 1, "length": 4, "totalPages": 2, "results": [entry("02000000000000184"), 7, entry(""), entry("../x"), entry("RF18539007547034")] });
    let peer = Peer::json(200, page).await;
    let answer = Receipts::new(&peer.config(), clock())
        .unwrap()
        .list(&cf_ente("77777777777"), date(2026, 3, 1), date(2026, 3, 2), 1)
        .await;
    let elenco = answer.outcome.done().unwrap();
    assert_eq!((elenco.ricevute.len(), elenco.illeggibili, elenco.pagina, elenco.pagine), (2, 3, 1, 2));
    assert_eq!(elenco.ricevute[0].pagata_il.unwrap(), date(2026, 3, 1).at(10, 11, 12, 500_000_000));
    assert!(!format!("{elenco:?}").contains("RSSMRA"));
    assert_eq!(peer.last().uri, "/base/payments/77777777777/receipts?pageNum=1&pageSize=100&from=2026-03-01&to=2026-03-02");
    if let Some(spec) = OpenApi::load("gpd_payments.json") {
        let operation = spec.operation("get", "/payments/{organizationfiscalcode}/receipts");
        for name in ["pageNum", "pageSize", "from", "to"] {
            assert!(operation["parameters"].as_array().unwrap().iter().any(|p| p["name"] == name), "{name}");
        }
    }
}
