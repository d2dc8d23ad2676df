//! What is somebody's own: the notices and receipts of one debtor, of all enti or of one. By the index of the debtors: however many
//! positions there are, as many rows are looked at as that person has.
//!
//! Pages are asked for by where the one before ended. A draft is nobody's, and what somebody began with a form and did not pay is no
//! debt: anybody can write anybody's name there.

use crate::db::{on_pool, on_tx};
use crate::ricevute;
use crate::{RicevutaRow, Store, StoreError};
use domain::{CodiceFiscale, CodiceFiscaleEnte, Importo, Posizione, StatoPosizione};

/// The last place in the order of notices: those without a due date come after those with one.
#[cfg(test)]
const MAI: &str = "9999-12-31";
/// Behind every date and every instant, in whatever order a database gives to texts.
const ULTIMO: &str = "99999";

// the next due date of what is unpaid, or the first of all
macro_rules! due {
    () => {
        "COALESCE((SELECT MIN(r.scadenza) FROM rate r WHERE r.ente = p.ente AND r.posizione_id = p.id AND r.pagata = FALSE),
          (SELECT MIN(r.scadenza) FROM rate r WHERE r.ente = p.ente AND r.posizione_id = p.id), '9999-12-31')"
    };
}
macro_rules! avvisi {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT ",
            due!(),
            " AS quando, p.ente, p.id FROM posizioni p
             WHERE p.debitore_cf = $1 AND p.stato IN ($2, $3) AND ($4 = '' OR p.ente = $4)
                 AND (p.stato IN ('PAGATA', 'PARZIALMENTE_PAGATA')
                     OR NOT EXISTS (SELECT 1 FROM moduli m WHERE m.ente = p.ente AND m.posizione_id = p.id))
                 AND (",
            due!(),
            ", p.id) ",
            $beyond,
            " ($5, $6)
             ORDER BY quando ",
            $order,
            ", p.id ",
            $order,
            " LIMIT $7"
        )
    };
}
pub(crate) const AVVISI: &str = avvisi!(">", "ASC");
pub(crate) const AVVISI_INDIETRO: &str = avvisi!("<", "DESC");
pub(crate) const ENTI: &str = "SELECT DISTINCT p.ente FROM posizioni p WHERE p.debitore_cf = $1 AND p.stato <> 'BOZZA'";

// a receipt that says that nothing was paid is none to show, nor is the copy another ente got. CROSS: from the person to the receipts
macro_rules! pagamenti {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM posizioni p CROSS JOIN rate r CROSS JOIN ricevute x
             WHERE p.debitore_cf = $1 AND ($2 = '' OR p.ente = $2) AND r.ente = p.ente AND r.posizione_id = p.id
                 AND x.ente = r.ente AND x.numero_avviso = r.numero_avviso AND x.ente_destinatario = x.ente
                 AND x.anomalie NOT LIKE '%\"ESITO_NEGATIVO\"%' AND x.stato <> 'QUARANTENA'",
            $rest
        )
    };
}
pub(crate) const PAGAMENTI: &str = pagamenti!(
    "COALESCE(x.pagata_il, x.received_at) AS quando, x.id, x.ente_destinatario, x.contenuto, x.stato, x.anomalie, x.inbox_id, x.received_at",
    " AND ($3 = '' OR SUBSTR(COALESCE(x.pagata_il, x.received_at), 1, 4) = $3)
      AND (COALESCE(x.pagata_il, x.received_at), x.id) < ($4, $5) ORDER BY quando DESC, x.id DESC LIMIT $6"
);
pub(crate) const PAGAMENTO: &str = pagamenti!(
    "COALESCE(x.pagata_il, x.received_at) AS quando, x.id, x.ente_destinatario, x.contenuto, x.stato, x.anomalie, x.inbox_id, x.received_at",
    " AND x.id = $3"
);
pub(crate) const SOMME: &str = pagamenti!(
    "SUBSTR(COALESCE(x.pagata_il, x.received_at), 1, 4) AS anno, CAST(SUM(x.importo_cents) AS BIGINT), COUNT(*)",
    " GROUP BY SUBSTR(COALESCE(x.pagata_il, x.received_at), 1, 4) ORDER BY anno DESC"
);

/// A place in an order: what it is ordered by, and the id for what is equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posto {
    pub quando: String,
    pub id: String,
}

/// Of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SommaAnno {
    pub anno: String,
    pub importo: Importo,
    pub quanti: i64,
}

