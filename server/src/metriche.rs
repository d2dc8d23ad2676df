//! What `/metrics` tells: each family once, with what it means, and there with zero before anything happened: what is not there cannot
//! be alarmed about. README has the same table, with when to be alarmed (a test compares).
//!
//! Counters are of this process; gauges, but for those that say otherwise, of the whole installation, whichever server is asked.
//!
//! **To add one**: a line in [`FAMIGLIE`] and in the README; if it has labels, its values in [`begin`].

use jiff::Timestamp;
use metrics::{Label, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use nodo::pa_for_node::Operation;
use portal::Portal;
use std::sync::OnceLock;
use store::{EsitoInbox, StoreError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genere {
    Counter,
    Gauge,
    Histogram,
}

/// How long the station took for one answer, by primitive.
pub(crate) const STATION_SECONDS: &str = "sportello_station_seconds";
/// Days until the first certificate of the chain expires; below zero when it has.
pub(crate) const DAYS_LEFT: &str = "sportello_station_certificate_days_left";
/// What an operator who made a backup leaves in the audit.
const BACKUP: &str = "backup.fatto";
/// As many dead or late jobs as are counted: beyond, the alarm is the same.
const JOBS_MAX: u32 = 1_000;

use Genere::{Counter, Gauge, Histogram};

/// Name, kind, meaning.
pub const FAMIGLIE: [(&str, Genere, &str); 25] = [
    (
        "sportello_database_answers",
        Gauge,
        "1: the figures of the installation are of now; 0: the database does not answer, they are the last ones",
    ),
    ("sportello_station_answers_total", Counter, "Answers of the station, by primitive and HTTP status"),
    (STATION_SECONDS, Histogram, "Time the station took for an answer, by primitive"),
    ("sportello_station_refused_total", Counter, "Calls to the station from an address that is not in stazione.allow"),
    ("sportello_station_handshakes_failed_total", Counter, "TLS handshakes with the station that failed"),
    (DAYS_LEFT, Gauge, "Days until the station's certificate expires; not there where a proxy speaks TLS"),
    ("sportello_http_responses_total", Counter, "Answers of portal and station, by route and HTTP status"),
    ("sportello_citizens_sent_away_total", Counter, "Citizens who were told to come again because all places were taken"),
    ("sportello_lookups_delayed_total", Counter, "Look-ups of notices that had to prove work or to wait; of this process"),
    ("sportello_inbox_messages", Gauge, "Messages taken in as receipts, by outcome; QUARANTENA waits for a person"),
    ("sportello_jobs_dead", Gauge, "Jobs that died and that nothing has mended: as I8 of verify counts them, 1000 at the most"),
    ("sportello_jobs_late", Gauge, "Jobs that were due ten minutes ago and that nobody took, 1000 at the most"),
    ("sportello_verify_last_timestamp_seconds", Gauge, "When the last daily verify ended, Unix time; 0: never"),
    (
        "sportello_verify_last_broken",
        Gauge,
        "Invariants that the last daily verify found broken; -1: it died before it could tell",
    ),
    ("sportello_positions_to_tell", Gauge, "Positions of which ACA or GPD know an old state"),
    ("sportello_positions_to_tell_oldest_seconds", Gauge, "For how long the oldest of them has waited"),
    ("sportello_receipts_to_recover", Gauge, "Receipts that a flow names and that never came, by what became of asking for them"),
    ("sportello_flows", Gauge, "Flows of the PSPs (FdR), by state; ELENCATO is to be fetched, INCOMPLETO does not add up"),
    ("sportello_flow_polls_total", Counter, "Enti whose flows were asked for, by how that ended; of this process"),
    (
        "sportello_flow_poll_last_timestamp_seconds",
        Gauge,
        "When the flows of all enti could last be had, Unix time; 0: not within a week",
    ),
    (
        "sportello_backup_last_timestamp_seconds",
        Gauge,
        "When `sportello backup` last made one, Unix time; 0: never, or its database was not told",
    ),
    ("sportello_giornale_not_noted", Gauge, "Messages with pagoPA that could not be noted in the Giornale; of this process"),
    ("sportello_enti", Gauge, "Enti of this installation"),
    ("sportello_jobs_waiting", Gauge, "Jobs that wait or are held"),
    ("sportello_build", Gauge, "1, with the version of the program"),
];

/// One recorder a process; tests start many servers in one.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            // 2 s: 98 % of the answers of a month must be within (SANP, "Livelli di servizio"); 7 s and 15 s: the Nodo gives up
            let bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 7.0, 15.0];
            let builder =
                PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(STATION_SECONDS.to_owned()), &bounds).ok()?;
            let handle = builder.install_recorder().ok()?;
            begin();
            Some(handle)
        })
        .as_ref()
}

/// Every family, with a meaning, at zero. But for the days of a certificate: zero days would be an alarm where there is none.
fn begin() {
    for (name, genere, what) in FAMIGLIE {
        match genere {
            Counter => describe_counter!(name, what),
            Gauge => describe_gauge!(name, what),
            Histogram => describe_histogram!(name, what),
        }
        for labels in labels(name) {
            match genere {
                Counter => counter!(name, labels).increment(0),
                Gauge => gauge!(name, labels).set(0),
                Histogram => drop(histogram!(name, labels)),
            }
        }
    }
    gauge!("sportello_build", "version" => env!("CARGO_PKG_VERSION")).set(1);
}

