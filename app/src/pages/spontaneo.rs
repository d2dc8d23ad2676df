//! A payment without a notice: the form. It comes back with what was typed and every error at once; from the summary it is
//! reached again with `?da=token`. A service that is paid elsewhere says so here, and leads there.

use super::modulo::{AvvisiModulo, Foglio, ModuloServizio};
use super::testo::scritto;
use super::{load_ente, load_servizio, page, portal, query, via};
use crate::components::{Crumb, Icon, Pagina, Stepper, Vivo, con, lang_di};
use crate::context::{Compilazione, Stadio};
use crate::error::PageError;
use crate::links;
use crate::texts::lingue::{k, lingua, t};
use crate::tr;
use domain::modulo::Esterno;
use domain::{Ente, Servizio};
use leptos::prelude::*;
use portal::spontaneo::{Modo, modo};

/// The pages of the task, for the stepper of each.
pub(super) const PASSI: &[&str] = &[k("Dati"), k("Riepilogo"), k("Pagamento")];

#[component]
pub fn PaginaSpontaneo() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let servizio = load_servizio(&ente).await?;
        let modulo = match modo(&servizio)? {
            Modo::ConAvviso => return Err(PageError::NotFound),
            Modo::Altrove(esterno) => return Ok(view! { <PaginaAltrove ente servizio esterno/> }.into_any()),
            Modo::Modulo(modulo) => modulo,
        };
        let foglio = Foglio::new(modulo, load_form(&ente).await?, portal()?.clock().today());
        let (insegna, detta) = servizio.insegna(lingua());
        let via = via_servizio(&ente, &servizio);
        let wrong = !foglio.errori().is_empty();
        let (azione, annulla) = (links::spontaneo(&ente.slug, &servizio.slug), links::servizio(&ente.slug, &servizio.slug));
        let privacy = links::privacy(&ente.slug);
        Ok(view! {
            <Pagina ente=Some(ente) titolo=t("Dati del pagamento") via errors=wrong>
                <AvvisiModulo foglio=foglio.clone()/>
                <div class="page-head">
                    <h1>{t("Dati del pagamento")}</h1>
                    <p class="lead" lang=lang_di(detta)>{insegna.nome}</p>
                </div>
                <Stepper steps=PASSI active=0/>
                <ModuloServizio foglio azione annulla>
                    <p class="muted">
                        {con(
                            t("I dati servono solo a questo pagamento. Leggi l’[informativa sulla privacy]."),
                            move |parte| view! { <a href=privacy>{parte}</a> },
                        )}
                    </p>
                </ModuloServizio>
            </Pagina>
            <Vivo/>
        }
        .into_any())
    })
}

fn via_servizio(ente: &Ente, servizio: &Servizio) -> Vec<Crumb> {
    let mut via = via(ente);
    let (insegna, detta) = servizio.insegna(lingua());
    via.push(Crumb::new(links::servizio(&ente.slug, &servizio.slug), insegna.nome).said_in(detta));
    via
}

/// Out of here: to whom, and what happens there, is said before the link.
#[component]
fn PaginaAltrove(ente: Ente, servizio: Servizio, esterno: Esterno) -> impl IntoView {
    let via = via_servizio(&ente, &servizio);
    let (insegna, detta) = servizio.insegna(lingua());
    let (testo, lang) = scritto(&esterno.testo);
    view! {
        <Pagina ente=Some(ente) titolo=t("Si paga su un altro sito") via>
            <div class="page-head">
                <h1>{t("Si paga su un altro sito")}</h1>
                <p class="lead" lang=lang_di(detta)>{insegna.nome}</p>
            </div>
            <p lang=lang>{testo}</p>
            <p>{tr!("Il collegamento ti porta su {sito}: quello che fai là non passa da questo portale.", sito = host(&esterno.indirizzo))}</p>
            <div class="actions"><LinkAltrove esterno/></div>
        </Pagina>
    }
}

/// The link to where a service is paid.
#[component]
pub(super) fn LinkAltrove(esterno: Esterno) -> impl IntoView {
    let label = tr!("Vai su {sito}", sito = host(&esterno.indirizzo));
    view! {
        <a class="btn btn-primary" href=esterno.indirizzo rel="noopener noreferrer" data-element="service-online-access">
            {label}<Icon name="external-link" class="icon-white"/><span class="visually-hidden">" "{t("(esci da questo sito)")}</span>
        </a>
    }
}

fn host(indirizzo: &str) -> String {
    let rest = indirizzo.strip_prefix("https://").unwrap_or(indirizzo);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// What was just sent, or what was typed before the summary, or an empty form. A token past its time gives an empty form: what was
/// typed is typed again, nothing else is lost.
async fn load_form(ente: &Ente) -> Result<Compilazione, PageError> {
    if let Some(sent) = use_context::<Compilazione>() {
        return Ok(sent);
    }
    let Some(token) = query("da") else {
        return Ok(Compilazione::default());
    };
    let typed = portal()?.load_form(ente, &token).await?;
    Ok(typed.map_or_else(Compilazione::default, |valori| Compilazione { valori, stadio: Stadio::InCorso }))
}
