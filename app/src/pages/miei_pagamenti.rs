//! The payments of who is in: one row for each receipt, and what each year cost.

use super::mie::{Area, Pagine, ScegliEnte, Vuoto, conto, persona, slug_of_query};
use super::ricevuta::ArticoloRicevuta;
use super::{page, param, portal, query};
use crate::components::{Breadcrumb, Crumb, Icon, Islands, Pagina, lang_ente};
use crate::error::PageError;
use crate::links;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use domain::Ente;
use leptos::prelude::*;
use portal::mie::{FiltroPagamenti, MieiPagamenti, RigaPagamento, SommaAnno};

#[component]
pub fn PaginaMieiPagamenti() -> impl IntoView {
    page(async {
        let persona = persona()?;
        let filtro = FiltroPagamenti {
            ente: slug_of_query(),
            anno: query("anno").filter(|anno| anno.len() == 4 && anno.bytes().all(|b| b.is_ascii_digit())),
            dopo: query("dopo"),
        };
        let MieiPagamenti { righe, dopo, enti, anni } = portal()?.miei_pagamenti(&persona, &filtro).await?;
        let seguito = dopo.map(|dopo| address(&filtro, &dopo));
        let da_capo = filtro.dopo.is_some().then(|| address(&filtro, ""));
        Ok(view! {
            <Area persona titolo=t("I miei pagamenti") pagamenti=true>
                <Filtri filtro=filtro.clone() enti anni=anni.clone()/>
                <Somme anni anno=filtro.anno/>
                <Pagamenti righe/>
                <Pagine da_capo seguito/>
            </Area>
        }
        .into_any())
    })
}

fn address(filtro: &FiltroPagamenti, dopo: &str) -> String {
    let (ente, anno) = (filtro.ente.as_deref().unwrap_or_default(), filtro.anno.as_deref().unwrap_or_default());
    links::con_query(&links::miei_pagamenti(), &[("ente", ente), ("anno", anno), ("dopo", dopo)])
}

#[component]
fn Filtri(filtro: FiltroPagamenti, enti: Vec<Ente>, anni: Vec<SommaAnno>) -> impl IntoView {
    let years = anni
        .into_iter()
        .map(|somma| {
            let selected = filtro.anno.as_deref() == Some(somma.anno.as_str());
            let value = somma.anno.clone();
            view! { <option value=value selected=selected>{somma.anno}</option> }
        })
        .collect_view();
    view! {
        <form class="filters" action=links::miei_pagamenti() method="get" role="search" aria-label=t("Filtra i pagamenti")>
            <ScegliEnte enti scelto=filtro.ente/>
            <div class="form-group">
                <label class="active" for="anno">{t("Anno")}</label>
                <select class="form-select" id="anno" name="anno"><option value="">{t("Tutti")}</option>{years}</select>
            </div>
            <button class="btn btn-outline-primary" type="submit"><Icon name="funnel" class="icon-primary"/><span>{t("Filtra")}</span></button>
        </form>
    }
}

/// Of the year that was asked for, or of each.
#[component]
fn Somme(anni: Vec<SommaAnno>, anno: Option<String>) -> impl IntoView {
    let rows: Vec<_> = anni.into_iter().filter(|somma| anno.as_ref().is_none_or(|anno| *anno == somma.anno)).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    let rows = rows
        .into_iter()
        .map(|somma| {
            let nome = format!("{} · {}", somma.anno, conto(somma.quanti));
            view! { <div><dt>{nome}</dt><dd>{soldi(somma.importo)}</dd></div> }
        })
        .collect_view();
    view! { <h2 class="visually-hidden">{t("Totale per anno")}</h2><dl class="figures">{rows}</dl> }.into_any()
}

#[component]
fn Pagamenti(righe: Vec<RigaPagamento>) -> impl IntoView {
    if righe.is_empty() {
        let testo = t("Non risultano pagamenti di avvisi intestati a te. Compaiono qui quando arriva la ricevuta.");
        return view! { <Vuoto testo/> }.into_any();
    }
    let rows = righe
        .into_iter()
        .map(|riga| {
            view! {
                <tr>
                    <th scope="row" data-label=t("Causale")>
                        <a href=links::mia_ricevuta(&riga.token) lang=lang_ente()>{riga.causale}</a>
                    </th>
                    <td data-label=t("Ente")>{riga.ente.nome}</td>
                    <td data-label=t("Pagato il")>{date::tabella(riga.quando.date())}</td>
                    <td data-label=t("Ricevuta")><a href=links::mia_ricevuta_pdf(&riga.token)>{t("Ricevuta (PDF)")}</a></td>
                    <td data-label=t("Importo") class="amount">{soldi(riga.importo)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table table-stack">
            <caption class="visually-hidden">{t("I miei pagamenti")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("Causale")}</th>
                    <th scope="col">{t("Ente")}</th>
                    <th scope="col">{t("Pagato il")}</th>
                    <th scope="col">{t("Ricevuta")}</th>
                    <th scope="col" class="amount">{t("Importo")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// A receipt of who is in, whichever way it was paid: at a counter there was no page of an outcome.
#[component]
pub fn PaginaMiaRicevuta() -> impl IntoView {
    page(async {
        let persona = persona()?;
        let token = param("token");
        let (ente, servizio, vista) = portal()?.mia_ricevuta(&persona, &token).await?.ok_or(PageError::NotFound)?;
        let via = vec![Crumb::new(links::miei_pagamenti(), t("I miei pagamenti"))];
        let titolo = t("Ricevuta di pagamento");
        Ok(view! {
            <Pagina ente=Some(ente) titolo=titolo>
                <Breadcrumb via qui=titolo.to_owned()/>
                <h1 class="visually-hidden">{titolo}</h1>
                <div class="actions">
                    <a class="btn btn-primary" href=links::mia_ricevuta_pdf(&token) download>
                        <Icon name="download" class="icon-white"/><span>{t("Scarica la ricevuta (PDF)")}</span>
                    </a>
                    <a class="btn btn-outline-primary" href=links::miei_pagamenti()>{t("Torna ai pagamenti")}</a>
                </div>
                <ArticoloRicevuta vista servizio/>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}