/// Which series of a family there are before anything happened.
fn labels(name: &str) -> Vec<Vec<Label>> {
    let one = |key, values: &[&'static str]| values.iter().map(|value| vec![Label::from_static_parts(key, value)]).collect();
    let mut primitive: Vec<_> = Operation::ALL.iter().map(|operation| operation.name()).collect();
    primitive.push("paymentOptions");
    let answered = |key, value| vec![Label::from_static_parts(key, value), Label::from_static_parts("status", "200")];
    match name {
        DAYS_LEFT | "sportello_build" => Vec::new(),
        STATION_SECONDS => one("primitiva", &primitive),
        "sportello_station_answers_total" => primitive.iter().map(|primitiva| answered("primitiva", primitiva)).collect(),
        "sportello_http_responses_total" => vec![answered("route", "/"), answered("route", "/pagopa/pa")],
        "sportello_inbox_messages" => one("esito", &esiti()),
        "sportello_receipts_to_recover" => one("stato", &RECUPERI),
        "sportello_flows" => one("stato", &FLUSSI),
        "sportello_flow_polls_total" => one("esito", &["riuscita", "fallita"]),
        _ => vec![Vec::new()],
    }
}

const RECUPERI: [&str; 4] = ["ATTESA", "RECUPERATA", "ARRIVATA", "INTROVABILE"];
const FLUSSI: [&str; 4] = ["ELENCATO", "COMPLETO", "INCOMPLETO", "SUPERATO"];

fn esiti() -> Vec<&'static str> {
    EsitoInbox::ALL.into_iter().chain([EsitoInbox::Risolto]).map(EsitoInbox::as_str).collect()
}

/// From here on what happens is counted.
pub fn start() {
    recorder();
}

/// The text of `/metrics`; `None` where another recorder was installed before.
pub async fn tell(portal: &Portal) -> Option<String> {
    let recorder = recorder()?;
    let answers = gather(portal).await.is_ok();
    gauge!("sportello_database_answers").set(u32::from(answers));
    gauge!("sportello_giornale_not_noted").set(small(portal.giornale_persi()));
    Some(recorder.render())
}

/// What the database tells; where it does not answer the last figures stay, and that is said.
async fn gather(portal: &Portal) -> Result<(), StoreError> {
    let store = portal.store();
    // also those without any: what was settled alarms no more
    by_label("sportello_inbox_messages", "esito", &esiti(), &store.inbox_counts().await?);
    by_label("sportello_receipts_to_recover", "stato", &RECUPERI, &store.recuperi_counts().await?);
    by_label("sportello_flows", "stato", &FLUSSI, &store.flussi_counts().await?);
    let (behind, since) = store.specchi_indietro().await?;
    let age = since.map_or(0, |since| portal.clock().now().duration_since(since).as_secs());
    gauge!("sportello_positions_to_tell").set(small(behind));
    gauge!("sportello_positions_to_tell_oldest_seconds").set(small(age));
    gauge!("sportello_jobs_dead").set(small(store.jobs_dead(JOBS_MAX).await?.len()));
    gauge!("sportello_jobs_late").set(small(store.jobs_overdue(portal::verifica::TAKEN_WITHIN_MS, JOBS_MAX).await?.len()));
    gauge!("sportello_jobs_waiting").set(small(store.jobs_open().await?));
    let verified = store.last_job(domain::TipoJob::Verifica, true).await?;
    let broken = verified.as_ref().and_then(|last| last.morto.as_deref()).map_or(0, broken);
    gauge!("sportello_verify_last_timestamp_seconds").set(seconds(verified.map(|last| last.at)));
    gauge!("sportello_verify_last_broken").set(broken);
    let polled = store.last_job(domain::TipoJob::ScaricaFlussi, false).await?;
    gauge!("sportello_flow_poll_last_timestamp_seconds").set(seconds(polled.map(|last| last.at)));
    gauge!("sportello_backup_last_timestamp_seconds").set(seconds(store.last_audit(BACKUP).await?));
    gauge!("sportello_enti").set(small(store.list_enti().await?.len()));
    Ok(())
}

fn by_label(name: &'static str, key: &'static str, values: &[&'static str], counts: &[(String, i64)]) {
    for value in values {
        let count = counts.iter().find(|(counted, _)| counted == value).map_or(0, |(_, count)| *count);
        gauge!(name, key => *value).set(small(count));
    }
}

/// What VERIFICA died of: the codes of what was broken, or why it came to no end.
fn broken(died_of: &str) -> i32 {
    let is_code = |word: &str| word.strip_prefix('I').is_some_and(|n| n.parse::<u8>().is_ok());
    let words: Vec<_> = died_of.split(' ').collect();
    if words.iter().all(|word| is_code(word)) { i32::try_from(words.len()).unwrap_or(i32::MAX) } else { -1 }
}

/// Exact in a float, as every figure of Prometheus is.
fn small(n: impl TryInto<u32>) -> u32 {
    n.try_into().unwrap_or(u32::MAX)
}

fn seconds(at: Option<Timestamp>) -> u32 {
    at.map_or(0, |at| small(at.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_verification_died_of_is_counted_where_it_could_tell() {
        for (died_of, counted) in [("I3", 1), ("I8 I14", 2), ("its holder was lost 5 times", -1), ("", -1), ("I I3", -1)] {
            assert_eq!(broken(died_of), counted, "{died_of}");
        }
    }
}
