use super::checked_field::{CheckedField, Field, Rule};
use crate::texts::frasi::{Frase, Frasi};
use domain::CodiceFiscale;
use leptos::prelude::*;
use std::sync::Arc;

/// Codice fiscale of a person, or the 11 digits of a company.
#[island]
pub fn CodiceFiscaleField(name: String, label: String, hint: String, value: String, error: Option<String>) -> impl IntoView {
    let field = Field { name, label, hint, value, error, inputmode: "text", autocapitalize: "characters", euro: false };
    let good = Frasi::of_page().say(Frase::CodiceFiscaleCorretto);
    let check = Arc::new(move |text: &str| CodiceFiscale::parse(text).map(|_| good.clone()));
    let is_complete = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).count() >= 16;
    view! { <CheckedField field rule=Rule { check, is_complete }/> }
}
