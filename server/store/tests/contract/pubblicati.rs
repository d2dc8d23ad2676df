//! What a notice asked for when it left draft stays to be compared with; and the triggers that see to it, and to the rest.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::posizione::EventoPosizione;
use domain::{Posizione, StatoPosizione};
use store::Store;

on_each_database! {
    a_draft_promises_nothing_and_what_left_it_does
    whoever_changes_an_amount_or_an_account_is_found
    a_trigger_that_is_gone_off_or_another_one_is_named
}

async fn changed(store: &Store) -> Vec<String> {
    store.avvisi_cambiati(10).await.unwrap()
}

async fn a_draft_promises_nothing_and_what_left_it_does(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let before = store.avvisi_pubblicati().await.unwrap();
    assert!(before > 0, "the sample is open");
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&Posizione { stato: StatoPosizione::Bozza, ..posizione("p2", 77) }, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        place
            .run(
                "UPDATE versamenti SET importo_cents = importo_cents + 1 WHERE numero_avviso IN
        (SELECT numero_avviso FROM rate WHERE posizione_id = 'p2')"
            )
            .await
            .unwrap(),
        1
    );
    assert_eq!((store.avvisi_pubblicati().await.unwrap(), changed(&store).await), (before, vec![]));
    let mut tx = store.begin().await.unwrap();
    let draft = tx.posizione(&valdoria(), "p2").await.unwrap().unwrap();
    tx.advance_posizione(&draft, EventoPosizione::Pubblica, StatoPosizione::Aperta, "", at(6)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((store.avvisi_pubblicati().await.unwrap(), changed(&store).await), (before + 1, vec![]));
    let mut tx = store.begin().await.unwrap();
    let open = tx.posizione(&valdoria(), "p2").await.unwrap().unwrap();
    tx.advance_posizione(&open, EventoPosizione::Annulla, StatoPosizione::Annullata, "", at(7)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((store.avvisi_pubblicati().await.unwrap(), changed(&store).await), (before + 1, vec![]), "once");
}

async fn whoever_changes_an_amount_or_an_account_is_found(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&posizione("p2", 77), at(5)).await.unwrap();
    tx.commit().await.unwrap();
    let of_p2 = "numero_avviso IN (SELECT numero_avviso FROM rate WHERE posizione_id = 'p2')";
    for (change, back) in [
        (
            "versamenti SET iban = 'IT00X' ",
            "versamenti SET iban = (SELECT c.iban FROM avvisi_pubblicati c
                WHERE c.numero_avviso = versamenti.numero_avviso AND c.indice = versamenti.indice)",
        ),
        ("versamenti SET importo_cents = importo_cents - 1", "versamenti SET importo_cents = importo_cents + 1"),
        ("versamenti SET beneficiario = '99999999990'", "versamenti SET beneficiario = ente"),
        ("rate SET importo_cents = importo_cents - 1", "rate SET importo_cents = importo_cents + 1"),
    ] {
        assert_eq!(place.run(&format!("UPDATE {change} WHERE {of_p2}")).await.unwrap(), 1, "{change}");
        assert_eq!(changed(&store).await, ["p2"], "{change}");
        place.run(&format!("UPDATE {back} WHERE {of_p2}")).await.unwrap();
        assert_eq!(changed(&store).await, [""; 0], "{back}");
    }
    place.run(&format!("DELETE FROM versamenti WHERE {of_p2}")).await.unwrap();
    assert_eq!(changed(&store).await, ["p2"], "nor may a part of it go");
    for sql in ["UPDATE avvisi_pubblicati SET rata_cents = 1", "DELETE FROM avvisi_pubblicati"] {
        let refused = place.run(sql).await.unwrap_err().to_string();
        assert!(refused.contains("avvisi_pubblicati: rows are only added"), "{refused}");
    }
}

async fn a_trigger_that_is_gone_off_or_another_one_is_named(place: Place) {
    let store = place.open().await;
    let (all, missing) = store.custodi().await.unwrap();
    assert_eq!(missing, [""; 0]);
    let (there, changes) = match place {
        Place::Sqlite(_) => (
            "SELECT CAST(COUNT(*) AS TEXT) FROM sqlite_schema WHERE type = 'trigger'",
            [
                ("DROP TRIGGER ledger_never_changes", "ledger_never_changes"),
                (
                    "DROP TRIGGER audit_is_never_deleted;
                    CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT 1; END",
                    "audit_is_never_deleted",
                ),
                ("DROP TABLE inbox_risolti", "inbox_risolti_are_never_deleted inbox_risolti_never_change"),
            ]
            .as_slice(),
        ),
        Place::Postgres(_) => (
            "SELECT COUNT(*)::TEXT FROM pg_trigger WHERE NOT tgisinternal",
            [
                ("DROP TRIGGER ledger_never_changes ON ledger", "ledger_never_changes"),
                ("ALTER TABLE audit DISABLE TRIGGER audit_is_never_deleted", "audit_is_never_deleted"),
                (
                    "DROP TRIGGER catene_only_grow ON catene; CREATE TRIGGER catene_only_grow BEFORE UPDATE OF nome ON catene
                    FOR EACH ROW WHEN (FALSE) EXECUTE FUNCTION never('catene: a chain only grows')",
                    "catene_only_grow",
                ),
                (
                    "DROP TABLE inbox_risolti",
                    "inbox_risolti_are_never_deleted inbox_risolti_are_never_emptied inbox_risolti_never_change",
                ),
            ]
            .as_slice(),
        ),
    };
    assert_eq!(place.text(there).await, all.to_string(), "each there is is asked for");
    let mut named = std::collections::BTreeSet::new();
    for (sql, gone) in changes {
        place.run(sql).await.unwrap();
        named.extend(gone.split(' '));
        assert_eq!(store.custodi().await.unwrap().1, named.iter().copied().collect::<Vec<_>>(), "{sql}");
    }
    if let Place::Postgres(_) = place {
        place
            .run("CREATE OR REPLACE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END; $$")
            .await
            .unwrap();
        assert_eq!(store.custodi().await.unwrap().1.len(), all, "they say no by one function");
    }
}
