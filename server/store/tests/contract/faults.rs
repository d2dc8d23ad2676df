//! What goes wrong outside of us, and heals: the caller is told to come back, nothing is half done, the next call works.

use crate::place::SqlitePlace;
use crate::postgres_place::PostgresPlace;
use crate::samples::*;
use crate::silence::Wire;
use domain::posizione::EventoPosizione;
use domain::{Posizione, StatoPosizione};
use sqlx::{AssertSqlSafe, Executor};
use std::time::{Duration, Instant};
use store::{NewInbox, Store, StoreError, Tx};

/// Connections of one server that write.
const WRITERS: usize = 8;

/// Temporary, and told as such.
fn assert_busy<T: std::fmt::Debug>(refused: &Result<T, StoreError>) {
    assert!(matches!(refused, Err(error @ StoreError::Busy(_)) if error.is_temporary()), "{refused:?}");
}

async fn pay(tx: &mut Tx, read: &Posizione) -> Result<(), StoreError> {
    tx.advance_posizione(read, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(1)).await
}

async fn stato_of_p1(store: &Store) -> StatoPosizione {
    store.posizione(&valdoria(), "p1").await.unwrap().unwrap().stato
}

#[tokio::test]
async fn a_writer_who_waits_too_long_for_a_file_is_told_to_come_back() {
    let place = SqlitePlace::new();
    let store = Store::open(&place.file()).await.unwrap();
    furnish(&store).await;
    let stranger = place.stranger().await;
    let mut held = stranger.acquire().await.unwrap();
    held.execute("BEGIN IMMEDIATE").await.unwrap();
    assert_busy(&store.keep(&message("m1", b"x")).await);
    assert!(store.posizione(&valdoria(), "p1").await.unwrap().is_some(), "readers go on");
    held.execute("ROLLBACK").await.unwrap();
    store.keep(&message("m1", b"x")).await.unwrap();
}

#[tokio::test]
async fn a_writer_who_waits_too_long_for_a_row_is_told_to_come_back() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    furnish(&store).await;
    let mut stranger = place.stranger().await;
    stranger.execute("BEGIN").await.unwrap();
    stranger.execute("SELECT * FROM posizioni FOR UPDATE").await.unwrap();
    let started = Instant::now();
    let mut tx = store.begin().await.unwrap();
    assert_busy(&tx.posizione(&valdoria(), "p1").await);
    assert!((1_900..3_900).contains(&started.elapsed().as_millis()), "about 2 s: {:?}", started.elapsed());
    assert!(tx.commit().await.is_err(), "it is over");
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta, "readers go on");
    store.keep(&message("m1", b"x")).await.unwrap();
    stranger.execute("ROLLBACK").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.posizione(&valdoria(), "p1").await.unwrap().is_some());
}

/// Ends every session of the store, as a restart of the server does, and waits until they are gone.
async fn kill_connections(place: &PostgresPlace) {
    let of_the_store = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sportello'";
    place.run(&format!("SELECT pg_terminate_backend(pid) {of_the_store}")).await.unwrap();
    while place.run(&format!("SELECT pid {of_the_store}")).await.unwrap() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_transaction_whose_connection_dies_never_happened() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    pay(&mut tx, &p1).await.unwrap();
    kill_connections(&place).await;
    assert_busy(&tx.mark_rata_pagata(&valdoria(), &avviso(1), at(1)).await);
    assert!(tx.commit().await.is_err());

    let mut tx = store.begin().await.unwrap();
    pay(&mut tx, &p1).await.unwrap();
    kill_connections(&place).await;
    assert_busy(&tx.commit().await);

    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta);
    let mut tx = store.begin().await.unwrap();
    pay(&mut tx, &p1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Pagata);
}

#[tokio::test]
async fn connections_that_died_in_the_pool_are_not_noticed_by_the_next_call() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    furnish(&store).await;
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta);
    kill_connections(&place).await;
    store.keep(&message("m1", b"x")).await.unwrap();
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta);
}

#[tokio::test]
async fn of_two_transactions_that_wait_for_each_other_one_goes_on() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&posizione("p2", 2), at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let cross = |first: &'static str, second: &'static str| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await?;
            tx.posizione(&valdoria(), first).await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            tx.posizione(&valdoria(), second).await?;
            tx.commit().await
        })
    };
    let (one, other) = (cross("p1", "p2"), cross("p2", "p1"));
    let (one, other) = (one.await.unwrap(), other.await.unwrap());
    let (lost, won) = if one.is_err() { (one, other) } else { (other, one) };
    assert_busy(&lost);
    won.unwrap();
}

