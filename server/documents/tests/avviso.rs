//! The notice as whoever gets it sees it, and as the machines at a counter do. What is not installed is said, and those tests pass.

#![allow(clippy::unwrap_used, reason = "helpers of tests are not `#[test]` functions")]

#[path = "common/avvisi.rs"]
mod avvisi;
#[path = "common/pdf.rs"]
mod pdf;

use avvisi::{debitore, doc, each, ente, iban_postale, longest, postale, rata, stemma};
use documents::avviso::{Creditore, Debitore, Dovuto, Lingua, Postale, Seconda, render};
use documents::datamatrix::{self, Bollettino};
use documents::{AvvisoDoc, DocumentError, Logo};
use domain::posizione::Accredito;
use domain::{CodiceFiscaleEnte, Iban, Importo, QrAvviso, Rata};
use jiff::civil::date;
use pdf::{ask, data_matrix, pages, qr_codes, raster, read};

/// A notice travels by e-mail and opens on a phone.
const BYTES_MAX: usize = 60_000;

fn due() -> Rata {
    rata(0, 150_000, Some(date(2026, 6, 30)))
}

#[test]
fn the_paper_holds_what_one_pays_with() {
    let (ente, unica, iban) = (ente(), due(), iban_postale());
    let single = doc(&ente, Dovuto::Rate { unica: Some(&unica), rate: &[] });
    let pdf = render(&AvvisoDoc { postale: Some(postale(&iban)), ..single }).unwrap();
    assert_eq!(pages(&pdf).unwrap_or(1), 1);
    let Some(text) = read(&pdf) else { return };
    for fact in [
        "AVVISO DI PAGAMENTO",
        "TARI 2026, utenza domestica di via Roma 3",
        "Comune di Valdoria",
        "80001230459",
        "Settore tributi",
        "tributi@comune.valdoria.it",
        "Niccolò D’Angelo Šimić",
        "RSSMRA85T10A562S",
        "Via dell’Università 12 54100 Valdoria (MS)",
        "1.500,00 Euro",
        "Rata unica entro il 30/06/2026",
        "PAGA CON L'APP IO",
        "PAGA SUL TERRITORIO",
        "AB123",
        &unica.numero.grouped(),
        "sul C/C n. 000000123456",
        "Intestato a Comune di Valdoria - Servizio tributi",
        "AUT. DB/SISB/GPP 1234 DEL 01/02/2026",
    ] {
        assert!(text.contains(fact), "{fact:?} is not in {text}");
    }
}

#[test]
fn another_library_reads_every_qr_back_from_the_printed_page() {
    let mut read_back = 0;
    each(|name, doc| {
        // three in a row are the smallest ones, on a first and on a following page
        if !["rate-5", "rate-3-poste", "verbale", "ridotto", "unica-poste-de"].contains(&name) {
            return;
        }
        let pdf = render(doc).unwrap();
        let mut expected: Vec<String> = match doc.dovuto {
            Dovuto::Rate { unica, rate } => unica.into_iter().chain(rate.iter().copied()).collect(),
            Dovuto::Verbale { scontato, ridotto, .. } => vec![scontato.unwrap().rata, ridotto],
            Dovuto::Ridotto { ridotto, intero } => vec![ridotto, intero],
        }
        .into_iter()
        .map(|rata: &Rata| {
            let (numero, ente) = (rata.numero.clone(), doc.ente.codice_fiscale.clone());
            QrAvviso { numero, ente, importo: rata.importo }.encode()
        })
        .collect();
        let Some(count) = pages(&pdf) else { return };
        let mut found = Vec::new();
        for page in 1..=usize::try_from(count).unwrap() {
            let Some(raster) = raster(&pdf, page, 150, None) else { return };
            found.extend(qr_codes(&raster));
        }
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{name}");
        read_back += found.len();
    });
    assert!(read_back == 15 || read_back == 0, "{read_back}");
}

