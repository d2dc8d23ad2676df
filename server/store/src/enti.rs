//! The public bodies of this installation.

use crate::columns::{RowOf, instant, json, name};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::{CodiceFiscaleEnte, Ente, Modello, Slug, Stazione};
use jiff::Timestamp;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT codice_fiscale, slug, nome, stazione, intermediario, segregazione, modello, contatti, aspetto FROM enti ",
            $rest
        )
    };
}
pub(crate) const ALL: &str = select!("ORDER BY nome, codice_fiscale");
pub(crate) const BY_SLUG: &str = select!("WHERE slug = $1");
pub(crate) const BY_CODICE_FISCALE: &str = select!("WHERE codice_fiscale = $1");
pub(crate) const SET_ASPETTO: &str = "UPDATE enti SET contatti = $2, aspetto = $3 WHERE codice_fiscale = $1";
pub(crate) const SET_MODELLO: &str = "UPDATE enti SET modello = $2 WHERE codice_fiscale = $1";

#[derive(sqlx::FromRow)]
struct Row {
    codice_fiscale: String,
    slug: String,
    nome: String,
    stazione: String,
    intermediario: String,
    segregazione: String,
    modello: String,
    contatti: String,
    aspetto: String,
}

impl Row {
    fn into_domain(self) -> Result<Ente, StoreError> {
        let row = RowOf { table: "enti", id: &self.codice_fiscale };
        Ok(Ente {
            codice_fiscale: row.parse("codice_fiscale", self.codice_fiscale.clone())?,
            nome: self.nome,
            slug: row.parse("slug", self.slug)?,
            stazione: Stazione {
                id: self.stazione,
                intermediario: self.intermediario,
                segregazione: row.parse("segregazione", self.segregazione)?,
            },
            modello: row.name("modello", &self.modello)?,
            contatti: row.json("contatti", &self.contatti)?,
            aspetto: row.json("aspetto", &self.aspetto)?,
        })
    }
}

impl Store {
    /// By name.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn list_enti(&self) -> Result<Vec<Ente>, StoreError> {
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(ALL).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ente_by_slug(&self, slug: &str) -> Result<Option<Ente>, StoreError> {
        // it comes from an address, where anything can stand; PostgreSQL takes no NUL in a text
        let Ok(slug) = Slug::parse(slug) else { return Ok(None) };
        let slug = slug.as_str();
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_SLUG).bind(slug).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ente_by_codice_fiscale(&self, codice_fiscale: &str) -> Result<Option<Ente>, StoreError> {
        let row: Option<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(BY_CODICE_FISCALE).bind(codice_fiscale).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }
}

impl Tx {
    /// From now on somebody else answers the Nodo for it.
    ///
    /// # Errors
    /// `Stale` when there is no such ente; `Busy`, `Database`.
    pub async fn set_modello(&mut self, ente: &CodiceFiscaleEnte, modello: Modello) -> Result<(), StoreError> {
        let modello = name(&modello)?;
        let done = on_tx!(self, |db| sqlx::query(SET_MODELLO)
            .bind(ente.as_str())
            .bind(modello)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// Its contacts and its face become these.
    ///
    /// # Errors
    /// `Stale` when there is no such ente; `Busy`, `Database`.
    pub async fn set_aspetto(&mut self, ente: &Ente) -> Result<(), StoreError> {
        let (contatti, aspetto) = (json(&ente.contatti)?, json(&ente.aspetto)?);
        let done = on_tx!(self, |db| sqlx::query(SET_ASPETTO)
            .bind(ente.codice_fiscale.as_str())
            .bind(contatti)
            .bind(aspetto)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }

    /// # Errors
    /// `Database` when the codice fiscale or the slug is taken.
    pub async fn insert_ente(&mut self, ente: &Ente, now: Timestamp) -> Result<(), StoreError> {
        let (contatti, aspetto, modello) = (json(&ente.contatti)?, json(&ente.aspetto)?, name(&ente.modello)?);
        on_tx!(self, |db| {
            sqlx::query(
            "INSERT INTO enti (codice_fiscale, slug, nome, stazione, intermediario, segregazione, modello, contatti, aspetto, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        )
        .bind(ente.codice_fiscale.as_str())
        .bind(ente.slug.as_str())
        .bind(ente.nome.as_str())
        .bind(ente.stazione.id.as_str())
        .bind(ente.stazione.intermediario.as_str())
        .bind(ente.stazione.segregazione.to_string())
        .bind(modello)
        .bind(contatti)
        .bind(aspetto)
        .bind(instant(now))
        .execute(db)
        .await
        .map(drop)
        })?;
        Ok(())
    }
}
