//! FdR (flussi di rendicontazione): which payments a PSP credited with one transfer of money.
//!
//! Source: fdr_organization.json 1.2.4 of pagopa-api, SANP 3.12.0, "Specifiche attuative dei codici identificativi" 3.2.1. The server
//! remembers nothing of what was fetched: the caller keeps the largest `published` it has seen, asks with some overlap, and lets a
//! higher revision take the place of a lower one. At most one call a second ([`CALLS_PER_SECOND`]): the pauses are the caller's too.
//!
//! | file | question |
//! |---|---|
//! | `client.rs` | the calls |
//! | `elenco.rs` | which flows are there |
//! | `testata.rs` | what does a flow say of itself |
//! | `riga.rs` | what does it say of a payment, and which rows cannot be read |
//! | `raccolta.rs` | are all pages there, and do they add up to what the flow says of itself |

mod client;
mod elenco;
mod raccolta;
mod riga;
mod testata;

pub(crate) use elenco::read as read_list;
pub(crate) use riga::read as read_rows;
pub(crate) use testata::read as read_header;

pub use client::{CALLS_PER_SECOND, FdrClient};
pub use elenco::{Elenco, FlussoInElenco, IdFlusso};
pub use raccolta::{Flusso, Mancanza, Raccolta};
pub use riga::{EsitoRiga, PaginaRighe, Riga, RigaIlleggibile};
pub use testata::Testata;
