use super::{Alert, Tone};
use crate::texts::lingue::{lingua, t};
use domain::Lingua;
use leptos::prelude::*;

/// For what an ente has written itself: `lang="it"` on a page in another language, so that it is read aloud as it should be.
pub fn lang_ente() -> Option<&'static str> {
    (lingua() != Lingua::It).then_some(Lingua::It.code())
}

/// Says aloud that what follows was not translated.
#[component]
pub fn SoloItaliano() -> impl IntoView {
    lang_ente().map(|_| {
        view! { <Alert tone=Tone::Info><p>{t("Le informazioni su questo servizio sono scritte dall’ente, solo in italiano.")}</p></Alert> }
    })
}
