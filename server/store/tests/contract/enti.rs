//! Enti and their services.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use store::StoreError;

on_each_database! {
    an_ente_comes_back_as_written
    a_slug_that_is_none_finds_nothing
    services_that_can_be_used_come_first_in_the_order_of_the_ente
}

async fn an_ente_comes_back_as_written(place: Place) {
    let store = place.open().await;
    store.ping().await.unwrap();
    assert_eq!(store.list_enti().await.unwrap(), []);
    furnish(&store).await;
    let written = ente(valdoria(), "valdoria");
    assert_eq!(store.ente_by_slug("valdoria").await.unwrap(), Some(written.clone()));
    assert_eq!(store.ente_by_codice_fiscale("77777777777").await.unwrap(), Some(written.clone()));
    assert_eq!(store.list_enti().await.unwrap(), [ente(montelago(), "montelago"), written]);
    assert_eq!(store.ente_by_slug("nessuno").await.unwrap(), None);
    let mut tx = store.begin().await.unwrap();
    let mut twin = ente(montelago(), "valdoria");
    twin.codice_fiscale = domain::CodiceFiscaleEnte::parse("00743110157").unwrap();
    assert!(matches!(tx.insert_ente(&twin, at(1)).await, Err(StoreError::Database(_))), "one slug, one ente");
}

async fn a_slug_that_is_none_finds_nothing(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    for slug in ["", "valdoria\0", "VALDORIA", " valdoria"] {
        assert_eq!(store.ente_by_slug(slug).await.unwrap(), None, "{slug:?}");
        assert_eq!(store.servizio_by_slug(&valdoria(), slug).await.unwrap(), None, "{slug:?}");
    }
}

async fn services_that_can_be_used_come_first_in_the_order_of_the_ente(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    for (ordine, (slug, attivo)) in (0..).zip([("zaino", true), ("mensa", false), ("asilo", true)]) {
        tx.insert_servizio(&servizio(slug, attivo), ordine, at(1)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let expected = [servizio("zaino", true), servizio("asilo", true), servizio("mensa", false)];
    assert_eq!(store.list_servizi(&valdoria()).await.unwrap(), expected);
    assert_eq!(store.list_servizi(&montelago()).await.unwrap(), []);
    assert_eq!(store.servizio_by_slug(&valdoria(), "mensa").await.unwrap(), Some(servizio("mensa", false)));
    assert_eq!(store.servizio_by_slug(&montelago(), "mensa").await.unwrap(), None);
}
