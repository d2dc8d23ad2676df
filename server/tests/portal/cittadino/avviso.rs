//! A notice looked up by its number.

use crate::harness::{Browser, PIETRALTA, Page, Sportello, VALDORIA};
use app::texts::{frasi, stati};
use domain::posizione::{EventoPosizione, NonPagabile};
use domain::{EsitoPagamento, Reason};
use portal::posizione::{NuovaOpzione, NuovaPosizione};
use serde_json::json;

/// A published debt of the other ente, made from one of Valdoria's.
pub async fn numero_of_pietralta(sportello: &Sportello) -> String {
    let model = sportello.posizione(&sportello.find_avviso(|a| a.causale.contains("saldo settembre")).numero).await;
    let ente = sportello.ente("pietralta").await;
    let rata = model.rate[0].clone();
    let opzioni =
        vec![NuovaOpzione { opzione: rata.opzione, scadenza: None, non_oltre_scadenza: false, versamenti: rata.versamenti }];
    let nuova = NuovaPosizione { servizio: None, causale: "Altro ente".into(), debitore: model.debitore, atto: None, opzioni };
    let posizione = sportello.portal.create_posizione(&ente, nuova).await.unwrap();
    sportello.portal.move_posizione(&ente.codice_fiscale, &posizione.id, EventoPosizione::Pubblica, "test").await.unwrap();
    posizione.rate[0].numero.to_string()
}

/// A page without the number that was typed into it.
pub fn comparable(page: &Page, numero: &str) -> String {
    assert!(page.has(numero), "the number stays in its field");
    page.without_nonce().replace(numero, "NUMERO")
}

#[tokio::test]
async fn every_kind_of_miss_looks_the_same() {
    let sportello = Sportello::start().await;
    let (draft, foreign) = (sportello.numero_in_bozza().await, numero_of_pietralta(&sportello).await);
    let unknown = "302000000000000184".to_owned();
    let mut browser = sportello.browser();
    let mut pages = Vec::new();
    for numero in [&unknown, &draft, &foreign] {
        let page = browser.post("/valdoria/avviso", &[("numero", numero)]).await;
        assert_eq!(page.status, 404);
        assert_eq!(page.error_at("numero").as_deref(), Some(frasi::reason(&Reason::NotFound).as_str()));
        pages.push(comparable(&page, numero));
    }
    assert!(pages.iter().all(|page| page == &pages[0]), "{pages:#?}");

    let mut pages = Vec::new();
    for (numero, ente) in
        [(&unknown, VALDORIA), (&draft, VALDORIA), (&foreign, VALDORIA), (&foreign, "77777777777"), (&unknown, PIETRALTA)]
    {
        let page = browser.post("/", &[("numero", numero), ("codice_fiscale_ente", ente)]).await;
        assert_eq!(page.status, 404);
        pages.push(comparable(&page, numero).replace(&format!("value=\"{ente}\""), ""));
    }
    assert!(pages.iter().all(|page| page == &pages[0]), "{pages:#?}");

    let mut pages = Vec::new();
    for numero in [&unknown, &draft, &foreign] {
        let page = browser.get(&format!("/valdoria/avviso/{numero}")).await;
        assert_eq!(page.status, 404);
        pages.push(comparable(&page, numero));
    }
    assert!(pages.iter().all(|page| page == &pages[0]), "{pages:#?}");
}

#[tokio::test]
async fn a_looked_up_notice_shows_nothing_of_its_debtor_and_its_number_is_in_no_address() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avvisi = sportello.avvisi();
    assert!(avvisi.len() > 15);
    for avviso in avvisi {
        let nome = sportello.posizione(&avviso.numero).await.debitore.nome;
        let path = browser.post("/valdoria/avviso", &[("numero", &avviso.numero)]).await.location();
        assert!(path.starts_with("/valdoria/avviso/v/") && !path.contains(&avviso.numero), "{path}");
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.has(&avviso.causale) && page.has(domain::Importo::of_cents(avviso.importo_cents).euro().as_str()));
        for secret in [avviso.codice_fiscale_debitore.as_str(), &nome] {
            assert!(!page.has(secret), "{}: {}", avviso.causale, page.text());
        }
        for tag in page.tags() {
            for address in ["href", "action", "src"].iter().filter_map(|name| tag.attribute(name)) {
                assert!(!address.contains(&avviso.numero), "{tag:?}");
            }
        }
        assert_eq!(page.has("Vai al pagamento"), avviso.stato == "APERTA", "{avviso:?}");
    }
}

#[tokio::test]
async fn a_number_can_come_from_a_qr_code_or_the_home_page_with_blanks_and_dashes() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let spaced = format!(" {} {}-{}", &numero[..4], &numero[4..12], &numero[12..]);
    for location in [
        browser.get(&format!("/valdoria/avviso/{numero}")).await.location(),
        browser.post("/valdoria/avviso", &[("numero", &spaced)]).await.location(),
        browser.post("/", &[("numero", &numero), ("codice_fiscale_ente", " 80001230459 ")]).await.location(),
    ] {
        assert!(!location.contains(&numero));
        assert!(browser.get(&location).await.has(&format!("{} {}", &numero[..4], &numero[4..8])));
    }
}

