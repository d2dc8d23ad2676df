//! Forms of other systems, translated: what comes of them can be filled in, and what is lost is told.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

use domain::modulo::{Campo, Formula, Lingua, Modulo, TipoCampo, Valori, Verificato};
use jiff::civil::date;
use moduli::{Importato, Sorgente, import};
use serde_json::{Value, json};

/// pagoPA's and others' examples are not ours to copy: where they are not, these stories say so.
fn sample(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("PAGOPA_SAMPLES") else {
        eprintln!("PAGOPA_SAMPLES is not set: {name} is not looked at");
        return None;
    };
    let path = std::path::Path::new(&folder).join("forms").join(name);
    Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
}

/// Where something was lost.
fn places(importato: &Importato) -> Vec<&str> {
    importato.note.iter().map(|nota| nota.dove.as_str()).collect()
}

fn campi(modulo: &Modulo) -> Vec<&Campo> {
    modulo.sezioni.iter().flat_map(|sezione| &sezione.campi).collect()
}

fn campo<'a>(modulo: &'a Modulo, nome: &str) -> &'a Campo {
    campi(modulo).into_iter().find(|campo| campo.nome == nome).unwrap_or_else(|| panic!("{nome}"))
}

fn verified(modulo: &Modulo) -> Verificato {
    let rilievi: Vec<_> = modulo.check().iter().map(ToString::to_string).collect();
    modulo.clone().verify().unwrap_or_else(|_| panic!("{rilievi:#?}"))
}

fn amount(form: &Verificato, pairs: &[(&str, &str)]) -> i64 {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let esame = form.evaluate(&Valori::from_pairs(pairs), date(2026, 3, 30), Lingua::It);
    assert_eq!(esame.errori, []);
    esame.importo.unwrap().cents()
}

#[test]
fn a_form_of_govpay_can_be_filled_in_as_it_is() {
    let Some(json) = sample("portale-form.json") else { return };
    let importato = import(Sorgente::Govpay, &json);
    let form = verified(&importato.modulo);
    let sent = &[
        ("id_pendenza", "A_1-b"),
        ("soggetto_pagatore_identificativo", "RSSMRA85T10A562S"),
        ("soggetto_pagatore_anagrafica", "Mario Rossi"),
        ("importo", "12,50"),
    ];
    assert_eq!(amount(&form, sent), 1_250);
    let numero = campo(&importato.modulo, "id_pendenza");
    assert_eq!(numero.etichetta.say(Lingua::En).testo, "Authorization number");
    assert_eq!(numero.modello.as_deref(), Some(r"[A-Za-z0-9\-_]{1,35}"));
    assert_eq!(campo(&importato.modulo, "soggetto_pagatore_identificativo").tipo, TipoCampo::CodiceFiscale);
    assert_eq!(places(&importato), ["/schema/properties/idPendenza/pattern", ""]);
}

#[test]
fn the_schema_alone_is_translated_too() {
    let Some(json) = sample("portale-validazione.json") else { return };
    let importato = import(Sorgente::Govpay, &json);
    verified(&importato.modulo);
    assert_eq!(campi(&importato.modulo).len(), 4);
}

#[test]
fn every_kind_of_field_of_a_json_schema_has_its_own() {
    let Some(json) = sample("jsonform-example.json") else { return };
    let importato = import(Sorgente::Govpay, &json);
    let modulo = &importato.modulo;
    verified(modulo);
    let titles: Vec<_> = modulo.sezioni.iter().map(|sezione| sezione.titolo.say(Lingua::En).testo).collect();
    assert_eq!(titles, ["Personal data", "Document", "Payment and appointment", "Other information"]);
    for (nome, tipo) in [
        ("nome", TipoCampo::Testo),
        ("data_nascita", TipoCampo::Data),
        ("data_ora_appuntamento", TipoCampo::Data),
        ("email", TipoCampo::Email),
        ("importo", TipoCampo::Importo),
        ("tipo_documento", TipoCampo::Scelta),
        ("note", TipoCampo::Area),
        ("consenso_privacy", TipoCampo::Casella),
    ] {
        assert_eq!(campo(modulo, nome).tipo, tipo, "{nome}");
    }
    assert_eq!(campo(modulo, "importo").minimo, Some(Formula::new("0,01 €")));
    assert_eq!(campo(modulo, "tipo_documento").opzioni[0].etichetta.say(Lingua::En).testo, "ID Card");
    assert_eq!(campo(modulo, "data_scadenza").obbligatorio, Some(Formula::new("falso")));
    assert_eq!(places(&importato), ["/schema/properties/dataOraAppuntamento", ""]);
}

