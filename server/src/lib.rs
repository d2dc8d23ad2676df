//! What keeps the promise: listeners, routes, layers. It decodes, calls a use case of `portal`, encodes.
//!
//! **What it never does**: decide. If a handler needs an `if` about money or states, the use case lacks a result.
//!
//! **Start reading** at [`router`]: the whole HTTP surface on one page, grouped by who calls it. **To add a page**: a route in
//! `app::routes`; **an action** (POST): a handler in [`citizen`] and a line in [`router`].

pub mod accesso;
pub mod archivio;
pub mod assets;
pub mod backup;
pub mod carrello;
pub mod citizen;
pub mod cli;
pub mod config;
pub mod config_accesso;
pub mod config_pagopa;
pub mod config_posta;
pub mod cornice;
pub mod demo;
pub mod downloads;
pub mod embed;
pub mod ente;
mod ente_accesso;
pub mod form;
pub mod health;
pub mod layers;
pub mod leggi_codice;
pub mod listener;
pub mod live;
pub mod manutenzione;
pub mod metriche;
pub mod operatore;
pub mod opzioni;
pub mod render;
pub mod ricerca;
pub mod router;
pub mod security_txt;
pub mod serve;
pub mod soap;
pub mod telemetry;
pub mod tls;
