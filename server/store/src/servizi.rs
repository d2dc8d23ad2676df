//! What can be paid to an ente.

mod spontaneo;

use crate::columns::{RowOf, instant, json};
use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};
use domain::{CodiceFiscaleEnte, Iban, Servizio, Slug};
use jiff::Timestamp;
use spontaneo::Spontaneo;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT ente, slug, nome, descrizione, argomento, scheda, tassonomia, iban, iban_postale, spontaneo,
                 modulo, su_richiesta, attivo FROM servizi ",
            $rest
        )
    };
}
pub(crate) const OF_ENTE: &str = select!("WHERE ente = $1 ORDER BY attivo DESC, ordine, created_at, slug");
pub(crate) const BY_SLUG: &str = select!("WHERE ente = $1 AND slug = $2");

#[derive(sqlx::FromRow)]
struct Row {
    ente: String,
    slug: String,
    nome: String,
    descrizione: String,
    argomento: String,
    scheda: String,
    tassonomia: String,
    iban: String,
    iban_postale: Option<String>,
    /// Where nobody has written the service since forms were expressions.
    spontaneo: Option<String>,
    modulo: Option<String>,
    su_richiesta: Option<String>,
    attivo: bool,
}

impl Row {
    fn into_domain(self) -> Result<Servizio, StoreError> {
        let id = format!("{}/{}", self.ente, self.slug);
        let row = RowOf { table: "servizi", id: &id };
        let old = self.spontaneo.map(|text| row.json::<Spontaneo>("spontaneo", &text)).transpose()?;
        let (modulo, su_richiesta) = match old.map(Spontaneo::translate) {
            Some((modulo, su_richiesta)) => (Some(modulo), su_richiesta),
            None => (
                self.modulo.map(|text| row.json("modulo", &text)).transpose()?,
                self.su_richiesta.map(|text| row.json("su_richiesta", &text)).transpose()?,
            ),
        };
        Ok(Servizio {
            ente: row.parse("ente", self.ente)?,
            slug: row.parse("slug", self.slug)?,
            nome: self.nome,
            descrizione: self.descrizione,
            argomento: self.argomento,
            scheda: row.json("scheda", &self.scheda)?,
            tassonomia: row.parse("tassonomia", self.tassonomia)?,
            iban: row.parse("iban", self.iban)?,
            iban_postale: self.iban_postale.map(|iban| row.parse("iban_postale", iban)).transpose()?,
            modulo,
            su_richiesta,
            attivo: self.attivo,
        })
    }
}

impl Store {
    /// Those that can be used now first, each group in the ente's own order.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn list_servizi(&self, ente: &CodiceFiscaleEnte) -> Result<Vec<Servizio>, StoreError> {
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(OF_ENTE).bind(ente.as_str()).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn servizio_by_slug(&self, ente: &CodiceFiscaleEnte, slug: &str) -> Result<Option<Servizio>, StoreError> {
        // it comes from an address, where anything can stand; PostgreSQL takes no NUL in a text
        let Ok(slug) = Slug::parse(slug) else { return Ok(None) };
        let slug = slug.as_str();
        let row: Option<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(BY_SLUG).bind(ente.as_str()).bind(slug).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }
}

impl Tx {
    /// # Errors
    /// `Database` when the ente is unknown or has a service of that slug, or its form is larger than [`domain::modulo::limiti`] allow.
    pub async fn insert_servizio(&mut self, servizio: &Servizio, ordine: i32, now: Timestamp) -> Result<(), StoreError> {
        let scheda = json(&servizio.scheda)?;
        let modulo = servizio.modulo.as_ref().map(json).transpose()?;
        let su_richiesta = servizio.su_richiesta.as_ref().map(json).transpose()?;
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO servizi (ente, slug, nome, descrizione, argomento, scheda, tassonomia, iban, iban_postale, modulo,
                 su_richiesta, attivo, ordine, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        )
        .bind(servizio.ente.as_str())
        .bind(servizio.slug.as_str())
        .bind(servizio.nome.as_str())
        .bind(servizio.descrizione.as_str())
        .bind(servizio.argomento.as_str())
        .bind(scheda)
        .bind(servizio.tassonomia.as_str())
        .bind(servizio.iban.as_str())
        .bind(servizio.iban_postale.as_ref().map(Iban::as_str))
        .bind(modulo)
        .bind(su_richiesta)
        .bind(servizio.attivo)
        .bind(ordine)
        .bind(instant(now))
        .execute(db)
        .await
        .map(drop))?;
        Ok(())
    }
}
