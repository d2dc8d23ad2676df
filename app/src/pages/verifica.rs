//! Whether the paper of a receipt is true: where its QR leads. For whoever holds the paper, so it names nobody. No script.

use super::{page, param, portal, via_portale};
use crate::components::{Alert, Fact, Facts, Icon, NonIndicizzare, Pagina, Tone};
use crate::error::{Gone, PageError};
use crate::links;
use crate::texts::date;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use crate::tr;
use leptos::prelude::*;
use portal::ricevute::Verificata;

#[component]
pub fn PaginaVerifica() -> impl IntoView {
    page(async {
        let portal = portal()?;
        let Some(verificata) = portal.verifica_ricevuta(&param("token")).await? else {
            return Err(PageError::Miss(Gone {
                titolo: t("Questa ricevuta non ci risulta"),
                testo: t(
                    "L’indirizzo non è di una ricevuta rilasciata da questo portale. Se l’hai copiato a mano, controllalo: conta ogni \
                     lettera. Se è del codice QR di un documento, il documento può essere stato alterato: chiedi all’ente.",
                ),
                href: links::home(),
                azione: t("Vai alla pagina iniziale"),
            }));
        };
        let di_prova = portal.settings().ambiente_di_prova;
        Ok(view! {
            <NonIndicizzare/>
            <Pagina ente=None titolo=t("Verifica di una ricevuta") via=via_portale()><Contenuto verificata di_prova/></Pagina>
        }
        .into_any())
    })
}

#[component]
fn Contenuto(verificata: Verificata, di_prova: bool) -> impl IntoView {
    let Verificata { ente, importo, pagata_il, data_applicazione, iuv, servizio, arrivata } = verificata;
    let quando = pagata_il.map(date::prosa_con_ora).or_else(|| data_applicazione.map(date::prosa));
    let di_ente = tr!("{ente} · codice fiscale {codice}", ente = ente.nome, codice = ente.codice_fiscale);
    view! {
        <div class="outcome outcome-success">
            <Icon name="check-circle"/>
            <div class="outcome-text">
                <h1>{t("Questa ricevuta è autentica")}</h1>
                <p>{t("Il pagamento risulta a questo ente. Confronta i dati qui sotto con quelli stampati: devono essere gli stessi.")}</p>
            </div>
        </div>
        {di_prova.then(|| view! {
            <Alert tone=Tone::Warning><p>{t("È un ambiente di prova: nessun pagamento è avvenuto davvero.")}</p></Alert>
        })}
        <Facts>
            <Fact nome=t("Ente creditore")>{di_ente}</Fact>
            <Fact nome=t("Importo pagato")>{soldi(importo)}</Fact>
            {quando.map(|quando| view! { <Fact nome=t("Pagato il")>{quando}</Fact> })}
            {servizio.map(|servizio| view! { <Fact nome=t("Servizio")>{servizio}</Fact> })}
            <Fact nome=t("Codice IUV")>{tr!("finisce con {cifre}", cifre = iuv)}</Fact>
            <Fact nome=t("Ricevuta arrivata il")>{date::prosa_con_ora(arrivata)}</Fact>
        </Facts>
        <p class="muted">
            {t("Per riservatezza qui non c’è chi ha pagato, né per chi: sta sul documento. Se un dato non corrisponde, il documento è \
             stato alterato.")}
        </p>
    }
}
