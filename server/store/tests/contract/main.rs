//! What the store promises, told on every database there is. One file per question; `faults.rs` has what only one of them can suffer.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod bozze;
mod copia;
mod elenchi;
mod enti;
mod facts;
mod faults;
mod jobs;
mod jobs_told;
mod mie;
mod opening;
mod origini;
mod place;
mod porte;
mod posizioni;
mod postgres_place;
mod pubblicati;
mod races;
mod registro;
mod ricevute;
mod samples;
mod sessioni;
mod silence;
mod steps;
mod tentativi;
