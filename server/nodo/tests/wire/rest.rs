//! One call to a peer, whatever the peer does. GPD's calls stand for all of them: one that changes nothing (read), one that does
//! (create).

use crate::gpd::model_v1;
use crate::peer::*;
use crate::samples::*;
use axum::response::IntoResponse;
use nodo::gpd::Gpd;
use nodo::rest::{Esito, Exchange, Outcome, Peer as Config, PeerError, SubscriptionKey, Why};
use serde_json::json;
use std::time::{Duration, Instant};

const IUPD: &str = "77777777777abcdef0123456789";

fn gpd(config: &Config) -> Gpd {
    Gpd::new(config, clock()).unwrap()
}

/// Both calls against one peer each: what became of reading, what of creating.
async fn both(config: Config) -> ((Outcome<()>, Exchange), (Outcome<()>, Exchange)) {
    let ente = cf_ente("77777777777");
    let read = gpd(&config).read(&ente, IUPD).await.map(drop);
    let create = gpd(&config).create(&ente, &model_v1(), true).await.map(drop);
    ((read.outcome, read.exchange), (create.outcome, create.exchange))
}

/// The peer said nothing we can go by: reading is tried again, creating may have happened.
async fn assert_uncertain(config: Config, why: Why, what: &str) {
    let (read, create) = both(config).await;
    assert_eq!(read.0, Outcome::Retry { after: None, why }, "{what}");
    assert_eq!(create.0, Outcome::Unknown(why), "{what}");
    assert_eq!((read.1.esito, create.1.esito), (Esito::Riprova, Esito::Incerto), "{what}");
}

#[tokio::test]
async fn the_key_is_in_its_header_and_nowhere_else() {
    let peer = Peer::json(200, json!({ "iupd": IUPD, "status": "VALID" })).await;
    let answer = gpd(&peer.config()).read(&cf_ente("77777777777"), IUPD).await;
    assert!(matches!(answer.outcome, Outcome::Done(_)), "{answer:?}");
    let asked = peer.last();
    assert_eq!(asked.headers["ocp-apim-subscription-key"], KEY);
    assert_eq!(asked.uri, format!("/base/organizations/77777777777/debtpositions/{IUPD}"));
    let elsewhere = asked.headers.iter().filter(|(name, value)| *name != "ocp-apim-subscription-key" && *value == KEY).count();
    assert!(elsewhere == 0 && !asked.uri.contains(KEY) && !format!("{answer:?}").contains(KEY));
    let bad = Config { subscription_key: Some(SubscriptionKey::new("a\r\nb")), ..peer.config() };
    assert!(matches!(Gpd::new(&bad, clock()), Err(PeerError::SubscriptionKey)));
}

#[tokio::test]
async fn what_is_noted_of_a_call_proves_it_and_tells_nothing() {
    let peer = Peer::json(201, json!({ "status": "VALID" })).await;
    let answer = gpd(&peer.config()).create(&cf_ente("77777777777"), &model_v1(), true).await;
    let (noted, asked) = (answer.exchange, peer.last());
    assert_eq!((noted.peer, noted.operation, noted.status, noted.esito), ("GPD", "createPosition", Some(201), Esito::Fatto));
    assert_eq!((noted.started, noted.request_bytes, noted.answer_bytes), (now(), asked.body.len(), 18));
    assert_eq!(noted.request_sha256.as_ref().unwrap().len(), 64);
    assert_ne!(noted.request_sha256, noted.answer_sha256);
    let model = model_v1();
    let text = serde_json::to_string(&noted).unwrap();
    for secret in [model.iupd.as_str(), &model.fiscal_code, &model.full_name, &model.payment_option[0].iuv, KEY] {
        assert!(!text.contains(secret) && !format!("{noted:?}{model:?}").contains(KEY), "{text}");
    }
    assert!(!format!("{model:?}").contains("RSSMRA") && !format!("{model:?}").contains("Mario"));
    assert_eq!(noted.reference.as_deref().unwrap().chars().count(), 7);
}

