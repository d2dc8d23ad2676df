//! Reasons, states and dates in words; one file per language. Prose that belongs to one page stays in that page.

pub mod it;

#[cfg(feature = "ssr")]
pub mod date;
