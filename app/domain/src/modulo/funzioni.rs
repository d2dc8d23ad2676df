//! The functions of expressions: one row each. To add one: its row here, its arm in `calcolo.rs`, its case in the tests of both.

use super::valore::Tipo;

/// What a node of an expression does with its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    Piu,
    Meno,
    Per,
    Diviso,
    Negato,
    Uguale,
    Diverso,
    Minore,
    MinoreUguale,
    Maggiore,
    MaggioreUguale,
    Unito,
    E,
    O,
    Non,
    Se,
    Scegli,
    Oppure,
    Presente,
    Etichetta,
    Minimo,
    Massimo,
    Assoluto,
    Arrotonda,
    PerEccesso,
    PerDifetto,
    Euro,
    InEuro,
    Centesimi,
    Contiene,
    Inizia,
    Lunghezza,
    Maiuscolo,
    Minuscolo,
    Sinistra,
    Destra,
    Parte,
    Riempi,
    Sostituisci,
    Oggi,
    DataDi,
    Anno,
    Mese,
    Giorno,
    Giorni,
    Mesi,
    Anni,
    PiuGiorni,
    PiuMesi,
    Somma,
    Conta,
    Tutti,
    AlmenoUno,
    Unisci,
    Riga,
}

impl Op {
    /// In the order of the enum: a plan that is sent names them by their place.
    pub(super) const TUTTE: [Self; 55] = [
        Self::Piu,
        Self::Meno,
        Self::Per,
        Self::Diviso,
        Self::Negato,
        Self::Uguale,
        Self::Diverso,
        Self::Minore,
        Self::MinoreUguale,
        Self::Maggiore,
        Self::MaggioreUguale,
        Self::Unito,
        Self::E,
        Self::O,
        Self::Non,
        Self::Se,
        Self::Scegli,
        Self::Oppure,
        Self::Presente,
        Self::Etichetta,
        Self::Minimo,
        Self::Massimo,
        Self::Assoluto,
        Self::Arrotonda,
        Self::PerEccesso,
        Self::PerDifetto,
        Self::Euro,
        Self::InEuro,
        Self::Centesimi,
        Self::Contiene,
        Self::Inizia,
        Self::Lunghezza,
        Self::Maiuscolo,
        Self::Minuscolo,
        Self::Sinistra,
        Self::Destra,
        Self::Parte,
        Self::Riempi,
        Self::Sostituisci,
        Self::Oggi,
        Self::DataDi,
        Self::Anno,
        Self::Mese,
        Self::Giorno,
        Self::Giorni,
        Self::Mesi,
        Self::Anni,
        Self::PiuGiorni,
        Self::PiuMesi,
        Self::Somma,
        Self::Conta,
        Self::Tutti,
        Self::AlmenoUno,
        Self::Unisci,
        Self::Riga,
    ];
}

/// A function and what it takes, in one letter each: `i` amount, `n` number, `t` text, `d` date, `b` boolean, `l` list, `q` amount or
/// number (the same throughout), `x` anything (the same throughout), `a` whatever can be shown in a text, `c` text or list; `?` may be
/// left out, `*` as often as one likes. After `>` what comes of it.
pub(super) struct Funzione {
    pub nome: &'static str,
    pub op: Op,
    pub firma: &'static str,
}

const fn row(nome: &'static str, op: Op, firma: &'static str) -> Funzione {
    Funzione { nome, op, firma }
}

