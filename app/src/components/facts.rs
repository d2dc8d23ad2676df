use super::lang_ente;
use leptos::prelude::*;

/// Labels and values: `<Facts><Fact nome="Causale">…</Fact></Facts>`.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="summary-list">{children()}</dl> }.into_any()
}

#[component]
pub fn Fact(
    #[prop(into)] nome: String,
    /// The value is the ente's own text: Italian, whatever the page is in.
    #[prop(optional)]
    di_ente: bool,
    children: Children,
) -> impl IntoView {
    let lang = if di_ente { lang_ente() } else { None };
    view! { <div><dt>{nome}</dt><dd lang=lang>{children()}</dd></div> }.into_any()
}
