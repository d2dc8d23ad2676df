//! How GPD says no: status, title and detail of `AppError` (faults/gpd_app_errors.csv).

use crate::problem::Problem;
use axum::http::StatusCode;

/// The rows this sandbox can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Errore {
    RequestData(String),
    UniqueViolation,
    NotFound,
    OptionNotFound,
    NotUpdatable,
    NotPublishable,
    NotInvalidable,
    PaymentFound,
    PublishDueDate,
    PublishValidityDate,
    ReservedMetadata,
    AlreadyPaid,
    NotPayable,
    NotRecoverable,
    MultiInstallments,
}

impl Errore {
    pub(crate) fn problem(self, ente: &str, name: &str) -> Problem {
        let (status, title, detail) = match self {
            Self::RequestData(detail) => (400, "Error in the debt position request data", detail),
            Self::UniqueViolation => (
                409,
                "The debt position violated constraints of uniqueness",
                format!("Already exists a debt position for the Organization Fiscal Code {ente} or one of its payment options is not unique"),
            ),
            Self::NotFound => (
                404,
                "Not found the debt position",
                format!("Not found a debt position for Organization Fiscal Code {ente} and IUPD {name}"),
            ),
            Self::OptionNotFound => (
                404,
                "Not found the payment option",
                format!("Not found a payment option for Organization Fiscal Code {ente} and NAV {name}"),
            ),
            Self::NotUpdatable => (409, "Existing related payment found or not in updatable state", carried_out(ente, name, "updatable")),
            Self::NotPublishable => {
                (409, "Existing related payment found or not in publishable state", carried_out(ente, name, "publishable"))
            }
            Self::NotInvalidable => {
                (409, "Existing related payment found or not in invalidable state", carried_out(ente, name, "invalidable"))
            }
            Self::PaymentFound => (
                409,
                "Existing related payment found",
                format!(
                    "A payment transaction has already been carried out on the debt position with Organization Fiscal Code {ente} and IUPD {name}"
                ),
            ),
            Self::PublishDueDate => (
                409,
                "Publish request occurred after the due date of a payment options has expired",
                format!(
                    "A publish request occurred after the due date of a payment options has expired for the debt position with Organization Fiscal Code {ente} and IUPD {name}"
                ),
            ),
            Self::PublishValidityDate => (
                409,
                "Publish request occurred after the validity date began",
                format!(
                    "A publish request has been made after the validity date began for the debt position with Organization Fiscal Code {ente} and IUPD {name}"
                ),
            ),
            Self::ReservedMetadata => (
                409,
                "The payment option contains reserved metadata",
                "The caller should not add or modify reserved payment option metadata. Reserved metadata list = {NOTIFICATION_FEE}."
                    .to_owned(),
            ),
            Self::AlreadyPaid => (
                409,
                "Existing related payment found",
                format!("A payment transaction has already been carried out for the Organization Fiscal Code {ente} and NAV {name}"),
            ),
            Self::NotPayable => (
                422,
                "Not in payable state",
                format!("The payment option with Organization Fiscal Code {ente} and NAV {name} is not in payable state"),
            ),
            Self::NotRecoverable => (
                400,
                "The debt positions cannot be recovered",
                "Debt positions cannot be recovered. Verify that due_date_to >= due_date_from and that the interval between the two dates \
                 not exceed the maximum number of days allowed"
                    .to_owned(),
            ),
            Self::MultiInstallments => (
                422,
                "MULTI_INSTALLMENT_NOT_SUPPORTED_IN_V1",
                format!(
                    "Multi-installment positions are not supported by this version of the API (v1). Organization Fiscal Code {ente}, IUPD {name}."
                ),
            ),
        };
        Problem { status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), title, detail }
    }
}

fn carried_out(ente: &str, iupd: &str, state: &str) -> String {
    format!(
        "A payment transaction has already been carried out or, the debt position with Organization Fiscal Code {ente} and IUPD {iupd}, \
         is not in {state} state"
    )
}
