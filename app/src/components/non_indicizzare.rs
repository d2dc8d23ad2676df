use leptos::prelude::*;
use leptos_meta::Meta;

/// What is behind a token is nobody else's to find, wherever its address gets to.
#[component]
pub fn NonIndicizzare() -> impl IntoView {
    view! { <Meta name="robots" content="noindex, nofollow, noarchive"/> }
}
