//! What stopped and waits for a person: the operator sees it, decides, and is written down; beside a server at work.

use crate::backup::{done, entries, of, sportello, told};
use crate::harness::{Folder, Sportello, VALDORIA, receipt};
use domain::TipoJob;
use nodo::pa_for_node::client::encode_send_rt;
use serde_json::{Value, json};
use std::path::Path;
use store::{NewJob, Store};

/// It must end with 1 and say why; what was printed.
fn fails(arguments: &[&str], data: (&str, &Path), why: &str) -> String {
    let output = sportello(arguments, &[data]);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    assert!(said.contains(why), "{why}: {said}");
    said
}

/// A job that died, as [`portal::jobs`] leaves it.
pub async fn dead(store: &Store, id: &str) {
    let tipo = TipoJob::ControllaIban;
    let job = NewJob {
        id: id.to_owned(),
        tipo,
        chiave: id.to_owned(),
        ente: Some(domain::CodiceFiscaleEnte::parse(VALDORIA).unwrap()),
        payload: "{}".to_owned(),
        priorita: tipo.priorita(),
        delay_ms: 0,
    };
    let mut tx = store.begin().await.unwrap();
    assert!(tx.enqueue(&job).await.unwrap());
    tx.commit().await.unwrap();
    let held = store.claim_job(&[tipo], "uno", 60_000).await.unwrap().unwrap();
    assert_eq!(held.id, id);
    let mut tx = store.begin().await.unwrap();
    tx.bury_job(&held.id, held.fence, "pagoPA says 401").await.unwrap();
    tx.commit().await.unwrap();
}

/// What the operator did, oldest first: action, subject, details.
async fn audited(store: &Store) -> Vec<(String, String, Value)> {
    let mut rows = Vec::new();
    for link in store.anelli("audit", 0, 100).await.unwrap() {
        let row = store.audit(&link.soggetto).await.unwrap().unwrap();
        assert_eq!(row.chi, "comando");
        // how the demo began
        if ["demo.semina", "ente.aspetto"].contains(&row.azione.as_str()) {
            continue;
        }
        rows.push((row.azione, row.soggetto, serde_json::from_str(&row.dettaglio).unwrap()));
    }
    rows
}

