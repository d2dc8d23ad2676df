//! What is told to pagoPA and fetched from it: nothing is forgotten, nothing is told in the wrong order for good, no ration is
//! exceeded.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::fdr::{EventoFlusso, TRANSIZIONI};
use domain::posizione::EventoPosizione;
use domain::{Modello, StatoFlusso, StatoPosizione, TipoJob};
use jiff::SignedDuration;
use store::{EsitoRecupero, Evento, FlussoRow, NewTestata, RigaFdr, Store, StoreError, Verso};

on_each_database! {
    every_change_of_a_position_is_to_be_told_where_there_is_somebody_to_tell
    news_that_were_overtaken_on_the_way_are_told_again
    a_ration_is_shared_by_all_who_ask
    a_flow_is_kept_whole_and_names_what_is_missing
    what_a_flow_said_never_changes
    a_cursor_never_goes_back
    messages_are_found_by_their_ente_and_by_what_they_are_about
}

async fn open(place: &Place, modello: Modello) -> Store {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.set_modello(&valdoria(), modello).await.unwrap();
    tx.commit().await.unwrap();
    store
}

async fn told(store: &Store, voluta: i64) {
    let mut tx = store.begin().await.unwrap();
    tx.told_posizione(&valdoria(), "p2", voluta, Some("VALID"), None, at(9)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn insert(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_posizione(&posizione("p2", 77), at(5)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn close(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    let p2 = tx.posizione(&valdoria(), "p2").await.unwrap().unwrap();
    tx.advance_posizione(&p2, EventoPosizione::Annulla, StatoPosizione::Annullata, "x", at(6)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn jobs(store: &Store) -> i64 {
    let counts = store.job_counts().await.unwrap();
    counts.iter().filter(|(tipo, ..)| tipo == TipoJob::AllineaPosizione.as_str()).map(|(.., n)| n).sum()
}

async fn every_change_of_a_position_is_to_be_told_where_there_is_somebody_to_tell(place: Place) {
    let store = open(&place, Modello::Stazione).await;
    insert(&store).await;
    assert_eq!((jobs(&store).await, store.specchi_indietro().await.unwrap()), (0, (0, None)), "nobody mirrors it");
    assert_eq!(store.specchio(&valdoria(), "p2").await.unwrap(), None);

    let mut tx = store.begin().await.unwrap();
    tx.set_modello(&valdoria(), Modello::StazioneAca).await.unwrap();
    tx.commit().await.unwrap();
    close(&store).await;
    let specchio = store.specchio(&valdoria(), "p2").await.unwrap().unwrap();
    assert_eq!((specchio.voluta, specchio.inviata, specchio.stato), (1, 0, None));
    assert_eq!((jobs(&store).await, store.specchi_indietro().await.unwrap()), (1, (1, Some(at(6)))));
    assert_eq!(store.posizioni_never_told(&valdoria(), 10).await.unwrap(), [("p2".to_owned(), 1)]);
    told(&store, 1).await;
    assert_eq!(store.specchi_indietro().await.unwrap().0, 0);
    assert_eq!(store.posizioni_never_told(&valdoria(), 10).await.unwrap(), []);
    assert_eq!(jobs(&store).await, 1, "telling it asks for nothing");

    // a change that did not happen is not told
    let mut tx = store.begin().await.unwrap();
    tx.want_posizione(&valdoria(), "p2", at(7)).await.unwrap();
    drop(tx);
    assert_eq!((jobs(&store).await, store.specchi_indietro().await.unwrap().0), (1, 0));
}

async fn news_that_were_overtaken_on_the_way_are_told_again(place: Place) {
    let store = open(&place, Modello::StazioneAca).await;
    insert(&store).await;
    close(&store).await;
    assert_eq!(jobs(&store).await, 2);
    // whoever told the second change was quicker than who told the first: the first may have arrived last
    told(&store, 2).await;
    told(&store, 1).await;
    let specchio = store.specchio(&valdoria(), "p2").await.unwrap().unwrap();
    assert_eq!((specchio.voluta, specchio.inviata), (3, 2), "once more");
    assert_eq!(jobs(&store).await, 3);
    told(&store, 3).await;
    assert_eq!(store.specchi_indietro().await.unwrap().0, 0);
    let mut tx = store.begin().await.unwrap();
    let nobody = tx.told_posizione(&valdoria(), "nessuna", 1, None, None, at(9)).await;
    assert!(matches!(nobody, Err(StoreError::Stale)));
}

async fn a_ration_is_shared_by_all_who_ask(place: Place) {
    let store = place.open().await;
    let all: Vec<_> = (0..40)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.take_ration("BIZ_EVENTS", 10, 3_600_000).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for one in all {
        taken += u32::from(one.await.unwrap());
    }
    // on PostgreSQL a taker passes over a slot that another one is just taking: fewer, never more
    while store.take_ration("BIZ_EVENTS", 10, 3_600_000).await.unwrap() {
        taken += 1;
    }
    assert_eq!(taken, 10);
    assert!(store.take_ration("BIZ_EVENTS", 10, -1).await.unwrap(), "a window that is over");
    assert!(!store.take_ration("ALTRA", 0, 0).await.unwrap(), "no call is no ration");
    assert!(store.take_ration("ALTRA", 1, 3_600_000).await.unwrap(), "each peer has its own");
}

fn flusso(id: &str, revisione: i64) -> FlussoRow {
    FlussoRow {
        id: id.into(),
        ente: valdoria(),
        psp: "ABI00000".into(),
        fdr: "2026-03-01ABI00000-1".into(),
        revisione,
        stato: TRANSIZIONI.initial,
        pubblicato: at(10),
        importo_cents: None,
        pagamenti: None,
        mancanze: vec![],
    }
}

async fn list_and_fill(store: &Store, flusso: &FlussoRow, iur: &[&str]) {
    let testata = NewTestata {
        data_flusso: at(8),
        nome_psp: None,
        regolamento: "TRN1".into(),
        data_regolamento: None,
        bic: None,
        pagamenti: 2,
        importo_cents: 200,
        mancanze: vec![],
    };
    let righe: Vec<_> = (1..)
        .zip(iur)
        .map(|(indice, iur)| {
            let (iuv, iur) = ("iuv".to_owned(), (*iur).to_owned());
            RigaFdr { indice, iuv, iur, id_transfer: 1, importo_cents: 100, esito: 0, data: at(8) }
        })
        .collect();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.insert_flusso(flusso, at(11)).await.unwrap());
    assert!(!tx.insert_flusso(&FlussoRow { id: "again".into(), ..flusso.clone() }, at(11)).await.unwrap(), "once");
    tx.fill_flusso(flusso, &testata, &righe, EventoFlusso::Quadra, StatoFlusso::Completo, at(12)).await.unwrap();
    assert_eq!(tx.want_ricevute_of_flusso(&flusso.id, 10, 0).await.unwrap(), 1);
    assert_eq!(tx.want_ricevute_of_flusso(&flusso.id, 10, 0).await.unwrap(), 0, "once");
    tx.commit().await.unwrap();
}

async fn a_flow_is_kept_whole_and_names_what_is_missing(place: Place) {
    let store = open(&place, Modello::Stazione).await;
    receive(store.clone(), 1).await.unwrap();
    // the receipt `rt1` is here, `rt-lost` is not; it appears twice, with two transfers
    let one = flusso("f1", 1);
    let here = "SELECT receipt_id FROM ricevute";
    let here = place.text(here).await;
    list_and_fill(&store, &one, &[here.as_str(), "rt-lost", "rt-lost"]).await;
    let [kept] = store.flussi_by_names(&valdoria(), &one.psp, &one.fdr).await.unwrap().try_into().unwrap();
    assert_eq!((kept.stato, kept.importo_cents), (StatoFlusso::Completo, Some(200)));
    assert_eq!(store.righe_of_flusso("f1").await.unwrap().len(), 3);
    let recupero = store.next_recupero().await.unwrap().unwrap();
    assert_eq!((recupero.iur.as_str(), recupero.tentativi), ("rt-lost", 0));
    let mut tx = store.begin().await.unwrap();
    tx.postpone_recupero(&recupero, 60_000, "404").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.next_recupero().await.unwrap(), None, "not now");
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.settle_arrived().await.unwrap(), 0);
    tx.settle_recupero(&recupero, EsitoRecupero::Introvabile).await.unwrap();
    tx.settle_recupero(&recupero, EsitoRecupero::Recuperata).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.recuperi_counts().await.unwrap(), [("INTROVABILE".to_owned(), 1)], "settled is settled");
}

async fn what_a_flow_said_never_changes(place: Place) {
    let store = open(&place, Modello::Stazione).await;
    list_and_fill(&store, &flusso("f1", 1), &["rt-lost"]).await;
    for sql in [
        "UPDATE fdr_righe SET importo_cents = 1",
        "DELETE FROM fdr_righe",
        "UPDATE flussi SET importo_cents = 1",
        "UPDATE flussi SET revisione = 2",
        "DELETE FROM flussi",
        "UPDATE giornale SET esito = 'x'",
    ] {
        if sql.contains("giornale") {
            let mut tx = store.begin().await.unwrap();
            tx.insert_evento(&evento("i", 1)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let error = place.run(sql).await.expect_err(sql).to_string();
        assert!(["never", "only"].iter().any(|word| error.contains(word)), "{sql} failed for another reason: {error}");
    }
    let mut tx = store.begin().await.unwrap();
    let read = store.flusso("f1").await.unwrap().unwrap();
    tx.advance_flusso("f1", read.stato, EventoFlusso::Supera, StatoFlusso::Superato, "x", at(20)).await.unwrap();
    let twice = tx.advance_flusso("f1", read.stato, EventoFlusso::Supera, StatoFlusso::Superato, "x", at(20)).await;
    assert!(matches!(twice, Err(StoreError::Stale)));
}

async fn a_cursor_never_goes_back(place: Place) {
    let store = open(&place, Modello::Stazione).await;
    assert_eq!(store.fdr_cursor(&valdoria()).await.unwrap(), None);
    for (to, then) in [(5, 5), (9, 9), (7, 9)] {
        let mut tx = store.begin().await.unwrap();
        tx.move_fdr_cursor(&valdoria(), at(to)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.fdr_cursor(&valdoria()).await.unwrap(), Some(at(then)));
    }
}

fn evento(impronta: &str, second: i64) -> Evento {
    Evento {
        at: at(second),
        verso: Verso::Entrata,
        controparte: "NODO".into(),
        operazione: "paVerifyPaymentNotice".into(),
        ente: Some(valdoria().to_string()),
        riferimento: Some("3020…84".into()),
        impronta: Some(impronta.into()),
        esito: "KO".into(),
        stato: Some(200),
        codice: Some("PAA_PAGAMENTO_SCADUTO".into()),
        durata_ms: 3,
        byte_richiesta: Some(900),
        byte_risposta: None,
        sha256_richiesta: Some(DIGEST.into()),
        sha256_risposta: None,
    }
}

async fn messages_are_found_by_their_ente_and_by_what_they_are_about(place: Place) {
    let store = place.open().await;
    let mut tx = store.begin().await.unwrap();
    for n in 0..5 {
        tx.insert_evento(&evento(if n % 2 == 0 { "even" } else { "odd" }, n)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let newest = store.giornale_of_ente(valdoria().as_str(), i64::MAX, 2).await.unwrap();
    assert_eq!(newest.iter().map(|(_, e)| e.at).collect::<Vec<_>>(), [at(4), at(3)]);
    assert_eq!(newest[0].1, evento("even", 4), "every column comes back");
    let older = store.giornale_of_ente(valdoria().as_str(), newest[1].0, 10).await.unwrap();
    assert_eq!(older.len(), 3);
    assert_eq!(store.giornale_of_impronta("odd", 10).await.unwrap().len(), 2);
    assert_eq!(store.giornale_before(at(2)).await.unwrap(), 2);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.delete_eventi(at(2), 1).await.unwrap(), 1, "batch by batch");
    assert_eq!(tx.delete_eventi(at(2) + SignedDuration::from_secs(0), 10).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(store.giornale_of_ente(valdoria().as_str(), i64::MAX, 10).await.unwrap().len(), 3);
}
