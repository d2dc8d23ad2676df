//! What every request of a listener passes through.

pub mod allowed;
pub mod client;
pub mod documenti;
pub mod guasti;
pub mod headers;
pub mod lingua;
pub mod persona;
pub mod posti;
pub mod reference;
pub mod same_origin;
