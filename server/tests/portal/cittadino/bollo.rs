//! The digital revenue stamp: bought on a document, taken away with its receipt.

use crate::harness::{Browser, Page, Sportello, VALDORIA, get_payment};
use domain::{Accredito, EsitoPagamento, Posizione, StatoPosizione};
use nodo::pa_for_node::Operation;
use nodo::pa_for_node::client::{Response, encode_get_payment_request};
use reqwest::{Method, RequestBuilder};

#[tokio::test]
async fn the_stamp_is_taken_away_from_the_page_of_its_payment_and_from_no_other() {
    let sportello = Sportello::start().await;
    for (bollo, status) in [(true, 200), (false, 404)] {
        let numero = sportello.find_avviso(|a| a.stato == "APERTA" && a.bollo == bollo).numero;
        let mut browser = sportello.browser();
        let checkout = browser.pay(&sportello.look_up(&numero).await).await;
        let back = browser.choose(&checkout, "paga", 1).await;
        let (esito, token) = browser.come_back(&back).await;
        sportello.wait_for(&token, EsitoPagamento::Pagato).await;
        assert_eq!(browser.get(&esito).await.has("Scarica la marca da bollo (XML)"), bollo);
        let stamp = browser.get(&format!("{esito}/marca-da-bollo.xml")).await;
        assert_eq!(stamp.status, status);
        if bollo {
            assert_eq!(stamp.header("content-type"), "application/xml");
            assert_eq!(stamp.header("content-disposition"), "attachment; filename=\"marca-da-bollo.xml\"");
            // the document that was asked for, by its digest
            assert!(stamp.has("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), "{}", stamp.html());
            let other = esito.replace("/valdoria/", "/pietralta/");
            assert_eq!(browser.get(&format!("{other}/marca-da-bollo.xml")).await.status, 404);
        }
    }
}

/// The form of who buys one, without scripts.
const BOLLO: &str = "/valdoria/servizi/marca-da-bollo/paga";
const CONFINE: &str = "confine";
const ROSSI: [(&str, &str); 3] = [("provincia", "BL"), ("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "Mario Rossi")];
/// FIPS 180-2, B.1: the digest of `abc`.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const ABC_BASE64: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

/// As a browser sends a form with files in it: name of the field, name of the file, what is in it.
fn multipart(texts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(format!("--{CONFINE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes());
    }
    for (name, file, bytes) in files {
        let head = format!(
            "--{CONFINE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/pdf\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{CONFINE}--\r\n").bytes());
    body
}

fn request(browser: &Browser<'_>, path: &str) -> RequestBuilder {
    let request = browser.request(Method::POST, path).header("Sec-Fetch-Site", "same-origin");
    request.header("Content-Type", format!("multipart/form-data; boundary={CONFINE}"))
}

async fn send(browser: &mut Browser<'_>, path: &str, texts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
    let request = request(browser, path).body(multipart(texts, files));
    browser.send(request).await
}

fn value(page: &Page, id: &str) -> Option<String> {
    let tag = page.tags().into_iter().find(|tag| tag.attribute("id") == Some(id));
    tag.unwrap_or_else(|| panic!("{id}: {}", page.text())).attribute("value").map(str::to_owned)
}

#[tokio::test]
async fn who_buys_a_stamp_sends_a_document_that_nobody_keeps_and_gets_the_stamp_on_it() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let page = browser.get(BOLLO).await;
    assert!(page.has("enctype=\"multipart/form-data\"") && page.has("name=\"documento.file\""), "{}", page.text());
    let sent = send(&mut browser, BOLLO, &ROSSI, &[("documento.file", "istanza.pdf", b"abc")]).await;
    let riepilogo = sent.location();
    assert!(riepilogo.starts_with("/valdoria/riepilogo/"), "{riepilogo}");
    let page = browser.get(&riepilogo).await;
    assert!(
        page.has("16,00\u{a0}€") && page.has(ABC_BASE64) && page.has("Belluno") && !page.has("istanza.pdf"),
        "{}",
        page.text()
    );

    let posizioni = sportello.posizioni(VALDORIA).await;
    let is_it = |posizione: &&Posizione| posizione.stato == StatoPosizione::Bozza && posizione.rate[0].ha_bollo();
    let numero = posizioni.iter().find(is_it).unwrap().rate[0].numero.to_string();
    let [stamp] = &sportello.posizione(&numero).await.rate[0].versamenti[..] else { panic!("one part") };
    let expected = Accredito::Bollo { hash_documento: ABC_BASE64.to_owned(), provincia: "BL".to_owned() };
    assert_eq!((stamp.importo.cents(), &stamp.accredito), (1_600, &expected));

    let checkout = browser.post(&riepilogo, &[]).await.location();
    // what the Nodo asks of the station, and is told
    let asked = get_payment(&numero);
    let data = match sportello.ask(Operation::GetPaymentV2, encode_get_payment_request(&asked)).await {
        Response::Payment(data) => data,
        other => panic!("{other:?}"),
    };
    let told = data.versamenti[0].bollo.as_ref().expect("richiestaMarcaDaBollo");
    assert_eq!((told.hash_documento.as_str(), told.provincia.as_str(), &data.versamenti[0].iban), (ABC_BASE64, "BL", &None));

    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let stamp = browser.get(&format!("{esito}/marca-da-bollo.xml")).await;
    assert!(stamp.status == 200 && stamp.has(ABC_BASE64), "{}", stamp.html());

    // and whoever finds the receipt again
    let found = [("numero", numero.as_str()), ("codice_fiscale", "RSSMRA85T10A562S")];
    let found = browser.post("/valdoria/ricevute", &found).await.location();
    let page = browser.get(&found).await;
    assert!(page.has(&format!("href=\"{found}/marca-da-bollo.xml\"")), "{}", page.text());
    let again = browser.get(&format!("{found}/marca-da-bollo.xml")).await;
    assert_eq!((again.status, &again.bytes), (200, &stamp.bytes));
    assert_eq!(browser.get(&format!("{}/marca-da-bollo.xml", found.replace("/valdoria/", "/pietralta/"))).await.status, 404);
    sportello.later(2 * 60 + 1);
    assert_eq!(browser.get(&format!("{found}/marca-da-bollo.xml")).await.location(), found, "its page says what to do");
}

#[tokio::test]
async fn a_digest_is_as_good_as_its_document() {
    let sportello = Sportello::start().await;
    for typed in [ABC.to_uppercase().as_str(), ABC_BASE64] {
        let form = [&ROSSI[..], &[("documento", typed)]].concat();
        let (_, numero) = sportello.propose(BOLLO, &form).await;
        let posizione = sportello.posizione(&numero).await;
        let expected = Accredito::Bollo { hash_documento: ABC_BASE64.to_owned(), provincia: "BL".to_owned() };
        assert_eq!(posizione.rate[0].versamenti[0].accredito, expected, "{typed}");
    }
}

#[tokio::test]
async fn a_form_that_comes_back_has_the_digest_and_nobody_sends_the_file_again() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(VALDORIA).await.len();
    let page = send(&mut browser, BOLLO, &ROSSI[..1], &[("documento.file", "istanza.pdf", b"abc")]).await;
    assert_eq!((page.status, page.error_at("nome").as_deref()), (422, Some("Compila questo campo.")));
    assert_eq!(value(&page, "documento").as_deref(), Some(ABC));
    assert!(page.has("L’impronta del documento è pronta.") && page.error_at("documento").is_none(), "{}", page.text());
    // another file in its place
    let typed = [("documento", ABC), ("provincia", "BL")];
    let page = send(&mut browser, BOLLO, &typed, &[("documento.file", "altra.pdf", b"abd")]).await;
    assert_eq!(value(&page, "documento").as_deref(), Some("a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9"));
    // and none: browsers send the empty field
    let page = send(&mut browser, BOLLO, &typed, &[("documento.file", "", b"")]).await;
    assert_eq!(value(&page, "documento").as_deref(), Some(ABC));
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before, "nothing is written before all is right");
}

#[tokio::test]
async fn documents_that_are_none_are_told_and_bodies_that_are_no_form_are_refused() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let missing = "Scegli il file, oppure scrivi la sua impronta.";
    let file = "documento.file";
    for (name, texts, files, said) in [
        ("no file", &[][..], vec![], missing),
        ("a field left empty", &[("documento", "")], vec![(file, "", &b""[..])], missing),
        ("an empty file", &[], vec![(file, "vuoto.pdf", b"")], "Il documento è vuoto: scegli il file da presentare."),
        (
            "two files",
            &[],
            vec![(file, "uno.pdf", b"abc"), (file, "due.pdf", b"abd")],
            "Il testo non è nella forma prevista: ricontrollalo.",
        ),
        ("a file of another field", &[], vec![("documento", "uno.pdf", b"abc"), ("altro.file", "due.pdf", b"abc")], missing),
        ("a file in the place of its digest", &[(file, "abc")], vec![], missing),
        (
            "no digest",
            &[("documento", "istanza.pdf")],
            vec![],
            "Non sembra un’impronta SHA-256: sono 64 cifre esadecimali, oppure 44 caratteri in base64.",
        ),
        (
            "the digest of nothing",
            &[("documento", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")],
            vec![],
            "Il documento è vuoto: scegli il file da presentare.",
        ),
        (
            "markup",
            &[("documento", "\"><script>alert(1)</script>")],
            vec![(file, "\u{202e}<b>.pdf", b"")],
            "Il documento è vuoto: scegli il file da presentare.",
        ),
    ] {
        let page = send(&mut browser, BOLLO, &[&ROSSI[..], texts].concat(), &files).await;
        assert_eq!((page.status, page.error_at("documento").as_deref()), (422, Some(said)), "{name}: {}", page.text());
        assert!(!page.has("<script>alert") && !page.has(".pdf<"), "{name}");
    }
    let of = |bytes: &[u8]| multipart(&ROSSI, &[(file, "istanza.pdf", bytes)]);
    let largest = vec![b'x'; 20 * 1024 * 1024];
    let flood: Vec<(String, &str)> = (0..30_000).map(|n| (format!("c{n}"), "")).collect();
    let flood: Vec<(&str, &str)> = flood.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    for (name, body, status) in [
        ("the largest there may be", of(&largest), 303),
        ("a byte more", of(&[&largest[..], b"x"].concat()), 413),
        ("21 MB", of(&vec![b'x'; 21 * 1024 * 1024]), 413),
        ("two that are too much together", multipart(&ROSSI, &[(file, "a", &largest), (file, "b", &largest)]), 413),
        ("a text without end", multipart(&[("documento", &"a".repeat(70_000))], &[]), 413),
        ("more fields than a form has", multipart(&flood, &[]), 413),
        ("broken off", of(b"abc")[..200].to_vec(), 400),
        ("no form at all", b"abc".to_vec(), 400),
        ("no text", multipart(&ROSSI, &[]).iter().map(|byte| if *byte == b'M' { 0xFF } else { *byte }).collect(), 400),
    ] {
        let page = Page::of(request(&browser, BOLLO).body(body)).await;
        assert_eq!(page.status, status, "{name}: {}", page.text());
    }
    let elsewhere = browser.request(Method::POST, BOLLO).header("Sec-Fetch-Site", "cross-site");
    let kind = format!("multipart/form-data; boundary={CONFINE}");
    assert_eq!(Page::of(elsewhere.header("Content-Type", kind).body(of(b"abc"))).await.status, 403, "another site's");
    let boundless = browser.request(Method::POST, BOLLO).header("Content-Type", "multipart/form-data").body(of(b"abc"));
    assert_eq!(Page::of(boundless).await.status, 400, "no boundary");
    // a form without a file has the limit of before, and only this page takes files
    let long =
        browser.request(Method::POST, BOLLO).header("Sec-Fetch-Site", "same-origin").form(&[("documento", "a".repeat(70_000))]);
    assert_eq!(Page::of(long).await.status, 413);
    let other = send(&mut browser, "/valdoria/servizi/donazione/paga", &[("importo", "20,00")], &[(file, "a.pdf", b"abc")]).await;
    assert_eq!(other.status, 415, "{}", other.text());
    let other = send(&mut browser, "/valdoria/avviso", &[("numero", "302000000000000184")], &[]).await;
    assert_eq!(other.status, 415, "{}", other.text());
}
