//! Letters to people: the outbox of what somebody must be told, each written with its event and the job that sends it.

use crate::columns::{RowOf, instant, json, name};
use crate::db::{on_pool, on_tx};
use crate::{NewJob, Store, StoreError, Tx};
use domain::lettera::{EventoLettera, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, Email, Lingua, StatoLettera, TipoJob, TipoLettera};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A letter to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLettera<'a> {
    /// Opaque, ours.
    pub id: String,
    pub ente: &'a CodiceFiscaleEnte,
    pub tipo: TipoLettera,
    /// The receipt or the reminder it is about.
    pub soggetto: &'a str,
    pub email: &'a Email,
    pub lingua: Lingua,
    pub created_at: Timestamp,
}

/// A letter as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lettera {
    pub id: String,
    pub ente: CodiceFiscaleEnte,
    pub tipo: TipoLettera,
    pub soggetto: String,
    pub email: Email,
    pub lingua: Lingua,
    pub stato: StatoLettera,
    pub created_at: Timestamp,
}

/// The payload of [`TipoJob::InviaLettera`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invio {
    pub lettera: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, ente, tipo, soggetto, email, lingua, stato, created_at FROM lettere ", $rest)
    };
}
pub(crate) const BY_ID: &str = select!("WHERE id = $1");
pub(crate) const BY_SOGGETTO: &str = select!("WHERE tipo = $1 AND soggetto = $2");
const INSERT: &str =
    "INSERT INTO lettere (id, ente, tipo, soggetto, email, chiave, lingua, stato, perche, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9, $9) ON CONFLICT (tipo, soggetto) DO NOTHING";
pub(crate) const ADVANCE: &str = "UPDATE lettere SET stato = $3, perche = $4, updated_at = $5 WHERE id = $1 AND stato = $2";
pub(crate) const LATELY: &str = "SELECT COUNT(*) FROM lettere WHERE chiave = $1 AND created_at >= $2 AND tipo = $3";
pub(crate) const COUNT_BEFORE: &str = "SELECT COUNT(*) FROM lettere WHERE created_at < $1";
pub(crate) const DELETE_BEFORE: &str =
    "DELETE FROM lettere WHERE id IN (SELECT id FROM lettere WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
/// A letter is written with the job that sends it; a dead one is told by itself.
const FORGOTTEN: &str = "SELECT l.id FROM lettere l WHERE l.stato IN ('DA_INVIARE', 'AFFIDATA') AND NOT EXISTS
        (SELECT 1 FROM jobs j WHERE j.chiave = 'INVIA_LETTERA:' || l.id AND j.stato IN ('PRONTO', 'RITENTA', 'PRESO', 'MORTO'))
    ORDER BY l.id LIMIT $1";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    ente: String,
    tipo: String,
    soggetto: String,
    email: String,
    lingua: String,
    stato: String,
    created_at: String,
}

impl Row {
    fn into_domain(self) -> Result<Lettera, StoreError> {
        let row = RowOf { table: "lettere", id: &self.id };
        Ok(Lettera {
            ente: row.parse("ente", self.ente)?,
            tipo: row.name("tipo", &self.tipo)?,
            soggetto: self.soggetto,
            email: row.parse("email", self.email)?,
            lingua: row.name("lingua", &self.lingua)?,
            stato: row.name("stato", &self.stato)?,
            created_at: row.instant("created_at", &self.created_at)?,
            id: self.id,
        })
    }
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn lettera(&self, id: &str) -> Result<Option<Lettera>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// The letter about a receipt or a reminder.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn lettera_of(&self, tipo: TipoLettera, soggetto: &str) -> Result<Option<Lettera>, StoreError> {
        let tipo = name(&tipo)?;
        let row: Option<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(BY_SOGGETTO).bind(&tipo).bind(soggetto).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// How many are older than an instant.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn lettere_before(&self, before: Timestamp) -> Result<i64, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(COUNT_BEFORE).bind(instant(before)).fetch_one(db).await)?)
    }

    /// Letters that are still to be sent and that no job sends any more: ids, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn lettere_dimenticate(&self, max: u32) -> Result<Vec<String>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(FORGOTTEN).bind(i64::from(max)).fetch_all(db).await)?)
    }
}

impl Tx {
    /// Writes a letter down, with the job that sends it. False, and nothing written, when this event has its letter already.
    ///
    /// # Errors
    /// `Database` when the id is taken or the ente unknown.
    pub async fn insert_lettera(&mut self, new: &NewLettera<'_>) -> Result<bool, StoreError> {
        let (tipo, lingua, stato) = (name(&new.tipo)?, name(&new.lingua)?, name(&TRANSIZIONI.initial)?);
        let done = on_tx!(self, |db| sqlx::query(INSERT)
            .bind(new.id.as_str())
            .bind(new.ente.as_str())
            .bind(tipo)
            .bind(new.soggetto)
            .bind(new.email.as_str())
            .bind(new.email.chiave())
            .bind(lingua)
            .bind(stato)
            .bind(instant(new.created_at))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Ok(false);
        }
        let tipo = TipoJob::InviaLettera;
        let chiave = format!("{}:{}", tipo.as_str(), new.id);
        let payload = json(&Invio { lettera: new.id.clone() })?;
        let (ente, priorita) = (Some(new.ente.clone()), tipo.priorita());
        self.enqueue(&NewJob { id: new.id.clone(), tipo, chiave, ente, payload, priorita, delay_ms: 0 }).await?;
        Ok(true)
    }

    /// Takes one step of [`TRANSIZIONI`] from the state that was read. `perche`: no personal data.
    ///
    /// # Errors
    /// `Stale` when the letter is no longer in it; `Inconsistent` when the table has no such step.
    pub async fn advance_lettera(
        &mut self,
        id: &str,
        from: StatoLettera,
        evento: EventoLettera,
        perche: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = RowOf { table: "lettere", id };
        let to = TRANSIZIONI.advance(from, evento).map_err(|no_edge| row.broken(no_edge))?;
        let (from, to) = (name(&from)?, name(&to)?);
        let done = on_tx!(self, |db| sqlx::query(ADVANCE)
            .bind(id)
            .bind(from)
            .bind(to)
            .bind(perche)
            .bind(instant(now))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// How many letters of a kind were written to an address since an instant.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn lettere_since(&mut self, email: &Email, tipo: TipoLettera, since: Timestamp) -> Result<i64, StoreError> {
        let tipo = name(&tipo)?;
        Ok(on_tx!(self, |db| sqlx::query_scalar(LATELY)
            .bind(email.chiave())
            .bind(instant(since))
            .bind(tipo)
            .fetch_one(db)
            .await)?)
    }

    /// Deletes letters that are older than an instant, `max` at the most; how many.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_lettere(&mut self, before: Timestamp, max: u32) -> Result<u64, StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(DELETE_BEFORE)
            .bind(instant(before))
            .bind(i64::from(max))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?)
    }
}
