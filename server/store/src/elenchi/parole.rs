//! The words of a debtor's name, to be found by.

use crate::db::on_tx;
use crate::{StoreError, Tx};
use domain::{Posizione, testo};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Of one letter are initials: they find everybody. A name of more words is found by its first ones.
const LETTERE_MIN: usize = 2;
const PAROLE_MAX: usize = 5;

pub(crate) const INSERT: &str = "INSERT INTO parole_debitori (ente, parola, created_at, posizione_id) VALUES ($1, $2, $3, $4)
    ON CONFLICT (ente, parola, created_at, posizione_id) DO NOTHING";

/// The words of a name as they are kept and asked for: small letters, each once.
pub fn parole(nome: &str) -> BTreeSet<String> {
    let words = nome.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
    words.map(testo::lower).filter(|word| word.chars().count() >= LETTERE_MIN).take(PAROLE_MAX).collect()
}

impl Tx {
    /// So that a debtor is found by name; with the position, in one transaction.
    pub(crate) async fn insert_parole(&mut self, of: &Posizione, created_at: Timestamp) -> Result<(), StoreError> {
        for parola in parole(&of.debitore.nome) {
            on_tx!(self, |db| sqlx::query(INSERT)
                .bind(of.ente.as_str())
                .bind(parola)
                .bind(crate::columns::instant(created_at))
                .bind(of.id.as_str())
                .execute(db)
                .await
                .map(drop))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_each_of_its_words() {
        for (nome, expected) in [
            ("Mario Rossi", &["mario", "rossi"][..]),
            ("D’Angelo Niccolò", &["d’angelo", "niccolò"]),
            ("ROSSI  S.r.l.", &["rossi"]),
            ("Maria Maria", &["maria"]),
            ("Ä", &[]),
            ("uno due tre quattro cinque sei", &["cinque", "due", "quattro", "tre", "uno"]),
        ] {
            assert_eq!(parole(nome).into_iter().collect::<Vec<_>>(), expected, "{nome}");
        }
    }
}
