//! Everything from one database into another, each to each.

use crate::place::Place;
use crate::samples::*;
use domain::TipoJob;
use store::{Anello, NewJob, Store, StoreError};

/// More than one page of rows, and something in most tables.
async fn lived(place: &Place) -> Store {
    let store = place.open().await;
    furnish(&store).await;
    receive(store.clone(), 1).await.unwrap();
    // a byte of every value, and a text that sorts differently in a language
    let all: Vec<u8> = (0..=u8::MAX).collect();
    for n in 0..205 {
        store.keep(&message(&format!("m-{}{n}", if n % 2 == 0 { "é" } else { "Z" }), &all[n % 200..])).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    let job = NewJob {
        id: "j1".into(),
        tipo: TipoJob::Verifica,
        chiave: "VERIFICA:oggi".into(),
        ente: None,
        payload: "{}".into(),
        priorita: 1,
        delay_ms: 0,
    };
    tx.enqueue(&job).await.unwrap();
    tx.hold_catena("audit").await.unwrap();
    let link = Anello { catena: "audit".into(), seq: 1, soggetto: "x".into(), digest: DIGEST.into(), hash: OTHER_DIGEST.into() };
    tx.insert_anello(&link).await.unwrap();
    tx.commit().await.unwrap();
    store.installazione("impronta", "abc").await.unwrap();
    store
}

async fn a_copy_is_like_what_was_copied_and_lives_on(from: Place, to: Place) {
    let (original, copy) = (lived(&from).await, to.open().await);
    assert_eq!(copy.table_in_use().await.unwrap(), None);
    original.copy_into(&copy).await.unwrap();
    assert!(copy.table_in_use().await.unwrap().is_some());
    assert_eq!(original.catene().await.unwrap(), copy.catene().await.unwrap());
    assert_eq!(original.job("j1").await.unwrap(), copy.job("j1").await.unwrap());
    assert_eq!(original.fatti_ricevute(0, 10).await.unwrap(), copy.fatti_ricevute(0, 10).await.unwrap());
    let messages = original.fatti_inbox("", 300).await.unwrap();
    assert_eq!((messages.len(), &messages), (206, &copy.fatti_inbox("", 300).await.unwrap()));
    // the numbers go on where they were: the next receipt and its steps are no conflict
    let steps = |rows: &[store::FattiTransizione]| rows.iter().map(|row| row.seq).max();
    let before = steps(&copy.fatti_transizioni("", "", 0, 100).await.unwrap());
    assert_eq!(receive(copy.clone(), 2).await.unwrap(), store::Inserted::Same);
    let again = posizione("p9", 99);
    let mut tx = copy.begin().await.unwrap();
    tx.insert_posizione(&again, at(9)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(steps(&copy.fatti_transizioni("", "", 0, 100).await.unwrap()) > before);
    // into what is in use nothing is copied
    let refused = original.copy_into(&copy).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(copy.fatti_inbox("", 300).await.unwrap().len(), messages.len() + 1);
    assert!(copy.posizione(&valdoria(), "p9").await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_sqlite() {
    a_copy_is_like_what_was_copied_and_lives_on(Place::sqlite(), Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_sqlite_to_postgres() {
    a_copy_is_like_what_was_copied_and_lives_on(Place::sqlite(), Place::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgres_to_sqlite() {
    a_copy_is_like_what_was_copied_and_lives_on(Place::postgres().await, Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_postgres_to_postgres() {
    a_copy_is_like_what_was_copied_and_lives_on(Place::postgres().await, Place::postgres().await).await;
}

/// Rows that were there before and are in the way of none of ours.
async fn what_was_there_before_is_found_and_nothing_is_copied(from: Place, to: Place) {
    let (original, copy) = (lived(&from).await, to.open().await);
    copy.keep(&message("zzz", b"of somebody else")).await.unwrap();
    let refused = original.copy_into(&copy).await;
    assert!(matches!(&refused, Err(StoreError::Inconsistent { id, .. }) if id == "inbox"), "{refused:?}");
    assert_eq!(copy.fatti_inbox("", 300).await.unwrap().len(), 1);
    assert_eq!(copy.list_enti().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_in_sqlite_before_is_found() {
    what_was_there_before_is_found_and_nothing_is_copied(Place::sqlite(), Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_in_postgres_before_is_found() {
    what_was_there_before_is_found_and_nothing_is_copied(Place::sqlite(), Place::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_there_until_something_is_written() {
    let (bare, place) = (crate::postgres_place::PostgresPlace::bare().await, Place::postgres().await);
    assert!(Store::is_bare(&bare.address()).await.unwrap());
    assert!(!Store::is_bare(&place.address()).await.unwrap());
    let store = place.open().await;
    assert_eq!(store.table_in_use().await.unwrap(), None);
    store.installazione("impronta", "abc").await.unwrap();
    assert_eq!(store.table_in_use().await.unwrap().as_deref(), Some("installazione"));
}
