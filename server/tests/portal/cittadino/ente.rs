//! The face of an ente, and its services: looked for, paid most often.

use crate::comandi::{refusal, run, sportello};
use crate::harness::{Browser, Page, Sportello, Tag, VALDORIA};
use domain::EsitoPagamento;

fn stylesheets(page: &Page) -> Vec<String> {
    let is_sheet = |tag: &Tag| tag.attribute("rel") == Some("stylesheet");
    page.tags().iter().filter(|tag| is_sheet(tag)).filter_map(|tag| tag.attribute("href").map(str::to_owned)).collect()
}

fn emblem(page: &Page) -> Option<String> {
    let tag = page.tags().into_iter().find(|tag| tag.name == "img")?;
    tag.attribute("src").map(str::to_owned)
}

#[tokio::test]
async fn an_ente_has_its_own_emblem_colours_and_links_on_every_page() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (ours, theirs) = (browser.get("/valdoria").await, browser.get("/de/pietralta/avviso").await);
    assert_eq!(stylesheets(&ours).len(), 1, "the site's own colours need no other sheet");
    let sheets = stylesheets(&theirs);
    assert!(sheets.len() == 2 && sheets[1].ends_with("/sportello-bordeaux.css"), "{sheets:?}");
    assert!(ours.has("name=\"theme-color\" content=\"#00402b\"") && theirs.has("name=\"theme-color\" content=\"#520e22\""));
    let (own, other) = (emblem(&ours).unwrap(), emblem(&theirs).unwrap());
    assert!(own.starts_with("/valdoria/logo/") && other.starts_with("/pietralta/logo/"), "{own} {other}");
    let png = browser.get(&own).await;
    assert_eq!((png.status, png.header("content-type")), (200, "image/png"));
    assert_eq!(png.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(png.bytes.starts_with(b"\x89PNG"));
    for nowhere in
        [own.replace("valdoria", "pietralta"), own.replace(".png", ""), "/valdoria/logo/0000000000000000.png".to_owned()]
    {
        assert_eq!(browser.get(&nowhere).await.status, 404, "{nowhere}");
    }
    for (element, address) in [
        ("legal-notes", "https://www.comune.pietralta.example/note-legali"),
        ("feedback", "https://www.comune.pietralta.example/segnala"),
        ("accessibility-link", "/de/accessibilita"),
    ] {
        let link = theirs.tags().into_iter().find(|tag| tag.attribute("data-element") == Some(element)).unwrap();
        assert_eq!(link.attribute("href"), Some(address));
    }
    // the portal's own pages are nobody's
    let portal = browser.get("/aiuto").await;
    assert_eq!((stylesheets(&portal).len(), emblem(&portal)), (1, None));
}

