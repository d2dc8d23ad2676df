//! PostgreSQL as a process that breaks (F7): stopped, killed, standing still, without connections, while receipts come in.

use super::check::{Stored, posizioni, verified};
use super::cluster::{CONNECTIONS_MAX, Cluster};
use super::kill9::{ROUNDS_OF_A_FOLDER, Tally, one_folder};
use super::load::Load;
use super::process::Place;
use super::rng::Rng;
use super::{from_env, say};
use crate::harness::Folder;
use sqlx::postgres::PgConnection;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

const CLIENTS: usize = 4;
/// Far above what it takes (each line of the story says how much), for a machine that does ten other things.
const SEEN_MAX: Duration = Duration::from_secs(60);
/// In `make test`; `make soak` asks for more.
const ROUNDS: u64 = 12;

/// Waits for something that must come.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < SEEN_MAX, "{what}: not in {SEEN_MAX:?}");
        sleep(Duration::from_millis(20)).await;
    }
    begun.elapsed()
}

#[derive(Debug)]
struct Day {
    cluster: Cluster,
    place: Place,
    load: Arc<Load>,
}

impl Day {
    fn acknowledged(&self) -> usize {
        self.load.book.lock().unwrap().acknowledged()
    }

    fn refused(&self) -> u64 {
        self.load.book.lock().unwrap().refused
    }

    /// Ready to be sent work, and receipts are answered OK that were not before.
    async fn until_it_works(&self, what: &str) -> Duration {
        let begun = Instant::now();
        until(what, async || self.place.is_ready().await).await;
        let before = self.acknowledged();
        until(what, async || self.acknowledged() > before).await;
        begun.elapsed()
    }

    /// It says to the Nodo and to the balancer that it cannot; never OK, never KO (`Load` sees to the answers).
    async fn until_it_says_so(&self, what: &str) {
        let before = self.refused();
        until(what, async || self.refused() > before).await;
        until(what, async || !self.place.is_ready().await).await;
    }

    fn tell(&self, what: &str, took: Duration) {
        let (ok, refused) = (self.acknowledged(), self.refused());
        say(&format!(
            "postgres {what}: works again after {} ms; {ok} receipts acknowledged, {refused} told 503",
            took.as_millis()
        ));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_breaks_costs_a_503_and_never_a_receipt() {
    let (data, logs) = (Folder::new(), Folder::new());
    let cluster = tokio::task::spawn_blocking(Cluster::new).await.unwrap();
    let place = Place::new(data.path(), &logs.path().join("log")).on(&cluster.address());
    let (mut process, _) = place.start().await;
    let copy = place.copy().await;
    let before = Stored::read(copy.path()).await.ids();
    let load = Load::new(&place, posizioni(copy.path()).await);
    let (mut rng, seed) = Rng::from_env();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (load, rng) = (Arc::clone(&load), rng.fork());
            tokio::spawn(async move { load.work(rng).await })
        })
        .collect();
    let day = Day { cluster, place, load };
    day.until_it_works("the beginning").await;

    day.cluster.stop();
    day.until_it_says_so("stopped").await;
    day.cluster.start();
    day.tell("stopped (-m immediate)", day.until_it_works("started again").await);

    day.cluster.kill();
    day.until_it_says_so("killed").await;
    day.cluster.start();
    day.tell("killed (-9)", day.until_it_works("started after a kill").await);

    // quicker than anybody sees: killed under load and started at once
    for _ in 0..3 {
        day.cluster.kill();
        day.cluster.start();
        day.until_it_works("started at once").await;
    }

    let paused = day.cluster.pause();
    day.until_it_says_so("standing still").await;
    drop(paused);
    day.tell("standing still (SIGSTOP)", day.until_it_works("going on").await);

    let mut stranger = day.cluster.stranger().await.unwrap();
    let mut ended = 0;
    for _ in 0..20 {
        ended += terminate(&mut stranger).await;
        sleep(Duration::from_millis(u64::try_from(rng.below(50)).unwrap())).await;
    }
    assert!(ended >= 20, "hardly any connection was ended: {ended}");
    day.tell("connections ended 20 times", day.until_it_works("connected again").await);

    let taken = take_all_connections(&day, stranger).await;
    day.until_it_says_so("no connection left").await;
    drop(taken);
    day.tell("without a free connection", day.until_it_works("connections again").await);

    assert!(process.ended().is_none(), "it is the same process as in the morning: {}", day.place.log_text());
    process.kill();
    for client in clients {
        client.await.unwrap();
    }
    day.place.settled().await;
    let (process, _) = day.place.start().await;
    day.load.deliver_again().await;
    process.kill();
    day.place.settled().await;
    let copy = day.place.copy().await;
    verified(copy.path()).await;
    let stored = Stored::read(copy.path()).await;
    let book = day.load.book.lock().unwrap();
    stored.assert_keeps(&book, &before);
    let kept = stored.ids().difference(&before).count();
    assert_eq!(kept, book.acknowledged(), "everything sent is stored and answered in the end");
    say(&format!(
        "postgres that breaks: receipts acknowledged {}, stored {kept}, lost {}, told 503 {} (SPORTELLO_SEED={seed})",
        book.acknowledged(),
        stored.lost(&book),
        book.refused
    ));
}

/// Ends every connection of the portal; how many.
async fn terminate(stranger: &mut PgConnection) -> i64 {
    let sql =
        "SELECT COUNT(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'sportello'";
    sqlx::query_scalar(sql).fetch_one(stranger).await.unwrap()
}

/// Whoever connects next is told that there are too many.
async fn take_all_connections(day: &Day, mut first: PgConnection) -> Vec<PgConnection> {
    let mut taken = Vec::new();
    until("all connections taken", async || {
        terminate(&mut first).await;
        while let Ok(connection) = day.cluster.stranger().await {
            taken.push(connection);
        }
        taken.len() + 1 >= CONNECTIONS_MAX
    })
    .await;
    taken.push(first);
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_too_a_sportello_killed_at_any_instant_keeps_every_receipt_it_said_ok_to() {
    let rounds = from_env("SPORTELLO_ROUNDS").map_or(ROUNDS, |rounds| (rounds / 10).max(1));
    let (mut rng, seed) = Rng::from_env();
    let cluster = tokio::task::spawn_blocking(Cluster::new).await.unwrap();
    let begun = Instant::now();
    let mut tally = Tally::default();
    while tally.rounds < rounds {
        let (data, database) = (Folder::new(), cluster.database(&format!("rounds_{}", tally.rounds)).await);
        one_folder(&data, Some(&database), ROUNDS_OF_A_FOLDER.min(rounds - tally.rounds), &mut rng, &mut tally).await;
    }
    say(&format!(
        "kill -9 on postgres: {} rounds in {} s; receipts acknowledged {}, stored {}, lost {}; worst restart {} ms (SPORTELLO_SEED={seed})",
        tally.rounds,
        begun.elapsed().as_secs(),
        tally.acknowledged,
        tally.stored,
        tally.lost,
        tally.worst_restart.as_millis(),
    ));
    assert_eq!(tally.lost, 0);
    assert!(tally.acknowledged as u64 > rounds, "hardly anything was answered: the rounds are too short to prove anything");
}
