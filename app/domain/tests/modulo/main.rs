//! The form language, from the outside: forms in, what they say out.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod campi;
mod difetti;
mod espressioni;
mod limiti;
mod moduli;
mod properties;
mod prova;
