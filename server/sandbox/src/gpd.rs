//! A GPD: keeps positions of enti, lets through only the steps pagoPA's own lets through, and can have them paid. ACA is the same
//! under another address.
//!
//! Source: gpd.json, gpd_v3.json, gpd-4-aca.json; the behaviour (statuses, texts, order of the checks) is that of pagopa-debt-position
//! (`PaymentPositionCRUDService`, `PaymentPositionActionsService`, `PublishPaymentUtil`, `ExpirationHandler`).
//!
//! | file | question |
//! |---|---|
//! | `posizione.rs` | what is a position and which steps may it take |
//! | `archivio.rs` | which positions are there |
//! | `errore.rs` | how does GPD say no |
//! | `wire.rs` | how do they look in v1 and v3 |
//! | `calls.rs` | what can be called |
//! | `carico.rs` | how is a file of them worked off |
//! | `paga.rs` | how are they paid |

mod archivio;
mod calls;
mod carico;
mod errore;
mod paga;
mod posizione;
mod wire;

pub(crate) use archivio::{Archivio, Prodotto};
pub(crate) use calls::{router, stato};
pub(crate) use carico::{Carico, work_off};
pub(crate) use errore::Errore;
pub(crate) use paga::{paga_aca, paga_gpd};
