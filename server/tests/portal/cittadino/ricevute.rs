//! Receipts shown again: found by notice and codice fiscale, and the paper that says where it is verified.

use crate::harness::{Page, Sportello, rata, receipt};
use portal::sealed::{Kind, Sealer};
use serde_json::json;

const SEARCH: &str = "/valdoria/ricevute";

async fn search(sportello: &Sportello, path: &str, numero: &str, codice_fiscale: &str) -> Page {
    sportello.browser().post(path, &[("numero", numero), ("codice_fiscale", codice_fiscale)]).await
}

#[tokio::test]
async fn a_receipt_is_found_by_notice_and_codice_fiscale_in_any_writing_for_two_hours() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    sportello.wait_for_ricevute(&avviso.numero, 1).await;
    let typed = format!(" {} ", avviso.codice_fiscale_debitore.to_lowercase());
    let spaced = avviso.numero.as_bytes().chunks(4).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join(" ");
    let found = search(&sportello, SEARCH, &spaced, &typed).await.location();
    assert!(found.starts_with("/valdoria/ricevuta/") && !found.contains(&avviso.numero), "{found}");
    let mut browser = sportello.browser();
    let page = browser.get(&found).await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Ricevuta di pagamento"));
    assert!(page.has(&avviso.codice_fiscale_debitore) && !page.has("più di una volta"), "{}", page.text());
    assert_eq!(browser.get(&format!("{found}/ricevuta.pdf")).await.status, 200);
    sportello.later(2 * 60 + 1);
    assert_eq!(browser.get(&found).await.status, 410);
    // nothing is found by an address
    assert_eq!(browser.get(&format!("{SEARCH}?numero={}&codice_fiscale={typed}", avviso.numero)).await.h1(), "Le tue ricevute");
}

#[tokio::test]
async fn a_notice_paid_twice_shows_both_receipts_to_who_searches() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    let posizione = sportello.posizione(&avviso.numero).await;
    for receipt_id in ["ricevuta-1", "ricevuta-2"] {
        sportello.deliver(&receipt(&posizione, rata(&posizione, &avviso.numero), receipt_id)).await;
    }
    sportello.wait_for_ricevute(&avviso.numero, 2).await;
    let found = search(&sportello, SEARCH, &avviso.numero, &avviso.codice_fiscale_debitore).await.location();
    let mut browser = sportello.browser();
    let page = browser.get(&found).await;
    assert!(page.has("Questo avviso è stato pagato più di una volta"), "{}", page.text());
    let other = page.tags().into_iter().find_map(|tag| {
        let href = tag.attribute("href").filter(|href| href.starts_with("/valdoria/ricevuta/") && !href.contains(&found))?;
        (!href.ends_with(".pdf") && !href.ends_with(".xml")).then(|| href.to_owned())
    });
    assert_eq!(browser.get(&other.expect("a way to the other one")).await.status, 200);
}

#[tokio::test]
async fn every_miss_is_the_same() {
    let sportello = Sportello::start().await;
    let paid = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&paid.numero, json!({})).await;
    sportello.wait_for_ricevute(&paid.numero, 1).await;
    let open = sportello.find_avviso(|avviso| avviso.stato == "APERTA" && avviso.numero != paid.numero);
    let draft = sportello.numero_in_bozza().await;
    let (nobody, stranger) = ("302999999999999929", "VRDLGU70A01F205R");
    let mut pages = Vec::new();
    for (path, numero, codice_fiscale) in [
        (SEARCH, paid.numero.as_str(), stranger),
        (SEARCH, nobody, paid.codice_fiscale_debitore.as_str()),
        (SEARCH, open.numero.as_str(), open.codice_fiscale_debitore.as_str()),
        (SEARCH, draft.as_str(), paid.codice_fiscale_debitore.as_str()),
        (SEARCH, paid.numero.as_str(), "00743110157"),
    ] {
        let page = search(&sportello, path, numero, codice_fiscale).await;
        assert_eq!(page.status, 404, "{numero} {codice_fiscale}: {}", page.text());
        assert!(page.has("Non troviamo una ricevuta con questi dati"), "{}", page.text());
        let mut html = page.without_nonce();
        for typed in [numero, codice_fiscale] {
            html = html.replace(typed, "…");
        }
        pages.push(without_reference(&html));
    }
    for page in &pages[1..] {
        assert_eq!(page, &pages[0]);
    }
    let elsewhere = search(&sportello, "/pietralta/ricevute", &paid.numero, &paid.codice_fiscale_debitore).await;
    assert_eq!(elsewhere.status, 404);
    // what is no code at all is told field by field
    let wrong = search(&sportello, SEARCH, "12", "x").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.error_at("numero").is_some() && wrong.error_at("codice_fiscale").is_some(), "{}", wrong.text());
}

/// The help desk's reference differs from one visit to the next.
fn without_reference(html: &str) -> String {
    html.split("Codice per l’assistenza").next().unwrap().to_owned()
}

#[tokio::test]
async fn the_paper_leads_to_a_page_that_says_whether_it_is_true_and_names_nobody() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    sportello.wait_for_ricevute(&avviso.numero, 1).await;
    let row = sportello.ricevute(&avviso.numero).await.remove(0);
    let secret: [u8; 32] = std::fs::read(sportello.folder().join("segreto")).unwrap().try_into().unwrap();
    let sealer = Sealer::of_secret(&secret);
    let token = sealer.seal(Kind::Verifica, &row.id, 0, None, 0).unwrap();
    let found = search(&sportello, SEARCH, &avviso.numero, &avviso.codice_fiscale_debitore).await.location();
    let mut browser = sportello.browser();
    let pdf = browser.get(&format!("{found}/ricevuta.pdf")).await;
    if let Some(words) = super::carte::words(&pdf.bytes) {
        // where the line of a long address ends in a hyphen, pdftotext takes it for one between syllables
        let bare = |text: &str| text.replace([' ', '-'], "");
        assert!(bare(&words).contains(&bare(&sportello.url(&format!("/verifica/{token}")))), "{words}");
    }

    // paper does not end
    sportello.later(60 * 24 * 365 * 5);
    let page = browser.get(&format!("/verifica/{token}")).await;
    assert_eq!((page.status, page.h1().as_str()), (200, "Questa ricevuta è autentica"));
    let text = page.text();
    let (iuv, importo) = (&row.ricevuta.iuv, row.ricevuta.importo.to_string());
    for said in ["Comune di Valdoria", importo.as_str(), &iuv[iuv.len() - 4..]] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let debitore = &row.ricevuta.debitore;
    for secret in [debitore.nome.as_str(), &debitore.identificativo, iuv, &avviso.numero, &row.ricevuta.descrizione] {
        assert!(!page.has(secret), "{secret}: {text}");
    }
    assert!(!page.html().contains("<script") && page.has("name=\"robots\" content=\"noindex"), "{}", page.html());
    let (head, tail) = token.split_at(20);
    let forged = format!("{head}{}{}", if tail.starts_with('A') { 'B' } else { 'A' }, &tail[1..]);
    let other_kind = found.rsplit('/').next().unwrap();
    for wrong in [forged.as_str(), other_kind, "x"] {
        let page = browser.get(&format!("/verifica/{wrong}")).await;
        assert_eq!((page.status, page.h1().as_str()), (404, "Questa ricevuta non ci risulta"), "{wrong}");
    }
    assert_eq!(browser.get(&format!("/valdoria/ricevuta/{token}")).await.status, 404, "the paper's address opens no receipt");
}
