//! What a citizen does and sees.

pub mod avviso;
mod carte;
mod checkout;
mod embed;
mod foto;
pub mod limiti;
mod ente;
mod guasti;
mod lingue;
mod pagine;
mod ritorno;
mod spontaneo;