#[test]
fn a_survey_becomes_a_form_but_for_its_files_and_its_functions() {
    let Some(json) = sample("surveyjs-example.json") else { return };
    let mut importato = import(Sorgente::Surveyjs, &json);
    let told = places(&importato);
    for place in
        ["/completedHtml", "/pages/0/elements/0/elements/2/validators/1", "/pages/3/elements/0", "/pages/3/elements/1", ""]
    {
        assert!(told.contains(&place), "{place}: {:#?}", importato.note);
    }
    assert_eq!(told.len(), 5, "{:#?}", importato.note);
    let modulo = &mut importato.modulo;
    assert!(modulo.check().iter().any(|rilievo| rilievo.to_string().contains("manca `importo`")), "which is told");
    modulo.importo = Some(Formula::new("se(tipologia_permesso = 'temporaneo'; 5 € * giorni(data_inizio; data_fine); 120 €)"));
    verified(modulo);
    assert_eq!(campo(modulo, "codice_fiscale").tipo, TipoCampo::CodiceFiscale);
    assert_eq!(campo(modulo, "data_inizio").minimo, Some(Formula::new("oggi()")));
    assert_eq!(campo(modulo, "data_fine").minimo, Some(Formula::new("data_inizio")));
    assert_eq!(campo(modulo, "data_fine").visibile, Some(Formula::new("tipologia_permesso = 'temporaneo'")));
    assert_eq!(campo(modulo, "zone_accesso").tipo, TipoCampo::Scelte);
    assert_eq!(campo(modulo, "consenso_privacy").obbligatorio, Some(Formula::new("vero")));
    assert_eq!(campo(modulo, "targa").modello.as_deref(), Some("[A-Z]{2}[0-9]{3}[A-Z]{2}"));
}

/// Of our own making, after what the Veneto form of accise does.
fn accise() -> Value {
    let amount = |name: &str, order: u8| {
        json!({"name": name, "htmlRender": "CURRENCY", "htmlLabel": name, "insertableOrder": order, "minOccurences": 0, "maxOccurences": 1,
               "extraAttr": {"total_included": "true"}})
    };
    json!([
        {"name": "codiceDitta", "htmlRender": "TEXT", "htmlLabel": {"it": "Codice ditta", "en": "Company code"}, "insertableOrder": 2,
         "regex": "^IT00[A-Z]{2}[EG]\\d{5}[A-Z]$", "errorMessage": "Non è un codice ditta.", "required": true},
        {"name": "cf", "htmlRender": "TEXT", "htmlLabel": "Codice fiscale", "insertableOrder": 1, "regex": ".*",
         "extraAttr": {"validation_type": "id_univoco_FG", "optional": "false"}},
        {"name": "anno", "htmlRender": "TEXT", "htmlLabel": "Anno", "insertableOrder": 3, "minOccurences": 1,
         "extraAttr": {"validation_type": "yearInRange", "val_min": "5", "val_max": "0"}},
        {"name": "versamento", "htmlRender": "SINGLESELECT", "htmlLabel": "Versamento", "insertableOrder": 4, "minOccurences": 1,
         "enumerationList": ["rata", "conguaglio"], "defaultValue": "rata"},
        {"name": "mese", "htmlRender": "SINGLESELECT", "htmlLabel": "Mese", "insertableOrder": 5, "minOccurences": 1,
         "enumerationList": [{"value": "gennaio", "label": "Gennaio"}, {"value": "febbraio", "label": "Febbraio"}],
         "hiddenDependsOn": "versamento != 'rata'", "hiddenDependsOnUids": ["versamento"]},
        {"name": "numeroMese", "htmlRender": "NONE", "insertableOrder": 6,
         "valueDependsOn": "switch (mese) { case 'gennaio': return 1; case 'febbraio': return 2; default: return 0; }"},
        {"name": "province", "htmlRender": "TAB", "htmlLabel": "Imposta per provincia", "insertableOrder": 7,
         "subfields": [amount("importoBL", 1), amount("importoPD", 2)]},
        {"name": "totale", "htmlRender": "CURRENCY_LABEL", "htmlLabel": "Totale", "insertableOrder": 8,
         "valueDependsOn": "return ((isNaN(importoBL) ? 0 : Number(importoBL)) + (isNaN(parent.importoPD) ? 0 : Number(parent.importoPD))).toFixed(2);",
         "extraAttr": {"causale_function": "'ACC ' + anno + ' ' + numeroMese + ' ' + codiceDitta", "join_template": "${x}"}},
        {"name": "conferma", "htmlRender": "CURRENCY", "htmlLabel": "Riscrivi il totale", "insertableOrder": 9, "minOccurences": 1,
         "validDependsOn": "conferma == totale ? {ok: true} : {ok: false, msg: 'Il totale non torna.', errCode: 1, invalidFields: ['conferma']}"},
        {"name": "spia", "htmlRender": "TEXT", "htmlLabel": "Spia", "insertableOrder": 10, "minOccurences": 0,
         "valueDependsOn": "document.cookie"},
        {"name": "allegato", "htmlRender": "FILE", "htmlLabel": "Allegato", "insertableOrder": 11},
        {"name": "mezzi", "htmlRender": "MULTIFIELD", "htmlLabel": "Mezzi", "insertableOrder": 12, "minOccurences": 0, "maxOccurences": 4,
         "subfields": [{"name": "targa", "htmlRender": "TEXT", "htmlLabel": "Targa", "required": true}]}
    ])
}