#[test]
fn another_library_reads_the_data_matrix_back_character_by_character() {
    let (mut ente, unica, iban) = (ente(), due(), iban_postale());
    let (debitore_lungo, causale_lunga) = longest(&mut ente);
    for (debitore, causale) in
        [(debitore(), "TARI 2026, città"), (debitore_lungo, causale_lunga), (debitore_lungo, "Œuvre ß žaba")]
    {
        let dovuto = Dovuto::Rate { unica: Some(&unica), rate: &[] };
        let doc = AvvisoDoc { debitore: Some(debitore), causale, postale: Some(postale(&iban)), ..doc(&ente, dovuto) };
        let pdf = render(&doc).unwrap();
        // the code stands on the right of "Tipo P1", and readers want it in the middle of what they look at
        let Some(words) = words(&pdf) else { return };
        let (page, _, _, _, baseline) = words.iter().find(|(_, text, ..)| text == "Tipo").unwrap();
        let top = usize::try_from(baseline - 27 - 178 - 40).unwrap();
        // as a printer has it
        let Some(raster) = raster(&pdf, *page, 300, Some([1_730, top, 310, 310])) else { return };
        let text = data_matrix(&raster);
        let expected = Bollettino {
            numero: &unica.numero,
            conto: "123456",
            importo: unica.importo,
            ente: &ente.codice_fiscale,
            codice_fiscale: debitore.codice_fiscale,
            nome: debitore.nome,
            causale,
        };
        assert_eq!(text, expected.encode().unwrap());
        assert_eq!(text.len(), datamatrix::LEN);
        assert!(text.starts_with("codfase=NBPA;18") && text.ends_with("            A"));
    }
}

/// Page, text, left, right and baseline, in tenths of a millimetre.
type Word = (usize, String, i64, i64, i64);

fn words(pdf: &[u8]) -> Option<Vec<Word>> {
    let html = ask("pdftotext", &["-bbox", "PDF", "-"], pdf)?;
    let mut page = 0;
    let mut words = Vec::new();
    for line in html.lines().map(str::trim) {
        if line.starts_with("<page") {
            page += 1;
        }
        let Some(rest) = line.strip_prefix("<word ") else { continue };
        // thousandths of a point, as an integer
        let edge = |name: &str| -> i64 {
            let value = rest.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
            let (points, fraction) = value.split_once('.').unwrap();
            points.parse::<i64>().unwrap() * 1_000 + fraction[..3].parse::<i64>().unwrap()
        };
        let tenths = |thousandths: i64| thousandths * 254 / 72_000;
        let text = rest.split_once('>').unwrap().1.trim_end_matches("</word>").replace("&apos;", "'").replace("&amp;", "&");
        // Titillium's box has three quarters above the baseline, Roboto Mono's a little more
        let baseline = edge("yMin") + (edge("yMax") - edge("yMin")) * 76 / 100;
        words.push((page, text, tenths(edge("xMin")), tenths(edge("xMax")), tenths(baseline)));
    }
    Some(words)
}

#[test]
fn nothing_leaves_the_sheet_and_no_words_stand_on_each_other() {
    each(|name, doc| {
        if !["longest", "longest-de", "rate-5-de", "verbale-sl", "rate-3-poste-fr", "rate-7"].contains(&name) {
            return;
        }
        let Some(words) = words(&render(doc).unwrap()) else { return };
        assert!(words.len() > 100);
        for (n, (page, text, left, right, baseline)) in words.iter().enumerate() {
            assert!(*left >= 99 && *right <= 2_003, "{name}: {text:?} from {left} to {right}");
            assert!(*baseline >= 90 && *baseline <= 2_940, "{name}: {text:?} at {baseline}");
            for (other_page, other, other_left, other_right, other_baseline) in &words[n + 1..] {
                let same_line = page == other_page && (baseline - other_baseline).abs() < 15;
                // a shrunk line's full stop may touch its neighbour's box by a hair
                let apart = *right <= other_left + 4 || *other_right <= left + 4;
                assert!(!same_line || apart, "{name}, page {page}: {text:?} and {other:?} at {baseline}");
            }
        }
    });
}