/// Every code that PostgreSQL has for "not now", and some that it has for "never".
#[tokio::test]
async fn what_postgres_cannot_do_now_is_told_apart_from_what_it_will_never_do() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    let as_told = "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = NEW.peer; END $$;
        CREATE TRIGGER fault BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.peer IS NOT NULL) EXECUTE FUNCTION fault()";
    place.run(as_told).await.unwrap();
    for code in
        ["40001", "40P01", "55P03", "57014", "25P03", "53100", "53200", "53300", "57P01", "57P02", "57P03", "58030", "08006"]
    {
        assert_busy(&store.keep(&NewInbox { peer: Some(code.into()), ..message(code, b"x") }).await);
    }
    for code in ["23505", "22001", "42P01", "42501", "XX000", "57P04", "P0001"] {
        let refused = store.keep(&NewInbox { peer: Some(code.into()), ..message(code, b"x") }).await;
        assert!(matches!(&refused, Err(error @ StoreError::Database(_)) if !error.is_temporary()), "{code}: {refused:?}");
    }
    store.keep(&NewInbox { peer: None, ..message("m1", b"x") }).await.unwrap();
    assert_eq!(store.inbox_counts().await.unwrap(), [("RICEVUTO".to_owned(), 1)], "what was refused is not there");
}

/// PostgreSQL quotes the row it refuses: "Failing row contains (…)".
#[tokio::test]
async fn a_row_that_postgres_refuses_is_told_and_not_shown() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    furnish(&store).await;
    place.run("ALTER TABLE posizioni ADD CONSTRAINT nessuno CHECK (debitore_nome <> 'Mario Rossi') NOT VALID").await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let refused = tx.insert_posizione(&posizione("p2", 2), at(1)).await.unwrap_err();
    let mut shown = format!("{refused} {refused:?}");
    let mut cause: Option<&dyn std::error::Error> = Some(&refused);
    while let Some(error) = cause {
        shown += &format!(" {error} {error:?}");
        cause = error.source();
    }
    assert!(shown.contains("nessuno") && shown.contains("23514"), "what is wrong is told: {shown}");
    assert!(!shown.contains("Mario") && !shown.contains("RSSMRA"), "{shown}");
}

/// After a failover the address may lead to the standby for a while.
#[tokio::test]
async fn a_postgres_that_takes_no_writes_is_told_as_not_now_and_heals() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    furnish(&store).await;
    place.run(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", place.name())).await.unwrap();
    kill_connections(&place).await;
    assert_busy(&store.begin().await);
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta, "readers go on");
    let mut stranger = place.stranger().await;
    stranger.execute("SET default_transaction_read_only = off").await.unwrap();
    let reset = format!("ALTER DATABASE {} RESET default_transaction_read_only", place.name());
    stranger.execute(AssertSqlSafe(reset)).await.unwrap();
    store.keep(&message("m1", b"x")).await.unwrap();
}

#[tokio::test]
async fn whoever_reads_does_not_wait_for_those_who_write() {
    let place = PostgresPlace::new().await;
    let store = place.open().await.unwrap();
    furnish(&store).await;
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        writers.push(store.begin().await.unwrap());
    }
    let started = Instant::now();
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    let waiting = tokio::spawn(async move { store.keep(&message("m1", b"x")).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished(), "every connection that writes is taken");
    drop(writers);
    waiting.await.unwrap().unwrap();
}

/// The machine is gone from the network: nothing comes back, nothing is refused.
#[tokio::test]
async fn a_postgres_that_falls_silent_is_not_waited_for_and_heals() {
    let place = PostgresPlace::new().await;
    let wire = Wire::to(&place.host());
    let store = Store::connect(&place.address_through(wire.port())).await.unwrap();
    furnish(&store).await;
    let mut transactions = Vec::new();
    for _ in 0..WRITERS {
        let mut tx = store.begin().await.unwrap();
        tx.tentativo("t1").await.unwrap();
        transactions.push(tx);
    }
    wire.cut(true);
    let started = Instant::now();
    let waiting: Vec<_> = transactions.into_iter().map(|mut tx| tokio::spawn(async move { tx.tentativo("t1").await })).collect();
    assert_busy(&store.keep(&message("m1", b"x")).await);
    for read in waiting {
        assert_busy(&read.await.unwrap());
    }
    assert!(started.elapsed() < Duration::from_secs(7), "the Nodo gives up then: {:?}", started.elapsed());
    wire.cut(false);
    store.keep(&message("m2", b"x")).await.unwrap();
    assert_eq!(stato_of_p1(&store).await, StatoPosizione::Aperta);
}
