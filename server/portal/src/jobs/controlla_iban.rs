//! CONTROLLA_IBAN: which accounts pagoPA has on record of our enti. One that is not there makes the Nodo refuse the answer of the
//! station (PPT_IBAN_NON_CENSITO): it is said before a citizen sees it.

use super::{Esito, Progress};
use crate::porte::Detto;
use crate::{Portal, PortalError};
use domain::{CodiceFiscaleEnte, Iban};
use std::collections::BTreeSet;
use store::IbanRegistrato;

/// Of 100 accounts each: more than any intermediary has.
const PAGES_MAX: u64 = 500;

pub(super) async fn perform(portal: &Portal, progress: &Progress) -> Result<Esito, PortalError> {
    let Some(back_office) = &portal.porte().back_office else { return Ok(Esito::Fatto) };
    let enti = portal.enti().await?;
    let brokers: BTreeSet<&str> = enti.iter().map(|ente| ente.stazione.intermediario.as_str()).collect();
    let now = portal.clock().now();
    for broker in brokers {
        let mut page = 0;
        loop {
            let elenco = match portal.noted(None, Some(broker), back_office.ibans(broker, page).await).await? {
                Detto::Fatto(elenco) => elenco,
                Detto::No(status, _) => return Ok(Esito::Morto(format!("the back office refuses the list: {status}"))),
                Detto::PiuTardi { after, why } => return Ok(Esito::PiuTardi { after, why }),
            };
            let mut tx = portal.store().begin().await?;
            for iban in elenco.iban.into_iter().filter(|iban| enti.iter().any(|ente| ente.codice_fiscale == iban.ente)) {
                let (attivo, valido_da, etichetta) = (iban.attivo, iban.valido_da, iban.etichetta);
                let row = IbanRegistrato { iban: iban.iban, attivo, valido_da, etichetta, visto: now };
                tx.upsert_iban_registrato(&iban.ente, &row).await?;
                progress.advance(1);
            }
            tx.commit().await?;
            page += 1;
            if page >= elenco.pagine.min(PAGES_MAX) {
                break;
            }
        }
    }
    for ente in &enti {
        let mut tx = portal.store().begin().await?;
        tx.forget_iban_registrati(&ente.codice_fiscale, now).await?;
        tx.commit().await?;
        for (servizio, iban) in missing(portal, &ente.codice_fiscale).await? {
            // the account of an ente is no personal data, and still nobody's business in a log
            let end = &iban.as_str()[iban.as_str().len().saturating_sub(4)..];
            tracing::error!(ente.cf = %ente.codice_fiscale, servizio, iban = %format_args!("…{end}"), "pagoPA does not have this account on record");
        }
    }
    Ok(Esito::Fatto)
}

/// Services whose account the Nodo would refuse: the service and the account.
async fn missing(portal: &Portal, ente: &CodiceFiscaleEnte) -> Result<Vec<(String, Iban)>, PortalError> {
    let now = portal.clock().now();
    let known = portal.store().iban_registrati(ente).await?;
    let usable = |iban: &Iban| known.iter().any(|row| row.iban == *iban && row.attivo && row.valido_da <= now);
    let mut missing = Vec::new();
    for servizio in portal.store().list_servizi(ente).await? {
        // a part of its form that goes to another account of the same ente
        let quote = servizio.modulo.iter().flat_map(|modulo| &modulo.ripartizione).filter(|quota| quota.beneficiario.is_none());
        let of_parts = quote.filter_map(|quota| quota.iban.as_ref());
        for iban in std::iter::once(&servizio.iban).chain(&servizio.iban_postale).chain(of_parts) {
            if !usable(iban) {
                missing.push((servizio.slug.to_string(), iban.clone()));
            }
        }
    }
    Ok(missing)
}