#[test]
fn long_texts_are_shrunk_and_only_then_cut() {
    let (mut ente, unica) = (ente(), due());
    let (debitore, causale) = longest(&mut ente);
    let dovuto = Dovuto::Rate { unica: Some(&unica), rate: &[] };
    let long = AvvisoDoc { debitore: Some(debitore), causale, ..doc(&ente, dovuto) };
    let Some(text) = read(&render(&long).unwrap()) else { return };
    assert!(text.contains("Contributo di costruzione e oneri di urbanizzazione primaria e secondaria, pratica …"), "{text}");
    for whole in [ente.nome.as_str(), debitore.nome, debitore.indirizzo.unwrap(), debitore.localita.unwrap()] {
        assert!(text.contains(whole), "{whole:?} is not in {text}");
    }
    let wide = "W".repeat(250);
    let nobody = Debitore { nome: &wide, indirizzo: None, localita: None, ..debitore };
    let text = read(&render(&AvvisoDoc { debitore: Some(nobody), causale: &wide, ..long }).unwrap()).unwrap();
    assert!(text.contains("WWW…") && !text.contains(&wide));
}

#[test]
fn no_text_keeps_a_notice_from_being_printed() {
    let (mut ente, unica, iban, stemma) = (ente(), due(), iban_postale(), stemma());
    let letters: String = (' '..='\u{17f}').collect();
    for text in [
        "مرحبا שלום \u{202e}evil\u{202c} 👩‍👩‍👧‍👦 𝕬 李小龍 a\u{0}b\u{7}\r\n\u{feff}\u{fffe}\u{e000}\u{200d} e\u{301} q\u{308} <b>&amp;</b> )\\( %s",
        &letters,
        &"W".repeat(140),
        &"parola ".repeat(10_000),
        "\u{200b}",
        " ",
        "",
    ] {
        ente.nome = text.to_owned();
        ente.contatti.sito = Some(text.to_owned());
        let debitore = Debitore { nome: text, codice_fiscale: text, indirizzo: Some(text), localita: Some(text) };
        let creditore = Creditore { settore: Some(text), cbill: Some(text), logo: Some(&stemma) };
        let postale = Some(Postale::new(&iban, text, text).unwrap());
        let seconda = Some(Seconda { lingua: Lingua::Fr, causale: Some(text) });
        let single = doc(&ente, Dovuto::Rate { unica: Some(&unica), rate: &[] });
        let hostile = AvvisoDoc { creditore, debitore: Some(debitore), causale: text, postale, seconda, ..single };
        let pdf = render(&hostile).unwrap();
        let Some(words) = words(&pdf) else { return };
        for (_, word, left, right, baseline) in &words {
            assert!(
                *left >= 99 && *right <= 2_003 && *baseline >= 90 && *baseline <= 2_940,
                "{word:?} at {left} {right} {baseline}"
            );
        }
        let plain = read(&pdf).unwrap();
        for needed in [unica.numero.grouped(), "1.500,00".to_owned(), "000000123456".to_owned()] {
            assert!(plain.contains(&needed), "{needed} is not in {plain}");
        }
    }
}

#[test]
fn who_has_only_the_number_learns_no_name() {
    let (ente, unica, iban) = (ente(), due(), iban_postale());
    let single = doc(&ente, Dovuto::Rate { unica: Some(&unica), rate: &[] });
    let anonymous = AvvisoDoc { debitore: None, postale: Some(postale(&iban)), ..single };
    let Some(text) = read(&render(&anonymous).unwrap()) else { return };
    assert!(text.contains("Il nome non compare") && text.contains(&unica.numero.grouped()), "{text}");
    // the code of the bollettino names the debtor: there is none
    assert!(!text.contains("BOLLETTINO") && !text.contains("RSSMRA85T10A562S") && !text.contains("Šimić"), "{text}");
}

