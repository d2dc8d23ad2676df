//! The use cases of Sportello: what a citizen, the Nodo or the clock makes happen. The only place where `store` and `nodo` meet.
//!
//! **What it never does**: HTTP of ours, pages, SQL, XML. It takes domain types (or the raw text of a form) and returns them.
//!
//! | file | what happens there |
//! |---|---|
//! | [`catalogo`] | which enti and services there are |
//! | [`cornice`] | whose sites may show our pages in a frame |
//! | [`ricerca`] | a citizen looks a notice up; [`limits`] how often, `ticket.rs` who must wait |
//! | [`avviso`] | the notice that was found |
//! | [`foto`] | a picture of a notice is read |
//! | [`aspetto`] | how an ente looks is set, and shown |
//! | [`spontaneo`] | a citizen fills in a payment without a notice |
//! | [`pagamento`] `viaggio` | paying: start, return, outcome; the trip to Checkout itself |
//! | [`carrello`] | several notices, of several enti, in one trip |
//! | [`doppioni`] | the same thing paid a short while ago |
//! | [`ripresa`] | a draft that its browser takes up again |
//! | `carte` | the papers of a page: notice, receipt, calendar |
//! | [`posizione`] | the ente writes a debt, publishes it, cancels it |
//! | [`stazione`] | the Nodo asks: verify, getPayment |
//! | [`ricevuta`] | the Nodo tells: a receipt. **Start reading here** |
//! | [`ricevute`] | receipts shown again: by a link, by a search, to who holds the paper |
//! | [`lettere`] [`promemoria`] | letters: that a payment arrived, that a due date comes near |
//! | [`richiesta`] | the Nodo asks for a notice that is not there yet (paDemandPaymentNotice) |
//! | [`porte`] `specchio` | what we may call, and how a position gets to ACA or GPD |
//! | `carico` [`stampa`] | positions by the thousand in a file; a notice printed by pagoPA |
//! | [`opzioni`] | pagoPA asks which ways there are to pay |
//! | [`flussi`] [`recupero`] | the PSPs' flows are fetched; receipts that never came are asked for |
//! | [`giornale`] | every message with pagoPA is noted |
//! | [`registro`] | the record: ledger, chains, audit |
//! | [`jobs`] | what nobody waits for: taken, done, tried again |
//! | [`operatore`] | what stopped waits for a person, who says what becomes of it |
//! | [`verifica`] | whether what is written still is what was promised |
//! | [`impronta`] | which secret a database was begun with |
//! | [`punti`] | where the tests let it fail |
//! | [`accesso`] [`mie`] | who wants it comes in, and sees the notices and payments of one codice fiscale |
//! | [`sealed`] | addresses nobody can guess |
//!
//! **To add a use case**: a file named after its noun, an `impl Portal` block with one verb per step, results as enums that say
//! what the page must show; errors only for what nobody on the page can mend.

pub mod accesso;
pub mod aspetto;
pub mod avviso;
mod carico;
pub mod carrello;
mod carte;
pub mod catalogo;
mod chiuso;
pub mod clock;
pub mod cornice;
pub mod doppioni;
pub mod error;
pub mod flussi;
pub mod foto;
pub mod giornale;
pub mod ids;
pub mod impronta;
pub mod iuv;
pub mod jobs;
pub mod lettere;
pub mod limits;
pub mod mie;
pub mod operatore;
pub mod opzioni;
pub mod pagamento;
pub mod porte;
pub mod posizione;
pub mod promemoria;
pub mod punti;
pub mod recupero;
pub mod registro;
pub mod ricerca;
pub mod ricevuta;
pub mod ricevute;
pub mod richiesta;
pub mod ripresa;
pub mod scrivania;
pub mod sealed;
mod specchio;
pub mod spontaneo;
pub mod stampa;
pub mod stazione;
mod ticket;
pub mod verifica;
mod viaggio;

pub use clock::Clock;
pub use error::PortalError;
pub use porte::{PortaGpd, Porte, Tempi};

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
    porte: Porte,
    clock: Clock,
    settings: Settings,
    giornale: giornale::Giornale,
    giornale_key: ids::Key,
    sealer: Sealer,
    iuv_key: ids::Key,
    richiesta_key: ids::Key,
    limits: limits::Limits,
    tickets: ticket::Tickets,
    doppioni_key: ids::Key,
    accesso_key: ids::Key,
    scrivania_key: ids::Key,
    di_ente: accesso::DiEnte,
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
    /// Every door but Checkout's is closed: see [`Portal::connected`].
    pub fn new(store: Store, checkout: Checkout, clock: Clock, settings: Settings, secret: [u8; 32]) -> Self {
        Self::connected(store, checkout, Porte::default(), clock, settings, secret)
    }

    /// With the services of pagoPA this installation may call.
    pub fn connected(store: Store, checkout: Checkout, porte: Porte, clock: Clock, settings: Settings, secret: [u8; 32]) -> Self {
        let giornale_key = ids::Key::derive(&secret, "giornale");
        let sealer = Sealer::of_secret(&secret);
        let iuv_key = ids::Key::derive(&secret, "iuv");
        let richiesta_key = ids::Key::derive(&secret, "richiesta");
        let doppioni_key = ids::Key::derive(&secret, "doppioni");
        let giornale = giornale::Giornale::default();
        let limits = limits::Limits::new(ids::Key::derive(&secret, "limiti"), limits::Regole::default());
        let tickets = ticket::Tickets::new(ids::Key::derive(&secret, "biglietti"));
        let (accesso_key, di_ente) = (ids::Key::derive(&secret, "accesso"), accesso::DiEnte::default());
        let scrivania_key = ids::Key::derive(&secret, "scrivania");
        let inner = Inner {
            store,
            checkout,
            porte,
            clock,
            settings,
            giornale,
            giornale_key,
            sealer,
            iuv_key,
            richiesta_key,
            doppioni_key,
            limits,
            tickets,
            accesso_key,
            scrivania_key,
            di_ente,
        };
        Self { inner: Arc::new(inner) }
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
