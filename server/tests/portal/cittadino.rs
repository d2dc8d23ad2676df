//! What a citizen does and sees.

pub mod avviso;
mod carte;
mod checkout;
mod lingue;
mod pagine;
mod ritorno;
mod spontaneo;