#[tokio::test]
async fn a_refusal_is_permanent_unless_something_can_be_mended() {
    for (status, permanent) in [(400, true), (401, false), (403, false), (404, true), (409, true), (422, true)] {
        let peer = Peer::json(status, json!({ "title": "No", "status": status, "detail": "perché" })).await;
        let (read, create) = both(peer.config()).await;
        for (outcome, exchange) in [read, create] {
            let Outcome::Refused { problem, permanent: found } = outcome else { panic!("{outcome:?}") };
            assert_eq!((problem.status, problem.detail.as_str(), found), (status, "perché", permanent));
            assert_eq!((exchange.status, exchange.esito), (Some(status), Esito::Rifiutato));
        }
    }
}

#[tokio::test]
async fn a_busy_peer_is_left_alone_for_as_long_as_it_asks() {
    for status in [429_u16, 503] {
        let peer =
            Peer::with(move |_| (axum::http::StatusCode::from_u16(status).unwrap(), [("retry-after", "7")], "").into_response())
                .await;
        let gpd = gpd(&peer.config());
        let ente = cf_ente("77777777777");
        let seven = Duration::from_secs(7);
        let first = gpd.create(&ente, &model_v1(), true).await;
        assert_eq!(first.outcome, Outcome::Retry { after: Some(seven), why: Why::Status(status) });
        let second = gpd.read(&ente, IUPD).await;
        let Outcome::Retry { after: Some(left), why: Why::Resting } = second.outcome else { panic!("{second:?}") };
        assert!(left <= seven && left > seven - Duration::from_secs(5));
        assert_eq!((second.exchange.esito, second.exchange.status), (Esito::NonInviato, None));
        assert_eq!(peer.asked().len(), 1, "the second was never sent");
        assert!(gpd.resting().is_some() && gpd.clone().resting().is_some());
    }
}

#[tokio::test]
async fn a_peer_that_fails_five_times_is_left_alone() {
    let peer = Peer::json(500, json!({ "title": "Internal Server Error" })).await;
    let gpd = gpd(&peer.config());
    for _ in 0..5 {
        let answer = gpd.create(&cf_ente("77777777777"), &model_v1(), true).await;
        assert_eq!(answer.outcome, Outcome::Unknown(Why::Status(500)));
    }
    let answer = gpd.create(&cf_ente("77777777777"), &model_v1(), true).await;
    assert!(matches!(answer.outcome, Outcome::Retry { after: Some(_), why: Why::Resting }), "{answer:?}");
    assert_eq!(peer.asked().len(), 5);
}

#[tokio::test]
async fn refusals_never_open_the_circuit() {
    let peer = Peer::json(404, json!({})).await;
    let gpd = gpd(&peer.config());
    for _ in 0..20 {
        assert_eq!(gpd.read(&cf_ente("77777777777"), IUPD).await.outcome.refused(), Some(404));
    }
    assert_eq!(peer.asked().len(), 20);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Peer::json(200, json!({ "iupd": IUPD, "status": "VALID" })).await;
    for status in [301_u16, 302, 303, 307, 308] {
        let to = elsewhere.url.to_string();
        let peer = Peer::with(move |_| {
            (axum::http::StatusCode::from_u16(status).unwrap(), [("location", to.clone())], "").into_response()
        })
        .await;
        assert_uncertain(peer.config(), Why::Status(status), "redirect").await;
    }
    assert_eq!(elsewhere.asked().len(), 0, "the key went nowhere else");
}

#[tokio::test]
async fn an_answer_nobody_can_read_is_no_answer() {
    let good = json!({ "iupd": IUPD, "status": "VALID", "paymentOption": [{
        "nav": "302000000000000184", "amount": 100, "status": "PO_UNPAID", "transfer": []
    }] })
    .to_string();
    let huge_amount = good.replace("100", &"9".repeat(30));
    let unknown_status = good.replace("VALID", "SOSPESA");
    for (what, content_type, body) in [
        ("HTML", "text/html", "<html><body>manutenzione</body></html>".to_owned()),
        ("HTML that calls itself JSON", "application/json", "<html></html>".to_owned()),
        ("JSON that calls itself HTML", "text/html; charset=utf-8", good.clone()),
        ("truncated JSON", "application/json", good[..good.len() - 3].to_owned()),
        ("two values", "application/json", format!("{good}{good}")),
        ("nothing", "application/json", String::new()),
        ("null", "application/json", "null".to_owned()),
        ("an array", "application/json", "[]".to_owned()),
        ("deeper than deep", "application/json", "[".repeat(100_000)),
        ("an amount of thirty digits", "application/json", huge_amount),
        ("an amount below zero", "application/json", good.replace("100", "-100")),
        ("an amount with decimals", "application/json", good.replace("100", "100.5")),
        ("a state nobody knows", "application/json", unknown_status),
        ("a number that is no notice", "application/json", good.replace("302000000000000184", "3020")),
    ] {
        let peer = Peer::raw(200, content_type, body.clone()).await;
        let answer = gpd(&peer.config()).read(&cf_ente("77777777777"), IUPD).await;
        assert!(matches!(answer.outcome, Outcome::Retry { after: None, why: Why::Unreadable(_) }), "{what}: {answer:?}");
        let peer = Peer::raw(201, content_type, body).await;
        let answer = gpd(&peer.config()).create(&cf_ente("77777777777"), &model_v1(), true).await;
        // creating looks at the state alone
        let readable = ["amount", "notice"].iter().any(|w| what.contains(w));
        assert_eq!(matches!(answer.outcome, Outcome::Unknown(Why::Unreadable(_))), !readable, "{what}: {answer:?}");
    }
}

