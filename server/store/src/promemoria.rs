//! Who asked to be reminded of a due date. Gone when the day is over, when its owner says so, and when nobody confirms it.

use crate::columns::{RowOf, instant, name};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::{CodiceFiscaleEnte, Email, Lingua, NumeroAvviso};
use jiff::Timestamp;
use jiff::civil::Date;

/// A reminder, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promemoria {
    /// Opaque, ours.
    pub id: String,
    pub ente: CodiceFiscaleEnte,
    pub posizione_id: String,
    pub numero: NumeroAvviso,
    pub email: Email,
    pub lingua: Lingua,
    /// So many before the due date.
    pub giorni: u8,
    /// Of the notice, when it was asked for.
    pub scadenza: Date,
    /// On which it is to be written.
    pub giorno: Date,
    pub created_at: Timestamp,
    pub confermato_at: Option<Timestamp>,
    /// When its letter was written down.
    pub scritto_at: Option<Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, ente, posizione_id, numero_avviso, email, lingua, giorni, scadenza, giorno, created_at, confermato_at,
                 scritto_at FROM promemoria ",
            $rest
        )
    };
}
pub(crate) const BY_ID: &str = select!("WHERE id = $1");
pub(crate) const OF_ADDRESS: &str = select!("WHERE ente = $1 AND numero_avviso = $2 AND chiave = $3");
pub(crate) const COUNT_OF_AVVISO: &str = "SELECT COUNT(*) FROM promemoria WHERE ente = $1 AND numero_avviso = $2";
pub(crate) const DUE: &str =
    select!("WHERE confermato_at IS NOT NULL AND scritto_at IS NULL AND giorno <= $1 ORDER BY giorno, id LIMIT $2");
const INSERT: &str =
    "INSERT INTO promemoria (id, ente, posizione_id, numero_avviso, email, chiave, lingua, giorni, scadenza, giorno,
        created_at, confermato_at, scritto_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, NULL) ON CONFLICT (ente, numero_avviso, chiave) DO NOTHING";
pub(crate) const CONFIRM: &str = "UPDATE promemoria SET confermato_at = $2 WHERE id = $1 AND confermato_at IS NULL";
pub(crate) const WRITTEN: &str = "UPDATE promemoria SET scritto_at = $2 WHERE id = $1 AND scritto_at IS NULL";
pub(crate) const DELETE: &str = "DELETE FROM promemoria WHERE id = $1";
pub(crate) const DELETE_OVER: &str = "DELETE FROM promemoria WHERE id IN
    (SELECT id FROM promemoria WHERE scadenza < $1 ORDER BY scadenza LIMIT $2)";
pub(crate) const DELETE_UNCONFIRMED: &str = "DELETE FROM promemoria WHERE id IN
    (SELECT id FROM promemoria WHERE confermato_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2)";
pub(crate) const COUNT_OVER: &str = "SELECT COUNT(*) FROM promemoria WHERE scadenza < $1";
pub(crate) const COUNT_UNCONFIRMED: &str = "SELECT COUNT(*) FROM promemoria WHERE confermato_at IS NULL AND created_at < $1";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    ente: String,
    posizione_id: String,
    numero_avviso: String,
    email: String,
    lingua: String,
    giorni: i64,
    scadenza: String,
    giorno: String,
    created_at: String,
    confermato_at: Option<String>,
    scritto_at: Option<String>,
}

