use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Success,
    Info,
    Warning,
    Danger,
}

/// Something to know now.
#[component]
pub fn Alert(
    tone: Tone,
    /// Heading, at level 2.
    #[prop(optional, into)]
    titolo: Option<String>,
    /// True when it answers what the citizen just did: read aloud at once.
    #[prop(optional)]
    answer: bool,
    children: Children,
) -> impl IntoView {
    let class = match tone {
        Tone::Success => "alert alert-success",
        Tone::Info => "alert alert-info",
        Tone::Warning => "alert alert-warning",
        Tone::Danger => "alert alert-danger",
    };
    view! {
        <div class=class role=if answer { "alert" } else { "note" }>
            {titolo.map(|titolo| view! { <h2 class="alert-heading">{titolo}</h2> })}
            {children()}
        </div>
    }
    .into_any()
}
