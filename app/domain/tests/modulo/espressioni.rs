//! Every operator and function, with what it gives and with what it cannot do.

use crate::prova::{OGGI, evaluate, valori, verified, with_formula};
use domain::modulo::{Impedimento, Lingua, Motivo};

/// What is typed into the fields of [`crate::prova::campi`] while the tables below are read.
const TYPED: &[(&str, &str)] = &[
    ("n", "7"),
    ("m", "2,5"),
    ("i", "1.234,56"),
    ("t", "Via Roma 1"),
    ("d", "2026-01-31"),
    ("b", "si"),
    ("s", "PD"),
    ("l", "VE"),
    ("l", "BL"),
    ("cf", "RSSMRA85T10A562S"),
    ("g.1.n", "2"),
    ("g.1.i", "10"),
    ("g.1.t", "uno"),
    ("g.4.n", "3"),
    ("g.4.i", "0,50"),
    ("g.4.t", "due"),
];

/// `Err`: why there is no value.
fn value(formula: &str) -> Result<String, Option<Impedimento>> {
    let esame = evaluate(&verified(with_formula(formula)), TYPED);
    let esito = esame.campo("x").unwrap();
    match (&esito.valore, &esito.errore) {
        (Some(valore), None) => Ok(valore.to_string()),
        (None, Some(Motivo::Calcolo(impedimento))) => Err(Some(impedimento.clone())),
        (None, None) => Err(None),
        other => panic!("{formula}: {other:?}"),
    }
}

