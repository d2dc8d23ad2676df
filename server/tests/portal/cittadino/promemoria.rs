//! "Ricordamelo": a letter before a due date, for whoever confirmed the address.

use crate::harness::{Avviso, Page, Sportello};
use jiff::ToSpan as _;
use serde_json::json;
use store::Promemoria;

/// Notices that are due more than so many days from now, and can be paid.
async fn due_after(sportello: &Sportello, days: i64) -> Vec<Avviso> {
    let from = sportello.portal.clock().today().checked_add(days.days()).unwrap();
    let mut found = Vec::new();
    for avviso in sportello.avvisi().into_iter().filter(|avviso| avviso.stato == "APERTA") {
        let posizione = sportello.posizione(&avviso.numero).await;
        let rata = posizione.rate.iter().find(|rata| rata.numero.as_str() == avviso.numero).unwrap();
        if rata.scadenza.is_some_and(|scadenza| scadenza > from) {
            found.push(avviso);
        }
    }
    found
}

async fn ask(sportello: &Sportello, numero: &str, email: &str, giorni: &str) -> Page {
    let page = sportello.look_up(numero).await;
    sportello.browser().post(&format!("{page}/promemoria"), &[("email", email), ("giorni", giorni)]).await
}

/// Asked for and confirmed: the notice.
async fn confirmed(sportello: &Sportello) -> Avviso {
    let avviso = due_after(sportello, 8).await.remove(0);
    assert_eq!(ask(sportello, &avviso.numero, "luca@posta.example", "3").await.status, 200);
    let lettera = sportello.work_until_letters(1).await.remove(0);
    let path = sportello.path_of(&lettera.link("Conferma il promemoria"));
    assert_eq!(sportello.browser().post(&path, &[]).await.location(), path);
    avviso
}

async fn days_pass(sportello: &Sportello, avviso: &Avviso, before: i64) {
    let posizione = sportello.posizione(&avviso.numero).await;
    let rata = posizione.rate.iter().find(|rata| rata.numero.as_str() == avviso.numero).unwrap();
    let days = (rata.scadenza.unwrap() - sportello.portal.clock().today()).get_days();
    sportello.later((i64::from(days) - before) * 24 * 60);
}

async fn on_record(sportello: &Sportello, email: &str) -> Option<Promemoria> {
    let address = domain::Email::parse(email).unwrap();
    let mut tx = sportello.portal.store().begin().await.unwrap();
    for avviso in sportello.avvisi() {
        let numero = domain::NumeroAvviso::parse(&avviso.numero).unwrap();
        let ente = sportello.ente("valdoria").await.codice_fiscale;
        if let Some(found) = tx.promemoria_of(&ente, &numero, &address).await.unwrap() {
            return Some(found);
        }
    }
    None
}

