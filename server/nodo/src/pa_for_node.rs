//! paForNode: what the Nodo asks a station, and what the station answers.
//!
//! Source: paForNode.xsd of pagopa-api, branch SANP3.12.0 (target namespace [`NAMESPACE`], children unqualified), SANP 3.12.0.

mod answer;
pub mod client;
mod dati_servizio;
mod demand_payment_notice;
mod envelope;
mod error;
mod facets;
mod fault;
mod get_payment;
mod metadata;
mod operation;
mod request;
mod send_rt;
mod subject;
mod time;
mod verify_payment_notice;

pub use answer::encode_receipt_ok;
pub use dati_servizio::{DATI_MAX, DatiServizio};
pub use demand_payment_notice::{DemandAnswer, DemandRequest, encode_demand};
pub use error::DecodeError;
pub use fault::{Fault, Paa, encode_fault};
pub use get_payment::{GetPaymentRequest, PaymentAnswer, StampNeedsV2, TransferType, encode_payment};
pub use operation::{BODY_MAX, Operation};
pub use request::{Instradamento, Request, decode, decode_receipt, operation};
pub use send_rt::SendRtRequest;
pub use verify_payment_notice::{VerifyAnswer, VerifyRequest, encode_verify};

/// Of the root element only: `elementFormDefault` is unqualified, its children have no namespace.
pub const NAMESPACE: &str = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd";
