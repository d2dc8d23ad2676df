//! What the table of jobs tells about itself, what it refuses, and what goes in time.

use crate::jobs::{LEASE_MS, job, take, write};
use crate::on_each_database;
use crate::place::Place;
use domain::{StatoJob, TipoJob};
use std::time::Duration;
use store::{Annullo, NewJob, StoreError};

on_each_database! {
    what_is_late_and_what_is_dead_is_named
    what_is_over_is_deleted_in_time_and_the_dead_stay
    the_table_refuses_a_holder_where_none_can_be
    what_stopped_is_told_and_a_dead_one_is_tried_anew_or_settled
}

async fn what_is_late_and_what_is_dead_is_named(place: Place) {
    let store = place.open().await;
    let due = |n, tipo, delay_ms| NewJob { delay_ms, ..job(n, tipo) };
    let (old, fresh) = (due(1, TipoJob::LavoraInbox, -10_000), due(2, TipoJob::LavoraInbox, -4_000));
    write(&store, &[old, fresh, due(3, TipoJob::LavoraInbox, 60_000)]).await;
    assert_eq!(store.jobs_overdue(5_000, 10).await.unwrap(), ["LAVORA_INBOX j001"]);
    assert_eq!(store.jobs_overdue(1_000, 10).await.unwrap(), ["LAVORA_INBOX j001", "LAVORA_INBOX j002"]);
    assert_eq!(store.jobs_overdue(1_000, 1).await.unwrap().len(), 1);
    // held, they are late from the end of the lease
    take(&store, "uno", LEASE_MS).await.unwrap();
    take(&store, "uno", -10_000).await.unwrap();
    assert_eq!(store.jobs_overdue(5_000, 10).await.unwrap(), ["LAVORA_INBOX j002"]);
    let held = take(&store, "due", LEASE_MS).await.unwrap();
    assert_eq!(store.jobs_dead(10).await.unwrap(), [""; 0]);
    let mut tx = store.begin().await.unwrap();
    tx.bury_job(&held.id, held.fence, "x").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.jobs_dead(10).await.unwrap(), ["LAVORA_INBOX j002"]);
    // what VERIFICA died of it says again; what comes again by itself is mended by the next one
    for (new, dead) in [(job(4, TipoJob::Verifica), true), (job(5, TipoJob::LavoraInbox), false)] {
        tokio::time::sleep(Duration::from_millis(5)).await;
        write(&store, &[new]).await;
        let held = take(&store, "uno", LEASE_MS).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        if dead {
            tx.bury_job(&held.id, held.fence, "I3").await.unwrap();
        } else {
            tx.finish_job(&held.id, held.fence).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(store.jobs_dead(10).await.unwrap().is_empty(), !dead);
    }
    // of a kind that nobody said comes again by itself, only a person can tell
    assert_eq!(place.run("UPDATE jobs SET tipo = 'DOMANI'").await.unwrap(), 5);
    assert_eq!(store.jobs_dead(10).await.unwrap(), ["DOMANI j002", "DOMANI j004"]);
    assert_eq!(store.jobs_ill_held(10).await.unwrap(), [""; 0]);
}

