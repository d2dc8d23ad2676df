//! GPD (Gestione Posizioni Debitorie): pagoPA keeps the positions of an ente and answers the Nodo for it. The second way to be on
//! pagoPA: nothing of the ente has to be reachable.
//!
//! Source: gpd.json 1.1.35 (v1) and gpd_v3.json of pagopa-api, SANP 3.12.0, and pagoPA's own service (pagopa-debt-position:
//! `DebtPositionStatus`, `DebtPositionValidation`, `PublishPaymentUtil`). [`crate::aca`] is the same service for stand-in.
//!
//! | file | question |
//! |---|---|
//! | `stato.rs` | where does a position stand over there, what does that mean here, what may still be done to it |
//! | `model.rs` | how is a position spelt (v1); how are its parts that v3 shares |
//! | `posizione.rs` | what does a [`domain::Posizione`] look like over there |
//! | `faults.rs` | what would GPD refuse, in its own words |
//! | `lettura.rs` | what is read back |
//! | `v3.rs` | the third version: each option with a debtor and an expiry of its own |
//! | `client.rs` | the calls |
//! | `massive.rs` | thousands of positions in a file |

mod client;
mod faults;
mod lettura;
pub mod massive;
mod model;
mod posizione;
mod stato;
pub mod v3;

pub(crate) use lettura::{read_page, read_position};

pub use client::{Elenco, Gpd, GpdV3};
pub use faults::{Azione, faults};
pub use lettura::{Pagina, PosizioneLetta, RataLetta};
pub use model::{
    Metadata, PageInfo, PaymentOptionModel, PaymentOptionResponse, PaymentPositionModel, PaymentPositionResponse,
    PaymentPositionsInfo, Stamp, TransferModel, TransferResponse,
};
pub(crate) use posizione::model_of;
pub use posizione::{Indicibile, iupd, model};
pub use stato::{Chiusura, StatoGpd, StatoOpzione};
