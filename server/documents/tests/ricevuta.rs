//! The receipt as whoever gets it sees it. Texts are read with `pdftotext` (poppler); where it is not installed those tests say
//! so and pass.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not `#[test]` functions")]

mod common;
#[path = "common/pdf.rs"]
mod pdf;

use common::{barest, doc, ente, everyday, fullest};
use documents::{DocumentError, RicevutaDoc, ricevuta::render};
use domain::Ricevuta;
use pdf::{ask, pages, qr_codes, raster, read};

/// A receipt travels by e-mail and opens on a phone.
const BYTES_MAX: usize = 60_000;

fn print(ricevuta: &Ricevuta) -> Vec<u8> {
    render(&doc(ricevuta, &ente())).unwrap()
}

#[test]
fn the_paper_holds_the_facts() {
    let Some(text) = read(&print(&everyday())) else { return };
    for fact in [
        "Comune di Valdoria",
        "Codice fiscale 80001230459",
        "Ricevuta di pagamento",
        "Il pagamento è stato eseguito il 12/03/2026 alle 10:31.",
        "1.234,50 €",
        "1,50 €",
        "12/03/2026 10:31",
        "Mensa scolastica, refezione di marzo 2026",
        "3020 0000 0000 0001 84",
        "02000000000000184",
        "c110729d258c4ab1b765fe902aae41d6",
        "Banca Popolare di Prova S.p.A.",
        "Niccolò D’Angelo Šimić C.F. RSSMRA85T10A562S",
        "Lucia Verdi C.F. VRDLCU80A01H501X",
        "IT60 X054 2811 1010 0000 0123 456",
        "Atto pagato Pratica n. SUE/2026/000123 del 15/01/2026",
        "pervenuta il 12/03/2026 alle 10:32",
        "La ricevuta telematica (RT) in formato XML è conservata dall’ente.",
        "https://pagamenti.comune.valdoria.it/ricevute/7f3k-92mq-x4tz",
        "Pagina 1 di 1",
    ] {
        assert!(text.contains(fact), "{fact:?} is not in {text}");
    }
}

#[test]
fn long_texts_wrap_onto_a_second_page_and_lose_nothing() {
    let pdf = print(&fullest());
    let Some(text) = read(&pdf) else { return };
    assert_eq!(pages(&pdf), Some(2));
    let ricevuta = fullest();
    for fact in [&ricevuta.descrizione, &ricevuta.debitore.nome, &ricevuta.psp.nome, &ricevuta.receipt_id] {
        assert!(text.contains(fact.trim()), "{fact:?} is not in {text}");
    }
    assert_eq!(text.matches("IT60 X054 2811 1010 0000 0123 456").count(), 4);
    assert_eq!(text.matches("Marca da bollo digitale").count(), 1);
    assert_eq!(text.matches("Ricevuta di pagamento · Avviso 3020 0000 0000 0001 84 · Comune di Valdoria").count(), 1);
    assert!(text.contains("Pagina 1 di 2") && text.contains("Pagina 2 di 2"));
}

#[test]
fn what_is_not_known_is_not_said() {
    let ricevuta = barest();
    let ente = ente();
    let pdf = render(&RicevutaDoc { servizio: None, atto: None, indirizzo: None, ..doc(&ricevuta, &ente) }).unwrap();
    assert_eq!(pages(&pdf).unwrap_or(1), 1);
    let Some(text) = read(&pdf) else { return };
    for absent in ["Commissione", "Versante", "Servizio ", "Data e ora", "Atto", "Per verificare", "QR"] {
        assert!(!text.contains(absent), "{absent:?} is in {text}");
    }
    assert!(text.contains("Il pagamento è stato eseguito.") && text.contains("C.F. ANONIMO"));
    // the name of the primary ente is told although the transfer does not carry it
    assert_eq!(text.matches("Comune di Valdoria").count(), 3, "head, transfer, foot: {text}");
}

#[test]
fn a_paper_of_the_demo_says_that_it_is_worth_nothing() {
    let (ricevuta, ente) = (everyday(), ente());
    let real = doc(&ricevuta, &ente);
    let made_up = render(&RicevutaDoc { di_prova: true, ..real }).unwrap();
    assert_ne!(made_up, render(&real).unwrap());
    let (Some(made_up), Some(real)) = (read(&made_up), read(&render(&real).unwrap())) else { return };
    assert!(made_up.contains("AMBIENTE DI PROVA") && !real.contains("AMBIENTE DI PROVA"), "{made_up}");
}

#[test]
fn the_same_receipt_gives_the_same_bytes() {
    assert_eq!(print(&fullest()), print(&fullest()));
    let mut other = fullest();
    other.descrizione.push('.');
    assert_ne!(print(&fullest()), print(&other));
}

