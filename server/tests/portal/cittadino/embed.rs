//! Our pages in a frame of the ente's own site.

use crate::comandi::{refusal, run, sportello as command};
use crate::harness::{PIETRALTA, Page, Sportello, VALDORIA, form};
use domain::Origine;
use portal::cornice::{self, Detto, ORIGINI_MAX};
use std::process::Output;

const AVVISO: &str = "/embed/valdoria/avviso";
const MENSA: &str = "/embed/valdoria/servizi/mensa-scolastica";
const SITO: &str = "https://www.comune.valdoria.example";

async fn allow(sportello: &Sportello, ente: &str, origine: &str) -> Detto {
    let now = sportello.portal.clock().now();
    cornice::allow(sportello.portal.store(), now, ente, &Origine::parse(origine).unwrap()).await.unwrap()
}

fn ancestors(page: &Page) -> &str {
    let csp = page.header("content-security-policy");
    csp.split(';').find_map(|directive| directive.trim().strip_prefix("frame-ancestors ")).unwrap()
}

#[tokio::test]
async fn a_frame_is_for_the_sites_that_the_ente_named_and_for_no_other() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for path in [AVVISO, MENSA] {
        let page = browser.get(path).await;
        assert_eq!((page.status, ancestors(&page), page.header("x-frame-options")), (200, "'none'", "DENY"), "{path}");
    }
    assert_eq!(allow(&sportello, "valdoria", SITO).await, Detto::Fatto);
    assert_eq!(allow(&sportello, VALDORIA, "https://b.example:8443").await, Detto::Fatto);
    assert_eq!(allow(&sportello, "valdoria", SITO).await, Detto::GiaCosi);
    for path in [AVVISO, MENSA, "/de/embed/valdoria/avviso"] {
        let page = browser.get(path).await;
        assert_eq!(ancestors(&page), format!("https://b.example:8443 {SITO}"), "{path}");
        assert_eq!((page.header("x-frame-options"), page.header("x-robots-tag")), ("", "noindex"), "{path}");
        assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin", "{path}");
        assert!(page.header("permissions-policy").contains("camera=()"), "{path}");
    }
    // another ente, and the very same form outside a frame
    for path in ["/embed/pietralta/avviso", "/valdoria/avviso", "/valdoria/servizi/mensa-scolastica/paga", "/valdoria", "/"] {
        let page = browser.get(path).await;
        assert_eq!((ancestors(&page), page.header("x-frame-options")), ("'none'", "DENY"), "{path}");
    }
    for path in ["/embed/nessuno/avviso", "/embed/valdoria/servizi/nessuno", "/embed/valdoria/servizi/tari", "/embed/valdoria"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let now = sportello.portal.clock().now();
    let sito = Origine::parse(SITO).unwrap();
    for detto in [Detto::Fatto, Detto::GiaCosi] {
        assert_eq!(cornice::forbid(sportello.portal.store(), now, VALDORIA, &sito).await.unwrap(), detto);
    }
    assert_eq!(ancestors(&browser.get(AVVISO).await), "https://b.example:8443");
}

#[tokio::test]
async fn a_frame_only_asks_and_goes_on_in_the_whole_window() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    browser.cookie = Some("s=di-prima".to_owned());
    let forms: [(&str, &[&str]); 2] =
        [(AVVISO, &["/valdoria/avviso", "/leggi-codice"]), (MENSA, &["/valdoria/servizi/mensa-scolastica/paga"])];
    for (path, actions) in forms {
        let page = browser.get(path).await;
        assert_eq!(page.header("set-cookie"), "", "{path}");
        let tags = page.tags();
        let of = |name: &str, attribute: &str| -> Vec<String> {
            tags.iter().filter(|t| t.name == name).filter_map(|t| t.attribute(attribute)).map(str::to_owned).collect()
        };
        assert_eq!((of("base", "target"), of("base", "href")), (vec!["_top".to_owned()], vec![]), "{path}");
        assert_eq!(of("form", "action"), actions, "{path}");
        assert!(of("form", "method").iter().all(|method| method == "post"), "{path}");
        assert!(of("form", "target").is_empty() && !page.has("it-header-wrapper") && !page.has("skiplinks"), "{path}");
        // the law's pages and the banner of a test are there all the same
        for found in ["privacy-policy-link", "accessibility-link", "Ambiente di prova."] {
            assert!(page.has(found), "{path}: {found}");
        }
        assert_eq!(tags.iter().filter(|t| t.name == "h1").count(), 1, "{path}");
        assert!(page.tags().iter().all(|t| t.attribute("data-genitore").is_none()), "{path}: nobody is spoken to");
    }
    let page = browser.get("/fr/embed/valdoria/avviso").await;
    assert!(page.has("<html lang=\"fr\">") && page.has("action=\"/fr/valdoria/avviso\""), "{}", page.html());
    // what a frame sends is the form of the ordinary page
    let sent = browser.post("/valdoria/servizi/mensa-scolastica/paga", &form()).await;
    assert!(sent.location().starts_with("/valdoria/riepilogo/"));
    for path in [AVVISO, MENSA] {
        assert_eq!(browser.post(path, &form()).await.status, 405, "{path}: a frame takes no form");
    }
}

