//! Letters (e-mail): which event has one, what it says, and how it goes out.
//!
//! A letter is a row of `lettere`, written in the transaction of its event and only once for each; the job `INVIA_LETTERA` hands it to
//! the server of the mail. The words are not ours: `app` has them, in five languages, and gives them by a [`Scrivano`].
//!
//! The paper of a receipt is not in its letter: a letter travels and stays in clear, in an inbox that may not be the one that was meant.
//! What is in it is what the page would show to anybody who looks over a shoulder, and a link that ends.

use crate::sealed::Kind;
use crate::{Portal, PortalError, ids};
use domain::lettera::EventoLettera;
use domain::{Email, Ente, EsitoDichiarato, Importo, Lingua, Ricevuta, TipoLettera};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use posta::Posta;
use store::{Lettera, NewLettera, Promemoria, Tentativo, Tx};
use url::Url;

/// How long the link in a letter leads to its receipt: three months, in which whoever files papers files this one. Then the receipt is
/// found by notice and codice fiscale.
pub(crate) const RICEVUTA_TTL: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A letter that could not be handed over for so long is no news any more; RFC 5321 §4.5.4.1 has servers give up after four or five
/// days.
pub(crate) const LETTERA_MAX: SignedDuration = SignedDuration::from_hours(3 * 24);
/// How long a letter is kept, for whoever asks whether it went out; its address is personal data.
pub(crate) const LETTERE_TTL: SignedDuration = SignedDuration::from_hours(30 * 24);
/// After its day the link of a reminder still shows the notice for so long: many pay late.
const AVVISO_DOPO: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Who writes letters, and for whom.
#[derive(Clone, Debug)]
pub struct Ufficio {
    pub posta: Posta,
    /// Whose name is the ente's.
    pub da: Email,
    pub scrivano: Scrivano,
}

/// Puts what a letter says into words.
pub type Scrivano = fn(Lingua, &Contenuto) -> Scritta;

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scritta {
    pub oggetto: String,
    pub testo: String,
    pub html: String,
}

/// What a letter says.
#[derive(Clone, Debug)]
pub struct Contenuto {
    pub ente: Ente,
    /// Nothing was really charged: the letter says so first.
    pub di_prova: bool,
    /// Where the portal of the ente is.
    pub portale: Url,
    pub corpo: Corpo,
}

#[derive(Clone, Debug)]
pub enum Corpo {
    /// A payment arrived.
    Ricevuta {
        importo: Importo,
        causale: String,
        servizio: Option<String>,
        pagata_il: Option<DateTime>,
        psp: String,
        /// Enough of the IUV to know one's own.
        iuv: String,
        link: Url,
        /// The link ends.
        fino_a: DateTime,
    },
    /// Is this address yours? Whoever typed it may be anybody: nothing of the notice is told but when it is due.
    Conferma {
        scadenza: Date,
        giorno: Date,
        link: Url,
    },
    Promemoria {
        importo: Importo,
        causale: String,
        scadenza: Date,
        link: Url,
        disdetta: Url,
    },
}

impl Corpo {
    /// Where a program says for its owner that they want no more of these (RFC 8058).
    pub(crate) fn one_click(&self) -> Option<String> {
        match self {
            Self::Promemoria { disdetta, .. } => Some(format!("{disdetta}/disdici")),
            Self::Ricevuta { .. } | Self::Conferma { .. } => None,
        }
    }
}

impl Portal {
    /// Whether letters can be written at all.
    pub fn ha_posta(&self) -> bool {
        self.porte().ufficio.is_some()
    }

    /// A receipt arrived: who paid by us is told, if they left an address. In the transaction of the receipt.
    pub(crate) async fn announce(
        &self,
        tx: &mut Tx,
        ricevuta: (&str, &Ricevuta),
        chiusi: &[Tentativo],
        now: Timestamp,
    ) -> Result<(), PortalError> {
        if !self.ha_posta() {
            return Ok(());
        }
        let (id, ricevuta) = ricevuta;
        // as the outcome's page has it: without a mark, only who came back and was told by Checkout that it went well
        let ours = |trip: &&Tentativo| match ricevuta.nota.as_deref() {
            Some(nota) => nota == trip.id_cart(),
            None => trip.esito_dichiarato == Some(EsitoDichiarato::Ok),
        };
        let Some(trip) = chiusi.iter().find(ours) else { return Ok(()) };
        // the one that stood beside "Paga": neither what the ente has on record of a debtor, nor what was typed on a form and taken out
        // again before paying
        let Some(email) = &trip.email else { return Ok(()) };
        let new = NewLettera {
            id: ids::new_id()?,
            ente: &trip.ente,
            tipo: TipoLettera::Ricevuta,
            soggetto: id,
            email,
            lingua: trip.lingua.unwrap_or_default(),
            created_at: now,
        };
        tx.insert_lettera(&new).await?;
        // the letter has it now, and is deleted in its time
        Ok(tx.forget_email(&trip.id).await?)
    }

