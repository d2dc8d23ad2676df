//! What a citizen does and sees.

pub mod avviso;
mod bollo;
mod carrello;
mod carte;
mod checkout;
mod conferme;
mod lingue;
mod pagine;
mod rate;
mod ripresa;
mod ritorno;
mod spontaneo;
