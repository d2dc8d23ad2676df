//! A payment without a notice: the form. It comes back with what was typed and every error at once; from the summary it is
//! reached again with `?da=token`.

use super::modulo_spontaneo::{Modulo, PASSI, labels};
use super::{load_ente, load_servizio, page, portal, query, via};
use crate::components::{Crumb, ErrorSummary, Islands, Pagina, Stepper, lang_di};
use crate::context::FormState;
use crate::error::PageError;
use crate::links;
use crate::texts::lingue::{lingua, t};
use domain::Ente;
use leptos::prelude::*;
use portal::spontaneo::FormSpontaneo;

#[component]
pub fn PaginaSpontaneo() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let servizio = load_servizio(&ente).await?;
        let spontaneo = servizio.spontaneo.clone().ok_or(PageError::NotFound)?;
        let form = load_form(&ente).await?;
        let errors = form.errors.clone();
        let mut via = via(&ente);
        let (insegna, detta) = servizio.insegna(lingua());
        via.push(Crumb::new(links::servizio(&ente.slug, &servizio.slug), insegna.nome.clone()).said_in(detta));
        let labels = labels(&spontaneo);
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=t("Dati del pagamento") via errors=!errors.is_empty()>
                <ErrorSummary errors labels/>
                <div class="page-head">
                    <h1>{t("Dati del pagamento")}</h1>
                    <p class="lead" lang=lang_di(detta)>{insegna.nome}</p>
                </div>
                <Stepper steps=PASSI active=0/>
                <Modulo ente servizio spontaneo form/>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

/// What was just sent, or what was typed before the summary, or an empty form. A token past its time gives an empty form: what was
/// typed is typed again, nothing else is lost.
async fn load_form(ente: &Ente) -> Result<FormState<FormSpontaneo>, PageError> {
    if let Some(sent) = use_context::<FormState<FormSpontaneo>>() {
        return Ok(sent);
    }
    let Some(token) = query("da") else {
        return Ok(FormState::default());
    };
    let values = portal()?.load_form(ente, &token).await?.unwrap_or_default();
    Ok(FormState { values, errors: Vec::new() })
}
