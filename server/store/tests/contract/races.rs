//! Several at once: nobody is overtaken between reading and writing, nothing happens twice.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::pagamento::EventoTentativo;
use domain::posizione::EventoPosizione;
use domain::{Opzione, StatoPosizione, StatoTentativo};
use std::time::Duration;
use store::{EsitoInbox, Inserted, Lifecycle, NewRicevuta, Store, StoreError, TentativoChange};

on_each_database! {
    of_two_writers_who_read_the_same_state_one_wins
    a_writer_is_not_overtaken_between_reading_and_writing
    a_trip_stays_as_it_was_read_until_it_is_written
    a_dropped_transaction_never_happened
    a_transaction_that_failed_writes_nothing
    a_reader_sees_the_last_commit_while_somebody_writes
    counters_of_concurrent_writers_have_neither_gaps_nor_twins
    of_twenty_clicks_at_once_one_begins_a_trip
    fifty_identical_receipts_at_once_leave_one_row
    of_two_instalments_paid_at_once_the_second_settles
    two_receipts_at_once_under_one_id_are_one_and_a_conflict
    a_message_taken_up_by_two_servers_is_judged_once
    two_positions_at_once_never_share_a_notice_number
}

async fn of_two_writers_who_read_the_same_state_one_wins(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let race = |evento, to| {
        let (store, read) = (store.clone(), p1.clone());
        tokio::spawn(async move {
            let mut tx = store.begin().await?;
            tx.advance_posizione(&read, evento, to, "", at(1)).await?;
            tx.commit().await
        })
    };
    let (pays, cancels) =
        (race(EventoPosizione::Saldo, StatoPosizione::Pagata), race(EventoPosizione::Annulla, StatoPosizione::Annullata));
    let outcomes = [pays.await.unwrap(), cancels.await.unwrap()];
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(StoreError::Stale))).count(), 1, "{outcomes:?}");
}

