//! The form language: what an ente stores, what a citizen sends to it.

use domain::Importo;
use domain::modulo::{Esame, Formula, Impedimento, Lingua, Modulo, Motivo, Valori, Verificato};
use jiff::civil::{Date, date};
use std::sync::LazyLock;

const OGGI: Date = date(2026, 3, 30);

/// A field of each kind; `x` is what an expression makes of them.
static CAMPI: LazyLock<Modulo> = LazyLock::new(|| {
    let text = r#"{"versione": 1, "importo": "1 €",
        "tabelle": [{"nome": "fasce", "fasce": [{"fino_a": 1, "valore": "1 €"}, {"fino_a": 9, "valore": "2 €"}]},
                    {"nome": "chiavi", "chiavi": [{"chiave": "PD", "valore": "0,5"}, {"chiave": "7", "valore": 2}]}],
        "sezioni": [{"titolo": "Prova", "campi": [
            {"nome": "n", "tipo": "numero", "decimali": 4, "etichetta": "n", "obbligatorio": false},
            {"nome": "i", "tipo": "importo", "etichetta": "i", "obbligatorio": false},
            {"nome": "t", "tipo": "testo", "etichetta": "t", "obbligatorio": false},
            {"nome": "d", "tipo": "data", "etichetta": "d", "obbligatorio": false},
            {"nome": "b", "tipo": "casella", "etichetta": "b"},
            {"nome": "s", "tipo": "scelta", "etichetta": "s", "obbligatorio": false, "opzioni": [
                {"valore": "PD", "etichetta": "Padova"}, {"valore": "VE", "etichetta": "Venezia", "quando": "b"}]},
            {"nome": "l", "tipo": "scelte", "etichetta": "l", "opzioni": [
                {"valore": "PD", "etichetta": "Padova"}, {"valore": "VE", "etichetta": "Venezia"}]},
            {"nome": "g", "tipo": "gruppo", "etichetta": "g", "massimo": 3, "campi": [
                {"nome": "n", "tipo": "numero", "etichetta": "n", "visibile": "b"},
                {"nome": "i", "tipo": "importo", "etichetta": "i", "obbligatorio": false}]},
            {"nome": "x", "tipo": "calcolato", "etichetta": "x", "formula": "0"}]}]}"#;
    serde_json::from_str(text).unwrap()
});

/// A form as it is stored, and after a line of its own (`\n\n`) what is sent to it, a `name=value` on each line.
pub fn modulo(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (json, sent) = text.split_once("\n\n").unwrap_or((text, ""));
    let Ok(modulo) = serde_json::from_str::<Modulo>(json) else { return };
    let again = serde_json::to_string(&modulo).unwrap();
    assert_eq!(serde_json::from_str::<Modulo>(&again).unwrap(), modulo);
    let rilievi = modulo.check();
    assert!(rilievi.iter().all(|rilievo| !rilievo.difetto.to_string().is_empty()));
    let wrong = rilievi.iter().any(|rilievo| rilievo.is_error());
    let verified = modulo.verify();
    assert_eq!(verified.is_err(), wrong);
    let Ok(form) = verified else { return };
    let pairs = sent.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut valori = Valori::from_pairs(pairs);
    answer(&form, &valori);
    if form.apply(&mut valori, OGGI, Lingua::It) {
        answer(&form, &valori);
    }
    assert!(!form.apply(&mut valori, OGGI, Lingua::It), "done once");
    answer(&form, &form.initial(OGGI));
}

/// An expression on the first line, on the others what is typed into the fields.
pub fn espressione(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.lines();
    let formula = lines.next().unwrap_or_default();
    let mut modulo = CAMPI.clone();
    if let Some(x) = modulo.sezioni[0].campi.last_mut() {
        x.formula = Some(Formula::new(formula));
    }
    let length = formula.chars().count();
    let rilievi = modulo.check();
    for rilievo in rilievi.iter().filter(|rilievo| rilievo.is_error() && rilievo.dove.ends_with(".formula")) {
        assert!(rilievo.colonna.is_some_and(|colonna| (1..=length + 1).contains(&colonna)), "{rilievo}");
    }
    let Ok(form) = modulo.verify() else { return };
    let names = ["n", "i", "t", "d", "b", "s", "l", "g.1.n", "g.1.i", "g.2.n", "g.7.i"];
    let pairs = names.into_iter().zip(lines).map(|(name, value)| (name.to_owned(), value.to_owned()));
    answer(&form, &Valori::from_pairs(pairs));
}

/// Whatever is sent, there is an answer: within the steps that were known, to the cent, and each word of it where it can be seen.
fn answer(form: &Verificato, valori: &Valori) {
    let esame: Esame = form.evaluate(valori, OGGI, Lingua::It);
    assert!(esame.passi <= form.steps_max(), "{} of {}", esame.passi, form.steps_max());
    let blocked = [esame.importo.as_ref().err(), esame.causale.as_ref().err(), esame.ripartizione.as_ref().err()];
    assert!(blocked.into_iter().flatten().all(|impedimento| *impedimento != Impedimento::Interno));
    assert!(esame.is_complete() || !esame.errori.is_empty() || form.modulo().esterno.is_some(), "refused without a word");
    for errore in &esame.errori {
        assert_ne!(errore.motivo, Motivo::Calcolo(Impedimento::Interno));
        assert!(errore.campo.is_empty() || esame.campo(&errore.campo).is_some_and(|esito| esito.visibile));
    }
    if let (Ok(importo), Ok(parti)) = (&esame.importo, &esame.ripartizione) {
        let sum = Importo::sum(parti.iter().map(|parte| parte.importo));
        assert!(parti.is_empty() || sum == Some(*importo), "no cent is lost");
    }
    if let Ok(Some(causale)) = &esame.causale {
        assert_eq!(domain::testo::causale(causale).as_ref(), Ok(causale));
    }
    for esito in esame.campi.iter().filter(|esito| !esito.visibile) {
        assert!(esito.valore.is_none() && esito.errore.is_none(), "what is hidden says nothing");
    }
    let again = form.evaluate(valori, OGGI, Lingua::It);
    assert_eq!((again.passi, &again.errori, &again.importo), (esame.passi, &esame.errori, &esame.importo));
}
