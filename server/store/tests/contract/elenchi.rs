//! A list shows each line that was asked for once, the newest first, page by page, and nothing of another ente.

use crate::on_each_database;
use crate::place::Place;
use crate::samples::*;
use domain::{CodiceFiscale, Posizione, StatoPosizione, StatoRicevuta};
use jiff::Timestamp;
use store::{CercaPosizioni, CercaRicevute, Posto, Store};

on_each_database! {
    every_way_of_asking_for_positions_shows_what_it_should
    every_way_of_asking_for_receipts_shows_what_it_should
    the_words_of_a_debtor_go_with_a_draft_that_is_deleted
    what_came_in_is_counted_by_day_and_what_waits_since_when
}

const PERSONE: [(&str, &str); 4] = [
    ("RSSMRA80A41F205B", "Maria Rossi"),
    ("BNCLCU75M12H501Q", "Luca Bianchi Rossi"),
    ("VRDGLI92D55L219I", "Giulia Verdi"),
    ("FRRPLA68S20D612P", "Paolo D’Angelo"),
];
const STATI: [StatoPosizione; 6] = [
    StatoPosizione::Bozza,
    StatoPosizione::Aperta,
    StatoPosizione::ParzialmentePagata,
    StatoPosizione::Scaduta,
    StatoPosizione::Pagata,
    StatoPosizione::Annullata,
];

struct Scritta {
    posizione: Posizione,
    quando: Timestamp,
}

/// Ninety debts, several of them in the same instant.
async fn fill(store: &Store) -> Vec<Scritta> {
    furnish(store).await;
    let mut tx = store.begin().await.unwrap();
    for (n, slug) in ["mensa", "tari"].into_iter().enumerate() {
        tx.insert_servizio(&servizio(slug, true), i32::try_from(n).unwrap(), at(0)).await.unwrap();
    }
    let mut all = Vec::new();
    for i in 0..90_usize {
        let mut one = posizione(&format!("e{:02}", (i * 37) % 90), 100 + 2 * u64::try_from(i).unwrap());
        let (codice, nome) = PERSONE[i % 4];
        (one.debitore.codice_fiscale, one.debitore.nome) = (CodiceFiscale::parse(codice).unwrap(), nome.into());
        one.stato = STATI[i % 6];
        match i % 5 {
            0 => one.ente = montelago(),
            1 => {}
            n => one.servizio = Some(["mensa", "tari"][n % 2].into()),
        }
        let quando = at(10 + i64::try_from(i / 4).unwrap());
        tx.insert_posizione(&one, quando).await.unwrap();
        all.push(Scritta { posizione: one, quando });
    }
    tx.commit().await.unwrap();
    all
}

async fn pages(store: &Store, cerca: &CercaPosizioni<'_>, dal: Option<Timestamp>) -> Vec<String> {
    let (mut found, mut dopo): (Vec<String>, Option<Posto>) = (Vec::new(), None);
    loop {
        let page = store.elenco_posizioni(&valdoria(), cerca, dal, dopo.as_ref(), 7).await.unwrap();
        dopo = page.last().map(|riga| riga.posto.clone());
        found.extend(page.iter().map(|riga| riga.id.clone()));
        if page.len() < 7 {
            return found;
        }
        assert!(found.len() < 200, "it does not end");
    }
}

