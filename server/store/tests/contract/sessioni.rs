//! A session is found until its time is over, and then goes; an answer to a question is taken once.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use store::{FornitoreIdentita, Sessione, Store};

on_each_database! {
    a_session_is_there_until_its_end_or_until_nobody_was_seen
    an_answer_is_taken_once_by_whoever_is_first
    what_is_over_is_deleted_and_nothing_else
    an_ente_has_one_provider_of_its_own_or_none
}

fn sessione(id: char, scade: i64) -> Sessione {
    Sessione {
        id_sha256: id.to_string().repeat(64),
        ente: Some(valdoria()),
        codice_fiscale: mario().codice_fiscale,
        nome: "Mario Rossi".into(),
        livello: None,
        iniziata: at(0),
        vista: at(0),
        scade: at(scade),
    }
}

async fn write(store: &Store, sessioni: &[Sessione]) {
    furnish(store).await;
    let mut tx = store.begin().await.unwrap();
    for sessione in sessioni {
        tx.insert_sessione(sessione).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn a_session_is_there_until_its_end_or_until_nobody_was_seen(place: Place) {
    let store = place.open().await;
    let one = sessione('a', 100);
    write(&store, &[one.clone(), Sessione { ente: None, ..sessione('b', 100) }]).await;
    let find = async |now: i64, idle: i64| store.sessione(&one.id_sha256, at(now), at(idle)).await.unwrap();
    assert_eq!(find(99, -1).await, Some(one.clone()));
    assert_eq!(find(100, -1).await, None, "over");
    assert_eq!(find(50, 0).await, None, "not seen since");
    assert_eq!(store.sessione(&"b".repeat(64), at(1), at(-1)).await.unwrap().unwrap().ente, None);
    assert_eq!(store.sessione(&"c".repeat(64), at(1), at(-1)).await.unwrap(), None);
    for (seen, vista) in [(40, 40), (30, 40)] {
        let mut tx = store.begin().await.unwrap();
        tx.touch_sessione(&one.id_sha256, at(seen)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(50, 0).await.unwrap().vista, at(vista), "never earlier than before");
    }
    let mut tx = store.begin().await.unwrap();
    tx.end_sessione(&one.id_sha256).await.unwrap();
    tx.end_sessione(&one.id_sha256).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(find(1, -1).await, None);
    assert!(!format!("{one:?}").contains("Mario") && !format!("{one:?}").contains("RSSMRA"));
}

async fn an_answer_is_taken_once_by_whoever_is_first(place: Place) {
    let store = place.open().await;
    let take = async || {
        let mut tx = store.begin().await.unwrap();
        let first = tx.use_accesso(DIGEST, at(600)).await.unwrap();
        tx.commit().await.unwrap();
        first
    };
    assert!(take().await);
    assert!(!take().await && !take().await);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.use_accesso(OTHER_DIGEST, at(600)).await.unwrap());
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    assert!(tx.use_accesso(OTHER_DIGEST, at(600)).await.unwrap(), "what was not committed was not taken");
}

async fn what_is_over_is_deleted_and_nothing_else(place: Place) {
    let store = place.open().await;
    write(&store, &[sessione('a', 10), sessione('b', 20), sessione('c', 30)]).await;
    let mut tx = store.begin().await.unwrap();
    assert!(tx.use_accesso(DIGEST, at(15)).await.unwrap() && tx.use_accesso(OTHER_DIGEST, at(40)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.sessioni_before(at(25)).await.unwrap(), 2);
    for (max, done) in [(1, 1), (9, 1), (9, 0)] {
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.delete_sessioni(at(25), max).await.unwrap(), done);
        tx.commit().await.unwrap();
    }
    assert_eq!(store.sessioni_before(at(1_000)).await.unwrap(), 1);
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.use_accesso(OTHER_DIGEST, at(40)).await.unwrap(), "still remembered");
    assert!(tx.use_accesso(DIGEST, at(40)).await.unwrap(), "its question is over anyway");
}

async fn an_ente_has_one_provider_of_its_own_or_none(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut own = FornitoreIdentita {
        ente: valdoria(),
        issuer: "https://idp.valdoria.example".into(),
        client_id: "sportello".into(),
        claim: "fiscal_number".into(),
        livelli: vec!["L2".into(), "L3".into()],
        parametro_spid: "idp=spid".into(),
        parametro_cie: String::new(),
    };
    for issuer in ["https://idp.valdoria.example", "https://altro.example"] {
        own.issuer = issuer.into();
        let mut tx = store.begin().await.unwrap();
        tx.set_fornitore(&own, at(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.fornitori().await.unwrap(), [own.clone()]);
    }
    let mut tx = store.begin().await.unwrap();
    assert!(tx.remove_fornitore(&valdoria()).await.unwrap() && !tx.remove_fornitore(&valdoria()).await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.fornitori().await.unwrap().is_empty());
}
