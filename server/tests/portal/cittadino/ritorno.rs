//! Back from Checkout: what the address says is shown, and believed by nobody.

use crate::harness::{Browser, Sportello};
use app::texts::stati;
use domain::{EsitoDichiarato, EsitoPagamento, StatoPosizione, StatoTentativo};
use std::time::Duration;

/// From the form to the page of Checkout.
async fn at_checkout<'a>(sportello: &'a Sportello) -> (Browser<'a>, String, String) {
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    (browser, checkout, numero)
}

#[tokio::test]
async fn a_forged_return_address_leads_nowhere_and_changes_nothing() {
    let sportello = Sportello::start().await;
    let (mut browser, checkout, numero) = at_checkout(&sportello).await;
    let refused = sportello.path_of(&browser.choose(&checkout, "rifiuta", 0).await);
    let token = refused.rsplit('/').next().unwrap();
    let altered = |at: usize| {
        let mut bytes = token.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(bytes).unwrap()
    };
    // the ninth byte says which outcome: characters 12 and 13
    let forged =
        [altered(0), altered(12), altered(13), altered(30), altered(55), "A".repeat(56), format!("{token}A"), "ok".into()];
    for forged in forged {
        for query in ["", "?outcome=OK", "?esito=ok&outcome=OK"] {
            assert_eq!(browser.get(&format!("/valdoria/ritorno/{forged}{query}")).await.status, 404, "{forged}{query}");
        }
    }
    let tentativi = sportello.tentativi(&numero).await;
    assert_eq!((tentativi[0].stato, tentativi[0].esito_dichiarato), (StatoTentativo::Inviato, None));
    // what is added to a true address counts as little
    let esito = browser.get(&format!("{refused}?outcome=OK&esito=PAGATO")).await.location();
    let page = browser.get(&format!("{esito}?outcome=OK")).await;
    assert_eq!(page.h1(), stati::esito(EsitoPagamento::NonRiuscito));
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    assert_eq!(browser.get(&format!("{esito}/ricevuta.pdf")).await.status, 404);
}

#[tokio::test]
async fn a_return_address_is_used_once_except_by_the_browser_that_paid() {
    let sportello = Sportello::start().await;
    let (mut browser, checkout, _) = at_checkout(&sportello).await;
    let back = browser.choose(&checkout, "paga", 0).await;
    let (mut stranger, mut other) = (sportello.browser(), sportello.browser());
    other.cookie = Some("s=00000000000000000000000000000000".into());
    let (esito, _) = browser.come_back(&back).await;
    for page in [stranger.get(&back).await, other.get(&back).await] {
        assert_eq!((page.status, page.h1().as_str()), (410, "Questo indirizzo è già stato usato"));
        assert!(!page.has(&esito) && !page.has("Mario Rossi") && !page.has("48,00"), "{}", page.text());
    }
    assert_eq!(browser.come_back(&back).await.0, esito);
}

#[tokio::test]
async fn a_return_address_is_good_for_a_day() {
    let sportello = Sportello::start().await;
    let (mut browser, checkout, _) = at_checkout(&sportello).await;
    let back = browser.choose(&checkout, "paga", 0).await;
    sportello.later(24 * 60 - 1);
    assert_eq!(browser.get(&back).await.status, 303);
    sportello.later(2);
    assert_eq!(browser.get(&back).await.status, 404);
}

#[tokio::test]
async fn whoever_comes_back_before_the_receipt_sees_that_it_is_awaited() {
    let sportello = Sportello::start().await;
    let (mut browser, checkout, numero) = at_checkout(&sportello).await;
    let back = browser.choose_after(&checkout, "paga", 1, 1_500).await;
    let (esito, token) = browser.come_back(&back).await;
    let page = browser.get(&esito).await;
    assert_eq!((page.status, page.h1().as_str()), (200, stati::esito(EsitoPagamento::InVerifica)));
    assert!(page.has("Non pagare di nuovo") && !page.has(stati::esito(EsitoPagamento::Pagato)), "{}", page.text());
    assert_eq!(browser.get(&format!("{esito}/ricevuta.pdf")).await.status, 404);
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    assert_eq!(browser.get(&esito).await.h1(), stati::esito(EsitoPagamento::Pagato));
}

#[tokio::test]
async fn a_receipt_can_come_before_the_citizen_does() {
    let sportello = Sportello::start().await;
    let (mut browser, checkout, numero) = at_checkout(&sportello).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    sportello.wait_for_ricevute(&numero, 1).await;
    let (esito, _) = browser.come_back(&back).await;
    assert_eq!(browser.get(&esito).await.h1(), stati::esito(EsitoPagamento::Pagato));
    let tentativi = sportello.tentativi(&numero).await;
    assert_eq!(
        (tentativi[0].stato, tentativi[0].esito_dichiarato),
        (StatoTentativo::ChiusoDaRicevuta, Some(EsitoDichiarato::Ok))
    );
    assert!(tentativi[0].returned_at.is_some());
}

#[tokio::test]
async fn a_receipt_that_never_comes_leaves_the_payment_to_be_verified() {
    let sportello = Sportello::start().await;
    let (mut browser, checkout, numero) = at_checkout(&sportello).await;
    let back = browser.choose(&checkout, "paga", 0).await;
    let (esito, token) = browser.come_back(&back).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    sportello.later(60 * 24 * 3);
    sportello.wait_for(&token, EsitoPagamento::InVerifica).await;
    let page = browser.get(&esito).await;
    assert_eq!((page.status, page.h1().as_str()), (200, stati::esito(EsitoPagamento::InVerifica)));
    // without scripts it asks again by itself
    assert!(page.has("<noscript><meta http-equiv=\"refresh\""), "{}", page.html());
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
}

#[tokio::test]
async fn a_refused_card_and_a_closed_page_are_told_apart_and_can_be_tried_again() {
    let sportello = Sportello::start().await;
    for (choice, title, declared) in [
        ("rifiuta", stati::esito(EsitoPagamento::NonRiuscito), EsitoDichiarato::Errore),
        ("abbandona", stati::esito(EsitoPagamento::Interrotto), EsitoDichiarato::Annullato),
    ] {
        let (mut browser, checkout, numero) = at_checkout(&sportello).await;
        let back = browser.choose(&checkout, choice, 0).await;
        let (esito, _) = browser.come_back(&back).await;
        let page = browser.get(&esito).await;
        assert_eq!((page.status, page.h1().as_str()), (200, title));
        let first = sportello.tentativi(&numero).await.remove(0);
        assert_eq!((first.stato, first.esito_dichiarato), (StatoTentativo::Ritornato, Some(declared)));

        let again = page
            .tags()
            .into_iter()
            .find_map(|t| t.attribute("href").filter(|h| h.starts_with("/valdoria/avviso/v/")).map(str::to_owned));
        let again = again.expect("a way to try again");
        assert!(!browser.get(&again).await.has("Mario Rossi"));
        let checkout = browser.pay(&again).await;
        let back = browser.choose(&checkout, "paga", 1).await;
        let (second, token) = browser.come_back(&back).await;
        sportello.wait_for(&token, EsitoPagamento::Pagato).await;
        assert_eq!(browser.get(&second).await.h1(), stati::esito(EsitoPagamento::Pagato));
        // the first trip is not what was paid
        let page = browser.get(&esito).await;
        assert_eq!(page.h1(), title);
        assert!(!page.has(">Riprova<"), "{}", page.text());
        assert_eq!(sportello.ricevute(&numero).await.len(), 1);
    }
}
