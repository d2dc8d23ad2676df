//! An ente's home: a notice by its code, or one of the services. No script: the shortest road for a slow phone.

use super::catalogo::{Argomenti, CercaServizi, POCHI, PiuPagati, Trovati};
use super::ripresa::{Riprendi, load_ripresa};
use super::{load_ente, page, portal, query};
use crate::components::{Icon, Pagina, Width};
use crate::links;
use crate::texts::lingue::t;
use domain::Ente;
use leptos::prelude::*;

#[component]
pub fn PaginaEnte() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let portal = portal()?;
        let servizi = portal.servizi(&ente).await?;
        if let Some(testo) = query("q").filter(|testo| !testo.trim().is_empty()) {
            return Ok(view! { <Trovati ente servizi testo/> }.into_any());
        }
        let piu_pagati = portal.most_paid(&ente).await?;
        let ripresa = load_ripresa(&portal, Some(&ente)).await?;
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=t("Pagamenti online") width=Width::Own>
                <Ricerca ente=ente.clone()/>
                <div class="container">
                    <Riprendi ripresa/>
                    {(servizi.len() > POCHI).then(|| view! { <CercaServizi ente=ente.clone() testo=String::new()/> })}
                    <PiuPagati ente=ente.clone() servizi=servizi.clone() piu_pagati/>
                    <Argomenti ente servizi/>
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
                    <a class="icon-link" href=links::ricevute(&ente.slug)><Icon name="file"/>{t("Hai già pagato? Ritrova la ricevuta")}</a>
                </p>
            </div>
        </div>
    }
}
