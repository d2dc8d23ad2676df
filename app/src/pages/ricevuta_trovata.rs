//! A receipt, for a time: by the link of a letter, or found by notice and codice fiscale.

use super::ricevuta::ArticoloRicevuta;
use super::{load_ente, page, param, portal, via};
use crate::components::{Alert, Crumb, Icon, Islands, NonIndicizzare, Pagina, Tone, con};
use crate::error::{Gone, PageError};
use crate::islands::CopyButton;
use crate::links;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;
use portal::avviso::Trovato;
use portal::ricevute::{AltraRicevuta, RicevutaPagina};

#[component]
pub fn PaginaRicevuta() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let portal = portal()?;
        let pagina = match portal.load_ricevuta(&ente, &param("token")).await? {
            Trovato::Ecco(pagina) => pagina,
            Trovato::NonTrovato => return Err(PageError::NotFound),
            Trovato::Scaduto => {
                return Err(PageError::Gone(Gone {
                    titolo: t("Il collegamento è scaduto"),
                    testo: t(
                        "La ricevuta c’è ancora: per riservatezza scade solo il collegamento. Cercala con il codice dell’avviso e il \
                         codice fiscale dell’intestatario.",
                    ),
                    href: links::ricevute(&ente.slug),
                    azione: t("Cerca la ricevuta"),
                }));
            }
        };
        let mut via = via(&ente);
        via.push(Crumb::new(links::ricevute(&ente.slug), t("Le tue ricevute")));
        let indirizzo = portal.settings().public_url.join(&links::ricevuta(&ente.slug, &pagina.token)).map(String::from).ok();
        Ok(view! {
            <NonIndicizzare/>
            <Pagina ente=Some(ente.clone()) titolo=t("Ricevuta di pagamento") via>
                <Contenuto ente pagina indirizzo/>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

#[component]
fn Contenuto(ente: Ente, pagina: RicevutaPagina, indirizzo: Option<String>) -> impl IntoView {
    let RicevutaPagina { vista, servizio, fino_a, altre, token } = pagina;
    let xml = links::ricevuta_trovata_xml(&ente.slug, &token);
    let bollo = vista.ricevuta.versamenti.iter().any(|versamento| versamento.bollo.is_some());
    let lead = tr!("{importo} per “{causale}”", importo = soldi(vista.ricevuta.importo), causale = vista.ricevuta.descrizione);
    view! {
        <div class="page-head d-print-none">
            <h1>{t("Ricevuta di pagamento")}</h1>
            <p class="lead">{lead}</p>
        </div>
        <Altre ente=ente.clone() altre/>
        <div class="actions">
            <a class="btn btn-primary" href=links::ricevuta_trovata_pdf(&ente.slug, &token)>
                <Icon name="download" class="icon-white"/><span>{t("Scarica la ricevuta (PDF)")}</span>
            </a>
            {bollo.then(|| view! {
                <a class="btn btn-outline-primary" href=links::marca_da_bollo_trovata(&ente.slug, &token) download>
                    <Icon name="download" class="icon-primary"/><span>{t("Scarica la marca da bollo (XML)")}</span>
                </a>
            })}
            <a class="btn btn-outline-primary" href=links::ente(&ente.slug)>{t("Torna ai pagamenti")}</a>
        </div>
        <ArticoloRicevuta vista servizio/>
        <p class="muted d-print-none">
            {t("Per stampare la ricevuta usa il comando “Stampa” del browser, oppure scarica il PDF.")}
            " "
            {con(
                t("La prova del pagamento è la ricevuta telematica: [scaricala come è arrivata (XML)]."),
                move |parte| view! { <a href=xml>{parte}</a> },
            )}
        </p>
        <div class="callout callout-highlight note d-print-none">
            <div class="callout-title"><Icon name="info-circle"/><span>{t("Questo collegamento scade")}</span></div>
            <p>
                {tr!(
                    "Vale fino al {quando}: chi lo conosce vede questa ricevuta. Poi la ritrovi con la ricerca.",
                    quando = date::prosa_con_ora(fino_a)
                )}
                " "
                {indirizzo.map(|text| view! { <CopyButton text cosa=t("il collegamento alla ricevuta").to_owned()/> })}
            </p>
        </div>
    }
}

/// The notice was paid more than once.
#[component]
fn Altre(ente: Ente, altre: Vec<AltraRicevuta>) -> impl IntoView {
    (!altre.is_empty()).then(|| {
        let righe = altre
            .into_iter()
            .map(|altra| {
                let quando = altra.pagata_il.map(date::prosa_con_ora).unwrap_or_default();
                let testo = format!("{} · {quando}", soldi(altra.importo));
                view! { <li><a href=links::ricevuta(&ente.slug, altra.token)>{testo}</a></li> }
            })
            .collect_view();
        view! {
            <Alert tone=Tone::Warning titolo=t("Questo avviso è stato pagato più di una volta")>
                <p>{t("Questa è l’ultima ricevuta arrivata, le altre sono qui. Per il rimborso rivolgiti all’ente.")}</p>
                <ul>{righe}</ul>
            </Alert>
        }
    })
}
