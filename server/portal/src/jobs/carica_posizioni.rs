//! CARICA_POSIZIONI: where many positions are new to GPD, they are told in files.

use super::{Esito, Progress};
use crate::recupero::Interrotto;
use crate::{Portal, PortalError};

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    match portal.upload_posizioni().await? {
        Ok(settled) => {
            progress.advance(settled);
            Ok(Esito::Fatto)
        }
        // one by one works all the same, and the next file comes in ten minutes
        Err(Interrotto { why, .. }) => {
            tracing::warn!(why, "positions could not be told in a file: one by one");
            Ok(Esito::Fatto)
        }
    }
}
