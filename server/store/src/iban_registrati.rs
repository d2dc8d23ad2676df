//! The accounts that pagoPA has on record of our enti, as last fetched: the Nodo refuses others.

use crate::columns::{RowOf, instant};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::{CodiceFiscaleEnte, Iban};
use jiff::Timestamp;

/// An account on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IbanRegistrato {
    pub iban: Iban,
    pub attivo: bool,
    pub valido_da: Timestamp,
    /// `CUP`, `STANDIN`, …
    pub etichetta: Option<String>,
    /// When it was last in the list.
    pub visto: Timestamp,
}

pub(crate) const OF_ENTE: &str =
    "SELECT iban, attivo, valido_da_at, etichetta, visto_at FROM iban_registrati WHERE ente = $1 ORDER BY iban";
pub(crate) const FORGET: &str = "DELETE FROM iban_registrati WHERE ente = $1 AND visto_at < $2";

#[derive(sqlx::FromRow)]
struct Row {
    iban: String,
    attivo: bool,
    valido_da_at: String,
    etichetta: Option<String>,
    visto_at: String,
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn iban_registrati(&self, ente: &CodiceFiscaleEnte) -> Result<Vec<IbanRegistrato>, StoreError> {
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(OF_ENTE).bind(ente.as_str()).fetch_all(db).await)?;
        let at = RowOf { table: "iban_registrati", id: ente.as_str() };
        rows.into_iter()
            .map(|row| {
                Ok(IbanRegistrato {
                    iban: at.parse("iban", row.iban)?,
                    attivo: row.attivo,
                    valido_da: at.instant("valido_da_at", &row.valido_da_at)?,
                    etichetta: row.etichetta,
                    visto: at.instant("visto_at", &row.visto_at)?,
                })
            })
            .collect()
    }
}

impl Tx {
    /// It is on record, seen at `iban.visto`.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn upsert_iban_registrato(&mut self, ente: &CodiceFiscaleEnte, iban: &IbanRegistrato) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO iban_registrati (ente, iban, attivo, valido_da_at, etichetta, visto_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (ente, iban) DO UPDATE SET attivo = excluded.attivo, valido_da_at = excluded.valido_da_at,
                 etichetta = excluded.etichetta, visto_at = excluded.visto_at"
        )
        .bind(ente.as_str())
        .bind(iban.iban.as_str())
        .bind(iban.attivo)
        .bind(instant(iban.valido_da))
        .bind(iban.etichetta.as_deref())
        .bind(instant(iban.visto))
        .execute(db)
        .await
        .map(drop))?;
        Ok(())
    }

    /// What was not in the list at `seen` is on record no more.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn forget_iban_registrati(&mut self, ente: &CodiceFiscaleEnte, seen: Timestamp) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(FORGET).bind(ente.as_str()).bind(instant(seen)).execute(db).await.map(drop))?;
        Ok(())
    }
}
