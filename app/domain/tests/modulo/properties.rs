//! What holds for any expression, any form, anything sent.

use crate::moduli;
use crate::prova::{OGGI, with_formula};
use domain::Importo;
use domain::modulo::{Esame, Fetta, Impedimento, Lingua, Motivo, Numero, Piano, Valori, split};
use proptest::prelude::*;

/// Pieces of expressions, put together at random: many are read, many are not.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "n",
            "m",
            "i",
            "t",
            "d",
            "f",
            "b",
            "s",
            "l",
            "cf",
            "obb",
            "g",
            "g.n",
            "g.i",
            "g.t",
            "0",
            "1",
            "2,5",
            "5 €",
            "0,01 €",
            "20%",
            "999999999999",
            "''",
            "'PD'",
            "'x'",
            "vero",
            "falso",
            "oggi()",
            "1.234",
            "q",
            "presente(d)",
            "etichetta(s)",
            "conta(g)",
        ])
        .prop_map(str::to_owned),
        "[ -~€]{0,6}",
    ];
    leaf.prop_recursive(5, 48, 4, |inner| {
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(vec!["+", "-", "*", "/", "&", "=", "<>", "<", "<=", " e ", " o "]),
                inner.clone()
            )
                .prop_map(|(a, op, b)| format!("({a}{op}{b})")),
            (prop::sample::select(vec!["-", "non ", ""]), inner.clone()).prop_map(|(op, a)| format!("{op}({a})")),
            (prop::sample::select(vec!["somma(g;", "conta(g;", "tutti(g;", "almeno_uno(g;"]), inner.clone())
                .prop_map(|(f, a)| format!("{f}{a})")),
            (
                prop::sample::select(vec![
                    "se",
                    "oppure",
                    "minimo",
                    "massimo",
                    "arrotonda",
                    "per_eccesso",
                    "euro",
                    "in_euro",
                    "centesimi",
                    "contiene",
                    "sinistra",
                    "parte",
                    "riempi",
                    "sostituisci",
                    "data",
                    "giorni",
                    "mesi",
                    "piu_giorni",
                    "piu_mesi",
                    "scegli",
                    "unisci",
                    "lunghezza",
                ]),
                prop::collection::vec(inner, 1..5)
            )
                .prop_map(|(f, args)| format!("{f}({})", args.join(";"))),
        ]
    })
}

/// What people and machines send: mostly near what is meant.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "0",
            "1",
            "7",
            "2,5",
            "1.234,56",
            "-3",
            "999999999,99",
            "31/01/2026",
            "2026-02-28",
            "30/02/2026",
            "PD",
            "BL",
            "si",
            "RSSMRA85T10A562S",
            "80001230459",
            "Mario Rossi",
            "mario@example.it",
            "casa",
            "altro",
            "bar",
            "centro",
            "ott",
            "dic",
            "rata",
            "3B",
            "IT00VEG00012A",
            "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
            "2026",
        ])
        .prop_map(str::to_owned),
        ".{0,12}",
    ]
}

