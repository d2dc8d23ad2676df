//! A notice that was found: what is due, until when, and the way to pay it. Nothing about the debtor.

use super::avvertenza::AvvisoAvvertenza;
use super::conferma::{CampoEmail, Conferme};
use super::rate::{AltreRate, Scelta, opzione, stato};
use super::ricordamelo::{EsitoPromemoria, Ricordamelo};
use super::spiegazione::Spiegazione;
use super::{load_ente, page, param, portal, via};
use crate::components::{Alert, Code, ErrorSummary, Icon, Islands, Money, Pagina, Tone, Width, lang_di, lang_ente};
use crate::context::{Avvertenza, Conferma, FormState, form_paga};
use crate::error::{Gone, PageError};
use crate::islands::ShareButton;
use crate::links;
use crate::texts::lingue::{lingua, t};
use crate::texts::numeri::soldi;
use crate::texts::{date, stati};
use crate::tr;
use domain::posizione::NonPagabile;
use domain::{Ente, Opzione};
use jiff::civil::Date;
use leptos::prelude::*;
use portal::avviso::{AvvisoVista, Trovato};
use portal::pagamento::FormPaga;

#[component]
pub fn PaginaAvviso() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let portal = portal()?;
        let vista = match portal.load_avviso(&ente, &param("token")).await? {
            Trovato::Ecco(vista) => vista,
            Trovato::NonTrovato => return Err(PageError::NotFound),
            Trovato::Scaduto => {
                return Err(PageError::Gone(Gone {
                    titolo: t("La ricerca è scaduta"),
                    testo: t(
                        "Per riservatezza, l’indirizzo di un avviso vale mezz’ora. Cerca di nuovo l’avviso con il suo codice.",
                    ),
                    href: links::cerca_avviso(&ente.slug),
                    azione: t("Cerca di nuovo"),
                }));
            }
        };
        let oggi = portal.clock().today();
        let avvertenza = Avvertenza::of_request();
        let mut via = via(&ente);
        via.push(crate::components::Crumb::new(links::cerca_avviso(&ente.slug), t("Paga un avviso")));
        if let Some(conferma) = Conferma::of_request() {
            let (refused, action) = (!conferma.da_confermare.errors.is_empty(), links::avviso(&ente.slug, &vista.token));
            return Ok(view! {
                <Pagina ente=Some(ente) titolo=t("Avviso di pagamento") via errors=refused><Conferme conferma action/></Pagina>
            }
            .into_any());
        }
        let form = form_paga().unwrap_or_default();
        let errors = form.errors.clone();
        let refused = !errors.is_empty();
        let labels = vec![("email", t("E-mail").to_owned()), ("rata", t("Che cosa paghi").to_owned())];
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=t("Avviso di pagamento") via errors=refused width=Width::Wide>
                <ErrorSummary errors labels/>
                <AvvisoAvvertenza avvertenza/>
                <EsitoPromemoria/>
                <div class="page-head">
                    <h1>{t("Avviso di pagamento")}</h1>
                    <p class="lead">{ente.nome.clone()}{scadenza(vista.scadenza)}</p>
                </div>
                <div class="columns">
                    <div class="columns-main">
                        <Dati ente=ente.clone() vista=vista.clone()/>
                        <Nota vista=vista.clone() oggi/>
                    </div>
                    // before the codes: on a phone they are a screen of their own
                    <div class="columns-side"><Azione ente=ente.clone() vista=vista.clone() form/></div>
                    <div class="columns-codes">
                        <Ricordamelo ente=ente.clone() vista=vista.clone()/>
                        <Codici ente=ente.clone() vista=vista.clone()/>
                        <Spiegazione ente=ente.clone() vista=vista.clone()/>
                    </div>
                    <AltreRate ente vista/>
                </div>
            </Pagina>
            <Islands/>
        }
        .into_any())
    })
}

