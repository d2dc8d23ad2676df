//! A demo on free ports, in a folder of its own, seen from outside: a browser, the Nodo, a counter where one pays.

mod browser;
mod certificati;
mod folder;
mod html;
mod identita;
mod soap;
mod viaggio;

pub use browser::{Browser, Page};
pub use certificati::{Autorita, Cliente, Dati, FORWARDER, Identita};
pub use folder::Folder;
pub use html::{Tag, start_tags};
pub use identita::{LUCA, MARIA};
pub use soap::{addressed, get_payment, receipt, verify};
pub use viaggio::{PASTI, form, form_but};

use domain::{CodiceFiscaleEnte, Ente, NumeroAvviso, Posizione, Rata};
use jiff::{SignedDuration, Timestamp};
use portal::{Clock, Portal};
use serde::Deserialize;
use serde_json::{Value, json};
use server::archivio::Archivio;
use server::demo::{self, Indirizzi, Listeners};
use std::any::Any;
use std::path::Path;
use std::time::Duration;
use store::{RicevutaRow, Tentativo};
use tokio::sync::watch;

pub const VALDORIA: &str = "80001230459";
pub const PIETRALTA: &str = "90012340569";
/// Ten in the morning in Rome, on a Monday.
const ORA: &str = "2026-11-23T09:00:00Z";

/// A Sportello that serves until it is dropped.
#[derive(Debug)]
pub struct Sportello {
    pub portal: Portal,
    pub indirizzi: Indirizzi,
    client: reqwest::Client,
    folder: Folder,
    _stop: watch::Sender<bool>,
}

/// A notice as `demo.json` tells it.
#[derive(Clone, Debug, Deserialize)]
pub struct Avviso {
    pub numero: String,
    pub codice_fiscale_debitore: String,
    pub importo_cents: i64,
    pub stato: String,
    pub bollo: bool,
    pub causale: String,
}

impl Sportello {
    pub async fn start() -> Self {
        Self::start_in(Folder::new().with_database().await).await
    }

    /// On SQLite, whatever the other stories are told on: for who looks into the file.
    pub async fn start_on_sqlite() -> Self {
        Self::start_in(Folder::new()).await
    }

    /// On a folder that may have been used before.
    pub async fn start_in(folder: Folder) -> Self {
        let clock = Clock::fixed(ORA.parse().unwrap()).unwrap();
        let demo = demo::prepare(&folder.archivio(), Listeners::bind(0).await.unwrap(), clock).await.unwrap();
        let (portal, indirizzi) = (demo.portal.clone(), demo.indirizzi.clone());
        let client = nodo::http::client(&indirizzi.sandbox, Duration::from_secs(30)).unwrap();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(demo.serve(stopped));
        Self { portal, indirizzi, client, folder, _stop: stop }
    }

    /// Stops serving and gives the folder back.
    pub fn into_folder(mut self) -> Folder {
        std::mem::replace(&mut self.folder, Folder::new())
    }

