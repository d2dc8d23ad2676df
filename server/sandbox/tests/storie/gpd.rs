//! Our client and this GPD, on a socket between them: a position lives its life.

use crate::harness::*;
use domain::{CodiceFiscaleEnte, NumeroAvviso, Posizione};
use nodo::aca::{Aca, Specchio, specchio};
use nodo::gpd::{self, Chiusura, Elenco, Gpd, GpdV3, PaymentPositionModel, StatoGpd, StatoOpzione};
use nodo::pa_for_node::Request;
use nodo::rest::{Answer, Outcome, Why};
use serde_json::json;
use std::time::{Duration, Instant};

const NOME: &str = "Comune di Valdoria";
const V1: &str = "/gpd/debt-positions-service/v1";

fn ente() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(ENTE).unwrap()
}

fn client(test: &Test) -> Gpd {
    Gpd::new(&test.peer(V1), clock()).unwrap()
}

/// With one notice.
fn one(numero: &str) -> Posizione {
    let mut posizione = posizione();
    posizione.rate.retain(|r| r.numero.as_str() == numero);
    posizione.id = numero.to_owned();
    posizione
}

/// One payment, or two instalments.
fn plan() -> Posizione {
    let mut posizione = posizione();
    for (i, rata) in posizione.rate.iter_mut().enumerate().skip(1) {
        rata.opzione = domain::Opzione::Rata { numero: u8::try_from(i).unwrap(), di: 2 };
    }
    posizione.id = "rate".to_owned();
    posizione
}

fn model(posizione: &Posizione) -> PaymentPositionModel {
    gpd::model(posizione, NOME).unwrap()
}

fn done<T: std::fmt::Debug>(answer: Answer<T>) -> T {
    match answer.outcome {
        Outcome::Done(value) => value,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_position_is_written_published_updated_paid_and_read_back() {
    let test = Test::start().await;
    let (gpd, ente, model) = (client(&test), ente(), model(&one(AVVISO)));
    assert_eq!(done(gpd.create(&ente, &model, false).await), StatoGpd::Draft);
    assert_eq!(done(gpd.publish(&ente, &model.iupd).await), StatoGpd::Valid);
    let mut more = model.clone();
    (more.payment_option[0].amount, more.payment_option[0].transfer[0].amount) = (1_100, 800);
    assert_eq!(done(gpd.update(&ente, &more, true).await), StatoGpd::Valid);

    let paid = test.post_json("/gpd/paga", &json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO })).await;
    assert_eq!((&paid["stato"], &paid["passi"][0]["outcome"]), (&json!("PAID"), &json!("OK")));
    let letta = done(gpd.read(&ente, &model.iupd).await);
    assert_eq!((letta.stato, letta.rate[0].stato, letta.rate[0].importo.cents()), (StatoGpd::Paid, StatoOpzione::PoPaid, 1_100));
    assert_eq!(letta.rate[0].receipt_id.as_deref(), paid["receipt_id"].as_str());
    assert_eq!(letta.rate[0].pagata_il.unwrap().to_string(), "2026-03-02T08:30:15Z");

    let receipts = test.calls.ricevute();
    assert_eq!((receipts.len(), receipts[0].importo.cents(), receipts[0].anomalie().len()), (1, 1_100, 0));
    assert!(!receipts[0].stand_in);
    let Request::SendRt(sent) = &test.calls.requests()[0] else { panic!() };
    assert_eq!(sent.instradamento.stazione, "99999000013_01", "the broadcast station of the ente");
}

