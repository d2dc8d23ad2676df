//! Fields that are asked again for each child, vehicle, stall. Rows are added and taken away by buttons that send the form.

use super::action;
use super::campo::{campo, hint, message};
use super::foglio::{Foglio, RIGA_MODELLO};
use crate::texts::lingue::t;
use domain::modulo::{Campo, EsitoCampo, TipoCampo};
use leptos::prelude::*;

pub(super) fn gruppo(foglio: &Foglio, azione: &str, dati: &Campo, esito: &EsitoCampo) -> AnyView {
    let path = esito.path.clone();
    let (least, most) = foglio.modulo.plan().bounds(esito);
    let righe = &esito.righe;
    let rows = righe.iter().map(|riga| riga_of(foglio, azione, dati, *riga, righe.len() > least)).collect_view();
    let model = riga_of(foglio, azione, dati, RIGA_MODELLO, true);
    let (etichetta, lang) = foglio.say(&dati.etichetta);
    let suggerimento = hint(foglio, dati, &path);
    let aggiungi = view! { <span>{t("Aggiungi: ")}<span lang=lang>{etichetta}</span></span> }.into_any();
    let add = action(azione, &path, format!("aggiungi:{path}"), "btn btn-outline-primary", aggiungi);
    view! {
        <div class="rows" id=path.clone() data-campo=path.clone() data-gruppo=path.clone() tabindex="-1" hidden=!esito.visibile>
            {suggerimento}
            <div data-righe="">{rows}</div>
            <template data-riga-modello="">{model}</template>
            {message(&path, foglio.errore(&path))}
            <p class="rows-more" data-aggiungi="" hidden={righe.len() >= most}>{add}</p>
        </div>
    }
    .into_any()
}

fn riga_of(foglio: &Foglio, azione: &str, dati: &Campo, riga: u16, can_go: bool) -> AnyView {
    let (etichetta, lang) = foglio.say(&dati.etichetta);
    let name = format!("{}.{riga}", dati.nome);
    let ordinal = foglio.ordinal(&dati.nome, riga).unwrap_or(1).to_string();
    let campi = dati
        .campi
        .iter()
        .map(|interno| {
            let path = format!("{name}.{}", interno.nome);
            match foglio.esame.campo(&path) {
                Some(esito) => campo(foglio, interno, esito),
                None => campo(foglio, interno, &blank(interno, path)),
            }
        })
        .collect_view();
    let which = format!("{etichetta} {ordinal}");
    let togli = view! { {t("Togli")}<span class="visually-hidden">" "<span data-quale="">{which}</span></span> }.into_any();
    let remove = action(azione, &dati.nome, format!("togli:{name}"), "btn btn-link row-remove", togli);
    view! {
        <fieldset class="row-block" data-riga=riga.to_string()>
            <legend><span lang=lang>{etichetta}</span>" "<span data-ordine="">{ordinal}</span></legend>
            <input type="hidden" name=name value=""/>
            {campi}
            <p data-togli="" hidden=!can_go>{remove}</p>
        </fieldset>
    }
    .into_any()
}

/// A field of the row that rows are copied from: nobody has looked at it. The island does, as soon as the copy stands in the form.
fn blank(campo: &Campo, path: String) -> EsitoCampo {
    EsitoCampo {
        path,
        sezione: 0,
        campo: 0,
        interno: None,
        riga: RIGA_MODELLO,
        visibile: true,
        obbligatorio: campo.obbligatorio.is_none() && campo.tipo != TipoCampo::Casella,
        attivo: true,
        offerte: (0..campo.opzioni.len()).collect(),
        righe: Vec::new(),
        valore: None,
        errore: None,
    }
}
