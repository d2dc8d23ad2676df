//! Work that is done later: each piece once, whoever holds it, and nothing by who no longer does.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::posizione::EventoPosizione;
use domain::{StatoJob, StatoPosizione, TipoJob};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Annullo, Job, NewJob, Store, StoreError};

on_each_database! {
    a_job_is_taken_held_and_done
    of_two_takers_at_once_each_job_has_one
    of_ten_takers_at_once_each_job_has_one
    the_urgent_and_the_older_are_taken_first
    only_the_kinds_that_are_asked_for_are_taken
    one_key_is_one_job_also_when_it_is_done
    a_job_comes_and_goes_with_the_transaction_that_writes_it
    whoever_lost_its_job_can_neither_finish_it_nor_write_beside_it
    whoever_lost_its_job_writes_nothing_whatever_it_tries
    a_job_that_failed_waits_and_is_taken_again
    a_job_that_is_put_off_has_not_been_tried
    a_job_that_fails_five_times_is_dead_once_it_is_buried
    a_job_nobody_holds_is_cancelled_at_once
    whoever_holds_a_job_sees_the_wish_to_cancel_it
    leases_go_by_the_clock_of_the_database
    progress_is_seen_while_it_is_held_and_begins_anew_with_the_next_holder
}

pub const LEASE_MS: i64 = 60_000;
/// Over as soon as it is given.
const NO_LEASE: i64 = -1;

pub fn job(n: usize, tipo: TipoJob) -> NewJob {
    NewJob {
        id: format!("j{n:03}"),
        tipo,
        chiave: format!("{}:{n}", tipo.as_str()),
        ente: None,
        payload: "{}".into(),
        priorita: tipo.priorita(),
        delay_ms: 0,
    }
}

pub async fn write(store: &Store, jobs: &[NewJob]) {
    let mut tx = store.begin().await.unwrap();
    for job in jobs {
        assert!(tx.enqueue(job).await.unwrap());
    }
    tx.commit().await.unwrap();
}

pub async fn take(store: &Store, chi: &str, lease_ms: i64) -> Option<Job> {
    store.claim_job(&TipoJob::ALL, chi, lease_ms).await.unwrap()
}

async fn stato(store: &Store, id: &str) -> StatoJob {
    store.job(id).await.unwrap().unwrap().stato
}

fn is_stale<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Stale)), "{result:?}");
}

async fn a_job_is_taken_held_and_done(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let new = NewJob { ente: Some(valdoria()), payload: r#"{"a":1}"#.into(), ..job(1, TipoJob::LavoraInbox) };
    write(&store, std::slice::from_ref(&new)).await;
    let held = take(&store, "uno", LEASE_MS).await.unwrap();
    let Job { id, tipo, chiave, ente, payload, .. } = held.clone();
    assert_eq!((id, tipo, chiave, ente, payload), (new.id, new.tipo, new.chiave.clone(), new.ente, new.payload));
    assert_eq!((held.stato, held.chi.as_deref(), held.tentativi, held.fence), (StatoJob::Preso, Some("uno"), 1, 1));
    assert_eq!(take(&store, "due", LEASE_MS).await, None, "held is held");
    let mut tx = store.begin().await.unwrap();
    tx.finish_job(&held.id, held.fence).await.unwrap();
    tx.commit().await.unwrap();
    let done = store.job_by_chiave(&new.chiave).await.unwrap().unwrap();
    assert_eq!((done.stato, done.chi, done.errore), (StatoJob::Fatto, None, None));
    assert_eq!(store.job_counts().await.unwrap(), [("LAVORA_INBOX".to_owned(), "FATTO".to_owned(), 1)]);
    assert_eq!(take(&store, "due", LEASE_MS).await, None);
}

async fn takers_at_once(place: Place, takers: usize) {
    let store = place.open().await;
    let jobs: Vec<_> = (0..30).map(|n| job(n, TipoJob::LavoraInbox)).collect();
    write(&store, &jobs).await;
    let mut all = Vec::new();
    for chi in 0..takers {
        // each of its own, as servers have
        let store = place.open().await;
        all.push(tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                match store.claim_job(&TipoJob::ALL, &format!("chi{chi}"), LEASE_MS).await {
                    Ok(Some(job)) => taken.push(job),
                    Ok(None) => return taken,
                    // SQLite: the others held the file for too long
                    Err(error) => assert!(error.is_temporary(), "{error:?}"),
                }
            }
        }));
    }
    let mut taken = Vec::new();
    for one in all {
        taken.extend(one.await.unwrap());
    }
    assert!(taken.iter().all(|job| job.fence == 1 && job.tentativi == 1), "{taken:?}");
    let ids: BTreeSet<_> = taken.iter().map(|job| &job.id).collect();
    assert_eq!((taken.len(), ids.len()), (30, 30));
}

