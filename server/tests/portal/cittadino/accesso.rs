//! Coming in, for who wants to, and going out.

use crate::harness::{LUCA, MARIA, PIETRALTA, Sportello, VALDORIA};
use domain::CodiceFiscaleEnte;
use store::FornitoreIdentita;

const VAI: &str = "/accesso/vai?con=spid";

fn ente(codice: &str) -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(codice).unwrap()
}

#[tokio::test]
async fn the_page_says_what_it_is_for_and_each_button_asks_the_provider_in_its_way() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let page = browser.get("/accesso").await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Accedi all’area personale"));
    assert!(page.has("Entra con SPID") && page.has("Entra con CIE") && page.has("Per pagare non serve accedere"));
    assert!(!page.has("<script"), "{}", page.html());
    assert!(browser.get("/valdoria").await.has("Accedi all’area personale"), "and every page leads there");
    for (con, parametro) in [("spid", Some("con=spid")), ("cie", Some("con=cie")), ("altro", None)] {
        let question = browser.ask(&format!("/accesso/vai?con={con}")).await;
        for said in ["response_type=code", "code_challenge_method=S256", "scope=openid", "acr_values=", "nonce=", "ui_locales=it"]
        {
            assert!(question.contains(said), "{said}: {question}");
        }
        assert_eq!(["con=spid", "con=cie"].into_iter().find(|p| question.contains(p)), parametro, "{question}");
    }
    assert!(browser.ask("/sl/accesso/vai").await.contains("ui_locales=sl"));
}

#[tokio::test]
async fn who_comes_in_is_led_to_his_notices_and_who_goes_out_is_out() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for (path, to) in [("/mie", "/accesso"), ("/mie/pagamenti", "/accesso?per=pagamenti"), ("/de/mie", "/de/accesso")] {
        assert_eq!(browser.get(path).await.location(), to);
    }
    let page = browser.come_in(VAI, MARIA).await;
    assert_eq!(page.location(), "/mie");
    let cookie = page.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned()).find(|c| c.starts_with("p="));
    let cookie = cookie.unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(browser.kept("a").is_none(), "the question is over");
    let page = browser.get("/mie").await;
    assert!(page.has("Maria Rossi") && page.has("RSS··········05B") && !page.has(MARIA), "{}", page.text());
    assert!(page.has("Esci") && !page.has("<script"));
    assert!(browser.get("/valdoria").await.has(">Area personale<"));
    assert_eq!(browser.get("/accesso").await.location(), "/mie");
    // a page of one's own in another language stays in it
    let mut german = sportello.browser();
    assert_eq!(german.come_in("/de/accesso/vai?per=pagamenti", LUCA).await.location(), "/de/mie/pagamenti");

    let stolen = browser.clone();
    let out = browser.post("/accesso/esci", &[]).await.location();
    assert_eq!(out, "/accesso?uscita=si");
    let page = browser.get(&out).await;
    assert!(page.has("Sei uscito") && page.has("/oidc/logout?client_id=sportello"), "{}", page.text());
    for mut browser in [browser, stolen] {
        assert_eq!(browser.get("/mie").await.location(), "/accesso", "also for who kept the cookie");
    }
}

#[tokio::test]
async fn a_session_is_a_new_one_at_each_login_and_ends_when_nobody_is_there_and_at_the_end_of_the_day() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    browser.come_in(VAI, MARIA).await;
    let first = browser.clone();
    browser.come_in(VAI, LUCA).await;
    assert_ne!(browser.kept("p").unwrap(), first.kept("p").unwrap());
    assert_eq!(first.clone().get("/mie").await.location(), "/accesso", "the one before is over");
    assert!(browser.get("/mie").await.has("Luca Bianchi"));
    sportello.later(29);
    assert_eq!(browser.get("/mie").await.status, 200);
    sportello.later(31);
    assert_eq!(browser.get("/mie").await.status, 303, "nobody was there");
    browser.come_in(VAI, MARIA).await;
    for _ in 0..19 {
        sportello.later(25);
        assert_eq!(browser.get("/mie").await.status, 200, "seen again and again");
    }
    sportello.later(6);
    assert_eq!(browser.get("/mie").await.status, 303, "eight hours");
}

#[tokio::test]
async fn who_says_no_at_the_provider_is_told_so_and_can_try_again() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let page = browser.come_in("/fr/accesso/vai?con=cie", "nessuno").await;
    assert_eq!(page.status, 200);
    assert!(page.has("<html lang=\"fr\">") && browser.kept("p").is_none(), "{}", page.text());
    assert_eq!(browser.come_in(VAI, MARIA).await.location(), "/mie");
}

/// The provider an ente chose may say what it likes of its own citizens, and of nobody else's.
#[tokio::test]
async fn the_provider_of_an_ente_opens_the_notices_of_that_ente_alone() {
    let sportello = Sportello::start().await;
    let own = |codice: &str| FornitoreIdentita {
        ente: ente(codice),
        issuer: server::demo::issuer(&sportello.indirizzi.sandbox),
        client_id: "pietralta".into(),
        claim: "fiscal_number".into(),
        livelli: vec!["https://www.spid.gov.it/SpidL2".into()],
        parametro_spid: String::new(),
        parametro_cie: String::new(),
    };
    sportello.portal.change_fornitore(&ente(PIETRALTA), Some(&own(PIETRALTA)), "prova").await.unwrap();
    let pietralta = sportello.portal.ente_of(&ente(PIETRALTA)).await.unwrap().unwrap().slug.to_string();
    let mut browser = sportello.browser();
    assert!(browser.get(&format!("/{pietralta}")).await.has(&format!("/accesso?ente={pietralta}")));
    let vai = format!("/accesso/vai?con=spid&ente={pietralta}");
    assert!(browser.ask(&vai).await.contains("client_id=pietralta"));
    assert_eq!(browser.come_in(&vai, MARIA).await.location(), "/mie");
    let page = browser.get("/mie").await;
    assert!(page.has("Maria Rossi") && page.has("Non risultano avvisi") && !page.has("TARI"), "{}", page.text());
    assert!(!browser.get("/mie?ente=valdoria").await.has("TARI"), "nor when one asks for another");
    assert_eq!(browser.post("/accesso/esci", &[]).await.location(), format!("/accesso?uscita=si&ente={pietralta}"));

    sportello.portal.change_fornitore(&ente(VALDORIA), Some(&own(VALDORIA)), "prova").await.unwrap();
    browser.come_in("/accesso/vai?ente=valdoria", MARIA).await;
    assert!(browser.get("/mie").await.has("TARI"));
    // an answer to a provider that went meanwhile is not judged by another
    let question = browser.ask("/accesso/vai?ente=valdoria").await;
    let back = browser.identify(&question, LUCA).await;
    sportello.portal.change_fornitore(&ente(VALDORIA), None, "prova").await.unwrap();
    assert_eq!(browser.get(&back).await.status, 403);
}
