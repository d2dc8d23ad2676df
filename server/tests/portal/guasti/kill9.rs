//! SIGKILL at any instant, again and again, on one folder (F1, F2 of the fault list): what was answered OK is never lost.

use super::check::{Stored, posizioni, verified};
use super::load::Load;
use super::process::{Place, Process};
use super::rng::Rng;
use super::{from_env, say};
use crate::harness::Folder;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// In `make test`; `make soak` asks for more.
const ROUNDS: u64 = 100;
/// Whoever calls at the same time.
const CLIENTS: usize = 8;
/// A load is killed within this many milliseconds: enough for some dozens of requests, so that rounds end in different places.
const LOAD_MS: usize = 150;
/// Of a start that is killed as well. A start takes about 30 ms.
const START_MS: usize = 40;
/// The check reads everything: a fresh folder now and then keeps rounds short.
pub const ROUNDS_OF_A_FOLDER: u64 = 50;
/// Citizens' new positions become something to pay this often.
const LOOK_EVERY: u64 = 5;
/// Far above what it takes (the last line of the story says how much), for a machine that does ten other things.
const RESTART_MAX: Duration = Duration::from_secs(10);

/// What was seen.
#[derive(Debug, Default)]
pub struct Tally {
    pub rounds: u64,
    killed_while_starting: u64,
    pub acknowledged: usize,
    pub stored: usize,
    pub lost: usize,
    pages: usize,
    refused: u64,
    pub worst_restart: Duration,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sportello_killed_at_any_instant_keeps_every_receipt_it_said_ok_to() {
    let rounds = from_env("SPORTELLO_ROUNDS").unwrap_or(ROUNDS);
    let (mut rng, seed) = Rng::from_env();
    say(&format!("kill -9: {rounds} rounds, SPORTELLO_SEED={seed}"));
    let begun = Instant::now();
    let mut tally = Tally::default();
    while tally.rounds < rounds {
        let here = ROUNDS_OF_A_FOLDER.min(rounds - tally.rounds);
        let data = Folder::new();
        one_folder(&data, None, here, &mut rng, &mut tally).await;
        if rounds > ROUNDS {
            say(&format!("kill -9: {} rounds, {} receipts acknowledged, {} lost", tally.rounds, tally.acknowledged, tally.lost));
        }
    }
    say(&format!(
        "kill -9: {} rounds in {} s, {} starts killed too; receipts acknowledged {}, stored {}, lost {}; pages confirmed {}; \
         answered 503 {}; worst restart {} ms (SPORTELLO_SEED={seed})",
        tally.rounds,
        begun.elapsed().as_secs(),
        tally.killed_while_starting,
        tally.acknowledged,
        tally.stored,
        tally.lost,
        tally.pages,
        tally.refused,
        tally.worst_restart.as_millis(),
    ));
    assert_eq!(tally.lost, 0);
    assert!(tally.worst_restart < RESTART_MAX, "{:?}", tally.worst_restart);
    assert!(tally.acknowledged as u64 > rounds, "hardly anything was answered: the rounds are too short to prove anything");
}

/// `database`: on PostgreSQL; else SQLite in the folder.
pub async fn one_folder(data: &Folder, database: Option<&str>, rounds: u64, rng: &mut Rng, tally: &mut Tally) {
    let logs = Folder::new();
    let mut place = Place::new(data.path(), &logs.path().join("log"));
    if let Some(database) = database {
        place = place.on(database);
    }
    let (mut process, _) = place.start().await;
    let copy = place.copy().await;
    let before = Stored::read(copy.path()).await.ids();
    let load = Load::new(&place, posizioni(copy.path()).await);
    for round in 1..=rounds {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (load, rng) = (Arc::clone(&load), rng.fork());
                tokio::spawn(async move { load.work(rng).await })
            })
            .collect();
        sleep(Duration::from_millis(u64::try_from(rng.below(LOAD_MS)).unwrap())).await;
        process.kill();
        for client in clients {
            client.await.unwrap();
        }
        process = restart(&place, rng, tally).await;
        tally.rounds += 1;
        let copy = place.copy().await;
        {
            let stored = Stored::read(copy.path()).await;
            let book = load.book.lock().unwrap();
            tally.lost += stored.lost(&book);
            stored.assert_keeps(&book, &before);
        }
        verified(copy.path()).await;
        let page = load.book.lock().unwrap().pages.last().cloned();
        if let Some(page) = page {
            load.assert_opens(&page).await;
        }
        if round % LOOK_EVERY == 0 {
            load.set_posizioni(posizioni(copy.path()).await);
        }
    }
    // the Nodo sends again what it has no answer for; then both sides have the same
    load.deliver_again().await;
    let pages = load.book.lock().unwrap().pages.clone();
    for page in &pages {
        load.assert_opens(page).await;
    }
    process.kill();
    place.settled().await;
    let copy = place.copy().await;
    verified(copy.path()).await;
    let stored = Stored::read(copy.path()).await;
    let book = load.book.lock().unwrap();
    stored.assert_keeps(&book, &before);
    let kept = stored.ids().difference(&before).count();
    let sent = book.receipts.values().filter(|sent| book.messages[&sent.sha256].sent > 0).count();
    assert_eq!((kept, book.acknowledged()), (sent, sent), "after the last repetition everything sent is stored and answered");
    tally.acknowledged += book.acknowledged();
    tally.stored += kept;
    tally.pages += pages.len();
    tally.refused += book.refused;
}

/// One start of five is killed too, before it can answer: what it was repairing must be repaired by the next.
async fn restart(place: &Place, rng: &mut Rng, tally: &mut Tally) -> Process {
    if rng.below(5) == 0 {
        let starting = place.spawn();
        sleep(Duration::from_millis(u64::try_from(rng.below(START_MS)).unwrap())).await;
        starting.kill();
        tally.killed_while_starting += 1;
    }
    place.settled().await;
    let (process, took) = place.start().await;
    tally.worst_restart = tally.worst_restart.max(took);
    process
}

/// The story above rests on a check that can fail.
#[tokio::test]
async fn a_receipt_answered_by_a_sportello_that_forgets_it_is_found_missing() {
    let (data, elsewhere, logs) = (Folder::new(), Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log"));
    let (process, _) = place.start().await;
    let before = Stored::read(data.path()).await.ids();
    let (other, _) = Place::new(elsewhere.path(), &logs.path().join("log")).start().await;
    let load = Load::new(&place, posizioni(data.path()).await);
    let mut rng = Rng::new(1);
    load.a_receipt(&mut rng).await;
    drop((process, other));
    let (faithful, forgetful) = (Stored::read(data.path()).await, Stored::read(elsewhere.path()).await);
    let book = load.book.lock().unwrap();
    assert_eq!((book.acknowledged(), faithful.lost(&book)), (1, 0));
    assert_eq!(forgetful.lost(&book), 1);
    assert!(std::panic::catch_unwind(|| forgetful.assert_keeps(&book, &before)).is_err());
}
