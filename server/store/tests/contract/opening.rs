//! Opening, closing, versions.

use crate::on_each_database;
use crate::place::{Place, SqlitePlace};
use crate::postgres_place::PostgresPlace;
use crate::samples::*;
use domain::StatoPosizione;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use store::{Inserted, Store, StoreError};

on_each_database! {
    data_is_still_there_after_opening_again
    a_database_of_a_newer_version_is_left_alone
    an_address_leads_to_the_same_database
}

async fn data_is_still_there_after_opening_again(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    assert_eq!(receive(store, 1).await.unwrap(), Inserted::New);
    let store = place.open().await;
    assert_eq!(store.posizione(&valdoria(), &p1.id).await.unwrap().unwrap().stato, StatoPosizione::Pagata);
    assert_eq!(receive(store.clone(), 2).await.unwrap(), Inserted::Same);
    assert_eq!(store.ricevuta_raw("m1").await.unwrap().as_deref(), Some(&b"<same/>"[..]));
}

async fn a_database_of_a_newer_version_is_left_alone(place: Place) {
    drop(place.open().await);
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9999, 'later', TRUE, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    place.run(later).await.unwrap();
    let refused = place.try_open().await;
    assert!(matches!(refused, Err(StoreError::Schema { found: 9999, wanted: 6.. })), "{refused:?}");
    let refused = Store::migrate(&place.address()).await;
    assert!(matches!(refused, Err(StoreError::Schema { found: 9999, wanted: 6.. })), "{refused:?}");
}

#[tokio::test]
async fn temporary_stores_do_not_see_each_other() {
    let (one, other) = (Store::open_memory().await.unwrap(), Store::open_memory().await.unwrap());
    furnish(&one).await;
    assert_eq!(one.clone().list_enti().await.unwrap().len(), 2, "a clone is the same store");
    assert_eq!(other.list_enti().await.unwrap(), []);
}

/// Whatever the address says, it is the same data.
async fn an_address_leads_to_the_same_database(place: Place) {
    furnish(&place.open().await).await;
    let store = Store::connect(&place.address()).await.unwrap();
    assert_eq!(store.list_enti().await.unwrap().len(), 2);
}

/// Tables are changed by `sportello migrate`, not by the first of many servers that happens to be new.
#[tokio::test]
async fn a_postgres_of_an_older_version_is_left_alone_until_it_is_migrated() {
    let place = PostgresPlace::bare().await;
    let refused = place.open().await;
    assert!(matches!(refused, Err(StoreError::Schema { found: 0, wanted: 6.. })), "{refused:?}");
    let version = Store::migrate(&place.address()).await.unwrap();
    furnish(&place.open().await.unwrap()).await;
    place.run(&format!("DELETE FROM _sqlx_migrations WHERE version = {version}")).await.unwrap();
    let refused = place.open().await;
    assert!(matches!(&refused, Err(StoreError::Schema { found, wanted }) if found < wanted && *wanted == version), "{refused:?}");
}

/// Of a file that somebody else is using: what is added goes into tables of this version, or nowhere.
#[tokio::test]
async fn a_sqlite_opened_as_it_is_is_neither_made_nor_brought_up_to_date() {
    let place = SqlitePlace::new();
    assert!(Store::open_as_it_is(&place.file()).await.is_err());
    assert!(!place.file().exists());
    furnish(&Store::open(&place.file()).await.unwrap()).await;
    assert_eq!(Store::open_as_it_is(&place.file()).await.unwrap().list_enti().await.unwrap().len(), 2);
    let back = "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    sqlx::query(back).execute(&place.stranger().await).await.unwrap();
    let refused = Store::open_as_it_is(&place.file()).await;
    assert!(matches!(&refused, Err(StoreError::Schema { found, wanted }) if found < wanted), "{refused:?}");
    let empty = SqlitePlace::new();
    std::fs::write(empty.file(), "").unwrap();
    let refused = Store::open_as_it_is(&empty.file()).await;
    assert!(matches!(&refused, Err(StoreError::Schema { found: 0, .. })), "{refused:?}");
    assert_eq!(std::fs::metadata(empty.file()).unwrap().len(), 0);
}

/// Whoever may read the copy is said before there is anything in it.
#[tokio::test]
async fn a_copy_of_a_sqlite_file_keeps_the_mode_it_was_made_with_and_is_written_over_nothing() {
    let (from, to) = (SqlitePlace::new(), SqlitePlace::new());
    let store = Store::open(&from.file()).await.unwrap();
    furnish(&store).await;
    std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(to.file()).unwrap();
    Store::copy_sqlite(&from.file(), &to.file()).await.unwrap();
    let mode = std::fs::metadata(to.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(Store::open(&to.file()).await.unwrap().list_enti().await.unwrap().len(), 2);
    let refused = Store::copy_sqlite(&from.file(), &to.file()).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}

#[tokio::test]
async fn many_servers_that_migrate_an_empty_postgres_at_once_do_it_once() {
    let place = PostgresPlace::bare().await;
    let all: Vec<_> = (0..4)
        .map(|_| {
            let address = place.address();
            tokio::spawn(async move { Store::migrate(&address).await })
        })
        .collect();
    for one in all {
        let version = one.await.unwrap();
        assert!(matches!(version, Ok(6..)), "{version:?}");
    }
    furnish(&place.open().await.unwrap()).await;
}

#[tokio::test]
async fn a_postgres_with_other_migrations_is_refused() {
    let place = PostgresPlace::new().await;
    place.run("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 3").await.unwrap();
    let refused = place.open().await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}

/// One that is being killed takes connections and closes them without a word: the same call may work later.
#[tokio::test]
async fn a_postgres_that_closes_a_connection_before_its_first_word_is_not_now() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // its question for TLS; closed unread it would be a reset, which is told differently
            let _ = stream.unwrap().read_exact(&mut [0; 8]);
        }
    });
    let refused = Store::connect(&format!("postgres://x@127.0.0.1:{port}/x")).await;
    assert!(matches!(&refused, Err(error) if error.is_temporary()), "{refused:?}");
}
