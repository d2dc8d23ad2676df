//! A reminder, from its letter: confirm it, or call it off. Opening the page changes nothing: programs that look into letters open links.
//! No script.

use super::{load_ente, page, param, portal, via};
use crate::components::{Alert, Fact, Facts, NonIndicizzare, Pagina, Tone};
use crate::context::PromemoriaDisdetto;
use crate::error::{Gone, PageError};
use crate::links;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;
use portal::avviso::Trovato;
use portal::promemoria::PromemoriaVista;

#[component]
pub fn PaginaPromemoria() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let via = via(&ente);
        if use_context::<PromemoriaDisdetto>().is_some() {
            return Ok(view! {
                <NonIndicizzare/>
                <Pagina ente=Some(ente.clone()) titolo=t("Promemoria disdetto") via><Disdetto ente/></Pagina>
            }
            .into_any());
        }
        let vista = match portal()?.load_promemoria(&ente, &param("token")).await? {
            Trovato::Ecco(vista) => vista,
            Trovato::NonTrovato => return Err(PageError::NotFound),
            Trovato::Scaduto => {
                return Err(PageError::Gone(Gone {
                    titolo: t("Questo promemoria non c’è più"),
                    testo: t(
                        "È stato disdetto, non è stato confermato in tempo, o la scadenza è passata. Se ti serve, chiedilo di nuovo dalla \
                         pagina dell’avviso.",
                    ),
                    href: links::cerca_avviso(&ente.slug),
                    azione: t("Cerca l’avviso"),
                }));
            }
        };
        Ok(view! {
            <NonIndicizzare/>
            <Pagina ente=Some(ente.clone()) titolo=t("Promemoria di una scadenza") via><Contenuto ente vista/></Pagina>
        }
        .into_any())
    })
}

#[component]
fn Contenuto(ente: Ente, vista: PromemoriaVista) -> impl IntoView {
    let stato = match (vista.scritto, vista.confermato) {
        (true, _) => view! { <Alert tone=Tone::Info><p>{t("Il promemoria è partito. Non ne riceverai altri per questo avviso.")}</p></Alert> }.into_any(),
        (false, true) => view! {
            <Alert tone=Tone::Success titolo=t("Promemoria confermato")>
                <p>{tr!("Ti scriviamo il {giorno}, a meno che l’avviso sia già pagato.", giorno = date::prosa(vista.giorno))}</p>
            </Alert>
        }
        .into_any(),
        (false, false) => view! {
            <p class="lead">{tr!("Vuoi un’e-mail il {giorno}, se l’avviso non è ancora pagato?", giorno = date::prosa(vista.giorno))}</p>
        }
        .into_any(),
    };
    let conferma = (!vista.confermato).then(|| {
        view! {
            <form action=links::promemoria(&ente.slug, &vista.token) method="post">
                <button class="btn btn-primary" type="submit">{t("Sì, ricordamelo")}</button>
            </form>
        }
    });
    let no = if vista.confermato { t("Non ricordarmelo più") } else { t("No, cancella l’indirizzo") };
    view! {
        <div class="page-head"><h1>{t("Promemoria di una scadenza")}</h1></div>
        {stato}
        <Facts>
            <Fact nome=t("Scadenza dell’avviso")>{date::prosa(vista.scadenza)}</Fact>
            <Fact nome=t("E-mail")>{vista.email}</Fact>
        </Facts>
        <div class="actions">
            {conferma}
            <form action=links::disdici_promemoria(&ente.slug, &vista.token) method="post">
                <button class="btn btn-outline-primary" type="submit">{no}</button>
            </form>
        </div>
        <p class="muted">{t("L’indirizzo serve solo a questo promemoria: lo cancelliamo dopo la scadenza, o subito se lo disdici.")}</p>
    }
}

#[component]
fn Disdetto(ente: Ente) -> impl IntoView {
    view! {
        <div class="page-head">
            <h1>{t("Promemoria disdetto")}</h1>
            <p class="lead">{t("Non ti scriveremo, e l’indirizzo è cancellato. L’avviso e la sua scadenza restano come sono.")}</p>
        </div>
        <div class="actions"><a class="btn btn-outline-primary" href=links::ente(&ente.slug)>{t("Torna ai pagamenti")}</a></div>
    }
}
