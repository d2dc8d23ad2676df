//! What the tests share: a form to try things in.

use domain::modulo::{Campo, Esame, Formula, Lingua, Modulo, Scelta, Sezione, Testi, TipoCampo, Valori, Verificato};
use jiff::civil::{Date, date};

/// A Monday.
pub const OGGI: Date = date(2026, 3, 30);

pub fn valori(pairs: &[(&str, &str)]) -> Valori {
    Valori::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

pub fn campo(nome: &str, tipo: TipoCampo) -> Campo {
    let opzioni =
        ["BL", "PD", "VE"].map(|v| Scelta { valore: v.into(), etichetta: Testi::it(format!("Prov. {v}")), quando: None });
    let opzioni = if matches!(tipo, TipoCampo::Scelta | TipoCampo::Scelte) { opzioni.to_vec() } else { Vec::new() };
    let massimo = (tipo == TipoCampo::Gruppo).then(|| Formula::new("3"));
    let decimali = (tipo == TipoCampo::Numero).then_some(4);
    Campo { nome: nome.into(), tipo, etichetta: Testi::it(nome), opzioni, massimo, decimali, ..Campo::default() }
}

/// Named after their kinds; `g` is a group with `g.n`, `g.i` and `g.t`. Nothing has to be filled in but `obb`.
pub fn campi() -> Vec<Campo> {
    use TipoCampo as T;
    let kinds = [
        ("n", T::Numero),
        ("m", T::Numero),
        ("i", T::Importo),
        ("t", T::Testo),
        ("d", T::Data),
        ("f", T::Data),
        ("b", T::Casella),
        ("s", T::Scelta),
        ("l", T::Scelte),
        ("cf", T::CodiceFiscale),
    ];
    let free = |(nome, tipo)| Campo { obbligatorio: Some(Formula::new("falso")), ..campo(nome, tipo) };
    let mut campi: Vec<Campo> = kinds.into_iter().map(free).collect();
    campi.push(campo("obb", T::Numero));
    let inside = [("n", T::Numero), ("i", T::Importo), ("t", T::Testo)].map(free);
    campi.push(Campo { campi: inside.to_vec(), ..campo("g", T::Gruppo) });
    campi
}

pub fn modulo(campi: Vec<Campo>) -> Modulo {
    let sezioni = vec![Sezione { titolo: Testi::it("Prova"), campi, ..Sezione::default() }];
    Modulo { versione: 1, sezioni, importo: Some(Formula::new("1 €")), ..Modulo::default() }
}

/// The fields above and one that is reckoned, `x`.
pub fn with_formula(formula: &str) -> Modulo {
    let mut campi = campi();
    campi.push(Campo { formula: Some(Formula::new(formula)), ..campo("x", TipoCampo::Calcolato) });
    modulo(campi)
}

pub fn verified(modulo: Modulo) -> Verificato {
    let rilievi: Vec<_> = modulo.check().iter().map(ToString::to_string).collect();
    modulo.verify().unwrap_or_else(|_| panic!("{rilievi:#?}"))
}

pub fn evaluate(modulo: &Verificato, pairs: &[(&str, &str)]) -> Esame {
    modulo.evaluate(&valori(pairs), OGGI, Lingua::It)
}
