use super::checked_field::{CheckedField, Field, Rule};
use crate::texts::frasi::Frasi;
use domain::{Importo, Tariffa};
use leptos::prelude::*;
use std::sync::Arc;

/// A free amount within the limits of its tariff; says how it was understood.
#[island]
pub fn ImportoField(
    name: String,
    label: String,
    hint: String,
    value: String,
    error: Option<String>,
    minimo: Importo,
    massimo: Importo,
) -> impl IntoView {
    let field = Field { name, label, hint, value, error, inputmode: "decimal", autocapitalize: "off", euro: true };
    let frasi = Frasi::of_page();
    let check = Arc::new(move |text: &str| {
        Tariffa::parse_libera(frasi.lingua(), text, minimo, massimo).map(|importo| frasi.importo_letto(importo))
    });
    // "1" may become "100": only leaving the field tells that it is finished
    let is_complete = |_: &str| false;
    view! { <CheckedField field rule=Rule { check, is_complete }/> }
}
