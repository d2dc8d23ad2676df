use leptos::prelude::*;

/// Labels and values: `<Facts><Fact nome="Causale">…</Fact></Facts>`.
#[component]
pub fn Facts(children: Children) -> impl IntoView {
    view! { <dl class="summary-list">{children()}</dl> }.into_any()
}

#[component]
pub fn Fact(#[prop(into)] nome: String, children: Children) -> impl IntoView {
    view! { <div><dt>{nome}</dt><dd>{children()}</dd></div> }.into_any()
}
