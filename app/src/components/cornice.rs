use super::footer::dichiarazione;
use crate::context::Cornice;
use crate::links;
use crate::texts::lingue::t;
use domain::Ente;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use portal::Portal;

/// What a page in a frame says below, in place of the footer: whose it is, what a click does, the pages the law wants linked. And the
/// script that tells the page around how tall this one is, when that page is a registered one.
#[component]
pub fn FondoCornice(ente: Option<Ente>, cornice: Cornice) -> impl IntoView {
    let di_prova = use_context::<Portal>().is_some_and(|portal| portal.settings().ambiente_di_prova);
    let nome = ente.as_ref().map_or_else(|| t("Portale dei pagamenti").to_owned(), |ente| ente.nome.clone());
    let privacy = ente.as_ref().map_or_else(links::privacy_portale, |ente| links::privacy(&ente.slug));
    let accessibilita = dichiarazione(ente.as_ref());
    let script = cornice.genitore.zip(use_context::<LeptosOptions>()).map(|(genitore, options)| {
        let src = format!("/{}/cornice.js", options.site_pkg_dir);
        view! { <script src=src nonce=use_nonce() data-genitore=genitore.to_string() defer></script> }
    });
    view! {
        <footer class="frame-footer">
            <div class="container container-narrow">
                {di_prova.then(|| view! { <p><strong>{t("Ambiente di prova.")}</strong>" "{t("Nessun pagamento è reale e nessun dato viene inviato a pagoPA.")}</p> })}
                <p><strong>{nome}"."</strong>" "{t("Quando continui, il portale dei pagamenti si apre in questa finestra.")}</p>
                <ul>
                    <li><a href=privacy data-element="privacy-policy-link">{t("Informativa privacy")}</a></li>
                    <li><a href=accessibilita data-element="accessibility-link">{t("Dichiarazione di accessibilità")}</a></li>
                </ul>
            </div>
        </footer>
        {script}
    }
    .into_any()
}
