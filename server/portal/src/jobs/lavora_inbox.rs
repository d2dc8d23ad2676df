//! LAVORA_INBOX: what came in and was not judged, because of a crash or a database that was away, is judged now.

use super::{Esito, Progress};
use crate::{Portal, PortalError};
use jiff::{SignedDuration, Timestamp};

/// Younger messages are in the hands of whoever took them in: the Nodo waits 15 s at most for that.
const LEFT_AFTER: SignedDuration = SignedDuration::from_mins(1);

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    let before = portal.clock().now().checked_sub(LEFT_AFTER).unwrap_or(Timestamp::MIN);
    let settled = portal.resume_inbox_before(before).await?;
    progress.advance(settled as u64);
    Ok(Esito::Fatto)
}
