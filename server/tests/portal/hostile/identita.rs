//! Who wants to come in as somebody else, or to have somebody come in as him; and a provider that is wrong, or away.

use crate::harness::{Browser, LUCA, MARIA, Sportello};
use url::Url;

const VAI: &str = "/accesso/vai?con=spid";

/// A path with one value of its query said differently.
fn with(path: &str, name: &str, value: &str) -> String {
    let url = Url::parse(&format!("http://x{path}")).unwrap();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(url.query_pairs().filter(|(n, _)| n != name)).append_pair(name, value);
    format!("{}?{}", changed.path(), changed.query().unwrap_or_default())
}

fn value(path: &str, name: &str) -> String {
    let url = Url::parse(&format!("http://x{path}")).unwrap();
    url.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned()).unwrap()
}

/// Nobody came in, and the page says what to do.
async fn refused(browser: &mut Browser<'_>, back: &str, status: u16, says: &str) {
    let page = browser.get(back).await;
    assert_eq!(page.status, status, "{back}: {}", page.text());
    assert!(page.has(says) && page.has("Entra con SPID"), "{says}: {}", page.text());
    assert!(browser.kept("p").is_none(), "{back}");
    assert_eq!(browser.get("/mie").await.status, 303);
}

#[tokio::test]
async fn each_wrong_token_lets_nobody_in() {
    let sportello = Sportello::start().await;
    for (guasto, status, says) in [
        ("nonce_errato", 403, "L’accesso non è riuscito"),
        ("scaduto", 403, "L’accesso non è riuscito"),
        ("futuro", 403, "L’accesso non è riuscito"),
        ("altro_destinatario", 403, "L’accesso non è riuscito"),
        ("altro_emittente", 403, "L’accesso non è riuscito"),
        ("altro_mittente", 403, "L’accesso non è riuscito"),
        ("alg_none", 403, "L’accesso non è riuscito"),
        ("chiave_ignota", 403, "L’accesso non è riuscito"),
        ("firma_rotta", 403, "L’accesso non è riuscito"),
        ("userinfo_altrui", 403, "L’accesso non è riuscito"),
        ("livello_basso", 403, "Serve un’identità di livello più alto"),
        ("senza_codice_fiscale", 403, "Manca il tuo codice fiscale"),
    ] {
        sportello.break_identita(guasto).await;
        let mut browser = sportello.browser();
        let question = browser.ask(VAI).await;
        let back = browser.identify(&question, MARIA).await;
        refused(&mut browser, &back, status, says).await;
    }
    sportello.break_identita("nessuno").await;
    assert_eq!(sportello.browser().come_in(VAI, MARIA).await.location(), "/mie", "and then all is well again");
}

#[tokio::test]
async fn what_is_only_unusual_at_the_provider_lets_in() {
    let sportello = Sportello::start().await;
    sportello.browser().come_in(VAI, MARIA).await;
    // keys are asked for again after a minute at the earliest
    for guasto in ["chiave_ruotata", "attributi_in_userinfo", "chiave_ruotata"] {
        sportello.later(2);
        sportello.break_identita(guasto).await;
        let mut browser = sportello.browser();
        assert_eq!(browser.come_in(VAI, MARIA).await.location(), "/mie", "{guasto}");
        assert!(browser.get("/mie").await.has("Maria Rossi"), "{guasto}");
    }
}

#[tokio::test]
async fn a_provider_that_is_away_keeps_nobody_from_paying() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for guasto in ["errore_500", "spazzatura"] {
        sportello.break_identita(guasto).await;
        let page = browser.get(VAI).await;
        assert_eq!(page.status, 503, "{guasto}");
        assert!(page.has("L’accesso ora non è disponibile"), "{}", page.text());
    }
    sportello.break_identita("nessuno").await;
    let question = browser.ask(VAI).await;
    // what is known of it stays known; what must be asked is not answered
    for guasto in ["errore_500", "spazzatura", "lento"] {
        let mut browser = browser.clone();
        let question = if guasto == "errore_500" { question.clone() } else { browser.ask(VAI).await };
        let back = browser.identify(&question, MARIA).await;
        sportello.break_identita(guasto).await;
        refused(&mut browser, &back, 503, "L’accesso ora non è disponibile").await;
    }
    let notice = sportello.avviso("APERTA");
    assert!(sportello.look_up(&notice.numero).await.starts_with("/valdoria/avviso/v/"));
}

