//! What must hold for any bytes that come from outside: one function for each border, from bytes to nothing, that panics when a
//! property is broken. "It does not crash" is the least of them.
//!
//! **What it never does**: look for the bytes itself. On the stable compiler `tests/corpora.rs` replays the committed corpora, in every
//! `make test`; `run/` hands the same functions to libFuzzer (nightly, a workspace of its own), which `make soak` runs for
//! `SPORTELLO_FUZZ_SECONDS` each.
//!
//! | file | border |
//! |---|---|
//! | `soap.rs` | what the Nodo sends, and how it reads our answers |
//! | `rest.rs` | what pagoPA's services answer |
//! | `codes.rs` | amounts, codes and texts that people type |
//! | `moduli.rs` | forms of services, and what is sent to them |
//! | `says.rs` | the one property all share: no error tells what was in the input |
//! | `forms.rs` | forms, sealed addresses |
//! | `pages.rs` | any request to the public listener, through the real router and pages |
//! | `operator.rs` | the configuration, the address of the database |
//!
//! The feature `server` (on by default) brings the last three; while one works on `nodo`, `--no-default-features` is quicker to build.
//!
//! **Start reading** at [`TARGETS`]. **To add a target**: a function, its row there, a file of three lines in `run/fuzz_targets` with its
//! `[[bin]]` in `run/Cargo.toml`, and a few seeds in `corpora/<name>/`, each below 4 KiB and of our own making: pagoPA's files are not
//! ours to copy. What a fuzzer finds becomes a test beside the code that was wrong, and a file in the corpus.

#![allow(clippy::unwrap_used, reason = "a property that does not hold panics: that is how it is told")]

pub mod codes;
#[cfg(feature = "server")]
pub mod forms;
pub mod moduli;
#[cfg(feature = "server")]
pub mod operator;
#[cfg(feature = "server")]
pub mod pages;
pub mod rest;
pub mod says;
pub mod soap;

/// A border, its name and what must hold there.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("soap_envelope", soap::envelope),
    ("station_question", soap::question),
    ("station_answer", soap::answer),
    ("rt_v2", soap::receipt),
    ("receipt_document", soap::document),
    ("fdr_json", rest::fdr),
    ("gpd_json", rest::gpd),
    ("gpd_massive", rest::massive),
    ("biz_events", rest::biz_events),
    ("checkout_answer", rest::checkout),
    ("payment_options", rest::payment_options),
    ("money", codes::money),
    ("codes", codes::codes),
    ("texts", codes::texts),
    ("modulo_json", moduli::modulo),
    ("espressione", moduli::espressione),
    #[cfg(feature = "server")]
    ("form", forms::form),
    #[cfg(feature = "server")]
    ("sealed", forms::sealed),
    #[cfg(feature = "server")]
    ("pages", pages::pages),
    #[cfg(feature = "server")]
    ("config", operator::config),
    #[cfg(feature = "server")]
    ("database_address", operator::database_address),
];
