//! "Riprendi il pagamento iniziato": on the pages where one begins, when this browser keeps a draft.

use crate::components::{Icon, lang_ente};
use crate::cookies::Cookie;
use crate::error::PageError;
use crate::links;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use domain::Ente;
use leptos::prelude::*;
use portal::Portal;
use portal::ripresa::RipresaVista;

/// The draft this browser keeps; of an ente's page only when it is that ente's.
///
/// # Errors
/// What the store says.
pub(super) async fn load_ripresa(portal: &Portal, ente: Option<&Ente>) -> Result<Option<RipresaVista>, PageError> {
    let Some(testo) = Cookie::Ripresa.of_request(portal) else { return Ok(None) };
    let vista = portal.ripresa(&testo).await?;
    Ok(vista.filter(|vista| ente.is_none_or(|ente| ente.codice_fiscale == vista.ente.codice_fiscale)))
}

/// What it is for and how much, and no more: the device may be shared. Nothing when there is none.
#[component]
pub(super) fn Riprendi(ripresa: Option<RipresaVista>) -> impl IntoView {
    ripresa.map(|vista| {
        view! {
            <section class="callout callout-highlight note" aria-labelledby="ripresa-titolo">
                <div class="callout-title"><Icon name="clock"/><span id="ripresa-titolo">{t("Un pagamento iniziato")}</span></div>
                <p><span lang=lang_ente()>{vista.servizio}</span>{format!(", {}: {}", vista.ente.nome, soldi(vista.importo))}</p>
                <form action=links::riprendi() method="post">
                    <div class="actions">
                        <button class="btn btn-primary btn-sm" type="submit" name="azione" value="riprendi">
                            {t("Riprendi il pagamento iniziato")}
                        </button>
                        <button class="btn btn-link btn-sm" type="submit" name="azione" value="elimina">
                            {t("Non sono io: elimina")}
                        </button>
                    </div>
                </form>
            </section>
        }
    })
}
