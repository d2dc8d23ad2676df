//! "Paga" led back to the page it stands on: why, and what to do. No money moved in any of these cases. What
//! went wrong with the cart is said here too.

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
            Avvertenza::Alternative => t("È lo stesso debito in due modi"),
            Avvertenza::ImportoCambiato => t("L’importo è cambiato"),
            Avvertenza::CarrelloPieno => t("Il carrello è pieno"),
            Avvertenza::GiaNelCarrello => t("È già nel carrello"),
            Avvertenza::CheckoutRifiutato | Avvertenza::CarrelloRifiutato => t("pagoPA non accetta questo pagamento"),
            Avvertenza::CheckoutIndisponibile => t("pagoPA non risponde"),
        };
        let testo = match avvertenza {
            Avvertenza::NonPagabile(motivo) => stati::non_pagabile_testo(motivo),
            Avvertenza::Alternative => {
                t("Nel carrello può stare tutto in una volta oppure le rate, non l’uno e le altre: togli quello che non vuoi pagare.")
            }
            Avvertenza::ImportoCambiato => {
                t("Da quando hai aperto la pagina l’importo è cambiato, e il pagamento non è partito: controlla il nuovo totale.")
            }
            Avvertenza::CarrelloPieno => {
                t("pagoPA accetta al massimo cinque avvisi in un pagamento: paga questi, poi aggiungi gli altri.")
            }
            Avvertenza::CarrelloRifiutato => {
                t("Non ti è stato addebitato nulla. Almeno uno di questi avvisi ora non si può pagare su pagoPA, che non dice quale: togline uno e \
                 riprova, oppure pagali uno alla volta.")
            }
            Avvertenza::GiaNelCarrello => t("Non serve aggiungerlo di nuovo: aprilo dal carrello, in alto nella pagina."),
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
