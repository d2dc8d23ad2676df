//! What a citizen does and sees.

mod avviso;
mod checkout;
mod pagine;
mod ritorno;
mod spontaneo;
