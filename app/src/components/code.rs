use crate::islands::CopyButton;
use leptos::prelude::*;

/// A code to copy by hand or with a button (an island: the page needs `<Islands/>`).
#[component]
pub fn Code(
    /// As it is read: `3010 0000 0000 0123 45`.
    #[prop(into)]
    text: String,
    /// As it is copied, when that differs.
    #[prop(optional, into)]
    copied: Option<String>,
    /// What it is, after "Copia": `il codice avviso`.
    #[prop(into)]
    cosa: String,
) -> impl IntoView {
    let copied = copied.unwrap_or_else(|| text.clone());
    view! {
        <span class="code">
            <span class="code-value">{text}</span>
            <CopyButton text=copied cosa/>
        </span>
    }
    .into_any()
}
