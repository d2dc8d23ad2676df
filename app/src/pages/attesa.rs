//! A look-up that waits its turn, at whatever address it was asked. With scripts the browser works for a second and goes on; without, the
//! page goes on by itself when the time has come.

use crate::components::{Alert, Islands, Pagina, Tone};
use crate::islands::WorkProof;
use crate::links;
use crate::texts::lingue::{t, tn};
use leptos::prelude::*;
use portal::ricerca::Attesa;

#[component]
pub fn PaginaAttesa(attesa: Attesa) -> impl IntoView {
    let Attesa { biglietto, secondi, bits } = attesa;
    let url = links::attesa(&biglietto);
    let refresh = format!("{secondi};url={url}");
    let seconds = usize::try_from(secondi).unwrap_or(usize::MAX);
    view! {
        <Pagina ente=None titolo=t("Un momento")>
            <div class="page-head">
                <h1>{t("Un momento")}</h1>
                <p class="lead">
                    {t("Dal tuo collegamento a internet, o per questo ente, sono arrivate molte ricerche con codici che non esistono. Prima di cercare ancora facciamo un controllo: non devi fare niente.")}
                </p>
            </div>
            <WorkProof url=url.clone() challenge=biglietto bits secondi/>
            // as in `esito.rs`: it must vanish once scripts run
            <noscript>
                <meta http-equiv="refresh" content=refresh/>
                <p>{tn("La ricerca riparte da sola tra un secondo.", "La ricerca riparte da sola tra {n} secondi.", seconds)}</p>
            </noscript>
            <Alert tone=Tone::Info titolo=t("Non hai pagato nulla")>
                <p>{t("Cercare un avviso non addebita niente: si paga solo sulla pagina di pagoPA, dopo averlo confermato.")}</p>
            </Alert>
            <div class="actions">
                <a class="btn btn-outline-primary" href=url>{t("Continua adesso")}</a>
                <a class="btn btn-link" href=links::home()>{t("Vai alla pagina iniziale")}</a>
            </div>
            <p class="muted">{t("Se “Continua adesso” riporta qui, manca ancora qualche secondo.")}</p>
        </Pagina>
        <Islands/>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_scripts_the_page_goes_on_by_itself_and_says_that_nothing_was_paid() {
        let attesa = Attesa { biglietto: "BIGLIETTO".to_owned(), secondi: 10, bits: 14 };
        let html = Owner::new().with(|| {
            leptos_meta::provide_meta_context();
            view! { <PaginaAttesa attesa/> }.to_html()
        });
        assert!(html.contains(r#"<noscript><meta http-equiv="refresh" content="10;url=/cerca/BIGLIETTO">"#), "{html}");
        assert!(html.contains("tra 10 secondi") && html.contains("Non hai pagato nulla"), "{html}");
        assert!(html.contains(r#"href="/cerca/BIGLIETTO""#), "{html}");
    }
}