#[test]
fn every_operator_and_function_gives_what_the_readme_says() {
    let table = [
        // amounts and numbers
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 2 - 3", "5"),
        ("12 / 2 / 3", "2"),
        ("-n + 10", "3"),
        ("1 - -1", "2"),
        ("5 − 3", "2"),
        ("n / 3", "2,333333"),
        ("2 / 3", "0,666667"),
        ("-2 / 3", "-0,666667"),
        ("n * m", "17,5"),
        ("0,000001 * 0,5", "0,000001"),
        ("0,000001 * 0,4", "0"),
        ("1.234,5 + 0", "1234,5"),
        ("1.234.567,89 € + 0,11 €", "1.234.568,00"),
        ("i + 1 €", "1.235,56"),
        ("1 € - i", "-1.233,56"),
        ("i * 2", "2.469,12"),
        ("m * i", "3.086,40"),
        ("i / 2", "617,28"),
        ("10 € / 3", "3,33"),
        ("0,05 € * 50%", "0,03"),
        ("-0,05 € * 50%", "-0,03"),
        ("i / 0,01 €", "123456"),
        ("22% * 100 €", "22,00"),
        ("12,5%", "0,125"),
        ("-(5 €)", "-5,00"),
        // comparison and logic
        ("1 < 2", "sì"),
        ("2 <= 2", "sì"),
        ("3 > 3", "no"),
        ("3 >= 3,0", "sì"),
        ("1 = 1,0", "sì"),
        ("1 <> 1", "no"),
        ("i >= 1.234,56 €", "sì"),
        ("d < data(2026; 2; 1)", "sì"),
        ("t = 'Via Roma 1'", "sì"),
        ("t <> \"via roma 1\"", "sì"),
        ("b = vero", "sì"),
        ("s = 'PD' e non (n > 7)", "sì"),
        ("falso o falso o b", "sì"),
        ("vero o falso e falso", "sì"),
        ("non falso e falso", "no"),
        ("non 1 = 2", "sì"),
        // what is not there yet does not matter where it cannot
        ("falso e obb = 1", "no"),
        ("obb = 1 e falso", "no"),
        ("obb = 1 o vero", "sì"),
        ("vero o 1 / (n - 7) = 1", "sì"),
        // choices
        ("se(n > 5; 'tanti'; 'pochi')", "tanti"),
        ("se(n > 5; 1 €; 1 € / (n - 7))", "1,00"),
        ("scegli(s; 'BL'; 10; 'PD'; 20; 30)", "20"),
        ("scegli(n; 1; 'a'; 2; 'b'; 'c')", "c"),
        ("oppure(f; d)", "31/01/2026"),
        ("oppure(n; 1)", "7"),
        ("oppure(giorni(d; f); 1)", "1"),
        ("presente(f)", "no"),
        ("presente(d)", "sì"),
        ("etichetta(s)", "Prov. PD"),
        ("etichetta(l)", "Prov. BL, Prov. VE"),
        // more about amounts and numbers
        ("minimo(3; n; 5)", "3"),
        ("massimo(3; n; 5)", "7"),
        ("massimo(i; 2000 €)", "2.000,00"),
        ("assoluto(3 - n)", "4"),
        ("assoluto(1 € - i)", "1.233,56"),
        ("arrotonda(2,5)", "3"),
        ("arrotonda(-2,5)", "-3"),
        ("arrotonda(n / 3; 2)", "2,33"),
        ("arrotonda(i)", "1.235,00"),
        ("arrotonda(1,25 €; 1)", "1,30"),
        ("arrotonda(1,25 €; 9)", "1,25"),
        ("arrotonda(1,123456; 99)", "1,123456"),
        ("per_eccesso(2,1)", "3"),
        ("per_eccesso(-2,1)", "-2"),
        ("per_eccesso(i)", "1.235,00"),
        ("per_difetto(2,9)", "2"),
        ("per_difetto(-2,1)", "-3"),
        ("euro(12,345)", "12,35"),
        ("in_euro(i)", "1234,56"),
        ("centesimi(i)", "123456"),
        // texts
        ("'a' & 'b' & n", "ab7"),
        ("'' & i & ' ' & m & ' ' & d", "1.234,56 2,5 31/01/2026"),
        ("1 + 2 & '!'", "3!"),
        ("'l''alunno'", "l'alunno"),
        ("\"l'alunno\"", "l'alunno"),
        ("contiene(t; 'Roma')", "sì"),
        ("contiene(t; 'roma')", "no"),
        ("contiene(l; 'VE')", "sì"),
        ("contiene(l; 'PD')", "no"),
        ("inizia(t; 'Via')", "sì"),
        ("lunghezza(t)", "10"),
        ("lunghezza('perché')", "6"),
        ("maiuscolo('è')", "È"),
        ("minuscolo(t)", "via roma 1"),
        ("sinistra(t; 3)", "Via"),
        ("sinistra(t; 99)", "Via Roma 1"),
        ("destra(t; 1)", "1"),
        ("destra(t; -1)", ""),
        ("parte(t; 5; 4)", "Roma"),
        ("parte(t; 0; 3)", "Via"),
        ("parte(t; 50; 3)", ""),
        ("riempi(n; 4; '0')", "0007"),
        ("riempi(t; 4; '0')", "Via Roma 1"),
        ("riempi('x'; 3; '')", "x"),
        ("riempi('x'; 3; 'ab')", "aax"),
        ("sostituisci('' & i; '.'; '')", "1234,56"),
        ("sostituisci(t; ''; 'x')", "Via Roma 1"),
        ("unisci(l; '+')", "BL+VE"),
        ("conta(l)", "2"),
        // days
        ("oggi()", "30/03/2026"),
        ("data(2024; 2; 29)", "29/02/2024"),
        ("anno(d) * 10000 + mese(d) * 100 + giorno(d)", "20260131"),
        ("giorni(d; oggi())", "58"),
        ("giorni(oggi(); d)", "-58"),
        ("mesi(d; data(2026; 2; 28))", "1"),
        ("anni(data(1985; 12; 10); oggi())", "40"),
        ("anni(data(2008; 2; 29); data(2026; 2; 28))", "18"),
        ("piu_giorni(d; 1)", "01/02/2026"),
        ("piu_giorni(d; -31)", "31/12/2025"),
        ("piu_mesi(d; 1)", "28/02/2026"),
        // groups
        ("somma(g; g.n)", "5"),
        ("somma(g; g.n * g.i)", "21,50"),
        ("somma(g; se(riga(g) = 1; g.i; g.i * 2))", "11,00"),
        ("conta(g)", "2"),
        ("conta(g; g.n > 2)", "1"),
        ("tutti(g; g.n > 1)", "sì"),
        ("almeno_uno(g; g.n > 2)", "sì"),
        ("almeno_uno(g; g.n > 3)", "no"),
        ("unisci(g; g.t; ', ')", "uno, due"),
        ("unisci(g; riga(g) & g.t; '')", "1uno2due"),
        ("somma(g; g.n / somma(g; g.n))", "1"),
        ("almeno_uno(g; g.n = 3 o obb = 1)", "sì"),
        ("tutti(g; g.n = 2 e obb = 1)", "no"),
    ];
    for (formula, expected) in table {
        assert_eq!(value(formula).as_deref(), Ok(expected), "{formula}");
    }
}