impl Store {
    /// The notices of a debtor in one of two states, by their next due date, after a place in that order; `max` at the most. Those
    /// without a due date are the last, and the first where the order is turned round.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn posizioni_of_debitore(
        &self,
        debitore: &CodiceFiscale,
        ente: Option<&CodiceFiscaleEnte>,
        stati: [StatoPosizione; 2],
        indietro: bool,
        dopo: Option<&Posto>,
        max: u32,
    ) -> Result<Vec<(Posto, Posizione)>, StoreError> {
        let [uno, altro] = [crate::columns::name(&stati[0])?, crate::columns::name(&stati[1])?];
        let (sql, start) = if indietro { (AVVISI_INDIETRO, ULTIMO) } else { (AVVISI, "") };
        let (quando, id) = dopo.map_or((start, ""), |posto| (posto.quando.as_str(), posto.id.as_str()));
        let mut tx = self.snapshot().await?;
        let rows: Vec<(String, String, String)> = on_tx!(&mut tx, |db| sqlx::query_as(sql)
            .bind(debitore.as_str())
            .bind(uno)
            .bind(altro)
            .bind(ente.map_or("", CodiceFiscaleEnte::as_str))
            .bind(quando)
            .bind(id)
            .bind(i64::from(max))
            .fetch_all(db)
            .await)?;
        let mut found = Vec::with_capacity(rows.len());
        for (quando, ente, id) in rows {
            let row = crate::columns::RowOf { table: "posizioni", id: &id };
            let ente = row.parse("ente", ente)?;
            // of the same moment: it is there
            if let Some(posizione) = tx.posizione(&ente, &id).await? {
                found.push((Posto { quando, id }, posizione));
            }
        }
        Ok(found)
    }

    /// The enti that a debtor has notices of.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn enti_of_debitore(&self, debitore: &CodiceFiscale) -> Result<Vec<CodiceFiscaleEnte>, StoreError> {
        let rows: Vec<String> =
            on_pool!(self, reader, |db| sqlx::query_scalar(ENTI).bind(debitore.as_str()).fetch_all(db).await)?;
        let parsed = |ente: String| crate::columns::RowOf { table: "posizioni", id: &ente.clone() }.parse("ente", ente);
        rows.into_iter().map(parsed).collect()
    }

    /// The receipts of a debtor's notices, of one year (four digits) or of all, the newest first, after a place in that order.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevute_of_debitore(
        &self,
        debitore: &CodiceFiscale,
        ente: Option<&CodiceFiscaleEnte>,
        anno: Option<&str>,
        dopo: Option<&Posto>,
        max: u32,
    ) -> Result<Vec<(Posto, RicevutaRow)>, StoreError> {
        let (quando, id) = dopo.map_or((ULTIMO, ""), |posto| (posto.quando.as_str(), posto.id.as_str()));
        let rows: Vec<Riga> = on_pool!(self, reader, |db| sqlx::query_as(PAGAMENTI)
            .bind(debitore.as_str())
            .bind(ente.map_or("", CodiceFiscaleEnte::as_str))
            .bind(anno.unwrap_or_default())
            .bind(quando)
            .bind(id)
            .bind(i64::from(max))
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Riga::into_domain).collect()
    }

    /// One of them; `None` also when it is somebody else's.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn ricevuta_of_debitore(
        &self,
        debitore: &CodiceFiscale,
        ente: Option<&CodiceFiscaleEnte>,
        id: &str,
    ) -> Result<Option<RicevutaRow>, StoreError> {
        let row: Option<Riga> = on_pool!(self, reader, |db| sqlx::query_as(PAGAMENTO)
            .bind(debitore.as_str())
            .bind(ente.map_or("", CodiceFiscaleEnte::as_str))
            .bind(id)
            .fetch_optional(db)
            .await)?;
        Ok(row.map(Riga::into_domain).transpose()?.map(|(_, row)| row))
    }

    /// What was paid in each year, the last one first.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn somme_of_debitore(
        &self,
        debitore: &CodiceFiscale,
        ente: Option<&CodiceFiscaleEnte>,
    ) -> Result<Vec<SommaAnno>, StoreError> {
        let rows: Vec<(String, i64, i64)> = on_pool!(self, reader, |db| sqlx::query_as(SOMME)
            .bind(debitore.as_str())
            .bind(ente.map_or("", CodiceFiscaleEnte::as_str))
            .fetch_all(db)
            .await)?;
        let parsed = |(anno, cents, quanti): (String, i64, i64)| {
            let importo = crate::columns::RowOf { table: "ricevute", id: &anno }.importo(cents)?;
            Ok(SommaAnno { importo, quanti, anno })
        };
        rows.into_iter().map(parsed).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Riga {
    quando: String,
    #[sqlx(flatten)]
    row: ricevute::Row,
}

impl Riga {
    fn into_domain(self) -> Result<(Posto, RicevutaRow), StoreError> {
        let row = self.row.into_domain()?;
        Ok((Posto { quando: self.quando, id: row.id.clone() }, row))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn never_is_spelt_alike() {
        assert!(super::AVVISI.contains(super::MAI) && super::AVVISI_INDIETRO.contains(super::MAI));
    }
}