async fn of_two_takers_at_once_each_job_has_one(place: Place) {
    takers_at_once(place, 2).await;
}

async fn of_ten_takers_at_once_each_job_has_one(place: Place) {
    takers_at_once(place, 10).await;
}

async fn the_urgent_and_the_older_are_taken_first(place: Place) {
    let store = place.open().await;
    let later = NewJob { delay_ms: -1_000, ..job(2, TipoJob::LavoraInbox) };
    let sooner = NewJob { delay_ms: -2_000, ..job(3, TipoJob::LavoraInbox) };
    let not_yet = NewJob { delay_ms: 60_000, ..job(4, TipoJob::LavoraInbox) };
    write(&store, &[job(1, TipoJob::Verifica), later, sooner, not_yet]).await;
    let mut order = Vec::new();
    while let Some(job) = take(&store, "uno", LEASE_MS).await {
        order.push(job.id);
    }
    assert_eq!(order, ["j003", "j002", "j001"]);
}

async fn only_the_kinds_that_are_asked_for_are_taken(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::Verifica)]).await;
    // of a newer program on the same database
    assert_eq!(place.run("UPDATE jobs SET tipo = 'DOMANI', priorita = -1").await.unwrap(), 1);
    write(&store, &[job(2, TipoJob::CancellaBozze)]).await;
    assert_eq!(store.claim_job(&[], "uno", LEASE_MS).await.unwrap(), None);
    assert_eq!(store.claim_job(&[TipoJob::LavoraInbox, TipoJob::Verifica], "uno", LEASE_MS).await.unwrap(), None);
    assert_eq!(take(&store, "uno", LEASE_MS).await.unwrap().id, "j002");
    assert_eq!(take(&store, "uno", LEASE_MS).await, None);
}

