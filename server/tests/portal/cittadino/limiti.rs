//! Looking notices up more often than anybody needs to: nobody is refused, and nobody learns anything.

use super::avviso::comparable;
use crate::harness::{Browser, Page, Sportello};
use domain::NumeroAvviso;
use domain::work::Solver;
use jiff::SignedDuration;
use portal::limits::{Quanti, Regole};
use serde_json::json;

/// A number with right check digits that nobody has.
pub fn nobodys(base: u64) -> String {
    NumeroAvviso::compose(domain::CodiceSegregazione::parse("99").unwrap(), base).unwrap().to_string()
}

/// Uses up what is free at an address.
pub async fn guess_all(browser: &mut Browser<'_>) {
    for base in 0..u64::from(Regole::default().address.burst) {
        let page = browser.post("/valdoria/avviso", &[("numero", &nobodys(base))]).await;
        assert_eq!((page.status, page.header("retry-after")), (404, ""), "guess {base}");
    }
}

async fn ask(browser: &mut Browser<'_>, numero: &str) -> Page {
    browser.post("/valdoria/avviso", &[("numero", numero)]).await
}

/// Where the page of who waits leads on.
pub fn ticket(page: &Page) -> String {
    assert_eq!((page.status, page.h1().as_str()), (429, "Un momento"), "{}", page.text());
    let hrefs = page.tags().into_iter().filter_map(|tag| tag.attribute("href").map(str::to_owned)).collect::<Vec<_>>();
    // the languages in the header lead to the page itself
    hrefs.into_iter().rfind(|href| href.starts_with("/cerca/")).expect("it leads on")
}

fn proof(ticket: &str) -> String {
    let mut solver = Solver::new(ticket.strip_prefix("/cerca/").unwrap(), Regole::default().work_bits);
    loop {
        if let Some(proof) = solver.step(100_000) {
            return proof;
        }
    }
}

fn seconds_later(sportello: &Sportello, seconds: i64) {
    let clock = sportello.portal.clock();
    clock.set(clock.now() + SignedDuration::from_secs(seconds));
}

#[tokio::test]
async fn after_thirty_misses_a_look_up_waits_and_says_that_nothing_was_paid() {
    let sportello = Sportello::start().await;
    let (mut guesser, mut neighbour) = (sportello.browser(), sportello.browser());
    let real = sportello.avviso("APERTA").numero;
    // what is found costs nothing
    for avviso in sportello.avvisi().iter().cycle().take(60) {
        assert_eq!(ask(&mut guesser, &avviso.numero).await.status, 303);
    }
    guess_all(&mut guesser).await;
    let page = ask(&mut guesser, &nobodys(1_000)).await;
    assert_eq!(page.header("retry-after"), "10");
    let to = ticket(&page);
    assert!(page.has("Non hai pagato nulla") && page.has("tra 10 secondi"), "{}", page.text());
    assert!(page.has(&format!("<noscript><meta http-equiv=\"refresh\" content=\"10;url={to}\">")), "{}", page.html());
    assert_eq!(ask(&mut neighbour, &real).await.status, 303, "nobody else notices");
    // one that is there, a draft and one that is not: one page, and no number in it
    let mut pages = Vec::new();
    for numero in [nobodys(1_000), real, sportello.numero_in_bozza().await] {
        let page = ask(&mut guesser, &numero).await;
        assert!(!page.has(&numero) && !page.has(&numero[4..]));
        pages.push(page.without_nonce().replace(ticket(&page).strip_prefix("/cerca/").unwrap(), "BIGLIETTO"));
    }
    assert!(pages.iter().all(|page| page == &pages[0]));
}

#[tokio::test]
async fn the_page_that_waits_is_said_in_every_language() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    guess_all(&mut browser).await;
    for (lingua, title) in [("en", "One moment"), ("de", "Einen Moment"), ("fr", "Un instant"), ("sl", "Trenutek")] {
        let page = browser.post(&format!("/{lingua}/valdoria/avviso"), &[("numero", &nobodys(1))]).await;
        assert_eq!((page.status, page.h1().as_str()), (429, title));
        assert!(page.has(&format!("href=\"/{lingua}/cerca/")), "{lingua}: the language stays");
    }
}

#[tokio::test]
async fn without_scripts_a_ticket_is_good_when_its_time_has_come_and_once() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let real = sportello.avviso("APERTA").numero;
    guess_all(&mut browser).await;
    let to = ticket(&ask(&mut browser, &real).await);
    seconds_later(&sportello, 4);
    let early = browser.get(&to).await;
    assert_eq!((ticket(&early), early.header("retry-after")), (to.clone(), "6"), "the same ticket, and what is left of the wait");
    seconds_later(&sportello, 6);
    let notice = browser.get(&to).await.location();
    assert!(notice.starts_with("/valdoria/avviso/v/"));
    assert_eq!(browser.get(&notice).await.status, 200);
    assert_ne!(ticket(&browser.get(&to).await), to, "used: it waits again");
    // a miss is told as every miss
    let to = ticket(&ask(&mut browser, &nobodys(7)).await);
    seconds_later(&sportello, 10);
    let (waited, direct) = (browser.get(&to).await, ask(&mut sportello.browser(), &nobodys(7)).await);
    assert_eq!((waited.status, direct.status), (404, 404));
    assert_eq!(comparable(&waited, &nobodys(7)), comparable(&direct, &nobodys(7)));
}

