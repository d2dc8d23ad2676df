//! Receipts by notice and codice fiscale: for whoever lost the link, or never had one. One answer for every kind of miss.

use super::{load_ente, page, via};
use crate::components::{Alert, ErrorSummary, Islands, Pagina, RequiredNote, Tone};
use crate::context::{FormRicevute, FormState};
use crate::islands::{AvvisoField, CodiceFiscaleField};
use crate::links;
use crate::texts::lingue::t;
use leptos::prelude::*;

#[component]
pub fn PaginaRicevute() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let form = FormState::<FormRicevute>::of_request();
        let (numero_error, cf_error) = (form.error("numero"), form.error("codice_fiscale"));
        let FormState { values, mut errors } = form;
        let nessuna = errors.iter().any(|error| error.field == FormRicevute::RICERCA);
        errors.retain(|error| error.field != FormRicevute::RICERCA);
        let slug = ente.slug.clone();
        let via = via(&ente);
        let labels =
            vec![("numero", t("Codice avviso").to_owned()), ("codice_fiscale", t("Codice fiscale dell’intestatario").to_owned())];
        Ok(view! {
            <Pagina ente=Some(ente) titolo=t("Le tue ricevute") via errors=nessuna || !errors.is_empty()>
                <ErrorSummary errors labels/>
                {nessuna.then(|| view! { <Nessuna/> })}
                <div class="page-head">
                    <h1>{t("Le tue ricevute")}</h1>
                    <p class="lead">
                        {t("Hai già pagato e ti serve la ricevuta? La ritrovi con il codice dell’avviso e il codice fiscale a cui era \
                         intestato.")}
                    </p>
                </div>
                <form action=links::ricevute(&slug) method="post" novalidate>
                    <RequiredNote/>
                    <AvvisoField
                        name="numero".to_owned()
                        label=t("Codice avviso").to_owned()
                        hint=t("18 cifre, con o senza spazi").to_owned()
                        value=values.numero
                        error=numero_error
                    />
                    <CodiceFiscaleField
                        name="codice_fiscale".to_owned()
                        label=t("Codice fiscale dell’intestatario").to_owned()
                        hint=t("Della persona o dell’azienda a cui era intestato l’avviso").to_owned()
                        value=values.codice_fiscale
                        error=cf_error
                    />
                    <details class="disclosure">
                        <summary>{t("Non ho più l’avviso")}</summary>
                        <div class="disclosure-body">
                            <p>{t("Il codice è anche nell’e-mail della banca o dell’app con cui hai pagato, e sull’attestazione del pagamento.")}</p>
                            <p>{t("La ricevuta compare qui appena arriva: di solito pochi secondi dopo il pagamento, a volte qualche ora.")}</p>
                        </div>
                    </details>
                    <div class="actions">
                        <button class="btn btn-primary" type="submit">{t("Cerca la ricevuta")}</button>
                        <a class="btn btn-link" href=links::ente(&slug)>{t("Annulla")}</a>
                    </div>
                </form>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

/// One answer, whatever it was: no such notice, not paid, somebody else's.
#[component]
fn Nessuna() -> impl IntoView {
    view! {
        <Alert tone=Tone::Warning titolo=t("Non troviamo una ricevuta con questi dati") answer=true>
            <p>
                {t("Ricontrolla i due codici. Se hai pagato da poco, riprova più tardi: la ricevuta può arrivare dopo qualche ora. Se non \
                 la trovi nemmeno domani, chiedi all’ente.")}
            </p>
        </Alert>
    }
}
