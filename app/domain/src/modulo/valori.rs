//! What was sent: texts by the names of their fields.

use super::limiti;
use std::fmt;

/// The pairs of a form as a browser posts them, with scripts and without: `figli.2.nome` is a field of the second row, the values of a
/// `scelte` come one by one under the same name, a box that is not ticked does not come at all. `figli.2` alone (a hidden field) says
/// that the row is there, though nothing in it was ticked.
///
/// They are people's: `Debug` counts them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Valori(Vec<(String, Vec<String>)>);

/// The name of the buttons that add a row and take one away: a form of a page without scripts sends itself with them.
pub const AZIONE: &str = "azione";
/// The name under which a form says which of its choices it asked, by their names: a browser does not send what nobody chose.
pub const VISTO: &str = "visto";

/// What such a button asks for: its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Azione {
    /// `aggiungi:figli`
    Aggiungi(String),
    /// `togli:figli.2`
    Togli(String, u16),
}

impl Valori {
    /// What goes beyond the largest form is left out: then fields are missing, and that is told.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut valori = Self::default();
        for (name, value) in pairs.into_iter().take(limiti::COPPIE_MAX) {
            valori.push(name, value);
        }
        valori
    }

    /// One more under that name.
    pub fn push(&mut self, name: String, value: String) {
        match self.place(&name) {
            Ok(at) => self.0[at].1.push(value),
            Err(at) => self.0.insert(at, (name, vec![value])),
        }
    }

    /// Instead of what was there.
    pub fn set(&mut self, name: &str, values: Vec<String>) {
        match self.place(name) {
            Ok(at) => self.0[at].1 = values,
            Err(at) => self.0.insert(at, (name.to_owned(), values)),
        }
    }

    pub fn get(&self, name: &str) -> &[String] {
        self.place(name).map_or(&[], |at| &self.0[at].1)
    }

    /// The only one, for a field that holds one; empty when there is none.
    pub fn first(&self, name: &str) -> &str {
        self.get(name).first().map_or("", String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every name with its values, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// The numbers of a group's rows, ascending, each once. There may be gaps, where a row was taken away.
    pub fn rows(&self, gruppo: &str) -> Vec<u16> {
        let mut rows: Vec<u16> = Vec::new();
        for (name, _) in &self.0 {
            if let Some(row) = row_of(name, gruppo)
                && let Err(at) = rows.binary_search(&row)
            {
                rows.insert(at, row);
            }
        }
        rows
    }

    /// What was asked for by a button that does not send the form for good.
    pub fn action(&self) -> Option<Azione> {
        let (verb, what) = self.first(AZIONE).split_once(':')?;
        match verb {
            "aggiungi" => Some(Azione::Aggiungi(what.to_owned())),
            "togli" => what.split_once('.').and_then(|(gruppo, row)| Some(Azione::Togli(gruppo.to_owned(), number(row)?))),
            _ => None,
        }
    }

    /// Takes a row away; the others keep their numbers.
    pub(super) fn remove_row(&mut self, gruppo: &str, row: u16) {
        self.0.retain(|(name, _)| row_of(name, gruppo) != Some(row));
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }
}

/// `figli.2` and `figli.2.nome` are of row 2.
fn row_of(name: &str, gruppo: &str) -> Option<u16> {
    let rest = name.strip_prefix(gruppo)?.strip_prefix('.')?;
    number(rest.split_once('.').map_or(rest, |(row, _)| row))
}

/// From 1, written one way only: `02` would be another name for the same row.
fn number(text: &str) -> Option<u16> {
    let ok = text.len() <= 4 && !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    if ok { text.parse().ok() } else { None }
}

impl fmt::Debug for Valori {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Valori({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valori(pairs: &[(&str, &str)]) -> Valori {
        Valori::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn rows_are_those_that_were_sent_in_their_order() {
        let sent = valori(&[
            ("figli.10.nome", "Ugo"),
            ("figli.2.nome", "Ada"),
            ("figli.2.giorni", "lun"),
            ("figli.2.giorni", "mar"),
            ("figli.3", ""),
            ("figli.02.nome", "no"),
            ("figli.0.nome", "no"),
            ("figli.99999.nome", "no"),
            ("figliastri.1.nome", "no"),
            ("figli.x.nome", "no"),
        ]);
        assert_eq!(sent.rows("figli"), [2, 3, 10]);
        assert_eq!(sent.get("figli.2.giorni"), ["lun", "mar"]);
        assert_eq!(sent.first("figli.2.nome"), "Ada");
        assert_eq!(sent.get("figli.1.nome"), [""; 0]);
    }

    #[test]
    fn a_form_sent_by_another_button_says_what_is_wanted() {
        for (value, expected) in [
            ("aggiungi:figli", Some(Azione::Aggiungi("figli".into()))),
            ("togli:figli.2", Some(Azione::Togli("figli".into(), 2))),
            ("togli:figli", None),
            ("togli:figli.0", None),
            ("paga", None),
            ("", None),
        ] {
            assert_eq!(valori(&[(AZIONE, value)]).action(), expected, "{value}");
        }
    }

    #[test]
    fn a_flood_of_fields_is_cut_off_and_nobody_is_named() {
        let flood = Valori::from_pairs((0..10_000).map(|i| (format!("campo_{i}"), "Mario Rossi".to_owned())));
        assert_eq!(flood.iter().count(), limiti::COPPIE_MAX);
        assert_eq!(format!("{:?}", valori(&[("nome", "Mario Rossi")])), "Valori(1)");
    }
}
