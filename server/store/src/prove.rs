//! What `sportello verify` reads: rows as they are written, text by text, page by page; and counts of what must not be.

use crate::db::{on_pool, on_tx};
use crate::{Store, StoreError, Tx};

/// A receipt, every column as it is written, with what it hangs on.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FattiRicevuta {
    pub seq: i64,
    pub id: String,
    pub ente_destinatario: String,
    pub receipt_id: String,
    pub ente: String,
    pub numero_avviso: String,
    pub iuv: String,
    pub importo_cents: i64,
    pub pagata_il: Option<String>,
    pub anomalie: String,
    /// JSON of `domain::Ricevuta`.
    pub contenuto: String,
    pub contenuto_sha256: String,
    pub inbox_id: String,
    pub posizione_id: Option<String>,
    pub received_at: String,
    /// Of the message it was read from; `None` when the message is not there.
    pub inbox_sha256: Option<String>,
    pub inbox_esito: Option<String>,
    /// Of its link; `None` when it has none.
    pub digest: Option<String>,
}

impl std::fmt::Debug for FattiRicevuta {
    /// Without the people in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FattiRicevuta").field("seq", &self.seq).field("id", &self.id).finish_non_exhaustive()
    }
}

/// A message, its bytes and what was said of them.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct FattiInbox {
    pub id: String,
    pub received_at: String,
    pub raw: Vec<u8>,
    pub sha256: String,
    pub esito: String,
}

impl std::fmt::Debug for FattiInbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FattiInbox").field("id", &self.id).field("esito", &self.esito).finish_non_exhaustive()
    }
}

/// A line of the ledger and its receipt.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FattiLedger {
    pub ricevuta_id: String,
    pub indice: i64,
    pub ente: String,
    pub beneficiario: String,
    pub importo_cents: i64,
}

/// A step, with the state its subject is in now; `None` when there is no such subject.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FattiTransizione {
    pub seq: i64,
    pub soggetto: String,
    pub id: String,
    pub da: Option<String>,
    pub evento: String,
    pub a: String,
    pub stato: Option<String>,
}

/// Something that is counted. All but the first two must be 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conteggio {
    Soggetti,
    Messaggi,
    /// Positions, trips, receipts and flows without a single step.
    SenzaTransizioni,
    /// PAGATA, and no receipt says so.
    PagateSenzaRicevuta,
    /// A receipt that counts, and a position that is not paid, not even in part.
    RicevuteSenzaEffetto,
    /// Messages that were accepted and are no receipt.
    AccettatiSenzaRicevuta,
    /// Messages that somebody settled and that were never in quarantine.
    RisoltiSenzaQuarantena,
    /// Links of receipts that are not there.
    AnelliSenzaRicevuta,
    /// Links of audit rows that are not there.
    AnelliSenzaAudit,
    AuditSenzaAnello,
    /// Lines of receipts that are not there.
    LedgerSenzaRicevuta,
    RicevuteDoppie,
    LedgerDoppio,
    /// Rows that point into another ente's.
    FuoriEnte,
}

