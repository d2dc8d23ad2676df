//! Coming in, for who wants it: a question to a provider of identity, its answer, a session. Nobody needs it to pay.
//!
//! | file | question |
//! |---|---|
//! | `accesso/fornitori.rs` | who says who somebody is: the portal's provider, or an ente's own? |
//! | `accesso/biglietto.rs` | is this the answer to a question that this very browser asked? |
//! | `accesso/sessione.rs` | who is it, and for how long? |
//!
//! The provider that an ente chose speaks for that ente alone: whoever comes in by it sees that ente's notices and no others, whatever
//! name it gives. Only the provider of the portal itself opens those of all.

mod biglietto;
mod fornitori;
mod sessione;

pub use biglietto::ACCESSO_TTL;
pub(crate) use fornitori::DiEnte;
pub use fornitori::{Con, Fornitore, Fornitori, write_fornitore};
pub use sessione::Persona;

use crate::{Portal, PortalError, ids};
use biglietto::Biglietto;
use domain::{CodiceFiscaleEnte, Ente, Lingua};
use nodo::oidc::{CODE_MAX, Difetto, OidcError};
use url::Url;

/// Where the provider sends the citizen back: an address that it knows beforehand, one for all enti and languages.
pub const RITORNO: &str = "/accesso/ritorno";

/// Where to after coming in: one of ours, never an address that came along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Meta {
    #[default]
    Avvisi = 0,
    Pagamenti = 1,
}

/// Where "Entra" leads.
#[derive(Clone, Debug)]
pub enum Avvio {
    /// To the provider. `biglietto`: for the browser to keep until it is back.
    Vai {
        url: Url,
        biglietto: String,
    },
    /// There is no provider here.
    Nessuno,
    Irraggiungibile,
}

/// What the provider's answer says in the address.
#[derive(Clone, Default)]
pub struct Risposta {
    pub state: String,
    pub code: String,
    pub error: String,
    pub iss: Option<String>,
}

impl std::fmt::Debug for Risposta {
    /// A code is worth an identity.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Risposta(…)")
    }
}

/// How coming in ended.
#[derive(Clone, Debug)]
pub struct Arrivo {
    pub esito: Result<Dentro, Rifiuto>,
    /// Of the page it began on, where that is known.
    pub lingua: Option<Lingua>,
    /// Whose own provider it was.
    pub ente: Option<CodiceFiscaleEnte>,
}

/// Somebody came in.
#[derive(Clone)]
pub struct Dentro {
    /// For the browser to keep: 256 random bits.
    pub sessione: String,
    pub meta: Meta,
}

impl std::fmt::Debug for Dentro {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dentro").field("meta", &self.meta).finish_non_exhaustive()
    }
}

/// Why nobody came in, as a page must tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rifiuto {
    /// No question of this browser, or one that is over or was answered before.
    Scaduto,
    /// The citizen, or the provider, said no.
    Annullato,
    /// What the provider said cannot be believed.
    NonRiuscito,
    /// With SPID or CIE of too low a level.
    Livello,
    /// It is known who it is, but not under which codice fiscale.
    SenzaCodiceFiscale,
    Irraggiungibile,
}

