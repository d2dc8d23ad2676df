//! Several notices, of several enti, in one trip.

use crate::harness::{Browser, PASTI, Page, Sportello, VALDORIA, form, form_but};
use app::texts::stati;
use domain::posizione::NonPagabile;
use domain::{EsitoPagamento, StatoPosizione, StatoTentativo};

/// A donation to the other comune, 20,00 €.
const DONAZIONE: &str = "/pietralta/servizi/donazione/paga";

fn donazione() -> Vec<(&'static str, &'static str)> {
    vec![("importo", "20"), ("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "Mario Rossi")]
}

/// Five notices that can be paid, of five debts.
fn open(sportello: &Sportello, count: usize) -> Vec<String> {
    let mut debts = std::collections::BTreeSet::new();
    let all = sportello.avvisi().into_iter().filter(|a| a.stato == "APERTA");
    all.filter(|a| debts.insert(a.codice_fiscale_debitore.clone())).map(|a| a.numero).take(count).collect()
}

async fn add(browser: &mut Browser<'_>, page: &str) -> Page {
    browser.post(&format!("{page}/carrello"), &[]).await
}

/// A cart with one notice of Valdoria and a donation to Pietralta: the browser that keeps it, and the notice's number.
async fn of_two_enti(sportello: &Sportello) -> (Browser<'_>, String) {
    let mut browser = sportello.browser();
    let numero = open(sportello, 1).remove(0);
    assert_eq!(add(&mut browser, &sportello.look_up(&numero).await).await.location(), "/carrello");
    let riepilogo = browser.post(DONAZIONE, &donazione()).await.location();
    assert_eq!(add(&mut browser, &riepilogo).await.location(), "/carrello");
    (browser, numero)
}

async fn back(browser: &mut Browser<'_>, address: &str) -> (String, String) {
    let path = browser.get(address).await.location();
    let token = path.strip_prefix("/carrello/esito/").expect("the page of the cart").to_owned();
    (path, token)
}

#[tokio::test]
async fn a_cart_of_two_enti_is_paid_in_one_trip_and_each_notice_has_its_receipt() {
    let sportello = Sportello::start().await;
    let (mut browser, numero) = of_two_enti(&sportello).await;
    let avviso = sportello.find_avviso(|a| a.numero == numero);
    let page = browser.get("/carrello").await;
    for shown in
        [avviso.causale.as_str(), "Comune di Valdoria", "Comune di Pietralta", "20,00\u{a0}€", "Paga ora", "con 2 avvisi"]
    {
        assert!(page.has(shown), "{shown}: {}", page.text());
    }
    assert!(!page.has("Mario Rossi") && !page.has("RSSMRA85T10A562S") && !page.has("<script"), "{}", page.html());

    let left = browser.post("/carrello", &[]).await;
    assert!(left.header("set-cookie").starts_with("s="), "{}", left.header("set-cookie"));
    let checkout = left.location();
    assert_eq!(browser.post("/carrello", &[]).await.location(), checkout, "two clicks are one trip");
    let page = browser.get(&checkout).await;
    assert!(page.has("Comune di Pietralta") && page.has(&avviso.causale), "{}", page.text());
    let trips = sportello.tentativi(&numero).await;
    let [trip] = &trips[..] else { panic!("{trips:?}") };
    let all = sportello.portal.store().tentativi_of_carrello(trip.id_cart()).await.unwrap();
    assert_eq!(all.iter().map(|t| t.stato).collect::<Vec<_>>(), [StatoTentativo::Inviato; 2]);

    let returned = browser.choose(&checkout, "paga", 3).await;
    let (esito, token) = back(&mut browser, &returned).await;
    assert_eq!(browser.kept("c"), None, "what was paid is in the cart no longer");
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let page = browser.get(&esito).await;
    assert_eq!((page.status, page.h1().as_str()), (200, stati::esito(EsitoPagamento::Pagato)));
    let pages: Vec<String> = page
        .tags()
        .iter()
        .filter_map(|t| t.attribute("href").filter(|href| href.contains("/esito/") && !href.contains("/carrello/")))
        .map(str::to_owned)
        .collect();
    let [one, other] = &pages[..] else { panic!("{pages:?}") };
    assert!(one.starts_with("/valdoria/esito/") && other.starts_with("/pietralta/esito/"), "{pages:?}");
    for (esito, shown) in [(one, avviso.causale.as_str()), (other, "20,00\u{a0}€")] {
        let page = browser.get(esito).await;
        assert!(page.h1() == stati::esito(EsitoPagamento::Pagato) && page.has(shown), "{}", page.text());
        assert_eq!(browser.get(&format!("{esito}/ricevuta.pdf")).await.status, 200);
    }
    let ricevute = sportello.ricevute(&numero).await;
    assert_eq!(ricevute.len(), 1);
    assert_eq!(ricevute[0].ricevuta.nota.as_deref(), Some(trip.id_cart()), "the receipt says which cart it belongs to");
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
    assert!(browser.get("/carrello").await.has("Il carrello è vuoto."));
}

#[tokio::test]
async fn a_refused_card_leaves_the_cart_as_it_was_and_the_second_try_pays() {
    let sportello = Sportello::start().await;
    for (choice, esito) in [("rifiuta", EsitoPagamento::NonRiuscito), ("abbandona", EsitoPagamento::Interrotto)] {
        let mut browser = sportello.browser();
        let numeri = open(&sportello, 2);
        for numero in &numeri {
            add(&mut browser, &sportello.look_up(numero).await).await;
        }
        let checkout = browser.post("/carrello", &[]).await.location();
        let returned = browser.choose(&checkout, choice, 0).await;
        let (path, _) = back(&mut browser, &returned).await;
        let page = browser.get(&path).await;
        assert_eq!(page.h1(), stati::esito(esito));
        assert!(page.has("Torna al carrello") && page.has("Se ti è stato addebitato qualcosa"), "{}", page.text());
        for numero in &numeri {
            let trip = sportello.tentativi(numero).await.pop().unwrap();
            assert_eq!(trip.stato, StatoTentativo::Ritornato);
        }
        let again = browser.post("/carrello", &[]).await.location();
        assert_ne!(again, checkout);
        if choice == "abbandona" {
            let returned = browser.choose(&again, "paga", 1).await;
            let (_, token) = back(&mut browser, &returned).await;
            sportello.wait_for(&token, EsitoPagamento::Pagato).await;
        }
    }
}

#[tokio::test]
async fn receipts_that_come_one_by_one_are_shown_one_by_one() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numeri = open(&sportello, 2);
    for numero in &numeri {
        add(&mut browser, &sportello.look_up(numero).await).await;
    }
    let checkout = browser.post("/carrello", &[]).await.location();
    let returned = browser.choose(&checkout, "paga", 0).await;
    let (path, token) = back(&mut browser, &returned).await;
    let stato = async || {
        let answer = Page::of(sportello.client().get(sportello.url(&format!("/api/pagamenti/{token}")))).await;
        serde_json::from_slice::<domain::pagamento::StatoPagamento>(&answer.bytes).unwrap()
    };
    assert_eq!((stato().await.esito, stato().await.ricevute), (EsitoPagamento::InVerifica, 0));
    // the Nodo brings the first: with our idCart in it
    let trip = sportello.tentativi(&numeri[0]).await.remove(0);
    let posizione = sportello.posizione(&numeri[0]).await;
    let mut request = crate::harness::receipt(&posizione, crate::harness::rata(&posizione, &numeri[0]), "prima");
    request.ricevuta.nota = Some(trip.id_cart().to_owned());
    sportello.deliver(&request).await;
    assert_eq!((stato().await.esito, stato().await.ricevute), (EsitoPagamento::InVerifica, 1));
    let page = browser.get(&path).await;
    assert!(page.has("Finora ne è arrivata una.") && page.has("Non pagare di nuovo"), "{}", page.text());
    assert!(page.has("<noscript><meta http-equiv=\"refresh\""), "{}", page.html());
}

#[tokio::test]
async fn what_cannot_be_added_is_told_in_words_on_the_page_it_stands_on() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numeri = open(&sportello, 5);
    assert_eq!(numeri.len(), 5);
    for numero in &numeri[..4] {
        add(&mut browser, &sportello.look_up(numero).await).await.location();
    }
    let twice = add(&mut browser, &sportello.look_up(&numeri[0]).await).await;
    assert_eq!((twice.status, twice.has("È già nel carrello")), (409, true), "{}", twice.text());
    let (riepilogo, _) = sportello.riepilogo().await;
    add(&mut browser, &riepilogo).await.location();
    let sixth = add(&mut browser, &sportello.look_up(&numeri[4]).await).await;
    assert_eq!((sixth.status, sixth.has("Il carrello è pieno")), (409, true), "{}", sixth.text());
    assert!(sixth.has("Vai al pagamento"), "it can be paid by itself: {}", sixth.text());
    let page = browser.get("/carrello").await;
    assert!(page.has("Il carrello è pieno") && page.has("con 5 avvisi"), "{}", page.text());
    let paid = sportello.avviso("PAGATA").numero;
    let page = add(&mut sportello.browser(), &sportello.look_up(&paid).await).await;
    assert_eq!(page.status, 409);
    assert!(page.has(stati::non_pagabile_testo(NonPagabile::Pagata)), "{}", page.text());
}