/// Nothing that a checked form says is a fault of the program, and it took no longer than was known.
fn sound(esame: &Esame, most: u32) -> Result<(), TestCaseError> {
    let said = [esame.importo.as_ref().err(), esame.causale.as_ref().err(), esame.ripartizione.as_ref().err()];
    prop_assert!(said.into_iter().flatten().all(|impedimento| *impedimento != Impedimento::Interno));
    prop_assert!(esame.errori.iter().all(|errore| errore.motivo != Motivo::Calcolo(Impedimento::Interno)));
    prop_assert!(esame.passi <= most, "{} > {most}", esame.passi);
    prop_assert!(esame.is_complete() || !esame.errori.is_empty(), "refused without a word");
    for errore in esame.errori.iter().filter(|errore| !errore.campo.is_empty()) {
        prop_assert!(
            esame.campo(&errore.campo).is_some_and(|esito| esito.visibile),
            "told where nobody sees it: {}",
            errore.campo
        );
    }
    if let (Ok(importo), Ok(parti)) = (&esame.importo, &esame.ripartizione)
        && !parti.is_empty()
    {
        prop_assert_eq!(Importo::sum(parti.iter().map(|parte| parte.importo)), Some(*importo));
    }
    if let Ok(Some(causale)) = &esame.causale {
        prop_assert_eq!(domain::testo::causale(causale), Ok(causale.clone()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_expression_is_read_or_refused_at_a_column_and_ends(formula in formula(), values in prop::collection::vec(text(), 18)) {
        let modulo = with_formula(&formula);
        let length = formula.chars().count();
        for rilievo in modulo.check() {
            prop_assert!(rilievo.colonna.is_some_and(|colonna| (1..=length + 1).contains(&colonna)), "{formula}: {rilievo}");
        }
        if let Ok(form) = modulo.verify() {
            let names = ["n", "m", "i", "t", "d", "f", "b", "s", "l", "cf", "obb", "g.1.n", "g.1.i", "g.1.t", "g.2.n", "g.2.i", "g.9.n", "l"];
            let sent = names.into_iter().map(str::to_owned).zip(values);
            let esame = form.evaluate(&Valori::from_pairs(sent), OGGI, Lingua::It);
            sound(&esame, form.steps_max())?;
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let modulo = with_formula(&text);
        let rilievi = modulo.check();
        prop_assert!(rilievi.iter().all(|rilievo| rilievo.colonna.is_some() && !rilievo.to_string().contains('\n')));
        prop_assert_eq!(modulo.verify().is_err(), !rilievi.is_empty());
    }

    #[test]
    fn a_checked_form_has_an_answer_for_anything_sent(
        which in 0..moduli::TUTTI.len(),
        keep in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
        values in prop::collection::vec(text(), 24),
        rows in prop::collection::vec((1_u16..12, text()), 0..4),
    ) {
        let form = moduli::load(moduli::TUTTI[which].0);
        let blank = form.evaluate(&Valori::default(), OGGI, Lingua::It);
        sound(&blank, form.steps_max())?;
        let names: Vec<String> = blank.campi.iter().map(|esito| esito.path.clone()).collect();
        let mut sent: Vec<(String, String)> = Vec::new();
        if !names.is_empty() {
            sent.extend(keep.iter().zip(values).map(|(index, value)| (index.get(&names).clone(), value)));
        }
        for (row, value) in rows {
            sent.push((format!("figli.{row}.pasti"), value.clone()));
            sent.push((format!("figli.{row}.classe"), value));
        }
        let valori = Valori::from_pairs(sent);
        let esame = form.evaluate(&valori, OGGI, Lingua::It);
        sound(&esame, form.steps_max())?;
        // the island and the server ask the same function; the island is given the plan alone
        let in_browser = Piano::decode(&form.plan().encode()).unwrap().evaluate(&valori, OGGI, Lingua::It);
        prop_assert_eq!(&in_browser.errori, &esame.errori);
        prop_assert_eq!(&in_browser.importo, &esame.importo);
        prop_assert_eq!(in_browser.passi, esame.passi);
    }

    #[test]
    fn a_plan_that_was_spoilt_is_refused_or_is_a_plan(
        which in 0..moduli::TUTTI.len(),
        at in any::<prop::sample::Index>(),
        many in 0_usize..4,
        with in prop::sample::select(vec!["", "0,", "1,", "99999999999,", "-1,", "7", ",", "à"]),
    ) {
        let text = moduli::load(moduli::TUTTI[which].0).plan().encode();
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let end = (at + many).min(chars.len());
        drop(chars.splice(at..end, with.chars()));
        let spoilt: String = chars.into_iter().collect();
        if let Some(piano) = Piano::decode(&spoilt) {
            prop_assert_eq!(Piano::decode(&piano.encode()), Some(piano));
        }
    }

    #[test]
    fn parts_add_up_to_the_cent(cents in 1..=Importo::MAX.cents(), weights in prop::collection::vec(1_i64..1_000, 1..5), fixed in 0..500_i64) {
        let all: i64 = weights.iter().sum();
        let mut shares: Vec<i64> = weights.iter().map(|weight| weight * Numero::SCALE / all).collect();
        shares[0] += Numero::SCALE - shares.iter().sum::<i64>();
        let shares: Vec<Fetta> = shares.into_iter().map(|share| Fetta::Quota(Numero::of_millionths(share))).collect();
        let whole = Importo::of_cents(cents);
        let parts = split(whole, &shares).unwrap();
        prop_assert_eq!(Importo::sum(parts.iter().map(|parte| parte.importo)), Some(whole));
        for parte in &parts {
            // no part is a cent from what is exactly its own
            let Fetta::Quota(share) = shares[parte.quota] else { unreachable!() };
            let exact = i128::from(cents) * i128::from(share.millionths());
            let found = i128::from(parte.importo.cents()) * i128::from(Numero::SCALE);
            prop_assert!((found - exact).abs() < i128::from(Numero::SCALE));
        }
        let mut with_rest = shares[1..].to_vec();
        with_rest.extend([Fetta::Fissa(fixed), Fetta::Resto]);
        match split(whole, &with_rest) {
            Ok(parts) => prop_assert_eq!(Importo::sum(parts.iter().map(|parte| parte.importo)), Some(whole)),
            Err(impedimento) => prop_assert_eq!(impedimento, Impedimento::Quote),
        }
    }
}
