//! What a citizen does and sees.

pub mod avviso;
mod carte;
mod checkout;
mod foto;
pub mod limiti;
mod lingue;
mod modulo;
mod pagine;
mod ritorno;
mod spontaneo;