async fn one_key_is_one_job_also_when_it_is_done(place: Place) {
    let store = place.open().await;
    let new = job(1, TipoJob::Verifica);
    write(&store, std::slice::from_ref(&new)).await;
    let again = NewJob { id: "another".into(), ..new };
    for _ in ["waiting", "done"] {
        let mut tx = store.begin().await.unwrap();
        assert!(!tx.enqueue(&again).await.unwrap());
        tx.commit().await.unwrap();
        if let Some(held) = take(&store, "uno", LEASE_MS).await {
            let mut tx = store.begin().await.unwrap();
            tx.finish_job(&held.id, held.fence).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
    assert_eq!(store.job("another").await.unwrap(), None);
    assert_eq!(stato(&store, "j001").await, StatoJob::Fatto);
}

async fn a_job_comes_and_goes_with_the_transaction_that_writes_it(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    for commits in [false, true] {
        let mut tx = store.begin().await.unwrap();
        tx.advance_posizione(&p1, EventoPosizione::Annulla, StatoPosizione::Annullata, "", at(1)).await.unwrap();
        assert!(tx.enqueue(&job(1, TipoJob::LavoraInbox)).await.unwrap());
        if commits {
            tx.commit().await.unwrap();
        }
        assert_eq!(store.job("j001").await.unwrap().is_some(), commits);
        let cancelled = store.posizione(&valdoria(), "p1").await.unwrap().unwrap().stato == StatoPosizione::Annullata;
        assert_eq!(cancelled, commits, "the change and its job are one");
    }
}

/// A server that slept through its lease, and another one that took the job.
async fn overtaken(store: &Store) -> (Job, Job) {
    write(store, &[job(1, TipoJob::CancellaBozze)]).await;
    let zombie = take(store, "uno", NO_LEASE).await.unwrap();
    let holder = take(store, "due", LEASE_MS).await.unwrap();
    assert_eq!((zombie.fence, holder.fence, holder.tentativi), (1, 2, 2));
    assert_eq!(holder.id, zombie.id);
    (zombie, holder)
}

async fn whoever_lost_its_job_can_neither_finish_it_nor_write_beside_it(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let (zombie, holder) = overtaken(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance_posizione(&p1, EventoPosizione::Annulla, StatoPosizione::Annullata, "", at(1)).await.unwrap();
    is_stale(tx.finish_job(&zombie.id, zombie.fence).await);
    // whoever does not look at the error gets no further
    assert!(tx.mark_rata_pagata(&valdoria(), &avviso(1), at(1)).await.is_err());
    assert!(tx.commit().await.is_err());
    assert_eq!(store.posizione(&valdoria(), "p1").await.unwrap().unwrap().stato, StatoPosizione::Aperta);
    assert_eq!(store.job(&holder.id).await.unwrap(), Some(holder.clone()), "and the holder holds it as before");
    let mut tx = store.begin().await.unwrap();
    tx.finish_job(&holder.id, holder.fence).await.unwrap();
    tx.commit().await.unwrap();
    is_stale(store.begin().await.unwrap().finish_job(&holder.id, holder.fence).await);
}

async fn whoever_lost_its_job_writes_nothing_whatever_it_tries(place: Place) {
    let store = place.open().await;
    let (Job { id, fence, .. }, holder) = overtaken(&store).await;
    is_stale(store.renew_job(&id, fence, LEASE_MS, 1, None).await);
    for way in 0..4 {
        let mut tx = store.begin().await.unwrap();
        is_stale(match way {
            0 => tx.retry_job(&id, fence, 0, "x").await,
            1 => tx.bury_job(&id, fence, "x").await,
            2 => tx.drop_job(&id, fence).await,
            _ => tx.renew_job(&id, fence, LEASE_MS, 1, None).await.map(drop),
        });
        assert!(tx.commit().await.is_err());
    }
    assert_eq!(store.job(&id).await.unwrap(), Some(holder));
}

async fn a_job_that_failed_waits_and_is_taken_again(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::Verifica)]).await;
    let held = take(&store, "uno", LEASE_MS).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.retry_job(&held.id, held.fence, 300, "the disk was full").await.unwrap();
    tx.commit().await.unwrap();
    let waiting = store.job(&held.id).await.unwrap().unwrap();
    assert_eq!((waiting.stato, waiting.chi, waiting.errore.as_deref()), (StatoJob::Ritenta, None, Some("the disk was full")));
    assert_eq!(take(&store, "due", LEASE_MS).await, None, "not yet");
    tokio::time::sleep(Duration::from_millis(400)).await;
    let again = take(&store, "due", LEASE_MS).await.unwrap();
    assert_eq!((again.tentativi, again.fence, again.chi.as_deref()), (2, 2, Some("due")));
}

async fn a_job_that_is_put_off_has_not_been_tried(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::ScaricaFlussi)]).await;
    for fence in 1..12 {
        let held = take(&store, "uno", LEASE_MS).await.unwrap();
        assert_eq!((held.tentativi, held.fence), (1, fence));
        let mut tx = store.begin().await.unwrap();
        tx.postpone_job(&held.id, held.fence, 0, "503").await.unwrap();
        is_stale(tx.postpone_job(&held.id, held.fence, 0, "503").await);
        drop(tx);
        assert_eq!(stato(&store, &held.id).await, StatoJob::Preso, "who writes after losing it has written nothing");
        let mut tx = store.begin().await.unwrap();
        tx.postpone_job(&held.id, held.fence, 0, "503").await.unwrap();
        tx.commit().await.unwrap();
        let put_off = store.job(&held.id).await.unwrap().unwrap();
        assert_eq!((put_off.stato, put_off.tentativi, put_off.errore.as_deref()), (StatoJob::Ritenta, 0, Some("503")));
    }
}

