//! Which positions somebody asks for, and what a line of the list shows.

use super::from;
use crate::columns::{RowOf, name};
use crate::db::on_pool;
use crate::mie::Posto;
use crate::{Store, StoreError};
use domain::{CodiceFiscale, CodiceFiscaleEnte, Importo, StatoPosizione};
use jiff::Timestamp;
use std::fmt;

// the amount of the whole, or of the instalments together; the next day something is due
macro_rules! list {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT p.id, p.created_at, p.stato, p.causale, p.servizio, p.debitore_cf, p.debitore_nome,
                 COALESCE((SELECT MAX(r.importo_cents) FROM rate r
                     WHERE r.ente = p.ente AND r.posizione_id = p.id AND r.rata_numero IS NULL),
                     (SELECT CAST(SUM(r.importo_cents) AS BIGINT) FROM rate r WHERE r.ente = p.ente AND r.posizione_id = p.id)) AS importo_cents,
                 (SELECT MIN(r.scadenza) FROM rate r WHERE r.ente = p.ente AND r.posizione_id = p.id AND r.pagata = FALSE) AS scadenza
             FROM ",
            $from,
            " WHERE ",
            $where,
        )
    };
}
/// Everything that was published.
pub(crate) const TUTTE: &str = list!(
    "posizioni p",
    "p.ente = $1 AND (p.created_at, p.id) < ($2, $3) AND p.created_at >= $4 AND p.stato <> 'BOZZA'
     ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);
pub(crate) const DI_STATO: &str = list!(
    "posizioni p",
    "p.ente = $1 AND (p.created_at, p.id) < ($2, $3) AND p.created_at >= $4 AND p.stato = $6
     ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);
/// Of a service in one state. Of a service in whatever state they are asked for state by state, and merged.
pub(crate) const DI_SERVIZIO: &str = list!(
    "posizioni p",
    "p.ente = $1 AND (p.created_at, p.id) < ($2, $3) AND p.created_at >= $4 AND p.stato = $6 AND p.servizio = $7
     ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);
pub(crate) const DI_DEBITORE: &str = list!(
    "posizioni p",
    "p.ente = $1 AND (p.created_at, p.id) < ($2, $3) AND p.created_at >= $4 AND p.debitore_cf = $6 AND p.stato <> 'BOZZA'
     ORDER BY p.created_at DESC, p.id DESC LIMIT $5"
);
// CROSS: the words keep the order
pub(crate) const DI_PAROLA: &str = list!(
    "parole_debitori w CROSS JOIN posizioni p",
    "w.ente = $1 AND w.parola = $6 AND (w.created_at, w.posizione_id) < ($2, $3) AND w.created_at >= $4
     AND p.ente = w.ente AND p.id = w.posizione_id AND p.stato <> 'BOZZA'
     AND ($7 = '' OR EXISTS (SELECT 1 FROM parole_debitori v WHERE v.ente = w.ente AND v.parola = $7
         AND v.created_at = w.created_at AND v.posizione_id = w.posizione_id))
     ORDER BY w.created_at DESC, w.posizione_id DESC LIMIT $5"
);

/// What is asked for. One of these at a time: a person is looked for in all states and services.
#[derive(Clone)]
pub enum CercaPosizioni<'a> {
    Tutte,
    DiStato(StatoPosizione),
    /// Of a service (its slug), in one state or in all but drafts.
    DiServizio(&'a str, Option<StatoPosizione>),
    DiDebitore(&'a CodiceFiscale),
    /// By one word of the name, or two.
    DiNome(&'a str, Option<&'a str>),
}

impl fmt::Debug for CercaPosizioni<'_> {
    /// Nobody by name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tutte => "Tutte",
            Self::DiStato(_) => "DiStato",
            Self::DiServizio(..) => "DiServizio",
            Self::DiDebitore(_) => "DiDebitore",
            Self::DiNome(..) => "DiNome",
        })
    }
}

/// A line of the list.
#[derive(Clone, PartialEq, Eq)]
pub struct RigaPosizione {
    pub id: String,
    pub creata: Timestamp,
    pub stato: StatoPosizione,
    pub causale: String,
    pub servizio: Option<String>,
    pub debitore_cf: String,
    pub debitore_nome: String,
    pub importo: Importo,
    /// The next day something is due.
    pub scadenza: Option<jiff::civil::Date>,
    /// Its place in the list.
    pub posto: Posto,
}

