//! For the operator, on a listener that nobody outside reaches: is it alive, may it be sent work, how much does it do.

use anyhow::{Context as _, ensure};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use portal::Portal;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;
use store::EsitoInbox;
use tokio::sync::watch;
use url::Url;

/// How long the station took for one answer, by primitive.
pub(crate) const STATION_SECONDS: &str = "sportello_station_seconds";

/// Whoever asks (a container's HEALTHCHECK, every few seconds) asks again soon.
const ASK_MAX: Duration = Duration::from_secs(2);

/// `sportello healthz`: asks a server on this machine, for where there is no curl.
///
/// # Errors
/// When it does not answer, or not 200.
pub async fn ask(listener: SocketAddr, path: &str) -> anyhow::Result<()> {
    // who listens everywhere listens here
    let address = match listener {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => SocketAddr::from((Ipv4Addr::LOCALHOST, v4.port())),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => SocketAddr::from((Ipv6Addr::LOCALHOST, v6.port())),
        named => named,
    };
    let url = Url::parse(&format!("http://{address}{path}"))?;
    let client = nodo::http::client(&url, ASK_MAX)?;
    let answer = client.get(url.clone()).send().await.with_context(|| format!("asking {url}"))?;
    ensure!(answer.status() == 200, "{url} answers {}", answer.status());
    Ok(())
}

/// One recorder a process; tests start many servers in one.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            // 2 s: 98 % of the answers of a month must be within (SANP, "Livelli di servizio"); 7 s and 15 s: the Nodo gives up
            let bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 7.0, 15.0];
            let builder =
                PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(STATION_SECONDS.to_owned()), &bounds).ok()?;
            builder.install_recorder().ok()
        })
        .as_ref()
}

#[derive(Clone)]
struct Health {
    portal: Portal,
    stop: watch::Receiver<bool>,
}

/// `/healthz`, `/readyz` and `/metrics`. `stop`: true from when the server was told to stop.
pub fn router(portal: Portal, stop: watch::Receiver<bool>) -> Router {
    recorder();
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Health { portal, stop })
}

/// Alive: a process that cannot say so is started again. It does not ask the database: starting again would not mend that.
async fn healthz() -> (StatusCode, &'static str) {
    (StatusCode::OK, "ok\n")
}

/// Whether a balancer should send work here.
async fn readyz(State(health): State<Health>) -> (StatusCode, &'static str) {
    if *health.stop.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match health.portal.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

async fn metrics(State(health): State<Health>) -> Result<String, StatusCode> {
    let recorder = recorder().ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    // of the whole installation, whichever server is asked; a database that does not answer leaves the last figure
    if let Ok(counts) = health.portal.store().inbox_counts().await {
        // also those without any: what was settled alarms no more
        for esito in EsitoInbox::ALL.into_iter().chain([EsitoInbox::Risolto]).map(EsitoInbox::as_str) {
            let count = counts.iter().find(|(counted, _)| counted == esito).map_or(0, |(_, count)| *count);
            metrics::gauge!("sportello_inbox_messages", "esito" => esito).set(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    if let Ok((behind, since)) = health.portal.store().specchi_indietro().await {
        let age = since.map_or(0, |since| health.portal.clock().now().duration_since(since).as_secs());
        metrics::gauge!("sportello_positions_to_tell").set(u32::try_from(behind).unwrap_or(u32::MAX));
        metrics::gauge!("sportello_positions_to_tell_oldest_seconds").set(u32::try_from(age).unwrap_or(0));
    }
    if let Ok(counts) = health.portal.store().recuperi_counts().await {
        for (stato, count) in counts {
            metrics::gauge!("sportello_receipts_to_recover", "stato" => stato).set(u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    let lost = u32::try_from(health.portal.giornale_persi()).unwrap_or(u32::MAX);
    metrics::gauge!("sportello_giornale_not_noted").set(lost);
    Ok(recorder.render())
}