async fn what_is_over_is_deleted_in_time_and_the_dead_stay(place: Place) {
    let store = place.open().await;
    write(&store, &[1, 2, 3, 4].map(|n| job(n, TipoJob::Verifica))).await;
    let [done, dead] = [take(&store, "uno", LEASE_MS).await.unwrap(), take(&store, "uno", LEASE_MS).await.unwrap()];
    take(&store, "uno", LEASE_MS).await.unwrap();
    assert_eq!(store.cancel_job("j004").await.unwrap(), Annullo::Subito);
    let mut tx = store.begin().await.unwrap();
    tx.finish_job(&done.id, done.fence).await.unwrap();
    tx.bury_job(&dead.id, dead.fence, "x").await.unwrap();
    assert_eq!(tx.delete_jobs_over(60_000, 10).await.unwrap(), 0, "too young");
    assert_eq!(tx.delete_jobs_over(-60_000, 1).await.unwrap(), 1, "one at a time, when asked so");
    assert_eq!(tx.delete_jobs_over(-60_000, 10).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let left = [("MORTO".to_owned(), 1), ("PRESO".to_owned(), 1)].map(|(stato, n)| ("VERIFICA".to_owned(), stato, n));
    assert_eq!(store.job_counts().await.unwrap(), left);
}

async fn what_stopped_is_told_and_a_dead_one_is_tried_anew_or_settled(place: Place) {
    let store = place.open().await;
    assert_eq!(store.jobs_stuck(0, 10).await.unwrap(), []);
    let late = NewJob { delay_ms: -10_000, ..job(3, TipoJob::Verifica) };
    write(&store, &[job(1, TipoJob::LavoraInbox), job(2, TipoJob::LavoraInbox), late]).await;
    for _ in 0..2 {
        let held = take(&store, "uno", LEASE_MS).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        for _ in 0..2 {
            assert!(matches!(tx.revive_job(&held.id).await, Err(StoreError::Stale)), "it is not dead");
            assert!(matches!(tx.resolve_job(&held.id).await, Err(StoreError::Stale)), "it is not dead");
        }
        tx.bury_job(&held.id, held.fence, "rotto").await.unwrap();
        tx.commit().await.unwrap();
    }
    let stuck = store.jobs_stuck(5_000, 10).await.unwrap();
    let told: Vec<_> = stuck.iter().map(|j| (j.id.as_str(), j.stato.as_str(), j.tentativi, j.errore.as_deref())).collect();
    let mut told_sorted = told.clone();
    told_sorted.sort_unstable();
    let dead = Some("rotto");
    assert_eq!(told_sorted, [("j001", "MORTO", 1, dead), ("j002", "MORTO", 1, dead), ("j003", "PRONTO", 0, None)]);
    assert_eq!(store.jobs_stuck(5_000, 2).await.unwrap().len(), 2, "no more than was asked for");

    let mut tx = store.begin().await.unwrap();
    tx.revive_job("j001").await.unwrap();
    tx.resolve_job("j002").await.unwrap();
    for id in ["j001", "j002", "j009"] {
        assert!(matches!(tx.revive_job(id).await, Err(StoreError::Stale)), "{id}: once");
        assert!(matches!(tx.resolve_job(id).await, Err(StoreError::Stale)), "{id}: once");
    }
    tx.commit().await.unwrap();
    assert_eq!(store.jobs_dead(10).await.unwrap(), [""; 0]);
    let again = take(&store, "due", LEASE_MS).await.unwrap();
    assert_eq!((again.id.as_str(), again.tentativi, again.fence), ("j001", 1, 2), "its tries begin anew, its fence does not");
    assert_eq!(store.job("j002").await.unwrap().unwrap().stato, StatoJob::Annullato);
}

async fn the_table_refuses_a_holder_where_none_can_be(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::Verifica)]).await;
    let held = "lease_fino = '2026-01-01T00:00:00.000000Z', chi = 'uno'";
    for sql in [
        "UPDATE jobs SET stato = 'PERSO'".to_owned(),
        "UPDATE jobs SET stato = 'PRESO', fence = 1".to_owned(),
        "UPDATE jobs SET chi = 'uno'".to_owned(),
        format!("UPDATE jobs SET {held}"),
        format!("UPDATE jobs SET stato = 'PRESO', {held}"),
        "UPDATE jobs SET tentativi = -1".to_owned(),
    ] {
        let error = place.run(&sql).await.expect_err(&sql);
        assert!(error.as_database_error().is_some_and(|cause| cause.is_check_violation()), "{sql}: {error}");
    }
    assert_eq!(place.run(&format!("UPDATE jobs SET stato = 'PRESO', fence = 1, {held}")).await.unwrap(), 1);
}
