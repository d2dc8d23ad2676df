//! The counter behind the IUVs of an ente. The portal turns it into digits nobody can guess (`domain::iuv::permute`).

use crate::db::on_tx;
use crate::{StoreError, Tx};
use domain::CodiceFiscaleEnte;

pub(crate) const NEXT: &str = "INSERT INTO iuv_contatori (ente, prossimo) VALUES ($1, 1)
    ON CONFLICT (ente) DO UPDATE SET prossimo = iuv_contatori.prossimo + 1
    RETURNING prossimo - 1";

impl Tx {
    /// 0, 1, 2… for each ente. A transaction that is rolled back gives its numbers back: committed ones have no gaps.
    ///
    /// # Errors
    /// `Database` when the ente is unknown.
    pub async fn next_iuv_counter(&mut self, ente: &CodiceFiscaleEnte) -> Result<u64, StoreError> {
        let counter: i64 = on_tx!(self, |db| sqlx::query_scalar(NEXT).bind(ente.as_str()).fetch_one(db).await)?;
        u64::try_from(counter).map_err(|_| StoreError::Inconsistent {
            table: "iuv_contatori",
            id: ente.to_string(),
            what: "prossimo: negative".to_owned(),
        })
    }
}
