//! An ente's home: a notice by its code, or one of the services. No script: the shortest road for a slow phone.

use super::ripresa::{Riprendi, load_ripresa};
use super::{load_ente, page, portal};
use crate::components::{Icon, Pagina, Width, lang_di};
use crate::links;
use crate::texts::lingue::{lingua, t};
use domain::servizio::Insegna;
use domain::{Ente, Lingua, Servizio};
use leptos::prelude::*;
use std::collections::BTreeMap;

#[component]
pub fn PaginaEnte() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let portal = portal()?;
        let servizi = portal.servizi(&ente).await?;
        let ripresa = load_ripresa(&portal, Some(&ente)).await?;
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=t("Pagamenti online") width=Width::Own>
                <Ricerca ente=ente.clone()/>
                <div class="container">
                    <Riprendi ripresa/>
                    <Servizi ente servizi/>
                    <div class="section-head">
                        <h2>{t("Come funziona")}</h2>
                        <p>
                            {t("Grazie all’integrazione con la piattaforma pagoPA, puoi completare i tuoi pagamenti verso la Pubblica \
                             Amministrazione in modo semplice e immediato, scegliendo il gestore della transazione (PSP) a te più \
                             conveniente.")}
                        </p>
                    </div>
                </div>
            </Pagina>
        }
        .into_any())
    })
}

/// The shortest road: one field. What is wrong with it is told by the page the form is sent to.
#[component]
fn Ricerca(ente: Ente) -> impl IntoView {
    view! {
        <div class="hero">
            <div class="container">
                <div class="hero-text">
                    <h1>{t("Pagamenti online")}</h1>
                    <p class="lead">{t("Con il codice dell’avviso che hai ricevuto, oppure scegliendo un servizio. Non serve registrarsi.")}</p>
                </div>
                <form class="quick-search" action=links::cerca_avviso(&ente.slug) method="post" role="search" aria-label=t("Cerca un avviso") novalidate>
                    <div class="form-group">
                        <label class="active" for="numero">{t("Codice avviso")}</label>
                        <small class="form-text" id="numero-hint">{t("18 cifre, stampate vicino al codice QR")}</small>
                        <input
                            class="form-control code-input"
                            type="text"
                            id="numero"
                            name="numero"
                            inputmode="numeric"
                            autocomplete="off"
                            spellcheck="false"
                            maxlength="60"
                            aria-required="true"
                            aria-describedby="numero-hint"
                        />
                    </div>
                    <button class="btn btn-primary" type="submit">{t("Continua")}</button>
                </form>
                <p class="hero-help">
                    <a class="icon-link" href=format!("{}#codice", links::aiuto())><Icon name="help-circle"/>{t("Dove trovo il codice?")}</a>
                </p>
            </div>
        </div>
    }
}

/// The services under their topics, both in alphabetical order.
#[component]
fn Servizi(ente: Ente, servizi: Vec<Servizio>) -> impl IntoView {
    if servizi.is_empty() {
        return view! { <p>{t("Per ora qui si pagano soltanto gli avvisi che hai ricevuto.")}</p> }.into_any();
    }
    // a topic that is said in two languages is told twice, each in its own
    let mut argomenti = BTreeMap::<(String, Lingua), Vec<(Insegna, Servizio)>>::new();
    for servizio in servizi {
        let (insegna, detta) = servizio.insegna(lingua());
        argomenti.entry((insegna.argomento.clone(), detta)).or_default().push((insegna, servizio));
    }
    let sezioni = argomenti
        .into_iter()
        .enumerate()
        .map(|(i, ((argomento, detta), mut servizi))| {
            servizi.sort_by(|(a, _), (b, _)| a.nome.cmp(&b.nome));
            let id = format!("argomento-{}", i + 1);
            let rows = servizi
                .into_iter()
                .map(|(insegna, servizio)| view! { <Riga ente=ente.clone() servizio insegna detta/> })
                .collect_view();
            view! {
                <section aria-labelledby=id>
                    <div class="section-head"><h2 id=id.clone() lang=lang_di(detta)>{argomento}</h2></div>
                    <ul class="service-list">{rows}</ul>
                </section>
            }
        })
        .collect_view();
    view! { <div class="topics">{sezioni}</div> }.into_any()
}

#[component]
fn Riga(ente: Ente, servizio: Servizio, insegna: Insegna, detta: Lingua) -> impl IntoView {
    view! {
        <li class="service">
            <Icon name=if servizio.spontaneo.is_some() { "card" } else { "file" }/>
            <div class="service-text" lang=lang_di(detta)>
                <h3><a class="stretched-link" href=links::servizio(&ente.slug, &servizio.slug)>{insegna.nome}</a></h3>
                <p>{insegna.descrizione}</p>
            </div>
            <Icon name="chevron-right" class="service-arrow"/>
        </li>
    }
}