#[test]
fn what_no_paper_may_ask_for_is_refused() {
    let ente = ente();
    let refused = |rata: &Rata| render(&doc(&ente, Dovuto::Rate { unica: Some(rata), rate: &[] })).unwrap_err();
    let mut bollo = due();
    bollo.versamenti[0].accredito = Accredito::Bollo { hash_documento: "aGFzaA==".to_owned(), provincia: "MS".to_owned() };
    assert_eq!(refused(&bollo), DocumentError::Bollo);
    assert_eq!(refused(&Rata { pagata: true, ..due() }), DocumentError::AlreadyPaid);
    assert_eq!(refused(&rata(0, 0, None)), DocumentError::NothingDue);
    assert_eq!(render(&doc(&ente, Dovuto::Rate { unica: None, rate: &[] })), Err(DocumentError::NothingDue));
    let one = rata(1, 100, None);
    let many = vec![&one; 62];
    let too_many = Err(DocumentError::TooManyRate { max: 60, found: 62 });
    assert_eq!(render(&doc(&ente, Dovuto::Rate { unica: None, rate: &many })), too_many);
    // one of five instalments is enough to refuse them all
    let mut rate: Vec<Rata> = (1..=5).map(|n| rata(n, 100, None)).collect();
    rate[4].versamenti[0].accredito = bollo.versamenti[0].accredito.clone();
    let rate: Vec<&Rata> = rate.iter().collect();
    assert_eq!(render(&doc(&ente, Dovuto::Rate { unica: None, rate: &rate })), Err(DocumentError::Bollo));
}

#[test]
fn a_bollettino_goes_to_an_account_of_poste_and_carries_what_it_can() {
    let bank = Iban::parse("IT60X0542811101000000123456").unwrap();
    assert_eq!(Postale::new(&bank, "Comune", "AUT.").unwrap_err(), DocumentError::ContoPostale);
    let (ente, iban) = (ente(), iban_postale());
    let most = Rata { importo: Importo::MAX, ..due() };
    let single = doc(&ente, Dovuto::Rate { unica: Some(&most), rate: &[] });
    assert!(render(&single).is_ok());
    assert_eq!(render(&AvvisoDoc { postale: Some(postale(&iban)), ..single }), Err(DocumentError::TooMuchForPoste));
}

#[test]
fn every_variant_is_sound_small_and_says_what_it_is() {
    each(|name, doc| {
        let pdf = render(doc).unwrap();
        // more codes than four, each with its bollettino, are more than a sheet: they grow by the code
        let many = ["rate-5-poste", "longest", "longest-de", "rate-9", "rate-5-de", "rate-5-en", "rate-5-fr", "rate-5-sl"];
        let many = many.contains(&name) || name.starts_with("rate-3-poste-");
        assert!(pdf.len() <= if many { BYTES_MAX * 3 / 2 } else { BYTES_MAX }, "{name}: {} bytes", pdf.len());
        let plain = String::from_utf8_lossy(&pdf);
        for claim in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
            assert!(plain.contains(claim), "{name}: {claim}");
        }
        if ask("qpdf", &["--check", "PDF"], &pdf).is_none() {
            return;
        }
        let info = ask("pdfinfo", &["PDF"], &pdf).unwrap_or_default();
        assert!(
            info.contains("Tagged:          yes") && info.contains("Title:           Avviso di pagamento 3027"),
            "{name}: {info}"
        );
    });
}

