//! For I3, beside the receipts: a notice asks for what it asked for when it was published, and the triggers that refuse to change or
//! delete what must stay are in their places.

use super::{PAGE, Rotture};
use crate::PortalError;
use store::Store;

/// What was counted.
pub(super) async fn prove(store: &Store, broken: &mut Rotture) -> Result<String, PortalError> {
    for posizione in store.avvisi_cambiati(PAGE).await? {
        broken.add(format_args!("position {posizione}: not the amounts and accounts it was published with"));
    }
    let (triggers, missing) = store.custodi().await?;
    for trigger in missing {
        broken.add(format_args!("trigger {trigger}: gone, off or changed"));
    }
    Ok(format!("{} published transfers, {triggers} triggers", store.avvisi_pubblicati().await?))
}
