//! Texts in the language of the page. In the code they stand in Italian, where they are shown: `t("Paga ora")`. What others say is in
//! `lingue/*.po`, one file per language, with the Italian text for a key; any gettext editor opens them. A test tells which are
//! missing, and which nobody uses any more.
//!
//! | file | question |
//! |---|---|
//! | `lingue.rs` | which language is this page in, and what is a text called there? |
//! | `frasi.rs` | what is wrong with a field? The one set of texts that a browser needs too; the page carries it |
//! | `numeri.rs` `date.rs` | how are amounts and dates written? |
//! | `stati.rs` | names of states |
//!
//! **To add a language**: a value of `domain::Lingua` with its plural rule, a file in `lingue/`, its name in `build.rs`, its way of
//! writing numbers and dates.

pub mod frasi;
pub mod numeri;

/// The element of the page that holds texts for whoever runs in it.
#[cfg(browser)]
fn carried(id: &str) -> Option<web_sys::Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

#[cfg(feature = "ssr")]
pub mod date;
#[cfg(feature = "ssr")]
pub mod lingue;
#[cfg(feature = "ssr")]
pub mod stati;
