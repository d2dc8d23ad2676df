//! A small pagoPA on real sockets: the carts endpoint, a Checkout page, a PSP, faults on request. For tests, for `make run`, and
//! for an ente that trains its staff before going live.
//!
//! | address | who calls | file |
//! |---|---|---|
//! | `GET /` | whoever wonders what this is | `index.rs` |
//! | `POST /checkout/ec/v1/carts`, `/v2/carts` | the portal | `carts.rs`, `cart_request.rs` |
//! | `GET`, `POST /checkout/pagamento/{id}` | the citizen's browser | `checkout_page.rs` |
//! | `POST /psp/pay` | tests; a payment at a counter | `psp_pay.rs` |
//! | `GET`, `POST /guasti` | tests, whoever trains | `guasti.rs` |
//!
//! **What it never does**: run in production (the server decides that), move money, keep anything on disk, know how the portal
//! is built inside. It reaches the station only through its socket and judges the answers as strictly as the Nodo does
//! (`nodo::pa_for_node::client`). It sends a citizen only to addresses of his own cart.
//!
//! **Start reading** at `psp.rs`: verify → getPayment → sendRT, the story of every payment. `stazione.rs` below it is one call and
//! its verdict.
//!
//! **To add a fault** of the carts endpoint: a value of [`GuastoCarts`] and its arm in `guasti.rs`. **To add a kind of payment** for
//! tests: an optional member of the body in `psp_pay.rs`.

mod carrelli;
mod cart_request;
mod carts;
mod caso;
mod checkout_page;
mod config;
mod guasti;
mod html;
mod index;
mod marca_da_bollo;
mod problem;
mod psp;
mod psp_pay;
mod ricevuta;
mod scelta;
mod stazione;

pub use config::{EnteSandbox, Orologio, SandboxConfig};
pub use guasti::GuastoCarts;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use carrelli::Carrelli;
use stazione::Stazione;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// The largest honest request is a cart of five notices: five times 320 characters and four addresses of 2 KB.
const BODY_MAX: usize = 64 * 1024;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Sandbox {
    config: SandboxConfig,
    stazione: Stazione,
    carrelli: Carrelli,
    guasto: Mutex<GuastoCarts>,
}

impl Sandbox {
    fn guasto(&self) -> GuastoCarts {
        *self.guasto.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole HTTP surface.
pub fn router(config: SandboxConfig) -> Router {
    let stazione = Stazione::new(config.stazione_url.clone(), psp::on_record(&config.enti));
    let sandbox = Sandbox { config, stazione, carrelli: Carrelli::default(), guasto: Mutex::default() };
    Router::new()
        .route("/", get(index::show))
        .route("/checkout/ec/v1/carts", post(carts::create_v1))
        .route("/checkout/ec/v2/carts", post(carts::create_v2))
        .route("/checkout/pagamento/{id}", get(checkout_page::show).post(checkout_page::choose))
        .route("/psp/pay", post(psp_pay::pay))
        .route("/guasti", get(guasti::show).post(guasti::set))
        .fallback(html::not_found)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Arc::new(sandbox))
}

/// Serves until `shutdown`; requests under way are finished, receipts not yet sent are lost with the process.
///
/// # Errors
/// Those of the listener.
pub async fn serve(
    config: SandboxConfig,
    listener: tokio::net::TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, router(config)).with_graceful_shutdown(shutdown).await
}
