//! Amounts, codes and texts that people type, and that others send.

use crate::says;
use domain::modulo::{Valori, Verificato};
use domain::{
    CodiceFiscale, CodiceFiscaleEnte, Iban, Importo, Iuv, Lingua, NumeroAvviso, PartitaIva, QrAvviso, Reason, Slug, Tassonomia,
    testo,
};
use nodo::rest::json::{Euro, euro, instant, of_roman, roman};

/// A free amount within limits, or so much for each piece.
static TARIFFE: std::sync::LazyLock<Verificato> = std::sync::LazyLock::new(|| {
    let json = r#"{"versione": 1, "importo": "libera + quanti * 4,80 €", "sezioni": [{"titolo": "x", "campi": [
        {"nome": "libera", "tipo": "importo", "etichetta": "x", "obbligatorio": false, "minimo": "1 €", "massimo": "10000 €"},
        {"nome": "quanti", "tipo": "numero", "etichetta": "x", "obbligatorio": false, "minimo": 1, "massimo": 60}]}]}"#;
    serde_json::from_str::<domain::Modulo>(json).unwrap().verify().unwrap()
});

/// Money in every spelling: whatever is read is an amount, and each way of writing it is read as the same.
pub fn money(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let typed = Importo::parse(text);
    if let Err(reason) = &typed {
        amount_told(reason);
    }
    let wire = Importo::from_wire(text);
    if let Some(wire) = wire {
        assert_eq!(
            wire.to_wire().trim_start_matches('0'),
            text.trim_start_matches('0'),
            "nothing but leading zeros is passed over"
        );
    }
    for importo in [typed.ok(), wire, euro(text)].into_iter().flatten() {
        assert!((Importo::ZERO..=Importo::MAX).contains(&importo));
        assert_eq!(Importo::parse(&importo.to_string()), Ok(importo));
        assert_eq!(Importo::parse(&importo.euro()), Ok(importo));
        assert_eq!(Importo::from_wire(&importo.to_wire()), Some(importo));
        assert_eq!(Importo::from_decimal(importo.to_decimal()), Some(importo));
        assert_eq!(euro(&importo.to_wire()), Some(importo));
        let json = serde_json::to_string(&Euro(importo)).unwrap();
        assert_eq!(serde_json::from_str::<Euro>(&json).unwrap(), Euro(importo));
        for parts in [1, 2, 3, 7, 120] {
            assert_eq!(Importo::sum(importo.split(parts)), Some(importo), "no cent is lost");
        }
    }
    // an English page reads more than an Italian one, and nothing otherwise
    if let Ok(importo) = Importo::parse(text) {
        assert_eq!(Importo::parse_in(Lingua::En, text), Ok(importo));
    }
    let paid = |field: &str| {
        let sent = [(field.to_owned(), text.to_owned())];
        TARIFFE.evaluate(&Valori::from_pairs(sent), jiff::civil::date(2026, 11, 23), Lingua::It).importo
    };
    if let Ok(importo) = paid("libera") {
        assert!((100..=1_000_000).contains(&importo.cents()));
    }
    if let Ok(importo) = paid("quanti") {
        assert!(importo.cents() % 480 == 0 && (480..=480 * 60).contains(&importo.cents()));
    }
    if let Some(civil) = instant(text).and_then(roman) {
        // the hour that comes twice is the first of the two: an hour apart at the most
        if let Some(back) = of_roman(civil) {
            assert_eq!(roman(back), Some(civil));
        }
    }
}

/// The limits of an amount are amounts themselves, told in cents.
fn amount_told(reason: &Reason) {
    match reason {
        Reason::AmountTooLarge { .. } | Reason::AmountTooSmall { .. } => {}
        other => says::nothing(other),
    }
}

/// Every code: what is read is what was written but for what people put between, and reading it again changes nothing.
pub fn codes(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let bare = |also: &[char]| -> String { text.chars().filter(|c| !c.is_whitespace() && !also.contains(c)).collect() };
    match NumeroAvviso::parse(text) {
        Ok(numero) => {
            assert_eq!(numero.as_str(), bare(&['-', '.']));
            assert_eq!(NumeroAvviso::parse(&numero.grouped()).as_ref(), Ok(&numero));
            assert!(Iuv::parse(numero.iuv().as_str()).is_ok());
            assert_eq!(NumeroAvviso::from_iuv(numero.aux(), numero.segregazione(), &numero.iuv()).as_ref(), Some(&numero));
            says::text(&format!("{numero:?}"));
        }
        Err(reason) => says::nothing(&reason),
    }
    match CodiceFiscale::parse(text) {
        Ok(code) => {
            assert_eq!(code.as_str(), bare(&['-']).to_ascii_uppercase());
            assert_eq!(CodiceFiscale::parse(code.as_str()).as_ref(), Ok(&code));
            assert_eq!(format!("{code:?}").chars().count(), "CodiceFiscale(R…)".chars().count());
        }
        Err(reason) => says::nothing(&reason),
    }
    match CodiceFiscaleEnte::parse(text) {
        Ok(code) => assert_eq!(code.as_str(), bare(&[])),
        Err(reason) => says::nothing(&reason),
    }
    match Iban::parse(text) {
        Ok(iban) => {
            assert_eq!(iban.as_str(), bare(&[]).to_ascii_uppercase());
            assert_eq!(Iban::parse(&iban.grouped()).as_ref(), Ok(&iban));
            assert!(iban.conto_postale().is_none_or(|conto| conto.len() == 12));
        }
        Err(reason) => says::nothing(&reason),
    }
    if let Ok(tassonomia) = Tassonomia::parse(text) {
        assert_eq!(Tassonomia::parse(&tassonomia.to_wire()), Ok(tassonomia));
    }
    if let Ok(qr) = QrAvviso::parse(text) {
        assert_eq!(QrAvviso::parse(&qr.encode()), Ok(qr));
    }
    if let Ok(iuv) = Iuv::parse(text) {
        assert_eq!(iuv.as_str(), text);
    }
    if let Ok(slug) = Slug::parse(text) {
        assert!(slug.as_str() == text && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "it becomes an address");
    }
    if let Ok(partita_iva) = PartitaIva::parse(text) {
        assert!(CodiceFiscale::parse(partita_iva.as_str()).is_ok());
    }
}

/// Free text: what passes is one visible line within its limits, and folding it again changes nothing.
pub fn texts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for (read, max) in
        [(testo::nome as fn(&str) -> Result<String, Reason>, testo::NOME_MAX), (testo::causale, testo::CAUSALE_MAX)]
    {
        match read(text) {
            Ok(line) => {
                assert!((1..=usize::from(max)).contains(&line.chars().count()));
                assert!(!line.chars().any(|c| c.is_control() || "<>{}[]\\|~^$".contains(c)), "{line:?}");
                assert_eq!(line.trim(), line);
                assert_eq!(read(&line).as_ref(), Ok(&line));
            }
            Err(reason) => says::nothing(&reason),
        }
    }
    match testo::email(text) {
        Ok(email) => {
            assert!(email.bytes().all(|b| b.is_ascii_graphic()) && email.len() <= 254 && email.matches('@').count() == 1);
            assert_eq!(email, text.trim());
        }
        Err(reason) => says::nothing(&reason),
    }
}
