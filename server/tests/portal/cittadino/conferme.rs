//! What is shown once more before the trip begins: an address just typed, the same thing paid a short while ago.

use crate::harness::{PASTI, Sportello, form, form_but};
use domain::EsitoPagamento;

const EMAIL: &str = "mario.rossi@posta.example";

#[tokio::test]
async fn an_address_typed_on_a_notice_is_shown_back_and_kept_with_the_trip() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let avviso = sportello.look_up(&numero).await;
    for wrong in ["mario", "mario@", "a@b.it\r\nBcc: c@d.it", "a@b.it, c@d.it"] {
        let page = browser.post(&avviso, &[("email", wrong)]).await;
        assert_eq!(page.status, 422, "{wrong:?}");
        assert!(page.error_at("email").is_some_and(|text| text.contains("indirizzo e-mail")), "{}", page.text());
    }
    let page = browser.post(&avviso, &[("email", "  luca@posta.example ")]).await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Prima di pagare, controlla"));
    assert!(page.has("<strong class=\"text-break\">luca@posta.example</strong>"), "{}", page.text());
    assert!(sportello.tentativi(&numero).await.is_empty(), "nothing has begun");
    // the address that was shown is not the one that is sent
    let page = browser.post(&avviso, &[("email", "altro@posta.example"), ("email_vista", "luca@posta.example")]).await;
    assert!(page.status == 200 && page.has("altro@posta.example"), "{}", page.text());
    browser.post(&avviso, &[("email", "luca@posta.example"), ("email_vista", "luca@posta.example")]).await.location();
    let trips = sportello.tentativi(&numero).await;
    assert_eq!(trips.iter().map(|t| t.email.as_ref().unwrap().as_str()).collect::<Vec<_>>(), ["luca@posta.example"]);
    // who goes back and writes another one does not get the letters to the first
    let other = [("email", "altro@posta.example"), ("email_vista", "altro@posta.example")];
    browser.post(&avviso, &other).await.location();
    assert_eq!(sportello.tentativi(&numero).await.len(), 2);
    // nor does anybody who says nothing
    browser.post(&avviso, &[]).await.location();
    assert_eq!(sportello.tentativi(&numero).await.into_iter().filter(|t| t.email.is_none()).count(), 1);
}

#[tokio::test]
async fn the_address_of_the_form_stands_on_the_summary_and_needs_no_second_look() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let page = browser.get(&riepilogo).await;
    let field = page.tags().into_iter().find(|t| t.attribute("id") == Some("email")).unwrap();
    assert_eq!(field.attribute("value"), Some(EMAIL));
    browser.post(&riepilogo, &[("email", EMAIL)]).await.location();
    assert_eq!(sportello.tentativi(&numero).await[0].email.as_ref().unwrap().as_str(), EMAIL);
}

#[tokio::test]
async fn what_was_typed_stays_when_checkout_does_not_answer() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let avviso = sportello.look_up(&numero).await;
    sportello.break_checkout("errore_500").await;
    let typed = "luca@posta.example";
    let page = browser.post(&avviso, &[("email", typed), ("email_vista", typed)]).await;
    let field = page.tags().into_iter().find(|t| t.attribute("id") == Some("email")).unwrap();
    assert_eq!((page.status, field.attribute("value")), (503, Some(typed)), "{}", page.text());
}

#[tokio::test]
async fn what_the_ente_knows_of_the_debtor_goes_to_nobody_who_pays() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    browser.post(&riepilogo, &[("email", "")]).await.location();
    assert_eq!(sportello.tentativi(&numero).await[0].email, None);
}

#[tokio::test]
async fn the_same_thing_for_the_same_person_is_told_before_it_is_paid_again_and_never_forbidden() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (first, numero) = sportello.riepilogo().await;
    let checkout = browser.pay(&first).await;
    // pending, seen by whoever types the same data
    let mut other = sportello.browser();
    let (second, again) = sportello.riepilogo().await;
    let page = other.post(&second, &[]).await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Prima di pagare, controlla"));
    assert!(page.has("è ancora in corso") && page.has("Un pagamento uguale c’è già"), "{}", page.text());
    for hidden in [numero.as_str(), "Mario Rossi", "RSSMRA85T10A562S", EMAIL, "48,00"] {
        assert!(!page.text().contains(hidden), "{hidden}: {}", page.text());
    }
    assert!(sportello.tentativi(&again).await.is_empty(), "nothing has begun");
    let page = other.post(&second, &[("conferma", "si")]).await;
    assert_eq!(page.status, 422);
    assert!(page.error_at("anche_se").is_some(), "{}", page.text());
    // paid
    let back = browser.choose(&checkout, "paga", 1).await;
    let (_, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let page = other.post(&second, &[]).await;
    assert!(page.has("risulta pagato"), "{}", page.text());
    // meant all the same
    let checkout = other.post(&second, &[("conferma", "si"), ("anche_se", "si")]).await.location();
    assert!(checkout.starts_with(&sportello.sandbox_url("/checkout/")), "{checkout}");
}

#[tokio::test]
async fn another_person_another_thing_another_day_and_what_came_to_nothing_are_no_duplicates() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (first, _) = sportello.riepilogo().await;
    browser.pay(&first).await;
    for other in [form_but("codice_fiscale", "80001230459"), form_but("dettaglio", "3B primaria, aprile")] {
        let (riepilogo, _) = sportello.propose(PASTI, &other).await;
        browser.post(&riepilogo, &[]).await.location();
    }
    // a name is spelt in many ways, and a quantity is not what it is for
    for same in [form_but("nome", "ROSSI MARIO"), form_but("quantita", "3"), form_but("dettaglio", "3b PRIMARIA, marzo")] {
        let (riepilogo, _) = sportello.propose(PASTI, &same).await;
        assert_eq!(browser.post(&riepilogo, &[]).await.h1(), "Prima di pagare, controlla", "{same:?}");
    }
    sportello.later(24 * 60 + 1);
    let (riepilogo, _) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    // refused: no money moved, and the next try is no duplicate
    let back = browser.choose(&checkout, "rifiuta", 0).await;
    browser.come_back(&back).await;
    let (riepilogo, _) = sportello.riepilogo().await;
    browser.post(&riepilogo, &[]).await.location();
    assert_eq!(form()[0].0, "voce");
}
