//! What the server lays beside a request (leptos context). `portal::Portal` and `LeptosOptions` come the same way.

use crate::texts::frasi;
use domain::modulo::Valori;
use domain::posizione::NonPagabile;
use domain::{CodiceFiscaleEnte, Email, FieldError, NumeroAvviso, Origine};
use http::StatusCode;
use jiff::civil::{Date, DateTime};
use leptos::prelude::use_context;
use portal::pagamento::{DaConfermare, FormPaga};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;

/// The reference of this request: in the log, and what a citizen reads to the help desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Riferimento(pub String);

impl Riferimento {
    /// Empty when the server gave none.
    pub fn of_request() -> Self {
        use_context().unwrap_or_default()
    }
}

/// The address of the page that is being made, without its language, with its query string.
pub fn current_path() -> String {
    let parts: Option<http::request::Parts> = use_context();
    let path = parts.as_ref().and_then(|parts| parts.uri.path_and_query()).map_or("/", |path| path.as_str());
    // it becomes a link again, and `//x` would lead to another site, as `/\x` would
    if path.starts_with("//") || path.contains('\\') { "/".to_owned() } else { path.to_owned() }
}

/// Makes the Content-Security-Policy of a page from the nonce of its scripts. Absent: no header.
#[derive(Clone)]
pub struct CspPolicy(pub Arc<dyn Fn(&str) -> String + Send + Sync>);

impl fmt::Debug for CspPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CspPolicy(…)")
    }
}

/// The page stands in a frame of the ente's own site: without header and footer, and whatever one clicks opens in the whole window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cornice {
    /// Whose page is told how tall this one is: a registered origin.
    pub genitore: Option<Origine>,
}

impl Cornice {
    /// `None`: an ordinary page.
    pub fn of_request() -> Option<Self> {
        use_context()
    }
}

/// The server could not serve the request: the page of this status is shown instead of the address's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guasto(pub StatusCode);

/// Whoever is told so comes from pagoPA, where the address of the page that is being made does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaPagamento;

/// The portal is closed for a while, on purpose; beside a [`Guasto`] of 503.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manutenzione {
    /// Until when, as clocks in Italy show it, where it was said and has not passed.
    pub fino: Option<DateTime>,
}

/// A form that comes back: what was typed, and what is wrong with it. Empty the first time.
#[derive(Clone, Default)]
pub struct FormState<T> {
    pub values: T,
    pub errors: Vec<FieldError>,
}

impl<T: Default + Clone + Send + Sync + 'static> FormState<T> {
    /// What the server found wrong with the form just sent, or an empty form.
    pub fn of_request() -> Self {
        use_context().unwrap_or_default()
    }
}

impl<T> FormState<T> {
    /// The text to show at a field.
    pub fn error(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|e| e.field == field).map(|e| frasi::reason(&e.reason))
    }
}

/// What was typed is personal: only the names of the wrong fields are shown.
impl<T> fmt::Debug for FormState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormState").field("errors", &self.errors).finish_non_exhaustive()
    }
}

/// The value of the button that shows a form again as it is now, under `domain::modulo::AZIONE`.
pub const AGGIORNA: &str = "aggiorna";

/// What follows the name of a field in the name of the file of its document.
pub const DOCUMENTO: &str = ".file";

/// Where one is with the form of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stadio {
    /// Opened: what is predefined stands in it.
    #[default]
    Nuova,
    /// Being filled in: nothing is wrong yet.
    InCorso,
    /// Sent for good.
    Mandata,
}

/// The form of a service as somebody fills it in. What was typed is personal: `Valori` shows nothing of it.
#[derive(Clone, Debug, Default)]
pub struct Compilazione {
    pub valori: Valori,
    pub stadio: Stadio,
}

/// The look-up form; the ente's codice fiscale is asked only where the address does not name the ente.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FormAvviso {
    pub numero: String,
    pub codice_fiscale_ente: String,
}

