//! Every step of every lifecycle, in the transaction that takes it. Replaying the rows of a subject gives its present state.

use crate::columns::{RowOf, instant, name};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::transitions::Table;
use jiff::Timestamp;
use serde::Serialize;
use std::fmt::Debug;

/// Whose lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    Posizione,
    Tentativo,
    Ricevuta,
    Flusso,
}

impl Lifecycle {
    /// As in the column `soggetto`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Posizione => "posizione",
            Self::Tentativo => "tentativo",
            Self::Ricevuta => "ricevuta",
            Self::Flusso => "flusso",
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Posizione => "posizioni",
            Self::Tentativo => "tentativi",
            Self::Ricevuta => "ricevute",
            Self::Flusso => "flussi",
        }
    }
}

/// One step, in the names the states and events have in `domain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transizione {
    /// `None` for the first: it was written in the state `a`.
    pub da: Option<String>,
    pub evento: String,
    pub a: String,
    pub perche: String,
    pub at: Timestamp,
}

/// The event of the first row: no edge leads to it.
const NASCE: &str = "NASCE";

pub(crate) const OF_SUBJECT: &str =
    "SELECT da, evento, a, perche, at FROM transizioni WHERE soggetto = $1 AND id = $2 ORDER BY seq";

#[derive(sqlx::FromRow)]
struct Row {
    da: Option<String>,
    evento: String,
    a: String,
    perche: String,
    at: String,
}

impl Store {
    /// The life of one subject so far, oldest first.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn transizioni(&self, of: Lifecycle, id: &str) -> Result<Vec<Transizione>, StoreError> {
        let rows: Vec<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(OF_SUBJECT).bind(of.as_str()).bind(id).fetch_all(db).await)?;
        let at = RowOf { table: "transizioni", id };
        rows.into_iter()
            .map(|row| {
                let Row { da, evento, a, perche, at: text } = row;
                Ok(Transizione { da, evento, a, perche, at: at.instant("at", &text)? })
            })
            .collect()
    }
}

/// A step as the caller wants it.
pub(crate) struct Step<'a, S, E> {
    pub from: S,
    pub evento: E,
    pub to: S,
    pub perche: &'a str,
    pub now: Timestamp,
}

impl<S, E> Step<'_, S, E>
where
    S: Copy + Eq + Debug,
    E: Copy + Eq + Debug,
{
    /// Refuses a step that the table of the lifecycle does not have: no caller can write one by mistake.
    pub(crate) fn check(&self, of: Lifecycle, id: &str, table: &Table<S, E>) -> Result<(), StoreError> {
        match table.advance(self.from, self.evento) {
            Ok(to) if to == self.to => Ok(()),
            _ => {
                let Self { from, evento, to, .. } = self;
                Err(RowOf { table: of.table(), id }.broken(format_args!("no step {evento:?} from {from:?} to {to:?}")))
            }
        }
    }
}

impl Tx {
    pub(crate) async fn record<S: Serialize, E: Serialize>(
        &mut self,
        of: Lifecycle,
        id: &str,
        step: &Step<'_, S, E>,
    ) -> Result<(), StoreError> {
        let (from, evento, to) = (name(&step.from)?, name(&step.evento)?, name(&step.to)?);
        self.insert_transizione(of, id, Some(&from), &evento, &to, step.perche, step.now).await
    }

    pub(crate) async fn record_birth<S: Serialize>(
        &mut self,
        of: Lifecycle,
        id: &str,
        stato: &S,
        perche: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let stato = name(stato)?;
        self.insert_transizione(of, id, None, NASCE, &stato, perche, now).await
    }

    #[expect(clippy::too_many_arguments, reason = "one per column")]
    async fn insert_transizione(
        &mut self,
        of: Lifecycle,
        id: &str,
        da: Option<&str>,
        evento: &str,
        a: &str,
        perche: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO transizioni (soggetto, id, da, evento, a, perche, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        )
        .bind(of.as_str())
        .bind(id)
        .bind(da)
        .bind(evento)
        .bind(a)
        .bind(perche)
        .bind(instant(now))
        .execute(db)
        .await
        .map(drop))?;
        Ok(())
    }
}
