//! Flows: the list, what a flow says of itself, its rows, and whether they are all there.

use crate::openapi::OpenApi;
use crate::peer::*;
use crate::samples::*;
use nodo::fdr::{EsitoRiga, FdrClient, Flusso, FlussoInElenco, IdFlusso, Mancanza, PaginaRighe, Raccolta, Testata};
use nodo::rest::{Outcome, Why};
use serde_json::{Value, json};

const FDR: &str = "2026-03-02SBXITPSP-0000001";

fn flow() -> Value {
    json!({ "fdr": FDR, "pspId": "SBXITPSP", "revision": 2, "published": "2026-03-03T01:02:03.900000Z", "flowDate": "2026-03-02T22:00:00Z" })
}

fn in_elenco() -> FlussoInElenco {
    FlussoInElenco {
        fdr: IdFlusso::parse(FDR).unwrap(),
        psp: "SBXITPSP".into(),
        revisione: 2,
        pubblicato: "2026-03-03T01:02:03.9Z".parse().unwrap(),
        data_flusso: "2026-03-02T22:00:00Z".parse().ok(),
    }
}

/// `sum` as characters: a float could not say them all.
fn header(payments: u64, sum: &str) -> String {
    json!({
        "status": "PUBLISHED", "revision": 2, "created": "2026-03-03T01:00:00Z", "updated": "2026-03-03T01:00:00Z", "fdr": FDR,
        "fdrDate": "2026-03-02T22:00:00Z", "regulation": "TRN0000000001", "regulationDate": "2026-03-03",
        "bicCodePouringBank": "UNCRITMMXXX",
        "sender": { "type": "ABI_CODE", "id": "SBXITPSP", "pspId": "SBXITPSP", "pspName": "Banca di Prova", "pspBrokerId": "8", "channelId": "8_01" },
        "receiver": { "id": "77777777777", "organizationId": "77777777777", "organizationName": "Comune di Valdoria" },
        "published": "2026-03-03T01:02:03.9Z", "computedTotPayments": payments, "computedSumPayments": 0.5,
        "totPayments": payments, "sumPayments": 0.25
    })
    .to_string()
    .replacen("0.25", sum, 1)
}

fn row(index: u64, pay: &str) -> String {
    format!(
        r#"{{"index":{index},"iuv":"02000000000000184","iur":"r{index}","idTransfer":1,"pay":{pay},"payStatus":"EXECUTED","payDate":"2026-03-02T11:00:00Z"}}"#
    )
}

fn page(number: u64, pages: u64, rows: &[String]) -> String {
    format!(
        r#"{{"metadata":{{"pageSize":1000,"pageNumber":{number},"totPage":{pages}}},"count":{},"data":[{}]}}"#,
        rows.len(),
        rows.join(",")
    )
}

async fn fdr(body: impl Into<Vec<u8>>) -> (FdrClient, Peer) {
    let peer = Peer::raw(200, "application/json", body).await;
    (FdrClient::new(&peer.config(), clock()).unwrap(), peer)
}

async fn testata(body: String) -> Outcome<Testata> {
    fdr(body).await.0.header(&cf_ente("77777777777"), &in_elenco()).await.outcome
}

async fn rows(body: String) -> Outcome<PaginaRighe> {
    fdr(body).await.0.payments(&cf_ente("77777777777"), &in_elenco(), 1).await.outcome
}

async fn flusso(payments: u64, sum: &str, pages: &[String]) -> Flusso {
    let mut raccolta = Raccolta::new(testata(header(payments, sum)).await.done().unwrap());
    for page in pages {
        raccolta.add(rows(page.clone()).await.done().unwrap());
    }
    raccolta.finish()
}

