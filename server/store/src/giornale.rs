//! Giornale degli eventi: every message with pagoPA, in and out, for 24 months (SANP 3.12.0, "Giornale degli eventi"). No bodies and
//! no identifier in full: an identifier is found by its `impronta`, a digest under a key of the installation.

use crate::columns::{RowOf, instant};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use jiff::Timestamp;

/// One message and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evento {
    pub at: Timestamp,
    pub verso: Verso,
    /// `NODO`, `CHECKOUT`, `GPD`, …
    pub controparte: String,
    pub operazione: String,
    pub ente: Option<String>,
    /// Masked.
    pub riferimento: Option<String>,
    pub impronta: Option<String>,
    /// In a word: `OK`, `KO`, `FATTO`, `RIPROVA`, …
    pub esito: String,
    /// HTTP; `None`: no answer.
    pub stato: Option<u16>,
    /// Of the fault.
    pub codice: Option<String>,
    pub durata_ms: u64,
    /// `None`: not counted.
    pub byte_richiesta: Option<usize>,
    pub byte_risposta: Option<usize>,
    /// Hexadecimal.
    pub sha256_richiesta: Option<String>,
    pub sha256_risposta: Option<String>,
}

/// Who spoke first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verso {
    /// pagoPA called us.
    Entrata,
    /// We called pagoPA.
    Uscita,
}

impl Verso {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entrata => "ENTRATA",
            Self::Uscita => "USCITA",
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, at, verso, controparte, operazione, ente, riferimento, impronta, esito, stato, codice, durata_ms,
                byte_richiesta, byte_risposta, sha256_richiesta, sha256_risposta FROM giornale ",
            $rest
        )
    };
}
pub(crate) const OF_ENTE: &str = select!("WHERE ente = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3");
pub(crate) const OF_IMPRONTA: &str = select!("WHERE impronta = $1 ORDER BY seq LIMIT $2");
/// It finds the old ones by index; PostgreSQL may hash a table that is mostly old. Once a day it may.
const DELETE_OLD: &str = "DELETE FROM giornale WHERE seq IN (SELECT seq FROM giornale WHERE at < $1 ORDER BY at LIMIT $2)";
pub(crate) const OLDER: &str = "SELECT COUNT(*) FROM giornale WHERE at < $1";

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    at: String,
    verso: String,
    controparte: String,
    operazione: String,
    ente: Option<String>,
    riferimento: Option<String>,
    impronta: Option<String>,
    esito: String,
    stato: Option<i64>,
    codice: Option<String>,
    durata_ms: i64,
    byte_richiesta: Option<i64>,
    byte_risposta: Option<i64>,
    sha256_richiesta: Option<String>,
    sha256_risposta: Option<String>,
}

impl Row {
    fn into_evento(self) -> Result<(i64, Evento), StoreError> {
        let id = self.seq.to_string();
        let row = RowOf { table: "giornale", id: &id };
        let evento = Evento {
            at: row.instant("at", &self.at)?,
            verso: match self.verso.as_str() {
                "ENTRATA" => Verso::Entrata,
                "USCITA" => Verso::Uscita,
                _ => return Err(row.broken("verso: neither in nor out")),
            },
            controparte: self.controparte,
            operazione: self.operazione,
            ente: self.ente,
            riferimento: self.riferimento,
            impronta: self.impronta,
            esito: self.esito,
            stato: self.stato.map(|n| u16::try_from(n).map_err(|_| row.broken("stato: not a status"))).transpose()?,
            codice: self.codice,
            durata_ms: u64::try_from(self.durata_ms).unwrap_or_default(),
            byte_richiesta: self.byte_richiesta.and_then(|n| usize::try_from(n).ok()),
            byte_risposta: self.byte_risposta.and_then(|n| usize::try_from(n).ok()),
            sha256_richiesta: self.sha256_richiesta,
            sha256_risposta: self.sha256_risposta,
        };
        Ok((self.seq, evento))
    }
}

impl Store {
    /// The last messages of an ente before `seq` (`i64::MAX`: from the newest), newest first, each with its `seq`.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn giornale_of_ente(&self, ente: &str, before: i64, max: u32) -> Result<Vec<(i64, Evento)>, StoreError> {
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(OF_ENTE)
            .bind(ente)
            .bind(before)
            .bind(i64::from(max))
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Row::into_evento).collect()
    }

    /// The messages about one identifier, in their order.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn giornale_of_impronta(&self, impronta: &str, max: u32) -> Result<Vec<(i64, Evento)>, StoreError> {
        let rows: Vec<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(OF_IMPRONTA).bind(impronta).bind(i64::from(max)).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_evento).collect()
    }

    /// How many messages are older than an instant.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn giornale_before(&self, before: Timestamp) -> Result<i64, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(OLDER).bind(instant(before)).fetch_one(db).await)?)
    }
}

impl Tx {
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn insert_evento(&mut self, evento: &Evento) -> Result<(), StoreError> {
        // what is counted here is far below what a column holds
        let small = |n: Option<usize>| n.map(|n| i64::try_from(n).unwrap_or(i64::MAX));
        on_tx!(self, |db| {
            sqlx::query(
            "INSERT INTO giornale (at, verso, controparte, operazione, ente, riferimento, impronta, esito, stato, codice, durata_ms,
                 byte_richiesta, byte_risposta, sha256_richiesta, sha256_risposta)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        )
        .bind(instant(evento.at))
        .bind(evento.verso.as_str())
        .bind(evento.controparte.as_str())
        .bind(evento.operazione.as_str())
        .bind(evento.ente.as_deref())
        .bind(evento.riferimento.as_deref())
        .bind(evento.impronta.as_deref())
        .bind(evento.esito.as_str())
        .bind(evento.stato.map(i64::from))
        .bind(evento.codice.as_deref())
        .bind(i64::try_from(evento.durata_ms).unwrap_or(i64::MAX))
        .bind(small(evento.byte_richiesta))
        .bind(small(evento.byte_risposta))
        .bind(evento.sha256_richiesta.as_deref())
        .bind(evento.sha256_risposta.as_deref())
        .execute(db)
        .await
        .map(drop)
        })?;
        Ok(())
    }

    /// Deletes messages that are older than an instant, `max` at the most; how many.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn delete_eventi(&mut self, before: Timestamp, max: u32) -> Result<u64, StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(DELETE_OLD)
            .bind(instant(before))
            .bind(i64::from(max))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?)
    }
}
