//! Every kind of field: what is typed and what is read of it.

use crate::prova::{OGGI, campo, evaluate, modulo, verified};
use domain::modulo::{Campo, Di, Errore, Formula, Lingua, Motivo, Numero, Regola, Scelta, Testi, TipoCampo, Valori};
use domain::{Importo, Reason};
use jiff::civil::date;

/// What is read of a text in a field that has to be filled in.
fn read(campo: &Campo, typed: &[&str]) -> Result<Option<String>, Motivo> {
    let form = verified(modulo(vec![campo.clone()]));
    let pairs: Vec<_> = typed.iter().map(|text| (&campo.nome[..], *text)).collect();
    let esito = evaluate(&form, &pairs).campi.remove(0);
    match esito.errore {
        Some(motivo) => Err(motivo),
        None => Ok(esito.valore.map(|valore| valore.to_string())),
    }
}

fn formula(text: &str) -> Option<Formula> {
    Some(Formula::new(text))
}

/// SHA-256 of `abc` (FIPS 180-2, B.1).
const IMPRONTA: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn every_kind_of_field_reads_what_people_type() {
    use TipoCampo as T;
    let f = |tipo| campo("x", tipo);
    let ok = |text: &str| Ok(Some(text.to_owned()));
    let err = |motivo: Motivo| Err(motivo);
    let reason = |reason: Reason| Err(Motivo::from(reason));
    let limited = |tipo, min: &str, max: &str| Campo { minimo: formula(min), massimo: formula(max), ..campo("x", tipo) };
    let classe = Campo { modello: Some("[1-5][A-Z]".into()), maiuscolo: true, ..f(T::Testo) };
    let whole = Campo { decimali: None, ..limited(T::Numero, "1", "60") };
    let number = |n| Numero::of_int(n).unwrap();
    for (campo, typed, expected) in [
        (f(T::Testo), vec!["  via  Roma 1 "], ok("via Roma 1")),
        (f(T::Testo), vec![""], reason(Reason::Missing)),
        (f(T::Testo), vec![" "], reason(Reason::Missing)),
        (f(T::Testo), vec![], reason(Reason::Missing)),
        (f(T::Testo), vec!["<b>"], reason(Reason::BadCharacters)),
        (f(T::Testo), vec!["a", "b"], reason(Reason::BadFormat)),
        (limited(T::Testo, "3", "5"), vec!["ab"], reason(Reason::TooShort { min: 3 })),
        (limited(T::Testo, "3", "5"), vec!["abcdef"], reason(Reason::TooLong { max: 5 })),
        (limited(T::Testo, "3", "5"), vec!["perché"], reason(Reason::TooLong { max: 5 })),
        (limited(T::Testo, "3", "5"), vec!["perch"], ok("perch")),
        (classe.clone(), vec!["3b"], ok("3B")),
        (classe, vec!["6B"], reason(Reason::BadFormat)),
        (f(T::Area), vec!["a\r\nb"], ok("a\nb")),
        (f(T::Area), vec!["a\u{202e}b"], reason(Reason::BadCharacters)),
        (limited(T::Area, "1", "5"), vec!["abc\ndef"], reason(Reason::TooLong { max: 5 })),
        (whole.clone(), vec![" 12 "], ok("12")),
        (whole.clone(), vec!["12,5"], err(Motivo::TroppiDecimali { max: 0 })),
        (whole.clone(), vec!["0"], err(Motivo::NumeroPiccolo { min: number(1) })),
        (whole.clone(), vec!["61"], err(Motivo::NumeroGrande { max: number(60) })),
        (whole.clone(), vec!["dodici"], err(Motivo::NonNumero)),
        (whole.clone(), vec!["1.234"], err(Motivo::NonNumero)),
        (whole, vec!["９"], err(Motivo::NonNumero)),
        (f(T::Numero), vec!["-2,1234"], ok("-2,1234")),
        (f(T::Numero), vec!["2,12345"], err(Motivo::TroppiDecimali { max: 4 })),
        (f(T::Importo), vec!["1.234,5 €"], ok("1.234,50")),
        (f(T::Importo), vec!["1.234"], reason(Reason::AmbiguousAmount)),
        (f(T::Importo), vec!["-1"], reason(Reason::Negative)),
        (limited(T::Importo, "5 €", "10 €"), vec!["4,99"], reason(Reason::AmountTooSmall { min: Importo::of_cents(500) })),
        (limited(T::Importo, "5 €", "10 €"), vec!["10,01"], reason(Reason::AmountTooLarge { max: Importo::of_cents(1_000) })),
        (f(T::Data), vec!["5/3/2026"], ok("05/03/2026")),
        (f(T::Data), vec!["2026-03-05"], ok("05/03/2026")),
        (f(T::Data), vec!["30/02/2026"], err(Motivo::NonData)),
        (f(T::Data), vec!["5/3/1026"], err(Motivo::NonData)),
        (limited(T::Data, "oggi()", "piu_giorni(oggi(); 7)"), vec!["29/03/2026"], err(Motivo::DataPrima { min: OGGI })),
        (limited(T::Data, "oggi()", "piu_giorni(oggi(); 7)"), vec!["7/4/2026"], err(Motivo::DataDopo { max: date(2026, 4, 6) })),
        (f(T::Scelta), vec!["PD"], ok("PD")),
        (f(T::Scelta), vec!["pd"], reason(Reason::NotAChoice)),
        (f(T::Scelta), vec!["BL", "PD"], reason(Reason::BadFormat)),
        (f(T::Scelte), vec!["VE", "BL", "VE"], ok("BL, VE")),
        (f(T::Scelte), vec![""], reason(Reason::Missing)),
        (f(T::Scelte), vec!["VE", "TV"], reason(Reason::NotAChoice)),
        (limited(T::Scelte, "2", "2"), vec!["VE"], err(Motivo::PocheScelte { min: 2 })),
        (limited(T::Scelte, "1", "2"), vec!["VE", "BL", "PD"], err(Motivo::TroppeScelte { max: 2 })),
        (f(T::Casella), vec![], Ok(None)),
        (f(T::Casella), vec!["on"], ok("sì")),
        (Campo { obbligatorio: formula("vero"), ..f(T::Casella) }, vec![], reason(Reason::Missing)),
        (f(T::CodiceFiscale), vec!["rss mra 85t10 a562s"], ok("RSSMRA85T10A562S")),
        (f(T::CodiceFiscale), vec!["RSSMRA85T10A562X"], reason(Reason::WrongCheck)),
        (f(T::CodiceFiscale), vec!["80001230459"], ok("80001230459")),
        (
            Campo { di: Some(Di::Persona), ..f(T::CodiceFiscale) },
            vec!["80001230459"],
            reason(Reason::WrongLength { expected: 16, found: 11 }),
        ),
        (
            Campo { di: Some(Di::Ente), ..f(T::CodiceFiscale) },
            vec!["RSSMRA85T10A562S"],
            reason(Reason::WrongLength { expected: 11, found: 16 }),
        ),
        (f(T::Iban), vec!["it60 x054 2811 1010 0000 0123 456"], ok("IT60X0542811101000000123456")),
        (f(T::Iban), vec!["IT60X"], reason(Reason::NotIban)),
        (f(T::Email), vec!["mario@example.it"], ok("mario@example.it")),
        (f(T::Email), vec!["mario"], reason(Reason::NotEmail)),
        (f(T::Targa), vec!["ab-123 cd"], ok("AB123CD")),
        (f(T::Targa), vec!["ROMA"], err(Motivo::NonTarga)),
        (f(T::Targa), vec!["1234567"], err(Motivo::NonTarga)),
        (f(T::Telefono), vec!["+39 049 (123) 45-67"], ok("+390491234567")),
        (f(T::Telefono), vec!["113x"], err(Motivo::NonTelefono)),
        (f(T::Documento), vec![&IMPRONTA.to_uppercase()], ok("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")),
        (
            f(T::Documento),
            vec!["ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="],
            ok("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
        ),
        (f(T::Documento), vec![""], reason(Reason::Missing)),
        (f(T::Documento), vec![&IMPRONTA[1..]], err(Motivo::NonImpronta)),
        (f(T::Documento), vec!["istanza.pdf"], err(Motivo::NonImpronta)),
        (f(T::Documento), vec!["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], err(Motivo::DocumentoVuoto)),
        (f(T::Documento), vec![IMPRONTA, IMPRONTA], reason(Reason::BadFormat)),
        (f(T::Nota), vec!["x"], Ok(None)),
    ] {
        assert_eq!(read(&campo, &typed), expected, "{:?} {typed:?}", campo.tipo);
    }
}

/// The code of somebody who shares it with another has letters where digits were (omocodia).
#[test]
fn who_shares_a_codice_fiscale_has_one_too() {
    assert_eq!(read(&campo("x", TipoCampo::CodiceFiscale), &["RSSMRA85T10A56NH"]), Ok(Some("RSSMRA85T10A56NH".into())));
}

#[test]
fn a_field_that_is_not_active_has_what_is_predefined_whatever_is_sent() {
    let fixed = Campo { attivo: formula("falso"), predefinito: formula("12 €"), ..campo("x", TipoCampo::Importo) };
    assert_eq!(read(&fixed, &["0,01"]), Ok(Some("12,00".into())));
    let nothing = Campo { predefinito: None, ..fixed };
    assert_eq!(read(&nothing, &["0,01"]), Ok(None));
}

#[test]
fn what_one_field_is_depends_on_those_before_it() {
    let mut campi = vec![
        campo("ditta", TipoCampo::Casella),
        Campo { obbligatorio: formula("ditta"), ..campo("piva", TipoCampo::Testo) },
        Campo { visibile: formula("non ditta"), ..campo("eta", TipoCampo::Numero) },
        Campo { attivo: formula("presente(piva)"), predefinito: formula("'nessuno'"), ..campo("pec", TipoCampo::Testo) },
    ];
    campi.push(Campo {
        opzioni: vec![
            Scelta { valore: "a".into(), etichetta: Testi::it("A"), quando: formula("ditta") },
            Scelta { valore: "b".into(), etichetta: Testi::it("B"), quando: None },
        ],
        ..campo("regime", TipoCampo::Scelta)
    });
    let form = verified(modulo(campi));
    let esame = evaluate(&form, &[("ditta", "si"), ("eta", "99"), ("regime", "a"), ("pec", "x")]);
    assert_eq!(esame.errori, [Errore { campo: "piva".into(), motivo: Reason::Missing.into() }]);
    assert!(!esame.campo("eta").unwrap().visibile && esame.campo("regime").unwrap().offerte == [0, 1]);
    let esame = evaluate(&form, &[("eta", "99"), ("regime", "a"), ("pec", "x")]);
    assert_eq!(esame.errori, [Errore { campo: "regime".into(), motivo: Reason::NotAChoice.into() }]);
    assert!(!esame.campo("pec").unwrap().attivo);
    assert_eq!(esame.campo("pec").unwrap().valore.as_ref().unwrap().to_string(), "nessuno");
}

/// A section and a group hide what is in them; a rule about a row is told at the row.
#[test]
fn groups_and_sections_hide_what_is_in_them() {
    let inside = vec![campo("da", TipoCampo::Numero), Campo { minimo: formula("g.da"), ..campo("a", TipoCampo::Numero) }];
    let mut m = modulo(vec![
        campo("si", TipoCampo::Casella),
        Campo { campi: inside, visibile: formula("si"), ..campo("g", TipoCampo::Gruppo) },
    ]);
    m.regole.push(Regola {
        vale: Formula::new("g.a - g.da <= 10"),
        campo: "g.a".into(),
        messaggio: Testi::it("Troppo lontano."),
    });
    let form = verified(m.clone());
    let rows = [("g.1.da", "5"), ("g.1.a", "4"), ("g.7.da", "1"), ("g.7.a", "12"), ("g.9.da", "1"), ("g.9.a", "11")];
    let hidden = evaluate(&form, &rows);
    assert!(hidden.errori.is_empty(), "{:?}", hidden.errori);
    assert!(hidden.campo("g").unwrap().righe.is_empty() && hidden.campo("g.1.da").is_none());
    let shown = evaluate(&form, &[&[("si", "1")], &rows[..]].concat());
    let told: Vec<_> = shown.errori.iter().map(|errore| (&errore.campo[..], &errore.motivo)).collect();
    let said = Testi::it("Troppo lontano.").say(Lingua::It);
    assert_eq!(told, [("g.1.a", &Motivo::NumeroPiccolo { min: Numero::of_int(5).unwrap() }), ("g.7.a", &Motivo::Detto(said)),]);
    m.sezioni[0].visibile = formula("falso");
    let esame = evaluate(&verified(m), &[&[("si", "1")], &rows[..]].concat());
    assert!(esame.errori.is_empty() && esame.sezioni == [false] && esame.campi.iter().all(|esito| !esito.visibile));
}

#[test]
fn what_is_predefined_stands_in_a_new_form() {
    use TipoCampo as T;
    let with = |nome: &str, tipo, predefinito: &str| Campo { predefinito: formula(predefinito), ..campo(nome, tipo) };
    let form = verified(modulo(vec![
        with("i", T::Importo, "1234,5 €"),
        with("n", T::Numero, "2,5"),
        with("d", T::Data, "piu_giorni(oggi(); 1)"),
        with("b", T::Casella, "vero"),
        with("c", T::Casella, "falso"),
        with("s", T::Scelta, "'PD'"),
        with("t", T::Testo, "'Via ' & n"),
    ]));
    let mut initial: Vec<(String, Vec<String>)> = Vec::new();
    for (name, values) in form.initial(OGGI).iter() {
        initial.push((name.to_owned(), values.to_vec()));
    }
    let expected = [("b", "si"), ("d", "31/03/2026"), ("i", "1.234,50"), ("n", "2,5"), ("s", "PD"), ("t", "Via 2,5")];
    let found: Vec<_> =
        initial.iter().filter(|(_, values)| !values.is_empty()).map(|(name, values)| (&name[..], &values[0][..])).collect();
    assert_eq!(found, expected);
    let esame = form.evaluate(&form.initial(OGGI), OGGI, Lingua::It);
    assert!(esame.is_complete(), "what is predefined can be sent: {:?}", esame.errori);
    assert!(!form.evaluate(&Valori::default(), OGGI, Lingua::It).is_complete(), "and is not believed where it was emptied");
}
