//! Everything, from one database into another that is empty: what a backup is made of, and the way from SQLite to PostgreSQL and back.
//!
//! Row by row in the order of their keys, all as of one moment, then read again and compared. Which tables and columns there are, the
//! migrations say: a new table is copied without a word here, as long as it has a key and columns of the kinds both databases share.

use crate::db::sqlite::SqliteStore;
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, SqlSafeStr, SqlStr, Type};
use std::collections::BTreeSet;

/// Rows of one query. The biggest is a message of the inbox, kilobytes as a rule; a hundred are far from any limit of time or
/// parameters (SQLite: 32,766).
const PAGE: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tipo {
    Testo,
    Intero,
    Vero,
    Byte,
}

/// A null has a type too: PostgreSQL takes no text for a number.
#[derive(Clone, PartialEq, Eq)]
enum Valore {
    Testo(Option<String>),
    Intero(Option<i64>),
    Vero(Option<bool>),
    Byte(Option<Vec<u8>>),
}

type Riga = Vec<Valore>;

struct Tabella {
    nome: String,
    colonne: Vec<(String, Tipo)>,
    /// Where its key stands among the columns.
    chiave: Vec<usize>,
    /// Whose rows it points to.
    dopo: BTreeSet<String>,
}

macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Valore::Testo(value) => query.bind(value.as_deref()),
                Valore::Intero(value) => query.bind(*value),
                Valore::Vero(value) => query.bind(*value),
                Valore::Byte(value) => query.bind(value.as_deref()),
            };
        }
        query
    }};
}

impl Store {
    /// Copies everything into a store that holds nothing yet, as it is at one moment, while others write to this one. All or nothing.
    ///
    /// # Errors
    /// `Inconsistent` when there was something, or the copy is not like what was copied; `Busy`, `Database` of either.
    pub async fn copy_into(&self, to: &Self) -> Result<(), StoreError> {
        let tables = tables().await?;
        let (mut from, mut to) = (self.snapshot().await?, to.begin().await?);
        for tabella in &tables {
            let mut after = None;
            loop {
                let page = tabella.page(&mut from, after.as_ref()).await?;
                tabella.insert(&mut to, &page).await?;
                after = page.last().cloned();
                if page.len() < PAGE {
                    break;
                }
            }
            tabella.continue_counting(&mut to).await?;
            tabella.compare(&mut from, &mut to).await?;
        }
        to.commit().await
    }

    /// A table with something in it; `None`: nothing was ever written here.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn table_in_use(&self) -> Result<Option<String>, StoreError> {
        for tabella in tables().await? {
            let sql = AssertSqlSafe(format!("SELECT CAST(1 AS BIGINT) FROM \"{}\" LIMIT 1", tabella.nome)).into_sql_str();
            let row: Option<i64> = on_pool!(self, reader, |db| sqlx::query_scalar(sql).fetch_optional(db).await)?;
            if row.is_some() {
                return Ok(Some(tabella.nome));
            }
        }
        Ok(None)
    }
}

/// Those of this version, each after the ones it points to. Read from SQLite, which tells them best; PostgreSQL's are their twins.
async fn tables() -> Result<Vec<Tabella>, StoreError> {
    let empty = SqliteStore::open_temporary().await?;
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '_sqlx_migrations'
         ORDER BY name",
    )
    .fetch_all(&empty.reader)
    .await?;
    let mut left = Vec::new();
    for nome in names {
        let columns: Vec<(String, String, i64)> = sqlx::query_as("SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid")
            .bind(&nome)
            .fetch_all(&empty.reader)
            .await?;
        let dopo: Vec<String> = sqlx::query_scalar("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)")
            .bind(&nome)
            .fetch_all(&empty.reader)
            .await?;
        let mut chiave: Vec<_> =
            columns.iter().enumerate().filter(|(_, (.., pk))| *pk > 0).map(|(at, (.., pk))| (*pk, at)).collect();
        chiave.sort_unstable();
        let chiave: Vec<_> = chiave.into_iter().map(|(_, at)| at).collect();
        if chiave.is_empty() {
            return Err(wrong(&nome, "has no key to be copied by"));
        }
        let colonne =
            columns.into_iter().map(|(name, tipo, _)| Ok((name, kind(&nome, &tipo)?))).collect::<Result<_, StoreError>>()?;
        left.push(Tabella { dopo: dopo.into_iter().filter(|other| *other != nome).collect(), nome, colonne, chiave });
    }
    let mut ordered: Vec<Tabella> = Vec::new();
    while !left.is_empty() {
        let (next, later): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|tabella| tabella.dopo.iter().all(|other| ordered.iter().any(|done| done.nome == *other)));
        if next.is_empty() {
            return Err(wrong(later.first().map_or("", |tabella| &tabella.nome), "points in a circle"));
        }
        ordered.extend(next);
        left = later;
    }
    Ok(ordered)
}

