//! Trips to Checkout.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::pagamento::EventoTentativo;
use domain::{Email, EsitoDichiarato, StatoTentativo};
use store::{Lifecycle, StoreError, Tentativo, TentativoChange};

on_each_database! {
    a_second_click_finds_the_trip_that_is_under_way
    a_step_of_a_trip_keeps_what_it_does_not_mention
    a_trip_names_a_notice_of_its_own_position
    trips_of_one_cart_are_found_together_in_its_order
    the_same_thing_for_the_same_person_is_found_again_for_a_while
    an_address_past_its_time_is_forgotten_and_the_trip_stays
}

async fn a_second_click_finds_the_trip_that_is_under_way(place: Place) {
    use {EventoTentativo as E, StatoTentativo as S};
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.tentativo_aperto_by_chiave("k").await.unwrap(), None);
    let first = tentativo("t1", &p1, "k");
    assert!(tx.insert_tentativo(&first).await.unwrap());
    assert!(!tx.insert_tentativo(&tentativo("t2", &p1, "k")).await.unwrap());
    assert!(tx.insert_tentativo(&tentativo("t3", &p1, "another")).await.unwrap());
    tx.advance_tentativo(&first, E::Invia, S::Inviato, TentativoChange::default(), at(2)).await.unwrap();
    assert!(!tx.insert_tentativo(&tentativo("t2", &p1, "k")).await.unwrap());
    let sent = tx.tentativo_aperto_by_chiave("k").await.unwrap().unwrap();
    assert_eq!((sent.id.as_str(), sent.stato), ("t1", S::Inviato));
    tx.advance_tentativo(&sent, E::Ritorna, S::Ritornato, TentativoChange::default(), at(3)).await.unwrap();
    assert_eq!(tx.tentativo_aperto_by_chiave("k").await.unwrap(), None);
    assert!(tx.insert_tentativo(&tentativo("t2", &p1, "k")).await.unwrap(), "the first is over");
    let ids: Vec<_> = tx.tentativi_of_avviso(&valdoria(), &avviso(1)).await.unwrap().into_iter().map(|t| t.id).collect();
    assert_eq!(ids, ["t1", "t2", "t3"]);
    assert_eq!(tx.tentativi_of_avviso(&montelago(), &avviso(1)).await.unwrap(), []);
    let same_id = tx.insert_tentativo(&tentativo("t1", &p1, "fresh")).await;
    assert!(matches!(same_id, Err(StoreError::Database(_))), "another conflict is an error: {same_id:?}");
}

async fn a_step_of_a_trip_keeps_what_it_does_not_mention(place: Place) {
    use {EventoTentativo as E, StatoTentativo as S};
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let trip = tentativo("t1", &p1, "k");
    let mut tx = store.begin().await.unwrap();
    tx.insert_tentativo(&trip).await.unwrap();
    let sent = TentativoChange { cart_url: Some("https://checkout.example/c/1".into()), ..Default::default() };
    tx.advance_tentativo(&trip, E::Invia, S::Inviato, sent, at(2)).await.unwrap();
    tx.commit().await.unwrap();
    let read = store.tentativo("t1").await.unwrap().unwrap();
    let mut tx = store.begin().await.unwrap();
    let back = TentativoChange {
        esito_dichiarato: Some(EsitoDichiarato::Errore),
        returned_at: Some(at(3)),
        problema: Some("carta rifiutata".into()),
        ..Default::default()
    };
    tx.advance_tentativo(&read, E::Ritorna, S::Ritornato, back.clone(), at(3)).await.unwrap();
    let stale = tx.advance_tentativo(&read, E::Ritorna, S::Ritornato, back, at(4)).await;
    assert!(matches!(stale, Err(StoreError::Stale)), "coming back twice: {stale:?}");
    tx.commit().await.unwrap();
    let expected = Tentativo {
        stato: S::Ritornato,
        cart_url: Some("https://checkout.example/c/1".into()),
        esito_dichiarato: Some(EsitoDichiarato::Errore),
        returned_at: Some(at(3)),
        problema: Some("carta rifiutata".into()),
        ..trip
    };
    assert_eq!(store.tentativo("t1").await.unwrap(), Some(expected));
    let steps = store.transizioni(Lifecycle::Tentativo, "t1").await.unwrap();
    let told: Vec<_> = steps.iter().map(|s| (s.evento.as_str(), s.perche.as_str())).collect();
    assert_eq!(told, [("NASCE", "inserito"), ("INVIA", ""), ("RITORNA", "carta rifiutata")]);
}