#[test]
fn a_screen_reader_finds_headings_codes_and_the_other_language() {
    each(|name, doc| {
        if name != "unica-poste-de" {
            return;
        }
        let pdf = render(doc).unwrap();
        let Some(structure) = ask("pdfinfo", &["-struct-text", "PDF"], &pdf) else { return };
        assert_eq!(structure.matches("H1").count(), 1, "{structure}");
        let place = |what: &str| structure.find(what).unwrap_or_else(|| panic!("{what} is not in {structure}"));
        let order = [
            "AVVISO DI PAGAMENTO",
            "TARI 2026",
            "ENTE CREDITORE",
            "DESTINATARIO",
            "QUANTO E QUANDO PAGARE?",
            "DOVE PAGARE?",
            "DATI PER IL PAGAMENTO",
            "BOLLETTINO POSTALE PA",
        ];
        for pair in order.windows(2) {
            assert!(place(pair[0]) < place(pair[1]), "{pair:?} in {structure}");
        }
        assert!(structure.matches("H2").count() == 6, "{structure}");
        assert_eq!(structure.matches("Figure").count(), 2, "{structure}");
        // alternative texts and languages, as qpdf shows the objects
        let Some(objects) = ask("qpdf", &["--qdf", "--object-streams=disable", "PDF", "-"], &pdf) else { return };
        assert!(objects.matches("/Lang (de-IT)").count() > 10, "the German words are marked as such");
        assert_eq!(objects.matches("/Alt ").count(), 2);
    });
}

#[test]
fn an_emblem_stands_in_its_corner_and_a_bad_one_is_known_before_any_paper() {
    let good = include_bytes!("fixtures/stemma.png");
    // 600 × 1 pixels, of 69 bytes
    let wide = [
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 2, 88, 0, 0, 0, 1, 1, 0, 0, 0, 0, 42, 3, 237, 103, 0,
        0, 0, 12, 73, 68, 65, 84, 120, 218, 99, 96, 160, 30, 0, 0, 0, 76, 0, 1, 112, 146, 219, 192, 0, 0, 0, 0, 73, 69, 78, 68,
        174, 66, 96, 130,
    ];
    let mut damaged = good.to_vec();
    damaged.truncate(good.len() / 2);
    for (name, bytes, why) in [
        ("no picture", b"<svg/>".to_vec(), "not a PNG"),
        ("nothing", Vec::new(), "not a PNG"),
        ("too wide", wide.to_vec(), "more than 512 pixels on a side"),
        ("half of it", damaged, "its pixels cannot be read"),
        ("too heavy", vec![0; Logo::BYTES_MAX + 1], "more than 30,000 bytes"),
    ] {
        assert_eq!(Logo::from_png(&bytes).unwrap_err(), DocumentError::Logo(why), "{name}");
    }
    let (ente, unica, stemma) = (ente(), due(), stemma());
    let single = doc(&ente, Dovuto::Rate { unica: Some(&unica), rate: &[] });
    let pdf = render(&AvvisoDoc { creditore: Creditore { logo: Some(&stemma), ..single.creditore }, ..single }).unwrap();
    // 30 × 30 mm, in the upper right corner and nowhere else
    let Some(corner) = raster(&pdf, 1, 72, Some([1_735, 100, 265, 300])) else { return };
    let dark = corner.dots.iter().filter(|&&dot| dot < 200).count();
    assert!(dark * 2 > corner.dots.len(), "{dark} of {}", corner.dots.len());
    let Some(beside) = raster(&pdf, 1, 72, Some([1_400, 100, 320, 300])) else { return };
    assert!(beside.dots.iter().all(|&dot| dot == 255));
    let Some(structure) = ask("pdfinfo", &["-struct-text", "PDF"], &pdf) else { return };
    assert_eq!(structure.matches("Figure").count(), 2, "{structure}");
}

