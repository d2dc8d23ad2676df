//! For the operator, on a listener that nobody outside reaches: is it alive, may it be sent work, how much does it do.

use crate::metriche;
use anyhow::{Context as _, ensure};
use axum::{Router, extract::State, http::StatusCode, routing::get};
use portal::Portal;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::sync::watch;
use url::Url;

/// Whoever asks (a container's HEALTHCHECK, every few seconds) asks again soon.
const ASK_MAX: Duration = Duration::from_secs(2);

/// `sportello healthz`: asks a server on this machine, for where there is no curl. What it said, in a line.
///
/// # Errors
/// When it does not answer, or not 200.
pub async fn ask(listener: SocketAddr, path: &str) -> anyhow::Result<String> {
    // who listens everywhere listens here
    let address = match listener {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => SocketAddr::from((Ipv4Addr::LOCALHOST, v4.port())),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => SocketAddr::from((Ipv6Addr::LOCALHOST, v6.port())),
        named => named,
    };
    let url = Url::parse(&format!("http://{address}{path}"))?;
    let client = nodo::http::client(&url, ASK_MAX)?;
    let answer = client.get(url.clone()).send().await.with_context(|| format!("asking {url}"))?;
    let status = answer.status();
    let said = answer.text().await.with_context(|| format!("asking {url}"))?;
    let told = format!("{url} answers {}: {}", status.as_u16(), said.lines().next().unwrap_or_default());
    ensure!(status == 200, told);
    Ok(told)
}

#[derive(Clone)]
struct Health {
    portal: Portal,
    stop: watch::Receiver<bool>,
}

/// `/healthz`, `/readyz` and `/metrics`. `stop`: true from when the server was told to stop.
pub fn router(portal: Portal, stop: watch::Receiver<bool>) -> Router {
    metriche::start();
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
    metriche::tell(&health.portal).await.ok_or(StatusCode::SERVICE_UNAVAILABLE)
}
