//! The use cases of Sportello: what a citizen, the Nodo or the clock makes happen. The only place where `store` and `nodo` meet.
//!
//! **What it never does**: HTTP of ours, pages, SQL, XML. It takes domain types (or the raw text of a form) and returns them.
//!
//! | file | what happens there |
//! |---|---|
//! | [`catalogo`] | which enti and services there are |
//! | [`avviso`] | a citizen looks a notice up |
//! | [`spontaneo`] | a citizen fills in a payment without a notice |
//! | [`pagamento`] | the trip to Checkout: start, return, outcome |
//! | [`posizione`] | the ente writes a debt, publishes it, cancels it |
//! | [`stazione`] | the Nodo asks: verify, getPayment |
//! | [`ricevuta`] | the Nodo tells: a receipt. **Start reading here** |
//! | [`registro`] | the record: ledger, chains, audit |
//! | [`jobs`] | what nobody waits for: taken, done, tried again |
//! | [`verifica`] | whether what is written still is what was promised |
//! | [`sealed`] | addresses nobody can guess |
//!
//! **To add a use case**: a file named after its noun, an `impl Portal` block with one verb per step, results as enums that say
//! what the page must show; errors only for what nobody on the page can mend.

pub mod avviso;
pub mod catalogo;
pub mod clock;
pub mod error;
pub mod ids;
pub mod iuv;
pub mod jobs;
pub mod pagamento;
pub mod posizione;
pub mod registro;
pub mod ricevuta;
pub mod sealed;
pub mod spontaneo;
pub mod stazione;
pub mod verifica;

pub use clock::Clock;
pub use error::PortalError;

use nodo::checkout::Checkout;
use sealed::Sealer;
use std::sync::Arc;
use store::Store;
use url::Url;

/// Everything a use case needs. Cheap to clone: one per request.
#[derive(Clone, Debug)]
pub struct Portal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    checkout: Checkout,
    clock: Clock,
    settings: Settings,
    sealer: Sealer,
    iuv_key: ids::Key,
    /// Tells one secret from another, and nothing else about it.
    impronta: String,
}

/// What differs from one installation to another.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How citizens reach us: the base of every absolute address, without a path.
    pub public_url: Url,
    /// `companyName`s and pages say that nothing is really charged.
    pub ambiente_di_prova: bool,
}

impl Portal {
    /// `secret`: the 32 bytes of the installation. They must never change: IUVs and addresses are derived from them.
    pub fn new(store: Store, checkout: Checkout, clock: Clock, settings: Settings, secret: [u8; 32]) -> Self {
        let sealer = Sealer::new(ids::Key::derive(&secret, "indirizzi"));
        let iuv_key = ids::Key::derive(&secret, "iuv");
        let impronta = ids::hex(&ids::Key::derive(&secret, "impronta").mac(&[])[..16]);
        Self { inner: Arc::new(Inner { store, checkout, clock, settings, sealer, iuv_key, impronta }) }
    }

    /// Whether the secret is the one this database was begun with. Another one would draw the IUVs of others again, and lead none
    /// of the addresses that people hold anywhere.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn has_right_secret(&self) -> Result<bool, PortalError> {
        Ok(self.inner.store.installazione("impronta_segreto", &self.inner.impronta).await? == self.inner.impronta)
    }

    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// For tests and the demo, which write what no use case writes yet.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Fails when nothing can be read.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn ping(&self) -> Result<(), PortalError> {
        Ok(self.inner.store.ping().await?)
    }
}
