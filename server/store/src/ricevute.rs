//! Receipts: facts that are added, once each, and never changed.

use crate::columns::{RowOf, instant, json, name};
use crate::db::{on_pool, on_tx};
use crate::transizioni::Lifecycle;
use crate::{Store, StoreError, Tx};
use domain::{Anomalia, CodiceFiscaleEnte, NumeroAvviso, Ricevuta, StatoRicevuta};
use jiff::Timestamp;
use std::fmt;

/// A receipt to write down.
#[derive(Clone)]
pub struct NewRicevuta<'a> {
    /// Opaque, ours.
    pub id: String,
    /// `idPA` of the envelope.
    pub ente_destinatario: String,
    pub ricevuta: &'a Ricevuta,
    pub stato: StatoRicevuta,
    pub anomalie: &'a [Anomalia],
    /// The message it was read from: kept before.
    pub inbox_id: &'a str,
    /// Of the content in a form where blanks and prefixes do not count, 64 hexadecimal digits: two messages with the same
    /// digest say the same.
    pub sha256: &'a str,
    pub posizione_id: Option<&'a str>,
    pub received_at: Timestamp,
}

/// What became of a [`NewRicevuta`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    New,
    /// It was here already, with the same content; nothing written.
    Same,
    /// Another content is here under the same `receiptId`; nothing written.
    Conflict,
}

/// A receipt as it is written down.
#[derive(Clone, PartialEq, Eq)]
pub struct RicevutaRow {
    pub id: String,
    pub ente_destinatario: String,
    pub ricevuta: Ricevuta,
    pub stato: StatoRicevuta,
    pub anomalie: Vec<Anomalia>,
    pub inbox_id: String,
    pub received_at: Timestamp,
}

impl fmt::Debug for NewRicevuta<'_> {
    /// Without the people in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewRicevuta")
            .field("id", &self.id)
            .field("receipt_id", &self.ricevuta.receipt_id)
            .field("stato", &self.stato)
            .field("anomalie", &self.anomalie)
            .field("inbox_id", &self.inbox_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RicevutaRow {
    /// Without the people in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RicevutaRow")
            .field("id", &self.id)
            .field("receipt_id", &self.ricevuta.receipt_id)
            .field("stato", &self.stato)
            .field("anomalie", &self.anomalie)
            .field("inbox_id", &self.inbox_id)
            .finish_non_exhaustive()
    }
}

pub(crate) const OF_AVVISO: &str = "SELECT id, ente_destinatario, contenuto, stato, anomalie, inbox_id, received_at
    FROM ricevute WHERE ente = $1 AND numero_avviso = $2 ORDER BY seq";
pub(crate) const BY_ID: &str = "SELECT id, ente_destinatario, contenuto, stato, anomalie, inbox_id, received_at
    FROM ricevute WHERE id = $1";
pub(crate) const BY_RECEIPT_ID: &str = "SELECT id, ente_destinatario, contenuto, stato, anomalie, inbox_id, received_at
    FROM ricevute WHERE ente_destinatario = $1 AND receipt_id = $2";
pub(crate) const DIGEST: &str = "SELECT contenuto_sha256 FROM ricevute WHERE ente_destinatario = $1 AND receipt_id = $2";
const INSERT: &str =
    "INSERT INTO ricevute (id, ente_destinatario, receipt_id, ente, numero_avviso, iuv, importo_cents, pagata_il,
        stato, anomalie, contenuto, contenuto_sha256, inbox_id, posizione_id, received_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    ON CONFLICT (ente_destinatario, receipt_id) DO NOTHING";

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: String,
    ente_destinatario: String,
    contenuto: String,
    stato: String,
    anomalie: String,
    inbox_id: String,
    received_at: String,
}

impl Row {
    pub(crate) fn into_domain(self) -> Result<RicevutaRow, StoreError> {
        let row = RowOf { table: "ricevute", id: &self.id };
        Ok(RicevutaRow {
            ente_destinatario: self.ente_destinatario,
            ricevuta: row.json("contenuto", &self.contenuto)?,
            stato: row.name("stato", &self.stato)?,
            anomalie: row.json("anomalie", &self.anomalie)?,
            inbox_id: self.inbox_id,
            received_at: row.instant("received_at", &self.received_at)?,
            id: self.id,
        })
    }
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevuta(&self, id: &str) -> Result<Option<RicevutaRow>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// Every receipt of a notice in the order they came, also those addressed to another ente that shares the payment.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevute_of_avviso(
        &self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
    ) -> Result<Vec<RicevutaRow>, StoreError> {
        let rows: Vec<Row> =
            on_pool!(self, reader, |db| sqlx::query_as(OF_AVVISO).bind(ente.as_str()).bind(numero.as_str()).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }
}

impl Tx {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevuta_by_receipt_id(&mut self, ente: &str, receipt_id: &str) -> Result<Option<RicevutaRow>, StoreError> {
        let row: Option<Row> =
            on_tx!(self, |db| sqlx::query_as(BY_RECEIPT_ID).bind(ente).bind(receipt_id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// Writes a receipt, once for each addressee and `receiptId`.
    ///
    /// # Errors
    /// `Database` when the id is taken, the message was not kept before, or the position is not of the ente of the notice.
    pub async fn insert_ricevuta(&mut self, new: &NewRicevuta<'_>) -> Result<Inserted, StoreError> {
        let ricevuta = new.ricevuta;
        let (stato, anomalie, contenuto) = (name(&new.stato)?, json(&new.anomalie)?, json(ricevuta)?);
        let done = on_tx!(self, |db| sqlx::query(INSERT)
            .bind(new.id.as_str())
            .bind(new.ente_destinatario.as_str())
            .bind(ricevuta.receipt_id.as_str())
            .bind(ricevuta.ente.as_str())
            .bind(ricevuta.numero_avviso.as_str())
            .bind(ricevuta.iuv.as_str())
            .bind(ricevuta.importo.cents())
            .bind(ricevuta.pagata_il.map(|at| at.to_string()))
            .bind(stato)
            .bind(anomalie)
            .bind(contenuto)
            .bind(new.sha256)
            .bind(new.inbox_id)
            .bind(new.posizione_id)
            .bind(instant(new.received_at))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            let kept: String = on_tx!(self, |db| sqlx::query_scalar(DIGEST)
                .bind(new.ente_destinatario.as_str())
                .bind(ricevuta.receipt_id.as_str())
                .fetch_one(db)
                .await)?;
            return Ok(if kept == new.sha256 { Inserted::Same } else { Inserted::Conflict });
        }
        self.record_birth(Lifecycle::Ricevuta, &new.id, &new.stato, new.inbox_id, new.received_at).await?;
        Ok(Inserted::New)
    }
}