#[test]
fn a_paper_of_the_demo_says_so_on_every_sheet() {
    let ente = ente();
    let rate: Vec<Rata> = (1..=9).map(|n| rata(n, 100, None)).collect();
    let rate: Vec<&Rata> = rate.iter().collect();
    let real = doc(&ente, Dovuto::Rate { unica: None, rate: &rate });
    let made_up = render(&AvvisoDoc { di_prova: true, ..real }).unwrap();
    let (Some(count), Some(text)) = (pages(&made_up), read(&made_up)) else { return };
    assert_eq!(text.matches("AMBIENTE DI PROVA").count(), usize::try_from(count).unwrap());
    assert!(count > 1 && !read(&render(&real).unwrap()).unwrap().contains("PROVA"));
}

#[test]
fn the_same_notice_gives_the_same_bytes() {
    let (ente, unica) = (ente(), due());
    let single = doc(&ente, Dovuto::Rate { unica: Some(&unica), rate: &[] });
    assert_eq!(render(&single).unwrap(), render(&single).unwrap());
    assert_ne!(render(&single).unwrap(), render(&AvvisoDoc { causale: "TARI 2027", ..single }).unwrap());
}

/// One of the papers that pagoPA's print service made, made by us. Their numbers begin with 4700, which no ente's do.
fn scenario(n: u32, show: impl FnOnce(&AvvisoDoc<'_>)) {
    let mut ente = ente();
    ente.codice_fiscale = CodiceFiscaleEnte::parse("99999000013").unwrap();
    ente.nome = "Comune di Test".to_owned();
    ente.contatti = domain::ente::Contatti { sito: Some("Info di Test".to_owned()), ..Default::default() };
    let iban = iban_postale();
    let conto = Postale::new(&iban, "Comune di Test", "AUT. 08/5 S3/81 53079 08129.07.20211").unwrap();
    let with = |end: &str, n: u8, cents: i64, giorno: Option<jiff::civil::Date>| {
        let numero = domain::NumeroAvviso::parse(&format!("3020000088009990{end}")).unwrap();
        Rata { numero, ..rata(n, cents, giorno) }
    };
    let giorno = |year: i16, day: i8| Some(date(year, 12, day));
    let (poste, amounts) = (matches!(n, 3 | 7 | 13 | 15), [160_000, 140_000]);
    let unica = match n {
        7 => with("51", 0, 150_000, None),
        9 | 13 => with("51", 0, 300_000, giorno(2024, 30)),
        11 | 15 => with("50", 0, 450_000, giorno(2024, 31)),
        _ => with("51", 0, 150_000, giorno(2024, 31)),
    };
    let rate = match n {
        9 | 13 => vec![with("62", 1, amounts[0], giorno(2024, 31)), with("73", 2, amounts[1], giorno(2025, 31))],
        11 | 15 => ["51", "62", "73"]
            .into_iter()
            .zip(1..)
            .map(|(end, n)| with(end, n, 150_000, giorno(2023 + i16::from(n), 31)))
            .collect(),
        _ => Vec::new(),
    };
    let (scontata, ridotta) = (with("52", 1, 170_000, None), with("51", 2, 150_000, None));
    let rate: Vec<&Rata> = rate.iter().collect();
    let dovuto = match n {
        17 => {
            let scontato = documents::avviso::Scontato { rata: &scontata, percento: 30, giorni: 5 };
            Dovuto::Verbale { scontato: Some(scontato), ridotto: &ridotta, giorni: 60 }
        }
        _ => Dovuto::Rate { unica: Some(&unica), rate: &rate },
    };
    let creditore = Creditore { settore: (n != 2).then_some("Settore di Test"), cbill: Some("CBI1234"), logo: None };
    let debitore = Debitore {
        nome: "Mario Rossi",
        codice_fiscale: "FFFCST83A15L113V",
        indirizzo: Some("Via Nazionale 1"),
        localita: Some("00100 Roma (RM)"),
    };
    let (causale, postale) = ("Avviso Pagamento di TEST", poste.then_some(conto));
    show(&AvvisoDoc { creditore, debitore: Some(debitore), causale, postale, ..doc(&ente, dovuto) });
}

/// A row of `layout_text_mm.csv`: page, left, top, right, bottom in tenths of a millimetre, text.
fn row(line: &str) -> (usize, [i64; 4], String) {
    let mut fields = line.splitn(7, ',');
    let page = fields.nth(1).unwrap().parse().unwrap();
    let tenths = |field: &str| field.replace('.', "").parse::<i64>().unwrap();
    let edges = [(); 4].map(|()| tenths(fields.next().unwrap()));
    (page, edges, fields.next().unwrap().trim_matches('"').replace("4700 0000", "3020 0000"))
}

#[test]
fn every_word_stands_where_pagopa_s_own_papers_have_it() {
    let Some(specs) = std::env::var_os("PAGOPA_SPECS") else {
        eprintln!("SKIPPED: PAGOPA_SPECS names no folder");
        return;
    };
    let csv = std::fs::read_to_string(std::path::Path::new(&specs).join("avviso/layout_text_mm.csv")).unwrap();
    for n in [1, 2, 3, 7, 9, 11, 13, 15, 17] {
        let mut ours = None;
        scenario(n, |doc| ours = words(&render(doc).unwrap()));
        let Some(ours) = ours else { return };
        let name = format!("scenario_ft_{n:02},");
        let rows: Vec<_> = csv.lines().filter(|line| line.starts_with(&name)).map(row).collect();
        assert!(rows.len() > 40, "{name} has {} texts", rows.len());
        let elsewhere: Vec<_> = rows
            .iter()
            .filter(|(page, [left, top, right, bottom], text)| {
                // a paper without a date still says "entro" on its bollettino
                let text = if n == 7 { text.replace("Rata unica entro", "Rata unica") } else { text.clone() };
                let theirs: Vec<&str> = text.split(' ').collect();
                let baseline = top + (bottom - top) * 80 / 100;
                !ours.windows(theirs.len()).any(|at| {
                    let (first, last) = (&at[0], &at[theirs.len() - 1]);
                    // 1.2 mm: their right column begins where its widest text does
                    let near = |a: i64, b: i64| (a - b).abs() <= 12;
                    first.0 == *page
                        && at.iter().zip(&theirs).all(|(ours, theirs)| ours.1 == *theirs)
                        && (near(first.2, *left) || near(last.3, *right))
                        && near(first.4, baseline)
                })
            })
            .collect();
        assert!(elsewhere.is_empty(), "{name} {elsewhere:?}");
    }
}

/// A chunk of a PNG, with its check sum (PNG, third edition, annex D).
fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let crc = name.iter().chain(content).fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    });
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name, content, &(!crc).to_be_bytes()].concat()
}

