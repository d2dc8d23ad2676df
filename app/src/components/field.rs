use crate::texts::lingue::t;
use leptos::prelude::*;

/// A line of text to type. The field's name is its id, unless another is told. Fields whose rule a phone can check are islands: `crate::islands`.
#[component]
pub fn TextField(
    name: &'static str,
    /// Where another form of the page has a field of the same name.
    #[prop(optional)]
    id: Option<&'static str>,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional_no_strip)] error: Option<String>,
    #[prop(optional)] required: bool,
    /// `text` unless told.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    /// A little above the real limit: the server tells what is too long, nothing is cut off silently.
    #[prop(default = 300)]
    maxlength: u16,
) -> impl IntoView {
    // an ente may leave its hint empty
    let hint = hint.filter(|hint| !hint.is_empty());
    let id = id.unwrap_or(name);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-errore"));
    let described_by = match (error.is_some(), hint.is_some()) {
        (true, true) => Some(format!("{error_id} {hint_id}")),
        (true, false) => Some(error_id.clone()),
        (false, true) => Some(hint_id.clone()),
        (false, false) => None,
    };
    let class = if error.is_some() { "form-control is-invalid" } else { "form-control" };
    view! {
        <div class="form-group">
            <label class="active" for=id>
                {label}
                {required.then(|| view! { " "<span class="required" aria-hidden="true">"*"</span> })}
            </label>
            {hint.map(|hint| view! { <small class="form-text" id=hint_id>{hint}</small> })}
            <input
                class=class
                type=kind
                id=id
                name=name
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                maxlength=maxlength
                aria-required=required.then_some("true")
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=described_by
            />
            {error.map(|error| view! {
                <p class="form-feedback invalid-feedback" id=error_id><span class="visually-hidden">{t("Errore: ")}</span>{error}</p>
            })}
        </div>
    }
    .into_any()
}
