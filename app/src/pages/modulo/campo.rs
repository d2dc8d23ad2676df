//! One field: its label, its hint, where one types, its message. The id of what one types into is the field's name in the form.

use super::documento;
use super::foglio::Foglio;
use super::scelta;
use crate::texts::lingue::t;
use crate::texts::numeri;
use domain::modulo::{Campo, EsitoCampo, TipoCampo};
use leptos::prelude::*;

/// A little above the longest line: the server tells what is too long, nothing is cut off silently.
pub(super) const MAXLENGTH: &str = "300";

pub(super) fn campo(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    match campo.tipo {
        TipoCampo::Nota => nota(foglio, campo, esito),
        TipoCampo::Calcolato if campo.etichetta.is_empty() => ().into_any(),
        TipoCampo::Calcolato => calcolato(foglio, campo, esito),
        TipoCampo::Casella => scelta::casella(foglio, campo, esito),
        TipoCampo::Scelte => scelta::scelte(foglio, campo, esito),
        TipoCampo::Scelta if scelta::is_short(campo) => scelta::una(foglio, campo, esito),
        TipoCampo::Scelta => labelled(foglio, campo, esito, scelta::tendina),
        TipoCampo::Area => labelled(foglio, campo, esito, area),
        TipoCampo::Documento => documento::documento(foglio, campo, esito),
        _ => labelled(foglio, campo, esito, riga),
    }
}

/// What every widget needs to know of its field.
pub(super) struct Attributi {
    pub id: String,
    pub value: String,
    pub disabled: bool,
    pub required: bool,
    pub invalid: bool,
    pub described_by: String,
    pub autocomplete: &'static str,
}

type Widget = fn(&Foglio, &Campo, &EsitoCampo, Attributi) -> AnyView;

fn labelled(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo, widget: Widget) -> AnyView {
    let path = &esito.path;
    let (etichetta, lang) = foglio.say(&campo.etichetta);
    let errore = foglio.errore(path);
    let suggerimento = hint(foglio, campo, path);
    let described_by = if suggerimento.is_some() { format!("{path}-errore {path}-hint") } else { format!("{path}-errore") };
    let attributi = Attributi {
        id: path.clone(),
        value: foglio.value(esito),
        disabled: !esito.visibile || !esito.attivo,
        required: esito.obbligatorio,
        invalid: errore.is_some(),
        described_by,
        autocomplete: autocomplete(foglio, campo, path),
    };
    view! {
        <div class="form-group" data-campo=path.clone() hidden=!esito.visibile>
            <label class="active" for=path.clone()><span lang=lang>{etichetta}</span>{star(campo, esito)}</label>
            {suggerimento}
            {widget(foglio, campo, esito, attributi)}
            {message(path, errore)}
        </div>
    }
    .into_any()
}

/// The asterisk, where the field is ever required.
pub(super) fn star(campo: &Campo, esito: &EsitoCampo) -> Option<impl IntoView + use<>> {
    let never = campo.obbligatorio.as_ref().is_some_and(|formula| formula.as_str() == "falso");
    let of_box = campo.tipo == TipoCampo::Casella && campo.obbligatorio.is_none();
    let hidden = !esito.obbligatorio;
    (!never && !of_box).then(|| view! { <span class="required" aria-hidden="true" hidden=hidden>" *"</span> })
}

/// What is said under the field: always there, so that what comes later is read aloud.
pub(super) fn message(path: &str, errore: Option<(String, Option<&'static str>)>) -> AnyView {
    let class = if errore.is_some() { "form-feedback invalid-feedback" } else { "form-text" };
    let text = errore.map(|(text, lang)| {
        view! { <span class="visually-hidden">{t("Errore: ")}</span><span lang=lang>{text}</span> }
    });
    view! { <p class=class id=format!("{path}-errore") aria-live="polite">{text}</p> }.into_any()
}

pub(super) fn hint(foglio: &Foglio, campo: &Campo, path: &str) -> Option<AnyView> {
    let own = campo.aiuto.as_ref().filter(|aiuto| !aiuto.is_empty()).map(|aiuto| foglio.say(aiuto));
    let form = match campo.tipo {
        TipoCampo::Data => Some(t("Giorno, mese e anno: 31/03/2026")),
        _ => None,
    };
    if own.is_none() && form.is_none() {
        return None;
    }
    let blank = (own.is_some() && form.is_some()).then_some(". ");
    let own = own.map(|(text, lang)| view! { <span lang=lang>{text.trim_end_matches('.').to_owned()}</span> });
    Some(view! { <small class="form-text" id=format!("{path}-hint")>{own}{blank}{form}</small> }.into_any())
}

/// WCAG 1.3.5: what a browser knows of its owner.
fn autocomplete(foglio: &Foglio, campo: &Campo, path: &str) -> &'static str {
    match campo.tipo {
        TipoCampo::Email => "email",
        TipoCampo::Telefono => "tel",
        _ if foglio.modulo.debtor().is_some_and(|chi| chi.nome == path) => "name",
        _ => "off",
    }
}

