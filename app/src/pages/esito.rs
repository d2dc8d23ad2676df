//! How a payment ended: the durable page of one trip to Checkout. It shows what is written, never what one hopes for: paid is
//! what has a receipt.

use super::ricevuta::ArticoloRicevuta;
use super::{load_ente, page, param, portal, via};
use crate::components::{Alert, Code, Fact, Facts, Icon, Islands, Outcome, Pagina, Tone, con, con_testo_di_ente};
use crate::error::PageError;
use crate::islands::{CopyButton, PaymentStatus, ShareButton};
use crate::links;
use crate::texts::lingue::{fill, t};
use crate::texts::numeri::soldi;
use crate::texts::{date, stati};
use crate::tr;
use domain::{Ente, EsitoPagamento, StatoLettera};
use leptos::prelude::*;
use portal::pagamento::{EsitoVista, LetteraVista};

#[component]
pub fn PaginaEsito() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let portal = portal()?;
        let vista = portal.load_esito(&ente, &param("token")).await?.ok_or(PageError::NotFound)?;
        let via = via(&ente);
        let titolo = stati::esito(vista.esito);
        let indirizzo = portal.settings().public_url.join(&links::esito(&ente.slug, &vista.token)).map(String::from).ok();
        let contenuto = match vista.esito {
            EsitoPagamento::InCorso | EsitoPagamento::InVerifica => view! { <Attesa ente=ente.clone() vista/> }.into_any(),
            EsitoPagamento::Pagato => view! { <Pagato ente=ente.clone() vista/> }.into_any(),
            EsitoPagamento::Interrotto | EsitoPagamento::NonRiuscito => view! { <NonPagato ente=ente.clone() vista/> }.into_any(),
        };
        Ok(view! {
            <Pagina ente=Some(ente) titolo via>
                {contenuto}
                <Indirizzo indirizzo/>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

/// The receipt is awaited.
#[component]
fn Attesa(ente: Ente, vista: EsitoVista) -> impl IntoView {
    let testo = match vista.esito {
        EsitoPagamento::InCorso => {
            t("Se la pagina di pagoPA è ancora aperta, continua da lì. Quando il pagamento arriva, qui compare la ricevuta.")
        }
        _ => t(
            "Di solito bastano pochi secondi, a volte qualche minuto. Quando il pagamento è confermato, qui compare la ricevuta.",
        ),
    };
    let (stato, questa) = (links::stato_pagamento(&vista.token), links::esito(&ente.slug, &vista.token));
    view! {
        <Outcome esito=vista.esito titolo=stati::esito(vista.esito)>
            <p>{testo}</p>
            <PaymentStatus url=stato ricevute=0/>
        </Outcome>
        // Without scripts the page asks again by itself. It belongs in the head, which is written before the state is known: `markup`
        // takes it there.
        <noscript><meta http-equiv="refresh" content="5"/></noscript>
        <Alert tone=Tone::Warning titolo=t("Non pagare di nuovo")>
            <p>{t("Finché l’esito non è certo, un secondo tentativo potrebbe diventare un doppio pagamento.")}</p>
            <p>
                {t("Se su pagoPA hai confermato, l’importo può essere già stato addebitato: quando arriva la ricevuta, lo dice questa pagina.")}
            </p>
        </Alert>
        <Pagamento vista/>
        <div class="actions">
            <a class="btn btn-outline-primary" href=questa>
                <Icon name="refresh" class="icon-primary"/><span>{t("Aggiorna la pagina")}</span>
            </a>
        </div>
    }
}

#[component]
fn Pagato(ente: Ente, vista: EsitoVista) -> impl IntoView {
    let titolo = stati::esito(vista.esito);
    let (esito, causale, servizio) = (vista.esito, vista.causale.clone(), vista.servizio.clone());
    let Some(ricevuta) = vista.ricevuta.clone() else {
        return view! {
            <Outcome esito titolo><p>{t("Questo avviso risulta pagato. Non devi fare altro.")}</p></Outcome>
            <Alert tone=Tone::Info>
                <p>{t("Non è stato pagato da questa pagina: la ricevuta è di chi ha pagato. Se serve a te, chiedila all’ente.")}</p>
            </Alert>
            <Pagamento vista/>
        }
        .into_any();
    };
    let testo = con_testo_di_ente(
        &fill(
            t("È arrivata la ricevuta: {importo} per “{causale}”. Non devi fare altro."),
            &[("importo", &soldi(ricevuta.ricevuta.importo))],
        ),
        "{causale}",
        causale,
    );
    let bollo = ricevuta.ricevuta.versamenti.iter().any(|versamento| versamento.bollo.is_some());
    let xml = links::ricevuta_xml(&ente.slug, &vista.token);
    let lettera = vista.lettera.clone();
    view! {
        // on paper the receipt is enough: it says "Pagato" itself
        <div class="d-print-none"><Outcome esito titolo><p>{testo}</p></Outcome></div>
        <div class="actions">
            <a class="btn btn-primary" href=links::ricevuta_pdf(&ente.slug, &vista.token) download>
                <Icon name="download" class="icon-white"/><span>{t("Scarica la ricevuta (PDF)")}</span>
            </a>
            {bollo.then(|| view! {
                <a class="btn btn-outline-primary" href=links::marca_da_bollo(&ente.slug, &vista.token) download>
                    <Icon name="download" class="icon-primary"/><span>{t("Scarica la marca da bollo (XML)")}</span>
                </a>
            })}
            <a class="btn btn-outline-primary" href=links::ente(&ente.slug)>{t("Torna ai pagamenti")}</a>
        </div>
        <ArticoloRicevuta vista=ricevuta servizio/>
        <Posta lettera/>
        <p class="muted d-print-none">
            {t("Per stampare la ricevuta usa il comando “Stampa” del browser, oppure scarica il PDF.")}
            " "
            {con(
                t("La prova del pagamento è la ricevuta telematica: [scaricala come è arrivata (XML)]."),
                move |parte| view! { <a href=xml download>{parte}</a> },
            )}
        </p>
    }
    .into_any()
}

/// What the letter did. Only what the server of the mail said is told as done.
#[component]
fn Posta(lettera: Option<LetteraVista>) -> impl IntoView {
    lettera.map(|LetteraVista { email, stato }| {
        let testo = match stato {
            StatoLettera::DaInviare | StatoLettera::Affidata => tr!("Stiamo mandando la ricevuta a {email}.", email),
            StatoLettera::Inviata => {
                tr!("Abbiamo mandato la ricevuta a {email}. Se non la trovi, guarda nella posta indesiderata.", email)
            }
            StatoLettera::Incerta => tr!(
                "Abbiamo mandato la ricevuta a {email}, ma non sappiamo se è arrivata. Non la rimandiamo: scaricala da qui.",
                email
            ),
            StatoLettera::Rifiutata | StatoLettera::Tralasciata => {
                tr!("Non siamo riusciti a mandare la ricevuta a {email}: forse l’indirizzo è sbagliato. Scaricala da qui.", email)
            }
        };
        view! { <p class="d-print-none"><Icon name="mail"/>" "{testo}</p> }
    })
}

/// No receipt has come. Nobody here can know that no money moved, so the page does not say it.
#[component]
fn NonPagato(ente: Ente, vista: EsitoVista) -> impl IntoView {
    let testo = match vista.esito {
        EsitoPagamento::Interrotto => {
            t("Hai interrotto il pagamento sulla pagina di pagoPA. Non ci è arrivata nessuna ricevuta.")
        }
        _ => {
            t("Non ci è arrivata nessuna ricevuta: pagoPA non ha completato il pagamento, o la conferma non è arrivata in tempo.")
        }
    };
    let riprova = vista.riprova.as_ref().map(|token| {
        view! { <a class="btn btn-primary" href=links::avviso(&ente.slug, token)>{t("Riprova")}</a> }
    });
    let da_pagare = if riprova.is_some() {
        t("L’avviso risulta ancora da pagare: puoi riprovare quando vuoi.")
    } else {
        t("L’avviso ora non si può pagare da qui: cercalo con il suo codice per sapere perché.")
    };
    view! {
        <Outcome esito=vista.esito titolo=stati::esito(vista.esito)><p>{testo}</p><p>{da_pagare}</p></Outcome>
        <div class="actions">
            {riprova}
            <a class="btn btn-outline-primary" href=links::cerca_avviso(&ente.slug)>{t("Cerca l’avviso")}</a>
            <a class="btn btn-link" href=links::aiuto()>{t("Chiedi aiuto")}</a>
        </div>
        <Alert tone=Tone::Info titolo=t("Se ti è stato addebitato qualcosa")>
            <p>
                {t("Non pagare di nuovo. La ricevuta può arrivare anche dopo ore: comparirà in questa pagina. Se domani non c’è ancora, \
                 contatta chi ha addebitato l’importo (la banca o il gestore scelto).")}
            </p>
        </Alert>
        <Pagamento vista/>
    }
}

/// Which payment this is about.
#[component]
fn Pagamento(vista: EsitoVista) -> impl IntoView {
    view! {
        <Facts>
            <Fact nome=t("Causale") di_ente=true>{vista.causale}</Fact>
            {vista.servizio.map(|servizio| view! { <Fact nome=t("Servizio") di_ente=true>{servizio}</Fact> })}
            <Fact nome=t("Importo")>{soldi(vista.importo)}</Fact>
            <Fact nome=t("Codice avviso")>
                <Code text=vista.numero.grouped() copied=vista.numero.as_str() cosa=t("il codice avviso")/>
            </Fact>
            <Fact nome=t("Iniziato il")>{date::prosa_con_ora(vista.iniziato)}</Fact>
        </Facts>
    }
}

/// The page can be found again only by its address.
#[component]
fn Indirizzo(indirizzo: Option<String>) -> impl IntoView {
    view! {
        <div class="callout callout-highlight note d-print-none">
            <div class="callout-title"><Icon name="info-circle"/><span>{t("Per ritrovare questa pagina")}</span></div>
            <p>
                {t("Il suo indirizzo è personale: chi lo conosce vede questo pagamento. Non scade: salvalo tra i preferiti.")}
                " "
                {indirizzo.map(|text| view! {
                    <CopyButton text=text.clone() cosa=t("l’indirizzo di questa pagina").to_owned()/>
                    <ShareButton label=t("Condividi").to_owned() titolo=t("Esito del pagamento").to_owned() text=None url=Some(text)/>
                })}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::prova;

    fn html(esito: EsitoPagamento, riprova: Option<&str>) -> String {
        let vista = EsitoVista { esito, riprova: riprova.map(str::to_owned), ..prova::esito() };
        Owner::new().with(|| view! { <NonPagato ente=prova::ente() vista/> }.to_html())
    }

    #[test]
    fn without_a_receipt_nobody_is_told_that_no_money_moved() {
        for esito in [EsitoPagamento::Interrotto, EsitoPagamento::NonRiuscito] {
            let html = html(esito, Some("TOKEN"));
            assert!(!html.contains("addebitato nulla"), "{html}");
            assert!(html.contains("Se ti è stato addebitato qualcosa"), "{html}");
            assert!(html.contains(r#"href="/valdoria/avviso/v/TOKEN""#), "{html}");
        }
    }

    #[test]
    fn one_can_try_again_only_when_the_notice_can_be_paid() {
        let html = html(EsitoPagamento::NonRiuscito, None);
        assert!(!html.contains("Riprova"), "{html}");
        assert!(html.contains(r#"href="/valdoria/avviso""#), "{html}");
    }

    #[test]
    fn while_the_receipt_is_awaited_the_page_asks_again_also_without_scripts() {
        let html = Owner::new().with(|| view! { <Attesa ente=prova::ente() vista=prova::esito()/> }.to_html());
        assert!(html.contains(r#"<noscript><meta http-equiv="refresh" content="5"></noscript>"#), "{html}");
        assert!(html.contains("/api/pagamenti/ESITO") && html.contains("Non pagare di nuovo"), "{html}");
    }
}
