//! What is somebody's own is all of it, in its order, page by page, and nothing of anybody else's.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::{CodiceFiscale, Importo, Opzione, Posizione, StatoPosizione};
use std::collections::BTreeSet;
use store::{Posto, Store};

on_each_database! {
    whoever_asks_is_shown_each_of_his_notices_once_and_nobody_elses
    what_was_begun_with_a_form_is_no_debt_until_it_was_paid
    the_receipts_of_a_debtor_are_his_and_add_up_by_year
}

/// People of the demo: their codes obey the rule.
const PERSONE: [&str; 5] = ["RSSMRA80A41F205B", "BNCLCU75M12H501Q", "VRDGLI92D55L219I", "FRRPLA68S20D612P", "GLLNNA59H46A944Z"];
const STATI: [StatoPosizione; 5] =
    [StatoPosizione::Bozza, StatoPosizione::Aperta, StatoPosizione::Scaduta, StatoPosizione::Pagata, StatoPosizione::Annullata];

fn persona(n: usize) -> CodiceFiscale {
    CodiceFiscale::parse(PERSONE[n]).unwrap()
}

/// As good as random, and the same each time (xorshift).
struct Caso(u64);

impl Caso {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }
}

fn of(n: usize, id: &str, base: u64) -> Posizione {
    let mut posizione = posizione(id, base);
    posizione.debitore.codice_fiscale = persona(n);
    posizione
}

/// Sixty debts of five people towards two enti, in every state, with due dates that are often the same or missing.
async fn fill(store: &Store) -> Vec<Posizione> {
    furnish(store).await;
    let mut caso = Caso(20_261_123);
    let mut all = Vec::new();
    let mut tx = store.begin().await.unwrap();
    for i in 0..60_u64 {
        // the last one has nothing
        let mut posizione = of(caso.below(4), &format!("m{i:02}"), 100 + 2 * i);
        posizione.stato = STATI[caso.below(STATI.len())];
        if caso.below(3) == 0 {
            posizione.ente = montelago();
        }
        let giorno = |n: usize| format!("2026-0{}-15", 1 + n).parse().ok();
        posizione.rate[0].scadenza = if caso.below(4) == 0 { None } else { giorno(caso.below(5)) };
        if caso.below(3) == 0 {
            let mut altra = rata(101 + 2 * i, Opzione::Rata { numero: 1, di: 1 }, 2_550);
            altra.scadenza = giorno(caso.below(5));
            altra.pagata = caso.below(2) == 0;
            posizione.rate.push(altra);
        }
        tx.insert_posizione(&posizione, at(1)).await.unwrap();
        all.push(posizione);
    }
    tx.commit().await.unwrap();
    all
}

/// By the rule, without SQL: the next due date of what is unpaid, or the first of all; never is last.
fn quando(posizione: &Posizione) -> String {
    let first = |unpaid: bool| {
        let days = posizione.rate.iter().filter(|rata| !unpaid || !rata.pagata).filter_map(|rata| rata.scadenza);
        days.min().map(|day| day.to_string())
    };
    first(true).or_else(|| first(false)).unwrap_or_else(|| "9999-12-31".into())
}

async fn whoever_asks_is_shown_each_of_his_notices_once_and_nobody_elses(place: Place) {
    let store = place.open().await;
    let all = fill(&store).await;
    let mut shown = 0;
    for n in 0..PERSONE.len() {
        let his = |p: &&Posizione| p.debitore.codice_fiscale == persona(n);
        for (ente, stato, indietro, max) in
            (0..2).flat_map(|e| STATI[1..].iter().flat_map(move |s| [(e, *s, false, 3), (e, *s, true, 2)]))
        {
            let ente = (ente == 1).then(montelago);
            let mut expected: Vec<_> = all
                .iter()
                .filter(his)
                .filter(|p| p.stato == stato && ente.as_ref().is_none_or(|ente| *ente == p.ente))
                .map(|p| (quando(p), p.id.clone()))
                .collect();
            expected.sort();
            if indietro {
                expected.reverse();
            }
            let (mut found, mut dopo) = (Vec::new(), None::<Posto>);
            loop {
                let page = store
                    .posizioni_of_debitore(&persona(n), ente.as_ref(), [stato; 2], indietro, dopo.as_ref(), max)
                    .await
                    .unwrap();
                for (posto, posizione) in &page {
                    assert!(his(&posizione), "somebody else's");
                    assert_eq!(Some(posizione), all.iter().find(|p| p.id == posizione.id), "whole");
                    found.push((posto.quando.clone(), posto.id.clone()));
                }
                let Some((last, _)) = page.last() else { break };
                dopo = Some(last.clone());
            }
            assert_eq!(found, expected, "{n} {ente:?} {stato:?} {indietro}");
            shown += found.len();
        }
        let enti: BTreeSet<_> = store.enti_of_debitore(&persona(n)).await.unwrap().into_iter().collect();
        assert_eq!(enti, all.iter().filter(his).filter(|p| p.stato != StatoPosizione::Bozza).map(|p| p.ente.clone()).collect());
    }
    assert!(shown > 100, "the sample has something to find: {shown}");
    assert!(store.enti_of_debitore(&persona(4)).await.unwrap().is_empty());
}

