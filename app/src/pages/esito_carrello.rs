//! How the payment of a cart ended: each notice with its own outcome, and its own page, where its receipt is. As [`super::esito`], it
//! shows what is written.

use super::{page, param, portal, via_portale};
use crate::components::{Alert, Icon, Islands, Outcome, Pagina, Tone, lang_ente};
use crate::error::PageError;
use crate::islands::{CopyButton, PaymentStatus};
use crate::links;
use crate::texts::lingue::{t, tn};
use crate::texts::numeri::soldi;
use crate::texts::{date, stati};
use crate::tr;
use domain::EsitoPagamento;
use leptos::prelude::*;
use portal::carrello::{EsitoCarrelloVista, VoceEsito};

#[component]
pub fn PaginaEsitoCarrello() -> impl IntoView {
    page(async {
        let portal = portal()?;
        let vista = portal.load_esito_carrello(&param("token")).await?.ok_or(PageError::NotFound)?;
        let via = via_portale();
        let titolo = stati::esito(vista.esito);
        let indirizzo = portal.settings().public_url.join(&links::esito_carrello(&vista.token)).map(String::from).ok();
        Ok(view! {
            <Pagina ente=None titolo via>
                <Testata vista=vista.clone()/>
                <Voci vista/>
                <div class="callout callout-highlight note d-print-none">
                    <div class="callout-title"><Icon name="info-circle"/><span>{t("Per ritrovare questa pagina")}</span></div>
                    <p>
                        {t("Il suo indirizzo è personale: chi lo conosce vede questo pagamento. Non scade: salvalo tra i preferiti.")}
                        " "
                        {indirizzo.map(|text| view! { <CopyButton text cosa=t("l’indirizzo di questa pagina").to_owned()/> })}
                    </p>
                </div>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

#[component]
fn Testata(vista: EsitoCarrelloVista) -> impl IntoView {
    let (esito, titolo) = (vista.esito, stati::esito(vista.esito));
    let token = vista.token.clone();
    let totale = vista.totale.map_or_else(String::new, soldi);
    match esito {
        EsitoPagamento::Pagato => view! {
            <Outcome esito titolo>
                <p>{tr!("Sono arrivate tutte le ricevute, per {totale} in tutto. Non devi fare altro.", totale)}</p>
            </Outcome>
        }
        .into_any(),
        EsitoPagamento::InCorso | EsitoPagamento::InVerifica => view! {
            <Outcome esito titolo>
                <p>{t("Le ricevute arrivano una per avviso, di solito in pochi secondi, a volte in qualche minuto.")}</p>
                {(vista.ricevute > 0).then(|| view! {
                    <p>{tn("Finora ne è arrivata una.", "Finora ne sono arrivate {n}.", usize::from(vista.ricevute))}</p>
                })}
                <PaymentStatus url=links::stato_pagamento(&token) ricevute=vista.ricevute/>
            </Outcome>
            // as on the page of one payment: without scripts it asks again by itself
            <noscript><meta http-equiv="refresh" content="5"/></noscript>
            <Alert tone=Tone::Warning titolo=t("Non pagare di nuovo")>
                <p>{t("Finché l’esito non è certo, un secondo tentativo potrebbe diventare un doppio pagamento.")}</p>
            </Alert>
        }
        .into_any(),
        EsitoPagamento::Interrotto | EsitoPagamento::NonRiuscito => view! {
            <Outcome esito titolo>
                <p>{t("Non ci sono arrivate tutte le ricevute. pagoPA addebita tutti gli avvisi del carrello o nessuno.")}</p>
                <p>{t("Gli avvisi sono ancora nel carrello: puoi riprovare quando vuoi.")}</p>
            </Outcome>
            <div class="actions">
                <a class="btn btn-primary" href=links::carrello()>{t("Torna al carrello")}</a>
                <a class="btn btn-link" href=links::aiuto()>{t("Chiedi aiuto")}</a>
            </div>
            <Alert tone=Tone::Info titolo=t("Se ti è stato addebitato qualcosa")>
                <p>
                    {t("Non pagare di nuovo. La ricevuta può arrivare anche dopo ore: comparirà in questa pagina. Se domani non c’è ancora, \
                     contatta chi ha addebitato l’importo (la banca o il gestore scelto).")}
                </p>
            </Alert>
        }
        .into_any(),
    }
}

#[component]
fn Voci(vista: EsitoCarrelloVista) -> impl IntoView {
    let rows = vista.voci.into_iter().map(|voce| view! { <Voce voce/> }).collect_view();
    view! {
        <div class="section-head">
            <h2>{t("Gli avvisi di questo pagamento")}</h2>
            <p>{tr!("Iniziato il {quando}", quando = date::prosa_con_ora(vista.iniziato))}</p>
        </div>
        <ul class="cart-list">{rows}</ul>
        <div class="total">
            <span class="total-label">{t("Totale")}</span>
            <span class="money">{vista.totale.map_or_else(|| "–".to_owned(), soldi)}</span>
        </div>
    }
}

#[component]
fn Voce(voce: VoceEsito) -> impl IntoView {
    let (class, stato) = match voce.esito {
        EsitoPagamento::Pagato => ("badge badge-outline-success", t("Pagato")),
        EsitoPagamento::InCorso | EsitoPagamento::InVerifica => ("badge badge-outline-primary", t("In verifica")),
        EsitoPagamento::Interrotto | EsitoPagamento::NonRiuscito => ("badge badge-outline-secondary", t("Non risulta pagato")),
    };
    let pagina = links::esito(&voce.ente.slug, &voce.token);
    let nome = if voce.esito == EsitoPagamento::Pagato { t("Ricevuta") } else { t("Dettagli") };
    view! {
        <li class="cart-item">
            <div class="cart-text">
                <h3 lang=lang_ente()>{voce.causale.clone()}</h3>
                <p>{voce.ente.nome}</p>
                <p class="code-value">{voce.numero.grouped()}</p>
                <p>
                    <span class=class>{stato}</span>" "
                    <a href=pagina>{nome}<span class="visually-hidden" lang=lang_ente()>{format!(" {}", voce.causale)}</span></a>
                </p>
            </div>
            <span class="cart-amount">{soldi(voce.importo)}</span>
        </li>
    }
}
