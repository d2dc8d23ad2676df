//! A return address that does not lead to its outcome: the server redirects the others before any page is made.

use super::{load_ente, page};
use crate::context::SegnoRitorno;
use crate::error::{Gone, PageError};
use crate::links;
use crate::texts::lingue::t;
use leptos::prelude::*;

#[component]
pub fn PaginaRitorno() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        Err(gone(links::cerca_avviso(&ente.slug)))
    })
}

/// Of a cart, which has no ente of its own.
#[component]
pub fn PaginaRitornoCarrello() -> impl IntoView {
    page(async { Err(gone(links::home())) })
}

fn gone(cerca: String) -> PageError {
    match SegnoRitorno::of_request() {
        None => PageError::NotFound,
        Some(SegnoRitorno::GiaUsato) => PageError::Gone(Gone {
            titolo: t("Questo indirizzo è già stato usato"),
            testo: t(
                "L’indirizzo di ritorno dal pagamento vale una volta sola e solo nel browser da cui hai pagato, per proteggere i \
                        tuoi dati.",
            ),
            href: cerca,
            azione: t("Cerca l’avviso"),
        }),
    }
}
