//! The whole site on one page: address → page. `links` writes the same addresses; a test holds the two together.
//!
//! Every page is `Async`: complete HTML, with its status and title, before the first byte leaves. Fixed names come before
//! `:ente`, and no ente may be called like one of them (`domain::Slug`). In a frame of the ente's own site (`/embed`) a page is the same
//! one without what is around it (`context::Cornice`).

use crate::error::PaginaNonTrovata;
use crate::pages::*;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

#[component]
pub fn Site() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=PaginaNonTrovata>
                <Route path=path!("/") view=PaginaPortale ssr=SsrMode::Async/>
                <Route path=path!("/aiuto") view=PaginaAiuto ssr=SsrMode::Async/>
                <Route path=path!("/accessibilita") view=PaginaAccessibilita ssr=SsrMode::Async/>
                <Route path=path!("/privacy") view=PaginaPrivacyPortale ssr=SsrMode::Async/>
                <Route path=path!("/verifica/:token") view=PaginaVerifica ssr=SsrMode::Async/>
                <Route path=path!("/carrello") view=PaginaCarrello ssr=SsrMode::Async/>
                <Route path=path!("/carrello/ritorno/:token") view=PaginaRitornoCarrello ssr=SsrMode::Async/>
                <Route path=path!("/carrello/esito/:token") view=PaginaEsitoCarrello ssr=SsrMode::Async/>
                <Route path=path!("/accesso") view=PaginaAccesso ssr=SsrMode::Async/>
                <Route path=path!("/mie") view=PaginaMie ssr=SsrMode::Async/>
                <Route path=path!("/mie/pagamenti") view=PaginaMieiPagamenti ssr=SsrMode::Async/>
                <Route path=path!("/mie/pagamenti/:token") view=PaginaMiaRicevuta ssr=SsrMode::Async/>
                <Route path=path!("/:ente") view=PaginaEnte ssr=SsrMode::Async/>
                <Route path=path!("/:ente/privacy") view=PaginaPrivacy ssr=SsrMode::Async/>
                <Route path=path!("/:ente/avviso") view=PaginaCercaAvviso ssr=SsrMode::Async/>
                <Route path=path!("/:ente/avviso/:numero") view=PaginaCercaAvviso ssr=SsrMode::Async/>
                <Route path=path!("/:ente/avviso/v/:token") view=PaginaAvviso ssr=SsrMode::Async/>
                <Route path=path!("/:ente/servizi/:servizio") view=PaginaServizio ssr=SsrMode::Async/>
                <Route path=path!("/:ente/servizi/:servizio/paga") view=PaginaSpontaneo ssr=SsrMode::Async/>
                <Route path=path!("/:ente/riepilogo/:token") view=PaginaRiepilogo ssr=SsrMode::Async/>
                <Route path=path!("/:ente/ritorno/:token") view=PaginaRitorno ssr=SsrMode::Async/>
                <Route path=path!("/:ente/esito/:token") view=PaginaEsito ssr=SsrMode::Async/>
                <Route path=path!("/embed/:ente/avviso") view=PaginaCercaAvviso ssr=SsrMode::Async/>
                <Route path=path!("/embed/:ente/servizi/:servizio") view=PaginaSpontaneo ssr=SsrMode::Async/>
                <Route path=path!("/:ente/ricevute") view=PaginaRicevute ssr=SsrMode::Async/>
                <Route path=path!("/:ente/ricevuta/:token") view=PaginaRicevuta ssr=SsrMode::Async/>
                <Route path=path!("/:ente/promemoria/:token") view=PaginaPromemoria ssr=SsrMode::Async/>
                // a POST that came to nothing shows the page it stands on
                <Route path=path!("/:ente/avviso/v/:token/promemoria") view=PaginaAvviso ssr=SsrMode::Async/>
                <Route path=path!("/:ente/promemoria/:token/disdici") view=PaginaPromemoria ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
