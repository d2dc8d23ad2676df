//! Names: `soggettoPagatore.identificativo` becomes `soggetto_pagatore_identificativo`, and no two the same.

use domain::modulo::{TipoCampo, limiti};
use std::collections::BTreeMap;

/// The names of the source and ours.
#[derive(Debug, Default)]
pub(crate) struct Nomi {
    noti: BTreeMap<String, (String, TipoCampo)>,
}

/// Words of the language: a field cannot be called so.
const RISERVATE: [&str; 7] = ["e", "o", "non", "vero", "falso", "resto", "azione"];

impl Nomi {
    /// A name of our own for one of the source; `prefix` is the group's, with its point.
    pub(crate) fn add(&mut self, source: &str, prefix: &str, tipo: TipoCampo) -> String {
        let bare = snake(source);
        let taken = |name: &str| self.noti.values().any(|(known, _)| *known == format!("{prefix}{name}"));
        let mut name = bare.clone();
        let mut again = 2;
        while taken(&name) || RISERVATE.contains(&name.as_str()) {
            name = format!("{bare}_{again}");
            again += 1;
        }
        self.noti.insert(source.to_owned(), (format!("{prefix}{name}"), tipo));
        name
    }

    /// How a field is called in expressions, and what it is. Sources also write where it stands: `parent.importo`, `row.importo`.
    pub(crate) fn get(&self, source: &str) -> Option<&(String, TipoCampo)> {
        let last = || source.rsplit_once('.').and_then(|(_, last)| self.noti.get(last));
        self.noti.get(source).or_else(last)
    }
}

/// Lower case, words apart.
fn snake(source: &str) -> String {
    let mut name = String::new();
    let mut before = '_';
    for c in source.chars() {
        match c {
            'A'..='Z' => {
                if before.is_ascii_lowercase() || before.is_ascii_digit() {
                    name.push('_');
                }
                name.push(c.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' => name.push(c),
            _ if !name.ends_with('_') => name.push('_'),
            _ => {}
        }
        before = c;
    }
    let name = name.trim_matches('_');
    let name = if name.starts_with(|c: char| c.is_ascii_lowercase()) { name.to_owned() } else { format!("c_{name}") };
    name.chars().take(limiti::NOME_MAX - 4).collect::<String>().trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_and_never_twice() {
        let mut nomi = Nomi::default();
        for (source, expected) in [
            ("codiceFiscale", "codice_fiscale"),
            ("soggettoPagatore.anagrafica", "soggetto_pagatore_anagrafica"),
            ("CODICE FISCALE", "codice_fiscale_2"),
            ("1a rata", "c_1a_rata"),
            ("à", "c"),
            ("o", "o_2"),
            ("IBANEnte", "ibanente"),
        ] {
            assert_eq!(nomi.add(source, "", TipoCampo::Testo), expected, "{source}");
        }
        assert!(nomi.add(&"x".repeat(90), "", TipoCampo::Testo).len() <= limiti::NOME_MAX);
        nomi.add("importo", "rate.", TipoCampo::Importo);
        assert_eq!(nomi.get("parent.importo").unwrap().0, "rate.importo");
    }
}
