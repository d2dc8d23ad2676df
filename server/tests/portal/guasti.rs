//! What breaks around us: a process that is killed, a disk that is full, a database that is held, a Checkout that answers
//! nonsense.
//!
//! The stories run the binary itself, in a process of its own, and look at its folder from outside. What was answered must be
//! there; what was not answered may be there, and comes again. `make soak` runs the same stories for longer.

mod book;
mod check;
mod checkout;
mod cluster;
mod copies;
mod disk;
mod flood;
mod folla;
mod held;
mod kill9;
mod load;
mod postgres;
mod power;
pub mod process;
mod proxy;
mod punti;
mod rng;
mod stop;
mod zombie;

pub use check::{Stored, posizioni};
pub use load::Load;
pub use process::Place;
pub use rng::Rng;

use std::io::Write as _;

/// A number from the environment, such as the seed of a run that failed.
fn from_env(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} wants a number: {text}")))
}

/// A line that is read also when the story ends well: the test harness keeps what `println!` says.
fn say(line: &str) {
    // a closed stderr is no reason to fail
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