#[tokio::test]
async fn the_whole_and_an_instalment_do_not_go_together_two_instalments_do() {
    let sportello = Sportello::start().await;
    // last year's is half paid
    let causale = format!("TARI {}", sportello.portal.clock().today().year());
    let tari = sportello.find_avviso(|a| a.stato == "APERTA" && a.causale == causale);
    let posizione = sportello.posizione(&tari.numero).await;
    let [unica, prima, seconda] = [0, 1, 2].map(|i| posizione.rate[i].numero.to_string());
    let mut browser = sportello.browser();
    add(&mut browser, &sportello.look_up(&unica).await).await.location();
    let page = add(&mut browser, &sportello.look_up(&prima).await).await;
    assert_eq!((page.status, page.has("È lo stesso debito in due modi")), (409, true), "{}", page.text());
    let mut browser = sportello.browser();
    add(&mut browser, &sportello.look_up(&prima).await).await.location();
    add(&mut browser, &sportello.look_up(&seconda).await).await.location();
    let checkout = browser.post("/carrello", &[]).await.location();
    let returned = browser.choose(&checkout, "paga", 1).await;
    let (_, token) = back(&mut browser, &returned).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let posizione = sportello.posizione(&prima).await;
    assert_eq!(posizione.rate.iter().map(|r| r.pagata).collect::<Vec<_>>()[..3], [false, true, true]);
    // what two browsers put together is judged again when it is paid
    let (mut one, mut other) = (sportello.browser(), sportello.browser());
    let posizioni = sportello.posizioni(VALDORIA).await;
    let altra = posizioni.iter().find(|p| p.id != posizione.id && p.causale == posizione.causale).unwrap();
    add(&mut one, &sportello.look_up(altra.rate[0].numero.as_str()).await).await.location();
    add(&mut other, &sportello.look_up(altra.rate[1].numero.as_str()).await).await.location();
    one.keep(&format!("c={}.{}", one.kept("c").unwrap(), other.kept("c").unwrap()));
    let page = one.get("/carrello").await;
    assert!(page.has("tieni solo uno dei due") && !page.has("Paga ora"), "{}", page.text());
    let page = one.post("/carrello", &[]).await;
    assert_eq!((page.status, page.has("È lo stesso debito in due modi")), (409, true), "{}", page.text());
}

