//! What people see: pages rendered on the server, and the few islands that a browser brings to life.
//!
//! **What it never does**: decide (that is `portal` and `domain`), write, speak to pagoPA. Pages read the [`portal::Portal`] they
//! find in context; forms are ordinary POSTs, taken by `server`, which renders the same page again when a field is wrong. There
//! are no server functions.
//!
//! | where | what |
//! |---|---|
//! | `routes` | the whole site on one page. **Start reading here** |
//! | `links` | one function per address; nothing else spells one |
//! | `shell` | the HTML document around every page, and [`shell::render`], the server's door |
//! | `context` | what the server lays beside a request |
//! | `cookies` | what a browser keeps for us |
//! | `markup` | HTML by the standard, where leptos writes something else |
//! | `error` | a page that cannot be shown: 404, 410, 5xx |
//! | `pages` | one file per address |
//! | `components` | pieces of HTML, on the server only |
//! | `lettere` | what letters say; `portal` sends them |
//! | [`islands`] | what a phone downloads for the pages that have some |
//! | `vivo` | what a phone downloads instead for the form of a service: a module by itself, without leptos |
//! | [`texts`] | what is said, in the language of the page |
//!
//! **To add a page**: a function in `links`, a line in `routes`, a file in `pages` that calls `pages::page`, and
//! a state in `end2end/support/states.ts`: the walk over all pages names the ones it does not reach. **To add an island**:
//! a file in [`islands`] whose server HTML is complete without it, props that the citizen may see, and `<Islands/>` at the end of
//! the page. A page without islands ships no script at all.

// the type of a page is as deep as its HTML
#![recursion_limit = "256"]

#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub mod islands;
pub mod texts;
#[cfg(all(browser, feature = "modulo", not(feature = "hydrate")))]
pub mod vivo;

#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod cookies;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod lettere;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
mod markup;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;

#[cfg(feature = "ssr")]
pub use shell::{render, shell};

/// Brings the islands of the page to life.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
