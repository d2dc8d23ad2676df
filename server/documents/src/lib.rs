//! Bytes out: the receipt as a PDF, the QR of a notice as SVG. Fonts are embedded, nothing is fetched.
//!
//! **What it never does**: read a clock (dates are arguments: the same input gives the same bytes), look anything up, know the
//! store or the Nodo, decide whether a payment is good. It refuses one thing: a paper that states a payment which the receipt
//! says did not happen.
//!
//! **Start reading** at [`ricevuta::render`]: what stands on the paper, from top to bottom. Below it:
//!
//! | file | question |
//! |---|---|
//! | `ricevuta.rs`, `ricevuta/look.rs` | what does the receipt say, and how does it look? |
//! | `pdf/layout.rs` | where does it stand on the page, and when does a new page begin? |
//! | `pdf/text.rs` | how wide is a text, where does it break, which characters can be drawn? |
//! | `pdf/fonts.rs` | which fonts, from which bytes? |
//! | `pdf/write.rs` | how does krilla write it, tagged, as PDF/A-2a and PDF/UA-1? |
//! | `qr.rs` | which modules are dark, and how are they drawn in SVG? |
//!
//! **To add a document**: one file beside `ricevuta.rs` with a borrowed `…Doc` struct and a `render` that fills a
//! `Layout`; an example of it in `examples/`, to be looked at; the tests of `tests/ricevuta.rs` show
//! what to ask of it. **To change a font**: `fonts/`, its licence beside it; the test of `pdf/fonts.rs` lists the letters it must have.

mod error;
mod pdf;

pub mod qr;
pub mod ricevuta;

pub use error::DocumentError;
pub use ricevuta::RicevutaDoc;
