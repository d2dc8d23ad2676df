use super::{Icon, Lingue};
use crate::cookies::Cookie;
use crate::links;
use crate::texts::lingue::{t, tn};
use domain::Ente;
use leptos::prelude::*;
use portal::Portal;
use portal::accesso::Persona;

/// Skip links, the banner of a test installation, the ente above and the languages, the ente's name (which is no heading: the page has its own).
#[component]
pub fn Header(ente: Option<Ente>) -> impl IntoView {
    let di_prova = use_context::<Portal>().is_some_and(|portal| portal.settings().ambiente_di_prova);
    let accesso = Entrata::of_page(ente.as_ref());
    let above = ente.as_ref().and_then(|ente| ente.contatti.ente_superiore.clone());
    let emblem = ente
        .as_ref()
        .map_or_else(|| view! { <Icon name="pa"/> }.into_any(), |ente| view! { <Stemma ente=ente.clone()/> }.into_any());
    let (href, nome, tagline) = match ente {
        Some(ente) => (links::ente(&ente.slug), ente.nome, Some(t("Portale dei pagamenti"))),
        None => (links::home(), t("Portale dei pagamenti").to_owned(), None),
    };
    view! {
        <div class="skiplinks">
            <a class="visually-hidden-focusable" href="#contenuto">{t("Vai al contenuto principale")}</a>
            <a class="visually-hidden-focusable" href="#fondo">{t("Vai al fondo della pagina")}</a>
        </div>
        {di_prova.then(|| view! { <TestBanner/> })}
        <header class="it-header-wrapper">
            <div class="it-header-slim-wrapper">
                <div class="container">
                    <div class="it-header-slim-wrapper-content">
                        <span class="navbar-brand">{above}</span>
                        <div class="it-header-slim-right-zone"><Lingue/><Accesso accesso/></div>
                    </div>
                </div>
            </div>
            <div class="it-header-center-wrapper it-small-header">
                <div class="container">
                    <div class="it-header-center-content-wrapper">
                        <div class="it-brand-wrapper">
                            <a href=href>
                                {emblem}
                                <div class="it-brand-text">
                                    <div class="it-brand-title">{nome}</div>
                                    {tagline.map(|tagline| view! { <div class="it-brand-tagline d-none d-md-block">{tagline}</div> })}
                                </div>
                            </a>
                        </div>
                        <Carrello/>
                    </div>
                </div>
            </div>
        </header>
    }
    .into_any()
}

/// The emblem of the ente; what it is stands beside it. Until it has one, that of any office.
#[component]
pub(super) fn Stemma(ente: Ente) -> impl IntoView {
    match ente.aspetto.logo {
        Some(logo) => {
            view! { <img class="emblem" src=links::logo(&ente.slug, format!("{}.png", logo.as_str())) alt="" decoding="async"/> }
                .into_any()
        }
        None => view! { <Icon name="pa"/> }.into_any(),
    }
}

/// How many notices are in the cart of this browser; nothing while there are none.
#[component]
fn Carrello() -> impl IntoView {
    let avvisi = use_context::<Portal>()
        .and_then(|portal| Some(portal.in_carrello(&Cookie::Carrello.of_request(&portal)?)))
        .unwrap_or_default();
    (avvisi > 0).then(|| {
        view! {
            <div class="it-right-zone">
                <a class="header-link" href=links::carrello()>
                    <Icon name="cart" class="icon-white"/>
                    <span>
                        {t("Carrello")}" "<span class="header-count" aria-hidden="true">{avvisi}</span>
                        <span class="visually-hidden">{tn("con un avviso", "con {n} avvisi", avvisi)}</span>
                    </span>
                </a>
            </div>
        }
    })
}

/// Where one comes in, or goes to what is one's own.
enum Entrata {
    Dentro,
    Qui(String),
}

impl Entrata {
    /// `None`: there is no provider here.
    fn of_page(ente: Option<&Ente>) -> Option<Self> {
        if use_context::<Persona>().is_some() {
            return Some(Self::Dentro);
        }
        let portal = use_context::<Portal>()?;
        match ente {
            Some(ente) if portal.has_own_accesso(&ente.codice_fiscale) => Some(Self::Qui(links::accesso_ente(&ente.slug))),
            _ => portal.has_accesso(None).then(|| Self::Qui(links::accesso())),
        }
    }
}

#[component]
fn Accesso(accesso: Option<Entrata>) -> impl IntoView {
    let (href, text) = match accesso {
        None => return ().into_any(),
        Some(Entrata::Dentro) => (links::mie(), t("Area personale")),
        Some(Entrata::Qui(href)) => (href, t("Accedi all’area personale")),
    };
    view! {
        <div class="it-access-top-wrapper">
            <a class="btn btn-primary btn-icon btn-full" href=href data-element="personal-area-login">
                <span class="rounded-icon" aria-hidden="true"><Icon name="user" class="icon-primary"/></span>
                <span class="d-none d-lg-block">{text}</span>
                <span class="visually-hidden d-lg-none">{text}</span>
            </a>
        </div>
    }
    .into_any()
}

#[component]
fn TestBanner() -> impl IntoView {
    view! {
        <aside class="test-banner" aria-label=t("Ambiente di prova")>
            <div class="container">
                <Icon name="tool"/>
                <p><strong>{t("Ambiente di prova.")}</strong>" "{t("Nessun pagamento è reale e nessun dato viene inviato a pagoPA.")}</p>
            </div>
        </aside>
    }
    .into_any()
}
