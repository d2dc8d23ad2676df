//! The wire, from outside: what comes in, what goes out, and that the two agree with each other and with pagoPA's own XSD.
//!
//! Some stories need pagoPA's files, which are not part of this project: `PAGOPA_SPECS` (pagopa-api, for paForNode.xsd and the fault
//! table) and `PAGOPA_SAMPLES`. Without them those stories say that they were skipped.

// clippy knows the tests by #[test] alone; the samples beside them are tests too
#![allow(clippy::unwrap_used)]

mod agrees_with_the_xsd;
mod answers;
mod checkout;
mod hostile;
mod receipts;
mod requests;
mod samples;
mod strictness;