#[tokio::test]
async fn an_ente_gets_a_provider_of_its_own_by_a_command_beside_the_server_and_loses_it_again() {
    // what a binary does first: this provider speaks https
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sportello_ = Sportello::start_on_sqlite().await;
    let mut browser = sportello_.browser();
    let try_it = |args: &[&str]| run(sportello().args(["ente", "accesso"]).args(args).arg("--data").arg(sportello_.folder()));
    let accesso = |args: &[&str]| {
        let output = try_it(args);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let own = "/accesso?ente=pietralta";
    assert!(!browser.get("/pietralta").await.has(own), "the portal's");
    let file = sportello_.folder().join("accesso.toml");
    let said = "issuer = \"https://idp.pietralta.example\"\nclient_id = \"pagamenti\"\nlivelli = []\n";
    std::fs::write(&file, said).unwrap();
    let done = accesso(&["pietralta", "--file", file.to_str().unwrap()]);
    assert!(done.contains("https://idp.pietralta.example") && done.contains("warning: livelli"), "{done}");
    assert!(accesso(&["pietralta"]).contains("client_id = \"pagamenti\""));
    sportello_.later(2);
    assert!(browser.get("/pietralta").await.has(own));
    assert!(!browser.get("/valdoria").await.has("/accesso?ente="), "nobody else's");
    std::fs::write(&file, said.replace("https", "http")).unwrap();
    assert!(refusal(&try_it(&["pietralta", "--file", file.to_str().unwrap()])).contains("https"));
    accesso(&["pietralta", "--remove"]);
    sportello_.later(2);
    assert!(!browser.get("/pietralta").await.has(own));
    assert!(accesso(&["pietralta"]).contains("has none of its own"));
}

#[tokio::test]
async fn the_face_of_an_ente_is_set_by_a_command_beside_the_server() {
    let sportello_ = Sportello::start_on_sqlite().await;
    let mut browser = sportello_.browser();
    let ente = |args: &[&str]| run(sportello().arg("ente").args(args).arg("--data").arg(sportello_.folder()));
    let before = emblem(&browser.get("/valdoria").await).unwrap();
    let file = sportello_.folder().join("valdoria.toml");
    let file = file.to_str().unwrap();
    std::fs::write(
        file,
        "tavolozza = \"notte\"\ncbill = \"AAAA1\"\nseconda_lingua = \"sl\"\n\
        accessibilita = \"https://form.agid.gov.it/view/abc\"\n",
    )
    .unwrap();
    let set = ente(&["set", "valdoria", "--file", file]);
    assert!(set.status.success(), "{set:?}");
    let page = browser.get("/valdoria").await;
    assert!(stylesheets(&page)[1].ends_with("/sportello-notte.css"));
    assert!(
        page.has("href=\"https://form.agid.gov.it/view/abc\"") && !page.has("data-element=\"legal-notes\""),
        "what is not said is not set"
    );
    assert_eq!(emblem(&page).as_deref(), Some(before.as_str()), "the emblem stays until it is named");
    let shown = String::from_utf8(ente(&["show", VALDORIA]).stdout).unwrap();
    assert!(shown.contains("tavolozza = \"notte\"") && shown.contains("cbill = \"AAAA1\""), "{shown}");
    // what was shown sets the same again
    std::fs::write(file, &shown).unwrap();
    assert!(ente(&["set", VALDORIA, "--file", file]).status.success());
    assert_eq!(String::from_utf8(ente(&["show", "valdoria"]).stdout).unwrap(), shown);

    let notice = format!("{}/avviso.pdf", sportello_.look_up(&sportello_.avviso("APERTA").numero).await);
    let pdf = browser.get(&notice).await;
    assert_eq!(pdf.status, 200);
    if let Some(words) = super::carte::words(&pdf.bytes) {
        assert!(
            words.contains("AAAA1") && words.to_lowercase().contains("obvestilo"),
            "two languages on an Italian page: {words}"
        );
    }
    let english = browser.get(&format!("/en{notice}")).await;
    if let Some(words) = super::carte::words(&english.bytes) {
        assert!(words.to_lowercase().contains("payment notice") && !words.contains("Obvestilo"), "that of the page: {words}");
    }

    assert!(ente(&["set", "valdoria", "--no-logo"]).status.success());
    assert_eq!(emblem(&browser.get("/valdoria").await), None);
    assert_eq!(browser.get(&before).await.status, 404, "an emblem that was taken off is gone");
    for (args, says) in [
        (vec!["set", "valdoria"], "nothing is to be set"),
        (vec!["set", "nessuno", "--no-logo"], "there is no ente nessuno"),
        (vec!["set", "valdoria", "--logo", file], "not a PNG"),
        (vec!["set", "valdoria", "--file", "/nessuno"], "opening /nessuno"),
    ] {
        let refused = refusal(&ente(&args));
        assert!(refused.contains(says), "{refused}");
    }
    std::fs::write(file, "colori = \"rosa\"").unwrap();
    let refused = ente(&["set", "valdoria", "--file", file]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("unknown field"), "{refused:?}");
    let done = sportello_.portal.store().last_audit("ente.aspetto").await.unwrap();
    assert!(done.is_some(), "who changes the face of an ente is in the audit");
}

/// The services of a list of the page, by the last parts of their addresses.
fn services(page: &Page, from: &str, to: &str) -> Vec<String> {
    let html = page.html();
    let part = html.split_once(from).map_or("", |(_, rest)| rest).split(to).next().unwrap();
    let links = crate::harness::start_tags(part).into_iter().filter(|tag| tag.attribute("class") == Some("stretched-link"));
    links.filter_map(|tag| tag.attribute("href")?.rsplit('/').next().map(str::to_owned)).collect()
}

async fn found(browser: &mut Browser<'_>, q: &str) -> Page {
    let page = browser.get(&format!("/valdoria?q={q}")).await;
    assert_eq!(page.status, 200, "{q}");
    assert!(!page.has("<script"), "{q}");
    page
}

#[tokio::test]
async fn a_service_is_looked_for_by_what_people_call_it() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let form = browser.get("/valdoria").await;
    assert!(form.tags().iter().any(|tag| tag.attribute("name") == Some("q")), "the form is there");
    for q in ["mensa", "MENSE", "mensa+scolastica", "pagare+la+m%C3%A8nsa"] {
        let page = found(&mut browser, q).await;
        assert_eq!(services(&page, "search-count", "</main>").first().map(String::as_str), Some("mensa-scolastica"), "{q}");
        assert!(page.text().contains("servizi") && page.has("<title>"), "{q}");
    }
    let one = found(&mut browser, "tari").await;
    assert!(one.text().contains("Un servizio per “tari”"), "{}", one.text());
    let none = found(&mut browser, "astronave%3Cb%3E%3C/title%3E%3Cb%3E%22%3E").await;
    assert!(none.text().contains("Nessun servizio per “astronave&lt;b&gt;"), "{}", none.text());
    assert!(none.tags().iter().all(|tag| tag.name != "b"), "what was typed is text, in the title of the window too");
    assert!(
        none.has("<title>Nessun servizio per “astronave&lt;b>&lt;/title>&lt;b>\">” – Comune di Valdoria</title>"),
        "{}",
        none.html()
    );
    assert!(none.tags().iter().any(|tag| tag.attribute("href") == Some("/valdoria/avviso")), "a notice needs no service");
    // a notice's number is no service: it goes on in a form, and into no address
    let numero = sportello.avviso("APERTA").numero;
    let page = found(&mut browser, &numero).await;
    assert!(page.text().contains("Sembra il codice di un avviso"), "{}", page.text());
    let links: Vec<_> =
        page.tags().iter().filter(|tag| tag.name == "a").filter_map(|tag| tag.attribute("href").map(str::to_owned)).collect();
    assert!(links.iter().filter(|href| !href.contains("?q=")).all(|href| !href.contains(&numero)), "{links:?}");
    assert_eq!(browser.get("/valdoria?q=").await.h1(), form.h1(), "nothing is looked for");
    assert!(browser.get("/fr/valdoria?q=mensa").await.text().contains(" pour «"), "the count is told in the language");
}