async fn every_way_of_asking_for_positions_shows_what_it_should(place: Place) {
    let store = place.open().await;
    let all = fill(&store).await;
    let (rossi, codice) = (CodiceFiscale::parse(PERSONE[0].0).unwrap(), PERSONE[0].0);
    let is_public = |p: &Posizione| p.stato != StatoPosizione::Bozza;
    let word = |p: &Posizione, word: &str| p.debitore.nome.to_lowercase().split(' ').any(|w| w == word);
    type Rule<'a> = Box<dyn Fn(&Posizione) -> bool + 'a>;
    let cases: Vec<(CercaPosizioni<'_>, Rule<'_>)> = vec![
        (CercaPosizioni::Tutte, Box::new(is_public)),
        (CercaPosizioni::DiStato(StatoPosizione::Pagata), Box::new(|p| p.stato == StatoPosizione::Pagata)),
        (CercaPosizioni::DiStato(StatoPosizione::Bozza), Box::new(|p| p.stato == StatoPosizione::Bozza)),
        (CercaPosizioni::DiServizio("tari", None), Box::new(|p| is_public(p) && p.servizio.as_deref() == Some("tari"))),
        (
            CercaPosizioni::DiServizio("mensa", Some(StatoPosizione::Aperta)),
            Box::new(|p| p.stato == StatoPosizione::Aperta && p.servizio.as_deref() == Some("mensa")),
        ),
        (CercaPosizioni::DiDebitore(&rossi), Box::new(|p| is_public(p) && p.debitore.codice_fiscale.as_str() == codice)),
        (CercaPosizioni::DiNome("rossi", None), Box::new(|p| is_public(p) && word(p, "rossi"))),
        (CercaPosizioni::DiNome("rossi", Some("luca")), Box::new(|p| is_public(p) && word(p, "rossi") && word(p, "luca"))),
        (CercaPosizioni::DiNome("d’angelo", None), Box::new(|p| is_public(p) && word(p, "d’angelo"))),
        (CercaPosizioni::DiNome("nessuno", None), Box::new(|_| false)),
    ];
    for (n, (cerca, rule)) in cases.iter().enumerate() {
        for dal in [None, Some(at(20))] {
            let mut expected: Vec<_> = all
                .iter()
                .filter(|s| s.posizione.ente == valdoria() && rule(&s.posizione) && dal.is_none_or(|dal| s.quando >= dal))
                .map(|s| (s.quando, s.posizione.id.clone()))
                .collect();
            // of before, one of Mario Rossi, open
            let first = posizione("p1", 1);
            if dal.is_none() && rule(&first) {
                expected.push((at(0), first.id));
            }
            expected.sort();
            expected.reverse();
            let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
            assert_eq!(pages(&store, cerca, dal).await, expected, "{n} {cerca:?} {dal:?}");
            assert!(n > 8 || !expected.is_empty(), "{n}: nothing to be found");
        }
    }
    let riga = &store.elenco_posizioni(&valdoria(), &CercaPosizioni::DiDebitore(&rossi), None, None, 1).await.unwrap()[0];
    assert_eq!((riga.importo.cents(), riga.scadenza.unwrap().to_string().as_str()), (2_550, "2026-06-30"));
}

