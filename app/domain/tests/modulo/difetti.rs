//! What [`domain::modulo::Modulo::check`] finds.

use crate::prova::{campi, campo, modulo};
use domain::modulo::{Formula, Gravita, Modulo, Quota, Regola, Testi, TipoCampo};
use serde_json::{Value, json};

/// A sound form, with something changed in its JSON.
fn changed(pointer: &str, value: Value) -> Modulo {
    let mut all = campi();
    all.push(domain::modulo::Campo { formula: Some(Formula::new("n * tassa(s)")), ..campo("x", TipoCampo::Calcolato) });
    all.push(campo("doc", TipoCampo::Documento));
    let mut m = modulo(all);
    m.regole.push(Regola { vale: Formula::new("n > 0"), campo: "n".into(), messaggio: Testi::it("No.") });
    let mut json = serde_json::to_value(&m).unwrap();
    json["tabelle"] = json!([{"nome": "tassa", "chiavi": [{"chiave": "BL", "valore": "1"}], "altrimenti": 2}, {"nome": "fasce", "fasce": [{"fino_a": 1, "valore": "1 €"}, {"fino_a": 2, "valore": "2 €"}, {"valore": "3 €"}]}]);
    json["causale"] = json!("'x' & fasce(n)");
    json["debitore"] = json!({"codice_fiscale": "cf", "nome": "t"});
    json["ripartizione"] = json!([{"quota": "10%"}, {"quota": "resto"}]);
    let (parent, last) = pointer.rsplit_once('/').unwrap_or(("", ""));
    match json.pointer_mut(parent).unwrap() {
        Value::Object(object) => drop(object.insert(last.to_owned(), value)),
        Value::Array(array) if last == "-" => array.push(value),
        Value::Array(array) => array[last.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer}"),
    }
    serde_json::from_value(json).unwrap_or_else(|error| panic!("{pointer}: {error}"))
}

