//! A position with its options and their transfers: three tables, read and written as one.

use crate::columns::{RowOf, instant, name};
use crate::db::{on_pool, on_tx};
use crate::transizioni::{Lifecycle, Step};
use crate::{Store, StoreError, Tx};
use domain::posizione::{EventoPosizione, TRANSIZIONI};
use domain::{
    Accredito, Atto, CodiceFiscaleEnte, Iban, Imputazione, NumeroAvviso, Opzione, Posizione, Rata, Soggetto, StatoPosizione,
    Versamento,
};
use jiff::Timestamp;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.ente, p.servizio, p.stato, p.causale, p.debitore_cf, p.debitore_nome, p.debitore_email,
                 p.versante_cf, p.versante_nome, p.versante_email, p.atto_tipo, p.atto_numero, p.atto_data FROM posizioni p ",
            $rest
        )
    };
}
pub(crate) const BY_ID: &str = select!("WHERE p.ente = $1 AND p.id = $2");
pub(crate) const BY_AVVISO: &str =
    select!("JOIN rate r ON r.ente = p.ente AND r.posizione_id = p.id WHERE r.ente = $1 AND r.numero_avviso = $2");
/// One answer for what is not there and for what nobody may see yet: the database does the same for both, and tells the same.
pub(crate) const PUBBLICATO: &str =
    "SELECT p.id, r.ordine FROM rate r JOIN posizioni p ON p.ente = r.ente AND p.id = r.posizione_id
    WHERE r.ente = $1 AND r.numero_avviso = $2 AND p.stato <> 'BOZZA'";
pub(crate) const LIST: &str = select!("WHERE p.ente = $1 ORDER BY p.created_at, p.id LIMIT $2");
pub(crate) const RATE: &str = "SELECT numero_avviso, rata_numero, rata_di, importo_cents, scadenza, non_oltre_scadenza, pagata
    FROM rate WHERE ente = $1 AND posizione_id = $2 ORDER BY ordine";
// CROSS: SQLite keeps the order. It would begin with `versamenti`, which come sorted, and read those of the whole ente
pub(crate) const VERSAMENTI: &str =
    "SELECT v.numero_avviso, v.beneficiario, v.nome_ente, v.importo_cents, v.iban, v.iban_postale,
        v.bollo_hash, v.bollo_provincia, v.tassonomia, v.causale, v.capitolo, v.accertamento, v.anno
    FROM rate r CROSS JOIN versamenti v
    WHERE r.ente = $1 AND r.posizione_id = $2 AND v.ente = r.ente AND v.numero_avviso = r.numero_avviso ORDER BY v.numero_avviso, v.indice";
pub(crate) const ADVANCE: &str = "UPDATE posizioni SET stato = $4, updated_at = $5 WHERE ente = $1 AND id = $2 AND stato = $3";
pub(crate) const MARK_PAGATA: &str =
    "UPDATE rate SET pagata = TRUE, pagata_at = COALESCE(pagata_at, $3) WHERE ente = $1 AND numero_avviso = $2";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    ente: String,
    servizio: Option<String>,
    stato: String,
    causale: String,
    debitore_cf: String,
    debitore_nome: String,
    debitore_email: Option<String>,
    versante_cf: Option<String>,
    versante_nome: Option<String>,
    versante_email: Option<String>,
    atto_tipo: Option<String>,
    atto_numero: Option<String>,
    atto_data: Option<String>,
}

#[derive(sqlx::FromRow)]
struct RataRow {
    numero_avviso: String,
    rata_numero: Option<i64>,
    rata_di: Option<i64>,
    importo_cents: i64,
    scadenza: Option<String>,
    non_oltre_scadenza: bool,
    pagata: bool,
}

#[derive(sqlx::FromRow)]
struct VersamentoRow {
    numero_avviso: String,
    beneficiario: String,
    nome_ente: String,
    importo_cents: i64,
    iban: Option<String>,
    iban_postale: Option<String>,
    bollo_hash: Option<String>,
    bollo_provincia: Option<String>,
    tassonomia: String,
    causale: String,
    capitolo: Option<String>,
    accertamento: Option<String>,
    anno: Option<i64>,
}

