use super::Icon;
use crate::texts::lingue::t;
use leptos::prelude::*;

/// Where one is in a task of several pages. `active` counts from 0.
#[component]
pub fn Stepper(steps: &'static [&'static str], active: usize) -> impl IntoView {
    let rows = steps
        .iter()
        .enumerate()
        .map(|(i, &nome)| {
            if i < active {
                view! {
                    <li class="confirmed">{t(nome)}<Icon name="check" class="steppers-success"/><span class="visually-hidden">" "{t("(confermato)")}</span></li>
                }
                .into_any()
            } else if i == active {
                view! { <li class="active" aria-current="step">{t(nome)}<span class="visually-hidden">" "{t("(attivo)")}</span></li> }.into_any()
            } else {
                view! { <li>{t(nome)}</li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <div class="steppers">
            <div class="steppers-header">
                <ul>{rows}</ul>
                <span class="steppers-index" aria-hidden="true">{format!("{}/{}", active + 1, steps.len())}</span>
            </div>
        </div>
    }
    .into_any()
}
