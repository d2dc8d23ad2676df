//! The record: chains that only grow, a ledger and an audit that are only added to.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use store::{Anello, AuditRow, Conteggio, RigaLedger, StoreError};

on_each_database! {
    a_chain_grows_by_one_link_at_a_time
    two_links_at_once_are_written_one_after_the_other
    the_record_cannot_be_changed_by_anybody
    everything_that_verify_counts_can_be_counted
}

fn link(seq: i64, soggetto: &str) -> Anello {
    let hex = |c: char| c.to_string().repeat(64);
    Anello { catena: "audit".into(), seq, soggetto: soggetto.into(), digest: hex('a'), hash: hex('b') }
}

async fn a_chain_grows_by_one_link_at_a_time(place: Place) {
    let store = place.open().await;
    assert_eq!(store.catene().await.unwrap(), []);
    let mut tx = store.begin().await.unwrap();
    let end = tx.hold_catena("audit").await.unwrap();
    assert_eq!((end.seq, end.hash), (0, "0".repeat(64)));
    tx.insert_anello(&link(1, "x")).await.unwrap();
    for seq in [1, 3, 0] {
        assert!(matches!(tx.insert_anello(&link(seq, "y")).await, Err(StoreError::Stale)), "{seq}");
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.hold_catena("audit").await.unwrap().seq, 1);
    let twice = tx.insert_anello(&link(2, "x")).await;
    assert!(matches!(twice, Err(StoreError::Database(_))), "one row, one link: {twice:?}");
    drop(tx);
    assert_eq!(store.anelli("audit", 0, 10).await.unwrap(), [link(1, "x")]);
    assert_eq!(store.anelli("audit", 1, 10).await.unwrap(), []);
}

async fn two_links_at_once_are_written_one_after_the_other(place: Place) {
    let store = place.open().await;
    let writers: Vec<_> = (0..10)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let end = tx.hold_catena("audit").await.unwrap();
                tx.insert_anello(&link(end.seq + 1, &format!("s{n}"))).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let seqs: Vec<_> = store.anelli("audit", 0, 100).await.unwrap().iter().map(|a| a.seq).collect();
    assert_eq!(seqs, (1..=10).collect::<Vec<_>>());
}

async fn the_record_cannot_be_changed_by_anybody(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    receive(store.clone(), 1).await.unwrap();
    let id = store.fatti_ricevute(0, 10).await.unwrap()[0].id.clone();
    let mut tx = store.begin().await.unwrap();
    let line = RigaLedger { indice: 1, beneficiario: valdoria().to_string(), importo_cents: 100 };
    tx.insert_ledger(&id, valdoria().as_str(), &[line], "2026-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    let row = AuditRow {
        id: "a1".into(),
        at: "2026-01-01T00:00:00.000000Z".into(),
        chi: "comando".into(),
        azione: "prova".into(),
        ente: None,
        soggetto: "x".into(),
        dettaglio: "{}".into(),
    };
    tx.insert_audit(&row).await.unwrap();
    tx.hold_catena("audit").await.unwrap();
    tx.insert_anello(&link(1, "a1")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.audit("a1").await.unwrap(), Some(row));
    for sql in [
        "UPDATE ledger SET importo_cents = importo_cents + 1",
        "DELETE FROM ledger",
        "UPDATE audit SET chi = 'altri'",
        "DELETE FROM audit",
        "UPDATE anelli SET hash = digest",
        "DELETE FROM anelli",
        "UPDATE catene SET seq = 0",
        "DELETE FROM catene",
    ] {
        let error = place.run(sql).await.expect_err(sql).to_string();
        assert!(error.contains("only"), "{sql} failed for another reason: {error}");
    }
}

async fn everything_that_verify_counts_can_be_counted(place: Place) {
    let store = place.open().await;
    for what in Conteggio::ALL {
        assert_eq!(store.count(what).await.unwrap(), 0, "{what:?}");
    }
    assert_eq!(store.fatti_transizioni("", "", 0, 10).await.unwrap(), []);
    assert_eq!(store.fatti_inbox("", 10).await.unwrap(), []);
    assert_eq!(store.fatti_ledger(0, i64::MAX).await.unwrap(), []);
}