impl Conteggio {
    pub const ALL: [Self; 14] = [
        Self::Soggetti,
        Self::Messaggi,
        Self::SenzaTransizioni,
        Self::PagateSenzaRicevuta,
        Self::RicevuteSenzaEffetto,
        Self::AccettatiSenzaRicevuta,
        Self::RisoltiSenzaQuarantena,
        Self::AnelliSenzaRicevuta,
        Self::AnelliSenzaAudit,
        Self::AuditSenzaAnello,
        Self::LedgerSenzaRicevuta,
        Self::RicevuteDoppie,
        Self::LedgerDoppio,
        Self::FuoriEnte,
    ];

    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Soggetti => {
                "SELECT (SELECT COUNT(*) FROM posizioni) + (SELECT COUNT(*) FROM tentativi) + (SELECT COUNT(*) FROM ricevute)
                + (SELECT COUNT(*) FROM flussi)"
            }
            Self::Messaggi => "SELECT COUNT(*) FROM inbox",
            Self::SenzaTransizioni => {
                "SELECT (SELECT COUNT(*) FROM posizioni p
                    WHERE NOT EXISTS (SELECT 1 FROM transizioni t WHERE t.soggetto = 'posizione' AND t.id = p.id))
                + (SELECT COUNT(*) FROM tentativi x
                    WHERE NOT EXISTS (SELECT 1 FROM transizioni t WHERE t.soggetto = 'tentativo' AND t.id = x.id))
                + (SELECT COUNT(*) FROM ricevute r
                    WHERE NOT EXISTS (SELECT 1 FROM transizioni t WHERE t.soggetto = 'ricevuta' AND t.id = r.id))
                + (SELECT COUNT(*) FROM flussi f
                    WHERE NOT EXISTS (SELECT 1 FROM transizioni t WHERE t.soggetto = 'flusso' AND t.id = f.id))"
            }
            Self::PagateSenzaRicevuta => {
                "SELECT COUNT(*) FROM posizioni p WHERE p.stato IN ('PAGATA', 'PARZIALMENTE_PAGATA')
                AND NOT EXISTS (SELECT 1 FROM ricevute r WHERE r.ente = p.ente AND r.posizione_id = p.id)"
            }
            // one that says KO has its anomaly and no lines in the ledger
            Self::RicevuteSenzaEffetto => {
                "SELECT COUNT(*) FROM ricevute r JOIN posizioni p ON p.ente = r.ente AND p.id = r.posizione_id
                WHERE p.stato NOT IN ('PAGATA', 'PARZIALMENTE_PAGATA')
                AND EXISTS (SELECT 1 FROM ledger l WHERE l.ricevuta_id = r.id)"
            }
            Self::AccettatiSenzaRicevuta => {
                "SELECT COUNT(*) FROM inbox i WHERE i.esito = 'ACCETTATO'
                AND NOT EXISTS (SELECT 1 FROM ricevute r WHERE r.inbox_id = i.id)"
            }
            Self::RisoltiSenzaQuarantena => {
                "SELECT COUNT(*) FROM inbox_risolti x
                WHERE NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = x.inbox_id AND i.esito = 'QUARANTENA')"
            }
            Self::AnelliSenzaRicevuta => {
                "SELECT COUNT(*) FROM anelli a WHERE a.catena <> 'audit'
                AND NOT EXISTS (SELECT 1 FROM ricevute r WHERE r.id = a.soggetto)"
            }
            Self::AnelliSenzaAudit => {
                "SELECT COUNT(*) FROM anelli a WHERE a.catena = 'audit' AND NOT EXISTS (SELECT 1 FROM audit x WHERE x.id = a.soggetto)"
            }
            Self::AuditSenzaAnello => {
                "SELECT COUNT(*) FROM audit x
                WHERE NOT EXISTS (SELECT 1 FROM anelli a WHERE a.catena = 'audit' AND a.soggetto = x.id)"
            }
            Self::LedgerSenzaRicevuta => {
                "SELECT COUNT(*) FROM ledger l WHERE NOT EXISTS (SELECT 1 FROM ricevute r WHERE r.id = l.ricevuta_id)"
            }
            Self::RicevuteDoppie => {
                "SELECT COUNT(*) FROM (SELECT 1 FROM ricevute GROUP BY ente_destinatario, receipt_id HAVING COUNT(*) > 1) AS doppie"
            }
            Self::LedgerDoppio => {
                "SELECT COUNT(*) FROM (SELECT 1 FROM ledger GROUP BY ricevuta_id, indice HAVING COUNT(*) > 1) AS doppie"
            }
            Self::FuoriEnte => {
                "SELECT (SELECT COUNT(*) FROM rate r JOIN posizioni p ON p.id = r.posizione_id WHERE p.ente <> r.ente)
                + (SELECT COUNT(*) FROM tentativi t JOIN posizioni p ON p.id = t.posizione_id WHERE p.ente <> t.ente)
                + (SELECT COUNT(*) FROM ricevute r JOIN posizioni p ON p.id = r.posizione_id WHERE p.ente <> r.ente)
                + (SELECT COUNT(*) FROM specchi s JOIN posizioni p ON p.id = s.posizione_id WHERE p.ente <> s.ente)
                + (SELECT COUNT(*) FROM recuperi q JOIN flussi f ON f.id = q.flusso_id WHERE f.ente <> q.ente)
                + (SELECT COUNT(*) FROM ledger l JOIN ricevute r ON r.id = l.ricevuta_id WHERE l.ente <> r.ente_destinatario)"
            }
        }
    }
}

