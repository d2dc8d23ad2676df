use crate::context::current_path;
use crate::texts::lingue::{lingua, t};
use domain::Lingua;
use leptos::prelude::*;

/// The same page in the other languages: plain links.
#[component]
pub fn Lingue() -> impl IntoView {
    let (qui, path) = (lingua(), current_path());
    let rows = Lingua::ALL
        .into_iter()
        .map(|lingua| {
            let href = lingua.path(&path);
            let current = (lingua == qui).then_some("true");
            view! {
                <a href=href lang=lingua.code() hreflang=lingua.code() aria-current=current>
                    <abbr title=lingua.nome()>{lingua.sigla()}</abbr>
                </a>
            }
        })
        .collect_view();
    view! { <nav class="languages" aria-label=t("Lingua")>{rows}</nav> }
}
