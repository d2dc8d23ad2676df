//! What the Nodo knows of the enti, and what it says of an answer it refuses.

use crate::xml::Broken;
use domain::CodiceFiscaleEnte;
use std::collections::{BTreeMap, BTreeSet};

/// What the Nodo has on record. The default knows nothing and lets every ente and account pass.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Enti that exist; `None`: any.
    pub enti: Option<BTreeSet<CodiceFiscaleEnte>>,
    /// Accounts registered for an ente; an ente that is not in the map may use any.
    pub ibans: BTreeMap<CodiceFiscaleEnte, BTreeSet<String>>,
}

/// Why the Nodo refuses an answer: to the PSP it is PPT_STAZIONE_INT_PA_ERRORE_RESPONSE, whatever the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// Not well-formed, another root, no Body, a DOCTYPE, over a limit.
    #[error("not a paForNode response: {0}")]
    NotSoap(&'static str),
    /// Not as the XSD says.
    #[error("not as the XSD: {0}")]
    Xsd(String),
    /// As the XSD says, and refused all the same.
    #[error("refused by the Nodo: {0}")]
    Rule(String),
}

impl From<Broken> for ResponseError {
    fn from(Broken(reason): Broken) -> Self {
        Self::Xsd(reason)
    }
}