fn kind(table: &str, declared: &str) -> Result<Tipo, StoreError> {
    match declared {
        "TEXT" => Ok(Tipo::Testo),
        "INTEGER" | "BIGINT" => Ok(Tipo::Intero),
        "BOOLEAN" => Ok(Tipo::Vero),
        "BLOB" => Ok(Tipo::Byte),
        _ => Err(wrong(table, "has a column of a kind that is not copied")),
    }
}

fn wrong(table: &str, what: &str) -> StoreError {
    StoreError::Inconsistent { table: "the copy of", id: table.to_owned(), what: what.to_owned() }
}

impl Tabella {
    fn names(&self, which: impl Iterator<Item = usize>) -> String {
        which.filter_map(|at| self.colonne.get(at)).map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    fn all_names(&self) -> String {
        self.names(0..self.colonne.len())
    }

    fn key_of(&self, row: &Riga) -> Riga {
        self.chiave.iter().filter_map(|at| row.get(*at)).cloned().collect()
    }

    /// The rows after one, in the order of their keys.
    async fn page(&self, tx: &mut Tx, after: Option<&Riga>) -> Result<Vec<Riga>, StoreError> {
        let (key, columns, nome) = (self.names(self.chiave.iter().copied()), self.all_names(), &self.nome);
        let beyond = if after.is_some() { format!("WHERE ({key}) > ({})", places(0, self.chiave.len())) } else { String::new() };
        let sql = text(format!("SELECT {columns} FROM \"{nome}\" {beyond} ORDER BY {key} LIMIT {PAGE}"));
        let values = after.map(|row| self.key_of(row)).unwrap_or_default();
        let rows = on_tx!(tx, |db| bound!(sql, &values)
            .fetch_all(db)
            .await
            .and_then(|rows| rows.iter().map(|row| read(row, &self.colonne)).collect::<Result<Vec<_>, _>>()))?;
        Ok(rows)
    }

    async fn insert(&self, tx: &mut Tx, rows: &[Riga]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let width = self.colonne.len();
        let all = (0..rows.len()).map(|row| format!("({})", places(row * width, width))).collect::<Vec<_>>().join(", ");
        // the numbers that PostgreSQL gives by itself are given by us this once
        let ours = if matches!(tx, Tx::Postgres(_)) { "OVERRIDING SYSTEM VALUE " } else { "" };
        let sql = text(format!("INSERT INTO \"{}\" ({}) {ours}VALUES {all}", self.nome, self.all_names()));
        Ok(on_tx!(tx, |db| bound!(sql, rows.iter().flatten()).execute(db).await.map(drop))?)
    }

    /// The next row of a table that is numbered gets the next number. SQLite sees to that by itself.
    async fn continue_counting(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let [at] = self.chiave[..] else { return Ok(()) };
        let Some((key, Tipo::Intero)) = self.colonne.get(at) else { return Ok(()) };
        let Tx::Postgres(_) = tx else { return Ok(()) };
        let sql = text(format!(
            "SELECT setval(pg_get_serial_sequence('{0}', '{key}'), COALESCE(MAX(\"{key}\"), 0) + 1, FALSE) FROM \"{0}\"",
            self.nome
        ));
        Ok(on_tx!(tx, |db| sqlx::query(sql).execute(db).await.map(drop))?)
    }

    /// Every value of every row, read again on both sides: also what was there before is found.
    async fn compare(&self, from: &mut Tx, to: &mut Tx) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let (page, copied) = (self.page(from, after.as_ref()).await?, self.page(to, after.as_ref()).await?);
            if page != copied {
                to.doom();
                return Err(wrong(&self.nome, "is not like what was copied"));
            }
            if page.len() < PAGE {
                return Ok(());
            }
            after = page.last().cloned();
        }
    }
}

/// `$3, $4` for two after two.
fn places(before: usize, count: usize) -> String {
    (before + 1..=before + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Names of the migrations and numbers: nothing that anybody wrote gets into a text.
fn text(sql: String) -> SqlStr {
    AssertSqlSafe(sql).into_sql_str()
}

fn read<'r, R: Row>(row: &'r R, columns: &[(String, Tipo)]) -> Result<Riga, sqlx::Error>
where
    usize: ColumnIndex<R>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    bool: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    let value = |(at, (_, tipo)): (usize, &(String, Tipo))| {
        Ok(match tipo {
            Tipo::Testo => Valore::Testo(row.try_get(at)?),
            Tipo::Intero => Valore::Intero(row.try_get(at)?),
            Tipo::Vero => Valore::Vero(row.try_get(at)?),
            Tipo::Byte => Valore::Byte(row.try_get(at)?),
        })
    };
    columns.iter().enumerate().map(value).collect()
}