#[tokio::test]
async fn what_is_closed_or_paid_is_left_alone() {
    let test = Test::start().await;
    let (gpd, ente) = (client(&test), ente());
    let (closed, paid, draft) = (model(&one(AVVISO)), model(&one(ALTRO_AVVISO)), model(&one(AVVISO_CON_BOLLO)));
    for model in [&closed, &paid] {
        done(gpd.create(&ente, model, true).await);
    }
    done(gpd.create(&ente, &draft, false).await);
    assert_eq!(done(gpd.invalidate(&ente, &closed.iupd).await), StatoGpd::Invalid);
    test.post_json("/gpd/paga", &json!({ "codice_fiscale_ente": ENTE, "numero_avviso": ALTRO_AVVISO })).await;

    for model in [&closed, &paid] {
        assert_eq!(gpd.update(&ente, model, true).await.outcome.refused(), Some(409));
        assert_eq!(gpd.publish(&ente, &model.iupd).await.outcome.refused(), Some(409));
        assert_eq!(gpd.invalidate(&ente, &model.iupd).await.outcome.refused(), Some(409));
    }
    assert_eq!(gpd.invalidate(&ente, &draft.iupd).await.outcome.refused(), Some(409), "a draft is deleted");
    assert_eq!(gpd.delete(&ente, &paid.iupd).await.outcome.refused(), Some(409));
    for (iupd, chiusura) in
        [(&closed.iupd, Chiusura::GiaChiusa), (&paid.iupd, Chiusura::Pagata), (&draft.iupd, Chiusura::Cancella)]
    {
        assert_eq!(done(gpd.read(&ente, iupd).await).stato.chiusura(), chiusura);
    }
    done(gpd.delete(&ente, &draft.iupd).await);
    for answer in [gpd.delete(&ente, &draft.iupd).await.map(drop), gpd.read(&ente, &draft.iupd).await.map(drop)] {
        assert_eq!(answer.outcome.refused(), Some(404));
    }
    let body = json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO });
    assert_eq!(test.post("/gpd/paga", &body).await.status(), 422, "nobody can pay what was withdrawn");
}

#[tokio::test]
async fn the_same_position_twice_is_a_conflict_and_so_is_the_same_iuv() {
    let test = Test::start().await;
    let (gpd, ente, model) = (client(&test), ente(), model(&one(AVVISO)));
    done(gpd.create(&ente, &model, true).await);
    assert_eq!(gpd.create(&ente, &model, true).await.outcome.refused(), Some(409));
    let other = PaymentPositionModel { iupd: "altra".into(), ..model.clone() };
    assert_eq!(gpd.create(&ente, &other, true).await.outcome.refused(), Some(409));
    let Outcome::Refused { problem, permanent } = gpd.create(&ente, &other, true).await.outcome else { panic!() };
    assert!(permanent && problem.title == "The debt position violated constraints of uniqueness", "{problem:?}");
}

#[tokio::test]
async fn a_position_that_does_not_add_up_is_refused_in_gpds_words() {
    let test = Test::start().await;
    let (gpd, ente, mut model) = (client(&test), ente(), model(&one(AVVISO)));
    model.payment_option[0].amount += 1;
    let Outcome::Refused { problem, permanent: true } = gpd.create(&ente, &model, true).await.outcome else { panic!() };
    assert_eq!((problem.status, problem.title.as_str()), (400, "Error in the debt position request data"));
    assert!(problem.detail.starts_with("Amounts congruence error"), "{}", problem.detail);
    assert_eq!(test.get_json("/gpd/stato").await, json!({ "posizioni": [] }));
}