    /// What a letter says, as things stand now. `None`: nobody needs it any more.
    pub(crate) async fn contenuto(&self, lettera: &Lettera) -> Result<Option<Contenuto>, PortalError> {
        let store = self.store();
        let Some(ente) = store.ente_by_codice_fiscale(lettera.ente.as_str()).await? else { return Ok(None) };
        let corpo = match lettera.tipo {
            TipoLettera::Ricevuta => self.about_receipt(&ente, lettera).await?,
            TipoLettera::Conferma => match store.promemoria(&lettera.soggetto).await? {
                // confirmed already: another letter would ask again what was answered
                Some(p) if p.confermato_at.is_none() && p.giorno >= self.clock().today() => {
                    let until = p.created_at + crate::promemoria::CONFERMA_TTL;
                    let token = self.seal_expiring(Kind::Promemoria, &p.id, 0, until)?;
                    let link = self.page(&ente, lettera.lingua, &format!("promemoria/{token}"))?;
                    Some(Corpo::Conferma { scadenza: p.scadenza, giorno: p.giorno, link })
                }
                _ => None,
            },
            TipoLettera::Promemoria => match store.promemoria(&lettera.soggetto).await? {
                Some(promemoria) => self.about_due_date(&ente, &promemoria).await?,
                None => None,
            },
        };
        let (portale, di_prova) = (self.page(&ente, lettera.lingua, "")?, self.settings().ambiente_di_prova);
        Ok(corpo.map(|corpo| Contenuto { ente, di_prova, portale, corpo }))
    }

    async fn about_receipt(&self, ente: &Ente, lettera: &Lettera) -> Result<Option<Corpo>, PortalError> {
        let Some(row) = self.store().ricevuta(&lettera.soggetto).await? else { return Ok(None) };
        let until = lettera.created_at + RICEVUTA_TTL;
        let token = self.seal_ricevuta(&row.id, crate::ricevute::DA_LETTERA, until)?;
        let servizio = self.servizio_of_ricevuta(ente, &row.ricevuta).await?;
        Ok(Some(Corpo::Ricevuta {
            importo: row.ricevuta.importo,
            causale: row.ricevuta.descrizione.clone(),
            servizio,
            pagata_il: row.ricevuta.pagata_il,
            psp: row.ricevuta.psp.nome.clone(),
            iuv: crate::ricevute::coda(&row.ricevuta.iuv),
            link: self.page(ente, lettera.lingua, &format!("ricevuta/{token}"))?,
            fino_a: self.clock().civil(until),
        }))
    }

    /// Nothing, when it was paid meanwhile, cannot be paid any more, or is due on another day.
    async fn about_due_date(&self, ente: &Ente, promemoria: &Promemoria) -> Result<Option<Corpo>, PortalError> {
        let Some(posizione) = self.store().posizione(&ente.codice_fiscale, &promemoria.posizione_id).await? else {
            return Ok(None);
        };
        if !crate::promemoria::still_due(&posizione, promemoria, self.clock().today()) {
            return Ok(None);
        }
        let index = posizione.rate.iter().position(|rata| rata.numero == promemoria.numero).unwrap_or_default();
        let importo = posizione.rate.get(index).map(|rata| rata.importo).unwrap_or_default();
        let until = self.clock().now() + SignedDuration::from_hours(24 * i64::from(promemoria.giorni)) + AVVISO_DOPO;
        let avviso = self.seal_expiring(Kind::Avviso, &posizione.id, index, until)?;
        let disdetta = self.seal_expiring(Kind::Promemoria, &promemoria.id, 0, until)?;
        let lingua = promemoria.lingua;
        Ok(Some(Corpo::Promemoria {
            importo,
            causale: posizione.causale,
            scadenza: promemoria.scadenza,
            link: self.page(ente, lingua, &format!("avviso/v/{avviso}"))?,
            disdetta: self.page(ente, lingua, &format!("promemoria/{disdetta}"))?,
        }))
    }

    /// An address of a page of an ente, whole.
    pub(crate) fn page(&self, ente: &Ente, lingua: Lingua, rest: &str) -> Result<Url, PortalError> {
        let path = if rest.is_empty() { format!("/{}", ente.slug) } else { format!("/{}/{rest}", ente.slug) };
        let joined = self.settings().public_url.join(&lingua.path(&path));
        joined.map_err(|error| PortalError::Inconsistent(format!("public_url: {error}")))
    }

    /// One step of a letter, by itself.
    pub(crate) async fn note_lettera(
        &self,
        tx: &mut Tx,
        lettera: &Lettera,
        evento: EventoLettera,
        perche: Option<&str>,
    ) -> Result<(), PortalError> {
        Ok(tx.advance_lettera(&lettera.id, lettera.stato, evento, perche, self.clock().now()).await?)
    }
}
