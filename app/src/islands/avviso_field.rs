use super::checked_field::{CheckedField, Field, Rule};
use crate::texts::frasi::{Frase, Frasi};
use domain::NumeroAvviso;
use leptos::prelude::*;
use std::sync::Arc;

/// The 18 digits of a notice. What is typed stays as it is typed: blanks and dashes are read over.
#[island]
pub fn AvvisoField(name: String, label: String, hint: String, value: String, error: Option<String>) -> impl IntoView {
    let field = Field { name, label, hint, value, error, inputmode: "numeric", autocapitalize: "off", euro: false };
    let good = Frasi::of_page().say(Frase::AvvisoCompleto);
    let check = Arc::new(move |text: &str| NumeroAvviso::parse_typed(text).map(|_| good.clone()));
    let is_complete = |text: &str| text.chars().filter(char::is_ascii_digit).count() >= NumeroAvviso::LEN;
    view! { <CheckedField field rule=Rule { check, is_complete }/> }
}