async fn every_way_of_asking_for_receipts_shows_what_it_should(place: Place) {
    let store = place.open().await;
    let paid = furnish(&store).await;
    for i in 0..20 {
        store.keep(&message(&format!("m{i}"), b"<r/>")).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    let mut all = Vec::new();
    for i in 0..20_u64 {
        let receipt = ricevuta(&format!("rt{i}"), 1 + i % 3);
        let inbox = format!("m{i}");
        let mut new = new_ricevuta(&format!("r{i}"), &receipt, &inbox);
        new.received_at = at(10 + i64::try_from(i / 3).unwrap());
        new.stato = if i % 4 == 0 { StatoRicevuta::Anomala } else { StatoRicevuta::Valida };
        new.posizione_id = (i % 3 == 0).then_some(paid.id.as_str());
        if i % 5 == 0 {
            new.ente_destinatario = montelago().to_string();
        }
        let here = new.ente_destinatario == valdoria().as_str();
        tx.insert_ricevuta(&new).await.unwrap();
        if here {
            all.push(i);
        }
    }
    tx.commit().await.unwrap();
    let numero = paid.rate[0].numero.clone();
    let (iuv, mario) = (numero.iuv().to_string(), paid.debitore.codice_fiscale.clone());
    type Rule = fn(u64) -> bool;
    let cases: [(CercaRicevute<'_>, Rule); 6] = [
        (CercaRicevute::Tutte, |_| true),
        (CercaRicevute::Anomale, |i| i % 4 == 0),
        (CercaRicevute::DiAvviso(numero.as_str()), |i| i % 3 == 0),
        (CercaRicevute::DiIuv(&iuv), |i| i % 3 == 0),
        (CercaRicevute::DiReceiptId("rt7"), |i| i == 7),
        (CercaRicevute::DiDebitore(&mario), |i| i % 3 == 0),
    ];
    for (cerca, rule) in &cases {
        let (mut found, mut dopo): (Vec<String>, Option<Posto>) = (Vec::new(), None);
        loop {
            let page = store.elenco_ricevute(&valdoria(), cerca, None, dopo.as_ref(), 4).await.unwrap();
            dopo = page.last().map(|riga| riga.posto.clone());
            found.extend(page.iter().map(|riga| riga.row.id.clone()));
            if page.len() < 4 {
                break;
            }
        }
        let expected: Vec<_> = all.iter().rev().filter(|i| rule(**i)).map(|i| format!("r{i}")).collect();
        assert_eq!(found, expected, "{cerca:?}");
    }
    let since = store.elenco_ricevute(&valdoria(), &CercaRicevute::Tutte, Some(at(15)), None, 50).await.unwrap();
    assert!(since.iter().all(|riga| riga.row.received_at >= at(15)) && !since.is_empty());
    assert!(store.ricevuta_of_ente(&valdoria(), "r1").await.unwrap().is_some());
    assert!(store.ricevuta_of_ente(&montelago(), "r1").await.unwrap().is_none(), "another's");
    assert_eq!(
        store.ricevute_of_posizione(&valdoria(), &paid.id).await.unwrap().len(),
        all.iter().filter(|i| *i % 3 == 0).count()
    );
}

async fn the_words_of_a_debtor_go_with_a_draft_that_is_deleted(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let mut tx = store.begin().await.unwrap();
    let draft = Posizione { stato: StatoPosizione::Bozza, ..posizione("b1", 50) };
    tx.insert_posizione(&draft, at(1)).await.unwrap();
    tx.insert_modulo(&valdoria(), "b1", "{}").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.delete_bozze(at(100), 10, "nessuno l’ha pagata", at(100)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(store.posizione(&valdoria(), "b1").await.unwrap().is_none());
    assert_eq!(pages(&store, &CercaPosizioni::DiNome("rossi", None), None).await, ["p1"]);
}

async fn what_came_in_is_counted_by_day_and_what_waits_since_when(place: Place) {
    let store = place.open().await;
    furnish(&store).await;
    let day = 24 * 3_600;
    for i in 0..4 {
        store.keep(&message(&format!("m{i}"), b"<r/>")).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    for (i, (when, cents)) in [(0, 1_000), (5, 2_000), (day, 400), (3 * day, 7)].into_iter().enumerate() {
        let receipt = ricevuta(&format!("rt{i}"), 1);
        let inbox = format!("m{i}");
        let mut new = new_ricevuta(&format!("r{i}"), &receipt, &inbox);
        (new.received_at, new.stato) = (at(when), if i == 1 { StatoRicevuta::Anomala } else { StatoRicevuta::Valida });
        tx.insert_ricevuta(&new).await.unwrap();
        let righe = [
            store::RigaLedger { indice: 1, beneficiario: valdoria().to_string(), importo_cents: cents },
            store::RigaLedger { indice: 2, beneficiario: montelago().to_string(), importo_cents: 90_000 },
        ];
        tx.insert_ledger(&new.id, valdoria().as_str(), &righe, at(when)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let incassi = store.incassi(&valdoria(), at(0)).await.unwrap();
    let sums: Vec<_> = incassi.iter().map(|incasso| (incasso.quanti, incasso.importo.cents())).collect();
    assert_eq!(sums, [(2, 3_000), (1, 400), (1, 7)], "only what is the ente's own");
    assert_eq!(store.incassi(&valdoria(), at(day)).await.unwrap().len(), 2);
    assert!(store.incassi(&montelago(), at(0)).await.unwrap().is_empty());
    let aperte = store.ricevute_aperte(&valdoria()).await.unwrap();
    assert_eq!((aperte.quante, aperte.dal), (1, Some(at(5))));
    assert_eq!(store.ricevute_aperte(&montelago()).await.unwrap(), store::Aperte::default());
    assert_eq!(store.flussi_aperti(&valdoria()).await.unwrap().quante, 0);
    assert_eq!(store.conta_posizioni(&valdoria(), StatoPosizione::Aperta).await.unwrap(), 1);
}