#[tokio::test]
async fn the_list_tells_what_to_fetch_and_calls_go_where_the_openapi_says() {
    let ente = cf_ente("77777777777");
    let list = json!({ "metadata": { "pageSize": 1000, "pageNumber": 1, "totPage": 3 }, "count": 3, "data": [
        flow(), { "fdr": "../x", "pspId": "a", "revision": 1, "published": "2026-03-03T01:02:03Z" }, { "fdr": FDR },
        { "fdr": FDR, "pspId": "a", "revision": 1, "published": "ieri" }
    ]});
    let (client, peer) = fdr(list.to_string()).await;
    let after = "2026-03-01T00:00:00Z".parse().unwrap();
    let elenco = client.list(&ente, Some(after), 1).await.outcome.done().unwrap();
    assert_eq!((elenco.flussi, elenco.pagine, elenco.illeggibili.len()), (vec![in_elenco()], 3, 3));
    client.header(&ente, &in_elenco()).await;
    client.payments(&ente, &in_elenco(), 4).await;
    let one = format!("/base/organizations/77777777777/fdrs/{FDR}/revisions/2/psps/SBXITPSP");
    let asked: Vec<String> = peer.asked().into_iter().map(|a| a.uri).collect();
    assert_eq!(
        asked,
        [
            "/base/organizations/77777777777/fdrs?page=1&size=1000&publishedGt=2026-03-01T00%3A00%3A00Z".to_owned(),
            one.clone(),
            format!("{one}/payments?page=4&size=1000")
        ]
    );
    let Some(spec) = OpenApi::load("fdr_organization.json") else { return };
    assert_eq!(spec.faults("FlowByPSP", &flow()), Vec::<String>::new());
    assert_eq!(spec.faults("SingleFlowResponse", &serde_json::from_str(&header(1, "0.50")).unwrap()), Vec::<String>::new());
    assert_eq!(
        spec.faults("PaginatedPaymentsResponse", &serde_json::from_str(&page(1, 1, &[row(1, "0.50")])).unwrap()),
        Vec::<String>::new()
    );
    for (path, names) in [
        ("/organizations/{organizationId}/fdrs", ["page", "size", "publishedGt"]),
        ("/organizations/{organizationId}/fdrs/{fdr}/revisions/{revision}/psps/{pspId}/payments", ["page", "size", "fdr"]),
    ] {
        let operation = spec.operation("get", path);
        for name in names {
            assert!(operation["parameters"].as_array().unwrap().iter().any(|p| p["name"] == name), "{name}");
        }
    }
}

#[tokio::test]
async fn a_header_is_read_to_the_cent() {
    for (spelt, expected) in
        [("81.66", 8_166), ("100", 10_000), ("0.1", 10), ("1.0E7", 1_000_000_000), ("9.9999999999E8", 99_999_999_999)]
    {
        let testata = testata(header(3, spelt)).await.done().unwrap();
        assert_eq!((testata.importo, testata.pagamenti), (cents(expected), 3), "{spelt}");
        assert_eq!(
            (testata.regolamento.as_str(), testata.data_regolamento.unwrap().to_string().as_str()),
            ("TRN0000000001", "2026-03-03")
        );
        assert_eq!((testata.psp.as_str(), testata.ente), ("SBXITPSP", Some(cf_ente("77777777777"))));
    }
    let another = header(3, "81.66").replacen("\"revision\":2", "\"revision\":1", 1);
    assert!(matches!(testata(another).await, Outcome::Retry { why: Why::Unreadable("another flow"), .. }));
    for bad in ["100.949999999", "-1.00", "1e30", "\"81.66\"", "null", "999999999999999999999999999999.00"] {
        assert!(matches!(testata(header(3, bad)).await, Outcome::Retry { why: Why::Unreadable(_), .. }), "{bad}");
    }
}

#[tokio::test]
async fn a_flow_whose_rows_are_all_there_and_add_up_is_complete() {
    let first: Vec<String> = (1..=1_000).map(|i| row(i, "0.29")).collect();
    let second = [row(1_001, "1.0E7"), row(1_002, "0.1")];
    let flusso = flusso(1_002, "1.000029010E7", &[page(1, 2, &first), page(2, 2, &second)]).await;
    assert!(flusso.is_completo(), "{:?}", flusso.mancanze);
    assert_eq!(
        (flusso.righe.len(), flusso.righe[1_000].importo, flusso.righe[1_001].importo),
        (1_002, cents(1_000_000_000), cents(10))
    );
}

#[tokio::test]
async fn one_row_nobody_can_read_spoils_no_other_and_is_told() {
    let bad = |from: &str, to: &str| row(2, "0.50").replacen(from, to, 1);
    for bad in [
        bad("0.50", "0.501"),
        bad("0.50", "-0.50"),
        bad("0.50", "\"0,50\""),
        bad("0.50", &"9".repeat(30)),
        bad("EXECUTED", "FORSE"),
        bad("2026-03-02T11:00:00Z", "ieri"),
        bad("\"idTransfer\":1", "\"idTransfer\":6"),
        bad("\"iur\":\"r2\"", "\"iur\":\"\""),
        bad("\"iuv\":\"02000000000000184\",", ""),
        "null".to_owned(),
        "[]".to_owned(),
    ] {
        let flusso = flusso(3, "1.00", &[page(1, 1, &[row(1, "0.50"), bad.clone(), row(3, "0.50")])]).await;
        assert_eq!(flusso.righe.iter().map(|r| r.indice).collect::<Vec<_>>(), [1, 3], "{bad}");
        assert_eq!((flusso.illeggibili[0].pagina, flusso.illeggibili[0].posizione), (1, 1));
        assert_eq!(flusso.mancanze, [Mancanza::Illeggibili(1), Mancanza::Righe { attese: 3, trovate: 2 }], "{bad}");
    }
}

