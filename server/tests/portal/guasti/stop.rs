//! Told to stop (F22): what was accepted is answered, the process ends by itself with 0, the next one serves at once.

use super::check::{Stored, posizioni, verified};
use super::held::hold;
use super::load::Load;
use super::process::{Place, client};
use super::rng::Rng;
use super::say;
use crate::harness::{Folder, PASTI, form};
use sqlx::Executor as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// `server::serve` waits 15 s for who is slow; the rest is for a busy machine.
const STOP_MAX: Duration = Duration::from_secs(20);
const CLIENTS: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_answers_what_it_has_accepted_and_takes_nothing_more() {
    let (data, logs) = (Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log"));
    let (mut process, _) = place.start().await;
    let before = Stored::read(data.path()).await.ids();
    let load = Load::new(&place, posizioni(data.path()).await);
    let mut rng = Rng::new(5);
    // one that has sent half of its receipt
    let raw = load.new_receipt(&mut rng);
    load.book.lock().unwrap().sending(&raw);
    let mut half = TcpStream::connect(place.address(1)).await.unwrap();
    let head = format!("POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", raw.len());
    half.write_all(head.as_bytes()).await.unwrap();
    half.write_all(&raw[..raw.len() / 2]).await.unwrap();
    // and some that wait for the database
    let mut held = hold(data.path()).await;
    let mut waiting = JoinSet::new();
    for _ in 0..12 {
        let (load, raw) = (Arc::clone(&load), load.new_receipt(&mut rng));
        waiting.spawn(async move { assert!(load.deliver(&raw).await.unwrap()) });
    }
    for _ in 0..3 {
        let request = client().post(place.url(0, PASTI)).form(&form());
        waiting.spawn(async move { assert_eq!(request.send().await.unwrap().status(), 303) });
    }
    sleep(Duration::from_millis(400)).await;
    process.signal("-TERM");
    let begun = Instant::now();
    sleep(Duration::from_millis(200)).await;
    assert!(TcpStream::connect(place.address(1)).await.is_err(), "nobody new is let in");
    assert!(process.ended().is_none(), "there is work under way");
    // the next one is started already: it has the ports, and waits for the folder
    let mut next = place.spawn();
    held.execute("ROLLBACK").await.unwrap();
    drop(held);
    while let Some(answered) = waiting.join_next().await {
        answered.unwrap();
    }
    half.write_all(&raw[raw.len() / 2..]).await.unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("<outcome>OK</outcome>"), "{answer}");
    load.book.lock().unwrap().answered(&raw);
    let ended = process.wait(STOP_MAX).await.expect("it is still there");
    assert!(ended.success() && begun.elapsed() < STOP_MAX, "{ended}: {}", place.log_text());
    place.until_it_answers(&mut next).await;
    load.a_receipt(&mut rng).await;
    next.kill();
    verified(data.path()).await;
    let stored = Stored::read(data.path()).await;
    let book = load.book.lock().unwrap();
    assert_eq!(book.acknowledged(), 14);
    stored.assert_keeps(&book, &before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_again_and_again_under_load_it_loses_nothing_and_the_next_one_serves() {
    let (data, logs) = (Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log"));
    let (mut process, _) = place.start().await;
    let before = Stored::read(data.path()).await.ids();
    let load = Load::new(&place, posizioni(data.path()).await);
    let (mut rng, seed) = Rng::from_env();
    let mut worst = Duration::ZERO;
    for _ in 0..10 {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (load, rng) = (Arc::clone(&load), rng.fork());
                tokio::spawn(async move { load.work(rng).await })
            })
            .collect();
        sleep(Duration::from_millis(u64::try_from(100 + rng.below(200)).unwrap())).await;
        process.signal("-TERM");
        let begun = Instant::now();
        let ended = process.wait(STOP_MAX).await.expect("it is still there");
        assert!(ended.success(), "{ended}: {}", place.log_text());
        worst = worst.max(begun.elapsed());
        for client in clients {
            client.await.unwrap();
        }
        process = place.start().await.0;
        let stored = Stored::read(data.path()).await;
        let book = load.book.lock().unwrap();
        stored.assert_keeps(&book, &before);
        stored.assert_answered(&book);
    }
    let unanswered = load.book.lock().unwrap().unanswered().len();
    load.deliver_again().await;
    verified(data.path()).await;
    let book = load.book.lock().unwrap();
    say(&format!(
        "stop: 10 times under load, receipts acknowledged {}, taken and not answered 0, turned away {unanswered}, \
         longest stop {} ms (SPORTELLO_SEED={seed})",
        book.acknowledged(),
        worst.as_millis()
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_never_finishes_a_request_does_not_keep_it_from_stopping() {
    let (data, logs) = (Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log"));
    let (mut process, _) = place.start().await;
    let mut open = Vec::new();
    for port in 0..4 {
        for part in ["", "POST /pagopa/pa HT", "POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"] {
            let mut stream = TcpStream::connect(place.address(port)).await.unwrap();
            stream.write_all(part.as_bytes()).await.unwrap();
            open.push(stream);
        }
    }
    sleep(Duration::from_millis(200)).await;
    process.signal("-TERM");
    let ended = process.wait(STOP_MAX).await;
    assert!(ended.is_some_and(|ended| ended.success()), "{ended:?} after {STOP_MAX:?}: {}", place.log_text());
    drop(open);
}