#[test]
fn every_fault_is_told_at_its_place() {
    let n = "/sezioni/0/campi/0";
    let s = "/sezioni/0/campi/7";
    let g = "/sezioni/0/campi/11";
    let at = |base: &str, member: &str| format!("{base}/{member}");
    let long = "a".repeat(2_001);
    let atto = |numero: &str, data: &str| json!({"tipo": "verbale", "numero": numero, "data": data});
    let bollo = |documento: &str, provincia: &str| json!({"documento": documento, "provincia": provincia});
    for (pointer, value, dove, words) in [
        ("/atto".into(), atto("d", "d"), "atto.numero", "non è un campo `testo`"),
        ("/atto".into(), atto("t", "cf"), "atto.data", "non è un campo `data`"),
        ("/versione".into(), json!(2), "versione", "versione 2"),
        (at(n, "nome"), json!("Nome"), "sezioni[0].campi[0].nome", "non può essere un nome"),
        (at(n, "nome"), json!("m"), "sezioni[0].campi[1].nome", "c’è già"),
        (at(n, "nome"), json!("non"), "sezioni[0].campi[0].nome", "parola del linguaggio"),
        (at(n, "etichetta"), json!(" "), "sezioni[0].campi[0].etichetta", "senza etichetta"),
        (at(n, "etichetta"), json!({"it": "N", "en": ""}), "sezioni[0].campi[0].etichetta", "senza etichetta"),
        (at(n, "aiuto"), json!(long), "sezioni[0].campi[0].aiuto", "più lungo"),
        (at(n, "modello"), json!("x"), "sezioni[0].campi[0]", "`modello` non significa niente in un campo `numero`"),
        (at(n, "di"), json!("ente"), "sezioni[0].campi[0]", "`di` non significa"),
        (at(n, "campi"), json!([]), "", ""),
        (at(n, "decimali"), json!(5), "sezioni[0].campi[0].decimali", "da 0 a 4"),
        (at(n, "minimo"), json!("1 €"), "sezioni[0].campi[0].minimo", "serve un numero"),
        (at(n, "minimo"), json!("n"), "sezioni[0].campi[0].minimo", "viene dopo"),
        (at(n, "visibile"), json!("b"), "sezioni[0].campi[0].visibile", "viene dopo"),
        (at(n, "visibile"), json!("prsente(m)"), "sezioni[0].campi[0].visibile", "intendevi `presente`?"),
        (at(n, "obbligatorio"), json!("1"), "sezioni[0].campi[0].obbligatorio", "serve un sì o no"),
        (at(n, "predefinito"), json!("'x'"), "sezioni[0].campi[0].predefinito", "serve un numero"),
        ("/sezioni/0/campi/3/massimo".into(), json!(2_001), "sezioni[0].campi[3].massimo", "da 1 a 2000"),
        ("/sezioni/0/campi/3/massimo".into(), json!("n"), "sezioni[0].campi[3].massimo", "non un calcolo"),
        ("/sezioni/0/campi/3/minimo".into(), json!(201), "sezioni[0].campi[3].minimo", "più del massimo"),
        ("/sezioni/0/campi/3/modello".into(), json!("[A-Z"), "sezioni[0].campi[3].modello", "colonna 4"),
        ("/sezioni/0/campi/3/modello".into(), json!("a{200}{200}"), "sezioni[0].campi[3].modello", "non si legge"),
        ("/sezioni/0/campi/3/modello".into(), json!("(a{200}){200}"), "sezioni[0].campi[3].modello", "troppo lungo"),
        (at(s, "opzioni"), json!([]), "sezioni[0].campi[7].opzioni", "manca `opzioni`"),
        (at(s, "opzioni/1/valore"), json!("BL"), "sezioni[0].campi[7].opzioni[1]", "due volte"),
        (at(s, "opzioni/1/valore"), json!(" PD"), "sezioni[0].campi[7].opzioni[1]", "senza spazi"),
        (at(s, "opzioni/1/etichetta"), json!(""), "sezioni[0].campi[7].opzioni[1].etichetta", "senza etichetta"),
        (at(s, "opzioni/1/quando"), json!("n"), "sezioni[0].campi[7].opzioni[1].quando", "serve un sì o no"),
        (at(s, "predefinito"), json!("'TV'"), "sezioni[0].campi[7].predefinito", "non è tra le scelte"),
        (at(g, "massimo"), json!(31), "sezioni[0].campi[11].massimo", "da 1 a 30"),
        (at(g, "massimo"), Value::Null, "sezioni[0].campi[11]", "manca `massimo`"),
        (at(g, "campi/0/visibile"), json!("somma(g; 1) = 1"), "sezioni[0].campi[11].campi[0].visibile", "non è ancora finito"),
        (at(g, "campi/0/tipo"), json!("gruppo"), "sezioni[0].campi[11].campi[0]", "gruppo non può"),
        ("/sezioni/0/campi/12/formula".into(), Value::Null, "sezioni[0].campi[12]", "manca `formula`"),
        ("/sezioni/0/visibile".into(), json!("b"), "sezioni[0].visibile", "viene dopo"),
        ("/sezioni/0/titolo".into(), json!(""), "sezioni[0].titolo", "senza etichetta"),
        ("/tabelle/0/nome".into(), json!("se"), "tabelle[0]", "parola del linguaggio"),
        ("/tabelle/1/nome".into(), json!("tassa"), "tabelle[1].nome", "c’è già"),
        ("/tabelle/0/chiavi/0/valore".into(), json!("n"), "tabelle[0].chiavi[0].valore", "viene dopo"),
        ("/tabelle/0/altrimenti".into(), json!("1 €"), "tabelle[0].altrimenti", "serve un numero"),
        ("/tabelle/0/altrimenti".into(), Value::Null, "sezioni[0].campi[12].formula", "non dice niente per `PD`"),
        ("/tabelle/0/chiavi/-".into(), json!({"chiave": "BL", "valore": 2}), "tabelle[0].chiavi[1]", "due volte"),
        ("/tabelle/0/fasce".into(), json!([{"valore": 1}]), "tabelle[0]", "`fasce`, oppure `chiavi`"),
        ("/tabelle/1/fasce/0/fino_a".into(), json!(2), "tabelle[1].fasce[1]", "ordine crescente"),
        ("/tabelle/1/fasce/0/fino_a".into(), Value::Null, "tabelle[1].fasce[0]", "solo l’ultima"),
        ("/tabelle/1/fasce/1/fino_a".into(), json!("2 €"), "tabelle[1].fasce[1].fino_a", "serve un numero"),
        ("/tabelle/1/fasce/0/valore".into(), json!("oggi()"), "tabelle[1].fasce[0].valore", "serve un importo"),
        ("/regole/0/campo".into(), json!("mm"), "regole[0].campo", "intendevi `m`"),
        ("/regole/0/vale".into(), json!("g.n > 0"), "regole[0].vale", "è di un gruppo"),
        ("/regole/0/messaggio".into(), json!(""), "regole[0].messaggio", "senza etichetta"),
        ("/importo".into(), Value::Null, "", "manca `importo`"),
        ("/importo".into(), json!(5), "importo", "un importo si scrive col simbolo"),
        ("/causale".into(), json!("'CF ' & cf & fasce(n)"), "causale", "codice fiscale non può stare nella causale"),
        ("/causale".into(), json!("fasce(n)"), "causale", "serve un testo"),
        ("/debitore/codice_fiscale".into(), json!("t"), "debitore.codice_fiscale", "serve un campo `codice_fiscale`"),
        ("/debitore/nome".into(), json!("'Mario'"), "debitore.nome", "almeno un campo"),
        ("/ripartizione/0/quota".into(), json!("110%"), "ripartizione", "superano il 100%"),
        ("/ripartizione/0/quota".into(), json!("resto"), "ripartizione[1]", "due volte"),
        ("/ripartizione/1/quota".into(), json!("80%"), "ripartizione", "il tutto in ogni caso"),
        ("/ripartizione/1/quota".into(), json!("i"), "ripartizione", "il tutto in ogni caso"),
        ("/ripartizione/1/quota".into(), json!("t"), "ripartizione[1].quota", "serve un importo o un numero"),
        ("/ripartizione/0/bollo".into(), bollo("doc", "t"), "", ""),
        ("/ripartizione/0/bollo".into(), bollo("doc", "s"), "", ""),
        ("/ripartizione/0/bollo".into(), bollo("cf", "s"), "ripartizione[0].bollo.documento", "`cf` non è un campo `documento`"),
        ("/ripartizione/0/bollo".into(), bollo("doc", "nessuno"), "ripartizione[0].bollo.provincia", "`nessuno` non è un campo"),
        ("/ripartizione/0/bollo".into(), bollo("doc", "n"), "ripartizione[0].bollo.provincia", "due maiuscole"),
        ("/ripartizione/0".into(), json!({"quota": "16 €", "bollo": bollo("doc", "s")}), "", ""),
        ("/ripartizione/0".into(), json!({"quota": "0 €", "bollo": bollo("doc", "s")}), "ripartizione[0].quota", "di 16,00 €"),
        (
            "/ripartizione/0".into(),
            json!({"quota": "32 €", "bollo": bollo("doc", "s")}),
            "ripartizione[0].quota",
            "né più né meno",
        ),
        (
            "/ripartizione/0".into(),
            json!({"quota": "16 €", "bollo": bollo("doc", "s"), "iban": "IT60X0542811101000000123456"}),
            "ripartizione[0]",
            "non va su un conto",
        ),
        (
            "/ripartizione/0".into(),
            json!({"quota": "16 €", "bollo": bollo("doc", "s"), "beneficiario": {"codice_fiscale": "77777777777", "nome": "P"}}),
            "ripartizione[0]",
            "né a un altro",
        ),
        (
            "/ripartizione".into(),
            json!([{"quota": "16 €", "bollo": bollo("doc", "s")}, {"quota": "resto", "bollo": bollo("doc", "s")}]),
            "ripartizione[1]",
            "una sola marca",
        ),
        ("/sezioni/0/campi/13/predefinito".into(), json!("'x'"), "sezioni[0].campi[13]", "`predefinito` non significa niente"),
        ("/esterno".into(), json!({"indirizzo": "https://x.example.it"}), "esterno", "il resto va tolto"),
        ("/esterno".into(), json!({"indirizzo": "http://x.example.it"}), "esterno.indirizzo", "https://"),
        ("/esterno".into(), json!({"indirizzo": "https://ente.it@evil.example/"}), "esterno.indirizzo", "https://"),
        ("/esterno".into(), json!({"indirizzo": "https://x.example.it/\"onclick"}), "esterno.indirizzo", "https://"),
        ("/esterno".into(), json!({"indirizzo": "javascript:alert(1)"}), "esterno.indirizzo", "https://"),
    ] {
        let rilievi = changed(&pointer, value.clone()).check();
        if dove.is_empty() && words.is_empty() {
            assert_eq!(rilievi, [], "{pointer}");
            continue;
        }
        let found = rilievi.iter().any(|r| r.is_error() && r.dove == dove && r.to_string().contains(words));
        assert!(found, "{pointer} {value}: {:#?}", rilievi.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(changed(&pointer, value).verify().is_err(), "{pointer}");
    }
    assert_eq!(changed("/versione", json!(1)).check(), [], "but for that it is sound");
}

/// What cannot be read is told once, and not again by all who would use it.
#[test]
fn one_fault_is_told_once() {
    for (pointer, value, dove) in [
        ("/sezioni/0/campi/12/formula", json!("n * tasssa(s)"), "sezioni[0].campi[12].formula"),
        ("/tabelle/0/chiavi/0/valore", json!("1 +"), "tabelle[0].chiavi[0].valore"),
    ] {
        let mut m = changed(pointer, value);
        m.importo = Some(Formula::new("euro(x)"));
        let wrong: Vec<_> = m.check().into_iter().filter(domain::modulo::Rilievo::is_error).collect();
        let [rilievo] = &wrong[..] else { panic!("{wrong:#?}") };
        assert_eq!(rilievo.dove, dove);
        assert!(m.verify().is_err());
    }
}

/// A choice among provinces: each is one that the Nodo takes.
#[test]
fn the_choices_of_a_province_are_provinces() {
    let quota = json!({"quota": "16 €", "bollo": {"documento": "doc", "provincia": "s"}});
    let mut m = changed("/ripartizione/0", quota);
    assert_eq!(m.check(), []);
    for sigla in ["Padova", "pd", "P1", "PDX"] {
        m.sezioni[0].campi[7].opzioni[1].valore = sigla.into();
        let rilievi = m.check();
        assert!(rilievi.iter().any(|r| r.is_error() && r.dove == "ripartizione[0].bollo.provincia"), "{sigla}: {rilievi:#?}");
    }
}

#[test]
fn what_works_and_is_perhaps_not_meant_is_a_warning() {
    for (pointer, value, words) in [
        ("/causale", json!("'x'"), "la tabella `fasce` non serve a nessuno"),
        ("/sezioni/0/campi/12/etichetta", json!(""), "`x` è calcolato, non si vede"),
        ("/tabelle/1/fasce/2/fino_a", json!(9), "chi ci arriva non può pagare"),
    ] {
        let m = changed(pointer, value);
        let rilievi = m.check();
        let [rilievo] = &rilievi[..] else { panic!("{rilievi:#?}") };
        assert_eq!(rilievo.gravita, Gravita::Avviso);
        assert!(rilievo.to_string().contains(words) && rilievo.to_string().contains("avviso"), "{rilievo}");
        assert!(m.verify().is_ok());
    }
}

/// What JSON itself cannot be wrong in: the first is told, with its line.
#[test]
fn what_is_no_form_is_refused_when_it_is_read() {
    for (json, words) in [
        (r#"{"versione": 1, "javascript": "alert(1)"}"#, "unknown field `javascript`"),
        (r#"{"versione": 1, "importo": 1.5}"#, "un’espressione tra virgolette"),
        (r#"{"versione": 1, "importo": null, "sezioni": [{"titolo": {"en": "x"}, "campi": []}]}"#, "missing field `it`"),
        (r#"{"versione": 1, "sezioni": [{"titolo": {"it": "x", "it": "y"}, "campi": []}]}"#, "due volte"),
        (r#"{"versione": 1, "sezioni": [{"titolo": {"it": "x", "xx": "y"}, "campi": []}]}"#, "unknown variant `xx`"),
        (r#"{"versione": 1, "sezioni": [{"titolo": 7, "campi": []}]}"#, "un testo per lingua"),
        (r#"{"versione": 1, "sezioni": [{"titolo": "x", "campi": [{"nome": "n", "tipo": "file"}]}]}"#, "unknown variant `file`"),
        (r#"{"versione": 1, "ripartizione": [{"quota": "resto", "iban": "IT00"}]}"#, "IBAN"),
        (r#"{"sezioni": []}"#, "missing field `versione`"),
    ] {
        let error = serde_json::from_str::<Modulo>(json).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("line 1 column"), "{json}: {error}");
    }
}

#[test]
fn truth_and_whole_numbers_are_expressions_too() {
    let quota: Quota = serde_json::from_str(r#"{"quota": 1}"#).unwrap();
    assert_eq!(quota.quota, Formula::new("1"));
    let campo: domain::modulo::Campo = serde_json::from_str(r#"{"nome": "x", "tipo": "testo", "obbligatorio": true}"#).unwrap();
    assert_eq!(campo.obbligatorio, Some(Formula::new("vero")));
}
