//! pagoPA asks which ways there are to pay a notice (payment options for organizations). Like verify, it locks nothing.

use crate::giornale::Riferimento;
use crate::{Portal, PortalError};
use domain::posizione::NonPagabile;
use nodo::payment_options::{Odp, decode_path, encode_answer, encode_error, payment_options};
use std::time::Instant;
use store::{Evento, Verso};

impl Portal {
    /// The answer, as JSON, with its HTTP status. The two names are as they stood in the address. Noted in the Giornale.
    pub async fn answer_opzioni(&self, ente: &str, numero: &str) -> (u16, Vec<u8>) {
        let (at, begun) = (self.inner.clock.now(), Instant::now());
        let answer = match self.opzioni(ente, numero).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "the payment options could not be told");
                Err(Odp::SystemError)
            }
        };
        let codice = answer.as_ref().err().map(|odp| odp.code().to_owned());
        let (status, bytes) = answer.map_or_else(|odp| encode_error(odp, at), |bytes| (200, bytes));
        let known = decode_path(ente, numero).ok();
        let about = Riferimento::new(self, known.as_ref().map(|(_, numero)| numero.as_str()));
        self.note(Evento {
            at,
            verso: Verso::Entrata,
            controparte: "NODO".to_owned(),
            operazione: "paymentOptions".to_owned(),
            ente: known.map(|(ente, _)| ente.to_string()),
            riferimento: about.mascherato,
            impronta: about.impronta,
            esito: if codice.is_none() { "OK" } else { "KO" }.to_owned(),
            stato: Some(status),
            codice,
            durata_ms: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            byte_richiesta: Some(0),
            byte_risposta: Some(bytes.len()),
            sha256_richiesta: None,
            sha256_risposta: Some(crate::ids::sha256_hex(&bytes)),
        });
        (status, bytes)
    }

    async fn opzioni(&self, ente: &str, numero: &str) -> Result<Result<Vec<u8>, Odp>, PortalError> {
        let (cf, numero) = match decode_path(ente, numero) {
            Ok(names) => names,
            Err(odp) => return Ok(Err(odp)),
        };
        let Some(ente) = self.inner.store.ente_by_codice_fiscale(cf.as_str()).await? else { return Ok(Err(Odp::DominioErrato)) };
        let Some(posizione) = self.inner.store.posizione_by_avviso(&cf, &numero).await? else { return Ok(Err(Odp::Sconosciuto)) };
        let today = self.inner.clock.today();
        Ok(match posizione.pagabile(&numero, today) {
            Ok(_) => Ok(encode_answer(&payment_options(&ente, &posizione, today))),
            Err(NonPagabile::Sconosciuta) => Err(Odp::Sconosciuto),
            Err(NonPagabile::Pagata) => Err(Odp::Duplicato),
            Err(NonPagabile::Annullata) => Err(Odp::Annullato),
            Err(NonPagabile::Scaduta) => Err(Odp::Scaduto),
        })
    }
}