impl Row {
    fn into_domain(self, rate: Vec<Rata>) -> Result<Posizione, StoreError> {
        let row = RowOf { table: "posizioni", id: &self.id };
        let versante = match (self.versante_cf, self.versante_nome) {
            (Some(codice_fiscale), Some(nome)) => {
                let codice_fiscale = row.parse("versante_cf", codice_fiscale)?;
                Some(Soggetto { codice_fiscale, nome, email: self.versante_email })
            }
            (None, None) => None,
            _ => return Err(row.broken("versante: half a person")),
        };
        let atto = match (self.atto_tipo, self.atto_numero) {
            (Some(tipo), Some(numero)) => {
                let data =
                    self.atto_data.map(|text| text.parse().map_err(|_| row.broken("atto_data: not a date"))).transpose()?;
                Some(Atto { tipo: row.name("atto_tipo", &tipo)?, numero, data })
            }
            (None, None) => None,
            _ => return Err(row.broken("atto: half an act")),
        };
        if rate.is_empty() {
            return Err(row.broken("no way to pay it"));
        }
        Ok(Posizione {
            ente: row.parse("ente", self.ente)?,
            servizio: self.servizio,
            stato: row.name("stato", &self.stato)?,
            causale: self.causale,
            debitore: Soggetto {
                codice_fiscale: row.parse("debitore_cf", self.debitore_cf)?,
                nome: self.debitore_nome,
                email: self.debitore_email,
            },
            versante,
            atto,
            rate,
            id: self.id,
        })
    }
}

impl RataRow {
    fn into_domain(self, row: RowOf<'_>, versamenti: Vec<Versamento>) -> Result<Rata, StoreError> {
        let small = |n: i64| u8::try_from(n).map_err(|_| row.broken("rata: not a small number"));
        Ok(Rata {
            numero: row.parse("numero_avviso", self.numero_avviso)?,
            opzione: match (self.rata_numero, self.rata_di) {
                (None, None) => Opzione::Unica,
                (Some(numero), Some(di)) => Opzione::Rata { numero: small(numero)?, di: small(di)? },
                _ => return Err(row.broken("rata: half a number")),
            },
            importo: row.importo(self.importo_cents)?,
            scadenza: match self.scadenza {
                Some(text) => Some(text.parse().map_err(|_| row.broken("scadenza: not a date"))?),
                None => None,
            },
            non_oltre_scadenza: self.non_oltre_scadenza,
            pagata: self.pagata,
            versamenti,
        })
    }
}

impl VersamentoRow {
    fn into_domain(self, row: RowOf<'_>) -> Result<Versamento, StoreError> {
        let accredito = match (self.iban, self.iban_postale, self.bollo_hash, self.bollo_provincia) {
            (Some(iban), postale, None, None) => Accredito::Conto {
                iban: row.parse("iban", iban)?,
                postale: postale.map(|iban| row.parse("iban_postale", iban)).transpose()?,
            },
            (None, None, Some(hash_documento), Some(provincia)) => Accredito::Bollo { hash_documento, provincia },
            _ => return Err(row.broken("neither an account nor a stamp")),
        };
        Ok(Versamento {
            ente: row.parse("beneficiario", self.beneficiario)?,
            nome_ente: self.nome_ente,
            importo: row.importo(self.importo_cents)?,
            accredito,
            tassonomia: row.parse("tassonomia", self.tassonomia)?,
            causale: self.causale,
            imputazione: match (self.capitolo, self.accertamento, self.anno) {
                (None, None, None) => None,
                (capitolo, accertamento, anno) => {
                    let anno = anno.map(|anno| u16::try_from(anno).map_err(|_| row.broken("anno: not a year"))).transpose()?;
                    Some(Imputazione { capitolo, accertamento, anno })
                }
            },
        })
    }
}

impl Store {
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn posizione(&self, ente: &CodiceFiscaleEnte, id: &str) -> Result<Option<Posizione>, StoreError> {
        self.snapshot().await?.posizione(ente, id).await
    }

    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn posizione_by_avviso(
        &self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
    ) -> Result<Option<Posizione>, StoreError> {
        self.snapshot().await?.posizione_by_avviso(ente, numero).await
    }
}

impl Store {
    /// Id of the position, and which of its options a notice number names, unless it is a draft.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Database`.
    pub async fn avviso_pubblicato(
        &self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
    ) -> Result<Option<(String, i64)>, StoreError> {
        let row = on_pool!(self, reader, |db| sqlx::query_as(PUBBLICATO)
            .bind(ente.as_str())
            .bind(numero.as_str())
            .fetch_optional(db)
            .await)?;
        Ok(row)
    }

    /// Oldest first, `max` at the most.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn list_posizioni(&self, ente: &CodiceFiscaleEnte, max: u32) -> Result<Vec<Posizione>, StoreError> {
        let mut tx = self.snapshot().await?;
        let rows: Vec<Row> =
            on_tx!(&mut tx, |db| sqlx::query_as(LIST).bind(ente.as_str()).bind(i64::from(max)).fetch_all(db).await)?;
        let mut posizioni = Vec::with_capacity(rows.len());
        for row in rows {
            posizioni.extend(tx.with_rate(Some(row)).await?);
        }
        Ok(posizioni)
    }
}

