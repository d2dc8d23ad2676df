use crate::texts::frasi::{Frase, Frasi};
use leptos::prelude::*;

/// "Copia" beside a code. Hidden where there is no clipboard: without scripts, or on a page without TLS.
#[island]
pub fn CopyButton(
    text: String,
    /// What is copied, for those who do not see it: `il codice avviso`.
    cosa: String,
) -> impl IntoView {
    let frasi = Frasi::of_page();
    let (copia, copiato, a_mano) = (frasi.say(Frase::Copia), frasi.say(Frase::Copiato), frasi.say(Frase::CopiaAMano));
    let detto = copiato.clone();
    let usable = RwSignal::new(false);
    let outcome = RwSignal::new(None::<bool>);
    Effect::new(move || usable.set(clipboard().is_some()));
    let on_click = move |_| copy(text.clone(), outcome);
    let is_copied = move || outcome.get() == Some(true);
    view! {
        <button class="copy-button" class=("copied", is_copied) type="button" hidden=move || !usable.get() on:click=on_click>
            <svg class="icon" aria-hidden="true" focusable="false">
                <use href=move || if is_copied() { "/img/sprite.svg#it-check" } else { "/img/sprite.svg#it-copy" }></use>
            </svg>
            <span>{move || if is_copied() { copiato.clone() } else { copia.clone() }}</span>
            <span class="visually-hidden">{format!(" {cosa}")}</span>
        </button>
        <span class="visually-hidden" role="status">
            {move || match outcome.get() {
                None => String::new(),
                Some(true) => detto.clone(),
                Some(false) => a_mano.clone(),
            }}
        </span>
    }
}

/// `None` outside secure contexts: there the browser has no clipboard at all.
fn clipboard() -> Option<web_sys::Clipboard> {
    let clipboard = window().navigator().clipboard();
    let js: &wasm_bindgen::JsValue = clipboard.as_ref();
    (!js.is_undefined()).then_some(clipboard)
}

#[cfg(feature = "hydrate")]
fn copy(text: String, outcome: RwSignal<Option<bool>>) {
    leptos::task::spawn_local(async move {
        let Some(clipboard) = clipboard() else { return };
        let written = wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await;
        outcome.set(Some(written.is_ok()));
    });
}

/// Nobody clicks on the server.
#[cfg(not(feature = "hydrate"))]
fn copy(_text: String, _outcome: RwSignal<Option<bool>>) {}