#[tokio::test]
async fn what_is_paid_cancelled_or_expired_cannot_be_paid() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for (stato, reason) in
        [("PAGATA", NonPagabile::Pagata), ("ANNULLATA", NonPagabile::Annullata), ("SCADUTA", NonPagabile::Scaduta)]
    {
        for avviso in sportello.avvisi().into_iter().filter(|a| a.stato == stato) {
            let path = sportello.look_up(&avviso.numero).await;
            let page = browser.get(&path).await;
            assert!(!page.tags().iter().any(|t| t.attribute("action") == Some(&path)), "nothing to press");
            let before = sportello.tentativi(&avviso.numero).await.len();
            let page = browser.post(&path, &[]).await;
            assert_eq!((page.status, page.header("set-cookie")), (409, ""), "{avviso:?}");
            assert!(page.has("Il pagamento non è partito") && page.has(stati::non_pagabile_testo(reason)), "{}", page.text());
            assert_eq!(sportello.tentativi(&avviso.numero).await.len(), before);
        }
    }
}

#[tokio::test]
async fn a_notice_paid_elsewhere_while_its_page_is_open_is_not_paid_twice() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let path = sportello.look_up(&numero).await;
    assert!(browser.get(&path).await.has("Vai al pagamento"));
    sportello.pay_elsewhere(&numero, json!({})).await;
    assert_eq!(browser.post(&path, &[]).await.status, 409);
    assert!(!browser.get(&path).await.has("Vai al pagamento"));
}

#[tokio::test]
async fn who_left_checkout_learns_that_somebody_else_paid_and_not_who() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avviso = sportello.avviso("APERTA");
    let posizione = sportello.posizione(&avviso.numero).await;
    let notice = sportello.look_up(&avviso.numero).await;
    let checkout = browser.pay(&notice).await;
    let back = browser.choose(&checkout, "abbandona", 0).await;
    let (esito, _) = browser.come_back(&back).await;
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    let page = browser.get(&esito).await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Pagamento riuscito"));
    assert!(page.has("Questo avviso risulta pagato"), "{}", page.text());
    for secret in [avviso.codice_fiscale_debitore.as_str(), posizione.debitore.nome.as_str(), "ricevuta.pdf"] {
        assert!(!page.html().contains(secret), "{secret}");
    }
    assert_eq!(browser.get(&format!("{esito}/ricevuta.pdf")).await.status, 404);
}

#[tokio::test]
async fn the_address_of_a_notice_lasts_half_an_hour() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let path = sportello.look_up(&numero).await;
    sportello.later(29);
    assert_eq!(browser.get(&path).await.status, 200);
    sportello.later(2);
    for page in [browser.get(&path).await, browser.post(&path, &[]).await] {
        assert_eq!((page.status, page.h1().as_str()), (410, "La ricerca è scaduta"));
        assert!(page.has("href=\"/valdoria/avviso\""));
    }
    assert_eq!(sportello.tentativi(&numero).await, []);
}

#[tokio::test]
async fn paying_at_once_closes_the_instalments_and_paying_an_instalment_closes_the_whole() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let tari = sportello.posizioni(VALDORIA).await;
    let with_options = |count: usize| tari.iter().find(|p| p.causale == "TARI 2026" && p.rate.len() == count).unwrap();
    for (posizione, paid, closed, open) in
        [(with_options(4), 0, vec![1, 2, 3], vec![]), (with_options(5), 1, vec![0, 1], vec![2, 3, 4])]
    {
        let numero = |index: usize| posizione.rate[index].numero.to_string();
        let path = sportello.look_up(&numero(paid)).await;
        let page = browser.get(&path).await;
        assert!(page.has("Rata 3 di"), "the other ways to pay are told: {}", page.text());
        pay(&sportello, &mut browser, &path).await;
        for index in closed {
            let path = sportello.look_up(&numero(index)).await;
            assert_eq!(browser.post(&path, &[]).await.status, 409, "option {index}");
        }
        for index in open {
            let path = sportello.look_up(&numero(index)).await;
            assert!(browser.get(&path).await.has("Vai al pagamento"), "option {index}");
        }
    }
}

async fn pay(sportello: &Sportello, browser: &mut Browser<'_>, path: &str) {
    let checkout = browser.pay(path).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    let (_, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
}

#[tokio::test]
async fn an_address_of_one_ente_opens_nothing_at_another() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avviso = sportello.look_up(&sportello.avviso("APERTA").numero).await;
    let (riepilogo, _) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let back = sportello.path_of(&browser.choose(&checkout, "paga", 1).await);
    let foreign = back.replacen("/valdoria/", "/pietralta/", 1);
    assert_eq!(browser.get(&foreign).await.status, 404);
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let pdf = format!("{esito}/ricevuta.pdf");
    for path in [&avviso, &riepilogo, &back, &esito, &pdf] {
        for slug in ["/pietralta/", "/nessuno/"] {
            let foreign = path.replacen("/valdoria/", slug, 1);
            let page = browser.get(&foreign).await;
            assert_eq!(page.status, 404, "{foreign}");
            assert!(!page.has("Mario Rossi") && !page.has("48,00"), "{foreign}");
        }
    }
    for path in [&avviso, &riepilogo] {
        assert_eq!(browser.post(&path.replacen("/valdoria/", "/pietralta/", 1), &[]).await.status, 404, "{path}");
    }
    // nor is the address of one thing good for another
    let of = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    for (page, token) in [
        ("avviso/v", of(&riepilogo)),
        ("riepilogo", of(&avviso)),
        ("esito", of(&avviso)),
        ("ritorno", token),
        ("esito", of(&back)),
    ] {
        assert_eq!(browser.get(&format!("/valdoria/{page}/{token}")).await.status, 404, "{page}");
    }
    assert_eq!(browser.get(&format!("/api/pagamenti/{}", of(&avviso))).await.status, 404);
}