impl Row {
    fn into_domain(self) -> Result<Promemoria, StoreError> {
        let row = RowOf { table: "promemoria", id: &self.id };
        let day = |column: &str, text: &str| text.parse::<Date>().map_err(|_| row.broken(format_args!("{column}: not a day")));
        Ok(Promemoria {
            ente: row.parse("ente", self.ente)?,
            posizione_id: self.posizione_id,
            numero: row.parse("numero_avviso", self.numero_avviso)?,
            email: row.parse("email", self.email)?,
            lingua: row.name("lingua", &self.lingua)?,
            giorni: u8::try_from(self.giorni).map_err(|_| row.broken("giorni: too many"))?,
            scadenza: day("scadenza", &self.scadenza)?,
            giorno: day("giorno", &self.giorno)?,
            created_at: row.instant("created_at", &self.created_at)?,
            confermato_at: self.confermato_at.map(|at| row.instant("confermato_at", &at)).transpose()?,
            scritto_at: self.scritto_at.map(|at| row.instant("scritto_at", &at)).transpose()?,
            id: self.id,
        })
    }
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn promemoria(&self, id: &str) -> Result<Option<Promemoria>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// How many are of a day before that one, and how many were asked for before an instant and never confirmed.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn promemoria_over(&self, day: Date, asked: Timestamp) -> Result<i64, StoreError> {
        let (day, asked) = (day.to_string(), instant(asked));
        let over: i64 = on_pool!(self, reader, |db| sqlx::query_scalar(COUNT_OVER).bind(&day).fetch_one(db).await)?;
        let unconfirmed: i64 =
            on_pool!(self, reader, |db| sqlx::query_scalar(COUNT_UNCONFIRMED).bind(&asked).fetch_one(db).await)?;
        Ok(over + unconfirmed)
    }
}

impl Tx {
    /// What an address asked for about a notice.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn promemoria_of(
        &mut self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
        email: &Email,
    ) -> Result<Option<Promemoria>, StoreError> {
        let sql = self.holding(OF_ADDRESS);
        let row: Option<Row> = on_tx!(self, |db| sqlx::query_as(sql)
            .bind(ente.as_str())
            .bind(numero.as_str())
            .bind(email.chiave())
            .fetch_optional(db)
            .await)?;
        row.map(Row::into_domain).transpose()
    }

    /// How many addresses asked about a notice.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn count_promemoria(&mut self, ente: &CodiceFiscaleEnte, numero: &NumeroAvviso) -> Result<i64, StoreError> {
        let (ente, numero) = (ente.as_str(), numero.as_str());
        Ok(on_tx!(self, |db| sqlx::query_scalar(COUNT_OF_AVVISO).bind(ente).bind(numero).fetch_one(db).await)?)
    }

    /// False, and nothing written, when this address asked about this notice already.
    ///
    /// # Errors
    /// `Database` when the id is taken or the ente unknown.
    pub async fn insert_promemoria(&mut self, new: &Promemoria) -> Result<bool, StoreError> {
        let lingua = name(&new.lingua)?;
        let done = on_tx!(self, |db| sqlx::query(INSERT)
            .bind(new.id.as_str())
            .bind(new.ente.as_str())
            .bind(new.posizione_id.as_str())
            .bind(new.numero.as_str())
            .bind(new.email.as_str())
            .bind(new.email.chiave())
            .bind(lingua)
            .bind(i64::from(new.giorni))
            .bind(new.scadenza.to_string())
            .bind(new.giorno.to_string())
            .bind(instant(new.created_at))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        Ok(done == 1)
    }

    /// Confirmed ones whose day has come and that were not written, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn due_promemoria(&mut self, today: Date, max: u32) -> Result<Vec<Promemoria>, StoreError> {
        let sql = self.holding(DUE);
        let rows: Vec<Row> =
            on_tx!(self, |db| sqlx::query_as(sql).bind(today.to_string()).bind(i64::from(max)).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// Its owner says that it is theirs. Again, it does nothing.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn confirm_promemoria(&mut self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(CONFIRM).bind(id).bind(instant(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Its letter is written down.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn written_promemoria(&mut self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(WRITTEN).bind(id).bind(instant(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_promemoria(&mut self, id: &str) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(DELETE).bind(id).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Deletes those of a day before that one, and those asked for before an instant and never confirmed, `max` of each at the most;
    /// how many.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_promemoria_over(&mut self, day: Date, asked: Timestamp, max: u32) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for (sql, before) in [(DELETE_OVER, day.to_string()), (DELETE_UNCONFIRMED, instant(asked))] {
            deleted += on_tx!(self, |db| sqlx::query(sql)
                .bind(&before)
                .bind(i64::from(max))
                .execute(db)
                .await
                .map(|done| done.rows_affected()))?;
        }
        Ok(deleted)
    }
}