impl fmt::Debug for RigaPosizione {
    /// Without the debtor.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RigaPosizione").field("id", &self.id).field("stato", &self.stato).finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    created_at: String,
    stato: String,
    causale: String,
    servizio: Option<String>,
    debitore_cf: String,
    debitore_nome: String,
    importo_cents: Option<i64>,
    scadenza: Option<String>,
}

impl Row {
    fn into_domain(self) -> Result<RigaPosizione, StoreError> {
        let row = RowOf { table: "posizioni", id: &self.id };
        Ok(RigaPosizione {
            creata: row.instant("created_at", &self.created_at)?,
            stato: row.name("stato", &self.stato)?,
            importo: row.importo(self.importo_cents.ok_or_else(|| row.broken("no way to pay it"))?)?,
            scadenza: match self.scadenza {
                Some(text) => Some(text.parse().map_err(|_| row.broken("scadenza: not a date"))?),
                None => None,
            },
            causale: self.causale,
            servizio: self.servizio,
            debitore_cf: self.debitore_cf,
            debitore_nome: self.debitore_nome,
            posto: Posto { quando: self.created_at, id: self.id.clone() },
            id: self.id,
        })
    }
}

/// Every state but the one nobody sees.
const PUBBLICI: [StatoPosizione; 5] = [
    StatoPosizione::Aperta,
    StatoPosizione::ParzialmentePagata,
    StatoPosizione::Pagata,
    StatoPosizione::Scaduta,
    StatoPosizione::Annullata,
];

impl Store {
    /// Positions of an ente, the newest first, after a place in that order, none written before `dal`; `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn elenco_posizioni(
        &self,
        ente: &CodiceFiscaleEnte,
        cerca: &CercaPosizioni<'_>,
        dal: Option<Timestamp>,
        dopo: Option<&Posto>,
        max: u32,
    ) -> Result<Vec<RigaPosizione>, StoreError> {
        let ask = async |sql: &'static str, first: &str, second: Option<&str>| -> Result<Vec<RigaPosizione>, StoreError> {
            let (quando, id) = from(dopo);
            let dal = dal.map_or_else(String::new, crate::columns::instant);
            let rows: Vec<Row> = on_pool!(self, reader, |db| {
                let query = sqlx::query_as(sql).bind(ente.as_str()).bind(quando).bind(id).bind(dal).bind(i64::from(max));
                let query = if first.is_empty() { query } else { query.bind(first) };
                let query = if let Some(second) = second { query.bind(second) } else { query };
                query.fetch_all(db).await
            })?;
            rows.into_iter().map(Row::into_domain).collect()
        };
        match cerca {
            CercaPosizioni::Tutte => ask(TUTTE, "", None).await,
            CercaPosizioni::DiStato(stato) => ask(DI_STATO, &name(stato)?, None).await,
            CercaPosizioni::DiServizio(servizio, Some(stato)) => ask(DI_SERVIZIO, &name(stato)?, Some(servizio)).await,
            CercaPosizioni::DiServizio(servizio, None) => {
                let mut found = Vec::new();
                for stato in PUBBLICI {
                    found.extend(ask(DI_SERVIZIO, &name(&stato)?, Some(servizio)).await?);
                }
                let place = |riga: &RigaPosizione| (riga.posto.quando.clone(), riga.posto.id.clone());
                found.sort_by_key(|riga| std::cmp::Reverse(place(riga)));
                found.truncate(usize::try_from(max).unwrap_or(usize::MAX));
                Ok(found)
            }
            CercaPosizioni::DiDebitore(debitore) => ask(DI_DEBITORE, debitore.as_str(), None).await,
            CercaPosizioni::DiNome(parola, altra) => ask(DI_PAROLA, parola, Some(altra.unwrap_or_default())).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::posizione::TRANSIZIONI;

    #[test]
    fn no_state_is_left_out() {
        // a draft nobody sees, and of what was deleted nothing is there
        let hidden = [StatoPosizione::Bozza, StatoPosizione::Eliminata];
        let all: Vec<_> = TRANSIZIONI.states.iter().filter(|stato| !hidden.contains(stato)).collect();
        assert!(all.iter().all(|stato| PUBBLICI.contains(stato)) && all.len() == PUBBLICI.len());
    }
}
