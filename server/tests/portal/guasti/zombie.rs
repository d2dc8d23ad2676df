//! A runner that is asleep while its lease runs out (F11), and wakes when another one has done its job: what it writes then is refused.

use super::load::Load;
use super::process::Place;
use crate::harness::Folder;
use sqlx::postgres::PgConnection;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// So that the story takes seconds; the default is a minute.
const LEASE_MS: u32 = 2_000;
/// PostgreSQL ends a transaction that says nothing after 10 s; the next runner asks every 5 s; the rest is for a busy machine.
const SEEN_MAX: Duration = Duration::from_secs(90);
const DRAFTS: i64 = 3;

async fn until(stranger: &mut PgConnection, what: &str, sql: &'static str) {
    let begun = Instant::now();
    while !sqlx::query_scalar::<_, bool>(sql).fetch_one(&mut *stranger).await.unwrap() {
        assert!(begun.elapsed() < SEEN_MAX, "{what}: not in {SEEN_MAX:?}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// `asleep_at`: where the first runner is when it is stopped, and how that is seen from outside.
async fn a_zombie_writes_nothing(failpoint: &str, asleep_at: &'static str) {
    let (data, logs) = (Folder::new().on_postgres().await, Folder::new());
    let database = data.archivio().database.unwrap();
    // a demo makes the comune and some drafts, which grow old
    let demo = Place::new(data.path(), &logs.path().join("demo")).on(&database);
    let (process, _) = demo.start().await;
    let load = Load::new(&demo, Vec::new());
    for _ in 0..DRAFTS {
        load.fill_in().await.unwrap();
    }
    process.kill();
    demo.settled().await;
    let place = data.database().unwrap();
    place
        .run(
            "UPDATE posizioni p SET created_at = '2020-01-01T00:00:00.000000Z'
                WHERE EXISTS (SELECT 1 FROM moduli m WHERE m.ente = p.ente AND m.posizione_id = p.id);
             DELETE FROM jobs WHERE tipo <> 'ALLINEA_POSIZIONE'",
        )
        .await
        .unwrap();
    let mut stranger = place.stranger().await;
    let drafts =
        "SELECT COUNT(*) FROM posizioni p JOIN moduli m ON m.ente = p.ente AND m.posizione_id = p.id WHERE p.stato = 'BOZZA'";
    let old: i64 = sqlx::query_scalar(drafts).fetch_one(&mut stranger).await.unwrap();
    assert!(old >= DRAFTS, "{old}");

    let one = Place::new(data.path(), &logs.path().join("uno")).on(&database).with("FAILPOINTS", failpoint);
    let one = one.in_production("jobs", LEASE_MS);
    let zombie = one.spawn();
    until(&mut stranger, "the first one has it", asleep_at).await;
    zombie.signal("-STOP");
    let held = "SELECT tipo = 'CANCELLA_BOZZE' AND stato = 'PRESO' AND fence = 1 FROM jobs WHERE tipo = 'CANCELLA_BOZZE'";
    until(&mut stranger, "it is held", held).await;

    let two = Place::new(data.path(), &logs.path().join("due")).on(&database).in_production("jobs", LEASE_MS);
    let (other, _) = two.start().await;
    let done = "SELECT stato = 'FATTO' AND fence = 2 FROM jobs WHERE tipo = 'CANCELLA_BOZZE'";
    until(&mut stranger, "the other one has done it", done).await;
    zombie.signal("-CONT");
    let begun = Instant::now();
    while !one.log_text().contains("somebody else took the job: nothing is written") {
        assert!(begun.elapsed() < SEEN_MAX, "{}", one.log_text());
        sleep(Duration::from_millis(20)).await;
    }
    other.kill();
    zombie.kill();
    demo.settled().await;
    assert!(sqlx::query_scalar::<_, bool>(done).fetch_one(&mut stranger).await.unwrap(), "as the other one left it");
    assert_eq!(sqlx::query_scalar::<_, i64>(drafts).fetch_one(&mut stranger).await.unwrap(), 0);
    let once = "SELECT COUNT(*), COUNT(DISTINCT id) FROM transizioni WHERE soggetto = 'posizione' AND a = 'ELIMINATA'";
    let steps: (i64, i64) = sqlx::query_as(once).fetch_one(&mut stranger).await.unwrap();
    assert_eq!(steps, (old, old), "each draft went once");
    let copy = two.copy().await;
    super::check::verified(copy.path()).await;
}

/// Between taking the job and its first write.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runner_that_slept_through_its_lease_is_fenced_off() {
    let held = "SELECT EXISTS (SELECT 1 FROM jobs WHERE tipo = 'CANCELLA_BOZZE' AND stato = 'PRESO')";
    a_zombie_writes_nothing("job.taken=sleep(2000)", held).await;
}

/// With its deletions written and not committed: they hold rows that the next one wants, until PostgreSQL gives them up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runner_that_slept_inside_its_transaction_has_it_undone() {
    let inside = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'sportello' AND state = 'idle in transaction'
            AND query LIKE 'DELETE FROM promemoria%')";
    a_zombie_writes_nothing("drafts.deleted=sleep(3000)", inside).await;
}
