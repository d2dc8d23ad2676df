//! What the store promises, told on every database there is.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

#[path = "contract/place.rs"]
mod place;
#[path = "contract/samples.rs"]
mod samples;

use domain::pagamento::EventoTentativo;
use domain::posizione::EventoPosizione;
use domain::{Accredito, Anomalia, EsitoDichiarato, Importo, Opzione, Posizione, StatoPosizione, StatoRicevuta, StatoTentativo};
use domain::{pagamento, ricevuta as ricevute};
use place::Place;
use samples::*;
use sqlx::Executor;
use store::{EsitoInbox, Inserted, Lifecycle, NewRicevuta, Store, StoreError, Tentativo, TentativoChange};

on_each_database! {
    an_ente_comes_back_as_written
    services_that_can_be_used_come_first_in_the_order_of_the_ente
    a_posizione_comes_back_whole
    a_notice_finds_the_posizione_of_its_own_ente_only
    a_notice_number_names_one_position_of_an_ente
    an_option_that_does_not_add_up_is_refused
    every_state_and_every_outcome_can_be_stored
    a_posizione_advances_only_from_the_state_that_was_read
    a_step_that_the_table_lacks_is_refused
    replaying_the_steps_gives_the_present_state
    of_two_writers_who_read_the_same_state_one_wins
    a_writer_is_not_overtaken_between_reading_and_writing
    a_paid_option_stays_paid_since_the_first_time
    a_dropped_transaction_never_happened
    a_reader_sees_the_last_commit_while_somebody_writes
    counters_of_concurrent_writers_have_neither_gaps_nor_twins
    a_second_click_finds_the_trip_that_is_under_way
    of_twenty_clicks_at_once_one_begins_a_trip
    a_step_of_a_trip_keeps_what_it_does_not_mention
    a_trip_names_a_notice_of_its_own_position
    what_came_in_is_kept_byte_by_byte
    a_receipt_is_written_once
    two_receipts_for_one_notice_are_both_kept
    one_payment_for_two_enti_is_two_receipts
    fifty_identical_receipts_at_once_leave_one_row
    a_receipt_needs_the_message_it_was_read_from
    facts_cannot_be_changed_by_anybody
    the_database_refuses_states_and_amounts_that_do_not_exist
    data_is_still_there_after_opening_again
    a_database_of_a_newer_version_is_left_alone
    a_writer_who_waits_too_long_is_told_to_come_back
    a_row_that_breaks_a_type_is_told_and_not_shown
    nobody_is_named_in_debug_output
    temporary_stores_do_not_see_each_other
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

async fn every_state_and_every_outcome_can_be_stored(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    store.keep(&message("in", b"x")).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    for (base, &stato) in (100..).zip(domain::posizione::TRANSIZIONI.states) {
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
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    tx.advance_posizione(&read, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let late = late.await.unwrap();
    assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
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
    let since: String = sqlx::query_scalar("SELECT pagata_at FROM rate").fetch_one(&place.stranger().await).await.unwrap();
    assert_eq!(since, format!("{:.6}", at(1)));
    let mut tx = store.begin().await.unwrap();
    assert!(matches!(tx.mark_rata_pagata(&montelago(), &avviso(1), at(3)).await, Err(StoreError::Stale)));
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
    let of_another = Tentativo { numero: avviso(2), ..tentativo("t1", &p1, "a") };
    let of_another_ente = Tentativo { ente: montelago(), ..tentativo("t2", &p1, "b") };
    for bad in [of_another, of_another_ente] {
        assert!(matches!(tx.insert_tentativo(&bad).await, Err(StoreError::Database(_))), "{}", bad.id);
    }
}

async fn what_came_in_is_kept_byte_by_byte(place: Place) {
    let store = place.open().await;
    let raw: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    store.keep(&message("m1", &raw)).await.unwrap();
    assert_eq!(store.ricevuta_raw("m1").await.unwrap(), Some(raw));
    assert_eq!(store.ricevuta_raw("m2").await.unwrap(), None);
    assert_eq!(store.inbox_counts().await.unwrap(), [("RICEVUTO".to_owned(), 1)]);
    assert!(matches!(store.keep(&message("m1", b"other")).await, Err(StoreError::Database(_))), "an id is taken once");
    let mut tx = store.begin().await.unwrap();
    tx.settle_inbox("m1", EsitoInbox::Quarantena, Some("not XML")).await.unwrap();
    assert!(matches!(tx.settle_inbox("m2", EsitoInbox::Accettato, None).await, Err(StoreError::Stale)));
    tx.commit().await.unwrap();
    let settled: (String, String) =
        sqlx::query_as("SELECT esito, dettaglio FROM inbox").fetch_one(&place.stranger().await).await.unwrap();
    assert_eq!(settled, ("QUARANTENA".to_owned(), "not XML".to_owned()));
}

async fn a_receipt_is_written_once(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    for id in ["m1", "m2", "m3"] {
        store.keep(&message(id, id.as_bytes())).await.unwrap();
    }
    let receipt = ricevuta("rt1", 1);
    let anomalie = [Anomalia::DoppioPagamento, Anomalia::SommaVersamenti { somma_cents: -3 }];
    let first = NewRicevuta {
        posizione_id: Some("p1"),
        anomalie: &anomalie,
        stato: StatoRicevuta::Anomala,
        ..new_ricevuta("r1", &receipt, "m1")
    };
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.insert_ricevuta(&first).await.unwrap(), Inserted::New);
    assert_eq!(tx.insert_ricevuta(&new_ricevuta("r2", &receipt, "m2")).await.unwrap(), Inserted::Same);
    let mut other = receipt.clone();
    other.importo = Importo::of_cents(1);
    let conflict = NewRicevuta { sha256: OTHER_DIGEST, ..new_ricevuta("r3", &other, "m3") };
    assert_eq!(tx.insert_ricevuta(&conflict).await.unwrap(), Inserted::Conflict);
    tx.commit().await.unwrap();
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.len(), 1);
    let row = &stored[0];
    assert_eq!((row.id.as_str(), &row.ricevuta, row.stato), ("r1", &receipt, StatoRicevuta::Anomala));
    assert_eq!((row.anomalie.as_slice(), row.inbox_id.as_str(), row.received_at), (&anomalie[..], "m1", at(5)));
    assert_eq!(row.ente_destinatario, "77777777777");
    assert_eq!(store.ricevute_of_avviso(&montelago(), &avviso(1)).await.unwrap(), []);
    assert_eq!(store.transizioni(Lifecycle::Ricevuta, "r1").await.unwrap().len(), 1);
    assert_eq!(store.transizioni(Lifecycle::Ricevuta, "r3").await.unwrap(), []);
}

async fn two_receipts_for_one_notice_are_both_kept(place: Place) {
    let store = place.open().await;
    store.keep(&message("m", b"x")).await.unwrap();
    let (first, second) = (ricevuta("rt-b", 1), ricevuta("rt-a", 1));
    let mut tx = store.begin().await.unwrap();
    // the clock went back between the two: the order is that of arrival
    let late = NewRicevuta { received_at: at(9), ..new_ricevuta("r1", &first, "m") };
    assert_eq!(tx.insert_ricevuta(&late).await.unwrap(), Inserted::New);
    assert_eq!(tx.insert_ricevuta(&new_ricevuta("r2", &second, "m")).await.unwrap(), Inserted::New);
    tx.commit().await.unwrap();
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.iter().map(|r| r.ricevuta.receipt_id.as_str()).collect::<Vec<_>>(), ["rt-b", "rt-a"]);
}

