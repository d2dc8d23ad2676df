//! What it comes to, before anything is paid; read aloud when it changes.

use super::foglio::Foglio;
use super::{AGGIORNA, TOTALE, action};
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use leptos::prelude::*;

pub(super) fn totale(foglio: &Foglio, azione: &str) -> AnyView {
    let missing = t("da calcolare");
    let amount = foglio.esame.importo.as_ref().map_or_else(|_| missing.to_owned(), |importo| soldi(*importo));
    let causale = foglio.esame.causale.clone().ok().flatten().unwrap_or_default();
    let errors: Vec<_> = foglio.summary().into_iter().filter(|(place, _)| place == TOTALE).collect();
    let errors = errors
        .into_iter()
        .map(|(_, text)| {
            view! { <p class="form-feedback invalid-feedback"><span class="visually-hidden">{t("Errore: ")}</span>{text}</p> }
        })
        .collect_view();
    let hidden = causale.is_empty();
    let again = foglio.is_alive().then(|| {
        let button = action(azione, TOTALE, AGGIORNA.to_owned(), "btn btn-outline-primary", t("Aggiorna").into_any());
        view! {
            <div class="refresh" data-aggiorna="">
                <p class="muted">{t("Le domande e l’importo dipendono dalle risposte: premi Aggiorna per vederli come sono adesso.")}</p>
                {button}
            </div>
        }
    });
    view! {
        {again}
        <div id=TOTALE tabindex="-1">
            <div class="total" aria-live="polite" aria-atomic="true">
                <span class="total-label">{t("Importo")}</span>
                <span class="money" data-importo="" data-manca=missing>{amount}</span>
            </div>
            <p class="muted" data-causale-riga="" hidden=hidden>{t("Causale")}": "<span data-causale="">{causale}</span></p>
            {errors}
        </div>
    }
    .into_any()
}
