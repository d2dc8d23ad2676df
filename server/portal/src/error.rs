//! What nobody on the page can mend.

use store::StoreError;

/// Something failed behind the page. The edge turns it into words and a reference; the cause goes to the log once.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    #[error("a paper could not be made: {0}")]
    Document(#[from] documents::DocumentError),
    /// Something that we wrote ourselves is not as we write it.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
}

impl PortalError {
    /// True when trying again in a moment may do.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(e) if e.is_temporary())
    }
}

impl From<getrandom::Error> for PortalError {
    fn from(error: getrandom::Error) -> Self {
        Self::Random(error)
    }
}
