//! Everything once more before paying. Changing something leads back to the form; paying leads to pagoPA.

use super::avvertenza::AvvisoAvvertenza;
use super::conferma::{CampoEmail, Conferme};
use super::spontaneo::PASSI;
use super::{load_ente, page, param, portal, via};
use crate::components::{Crumb, ErrorSummary, Fact, Facts, Pagina, Stepper};
use crate::context::{Avvertenza, Conferma, FormState, form_paga};
use crate::error::{Gone, PageError};
use crate::links;
use crate::texts::lingue::{lingua, t};
use crate::texts::numeri::{self, soldi};
use domain::modulo::{Detto, EsitoCampo, TipoCampo, Valore};
use domain::{Ente, Lingua, Soggetto};
use leptos::prelude::*;
use portal::avviso::Trovato;
use portal::pagamento::FormPaga;
use portal::spontaneo::{Compilato, RiepilogoVista};

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
    let modifica = |campo: String| links::spontaneo_da(&ente.slug, &vista.servizio_slug, &vista.token, &campo);
    let Dove { cosa, intestatario, versante } = dove(vista.compilato.as_ref());
    let (cosa, intestatario, versante) = (modifica(cosa), modifica(intestatario), modifica(versante));
    let risposte = risposte(&vista);
    view! {
        <div class="summary">
            <Testata titolo=t("Cosa paghi") href=cosa cosa=t("cosa paghi")/>
            <Facts>
                <Fact nome=t("Servizio") di_ente=true>{vista.servizio}</Fact>
                <Fact nome=t("Causale") di_ente=true>{vista.causale}</Fact>
                {risposte
                    .into_iter()
                    .map(|Risposta { nome, lang, valore, lang_valore }| {
                        view! { <div><dt lang=lang>{nome}</dt><dd lang=lang_valore>{valore}</dd></div> }
                    })
                    .collect_view()}
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

/// Where what is told here was typed.
#[derive(Default)]
struct Dove {
    cosa: String,
    intestatario: String,
    versante: String,
}

fn dove(compilato: Option<&Compilato>) -> Dove {
    let Some(Compilato { modulo, .. }) = compilato else { return Dove::default() };
    let sezioni = &modulo.modulo().sezioni;
    let first = |sezione: usize| sezioni.get(sezione).and_then(|sezione| sezione.campi.first()).map(|campo| campo.nome.clone());
    let (debitore, versante) = (modulo.debtor(), modulo.payer());
    Dove {
        cosa: first(0).unwrap_or_default(),
        versante: versante
            .and_then(|chi| first(chi.sezione))
            .or_else(|| debitore.as_ref().map(|chi| chi.nome.clone()))
            .unwrap_or_default(),
        intestatario: debitore.map(|chi| chi.codice_fiscale).unwrap_or_default(),
    }
}

/// A question of the form and its answer, each with its language where that is another than the page's.
struct Risposta {
    nome: String,
    lang: Option<&'static str>,
    valore: String,
    lang_valore: Option<&'static str>,
}

/// What was answered, but for who pays, which stands below; and what was reckoned, while it still explains the amount.
fn risposte(vista: &RiepilogoVista) -> Vec<Risposta> {
    let Some(Compilato { modulo, esame, attuale }) = &vista.compilato else { return Vec::new() };
    let who: Vec<String> = [modulo.debtor(), modulo.payer()]
        .into_iter()
        .flatten()
        .flat_map(|chi| [Some(chi.codice_fiscale), Some(chi.nome), chi.email].into_iter().flatten())
        .collect();
    let lingua = lingua();
    let mark = |detto: Detto| (detto.testo, (detto.lingua != lingua).then(|| detto.lingua.code()));
    let answer = |esito: &EsitoCampo| {
        let campo = modulo.data(esito);
        let valore = esito.valore.as_ref().filter(|_| esito.visibile && !who.contains(&esito.path))?;
        let (mut nome, lang) = mark(campo.etichetta.say(lingua));
        let gruppo = &modulo.modulo().sezioni[esito.sezione].campi[esito.campo];
        let righe = esame.campo(&gruppo.nome).map_or(&[][..], |gruppo| &gruppo.righe);
        if let Some(at) = righe.iter().position(|riga| esito.interno.is_some() && *riga == esito.riga) {
            nome = format!("{} {}, {nome}", gruppo.etichetta.say(lingua).testo, at + 1);
        }
        let label = |valore: &String| {
            campo.opzioni.iter().find(|scelta| scelta.valore == *valore).map(|scelta| mark(scelta.etichetta.say(lingua)))
        };
        let (valore, lang_valore) = match (campo.tipo, valore) {
            (TipoCampo::Calcolato, _) if !attuale || campo.etichetta.is_empty() => return None,
            // the box of who pays for another is told below, by who it is
            (TipoCampo::Casella, Valore::Booleano(_)) if modulo.payer().is_some_and(|chi| chi.sezione == esito.sezione) => {
                return None;
            }
            (TipoCampo::Casella, Valore::Booleano(si)) => ((if *si { t("Sì") } else { t("No") }).to_owned(), None),
            (TipoCampo::Scelta, Valore::Testo(scelta)) => label(scelta)?,
            // what stands on the stamp
            (TipoCampo::Documento, Valore::Testo(impronta)) => (format!("SHA-256: {impronta}"), None),
            (TipoCampo::Scelte, Valore::Elenco(scelte)) => {
                let labels: Vec<_> = scelte.iter().filter_map(label).collect();
                (
                    labels.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("; "),
                    labels.first().and_then(|(_, lang)| *lang),
                )
            }
            (_, valore) => (numeri::valore(lingua, valore), None),
        };
        Some(Risposta { nome: nome.trim_end_matches('?').to_owned(), lang, valore, lang_valore })
    };
    esame.campi.iter().filter_map(answer).collect()
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
    let indietro = links::spontaneo_da(&ente.slug, &vista.servizio_slug, &vista.token, &dove(vista.compilato.as_ref()).cosa);
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
