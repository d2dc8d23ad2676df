use super::Icon;
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
                    <li class="confirmed">{nome}<Icon name="check" class="steppers-success"/><span class="visually-hidden">" (confermato)"</span></li>
                }
                .into_any()
            } else if i == active {
                view! { <li class="active" aria-current="step">{nome}<span class="visually-hidden">" (attivo)"</span></li> }.into_any()
            } else {
                view! { <li>{nome}</li> }.into_any()
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