fn scadenza(scadenza: Option<Date>) -> Option<impl IntoView> {
    scadenza.map(|giorno| {
        view! { " · "{t("scadenza")}" "<strong><time datetime=date::iso(giorno)>{date::prosa(giorno)}</time></strong> }
    })
}

/// What it is for, and how much.
#[component]
fn Dati(ente: Ente, vista: AvvisoVista) -> impl IntoView {
    let stato = stato(&vista, vista.opzione, vista.non_pagabile);
    view! {
        <div class="notice-box" role="group" aria-labelledby="avviso-titolo">
            <div class="notice-box-head">
                <h2 id="avviso-titolo">{t("Dati dell’avviso")}</h2>
                {stato}
            </div>
            <div class="notice-box-body">
                <div class="notice-box-facts">
                    <Money importo=vista.importo label=t("Importo")/>
                    <dl class="facts">
                        <div><dt>{t("Causale")}</dt><dd lang=lang_ente()>{vista.causale}</dd></div>
                        <div><dt>{t("Modalità")}</dt><dd>{opzione(vista.opzione, vista.ridotto_entro)}</dd></div>
                        {vista.servizio.map(|servizio| {
                            let (insegna, detta) = servizio.insegna(lingua());
                            view! {
                                <div>
                                    <dt>{t("Servizio")}</dt>
                                    <dd><a href=links::servizio(&ente.slug, servizio.slug) lang=lang_di(detta)>{insegna.nome}</a></dd>
                                </div>
                            }
                        })}
                    </dl>
                </div>
            </div>
        </div>
    }
}

/// What one needs of it to pay somewhere else.
#[component]
fn Codici(ente: Ente, vista: AvvisoVista) -> impl IntoView {
    let qr = vista.qr_svg.map(|svg| {
        view! {
            <figure class="notice-box-qr">
                // drawn by `documents::qr` from digits alone
                <div class="qr" inner_html=svg></div>
                <figcaption>{t("Inquadralo con l’app della tua banca o con IO")}</figcaption>
            </figure>
        }
    });
    // what a counter or an app asks for; the address of this page would be good for half an hour
    let condividi = vista.non_pagabile.is_none().then(|| {
        let text = tr!(
            "Avviso di pagamento di {ente}: {importo}. Codice avviso {numero}, codice fiscale dell’ente {codice}.",
            ente = ente.nome,
            importo = soldi(vista.importo),
            numero = vista.numero.grouped(),
            codice = ente.codice_fiscale
        );
        let (label, titolo) = (t("Manda i codici a chi paga per te").to_owned(), t("Avviso di pagamento").to_owned());
        view! { <p><ShareButton label titolo text=Some(text) url=None/></p> }
    });
    view! {
        <div class="notice-box" role="group" aria-labelledby="codici-titolo">
            <div class="notice-box-head"><h2 id="codici-titolo">{t("Codici dell’avviso")}</h2></div>
            <div class="notice-box-body">
                <div class="notice-box-facts">
                    <dl class="facts">
                        <div>
                            <dt>{t("Codice avviso")}</dt>
                            <dd><Code text=vista.numero.grouped() copied=vista.numero.as_str() cosa=t("il codice avviso")/></dd>
                        </div>
                        <div>
                            <dt>{t("Codice fiscale ente creditore")}</dt>
                            <dd><Code text=ente.codice_fiscale.as_str() cosa=t("il codice fiscale dell’ente")/></dd>
                        </div>
                    </dl>
                    {condividi}
                </div>
                {qr}
            </div>
        </div>
    }
}

