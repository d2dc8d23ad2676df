//! Each receipt fifty times, from all sides and in any order (F9): as many effects as receipts.

use super::check::{Stored, posizioni, verified};
use super::load::Load;
use super::process::Place;
use super::rng::Rng;
use super::{from_env, say};
use crate::harness::Folder;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// Of each receipt: what the Nodo sends in 48 hours, one an hour, and a little more.
const COPIES: usize = 50;
/// In `make test`; `make soak` asks for a thousand.
const RECEIPTS: u64 = 40;
const CLIENTS: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_copies_of_many_receipts_in_any_order_have_one_effect_each() {
    let receipts = usize::try_from(from_env("SPORTELLO_RECEIPTS").unwrap_or(RECEIPTS)).unwrap();
    let (mut rng, seed) = Rng::from_env();
    let (data, logs) = (Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log"));
    let (process, _) = place.start().await;
    let before = Stored::read(data.path()).await.ids();
    let load = Load::new(&place, posizioni(data.path()).await);

    let mut deliveries = Vec::new();
    for _ in 0..receipts {
        let raw = load.new_receipt(&mut rng);
        deliveries.extend(std::iter::repeat_n(raw, COPIES));
    }
    let total = deliveries.len();
    // half of them in disorder; of the other half all copies of one arrive together
    rng.shuffle(&mut deliveries[total / 2..]);
    let begun = Instant::now();
    let left = Arc::new(Mutex::new(deliveries));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (load, left) = (Arc::clone(&load), Arc::clone(&left));
        clients.spawn(async move {
            loop {
                let Some(raw) = left.lock().await.pop() else { return };
                // what a crowd is told 503 comes again, as from the Nodo
                while !load.deliver(&raw).await.unwrap() {}
            }
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
    process.kill();
    // a copy that was told 503 is kept, and not judged yet: the next start does that
    let _again = place.start().await;
    verified(data.path()).await;
    let stored = Stored::read(data.path()).await;
    let book = load.book.lock().unwrap();
    stored.assert_keeps(&book, &before);
    assert!(book.messages.values().all(|m| usize::try_from(m.answered).unwrap() == COPIES));
    let effects = stored.ids().difference(&before).count();
    say(&format!(
        "copies: {total} deliveries of {receipts} receipts in {} ms, {effects} effects, answered 503 {} (SPORTELLO_SEED={seed})",
        begun.elapsed().as_millis(),
        book.refused
    ));
    assert_eq!(effects, receipts);
}
