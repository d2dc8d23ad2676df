//! Notices that somebody asked for at a counter (paDemandPaymentNotice) and never paid. Nobody else knows them and nobody can pay them
//! any more: first they are cancelled, which whoever mirrors them is told; then, when that was told, they go as abandoned drafts do
//! ([`crate::bozze`]), and leave their steps, which name nobody.
//!
//! One that money has touched stays, by a trip to Checkout or a receipt.

use crate::bozze::DELETES;
use crate::columns::instant;
use crate::db::{on_pool, on_tx};
use crate::transizioni::{Lifecycle, Step};
use crate::{Store, StoreError, Tx};
use domain::posizione::{EventoPosizione, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, StatoPosizione};
use jiff::Timestamp;
use jiff::civil::Date;

/// Why such a position was published: by this its step is found.
pub const RICHIESTA: &str = "paDemandPaymentNotice";

// the words of the index `transizioni_richieste`: only such positions are in it. CROSS, as in `bozze.rs`
macro_rules! unpaid {
    ($select:literal, $stato:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM transizioni t CROSS JOIN posizioni p WHERE t.evento = 'PUBBLICA' AND t.perche = 'paDemandPaymentNotice'
                AND t.at < $1 AND p.id = t.id AND p.stato = ",
            $stato,
            " AND NOT EXISTS (SELECT 1 FROM rate r WHERE r.ente = p.ente AND r.posizione_id = p.id
                    AND (r.scadenza IS NULL OR r.scadenza >= $2))
                AND NOT EXISTS (SELECT 1 FROM rate r CROSS JOIN tentativi x WHERE r.ente = p.ente
                    AND r.posizione_id = p.id AND x.ente = r.ente AND x.numero_avviso = r.numero_avviso)
                AND NOT EXISTS (SELECT 1 FROM rate r CROSS JOIN ricevute x WHERE r.ente = p.ente
                    AND r.posizione_id = p.id AND x.ente = r.ente AND x.numero_avviso = r.numero_avviso)",
            $rest
        )
    };
}
/// A mirror that was not told, or refused to close what it has, still needs the position.
macro_rules! told {
    ($select:literal, $rest:literal) => {
        concat!(
            unpaid!(
                $select,
                "'ANNULLATA'",
                " AND NOT EXISTS (SELECT 1 FROM specchi s WHERE s.ente = p.ente AND s.posizione_id = p.id
                    AND (s.inviata < s.voluta OR (s.rifiuto IS NOT NULL AND s.stato IS NOT NULL)))"
            ),
            $rest
        )
    };
}
pub(crate) const TO_CLOSE: &str = unpaid!("p.ente, p.id", "'APERTA'", " ORDER BY t.at, t.id LIMIT $3");
pub(crate) const TO_DELETE: &str = told!("p.ente, p.id", " ORDER BY t.at, t.id LIMIT $3");
pub(crate) const COUNT_OPEN: &str = unpaid!("COUNT(*)", "'APERTA'", "");
pub(crate) const COUNT_CLOSED: &str = told!("COUNT(*)", "");
pub(crate) const DELETE_SPECCHIO: &str = "DELETE FROM specchi WHERE ente = $1 AND posizione_id = $2";

impl Store {
    /// How many notices that were asked for, and published before an instant, were due before a day and are there although nothing
    /// needs them.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn richieste_before(&self, published: Timestamp, due: Date) -> Result<i64, StoreError> {
        let mut count = 0;
        for sql in [COUNT_OPEN, COUNT_CLOSED] {
            let found: i64 = on_pool!(self, reader, |db| sqlx::query_scalar(sql)
                .bind(instant(published))
                .bind(due.to_string())
                .fetch_one(db)
                .await)?;
            count += found;
        }
        Ok(count)
    }
}

impl Tx {
    /// Cancels notices that were asked for, published before an instant and due before a day, `max` at the most; how many. Whoever
    /// mirrors them must be told.
    ///
    /// # Errors
    /// `Busy`, `Inconsistent`, `Database`.
    pub async fn close_richieste(
        &mut self,
        published: Timestamp,
        due: Date,
        max: u32,
        perche: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut closed = 0;
        for (ente, id) in self.unpaid(TO_CLOSE, published, due, max).await? {
            // held since it was read: a receipt waits, or has been there first
            if let Some(read) = self.posizione(&ente, &id).await?.filter(|read| read.stato == StatoPosizione::Aperta) {
                self.advance_posizione(&read, EventoPosizione::Annulla, StatoPosizione::Annullata, perche, now).await?;
                closed += 1;
            }
        }
        Ok(closed)
    }

    /// Deletes notices that were asked for and cancelled so, with everything in them, `max` at the most; how many. Each leaves its last
    /// step.
    ///
    /// # Errors
    /// `Busy`, `Inconsistent`, `Database`.
    pub async fn delete_richieste(
        &mut self,
        published: Timestamp,
        due: Date,
        max: u32,
        perche: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for (ente, id) in self.unpaid(TO_DELETE, published, due, max).await? {
            let (from, to) = (StatoPosizione::Annullata, StatoPosizione::Eliminata);
            let step = Step { from, evento: EventoPosizione::Elimina, to, perche, now };
            step.check(Lifecycle::Posizione, &id, &TRANSIZIONI)?;
            for sql in [DELETE_SPECCHIO].into_iter().chain(DELETES) {
                on_tx!(self, |db| sqlx::query(sql).bind(ente.as_str()).bind(id.as_str()).execute(db).await.map(drop))?;
            }
            self.record(Lifecycle::Posizione, &id, &step).await?;
            deleted += 1;
        }
        Ok(deleted)
    }

    async fn unpaid(
        &mut self,
        sql: &'static str,
        published: Timestamp,
        due: Date,
        max: u32,
    ) -> Result<Vec<(CodiceFiscaleEnte, String)>, StoreError> {
        let sql = self.holding(sql);
        let rows: Vec<(String, String)> = on_tx!(self, |db| sqlx::query_as(sql)
            .bind(instant(published))
            .bind(due.to_string())
            .bind(i64::from(max))
            .fetch_all(db)
            .await)?;
        let parsed = |(ente, id): (String, String)| {
            let row = crate::columns::RowOf { table: "posizioni", id: &id };
            Ok((row.parse("ente", ente)?, id.clone()))
        };
        rows.into_iter().map(parsed).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queries_spell_the_reason_that_is_written() {
        for sql in [TO_CLOSE, TO_DELETE, COUNT_OPEN, COUNT_CLOSED] {
            assert!(sql.contains(&format!("t.perche = '{RICHIESTA}'")), "{sql}");
        }
    }
}
