use super::lang_di;
use crate::texts::lingue::t;
use domain::Lingua;
use leptos::prelude::*;

/// A step of the way from the home to here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub href: String,
    pub nome: String,
    /// Of the name, where it is not that of the page.
    pub lang: Option<&'static str>,
}

impl Crumb {
    pub fn new(href: impl Into<String>, nome: impl Into<String>) -> Self {
        Self { href: href.into(), nome: nome.into(), lang: None }
    }

    /// Named by the ente, in that language.
    #[must_use]
    pub fn said_in(self, lingua: Lingua) -> Self {
        Self { lang: lang_di(lingua), ..self }
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
                    <a href=crumb.href lang=crumb.lang>{crumb.nome}</a>
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
