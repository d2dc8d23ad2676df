use super::Icon;
use super::contatti::is_web;
use super::header::Stemma;
use crate::links;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;

/// Who it is, and the pages the law wants linked (`data-element`: the official validator looks for them).
#[component]
pub fn Footer(ente: Option<Ente>) -> impl IntoView {
    let nome = ente.as_ref().map_or_else(|| t("Portale dei pagamenti").to_owned(), |ente| ente.nome.clone());
    let privacy = ente.as_ref().map_or_else(links::privacy_portale, |ente| links::privacy(&ente.slug));
    let accessibilita = dichiarazione(ente.as_ref());
    let emblem = match &ente {
        Some(ente) if ente.aspetto.logo.is_some() => view! { <Stemma ente=ente.clone()/> }.into_any(),
        _ => view! { <Icon name="pa" class="icon-white"/> }.into_any(),
    };
    let (note_legali, riscontro) =
        ente.as_ref().map(|ente| (ente.aspetto.note_legali.clone(), ente.aspetto.riscontro.clone())).unzip();
    view! {
        <footer class="it-footer" id="fondo">
            <div class="it-footer-main">
                <div class="container">
                    <div class="footer-brand">{emblem}<span>{nome}</span></div>
                    <div class="footer-columns">
                        {ente.map(|ente| view! { <Recapiti ente/> })}
                        <div>
                            <h2>{t("Assistenza")}</h2>
                            <ul><li><a href=links::aiuto() data-element="faq">{t("Domande frequenti")}</a></li></ul>
                        </div>
                        <div>
                            <h2>{t("Pagamenti")}</h2>
                            // words only: the badge's artwork belongs to bodies that joined pagoPA (brand rules)
                            <p><span class="badge">{t("Integrato con pagoPA")}</span></p>
                            <p>{t("I pagamenti passano dalla piattaforma pagoPA. Questo sito non vede né conserva i dati delle tue carte.")}</p>
                        </div>
                    </div>
                </div>
            </div>
            <div class="it-footer-small-prints">
                <div class="container">
                    <h2 class="visually-hidden">{t("Link legali")}</h2>
                    <ul class="it-footer-small-prints-list">
                        <li><a href=privacy data-element="privacy-policy-link">{t("Informativa privacy")}</a></li>
                        <li><a href=accessibilita data-element="accessibility-link">{t("Dichiarazione di accessibilità")}</a></li>
                        {note_legali.flatten().map(|address| view! { <li><a href=address.as_str().to_owned() data-element="legal-notes">{t("Note legali")}</a></li> })}
                        {riscontro.flatten().map(|address| view! { <li><a href=address.as_str().to_owned() data-element="feedback">{t("Segnala un problema")}</a></li> })}
                    </ul>
                </div>
            </div>
        </footer>
    }
    .into_any()
}

/// The ente's declaration on form.agid.gov.it (L. 4/2004); our own page until there is one.
pub(super) fn dichiarazione(ente: Option<&Ente>) -> String {
    let of_ente = ente.and_then(|ente| ente.contatti.accessibilita.clone()).filter(|url| is_web(url));
    of_ente.unwrap_or_else(links::accessibilita)
}

#[component]
fn Recapiti(ente: Ente) -> impl IntoView {
    let contatti = ente.contatti;
    view! {
        <div>
            <h2>{t("Contatti")}</h2>
            <address>
                {contatti.indirizzo.map(|indirizzo| view! { {indirizzo}<br/> })}
                {tr!("Codice fiscale {codice}", codice = ente.codice_fiscale)}
                {contatti.pec.map(|pec| view! { <br/>"PEC "<a href=format!("mailto:{pec}")>{pec.clone()}</a> })}
                {contatti.telefono.map(|telefono| view! { <br/>{tr!("Telefono {telefono}", telefono)} })}
            </address>
        </div>
    }
    .into_any()
}