    pub fn archivio(&self) -> Archivio {
        self.folder.archivio()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Nobody can write until what this gives is dropped; reading goes on.
    pub async fn hold_writes(&self) -> Box<dyn Any> {
        match self.folder.database() {
            // the one turn to write
            None => Box::new(self.portal.store().begin().await.unwrap()),
            Some(place) => {
                let mut stranger = place.stranger().await;
                let hold = "BEGIN; LOCK TABLE inbox, posizioni, installazione IN EXCLUSIVE MODE";
                sqlx::raw_sql(hold).execute(&mut stranger).await.unwrap();
                Box::new(stranger)
            }
        }
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Of the portal's own pages.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.indirizzi.web.as_str().trim_end_matches('/'))
    }

    pub fn sandbox_url(&self, path: &str) -> String {
        format!("{}{path}", self.indirizzi.sandbox.as_str().trim_end_matches('/'))
    }

    /// Lets time pass.
    pub fn later(&self, minutes: i64) {
        let clock = self.portal.clock();
        clock.set(clock.now() + SignedDuration::from_mins(minutes));
    }

    pub fn now(&self) -> Timestamp {
        self.portal.clock().now()
    }

    pub fn demo_json(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder.path().join("demo.json")).unwrap()).unwrap()
    }

    /// All notices that `demo.json` lists.
    pub fn avvisi(&self) -> Vec<Avviso> {
        serde_json::from_value(self.demo_json()["avvisi"].clone()).unwrap()
    }

    /// A notice in that state, without a revenue stamp; always the same one.
    pub fn avviso(&self, stato: &str) -> Avviso {
        let mut avvisi: Vec<_> = self.avvisi().into_iter().filter(|a| a.stato == stato && !a.bollo).collect();
        avvisi.sort_by(|a, b| (&a.causale, a.importo_cents).cmp(&(&b.causale, b.importo_cents)));
        avvisi.into_iter().next().expect("the demo has such a notice")
    }

    /// The open ones that are the only way to pay their debt: paying one closes no other.
    pub fn avvisi_soli(&self) -> Vec<Avviso> {
        let avvisi = self.avvisi();
        let is_alone = |a: &&Avviso| avvisi.iter().filter(|b| b.causale == a.causale).count() == 1;
        avvisi.iter().filter(|a| a.stato == "APERTA").filter(is_alone).cloned().collect()
    }

    pub fn find_avviso(&self, is_it: impl Fn(&Avviso) -> bool) -> Avviso {
        self.avvisi().into_iter().find(is_it).expect("the demo has such a notice")
    }

    pub async fn ente(&self, slug: &str) -> Ente {
        self.portal.ente(slug).await.unwrap().unwrap()
    }

    /// Every position of an ente, drafts included.
    pub async fn posizioni(&self, ente: &str) -> Vec<Posizione> {
        self.portal.store().list_posizioni(&CodiceFiscaleEnte::parse(ente).unwrap(), 10_000).await.unwrap()
    }

    /// The position of a notice of Valdoria.
    pub async fn posizione(&self, numero: &str) -> Posizione {
        let (ente, numero) = (CodiceFiscaleEnte::parse(VALDORIA).unwrap(), NumeroAvviso::parse(numero).unwrap());
        self.portal.store().posizione_by_avviso(&ente, &numero).await.unwrap().unwrap()
    }

    /// The notice number of the demo's draft: nobody outside may know that it is there.
    pub async fn numero_in_bozza(&self) -> String {
        let posizioni = self.posizioni(VALDORIA).await;
        posizioni.iter().find(|p| p.stato == domain::StatoPosizione::Bozza).unwrap().rate[0].numero.to_string()
    }

    /// Receipts of a notice of Valdoria, in the order they came.
    pub async fn ricevute(&self, numero: &str) -> Vec<RicevutaRow> {
        let (ente, numero) = (CodiceFiscaleEnte::parse(VALDORIA).unwrap(), NumeroAvviso::parse(numero).unwrap());
        self.portal.store().ricevute_of_avviso(&ente, &numero).await.unwrap()
    }

    /// Trips to Checkout with a notice of Valdoria.
    pub async fn tentativi(&self, numero: &str) -> Vec<Tentativo> {
        let (ente, numero) = (CodiceFiscaleEnte::parse(VALDORIA).unwrap(), NumeroAvviso::parse(numero).unwrap());
        self.portal.store().begin().await.unwrap().tentativi_of_avviso(&ente, &numero).await.unwrap()
    }

    /// How many messages of the inbox have that outcome.
    pub async fn in_inbox(&self, esito: &str) -> i64 {
        let counts = self.portal.store().inbox_counts().await.unwrap();
        counts.into_iter().find(|(name, _)| name == esito).map_or(0, |(_, count)| count)
    }

    /// Pays at a counter, through the Nodo; the sandbox's account of it.
    pub async fn pay_elsewhere(&self, numero: &str, extra: Value) -> Value {
        let mut body = json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": numero });
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let answer = self.client.post(self.sandbox_url("/psp/pay")).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{body}");
        answer.json().await.unwrap()
    }

    /// How Checkout behaves from now on: a value of `sandbox::GuastoCarts`.
    pub async fn break_checkout(&self, guasto: &str) {
        let body = json!({ "carts": guasto });
        let answer = self.client.post(self.sandbox_url("/guasti")).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{guasto}");
    }
}

/// Every story ends with every invariant intact, whatever happened in it.
impl Drop for Sportello {
    fn drop(&mut self) {
        let archivio = self.folder.archivio();
        if std::thread::panicking() || !self.folder.path().join("demo.json").exists() {
            return;
        }
        let now = self.now();
        // a runtime of its own: this one may be waiting for the story to end
        let checked = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let store = archivio.open_existing().await.unwrap();
                portal::verifica::verify(&store, now).await.unwrap()
            })
        });
        for prova in checked.join().unwrap() {
            assert!(prova.vale(), "{prova}");
        }
    }
}

/// The option of a position that a notice number names.
pub fn rata<'a>(posizione: &'a Posizione, numero: &str) -> &'a Rata {
    posizione.rata(&NumeroAvviso::parse(numero).unwrap()).unwrap()
}