pub(super) const FUNZIONI: &[Funzione] = &[
    row("se", Op::Se, "bxx>x"),
    row("oppure", Op::Oppure, "xx>x"),
    row("minimo", Op::Minimo, "qq*>q"),
    row("massimo", Op::Massimo, "qq*>q"),
    row("assoluto", Op::Assoluto, "q>q"),
    row("arrotonda", Op::Arrotonda, "qn?>q"),
    row("per_eccesso", Op::PerEccesso, "q>q"),
    row("per_difetto", Op::PerDifetto, "q>q"),
    row("euro", Op::Euro, "n>i"),
    row("in_euro", Op::InEuro, "i>n"),
    row("centesimi", Op::Centesimi, "i>n"),
    row("contiene", Op::Contiene, "ct>b"),
    row("inizia", Op::Inizia, "tt>b"),
    row("lunghezza", Op::Lunghezza, "t>n"),
    row("maiuscolo", Op::Maiuscolo, "t>t"),
    row("minuscolo", Op::Minuscolo, "t>t"),
    row("sinistra", Op::Sinistra, "tn>t"),
    row("destra", Op::Destra, "tn>t"),
    row("parte", Op::Parte, "tnn>t"),
    row("riempi", Op::Riempi, "ant>t"),
    row("sostituisci", Op::Sostituisci, "ttt>t"),
    row("oggi", Op::Oggi, ">d"),
    row("data", Op::DataDi, "nnn>d"),
    row("anno", Op::Anno, "d>n"),
    row("mese", Op::Mese, "d>n"),
    row("giorno", Op::Giorno, "d>n"),
    row("giorni", Op::Giorni, "dd>n"),
    row("mesi", Op::Mesi, "dd>n"),
    row("anni", Op::Anni, "dd>n"),
    row("piu_giorni", Op::PiuGiorni, "dn>d"),
    row("piu_mesi", Op::PiuMesi, "dn>d"),
    // of a list; of a group they are in DI_GRUPPO
    row("conta", Op::Conta, "l>n"),
    row("unisci", Op::Unisci, "lt>t"),
];

/// Those that go through the rows of a group: what they take for each row.
pub(super) const DI_GRUPPO: &[Funzione] = &[
    row("somma", Op::Somma, "q>q"),
    row("conta", Op::Conta, "b?>n"),
    row("tutti", Op::Tutti, "b>b"),
    row("almeno_uno", Op::AlmenoUno, "b>b"),
    row("unisci", Op::Unisci, "at>t"),
    row("riga", Op::Riga, ">n"),
];

/// Those with a form of their own: `espressione.rs` reads them.
pub(super) const PROPRIE: [&str; 3] = ["scegli", "presente", "etichetta"];

/// Words that are no names.
pub(super) const RISERVATE: [&str; 8] = ["e", "o", "non", "vero", "falso", "resto", "azione", "visto"];

pub(super) fn is_function(nome: &str) -> bool {
    FUNZIONI.iter().chain(DI_GRUPPO).any(|f| f.nome == nome) || PROPRIE.contains(&nome)
}

/// Every name of a function, once.
pub(super) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = FUNZIONI.iter().chain(DI_GRUPPO).map(|f| f.nome).chain(PROPRIE).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The types a letter stands for alone; empty for those that vary.
pub(super) const fn of_letter(letter: u8) -> &'static [Tipo] {
    match letter {
        b'i' => &[Tipo::Importo],
        b'n' => &[Tipo::Numero],
        b't' => &[Tipo::Testo],
        b'd' => &[Tipo::Data],
        b'b' => &[Tipo::Booleano],
        b'l' => &[Tipo::Elenco],
        b'q' => &[Tipo::Importo, Tipo::Numero],
        b'a' => &[Tipo::Testo, Tipo::Numero, Tipo::Importo, Tipo::Data],
        b'c' => &[Tipo::Testo, Tipo::Elenco],
        _ => &[Tipo::Importo, Tipo::Numero, Tipo::Testo, Tipo::Data, Tipo::Booleano, Tipo::Elenco],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_every_function() {
        let readme = include_str!("../../../../README.md");
        for name in names() {
            assert!(readme.contains(&format!("`{name}(")), "{name}");
        }
    }

    #[test]
    fn every_operation_is_listed_once() {
        for (i, op) in Op::TUTTE.into_iter().enumerate() {
            assert_eq!(Op::TUTTE.iter().position(|other| *other == op), Some(i), "{op:?}");
        }
        assert!(FUNZIONI.iter().chain(DI_GRUPPO).all(|funzione| Op::TUTTE.contains(&funzione.op)));
        // the last of the enum: no one before it is left out
        assert_eq!(Op::TUTTE.len() - 1, Op::Riga as usize);
    }

    #[test]
    fn every_signature_can_be_read() {
        for Funzione { nome, firma, .. } in FUNZIONI.iter().chain(DI_GRUPPO) {
            let (arguments, result) = firma.split_once('>').unwrap();
            assert!(arguments.trim_end_matches(['?', '*']).bytes().all(|letter| b"intdblqxac".contains(&letter)), "{nome}");
            assert!(result.len() == 1 && b"intdblqx".contains(&result.as_bytes()[0]), "{nome}");
            assert!(result != "q" && result != "x" || arguments.contains(result), "{nome}: of which type?");
        }
    }
}
