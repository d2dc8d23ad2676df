//! Certificates change while the station works (F17): SIGHUP reads them again, and nobody is turned away meanwhile.

use super::serve::Serve;
use crate::harness::{Autorita, Cliente, Dati, FORWARDER, Folder, Identita, Sportello, verify};
use nodo::pa_for_node::client::encode_verify_request;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

const READ_AGAIN: &str = "certificate and keys were read again";
const KEPT: &str = "keeps the certificate and keys it had";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn certificates_change_under_load_and_broken_ones_change_nothing() {
    let sportello = Sportello::start_on_sqlite().await;
    let ask: Arc<[u8]> = encode_verify_request(&verify(&sportello.avviso("APERTA").numero)).into();
    let data = sportello.into_folder();
    let files = Folder::new();
    let (certificate, key, ca) =
        (files.path().join("certificato.pem"), files.path().join("chiave.pem"), files.path().join("ca.pem"));
    let (ours, pagopa, successor) = (Autorita::new("Nostra"), Autorita::new("Di pagoPA"), Autorita::new("Di pagoPA, poi"));
    let now = portal::Clock::system().unwrap().today();
    let day = |days: i64| now.checked_add(jiff::Span::new().days(days)).unwrap();
    let until = |date: jiff::civil::Date| {
        let to = (i32::from(date.year()), u8::try_from(date.month()).unwrap(), u8::try_from(date.day()).unwrap());
        ours.sign(&Dati { to, ..Dati::server("localhost") })
    };
    until(day(10)).write(&certificate, &key);
    std::fs::write(&ca, pagopa.pem()).unwrap();
    let (old, new) = (pagopa.sign(&Dati::client(FORWARDER)), successor.sign(&Dati::client(FORWARDER)));
    let serve = Serve::start_tls(data.path(), files.path(), "ulimit -c 0").await;
    serve.until(|| serve.log().contains("is about to expire")).await;

    let station = serve.station;
    let mut kept = Cliente::open(station, Some(&old), &ours.der()).await.unwrap();
    assert_eq!(kept.post(&ask).await.unwrap().0, 200);

    // new connections all the while, one after the other: none may be refused
    let (running, asked) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU32::new(0)));
    let nodo = tokio::spawn({
        let (running, asked, ask, old, root) =
            (Arc::clone(&running), Arc::clone(&asked), Arc::clone(&ask), old.clone(), ours.der());
        async move {
            while running.load(Ordering::SeqCst) {
                let mut client = Cliente::open(station, Some(&old), &root).await.unwrap();
                assert_eq!(client.post(&ask).await.unwrap().0, 200);
                asked.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    for _ in 0..5 {
        let before = asked.load(Ordering::SeqCst);
        until(day(90)).write(&certificate, &key);
        serve.hang_up(READ_AGAIN).await;
        serve.until(|| asked.load(Ordering::SeqCst) >= before + 3 || nodo.is_finished()).await;
    }
    running.store(false, Ordering::SeqCst);
    nodo.await.unwrap();
    let metrics = serve.metrics().await;
    let days =
        metrics.lines().find_map(|line| line.strip_prefix("sportello_station_certificate_days_left ")).expect("it is told");
    assert!((88..=90).contains(&days.parse::<i32>().unwrap()), "{days}");

    // another authority of pagoPA: the old certificate opens nothing new, what is open stays open
    std::fs::write(&ca, successor.pem()).unwrap();
    serve.hang_up(READ_AGAIN).await;
    let answered = async |who: &Identita| match Cliente::open(station, Some(who), &ours.der()).await {
        Ok(mut client) => client.post(&ask).await.is_ok_and(|(status, _)| status == 200),
        Err(_) => false,
    };
    assert!(answered(&new).await && !answered(&old).await);
    assert_eq!(kept.post(&ask).await.unwrap().0, 200, "the session survives");

    // files that are no good: what was read before stays
    let good = until(day(90));
    for (what, broken, path) in [
        ("the key of another", until(day(90)).key_pem, &key),
        ("no key", String::new(), &key),
        ("an expired certificate", until(day(-1)).pem, &certificate),
        ("no certificate", String::new(), &certificate),
        ("an authority that is none", good.pem.clone(), &ca),
        ("half a file", successor.pem()[..200].to_owned(), &ca),
    ] {
        good.write(&certificate, &key);
        std::fs::write(&ca, successor.pem()).unwrap();
        std::fs::write(path, broken).unwrap();
        serve.hang_up(KEPT).await;
        assert!(answered(&new).await && !answered(&old).await, "{what}");
    }
    let errors: Vec<_> = serve.log().lines().filter(|line| line.contains(KEPT)).map(str::to_owned).collect();
    assert!(errors.len() == 6 && errors.iter().all(|line| line.contains("ERROR")), "{errors:?}");
    assert!(!serve.log().contains("PRIVATE KEY") && !serve.log().contains("panicked"), "{}", serve.log());
    assert_eq!(kept.post(&ask).await.unwrap().0, 200);
}

#[tokio::test]
async fn behind_a_proxy_there_is_nothing_to_read_again_and_nothing_ends() {
    let sportello = Sportello::start_on_sqlite().await;
    let ask = encode_verify_request(&verify(&sportello.avviso("APERTA").numero));
    let data = sportello.into_folder();
    let files = Folder::new();
    let serve = Serve::start(data.path(), files.path(), "tls_by_proxy = true\n", "ulimit -c 0").await;
    assert!(serve.log().contains("speaks plain HTTP"), "{}", serve.log());
    serve.hang_up("there is no certificate to read again").await;
    let client = nodo::http::client(&"http://127.0.0.1/".parse().unwrap(), super::serve::PATIENCE).unwrap();
    let answer = client.post(format!("http://{}/pagopa/pa", serve.station)).body(ask).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}
