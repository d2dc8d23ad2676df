//! The record: each receipt, its lines in the ledger and its link in the chain of its ente, in one transaction.
//!
//! A link is `SHA-256(hash before ‖ chain ‖ seq ‖ subject ‖ digest)`, the digest is of every column of the row that never changes:
//! a byte changed by hand, a row left out or taken away breaks the chain from there on, and [`crate::verifica`] says where.

use crate::{Portal, PortalError, ids};
use domain::Ricevuta;
use jiff::Timestamp;
use store::{Anello, AuditRow, FattiRicevuta, RigaLedger, Tx};

/// The chain of what the operators did.
pub(crate) const AUDIT: &str = "audit";

/// The chain of an ente's receipts: of those addressed to it.
pub(crate) fn catena_ricevute(ente_destinatario: &str) -> String {
    format!("ricevute:{ente_destinatario}")
}

/// The next link's hash. The parts cannot run into each other: none has a line break in it.
pub(crate) fn hash(before: &str, catena: &str, seq: i64, soggetto: &str, digest: &str) -> String {
    ids::sha256_hex(format!("{before}\n{catena}\n{seq}\n{soggetto}\n{digest}").as_bytes())
}

/// Every column of a receipt that never changes, and the digest of the message it was read from. As JSON: no two rows are spelt alike.
pub(crate) fn digest_ricevuta(row: &FattiRicevuta) -> String {
    let columns = serde_json::json!([
        row.id,
        row.ente_destinatario,
        row.receipt_id,
        row.ente,
        row.numero_avviso,
        row.iuv,
        row.importo_cents,
        row.pagata_il,
        row.anomalie,
        row.contenuto_sha256,
        row.inbox_id,
        row.inbox_sha256,
        row.posizione_id,
        row.received_at,
    ]);
    ids::sha256_hex(columns.to_string().as_bytes())
}

pub(crate) fn digest_audit(row: &AuditRow) -> String {
    let columns = serde_json::json!([row.id, row.at, row.chi, row.azione, row.ente, row.soggetto, row.dettaglio]);
    ids::sha256_hex(columns.to_string().as_bytes())
}

/// The lines of a receipt: they add up to it, whatever its transfers say. A receipt that says KO tells of no money: none.
pub(crate) fn righe(ricevuta: &Ricevuta) -> Result<Vec<RigaLedger>, PortalError> {
    if !ricevuta.esito_ok {
        return Ok(Vec::new());
    }
    let mut left = ricevuta.importo.cents();
    let mut righe = Vec::with_capacity(ricevuta.versamenti.len());
    for (indice, versamento) in (1..).zip(&ricevuta.versamenti) {
        let importo_cents = versamento.importo.cents();
        left = left.checked_sub(importo_cents).ok_or_else(|| PortalError::Inconsistent("a sum beyond all money".to_owned()))?;
        righe.push(RigaLedger { indice, beneficiario: versamento.ente.to_string(), importo_cents });
    }
    if left != 0 {
        righe.push(RigaLedger { indice: 0, beneficiario: ricevuta.ente.to_string(), importo_cents: left });
    }
    Ok(righe)
}

/// Writes the lines and the link of a receipt that was just inserted. The last thing in its transaction: the chain is held until
/// the end.
pub(crate) async fn record(tx: &mut Tx, id: &str, ente: &str, ricevuta: &Ricevuta, now: Timestamp) -> Result<(), PortalError> {
    tx.insert_ledger(id, ente, &righe(ricevuta)?, now).await?;
    let digest = digest_ricevuta(&tx.fatti_ricevuta(id).await?);
    link(tx, catena_ricevute(ente), id, digest).await
}

async fn link(tx: &mut Tx, catena: String, soggetto: &str, digest: String) -> Result<(), PortalError> {
    let end = tx.hold_catena(&catena).await?;
    let seq = end.seq + 1;
    let hash = hash(&end.hash, &catena, seq, soggetto, &digest);
    Ok(tx.insert_anello(&Anello { catena, seq, soggetto: soggetto.to_owned(), digest, hash }).await?)
}

/// Writes down who did what, in the transaction that does it. `dettaglio`: no personal data.
pub(crate) async fn audit(
    tx: &mut Tx,
    now: Timestamp,
    chi: &str,
    azione: &str,
    soggetto: &str,
    dettaglio: &serde_json::Value,
) -> Result<(), PortalError> {
    let row = AuditRow {
        id: ids::new_id()?,
        at: format!("{now:.6}"),
        chi: chi.to_owned(),
        azione: azione.to_owned(),
        ente: None,
        soggetto: soggetto.to_owned(),
        dettaglio: dettaglio.to_string(),
    };
    tx.insert_audit(&row).await?;
    let digest = digest_audit(&row);
    link(tx, AUDIT.to_owned(), &row.id, digest).await
}

/// Receipts taken into their chain at once.
const ADOPTED: u32 = 500;

impl Portal {
    /// Writes down that an operator did something. `dettaglio`: no personal data.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn audit(&self, chi: &str, azione: &str, soggetto: &str, dettaglio: &serde_json::Value) -> Result<(), PortalError> {
        let mut tx = self.inner.store.begin().await?;
        audit(&mut tx, self.inner.clock.now(), chi, azione, soggetto, dettaglio).await?;
        Ok(tx.commit().await?)
    }

    /// Gives lines and links to receipts that were written before there were any; the number of them. Run at start; audited.
    ///
    /// # Errors
    /// [`PortalError`] of the store, or a receipt that cannot be read.
    pub async fn adopt_ricevute(&self) -> Result<usize, PortalError> {
        let mut adopted = 0;
        loop {
            let now = self.inner.clock.now();
            let mut tx = self.inner.store.begin().await?;
            let rows = tx.unchained(ADOPTED).await?;
            if rows.is_empty() {
                return Ok(adopted);
            }
            for row in &rows {
                let ricevuta: Ricevuta = serde_json::from_str(&row.contenuto)
                    .map_err(|_| PortalError::Inconsistent(format!("receipt {} cannot be read", row.id)))?;
                record(&mut tx, &row.id, &row.ente_destinatario, &ricevuta, now).await?;
            }
            adopted += rows.len();
            audit(&mut tx, now, "comando", "ricevute.adotta", "ricevute", &serde_json::json!({ "quante": rows.len() })).await?;
            tx.commit().await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_depends_on_every_part_of_it() {
        let all = [
            hash("a", "c", 1, "s", "d"),
            hash("b", "c", 1, "s", "d"),
            hash("a", "x", 1, "s", "d"),
            hash("a", "c", 2, "s", "d"),
            hash("a", "c", 1, "x", "d"),
            hash("a", "c", 1, "s", "x"),
            // the parts do not run into each other
            hash("a", "c\n1", 1, "s", "d"),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
