//! The services of an ente: looked for, paid most often, under their topics. All of it is links and one form; the state is in the address.

use super::via;
use crate::components::{Icon, Pagina, Width, con_testo_di_ente, lang_di};
use crate::links;
use crate::texts::lingue::{fill, lingua, t, tn};
use domain::ricerca::{TESTO_MAX, cerca};
use domain::{Ente, Lingua, NumeroAvviso, Servizio};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Shown of those paid most often: a row or two, not a second list.
const PIU_PAGATI: usize = 4;
/// With so few there is nothing to choose from: all of them are in sight.
pub(super) const POCHI: usize = 5;

/// The one field; what was looked for stays in it.
#[component]
pub(super) fn CercaServizi(ente: Ente, testo: String) -> impl IntoView {
    view! {
        <form class="service-search" action=links::cerca_servizi(&ente.slug) method="get" role="search" aria-label=t("Cerca un servizio")>
            <div class="form-group">
                <label class="active" for="q">{t("Cerca un servizio")}</label>
                <small class="form-text" id="q-hint">{t("Per esempio: mensa, rifiuti, multa")}</small>
                <input
                    class="form-control"
                    type="search"
                    id="q"
                    name="q"
                    value=testo
                    autocomplete="off"
                    enterkeyhint="search"
                    maxlength=TESTO_MAX.to_string()
                    aria-describedby="q-hint"
                />
            </div>
            <button class="btn btn-outline-primary" type="submit"><Icon name="search" class="icon-primary"/><span>{t("Cerca")}</span></button>
        </form>
    }
}

/// The page of what was looked for.
#[component]
pub(super) fn Trovati(ente: Ente, servizi: Vec<Servizio>, testo: String) -> impl IntoView {
    let testo: String = testo.chars().take(TESTO_MAX).collect();
    let trovati: Vec<Servizio> = cerca(&servizi, &testo, lingua()).into_iter().cloned().collect();
    let quanti = trovati.len();
    let via = via(&ente);
    let detto = match quanti {
        0 => t("Nessun servizio per “{testo}”").to_owned(),
        _ => tn("Un servizio per “{testo}”", "{n} servizi per “{testo}”", quanti),
    };
    let finestra = fill(&detto, &[("testo", &testo)]);
    let risultati = if trovati.is_empty() {
        view! { <Niente ente=ente.clone() testo=testo.clone()/> }.into_any()
    } else {
        let rows = trovati.into_iter().map(|servizio| view! { <Riga ente=ente.clone() servizio/> }).collect_view();
        view! { <ul class="service-list">{rows}</ul> }.into_any()
    };
    view! {
        <Pagina ente=Some(ente.clone()) titolo=finestra via width=Width::Wide>
            <div class="page-head"><h1>{t("Cerca un servizio")}</h1></div>
            <CercaServizi ente=ente.clone() testo=testo.clone()/>
            <h2 class="search-count">{con_testo_di_ente(&detto, "{testo}", testo)}</h2>
            {risultati}
            <div class="actions"><a class="btn btn-link" href=links::ente(&ente.slug)>{t("Vedi tutti i servizi")}</a></div>
        </Pagina>
    }
}

/// Nothing is called so: perhaps it is a notice that one holds.
#[component]
fn Niente(ente: Ente, testo: String) -> impl IntoView {
    // a notice's number is sent on in a form: no address of ours has it
    let codice = NumeroAvviso::parse_typed(&testo).is_ok().then(|| {
        let (ente, testo) = (ente.clone(), testo.clone());
        view! {
            <p>{t("Sembra il codice di un avviso: cercalo tra gli avvisi.")}</p>
            <form action=links::cerca_avviso(&ente.slug) method="post">
                <input type="hidden" name="numero" value=testo/>
                <button class="btn btn-primary" type="submit">{t("Cerca l’avviso")}</button>
            </form>
        }
    });
    let altro = codice.is_none().then(|| {
        view! {
            <p>{t("Prova con una parola sola, o con un’altra parola. Se hai ricevuto un avviso non serve sapere il servizio: basta il suo codice.")}</p>
            <a class="btn btn-primary" href=links::cerca_avviso(&ente.slug)>{t("Inserisci il codice avviso")}</a>
        }
    });
    view! { <div class="empty"><Icon name="search"/>{codice}{altro}</div> }
}

