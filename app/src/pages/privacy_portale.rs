//! The privacy notice of the portal's own pages: the controller is the ente one pays, so it leads to each ente's. The Modello Comuni wants
//! it linked from every page (C.SI.3.3), also from those that are no ente's.

use super::privacy::CookieERegistri;
use super::{page, portal, via_portale};
use crate::components::Pagina;
use crate::links;
use crate::texts::lingue::t;
use leptos::prelude::*;

#[component]
pub fn PaginaPrivacyPortale() -> impl IntoView {
    page(async {
        let portal = portal()?;
        let (enti, accesso) = (portal.enti().await?, portal.has_accesso(None));
        let rows =
            enti.into_iter().map(|ente| view! { <li><a href=links::privacy(&ente.slug)>{ente.nome}</a></li> }).collect_view();
        Ok(view! {
            <Pagina ente=None titolo=t("Informativa sulla privacy") via=via_portale()>
                <div class="page-head">
                    <h1>{t("Informativa sulla privacy")}</h1>
                    <p class="lead">{t("Titolare dei dati è l’ente a cui paghi: scegli il tuo per leggere la sua informativa.")}</p>
                </div>
                <ul>{rows}</ul>
                <CookieERegistri accesso/>
            </Pagina>
        }
        .into_any())
    })
}