impl Portal {
    /// A question to the provider of an ente, or to the portal's. Nothing is written: whoever asks without end costs no row.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn begin_accesso(
        &self,
        ente: Option<&Ente>,
        con: Option<Con>,
        meta: Meta,
        lingua: Lingua,
    ) -> Result<Avvio, PortalError> {
        self.read_fornitori(true).await?;
        let Some((fornitore, di)) = self.fornitore(ente.map(|ente| &ente.codice_fiscale)) else { return Ok(Avvio::Nessuno) };
        let biglietto = Biglietto::new(di, meta, lingua, self.inner.clock.now())?;
        let (sealed, domanda) = biglietto.seal(&self.inner.accesso_key);
        match fornitore.provider.authorize(&domanda, fornitore.parametro(con), lingua.code()).await {
            Ok(url) => Ok(Avvio::Vai { url, biglietto: sealed }),
            Err(error) => {
                tracing::error!(%error, "nobody can come in: no question can be asked");
                Ok(Avvio::Irraggiungibile)
            }
        }
    }

    /// The answer is back. `biglietto`: what the browser kept; `prima`: the session it may have had, which ends.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn finish_accesso(
        &self,
        biglietto: Option<&str>,
        risposta: &Risposta,
        prima: Option<&str>,
    ) -> Result<Arrivo, PortalError> {
        let now = self.inner.clock.now();
        let Some((biglietto, domanda)) = biglietto.and_then(|kept| Biglietto::open(&self.inner.accesso_key, kept)) else {
            return Ok(Arrivo { esito: Err(Rifiuto::Scaduto), lingua: None, ente: None });
        };
        let arrivo = |esito| Arrivo { esito, lingua: Some(biglietto.lingua), ente: biglietto.ente.clone() };
        // a link that somebody else made brings his state, not that of this browser (login CSRF)
        if !ids::same(&domanda.state, &risposta.state) || biglietto.is_over(now) {
            return Ok(arrivo(Err(Rifiuto::Scaduto)));
        }
        // only the one it began with: an ente whose provider went meanwhile does not fall back on the portal's
        let provider = match self.fornitore(biglietto.ente.as_ref()) {
            Some((fornitore, di)) if di == biglietto.ente => fornitore.provider,
            _ => return Ok(arrivo(Err(Rifiuto::NonRiuscito))),
        };
        let entered = async {
            provider.check_sender(risposta.iss.as_deref()).await?;
            if !risposta.error.is_empty() {
                return Ok(Err(if risposta.error == "access_denied" { Rifiuto::Annullato } else { Rifiuto::NonRiuscito }));
            }
            if risposta.code.is_empty() || risposta.code.len() > CODE_MAX {
                return Ok(Err(Rifiuto::NonRiuscito));
            }
            // before the provider is asked: of two that come at once, on two servers, one goes on
            let mut tx = self.inner.store.begin().await?;
            let first = tx.use_accesso(&ids::sha256_hex(domanda.state.as_bytes()), biglietto.scade()).await?;
            tx.commit().await?;
            if !first {
                return Ok(Err(Rifiuto::Scaduto));
            }
            let identita = provider.redeem(&risposta.code, &domanda).await?;
            Ok::<_, Inciampo>(Ok(self.open_sessione(identita, biglietto.ente.clone(), prima, now).await?))
        };
        match entered.await {
            Ok(Ok(sessione)) => Ok(arrivo(Ok(Dentro { sessione, meta: biglietto.meta }))),
            Ok(Err(rifiuto)) => Ok(arrivo(Err(rifiuto))),
            Err(Inciampo::Portal(error)) => Err(error),
            Err(Inciampo::Oidc(error)) => {
                tracing::warn!(%error, issuer = ?provider, "somebody could not come in");
                Ok(arrivo(Err(rifiuto(&error))))
            }
        }
    }

    /// Where a browser says goodbye to a provider too; `None` where there is no such thing.
    pub async fn uscita(&self, ente: Option<&Ente>) -> Option<Url> {
        let (fornitore, _) = self.fornitore(ente.map(|ente| &ente.codice_fiscale))?;
        let back = self.inner.settings.public_url.join("/accesso").ok()?;
        fornitore.provider.end_session(&back).await
    }
}

/// Two kinds of trouble on one way.
enum Inciampo {
    Portal(PortalError),
    Oidc(OidcError),
}

impl<E: Into<PortalError>> From<E> for Inciampo {
    fn from(error: E) -> Self {
        Self::Portal(error.into())
    }
}

impl From<OidcError> for Inciampo {
    fn from(error: OidcError) -> Self {
        Self::Oidc(error)
    }
}

fn rifiuto(error: &OidcError) -> Rifiuto {
    match error {
        OidcError::Unreachable(_) => Rifiuto::Irraggiungibile,
        OidcError::Difetto(Difetto::Level) => Rifiuto::Livello,
        OidcError::Difetto(Difetto::CodiceFiscale) => Rifiuto::SenzaCodiceFiscale,
        // the code is used up or over: from the beginning it may do
        OidcError::Refused(_) => Rifiuto::Scaduto,
        OidcError::Metadata(_) | OidcError::Jws(_) | OidcError::Difetto(_) => Rifiuto::NonRiuscito,
    }
}
