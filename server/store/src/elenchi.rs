//! The lists of the reserved area: positions and receipts of one ente, newest first, a page at a time. By keyset: the hundredth page costs
//! what the first does, and what arrives meanwhile shifts nothing.
//!
//! Each way of asking is a text of its own, so that each has an index and [`crate::plans`] can say so: a condition that may be
//! missing (`$2 IS NULL OR …`) would be planned for the worst of its meanings.

pub(crate) mod parole;
pub(crate) mod posizioni;
pub(crate) mod quadro;
pub(crate) mod ricevute;

pub use posizioni::{CercaPosizioni, RigaPosizione};
pub use quadro::{Aperte, Incasso};
pub use ricevute::{CercaRicevute, RigaRicevuta};

use crate::mie::Posto;

/// Before the newest: greater than every instant, in the order of bytes.
const ULTIMO: &str = "99999";

fn from(dopo: Option<&Posto>) -> (&str, &str) {
    dopo.map_or((ULTIMO, ""), |posto| (posto.quando.as_str(), posto.id.as_str()))
}