#[test]
fn every_receipt_is_small() {
    for ricevuta in [everyday(), fullest(), barest()] {
        let bytes = print(&ricevuta).len();
        assert!(bytes <= BYTES_MAX, "{bytes} bytes");
    }
    // every letter of every font: half as much again, and no more
    let bytes = print(&hostile()).len();
    assert!(bytes <= BYTES_MAX * 3 / 2, "{bytes} bytes");
}

#[test]
fn a_payment_that_was_not_made_has_no_receipt() {
    let mut ricevuta = everyday();
    ricevuta.esito_ok = false;
    assert_eq!(render(&doc(&ricevuta, &ente())), Err(DocumentError::NotPaid));
    let mut ricevuta = everyday();
    ricevuta.versamenti = (1..=6).map(|i| common::versamento(i, 100)).collect();
    assert_eq!(render(&doc(&ricevuta, &ente())), Err(DocumentError::TooManyVersamenti { max: 5, found: 6 }));
}

/// Everything a PSP could put into a text, in every text.
fn hostile() -> Ricevuta {
    let wide = "W".repeat(140);
    let letters: String = (' '..='\u{17f}').collect();
    let strange = "مرحبا שלום \u{202e}evil\u{202c} 👩‍👩‍👧‍👦 𝕬 李小龍 a\u{0}b\u{7}\r\n\u{feff}\u{fffe}\u{e000}\u{200d} e\u{301} q\u{308} <b>&amp;</b> )\\( %s";
    let mut ricevuta = fullest();
    ricevuta.descrizione = wide.clone();
    ricevuta.receipt_id = wide.clone();
    ricevuta.iuv = strange.to_owned();
    ricevuta.psp.nome = letters.clone();
    ricevuta.debitore = common::soggetto(strange, strange);
    ricevuta.versante = Some(common::soggetto(&wide, &"parola ".repeat(10_000)));
    for versamento in &mut ricevuta.versamenti {
        versamento.nome_ente = Some(wide.clone());
        versamento.causale = letters.clone();
        versamento.iban = Some(strange.to_owned());
    }
    ricevuta
}

#[test]
fn hostile_texts_are_printed_and_stay_on_the_page() {
    let mut ente = ente();
    ente.nome = "Ente \u{202e}😀 \u{0} <&> ".to_owned() + &"W".repeat(140);
    let ricevuta = hostile();
    let address = "https://example.org/".to_owned() + &"a".repeat(240);
    for indirizzo in [address.as_str(), "javascript:alert(1)", "https://example.org/è", "😀", ""] {
        let pdf =
            render(&RicevutaDoc { servizio: Some("\u{5d0}"), indirizzo: Some(indirizzo), ..doc(&ricevuta, &ente) }).unwrap();
        let Some(boxes) = ask("pdftotext", &["-bbox", "PDF", "-"], &pdf) else { return };
        let mut words = 0;
        for word in boxes.lines().filter(|line| line.trim_start().starts_with("<word")) {
            let edge = |name: &str| -> i32 {
                let value = word.split(&format!("{name}=\"")).nth(1).unwrap();
                value.split('.').next().unwrap().parse().unwrap()
            };
            assert!(edge("xMin") >= 55 && edge("xMax") <= 540, "{word}");
            assert!(edge("yMin") >= 30 && edge("yMax") <= 820, "{word}");
            words += 1;
        }
        assert!(words > 100);
    }
}

#[test]
fn texts_without_letters_leave_a_paper_that_still_says_what_was_paid() {
    let mut ricevuta = everyday();
    for text in
        [&mut ricevuta.descrizione, &mut ricevuta.psp.nome, &mut ricevuta.receipt_id, &mut ricevuta.iuv, &mut ricevuta.nome_ente]
    {
        *text = "\u{200b}".to_owned();
    }
    ricevuta.debitore = common::soggetto("", "");
    ricevuta.versamenti.clear();
    let ente = ente();
    let pdf =
        render(&RicevutaDoc { servizio: Some(" "), atto: None, indirizzo: Some("\u{200b}"), ..doc(&ricevuta, &ente) }).unwrap();
    let Some(text) = read(&pdf) else { return };
    assert!(text.contains("Pagamento eseguito") && text.contains("1.234,50 €"));
    for absent in ["Causale", "Versamenti", "Debitore", "Servizio ", "IUV", "PSP)", "pagina di questo", "Atto"] {
        assert!(!text.contains(absent), "{absent:?} is in {text}");
    }
}

#[test]
fn another_library_reads_the_way_to_the_verification_back() {
    let (ricevuta, ente) = (everyday(), ente());
    let doc = doc(&ricevuta, &ente);
    let long = format!("https://pagamenti.comune.valdoria.it/valdoria/esito/{}", "aZ09_-".repeat(30));
    for indirizzo in [doc.indirizzo.unwrap(), &long] {
        let pdf = render(&RicevutaDoc { indirizzo: Some(indirizzo), ..doc }).unwrap();
        let Some(last) = pages(&pdf).and_then(|pages| raster(&pdf, pages.try_into().unwrap(), 300, None)) else { return };
        assert_eq!(qr_codes(&last), [indirizzo]);
    }
    // what no browser opens is no code either
    let pdf = render(&RicevutaDoc { indirizzo: Some("javascript:alert(1)"), ..doc }).unwrap();
    let Some(page) = raster(&pdf, 1, 200, None) else { return };
    assert!(qr_codes(&page).is_empty());
}

