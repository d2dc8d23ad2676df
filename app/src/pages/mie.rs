//! The notices of who is in. The address says which, and in what order: it can be kept, and names nobody.

use super::{page, portal, query};
use crate::components::{Fact, Facts, Icon, Pagina, Width, lang_ente};
use crate::error::PageError;
use crate::links;
use crate::texts::lingue::{k, t};
use crate::texts::numeri::soldi;
use crate::texts::{date, stati};
use crate::tr;
use domain::posizione::NonPagabile;
use domain::{Ente, Slug};
use leptos::prelude::*;
use portal::accesso::Persona;
use portal::mie::{FiltroAvvisi, MieiAvvisi, Quali, RigaAvviso};

/// As the filter calls each kind.
const fn nome(quali: Quali) -> &'static str {
    match quali {
        Quali::DaPagare => k("Da pagare"),
        Quali::Pagati => k("Pagati"),
        Quali::Scaduti => k("Scaduti"),
        Quali::Annullati => k("Annullati"),
    }
}

#[component]
pub fn PaginaMie() -> impl IntoView {
    page(async {
        let persona = persona()?;
        let filtro = FiltroAvvisi {
            ente: slug_of_query(),
            quali: query("stato").and_then(|code| Quali::of_code(&code)).unwrap_or_default(),
            indietro: query("ordine").as_deref() == Some("ultimi"),
            dopo: query("dopo"),
        };
        let MieiAvvisi { righe, dopo, enti } = portal()?.miei_avvisi(&persona, &filtro).await?;
        let seguito = dopo.map(|dopo| address(&filtro, &dopo));
        let da_capo = filtro.dopo.is_some().then(|| address(&filtro, ""));
        Ok(view! {
            <Area persona titolo=t("I miei avvisi") pagamenti=false>
                <Filtri filtro=filtro.clone() enti/>
                <Avvisi righe quali=filtro.quali/>
                <Pagine da_capo seguito/>
            </Area>
        }
        .into_any())
    })
}

fn address(filtro: &FiltroAvvisi, dopo: &str) -> String {
    let ordine = if filtro.indietro { "ultimi" } else { "" };
    let stato = if filtro.quali == Quali::default() { "" } else { filtro.quali.code() };
    let ente = filtro.ente.as_deref().unwrap_or_default();
    links::con_query(&links::mie(), &[("stato", stato), ("ente", ente), ("ordine", ordine), ("dopo", dopo)])
}

/// Who is in. The server lets nobody else come as far as these pages.
pub(super) fn persona() -> Result<Persona, PageError> {
    use_context().ok_or(PageError::NotFound)
}

/// The ente that the address asks for; what cannot be one is as if it were not said.
pub(super) fn slug_of_query() -> Option<String> {
    query("ente").filter(|slug| Slug::parse(slug).is_ok())
}

/// The frame of what is somebody's own: two sections, who it is, the way out.
#[component]
pub(super) fn Area(persona: Persona, #[prop(into)] titolo: String, pagamenti: bool, children: Children) -> impl IntoView {
    let here = |this: bool| this.then_some("page");
    view! {
        <Pagina ente=None titolo=titolo.clone() width=Width::Own>
            <nav class="section-nav" aria-label=t("Area personale")>
                <div class="container">
                    <ul>
                        <li><a href=links::mie() aria-current=here(!pagamenti)>{t("I miei avvisi")}</a></li>
                        <li><a href=links::miei_pagamenti() aria-current=here(pagamenti)>{t("I miei pagamenti")}</a></li>
                    </ul>
                </div>
            </nav>
            <div class="container">
                <div class="page-head"><h1>{titolo}</h1></div>
                <Chi persona/>
                {children()}
            </div>
        </Pagina>
    }
    .into_any()
}

#[component]
fn Chi(persona: Persona) -> impl IntoView {
    let codice = persona.codice_mascherato();
    view! {
        <div class="who">
            <Facts>
                {(!persona.nome.is_empty()).then(|| view! { <Fact nome=t("Hai effettuato l’accesso come")>{persona.nome.clone()}</Fact> })}
                <Fact nome=t("Codice fiscale")><span class="code-value">{codice}</span></Fact>
            </Facts>
            <form action=links::esci() method="post">
                <button class="btn btn-outline-primary" type="submit"><Icon name="logout" class="icon-primary"/><span>{t("Esci")}</span></button>
            </form>
        </div>
    }
}