async fn a_job_that_fails_five_times_is_dead_once_it_is_buried(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::LavoraInbox)]).await;
    for tentativo in 1..=domain::job::TENTATIVI_MAX {
        let held = take(&store, "uno", LEASE_MS).await.unwrap();
        assert_eq!(held.tentativi, tentativo);
        let mut tx = store.begin().await.unwrap();
        if tentativo < domain::job::TENTATIVI_MAX {
            tx.retry_job(&held.id, held.fence, NO_LEASE, "x").await.unwrap();
        } else {
            tx.bury_job(&held.id, held.fence, "five times").await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    let dead = store.job("j001").await.unwrap().unwrap();
    assert_eq!((dead.stato, dead.errore.as_deref()), (StatoJob::Morto, Some("five times")));
    assert_eq!(take(&store, "uno", LEASE_MS).await, None);
    assert_eq!(store.cancel_job("j001").await.unwrap(), Annullo::Tardi);
}

async fn a_job_nobody_holds_is_cancelled_at_once(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::Verifica)]).await;
    let held = take(&store, "uno", LEASE_MS).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.retry_job(&held.id, held.fence, NO_LEASE, "x").await.unwrap();
    tx.commit().await.unwrap();
    write(&store, &[job(2, TipoJob::Verifica)]).await;
    for id in ["j001", "j002"] {
        assert_eq!(store.cancel_job(id).await.unwrap(), Annullo::Subito);
        assert_eq!(stato(&store, id).await, StatoJob::Annullato);
        assert_eq!(store.cancel_job(id).await.unwrap(), Annullo::Tardi);
    }
    assert_eq!(store.cancel_job("nobody's").await.unwrap(), Annullo::Tardi);
    assert_eq!(take(&store, "uno", LEASE_MS).await, None);
}

async fn whoever_holds_a_job_sees_the_wish_to_cancel_it(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::Verifica), job(2, TipoJob::Verifica)]).await;
    for fails in [false, true] {
        let held = take(&store, "uno", LEASE_MS).await.unwrap();
        assert!(!store.renew_job(&held.id, held.fence, LEASE_MS, 0, None).await.unwrap());
        assert_eq!(store.cancel_job(&held.id).await.unwrap(), Annullo::Chiesto);
        assert_eq!(stato(&store, &held.id).await, StatoJob::Preso, "it is its holder's");
        assert!(store.renew_job(&held.id, held.fence, LEASE_MS, 0, None).await.unwrap());
        let mut tx = store.begin().await.unwrap();
        if fails {
            tx.retry_job(&held.id, held.fence, 0, "x").await.unwrap();
        } else {
            tx.drop_job(&held.id, held.fence).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(stato(&store, &held.id).await, StatoJob::Annullato);
    }
}

/// Callers give durations, never instants: a server whose clock is an hour fast or slow takes and loses its jobs like the others.
async fn leases_go_by_the_clock_of_the_database(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::Verifica)]).await;
    let lease = "SELECT lease_fino FROM jobs";
    let before = store.database_time().await.unwrap();
    let held = take(&store, "uno", 200).await.unwrap();
    let after = store.database_time().await.unwrap();
    let until: jiff::Timestamp = place.text(lease).await.parse().unwrap();
    let lease_time = jiff::SignedDuration::from_millis(200);
    assert!(before + lease_time <= until && until <= after + lease_time, "{before} {until} {after}");
    assert!(held.created_at <= before);
    assert_eq!(take(&store, "due", LEASE_MS).await, None);
    // renewed, it lasts beyond what it was taken for
    assert!(!store.renew_job(&held.id, held.fence, 600, 0, None).await.unwrap());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(take(&store, "due", LEASE_MS).await, None);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(take(&store, "due", LEASE_MS).await.unwrap().fence, 2);
}

async fn progress_is_seen_while_it_is_held_and_begins_anew_with_the_next_holder(place: Place) {
    let store = place.open().await;
    write(&store, &[job(1, TipoJob::CancellaBozze)]).await;
    let held = take(&store, "uno", LEASE_MS).await.unwrap();
    assert_eq!((held.fatto, held.totale), (0, None));
    store.renew_job(&held.id, held.fence, NO_LEASE, 30, Some(100)).await.unwrap();
    let seen = store.job(&held.id).await.unwrap().unwrap();
    assert_eq!((seen.fatto, seen.totale), (30, Some(100)));
    let next = take(&store, "due", LEASE_MS).await.unwrap();
    assert_eq!((next.fatto, next.totale), (0, None));
}