#[test]
fn field_beans_are_translated_and_their_javascript_is_read_not_run() {
    let importato = import(Sorgente::Mypay, &accise());
    let modulo = &importato.modulo;
    let form = verified(modulo);
    assert_eq!(places(&importato), ["/7/extraAttr/join_template", "/9/valueDependsOn", "/10"], "{:#?}", importato.note);
    assert!(importato.note[1].to_string().contains("document"), "{}", importato.note[1]);
    assert_eq!(campo(modulo, "anno").minimo, Some(Formula::new("anno(oggi()) - 5")));
    assert_eq!(campo(modulo, "cf").tipo, TipoCampo::CodiceFiscale);
    assert_eq!(campo(modulo, "mese").visibile, Some(Formula::new("non (versamento <> 'rata')")));
    assert_eq!(modulo.sezioni[1].titolo.say(Lingua::It).testo, "Imposta per provincia");
    assert_eq!(modulo.importo, Some(Formula::new("totale")));
    let sent = [
        ("cf", "80001230459"),
        ("codice_ditta", "IT00VEG00012A"),
        ("anno", "2026"),
        ("versamento", "rata"),
        ("mese", "febbraio"),
        ("importo_bl", "1.000,10"),
        ("conferma", "1.000,10"),
        ("mezzi.1.targa", "AB123CD"),
    ];
    assert_eq!(amount(&form, &sent), 100_010);
    let pairs = sent.map(|(name, value)| (name.to_owned(), if name == "conferma" { "1" } else { value }.to_owned()));
    let esame = form.evaluate(&Valori::from_pairs(pairs), date(2026, 3, 30), Lingua::It);
    assert_eq!(esame.errori.len(), 1);
    assert_eq!(esame.errori[0].campo, "conferma");
    assert_eq!(esame.causale.unwrap().as_deref(), Some("ACC 2026 2 IT00VEG00012A"));
}

/// Whatever stands in the file, there is an answer, and every place it names is in the source.
#[test]
fn what_is_no_form_is_told_and_not_a_crash() {
    for json in [
        json!(null),
        json!([]),
        json!({}),
        json!([1, "x", null, {"name": 7, "htmlRender": {}}]),
        json!({"schema": {"properties": {"a": 1, "b": {"type": ["string"]}, "c": {"type": "array"}}}}),
        json!({"pages": [{"elements": [{"type": "matrix", "name": "m"}, {"type": "dropdown", "choices": [1, null, {"x": 1}]}]}]}),
        json!({"pages": 3, "elements": "x"}),
    ] {
        for sorgente in [Sorgente::Mypay, Sorgente::Govpay, Sorgente::Surveyjs] {
            let importato = import(sorgente, &json);
            for nota in &importato.note {
                assert!(json.pointer(&nota.dove).is_some(), "{sorgente:?} {json}: {nota}");
            }
            drop(importato.modulo.check());
        }
    }
}
