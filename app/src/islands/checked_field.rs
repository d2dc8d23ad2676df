use crate::texts::frasi::{Frase, Frasi};
use domain::Reason;
use leptos::either::Either;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

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

/// The message moves what stands below it. Shown at once, it would pull the button away from under the very click that left the
/// field, and the form would not be sent; a click takes less than this between press and release.
const AFTER_A_CLICK: Duration = Duration::from_millis(400);

/// What is said under the field: nothing, well done, or what is wrong.
#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    Silent,
    Good(String),
    Bad(String),
}

/// Praise, or what is wrong.
type Check = Arc<dyn Fn(&str) -> Result<String, Reason> + Send + Sync>;

/// The rule of a field. Functions behind a pointer rather than type parameters: one copy of the field in the download, not three.
#[derive(Clone)]
pub(super) struct Rule {
    pub check: Check,
    /// Whether so much is typed that it should be right by now.
    pub is_complete: fn(&str) -> bool,
}

impl Rule {
    fn judge(&self, text: &str) -> Verdict {
        match (self.check)(text) {
            Ok(praise) => Verdict::Good(praise),
            Err(reason) => Verdict::Bad(Frasi::of_page().reason(&reason)),
        }
    }

    fn while_typing(&self, text: &str) -> Verdict {
        match self.judge(text) {
            Verdict::Bad(_) if !(self.is_complete)(text) => Verdict::Silent,
            verdict => verdict,
        }
    }

    fn when_left(&self, text: &str) -> Verdict {
        if text.trim().is_empty() { Verdict::Silent } else { self.judge(text) }
    }
}

/// A required field with a message under it. While one types only what is finished is judged; leaving the field judges the rest.
/// An empty field is never nagged about here: the server does that, once, on submit.
#[component]
pub(super) fn CheckedField(field: Field, rule: Rule) -> impl IntoView {
    let Field { name, label, hint, value, error, inputmode, autocapitalize, euro } = field;
    let verdict = RwSignal::new(error.map_or(Verdict::Silent, Verdict::Bad));
    let (typing, before) = (rule.clone(), rule.clone());
    let (node, sent) = (NodeRef::<leptos::html::Input>::new(), value.clone());
    // what was typed while this code was still on its way
    Effect::new(move |_| {
        let typed = node.get().map(|input| input.value());
        if let Some(typed) = typed.filter(|typed| *typed != sent) {
            verdict.set(before.while_typing(&typed));
        }
    });
    let on_input = move |event| verdict.set(typing.while_typing(&event_target_value(&event)));
    let on_change = move |event| {
        let rule = rule.clone();
        set_timeout(move || verdict.set(rule.when_left(&event_target_value(&event))), AFTER_A_CLICK);
    };
    let errore = Frasi::of_page().say(Frase::Errore);
    let is_bad = move || matches!(verdict.get(), Verdict::Bad(_));
    let (hint_id, message_id) = (format!("{name}-hint"), format!("{name}-errore"));
    let input = view! {
        <input
            class=if euro { "form-control amount-input" } else { "form-control code-input" }
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
            node_ref=node
            on:input=on_input
            on:change=on_change
        />
    };
    view! {
        <div class="form-group">
            <label class="active" for=name>{label}" "<span class="required" aria-hidden="true">"*"</span></label>
            <small class="form-text" id=hint_id>{hint}</small>
            {if euro {
                Either::Left(view! { <div class="affix">{input}<span class="affix-text" aria-hidden="true">"€"</span></div> })
            } else {
                Either::Right(input)
            }}
            <p class=move || if is_bad() { "form-feedback invalid-feedback" } else { "form-text" } id=message_id aria-live="polite">
                {move || is_bad().then(|| view! { <span class="visually-hidden">{errore.clone()}</span> })}
                {move || match verdict.get() {
                    Verdict::Silent => String::new(),
                    Verdict::Good(text) | Verdict::Bad(text) => text,
                }}
            </p>
        </div>
    }
}
