//! How an ente looks: set by the operator at the machine, whole each time, and told in the audit; shown by every page and paper.

use crate::operatore::COMANDO;
use crate::registro::audit;
use crate::{Portal, PortalError, ids};
use documents::Logo;
use domain::aspetto::{Collegamento, ImprontaLogo};
use domain::{Aspetto, Ente};
use jiff::Timestamp;
use serde_json::json;
use store::Store;

/// What becomes of the emblem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CambioLogo {
    Resta,
    /// A file in PNG, as it was given.
    Nuovo(Vec<u8>),
    Nessuno,
}

/// The ente looks like this from now on. `aspetto.logo` is taken from `logo`, whatever stands there.
///
/// # Errors
/// [`PortalError`] of the store; of the paper, when the emblem cannot be printed.
pub async fn set(
    store: &Store,
    now: Timestamp,
    ente: &Ente,
    aspetto: Aspetto,
    accessibilita: Option<&Collegamento>,
    logo: CambioLogo,
) -> Result<Ente, PortalError> {
    let fresh = match &logo {
        CambioLogo::Nuovo(bytes) => Some(Logo::clean_png(bytes)?),
        CambioLogo::Resta | CambioLogo::Nessuno => None,
    };
    let mut tx = store.begin().await?;
    let impronta = match (&fresh, &logo) {
        (Some(png), _) => {
            let impronta = ImprontaLogo::parse(&ids::sha256_hex(png))
                .map_err(|reason| PortalError::Inconsistent(format!("the digest of an emblem: {reason:?}")))?;
            tx.put_logo(&ente.codice_fiscale, &impronta, png, now).await?;
            Some(impronta)
        }
        (None, CambioLogo::Resta) => ente.aspetto.logo.clone(),
        (None, _) => {
            tx.forget_logo(&ente.codice_fiscale).await?;
            None
        }
    };
    let mut after = Ente { aspetto: Aspetto { logo: impronta, ..aspetto }, ..ente.clone() };
    after.contatti.accessibilita = accessibilita.map(|address| address.as_str().to_owned());
    tx.set_aspetto(&after).await?;
    let told = json!({ "aspetto": after.aspetto, "accessibilita": after.contatti.accessibilita });
    audit(&mut tx, now, COMANDO, "ente.aspetto", ente.codice_fiscale.as_str(), &told).await?;
    tx.commit().await?;
    Ok(after)
}

impl Portal {
    /// The emblem of an address; `None` for one that the ente does not have, or no more.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn logo(&self, ente: &Ente, impronta: &str) -> Result<Option<Vec<u8>>, PortalError> {
        match &ente.aspetto.logo {
            Some(own) if own.as_str() == impronta => Ok(self.inner.store.logo(&ente.codice_fiscale, own).await?),
            _ => Ok(None),
        }
    }
}
