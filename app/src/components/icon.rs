use leptos::prelude::*;

/// An icon of `style/icons.txt`, without `it-`. Decorative: what it means stands beside it in words.
#[component]
pub fn Icon(
    name: &'static str,
    /// Also: `icon-white`, `icon-primary`, …
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { "icon".to_owned() } else { format!("icon {class}") };
    view! {
        <svg class=class aria-hidden="true" focusable="false">
            <use href=format!("/img/sprite.svg#it-{name}")></use>
        </svg>
    }
    .into_any()
}
