//! The cart: notices of one or several enti, paid in one trip. Everything here works without scripts.

use super::avvertenza::AvvisoAvvertenza;
use super::conferma::{CampoEmail, Conferme};
use super::{page, portal, via_portale};
use crate::components::{Alert, ErrorSummary, Icon, Pagina, Tone, lang_ente};
use crate::context::{Avvertenza, Conferma, FormState, form_paga};
use crate::cookies::Cookie;
use crate::links;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use crate::texts::{date, stati};
use crate::tr;
use leptos::prelude::*;
use portal::carrello::{CarrelloVista, ProblemaVoce, VoceCarrello};
use portal::pagamento::FormPaga;

#[component]
pub fn PaginaCarrello() -> impl IntoView {
    page(async {
        let portal = portal()?;
        let vista = portal.carrello(&Cookie::Carrello.of_request(&portal).unwrap_or_default()).await?;
        let (avvertenza, form) = (Avvertenza::of_request(), form_paga().unwrap_or_default());
        let (via, errors) = (via_portale(), form.errors.clone());
        let refused = !errors.is_empty();
        let labels = vec![("email", t("E-mail").to_owned())];
        if let Some(conferma) = Conferma::of_request() {
            let refused = !conferma.da_confermare.errors.is_empty();
            return Ok(view! {
                <Pagina ente=None titolo=t("Carrello") via errors=refused><Conferme conferma action=links::carrello()/></Pagina>
            }
            .into_any());
        }
        Ok(view! {
            <Pagina ente=None titolo=t("Carrello") via errors=refused>
                <ErrorSummary errors labels/>
                <AvvisoAvvertenza avvertenza/>
                <div class="page-head">
                    <h1>{t("Carrello")}</h1>
                    <p class="lead">{t("Al massimo cinque avvisi, anche di enti diversi, pagati insieme con una sola operazione.")}</p>
                </div>
                {if vista.voci.is_empty() { view! { <Vuoto/> }.into_any() } else { view! { <Pieno vista form/> }.into_any() }}
            </Pagina>
        }
        .into_any())
    })
}

#[component]
fn Vuoto() -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name="cart"/>
            <p>{t("Il carrello è vuoto.")}</p>
            <a class="btn btn-outline-primary" href=links::home()>{t("Aggiungi un avviso")}</a>
        </div>
    }
}

#[component]
fn Pieno(vista: CarrelloVista, form: FormState<FormPaga>) -> impl IntoView {
    let (pagabile, pieno, totale) = (vista.pagabile(), vista.pieno(), vista.totale);
    let rows = vista.voci.into_iter().map(|voce| view! { <Voce voce/> }).collect_view();
    let altro = if pieno {
        view! { <p class="muted">{t("Il carrello è pieno: pagoPA accetta al massimo cinque avvisi in un pagamento.")}</p> }
            .into_any()
    } else {
        view! { <p><a class="icon-link" href=links::home()><Icon name="plus-circle"/>{t("Aggiungi un altro avviso")}</a></p> }
            .into_any()
    };
    view! {
        <ul class="cart-list">{rows}</ul>
        {altro}
        <div class="total">
            <span class="total-label">{t("Totale da pagare")}</span>
            <span class="money">{totale.map_or_else(|| "–".to_owned(), soldi)}</span>
        </div>
        {if pagabile {
            view! { <Paga form totale=totale.map(|totale| totale.cents().to_string()).unwrap_or_default()/> }.into_any()
        } else {
            view! {
                <Alert tone=Tone::Warning><p>{t("Per pagare, togli dal carrello gli avvisi che non si possono pagare.")}</p></Alert>
            }
            .into_any()
        }}
    }
}

#[component]
fn Voce(voce: VoceCarrello) -> impl IntoView {
    let problema = voce.problema.map(|problema| {
        let testo = match problema {
            ProblemaVoce::NonPagabile(motivo) => stati::non_pagabile_testo(motivo),
            ProblemaVoce::Alternativa => t("Paga lo stesso debito di un altro avviso nel carrello: tieni solo uno dei due."),
        };
        view! { <p class="cart-problem"><Icon name="error"/>{testo}</p> }
    });
    let cambiato = (voce.importo_cambiato && voce.problema.is_none()).then(|| {
        view! { <p class="cart-problem"><Icon name="info-circle"/>{t("L’importo è cambiato da quando l’hai aggiunto.")}</p> }
    });
    let scadenza = voce.scadenza.map(|giorno| format!(" · {}", tr!("entro il {giorno}", giorno = date::prosa(giorno))));
    view! {
        <li class="cart-item">
            <div class="cart-text">
                <h2 lang=lang_ente()>{voce.causale.clone()}</h2>
                <p>{voce.ente.nome}{format!(" · {}", stati::opzione(voce.opzione))}{scadenza}</p>
                {problema}
                {cambiato}
            </div>
            <span class="cart-amount">{soldi(voce.importo)}</span>
            <form action=links::carrello_togli() method="post">
                <input type="hidden" name="voce" value=voce.segno/>
                <button class="btn btn-link btn-sm" type="submit">
                    {t("Togli")}<span class="visually-hidden" lang=lang_ente()>{format!(" {}", voce.causale)}</span>
                </button>
            </form>
        </li>
    }
}

#[component]
fn Paga(form: FormState<FormPaga>, totale: String) -> impl IntoView {
    let error = form.error("email");
    view! {
        <p>
            {t("Ora si apre la pagina di pagoPA, dove scegli carta, conto o app e vedi le eventuali commissioni del gestore prima di \
             confermare. Alla fine torni qui, con l’esito e la ricevuta.")}
        </p>
        <form action=links::carrello() method="post" novalidate>
            <input type="hidden" name="totale" value=totale/>
            <CampoEmail form=form.values error/>
            <div class="actions"><button class="btn btn-primary" type="submit">{t("Paga ora")}</button></div>
        </form>
    }
}
