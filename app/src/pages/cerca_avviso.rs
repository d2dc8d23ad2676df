//! A notice by its number. Also where the form comes back with what is wrong: one answer for every kind of miss.

use super::{load_ente, page, param, via};
use crate::components::RequiredNote;
use crate::components::con;
use crate::components::{ErrorSummary, Foto, Islands, Pagina, RispostaFoto};
use crate::context::{FormAvviso, FormState, PERMISSIONS_POLICY, WITH_CAMERA};
use crate::islands::AvvisoField;
use crate::links;
use crate::texts::lingue::t;
use http::{HeaderName, HeaderValue};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// A little more than 18 digits with blanks: what an address may bring along into the field.
const NUMERO_MAX: usize = 60;

#[component]
pub fn PaginaCercaAvviso() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        if let Some(response) = use_context::<ResponseOptions>() {
            response.insert_header(HeaderName::from_static(PERMISSIONS_POLICY), HeaderValue::from_static(WITH_CAMERA));
        }
        let form = FormState::<FormAvviso>::of_request();
        let error = form.error("numero");
        let numero = match form.values.numero {
            typed if !typed.is_empty() || error.is_some() => typed,
            _ => param("numero").chars().take(NUMERO_MAX).collect(),
        };
        let errors = form.errors;
        let slug = ente.slug.clone();
        let via = via(&ente);
        Ok(view! {
            <Pagina ente=Some(ente) titolo=t("Paga un avviso") via errors=!errors.is_empty()>
                <RispostaFoto/>
                <ErrorSummary errors labels=vec![("numero", t("Codice avviso").to_owned())]/>
                <div class="page-head">
                    <h1>{t("Paga un avviso")}</h1>
                    <p class="lead">{t("Scrivi il codice stampato sull’avviso di pagamento: vedi quanto devi e poi decidi.")}</p>
                </div>
                <form action=links::cerca_avviso(&slug) method="post" novalidate>
                    <RequiredNote/>
                    <AvvisoField
                        name="numero".to_owned()
                        label=t("Codice avviso").to_owned()
                        hint=t("18 cifre, con o senza spazi").to_owned()
                        value=numero
                        error
                    />
                    <DoveTrovo/>
                    <div class="actions">
                        <button class="btn btn-primary" type="submit">{t("Continua")}</button>
                        <a class="btn btn-link" href=links::ente(&slug)>{t("Annulla")}</a>
                    </div>
                </form>
                <Foto slug=slug.to_string()/>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

/// Help that stays out of the way.
#[component]
fn DoveTrovo() -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary>{t("Dove trovo il codice?")}</summary>
            <div class="disclosure-body">
                <p>
                    {con(
                        t("Sull’avviso, accanto al codice QR e nella parte [“Banche e altri canali”]: 18 cifre, in gruppi di quattro."),
                        |parte| view! { <strong>{parte}</strong> },
                    )}
                </p>
                <p>{t("Se hai perso l’avviso, chiedine una copia all’ufficio che lo ha emesso.")}</p>
            </div>
        </details>
    }
}
