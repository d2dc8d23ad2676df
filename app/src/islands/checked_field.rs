use crate::texts::it;
use domain::Reason;
use leptos::prelude::*;

/// What stands in the HTML of a field, whatever it checks. The field's name is its id.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub value: String,
    /// What the server said about what was sent.
    pub error: Option<String>,
    pub inputmode: &'static str,
    pub autocapitalize: &'static str,
    /// A euro sign after the amount.
    pub euro: bool,
}

/// What is said under the field: nothing, well done, or what is wrong.
#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Silent,
    Good(String),
    Bad(String),
}

/// A required field with a message under it. While one types only what is finished is judged (`is_complete`); leaving the field
/// judges the rest. An empty field is never nagged about here: the server does that, once, on submit.
#[component]
pub(super) fn CheckedField<C, F>(field: Field, check: C, is_complete: F) -> impl IntoView
where
    C: Fn(&str) -> Result<String, Reason> + Copy + Send + Sync + 'static,
    F: Fn(&str) -> bool + Copy + Send + Sync + 'static,
{
    let Field { name, label, hint, value, error, inputmode, autocapitalize, euro } = field;
    let verdict = RwSignal::new(error.map_or(Verdict::Silent, Verdict::Bad));
    let judge = move |text: &str| match check(text) {
        Ok(praise) => Verdict::Good(praise),
        Err(reason) => Verdict::Bad(it::reason(&reason)),
    };
    let on_input = move |event| {
        let text = event_target_value(&event);
        verdict.set(match judge(&text) {
            Verdict::Bad(_) if !is_complete(&text) => Verdict::Silent,
            verdict => verdict,
        });
    };
    let on_change = move |event| {
        let text = event_target_value(&event);
        verdict.set(if text.trim().is_empty() { Verdict::Silent } else { judge(&text) });
    };
    let is_bad = move || matches!(verdict.get(), Verdict::Bad(_));
    let (hint_id, message_id) = (format!("{name}-hint"), format!("{name}-errore"));
    let input = view! {
        <input
            class="form-control code-input"
            class=("is-invalid", is_bad)
            type="text"
            id=name.clone()
            name=name.clone()
            value=value
            inputmode=inputmode
            autocapitalize=autocapitalize
            autocomplete="off"
            spellcheck="false"
            maxlength="60"
            aria-required="true"
            aria-invalid=move || is_bad().then_some("true")
            aria-describedby=format!("{message_id} {hint_id}")
            on:input=on_input
            on:change=on_change
        />
    };
    view! {
        <div class="form-group">
            <label class="active" for=name>{label}" "<span class="required" aria-hidden="true">"*"</span></label>
            <small class="form-text" id=hint_id>{hint}</small>
            {if euro {
                view! { <div class="affix">{input}<span class="affix-text" aria-hidden="true">"€"</span></div> }.into_any()
            } else {
                input.into_any()
            }}
            <p class=move || if is_bad() { "form-feedback invalid-feedback" } else { "form-text" } id=message_id aria-live="polite">
                {move || is_bad().then(|| view! { <span class="visually-hidden">"Errore: "</span> })}
                {move || match verdict.get() {
                    Verdict::Silent => String::new(),
                    Verdict::Good(text) | Verdict::Bad(text) => text,
                }}
            </p>
        </div>
    }
    .into_any()
}
