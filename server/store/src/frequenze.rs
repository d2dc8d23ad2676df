//! How often each service was paid, day by day: counted as the receipts come, so that nobody counts a million of them later.

use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::CodiceFiscaleEnte;
use jiff::civil::Date;

pub(crate) const COUNT: &str = "INSERT INTO frequenze (ente, giorno, servizio, quanti) VALUES ($1, $2, $3, 1)
     ON CONFLICT (ente, giorno, servizio) DO UPDATE SET quanti = frequenze.quanti + 1";
pub(crate) const SINCE: &str = "SELECT servizio, CAST(SUM(quanti) AS BIGINT) FROM frequenze WHERE ente = $1 AND giorno >= $2
     GROUP BY servizio ORDER BY 2 DESC, servizio LIMIT $3";

impl Store {
    /// The services paid most often since a day, the first ones first.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn most_paid(&self, ente: &CodiceFiscaleEnte, since: Date, limit: u32) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(SINCE)
            .bind(ente.as_str())
            .bind(since.to_string())
            .bind(i64::from(limit))
            .fetch_all(db)
            .await)?)
    }
}

impl Tx {
    /// One payment more. In the transaction of its receipt, before its chain is held: always in that order.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn count_pagamento(&mut self, ente: &CodiceFiscaleEnte, servizio: &str, giorno: Date) -> Result<(), StoreError> {
        let (ente, giorno) = (ente.as_str(), giorno.to_string());
        Ok(on_tx!(self, |db| sqlx::query(COUNT).bind(ente).bind(giorno.as_str()).bind(servizio).execute(db).await.map(drop))?)
    }
}
