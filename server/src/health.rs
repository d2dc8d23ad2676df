//! For the operator, on a listener that nobody outside reaches: is it alive, how much does it do.

use axum::{Router, extract::State, http::StatusCode, routing::get};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use portal::Portal;
use std::sync::OnceLock;

/// One recorder a process; tests start many servers in one.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).as_ref()
}

/// `/healthz` and `/metrics`.
pub fn router(portal: Portal) -> Router {
    recorder();
    Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics)).with_state(portal)
}

async fn healthz(State(portal): State<Portal>) -> (StatusCode, &'static str) {
    match portal.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "health check failed");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

async fn metrics() -> Result<String, StatusCode> {
    recorder().map(PrometheusHandle::render).ok_or(StatusCode::SERVICE_UNAVAILABLE)
}