#[tokio::test]
async fn instalments_are_paid_one_by_one_and_the_single_payment_is_then_settled() {
    let test = Test::start().await;
    let (gpd, ente, model) = (client(&test), ente(), model(&plan()));
    done(gpd.create(&ente, &model, true).await);
    let pay = |numero: &str| json!({ "codice_fiscale_ente": ENTE, "numero_avviso": numero, "copie": 0 });
    assert_eq!(test.post_json("/gpd/paga", &pay(ALTRO_AVVISO)).await["stato"], "PARTIALLY_PAID");
    assert_eq!(test.post_json("/gpd/paga", &pay(AVVISO_CON_BOLLO)).await["stato"], "PAID");
    assert_eq!(test.post("/gpd/paga", &pay(AVVISO)).await.status(), 409);
    assert_eq!(test.post("/gpd/paga", &pay(AVVISO_SCONOSCIUTO)).await.status(), 404);
    let letta = done(gpd.read(&ente, &model.iupd).await);
    assert_eq!(letta.rate.iter().map(|r| r.stato.is_pagata()).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(test.calls.receipts().len(), 0, "an ente without broadcast station fetches its receipts");
}

#[tokio::test]
async fn what_was_paid_at_the_desk_of_the_ente_is_paid_over_there_too() {
    let test = Test::start().await;
    let (gpd, ente, model) = (client(&test), ente(), model(&one(AVVISO)));
    done(gpd.create(&ente, &model, true).await);
    let numero = NumeroAvviso::parse(AVVISO).unwrap();
    let when = "2026-03-01T10:00:00Z".parse().unwrap();
    let rata = done(gpd.mark_paid(&ente, &numero, when).await);
    assert_eq!((rata.stato, rata.pagata_il, rata.receipt_id), (StatoOpzione::PoPaid, Some(when), None));
    assert_eq!(gpd.mark_paid(&ente, &numero, when).await.outcome.refused(), Some(409));
    assert_eq!(done(gpd.read(&ente, &model.iupd).await).stato, StatoGpd::Paid);
}

#[tokio::test]
async fn lists_have_pages_and_too_long_an_interval_has_none() {
    let test = Test::start().await;
    let (gpd, ente, mut model) = (client(&test), ente(), model(&one(AVVISO)));
    for i in 0..53 {
        model.iupd = format!("p{i:02}");
        (model.payment_option[0].iuv, model.payment_option[0].nav) = (format!("020000000000{i:05}"), None);
        done(gpd.create(&ente, &model, i != 7).await);
    }
    let page = |pagina| Elenco { pagina, ..Elenco::default() };
    let (first, second) = (done(gpd.list(&ente, page(0)).await), done(gpd.list(&ente, page(1)).await));
    assert_eq!((first.posizioni.len(), second.posizioni.len(), first.pagine), (50, 3, 2));
    assert_eq!((first.posizioni[0].iupd.as_str(), second.posizioni[2].iupd.as_str()), ("p00", "p52"));
    let drafts = done(gpd.list(&ente, Elenco { stato: Some(StatoGpd::Draft), ..page(0) }).await);
    assert_eq!(drafts.posizioni.iter().map(|p| p.iupd.as_str()).collect::<Vec<_>>(), ["p07"]);
    let all = format!("{V1}/organizations/{ENTE}/debtpositions?limit=1");
    assert_eq!(test.get_json(&all).await["payment_position_list"][0]["iupd"], "p52", "newest first, unless asked otherwise");
    // without a due date they are due in 2099
    let due = |from: &str, to: &str| Elenco { scadenza_da: from.parse().ok(), scadenza_a: to.parse().ok(), ..page(0) };
    assert_eq!(done(gpd.list(&ente, due("2099-12-31", "")).await).posizioni.len(), 50);
    assert_eq!(done(gpd.list(&ente, due("2026-03-01", "2026-03-31")).await).posizioni.len(), 0);
    for (from, to) in [("2026-03-01", "2026-04-01"), ("2026-03-02", "2026-03-01")] {
        assert_eq!(gpd.list(&ente, due(from, to)).await.outcome.refused(), Some(400), "{from} {to}");
    }
}

#[tokio::test]
async fn version_3_says_what_version_1_cannot() {
    let test = Test::start().await;
    let (v1, ente) = (client(&test), ente());
    let v3 = GpdV3::new(&test.peer("/gpd/debt-positions-service/v3"), clock()).unwrap();
    let mut posizione = plan();
    posizione.rate[0].non_oltre_scadenza = true;
    let mut model = gpd::v3::model(&posizione, NOME).unwrap();
    assert_eq!(done(v3.create(&ente, &model, false).await), gpd::v3::StatoV3::Draft);
    assert_eq!(done(v3.publish(&ente, &model.iupd).await), gpd::v3::StatoV3::Valid);
    let letta = done(v3.read(&ente, &model.iupd).await);
    assert_eq!((letta.rate.len(), letta.rate[0].importo.cents()), (3, 1_000));
    assert_eq!(done(v1.read(&ente, &model.iupd).await).rate.len(), 3, "one plan v1 can read");
    let mut second = model.payment_option[1].clone();
    for (i, installment) in second.installments.iter_mut().enumerate() {
        (installment.iuv, installment.nav) = (format!("0300000000000000{i}"), None);
    }
    model.payment_option.push(second);
    done(v3.update(&ente, &model, true).await);
    assert_eq!(v1.read(&ente, &model.iupd).await.outcome.refused(), Some(422), "two plans it cannot");
    assert_eq!(done(v1.invalidate(&ente, &model.iupd).await), StatoGpd::Invalid);
    assert_eq!(done(v3.read(&ente, &model.iupd).await).stato, gpd::v3::StatoV3::Unpayable);
    done(v3.delete(&ente, &model.iupd).await);
}

#[tokio::test]
async fn the_mirror_follows_the_position_and_stand_in_is_told_apart() {
    let test = Test::start().await;
    let (aca, ente) = (Aca::new(&test.peer("/aca/debt-positions-service/v1"), clock()).unwrap(), ente());
    let oggi = jiff::civil::date(2026, 3, 2);
    let shown = |posizione: &Posizione| match specchio(posizione, NOME, oggi).unwrap() {
        Specchio::Mostra(model) => *model,
        Specchio::Chiudi { .. } => panic!("closed"),
    };
    let mut posizione = plan();
    let model = shown(&posizione);
    assert_eq!(done(aca.create(&ente, &model).await), StatoGpd::Valid);
    posizione.rate[1].pagata = true;
    posizione.stato = domain::StatoPosizione::ParzialmentePagata;
    assert_eq!(done(aca.update(&ente, &shown(&posizione)).await), StatoGpd::Valid);
    assert_eq!(done(aca.read(&ente, &model.iupd).await).rate.len(), 1, "what cannot be paid is not shown");
    let state = test.get_json("/gpd/stato").await;
    assert_eq!((&state["posizioni"][0]["prodotto"], &state["posizioni"][0]["stato"]), (&json!("ACA"), &json!("VALID")));

    // the station was down, somebody paid, the receipt comes
    let body = json!({ "codice_fiscale_ente": ENTE, "numero_avviso": AVVISO_CON_BOLLO });
    test.post_json("/aca/paga", &body).await;
    let receipts = test.calls.ricevute();
    assert!(receipts[0].stand_in && receipts[0].versamenti[1].bollo.is_some());
    assert_eq!(aca.close(&ente, &model.iupd).await.outcome.refused(), Some(409), "paid over there");

    let closed = model_of_closed(&aca, &ente).await;
    assert_eq!(aca.update(&ente, &closed).await.outcome.refused(), Some(409));
    done(aca.delete(&ente, &closed.iupd).await);
    assert_eq!(done(aca.create(&ente, &closed).await), StatoGpd::Valid, "the way back from closed");
}

async fn model_of_closed(aca: &Aca, ente: &CodiceFiscaleEnte) -> PaymentPositionModel {
    let mut model = model(&one(AVVISO));
    (model.payment_option[0].iuv, model.payment_option[0].nav) = ("02000000000000999".into(), None);
    done(aca.create(ente, &model).await);
    assert_eq!(done(aca.close(ente, &model.iupd).await), StatoGpd::Invalid);
    model
}

/// Each fault, and what our client makes of creating a position under it; whether the position is there afterwards.
#[tokio::test]
async fn no_fault_makes_us_believe_something_that_is_not_so() {
    for (guasto, expected, is_there) in [
        ("troppe_429", Outcome::Retry { after: Some(Duration::from_secs(7)), why: Why::Status(429) }, false),
        ("errore_500", Outcome::Unknown(Why::Status(500)), false),
        ("fatto_500", Outcome::Unknown(Why::Status(500)), true),
        ("spazzatura", Outcome::Unknown(Why::Status(200)), false),
        ("troncato", Outcome::Unknown(Why::CutOff), true),
        ("enorme", Outcome::Unknown(Why::Status(200)), false),
        ("altrove", Outcome::Unknown(Why::Status(302)), false),
        ("lento", Outcome::Unknown(Why::Timeout), true),
        ("tardi", Outcome::Done(StatoGpd::Valid), true),
    ] {
        let test = Test::start().await;
        let (ente, model) = (ente(), model(&one(AVVISO)));
        test.guasto_rest(guasto).await;
        let begin = Instant::now();
        assert_eq!(client(&test).create(&ente, &model, true).await.outcome, expected, "{guasto}");
        assert!(begin.elapsed() < Duration::from_secs(5), "{guasto}");
        test.guasto_rest("nessuno").await;
        // whoever is left in doubt reads back
        let read = client(&test).read(&ente, &model.iupd).await.outcome;
        assert_eq!(read.done().is_some(), is_there, "{guasto}");
        // and asking again does no harm: it is made, or it was
        let again = client(&test).create(&ente, &model, true).await.outcome;
        assert_eq!(again.refused(), is_there.then_some(409), "{guasto}");
        let there = test.get_json("/gpd/stato").await;
        assert_eq!(there["posizioni"].as_array().unwrap().len(), 1, "{guasto}: once, whatever happened");
    }
}

#[tokio::test]
async fn reading_under_a_fault_is_tried_again_and_never_doubted() {
    let test = Test::start().await;
    let (ente, model) = (ente(), model(&one(AVVISO)));
    done(client(&test).create(&ente, &model, true).await);
    for guasto in ["errore_500", "spazzatura", "troncato", "enorme", "altrove"] {
        test.guasto_rest(guasto).await;
        let outcome = client(&test).read(&ente, &model.iupd).await.outcome;
        assert!(matches!(outcome, Outcome::Retry { after: None, .. }), "{guasto}: {outcome:?}");
    }
}
