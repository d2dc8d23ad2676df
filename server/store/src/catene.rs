//! Chains of hashes. The digests and hashes are arguments: what goes into them is decided where they are made (`portal`).

use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};

/// The end of a chain: the next link is `seq + 1` and hangs on `hash`.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Capo {
    pub nome: String,
    pub seq: i64,
    /// 64 hexadecimal digits; 64 zeros for a chain without links.
    pub hash: String,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Anello {
    pub catena: String,
    /// From 1, without gaps.
    pub seq: i64,
    /// Id of the row it stands for.
    pub soggetto: String,
    /// Of that row.
    pub digest: String,
    pub hash: String,
}

const BEGIN: &str =
    "INSERT INTO catene (nome, seq, hash) VALUES ($1, 0, '0000000000000000000000000000000000000000000000000000000000000000')
    ON CONFLICT (nome) DO NOTHING";
/// An UPDATE, also when only reading: it holds the row until the transaction ends, so that links are written one after the other.
pub(crate) const HOLD: &str = "UPDATE catene SET seq = seq WHERE nome = $1 RETURNING nome, seq, hash";
pub(crate) const GROW: &str = "UPDATE catene SET seq = $2, hash = $3 WHERE nome = $1 AND seq = $2 - 1";
pub(crate) const PAGE: &str = "SELECT catena, seq, soggetto, digest, hash FROM anelli
    WHERE catena = $1 AND seq > $2 ORDER BY seq LIMIT $3";
pub(crate) const CAPI: &str = "SELECT nome, seq, hash FROM catene ORDER BY nome";

impl Tx {
    /// The end of a chain, begun when it is new. Nobody else adds to it before this transaction ends: take it last.
    ///
    /// # Errors
    /// Those of every write: `Busy`, `Database`.
    pub async fn hold_catena(&mut self, nome: &str) -> Result<Capo, StoreError> {
        on_tx!(self, |db| sqlx::query(BEGIN).bind(nome).execute(db).await.map(drop))?;
        Ok(on_tx!(self, |db| sqlx::query_as(HOLD).bind(nome).fetch_one(db).await)?)
    }

    /// Adds a link to a chain held with [`Tx::hold_catena`].
    ///
    /// # Errors
    /// `Stale` when it does not follow the end of the chain; `Database` when the subject has a link already.
    pub async fn insert_anello(&mut self, anello: &Anello) -> Result<(), StoreError> {
        let grown = on_tx!(self, |db| sqlx::query(GROW)
            .bind(anello.catena.as_str())
            .bind(anello.seq)
            .bind(anello.hash.as_str())
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if grown == 0 {
            return Err(StoreError::Stale);
        }
        on_tx!(self, |db| sqlx::query("INSERT INTO anelli (catena, seq, soggetto, digest, hash) VALUES ($1, $2, $3, $4, $5)")
            .bind(anello.catena.as_str())
            .bind(anello.seq)
            .bind(anello.soggetto.as_str())
            .bind(anello.digest.as_str())
            .bind(anello.hash.as_str())
            .execute(db)
            .await
            .map(drop))?;
        Ok(())
    }
}

impl Store {
    /// The end of every chain.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn catene(&self) -> Result<Vec<Capo>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(CAPI).fetch_all(db).await)?)
    }

    /// The links after `seq`, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn anelli(&self, catena: &str, seq: i64, max: u32) -> Result<Vec<Anello>, StoreError> {
        let rows =
            on_pool!(self, reader, |db| sqlx::query_as(PAGE).bind(catena).bind(seq).bind(i64::from(max)).fetch_all(db).await)?;
        Ok(rows)
    }
}