/// A notice number opens a notice: it does not go to logs.
impl fmt::Debug for FormAvviso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormAvviso").field("codice_fiscale_ente", &self.codice_fiscale_ente).finish_non_exhaustive()
    }
}

/// The header that says what a page may use of the machine it is shown on.
pub const PERMISSIONS_POLICY: &str = "permissions-policy";
pub const WITHOUT_CAMERA: &str = "camera=(), geolocation=(), microphone=(), payment=()";
/// Of the one page that reads the code of a notice with it.
pub const WITH_CAMERA: &str = "camera=(self), geolocation=(), microphone=(), payment=()";

/// Why a picture, or the text of a code, led to no notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EsitoFoto {
    /// Nothing was chosen before it was sent.
    Mancante,
    SenzaQr,
    AltroQr,
    NonLeggibile,
    TroppoGrande,
    /// A notice, of an ente that is not here.
    AltroEnte {
        ente: CodiceFiscaleEnte,
        numero: NumeroAvviso,
    },
}

impl EsitoFoto {
    pub fn of_request() -> Option<Self> {
        use_context()
    }
}

/// The search for receipts.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FormRicevute {
    pub numero: String,
    pub codice_fiscale: String,
}

impl FormRicevute {
    /// Where a search without result is told: of neither field alone.
    pub const RICERCA: &str = "ricerca";
}

/// Whose receipt is looked for does not go to logs.
impl fmt::Debug for FormRicevute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormRicevute").finish_non_exhaustive()
    }
}

/// What became of "Ricordamelo": shown where it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegnoPromemoria {
    /// A letter asks for confirmation, at the address as it was typed.
    Chiesto { email: Email, giorno: Date },
    /// The notice was paid or closed meanwhile.
    NonServe,
}

impl SegnoPromemoria {
    pub fn of_request() -> Option<Self> {
        use_context()
    }
}

/// A reminder was just called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PromemoriaDisdetto;

/// What is shown once more before the trip to Checkout begins, and the form it came from.
#[derive(Clone, Debug, Default)]
pub struct Conferma {
    pub da_confermare: DaConfermare,
    pub form: FormPaga,
}

impl Conferma {
    pub fn of_request() -> Option<Self> {
        use_context()
    }
}

/// Why "Paga" led back to the page it stands on, or "Aggiungi al carrello" did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Avvertenza {
    NonPagabile(NonPagabile),
    /// The cart holds notices that pay one debt in two ways.
    Alternative,
    /// The sum is another one than the page showed.
    ImportoCambiato,
    CarrelloPieno,
    GiaNelCarrello,
    /// Checkout does not take the cart: at least one notice of it cannot be paid there now.
    CarrelloRifiutato,
    /// Checkout says that this notice cannot be paid there now.
    CheckoutRifiutato,
    /// Checkout does not answer: try later.
    CheckoutIndisponibile,
}

impl Avvertenza {
    pub fn of_request() -> Option<Self> {
        use_context::<Rimandata>().map(|rimandata| rimandata.avvertenza).or_else(use_context)
    }
}

/// "Paga" led back: why, and what was typed beside it, which is not to be typed again.
#[derive(Clone, Debug)]
pub struct Rimandata {
    pub avvertenza: Avvertenza,
    pub form: FormPaga,
}

/// What stands beside "Paga": as it was just sent; `None`: the citizen has just arrived.
pub fn form_paga() -> Option<FormState<FormPaga>> {
    let refused = use_context::<FormState<FormPaga>>();
    refused.or_else(|| Some(FormState { values: use_context::<Rimandata>()?.form, errors: Vec::new() }))
}

/// What the server found out about a return address before it asked for the page; absent: it leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegnoRitorno {
    /// Used before, by another browser.
    GiaUsato,
}

impl SegnoRitorno {
    pub fn of_request() -> Option<Self> {
        use_context()
    }
}