#[tokio::test]
async fn a_reminder_goes_to_who_confirmed_it_on_its_day_and_once() {
    let sportello = Sportello::start().await;
    let avviso = due_after(&sportello, 8).await.remove(0);
    let page = sportello.look_up(&avviso.numero).await;
    assert!(sportello.browser().get(&page).await.has("Ricordamelo"));
    let asked = ask(&sportello, &avviso.numero, " Luca.Bianchi@posta.example ", "3").await;
    assert_eq!(asked.status, 200);
    assert!(asked.has("Abbiamo scritto a Luca.Bianchi@posta.example"), "it is shown back: {}", asked.text());

    let lettera = sportello.work_until_letters(1).await.remove(0);
    assert!(!lettera.testo.contains(&avviso.causale) && !lettera.testo.contains(&avviso.numero), "{}", lettera.testo);
    let path = sportello.path_of(&lettera.link("Conferma il promemoria"));
    let mut browser = sportello.browser();
    // programs that look into letters open links
    for _ in 0..2 {
        let page = browser.get(&path).await;
        assert!(page.status == 200 && page.has("Sì, ricordamelo") && !page.has("Luca.Bianchi@"), "{}", page.text());
    }
    assert!(on_record(&sportello, "luca.bianchi@posta.example").await.unwrap().confermato_at.is_none());
    for _ in 0..2 {
        assert_eq!(browser.post(&path, &[]).await.location(), path);
    }
    assert!(browser.get(&path).await.has("Promemoria confermato"));

    days_pass(&sportello, &avviso, 4).await;
    sportello.work().await;
    assert_eq!(sportello.lettere().await.len(), 1, "a day too early");
    sportello.later(24 * 60);
    let lettera = sportello.work_until_letters(2).await.remove(1);
    assert!(lettera.testo.contains(&avviso.causale) && lettera.oggetto.starts_with("Promemoria: scade il"), "{}", lettera.testo);
    assert_eq!(lettera.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert_eq!(browser.get(&sportello.path_of(&lettera.link("Vedi l’avviso e paga"))).await.h1(), "Avviso di pagamento");
    sportello.later(60);
    sportello.work().await;
    assert_eq!(sportello.lettere().await.len(), 2, "once");
    // the day after the day after its day there is nothing left
    sportello.later(7 * 24 * 60);
    sportello.work().await;
}

#[tokio::test]
async fn one_click_of_a_program_for_mail_calls_it_off() {
    let sportello = Sportello::start().await;
    let avviso = confirmed(&sportello).await;
    days_pass(&sportello, &avviso, 3).await;
    let lettera = sportello.work_until_letters(2).await.remove(1);
    let header = lettera.header("List-Unsubscribe").unwrap();
    let address = header.trim_matches(['<', '>']);
    // RFC 8058: a POST, no cookies, nobody's page
    let body = "List-Unsubscribe=One-Click";
    for _ in 0..2 {
        let request = sportello.client().post(address).header("content-type", "application/x-www-form-urlencoded").body(body);
        let page = Page::of(request).await;
        assert_eq!((page.status, page.h1().as_str()), (200, "Promemoria disdetto"));
    }
    assert!(on_record(&sportello, "luca@posta.example").await.is_none(), "deleted at once");
    let path = sportello.path_of(&lettera.link("Non ricordarmelo più"));
    assert_eq!(sportello.browser().get(&path).await.status, 410);
}

#[tokio::test]
async fn nothing_is_sent_when_it_was_paid_meanwhile() {
    let sportello = Sportello::start().await;
    let avviso = confirmed(&sportello).await;
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    sportello.wait_for_ricevute(&avviso.numero, 1).await;
    days_pass(&sportello, &avviso, 3).await;
    sportello.work().await;
    assert_eq!(sportello.lettere().await.len(), 1, "only the question");
    assert!(on_record(&sportello, "luca@posta.example").await.is_none(), "and nobody needs the address any more");
}

#[tokio::test]
async fn a_letter_that_is_written_is_held_back_when_it_is_paid_before_it_goes() {
    let sportello = Sportello::start().await;
    let avviso = confirmed(&sportello).await;
    days_pass(&sportello, &avviso, 3).await;
    sportello.break_mail("rimanda").await;
    sportello.work().await;
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    sportello.wait_for_ricevute(&avviso.numero, 1).await;
    sportello.break_mail("nessuno").await;
    let id = on_record(&sportello, "luca@posta.example").await.unwrap().id;
    let begun = std::time::Instant::now();
    loop {
        sportello.work().await;
        let lettera = sportello.portal.store().lettera_of(domain::TipoLettera::Promemoria, &id).await.unwrap().unwrap();
        if lettera.stato == domain::StatoLettera::Tralasciata {
            break;
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(90), "{lettera:?}");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    assert_eq!(sportello.lettere().await.len(), 1);
}

#[tokio::test]
async fn who_does_not_confirm_is_forgotten_and_never_written_to_again() {
    let sportello = Sportello::start().await;
    let avviso = due_after(&sportello, 12).await.remove(0);
    ask(&sportello, &avviso.numero, "altri@posta.example", "7").await;
    let lettera = sportello.work_until_letters(1).await.remove(0);
    let path = sportello.path_of(&lettera.link("Conferma il promemoria"));
    sportello.later(48 * 60 + 1);
    let late = sportello.browser().post(&path, &[]).await;
    assert_eq!((late.status, late.h1().as_str()), (410, "Questo promemoria non c’è più"));
    days_pass(&sportello, &avviso, 7).await;
    sportello.work().await;
    assert_eq!(sportello.lettere().await.len(), 1);
}

#[tokio::test]
async fn nobody_can_have_somebody_else_flooded_or_learn_who_asked() {
    let sportello = Sportello::start().await;
    let avvisi = due_after(&sportello, 8).await;
    assert!(avvisi.len() >= 5, "the demo has such notices");
    let mut said = Vec::new();
    // the same notice twice, then others: three letters in a day, and one answer
    for avviso in [&avvisi[0], &avvisi[0], &avvisi[1], &avvisi[2], &avvisi[3], &avvisi[4]] {
        let page = ask(&sportello, &avviso.numero, "vittima@posta.example", "3").await;
        assert_eq!(page.status, 200);
        let text = page.text();
        let (_, alert) = text.split_once("Manca la tua conferma").unwrap();
        said.push(alert.split(" il promemoria parte il").next().unwrap().to_owned());
    }
    assert!(said.iter().all(|alert| alert == &said[0]), "{said:?}");
    sportello.work().await;
    assert_eq!(sportello.lettere().await.len(), 3);
}

#[tokio::test]
async fn a_reminder_is_offered_only_where_it_can_still_come() {
    let sportello = Sportello::start().await;
    let open = due_after(&sportello, 8).await.remove(0);
    let field = "promemoria-email";
    for (email, giorni, field) in [("nessuno", "3", field), ("a@b.it\r\nBcc: c@d.it", "3", field), ("a@b.it", "2", "giorni")] {
        let page = ask(&sportello, &open.numero, email, giorni).await;
        assert_eq!(page.status, 422, "{email} {giorni}");
        assert!(page.error_at(field).is_some(), "{field}: {}", page.text());
        // beside it the address to be told at when one pays, which nobody has typed
        assert!(page.error_at("email").is_none() && page.html().matches("id=\"email\"").count() == 1, "{}", page.html());
    }
    let paid = sportello.avviso("PAGATA").numero;
    let page = sportello.look_up(&paid).await;
    assert!(!sportello.browser().get(&page).await.has("Ricordamelo"));
    assert_eq!(ask(&sportello, &paid, "luca@posta.example", "3").await.status, 409);
    sportello.work().await;
    assert!(sportello.lettere().await.is_empty());
}