#[test]
fn an_emblem_is_given_to_browsers_without_what_stands_beside_its_picture() {
    let stemma = include_bytes!("fixtures/stemma.png");
    let clean = Logo::clean_png(stemma).unwrap();
    assert!(clean.len() <= stemma.len() && Logo::from_png(&clean).is_ok());
    assert_eq!(Logo::clean_png(&clean).unwrap(), clean, "what is clean stays");
    // behind the signature and the header: 8 and 25 bytes
    let (head, rest) = stemma.split_at(33);
    let told = [head, &chunk(b"tEXt", b"Author\0Mario Rossi"), &chunk(b"eXIf", b"GPS"), rest].concat();
    assert_eq!(Logo::clean_png(&told).unwrap(), clean, "who made it, and where");
    assert_eq!(
        Logo::clean_png(&[stemma, &b"<script>alert(1)</script>"[..]].concat()).unwrap(),
        clean,
        "what hides behind its end"
    );
    for end in [0, 7, 8, 20, 40, stemma.len() - 13] {
        assert!(Logo::clean_png(&stemma[..end]).is_err(), "cut at {end}");
    }
    let endless = [head, &u32::MAX.to_be_bytes(), b"IDAT"].concat();
    assert!(Logo::clean_png(&endless).is_err());
}