#[tokio::test]
async fn a_notice_paid_meanwhile_stops_the_cart_and_can_be_taken_out() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numeri = open(&sportello, 2);
    for numero in &numeri {
        add(&mut browser, &sportello.look_up(numero).await).await;
    }
    sportello.pay_elsewhere(&numeri[0], serde_json::json!({})).await;
    sportello.wait_for_ricevute(&numeri[0], 1).await;
    let page = browser.get("/carrello").await;
    assert!(page.has(stati::non_pagabile_testo(NonPagabile::Pagata)) && !page.has("Paga ora"), "{}", page.text());
    let page = browser.post("/carrello", &[]).await;
    assert_eq!(page.status, 409);
    assert!(sportello.tentativi(&numeri[1]).await.is_empty(), "nothing was begun");
    let segno =
        page.tags().iter().find(|t| t.attribute("name") == Some("voce")).and_then(|t| t.attribute("value")).unwrap().to_owned();
    assert_eq!(browser.post("/carrello/togli", &[("voce", &segno)]).await.location(), "/carrello");
    let checkout = browser.post("/carrello", &[]).await.location();
    assert!(checkout.starts_with(&sportello.sandbox_url("/checkout/")), "{checkout}");
}

#[tokio::test]
async fn a_sum_that_is_not_the_one_that_was_shown_is_told_and_nothing_begins() {
    let sportello = Sportello::start().await;
    let (mut browser, numero) = of_two_enti(&sportello).await;
    let page = browser.get("/carrello").await;
    let totale =
        page.tags().iter().find(|t| t.attribute("name") == Some("totale")).and_then(|t| t.attribute("value")).unwrap().to_owned();
    for wrong in ["1", "0", "x", &format!("{totale}0"), &format!(" {totale}")] {
        let page = browser.post("/carrello", &[("totale", wrong)]).await;
        assert_eq!((page.status, page.has("L’importo è cambiato")), (409, true), "{wrong}: {}", page.text());
    }
    assert!(sportello.tentativi(&numero).await.is_empty());
    browser.post("/carrello", &[("totale", &totale)]).await.location();
}

