//! Drafts whose time is over. A form that a citizen filled in and did not pay is personal data that nobody needs: it goes, whole, and
//! leaves its steps, which name nobody.
//!
//! Drafts that the ente wrote have no form, and stay: they are its work, not a visit that came to nothing. So do drafts that money
//! has touched, by a trip to Checkout or a receipt.

use crate::columns::instant;
use crate::db::{on_pool, on_tx};
use crate::transizioni::{Lifecycle, Step};
use crate::{Store, StoreError, Tx};
use domain::posizione::{EventoPosizione, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, StatoPosizione};
use jiff::Timestamp;

// CROSS: SQLite keeps the order, and does not read what the whole ente has for each draft
macro_rules! abandoned {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM posizioni p WHERE p.stato = 'BOZZA' AND p.created_at < $1
                AND EXISTS (SELECT 1 FROM moduli m WHERE m.ente = p.ente AND m.posizione_id = p.id)
                AND NOT EXISTS (SELECT 1 FROM rate r CROSS JOIN tentativi t WHERE r.ente = p.ente
                    AND r.posizione_id = p.id AND t.ente = r.ente AND t.numero_avviso = r.numero_avviso)
                AND NOT EXISTS (SELECT 1 FROM rate r CROSS JOIN ricevute x WHERE r.ente = p.ente
                    AND r.posizione_id = p.id AND x.ente = r.ente AND x.numero_avviso = r.numero_avviso)",
            $rest
        )
    };
}
pub(crate) const ABANDONED: &str = abandoned!("p.ente, p.id", " ORDER BY p.created_at, p.id LIMIT $2");
pub(crate) const ABANDONED_ONE: &str = abandoned!("p.ente, p.id", " AND p.ente = $2 AND p.id = $3");
pub(crate) const COUNT: &str = abandoned!("COUNT(*)", "");
/// What hangs on a position, first what hangs on nothing else.
pub(crate) const DELETES: [&str; 5] = [
    "DELETE FROM parole_debitori WHERE ente = $1 AND posizione_id = $2",
    "DELETE FROM moduli WHERE ente = $1 AND posizione_id = $2",
    "DELETE FROM versamenti WHERE ente = $1
        AND numero_avviso IN (SELECT r.numero_avviso FROM rate r WHERE r.ente = $1 AND r.posizione_id = $2)",
    "DELETE FROM rate WHERE ente = $1 AND posizione_id = $2",
    "DELETE FROM posizioni WHERE ente = $1 AND id = $2",
];

impl Store {
    /// How many drafts of forms are older than an instant.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn bozze_before(&self, before: Timestamp) -> Result<i64, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(COUNT).bind(instant(before)).fetch_one(db).await)?)
    }
}

impl Tx {
    /// Deletes drafts of forms that are older than an instant, `max` at the most, with everything in them; how many. Each leaves its
    /// last step. One that is being paid meanwhile is waited for, and stays.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_bozze(&mut self, before: Timestamp, max: u32, perche: &str, now: Timestamp) -> Result<u64, StoreError> {
        let sql = self.holding(ABANDONED);
        let rows: Vec<(String, String)> =
            on_tx!(self, |db| sqlx::query_as(sql).bind(instant(before)).bind(i64::from(max)).fetch_all(db).await)?;
        for (ente, id) in &rows {
            self.delete_whole(ente, id, perche, now).await?;
        }
        Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
    }

    /// Deletes one draft of a form, as [`Tx::delete_bozze`] does; false: it is none, or money has touched it.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_bozza(
        &mut self,
        ente: &CodiceFiscaleEnte,
        id: &str,
        perche: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = self.holding(ABANDONED_ONE);
        let row: Option<(String, String)> = on_tx!(self, |db| sqlx::query_as(sql)
            .bind(instant(Timestamp::MAX))
            .bind(ente.as_str())
            .bind(id)
            .fetch_optional(db)
            .await)?;
        if row.is_some() {
            self.delete_whole(ente.as_str(), id, perche, now).await?;
        }
        Ok(row.is_some())
    }

    async fn delete_whole(&mut self, ente: &str, id: &str, perche: &str, now: Timestamp) -> Result<(), StoreError> {
        let step =
            Step { from: StatoPosizione::Bozza, evento: EventoPosizione::Elimina, to: StatoPosizione::Eliminata, perche, now };
        step.check(Lifecycle::Posizione, id, &TRANSIZIONI)?;
        for sql in DELETES {
            on_tx!(self, |db| sqlx::query(sql).bind(ente).bind(id).execute(db).await.map(drop))?;
        }
        self.record(Lifecycle::Posizione, id, &step).await
    }
}
