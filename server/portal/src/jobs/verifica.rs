//! VERIFICA: every invariant, every night. Trying again mends nothing that is broken: the job dies and names what it found.

use super::{Esito, Progress};
use crate::{Portal, PortalError, verifica};

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    let prove = verifica::verify(portal.store(), portal.clock().now()).await?;
    progress.advance(prove.len() as u64);
    let broken: Vec<_> = prove.iter().filter(|prova| !prova.vale()).collect();
    for prova in &broken {
        tracing::error!(invariant = prova.codice, "{prova}");
    }
    if broken.is_empty() {
        return Ok(Esito::Fatto);
    }
    Ok(Esito::Morto(broken.iter().map(|prova| prova.codice).collect::<Vec<_>>().join(" ")))
}
