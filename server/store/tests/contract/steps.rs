//! States change along the edges of their table, one row of `transizioni` each.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::pagamento::EventoTentativo;
use domain::posizione::EventoPosizione;
use domain::{EsitoDichiarato, StatoPosizione, StatoTentativo};
use domain::{pagamento, ricevuta as ricevute};
use store::{EsitoInbox, Inserted, Lifecycle, NewRicevuta, StoreError, Tentativo, TentativoChange};

on_each_database! {
    every_state_and_every_outcome_can_be_stored
    a_posizione_advances_only_from_the_state_that_was_read
    a_step_that_the_table_lacks_is_refused
    replaying_the_steps_gives_the_present_state
}

async fn every_state_and_every_outcome_can_be_stored(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    store.keep(&message("in", b"x")).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    // a deleted one is not stored: of it there are only steps
    let stored = domain::posizione::TRANSIZIONI.states.iter().filter(|stato| **stato != StatoPosizione::Eliminata);
    for (base, &stato) in (100..).zip(stored) {
        let mut posizione = posizione(&format!("{stato:?}"), base);
        posizione.stato = stato;
        tx.insert_posizione(&posizione, at(1)).await.unwrap();
        assert_eq!(tx.posizione(&valdoria(), &posizione.id).await.unwrap(), Some(posizione));
    }
    let mut trips = Vec::new();
    for &stato in pagamento::TRANSIZIONI.states {
        for esito in [
            None,
            Some(EsitoDichiarato::Ok),
            Some(EsitoDichiarato::Annullato),
            Some(EsitoDichiarato::Errore),
            Some(EsitoDichiarato::Attesa),
        ] {
            let id = format!("{stato:?}-{esito:?}");
            trips.push(Tentativo { stato, esito_dichiarato: esito, returned_at: Some(at(2)), ..tentativo(&id, &p1, &id) });
        }
    }
    for trip in &trips {
        assert!(tx.insert_tentativo(trip).await.unwrap());
    }
    for &stato in ricevute::TRANSIZIONI.states {
        let receipt = ricevuta(&format!("{stato:?}"), 1);
        let new = NewRicevuta { stato, ..new_ricevuta(&format!("{stato:?}"), &receipt, "in") };
        assert_eq!(tx.insert_ricevuta(&new).await.unwrap(), Inserted::New);
    }
    tx.commit().await.unwrap();
    for trip in trips {
        assert_eq!(store.tentativo(&trip.id).await.unwrap(), Some(trip));
    }
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.iter().map(|r| r.stato).collect::<Vec<_>>(), ricevute::TRANSIZIONI.states);
    for esito in EsitoInbox::ALL {
        let id = format!("{esito:?}");
        store.keep(&message(&id, b"x")).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.settle_inbox(&id, esito, None).await.unwrap();
        tx.commit().await.unwrap();
    }
    let counts = [("ACCETTATO", 1), ("QUARANTENA", 1), ("RICEVUTO", 2), ("RIPETUTO", 1)].map(|(esito, n)| (esito.to_owned(), n));
    assert_eq!(store.inbox_counts().await.unwrap(), counts);
}

async fn a_posizione_advances_only_from_the_state_that_was_read(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.advance_posizione(&p1, EventoPosizione::Saldo, StatoPosizione::Pagata, "ricevuta r1", at(1)).await.unwrap();
    let again = tx.advance_posizione(&p1, EventoPosizione::Annulla, StatoPosizione::Annullata, "tardi", at(2)).await;
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
    tx.commit().await.unwrap();
    assert_eq!(store.posizione(&valdoria(), "p1").await.unwrap().unwrap().stato, StatoPosizione::Pagata);
    let steps = store.transizioni(Lifecycle::Posizione, "p1").await.unwrap();
    assert_eq!(steps.len(), 2, "the refused step left nothing");
    let last = &steps[1];
    assert_eq!((last.da.as_deref(), last.evento.as_str(), last.a.as_str()), (Some("APERTA"), "SALDO", "PAGATA"));
    assert_eq!((last.perche.as_str(), last.at), ("ricevuta r1", at(1)));
}

async fn a_step_that_the_table_lacks_is_refused(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    for (evento, to) in [(EventoPosizione::Riapre, StatoPosizione::Aperta), (EventoPosizione::Saldo, StatoPosizione::Annullata)] {
        let refused = tx.advance_posizione(&p1, evento, to, "", at(1)).await;
        assert!(matches!(refused, Err(StoreError::Inconsistent { table: "posizioni", .. })), "{refused:?}");
    }
    let trip = tentativo("t1", &p1, "k");
    tx.insert_tentativo(&trip).await.unwrap();
    let refused =
        tx.advance_tentativo(&trip, EventoTentativo::Ritorna, StatoTentativo::Ritornato, TentativoChange::default(), at(1)).await;
    assert!(matches!(refused, Err(StoreError::Inconsistent { table: "tentativi", .. })), "{refused:?}");
}

async fn replaying_the_steps_gives_the_present_state(place: Place) {
    use EventoPosizione as E;
    use StatoPosizione as S;
    let store = place.open().await;
    furnish(&store).await;
    for (evento, to) in [
        (E::Scade, S::Scaduta),
        (E::Riapre, S::Aperta),
        (E::Acconto, S::ParzialmentePagata),
        (E::Acconto, S::ParzialmentePagata),
        (E::Saldo, S::Pagata),
        (E::Doppione, S::Pagata),
    ] {
        let mut tx = store.begin().await.unwrap();
        let read = tx.posizione(&valdoria(), "p1").await.unwrap().unwrap();
        tx.advance_posizione(&read, evento, to, "", at(1)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let steps = store.transizioni(Lifecycle::Posizione, "p1").await.unwrap();
    assert_eq!((steps[0].da.as_deref(), steps[0].a.as_str()), (None, "APERTA"));
    for pair in steps.windows(2) {
        assert_eq!(pair[1].da.as_ref(), Some(&pair[0].a));
    }
    assert_eq!(steps.last().unwrap().a, "PAGATA");
    assert_eq!(steps.len(), 7);
}
