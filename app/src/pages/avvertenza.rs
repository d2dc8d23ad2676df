//! "Paga" led back to the page it stands on: why, and what to do. No money moved in any of these cases.

use crate::components::{Alert, Tone};
use crate::context::Avvertenza;
use crate::texts::lingue::t;
use crate::texts::stati;
use leptos::prelude::*;

/// Nothing when the citizen has just arrived.
#[component]
pub(super) fn AvvisoAvvertenza(avvertenza: Option<Avvertenza>) -> impl IntoView {
    avvertenza.map(|avvertenza| {
        let titolo = match avvertenza {
            Avvertenza::NonPagabile(_) => t("Il pagamento non è partito"),
            Avvertenza::CheckoutRifiutato => t("pagoPA non accetta questo pagamento"),
            Avvertenza::CheckoutIndisponibile => t("pagoPA non risponde"),
        };
        let testo = match avvertenza {
            Avvertenza::NonPagabile(motivo) => stati::non_pagabile_testo(motivo),
            Avvertenza::CheckoutRifiutato => {
                t("Non ti è stato addebitato nulla. Può darsi che un altro pagamento di questo avviso sia già in corso: se non hai appena \
                 pagato altrove, riprova tra mezz’ora o chiedi all’ente.")
            }
            Avvertenza::CheckoutIndisponibile => {
                t("Non ti è stato addebitato nulla. Riprova tra qualche minuto: i dati di questa pagina restano validi.")
            }
        };
        view! { <Alert tone=Tone::Danger titolo answer=true><p>{testo}</p></Alert> }
    })
}
