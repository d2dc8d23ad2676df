//! Whether money moved: what somebody who meets an error wants to know first. Said of every page that cannot be shown.
//!
//! What holds always: no request to this portal moves money, only a confirmation on pagoPA's page does. What nobody here can know: whether
//! somebody who comes from there has just given one. So it is not said that nothing was charged, but what that depends on.

use super::passes;
use crate::components::{Alert, Tone};
use crate::context::{DaPagamento, current_path};
use crate::links;
use crate::texts::lingue::t;
use http::StatusCode;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denaro {
    /// Far from any payment.
    Fermo,
    /// On the way back from pagoPA. `tra_poco`: the same address may answer later.
    InViaggio { tra_poco: bool },
}

impl Denaro {
    pub fn of_request(status: StatusCode) -> Self {
        let comes_back = use_context::<DaPagamento>().is_some() || links::after_payment(&current_path());
        if comes_back { Self::InViaggio { tra_poco: passes(status) } } else { Self::Fermo }
    }

    pub fn view(self) -> impl IntoView {
        let (tone, forte, testo) = match self {
            Self::Fermo => (
                Tone::Info,
                t("Questa richiesta non ha mosso denaro."),
                t("Si paga solo sulla pagina di pagoPA: un pagamento già fatto lì resta valido, non ripeterlo."),
            ),
            Self::InViaggio { tra_poco: true } => (
                Tone::Warning,
                t("Se hai appena pagato, non pagare di nuovo."),
                t(
                    "Il pagamento segue il suo corso anche se questa pagina non si vede: riapri questo indirizzo tra qualche minuto.",
                ),
            ),
            Self::InViaggio { tra_poco: false } => (
                Tone::Warning,
                t("Se hai appena pagato, non pagare di nuovo."),
                t("Cerca l’avviso con il suo codice: se il pagamento è arrivato, risulta già pagato."),
            ),
        };
        view! { <Alert tone><p><strong>{forte}</strong>" "{testo}</p></Alert> }
    }
}