async fn one_payment_for_two_enti_is_two_receipts(place: Place) {
    let store = place.open().await;
    store.keep(&message("m", b"x")).await.unwrap();
    let receipt = ricevuta("rt1", 1);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.insert_ricevuta(&new_ricevuta("r1", &receipt, "m")).await.unwrap(), Inserted::New);
    let other = NewRicevuta { ente_destinatario: montelago().to_string(), ..new_ricevuta("r2", &receipt, "m") };
    assert_eq!(tx.insert_ricevuta(&other).await.unwrap(), Inserted::New);
    tx.commit().await.unwrap();
    let stored = store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap();
    assert_eq!(stored.iter().map(|r| r.ente_destinatario.as_str()).collect::<Vec<_>>(), ["77777777777", "80001230459"]);
}

async fn receive(store: Store, n: u32) -> Result<Inserted, StoreError> {
    let inbox_id = format!("m{n}");
    store.keep(&message(&inbox_id, b"<same/>")).await?;
    let mut tx = store.begin().await?;
    let read = tx.posizione_by_avviso(&valdoria(), &avviso(1)).await?.unwrap();
    let receipt = ricevuta("rt1", 1);
    let inserted = tx.insert_ricevuta(&new_ricevuta(&format!("r{n}"), &receipt, &inbox_id)).await?;
    let esito = match inserted {
        Inserted::New => {
            tx.advance_posizione(&read, EventoPosizione::Saldo, StatoPosizione::Pagata, "", at(6)).await?;
            tx.mark_rata_pagata(&valdoria(), &avviso(1), at(6)).await?;
            EsitoInbox::Accettato
        }
        Inserted::Same => EsitoInbox::Ripetuto,
        Inserted::Conflict => EsitoInbox::Quarantena,
    };
    tx.settle_inbox(&inbox_id, esito, None).await?;
    tx.commit().await?;
    Ok(inserted)
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

async fn a_receipt_needs_the_message_it_was_read_from(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let receipt = ricevuta("rt1", 1);
    let mut tx = store.begin().await.unwrap();
    let orphan = tx.insert_ricevuta(&new_ricevuta("r1", &receipt, "nothing")).await;
    assert!(matches!(orphan, Err(StoreError::Database(_))), "{orphan:?}");
}

async fn facts_cannot_be_changed_by_anybody(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    receive(store.clone(), 1).await.unwrap();
    for sql in [
        "UPDATE inbox SET raw = x'00'",
        "UPDATE inbox SET sha256 = lower(sha256)",
        "UPDATE inbox SET received_at = '2020-01-01T00:00:00.000000Z'",
        "UPDATE inbox SET esito = 'RICEVUTO'",
        "DELETE FROM inbox",
        "REPLACE INTO inbox SELECT * FROM inbox",
        "UPDATE ricevute SET importo_cents = 1",
        "UPDATE ricevute SET contenuto = '{}', stato = 'RISOLTA'",
        "UPDATE ricevute SET posizione_id = NULL",
        "DELETE FROM ricevute",
        "REPLACE INTO ricevute SELECT * FROM ricevute",
        "UPDATE transizioni SET a = 'APERTA'",
        "DELETE FROM transizioni",
    ] {
        let error = place.run(sql).await.expect_err(sql).to_string();
        let refused = ["never", "only", "cannot"].iter().any(|word| error.contains(word));
        assert!(refused, "{sql} failed for another reason: {error}");
    }
    assert_eq!(place.run("UPDATE ricevute SET stato = 'RISOLTA'").await.unwrap(), 1, "the state may change");
    assert_eq!(place.run("UPDATE inbox SET esito = 'QUARANTENA', dettaglio = 'x'").await.unwrap(), 1);
}

async fn the_database_refuses_states_and_amounts_that_do_not_exist(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_tentativo(&tentativo("t1", &p1, "k")).await.unwrap();
    tx.commit().await.unwrap();
    receive(store.clone(), 1).await.unwrap();
    for sql in [
        "UPDATE posizioni SET stato = 'SPARITA'",
        "UPDATE tentativi SET stato = 'PAGATO'",
        "UPDATE tentativi SET esito_dichiarato = 'FORSE'",
        "UPDATE ricevute SET stato = ''",
        "UPDATE inbox SET esito = 'PERSO'",
        "UPDATE rate SET importo_cents = -1",
        "UPDATE rate SET importo_cents = '12,50'",
        "UPDATE rate SET importo_cents = 12.5",
        "UPDATE versamenti SET importo_cents = -1",
        "UPDATE versamenti SET bollo_hash = 'x', bollo_provincia = 'RM'",
        "UPDATE versamenti SET iban = NULL",
        "UPDATE tentativi SET importo_cents = -1",
        "UPDATE posizioni SET versante_nome = 'Mario'",
        "INSERT INTO iuv_contatori VALUES ('77777777777', -1)",
    ] {
        let error = place.run(sql).await.expect_err(sql).to_string();
        assert!(error.contains("CHECK constraint failed"), "{sql}: {error}");
    }
}

async fn data_is_still_there_after_opening_again(place: Place) {
    let store = place.open().await;
    let p1 = furnish(&store).await;
    assert_eq!(receive(store, 1).await.unwrap(), Inserted::New);
    let store = place.open().await;
    assert_eq!(store.posizione(&valdoria(), &p1.id).await.unwrap().unwrap().stato, StatoPosizione::Pagata);
    assert_eq!(receive(store.clone(), 2).await.unwrap(), Inserted::Same);
    assert_eq!(store.ricevuta_raw("m1").await.unwrap().as_deref(), Some(&b"<same/>"[..]));
}

async fn a_database_of_a_newer_version_is_left_alone(place: Place) {
    drop(place.open().await);
    place
        .run("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, x'00', 0)")
        .await
        .unwrap();
    let refused = place.try_open().await;
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}

async fn a_writer_who_waits_too_long_is_told_to_come_back(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let stranger = place.stranger().await;
    let mut held = stranger.acquire().await.unwrap();
    held.execute("BEGIN IMMEDIATE").await.unwrap();
    let refused = store.keep(&message("m1", b"x")).await;
    assert!(matches!(&refused, Err(error @ StoreError::Busy(_)) if error.is_temporary()), "{refused:?}");
    assert!(store.posizione(&valdoria(), "p1").await.unwrap().is_some(), "readers go on");
    held.execute("ROLLBACK").await.unwrap();
    store.keep(&message("m1", b"x")).await.unwrap();
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

async fn nobody_is_named_in_debug_output(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    receive(store.clone(), 1).await.unwrap();
    let receipt = ricevuta("rt1", 1);
    let texts = [
        format!("{:?}", store.ricevute_of_avviso(&valdoria(), &avviso(1)).await.unwrap()),
        format!("{:?}", new_ricevuta("r", &receipt, "m")),
        format!("{:?}", message("m", b"<nome>Mario Rossi</nome>")),
        format!("{store:?} {:?}", store.begin().await.unwrap()),
    ];
    for text in texts {
        // "60, 110" is how bytes would be printed
        assert!(!["Mario", "RSSMRA", "60, 110"].iter().any(|name| text.contains(name)), "{text}");
    }
}

async fn temporary_stores_do_not_see_each_other(_: Place) {
    let (one, other) = (Store::open_memory().await.unwrap(), Store::open_memory().await.unwrap());
    furnish(&one).await;
    assert_eq!(one.clone().list_enti().await.unwrap().len(), 2, "a clone is the same store");
    assert_eq!(other.list_enti().await.unwrap(), []);
}
