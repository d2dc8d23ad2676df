//! Bytes out: notice and receipt as PDF, the QR of a notice as SVG, the due dates as a calendar. Fonts are embedded, nothing is fetched.
//!
//! **What it never does**: read a clock (dates are arguments: the same input gives the same bytes), look anything up, know the
//! store or the Nodo, decide whether a payment is good. It refuses papers that would be false: a receipt of a payment that did not
//! happen, a notice of what is paid already or cannot be paid by paper.
//!
//! **Start reading** at [`ricevuta::render`] or [`avviso::render`]: what stands on the paper, from top to bottom. Below them:
//!
//! | file | question |
//! |---|---|
//! | `ricevuta.rs`, `ricevuta/look.rs` | what does the receipt say, and how does it look? |
//! | `avviso.rs`, `avviso/fogli.rs` | what may a notice ask for, and on how many sheets? |
//! | `avviso/sezioni.rs`, `avviso/codici.rs` | what stands in its upper half, and what is scanned in its lower one? |
//! | `avviso/foglio.rs`, `avviso/look.rs` | how does a text get into its place, and how does it look? |
//! | `avviso/testi.rs` | which words, in which languages? |
//! | `datamatrix.rs` | which 256 characters does Poste read? |
//! | `scadenze.rs` | when is what due, for a calendar? |
//! | `pdf/layout.rs` | where does it stand on the page, and when does a new page begin? |
//! | `pdf/text.rs` | how wide is a text, where does it break, which characters can be drawn? |
//! | `pdf/fonts.rs` | which fonts, from which bytes? |
//! | `pdf/write.rs` | how does krilla write it, tagged, as PDF/A-2a and PDF/UA-1? |
//! | `qr.rs`, `modules.rs` | which modules are dark, and how are they drawn? |
//! | `logo.rs` | can this emblem be printed? |
//! | `foto.rs` | what is written in the QR of a photographed notice? The one thing that is read |
//!
//! **To add a document**: one file beside `ricevuta.rs` with a borrowed `…Doc` struct and a `render` that fills a
//! `Layout`; an example of it in `examples/`, to be looked at; the tests of `tests/ricevuta.rs` show
//! what to ask of it. **To add a language to the notice**: a table in `avviso/testi.rs`; the tests there say what is missing.
//! **To change a font**: `fonts/`, its licence beside it; the test of `pdf/fonts.rs` lists the letters it must have.

mod error;
mod logo;
mod modules;
mod pdf;

pub mod avviso;
pub mod datamatrix;
pub mod foto;
pub mod qr;
pub mod ricevuta;
pub mod scadenze;

pub use avviso::AvvisoDoc;
pub use error::DocumentError;
pub use logo::Logo;
pub use modules::Modules;
pub use ricevuta::RicevutaDoc;
pub use scadenze::ScadenzeDoc;
