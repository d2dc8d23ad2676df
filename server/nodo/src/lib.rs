//! The wire of pagoPA: XML and JSON to domain and back, and the clients that speak to it.
//!
//! | operation | who calls | file |
//! |---|---|---|
//! | paVerifyPaymentNotice | the Nodo, us | `pa_for_node/verify_payment_notice.rs` |
//! | paGetPayment, paGetPaymentV2 | the Nodo, us | `pa_for_node/get_payment.rs` |
//! | paSendRT, paSendRTV2 | the Nodo, us | `pa_for_node/send_rt.rs` |
//! | the other side of all of them | sandbox and tests | `pa_for_node/client.rs` |
//! | POST carts v1, v2 | we, Checkout | `checkout.rs` |
//!
//! **What it never does**: decide. It knows no HTTP status of ours, no page, no SQL, no clock, no position that may or may not be
//! paid; it reads what came, says exactly why it cannot, and writes what it is told. Faults carry no value of the message, only the
//! place and the rule: they can be logged.
//!
//! **Start reading** at [`pa_for_node`]; `xml.rs` is the reader everything from outside goes through, its limits on one page.
//!
//! **To add an operation** (paDemandPaymentNotice is the next): one value of [`pa_for_node::Operation`] with its names and size, a
//! file with `decode` and `encode` in the order of the XSD, its two halves in `client`, and its rows in `tests/`.

pub mod checkout;
pub mod http;
pub mod pa_for_node;
mod xml;