#[tokio::test]
async fn checkout_that_does_not_take_the_cart_leaves_it_to_be_paid_later() {
    let sportello = Sportello::start().await;
    let (mut browser, numero) = of_two_enti(&sportello).await;
    for (guasto, status, words) in
        [("errore_500", 503, "pagoPA non risponde"), ("rifiuta_422", 409, "Almeno uno di questi avvisi")]
    {
        sportello.break_checkout(guasto).await;
        let page = browser.post("/carrello", &[]).await;
        assert_eq!((page.status, page.header("set-cookie")), (status, ""), "{guasto}");
        assert!(page.has(words) && page.has("Paga ora"), "{guasto}: {}", page.text());
        let trip = sportello.tentativi(&numero).await.pop().unwrap();
        let all = sportello.portal.store().tentativi_of_carrello(trip.id_cart()).await.unwrap();
        assert_eq!(all.iter().map(|t| t.stato).collect::<Vec<_>>(), [StatoTentativo::Fallito; 2], "{guasto}");
    }
    sportello.break_checkout("nessuno").await;
    browser.post("/carrello", &[]).await.location();
}

#[tokio::test]
async fn the_return_address_of_a_cart_is_used_once_except_by_the_browser_that_paid() {
    let sportello = Sportello::start().await;
    let (mut browser, numero) = of_two_enti(&sportello).await;
    let checkout = browser.post("/carrello", &[]).await.location();
    let returned = browser.choose(&checkout, "paga", 0).await;
    let path = sportello.path_of(&returned);
    let token = path.rsplit('/').next().unwrap();
    // of another kind, of an ente, altered
    let mut altered = token.as_bytes().to_vec();
    altered[12] = if altered[12] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    for wrong in
        [format!("/valdoria/ritorno/{token}"), format!("/carrello/ritorno/{altered}"), format!("/carrello/esito/{token}")]
    {
        assert_eq!(browser.get(&wrong).await.status, 404, "{wrong}");
    }
    let (esito, _) = back(&mut browser, &returned).await;
    let mut stranger = sportello.browser();
    let page = stranger.get(&returned).await;
    assert_eq!(page.status, 410);
    assert!(!page.has(&esito), "{}", page.text());
    assert_eq!(back(&mut browser, &returned).await.0, esito);
    assert_eq!(sportello.tentativi(&numero).await.len(), 1);
    sportello.later(24 * 60 + 1);
    assert_eq!(browser.get(&returned).await.status, 404);
}

