//! The tables of states are sound, and their drawings are those committed in `golden/`.
//! `SPORTELLO_DRAW=1 cargo test -p domain --test lifecycles` writes the drawings anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use domain::posizione::{EventoPosizione as Evento, TRANSIZIONI as POSIZIONE};
use domain::{EsitoMessaggio, StatoJob, StatoPosizione as Stato, fdr, job, lettera, messaggio, pagamento, ricevuta};

fn drawn(name: &str, drawing: &str) {
    let path = format!("{}/tests/golden/{name}.dot", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("SPORTELLO_DRAW").is_some() {
        std::fs::write(&path, drawing).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), drawing, "{path} shows another table");
}

#[test]
fn every_state_can_be_reached_and_every_dead_end_is_final() {
    assert_eq!(POSIZIONE.faults(), [""; 0]);
    assert_eq!(pagamento::TRANSIZIONI.faults(), [""; 0]);
    assert_eq!(ricevuta::TRANSIZIONI.faults(), [""; 0]);
    assert_eq!(job::TRANSIZIONI.faults(), [""; 0]);
    assert_eq!(fdr::TRANSIZIONI.faults(), [""; 0]);
    assert_eq!(messaggio::TRANSIZIONI.faults(), [""; 0]);
    assert_eq!(lettera::TRANSIZIONI.faults(), [""; 0]);
}

#[test]
fn the_drawings_are_those_of_the_tables() {
    drawn("posizione", &POSIZIONE.graphviz());
    drawn("tentativo", &pagamento::TRANSIZIONI.graphviz());
    drawn("ricevuta", &ricevuta::TRANSIZIONI.graphviz());
    drawn("job", &job::TRANSIZIONI.graphviz());
    drawn("flusso", &fdr::TRANSIZIONI.graphviz());
    drawn("messaggio", &messaggio::TRANSIZIONI.graphviz());
    drawn("lettera", &lettera::TRANSIZIONI.graphviz());
}

#[test]
fn a_receipt_moves_a_position_from_every_state_it_can_be_read_in() {
    for &stato in POSIZIONE.states.iter().filter(|stato| **stato != Stato::Eliminata) {
        let moved = [Evento::Acconto, Evento::Saldo, Evento::Doppione].map(|evento| POSIZIONE.advance(stato, evento));
        assert!(moved.iter().any(Result::is_ok), "{stato:?}");
    }
}

#[test]
fn what_is_paid_stays_paid() {
    for edge in POSIZIONE.edges.iter().filter(|e| e.from == Stato::Pagata) {
        assert_eq!(edge.to, Stato::Pagata, "{:?}", edge.event);
    }
    for edge in pagamento::TRANSIZIONI.edges.iter().filter(|e| e.from == pagamento::StatoTentativo::ChiusoDaRicevuta) {
        assert_eq!(edge.to, pagamento::StatoTentativo::ChiusoDaRicevuta, "{:?}", edge.event);
    }
}

#[test]
fn only_what_nobody_can_pay_is_deleted_and_nothing_comes_after() {
    let ways: Vec<_> = POSIZIONE.edges.iter().filter(|e| e.to == Stato::Eliminata).map(|e| e.from).collect();
    assert_eq!(ways, [Stato::Bozza, Stato::Annullata]);
    assert!(POSIZIONE.edges.iter().all(|e| e.from != Stato::Eliminata));
}

#[test]
fn a_job_that_is_over_stays_over_and_only_a_held_one_ends_by_itself() {
    for edge in job::TRANSIZIONI.edges {
        assert!(!job::TRANSIZIONI.finals.contains(&edge.from), "{edge:?}");
        let by_somebody = [job::EventoJob::Annulla, job::EventoJob::Risolve].contains(&edge.event);
        let by_itself = !by_somebody && job::TRANSIZIONI.finals.contains(&edge.to);
        assert!(!by_itself || edge.from == StatoJob::Preso, "{edge:?}");
    }
}

#[test]
fn what_only_a_person_can_move_no_machine_moves() {
    let by_a_person = [job::EventoJob::Risveglia, job::EventoJob::Risolve];
    for edge in job::TRANSIZIONI.edges {
        assert_eq!(edge.from == StatoJob::Morto, by_a_person.contains(&edge.event), "{edge:?}");
    }
    for edge in messaggio::TRANSIZIONI.edges {
        let quarantined = edge.from == EsitoMessaggio::Quarantena;
        assert_eq!(quarantined, edge.event == messaggio::EventoMessaggio::Risolve, "{edge:?}");
    }
}

#[test]
fn a_letter_that_may_have_gone_goes_again_only_on_the_word_of_who_did_not_take_it() {
    use domain::StatoLettera::{Affidata, DaInviare};
    for edge in lettera::TRANSIZIONI.edges {
        assert!(!lettera::TRANSIZIONI.finals.contains(&edge.from), "{edge:?}");
        let back = edge.from == Affidata && edge.to == DaInviare;
        assert_eq!(back, edge.event == lettera::EventoLettera::Rimanda, "{edge:?}");
    }
}

#[test]
fn a_table_tells_what_is_wrong_with_it() {
    use domain::transitions::{Edge, Table};
    let broken: Table<u8, char> = Table {
        name: "x",
        states: &[1, 2, 3],
        initial: 1,
        finals: &[],
        edges: &[Edge { from: 1, event: 'a', to: 2 }, Edge { from: 1, event: 'a', to: 1 }, Edge { from: 3, event: 'b', to: 9 }],
    };
    let faults = broken.faults().join("\n");
    for expected in ["2 is a dead end", "3 cannot be reached", "two edges 'a' from 1", "9 is not listed"] {
        assert!(faults.contains(expected), "{expected} in\n{faults}");
    }
}
