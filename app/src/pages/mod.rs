//! One file per address. A page awaits what it shows and returns HTML, or says why it cannot.

mod accessibilita;
mod accesso;
mod aiuto;
mod attesa;
mod avvertenza;
mod avviso;
mod carrello;
mod catalogo;
mod cerca_avviso;
mod conferma;
mod ente;
mod esito;
mod esito_carrello;
mod mie;
mod miei_pagamenti;
mod modulo;
mod portale;
mod privacy;
mod privacy_portale;
mod promemoria;
#[cfg(test)]
pub(crate) mod prova;
mod rate;
mod ricevuta;
mod ricevuta_trovata;
mod ricevute;
mod ricordamelo;
mod riepilogo;
mod ripresa;
mod ritorno;
mod servizio;
mod spiegazione;
mod spontaneo;
mod testo;
mod verifica;

pub use accessibilita::PaginaAccessibilita;
pub use accesso::PaginaAccesso;
pub use aiuto::PaginaAiuto;
pub use attesa::PaginaAttesa;
pub use avviso::PaginaAvviso;
pub use carrello::PaginaCarrello;
pub use cerca_avviso::PaginaCercaAvviso;
pub use ente::PaginaEnte;
pub use esito::PaginaEsito;
pub use esito_carrello::PaginaEsitoCarrello;
pub use mie::PaginaMie;
pub use miei_pagamenti::{PaginaMiaRicevuta, PaginaMieiPagamenti};
pub use portale::PaginaPortale;
pub use privacy::PaginaPrivacy;
pub use privacy_portale::PaginaPrivacyPortale;
pub use promemoria::PaginaPromemoria;
pub use ricevuta_trovata::PaginaRicevuta;
pub use ricevute::PaginaRicevute;
pub use riepilogo::PaginaRiepilogo;
pub use ritorno::{PaginaRitorno, PaginaRitornoCarrello};
pub use servizio::PaginaServizio;
pub use spontaneo::PaginaSpontaneo;
pub use verifica::PaginaVerifica;

use crate::components::Crumb;
use crate::error::{self, PageError};
use crate::links;
use crate::texts::lingue::t;
use domain::{Ente, Servizio};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use portal::Portal;

/// The frame of every page: waits for its data; what cannot be shown becomes an error page with its status.
///
/// ```text
/// #[component]
/// pub fn PaginaEnte() -> impl IntoView {
///     page(async {
///         let ente = load_ente().await?;
///         let servizi = portal()?.servizi(&ente).await?;
///         Ok(view! { <Pagina ente=ente.clone() titolo=ente.nome.clone()>…</Pagina> }.into_any())
///     })
/// }
/// ```
pub fn page<F>(future: F) -> AnyView
where
    F: Future<Output = Result<AnyView, PageError>> + Send + 'static,
{
    view! {
        <Suspense>
            {Suspend::new(async move {
                match future.await {
                    Ok(view) => view,
                    Err(error) => error::view(error, current_ente().await),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The use cases.
///
/// # Errors
/// [`PageError::NoPortal`] when the server did not provide them.
pub fn portal() -> Result<Portal, PageError> {
    use_context().ok_or(PageError::NoPortal)
}

/// A part of the address, `:nome` in `routes`; empty when the route has no such part.
pub fn param(nome: &str) -> String {
    use_params_map().read_untracked().get(nome).unwrap_or_default()
}

/// A value of the query string.
pub fn query(nome: &str) -> Option<String> {
    use_query_map().read_untracked().get(nome)
}

/// The ente of the address.
///
/// # Errors
/// [`PageError::NotFound`], or what the store says.
pub async fn load_ente() -> Result<Ente, PageError> {
    portal()?.ente(&param("ente")).await?.ok_or(PageError::NotFound)
}

/// The service of the address.
///
/// # Errors
/// [`PageError::NotFound`], or what the store says.
pub async fn load_servizio(ente: &Ente) -> Result<Servizio, PageError> {
    portal()?.servizio(ente, &param("servizio")).await?.ok_or(PageError::NotFound)
}

/// For the frame of an error page: the ente of the address, if there is one and the store answers.
async fn current_ente() -> Option<Ente> {
    load_ente().await.ok()
}

/// The breadcrumb of an ente's page begins at the ente's home.
fn via(ente: &Ente) -> Vec<Crumb> {
    vec![Crumb::new(links::ente(&ente.slug), t("Pagamenti"))]
}

/// The breadcrumb of the portal's own pages.
fn via_portale() -> Vec<Crumb> {
    vec![Crumb::new(links::home(), t("Portale dei pagamenti"))]
}
