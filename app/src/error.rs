//! A page that cannot be shown: which status, which words, what to do next. The only place where errors become words.

mod denaro;

use crate::components::{Icon, Pagina};
use crate::context::{Guasto, Manutenzione, Riferimento};
use crate::links;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::tr;
use denaro::Denaro;
use domain::Ente;
use http::StatusCode;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use portal::PortalError;

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// No such address, or nothing behind it: one answer for both.
    #[error("not found")]
    NotFound,
    /// The same, where more can be said than that.
    #[error("not found")]
    Miss(Gone),
    /// The address was good once.
    #[error("gone")]
    Gone(Gone),
    #[error("{0}")]
    Internal(#[from] PortalError),
    #[error("the server gave the pages no portal")]
    NoPortal,
}

/// What to say at an address past its time, and where to go from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    pub titolo: &'static str,
    pub testo: &'static str,
    pub href: String,
    /// Label of the link.
    pub azione: &'static str,
}

impl PageError {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::Miss(_) => StatusCode::NOT_FOUND,
            Self::Gone(_) => StatusCode::GONE,
            Self::Internal(error) if error.is_temporary() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) | Self::NoPortal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The error page of a [`PageError`]; sets the status and logs what we have to mend, once.
pub fn view(error: PageError, ente: Option<Ente>) -> AnyView {
    let status = error.status();
    if status.is_server_error() {
        tracing::error!(riferimento = %Riferimento::of_request().0, %error, "a page cannot be shown");
    }
    match error {
        PageError::Gone(gone) | PageError::Miss(gone) => view! { <Errore status ente gone/> }.into_any(),
        _ => view! { <Errore status ente/> }.into_any(),
    }
}

/// The page of a request that the server could not serve.
#[component]
pub fn PaginaGuasto(guasto: Guasto) -> impl IntoView {
    view! { <Errore status=guasto.0 ente=None/> }.into_any()
}

/// No such address.
#[component]
pub fn PaginaNonTrovata() -> impl IntoView {
    view! { <Errore status=StatusCode::NOT_FOUND ente=None/> }.into_any()
}

/// Number, what happened, whether money moved, what to do, and the reference to tell the help desk.
#[component]
fn Errore(status: StatusCode, ente: Option<Ente>, #[prop(optional)] gone: Option<Gone>) -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
    let (titolo, testo) = match (&gone, use_context::<Manutenzione>()) {
        (Some(gone), _) => (gone.titolo, gone.testo.to_owned()),
        (None, Some(manutenzione)) => closed(manutenzione),
        (None, None) => {
            let (titolo, testo) = words(status);
            (titolo, testo.to_owned())
        }
    };
    let home = ente.as_ref().map_or_else(links::home, |ente| links::ente(&ente.slug));
    let (href, azione) = match gone {
        Some(gone) => (gone.href, gone.azione),
        // the empty address is the page's own, whatever that is: made for a crowd, this page does not know it
        None if passes(status) => (String::new(), t("Riprova")),
        None => (home, t("Vai alla pagina iniziale")),
    };
    let Riferimento(riferimento) = Riferimento::of_request();
    let denaro = Denaro::of_request(status);
    view! {
        <Pagina ente titolo>
            <div class="error-page">
                <p class="error-page-code" aria-hidden="true">{status.as_u16()}</p>
                <h1>{titolo}</h1>
                <p class="lead">{testo}</p>
                {denaro.view()}
                <div class="actions">
                    <a class="btn btn-primary" href=href>{azione}</a>
                    <a class="btn btn-outline-primary" href=links::aiuto()><Icon name="help-circle" class="icon-primary"/><span>{t("Chiedi aiuto")}</span></a>
                </div>
                {(!riferimento.is_empty()).then(|| view! {
                    <p class="support-code">
                        {t("Codice per l’assistenza:")}" "<span class="code"><span class="code-value">{riferimento}</span></span>
                    </p>
                })}
            </div>
        </Pagina>
    }
    .into_any()
}

/// Whether the same request may be answered a little later.
fn passes(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

fn closed(Manutenzione { fino }: Manutenzione) -> (&'static str, String) {
    let testo = match fino {
        Some(fino) => tr!("Stiamo lavorando al portale: riapre il {quando}.", quando = date::prosa_con_ora(fino)),
        None => t("Stiamo lavorando al portale: riapre tra poco.").to_owned(),
    };
    (t("Il portale è chiuso per manutenzione"), testo)
}

/// What happened and what to do, for each status that the server gives to people.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (t("La richiesta non è leggibile"), t("Torna alla pagina precedente e invia di nuovo il modulo."))
        }
        StatusCode::FORBIDDEN => (
            t("Richiesta non accettata"),
            t("Il modulo è stato inviato da un altro sito. Apri questa pagina dal portale e ripeti l’operazione."),
        ),
        StatusCode::NOT_FOUND => {
            (t("Questa pagina non c’è"), t("L’indirizzo è sbagliato, oppure il collegamento non è più valido."))
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            (t("Operazione non prevista"), t("Apri la pagina dal portale e ripeti l’operazione da lì."))
        }
        StatusCode::GONE => {
            (t("Questa pagina non c’è più"), t("Il collegamento era valido solo per un certo tempo. Ricomincia dall’inizio."))
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            (t("I dati inviati sono troppi"), t("Torna alla pagina precedente e scrivi testi più brevi."))
        }
        StatusCode::TOO_MANY_REQUESTS => (t("Troppe richieste in poco tempo"), t("Aspetta un minuto e riprova.")),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            (t("Il servizio è momentaneamente occupato"), t("Riprova tra qualche minuto."))
        }
        _ => (
            t("Qualcosa non ha funzionato"),
            t("L’errore è nostro. Riprova tra qualche minuto; se si ripete, comunica all’assistenza il codice qui sotto."),
        ),
    }
}