#[tokio::test]
async fn what_is_missing_or_does_not_add_up_is_said() {
    let two = [row(1, "0.50"), row(2, "0.25")];
    let wrong_sum = flusso(2, "0.76", &[page(1, 1, &two)]).await;
    assert_eq!(wrong_sum.mancanze, [Mancanza::Somma { attesa: cents(76), trovata: Some(cents(75)) }]);
    let wrong_count = flusso(3, "0.75", &[page(1, 1, &two)]).await;
    assert_eq!(wrong_count.mancanze, [Mancanza::Righe { attese: 3, trovate: 2 }]);
    let twice = flusso(2, "0.75", &[page(1, 2, &two), page(2, 2, &two[1..])]).await;
    assert_eq!((twice.mancanze.as_slice(), twice.righe.len()), (&[Mancanza::IndiceDoppio(2)][..], 2));
    let half = flusso(4, "1.50", &[page(1, 2, &two)]).await;
    assert!(
        half.mancanze.contains(&Mancanza::Pagine { attese: 2, trovate: 1 }) && half.mancanze.len() == 3,
        "{:?}",
        half.mancanze
    );
    let moved = flusso(2, "0.75", &[page(1, 2, &two[..1]), page(2, 3, &two[1..])]).await;
    assert_eq!(moved.mancanze, [Mancanza::PagineCambiate]);
    let another = flusso(2, "0.75", &[page(7, 1, &two)]).await;
    assert_eq!(another.mancanze, [Mancanza::PagineCambiate]);
}

#[tokio::test]
async fn the_next_page_is_asked_for_until_there_is_none() {
    let mut raccolta = Raccolta::new(testata(header(2, "0.75")).await.done().unwrap());
    assert_eq!(raccolta.prossima(), Some(1));
    for (number, next) in [(1, Some(2)), (2, Some(3)), (3, None)] {
        raccolta.add(rows(page(number, 3, &[])).await.done().unwrap());
        assert_eq!(raccolta.prossima(), next);
    }
    let mut endless = Raccolta::new(testata(header(2, "0.75")).await.done().unwrap());
    let page = rows(page(1, u64::MAX, &[])).await.done().unwrap();
    let mut asked = 0;
    while endless.prossima().is_some() {
        endless.add(page.clone());
        asked += 1;
    }
    assert_eq!(asked, 500, "no PSP makes us ask for ever");
    let mut empty = Raccolta::new(testata(header(0, "0.00")).await.done().unwrap());
    empty.add(
        rows(r#"{"metadata":{"pageSize":"1000","pageNumber":"1","totPage":"0"},"count":"0","data":[]}"#.to_owned())
            .await
            .done()
            .unwrap(),
    );
    assert_eq!((empty.prossima(), empty.finish().mancanze), (None, vec![]));
}

#[tokio::test]
async fn pagopas_own_example_is_read() {
    let Some(samples) = folder("PAGOPA_SAMPLES") else { return };
    let body =
        std::fs::read_to_string(samples.join("fdr/pagopa-fdr-nodo-dei-pagamenti__internalGetFdrPayment__OK.json")).unwrap();
    let pagina = rows(body).await.done().unwrap();
    assert_eq!((pagina.pagine, pagina.illeggibili.len()), (3, 0));
    assert_eq!(pagina.righe.iter().map(|r| (r.importo, r.esito)).collect::<Vec<_>>(), [(cents(1), EsitoRiga::Eseguito); 2]);
    assert_eq!(pagina.righe[1].data.to_string(), "2023-02-03T12:01:30.9Z");
}

#[tokio::test]
async fn every_status_has_its_meaning() {
    for (status, esito) in [
        ("EXECUTED", EsitoRiga::Eseguito),
        ("REVOKED", EsitoRiga::Revocato),
        ("STAND_IN", EsitoRiga::StandIn),
        ("STAND_IN_NO_RPT", EsitoRiga::StandInSenzaRpt),
        ("NO_RPT", EsitoRiga::SenzaRpt),
    ] {
        let body = page(1, 1, &[row(1, "0.50").replace("EXECUTED", status)]);
        assert_eq!(rows(body).await.done().unwrap().righe[0].esito, esito);
    }
}
