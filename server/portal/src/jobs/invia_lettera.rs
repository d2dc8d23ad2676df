//! INVIA_LETTERA: a letter is handed to the server of the mail, once at the most (`posta::consegna` says why).

use super::{Esito, LEASE_MS};
use crate::lettere::{Contenuto, LETTERA_MAX, Scritta, Ufficio};
use crate::punti::Punto;
use crate::{Portal, PortalError};
use domain::StatoLettera;
use domain::lettera::EventoLettera;
use posta::{Busta, Consegna, Mittente};
use std::time::Duration;
use store::{Invio, Job, Lettera};

/// Where nobody is configured to take letters any more: people mend that.
const MENDED_IN: Duration = Duration::from_secs(900);

pub(super) async fn perform(portal: &Portal, job: &Job) -> Result<Esito, PortalError> {
    let Ok(what) = serde_json::from_str::<Invio>(&job.payload) else {
        return Ok(Esito::Morto("the job does not say which letter".to_owned()));
    };
    let Some(lettera) = portal.store().lettera(&what.lettera).await? else { return Ok(Esito::Fatto) };
    match lettera.stato {
        StatoLettera::DaInviare => {}
        StatoLettera::Affidata => {
            return end(portal, job, &lettera, EventoLettera::Tace, Some("who was handing it over came to no end")).await;
        }
        _ => return Ok(Esito::Fatto),
    }
    if portal.clock().now().duration_since(lettera.created_at) > LETTERA_MAX {
        return end(portal, job, &lettera, EventoLettera::Tralascia, Some("too old to be news")).await;
    }
    let Some(ufficio) = portal.porte().ufficio.clone() else {
        return Ok(Esito::PiuTardi { after: Some(MENDED_IN), why: "no server of the mail is configured".to_owned() });
    };
    let Some(contenuto) = portal.contenuto(&lettera).await? else {
        return end(portal, job, &lettera, EventoLettera::Tralascia, Some("nobody needs it any more")).await;
    };
    hand_over(portal, job, lettera, &ufficio, &contenuto).await
}

async fn hand_over(
    portal: &Portal,
    job: &Job,
    lettera: Lettera,
    ufficio: &Ufficio,
    contenuto: &Contenuto,
) -> Result<Esito, PortalError> {
    let Scritta { oggetto, testo, html } = (ufficio.scrivano)(lettera.lingua, contenuto);
    let disdetta = contenuto.corpo.one_click();
    let busta = Busta {
        id: &lettera.id,
        at: lettera.created_at,
        da: Mittente { nome: &contenuto.ente.nome, email: &ufficio.da },
        a: &lettera.email,
        oggetto: &oggetto,
        testo: &testo,
        html: &html,
        lingua: lettera.lingua.code(),
        disdetta: disdetta.as_deref(),
    };
    let aperta = match ufficio.posta.apri(&busta).await {
        Ok(aperta) => aperta,
        Err(Consegna::Rifiutata(codice)) => {
            return end(portal, job, &lettera, EventoLettera::Rifiuta, Some(&codice.to_string())).await;
        }
        Err(Consegna::PiuTardi(why) | Consegna::Incerta(why)) => return Ok(Esito::PiuTardi { after: None, why }),
        Err(Consegna::Consegnata) => return Err(PortalError::Inconsistent("a letter arrived before it was sent".to_owned())),
    };
    step(portal, job, &lettera, EventoLettera::Affida, None).await?;
    let lettera = Lettera { stato: StatoLettera::Affidata, ..lettera };
    Punto::LetteraAffidata.reach()?;
    let consegna = aperta.chiudi().await;
    Punto::LetteraConsegnata.reach()?;
    match consegna {
        Consegna::Consegnata => end(portal, job, &lettera, EventoLettera::Accoglie, None).await,
        Consegna::Rifiutata(codice) => end(portal, job, &lettera, EventoLettera::Rifiuta, Some(&codice.to_string())).await,
        Consegna::Incerta(why) => end(portal, job, &lettera, EventoLettera::Tace, Some(&why)).await,
        Consegna::PiuTardi(why) => {
            step(portal, job, &lettera, EventoLettera::Rimanda, Some(&why)).await?;
            Ok(Esito::PiuTardi { after: None, why })
        }
    }
}

/// Notes a step; who lost the job notes nothing.
async fn step(
    portal: &Portal,
    job: &Job,
    lettera: &Lettera,
    evento: EventoLettera,
    perche: Option<&str>,
) -> Result<(), PortalError> {
    let mut tx = portal.store().begin().await?;
    tx.renew_job(&job.id, job.fence, LEASE_MS, 0, Some(1)).await?;
    portal.note_lettera(&mut tx, lettera, evento, perche).await?;
    Ok(tx.commit().await?)
}

async fn end(
    portal: &Portal,
    job: &Job,
    lettera: &Lettera,
    evento: EventoLettera,
    perche: Option<&str>,
) -> Result<Esito, PortalError> {
    step(portal, job, lettera, evento, perche).await?;
    let tipo = lettera.tipo;
    match evento {
        EventoLettera::Accoglie => tracing::info!(lettera.id, ?tipo, "a letter was taken"),
        EventoLettera::Tralascia => tracing::info!(lettera.id, ?tipo, perche, "a letter is not sent"),
        _ => tracing::warn!(lettera.id, ?tipo, perche, "a letter did not go out, or nobody knows"),
    }
    Ok(Esito::Fatto)
}