impl Tx {
    /// In a write transaction it stays as it is read until the end of it, its options included: they change with it.
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn posizione(&mut self, ente: &CodiceFiscaleEnte, id: &str) -> Result<Option<Posizione>, StoreError> {
        let sql = self.holding(BY_ID);
        let row = on_tx!(self, |db| sqlx::query_as(sql).bind(ente.as_str()).bind(id).fetch_optional(db).await)?;
        self.with_rate(row).await
    }

    /// As [`Tx::posizione`].
    ///
    /// # Errors
    /// Those of every read: `Busy`, `Inconsistent`, `Database`.
    pub async fn posizione_by_avviso(
        &mut self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
    ) -> Result<Option<Posizione>, StoreError> {
        let sql = self.holding(BY_AVVISO);
        let row = on_tx!(self, |db| sqlx::query_as(sql).bind(ente.as_str()).bind(numero.as_str()).fetch_optional(db).await)?;
        self.with_rate(row).await
    }

    async fn with_rate(&mut self, row: Option<Row>) -> Result<Option<Posizione>, StoreError> {
        let Some(row) = row else { return Ok(None) };
        let (ente, id) = (row.ente.as_str(), row.id.as_str());
        let rate: Vec<RataRow> = on_tx!(self, |db| sqlx::query_as(RATE).bind(ente).bind(id).fetch_all(db).await)?;
        let mut versamenti: Vec<VersamentoRow> =
            on_tx!(self, |db| sqlx::query_as(VERSAMENTI).bind(ente).bind(id).fetch_all(db).await)?;
        let at = RowOf { table: "rate", id };
        let rate = rate
            .into_iter()
            .map(|rata| {
                let own = versamenti.extract_if(.., |v| v.numero_avviso == rata.numero_avviso);
                let own = own.map(|v| v.into_domain(RowOf { table: "versamenti", id })).collect::<Result<_, _>>()?;
                rata.into_domain(at, own)
            })
            .collect::<Result<_, _>>()?;
        row.into_domain(rate).map(Some)
    }

