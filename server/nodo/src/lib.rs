//! The wire of pagoPA: XML and JSON to domain and back, and the clients that speak to it.
//!
//! | operation | who calls | file |
//! |---|---|---|
//! | paVerifyPaymentNotice | the Nodo, us | `pa_for_node/verify_payment_notice.rs` |
//! | paGetPayment, paGetPaymentV2 | the Nodo, us | `pa_for_node/get_payment.rs` |
//! | paSendRT, paSendRTV2 | the Nodo, us | `pa_for_node/send_rt.rs` |
//! | paDemandPaymentNotice | the Nodo, us | `pa_for_node/demand_payment_notice.rs` |
//! | the other side of all of them | sandbox and tests | `pa_for_node/client.rs` |
//! | payment options of a notice | pagoPA, us | `payment_options.rs` |
//! | POST carts v1, v2 | we, Checkout | `checkout.rs` |
//! | positions v1, v3 and in files | we, GPD | `gpd.rs`, `gpd/massive.rs` |
//! | the mirror for stand-in | we, ACA | `aca.rs` |
//! | receipts of GPD; a receipt by its IUR | we, GPD; we, Biz Events | `receipts.rs`, `biz_events.rs` |
//! | flows and their pages | we, FdR | `fdr.rs` |
//! | what all of them answer, without the call | | `bodies.rs` |
//! | who somebody is, said by a provider of identity (OpenID Connect): the one peer that is not pagoPA's | we, the provider | `oidc.rs` |
//! | papers; accounts on record | we, pagoPA's printer; we, the back office | `print_notice.rs`, `back_office.rs` |
//!
//! All of "we" but Checkout go through `rest.rs`: one call, one outcome, one line for the Giornale degli eventi.
//!
//! **What it never does**: decide. It knows no HTTP status of ours, no page, no SQL, no clock (it is handed one), no position that may
//! or may not be paid; it reads what came, says exactly why it cannot, and writes what it is told. Faults carry no value of the
//! message, only the place and the rule: they can be logged.
//!
//! **Start reading** at [`pa_for_node`]; `xml.rs` is the reader everything from outside goes through, its limits on one page. For the
//! REST services: [`rest`], then [`biz_events`], the shortest of them.
//!
//! **To add a call of a REST service**: a method with a `Call` (operationId, path, budget) and a function that reads the body, and its
//! row against the OpenAPI in `tests/wire`.
//!
//! **To add an operation** of the station: one value of [`pa_for_node::Operation`] with its names and size, a file with `decode` and
//! `encode` in the order of the XSD, its two halves in `client`, and its rows in `tests/`.

pub mod aca;
pub mod back_office;
pub mod biz_events;
pub mod bodies;
pub mod checkout;
pub mod fdr;
pub mod gpd;
pub mod http;
pub mod oidc;
pub mod pa_for_node;
pub mod payment_options;
pub mod print_notice;
pub mod receipts;
pub mod rest;
mod rome;
mod xml;
mod zip;
