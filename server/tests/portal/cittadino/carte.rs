//! What a citizen takes away: the notice, its calendar, the receipt as PDF and as it came.

use crate::harness::{Sportello, VALDORIA};
use domain::posizione::{Accredito, EventoPosizione, NonPagabile};
use domain::{EsitoPagamento, Importo, Opzione};
use portal::posizione::{NuovaOpzione, NuovaPosizione};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// The words of a PDF; `None`, aloud, without poppler.
pub fn words(pdf: &[u8]) -> Option<String> {
    let child = Command::new("pdftotext").args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: pdftotext is not here");
        return None;
    };
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_notice_is_taken_away_on_paper_and_names_nobody() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avviso = sportello.avviso("APERTA");
    let posizione = sportello.posizione(&avviso.numero).await;
    let page = sportello.look_up(&avviso.numero).await;
    let address = format!("{page}/avviso.pdf");
    assert!(browser.get(&page).await.html().contains(&format!("href=\"{address}\"")), "the page leads to it");
    assert!(!address.contains(&avviso.numero));

    let pdf = browser.get(&address).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
    assert_eq!(pdf.header("content-disposition"), "inline; filename=\"avviso-pagamento.pdf\"");
    assert!(pdf.bytes.starts_with(b"%PDF-1."));
    let Some(text) = words(&pdf.bytes) else { return };
    let rata = posizione.rate.iter().find(|rata| rata.numero.as_str() == avviso.numero).unwrap();
    for shown in [rata.numero.grouped(), rata.importo.to_string(), VALDORIA.to_owned(), "AMBIENTE DI PROVA".to_owned()] {
        assert!(text.contains(&shown), "{shown} is not in {text}");
    }
    for secret in [posizione.debitore.nome.as_str(), posizione.debitore.codice_fiscale.as_str()] {
        assert!(!text.contains(secret), "{text}");
    }
    let beside = words(&browser.get(&format!("/de{address}")).await.bytes).unwrap().to_lowercase();
    for (said, both) in [("avviso di pagamento", true), ("zahlungsmitteilung", true), ("payment notice", false)] {
        assert_eq!(beside.contains(said), both, "{said}: {beside}");
    }
    assert!(!text.to_lowercase().contains("zahlungsmitteilung"), "Italian is enough: {text}");
}

#[tokio::test]
async fn the_paper_asks_for_what_is_still_due_and_for_nothing_else() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let mut papers = 0;
    for avviso in sportello.avvisi() {
        let page = sportello.look_up(&avviso.numero).await;
        let posizione = sportello.posizione(&avviso.numero).await;
        let oggi = sportello.portal.clock().today();
        let payable = posizione.rate.iter().filter(|rata| posizione.pagabile(&rata.numero, oggi).is_ok());
        let payable: Vec<_> = payable.collect();
        let with_paper = !payable.is_empty() && payable.iter().all(|rata| !rata.ha_bollo());
        let pdf = browser.get(&format!("{page}/avviso.pdf")).await;
        assert_eq!(pdf.status, if with_paper { 200 } else { 404 }, "{}", avviso.causale);
        if !with_paper {
            assert!(!browser.get(&page).await.has("avviso.pdf"), "{}", avviso.causale);
            continue;
        }
        let Some(text) = words(&pdf.bytes) else { return };
        papers += 1;
        for rata in &posizione.rate {
            let is_due = payable.iter().any(|due| due.numero == rata.numero);
            assert_eq!(text.contains(&rata.numero.grouped()), is_due, "{} of {}", rata.numero, avviso.causale);
        }
    }
    assert!(papers > 5, "{papers}");
}

/// Years later the number of the fine is what proves that it was paid.
#[tokio::test]
async fn the_receipt_names_the_act_and_bears_the_emblem() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let avviso = sportello.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Verbale n. 1042"));
    let notice = sportello.look_up(&avviso.numero).await;
    let checkout = browser.pay(&notice).await;
    let back = browser.choose(&checkout, "paga", 2).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let pdf = browser.get(&format!("{esito}/ricevuta.pdf")).await;
    let Some(text) = words(&pdf.bytes) else { return };
    let named = format!("Atto pagato {}", avviso.causale);
    assert!(text.contains(&named), "{named:?} is not in {text}");
    let images = |pdf: &[u8]| pdf.windows(14).filter(|part| part == b"/Subtype/Image").count();
    assert!(images(&pdf.bytes) > 0, "its emblem: the codes are no images");
}

#[tokio::test]
async fn a_revenue_stamp_has_no_paper() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let ente = sportello.ente("valdoria").await;
    let model = sportello.posizione(&sportello.avviso("APERTA").numero).await;
    let mut versamento = model.rate[0].versamenti[0].clone();
    versamento.importo = Importo::of_cents(1_600);
    versamento.accredito =
        Accredito::Bollo { hash_documento: "wHpFSLCGZjIvNSXxqtGbxg7275t446DRTk5ZrsdUQ6E=".into(), provincia: "MS".into() };
    let opzioni =
        vec![NuovaOpzione { opzione: Opzione::Unica, scadenza: None, non_oltre_scadenza: false, versamenti: vec![versamento] }];
    let nuova =
        NuovaPosizione { servizio: None, causale: "Certificato in bollo".into(), debitore: model.debitore, atto: None, opzioni };
    let posizione = sportello.portal.create_posizione(&ente, nuova).await.unwrap();
    sportello.portal.move_posizione(&ente.codice_fiscale, &posizione.id, EventoPosizione::Pubblica, "test").await.unwrap();
    let page = sportello.look_up(posizione.rate[0].numero.as_str()).await;
    let shown = browser.get(&page).await;
    assert!(shown.has("marca da bollo digitale") && !shown.has("avviso.pdf") && !shown.has("scadenze.ics"), "{}", shown.text());
    assert_eq!(browser.get(&format!("{page}/avviso.pdf")).await.status, 404);
    assert_eq!(browser.get(&format!("{page}/scadenze.ics")).await.status, 404);
}

