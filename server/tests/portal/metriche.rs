//! What Prometheus is told: every family, from the first moment, with its meaning; and what an operator is to be woken by.

use crate::harness::{Folder, Sportello, VALDORIA};
use crate::porta::Serve;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use portal::ids::new_id;
use serde_json::json;
use server::metriche::{FAMIGLIE, Genere};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use store::{NewInbox, NewJob};
use tokio::sync::watch;
use tower::ServiceExt as _;

/// Where a proxy speaks TLS there is no certificate to count the days of.
const OF_TLS_ALONE: &str = "sportello_station_certificate_days_left";
/// A machine that does ten other things.
const SEEN_MAX: Duration = Duration::from_secs(60);

fn assert_whole(text: &str) {
    for (name, genere, what) in FAMIGLIE.into_iter().filter(|(name, ..)| *name != OF_TLS_ALONE) {
        let kind = match genere {
            Genere::Counter => "counter",
            Genere::Gauge => "gauge",
            Genere::Histogram => "histogram",
        };
        for line in [format!("# HELP {name} {what}"), format!("# TYPE {name} {kind}")] {
            assert_eq!(text.lines().filter(|told| *told == line).count(), 1, "{line} once in {text}");
        }
        let samples = text.lines().filter(|line| line.starts_with(name) && !line.starts_with('#')).count();
        assert!(samples > 0, "{name} is told, and nothing of it: {text}");
    }
    let known: BTreeSet<_> = FAMIGLIE.iter().map(|(name, ..)| *name).collect();
    for family in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()) {
        assert!(known.contains(family), "{family} is told and in no table");
    }
}

fn value(text: &str, series: &str) -> i64 {
    let found = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    found.unwrap_or_else(|| panic!("{series} is not in {text}")).parse().unwrap()
}

