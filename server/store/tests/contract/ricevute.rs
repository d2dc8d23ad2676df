//! What came in, and the receipts read from it.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::{Anomalia, Importo, StatoRicevuta};
use store::{EsitoInbox, Inserted, Lifecycle, NewRicevuta, StoreError};

on_each_database! {
    what_is_in_quarantine_is_settled_once_and_stays
    what_came_in_is_kept_byte_by_byte
    a_receipt_is_written_once
    two_receipts_for_one_notice_are_both_kept
    one_payment_for_two_enti_is_two_receipts
    a_receipt_needs_the_message_it_was_read_from
}

async fn what_came_in_is_kept_byte_by_byte(place: Place) {
    let store = place.open().await;
    let raw: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    store.keep(&message("m1", &raw)).await.unwrap();
    assert_eq!(store.ricevuta_raw("m1").await.unwrap(), Some(raw));
    assert_eq!(store.ricevuta_raw("m2").await.unwrap(), None);
    assert_eq!(store.inbox_counts().await.unwrap(), [("RICEVUTO".to_owned(), 1)]);
    assert!(matches!(store.keep(&message("m1", b"other")).await, Err(StoreError::Database(_))), "an id is taken once");
    let mut tx = store.begin().await.unwrap();
    tx.settle_inbox("m1", EsitoInbox::Quarantena, Some("not XML")).await.unwrap();
    assert!(matches!(tx.settle_inbox("m2", EsitoInbox::Accettato, None).await, Err(StoreError::Stale)));
    tx.commit().await.unwrap();
    assert_eq!(place.text("SELECT esito || ': ' || dettaglio FROM inbox").await, "QUARANTENA: not XML");
}

async fn a_receipt_is_written_once(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    for id in ["m1", "m2", "m3"] {
        store.keep(&message(id, id.as_bytes())).await.unwrap();
    }
    let receipt = ricevuta("rt1", 1);
    let anomalie = [Anomalia::DoppioPagamento, Anomalia::SommaVersamenti { somma_cents: -3 }];
    let first = NewRicevuta {
        posizione_id: Some("p1"),
        anomalie: &anomalie,
        stato: StatoRicevuta::Anomala,
        ..new_ricevuta("r1", &receipt, "m1")
    };
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.insert_ricevuta(&first).await.unwrap(), Inserted::New);
    assert_eq!(tx.insert_ricevuta(&new_ricevuta("r2", &receipt, "m2")).await.unwrap(), Inserted::Same);
    let mut other = receipt.clone();
    other.importo = Importo::of_cents(1);
    let conflict = NewRicevuta { sha256: OTHER_DIGEST, ..new_ricevuta("r3", &other, "m3") };
    assert_eq!(tx.insert_ricevuta(&conflict).await.unwrap(), Inserted::Conflict);
    tx.commit().await.unwrap();
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.len(), 1);
    let row = &stored[0];
    assert_eq!((row.id.as_str(), &row.ricevuta, row.stato), ("r1", &receipt, StatoRicevuta::Anomala));
    assert_eq!((row.anomalie.as_slice(), row.inbox_id.as_str(), row.received_at), (&anomalie[..], "m1", at(5)));
    assert_eq!(row.ente_destinatario, "77777777777");
    assert_eq!(store.ricevute_of_avviso(&montelago(), &avviso(1)).await.unwrap(), []);
    assert_eq!(store.transizioni(Lifecycle::Ricevuta, "r1").await.unwrap().len(), 1);
    assert_eq!(store.transizioni(Lifecycle::Ricevuta, "r3").await.unwrap(), []);
}

async fn two_receipts_for_one_notice_are_both_kept(place: Place) {
    let store = place.open().await;
    store.keep(&message("m", b"x")).await.unwrap();
    let (first, second) = (ricevuta("rt-b", 1), ricevuta("rt-a", 1));
    let mut tx = store.begin().await.unwrap();
    // the clock went back between the two: the order is that of arrival
    let late = NewRicevuta { received_at: at(9), ..new_ricevuta("r1", &first, "m") };
    assert_eq!(tx.insert_ricevuta(&late).await.unwrap(), Inserted::New);
    assert_eq!(tx.insert_ricevuta(&new_ricevuta("r2", &second, "m")).await.unwrap(), Inserted::New);
    tx.commit().await.unwrap();
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.iter().map(|r| r.ricevuta.receipt_id.as_str()).collect::<Vec<_>>(), ["rt-b", "rt-a"]);
}

async fn one_payment_for_two_enti_is_two_receipts(place: Place) {
    let store = place.open().await;
    store.keep(&message("m", b"x")).await.unwrap();
    let receipt = ricevuta("rt1", 1);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.insert_ricevuta(&new_ricevuta("r1", &receipt, "m")).await.unwrap(), Inserted::New);
    let other = NewRicevuta { ente_destinatario: montelago().to_string(), ..new_ricevuta("r2", &receipt, "m") };
    assert_eq!(tx.insert_ricevuta(&other).await.unwrap(), Inserted::New);
    tx.commit().await.unwrap();
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.iter().map(|r| r.ente_destinatario.as_str()).collect::<Vec<_>>(), ["77777777777", "80001230459"]);
}

async fn a_receipt_needs_the_message_it_was_read_from(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let receipt = ricevuta("rt1", 1);
    let mut tx = store.begin().await.unwrap();
    let orphan = tx.insert_ricevuta(&new_ricevuta("r1", &receipt, "nothing")).await;
    assert!(matches!(orphan, Err(StoreError::Database(_))), "{orphan:?}");
}

async fn what_is_in_quarantine_is_settled_once_and_stays(place: Place) {
    let store = place.open().await;
    for id in ["m1", "m2", "m3"] {
        store.keep(&message(id, b"non XML")).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    for id in ["m1", "m2"] {
        tx.settle_inbox(id, EsitoInbox::Quarantena, Some("not XML")).await.unwrap();
    }
    tx.resolve_inbox("m1", "il PSP ha rifatto", at(9)).await.unwrap();
    for (id, why) in [("m1", "settled"), ("m3", "not in quarantine"), ("m9", "not there")] {
        assert!(matches!(tx.resolve_inbox(id, "x", at(9)).await, Err(StoreError::Stale)), "{id}: {why}");
    }
    tx.commit().await.unwrap();
    let left = store.in_quarantena(10).await.unwrap();
    let told: Vec<_> = left.iter().map(|m| (m.id.as_str(), m.byte, m.dettaglio.as_deref(), m.risolto.as_deref())).collect();
    assert_eq!(told, [("m2", 7, Some("not XML"), None)]);
    let counts = [("QUARANTENA", 1), ("RICEVUTO", 1), ("RISOLTO", 1)].map(|(esito, n)| (esito.to_owned(), n));
    assert_eq!(store.inbox_counts().await.unwrap(), counts);
    assert_eq!(store.quarantena("m1").await.unwrap().unwrap().risolto.as_deref(), Some("il PSP ha rifatto"));
    assert_eq!(store.quarantena("m3").await.unwrap(), None, "it never was");
    assert_eq!(store.ricevuta_raw("m1").await.unwrap().as_deref(), Some(&b"non XML"[..]), "nothing is deleted");
    for sql in ["UPDATE inbox_risolti SET perche = 'y'", "DELETE FROM inbox_risolti"] {
        assert!(place.run(sql).await.expect_err(sql).to_string().contains("only added"), "{sql}");
    }
}