#[tokio::test]
async fn only_a_registered_page_is_told_how_tall_the_frame_is() {
    let sportello = Sportello::start().await;
    allow(&sportello, "valdoria", SITO).await;
    let mut browser = sportello.browser();
    let told = |page: &Page| page.tags().iter().find_map(|t| t.attribute("data-genitore").map(str::to_owned));
    for (origine, expected) in [
        ("", None),
        ("?origine=", None),
        ("?origine=*", None),
        ("?origine=https%3A%2F%2Fevil.example", None),
        ("?origine=https%3A%2F%2Fwww.comune.valdoria.example.evil.example", None),
        ("?origine=https%3A%2F%2Fwww.comune.valdoria.example%22%3E%3Cscript%3E", None),
        ("?origine=https%3A%2F%2Fwww.comune.valdoria.example", Some(SITO.to_owned())),
    ] {
        for path in [AVVISO, MENSA] {
            let page = browser.get(&format!("{path}{origine}")).await;
            assert_eq!((page.status, told(&page)), (200, expected.clone()), "{path}{origine}");
            let nonce = page.nonce();
            for script in page.tags().iter().filter(|t| t.name == "script") {
                assert_eq!(script.attribute("nonce"), Some(nonce.as_str()), "{path}{origine}: {script:?}");
            }
        }
    }
    let page = browser.get("/embed/pietralta/avviso?origine=https%3A%2F%2Fwww.comune.valdoria.example").await;
    assert_eq!(told(&page), None, "each ente has its own sites");
    let script = page_script(&browser.get(&format!("{AVVISO}?origine={SITO}")).await);
    assert!(browser.get(&script).await.has("postMessage"), "{script}");
}

fn page_script(page: &Page) -> String {
    let tag = page.tags().into_iter().find(|t| t.attribute("data-genitore").is_some()).unwrap();
    tag.attribute("src").unwrap().to_owned()
}

#[tokio::test]
async fn the_element_may_be_loaded_by_any_site_and_a_published_one_never_changes() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let newest = browser.get("/embed/v1/pagamenti.js").await;
    let fixed = browser.get("/embed/v1.0.0/pagamenti.js").await;
    for (element, cache) in [(&newest, "public, max-age=3600"), (&fixed, "public, max-age=31536000, immutable")] {
        assert_eq!((element.status, element.header("access-control-allow-origin")), (200, "*"));
        assert_eq!(element.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!((element.header("content-type"), element.header("cache-control")), ("text/javascript; charset=utf-8", cache));
        assert_eq!(element.header("x-content-type-options"), "nosniff");
    }
    assert!(newest.bytes == fixed.bytes, "a change of v1 is a new version beside the old ones");
    assert!(newest.bytes.len() <= 2_048, "{}: other sites download it", newest.bytes.len());
    for path in ["/embed/v1/cornice.js", "/embed/v2/pagamenti.js", "/embed/v1/"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn an_operator_says_which_sites_may_and_the_audit_keeps_it() {
    let sportello = Sportello::start_on_sqlite().await;
    let embed =
        |arguments: &[&str]| -> Output { run(command().arg("embed").args(arguments).arg("--data").arg(sportello.folder())) };
    let said = |output: Output| -> String {
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(said(embed(&["list"])), "0 sites\n");
    assert!(said(embed(&["allow", "valdoria", "HTTPS://www.Comune.valdoria.example/"])).contains(SITO));
    // the folder is a demo's
    said(embed(&["allow", PIETRALTA, "http://localhost:3590"]));
    assert!(said(embed(&["allow", "valdoria", SITO])).contains("might before"));
    assert_eq!(said(embed(&["list"])), format!("pietralta http://localhost:3590\nvaldoria {SITO}\n2 sites\n"));
    let page = sportello.browser().get(AVVISO).await;
    assert_eq!(ancestors(&page), SITO, "the server that runs knows it at once");
    assert!(refusal(&embed(&["allow", "nessuno", SITO])).contains("there is no ente nessuno"));
    for bad in ["*", "https://*.valdoria.example", "http://www.comune.example", "https://comune.example/pagamenti"] {
        assert_eq!(embed(&["allow", "valdoria", bad]).status.code(), Some(2), "{bad}");
    }
    said(embed(&["forbid", "valdoria", SITO]));
    assert!(refusal(&embed(&["forbid", "valdoria", SITO])).contains("is not a site of valdoria"));
    // where no demo was made, nobody's own machine is a site
    std::fs::remove_file(sportello.folder().join("demo.json")).unwrap();
    assert!(refusal(&embed(&["allow", "valdoria", "http://localhost:3590"])).contains("only a demo"));
    for n in 0..ORIGINI_MAX {
        said(embed(&["allow", "valdoria", &format!("https://sito-{n}.example")]));
    }
    assert!(refusal(&embed(&["allow", "valdoria", SITO])).contains("20 sites"));
    for (azione, there) in [("cornice.ammetti", true), ("cornice.vieta", true), ("cornice.altro", false)] {
        assert_eq!(sportello.portal.store().last_audit(azione).await.unwrap().is_some(), there, "{azione}");
    }
}
