//! The wire, from outside: what comes in, what goes out, and that the two agree with each other and with pagoPA's own XSD.
//!
//! Some stories need pagoPA's files, which are not part of this project: `PAGOPA_SPECS` (pagopa-api: paForNode.xsd, the OpenAPI, the
//! fault tables) and `PAGOPA_SAMPLES`. Without them those stories say that they were skipped.

// clippy knows the tests by #[test] alone; the samples beside them are tests too
#![allow(clippy::unwrap_used)]

mod agrees_with_the_xsd;
mod answers;
mod checkout;
mod famiglie;
mod fdr;
mod gpd;
mod hostile;
mod openapi;
mod options;
mod peer;
mod receipts;
mod recupero;
mod requests;
mod rest;
mod samples;
mod servizi;
mod strictness;
