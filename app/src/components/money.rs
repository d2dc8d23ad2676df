use crate::texts::numeri::soldi;
use domain::Importo;
use leptos::prelude::*;

/// An amount, large, with what it is.
#[component]
pub fn Money(importo: Importo, #[prop(into)] label: String) -> impl IntoView {
    view! { <p class="money"><span class="money-label">{label}</span>" "{soldi(importo)}</p> }.into_any()
}
