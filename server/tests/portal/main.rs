//! Stories on a whole Sportello: the real routers on sockets, real SQLite, a pagoPA that moves no money.
//!
//! Every test starts a demo of its own (`harness`): own folder, own ports, a clock that moves when told. They run in any order and
//! all at once. **To add a story**: a function whose name is its sentence, in the file of whoever acts: a citizen
//! (`cittadino/`), the Nodo (`nodo/`), somebody who means harm (`hostile/`), the operator (`comandi.rs`, `configurazione.rs`, `avvii.rs`,
//! `danni.rs`, `fermi.rs`, `operazioni.rs`, `logs.rs`, `metriche.rs`, `flussi.rs`), who knocks at the station (`porta/`), what is told to
//! pagoPA (`porte.rs`), what breaks (`guasti/`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod avvii;
mod backup;
mod cittadino;
mod comandi;
mod configurazione;
mod danni;
mod fermi;
mod flussi;
mod guasti;
mod harness;
mod hostile;
mod logs;
mod metriche;
mod nodo;
mod operazioni;
mod piu_server;
mod porta;
mod porte;
#[path = "../../store/tests/contract/postgres_place.rs"]
#[allow(dead_code, reason = "the stories of the store use all of it")]
mod postgres_place;
mod promessa;
