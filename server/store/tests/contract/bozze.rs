//! Drafts whose time is over go, whole; everything else stays.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::posizione::EventoPosizione;
use domain::{Posizione, StatoPosizione};
use jiff::Timestamp;
use std::time::Duration;
use store::{Lifecycle, NewRicevuta, Store};

on_each_database! {
    old_drafts_of_forms_go_with_all_that_is_in_them
    what_is_no_abandoned_draft_stays
    a_draft_that_is_paid_meanwhile_stays
}

fn draft(id: &str, base: u64) -> Posizione {
    Posizione { stato: StatoPosizione::Bozza, ..posizione(id, base) }
}

async fn write(store: &Store, draft: &Posizione, form: bool, written: Timestamp) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(draft, written).await.unwrap();
    if form {
        tx.insert_modulo(&valdoria(), &draft.id, "{}").await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn delete(store: &Store, before: Timestamp, max: u32) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let deleted = tx.delete_bozze(before, max, "oltre i giorni", at(100)).await.unwrap();
    tx.commit().await.unwrap();
    deleted
}

async fn old_drafts_of_forms_go_with_all_that_is_in_them(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    for n in 0..5 {
        write(&store, &draft(&format!("d{n}"), 10 + n), true, at(n.cast_signed())).await;
    }
    assert_eq!(store.bozze_before(at(3)).await.unwrap(), 3);
    assert_eq!(delete(&store, at(3), 2).await, 2, "in batches, the oldest first");
    assert_eq!(store.posizione(&valdoria(), "d2").await.unwrap(), Some(draft("d2", 12)));
    assert_eq!(delete(&store, at(3), 2).await, 1);
    assert_eq!(delete(&store, at(3), 2).await, 0);
    assert_eq!(store.bozze_before(at(3)).await.unwrap(), 0);
    for n in 0..5 {
        let (id, numero) = (format!("d{n}"), avviso(10 + n));
        let there = n >= 3;
        assert_eq!(store.posizione(&valdoria(), &id).await.unwrap().is_some(), there);
        assert_eq!(store.posizione_by_avviso(&valdoria(), &numero).await.unwrap().is_some(), there);
        assert_eq!(store.modulo(&valdoria(), &id).await.unwrap().is_some(), there);
        let steps = store.transizioni(Lifecycle::Posizione, &id).await.unwrap();
        let last = steps.last().unwrap();
        let wanted = if there { ("NASCE", "BOZZA") } else { ("ELIMINA", "ELIMINATA") };
        assert_eq!((last.evento.as_str(), last.a.as_str()), wanted);
    }
    let orphans = "SELECT CAST((SELECT COUNT(*) FROM versamenti) - (SELECT COUNT(*) FROM posizioni) AS TEXT)";
    assert_eq!(place.text(orphans).await, "0", "each position has one transfer");
}

async fn what_is_no_abandoned_draft_stays(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let [ente, trip, receipt, open] = [("ente", 10), ("trip", 11), ("receipt", 12), ("open", 13)].map(|(id, n)| draft(id, n));
    write(&store, &ente, false, at(0)).await;
    for draft in [&trip, &receipt, &open] {
        write(&store, draft, true, at(0)).await;
    }
    store.keep(&message("m1", b"x")).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_tentativo(&tentativo("t1", &trip, "k")).await.unwrap();
    // one that says KO leaves the draft a draft
    let fact = ricevuta("rt1", 12);
    tx.insert_ricevuta(&NewRicevuta { posizione_id: Some("receipt"), ..new_ricevuta("r1", &fact, "m1") }).await.unwrap();
    tx.advance_posizione(&open, EventoPosizione::Pubblica, StatoPosizione::Aperta, "", at(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.bozze_before(at(50)).await.unwrap(), 0);
    assert_eq!(delete(&store, at(50), 10).await, 0);
    for id in ["p1", "ente", "trip", "receipt", "open"] {
        assert!(store.posizione(&valdoria(), id).await.unwrap().is_some(), "{id}");
    }
}

async fn a_draft_that_is_paid_meanwhile_stays(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    furnish(&store).await;
    write(&store, &draft("d", 10), true, at(0)).await;
    let mut tx = store.begin().await.unwrap();
    let read = tx.posizione(&valdoria(), "d").await.unwrap().unwrap();
    let deleting = tokio::spawn(async move { delete(&other, at(50), 10).await });
    // long enough for it to get through if it could, far below the 2 s it waits
    tokio::time::sleep(Duration::from_millis(200)).await;
    tx.advance_posizione(&read, EventoPosizione::Pubblica, StatoPosizione::Aperta, "", at(1)).await.unwrap();
    tx.insert_tentativo(&tentativo("t1", &read, "k")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(deleting.await.unwrap(), 0);
    assert_eq!(store.posizione(&valdoria(), "d").await.unwrap().unwrap().stato, StatoPosizione::Aperta);
}
