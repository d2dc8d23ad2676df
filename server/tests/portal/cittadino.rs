//! What a citizen does and sees.

mod accesso;
pub mod avviso;
mod carte;
mod checkout;
mod foto;
pub mod limiti;
mod lingue;
mod mie;
mod pagine;
mod ritorno;
mod spontaneo;