#[tokio::test]
async fn what_is_paid_most_often_stands_first() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let ente = sportello.ente("valdoria").await;
    let today = sportello.portal.clock().today();
    let counts = async |since| sportello.portal.store().most_paid(&ente.codice_fiscale, since, 12).await.unwrap();
    let count =
        |counts: &[(String, i64)], slug: &str| counts.iter().find(|(name, _)| name == slug).map_or(0, |(_, count)| *count);
    let before = counts(today).await;
    let leading = before.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let lampade = "/valdoria/servizi/lampade-votive/paga";
    for _ in 0..=leading {
        let (riepilogo, _) = sportello.propose(lampade, &crate::harness::form_but("voce", "")).await;
        let checkout = browser.pay(&riepilogo).await;
        // the same receipt twice is one payment
        let back = browser.choose(&checkout, "paga", 2).await;
        let (_, token) = browser.come_back(&back).await;
        sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    }
    let after = counts(today).await;
    assert_eq!(count(&after, "lampade-votive"), count(&before, "lampade-votive") + leading + 1);
    assert_eq!(count(&after, "mensa-scolastica"), count(&before, "mensa-scolastica"));
    let page = browser.get("/valdoria").await;
    let most = services(&page, "id=\"piu-pagati\"", "</section>");
    assert_eq!(most.first().map(String::as_str), Some("lampade-votive"), "{most:?}, {after:?}");
    assert!(most.len() <= 4, "{most:?}");
    // a season later others are in season
    assert_eq!(counts(today.tomorrow().unwrap()).await, []);
}
