use crate::texts::lingue::t;
use leptos::prelude::*;

/// One row of [`Choices`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    pub nome: String,
    pub nota: Option<String>,
    /// At the end of the row: a price.
    pub prezzo: Option<String>,
}

/// One of several: radio buttons, the whole row is the label. The fieldset has the field's name as its id, for the error summary.
#[component]
pub fn Choices(
    name: &'static str,
    #[prop(into)] legend: String,
    choices: Vec<Choice>,
    /// The chosen value.
    #[prop(into)]
    value: String,
    #[prop(optional_no_strip)] error: Option<String>,
) -> impl IntoView {
    let error_id = format!("{name}-errore");
    let described_by = error.is_some().then(|| error_id.clone());
    let class = if error.is_some() { "choices is-invalid" } else { "choices" };
    let rows = choices
        .into_iter()
        .enumerate()
        .map(|(i, choice)| {
            let id = format!("{name}-{}", i + 1);
            let checked = choice.value == value;
            view! {
                <div class="choice">
                    <input type="radio" id=id.clone() name=name value=choice.value checked=checked/>
                    <label for=id>
                        <span class="choice-name">{choice.nome}</span>
                        {choice.nota.map(|nota| view! { <span class="choice-note">{nota}</span> })}
                        {choice.prezzo.map(|prezzo| view! { <span class="choice-price">{prezzo}</span> })}
                    </label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class=class id=name tabindex="-1" aria-describedby=described_by>
            <legend>{legend}" "<span class="required" aria-hidden="true">"*"</span></legend>
            {error.map(|error| view! {
                <p class="form-feedback invalid-feedback" id=error_id><span class="visually-hidden">{t("Errore: ")}</span>{error}</p>
            })}
            {rows}
        </fieldset>
    }
    .into_any()
}

/// Yes or no; sends `si` when checked.
#[component]
pub fn Checkbox(name: &'static str, #[prop(into)] label: String, checked: bool) -> impl IntoView {
    view! {
        <div class="choice choice-plain">
            <input type="checkbox" id=name name=name value="si" checked=checked/>
            <label for=name><span class="choice-name">{label}</span></label>
        </div>
    }
    .into_any()
}