#[component]
fn Filtri(filtro: FiltroAvvisi, enti: Vec<Ente>) -> impl IntoView {
    let kinds = Quali::ALL
        .into_iter()
        .map(|quali| view! { <option value=quali.code() selected=quali == filtro.quali>{t(nome(quali))}</option> })
        .collect_view();
    view! {
        <form class="filters" action=links::mie() method="get" role="search" aria-label=t("Filtra gli avvisi")>
            <div class="form-group">
                <label class="active" for="stato">{t("Stato")}</label>
                <select class="form-select" id="stato" name="stato">{kinds}</select>
            </div>
            <ScegliEnte enti scelto=filtro.ente/>
            <div class="form-group">
                <label class="active" for="ordine">{t("Ordine")}</label>
                <select class="form-select" id="ordine" name="ordine">
                    <option value="primi" selected=!filtro.indietro>{t("Prima chi scade prima")}</option>
                    <option value="ultimi" selected=filtro.indietro>{t("Prima chi scade dopo")}</option>
                </select>
            </div>
            <button class="btn btn-outline-primary" type="submit"><Icon name="funnel" class="icon-primary"/><span>{t("Filtra")}</span></button>
        </form>
    }
}

#[component]
pub(super) fn ScegliEnte(enti: Vec<Ente>, scelto: Option<String>) -> impl IntoView {
    let rows = enti
        .into_iter()
        .map(|ente| {
            let selected = scelto.as_deref() == Some(ente.slug.as_str());
            view! { <option value=ente.slug.to_string() selected=selected>{ente.nome}</option> }
        })
        .collect_view();
    view! {
        <div class="form-group">
            <label class="active" for="ente">{t("Ente")}</label>
            <select class="form-select" id="ente" name="ente"><option value="">{t("Tutti")}</option>{rows}</select>
        </div>
    }
}

#[component]
fn Avvisi(righe: Vec<RigaAvviso>, quali: Quali) -> impl IntoView {
    if righe.is_empty() {
        let testo = match quali {
            Quali::DaPagare => {
                t("Non risultano avvisi da pagare intestati a te. Se ne hai ricevuto uno, cercalo con il suo codice.")
            }
            _ => t("Qui non c’è nessun avviso. Cambia il filtro, oppure cerca un avviso con il suo codice."),
        };
        return view! { <Vuoto testo/> }.into_any();
    }
    let rows = righe.into_iter().map(|riga| view! { <Riga riga/> }).collect_view();
    view! {
        <table class="table table-stack">
            <caption class="visually-hidden">{t("I miei avvisi")}</caption>
            <thead>
                <tr>
                    <th scope="col">{t("Causale")}</th>
                    <th scope="col">{t("Ente")}</th>
                    <th scope="col">{t("Scadenza")}</th>
                    <th scope="col">{t("Stato")}</th>
                    <th scope="col" class="amount">{t("Importo")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Riga(riga: RigaAvviso) -> impl IntoView {
    let (class, stato) = match riga.non_pagabile {
        None => ("badge badge-outline-primary", t("Da pagare")),
        Some(motivo @ NonPagabile::Pagata) => ("badge badge-outline-success", stati::non_pagabile(motivo)),
        Some(motivo @ NonPagabile::Scaduta) => ("badge badge-outline-danger", stati::non_pagabile(motivo)),
        Some(motivo) => ("badge badge-outline-secondary", stati::non_pagabile(motivo)),
    };
    let rate = (riga.modi > 1).then(|| view! { <span class="muted">" · "{stati::opzione(riga.opzione)}</span> });
    view! {
        <tr>
            <th scope="row" data-label=t("Causale")>
                <span><a href=links::avviso(&riga.ente.slug, &riga.token) lang=lang_ente()>{riga.causale}</a>{rate}</span>
            </th>
            <td data-label=t("Ente")>{riga.ente.nome}</td>
            <td data-label=t("Scadenza")>{riga.scadenza.map_or_else(|| "–".to_owned(), date::tabella)}</td>
            <td data-label=t("Stato")><span class=class>{stato}</span></td>
            <td data-label=t("Importo") class="amount">{soldi(riga.importo)}</td>
        </tr>
    }
}

/// Nothing here, and what to do.
#[component]
pub(super) fn Vuoto(#[prop(into)] testo: String) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="inbox"/>
            <p>{testo}</p>
            <a class="btn btn-primary" href=links::home()>{t("Cerca un avviso")}</a>
        </div>
    }
}

/// On, and back to the beginning: the place in between is in the browser's history.
#[component]
pub(super) fn Pagine(da_capo: Option<String>, seguito: Option<String>) -> impl IntoView {
    if da_capo.is_none() && seguito.is_none() {
        return ().into_any();
    }
    view! {
        <nav class="pager" aria-label=t("Pagine")>
            {da_capo.map_or_else(
                || view! { <span></span> }.into_any(),
                |href| view! { <a href=href><Icon name="arrow-left"/>{t("Dall’inizio")}</a> }.into_any(),
            )}
            {seguito.map(|href| view! { <a href=href rel="next">{t("Pagina successiva")}<Icon name="arrow-right"/></a> })}
        </nav>
    }
    .into_any()
}

/// How many, in words.
pub(super) fn conto(quanti: i64) -> String {
    if quanti == 1 { t("1 pagamento").to_owned() } else { tr!("{n} pagamenti", n = quanti) }
}