#[test]
fn the_act_that_was_paid_is_named() {
    use domain::{Atto, TipoAtto};
    let (ricevuta, ente) = (everyday(), ente());
    for (tipo, data, words) in [
        (TipoAtto::Verbale, Some(jiff::civil::date(2026, 3, 2)), "Verbale n. V/2026/004711 del 02/03/2026"),
        (TipoAtto::Cartella, None, "Cartella di pagamento n. V/2026/004711"),
    ] {
        let atto = Atto { tipo, numero: "V/2026/004711".into(), data };
        let Some(text) = read(&render(&RicevutaDoc { atto: Some(&atto), ..doc(&ricevuta, &ente) }).unwrap()) else { return };
        assert!(text.contains(words), "{words:?} is not in {text}");
    }
}

#[test]
fn the_emblem_stands_beside_the_name_and_is_said_aloud() {
    let (ricevuta, ente) = (everyday(), ente());
    let stemma = documents::Logo::from_png(include_bytes!("fixtures/stemma.png")).unwrap();
    let plain = doc(&ricevuta, &ente);
    let with = render(&RicevutaDoc { logo: Some(&stemma), ..plain }).unwrap();
    assert_eq!(read(&with), read(&render(&plain).unwrap()), "the same words");
    let Some(structure) = ask("pdfinfo", &["-struct", "PDF"], &with) else { return };
    assert!(structure.contains("Figure"), "{structure}");
    // the upper right corner, between the margins
    let corner = Some([1_600, 140, 300, 180]);
    let dark = |pdf: &[u8]| Some(raster(pdf, 1, 72, corner)?.dots.iter().filter(|dot| **dot < 128).count());
    let Some((with, without)) = dark(&with).zip(dark(&render(&plain).unwrap())) else { return };
    assert!(with > without + 200, "{with} and {without}: nothing was drawn");
}

#[test]
fn the_file_is_sound_and_says_what_it_is() {
    for ricevuta in [everyday(), fullest()] {
        let pdf = print(&ricevuta);
        let Some(_) = ask("qpdf", &["--check", "PDF"], &pdf) else { return };
        let Some(info) = ask("pdfinfo", &["PDF"], &pdf) else { return };
        for line in [
            "Title:           Ricevuta di pagamento, avviso 3020 0000 0000 0001 84",
            "Author:          Comune di Valdoria",
            "Tagged:          yes",
            "Page size:       595.3 x 841.9 pts (A4)",
        ] {
            assert!(info.contains(line), "{line:?} is not in {info}");
        }
    }
}

#[test]
fn the_metadata_claims_both_standards_and_the_argument_s_date() {
    let pdf = print(&everyday());
    let plain = String::from_utf8_lossy(&pdf);
    for claim in ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>"]
    {
        assert!(plain.contains(claim), "{claim}");
    }
    assert!(plain.contains("<xmp:CreateDate>2026-03-12T10:32:00+01:00</xmp:CreateDate>"), "winter time of Rome");
    let (ricevuta, ente) = (everyday(), ente());
    let summer = jiff::civil::date(2026, 7, 1).at(9, 5, 0, 0);
    let pdf = render(&RicevutaDoc { ricevuta_il: summer, ..doc(&ricevuta, &ente) }).unwrap();
    assert!(String::from_utf8_lossy(&pdf).contains("<xmp:CreateDate>2026-07-01T09:05:00+02:00</xmp:CreateDate>"), "summer time");
}

#[test]
fn a_screen_reader_finds_headings_tables_and_the_figure() {
    let Some(structure) = ask("pdfinfo", &["-struct-text", "PDF"], &print(&everyday())) else { return };
    for element in ["H1 ", "H2 ", "Table", "THead", "TBody", "TH ", "TD", "Figure", "Link"] {
        assert!(
            structure.lines().any(|line| line.trim_start().starts_with(element.trim_end())),
            "{element} is not in {structure}"
        );
    }
    assert_eq!(structure.matches("H1").count(), 1);
    assert!(structure.contains("Pagamento eseguito Il pagamento è stato eseguito"), "words are apart: {structure}");
    let after_h1 = structure.split("H1").nth(1).unwrap();
    let place = |what: &str| after_h1.find(what).unwrap_or_else(|| panic!("{what} is not after the title in {structure}"));
    assert!(place("Figure") < place("Pagamento eseguito"));
    assert!(place("Pagamento eseguito") < place("Dettaglio del pagamento"));
    assert!(place("Dettaglio del pagamento") < place("Versamenti"));
}
