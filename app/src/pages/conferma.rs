//! One more look before the trip to Checkout: the address just typed, and what was paid a short while ago. The same page as the one
//! "Paga" stands on, so that going back changes nothing.

use crate::components::{Alert, Checkbox, ErrorSummary, Fact, Facts, TextField, Tone};
use crate::context::Conferma;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::tr;
use domain::EsitoPagamento;
use leptos::prelude::*;
use portal::doppioni::Doppione;
use portal::pagamento::FormPaga;

/// `action`: where "Paga" is sent, which is this page's own address too.
#[component]
pub(super) fn Conferme(
    conferma: Conferma,
    action: String,
    /// Where in the form this is.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let Conferma { da_confermare, form } = conferma;
    let doppioni = !da_confermare.doppioni.is_empty();
    let (email, rata, totale) = (form.email.trim().to_owned(), form.rata, form.totale);
    let labels = vec![("anche_se", t("Voglio pagare lo stesso").to_owned())];
    let refused = !da_confermare.errors.is_empty();
    let indietro = action.clone();
    view! {
        <ErrorSummary errors=da_confermare.errors labels/>
        <div class="page-head"><h1>{t("Prima di pagare, controlla")}</h1></div>
        {children.map(|children| children())}
        {da_confermare.email.map(|email| view! {
            <div class="summary">
                <h2>{t("Il tuo indirizzo")}</h2>
                <p>{t("A questo indirizzo arriva l’esito del pagamento. Se c’è un errore, torna indietro e correggilo.")}</p>
                <Facts><Fact nome=t("E-mail")><strong class="text-break">{email.as_str().to_owned()}</strong></Fact></Facts>
            </div>
        })}
        {doppioni.then(|| view! { <Doppioni doppioni=da_confermare.doppioni/> })}
        <form action=action method="post" novalidate>
            <input type="hidden" name="conferma" value="si"/>
            <input type="hidden" name="email" value=email.clone()/>
            <input type="hidden" name="email_vista" value=email/>
            {(!rata.is_empty()).then(|| view! { <input type="hidden" name="rata" value=rata/> })}
            {(!totale.is_empty()).then(|| view! { <input type="hidden" name="totale" value=totale/> })}
            {doppioni.then(|| view! {
                {refused.then(|| view! {
                    <p class="form-feedback invalid-feedback" id="anche_se-errore">
                        <span class="visually-hidden">{t("Errore: ")}</span>
                        {t("Spunta la casella se vuoi pagare lo stesso, oppure torna indietro.")}
                    </p>
                })}
                <Checkbox name="anche_se" label=t("Voglio pagare lo stesso") checked=false/>
            })}
            <div class="actions">
                <button class="btn btn-primary" type="submit">{t("Vai al pagamento")}</button>
                <a class="btn btn-link" href=indietro>{t("Indietro")}</a>
            </div>
        </form>
    }
}

/// When it began and how it stands, and no more: who sees this typed the same data, and need not be who paid.
#[component]
fn Doppioni(doppioni: Vec<Doppione>) -> impl IntoView {
    let rows = doppioni
        .into_iter()
        .map(|doppione| {
            let quando = date::prosa_con_ora(doppione.iniziato);
            let riga = match doppione.esito {
                EsitoPagamento::Pagato => tr!("Iniziato il {quando}: risulta pagato.", quando),
                EsitoPagamento::InVerifica => tr!("Iniziato il {quando}: aspettiamo la ricevuta.", quando),
                _ => tr!("Iniziato il {quando}: è ancora in corso.", quando),
            };
            view! { <li>{riga}</li> }
        })
        .collect_view();
    view! {
        <Alert tone=Tone::Warning titolo=t("Un pagamento uguale c’è già") answer=true>
            <p>{t("Nelle ultime 24 ore qualcuno ha pagato, o sta pagando, la stessa cosa per lo stesso intestatario:")}</p>
            <ul>{rows}</ul>
            <p>{t("Se è lo stesso pagamento, non farlo di nuovo: la ricevuta può arrivare anche dopo ore.")}</p>
        </Alert>
    }
}

/// Where to be told of the payment. Optional; what is typed is shown back before it is used.
#[component]
pub(super) fn CampoEmail(form: FormPaga, #[prop(optional_no_strip)] error: Option<String>) -> impl IntoView {
    view! {
        <TextField
            name="email"
            label=t("E-mail (facoltativa)")
            hint=t("Per ricevere l’esito. La teniamo solo finché serve, al massimo 30 giorni.")
            value=form.email
            error=error
            kind="email"
            autocomplete="email"
        />
    }
}
