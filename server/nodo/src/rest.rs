//! One way to call pagoPA's REST services: GPD, ACA, receipts, Biz Events, FdR, print, back office.
//!
//! Every call has a budget of time and of bytes, ends in one of four ways ([`Outcome`]) and leaves an [`Exchange`] for the Giornale
//! degli eventi. It is made **once**: whether and when to ask again is the caller's decision, with [`backoff`] for the pauses (SANP
//! 3.12.0, "Indicatori di qualità": `slot*(2^k-1)`, at most five times). A [`Breaker`] for each peer keeps us from knocking at a door
//! that does not open.
//!
//! **What it never does**: follow a redirect, put the key anywhere but in its header, keep a body, read an amount through a float.
//!
//! | file | question |
//! |---|---|
//! | `peer.rs` | where is the peer, what is the key, how long may a call take |
//! | `client.rs` | how is one call made |
//! | `outcome.rs` | what does an answer mean for whoever asked |
//! | `breaker.rs`, `backoff.rs` | may I ask now, and when again |
//! | `exchange.rs` | what is noted of a call |
//! | `json.rs` | how are amounts, instants and lenient integers read |

mod backoff;
mod breaker;
mod client;
mod exchange;
pub mod json;
mod outcome;
mod peer;

pub use backoff::{ATTEMPTS_MAX, backoff};
pub use breaker::{Breaker, Verdict};
pub use client::{Client, Clock};
pub use exchange::{Esito, Exchange, masked};
pub use outcome::{Answer, Outcome, Problem, Why};
pub use peer::{Budget, Peer, PeerError, SubscriptionKey};

pub(crate) use client::{Body, Call, Method};
pub(crate) use exchange::hex;
