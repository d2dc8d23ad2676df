//! A service: its sheet in the order of the Modello Comuni (the `data-element`s are theirs), and the way in.

use super::spontaneo::LinkAltrove;
use super::testo::{paragrafi, scritto};
use super::{load_ente, load_servizio, page, via};
use crate::components::{Pagina, SoloItaliano, lang_di};
use crate::links;
use crate::texts::lingue::{lingua, t};
use domain::modulo::Testi;
use domain::servizio::Scheda;
use domain::{Ente, Modulo, Servizio};
use leptos::prelude::*;

#[component]
pub fn PaginaServizio() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let servizio = load_servizio(&ente).await?;
        let via = via(&ente);
        let (insegna, detta) = servizio.insegna(lingua());
        let solo_italiano = (!servizio.scheda.is_said_in(lingua())).then(|| view! { <SoloItaliano/> });
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=insegna.nome.clone() via>
                <div class="page-head">
                    <h1 data-element="service-title" lang=lang_di(detta)>{insegna.nome}</h1>
                    <p class="lead" data-element="service-description" lang=lang_di(detta)>{insegna.descrizione}</p>
                </div>
                <div class="actions"><Ingresso ente=ente.clone() servizio=servizio.clone()/></div>
                {solo_italiano}
                <SchedaServizio ente servizio/>
            </Pagina>
        }
        .into_any())
    })
}

/// The one button of the page; it stands at the top and again where the sheet speaks of it.
#[component]
fn Ingresso(ente: Ente, servizio: Servizio) -> impl IntoView {
    let (href, label) = match servizio.modulo {
        Some(Modulo { esterno: Some(esterno), .. }) => return view! { <LinkAltrove esterno/> }.into_any(),
        Some(_) => (links::spontaneo(&ente.slug, &servizio.slug), t("Paga online")),
        None => (links::cerca_avviso(&ente.slug), t("Inserisci il codice avviso")),
    };
    view! { <a class="btn btn-primary" href=href data-element="service-online-access">{label}</a> }.into_any()
}

#[component]
fn SchedaServizio(ente: Ente, servizio: Servizio) -> impl IntoView {
    let Scheda {
        insegne: _,
        a_chi_e_rivolto,
        come_fare,
        cosa_serve,
        cosa_si_ottiene,
        tempi_e_scadenze,
        costi,
        condizioni,
        contatti,
        in_ritardo: _,
    } = servizio.scheda.clone();
    let cosa_serve = (!cosa_serve.is_empty()).then(|| {
        let rows = cosa_serve
            .into_iter()
            .map(|cosa| {
                let (testo, lang) = scritto(&cosa);
                view! { <li lang=lang>{testo}</li> }
            })
            .collect_view();
        view! { <section><h2>{t("Cosa serve")}</h2><ul data-element="service-needed">{rows}</ul></section> }
    });
    let accesso = match &servizio.modulo {
        None => t("Questo servizio si paga con l’avviso che l’ente ti manda: tieni a portata di mano il codice di 18 cifre."),
        Some(Modulo { esterno: Some(_), .. }) => {
            t("Questo servizio si paga su un altro sito: il collegamento ti porta fuori da questo portale.")
        }
        Some(_) => t("Scegli che cosa pagare, scrivi i dati e controlla il riepilogo: il pagamento parte solo alla fine."),
    };
    view! {
        <div class="service-sheet">
            <Sezione titolo=t("A chi è rivolto") element="service-addressed" testo=a_chi_e_rivolto/>
            <Sezione titolo=t("Come fare") element="service-how-to" testo=come_fare/>
            {cosa_serve}
            <Sezione titolo=t("Cosa si ottiene") element="service-achieved" testo=cosa_si_ottiene/>
            <Sezione titolo=t("Tempi e scadenze") element="service-calendar-text" testo=tempi_e_scadenze/>
            <Sezione titolo=t("Costi") element="service-cost" testo=costi.unwrap_or_default()/>
            <section data-element="service-generic-access">
                <h2>{t("Accedi al servizio")}</h2>
                <p>{accesso}</p>
                <div class="actions"><Ingresso ente servizio/></div>
            </section>
            <Sezione titolo=t("Condizioni di servizio") element="service-conditions" testo=condizioni.unwrap_or_default()/>
            <Sezione titolo=t("Contatti") element="service-contacts" testo=contatti/>
        </div>
    }
}

/// A voice of the sheet; nothing when the ente left it empty.
#[component]
fn Sezione(titolo: &'static str, element: &'static str, testo: Testi) -> impl IntoView {
    let (testo, lang) = scritto(&testo);
    (!testo.trim().is_empty()).then(|| {
        view! { <section><h2>{titolo}</h2><div data-element=element lang=lang>{paragrafi(&testo)}</div></section> }
    })
}
