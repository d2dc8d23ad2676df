//! Trips to Checkout.

use crate::columns::{RowOf, instant, name};
use crate::db::{on_pool, on_tx};
use crate::transizioni::{Lifecycle, Step};
use crate::{Store, StoreError, Tx};
use domain::pagamento::{EventoTentativo, TRANSIZIONI};
use domain::{CodiceFiscaleEnte, Email, EsitoDichiarato, Importo, Lingua, NumeroAvviso, StatoTentativo};
use jiff::Timestamp;

/// One notice's trip to Checkout, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tentativo {
    /// Opaque, ours.
    pub id: String,
    pub ente: CodiceFiscaleEnte,
    pub posizione_id: String,
    pub numero: NumeroAvviso,
    /// Of the notice when the trip began.
    pub importo: Importo,
    pub stato: StatoTentativo,
    pub esito_dichiarato: Option<EsitoDichiarato>,
    /// The same for two clicks that mean one payment.
    pub chiave: String,
    /// Digest of the session that may see it.
    pub sessione_sha256: Option<String>,
    pub cart_url: Option<String>,
    /// In which the payer was being talked to; `None`: nobody noted it.
    pub lingua: Option<Lingua>,
    /// Why it failed, for the operator; no personal data.
    pub problema: Option<String>,
    /// Where whoever pays wants to be told of it; gone when it is no longer needed.
    pub email: Option<Email>,
    /// The cart it went in together with others; `None`: it went alone.
    pub carrello: Option<String>,
    /// Keyed digest of what is paid and for whom, where a form says it: the same for two that are the same.
    pub impronta: Option<String>,
    pub created_at: Timestamp,
    pub returned_at: Option<Timestamp>,
}

impl Tentativo {
    /// `idCart`: what Checkout and the receipts call the trip.
    pub fn id_cart(&self) -> &str {
        self.carrello.as_deref().unwrap_or(&self.id)
    }
}

/// What a step changes beside the state; `None` leaves what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TentativoChange {
    pub cart_url: Option<String>,
    pub esito_dichiarato: Option<EsitoDichiarato>,
    pub returned_at: Option<Timestamp>,
    pub problema: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, ente, posizione_id, numero_avviso, importo_cents, stato, esito_dichiarato, chiave, sessione_sha256, cart_url,
                 problema, email, carrello, impronta, lingua, created_at, returned_at FROM tentativi ",
            $rest
        )
    };
}
pub(crate) const BY_ID: &str = select!("WHERE id = $1");
pub(crate) const APERTO: &str = select!("WHERE chiave = $1 AND stato IN ('CREATO', 'INVIATO')");
// in the order of the cart: that is what their keys end with
pub(crate) const OF_CARRELLO: &str = select!("WHERE carrello = $1 ORDER BY chiave");
pub(crate) const OF_IMPRONTA: &str = select!("WHERE impronta = $1 AND created_at >= $2 ORDER BY created_at, id LIMIT $3");
pub(crate) const WITH_EMAIL: &str =
    "SELECT id FROM tentativi WHERE email IS NOT NULL AND created_at < $1 ORDER BY created_at LIMIT $2";
pub(crate) const COUNT_EMAIL: &str = "SELECT COUNT(*) FROM tentativi WHERE email IS NOT NULL AND created_at < $1";
pub(crate) const FORGET_EMAIL: &str = "UPDATE tentativi SET email = NULL WHERE id = $1";
pub(crate) const OF_AVVISO: &str = select!("WHERE ente = $1 AND numero_avviso = $2 ORDER BY created_at, id");
// the conflict that is no error is that of the index `tentativi_aperti`, and no other
const INSERT: &str =
    "INSERT INTO tentativi (id, ente, posizione_id, numero_avviso, importo_cents, stato, esito_dichiarato, chiave,
        sessione_sha256, cart_url, problema, created_at, returned_at, updated_at, email, carrello, impronta, lingua)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, $14, $15, $16, $17)
    ON CONFLICT (chiave) WHERE stato IN ('CREATO', 'INVIATO') DO NOTHING";
