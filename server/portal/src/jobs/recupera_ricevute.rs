//! RECUPERA_RICEVUTE: receipts that a flow names and that never came are asked for, as often as pagoPA allows.

use super::{Esito, Progress};
use crate::{Portal, PortalError};

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    progress.advance(portal.recover_ricevute().await?);
    Ok(Esito::Fatto)
}
