//! The notices of one debt: all at once or by instalments, and how each stands.

use crate::components::{Choice, Choices};
use crate::links;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use crate::texts::{date, stati};
use crate::tr;
use domain::posizione::NonPagabile;
use domain::{Ente, Opzione};
use jiff::civil::Date;
use leptos::prelude::*;
use portal::avviso::AvvisoVista;

/// The other notices of the same debt: instalments, or all at once.
#[component]
pub(super) fn AltreRate(ente: Ente, vista: AvvisoVista) -> impl IntoView {
    if vista.altre.is_empty() {
        return ().into_any();
    }
    let alternative = vista.altre.iter().any(|altra| (altra.opzione == Opzione::Unica) != (vista.opzione == Opzione::Unica));
    let rows = vista
        .altre
        .iter()
        .cloned()
        .map(|altra| {
            let stato = stato(&vista, altra.opzione, altra.non_pagabile);
            view! {
                <tr>
                    <th scope="row" data-label=t("Modalità")>
                        <a href=links::avviso(&ente.slug, altra.token)>{opzione(altra.opzione, altra.ridotto_entro)}</a>
                    </th>
                    <td data-label=t("Scadenza")>{altra.scadenza.map_or_else(|| "–".to_owned(), date::tabella)}</td>
                    <td data-label=t("Stato")>{stato}</td>
                    <td data-label=t("Importo") class="amount">{soldi(altra.importo)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="columns-more">
            <h2>{t("Gli altri avvisi dello stesso debito")}</h2>
            {alternative.then(|| view! { <p>{t("Puoi pagare tutto in una volta oppure a rate: se cominci a rate, prosegui a rate.")}</p> })}
            <table class="table table-stack">
                <caption class="visually-hidden">{t("Gli altri avvisi dello stesso debito")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("Modalità")}</th>
                        <th scope="col">{t("Scadenza")}</th>
                        <th scope="col">{t("Stato")}</th>
                        <th scope="col" class="amount">{t("Importo")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Which of them to pay: all that can be paid now, the page's own chosen. Nothing where there is nothing to choose.
#[component]
pub(super) fn Scelta(vista: AvvisoVista, scelta: String, #[prop(optional_no_strip)] error: Option<String>) -> impl IntoView {
    let this = (vista.indice, vista.opzione, vista.importo, vista.scadenza, vista.ridotto_entro, vista.non_pagabile);
    let altre = vista.altre.iter().map(|a| (a.indice, a.opzione, a.importo, a.scadenza, a.ridotto_entro, a.non_pagabile));
    let mut tutte: Vec<_> = std::iter::once(this).chain(altre).filter(|(.., motivo)| motivo.is_none()).collect();
    tutte.sort_by_key(|(indice, ..)| *indice);
    (tutte.len() > 1).then(|| {
        let choices = tutte
            .into_iter()
            .map(|(indice, quale, importo, scadenza, ridotto, _)| Choice {
                value: indice.to_string(),
                nome: opzione(quale, ridotto),
                nota: scadenza.filter(|_| ridotto.is_none()).map(|giorno| tr!("entro il {giorno}", giorno = date::prosa(giorno))),
                prezzo: Some(soldi(importo)),
            })
            .collect();
        let value = if scelta.is_empty() { vista.indice.to_string() } else { scelta };
        view! { <Choices name="rata" legend=t("Che cosa paghi") choices value error/> }
    })
}

/// Which way to pay it is; a reduced amount with the last day it is good for.
pub(super) fn opzione(opzione: Opzione, ridotto_entro: Option<Date>) -> String {
    match ridotto_entro {
        Some(giorno) => tr!("Importo ridotto, entro il {giorno}", giorno = date::prosa(giorno)),
        None => stati::opzione(opzione),
    }
}

/// How one of the notices stands, as a badge.
pub(super) fn stato(vista: &AvvisoVista, opzione: Opzione, motivo: Option<NonPagabile>) -> impl IntoView + use<> {
    let (class, text) = match motivo {
        _ if opzione == Opzione::Unica && sostituita(&tutte(vista)) => {
            ("badge badge-outline-secondary", t("Sostituito dalle rate"))
        }
        None => ("badge badge-outline-primary", t("Da pagare")),
        Some(motivo @ NonPagabile::Pagata) => ("badge badge-outline-success", stati::non_pagabile(motivo)),
        Some(motivo @ NonPagabile::Scaduta) => ("badge badge-outline-danger", stati::non_pagabile(motivo)),
        Some(motivo) => ("badge badge-outline-secondary", stati::non_pagabile(motivo)),
    };
    view! { <span class=class>{text}</span> }
}

fn tutte(vista: &AvvisoVista) -> Vec<(Opzione, Option<NonPagabile>)> {
    let altre = vista.altre.iter().map(|altra| (altra.opzione, altra.non_pagabile));
    std::iter::once((vista.opzione, vista.non_pagabile)).chain(altre).collect()
}

/// An instalment was paid and others are not: the single payment counts as paid then (`Posizione::pagabile`), but "paid" would be
/// read as "nothing left to do". Had it been paid itself, every instalment would count as paid.
fn sostituita(tutte: &[(Opzione, Option<NonPagabile>)]) -> bool {
    let pagata = Some(NonPagabile::Pagata);
    tutte.iter().any(|(opzione, motivo)| *opzione == Opzione::Unica && *motivo == pagata)
        && tutte.iter().any(|(opzione, motivo)| *opzione != Opzione::Unica && *motivo != pagata)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_single_payment_is_replaced_only_while_instalments_are_left() {
        let (pagata, rata) = (Some(NonPagabile::Pagata), |numero| Opzione::Rata { numero, di: 2 });
        assert!(sostituita(&[(Opzione::Unica, pagata), (rata(1), pagata), (rata(2), None)]));
        assert!(sostituita(&[(rata(2), Some(NonPagabile::Scaduta)), (Opzione::Unica, pagata), (rata(1), pagata)]));
        assert!(!sostituita(&[(Opzione::Unica, pagata), (rata(1), pagata), (rata(2), pagata)]), "all is paid");
        assert!(!sostituita(&[(Opzione::Unica, None), (rata(1), None), (rata(2), None)]), "nothing is paid");
        assert!(!sostituita(&[(Opzione::Unica, pagata)]), "no instalments");
    }
}