async fn a_trip_names_a_notice_of_its_own_position(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&posizione("p2", 2), at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let of_another = Tentativo { numero: avviso(2), ..tentativo("t1", &p1, "a") };
    let of_another_ente = Tentativo { ente: montelago(), ..tentativo("t2", &p1, "b") };
    for bad in [of_another, of_another_ente] {
        let mut tx = store.begin().await.unwrap();
        assert!(matches!(tx.insert_tentativo(&bad).await, Err(StoreError::Database(_))), "{}", bad.id);
    }
}

async fn trips_of_one_cart_are_found_together_in_its_order(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    for (id, chiave) in [("t9", "k/0"), ("t1", "k/1"), ("t5", "k/2")] {
        let trip = Tentativo { carrello: Some("c1".into()), ..tentativo(id, &p1, chiave) };
        assert_eq!(trip.id_cart(), "c1");
        assert!(tx.insert_tentativo(&trip).await.unwrap());
    }
    let alone = tentativo("t2", &p1, "k/3");
    assert_eq!(alone.id_cart(), "t2");
    assert!(tx.insert_tentativo(&alone).await.unwrap());
    let ids = |trips: Vec<Tentativo>| trips.into_iter().map(|t| t.id).collect::<Vec<_>>();
    assert_eq!(ids(tx.tentativi_of_carrello("c1").await.unwrap()), ["t9", "t1", "t5"]);
    tx.commit().await.unwrap();
    assert_eq!(ids(store.tentativi_of_carrello("c1").await.unwrap()), ["t9", "t1", "t5"]);
    assert_eq!(store.tentativi_of_carrello("t2").await.unwrap(), []);
}

async fn the_same_thing_for_the_same_person_is_found_again_for_a_while(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    for n in 1..=4_u64 {
        let impronta = Some(if n == 3 { "other".to_owned() } else { "same".to_owned() });
        let trip = Tentativo { impronta, created_at: at(n.cast_signed()), ..tentativo(&format!("t{n}"), &p1, &n.to_string()) };
        tx.insert_tentativo(&trip).await.unwrap();
    }
    let mut found = async |since, max| {
        let trips = tx.tentativi_of_impronta("same", at(since), max).await.unwrap();
        trips.into_iter().map(|t| t.id).collect::<Vec<_>>()
    };
    assert_eq!(found(0, 10).await, ["t1", "t2", "t4"]);
    assert_eq!(found(2, 10).await, ["t2", "t4"]);
    assert_eq!(found(0, 1).await, ["t1"]);
    assert_eq!(found(5, 10).await, [""; 0]);
}

async fn an_address_past_its_time_is_forgotten_and_the_trip_stays(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let email = Some(Email::parse("mario@posta.example").unwrap());
    let mut tx = store.begin().await.unwrap();
    for n in 1..=4_u64 {
        let trip = Tentativo {
            email: email.clone(),
            created_at: at(n.cast_signed()),
            ..tentativo(&format!("t{n}"), &p1, &n.to_string())
        };
        tx.insert_tentativo(&trip).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(store.tentativo("t1").await.unwrap().unwrap().email, email);
    assert_eq!(store.emails_before(at(4)).await.unwrap(), 3);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.forget_emails_before(at(4), 2).await.unwrap(), 2, "in batches, the oldest first");
    assert_eq!(tx.tentativo("t3").await.unwrap().unwrap().email, email);
    assert_eq!(tx.forget_emails_before(at(4), 2).await.unwrap(), 1);
    tx.forget_email("t4").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.emails_before(at(50)).await.unwrap(), 0);
    let trip = store.tentativo("t1").await.unwrap().unwrap();
    assert_eq!((trip.email, trip.stato), (None, StatoTentativo::Creato));
}
