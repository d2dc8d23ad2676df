use super::Icon;
use crate::texts::frasi;
use crate::texts::lingue::tn;
use domain::FieldError;
use leptos::prelude::*;

/// What is wrong with a form, above everything else, each with a link to its field. Nothing when nothing is wrong.
///
/// `labels`: (field name, label on the page). Without scripts nothing moves the focus: the summary is simply the first thing.
#[component]
pub fn ErrorSummary(errors: Vec<FieldError>, labels: Vec<(&'static str, String)>) -> impl IntoView {
    let rows = errors
        .into_iter()
        .map(|error| {
            let text = frasi::reason(&error.reason);
            let text = match labels.iter().find(|(field, _)| *field == error.field) {
                Some((_, label)) => format!("{label}: {text}"),
                None => text,
            };
            (error.field, text)
        })
        .collect();
    view! { <ErrorRows rows/> }
}

/// The same of rows that have their words: where each leads, and what it says.
#[component]
pub fn ErrorRows(rows: Vec<(String, String)>) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let titolo = tn("C’è un’informazione da correggere", "Ci sono {n} informazioni da correggere", rows.len());
    let rows = rows.into_iter().map(|(place, text)| view! { <li><a href=format!("#{place}")>{text}</a></li> }).collect_view();
    view! {
        <div class="error-summary" role="alert" tabindex="-1" aria-labelledby="errori-titolo">
            <h2 id="errori-titolo"><Icon name="error"/>{titolo}</h2>
            <ul>{rows}</ul>
        </div>
    }
    .into_any()
}
