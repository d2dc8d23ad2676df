use super::{Alert, Tone};
use crate::texts::lingue::{lingua, t};
use domain::Lingua;
use leptos::prelude::*;

/// For a text that may be in another language than its page: the `lang` that has it read aloud as it should be.
pub fn lang_di(testo: Lingua) -> Option<&'static str> {
    (testo != lingua()).then_some(testo.code())
}

/// For what an ente has written itself, in Italian only.
pub fn lang_ente() -> Option<&'static str> {
    lang_di(Lingua::It)
}

/// Says aloud that not all of what follows was translated.
#[component]
pub fn SoloItaliano() -> impl IntoView {
    lang_ente().map(|_| {
        view! { <Alert tone=Tone::Info><p>{t("Quello che l’ente non ha tradotto è scritto in italiano.")}</p></Alert> }
    })
}