pub(crate) const ADVANCE: &str = "UPDATE tentativi SET stato = $4, cart_url = COALESCE($5, cart_url),
        esito_dichiarato = COALESCE($6, esito_dichiarato), returned_at = COALESCE($7, returned_at),
        problema = COALESCE($8, problema), updated_at = $9
    WHERE id = $1 AND ente = $2 AND stato = $3";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    ente: String,
    posizione_id: String,
    numero_avviso: String,
    importo_cents: i64,
    stato: String,
    esito_dichiarato: Option<String>,
    chiave: String,
    sessione_sha256: Option<String>,
    cart_url: Option<String>,
    problema: Option<String>,
    email: Option<String>,
    carrello: Option<String>,
    impronta: Option<String>,
    created_at: String,
    returned_at: Option<String>,
    lingua: Option<String>,
}

impl Row {
    fn into_domain(self) -> Result<Tentativo, StoreError> {
        let row = RowOf { table: "tentativi", id: &self.id };
        Ok(Tentativo {
            ente: row.parse("ente", self.ente)?,
            posizione_id: self.posizione_id,
            numero: row.parse("numero_avviso", self.numero_avviso)?,
            importo: row.importo(self.importo_cents)?,
            stato: row.name("stato", &self.stato)?,
            esito_dichiarato: self.esito_dichiarato.map(|text| row.name("esito_dichiarato", &text)).transpose()?,
            chiave: self.chiave,
            sessione_sha256: self.sessione_sha256,
            cart_url: self.cart_url,
            lingua: self.lingua.map(|text| row.name("lingua", &text)).transpose()?,
            problema: self.problema,
            email: self.email.map(|text| row.parse("email", text)).transpose()?,
            carrello: self.carrello,
            impronta: self.impronta,
            created_at: row.instant("created_at", &self.created_at)?,
            returned_at: self.returned_at.map(|text| row.instant("returned_at", &text)).transpose()?,
            id: self.id,
        })
    }
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativo(&self, id: &str) -> Result<Option<Tentativo>, StoreError> {
        let row: Option<Row> = on_pool!(self, reader, |db| sqlx::query_as(BY_ID).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// Those that went in one cart, in its order.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativi_of_carrello(&self, carrello: &str) -> Result<Vec<Tentativo>, StoreError> {
        let rows: Vec<Row> = on_pool!(self, reader, |db| sqlx::query_as(OF_CARRELLO).bind(carrello).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// How many trips older than an instant still have an e-mail address.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn emails_before(&self, before: Timestamp) -> Result<i64, StoreError> {
        Ok(on_pool!(self, reader, |db| sqlx::query_scalar(COUNT_EMAIL).bind(instant(before)).fetch_one(db).await)?)
    }
}

impl Tx {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativo(&mut self, id: &str) -> Result<Option<Tentativo>, StoreError> {
        let sql = self.holding(BY_ID);
        let row: Option<Row> = on_tx!(self, |db| sqlx::query_as(sql).bind(id).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// False, and nothing written, when another trip with the same `chiave` is under way (CREATO or INVIATO).
    ///
    /// # Errors
    /// `Database` when the id is taken or the notice is not of that position.
    pub async fn insert_tentativo(&mut self, tentativo: &Tentativo) -> Result<bool, StoreError> {
        let stato = name(&tentativo.stato)?;
        let esito = tentativo.esito_dichiarato.as_ref().map(name).transpose()?;
        let lingua = tentativo.lingua.as_ref().map(name).transpose()?;
        let done = on_tx!(self, |db| sqlx::query(INSERT)
            .bind(tentativo.id.as_str())
            .bind(tentativo.ente.as_str())
            .bind(tentativo.posizione_id.as_str())
            .bind(tentativo.numero.as_str())
            .bind(tentativo.importo.cents())
            .bind(stato)
            .bind(esito)
            .bind(tentativo.chiave.as_str())
            .bind(tentativo.sessione_sha256.as_deref())
            .bind(tentativo.cart_url.as_deref())
            .bind(tentativo.problema.as_deref())
            .bind(instant(tentativo.created_at))
            .bind(tentativo.returned_at.map(instant))
            .bind(tentativo.email.as_ref().map(Email::as_str))
            .bind(tentativo.carrello.as_deref())
            .bind(tentativo.impronta.as_deref())
            .bind(lingua)
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Ok(false);
        }
        self.record_birth(Lifecycle::Tentativo, &tentativo.id, &tentativo.stato, "inserito", tentativo.created_at).await?;
        Ok(true)
    }

    /// The trip with this `chiave` that is CREATO or INVIATO.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativo_aperto_by_chiave(&mut self, chiave: &str) -> Result<Option<Tentativo>, StoreError> {
        let sql = self.holding(APERTO);
        let row: Option<Row> = on_tx!(self, |db| sqlx::query_as(sql).bind(chiave).fetch_optional(db).await)?;
        row.map(Row::into_domain).transpose()
    }

    /// Oldest first.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativi_of_avviso(
        &mut self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
    ) -> Result<Vec<Tentativo>, StoreError> {
        let sql = self.holding(OF_AVVISO);
        let rows: Vec<Row> =
            on_tx!(self, |db| sqlx::query_as(sql).bind(ente.as_str()).bind(numero.as_str()).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// Those that went in one cart, in its order.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativi_of_carrello(&mut self, carrello: &str) -> Result<Vec<Tentativo>, StoreError> {
        let sql = self.holding(OF_CARRELLO);
        let rows: Vec<Row> = on_tx!(self, |db| sqlx::query_as(sql).bind(carrello).fetch_all(db).await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// Those of the same thing for the same person since an instant, oldest first, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn tentativi_of_impronta(
        &mut self,
        impronta: &str,
        since: Timestamp,
        max: u32,
    ) -> Result<Vec<Tentativo>, StoreError> {
        let rows: Vec<Row> = on_tx!(self, |db| sqlx::query_as(OF_IMPRONTA)
            .bind(impronta)
            .bind(instant(since))
            .bind(i64::from(max))
            .fetch_all(db)
            .await)?;
        rows.into_iter().map(Row::into_domain).collect()
    }

    /// Forgets the e-mail address of a trip: whoever it was for has been told, or no longer will be.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn forget_email(&mut self, tentativo: &str) -> Result<(), StoreError> {
        Ok(on_tx!(self, |db| sqlx::query(FORGET_EMAIL).bind(tentativo).execute(db).await.map(drop))?)
    }

    /// Forgets those of trips older than an instant, `max` at the most; how many.
    ///
    /// # Errors
    /// `Busy`, `Database`.
    pub async fn forget_emails_before(&mut self, before: Timestamp, max: u32) -> Result<u64, StoreError> {
        let ids: Vec<String> =
            on_tx!(self, |db| sqlx::query_scalar(WITH_EMAIL).bind(instant(before)).bind(i64::from(max)).fetch_all(db).await)?;
        for id in &ids {
            self.forget_email(id).await?;
        }
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    /// Takes one step of [`TRANSIZIONI`] from the state that was read.
    ///
    /// # Errors
    /// `Stale` when the trip is no longer in it; `Inconsistent` when the table has no such step.
    pub async fn advance_tentativo(
        &mut self,
        read: &Tentativo,
        evento: EventoTentativo,
        to: StatoTentativo,
        change: TentativoChange,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let perche = change.problema.as_deref().unwrap_or_default();
        let step = Step { from: read.stato, evento, to, perche, now };
        step.check(Lifecycle::Tentativo, &read.id, &TRANSIZIONI)?;
        let (from, to) = (name(&step.from)?, name(&step.to)?);
        let esito = change.esito_dichiarato.as_ref().map(name).transpose()?;
        let done = on_tx!(self, |db| sqlx::query(ADVANCE)
            .bind(read.id.as_str())
            .bind(read.ente.as_str())
            .bind(from)
            .bind(to)
            .bind(change.cart_url.as_deref())
            .bind(esito)
            .bind(change.returned_at.map(instant))
            .bind(change.problema.as_deref())
            .bind(instant(now))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Err(StoreError::Stale);
        }
        self.record(Lifecycle::Tentativo, &read.id, &step).await
    }
}
