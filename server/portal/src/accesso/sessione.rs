//! Who is in, and for how long. The browser holds 256 random bits, the database their digest; a session is a new one at each login.

use crate::{Portal, PortalError, ids};
use domain::{CodiceFiscale, CodiceFiscaleEnte};
use jiff::{SignedDuration, Timestamp};
use nodo::oidc::Identita;
use std::fmt;
use store::Sessione;

/// Without a request for so long, nobody sits there any more (ASVS 7.3: decided by the risk; a shared computer is the usual one).
pub(crate) const INATTIVA: SignedDuration = SignedDuration::from_mins(30);
/// Nobody stays longer at it than a day at the office.
pub(crate) const ASSOLUTA: SignedDuration = SignedDuration::from_hours(8);
/// That somebody was seen is written so often: reading pages does not wait for the turn to write.
const VISTA_OGNI: SignedDuration = SignedDuration::from_mins(5);

/// Who came in. `Debug` names nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Persona {
    pub nome: String,
    /// Whose notices may be seen; `None`: those of all enti.
    pub ente: Option<CodiceFiscaleEnte>,
    pub(crate) codice_fiscale: CodiceFiscale,
    id_sha256: String,
}

impl fmt::Debug for Persona {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Persona").field("ente", &self.ente).finish_non_exhaustive()
    }
}

impl Persona {
    /// The codice fiscale, so that one recognises one's own and nobody reads it over a shoulder.
    pub fn codice_mascherato(&self) -> String {
        let code = self.codice_fiscale.as_str();
        // 16 letters and digits, all of one byte
        format!("{}··········{}", &code[..3], &code[code.len() - 3..])
    }
}

impl Portal {
    /// Ends the session that the browser had, and begins one: what it is to keep.
    pub(super) async fn open_sessione(
        &self,
        identita: Identita,
        ente: Option<CodiceFiscaleEnte>,
        prima: Option<&str>,
        now: Timestamp,
    ) -> Result<String, PortalError> {
        let kept = ids::hex(&ids::random::<32>()?);
        let mut tx = self.inner.store.begin().await?;
        if let Some(prima) = prima.filter(|prima| is_one(prima)) {
            tx.end_sessione(&ids::sha256_hex(prima.as_bytes())).await?;
        }
        tx.insert_sessione(&Sessione {
            id_sha256: ids::sha256_hex(kept.as_bytes()),
            ente,
            codice_fiscale: identita.codice_fiscale,
            nome: identita.nome,
            livello: identita.livello,
            iniziata: now,
            vista: now,
            scade: now.saturating_add(ASSOLUTA).unwrap_or(Timestamp::MAX),
        })
        .await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Who is in with what a browser keeps.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn persona(&self, kept: &str) -> Result<Option<Persona>, PortalError> {
        if !is_one(kept) {
            return Ok(None);
        }
        let now = self.inner.clock.now();
        let (id, idle) = (ids::sha256_hex(kept.as_bytes()), now.saturating_sub(INATTIVA).unwrap_or(Timestamp::MIN));
        let Some(sessione) = self.inner.store.sessione(&id, now, idle).await? else { return Ok(None) };
        if now.duration_since(sessione.vista) >= VISTA_OGNI
            && let Err(error) = self.see(&id, now).await
        {
            // whoever reads need not wait for who writes; at worst the half hour is counted from before
            tracing::warn!(%error, "that somebody was seen could not be written");
        }
        let Sessione { ente, codice_fiscale, nome, .. } = sessione;
        Ok(Some(Persona { nome, ente, codice_fiscale, id_sha256: id }))
    }

    async fn see(&self, id: &str, now: Timestamp) -> Result<(), PortalError> {
        let mut tx = self.inner.store.begin().await?;
        tx.touch_sessione(id, now).await?;
        Ok(tx.commit().await?)
    }

    /// Out, on every server at once.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn esci(&self, persona: &Persona) -> Result<(), PortalError> {
        let mut tx = self.inner.store.begin().await?;
        tx.end_sessione(&persona.id_sha256).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether it can be one of ours: anything else is not looked up.
fn is_one(kept: &str) -> bool {
    kept.len() == 64 && kept.bytes().all(|b| b.is_ascii_hexdigit())
}
