//! Drawing a notice number: a counter per ente through a permutation under the installation's key.

use crate::{Portal, PortalError, ids::Key};
use domain::{Ente, NumeroAvviso};
use store::Tx;

impl Portal {
    /// The next notice number of the ente: never drawn before, not guessable from earlier ones.
    pub(crate) async fn draw_numero(&self, tx: &mut Tx, ente: &Ente) -> Result<NumeroAvviso, PortalError> {
        let counter = tx.next_iuv_counter(&ente.codice_fiscale).await?;
        compose(&self.inner.iuv_key, ente, counter)
            .ok_or_else(|| PortalError::Inconsistent(format!("IUV counter of {} is used up", ente.codice_fiscale)))
    }
}

fn compose(key: &Key, ente: &Ente, counter: u64) -> Option<NumeroAvviso> {
    let round = |round: u8, half: u64| {
        let mac = key.mac(&[ente.codice_fiscale.as_str().as_bytes(), &[round], &half.to_be_bytes()]);
        u64::from_be_bytes([mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], mac[6], mac[7]])
    };
    NumeroAvviso::compose(ente.stazione.segregazione, domain::iuv::permute(counter, round)?)
}