#[tokio::test]
async fn with_a_proof_of_work_it_is_good_at_once_and_once() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let real = sportello.avviso("APERTA").numero;
    guess_all(&mut browser).await;
    let (one, other) = (ticket(&ask(&mut browser, &real).await), ticket(&ask(&mut browser, &real).await));
    let found = proof(&one);
    for wrong in [
        format!("{other}?prova={found}"),
        format!("{one}?prova=1.2.3.4.5.6.7.8"),
        format!("{one}?prova=%ff"),
        format!("{one}?x=1"),
    ] {
        assert_eq!(browser.get(&wrong).await.status, 429, "{wrong}");
    }
    let good = format!("{one}?prova={found}");
    assert!(browser.get(&good).await.location().starts_with("/valdoria/avviso/v/"));
    assert_eq!(browser.get(&good).await.status, 429, "once");
}

#[tokio::test]
async fn a_ticket_of_somebody_else_is_worth_what_typing_is() {
    let sportello = Sportello::start().await;
    let (mut guesser, mut friend) = (sportello.browser(), sportello.browser());
    let real = sportello.avviso("APERTA").numero;
    guess_all(&mut guesser).await;
    let to = ticket(&ask(&mut guesser, &real).await);
    assert_eq!(friend.get(&to).await.status, 303, "a phone that left the house");
    guess_all(&mut friend).await;
    seconds_later(&sportello, 10);
    assert_eq!(friend.get(&to).await.status, 429, "waiting elsewhere is not waiting");
}

#[tokio::test]
async fn a_ticket_past_its_time_or_of_nobody_leads_nowhere() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    guess_all(&mut browser).await;
    let to = ticket(&ask(&mut browser, &nobodys(1)).await);
    sportello.later(16);
    for path in [to.as_str(), "/cerca/x", &format!("/cerca/{}", "A".repeat(111)), &format!("{}x", &to[..to.len() - 1])] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 410, "{path}");
        assert!(page.has("Questa richiesta non ha mosso denaro."), "{}", page.text());
    }
}

#[tokio::test]
async fn the_home_of_the_portal_has_the_same_limits_and_tells_a_miss_there() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    guess_all(&mut browser).await;
    // also of an ente that is not there: nobody looked
    let form = [("numero", nobodys(5)), ("codice_fiscale_ente", "77777777777".to_owned())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let to = ticket(&browser.post("/", &form).await);
    seconds_later(&sportello, 10);
    let (waited, direct) = (browser.get(&to).await, sportello.browser().post("/", &form).await);
    assert_eq!((waited.status, direct.status), (404, 404));
    assert_eq!(comparable(&waited, &nobodys(5)), comparable(&direct, &nobodys(5)));
    // and by the address that others print
    assert_eq!(browser.get(&format!("/valdoria/avviso/{}", nobodys(6))).await.status, 429);
}

#[tokio::test]
async fn what_a_caller_says_of_his_address_is_believed_of_proxies_alone() {
    let sportello = Sportello::start().await;
    sportello.portal.set_limits(Regole { address: Quanti::new(1, 1), ..Regole::default() });
    let url = sportello.url("/valdoria/avviso");
    let ask = async |line: &str, base: u64| {
        let numero = nobodys(base);
        let request = sportello.client().post(&url).header("X-Forwarded-For", line).form(&[("numero", &numero)]);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(ask("203.0.113.1", 1).await, 404);
    // what he wrote himself stands before what the proxy added
    assert_eq!(ask("8.8.8.8, 203.0.113.1", 2).await, 429);
    assert_eq!(ask("203.0.113.2", 3).await, 404);
}

#[tokio::test]
async fn who_tries_notices_with_one_codice_fiscale_waits_and_the_receipt_is_found_all_the_same() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    sportello.wait_for_ricevute(&avviso.numero, 1).await;
    let door = "/valdoria/ricevute";
    let of = |numero: &str| [("numero", numero.to_owned()), ("codice_fiscale", avviso.codice_fiscale_debitore.clone())];
    let post = async |browser: &mut Browser<'_>, numero: &str| {
        let form = of(numero);
        browser.post(door, &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    };
    // from as many addresses
    for base in 0..u64::from(Regole::default().person.burst) {
        assert_eq!(post(&mut sportello.browser(), &nobodys(base)).await.status, 404);
    }
    let mut browser = sportello.browser();
    for numero in [&avviso.numero, &nobodys(1_000)] {
        let page = post(&mut browser, numero).await;
        let to = ticket(&page);
        assert!(!page.has(&avviso.codice_fiscale_debitore) && !page.has(numero), "{}", page.text());
        let page = browser.get(&format!("{to}?prova={}", proof(&to))).await;
        if numero == &avviso.numero {
            let found = page.location();
            assert!(browser.get(&found).await.has("Ricevuta di pagamento"), "{found}");
        } else {
            // told where it was asked, with what was typed
            assert_eq!((page.status, page.h1().as_str()), (404, "Le tue ricevute"));
            let value = |id: &str| {
                let field = page.tags().into_iter().find(|tag| tag.attribute("id") == Some(id)).unwrap();
                field.attribute("value").unwrap().to_owned()
            };
            assert_eq!((value("numero"), value("codice_fiscale")), (numero.clone(), avviso.codice_fiscale_debitore.clone()));
        }
    }
    let someone_else = [("numero", nobodys(1)), ("codice_fiscale", "BNCLCU75M12H501Q".to_owned())];
    let page = sportello.browser().post(door, &someone_else.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!(page.status, 404, "another person's are looked for as ever");
}

#[tokio::test]
async fn who_guessed_notices_has_no_more_guesses_at_receipts() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    guess_all(&mut browser).await;
    let form = [("numero", nobodys(1_000)), ("codice_fiscale", "BNCLCU75M12H501Q".to_owned())];
    let page = browser.post("/valdoria/ricevute", &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    ticket(&page);
}
