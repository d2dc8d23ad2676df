//! The portal's home: a notice by its two codes, or one of the enti.

use super::ripresa::{Riprendi, load_ripresa};
use super::{page, portal};
use crate::components::{ErrorSummary, Icon, Islands, Pagina, RispostaFoto, TextField, Width};
use crate::context::{FormAvviso, FormState};
use crate::islands::AvvisoField;
use crate::links;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;

#[component]
pub fn PaginaPortale() -> impl IntoView {
    page(async {
        let portal = portal()?;
        let enti = portal.enti().await?;
        let ripresa = load_ripresa(&portal, None).await?;
        let form = FormState::<FormAvviso>::of_request();
        let errors = form.errors.clone();
        let refused = !errors.is_empty();
        let labels = vec![
            ("numero", t("Codice avviso").to_owned()),
            ("codice_fiscale_ente", t("Codice fiscale dell’ente creditore").to_owned()),
        ];
        Ok(view! {
            <Pagina ente=None titolo=t("Portale dei pagamenti") errors=refused width=Width::Own>
                <div class="container"><RispostaFoto/></div>
                {refused.then(|| view! { <div class="container"><ErrorSummary errors labels/></div> })}
                <div class="hero">
                    <div class="container">
                        <div class="hero-text">
                            <h1>{t("Paga online, in pochi minuti")}</h1>
                            <p class="lead">{t("Con i codici dell’avviso che hai ricevuto, oppure scegliendo l’ente. Non serve registrarsi.")}</p>
                        </div>
                        <Modulo form/>
                        <p class="hero-help">
                            <a class="icon-link" href=format!("{}#codice", links::aiuto())><Icon name="help-circle"/>{t("Dove trovo i codici?")}</a>
                        </p>
                    </div>
                </div>
                <div class="container">
                    <Riprendi ripresa/>
                    <div class="section-head">
                        <h2>{t("Scegli l’ente")}</h2>
                        <p>{t("Trovi i suoi servizi e i suoi contatti.")}</p>
                    </div>
                    <Enti enti/>
                </div>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

#[component]
fn Modulo(form: FormState<FormAvviso>) -> impl IntoView {
    let (numero_error, ente_error) = (form.error("numero"), form.error("codice_fiscale_ente"));
    let FormAvviso { numero, codice_fiscale_ente } = form.values;
    view! {
        <form class="quick-search" action=links::home() method="post" role="search" aria-label=t("Cerca un avviso") novalidate>
            <AvvisoField
                name="numero".to_owned()
                label=t("Codice avviso").to_owned()
                hint=t("18 cifre, con o senza spazi").to_owned()
                value=numero
                error=numero_error
            />
            <TextField
                name="codice_fiscale_ente"
                label=t("Codice fiscale dell’ente creditore")
                hint=t("11 cifre, sono sullo stesso avviso")
                value=codice_fiscale_ente
                error=ente_error
                required=true
                inputmode="numeric"
                maxlength=40
            />
            <button class="btn btn-primary" type="submit">{t("Continua")}</button>
        </form>
    }
}

#[component]
fn Enti(enti: Vec<Ente>) -> impl IntoView {
    if enti.is_empty() {
        return view! { <p class="muted">{t("Per ora non c’è nessun ente.")}</p> }.into_any();
    }
    let rows = enti
        .into_iter()
        .map(|ente| {
            view! {
                <li class="service">
                    <Icon name="pa"/>
                    <div class="service-text">
                        <h3><a class="stretched-link" href=links::ente(&ente.slug)>{ente.nome}</a></h3>
                        <p>{tr!("Codice fiscale {codice}", codice = ente.codice_fiscale)}</p>
                    </div>
                    <Icon name="chevron-right" class="service-arrow"/>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="service-list">{rows}</ul> }.into_any()
}