/// Anybody can write anybody's name into a form.
async fn what_was_begun_with_a_form_is_no_debt_until_it_was_paid(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    for (id, base, stato) in [("begun", 10, StatoPosizione::Aperta), ("done", 12, StatoPosizione::Pagata)] {
        tx.insert_posizione(&Posizione { stato, ..of(0, id, base) }, at(1)).await.unwrap();
        tx.insert_modulo(&valdoria(), id, "{}").await.unwrap();
    }
    tx.insert_posizione(&of(0, "debt", 14), at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut found = Vec::new();
    for stato in [StatoPosizione::Aperta, StatoPosizione::Pagata] {
        let page = store.posizioni_of_debitore(&persona(0), None, [stato; 2], false, None, 9).await.unwrap();
        found.extend(page.into_iter().map(|(_, posizione)| posizione.id));
    }
    assert_eq!(found, ["debt", "done"]);
}

async fn the_receipts_of_a_debtor_are_his_and_add_up_by_year(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    for base in 101..=105 {
        store.keep(&message(&format!("i{base}"), b"<x/>")).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    let mut base = 100;
    // whose, when, how much; and one that says that nothing was paid
    let paid = [
        (0, "2025-12-31T23:59:59", 100),
        (0, "2026-01-01T00:00:00", 250),
        (1, "2026-02-02T10:00:00", 7_777),
        (0, "2026-02-02T10:00:00", 1_000),
        (0, "2026-02-02T10:00:00", 2_000),
    ];
    for (n, when, cents) in paid {
        base += 1;
        tx.insert_posizione(&of(n, &format!("p{base}"), base), at(1)).await.unwrap();
        let mut facts = ricevuta(&format!("rt{base}"), base);
        (facts.pagata_il, facts.importo) = (when.parse().ok(), Importo::of_cents(cents));
        let message_id = format!("i{base}");
        tx.insert_ricevuta(&new_ricevuta(&format!("r{base}"), &facts, &message_id)).await.unwrap();
        if when.starts_with("2026-01") {
            // the copy of another ente, and a receipt of no payment
            let copy = store::NewRicevuta {
                id: "copy".into(),
                ente_destinatario: montelago().to_string(),
                ..new_ricevuta("copy", &facts, &message_id)
            };
            tx.insert_ricevuta(&copy).await.unwrap();
            let (mut ko, anomalie) = (ricevuta("ko", base), [domain::Anomalia::EsitoNegativo]);
            ko.esito_ok = false;
            let ko = store::NewRicevuta { anomalie: &anomalie, ..new_ricevuta("ko", &ko, &message_id) };
            tx.insert_ricevuta(&ko).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let ids = async |n: usize, anno: Option<&str>, max: u32| {
        let (mut found, mut dopo) = (Vec::new(), None::<Posto>);
        loop {
            let page = store.ricevute_of_debitore(&persona(n), None, anno, dopo.as_ref(), max).await.unwrap();
            found.extend(page.iter().map(|(_, row)| row.id.clone()));
            let Some((last, _)) = page.last() else { return found };
            dopo = Some(last.clone());
        }
    };
    assert_eq!(ids(0, None, 2).await, ["r105", "r104", "r102", "r101"]);
    assert_eq!(ids(0, Some("2026"), 1).await, ["r105", "r104", "r102"]);
    assert_eq!(ids(1, None, 9).await, ["r103"]);
    assert!(ids(2, None, 9).await.is_empty() && ids(0, Some("2024"), 9).await.is_empty());
    let somme = store.somme_of_debitore(&persona(0), None).await.unwrap();
    let told: Vec<_> = somme.iter().map(|s| (s.anno.as_str(), s.importo.cents(), s.quanti)).collect();
    assert_eq!(told, [("2026", 3_250, 3), ("2025", 100, 1)]);
    assert!(store.somme_of_debitore(&persona(0), Some(&montelago())).await.unwrap().is_empty());
    for (n, id, found) in [(0, "r101", true), (1, "r101", false), (1, "r103", true), (0, "ko", false), (0, "copy", false)] {
        assert_eq!(store.ricevuta_of_debitore(&persona(n), None, id).await.unwrap().is_some(), found, "{n} {id}");
    }
    assert!(store.ricevuta_of_debitore(&persona(0), Some(&montelago()), "r101").await.unwrap().is_none());
}
