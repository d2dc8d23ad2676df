//! SCARICA_FLUSSI: the flows that PSPs published since the last time.

use super::{Esito, Progress};
use crate::recupero::Interrotto;
use crate::{Portal, PortalError};

/// Enti whose flows were asked for, by how that ended. Of this process; when it last went well for all, the table of jobs knows.
const POLLS: &str = "sportello_flow_polls_total";

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    let mut interrotto = None;
    for ente in portal.enti().await? {
        let cf = &ente.codice_fiscale;
        // an ente whose flows cannot be had does not keep the others waiting
        match portal.fetch_flussi(cf).await {
            Ok(Ok(fetched)) => {
                metrics::counter!(POLLS, "esito" => "riuscita").increment(1);
                progress.advance(fetched);
            }
            Ok(Err(why)) => {
                failed(cf.as_str(), &why.why);
                interrotto = Some(why);
            }
            Err(error) => {
                failed(cf.as_str(), &error.to_string());
                return Err(error);
            }
        }
    }
    Ok(match interrotto {
        None => Esito::Fatto,
        Some(Interrotto { after, why }) => Esito::PiuTardi { after, why },
    })
}

fn failed(ente: &str, why: &str) {
    metrics::counter!(POLLS, "esito" => "fallita").increment(1);
    tracing::warn!(ente.cf = ente, why, "the flows of an ente could not be fetched: later");
}
