//! Flows of the PSPs (FdR) and their rows: facts, added and never changed. A higher revision takes the place of a lower one.

use crate::columns::{RowOf, instant, json, name};
use crate::db::{on_pool, on_tx};
use crate::transizioni::{Lifecycle, Step};
use crate::{Store, StoreError, Tx};
use domain::fdr::{EventoFlusso, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, StatoFlusso};
use jiff::Timestamp;

/// A flow as the list of the platform names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlussoRow {
    /// Opaque, ours.
    pub id: String,
    pub ente: CodiceFiscaleEnte,
    pub psp: String,
    /// `identificativoFlusso`.
    pub fdr: String,
    pub revisione: i64,
    pub stato: StatoFlusso,
    pub pubblicato: Timestamp,
    /// What the bank transfer is worth, as the flow says; `None` until it is fetched.
    pub importo_cents: Option<i64>,
    pub pagamenti: Option<i64>,
    /// Why it is not complete, in words.
    pub mancanze: Vec<String>,
}

/// What a fetched flow says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTestata {
    pub data_flusso: Timestamp,
    pub nome_psp: Option<String>,
    /// TRN of the bank transfer.
    pub regolamento: String,
    pub data_regolamento: Option<jiff::civil::Date>,
    pub bic: Option<String>,
    pub pagamenti: i64,
    pub importo_cents: i64,
    pub mancanze: Vec<String>,
}

/// A payment in a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RigaFdr {
    pub indice: i64,
    pub iuv: String,
    pub iur: String,
    pub id_transfer: i64,
    pub importo_cents: i64,
    /// 0, 3, 4, 8 or 9.
    pub esito: i64,
    pub data: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, ente, psp, fdr, revisione, stato, pubblicato_at, importo_cents, pagamenti, mancanze FROM flussi ",
            $rest
        )
    };
}
pub(crate) const BY_NAMES: &str = select!("WHERE ente = $1 AND psp = $2 AND fdr = $3 ORDER BY revisione");
pub(crate) const BY_ID: &str = select!("WHERE id = $1");
pub(crate) const TO_FETCH: &str = select!("WHERE ente = $1 AND stato = 'ELENCATO' ORDER BY pubblicato_at, id LIMIT $2");
pub(crate) const CURSOR: &str = "SELECT pubblicato_at FROM fdr_cursori WHERE ente = $1";
pub(crate) const MOVE_CURSOR: &str = "INSERT INTO fdr_cursori (ente, pubblicato_at) VALUES ($1, $2)
    ON CONFLICT (ente) DO UPDATE SET pubblicato_at = excluded.pubblicato_at WHERE fdr_cursori.pubblicato_at < excluded.pubblicato_at";
pub(crate) const FILL: &str =
    "UPDATE flussi SET data_flusso = $2, nome_psp = $3, regolamento = $4, data_regolamento = $5, bic = $6,
    pagamenti = $7, importo_cents = $8, mancanze = $9 WHERE id = $1 AND stato = 'ELENCATO'";
pub(crate) const ADVANCE: &str = "UPDATE flussi SET stato = $3, updated_at = $4 WHERE id = $1 AND stato = $2";
pub(crate) const RIGHE: &str =
    "SELECT indice, iuv, iur, id_transfer, importo_cents, esito, data_at FROM fdr_righe WHERE flusso_id = $1 ORDER BY indice";

const COUNTS: &str = "SELECT stato, COUNT(*) FROM flussi GROUP BY stato ORDER BY stato";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    ente: String,
    psp: String,
    fdr: String,
    revisione: i64,
    stato: String,
    pubblicato_at: String,
    importo_cents: Option<i64>,
    pagamenti: Option<i64>,
    mancanze: String,
}

impl Row {
    fn into_domain(self) -> Result<FlussoRow, StoreError> {
        let row = RowOf { table: "flussi", id: &self.id };
        Ok(FlussoRow {
            ente: row.parse("ente", self.ente)?,
            stato: row.name("stato", &self.stato)?,
            pubblicato: row.instant("pubblicato_at", &self.pubblicato_at)?,
            mancanze: row.json("mancanze", &self.mancanze)?,
            psp: self.psp,
            fdr: self.fdr,
            revisione: self.revisione,
            importo_cents: self.importo_cents,
            pagamenti: self.pagamenti,
            id: self.id,
        })
    }
}

#[derive(sqlx::FromRow)]
struct RigaRow {
    indice: i64,
    iuv: String,
    iur: String,
    id_transfer: i64,
    importo_cents: i64,
    esito: i64,
    data_at: String,
}

