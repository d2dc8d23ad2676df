//! Somebody at a counter, without a notice (paDemandPaymentNotice): from the question to the receipt.

use crate::harness::{Sportello, VALDORIA, addressed};
use domain::servizio::SuRichiesta;
use domain::{Slug, StatoPosizione};
use nodo::pa_for_node::client::{Response, encode_demand_request};
use nodo::pa_for_node::{DATI_MAX, DemandAnswer, DemandRequest, Operation, Paa};
use serde_json::{Value, json};

const DEMAND: Operation = Operation::DemandPaymentNotice;
const ROSSI: &str = "<carta><codiceFiscale>RSSMRA85T10A562S</codiceFiscale><nome>Mario Rossi</nome></carta>";

/// What the demo offers: the identity card.
fn request(dati: &str) -> DemandRequest {
    DemandRequest {
        instradamento: addressed(VALDORIA),
        id_servizio: "00101".into(),
        id_soggetto: "00001".into(),
        dati: dati.into(),
    }
}

async fn demand(sportello: &Sportello, request: &DemandRequest) -> DemandAnswer {
    match sportello.ask(DEMAND, encode_demand_request(request)).await {
        Response::Demand(answer) => answer,
        other => panic!("{other:?}"),
    }
}

/// As a PSP asks, through the sandbox.
async fn at_the_counter(sportello: &Sportello, dati: &str) -> Value {
    let body = json!({ "codice_fiscale_ente": VALDORIA, "id_servizio": "00101", "dati_specifici_servizio": dati });
    let answer = sportello.client().post(sportello.sandbox_url("/psp/demand")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

#[tokio::test]
async fn from_the_counter_to_the_receipt_and_the_same_again_is_another_notice_only_once_paid() {
    let sportello = Sportello::start().await;
    let made = at_the_counter(&sportello, ROSSI).await;
    assert_eq!(made["passi"][0]["outcome"], "OK", "{made}");
    assert_eq!((&made["importo_cents"], &made["causale"]), (&json!(2_221), &json!("Carta d'identità elettronica")));
    let numero = made["numero_avviso"].as_str().unwrap();
    let posizione = sportello.posizione(numero).await;
    assert_eq!((posizione.stato, posizione.servizio.as_deref()), (StatoPosizione::Aperta, Some("diritti-di-segreteria")));
    assert_eq!(
        (posizione.debitore.codice_fiscale.as_str(), posizione.debitore.nome.as_str()),
        ("RSSMRA85T10A562S", "Mario Rossi")
    );

    // the Nodo may ask twice, and writes its XML as it likes
    assert_eq!(at_the_counter(&sportello, ROSSI).await["numero_avviso"], numero);
    let other_spelling = "<?xml version=\"1.0\"?>\n<x:c xmlns:x=\"urn:x\">\n <x:nome> Mario  Rossi</x:nome><x:codiceFiscale>rssmra85t10a562s</x:codiceFiscale></x:c>";
    assert_eq!(at_the_counter(&sportello, other_spelling).await["numero_avviso"], numero);
    let bianchi = ROSSI.replace("RSSMRA85T10A562S", "VRDLGI70A01H501P").replace("Mario Rossi", "Luigi Verdi");
    assert_ne!(at_the_counter(&sportello, &bianchi).await["numero_avviso"], numero, "somebody else");
    let pratica = ROSSI.replace("</nome>", "</nome><pratica>prot. 7</pratica>");
    let other = at_the_counter(&sportello, &pratica).await;
    assert_eq!(other["causale"], "Carta d'identità elettronica - prot. 7");
    assert_ne!(other["numero_avviso"], numero, "for something else");

    let paid = sportello.pay_elsewhere(numero, json!({})).await;
    let outcomes: Vec<_> = paid["passi"].as_array().unwrap().iter().map(|p| p["outcome"].as_str()).collect();
    assert_eq!(outcomes, [Some("OK"); 3], "{paid}");
    assert_eq!(sportello.posizione(numero).await.stato, StatoPosizione::Pagata);
    assert_eq!(sportello.ricevute(numero).await[0].anomalie, []);
    let second = at_the_counter(&sportello, ROSSI).await;
    assert_ne!(second["numero_avviso"], numero, "that one is paid");
    assert_eq!(at_the_counter(&sportello, ROSSI).await["numero_avviso"], second["numero_avviso"]);
}

#[tokio::test]
async fn a_notice_on_demand_lives_until_the_end_of_the_next_day() {
    let sportello = Sportello::start().await;
    let numero = demand(&sportello, &request(ROSSI)).await.numero;
    // 23:30 of the same day, then of the next: the clock begins at ten
    for minutes in [810, 1_440] {
        sportello.later(minutes);
        assert_eq!(demand(&sportello, &request(ROSSI)).await.numero, numero, "{}", sportello.now());
    }
    sportello.later(60);
    let fresh = demand(&sportello, &request(ROSSI)).await;
    assert_ne!(fresh.numero, numero);
    assert_eq!(fresh.avviso.scadenza.unwrap().to_string(), "2026-11-26");
    let late = sportello.pay_elsewhere(numero.as_str(), json!({})).await;
    assert_eq!(late["passi"][0]["faultCode"], "PAA_PAGAMENTO_SCADUTO", "{late}");
}

#[tokio::test]
async fn many_that_ask_the_same_at_once_get_one_notice() {
    let sportello = Sportello::start().await;
    let before = sportello.posizioni(VALDORIA).await.len();
    let (asked, other) = (request(ROSSI), request(&ROSSI.replace("Mario", "Maria")));
    let both = async || (demand(&sportello, &asked).await.numero, demand(&sportello, &other).await.numero);
    let answers = futures::future::join_all((0..12).map(|_| both())).await;
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before + 2);
}

#[tokio::test]
async fn what_cannot_be_offered_is_refused_with_a_code_of_the_table_and_makes_nothing() {
    let sportello = Sportello::start().await;
    let before = sportello.posizioni(VALDORIA).await.len();
    let good = || request(ROSSI);
    let to = |change: fn(&mut DemandRequest)| {
        let mut request = good();
        change(&mut request);
        request
    };
    let without = |element: &str| ROSSI.replace(&format!("<{element}>"), "<x>").replace(&format!("</{element}>"), "</x>");
    let (large, bomb) = (" ".repeat(DATI_MAX), "<!DOCTYPE a [<!ENTITY e \"x\">]><carta><nome>&e;</nome></carta>");
    let empty = ROSSI.replace("Mario Rossi", "");
    let wrong_cf = ROSSI.replace("A562S", "A562T");
    let angle = ROSSI.replace("Mario Rossi", "&lt;script&gt;");
    let long = ROSSI.replace("Mario Rossi", &"a".repeat(71));
    let twice = ROSSI.replace("</carta>", "<nome>Maria</nome></carta>");
    for (what, request, code) in [
        ("another ente", to(|r| r.instradamento.ente = "00000000000".into()), Paa::IdDominioErrato),
        ("another intermediary", to(|r| r.instradamento.intermediario = "99999000021".into()), Paa::IdIntermediarioErrato),
        ("another station", to(|r| r.instradamento.stazione = "99999000013_02".into()), Paa::StazioneIntErrata),
        ("no such service", to(|r| r.id_servizio = "00102".into()), Paa::Semantica),
        ("offered by somebody else", to(|r| r.id_soggetto = "00002".into()), Paa::Semantica),
        ("no data", request(""), Paa::SintassiExtraxsd),
        ("no XML", request("targa AB123CD"), Paa::SintassiExtraxsd),
        ("a DOCTYPE", request(bomb), Paa::SintassiExtraxsd),
        ("too large", request(&format!("{ROSSI}{large}")), Paa::SintassiExtraxsd),
        ("an element there twice", request(&twice), Paa::SintassiExtraxsd),
        ("an element nobody knows", request(&without("nome")), Paa::SintassiExtraxsd),
        ("nobody named", request("<carta/>"), Paa::Semantica),
        ("a name that is empty", request(&empty), Paa::Semantica),
        ("a codice fiscale that is wrong", request(&wrong_cf), Paa::Semantica),
        ("characters that cannot be used", request(&angle), Paa::Semantica),
        ("a name that is too long", request(&long), Paa::Semantica),
    ] {
        let fault = sportello.ask_refused(DEMAND, encode_demand_request(&request)).await;
        assert_eq!(fault.code, code.code(), "{what}");
        assert!(code.is_allowed_for(DEMAND));
        let said = fault.description.unwrap_or_default();
        assert!(!said.contains("Rossi") && !said.contains("RSSMRA") && !said.contains("script"), "{what}: {said}");
    }
    // what breaks the XSD of paForNode itself
    let body = String::from_utf8(encode_demand_request(&good())).unwrap();
    for (from, to) in
        [("00101", "0101"), ("<idSoggettoServizio>00001</idSoggettoServizio>", ""), ("datiSpecificiServizioRequest>", "dati>")]
    {
        let fault = sportello.ask_refused(DEMAND, body.replace(from, to).into_bytes()).await;
        assert_eq!(fault.code, "PAA_SINTASSI_XSD", "{from} → {to}");
    }
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before);
}

