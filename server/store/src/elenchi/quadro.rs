//! What the first page of an ente counts.

use crate::columns::{RowOf, instant};
use crate::db::on_pool;
use crate::{Store, StoreError};
use domain::{CodiceFiscaleEnte, Importo};
use jiff::Timestamp;
use jiff::civil::Date;

/// By the day the receipt arrived, in UTC of the database: the page says so. Of the lines of the ledger: a receipt that says that nothing
/// was paid has none.
pub(crate) const INCASSI: &str =
    "SELECT SUBSTR(l.at, 1, 10) AS giorno, COUNT(DISTINCT l.ricevuta_id) AS quanti, CAST(SUM(l.importo_cents) AS BIGINT) AS cents
    FROM ledger l WHERE l.ente = $1 AND l.at >= $2 AND l.beneficiario = $1 GROUP BY SUBSTR(l.at, 1, 10) ORDER BY giorno";
// a thousand is as good as more: somebody has a long day before them
pub(crate) const ANOMALE: &str = "SELECT COUNT(*), MIN(received_at) FROM (SELECT received_at FROM ricevute
    WHERE ente_destinatario = $1 AND stato IN ('RICEVUTA', 'ANOMALA', 'QUARANTENA') ORDER BY received_at LIMIT 1000) trovate";
pub(crate) const FLUSSI: &str = "SELECT COUNT(*), MIN(pubblicato_at) FROM (SELECT pubblicato_at FROM flussi
    WHERE ente = $1 AND stato = 'INCOMPLETO' ORDER BY pubblicato_at LIMIT 1000) trovate";
pub(crate) const DI_STATO: &str =
    "SELECT COUNT(*) FROM (SELECT 1 FROM posizioni WHERE ente = $1 AND stato = $2 LIMIT 100000) trovate";

/// What came in on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incasso {
    pub giorno: Date,
    pub quanti: i64,
    pub importo: Importo,
}

/// Things that wait for somebody: how many (a thousand at the most), and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aperte {
    pub quante: i64,
    pub dal: Option<Timestamp>,
}

impl Store {
    /// What came in for an ente itself since an instant, by day; days with nothing are not there.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn incassi(&self, ente: &CodiceFiscaleEnte, dal: Timestamp) -> Result<Vec<Incasso>, StoreError> {
        let rows: Vec<(String, i64, i64)> =
            on_pool!(self, reader, |db| sqlx::query_as(INCASSI).bind(ente.as_str()).bind(instant(dal)).fetch_all(db).await)?;
        let parsed = |(giorno, quanti, cents): (String, i64, i64)| {
            let row = RowOf { table: "ledger", id: &giorno };
            let day = giorno.parse().map_err(|_| row.broken("at: not an instant"))?;
            Ok(Incasso { giorno: day, quanti, importo: row.importo(cents)? })
        };
        rows.into_iter().map(parsed).collect()
    }

    /// Receipts that somebody has to look at.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevute_aperte(&self, ente: &CodiceFiscaleEnte) -> Result<Aperte, StoreError> {
        self.aperte(ANOMALE, ente).await
    }

    /// Flows of which something is missing.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn flussi_aperti(&self, ente: &CodiceFiscaleEnte) -> Result<Aperte, StoreError> {
        self.aperte(FLUSSI, ente).await
    }

    async fn aperte(&self, sql: &'static str, ente: &CodiceFiscaleEnte) -> Result<Aperte, StoreError> {
        let (quante, dal): (i64, Option<String>) =
            on_pool!(self, reader, |db| sqlx::query_as(sql).bind(ente.as_str()).fetch_one(db).await)?;
        let row = RowOf { table: "ricevute", id: ente.as_str() };
        Ok(Aperte { quante, dal: dal.map(|at| row.instant("since", &at)).transpose()? })
    }

    /// How many positions are in a state; 100,000 at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn conta_posizioni(&self, ente: &CodiceFiscaleEnte, stato: domain::StatoPosizione) -> Result<i64, StoreError> {
        let stato = crate::columns::name(&stato)?;
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(DI_STATO).bind(ente.as_str()).bind(stato).fetch_one(db).await)?)
    }
}
