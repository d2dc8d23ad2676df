//! Enti and their services.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::modulo::limiti;
use store::StoreError;

on_each_database! {
    an_ente_comes_back_as_written
    a_slug_that_is_none_finds_nothing
    services_that_can_be_used_come_first_in_the_order_of_the_ente
    a_service_that_was_written_before_forms_were_expressions_is_read_as_one
    a_form_beyond_its_limit_is_refused
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

/// The forms of before stay where they were written, and are forms of the language to whoever reads them.
async fn a_service_that_was_written_before_forms_were_expressions_is_read_as_one(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_servizio(&servizio("mensa", false), 0, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let old = r#"{"voci":[{"codice":"pasti","nome":"Buoni pasto","tariffa":{"tipo":"unitaria","prezzo":480,"unita":"pasti","massimo":60}}],"dettaglio":null,"su_richiesta":{"id_servizio":"00101","id_soggetto":"00001","voce":"pasti","campi":{"codice_fiscale":"cf","nome":"chi"}}}"#;
    assert_eq!(place.run(&format!("UPDATE servizi SET spontaneo = '{old}' WHERE slug = 'mensa'")).await.unwrap(), 1);
    let read = store.servizio_by_slug(&valdoria(), "mensa").await.unwrap().unwrap();
    let modulo = read.modulo.unwrap();
    assert_eq!(modulo.check(), []);
    assert_eq!(modulo.importo.as_ref().map(|formula| formula.as_str()), Some("quantita * 4,80 €"));
    assert_eq!(read.su_richiesta.unwrap().campi.len(), 2);
    let both = place.run(r#"UPDATE servizi SET modulo = '{"versione":1}' WHERE slug = 'mensa'"#).await;
    assert!(both.is_err(), "one way of paying, not two");
}

async fn a_form_beyond_its_limit_is_refused(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut large = servizio("mensa", true);
    let note = domain::modulo::Testi::it("è".repeat(limiti::MODULO_BYTES_MAX / 2));
    large.modulo.as_mut().unwrap().sezioni[0].titolo = note;
    let mut tx = store.begin().await.unwrap();
    let refused = tx.insert_servizio(&large, 0, at(1)).await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}
