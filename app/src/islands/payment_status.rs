use crate::texts::frasi::{Frase, Frasi};
use leptos::prelude::*;

/// Asks how a payment ended until it has, then loads the page again. The page's own refresh stands in a `<noscript>`.
#[island]
pub fn PaymentStatus(
    /// `links::stato_pagamento`
    url: String,
    /// How many receipts of it the page shows already: one more is worth another look.
    ricevute: u8,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    Effect::new(move || {
        let frasi = Frasi::of_page();
        text.set(frasi.say(Frase::SiAggiornaDaSola));
        poll::start(url.clone(), ricevute, move || text.set(frasi.say(Frase::AggiornaTu)));
    });
    view! { <p class="muted" aria-live="polite">{text}</p> }
}

#[cfg(feature = "hydrate")]
mod poll {
    use crate::islands::time::sleep;
    use domain::pagamento::StatoPagamento;
    use gloo_net::http::Request;
    use leptos::prelude::*;

    const PAUSE_MS_FIRST: i32 = 2_000;
    const PAUSE_MS_MAX: i32 = 15_000;
    /// Half an hour at the longest pause: a receipt that takes longer may take hours, and the page says to come back.
    const ASKS_MAX: u32 = 120;

    pub(super) fn start(url: String, ricevute: u8, give_up: impl Fn() + 'static) {
        leptos::task::spawn_local(async move {
            if has_news_in_time(&url, ricevute).await {
                // a failed reload would leave the page as it is, with its own link to load it again
                let _ = window().location().reload();
            } else {
                give_up();
            }
        });
    }

    /// An answer that does not come, or makes no sense, is asked for again: it says nothing about the payment.
    async fn has_news_in_time(url: &str, ricevute: u8) -> bool {
        let mut pause = PAUSE_MS_FIRST;
        for _ in 0..ASKS_MAX {
            sleep(pause).await;
            while document().hidden() {
                sleep(PAUSE_MS_FIRST).await;
            }
            if ask(url).await.is_some_and(|stato| !stato.esito.may_change_soon() || stato.ricevute > ricevute) {
                return true;
            }
            pause = (pause * 3 / 2).min(PAUSE_MS_MAX);
        }
        false
    }

    async fn ask(url: &str) -> Option<StatoPagamento> {
        let response = Request::get(url).send().await.ok()?;
        if response.ok() { response.json().await.ok() } else { None }
    }
}

/// Nothing changes while the server renders.
#[cfg(not(feature = "hydrate"))]
mod poll {
    pub(super) fn start(_url: String, _ricevute: u8, _give_up: impl Fn() + 'static) {}
}
