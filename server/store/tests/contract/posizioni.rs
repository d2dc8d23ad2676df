//! A position with its options and transfers: what is written comes back, what is wrong is refused.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::posizione::EventoPosizione;
use domain::{Accredito, Importo, Opzione, Posizione, StatoPosizione};
use store::StoreError;

on_each_database! {
    a_posizione_comes_back_whole
    a_notice_finds_the_posizione_of_its_own_ente_only
    a_notice_number_names_one_position_of_an_ente
    an_option_that_does_not_add_up_is_refused
    a_paid_option_stays_paid_since_the_first_time
    a_row_that_breaks_a_type_is_told_and_not_shown
}

/// Everything a position can have: service, payer, three ways to pay, two beneficiaries, a stamp.
fn rich() -> Posizione {
    let mut rich = posizione("rich", 10);
    rich.servizio = Some("mensa".into());
    rich.versante = Some(mario());
    let mut first = rata(12, Opzione::Rata { numero: 1, di: 2 }, 1_800);
    first.versamenti[0].importo = Importo::of_cents(200);
    first.versamenti[0].ente = montelago();
    first.versamenti[0].accredito = Accredito::Conto { iban: iban(), postale: Some(iban()) };
    first.versamenti.push(versamento(1_600, Accredito::Bollo { hash_documento: "aGFzaA==".into(), provincia: "RM".into() }));
    let mut second = rata(11, Opzione::Rata { numero: 2, di: 2 }, 750);
    (second.scadenza, second.non_oltre_scadenza, second.pagata) = (None, false, true);
    rich.rate.extend([first, second]);
    rich
}

async fn a_posizione_comes_back_whole(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let rich = rich();
    let mut tx = store.begin().await.unwrap();
    tx.insert_servizio(&servizio("mensa", true), 0, at(1)).await.unwrap();
    tx.insert_posizione(&rich, at(1)).await.unwrap();
    assert_eq!(tx.posizione(&valdoria(), "rich").await.unwrap().as_ref(), Some(&rich), "inside its own transaction");
    tx.commit().await.unwrap();
    assert_eq!(store.posizione(&valdoria(), "rich").await.unwrap().as_ref(), Some(&rich));
    for rata in &rich.rate {
        assert_eq!(store.posizione_by_avviso(&valdoria(), &rata.numero).await.unwrap().as_ref(), Some(&rich));
    }
}

async fn a_notice_finds_the_posizione_of_its_own_ente_only(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    assert_eq!(store.posizione_by_avviso(&valdoria(), &avviso(1)).await.unwrap(), Some(p1));
    assert_eq!(store.posizione_by_avviso(&montelago(), &avviso(1)).await.unwrap(), None);
    assert_eq!(store.posizione(&montelago(), "p1").await.unwrap(), None);
    assert_eq!(store.posizione_by_avviso(&valdoria(), &avviso(2)).await.unwrap(), None);
    let mut tx = store.begin().await.unwrap();
    let mut stranger = posizione("p1", 1);
    stranger.ente = montelago();
    let advanced = tx.advance_posizione(&stranger, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(2)).await;
    assert!(matches!(advanced, Err(StoreError::Stale)), "{advanced:?}");
}

async fn a_notice_number_names_one_position_of_an_ente(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.insert_posizione(&posizione("p2", 1), at(1)).await, Err(StoreError::Database(_))));
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let mut elsewhere = posizione("p2", 1);
    elsewhere.ente = montelago();
    tx.insert_posizione(&elsewhere, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.posizione_by_avviso(&montelago(), &avviso(1)).await.unwrap(), Some(elsewhere));
}

async fn an_option_that_does_not_add_up_is_refused(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    let mut short = posizione("short", 2);
    short.rate[0].versamenti[0].importo = Importo::of_cents(2_549);
    let mut nothing = posizione("nothing", 3);
    nothing.rate.clear();
    for bad in [short, nothing] {
        let refused = tx.insert_posizione(&bad, at(1)).await;
        assert!(matches!(&refused, Err(StoreError::Inconsistent { table: "posizioni", id, .. }) if *id == bad.id), "{refused:?}");
    }
}

async fn a_paid_option_stays_paid_since_the_first_time(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    for second in [1, 2] {
        let mut tx = store.begin().await.unwrap();
        tx.mark_rata_pagata(&valdoria(), &avviso(1), at(second)).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert!(store.posizione(&valdoria(), "p1").await.unwrap().unwrap().rate[0].pagata);
    assert_eq!(place.text("SELECT pagata_at FROM rate").await, format!("{:.6}", at(1)));
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.mark_rata_pagata(&montelago(), &avviso(1), at(3)).await, Err(StoreError::Stale)));
}

async fn a_row_that_breaks_a_type_is_told_and_not_shown(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    place.run("UPDATE posizioni SET debitore_cf = 'RSSMRA85T10A562T'").await.unwrap();
    let error = store.posizione(&valdoria(), "p1").await.unwrap_err();
    assert!(matches!(&error, StoreError::Inconsistent { table: "posizioni", id, .. } if id == "p1"), "{error:?}");
    let text = format!("{error} {error:?}");
    assert!(text.contains("debitore_cf") && !text.contains("RSSMRA"), "{text}");
    assert!(!error.is_temporary());
}
