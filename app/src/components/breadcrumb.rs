use crate::texts::lingue::t;
use leptos::prelude::*;

/// A step of the way from the home to here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub href: String,
    pub nome: String,
}

impl Crumb {
    pub fn new(href: impl Into<String>, nome: impl Into<String>) -> Self {
        Self { href: href.into(), nome: nome.into() }
    }
}

/// Where the page lies; `qui` is the page itself.
#[component]
pub fn Breadcrumb(via: Vec<Crumb>, #[prop(into)] qui: String) -> impl IntoView {
    let via = via
        .into_iter()
        .map(|crumb| {
            view! {
                <li class="breadcrumb-item">
                    <a href=crumb.href>{crumb.nome}</a>
                    <span class="separator" aria-hidden="true">"/"</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="breadcrumb-container" aria-label=t("Percorso di navigazione")>
            <ol class="breadcrumb">
                {via}
                <li class="breadcrumb-item active" aria-current="page">{qui}</li>
            </ol>
        </nav>
    }
    .into_any()
}
