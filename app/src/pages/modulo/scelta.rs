//! Fields that are chosen: one of a few, one of many, any of several, yes or no.

use super::campo::{Attributi, hint, message, star};
use super::foglio::Foglio;
use crate::texts::lingue::t;
use domain::modulo::{Campo, EsitoCampo, VISTO};
use leptos::prelude::*;

/// So many rows are read at a glance; more are a list to open.
const RADIO_MAX: usize = 6;

/// Whether all choices are shown. Radio buttons cannot be unchosen, and come and go badly: only where one is always required, and all
/// are always offered.
pub(super) fn is_short(campo: &Campo) -> bool {
    let always = campo.obbligatorio.is_none() && campo.attivo.is_none();
    always && campo.opzioni.len() <= RADIO_MAX && campo.opzioni.iter().all(|scelta| scelta.quando.is_none())
}

/// One of a few.
pub(super) fn una(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    let value = foglio.value(esito);
    choices(foglio, campo, esito, "radio", move |choice| choice == value)
}

/// Any of several.
pub(super) fn scelte(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    let values = foglio.valori.get(&esito.path).to_vec();
    choices(foglio, campo, esito, "checkbox", move |choice| values.iter().any(|value| value == choice))
}

fn choices(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo, kind: &'static str, is_chosen: impl Fn(&str) -> bool) -> AnyView {
    let path = esito.path.clone();
    let (etichetta, lang) = foglio.say(&campo.etichetta);
    let errore = foglio.errore(&path);
    let suggerimento = hint(foglio, campo, &path);
    let described_by = if suggerimento.is_some() { format!("{path}-errore {path}-hint") } else { format!("{path}-errore") };
    let class = if errore.is_some() { "choices is-invalid" } else { "choices" };
    let disabled = !esito.visibile || !esito.attivo;
    let rows = campo
        .opzioni
        .iter()
        .enumerate()
        .map(|(i, scelta)| {
            let (nome, lang) = foglio.say(&scelta.etichetta);
            let (id, offered) = (format!("{path}-{}", i + 1), esito.offerte.contains(&i) || !esito.visibile);
            view! {
                <div class="choice" data-scelta=i.to_string() hidden=!offered>
                    <input
                        type=kind
                        id=id.clone()
                        name=path.clone()
                        value=scelta.valore.clone()
                        checked=is_chosen(&scelta.valore)
                        disabled=disabled || !offered
                    />
                    <label for=id><span class="choice-name" lang=lang>{nome}</span></label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class=class id=path.clone() data-campo=path.clone() tabindex="-1" aria-describedby=described_by hidden=!esito.visibile>
            <legend><span lang=lang>{etichetta}</span>{star(campo, esito)}</legend>
            {suggerimento}
            {rows}
            // not between legend and rows: the style counts on what follows the legend
            {seen(&path, disabled)}
            {message(&path, errore)}
        </fieldset>
    }
    .into_any()
}

/// A browser does not send what nobody chose: this says that it was asked.
fn seen(path: &str, disabled: bool) -> AnyView {
    view! { <input type="hidden" name=VISTO value=path.to_owned() disabled=disabled/> }.into_any()
}

/// Yes or no.
pub(super) fn casella(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    let path = esito.path.clone();
    let (etichetta, lang) = foglio.say(&campo.etichetta);
    let errore = foglio.errore(&path);
    let suggerimento = hint(foglio, campo, &path);
    let described_by = if suggerimento.is_some() { format!("{path}-errore {path}-hint") } else { format!("{path}-errore") };
    let disabled = !esito.visibile || !esito.attivo;
    let invalid = errore.is_some();
    view! {
        <div class="form-group box-group" data-campo=path.clone() hidden=!esito.visibile>
            {seen(&path, disabled)}
            <div class="choice choice-plain">
                <input
                    type="checkbox"
                    id=path.clone()
                    name=path.clone()
                    value="si"
                    checked=!foglio.value(esito).is_empty()
                    disabled=disabled
                    aria-required=esito.obbligatorio.then_some("true")
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described_by
                />
                <label for=path.clone()><span class="choice-name"><span lang=lang>{etichetta}</span>{star(campo, esito)}</span></label>
            </div>
            {suggerimento}
            {message(&path, errore)}
        </div>
    }
    .into_any()
}

/// One of many, or of those that are offered now. All of them stand in a template, for the island that offers others.
pub(super) fn tendina(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo, attributi: Attributi) -> AnyView {
    let Attributi { id, value, disabled, required, invalid, described_by, autocomplete } = attributi;
    let option = |i: usize| {
        let scelta = &campo.opzioni[i];
        let (nome, lang) = foglio.say(&scelta.etichetta);
        view! { <option value=scelta.valore.clone() selected=scelta.valore == value lang=lang>{nome}</option> }
    };
    let offered = (0..campo.opzioni.len()).filter(|i| esito.offerte.contains(i)).map(option).collect_view();
    let depends = campo.opzioni.iter().any(|scelta| scelta.quando.is_some());
    let all = depends.then(|| {
        let all = (0..campo.opzioni.len()).map(option).collect_view();
        view! { <template data-opzioni="">{all}</template> }
    });
    view! {
        <select
            class="form-select"
            class=("is-invalid", invalid)
            id=id.clone()
            name=id
            autocomplete=autocomplete
            disabled=disabled
            aria-required=required.then_some("true")
            aria-invalid=invalid.then_some("true")
            aria-describedby=described_by
        >
            <option value="">{t("Scegli")}</option>
            {offered}
        </select>
        {all}
    }
    .into_any()
}
