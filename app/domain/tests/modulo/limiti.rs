//! Forms that are too large, and expressions that would take too long.

use crate::prova::{campi, campo, modulo, with_formula};
use domain::modulo::{Campo, Difetto, Formula, Modulo, Regola, Rilievo, Scelta, Tabella, Testi, TipoCampo, limiti};

fn has(rilievi: &[Rilievo], is: impl Fn(&Difetto) -> bool) -> bool {
    rilievi.iter().any(|rilievo| is(&rilievo.difetto))
}

fn too_many(modulo: &Modulo, what: &str) {
    let rilievi = modulo.check();
    assert!(has(&rilievi, |d| matches!(d, Difetto::Troppi { cosa, .. } if cosa.contains(what))), "{what}: {:?}", rilievi.first());
}

#[test]
fn a_form_has_its_size() {
    let many = |count: usize, tipo| (0..count).map(|i| campo(&format!("c{i}"), tipo)).collect::<Vec<_>>();
    too_many(&modulo(many(limiti::CAMPI_MAX + 1, TipoCampo::Testo)), "campi");
    assert_eq!(modulo(many(limiti::CAMPI_MAX, TipoCampo::Testo)).check(), []);
    let group = |count| Campo {
        massimo: Some(Formula::new("30")),
        campi: many(count, TipoCampo::Testo),
        ..campo("g", TipoCampo::Gruppo)
    };
    too_many(&modulo(vec![group(34)]), "una volta per riga");
    assert_eq!(modulo(vec![group(33)]).check(), []);
    let scelte = |count: usize| {
        let opzioni = (0..count).map(|i| Scelta { valore: format!("v{i}"), etichetta: Testi::it("V"), quando: None });
        modulo(vec![Campo { opzioni: opzioni.collect(), ..campo("s", TipoCampo::Scelta) }])
    };
    too_many(&scelte(limiti::OPZIONI_MAX + 1), "scelte");
    let mut sections = modulo(vec![]);
    sections.sezioni = vec![sections.sezioni[0].clone(); limiti::SEZIONI_MAX + 1];
    too_many(&sections, "sezioni");
    let mut rules = modulo(campi());
    let regola = Regola { vale: Formula::new("vero"), campo: "n".into(), messaggio: Testi::it("No.") };
    rules.regole = vec![regola; limiti::REGOLE_MAX + 1];
    too_many(&rules, "regole");
    let mut tables = modulo(vec![]);
    tables.tabelle = vec![Tabella { nome: "t".into(), ..Tabella::default() }; limiti::TABELLE_MAX + 1];
    too_many(&tables, "tabelle");
    let mut parts = modulo(vec![]);
    let quota = serde_json::from_str(r#"{"quota": "10%"}"#).unwrap();
    parts.ripartizione = vec![quota; limiti::QUOTE_MAX + 1];
    too_many(&parts, "quote");
}

#[test]
fn an_expression_has_its_length_and_its_depth() {
    let sum = |terms: usize| with_formula(&vec!["n"; terms].join("+")).check();
    assert_eq!(sum(100), []);
    assert!(has(&sum(101), |d| *d == Difetto::TroppoAnnidata));
    assert!(has(&sum(600), |d| *d == Difetto::FormulaLunga));
    for (open, inside, close) in [("(", "1", ")"), ("-", "1", ""), ("non ", "vero", ""), ("se(b;1;", "2", ")")] {
        let nested = |depth: usize| with_formula(&(open.repeat(depth) + inside + &close.repeat(depth))).check();
        assert!(has(&nested(100), |d| *d == Difetto::TroppoAnnidata), "{open}");
        assert_eq!(nested(40), [], "{open}");
    }
}

/// Groups within groups of expressions multiply: it is known before anybody fills in the form.
#[test]
fn what_would_take_too_long_is_refused_beforehand() {
    let campi = vec![Campo {
        massimo: Some(Formula::new("30")),
        campi: vec![campo("n", TipoCampo::Numero)],
        ..campo("g", TipoCampo::Gruppo)
    }];
    let nested = |depth: usize| {
        let formula = "somma(g;".repeat(depth) + "g.n" + &")".repeat(depth);
        let mut campi = campi.clone();
        campi.push(Campo { formula: Some(Formula::new(formula)), ..campo("x", TipoCampo::Calcolato) });
        modulo(campi)
    };
    assert_eq!(nested(3).check(), []);
    assert!(has(&nested(4).check(), |d| matches!(d, Difetto::Passi(_))));
    assert!(has(&nested(50).check(), |d| *d == Difetto::Passi(u32::MAX)), "no overflow on the way");
}
