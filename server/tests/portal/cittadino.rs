//! What a citizen does and sees.

pub mod avviso;
mod checkout;
mod lingue;
mod pagine;
mod ritorno;
mod spontaneo;
