use super::lang_ente;
use leptos::prelude::*;

/// A sentence with one part of it in other markup, `[so]`: where that part stands is the translator's to say.
pub fn con<V: IntoView + 'static>(testo: &'static str, parte: impl FnOnce(&'static str) -> V) -> impl IntoView {
    let (before, rest) = testo.split_once('[').unwrap_or((testo, ""));
    let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
    view! { {before}{(!inside.is_empty()).then(|| parte(inside))}{after} }
}

/// A sentence of ours with a text of the ente in it, which stands where `{place}` does and is read in its own language.
pub fn con_testo_di_ente(sentence: &str, place: &str, testo: String) -> impl IntoView + use<> {
    let (before, after) = sentence.split_once(place).unwrap_or((sentence, ""));
    let (before, after) = (before.to_owned(), after.to_owned());
    view! { {before}<span lang=lang_ente()>{testo}</span>{after} }
}

/// What the asterisk means.
#[component]
pub fn RequiredNote() -> impl IntoView {
    let testo = crate::texts::lingue::t("I campi contraddistinti dal simbolo asterisco ([*]) sono obbligatori.");
    view! { <p class="required-note">{con(testo, |asterisco| view! { <span class="required">{asterisco}</span> })}</p> }
}