#[tokio::test]
async fn due_dates_go_into_a_calendar_without_a_name() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let oggi = sportello.portal.clock().today();
    let (mut calendars, mut several) = (0, 0);
    for avviso in sportello.avvisi() {
        let page = sportello.look_up(&avviso.numero).await;
        let posizione = sportello.posizione(&avviso.numero).await;
        let this = posizione.rate.iter().find(|rata| rata.numero.as_str() == avviso.numero).unwrap();
        let is_unica = this.opzione == Opzione::Unica;
        let due = posizione.rate.iter().filter(|rata| {
            posizione.pagabile(&rata.numero, oggi).is_ok()
                && rata.scadenza.is_some_and(|giorno| giorno >= oggi)
                && (rata.opzione == Opzione::Unica) == is_unica
        });
        let due: Vec<_> = due.collect();
        let calendar = browser.get(&format!("{page}/scadenze.ics")).await;
        assert_eq!(calendar.status, if due.is_empty() { 404 } else { 200 }, "{}", avviso.causale);
        if due.is_empty() {
            continue;
        }
        calendars += 1;
        several += usize::from(due.len() > 1);
        assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(calendar.header("content-disposition"), "attachment; filename=\"scadenze.ics\"");
        let text = String::from_utf8(calendar.bytes.to_vec()).unwrap();
        assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), due.len(), "{text}");
        for rata in due {
            assert!(text.contains(&format!("DTSTART;VALUE=DATE:{}", rata.scadenza.unwrap().strftime("%Y%m%d"))), "{text}");
            assert!(text.contains(rata.numero.as_str()), "{text}");
        }
        let unfolded = text.replace("\r\n ", "");
        let debitore = &posizione.debitore;
        assert!(!unfolded.contains(&debitore.nome) && !unfolded.contains(debitore.codice_fiscale.as_str()), "{unfolded}");
    }
    assert!(calendars > 2 && several > 0, "{calendars} calendars, {several} of several days");
}

#[tokio::test]
async fn papers_of_an_old_address_lead_to_the_page_that_says_so() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let page = sportello.look_up(&sportello.avviso("APERTA").numero).await;
    sportello.later(31);
    for paper in ["avviso.pdf", "scadenze.ics"] {
        let answer = browser.get(&format!("{page}/{paper}")).await;
        assert_eq!((answer.status, answer.location()), (303, page.clone()), "{paper}");
    }
    let expired = browser.get(&page).await;
    assert!(expired.status == 410 && expired.has("La ricerca è scaduta"), "{}", expired.text());
    for wrong in ["/valdoria/avviso/v/x/avviso.pdf", "/nessuno/avviso/v/x/avviso.pdf", "/valdoria/avviso/v/x/scadenze.ics"] {
        assert_eq!(browser.get(wrong).await.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn a_paid_notice_has_no_paper_any_more_and_its_receipt_is_there_as_it_came() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let page = sportello.look_up(&numero).await;
    assert_eq!(browser.get(&format!("{page}/avviso.pdf")).await.status, 200);
    let checkout = browser.pay(&page).await;
    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let posizione = sportello.posizione(&numero).await;
    let numero_pagato = posizione.rate.iter().find(|rata| rata.numero.as_str() == numero).unwrap().numero.clone();
    assert_eq!(posizione.pagabile(&numero_pagato, sportello.portal.clock().today()), Err(NonPagabile::Pagata));
    assert_eq!(browser.get(&format!("{page}/avviso.pdf")).await.status, 404);

    let xml = browser.get(&format!("{esito}/ricevuta.xml")).await;
    assert_eq!((xml.status, xml.header("content-type")), (200, "application/xml"));
    assert_eq!(xml.header("content-disposition"), "attachment; filename=\"ricevuta-pagamento.xml\"");
    let [row] = &sportello.ricevute(&numero).await[..] else { panic!("one receipt") };
    let kept = sportello.portal.store().ricevuta_raw(&row.inbox_id).await.unwrap().unwrap();
    assert_eq!(xml.bytes[..], kept[..], "byte by byte");
    assert!(browser.get(&esito).await.html().contains(&format!("href=\"{esito}/ricevuta.xml\"")));
    // whoever looks the notice up sees that it is paid, and no receipt
    let seen = sportello.look_up(&numero).await;
    for paper in ["ricevuta.xml", "ricevuta.pdf"] {
        assert_eq!(browser.get(&format!("{seen}/{paper}")).await.status, 404, "{paper}");
    }
}
