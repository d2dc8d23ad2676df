//! Which receipts somebody asks for. Those addressed to the ente, copies of payments to others included: the money is its own.

use super::from;
use crate::columns::instant;
use crate::db::on_pool;
use crate::mie::Posto;
use crate::ricevute::Row;
use crate::{RicevutaRow, Store, StoreError};
use domain::{CodiceFiscale, CodiceFiscaleEnte};
use jiff::Timestamp;
use std::fmt;

macro_rules! list {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT x.seq, x.posizione_id, x.id, x.ente_destinatario, x.contenuto, x.stato, x.anomalie, x.inbox_id, x.received_at FROM ",
            $from,
            " WHERE ",
            $where
        )
    };
}
// seq: two can arrive in one microsecond
pub(crate) const TUTTE: &str = list!(
    "ricevute x",
    "x.ente_destinatario = $1 AND (x.received_at, x.seq) < ($2, $3) AND x.received_at >= $4
     ORDER BY x.received_at DESC, x.seq DESC LIMIT $5"
);
pub(crate) const ANOMALE: &str = list!(
    "ricevute x",
    "x.ente_destinatario = $1 AND (x.received_at, x.seq) < ($2, $3) AND x.received_at >= $4
     AND x.stato IN ('RICEVUTA', 'ANOMALA', 'QUARANTENA') ORDER BY x.received_at DESC, x.seq DESC LIMIT $5"
);
// the three ways a receipt is named: `AND` so that each has its index
pub(crate) const DI_AVVISO: &str = list!(
    "ricevute x",
    "x.ente = $6 AND x.numero_avviso = $7 AND x.ente_destinatario = $1 AND (x.received_at, x.seq) < ($2, $3) AND x.received_at >= $4
     ORDER BY x.received_at DESC, x.seq DESC LIMIT $5"
);
pub(crate) const DI_IUV: &str = list!(
    "ricevute x",
    "x.ente_destinatario = $1 AND x.iuv = $6 AND (x.received_at, x.seq) < ($2, $3) AND x.received_at >= $4
     ORDER BY x.received_at DESC, x.seq DESC LIMIT $5"
);
pub(crate) const DI_RECEIPT_ID: &str = list!(
    "ricevute x",
    "x.ente_destinatario = $1 AND x.receipt_id = $6 AND (x.received_at, x.seq) < ($2, $3) AND x.received_at >= $4
     ORDER BY x.received_at DESC, x.seq DESC LIMIT $5"
);
// CROSS: from the person to the receipts
pub(crate) const DI_DEBITORE: &str = list!(
    "posizioni p CROSS JOIN ricevute x",
    "p.debitore_cf = $6 AND p.ente = $1 AND x.ente = p.ente AND x.posizione_id = p.id AND x.ente_destinatario = $1
     AND (x.received_at, x.seq) < ($2, $3) AND x.received_at >= $4 ORDER BY x.received_at DESC, x.seq DESC LIMIT $5"
);
pub(crate) const BY_ID: &str = list!("ricevute x", "x.id = $1 AND x.ente_destinatario = $2");
pub(crate) const OF_POSIZIONE: &str =
    list!("ricevute x", "x.ente = $1 AND x.posizione_id = $2 AND x.ente_destinatario = $1 ORDER BY x.received_at, x.seq");

/// What is asked for, one at a time.
#[derive(Clone)]
pub enum CercaRicevute<'a> {
    Tutte,
    /// What somebody has to look at.
    Anomale,
    /// A notice number, of this ente.
    DiAvviso(&'a str),
    DiIuv(&'a str),
    DiReceiptId(&'a str),
    /// Of the debts of a person.
    DiDebitore(&'a CodiceFiscale),
}

impl fmt::Debug for CercaRicevute<'_> {
    /// No number and nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tutte => "Tutte",
            Self::Anomale => "Anomale",
            Self::DiAvviso(_) => "DiAvviso",
            Self::DiIuv(_) => "DiIuv",
            Self::DiReceiptId(_) => "DiReceiptId",
            Self::DiDebitore(_) => "DiDebitore",
        })
    }
}

/// A receipt in a list, and its place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RigaRicevuta {
    pub row: RicevutaRow,
    /// The debt it paid, when it is one of ours.
    pub posizione: Option<String>,
    pub posto: Posto,
}

#[derive(sqlx::FromRow)]
struct Riga {
    seq: i64,
    posizione_id: Option<String>,
    #[sqlx(flatten)]
    row: Row,
}

impl Riga {
    fn into_domain(self) -> Result<RigaRicevuta, StoreError> {
        let row = self.row.into_domain()?;
        let posto = Posto { quando: instant(row.received_at), id: self.seq.to_string() };
        Ok(RigaRicevuta { row, posizione: self.posizione_id, posto })
    }
}

impl Store {
    /// Receipts addressed to an ente, the last to arrive first, after a place in that order, none that arrived before `dal`; `max` at
    /// the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn elenco_ricevute(
        &self,
        ente: &CodiceFiscaleEnte,
        cerca: &CercaRicevute<'_>,
        dal: Option<Timestamp>,
        dopo: Option<&Posto>,
        max: u32,
    ) -> Result<Vec<RigaRicevuta>, StoreError> {
        let (quando, seq) = from(dopo);
        // a place that is none is behind everything of its instant
        let seq: i64 = seq.parse().unwrap_or(0);
        let dal = dal.map_or_else(String::new, instant);
        let (sql, more): (&'static str, &[&str]) = match cerca {
            CercaRicevute::Tutte => (TUTTE, &[]),
            CercaRicevute::Anomale => (ANOMALE, &[]),
            CercaRicevute::DiAvviso(numero) => (DI_AVVISO, &[ente.as_str(), numero]),
            CercaRicevute::DiIuv(iuv) => (DI_IUV, &[iuv]),
            CercaRicevute::DiReceiptId(id) => (DI_RECEIPT_ID, &[id]),
            CercaRicevute::DiDebitore(debitore) => (DI_DEBITORE, &[debitore.as_str()]),
        };
        let rows: Vec<Riga> = on_pool!(self, reader, |db| {
            let mut query = sqlx::query_as(sql).bind(ente.as_str()).bind(quando).bind(seq).bind(dal).bind(i64::from(max));
            for value in more {
                query = query.bind(*value);
            }
            query.fetch_all(db).await
        })?;
        rows.into_iter().map(Riga::into_domain).collect()
    }

    /// A receipt addressed to an ente; `None` also when it is addressed to another.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevuta_of_ente(&self, ente: &CodiceFiscaleEnte, id: &str) -> Result<Option<RigaRicevuta>, StoreError> {
        let row: Option<Riga> =
            on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).bind(ente.as_str()).fetch_optional(db).await)?;
        row.map(Riga::into_domain).transpose()
    }

    /// The receipts of a debt, as they arrived.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevute_of_posizione(&self, ente: &CodiceFiscaleEnte, id: &str) -> Result<Vec<RigaRicevuta>, StoreError> {
        let rows: Vec<Riga> =
            on_pool!(self, reader, |db| sqlx::query_as(OF_POSIZIONE).bind(ente.as_str()).bind(id).fetch_all(db).await)?;
        rows.into_iter().map(Riga::into_domain).collect()
    }
}