async fn a_dead_job_is_tried_anew_or_settled(at_work: Sportello) {
    let folder = Folder::new();
    let (how, path) = of(&at_work, folder.path());
    let (data, store) = ((how, path.as_path()), at_work.portal.store());
    assert!(done(&["job", "list"], &[data]).contains("0 jobs dead or overdue"));
    for id in ["j-1", "j-2"] {
        dead(store, id).await;
    }
    let list = done(&["job", "list"], &[data]);
    for said in [
        "CONTROLLA_IBAN j-1 MORTO since 0 min, 1 tries, ente ",
        &format!("ente {VALDORIA}: pagoPA says 401"),
        "CONTROLLA_IBAN j-2",
        "2 jobs dead or overdue",
    ] {
        assert!(list.contains(said), "{said} is not in {list}");
    }
    assert!(fails(&["verify"], data, "1 open: I8").contains("CONTROLLA_IBAN j-1: dead"));

    done(&["job", "retry", "j-1"], &[data]);
    done(&["job", "settle", "j-2", "--because", "chiesto a pagoPA, rifatto a mano"], &[data]);
    for again in [&["job", "retry", "j-1"][..], &["job", "settle", "j-2", "--because", "x"], &["job", "retry", "nessuno"]] {
        fails(again, data, "there is no dead job with the id");
    }
    assert!(done(&["job", "list"], &[data]).contains("0 jobs dead or overdue"));
    assert!(done(&["verify"], &[data]).contains("I8  ok"));
    // due at once, with all its tries before it
    let held = store.claim_job(&[TipoJob::ControllaIban], "due", 60_000).await.unwrap().unwrap();
    assert_eq!((held.id.as_str(), held.tentativi), ("j-1", 1));
    assert_eq!(
        audited(store).await,
        [
            ("job.riprova".to_owned(), "j-1".to_owned(), json!({})),
            ("job.risolvi".to_owned(), "j-2".to_owned(), json!({ "perche": "chiesto a pagoPA, rifatto a mano" })),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_job_of_sqlite_is_tried_anew_or_settled_beside_a_server_at_work() {
    a_dead_job_is_tried_anew_or_settled(Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_job_of_postgres_is_tried_anew_or_settled_beside_a_server_at_work() {
    a_dead_job_is_tried_anew_or_settled(Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_something_is_settled_names_nobody_and_is_one_line() {
    let at_work = Sportello::start_on_sqlite().await;
    dead(at_work.portal.store(), "j-1").await;
    let data = ("--data", at_work.folder());
    let long = "x".repeat(141);
    for because in ["", "  ", "due\nrighe", "di RSSMRA85T10A562S", &long] {
        let refused = sportello(&["job", "settle", "j-1", "--because", because], &[data]);
        assert_eq!(refused.status.code(), Some(2), "{because:?}: {}", told(&refused));
    }
    let refused = sportello(&["job", "settle", "j-1"], &[data]);
    assert_eq!(refused.status.code(), Some(2), "without a reason: {}", told(&refused));
    assert!(done(&["job", "list"], &[data]).contains("1 jobs dead"));
    done(&["job", "settle", "j-1", "--because", "prova finita"], &[data]);
}

async fn what_is_in_quarantine_is_looked_at_and_settled(at_work: Sportello) {
    let folder = Folder::new();
    let (how, path) = of(&at_work, folder.path());
    let (data, store) = ((how, path.as_path()), at_work.portal.store());
    let numero = at_work.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Mensa")).numero;
    let posizione = at_work.posizione(&numero).await;
    let first = receipt(&posizione, &posizione.rate[0], "rt-uno");
    at_work.deliver(&first).await;
    let mut other = first.clone();
    other.ricevuta.debitore.nome = "Qualcun Altro".into();
    at_work.deliver(&other).await;
    assert_eq!(at_work.in_inbox("QUARANTENA").await, 1);

    let list = done(&["inbox", "list"], &[data]);
    assert!(list.contains("1 messages in quarantine") && list.contains("same receiptId as another receipt"), "{list}");
    assert!(!list.contains("Qualcun"), "{list}");
    let id = list.split(' ').next().unwrap();
    let to = folder.path().join("messaggio.xml");
    let shown = done(&["inbox", "show", id], &[data, ("--to", &to)]);
    assert!(shown.contains("settled because: -") && !shown.contains("Qualcun"), "{shown}");
    assert_eq!(std::fs::read(&to).unwrap(), encode_send_rt(&other), "byte by byte, as it came");
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    fails(&["inbox", "show", id, "--to", to.to_str().unwrap()], data, "making");
    let nowhere = folder.path().join("niente.xml");
    fails(&["inbox", "show", "nessuno", "--to", nowhere.to_str().unwrap()], data, "there is no message in quarantine");
    assert!(!entries(folder.path()).contains(&"niente.xml".to_owned()));

    assert!(done(&["verify"], &[data]).contains("1 in quarantine, 0 settled"));
    done(&["inbox", "settle", id, "--because", "il PSP ha confermato la prima"], &[data]);
    fails(&["inbox", "settle", id, "--because", "x"], data, "there is no message that waits in quarantine");
    assert!(done(&["inbox", "list"], &[data]).contains("0 messages in quarantine"));
    assert!(done(&["verify"], &[data]).contains("0 in quarantine, 1 settled"));
    assert_eq!((at_work.in_inbox("QUARANTENA").await, at_work.in_inbox("RISOLTO").await), (0, 1));
    // it stays, and so does what was said of it
    let again = folder.path().join("ancora.xml");
    let shown = done(&["inbox", "show", id], &[data, ("--to", &again)]);
    assert!(shown.contains("settled because: il PSP ha confermato la prima"), "{shown}");
    let actions: Vec<_> = audited(store).await.into_iter().map(|(azione, soggetto, _)| (azione, soggetto == id)).collect();
    let did = ["inbox.mostra", "inbox.risolvi", "inbox.mostra"].map(|azione| (azione.to_owned(), true));
    assert_eq!(actions, did);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quarantine_on_sqlite_is_looked_at_and_settled_beside_a_server_at_work() {
    what_is_in_quarantine_is_looked_at_and_settled(Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quarantine_on_postgres_is_looked_at_and_settled_beside_a_server_at_work() {
    what_is_in_quarantine_is_looked_at_and_settled(Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

/// The figure that an alarm looks at goes back to 0: a gauge that nobody sets keeps what it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metrics_of_a_quarantine_that_was_settled_alarm_nobody() {
    use crate::guasti::process::{Place, client};
    let (folder, logs) = (Folder::new(), Folder::new());
    let place = Place::new(folder.path(), &logs.path().join("log"));
    let (_process, _) = place.start().await;
    let metrics = async || client().get(place.url(3, "/metrics")).send().await.unwrap().text().await.unwrap();
    let store = folder.archivio().open_existing().await.unwrap();
    let (id, at) = ("m-1".to_owned(), portal::Clock::system().unwrap().now());
    let sha256 = portal::ids::sha256_hex(b"x");
    let operazione = "paSendRTV2".to_owned();
    let message = store::NewInbox { id, received_at: at, peer: None, operazione, raw: b"x", sha256: &sha256 };
    store.keep(&message).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.settle_inbox("m-1", store::EsitoInbox::Quarantena, Some("not XML")).await.unwrap();
    tx.commit().await.unwrap();
    let before = metrics().await;
    assert!(before.contains("sportello_inbox_messages{esito=\"QUARANTENA\"} 1"), "{before}");
    done(&["inbox", "settle", "m-1", "--because", "prova"], &[("--data", folder.path())]);
    let after = metrics().await;
    for line in ["sportello_inbox_messages{esito=\"QUARANTENA\"} 0", "sportello_inbox_messages{esito=\"RISOLTO\"} 1"] {
        assert!(after.contains(line), "{line}: {after}");
    }
}
