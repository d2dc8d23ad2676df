//! Names that were perhaps meant. Only [`super::Modulo::check`] asks: a browser need not download it.

use super::dati::{Campo, Modulo};
use super::funzioni;
use super::rilievo::{Difetto, Rilievo};

/// Says which name was meant, and of a name that is there but later that it is so.
pub(super) fn suggest(modulo: &Modulo, rilievi: &mut [Rilievo]) {
    let mut campi = Vec::new();
    modulo.sezioni.iter().flat_map(|sezione| &sezione.campi).for_each(|campo| collect(campo, "", &mut campi));
    let functions: Vec<String> = funzioni::names()
        .into_iter()
        .map(str::to_owned)
        .chain(modulo.tabelle.iter().map(|tabella| tabella.nome.clone()))
        .collect();
    for rilievo in rilievi {
        match &rilievo.difetto {
            Difetto::NomeSconosciuto(nome) if campi.contains(nome) => rilievo.difetto = Difetto::VieneDopo(nome.clone()),
            Difetto::NomeSconosciuto(nome) | Difetto::NonUnGruppo(nome) | Difetto::CampoDellaRegola(nome) => {
                rilievo.simile = nearest(nome, &campi);
            }
            Difetto::FunzioneSconosciuta(nome) => rilievo.simile = nearest(nome, &functions),
            _ => {}
        }
    }
}

fn collect(campo: &Campo, prefix: &str, names: &mut Vec<String>) {
    let name = format!("{prefix}{}", campo.nome);
    campo.campi.iter().for_each(|interno| collect(interno, &format!("{name}."), names));
    names.push(name);
}

/// The one that differs by the fewest letters, a third of them at the most.
fn nearest(nome: &str, names: &[String]) -> Option<String> {
    let limit = nome.chars().count() / 3;
    let near = names.iter().map(|other| (distance(nome, other), other)).filter(|(far, _)| (1..=limit.max(1)).contains(far));
    near.min_by_key(|(far, _)| *far).map(|(_, other)| other.clone())
}

/// Letters to change, put in or leave out (Levenshtein, 1966); names are short.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let changed = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
