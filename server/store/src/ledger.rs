//! Who gets each cent of each receipt. Lines are added with their receipt, in its transaction, and never changed.

use crate::columns::instant;
use crate::db::on_tx;
use crate::{StoreError, Tx};
use jiff::Timestamp;

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RigaLedger {
    /// From 1 in the order of the receipt; 0: what its transfers leave over.
    pub indice: i64,
    /// Codice fiscale of who gets it.
    pub beneficiario: String,
    /// Line 0 can be negative: transfers that add up to more than the receipt.
    pub importo_cents: i64,
}

impl Tx {
    /// The lines of a receipt that was just inserted.
    ///
    /// # Errors
    /// `Database` when it has lines already.
    pub async fn insert_ledger(
        &mut self,
        ricevuta: &str,
        ente: &str,
        righe: &[RigaLedger],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for riga in righe {
            on_tx!(self, |db| sqlx::query(
                "INSERT INTO ledger (ricevuta_id, indice, ente, beneficiario, importo_cents, at) VALUES ($1, $2, $3, $4, $5, $6)"
            )
            .bind(ricevuta)
            .bind(riga.indice)
            .bind(ente)
            .bind(riga.beneficiario.as_str())
            .bind(riga.importo_cents)
            .bind(instant(now))
            .execute(db)
            .await
            .map(drop))?;
        }
        Ok(())
    }
}