/// Questions without an answer have one: why.
#[test]
fn what_cannot_be_reckoned_says_why() {
    use Impedimento::{NonUnaData, PerZero, Troppo};
    for (formula, expected) in [
        ("1 / (n - 7)", Some(PerZero)),
        ("i / (n - 7)", Some(PerZero)),
        ("i / (i - 1.234,56 €)", Some(PerZero)),
        ("999999999999 * 1000000", Some(Troppo)),
        ("999999999999 * 10", Some(Troppo)),
        ("999999999999 € * 999999999999", Some(Troppo)),
        ("centesimi(i * 999999999999)", Some(Troppo)),
        ("900000000000 € * 100000 + 900000000000 € * 100000", Some(Troppo)),
        ("in_euro(999999999999 € * 100)", Some(Troppo)),
        ("riempi(riempi('x'; 2000; 'y') & 'z'; 1; 'y')", Some(Troppo)),
        ("data(2026; 2; 29)", Some(NonUnaData)),
        ("data(2026; n; 29,5)", Some(NonUnaData)),
        ("data(n * 100000; 1; 1)", Some(NonUnaData)),
        ("piu_giorni(d; 999999999999)", Some(NonUnaData)),
        ("piu_mesi(d; -999999999999)", Some(NonUnaData)),
        // told at the field, not here
        ("obb + 1", None),
        ("f = d", None),
        ("presente(obb)", None),
        ("oppure(obb; 1)", None),
        ("oppure(obb + 1; 1)", None),
        ("se(obb > 1; 1; 2)", None),
        ("obb = 1 e vero", None),
        ("falso o obb = 1", None),
        ("somma(g; obb)", None),
        ("minimo(1; obb)", None),
    ] {
        assert_eq!(value(formula), Err(expected), "{formula}");
    }
}