#[tokio::test]
async fn ten_mebibytes_are_not_read_to_the_end() {
    let peer = Peer::raw(200, "application/json", vec![b' '; 10 * 1024 * 1024]).await;
    let answer = gpd(&peer.config()).read(&cf_ente("77777777777"), IUPD).await;
    assert_eq!(answer.outcome, Outcome::Retry { after: None, why: Why::TooLong });
    let endless = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", " ".repeat(2 * 1024 * 1024));
    let (url, _) = socket(endless, Duration::ZERO).await;
    assert_uncertain_read(&url, Why::TooLong).await;
}

async fn assert_uncertain_read(url: &url::Url, why: Why) {
    let answer = gpd(&config(url)).read(&cf_ente("77777777777"), IUPD).await;
    assert_eq!(answer.outcome, Outcome::Retry { after: None, why });
}

#[tokio::test]
async fn a_peer_that_breaks_off_or_is_silent_costs_no_more_than_the_budget() {
    let head = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"status\":";
    for (what, bytes, pause, why) in [
        ("nothing at all", "", Duration::ZERO, Why::CutOff),
        ("half a head", "HTTP/1.1 20", Duration::ZERO, Why::CutOff),
        ("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n", Duration::ZERO, Why::CutOff),
        ("half a body", head, Duration::ZERO, Why::CutOff),
        ("silence", head, Duration::from_secs(60), Why::Timeout),
    ] {
        let (url, _) = socket(bytes, pause).await;
        let begin = Instant::now();
        let answer = gpd(&config(&url)).create(&cf_ente("77777777777"), &model_v1(), true).await;
        assert_eq!(answer.outcome, Outcome::Unknown(why), "{what}");
        assert!(begin.elapsed() < Duration::from_secs(3), "{what}: {:?}", begin.elapsed());
        assert!(answer.exchange.took_ms < 3_000 && answer.exchange.answer_sha256.is_none(), "{what}");
    }
}

#[tokio::test]
async fn nothing_was_sent_where_nobody_listens() {
    let url = closed_port().await;
    let (read, create) = both(config(&url)).await;
    for (outcome, exchange) in [read, create] {
        assert_eq!(outcome, Outcome::Retry { after: None, why: Why::Unreachable });
        assert_eq!((exchange.status, exchange.esito), (None, Esito::Riprova));
    }
    let nowhere = Config { base_url: "http://nessuno.invalid/".parse().unwrap(), ..config(&url) };
    let (_, create) = both(nowhere).await;
    assert_eq!(create.0, Outcome::Retry { after: None, why: Why::Unreachable }, "a name that nobody has");
}

#[tokio::test]
async fn an_identifier_cannot_lead_to_another_address() {
    let peer = Peer::json(200, json!({})).await;
    for iupd in ["..", "."] {
        let answer = gpd(&peer.config()).read(&cf_ente("77777777777"), iupd).await;
        assert!(matches!(answer.outcome, Outcome::Refused { permanent: true, .. }), "{answer:?}");
    }
    gpd(&peer.config()).read(&cf_ente("77777777777"), "../x?y#z").await;
    assert_eq!(peer.asked().len(), 1);
    assert_eq!(peer.last().uri, "/base/organizations/77777777777/debtpositions/..%2Fx%3Fy%23z");
}
