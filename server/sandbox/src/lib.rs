//! A small pagoPA on real sockets: the carts endpoint, a Checkout page, a PSP, faults on request. For tests, for `make run`, and
//! for an ente that trains its staff before going live.
//!
//! | address | who calls | file |
//! |---|---|---|
//! | `GET /` | whoever wonders what this is | `index.rs` |
//! | `POST /checkout/ec/v1/carts`, `/v2/carts` | the portal | `carts.rs`, `cart_request.rs` |
//! | `GET`, `POST /checkout/pagamento/{id}` | the citizen's browser | `checkout_page.rs` |
//! | `POST /psp/pay` | tests; a payment at a counter | `psp_pay.rs` |
//! | `POST /psp/demand` | tests; a service paid at a counter without a notice | `psp_demand.rs` |
//! | `POST /psp/opzioni` | tests; which ways there are to pay a notice | `opzioni.rs` |
//! | `/gpd/debt-positions-service/v1`, `/v3`, `/aca/…/v1` | the portal | `gpd.rs` |
//! | `/gpd/payments-receipts-service/v1`, `/receipt-ndp/v1` | the portal | `recupero.rs` |
//! | `POST /gpd/paga`, `POST /aca/paga` | tests; somebody pays what GPD or ACA answers for | `gpd/paga.rs` |
//! | `/fdr-org/service/v1` | the portal | `fdr.rs` |
//! | `/upload/gpd/debt-positions-service/v2` | the portal | `carichi.rs` |
//! | `/print-payment-notice-service/external/v1`, `/stampe/{id}` | the portal | `stampa.rs` |
//! | `/backoffice/external/ec/v1` | the portal | `back_office.rs` |
//! | an SMTP socket, `GET /posta`, `/posta/lettere` | the portal's letters, and who reads them | `posta.rs` |
//! | `POST /fdr/pubblica` | tests, whoever trains: a flow for the payments made | `fdr.rs` |
//! | `GET /gpd/stato` | tests, whoever trains | `gpd/calls.rs` |
//! | `/oidc/…` | the portal and the citizen's browser: a provider of identity | `oidc.rs` |
//! | `GET`, `POST /guasti` | tests, whoever trains | `guasti.rs`, `guasti_rest.rs` |
//!
//! **What it never does**: run in production (the server decides that), move money, keep anything on disk, know how the portal
//! is built inside. It reaches the station only through its socket and judges the answers as strictly as the Nodo does
//! (`nodo::pa_for_node::client`). It sends a citizen only to addresses of his own cart.
//!
//! **Start reading** at `psp.rs`: verify → getPayment → sendRT, the story of every payment. `stazione.rs` below it is one call and
//! its verdict.
//!
//! **To add a fault** of the carts endpoint: a value of [`GuastoCarts`] and its arm in `guasti.rs`; of the REST services: [`GuastoRest`]
//! in `guasti_rest.rs`; of the mail: `GuastoPosta` in `posta.rs`. **To add a kind of payment** for
//! tests: an optional member of the body in `psp_pay.rs`.

mod back_office;
mod carichi;
mod carrelli;
mod cart_request;
mod carts;
mod caso;
mod checkout_page;
mod config;
mod fdr;
mod gpd;
mod guasti;
mod guasti_rest;
mod html;
mod index;
mod marca_da_bollo;
pub mod oidc;
mod opzioni;
pub mod posta;
mod problem;
mod psp;
mod psp_demand;
mod psp_pay;
mod recupero;
mod ricevuta;
mod ricevute;
mod scelta;
mod stampa;
mod stazione;

pub use config::{EnteSandbox, Orologio, PersonaSandbox, SandboxConfig};
pub use guasti::GuastoCarts;
pub use guasti_rest::GuastoRest;
pub use oidc::GuastoOidc;
pub use posta::{Cassetta, GuastoPosta};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use carrelli::Carrelli;
use jiff::Timestamp;
use nodo::rest::json::of_roman;
use ricevute::Ricevute;
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
    ricevute: Ricevute,
    flussi: fdr::Flussi,
    carichi: carichi::Carichi,
    cartelle: stampa::Cartelle,
    gpd: gpd::Archivio,
    idp: oidc::Idp,
    guasto: Mutex<GuastoCarts>,
    guasto_rest: Mutex<GuastoRest>,
}

impl Sandbox {
    fn guasto(&self) -> GuastoCarts {
        *self.guasto.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn guasto_rest(&self) -> GuastoRest {
        *self.guasto_rest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The clock knows civil time; the REST services speak UTC.
    fn now(&self) -> Timestamp {
        of_roman((self.config.clock)()).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The whole HTTP surface.
pub fn router(config: SandboxConfig) -> Router {
    let stazione = Stazione::new(config.stazione_url.clone(), psp::on_record(&config.enti));
    let flussi = fdr::Flussi::new((config.clock)());
    let sandbox = Arc::new(Sandbox {
        config,
        stazione,
        carrelli: Carrelli::default(),
        ricevute: Ricevute::default(),
        flussi,
        carichi: carichi::Carichi::default(),
        cartelle: stampa::Cartelle::default(),
        gpd: gpd::Archivio::default(),
        idp: oidc::Idp::default(),
        guasto: Mutex::default(),
        guasto_rest: Mutex::default(),
    });
    let services = gpd::router(&sandbox)
        .merge(recupero::router(&sandbox))
        .merge(fdr::router(&sandbox))
        .merge(carichi::router(&sandbox))
        .merge(stampa::router(&sandbox))
        .merge(back_office::router(&sandbox));
    let identita = oidc::router(&sandbox);
    let rest = services.layer(from_fn_with_state(Arc::clone(&sandbox), guasti_rest::around));
    Router::new()
        .route("/", get(index::show))
        .route("/checkout/ec/v1/carts", post(carts::create_v1))
        .route("/checkout/ec/v2/carts", post(carts::create_v2))
        .route("/checkout/pagamento/{id}", get(checkout_page::show).post(checkout_page::choose))
        .route("/psp/pay", post(psp_pay::pay))
        .route("/psp/demand", post(psp_demand::demand))
        .route("/psp/opzioni", post(opzioni::opzioni))
        .route("/stampe/{id}", get(stampa::stampe))
        .route("/gpd/paga", post(gpd::paga_gpd))
        .route("/aca/paga", post(gpd::paga_aca))
        .route("/fdr/pubblica", post(fdr::pubblica))
        .route("/gpd/stato", get(gpd::stato))
        .route("/posta", get(posta::show))
        .route("/posta/lettere", get(posta::list))
        .route("/guasti", get(guasti::show).post(guasti::set))
        .fallback(html::not_found)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(sandbox)
        .merge(rest)
        .merge(identita)
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
