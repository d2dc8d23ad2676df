//! Providers of identity that an ente has of its own. Their secrets are not here: who reads the database may not speak for us.

use crate::columns::{RowOf, instant};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::CodiceFiscaleEnte;
use jiff::Timestamp;

/// What is agreed with the provider of an ente.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FornitoreIdentita {
    pub ente: CodiceFiscaleEnte,
    pub issuer: String,
    pub client_id: String,
    /// The claim that holds the codice fiscale.
    pub claim: String,
    /// `acr` that are taken; empty: any.
    pub livelli: Vec<String>,
    /// `name=value`, beside the question of who wants SPID, or CIE; empty: nothing more.
    pub parametro_spid: String,
    pub parametro_cie: String,
}

type Row = (String, String, String, String, String, String, String);

/// Enti are few.
pub(crate) const ALL: &str =
    "SELECT ente, issuer, client_id, claim, livelli, parametro_spid, parametro_cie FROM fornitori_identita ORDER BY ente";

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn fornitori(&self) -> Result<Vec<FornitoreIdentita>, StoreError> {
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(ALL).fetch_all(db).await)?;
        let parsed = |(ente, issuer, client_id, claim, livelli, parametro_spid, parametro_cie): Row| {
            let row = RowOf { table: "fornitori_identita", id: &ente.clone() };
            let livelli = livelli.split_whitespace().map(str::to_owned).collect();
            Ok(FornitoreIdentita {
                ente: row.parse("ente", ente)?,
                issuer,
                client_id,
                claim,
                livelli,
                parametro_spid,
                parametro_cie,
            })
        };
        rows.into_iter().map(parsed).collect()
    }
}

impl Tx {
    /// Instead of the one the ente had.
    ///
    /// # Errors
    /// `Database` when there is no such ente.
    pub async fn set_fornitore(&mut self, fornitore: &FornitoreIdentita, now: Timestamp) -> Result<(), StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(
            "INSERT INTO fornitori_identita (ente, issuer, client_id, claim, livelli, parametro_spid, parametro_cie, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (ente) DO UPDATE SET issuer = $2, client_id = $3, claim = $4, livelli = $5, parametro_spid = $6,
                 parametro_cie = $7, updated_at = $8"
        )
        .bind(fornitore.ente.as_str())
        .bind(fornitore.issuer.as_str())
        .bind(fornitore.client_id.as_str())
        .bind(fornitore.claim.as_str())
        .bind(fornitore.livelli.join(" "))
        .bind(fornitore.parametro_spid.as_str())
        .bind(fornitore.parametro_cie.as_str())
        .bind(instant(now))
        .execute(db)
        .await
        .map(drop))?)
    }

    /// The ente has none any more. False: it had none.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn remove_fornitore(&mut self, ente: &CodiceFiscaleEnte) -> Result<bool, StoreError> {
        let done = on_tx!(self, |db| sqlx::query("DELETE FROM fornitori_identita WHERE ente = $1")
            .bind(ente.as_str())
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }
}