#[tokio::test]
async fn prices_are_the_services_own_by_the_piece_or_as_given_within_limits() {
    let sportello = Sportello::start().await;
    let ente = sportello.ente("valdoria").await;
    let offer = |slug: &str, codice: &str, voce: &str| {
        let (slug, id_servizio, voce) = (Slug::parse(slug).unwrap(), codice.to_owned(), voce.to_owned());
        let (sportello, ente) = (&sportello, &ente);
        async move {
            let mut servizio = sportello.portal.servizio(ente, slug.as_str()).await.unwrap().unwrap();
            servizio.slug = Slug::parse(&format!("{slug}-allo-sportello")).unwrap();
            let names =
                [("cf", "codice_fiscale"), ("chi", "nome"), ("quanti", "quantita"), ("importo", "importo"), ("che", "dettaglio")];
            servizio.su_richiesta = Some(SuRichiesta {
                id_servizio,
                id_soggetto: "00001".into(),
                fissi: [("voce".to_owned(), voce)].into(),
                campi: names.map(|(name, field)| (name.to_owned(), field.to_owned())).into(),
            });
            let mut tx = sportello.portal.store().begin().await.unwrap();
            tx.insert_servizio(&servizio, 50, sportello.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    offer("mensa-scolastica", "00201", "pasti").await;
    offer("donazione", "00202", "libera").await;
    let who = "<cf>RSSMRA85T10A562S</cf><chi>Mario Rossi</chi>";
    let ask = |id: &str, rest: &str| DemandRequest { id_servizio: id.into(), ..request(&format!("<r>{who}{rest}</r>")) };
    for (id, rest, cents) in [
        ("00201", "<quanti>3</quanti><che>3B, marzo</che>", 1_440),
        ("00201", "<quanti>60</quanti><che>3B, marzo</che><importo>0.01</importo>", 28_800),
        ("00202", "<importo>12.50</importo>", 1_250),
        ("00202", "<importo>10000.00</importo>", 1_000_000),
    ] {
        assert_eq!(demand(&sportello, &ask(id, rest)).await.avviso.importo.cents(), cents, "{rest}");
    }
    for (id, rest, code) in [
        ("00201", "<che>3B, marzo</che>", "PAA_SEMANTICA"),
        ("00201", "<quanti>61</quanti><che>3B, marzo</che>", "PAA_SEMANTICA"),
        ("00201", "<quanti>3</quanti>", "PAA_SEMANTICA"),
        ("00202", "<importo>0.99</importo>", "PAA_SEMANTICA"),
        ("00202", "<importo>10000.01</importo>", "PAA_SEMANTICA"),
        ("00202", "<importo>12,50</importo>", "PAA_SINTASSI_EXTRAXSD"),
    ] {
        assert_eq!(sportello.ask_refused(DEMAND, encode_demand_request(&ask(id, rest))).await.code, code, "{rest}");
    }
}