fn riga(_: &Foglio, campo: &Campo, _: &EsitoCampo, attributi: Attributi) -> AnyView {
    let (kind, inputmode, class) = match campo.tipo {
        TipoCampo::Numero if campo.decimali.unwrap_or(0) > 0 => ("text", "decimal", "form-control number-input"),
        TipoCampo::Numero => ("text", "numeric", "form-control number-input"),
        TipoCampo::Importo => ("text", "decimal", "form-control amount-input"),
        TipoCampo::Data => ("text", "numeric", "form-control number-input"),
        TipoCampo::CodiceFiscale | TipoCampo::Iban | TipoCampo::Targa => ("text", "text", "form-control code-input"),
        TipoCampo::Email => ("email", "email", "form-control"),
        TipoCampo::Telefono => ("tel", "tel", "form-control number-input"),
        _ => ("text", "text", "form-control"),
    };
    let is_code = matches!(campo.tipo, TipoCampo::CodiceFiscale | TipoCampo::Iban | TipoCampo::Targa);
    let Attributi { id, value, disabled, required, invalid, described_by, autocomplete } = attributi;
    let input = view! {
        <input
            class=class
            class=("is-invalid", invalid)
            type=kind
            id=id.clone()
            name=id
            value=value
            inputmode=inputmode
            autocapitalize=is_code.then_some("characters")
            spellcheck=is_code.then_some("false")
            autocomplete=autocomplete
            maxlength=MAXLENGTH
            disabled=disabled
            aria-required=required.then_some("true")
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
            data-tipo=(campo.tipo == TipoCampo::CodiceFiscale).then_some("cf")
        />
    };
    if campo.tipo == TipoCampo::Importo {
        view! { <div class="affix">{input}<span class="affix-text" aria-hidden="true">"€"</span></div> }.into_any()
    } else {
        input.into_any()
    }
}

fn area(_: &Foglio, _: &Campo, _: &EsitoCampo, attributi: Attributi) -> AnyView {
    let Attributi { id, value, disabled, required, invalid, described_by, autocomplete } = attributi;
    view! {
        <textarea
            class="form-control"
            class=("is-invalid", invalid)
            id=id.clone()
            name=id
            rows="4"
            autocomplete=autocomplete
            disabled=disabled
            aria-required=required.then_some("true")
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
            inner_html=escaped(&value)
        ></textarea>
    }
    .into_any()
}

/// Leptos writes what stands in a `<textarea>` as it is: what was typed would become markup. The first line break of it is no part of
/// its text (HTML Standard, 13.1.2.5).
fn escaped(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// What nobody types: reckoned, with the value it has now.
fn calcolato(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    let (etichetta, lang) = foglio.say(&campo.etichetta);
    let value = esito.valore.as_ref().map_or_else(|| "–".to_owned(), |valore| numeri::valore(foglio.lingua(), valore));
    let path = &esito.path;
    view! {
        <dl class="reckoned" data-campo=path.clone() id=path.clone() tabindex="-1" hidden=!esito.visibile>
            <dt lang=lang>{etichetta}</dt>
            <dd data-valore="">{value}</dd>
        </dl>
        {message(path, foglio.errore(path))}
    }
    .into_any()
}

fn nota(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    let (text, lang) = foglio.say(&campo.etichetta);
    view! { <p class="form-note" data-campo=esito.path.clone() lang=lang hidden=!esito.visibile>{text}</p> }.into_any()
}
