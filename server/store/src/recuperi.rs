//! Receipts that a flow names and that never came, and how often pagoPA may be asked for them.
//!
//! Instants are those of the database: several servers share one ration.

use crate::columns::RowOf;
use crate::db::time::Timed;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::CodiceFiscaleEnte;
use sqlx::SqlStr;

/// A receipt to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recupero {
    pub ente: CodiceFiscaleEnte,
    /// The receipt's `receiptId`.
    pub iur: String,
    pub iuv: String,
    pub flusso_id: String,
    pub tentativi: i64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EsitoRecupero {
    /// Asked for, and here.
    Recuperata,
    /// It came by itself.
    Arrivata,
    /// pagoPA has it not, as often as it was asked: somebody must.
    Introvabile,
}

impl EsitoRecupero {
    fn as_str(self) -> &'static str {
        match self {
            Self::Recuperata => "RECUPERATA",
            Self::Arrivata => "ARRIVATA",
            Self::Introvabile => "INTROVABILE",
        }
    }
}

/// Rows of a flow whose receipt is not here; one that was asked for already is left as it is.
pub(crate) const WANT: Timed = Timed(
    "INSERT INTO recuperi (ente, iur, iuv, flusso_id, stato, priorita, tentativi, non_prima_at, errore, created_at, updated_at)
    SELECT f.ente, r.iur, MIN(r.iuv), f.id, 'ATTESA', $2, 0, now($3), NULL, now(), now()
    FROM flussi f JOIN fdr_righe r ON r.flusso_id = f.id
    WHERE f.id = $1 AND NOT EXISTS (SELECT 1 FROM ricevute x WHERE x.ente_destinatario = f.ente AND x.receipt_id = r.iur)
    GROUP BY f.ente, r.iur, f.id
    ON CONFLICT (ente, iur) DO NOTHING",
);
pub(crate) const NEXT: Timed = Timed(
    "SELECT ente, iur, iuv, flusso_id, tentativi FROM recuperi WHERE stato = 'ATTESA' AND non_prima_at <= now()
    ORDER BY priorita, non_prima_at, ente, iur LIMIT 1",
);
pub(crate) const ARRIVED: Timed = Timed(
    "UPDATE recuperi SET stato = 'ARRIVATA', updated_at = now() WHERE stato = 'ATTESA'
    AND EXISTS (SELECT 1 FROM ricevute x WHERE x.ente_destinatario = recuperi.ente AND x.receipt_id = recuperi.iur)",
);
pub(crate) const SETTLE: Timed = Timed(
    "UPDATE recuperi SET stato = $3, tentativi = tentativi + 1, updated_at = now() WHERE ente = $1 AND iur = $2 AND stato = 'ATTESA'",
);
pub(crate) const LATER: Timed = Timed(
    "UPDATE recuperi SET tentativi = tentativi + 1, non_prima_at = now($3), errore = $4, updated_at = now()
    WHERE ente = $1 AND iur = $2 AND stato = 'ATTESA'",
);
/// A slot that was never used.
const RATIONS: &str = "INSERT INTO razioni (controparte, numero, usata_at) VALUES ($1, $2, '') ON CONFLICT DO NOTHING";
/// The slot that was used longest ago, if that is long enough ago.
pub(crate) const RATION: Timed = Timed(
    "UPDATE razioni SET usata_at = now() WHERE controparte = $1 AND numero =
        (SELECT numero FROM razioni WHERE controparte = $1 AND usata_at <= now($2) ORDER BY usata_at, numero LIMIT 1 {lock})
    RETURNING numero",
);
pub(crate) const COUNTS: &str = "SELECT stato, COUNT(*) FROM recuperi GROUP BY stato ORDER BY stato";
/// For `plans.rs`; `ARRIVED` reads all that wait, which are few.
#[cfg(test)]
pub(crate) const LOOKUPS: [Timed; 5] = [WANT, NEXT, SETTLE, LATER, RATION];

#[derive(sqlx::FromRow)]
struct Row {
    ente: String,
    iur: String,
    iuv: String,
    flusso_id: String,
    tentativi: i64,
}

impl Store {
    /// The most urgent receipt to be asked for now.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn next_recupero(&self) -> Result<Option<Recupero>, StoreError> {
        let sql: SqlStr = NEXT.on(self);
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(sql).fetch_optional(db).await)?;
        row.map(|row| {
            let Row { ente, iur, iuv, flusso_id, tentativi } = row;
            let ente = RowOf { table: "recuperi", id: &iur }.parse("ente", ente)?;
            Ok(Recupero { ente, iur, iuv, flusso_id, tentativi })
        })
        .transpose()
    }

    /// How many receipts are in each state of their recovery.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn recuperi_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(COUNTS).fetch_all(db).await)?)
    }

    /// Takes one call of the ration of a peer: `calls` in `window_ms`. False: it is used up. What was taken is gone, whatever becomes
    /// of the call: durable before it is made.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn take_ration(&self, controparte: &str, calls: u32, window_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        for numero in 1..=i64::from(calls) {
            on_tx!(&mut tx, |db| sqlx::query(RATIONS).bind(controparte).bind(numero).execute(db).await.map(drop))?;
        }
        let sql = RATION.skipping_locked(&tx);
        let taken: Option<i64> = on_tx!(&mut tx, |db| sqlx::query_scalar(sql)
            .bind(controparte)
            .bind(window_ms.saturating_neg())
            .fetch_optional(db)
            .await)?;
        if taken.is_some() {
            tx.commit().await?;
        }
        Ok(taken.is_some())
    }
}

impl Tx {
    /// The receipts that a flow names and that are not here are to be asked for, after `delay_ms`; how many.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn want_ricevute_of_flusso(&mut self, flusso: &str, priorita: i64, delay_ms: i64) -> Result<u64, StoreError> {
        let sql = WANT.within(self);
        Ok(on_tx!(self, |db| sqlx::query(sql)
            .bind(flusso)
            .bind(priorita)
            .bind(delay_ms)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?)
    }

    /// Those that came by themselves meanwhile need not be asked for; how many.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn settle_arrived(&mut self) -> Result<u64, StoreError> {
        let sql = ARRIVED.within(self);
        Ok(on_tx!(self, |db| sqlx::query(sql).execute(db).await.map(|done| done.rows_affected()))?)
    }

    /// # Errors
    /// `Busy`, `Database`. One that is settled already stays as it is.
    pub async fn settle_recupero(&mut self, recupero: &Recupero, esito: EsitoRecupero) -> Result<(), StoreError> {
        let sql = SETTLE.within(self);
        on_tx!(self, |db| sqlx::query(sql)
            .bind(recupero.ente.as_str())
            .bind(recupero.iur.as_str())
            .bind(esito.as_str())
            .execute(db)
            .await
            .map(drop))?;
        Ok(())
    }

    /// Not now: again after `delay_ms`. `errore`: no personal data.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn postpone_recupero(&mut self, recupero: &Recupero, delay_ms: i64, errore: &str) -> Result<(), StoreError> {
        let sql = LATER.within(self);
        on_tx!(self, |db| sqlx::query(sql)
            .bind(recupero.ente.as_str())
            .bind(recupero.iur.as_str())
            .bind(delay_ms)
            .bind(errore)
            .execute(db)
            .await
            .map(drop))?;
        Ok(())
    }
}
