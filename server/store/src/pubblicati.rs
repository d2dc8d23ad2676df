//! What a notice asked for, and where the money was to go, when it left draft: a copy that nobody touches any more. Whoever changes an
//! amount or an account of a notice by hand changes it in one place of two, and `verify` says so (I3).

use crate::db::on_tx;
use crate::{Store, StoreError, Tx};
use domain::Posizione;
use jiff::Timestamp;

// CROSS: see `posizioni::VERSAMENTI`
pub(crate) const PUBLISH: &str = "INSERT INTO avvisi_pubblicati
    SELECT r.ente, r.numero_avviso, v.indice, r.posizione_id, r.importo_cents, r.scadenza, v.importo_cents, v.beneficiario, v.iban,
        v.iban_postale, v.bollo_hash, v.tassonomia, $3
    FROM rate r CROSS JOIN versamenti v
    WHERE r.ente = $1 AND r.posizione_id = $2 AND v.ente = r.ente AND v.numero_avviso = r.numero_avviso";
/// Positions of which a transfer is not as it was published, or was never published, or is gone without a step that says so: a notice
/// asked for at a counter goes with one ([`crate::richieste`]).
const CHANGED: &str = "SELECT r.posizione_id FROM posizioni p
        JOIN rate r ON r.ente = p.ente AND r.posizione_id = p.id
        JOIN versamenti v ON v.ente = r.ente AND v.numero_avviso = r.numero_avviso
        LEFT JOIN avvisi_pubblicati c ON c.ente = v.ente AND c.numero_avviso = v.numero_avviso AND c.indice = v.indice
    WHERE p.stato <> 'BOZZA' AND (c.ente IS NULL OR c.posizione_id <> r.posizione_id OR c.rata_cents <> r.importo_cents
        OR c.scadenza IS DISTINCT FROM r.scadenza OR c.importo_cents <> v.importo_cents OR c.beneficiario <> v.beneficiario
        OR c.iban IS DISTINCT FROM v.iban OR c.iban_postale IS DISTINCT FROM v.iban_postale
        OR c.bollo_hash IS DISTINCT FROM v.bollo_hash OR c.tassonomia <> v.tassonomia)
    UNION SELECT c.posizione_id FROM avvisi_pubblicati c
    WHERE NOT EXISTS (SELECT 1 FROM versamenti v
        WHERE v.ente = c.ente AND v.numero_avviso = c.numero_avviso AND v.indice = c.indice)
        AND NOT EXISTS (SELECT 1 FROM transizioni t
        WHERE t.soggetto = 'posizione' AND t.id = c.posizione_id AND t.evento = 'ELIMINA')
    ORDER BY 1 LIMIT $1";
const COUNT: &str = "SELECT COUNT(*) FROM avvisi_pubblicati";

impl Tx {
    /// It leaves draft: from here on its amounts and accounts are promised.
    pub(crate) async fn publish(&mut self, posizione: &Posizione, now: Timestamp) -> Result<(), StoreError> {
        on_tx!(self, |db| sqlx::query(PUBLISH)
            .bind(posizione.ente.as_str())
            .bind(posizione.id.as_str())
            .bind(crate::columns::instant(now))
            .execute(db)
            .await
            .map(drop))?;
        Ok(())
    }
}

impl Store {
    /// Positions that ask for something else than they did when they were published: their ids, `max` at the most. Reads whole tables.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn avvisi_cambiati(&self, max: u32) -> Result<Vec<String>, StoreError> {
        let mut tx = self.snapshot().await?;
        tx.take_time().await?;
        Ok(on_tx!(&mut tx, |db| sqlx::query_scalar(CHANGED).bind(i64::from(max)).fetch_all(db).await)?)
    }

    /// How many transfers were ever published.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn avvisi_pubblicati(&self) -> Result<i64, StoreError> {
        let mut tx = self.snapshot().await?;
        tx.take_time().await?;
        Ok(on_tx!(&mut tx, |db| sqlx::query_scalar(COUNT).fetch_one(db).await)?)
    }
}
