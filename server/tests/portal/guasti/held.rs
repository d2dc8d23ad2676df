//! Somebody else holds the database (F6): a backup, a curious operator, a program that hangs.

use super::check::{Stored, posizioni, verified};
use super::load::Load;
use super::process::{Place, client};
use super::rng::Rng;
use crate::harness::{Folder, PASTI, form};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Executor as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The store waits 2 s for a lock; the rest is for a busy machine.
const ONE_ANSWER_MAX: Duration = Duration::from_secs(5);
/// Those behind wait for their turn as well, 5 s at most, and then for the lock; the Nodo waits for 15 s.
const LAST_ANSWER_MAX: Duration = Duration::from_secs(10);

/// Another program with the database open, and everything in it to itself.
pub async fn hold(data: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data.join("sportello.db")).busy_timeout(Duration::from_secs(10));
    let mut held = SqliteConnection::connect_with(&options).await.unwrap();
    held.execute("BEGIN EXCLUSIVE").await.unwrap();
    held
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_somebody_holds_the_database_receipts_get_503_in_time_and_are_taken_afterwards() {
    let (data, logs) = (Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log"));
    let (process, _) = place.start().await;
    let before = Stored::read(data.path()).await.ids();
    let load = Load::new(&place, posizioni(data.path()).await);
    let mut rng = Rng::new(3);
    load.a_receipt(&mut rng).await;

    let mut held = hold(data.path()).await;
    let begun = Instant::now();
    assert!(!load.deliver(&load.new_receipt(&mut rng)).await.unwrap());
    assert!(begun.elapsed() < ONE_ANSWER_MAX, "{:?}", begun.elapsed());

    let mut clients = JoinSet::new();
    for _ in 0..20 {
        let (load, raw) = (Arc::clone(&load), load.new_receipt(&mut rng));
        clients.spawn(async move {
            let begun = Instant::now();
            assert!(!load.deliver(&raw).await.unwrap());
            begun.elapsed()
        });
    }
    // reading waits for nobody
    let begun = Instant::now();
    assert_eq!(client().get(place.url(0, "/valdoria")).send().await.unwrap().status(), 200);
    assert!(place.is_ready().await);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(client().post(place.url(0, PASTI)).form(&form()).send().await.unwrap().status(), 503);
    while let Some(took) = clients.join_next().await {
        let took = took.unwrap();
        assert!(took < LAST_ANSWER_MAX, "{took:?}");
    }

    held.execute("ROLLBACK").await.unwrap();
    held.close().await.unwrap();
    load.deliver_again().await;
    load.a_receipt(&mut rng).await;
    assert_eq!(client().post(place.url(0, PASTI)).form(&form()).send().await.unwrap().status(), 303);
    process.kill();
    verified(data.path()).await;
    let stored = Stored::read(data.path()).await;
    let book = load.book.lock().unwrap();
    stored.assert_keeps(&book, &before);
    assert_eq!((book.acknowledged(), book.refused), (23, 21));
}
