//! How accessible the portal is. The formal declaration is made by each ente on form.agid.gov.it (L. 4/2004): linked, not copied.

use super::{page, portal, via_portale};
use crate::components::Pagina;
use crate::components::con;
use crate::links;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;

/// Where whoever gets no answer about an obstacle turns to (L. 4/2004, art. 3-quinquies).
const DIFENSORE_CIVICO: &str = "https://www.agid.gov.it/it/design-servizi/accessibilita/difensore-civico-per-il-digitale";

#[component]
pub fn PaginaAccessibilita() -> impl IntoView {
    page(async {
        let enti = portal()?.enti().await?;
        Ok(view! {
            <Pagina ente=None titolo=t("Accessibilità") via=via_portale()>
                <div class="page-head">
                    <h1>{t("Accessibilità")}</h1>
                    <p class="lead">{t("Questo portale è fatto perché tutti possano pagare da soli.")}</p>
                </div>
                <h2>{t("Come è fatto")}</h2>
                <p>
                    {t("Le pagine seguono la norma UNI CEI EN 301 549 e le linee guida WCAG, versione 2.2, livello AA: \
                        sono gli obiettivi con cui le costruiamo e le controlliamo.")}
                </p>
                <ul>
                    <li>{t("Si usa tutto con la sola tastiera, e il punto in cui ti trovi è sempre visibile.")}</li>
                    <li>{t("Ogni pagina ha titoli, campi ed errori che un lettore di schermo sa leggere.")}</li>
                    <li>{t("Funziona anche senza JavaScript, su un telefono lento o con una linea debole.")}</li>
                    <li>{t("Il testo si può ingrandire fino al doppio senza perdere contenuti.")}</li>
                    <li>{t("Nessuna informazione è affidata soltanto al colore.")}</li>
                    <li>{t("Le ricevute in PDF hanno una struttura leggibile dalle tecnologie assistive.")}</li>
                </ul>
                <h2>{t("Che cosa non dipende da noi")}</h2>
                <p>{t("La pagina dove scegli come pagare è di pagoPA S.p.A., che ne cura l’accessibilità.")}</p>
                <Dichiarazioni enti/>
                <h2>{t("Hai incontrato un ostacolo?")}</h2>
                <p>
                    {t("Scrivilo all’ente, ai contatti in fondo alle sue pagine: di’ quale pagina, che cosa volevi fare e con quale dispositivo.")}
                    " "
                    {con(
                        t("Se entro 30 giorni non hai una risposta soddisfacente puoi rivolgerti al [Difensore civico per il digitale]."),
                        |parte| view! { <a href=DIFENSORE_CIVICO>{parte}</a> },
                    )}
                </p>
            </Pagina>
        }
        .into_any())
    })
}

/// The declarations of the enti that have made one.
#[component]
fn Dichiarazioni(enti: Vec<Ente>) -> impl IntoView {
    let rows: Vec<_> = enti
        .into_iter()
        .map(|ente| {
            let dichiarazione = ente.contatti.accessibilita.filter(|url| url.starts_with("https://"));
            match dichiarazione {
                Some(url) => view! { <li><a href=url>{tr!("Dichiarazione di accessibilità: {ente}", ente = ente.nome)}</a></li> }
                    .into_any(),
                None => view! {
                    <li><a href=links::ente(&ente.slug)>{ente.nome}</a>{t(": la dichiarazione non è ancora pubblicata qui.")}</li>
                }
                .into_any(),
            }
        })
        .collect();
    (!rows.is_empty()).then(|| view! { <h2>{t("Le dichiarazioni degli enti")}</h2><ul>{rows}</ul> })
}
