//! Where one comes in, who wants to. The buttons are words: the marks of SPID and CIE belong to whoever is accredited for them.

use super::{page, portal, query, via, via_portale};
use crate::components::{Alert, Icon, Pagina, Tone};
use crate::error::PageError;
use crate::links;
use crate::texts::lingue::t;
use crate::tr;
use domain::Ente;
use leptos::prelude::*;
use portal::Portal;
use portal::accesso::Rifiuto;

/// Longer than any slug.
const ENTE_MAX: usize = 60;

#[component]
pub fn PaginaAccesso() -> impl IntoView {
    page(async {
        let portal = portal()?;
        let ente = chosen(&portal).await?;
        portal.read_fornitori(true).await?;
        if !portal.has_accesso(ente.as_ref().map(|ente| &ente.codice_fiscale)) {
            return Err(PageError::NotFound);
        }
        // only an ente's own provider makes it that ente's page
        let ente = ente.filter(|ente| portal.has_own_accesso(&ente.codice_fiscale));
        let rifiuto: Option<Rifiuto> = use_context();
        let uscito = query("uscita").is_some() && rifiuto.is_none();
        let fuori = if uscito { portal.uscita(ente.as_ref()).await.map(String::from) } else { None };
        let via = ente.as_ref().map_or_else(via_portale, via);
        let slug = ente.as_ref().map(|ente| ente.slug.to_string());
        let per = query("per").filter(|per| per == "pagamenti").unwrap_or_default();
        let cosa = match &ente {
            Some(ente) => tr!("Vedi tutti i tuoi avvisi e pagamenti di {ente}.", ente = ente.nome),
            None => t("Vedi tutti i tuoi avvisi e pagamenti, di tutti gli enti di questo portale.").to_owned(),
        };
        let vai = |con: &str| {
            let query = [("con", con), ("ente", slug.as_deref().unwrap_or_default()), ("per", &per)];
            links::con_query(&links::accesso_vai(), &query)
        };
        let home = ente.as_ref().map_or_else(links::home, |ente| links::ente(&ente.slug));
        let (spid, cie) = (vai("spid"), vai("cie"));
        Ok(view! {
            <Pagina ente titolo=t("Accedi all’area personale") via errors=rifiuto.is_some_and(|r| r != Rifiuto::Annullato)>
                <div class="page-head">
                    <h1>{t("Accedi all’area personale")}</h1>
                    <p class="lead">{cosa}</p>
                </div>
                {rifiuto.map(|rifiuto| view! { <Perche rifiuto/> })}
                {uscito.then(|| view! { <Uscito fuori/> })}
                <div class="login-choices">
                    <a class="btn btn-primary btn-login" href=spid rel="nofollow">
                        <Icon name="user" class="icon-white"/><span>{t("Entra con SPID")}</span>
                    </a>
                    <a class="btn btn-primary btn-login" href=cie rel="nofollow">
                        <Icon name="card" class="icon-white"/><span>{t("Entra con CIE")}</span>
                    </a>
                </div>
                <p>{t("Serve un’identità digitale di livello 2. Da lì riceviamo solo nome, cognome e codice fiscale.")}</p>
                <p>
                    {t("Per pagare non serve accedere: bastano i codici dell’avviso.")}
                    " "
                    <a href=home>{t("Paga un avviso")}</a>
                </p>
            </Pagina>
        }
        .into_any())
    })
}

/// The ente of `?ente=…`; one that there is not is as if it were not said.
async fn chosen(portal: &Portal) -> Result<Option<Ente>, PageError> {
    match query("ente").filter(|slug| slug.len() <= ENTE_MAX) {
        Some(slug) => Ok(portal.ente(&slug).await?),
        None => Ok(None),
    }
}

/// What went wrong, and what to do.
#[component]
fn Perche(rifiuto: Rifiuto) -> impl IntoView {
    let (tone, titolo, testo) = match rifiuto {
        Rifiuto::Annullato => (
            Tone::Info,
            t("Non hai effettuato l’accesso"),
            t("Hai annullato, oppure il gestore della tua identità non ha dato il consenso. Puoi riprovare quando vuoi."),
        ),
        Rifiuto::Scaduto => (
            Tone::Warning,
            t("Questo accesso non è più valido"),
            t("È passato troppo tempo, oppure è cominciato in un’altra finestra. Ricomincia da qui."),
        ),
        Rifiuto::Livello => (
            Tone::Warning,
            t("Serve un’identità di livello più alto"),
            t(
                "Sei entrato con la sola password. Riprova con il livello 2: ti sarà chiesta una conferma, di solito sul telefono.",
            ),
        ),
        Rifiuto::SenzaCodiceFiscale => (
            Tone::Warning,
            t("Manca il tuo codice fiscale"),
            t(
                "Qui gli avvisi si trovano con il codice fiscale di una persona, e la tua identità non lo comunica. Puoi pagare un avviso con i suoi codici.",
            ),
        ),
        Rifiuto::Irraggiungibile => (
            Tone::Warning,
            t("L’accesso ora non è disponibile"),
            t("Il servizio che riconosce le identità non risponde. Riprova tra qualche minuto; per pagare non serve accedere."),
        ),
        Rifiuto::NonRiuscito => (
            Tone::Danger,
            t("L’accesso non è riuscito"),
            t(
                "Non abbiamo potuto verificare la risposta del gestore della tua identità. Riprova; se succede ancora, chiedi aiuto.",
            ),
        ),
    };
    view! { <Alert tone titolo answer=true><p>{testo}</p></Alert> }
}

/// Out of here; out of the provider too only if one wants: other services may be open by it.
#[component]
fn Uscito(fuori: Option<String>) -> impl IntoView {
    view! {
        <Alert tone=Tone::Success titolo=t("Sei uscito") answer=true>
            <p>{t("Da questo computer nessuno vede più i tuoi avvisi.")}</p>
            {fuori.map(|href| view! {
                <p>
                    {t("Se il computer non è tuo, esci anche dal gestore della tua identità.")}
                    " "
                    <a href=href>{t("Esci anche da SPID o CIE")}</a>
                </p>
            })}
        </Alert>
    }
}
