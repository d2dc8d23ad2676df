//! The other side: what the Nodo sends to a station, and how strictly it judges the answers. For the sandbox and for tests.

mod check;
mod requests;
mod responses;
mod rules;

pub use check::{Check, ResponseError};
pub use requests::{
    encode_demand_request, encode_get_payment_request, encode_receipt_document, encode_send_rt, encode_verify_request,
};
pub use responses::{FaultBean, PaymentData, PaymentTransfer, Response, StampRequest, decode_response};
