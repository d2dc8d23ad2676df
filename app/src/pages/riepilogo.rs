//! Everything once more before paying. Changing something leads back to the form; paying leads to pagoPA.

use super::avvertenza::AvvisoAvvertenza;
use super::conferma::{CampoEmail, Conferme};
use super::modulo_spontaneo::PASSI;
use super::{load_ente, page, param, portal, via};
use crate::components::{Crumb, ErrorSummary, Fact, Facts, Pagina, Stepper};
use crate::context::{Avvertenza, Conferma, FormState, form_paga};
use crate::error::{Gone, PageError};
use crate::links;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use domain::{Ente, Lingua, Soggetto};
use leptos::prelude::*;
use portal::avviso::Trovato;
use portal::pagamento::FormPaga;
use portal::spontaneo::RiepilogoVista;

#[component]
pub fn PaginaRiepilogo() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let vista = match portal()?.load_riepilogo(&ente, &param("token")).await? {
            Trovato::Ecco(vista) => vista,
            Trovato::NonTrovato => return Err(PageError::NotFound),
            Trovato::Scaduto => {
                return Err(PageError::Gone(Gone {
                    titolo: t("Il riepilogo è scaduto"),
                    testo: t(
                        "Un riepilogo vale due ore. Se non hai pagato, non ti è stato addebitato nulla: scegli di nuovo il servizio.",
                    ),
                    href: links::ente(&ente.slug),
                    azione: t("Scegli il servizio"),
                }));
            }
        };
        let avvertenza = Avvertenza::of_request();
        let mut via = via(&ente);
        via.push(Crumb::new(links::servizio(&ente.slug, &vista.servizio_slug), vista.servizio.clone()).said_in(Lingua::It));
        if let Some(conferma) = Conferma::of_request() {
            let (refused, action) = (!conferma.da_confermare.errors.is_empty(), links::riepilogo(&ente.slug, &vista.token));
            return Ok(view! {
                <Pagina ente=Some(ente) titolo=t("Riepilogo") via errors=refused>
                    <Conferme conferma action><Stepper steps=PASSI active=1/></Conferme>
                </Pagina>
            }
            .into_any());
        }
        let form = form_paga().unwrap_or_else(|| {
            // what was written on the form, to look at and to change
            let email = vista.debitore.email.clone().unwrap_or_default();
            FormState { values: FormPaga { email, ..FormPaga::default() }, errors: Vec::new() }
        });
        let errors = form.errors.clone();
        let refused = !errors.is_empty();
        let labels = vec![("email", t("E-mail").to_owned())];
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=t("Riepilogo") via errors=refused>
                <ErrorSummary errors labels/>
                <AvvisoAvvertenza avvertenza/>
                <div class="page-head"><h1>{t("Controlla e paga")}</h1></div>
                <Stepper steps=PASSI active=1/>
                <Contenuto ente=ente.clone() vista=vista.clone()/>
                <Paga ente vista form/>
            </Pagina>
        }
        .into_any())
    })
}

#[component]
fn Contenuto(ente: Ente, vista: RiepilogoVista) -> impl IntoView {
    let modifica = |campo: &str| links::spontaneo_da(&ente.slug, &vista.servizio_slug, &vista.token, campo);
    let (voce, intestatario, versante) = (modifica("voce"), modifica("codice_fiscale"), modifica("altro_versante"));
    view! {
        <div class="summary">
            <Testata titolo=t("Cosa paghi") href=voce cosa=t("cosa paghi")/>
            <Facts>
                <Fact nome=t("Servizio") di_ente=true>{vista.servizio}</Fact>
                <Fact nome=t("Causale") di_ente=true>{vista.causale}</Fact>
                {vista.quantita.map(|(quantita, prezzo)| view! {
                    <Fact nome=t("Quantità")>{format!("{quantita} × {}", soldi(prezzo))}</Fact>
                })}
                <Fact nome=t("Ente")>{ente.nome}</Fact>
            </Facts>
        </div>
        <div class="summary">
            <Testata titolo=t("Intestatario") href=intestatario cosa=t("l’intestatario")/>
            <DatiSoggetto soggetto=vista.debitore/>
        </div>
        <div class="summary">
            <Testata titolo=t("Chi paga") href=versante cosa=t("chi paga")/>
            {match vista.versante {
                Some(soggetto) => view! { <DatiSoggetto soggetto/> }.into_any(),
                None => view! { <Facts><Fact nome=t("Nome")>{t("L’intestatario stesso")}</Fact></Facts> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Testata(titolo: &'static str, href: String, cosa: &'static str) -> impl IntoView {
    view! {
        <div class="summary-head">
            <h2>{titolo}</h2>
            <a href=href>{t("Modifica")}<span class="visually-hidden">{format!(" {cosa}")}</span></a>
        </div>
    }
}

#[component]
fn DatiSoggetto(soggetto: Soggetto) -> impl IntoView {
    view! {
        <Facts>
            <Fact nome=t("Nome")>{soggetto.nome}</Fact>
            <Fact nome=t("Codice fiscale")><span class="code-value">{soggetto.codice_fiscale.as_str().to_owned()}</span></Fact>
        </Facts>
    }
}

#[component]
fn Paga(ente: Ente, vista: RiepilogoVista, form: FormState<FormPaga>) -> impl IntoView {
    let error = form.error("email");
    let indietro = links::spontaneo_da(&ente.slug, &vista.servizio_slug, &vista.token, "voce");
    view! {
        <div class="total">
            <span class="total-label">{t("Totale da pagare")}</span>
            <span class="money">{soldi(vista.importo)}</span>
        </div>
        <p>
            {t("Ora si apre la pagina di pagoPA, dove scegli carta, conto o app e vedi le eventuali commissioni del gestore prima di \
             confermare. Alla fine torni qui, con l’esito e la ricevuta.")}
        </p>
        <form action=links::riepilogo(&ente.slug, &vista.token) method="post" novalidate>
            <CampoEmail form=form.values error/>
            <div class="actions">
                <button class="btn btn-primary" type="submit">{t("Paga ora")}</button>
                <button class="btn btn-outline-primary" type="submit" formaction=links::riepilogo_nel_carrello(&ente.slug, &vista.token)>
                    {t("Aggiungi al carrello")}
                </button>
                <a class="btn btn-link" href=indietro>{t("Indietro")}</a>
            </div>
        </form>
    }
}
