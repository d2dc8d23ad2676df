//! What a citizen does and sees.

pub mod avviso;
mod carte;
mod checkout;
mod foto;
mod lettere;
pub mod limiti;
mod lingue;
mod pagine;
mod promemoria;
mod ricevute;
mod ritorno;
mod spontaneo;
