//! `POST /psp/demand`: somebody at a counter wants to pay a service and has no notice; the Nodo asks the station to make one.

use crate::problem::Problem;
use crate::psp;
use crate::stazione::Passo;
use crate::{Sandbox, SandboxConfig};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::CodiceFiscaleEnte;
use nodo::pa_for_node::{DemandRequest, Instradamento};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `length` of idServizio and idSoggettoServizio in paForNode.xsd.
const ID_LEN: usize = 5;

/// The body. Unknown members are refused: a misspelt one would make a test prove nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDemand {
    codice_fiscale_ente: String,
    id_servizio: String,
    /// Who offers the service in the catalogue; one name is as good as another here.
    #[serde(default = "some_subject")]
    id_soggetto: String,
    /// Base64, or the XML itself.
    dati_specifici_servizio: String,
    /// Sent instead of the ente's own.
    stazione: Option<String>,
    intermediario: Option<String>,
}

fn some_subject() -> String {
    "00001".to_owned()
}

/// What happened, as `/psp/pay` tells it.
#[derive(Debug, Serialize)]
pub(crate) struct DemandResult {
    passi: [Passo; 1],
    /// The notice that was made: `/psp/pay` pays it.
    numero_avviso: Option<String>,
    importo_cents: Option<i64>,
    causale: Option<String>,
}

pub(crate) async fn demand(
    State(sandbox): State<Arc<Sandbox>>,
    body: Result<Json<RawDemand>, JsonRejection>,
) -> Result<Json<DemandResult>, Problem> {
    let Json(raw) = body?;
    let request = parse(raw, &sandbox.config)?;
    let (passo, made) = psp::demand(&sandbox.stazione, &request).await;
    Ok(Json(DemandResult {
        passi: [passo],
        importo_cents: made.as_ref().map(|m| m.avviso.importo.cents()),
        causale: made.as_ref().map(|m| m.avviso.causale.clone()),
        numero_avviso: made.map(|m| m.numero.to_string()),
    }))
}

fn parse(raw: RawDemand, config: &SandboxConfig) -> Result<DemandRequest, Problem> {
    let ente = CodiceFiscaleEnte::parse(&raw.codice_fiscale_ente)
        .map_err(|reason| Problem::malformed(format!("codice_fiscale_ente: {reason}")))?;
    for (name, id) in [("id_servizio", &raw.id_servizio), ("id_soggetto", &raw.id_soggetto)] {
        if id.chars().count() != ID_LEN {
            return Err(Problem::malformed(format!("{name}: {ID_LEN} characters")));
        }
    }
    let on_record = config
        .ente(ente.as_str())
        .ok_or_else(|| Problem::unprocessable(format!("PPT_DOMINIO_SCONOSCIUTO, ente {}", raw.codice_fiscale_ente)))?;
    Ok(DemandRequest {
        instradamento: Instradamento {
            ente: ente.to_string(),
            intermediario: raw.intermediario.unwrap_or_else(|| on_record.intermediario.clone()),
            stazione: raw.stazione.unwrap_or_else(|| on_record.stazione.clone()),
        },
        id_servizio: raw.id_servizio,
        id_soggetto: raw.id_soggetto,
        dati: data(raw.dati_specifici_servizio),
    })
}

/// What begins like XML is XML; anything else is base64 if it can be.
fn data(text: String) -> Vec<u8> {
    if text.trim_start().starts_with('<') {
        return text.into_bytes();
    }
    STANDARD.decode(text.trim()).unwrap_or_else(|_| text.into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn data_come_as_xml_or_as_base64() {
        for text in ["<a/>", " \n<a/>", "PGEvPg==", " PGEvPg== "] {
            assert_eq!(String::from_utf8(super::data(text.to_owned())).unwrap().trim(), "<a/>");
        }
        assert_eq!(super::data("targa AB".to_owned()), b"targa AB");
    }
}
