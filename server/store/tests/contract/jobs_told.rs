//! What the table of jobs tells about itself, what it refuses, and what goes in time.

use crate::jobs::{LEASE_MS, job, take, write};
use crate::on_each_database;
use crate::place::Place;
use domain::TipoJob;
use std::time::Duration;
use store::{Annullo, NewJob};

on_each_database! {
    what_is_late_and_what_is_dead_is_named
    what_is_over_is_deleted_in_time_and_the_dead_stay
    the_table_refuses_a_holder_where_none_can_be
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