    /// Writes the position, its options and their transfers.
    ///
    /// # Errors
    /// `Inconsistent` when an option has [faults](Rata::faults) or there is none; `Database` when the id or a notice number is
    /// taken, the ente or the service unknown.
    pub async fn insert_posizione(&mut self, posizione: &Posizione, now: Timestamp) -> Result<(), StoreError> {
        let row = RowOf { table: "posizioni", id: &posizione.id };
        if posizione.rate.is_empty() {
            return Err(row.broken("no way to pay it"));
        }
        if let Some(fault) = posizione.rate.iter().flat_map(Rata::faults).next() {
            return Err(row.broken(format_args!("an option must have {fault}")));
        }
        let versante = posizione.versante.as_ref();
        let stato = name(&posizione.stato)?;
        let atto = posizione.atto.as_ref();
        let tipo = atto.map(|atto| name(&atto.tipo)).transpose()?;
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO posizioni (id, ente, servizio, stato, causale, debitore_cf, debitore_nome, debitore_email, versante_cf,
                 versante_nome, versante_email, created_at, updated_at, atto_tipo, atto_numero, atto_data)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15)"
        )
        .bind(posizione.id.as_str())
        .bind(posizione.ente.as_str())
        .bind(posizione.servizio.as_deref())
        .bind(stato)
        .bind(posizione.causale.as_str())
        .bind(posizione.debitore.codice_fiscale.as_str())
        .bind(posizione.debitore.nome.as_str())
        .bind(posizione.debitore.email.as_deref())
        .bind(versante.map(|v| v.codice_fiscale.as_str()))
        .bind(versante.map(|v| v.nome.as_str()))
        .bind(versante.and_then(|v| v.email.as_deref()))
        .bind(instant(now))
        .bind(tipo)
        .bind(atto.map(|atto| atto.numero.as_str()))
        .bind(atto.and_then(|atto| atto.data).map(|data| data.to_string()))
        .execute(db)
        .await
        .map(drop))?;
        for (ordine, rata) in (0_i64..).zip(&posizione.rate) {
            self.insert_rata(posizione, ordine, rata, now).await?;
        }
        self.insert_parole(posizione, now).await?;
        self.record_birth(Lifecycle::Posizione, &posizione.id, &posizione.stato, "inserita", now).await?;
        if posizione.stato != StatoPosizione::Bozza {
            self.publish(posizione, now).await?;
        }
        self.tell(&posizione.ente, &posizione.id, posizione.stato, now).await
    }

    async fn insert_rata(&mut self, of: &Posizione, ordine: i64, rata: &Rata, now: Timestamp) -> Result<(), StoreError> {
        let (numero, di) = match rata.opzione {
            Opzione::Unica => (None, None),
            Opzione::Rata { numero, di } => (Some(i64::from(numero)), Some(i64::from(di))),
        };
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO rate (ente, numero_avviso, posizione_id, ordine, rata_numero, rata_di, importo_cents, scadenza,
                 non_oltre_scadenza, pagata, pagata_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        )
        .bind(of.ente.as_str())
        .bind(rata.numero.as_str())
        .bind(of.id.as_str())
        .bind(ordine)
        .bind(numero)
        .bind(di)
        .bind(rata.importo.cents())
        .bind(rata.scadenza.map(|date| date.to_string()))
        .bind(rata.non_oltre_scadenza)
        .bind(rata.pagata)
        .bind(rata.pagata.then(|| instant(now)))
        .execute(db)
        .await
        .map(drop))?;
        for (indice, versamento) in (1_i64..).zip(&rata.versamenti) {
            self.insert_versamento(of, rata, indice, versamento).await?;
        }
        Ok(())
    }

    async fn insert_versamento(&mut self, of: &Posizione, rata: &Rata, indice: i64, v: &Versamento) -> Result<(), StoreError> {
        let (iban, postale, hash, provincia) = match &v.accredito {
            Accredito::Conto { iban, postale } => (Some(iban.as_str()), postale.as_ref().map(Iban::as_str), None, None),
            Accredito::Bollo { hash_documento, provincia } => {
                (None, None, Some(hash_documento.as_str()), Some(provincia.as_str()))
            }
        };
        on_tx!(self, |db| sqlx::query(
            "INSERT INTO versamenti (ente, numero_avviso, indice, beneficiario, nome_ente, importo_cents, iban, iban_postale,
                 bollo_hash, bollo_provincia, tassonomia, causale, capitolo, accertamento, anno)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        )
        .bind(of.ente.as_str())
        .bind(rata.numero.as_str())
        .bind(indice)
        .bind(v.ente.as_str())
        .bind(v.nome_ente.as_str())
        .bind(v.importo.cents())
        .bind(iban)
        .bind(postale)
        .bind(hash)
        .bind(provincia)
        .bind(v.tassonomia.as_str())
        .bind(v.causale.as_str())
        .bind(v.imputazione.as_ref().and_then(|i| i.capitolo.as_deref()))
        .bind(v.imputazione.as_ref().and_then(|i| i.accertamento.as_deref()))
        .bind(v.imputazione.as_ref().and_then(|i| i.anno).map(i64::from))
        .execute(db)
        .await
        .map(drop))?;
        Ok(())
    }

    /// Takes one step of [`TRANSIZIONI`] from the state that was read.
    ///
    /// # Errors
    /// `Stale` when the position is no longer in it; `Inconsistent` when the table has no such step.
    pub async fn advance_posizione(
        &mut self,
        read: &Posizione,
        evento: EventoPosizione,
        to: StatoPosizione,
        perche: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let step = Step { from: read.stato, evento, to, perche, now };
        step.check(Lifecycle::Posizione, &read.id, &TRANSIZIONI)?;
        let (from, to) = (name(&step.from)?, name(&step.to)?);
        let done = on_tx!(self, |db| sqlx::query(ADVANCE)
            .bind(read.ente.as_str())
            .bind(read.id.as_str())
            .bind(from)
            .bind(to)
            .bind(instant(now))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Err(StoreError::Stale);
        }
        self.record(Lifecycle::Posizione, &read.id, &step).await?;
        // published, cancelled or paid: whatever it becomes, it is no draft any more
        if step.from == StatoPosizione::Bozza {
            self.publish(read, now).await?;
        }
        self.tell(&read.ente, &read.id, step.to, now).await
    }

    /// A draft is nobody's business yet; of everything else whoever mirrors it must know.
    async fn tell(
        &mut self,
        ente: &CodiceFiscaleEnte,
        id: &str,
        stato: StatoPosizione,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if stato == StatoPosizione::Bozza { Ok(()) } else { self.want_posizione(ente, id, now).await }
    }

    /// Marking twice keeps the first instant: a second receipt for the same notice is a fact too.
    ///
    /// # Errors
    /// `Stale` when there is no such notice.
    pub async fn mark_rata_pagata(
        &mut self,
        ente: &CodiceFiscaleEnte,
        numero: &NumeroAvviso,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let done = on_tx!(self, |db| sqlx::query(MARK_PAGATA)
            .bind(ente.as_str())
            .bind(numero.as_str())
            .bind(instant(now))
            .execute(db)
            .await
            .map(|done| done.rows_affected()))?;
        if done == 0 { Err(StoreError::Stale) } else { Ok(()) }
    }
}