/// What one must know before paying it, or why one cannot.
#[component]
fn Nota(vista: AvvisoVista, oggi: Date) -> impl IntoView {
    if let Some(motivo) = vista.non_pagabile {
        let restano = vista.altre.iter().any(|altra| altra.non_pagabile != Some(NonPagabile::Pagata));
        let (tone, testo) = match (motivo, vista.opzione) {
            (NonPagabile::Pagata, Opzione::Unica) if restano => (
                Tone::Info,
                t("È già stata pagata una rata: si continua a rate. Quelle ancora da pagare sono in questa pagina, più sotto."),
            ),
            (NonPagabile::Pagata, _) if restano => {
                (Tone::Info, t("Questa rata risulta già pagata. Quelle ancora da pagare sono in questa pagina, più sotto."))
            }
            (NonPagabile::Pagata, _) => (Tone::Success, stati::non_pagabile_testo(motivo)),
            _ => (Tone::Warning, stati::non_pagabile_testo(motivo)),
        };
        return view! { <Alert tone><p>{testo}</p></Alert> }.into_any();
    }
    let in_ritardo = vista.scadenza.is_some_and(|giorno| giorno < oggi).then(|| {
        view! {
            <Alert tone=Tone::Warning>
                <p>{t("La scadenza è passata. Puoi ancora pagare; l’ente può chiedere a parte sanzioni e interessi.")}</p>
            </Alert>
        }
    });
    let bollo = vista.bollo.then(|| {
        view! { <Alert tone=Tone::Info><p>{t("L’importo comprende una marca da bollo digitale: la trovi nella ricevuta.")}</p></Alert> }
    });
    view! { {in_ritardo}{bollo} }.into_any()
}

/// What one takes away. Addresses are sealed, as the page's own.
#[component]
fn Carte(ente: Ente, vista: AvvisoVista) -> impl IntoView {
    // without `download`: when the half hour is over, the browser shows the page that says so
    let carta = vista.ha_carta.then(|| {
        view! {
            <li>
                <a href=links::avviso_pdf(&ente.slug, &vista.token)>
                    <Icon name="download"/><span>{t("Scarica l’avviso (PDF)")}</span>
                </a>
            </li>
        }
    });
    let calendario = vista.ha_calendario.then(|| {
        view! {
            <li>
                <a href=links::scadenze_ics(&ente.slug, &vista.token)>
                    <Icon name="calendar"/><span>{t("Metti la scadenza nel calendario")}</span>
                </a>
            </li>
        }
    });
    (carta.is_some() || calendario.is_some()).then(|| view! { <ul class="link-rows">{carta}{calendario}</ul> })
}

/// The one thing to do here.
#[component]
fn Azione(ente: Ente, vista: AvvisoVista, form: FormState<FormPaga>) -> impl IntoView {
    let (error, rata_error) = (form.error("email"), form.error("rata"));
    if vista.non_pagabile.is_some() {
        return view! {
            <div class="pay-box">
                <h2>{t("Che cosa puoi fare")}</h2>
                <p>{t("Per domande su questo avviso rivolgiti all’ente: i contatti sono in fondo alla pagina.")}</p>
                <a class="btn btn-outline-primary" href=links::cerca_avviso(&ente.slug)>{t("Cerca un altro avviso")}</a>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="pay-box">
            <h2>{t("Paga online")}</h2>
            <p>{t("Si apre la pagina di pagoPA, dove scegli carta, conto o app. Possono esserci commissioni del gestore. Alla fine torni qui.")}</p>
            <form action=links::avviso(&ente.slug, &vista.token) method="post" novalidate>
                <Scelta vista=vista.clone() scelta=form.values.rata.clone() error=rata_error/>
                <CampoEmail form=form.values error/>
                <div class="actions">
                    <button class="btn btn-primary" type="submit">{t("Vai al pagamento")}</button>
                    <button class="btn btn-outline-primary" type="submit" formaction=links::avviso_nel_carrello(&ente.slug, &vista.token)>
                        {t("Aggiungi al carrello")}
                    </button>
                </div>
            </form>
            <hr/>
            <h3>{t("Oppure altrove")}</h3>
            <p>{t("Con i due codici o con il codice QR puoi pagare in banca, alla posta, in tabaccheria o con la tua app.")}</p>
            <Carte ente vista/>
        </div>
    }
    .into_any()
}
