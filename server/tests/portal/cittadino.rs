//! What a citizen does and sees.

pub mod avviso;
mod carte;
mod checkout;
mod embed;
mod ente;
mod foto;
mod guasti;
mod lettere;
pub mod limiti;
mod lingue;
mod pagine;
mod promemoria;
mod ricevute;
mod ritorno;
mod spontaneo;
