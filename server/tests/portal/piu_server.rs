//! Several servers on one PostgreSQL are one Sportello.

use crate::harness::{Folder, MARIA, Page, Sportello, rata, receipt};
use domain::{StatoPosizione, TipoJob};
use nodo::checkout::{Checkout, CheckoutConfig, CheckoutVersion};
use nodo::pa_for_node::client::{Check, Response, decode_response, encode_send_rt};
use nodo::pa_for_node::{Operation, SendRtRequest};
use portal::accesso::Risposta;
use portal::jobs::Runner;
use portal::{Clock, Portal, Settings};
use server::archivio::Archivio;
use server::layers::allowed::Allowed;
use server::{router, serve};
use std::net::SocketAddr;
use store::Lifecycle;
use tokio::sync::watch;

/// The station of another server on the same database, until `stop` is dropped.
struct Altro {
    station: SocketAddr,
    portal: Portal,
    _folder: Folder,
    _stop: watch::Sender<bool>,
}

async fn open(archivio: &Archivio, sportello: &Sportello) -> anyhow::Result<Portal> {
    let checkout = Checkout::new(CheckoutConfig {
        base_url: sportello.indirizzi.sandbox.join("checkout/ec")?,
        version: CheckoutVersion::V1,
        subscription_key: None,
        timeout_ms: 5_000,
        redirect_origins: vec![sportello.indirizzi.sandbox.origin().ascii_serialization()],
    })?;
    let settings = Settings { public_url: sportello.indirizzi.web.clone(), ambiente_di_prova: true };
    let clock = Clock::fixed(sportello.now())?;
    let mut porte = server::demo::porte(&sportello.indirizzi.sandbox, &clock)?;
    porte.identita = server::demo::identita(&sportello.indirizzi, &clock)?;
    serve::open_portal(archivio, checkout, porte, clock, settings).await
}

impl Altro {
    async fn beside(sportello: &Sportello) -> Self {
        let folder = Folder::new();
        std::fs::copy(sportello.folder().join("segreto"), folder.path().join("segreto")).unwrap();
        let archivio = Archivio { folder: folder.path().to_owned(), database: sportello.archivio().database };
        let portal = open(&archivio, sportello).await.unwrap();
        let listener = serve::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let station = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(server::listener::listen(
            listener,
            router::station(portal.clone(), Allowed::loopback()),
            server::listener::Chiamante::Nodo,
            stopped,
        ));
        Self { station, portal, _folder: folder, _stop: stop }
    }