/// Two processes on one database: the other one waits for its turn, then sees what was done.
async fn a_writer_is_not_overtaken_between_reading_and_writing(place: Place) {
    let (store, other) = (place.open().await, place.open().await);
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    let read = tx.posizione(&valdoria(), "p1").await.unwrap().unwrap();
    let also_read = read.clone();
    let late = tokio::spawn(async move {
        let mut tx = other.begin().await?;
        tx.advance_posizione(&also_read, EventoPosizione::Annulla, StatoPosizione::Annullata, "", at(1)).await?;
        tx.commit().await
    });
    // long enough for the other one to get through if it could, far below the 2 s it waits
    tokio::time::sleep(Duration::from_millis(200)).await;
    tx.advance_posizione(&read, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let late = late.await.unwrap();
    assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
}

/// However it was found.
async fn a_trip_stays_as_it_was_read_until_it_is_written(place: Place) {
    use {EventoTentativo as E, StatoTentativo as S};
    let (store, other) = (place.open().await, place.open().await);
    let p1 = furnish(&store).await;
    for (n, id) in ["by id", "by key", "by notice"].into_iter().enumerate() {
        let mut tx = store.begin().await.unwrap();
        assert!(tx.insert_tentativo(&tentativo(id, &p1, id)).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let read = match n {
            0 => tx.tentativo(id).await.unwrap(),
            1 => tx.tentativo_aperto_by_chiave(id).await.unwrap(),
            _ => tx.tentativi_of_avviso(&valdoria(), &avviso(1)).await.unwrap().into_iter().find(|trip| trip.id == id),
        };
        let (read, other) = (read.unwrap(), other.clone());
        let also_read = read.clone();
        let late = tokio::spawn(async move {
            let mut tx = other.begin().await?;
            tx.advance_tentativo(&also_read, E::Fallisce, S::Fallito, TentativoChange::default(), at(2)).await?;
            tx.commit().await
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.advance_tentativo(&read, E::Invia, S::Inviato, TentativoChange::default(), at(2)).await.unwrap();
        tx.commit().await.unwrap();
        let late = late.await.unwrap();
        assert!(matches!(late, Err(StoreError::Stale)), "{id}: {late:?}");
    }
}

async fn a_dropped_transaction_never_happened(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&posizione("p2", 2), at(1)).await.unwrap();
    tx.insert_tentativo(&tentativo("t1", &p1, "k")).await.unwrap();
    tx.advance_posizione(&p1, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(1)).await.unwrap();
    assert_eq!(tx.next_iuv_counter(&valdoria()).await.unwrap(), 0);
    drop(tx);
    assert_eq!(store.posizione(&valdoria(), "p2").await.unwrap(), None);
    assert_eq!(store.tentativo("t1").await.unwrap(), None);
    assert_eq!(store.posizione(&valdoria(), "p1").await.unwrap(), Some(p1));
    assert_eq!(store.transizioni(Lifecycle::Posizione, "p1").await.unwrap().len(), 1);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.next_iuv_counter(&valdoria()).await.unwrap(), 0, "its number was given back");
}

/// PostgreSQL would answer its COMMIT without an error.
async fn a_transaction_that_failed_writes_nothing(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance_posizione(&p1, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(1)).await.unwrap();
    assert!(matches!(tx.insert_posizione(&p1, at(1)).await, Err(StoreError::Database(_))), "the id is taken");
    let after = tx.mark_rata_pagata(&valdoria(), &avviso(1), at(1)).await;
    assert!(matches!(after, Err(StoreError::Database(_))), "{after:?}");
    let committed = tx.commit().await;
    assert!(matches!(committed, Err(StoreError::Database(_))), "{committed:?}");
    assert_eq!(store.posizione(&valdoria(), "p1").await.unwrap(), Some(p1));
}

async fn a_reader_sees_the_last_commit_while_somebody_writes(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance_posizione(&p1, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(1)).await.unwrap();
    assert_eq!(store.posizione(&valdoria(), "p1").await.unwrap().unwrap().stato, StatoPosizione::Aperta);
    tx.commit().await.unwrap();
    assert_eq!(store.posizione(&valdoria(), "p1").await.unwrap().unwrap().stato, StatoPosizione::Pagata);
}

async fn counters_of_concurrent_writers_have_neither_gaps_nor_twins(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let writers: Vec<_> = (0..20)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let number = tx.next_iuv_counter(&valdoria()).await.unwrap();
                // every fourth one gives up
                if n % 4 == 0 {
                    return None;
                }
                tx.commit().await.unwrap();
                Some(number)
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for writer in writers {
        numbers.extend(writer.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (0..15).collect::<Vec<u64>>());
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.next_iuv_counter(&montelago()).await.unwrap(), 0, "each ente has its own");
}

async fn of_twenty_clicks_at_once_one_begins_a_trip(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let clicks: Vec<_> = (0..20)
        .map(|n| {
            let (store, trip) = (store.clone(), tentativo(&format!("t{n}"), &p1, "k"));
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let begun = tx.insert_tentativo(&trip).await.unwrap();
                tx.commit().await.unwrap();
                begun
            })
        })
        .collect();
    let mut begun = 0;
    for click in clicks {
        begun += u32::from(click.await.unwrap());
    }
    assert_eq!(begun, 1);
}

async fn fifty_identical_receipts_at_once_leave_one_row(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let deliveries: Vec<_> = (0..50).map(|n| tokio::spawn(receive(store.clone(), n))).collect();
    let mut new = 0;
    for delivery in deliveries {
        new += u32::from(delivery.await.unwrap().unwrap() == Inserted::New);
    }
    assert_eq!(new, 1);
    assert_eq!(store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap().len(), 1);
    assert_eq!(store.transizioni(Lifecycle::Posizione, "p1").await.unwrap().len(), 2);
    let counts = [("ACCETTATO".to_owned(), 1), ("RIPETUTO".to_owned(), 49)];
    assert_eq!(store.inbox_counts().await.unwrap(), counts, "each delivery is accounted for");
}