/// Those that others come for. Nothing while nobody has paid, or where all are in sight anyway.
#[component]
pub(super) fn PiuPagati(ente: Ente, servizi: Vec<Servizio>, piu_pagati: Vec<String>) -> impl IntoView {
    let wanted = |slug: &String| servizi.iter().find(|servizio| servizio.slug.as_str() == slug).cloned();
    let shown: Vec<Servizio> = piu_pagati.iter().filter_map(wanted).take(PIU_PAGATI).collect();
    (!shown.is_empty() && servizi.len() > POCHI).then(|| {
        let rows = shown.into_iter().map(|servizio| view! { <Riga ente=ente.clone() servizio/> }).collect_view();
        view! {
            <section aria-labelledby="piu-pagati">
                <div class="section-head"><h2 id="piu-pagati">{t("I più pagati negli ultimi mesi")}</h2></div>
                <ul class="service-list">{rows}</ul>
            </section>
        }
    })
}

/// The services under their topics, both in alphabetical order; above them the topics, each with how many it has.
#[component]
pub(super) fn Argomenti(ente: Ente, servizi: Vec<Servizio>) -> impl IntoView {
    if servizi.is_empty() {
        return view! { <p>{t("Per ora qui si pagano soltanto gli avvisi che hai ricevuto.")}</p> }.into_any();
    }
    let many = servizi.len() > POCHI;
    // a topic that is said in two languages is told twice, each in its own
    let mut argomenti = BTreeMap::<(String, Lingua), Vec<(String, Servizio)>>::new();
    for servizio in servizi {
        let (insegna, detta) = servizio.insegna(lingua());
        argomenti.entry((insegna.argomento, detta)).or_default().push((insegna.nome, servizio));
    }
    let id = |i: usize| format!("argomento-{}", i + 1);
    let indice = (many && argomenti.len() > 1).then(|| {
        let rows = argomenti
            .iter()
            .enumerate()
            .map(|(i, ((argomento, detta), servizi))| {
                let quanti = tn("un servizio", "{n} servizi", servizi.len());
                view! {
                    <li>
                        <a href=format!("#{}", id(i))>
                            <span lang=lang_di(*detta)>{argomento.clone()}</span>
                            " "
                            <span class="topic-count" aria-hidden="true">{servizi.len()}</span>
                            <span class="visually-hidden">{quanti}</span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! { <nav class="topic-index" aria-label=t("Argomenti")><ul>{rows}</ul></nav> }
    });
    let sezioni = argomenti
        .into_iter()
        .enumerate()
        .map(|(i, ((argomento, detta), mut servizi))| {
            servizi.sort_by(|(a, _), (b, _)| a.cmp(b));
            let rows = servizi.into_iter().map(|(_, servizio)| view! { <Riga ente=ente.clone() servizio/> }).collect_view();
            view! {
                <section aria-labelledby=id(i)>
                    <div class="section-head"><h2 id=id(i) lang=lang_di(detta)>{argomento}</h2></div>
                    <ul class="service-list">{rows}</ul>
                </section>
            }
        })
        .collect_view();
    view! {
        {many.then(|| view! { <div class="section-head"><h2>{t("Tutti i servizi")}</h2></div> })}
        {indice}
        <div class="topics">{sezioni}</div>
    }
    .into_any()
}

#[component]
fn Riga(ente: Ente, servizio: Servizio) -> impl IntoView {
    let (insegna, detta) = servizio.insegna(lingua());
    view! {
        <li class="service">
            <Icon name=if servizio.modulo.is_some() { "card" } else { "file" }/>
            <div class="service-text" lang=lang_di(detta)>
                <h3><a class="stretched-link" href=links::servizio(&ente.slug, &servizio.slug)>{insegna.nome}</a></h3>
                <p>{insegna.descrizione}</p>
            </div>
            <Icon name="chevron-right" class="service-arrow"/>
        </li>
    }
}