    /// A receipt by this door; it must be OK.
    async fn deliver(&self, client: &reqwest::Client, request: &SendRtRequest) {
        let url = format!("http://{}/pagopa/pa", self.station);
        let request = client.post(url).header("content-type", "text/xml").body(encode_send_rt(request));
        let page = Page::of(request).await;
        let answer = decode_response(Operation::SendRtV2, &page.bytes, &Check::default()).unwrap();
        assert_eq!(answer, Response::Ok);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_database_are_one_sportello() {
    let sportello = Sportello::start_in(Folder::new().on_postgres().await).await;
    let altro = Altro::beside(&sportello).await;
    let aperti = sportello.avvisi_soli();
    assert!(aperti.len() >= 3, "{aperti:?}");
    let before = sportello.portal.store().catene().await.unwrap();
    let mut requests = Vec::new();
    for (n, avviso) in aperti.iter().enumerate() {
        let posizione = sportello.posizione(&avviso.numero).await;
        requests.push(receipt(&posizione, rata(&posizione, &avviso.numero), &format!("insieme-{n}")));
    }
    // every receipt ten times by each door, all at once
    let client = sportello.client();
    let deliveries = requests.iter().flat_map(|request| {
        let (sportello, altro) = (&sportello, &altro);
        (0..10).map(move |_| async move {
            tokio::join!(sportello.deliver(request), altro.deliver(client, request));
        })
    });
    futures::future::join_all(deliveries).await;

    for (avviso, request) in aperti.iter().zip(&requests) {
        let posizione = sportello.posizione(&avviso.numero).await;
        assert_eq!(posizione.stato, StatoPosizione::Pagata, "{}", avviso.causale);
        assert_eq!(sportello.ricevute(&avviso.numero).await.len(), 1);
        let steps = altro.portal.store().transizioni(Lifecycle::Posizione, &posizione.id).await.unwrap();
        assert_eq!(
            steps.iter().filter(|step| step.perche.starts_with("ricevuta ")).count(),
            1,
            "{}",
            request.ricevuta.receipt_id
        );
    }
    let after = altro.portal.store().catene().await.unwrap();
    let links = |ends: &[store::Capo]| ends.iter().filter(|end| end.nome != "audit").map(|end| end.seq).sum::<i64>();
    assert_eq!(links(&after) - links(&before), i64::try_from(aperti.len()).unwrap(), "one link for each receipt");
    assert_eq!(sportello.in_inbox("RIPETUTO").await, i64::try_from(aperti.len()).unwrap() * 19);
}

/// A balancer sends each request where it likes.
#[tokio::test]
async fn who_came_in_by_one_server_is_in_by_the_other_and_goes_out_of_both() {
    let sportello = Sportello::start_in(Folder::new().on_postgres().await).await;
    let altro = Altro::beside(&sportello).await;
    let mut browser = sportello.browser();
    let question = browser.ask("/accesso/vai?con=spid").await;
    let asked = browser.kept("a").unwrap();
    let back = browser.identify(&question, MARIA).await;
    let url = sportello.indirizzi.web.join(&back).unwrap();
    let value = |name: &str| url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    let risposta =
        Risposta { state: value("state").unwrap(), code: value("code").unwrap(), error: String::new(), iss: value("iss") };
    let sessione = altro.portal.finish_accesso(Some(&asked), &risposta, None).await.unwrap().esito.unwrap().sessione;
    assert_eq!(browser.get(&back).await.status, 403, "the answer was taken there");
    browser.keep(&format!("p={sessione}"));
    assert!(browser.get("/mie").await.has("Maria Rossi"));
    let persona = altro.portal.persona(&sessione).await.unwrap().unwrap();
    altro.portal.esci(&persona).await.unwrap();
    assert_eq!(browser.get("/mie").await.status, 303);
}

#[tokio::test]
async fn a_server_without_the_secret_or_with_another_is_refused() {
    let sportello = Sportello::start_in(Folder::new().on_postgres().await).await;
    let folder = Folder::new();
    let archivio = Archivio { folder: folder.path().to_owned(), database: sportello.archivio().database };
    let refused = open(&archivio, &sportello).await.unwrap_err().to_string();
    assert!(refused.contains("segreto is missing") && refused.contains("a copy of another server's"), "{refused}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and none is drawn");
    std::fs::write(folder.path().join("segreto"), [7; 32]).unwrap();
    let refused = open(&archivio, &sportello).await.unwrap_err().to_string();
    assert!(refused.contains("is not the secret this database was begun with"), "{refused}");
}

/// An address of the database with a slip in it leads to an empty one: nothing is begun there with a secret that was drawn for another.
#[tokio::test]
async fn a_server_with_a_secret_begins_no_other_database() {
    let sportello = Sportello::start_in(Folder::new().on_postgres().await).await;
    let empty = Folder::new().on_postgres().await;
    std::fs::copy(sportello.folder().join("segreto"), empty.path().join("segreto")).unwrap();
    let refused = open(&empty.archivio(), &sportello).await.unwrap_err().to_string();
    assert!(refused.contains("was drawn for a database") && refused.contains("dati.database is the right one"), "{refused}");
    assert_eq!(empty.database().unwrap().open().await.unwrap().table_in_use().await.unwrap(), None, "nothing is written there");
    // really new: said by taking the secret away
    std::fs::remove_file(empty.path().join("segreto")).unwrap();
    open(&empty.archivio(), &sportello).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runners_on_one_database_do_each_job_once() {
    let sportello = Sportello::start_in(Folder::new().on_postgres().await).await;
    let altro = Altro::beside(&sportello).await;
    let (one, two) = (Runner::new(sportello.portal.clone(), "uno"), Runner::new(altro.portal.clone(), "due"));
    let (by_one, by_two) = tokio::join!(one.run_due(), two.run_due());
    let counts = sportello.portal.store().job_counts().await.unwrap();
    let told = counts.iter().find(|(tipo, ..)| tipo == TipoJob::AllineaPosizione.as_str()).map_or(0, |(.., count)| *count);
    assert!(told > 10, "every open position of the demo is mirrored: {counts:?}");
    // nobody paid: there is no letter
    let kinds = TipoJob::ALL.len() - 2;
    assert_eq!(by_one + by_two, kinds + usize::try_from(told).unwrap(), "one of each other kind is due at the start: {counts:?}");
    assert!(counts.iter().all(|(_, stato, count)| stato == "FATTO" && (*count == 1 || *count == told)), "{counts:?}");
    assert_eq!(counts.len(), kinds + 1, "{counts:?}");
    assert_eq!(one.run_due().await + two.run_due().await, 0, "nothing is left, and nothing is done twice: {counts:?}");
}
