//! What a citizen does and sees.

mod accesso;
pub mod avviso;
mod bollo;
mod carrello;
mod carte;
mod checkout;
mod conferme;
mod embed;
mod ente;
mod foto;
mod guasti;
mod lettere;
pub mod limiti;
mod lingue;
mod mie;
mod modulo;
mod pagine;
mod promemoria;
mod rate;
mod ricevute;
mod ripresa;
mod ritorno;
mod spontaneo;