macro_rules! fatti {
    ($rest:literal) => {
        concat!(
            "SELECT r.seq, r.id, r.ente_destinatario, r.receipt_id, r.ente, r.numero_avviso, r.iuv, r.importo_cents, r.pagata_il,
                r.anomalie, r.contenuto, r.contenuto_sha256, r.inbox_id, r.posizione_id, r.received_at,
                i.sha256 AS inbox_sha256, i.esito AS inbox_esito, a.digest
            FROM ricevute r LEFT JOIN inbox i ON i.id = r.inbox_id
            LEFT JOIN anelli a ON a.catena = 'ricevute:' || r.ente_destinatario AND a.soggetto = r.id ",
            $rest
        )
    };
}
pub(crate) const RICEVUTA: &str = fatti!("WHERE r.id = $1");
pub(crate) const RICEVUTE: &str = fatti!("WHERE r.seq > $1 ORDER BY r.seq LIMIT $2");
/// Written before there were chains: in the order they came.
pub(crate) const UNCHAINED: &str = fatti!("WHERE a.soggetto IS NULL ORDER BY r.seq LIMIT $1");
pub(crate) const INBOX: &str = "SELECT id, received_at, raw, sha256, esito FROM inbox WHERE id > $1 ORDER BY id LIMIT $2";
pub(crate) const LEDGER: &str = "SELECT l.ricevuta_id, l.indice, l.ente, l.beneficiario, l.importo_cents
    FROM ricevute r JOIN ledger l ON l.ricevuta_id = r.id WHERE r.seq > $1 AND r.seq <= $2 ORDER BY r.seq, l.indice";
pub(crate) const TRANSIZIONI: &str = "SELECT t.seq, t.soggetto, t.id, t.da, t.evento, t.a,
        CASE t.soggetto
            WHEN 'posizione' THEN (SELECT p.stato FROM posizioni p WHERE p.id = t.id)
            WHEN 'tentativo' THEN (SELECT x.stato FROM tentativi x WHERE x.id = t.id)
            WHEN 'flusso' THEN (SELECT f.stato FROM flussi f WHERE f.id = t.id)
            ELSE (SELECT r.stato FROM ricevute r WHERE r.id = t.id)
        END AS stato
    FROM transizioni t WHERE (t.soggetto, t.id, t.seq) > ($1, $2, $3) ORDER BY t.soggetto, t.id, t.seq LIMIT $4";

impl Tx {
    /// # Errors
    /// `Database`, also when there is no such receipt.
    pub async fn fatti_ricevuta(&mut self, id: &str) -> Result<FattiRicevuta, StoreError> {
        Ok(on_tx!(self, |db| sqlx::query_as(RICEVUTA).bind(id).fetch_one(db).await)?)
    }

    /// Receipts without a link, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn unchained(&mut self, max: u32) -> Result<Vec<FattiRicevuta>, StoreError> {
        Ok(on_tx!(self, |db| sqlx::query_as(UNCHAINED).bind(i64::from(max)).fetch_all(db).await)?)
    }
}

impl Store {
    /// Reads whole tables, and may take its time: nobody waits for it but `verify`.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn count(&self, what: Conteggio) -> Result<i64, StoreError> {
        let mut tx = self.snapshot().await?;
        tx.take_time().await?;
        Ok(on_tx!(&mut tx, |db| sqlx::query_scalar(what.sql()).fetch_one(db).await)?)
    }

    /// Receipts after `seq`.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn fatti_ricevute(&self, seq: i64, max: u32) -> Result<Vec<FattiRicevuta>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(RICEVUTE).bind(seq).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// The lines of the receipts after `from` up to `to`, in their order.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn fatti_ledger(&self, from: i64, to: i64) -> Result<Vec<FattiLedger>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(LEDGER).bind(from).bind(to).fetch_all(db).await)?)
    }

    /// Messages after `id`, in the order of their ids.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn fatti_inbox(&self, id: &str, max: u32) -> Result<Vec<FattiInbox>, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_as(INBOX).bind(id).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// Steps after the one given, subject by subject.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn fatti_transizioni(
        &self,
        soggetto: &str,
        id: &str,
        seq: i64,
        max: u32,
    ) -> Result<Vec<FattiTransizione>, StoreError> {
        let rows = on_pool!(self, reader, |db| sqlx::query_as(TRANSIZIONI)
            .bind(soggetto)
            .bind(id)
            .bind(seq)
            .bind(i64::from(max))
            .fetch_all(db)
            .await)?;
        Ok(rows)
    }
}
