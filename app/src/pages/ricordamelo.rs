//! "Ricordamelo": on the page of a notice that is not paid yet.

use crate::components::{Alert, Choice, Choices, TextField, Tone};
use crate::context::{FormState, SegnoPromemoria};
use crate::lettere::giorni_prima;
use crate::links;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;
use portal::avviso::AvvisoVista;
use portal::promemoria::FormPromemoria;

/// Chosen until somebody chooses: enough to pay by any way.
const GIORNI: &str = "3";

/// What became of it. The same whether a letter was written or not: nobody learns who asked before.
#[component]
pub(super) fn EsitoPromemoria() -> impl IntoView {
    match SegnoPromemoria::of_request() {
        Some(SegnoPromemoria::Chiesto { email, giorno }) => view! {
            <Alert tone=Tone::Success titolo=t("Manca la tua conferma") answer=true>
                <p>
                    {tr!(
                        "Abbiamo scritto a {email}. Apri il messaggio e conferma entro due giorni: il promemoria parte il {giorno}. \
                         Se l’indirizzo è sbagliato, chiedilo di nuovo.",
                        email = email.as_str(),
                        giorno = date::prosa(giorno)
                    )}
                </p>
            </Alert>
        }
        .into_any(),
        Some(SegnoPromemoria::NonServe) => view! {
            <Alert tone=Tone::Info answer=true><p>{t("Per questo avviso non serve più un promemoria.")}</p></Alert>
        }
        .into_any(),
        None => ().into_any(),
    }
}

/// Closed until somebody opens it: most people came to pay.
#[component]
pub(super) fn Ricordamelo(ente: Ente, vista: AvvisoVista) -> impl IntoView {
    if vista.promemoria.is_empty() {
        return ().into_any();
    }
    let form = FormState::<FormPromemoria>::of_request();
    let (email_error, giorni_error) = (form.error("email"), form.error("giorni"));
    let chosen = match form.values.giorni.as_str() {
        "" if vista.promemoria.iter().any(|giorni| giorni.to_string() == GIORNI) => GIORNI.to_owned(),
        "" => vista.promemoria.first().map(u8::to_string).unwrap_or_default(),
        typed => typed.to_owned(),
    };
    let choices: Vec<Choice> = vista
        .promemoria
        .iter()
        .map(|giorni| Choice { value: giorni.to_string(), nome: giorni_prima(*giorni), ..Choice::default() })
        .collect();
    view! {
        <details class="disclosure" open=!form.errors.is_empty()>
            <summary>{t("Non paghi adesso? Ricordamelo per e-mail")}</summary>
            <div class="disclosure-body">
                <form action=links::chiedi_promemoria(&ente.slug, &vista.token) method="post" novalidate>
                    <TextField
                        name="email"
                        // the way to pay has one as well
                        id="promemoria-email"
                        label=t("La tua e-mail")
                        hint=t("Serve solo a questo promemoria: la cancelliamo dopo la scadenza")
                        value=form.values.email.clone()
                        error=email_error
                        required=true
                        kind="email"
                        autocomplete="email"
                    />
                    <Choices name="giorni" legend=t("Quando") choices value=chosen error=giorni_error/>
                    <button class="btn btn-outline-primary" type="submit">{t("Ricordamelo")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}