impl Store {
    /// Every revision of a flow that is known, the lowest first.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn flussi_by_names(&self, ente: &CodiceFiscaleEnte, psp: &str, fdr: &str) -> Result<Vec<FlussoRow>, StoreError> {
        let rows: Vec<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(BY_NAMES).bind(ente.as_str()).bind(psp).bind(fdr).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn flusso(&self, id: &str) -> Result<Option<FlussoRow>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// Flows of an ente that are listed and not fetched, in the order they were published.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn flussi_to_fetch(&self, ente: &CodiceFiscaleEnte, max: u32) -> Result<Vec<FlussoRow>, StoreError> {
        let (ente, max) = (ente.as_str(), i64::from(max));
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(TO_FETCH).bind(ente).bind(max).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// How many flows are in each state: state, count. For metrics.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn flussi_counts(&self) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(COUNTS).fetch_all(db).await)?)
    }

    /// The rows of a flow, by index.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn righe_of_flusso(&self, id: &str) -> Result<Vec<RigaFdr>, StoreError> {
        let rows: Vec<RigaRow> = on_pool!(self, reader, |db| sqlx::query_as(RIGHE).bind(id).fetch_all(db).await)?;
        let at = RowOf { table: "fdr_righe", id };
        rows.into_iter()
            .map(|row| {
                let RigaRow { indice, iuv, iur, id_transfer, importo_cents, esito, data_at } = row;
                Ok(RigaFdr { indice, iuv, iur, id_transfer, importo_cents, esito, data: at.instant("data_at", &data_at)? })
            })
            .collect()
    }

    /// Up to where the list of an ente was read: the largest instant of publication.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn fdr_cursor(&self, ente: &CodiceFiscaleEnte) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<String> =
            on_pool!(self, reader, |db| sqlx::query_scalar(CURSOR).bind(ente.as_str()).fetch_optional(db).await)?;
        at.map(|at| RowOf { table: "fdr_cursori", id: ente.as_str() }.instant("pubblicato_at", &at)).transpose()
    }
}

impl Tx {
    /// Writes a listed flow down. False, and nothing written, when this revision is known.
    ///
    /// # Errors
    /// `Database` when the ente is unknown; `Busy`.
    pub async fn insert_flusso(&mut self, flusso: &FlussoRow, now: Timestamp) -> Result<bool, StoreError> {
        let stato = name(&flusso.stato)?;
        let done = on_tx!(self, |db| sqlx::query(
            "INSERT INTO flussi (id, ente, psp, fdr, revisione, stato, pubblicato_at, mancanze, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $8) ON CONFLICT (ente, psp, fdr, revisione) DO NOTHING"
        )
        .bind(flusso.id.as_str())
        .bind(flusso.ente.as_str())
        .bind(flusso.psp.as_str())
        .bind(flusso.fdr.as_str())
        .bind(flusso.revisione)
        .bind(stato)
        .bind(instant(flusso.pubblicato))
        .bind(instant(now))
        .execute(db)
        .await
        .map(|done| done.rows_affected()))?;
        if done == 1 {
            self.record_birth(Lifecycle::Flusso, &flusso.id, &flusso.stato, "in elenco", now).await?;
        }
        Ok(done == 1)
    }

    /// Writes what a listed flow says of itself and its rows, and moves it on.
    ///
    /// # Errors
    /// `Stale` when it was fetched meanwhile; `Busy`, `Database`.
    pub async fn fill_flusso(
        &mut self,
        flusso: &FlussoRow,
        testata: &NewTestata,
        righe: &[RigaFdr],
        evento: EventoFlusso,
        to: StatoFlusso,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mancanze = json(&testata.mancanze)?;
        let done = on_tx!(self, |db| sqlx::query(FILL)
            .bind(flusso.id.as_str())
            .bind(instant(testata.data_flusso))
            .bind(testata.nome_psp.as_deref())
            .bind(testata.regolamento.as_str())
            .bind(testata.data_regolamento.map(|day| day.to_string()))
            .bind(testata.bic.as_deref())
            .bind(testata.pagamenti)
            .bind(testata.importo_cents)
            .bind(mancanze)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Err(StoreError::Stale);
        }
        for riga in righe {
            on_tx!(self, |db| sqlx::query(
                "INSERT INTO fdr_righe (flusso_id, indice, iuv, iur, id_transfer, importo_cents, esito, data_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            )
            .bind(flusso.id.as_str())
            .bind(riga.indice)
            .bind(riga.iuv.as_str())
            .bind(riga.iur.as_str())
            .bind(riga.id_transfer)
            .bind(riga.importo_cents)
            .bind(riga.esito)
            .bind(instant(riga.data))
            .execute(db)
            .await
            .map(drop))?;
        }
        self.advance_flusso(&flusso.id, flusso.stato, evento, to, "scaricato", now).await
    }

    /// Takes one step of its table.
    ///
    /// # Errors
    /// `Stale` when the flow is no longer in `from`; `Inconsistent` when the table has no such step.
    pub async fn advance_flusso(
        &mut self,
        id: &str,
        from: StatoFlusso,
        evento: EventoFlusso,
        to: StatoFlusso,
        perche: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let step = Step { from, evento, to, perche, now };
        step.check(Lifecycle::Flusso, id, &TRANSIZIONI)?;
        let (from, to) = (name(&step.from)?, name(&step.to)?);
        let done = on_tx!(self, |db| sqlx::query(ADVANCE)
            .bind(id)
            .bind(from)
            .bind(to)
            .bind(instant(now))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Err(StoreError::Stale);
        }
        self.record(Lifecycle::Flusso, id, &step).await
    }

    /// The list of an ente was read up to here; a cursor never goes back.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn move_fdr_cursor(&mut self, ente: &CodiceFiscaleEnte, to: Timestamp) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(MOVE_CURSOR).bind(ente.as_str()).bind(instant(to)).execute(db).await.map(drop))?;
        Ok(())
    }
}
