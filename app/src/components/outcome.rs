use super::Icon;
use domain::EsitoPagamento;
use leptos::prelude::*;

/// The banner of an outcome page; its title is the page's `<h1>`.
#[component]
pub fn Outcome(esito: EsitoPagamento, #[prop(into)] titolo: String, children: Children) -> impl IntoView {
    let (class, mark) = match esito {
        EsitoPagamento::Pagato => ("outcome outcome-success", view! { <Icon name="check-circle"/> }.into_any()),
        EsitoPagamento::InCorso | EsitoPagamento::InVerifica => {
            ("outcome outcome-waiting", view! { <span class="spinner" aria-hidden="true"></span> }.into_any())
        }
        EsitoPagamento::Interrotto | EsitoPagamento::NonRiuscito => {
            ("outcome outcome-failed", view! { <Icon name="close-circle"/> }.into_any())
        }
    };
    view! {
        <div class=class role="status">
            {mark}
            <div class="outcome-text"><h1>{titolo}</h1>{children()}</div>
        </div>
    }
    .into_any()
}