/// Login CSRF: who follows a link must not find himself in as the one who made it.
#[tokio::test]
async fn an_answer_is_good_for_the_browser_that_asked_alone() {
    let sportello = Sportello::start().await;
    let mut attacker = sportello.browser();
    let question = attacker.ask(VAI).await;
    let back = attacker.identify(&question, LUCA).await;
    let mut victim = sportello.browser();
    refused(&mut victim, &back, 403, "Questo accesso non è più valido").await;
    // also when the victim has a question of his own open
    victim.ask(VAI).await;
    refused(&mut victim, &back, 403, "Questo accesso non è più valido").await;
    // nor does the attacker's code go with the victim's question: PKCE and nonce are another's
    let own = victim.ask(VAI).await;
    let state = Url::parse(&own).unwrap().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    refused(&mut victim, &with(&back, "state", &state), 403, "Questo accesso non è più valido").await;
    // and that code is used up by the attempt
    refused(&mut attacker, &back, 403, "Questo accesso non è più valido").await;
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_ten_minutes() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let question = browser.ask(VAI).await;
    let kept = browser.kept("a").unwrap();
    let back = browser.identify(&question, MARIA).await;
    assert_eq!(browser.get(&back).await.location(), "/mie");
    // who has all of it, cookie included, comes too late
    let mut thief = sportello.browser();
    thief.keep(&format!("a={kept}"));
    refused(&mut thief, &back, 403, "Questo accesso non è più valido").await;
    assert_eq!(browser.get("/mie").await.status, 200, "and changes nothing for who is in");

    let mut slow = sportello.browser();
    let question = slow.ask(VAI).await;
    sportello.later(11);
    let back = slow.identify(&question, MARIA).await;
    refused(&mut slow, &back, 403, "Questo accesso non è più valido").await;
}

#[tokio::test]
async fn what_is_made_up_leads_nowhere() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let question = browser.ask(VAI).await;
    let kept = browser.kept("a").unwrap();
    let back = browser.identify(&question, MARIA).await;
    let long = "x".repeat(3_000);
    let state = value(&back, "state");
    let changed = format!("{}{}", if state.starts_with('A') { 'B' } else { 'A' }, &state[1..]);
    for (bad, says) in [
        ("/accesso/ritorno".to_owned(), "Questo accesso non è più valido"),
        (with(&back, "state", ""), "Questo accesso non è più valido"),
        (with(&back, "state", &changed), "Questo accesso non è più valido"),
        (with(&back, "code", ""), "L’accesso non è riuscito"),
        (with(&back, "code", &long), "L’accesso non è riuscito"),
        (with(&back, "iss", "https://estranea.example"), "L’accesso non è riuscito"),
        (with(&back, "error", "server_error"), "L’accesso non è riuscito"),
    ] {
        let mut browser = sportello.browser();
        browser.keep(&format!("a={kept}"));
        refused(&mut browser, &bad, 403, says).await;
    }
    for cookie in ["", "x", &"A".repeat(66), &format!("{kept}A")] {
        let mut browser = sportello.browser();
        browser.cookie = Some(format!("a={cookie}"));
        refused(&mut browser, &back, 403, "Questo accesso non è più valido").await;
    }
    for cookie in [String::new(), "0".repeat(64), "g".repeat(64), "0".repeat(5_000)] {
        let mut browser = sportello.browser();
        browser.cookie = Some(format!("p={cookie}"));
        assert_eq!(browser.get("/mie").await.location(), "/accesso");
    }
}

/// Where to, after all that, is one of two pages of ours.
#[tokio::test]
async fn no_address_that_came_along_is_followed() {
    let sportello = Sportello::start().await;
    for per in ["https://evil.example/", "//evil.example", "/\\evil.example", "../../evil"] {
        let mut browser = sportello.browser();
        let question = browser.ask(&with("/accesso/vai?con=spid", "per", per)).await;
        assert!(!question.contains("evil"), "{question}");
        let back = browser.identify(&question, MARIA).await;
        let back = with(&back, "next", per);
        assert_eq!(browser.get(&with(&back, "redirect_uri", per)).await.location(), "/mie");
    }
    for ente in ["https://evil.example", "%0d%0aSet-Cookie:x=1", "nessuno", &"x".repeat(500)] {
        let page = sportello.browser().get(&format!("/accesso?uscita=si&ente={ente}")).await;
        assert!(page.status == 200 && !page.has("evil.example/") && !page.headers.contains_key("set-cookie"), "{ente}");
    }
}

/// A form of another site cannot put anybody out, and no page of another site reads what is somebody's own.
#[tokio::test]
async fn going_out_is_for_our_own_pages_alone() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    browser.come_in(VAI, MARIA).await;
    let foreign = browser.request(reqwest::Method::POST, "/accesso/esci").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(browser.send(foreign).await.status, 403);
    assert_eq!(browser.get("/accesso/esci").await.status, 405);
    let page = browser.get("/mie").await;
    assert_eq!((page.status, page.header("cache-control"), page.header("x-frame-options")), (200, "no-store", "DENY"));
}