/// Both find the position partly paid, and the state stays that until the last one: only whoever waited for the other can tell.
async fn of_two_instalments_paid_at_once_the_second_settles(place: Place) {
    use {EventoPosizione as E, StatoPosizione as S};
    let store = place.open().await;
    furnish(&store).await;
    let mut debt = posizione("three", 10);
    debt.stato = S::ParzialmentePagata;
    debt.rate = (1..=3).map(|n| rata(9 + u64::from(n), Opzione::Rata { numero: n, di: 3 }, 500)).collect();
    debt.rate[0].pagata = true;
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&debt, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let pay = |base| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let read = tx.posizione_by_avviso(&valdoria(), &avviso(base)).await.unwrap().unwrap();
            // long enough for the other one to read the same, if it could
            tokio::time::sleep(Duration::from_millis(100)).await;
            let last = read.rate.iter().filter(|rata| !rata.pagata).count() == 1;
            let (evento, to) = if last { (E::Saldo, S::Pagata) } else { (E::Acconto, S::ParzialmentePagata) };
            tx.advance_posizione(&read, evento, to, "", at(2)).await.unwrap();
            tx.mark_rata_pagata(&valdoria(), &avviso(base), at(2)).await.unwrap();
            tx.commit().await.unwrap();
        })
    };
    for paid in [pay(11), pay(12)] {
        paid.await.unwrap();
    }
    let read = store.posizione(&valdoria(), "three").await.unwrap().unwrap();
    assert_eq!(read.stato, S::Pagata);
    assert!(read.rate.iter().all(|rata| rata.pagata));
}

/// Of a notice that is not ours: no position makes one wait for the other.
async fn two_receipts_at_once_under_one_id_are_one_and_a_conflict(place: Place) {
    let store = place.open().await;
    for id in ["m0", "m1"] {
        store.keep(&message(id, b"x")).await.unwrap();
    }
    let deliver = |n: usize, sha256: &'static str| {
        let store = store.clone();
        tokio::spawn(async move {
            let (receipt, inbox_id) = (ricevuta("rt1", 1), format!("m{n}"));
            let mut tx = store.begin().await.unwrap();
            let new = NewRicevuta { sha256, ..new_ricevuta(&format!("r{n}"), &receipt, &inbox_id) };
            let inserted = tx.insert_ricevuta(&new).await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
            tx.commit().await.unwrap();
            inserted
        })
    };
    let (one, other) = (deliver(0, DIGEST), deliver(1, OTHER_DIGEST));
    let outcomes = [one.await.unwrap(), other.await.unwrap()];
    assert!(outcomes.contains(&Inserted::New) && outcomes.contains(&Inserted::Conflict), "{outcomes:?}");
    assert_eq!(store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap().len(), 1);
}

async fn a_message_taken_up_by_two_servers_is_judged_once(place: Place) {
    let (one, other) = (place.open().await, place.open().await);
    one.keep(&message("m1", b"x")).await.unwrap();
    let take_up = |store: Store, esito| {
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let pending = tx.is_pending("m1").await.unwrap();
            if pending {
                tokio::time::sleep(Duration::from_millis(100)).await;
                tx.settle_inbox("m1", esito, None).await.unwrap();
                tx.commit().await.unwrap();
            }
            u32::from(pending)
        })
    };
    let both = [take_up(one.clone(), EsitoInbox::Accettato), take_up(other, EsitoInbox::Accettato)];
    let mut judged = 0;
    for one in both {
        judged += one.await.unwrap();
    }
    assert_eq!(judged, 1);
    let mut tx = one.begin().await.unwrap();
    assert!(matches!(tx.is_pending("m2").await, Err(StoreError::Stale)), "there is no such message");
}

async fn two_positions_at_once_never_share_a_notice_number(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let write = |id: &str| {
        let (store, debt) = (store.clone(), posizione(id, 7));
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            tx.insert_posizione(&debt, at(1)).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
            tx.commit().await
        })
    };
    let (one, other) = (write("one"), write("other"));
    let outcomes = [one.await.unwrap(), other.await.unwrap()];
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(StoreError::Database(_)))).count(), 1, "{outcomes:?}");
}
