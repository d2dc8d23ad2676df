//! What a citizen reads when something is refused, or does not work.

use crate::comandi::{run, sportello};
use crate::harness::{PASTI, Page, Sportello, form, form_but};
use reqwest::Method;
use reqwest::header::ACCEPT;

/// As browsers say that a person waits for a page.
const PERSON: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const STILL: &str = "Questa richiesta non ha mosso denaro.";

#[tokio::test]
async fn what_is_refused_before_any_page_is_told_on_a_page_all_the_same() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    let (large, pasti_de) = ("a".repeat(64 * 1024), format!("/de{PASTI}"));
    let ask = |method: Method, path: &str| browser.request(method, path).header(ACCEPT, PERSON);
    let post = |path: &str| ask(Method::POST, path).header("Sec-Fetch-Site", "same-origin");
    for (what, request, status, says) in [
        ("too large", post(PASTI).form(&form_but("dettaglio", &large)), 413, STILL),
        ("no form", post(PASTI).header("Content-Type", "application/json").body("{}"), 415, STILL),
        (
            "a field twice",
            post("/valdoria/avviso").header("Content-Type", "application/x-www-form-urlencoded").body("numero=a&numero=b"),
            422,
            STILL,
        ),
        ("another site", ask(Method::POST, PASTI).header("Sec-Fetch-Site", "cross-site").form(&form()), 403, STILL),
        ("no such action", post("/aiuto").form(&form()), 405, STILL),
        (
            "in German",
            post(&pasti_de).header("Content-Type", "application/json").body("{}"),
            415,
            "Diese Anfrage hat kein Geld bewegt.",
        ),
        ("no such file", ask(Method::GET, "/img/nessuna.svg"), 404, STILL),
    ] {
        let page = Page::of(request).await;
        assert_eq!(page.status, status, "{what}");
        assert!(page.header("content-type").starts_with("text/html"), "{what}: {}", page.header("content-type"));
        assert!(page.text().contains(says) && page.has(page.header("x-riferimento")), "{what}: {}", page.text());
        assert!(page.header("content-security-policy").contains("script-src 'self' 'nonce-"), "{what}");
    }
    let refused = Page::of(post("/aiuto").form(&form())).await;
    assert_eq!(refused.header("allow"), "GET,HEAD", "what the refusal said besides stays");
}

#[tokio::test]
async fn a_program_is_told_in_a_line() {
    let sportello = Sportello::start().await;
    let browser = sportello.browser();
    for (accept, path) in [("*/*", "/aiuto"), ("application/json", "/api/pagamenti/x")] {
        let refused = Page::of(browser.request(Method::POST, path).header(ACCEPT, accept).form(&form())).await;
        assert_eq!(refused.status, 405, "{path}");
        assert!(!refused.has("<html"), "{path}");
    }
}

#[tokio::test]
async fn a_portal_that_is_closed_says_so_and_until_when_and_the_nodo_is_answered() {
    let sportello_ = Sportello::start_on_sqlite().await;
    let mut browser = sportello_.browser();
    let numero = sportello_.avviso("APERTA").numero;
    let maintenance = |args: &[&str]| run(sportello().arg("maintenance").args(args).arg("--data").arg(sportello_.folder()));
    let closed = maintenance(&["on"]);
    assert!(closed.status.success(), "{closed:?}");
    for path in ["/", "/valdoria", PASTI, "/valdoria/esito/x", "/nessuno"] {
        let page = browser.get(path).await;
        assert_eq!((page.status, page.header("retry-after")), (503, "600"), "{path}");
        assert_eq!(page.h1(), "Il portale è chiuso per manutenzione", "{path}");
        let says = if path.contains("esito") { "Se hai appena pagato, non pagare di nuovo." } else { STILL };
        assert!(page.text().contains(says) && page.has(page.header("x-riferimento")), "{path}: {}", page.text());
    }
    assert_eq!(browser.post(PASTI, &form()).await.status, 503);
    assert!(browser.get("/fr/valdoria").await.text().contains("Le portail est fermé pour maintenance"));
    let polled = browser.get("/api/pagamenti/x").await;
    assert_eq!((polled.status, polled.bytes.len(), polled.header("retry-after")), (503, 0, "600"));
    assert_eq!(browser.get("/favicon.svg").await.status, 200, "files are there");
    // a receipt that comes meanwhile is taken
    sportello_.pay_elsewhere(&numero, serde_json::json!({})).await;
    assert_eq!(sportello_.ricevute(&numero).await.len(), 1);
    // the fixed clock of the story is far from the machine's: what has passed by it is not told
    let refused = maintenance(&["on", "--until", "2020-01-01T00:00"]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("--until has passed"), "{refused:?}");
    let until = (sportello_.now() + jiff::SignedDuration::from_mins(25)).to_string();
    std::fs::write(sportello_.folder().join("manutenzione"), until).unwrap();
    let page = browser.get("/en/valdoria").await;
    assert_eq!(page.header("retry-after"), "1500");
    assert!(page.text().contains("23 November 2026") && page.text().contains("10:25"), "{}", page.text());
    sportello_.later(26);
    let page = browser.get("/valdoria").await;
    assert_eq!(page.header("retry-after"), "600");
    assert!(page.text().contains("riapre tra poco"), "{}", page.text());
    let open = maintenance(&["off"]);
    assert!(open.status.success(), "{open:?}");
    assert_eq!(browser.get("/valdoria").await.status, 200);
    assert!(maintenance(&["off"]).status.success(), "open twice is open");
}