#[tokio::test]
async fn every_family_is_there_with_zero_before_anything_happened() {
    let (data, files) = (Folder::new(), Folder::new());
    let serve = Serve::start(data.path(), files.path(), "tls_by_proxy = true\n", "ulimit -c 0").await;
    let text = serve.metrics().await;
    assert_whole(&text);
    for series in [
        "sportello_inbox_messages{esito=\"QUARANTENA\"}",
        "sportello_inbox_messages{esito=\"RISOLTO\"}",
        "sportello_station_answers_total{primitiva=\"paSendRTV2\",status=\"200\"}",
        "sportello_station_seconds_count{primitiva=\"paSendRTV2\"}",
        "sportello_station_refused_total",
        "sportello_citizens_sent_away_total",
        "sportello_jobs_dead",
        "sportello_jobs_late",
        "sportello_verify_last_broken",
        "sportello_positions_to_tell_oldest_seconds",
        "sportello_flows{stato=\"INCOMPLETO\"}",
        "sportello_flow_polls_total{esito=\"fallita\"}",
        "sportello_flow_poll_last_timestamp_seconds",
        "sportello_receipts_to_recover{stato=\"INTROVABILE\"}",
        "sportello_backup_last_timestamp_seconds",
        "sportello_giornale_not_noted",
    ] {
        assert_eq!(value(&text, series), 0, "{series}");
    }
    assert_eq!(value(&text, "sportello_database_answers"), 1);
    // the daily verify is the first thing that happens
    let begun = Instant::now();
    while value(&serve.metrics().await, "sportello_verify_last_timestamp_seconds") == 0 {
        assert!(begun.elapsed() < SEEN_MAX, "{}", serve.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(value(&serve.metrics().await, "sportello_verify_last_broken"), 0);
}

/// The one story that asks for the figures of its own database in this process: gauges are one for all.
#[tokio::test]
async fn what_an_operator_is_woken_by_is_told() {
    let sportello = Sportello::start().await;
    let (portal, store) = (&sportello.portal, sportello.portal.store());
    let (_stop, stopped) = watch::channel(false);
    let router = server::health::router(portal.clone(), stopped);
    let ask = async || {
        let answer = router.clone().oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    };
    let (before, polled) = (ask().await, "sportello_flow_polls_total{esito=\"riuscita\"}");
    assert!(value(&before, "sportello_positions_to_tell") > 10, "the demo has just been filled");
    assert_eq!(value(&before, "sportello_flow_poll_last_timestamp_seconds"), 0);
    sportello.work().await;
    sportello.pay_elsewhere(&sportello.avviso("APERTA").numero, json!({})).await;
    sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA })).await;
    sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA, "somma_in_piu_cents": 1 })).await;
    sportello.later(60);
    sportello.work().await;
    portal.audit("comando", "backup.fatto", "x", &json!({})).await.unwrap();
    let sha256 = portal::ids::sha256_hex(b"<rotto");
    let (id, received_at) = (new_id().unwrap(), sportello.now());
    store
        .keep(&NewInbox { id, received_at, peer: None, operazione: "paSendRTV2".into(), raw: b"<rotto", sha256: &sha256 })
        .await
        .unwrap();
    portal.resume_inbox().await.unwrap();
    let text = ask().await;
    assert_whole(&text);
    assert!(value(&text, polled) >= value(&before, polled) + 2, "each ente: {text}");
    assert_eq!(value(&text, "sportello_positions_to_tell"), 0);
    assert!(
        value(&text, "sportello_flows{stato=\"COMPLETO\"}") + value(&text, "sportello_flows{stato=\"INCOMPLETO\"}") >= 1,
        "{text}"
    );
    assert_eq!(value(&text, "sportello_inbox_messages{esito=\"QUARANTENA\"}"), 1);
    assert_eq!(value(&text, "sportello_backup_last_timestamp_seconds"), sportello.now().as_second());
    // by the clock of the database, which is not the story's
    let lately = store.database_time().await.unwrap().as_second() - 600;
    assert!(value(&text, "sportello_flow_poll_last_timestamp_seconds") > lately);
    assert!(value(&text, "sportello_verify_last_timestamp_seconds") > lately);
    assert_eq!((value(&text, "sportello_verify_last_broken"), value(&text, "sportello_jobs_dead")), (0, 0));

    // a dead job, a late one, a verify that found something
    for (n, tipo, delay_ms) in [
        (1, domain::TipoJob::Verifica, 0),
        (2, domain::TipoJob::CancellaBozze, 0),
        (3, domain::TipoJob::CancellaBozze, -3_600_000),
    ] {
        // the newest slot of its kind
        let (id, chiave) = (format!("prova-{n}"), format!("{}:9999-{n}", tipo.as_str()));
        let mut tx = store.begin().await.unwrap();
        tx.enqueue(&NewJob { id: id.clone(), tipo, chiave, ente: None, payload: "{}".into(), priorita: -n, delay_ms })
            .await
            .unwrap();
        tx.commit().await.unwrap();
        if delay_ms == 0 {
            let held = store.claim_job(&[tipo], "prova", 60_000).await.unwrap().unwrap();
            let mut tx = store.begin().await.unwrap();
            tx.bury_job(&held.id, held.fence, "I3 I8").await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    let text = ask().await;
    assert_eq!((value(&text, "sportello_jobs_dead"), value(&text, "sportello_jobs_late")), (1, 1), "VERIFICA tells by itself");
    assert_eq!(value(&text, "sportello_verify_last_broken"), 2);
    // the story ends well
    let mut tx = store.begin().await.unwrap();
    tx.resolve_job("prova-2").await.unwrap();
    tx.commit().await.unwrap();
    store.cancel_job("prova-3").await.unwrap();
}

#[test]
fn the_readme_names_every_family() {
    let readme = include_str!("../../../README.md");
    let told: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("| `sportello_")?.split(['`', '{']).next()).collect();
    let all: Vec<_> = FAMIGLIE.iter().map(|(name, ..)| name.strip_prefix("sportello_").unwrap()).collect();
    assert_eq!(told, all, "in its order");
}