/// An empty field that may be empty counts for nothing, as in a spreadsheet.
#[test]
fn what_may_be_empty_counts_for_nothing() {
    for (formula, expected) in [
        ("n + 1", "1"),
        ("i + 1 €", "1,00"),
        ("t & '.'", "."),
        ("b", "no"),
        ("s = ''", "sì"),
        ("etichetta(s) & '.'", "."),
        ("conta(l)", "0"),
        ("somma(g; g.n)", "0"),
        ("conta(g)", "0"),
        ("tutti(g; falso)", "sì"),
        ("unisci(g; g.t; ',')", ""),
        ("presente(n) o presente(i) o presente(t) o presente(b) o presente(l)", "no"),
        ("oppure(n; 5)", "5"),
        ("oppure(t; 'x')", "x"),
    ] {
        let esame = evaluate(&verified(with_formula(formula)), &[]);
        assert_eq!(esame.campo("x").unwrap().valore.as_ref().unwrap().to_string(), expected, "{formula}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_at_its_column() {
    for (formula, column, words) in [
        ("", 1, "vuota"),
        ("   ", 1, "vuota"),
        ("1 +", 4, "la fine"),
        ("1 2", 3, "era finita"),
        ("(1", 3, "parentesi"),
        ("1)", 2, "era finita"),
        ("se(vero; 1 2)", 12, "parentesi"),
        ("1.234", 1, "due modi"),
        ("1.23,4", 1, "non si legge"),
        ("1,2,3", 1, "non si legge"),
        ("1,", 1, "non si legge"),
        ("1,2345678", 1, "sei decimali"),
        ("1000000000000", 1, "troppo grande"),
        ("0,001 €", 1, "due"),
        ("'aperto", 1, "non finisce"),
        ("n ≤ 1", 3, "scrivi `<=`"),
        ("n == 1", 4, "`=`"),
        ("n ? 1 : 2", 3, "scrivi `se("),
        ("{n} + 1", 1, "suo nome"),
        ("minimo(1, 2)", 8, "non si legge"),
        ("minimo(n, 2)", 9, "`;`"),
        ("N", 1, "`N`"),
        ("q", 1, "nessun campo `q`"),
        ("x", 1, "viene dopo"),
        ("lungezza(t)", 1, "intendevi `lunghezza`"),
        ("g.q", 1, "nessun campo"),
        ("g.n", 1, "è di un gruppo"),
        ("h.n", 1, "non è un gruppo"),
        ("g", 1, "non ha un valore"),
        ("somma(n; 1)", 7, "non è un gruppo"),
        ("riga(g)", 6, "è di un gruppo"),
        ("n + 1 €", 3, "tra un numero e un importo"),
        ("i + 5", 3, "un importo si scrive col simbolo"),
        ("i * i", 3, "tra un importo e un importo"),
        ("'a' + 'b'", 5, "si uniscono con `&`"),
        ("b & 'x'", 3, "sì o no"),
        ("d - f", 3, "giorni(dal; al)"),
        ("t < 't'", 3, "tra un testo e un testo"),
        ("l = 'PD'", 3, "elenco"),
        ("1 < 2 < 3", 7, "sì o no"),
        ("n e b", 3, "tra un numero"),
        ("non n", 5, "serve un sì o no"),
        ("-t", 2, "serve un importo o un numero"),
        ("se(n; 1; 2)", 4, "serve un sì o no"),
        ("se(b; 1; 'x')", 10, "serve un numero"),
        ("se(b; 1)", 1, "vuole 3 argomenti"),
        ("arrotonda(1; 2; 3)", 1, "1 o 2"),
        ("minimo(1)", 1, "almeno 2"),
        ("minimo(1; 1 €)", 11, "serve un numero"),
        ("oggi(1)", 1, "vuole 0"),
        ("scegli(s; 'BL'; 1)", 1, "coppie"),
        ("scegli(s; 'XX'; 1; 2)", 11, "non è tra le scelte"),
        ("s = 'TV'", 5, "non è tra le scelte"),
        ("'TV' <> s", 1, "non è tra le scelte"),
        ("contiene(l; 'TV')", 13, "non è tra le scelte"),
        ("presente(1)", 10, "nome di un campo"),
        ("presente(g)", 10, "nome di un campo"),
        ("etichetta(t)", 11, "nome di un campo"),
        ("n / 0", 5, "per zero"),
        ("i / 0,00 €", 5, "per zero"),
        ("conta(g; g.n)", 10, "serve un sì o no"),
        ("somma(g; g.t)", 10, "serve un importo o un numero"),
        ("unisci(g; g.t)", 1, "2 argomenti"),
    ] {
        let rilievi = with_formula(formula).check();
        let [rilievo] = &rilievi[..] else { panic!("{formula}: {rilievi:?}") };
        assert_eq!(rilievo.dove, "sezioni[0].campi[12].formula");
        assert_eq!(rilievo.colonna, Some(column), "{formula}: {rilievo}");
        assert!(rilievo.to_string().contains(words), "{formula}: {rilievo}");
    }
}

#[test]
fn the_same_expression_is_reckoned_the_same_in_every_language() {
    let modulo = verified(with_formula("i & ' ' & etichetta(s)"));
    for lingua in Lingua::ALL {
        let esame = modulo.evaluate(&valori(TYPED), OGGI, lingua);
        assert_eq!(esame.campo("x").unwrap().valore.as_ref().unwrap().to_string(), "1.234,56 Prov. PD");
    }
}
