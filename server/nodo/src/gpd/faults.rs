//! What GPD would refuse, in its own words: better told before it is sent. The sandbox refuses with the same texts.
//!
//! Source: `DebtPositionValidation.java`, `PaymentPositionCRUDService.java` of pagopa-debt-position, and the facets of gpd.json.

use super::model::{Metadata, PaymentOptionModel, PaymentPositionModel, TransferModel};
use super::posizione::TEXT_MAX;
use crate::rest::json::instant;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Written by SEND's notification service only; whoever else writes it is answered 409.
pub(super) const NOTIFICATION_FEE: &str = "NOTIFICATION_FEE";
/// `maxItems` of the metadata of an option and of a transfer.
const METADATA_MAX: usize = 10;

/// The rules about dates are stricter for what is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Azione {
    Crea,
    Aggiorna,
}

/// Everything that is wrong with a position, at `now`. Empty when GPD would take it. Texts as GPD writes them, without the values.
pub fn faults(position: &PaymentPositionModel, now: Timestamp, azione: Azione) -> Vec<&'static str> {
    let mut faults = Vec::new();
    if position.iupd.is_empty() || position.fiscal_code.is_empty() || position.full_name.is_empty() {
        faults.push("iupd, fiscalCode and fullName must not be blank");
    }
    if !matches!(position.r#type.as_str(), "F" | "G") {
        faults.push("type: F or G");
    }
    if position.company_name.is_empty() || position.company_name.chars().count() > TEXT_MAX {
        faults.push("companyName: 1 to 140 characters");
    }
    let validity = match position.validity_date.as_deref().map(instant) {
        Some(None) => {
            faults.push("validityDate: not a date-time");
            None
        }
        Some(found) => found,
        None => None,
    };
    if azione == Azione::Crea && validity.is_some_and(|v| v <= now) {
        faults.push("Dates congruence error: validity_date must be >= current_date");
    }
    let mut iuvs = BTreeSet::new();
    for option in &position.payment_option {
        if !iuvs.insert(option.iuv.as_str()) {
            faults.push("one of its payment options is not unique");
        }
        // an option that is new, or that expires, cannot be due in the past; others may be, once they are payable
        let strict = azione == Azione::Crea || position.switch_to_expired;
        let earliest = if strict { Some(validity.unwrap_or(now).max(now)) } else { validity };
        option_dates(option, earliest, &mut faults);
        option_faults(option, &mut faults);
    }
    faults.sort_unstable();
    faults.dedup();
    faults
}

fn option_dates(option: &PaymentOptionModel, earliest: Option<Timestamp>, faults: &mut Vec<&'static str>) {
    let Some(due) = instant(&option.due_date) else {
        faults.push("dueDate: not a date-time");
        return;
    };
    if earliest.is_some_and(|earliest| due < earliest) {
        faults
            .push("Dates congruence error: due_date must be >= validity_date (if provided) or due_date must be >= current_date");
    }
    match option.retention_date.as_deref().map(instant) {
        Some(None) => faults.push("retentionDate: not a date-time"),
        Some(Some(retention)) if retention < due => {
            faults.push("Dates congruence error: retention_date must be >= due_date");
        }
        _ => {}
    }
}

fn option_faults(option: &PaymentOptionModel, faults: &mut Vec<&'static str>) {
    if option.iuv.is_empty() {
        faults.push("iuv must not be blank");
    }
    if option.description.is_empty() || option.description.chars().count() > TEXT_MAX {
        faults.push("description: 1 to 140 characters");
    }
    transfer_faults(option.amount, &option.transfer, faults);
    metadata_faults(&option.payment_option_metadata, faults);
    if option.payment_option_metadata.iter().any(|m| m.key == NOTIFICATION_FEE) {
        faults.push("The caller should not add or modify reserved payment option metadata");
    }
}

/// The rules about an amount and the transfers it is made of; the same in v3.
pub(super) fn transfer_faults(amount: i64, transfers: &[TransferModel], faults: &mut Vec<&'static str>) {
    if amount < 1 || transfers.iter().any(|t| t.amount < 1) {
        faults.push("amount: at least 1");
    }
    if transfers.len() > 5 {
        faults.push("Number of transfers congruence error: Each payment option must have a maximum of 5 transactions");
    }
    if transfers.iter().any(|t| !matches!(t.id_transfer.as_str(), "1" | "2" | "3" | "4" | "5")) {
        faults.push("Transfer ID congruence error: The transaction id not have a value between those expected");
    }
    let sum = transfers.iter().try_fold(0_i64, |sum, t| sum.checked_add(t.amount));
    if sum != Some(amount) {
        faults.push("Amounts congruence error: payment option amount must coincide with the total of the transfers amount");
    }
    for transfer in transfers {
        let has_iban = transfer.iban.as_ref().is_some_and(|i| !i.is_empty());
        let has_postal = transfer.postal_iban.as_ref().is_some_and(|i| !i.is_empty());
        if has_iban == transfer.stamp.is_some() || (transfer.stamp.is_some() && has_postal) {
            faults.push(
                "The Iban may be present (optionally combined with the Postal Iban) or the Stamp. Not all at the same time",
            );
        }
        if transfer.remittance_information.is_empty() || transfer.remittance_information.chars().count() > TEXT_MAX {
            faults.push("remittanceInformation: 1 to 140 characters");
        }
        if transfer.category.is_empty() {
            faults.push("category must not be blank");
        }
        metadata_faults(&transfer.transfer_metadata, faults);
    }
}

fn metadata_faults(metadata: &[Metadata], faults: &mut Vec<&'static str>) {
    let keys: BTreeSet<&str> = metadata.iter().map(|m| m.key.as_str()).collect();
    if keys.len() != metadata.len() {
        faults.push("Metadata keys must be unique");
    }
    if metadata.len() > METADATA_MAX || metadata.iter().any(|m| m.key.chars().count().max(m.value.chars().count()) > TEXT_MAX) {
        faults.push("metadata: at most 10 pairs of at most 140 characters");
    }
}