#[tokio::test]
async fn a_cart_is_nobodys_but_its_browsers_and_what_is_forged_in_it_is_not_there() {
    let sportello = Sportello::start().await;
    let (browser, numero) = of_two_enti(&sportello).await;
    let kept = browser.kept("c").unwrap();
    let (one, other) = kept.split_once('.').unwrap();
    let avviso = sportello.look_up(&numero).await;
    let avviso = avviso.rsplit('/').next().unwrap();
    let swapped = format!("pietralta~{}", one.split_once('~').unwrap().1);
    let mut flipped = one.to_owned().into_bytes();
    let last = flipped.len() - 10;
    flipped[last] = if flipped[last] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    let many = vec![one; 10_000].join(".");
    let dots = ".".repeat(10_000);
    let notice = format!("valdoria~{avviso}");
    let cases: [(&str, &str, usize); 12] = [
        ("as it is", &kept, 2),
        ("nothing", "", 0),
        ("one thing twice", &format!("{one}.{one}"), 1),
        ("six times", &[one; 6].join("."), 1),
        ("ten thousand", &many[..many.len().min(60_000)], 0),
        ("dots", &dots, 0),
        ("another ente's", &swapped, 0),
        ("a flipped letter", &flipped, 0),
        ("the address of a notice", &notice, 0),
        ("no token", "valdoria~", 0),
        ("a path", "../..~x", 0),
        ("the second alone", other, 1),
    ];
    for (name, cookie, expected) in cases {
        let mut browser = sportello.browser();
        if !cookie.is_empty() {
            browser.keep(&format!("c={cookie}"));
        }
        let page = browser.get("/carrello").await;
        // who sends more than a server takes is told so, or has an empty cart
        assert!(page.status == 200 || (name == "ten thousand" && page.status == 431), "{name}: {}", page.status);
        if page.status == 200 {
            assert_eq!(page.html().matches("cart-item").count(), expected, "{name}: {}", page.text());
        }
    }
    let mut later = sportello.browser();
    later.keep(&format!("c={kept}"));
    sportello.later(24 * 60 + 1);
    assert!(later.get("/carrello").await.has("Il carrello è vuoto."), "after a day");
    assert_eq!(later.post("/carrello", &[]).await.status, 200, "and there is nothing to pay");
    assert!(sportello.tentativi(&numero).await.is_empty());
}

#[tokio::test]
async fn a_draft_in_the_cart_is_unknown_to_the_nodo_until_it_is_paid() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.propose(PASTI, &form_but("quantita", "3")).await;
    add(&mut browser, &riepilogo).await.location();
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Bozza);
    browser.post("/carrello", &[]).await.location();
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    assert_eq!(sportello.posizioni(VALDORIA).await.iter().filter(|p| p.causale.starts_with("Buoni pasto")).count(), 1);
    assert_eq!(form().len(), 6);
}

/// As a process that died after it wrote the trip down, and before it asked Checkout, leaves it.
#[tokio::test]
async fn what_a_crash_left_of_a_cart_is_over_for_all_its_notices_and_the_next_click_pays() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numeri = open(&sportello, 2);
    for numero in &numeri {
        add(&mut browser, &sportello.look_up(numero).await).await;
    }
    let kept = browser.kept("c").unwrap();
    let chiave = portal::ids::sha256_hex(format!("carrello\n{}", kept.replace('.', "\n")).as_bytes());
    let mut tx = sportello.portal.store().begin().await.unwrap();
    let carrello = portal::ids::new_id().unwrap();
    for (index, numero) in numeri.iter().enumerate() {
        let posizione = sportello.posizione(numero).await;
        let rata = crate::harness::rata(&posizione, numero);
        let trip = store::Tentativo {
            id: portal::ids::new_id().unwrap(),
            ente: posizione.ente.clone(),
            posizione_id: posizione.id.clone(),
            numero: rata.numero.clone(),
            importo: rata.importo,
            stato: StatoTentativo::Creato,
            esito_dichiarato: None,
            chiave: format!("{chiave}/{index}"),
            sessione_sha256: None,
            cart_url: None,
            lingua: None,
            problema: None,
            email: None,
            carrello: Some(carrello.clone()),
            impronta: None,
            created_at: sportello.now(),
            returned_at: None,
        };
        assert!(tx.insert_tentativo(&trip).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(browser.post("/carrello", &[]).await.status, 503, "somebody may still be at it");
    sportello.later(1);
    let checkout = browser.post("/carrello", &[]).await.location();
    let left = sportello.portal.store().tentativi_of_carrello(&carrello).await.unwrap();
    assert_eq!(left.iter().map(|t| t.stato).collect::<Vec<_>>(), [StatoTentativo::Scaduto; 2]);
    let returned = browser.choose(&checkout, "paga", 50).await;
    let (_, token) = back(&mut browser, &returned).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    for numero in &numeri {
        assert_eq!(sportello.ricevute(numero).await.len(), 1, "fifty copies are one receipt");
    }
}
