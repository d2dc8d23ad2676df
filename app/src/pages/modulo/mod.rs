//! The form of a service, drawn: every kind of field, what it comes to, what is wrong. A component of its own: whatever page holds it
//! only says where it is sent.
//!
//! Everything works without scripts: what is added, taken away or reckoned anew is a button that sends the form (`domain::modulo::AZIONE`).
//! What is hidden is there, hidden and disabled, for the module that shows it in a browser (`app/src/vivo.rs`).

mod campo;
mod documento;
mod foglio;
mod gruppo;
mod scelta;
mod totale;

pub use foglio::Foglio;

use crate::components::{Alert, ErrorRows, RequiredNote, Tone};
use crate::texts::lingue::t;
use domain::modulo::{AZIONE, Sezione, TipoCampo};
use leptos::prelude::*;

/// Where errors of the form as a whole are told.
pub(super) const TOTALE: &str = "totale";

/// The value of the button that shows the form again as it is now.
pub use crate::context::AGGIORNA;

/// What is wrong, above everything else; or that there is more to answer.
#[component]
pub fn AvvisiModulo(foglio: Foglio) -> impl IntoView {
    let rows = foglio.summary();
    if rows.is_empty() && foglio.has_new() {
        return view! {
            <Alert tone=Tone::Info answer=true><p>{t("Le tue risposte aprono altre domande: rispondi anche a quelle, poi continua.")}</p></Alert>
        }
        .into_any();
    }
    view! { <ErrorRows rows/> }.into_any()
}

/// The form. `children` stand above its last buttons.
#[component]
pub fn ModuloServizio(
    foglio: Foglio,
    /// Where it is sent.
    azione: String,
    /// Where "Annulla" leads.
    annulla: String,
    children: Children,
) -> impl IntoView {
    let modulo = foglio.modulo.clone();
    let sezioni = modulo.modulo().sezioni.iter().enumerate();
    let sezioni = sezioni.map(|(i, dati)| sezione(&foglio, &azione, i, dati)).collect_view();
    let piano = modulo.plan().encode();
    let enctype = documento::enctype(&foglio);
    view! {
        <form id="modulo" action=azione.clone() method="post" enctype=enctype novalidate data-piano=piano data-oggi=foglio.oggi.to_string()>
            // Enter in a field presses the first button of a form: it is to be this one
            <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">{t("Continua")}</button>
            <RequiredNote/>
            {sezioni}
            {totale::totale(&foglio, &azione)}
            {children()}
            <div class="actions">
                <button class="btn btn-primary" type="submit">{t("Continua")}</button>
                <a class="btn btn-link" href=annulla>{t("Annulla")}</a>
            </div>
        </form>
    }
}

fn sezione(foglio: &Foglio, azione: &str, i: usize, dati: &Sezione) -> AnyView {
    let (titolo, lang) = foglio.say(&dati.titolo);
    let aiuto = dati.aiuto.as_ref().map(|aiuto| {
        let (aiuto, lang) = foglio.say(aiuto);
        view! { <p lang=lang>{aiuto}</p> }
    });
    let campi = dati
        .campi
        .iter()
        .filter_map(|campo| Some((campo, foglio.esame.campo(&campo.nome)?)))
        .map(|(campo, esito)| match campo.tipo {
            TipoCampo::Gruppo => gruppo::gruppo(foglio, azione, campo, esito),
            _ => campo::campo(foglio, campo, esito),
        })
        .collect_view();
    let hidden = !foglio.esame.sezioni.get(i).copied().unwrap_or(true);
    view! {
        <fieldset class="field-block" data-sezione=i.to_string() hidden=hidden>
            <legend lang=lang>{titolo}</legend>
            {aiuto}
            {campi}
        </fieldset>
    }
    .into_any()
}

/// A button that sends the form to have it shown again, at a place of it.
fn action(azione: &str, place: &str, value: String, class: &'static str, children: AnyView) -> AnyView {
    view! { <button class=class type="submit" name=AZIONE value=value formaction=format!("{azione}#{place}")>{children}</button> }
        .into_any()
}

#[cfg(test)]
mod tests;
