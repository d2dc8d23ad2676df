//! `demo.json`: where the demo is and which notices it has, for people and programs that try it.

use super::{Indirizzi, origin};
use anyhow::Context as _;
use domain::posizione::NonPagabile;
use portal::Portal;
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct DemoJson {
    web: String,
    nodo: String,
    sandbox: String,
    ente: EnteJson,
    intermediario: String,
    stazione: String,
    avvisi: Vec<AvvisoJson>,
}

#[derive(Serialize)]
struct EnteJson {
    codice_fiscale: String,
    nome: String,
    slug: String,
}

#[derive(Serialize)]
struct AvvisoJson {
    numero: String,
    codice_fiscale_debitore: String,
    /// Due now.
    importo_cents: i64,
    /// As the station answers it now: `APERTA PAGATA ANNULLATA SCADUTA`.
    stato: &'static str,
    bollo: bool,
    causale: String,
}

/// More than the demo ever holds by itself; a demo used for months lists the first ones.
const AVVISI_MAX: u32 = 1_000;

/// Written anew at each start: ports and states may have changed.
pub(super) async fn write(folder: &Path, portal: &Portal, indirizzi: &Indirizzi) -> anyhow::Result<()> {
    let ente = portal.ente("valdoria").await?.context("the demo's comune is not in this folder")?;
    let oggi = portal.clock().today();
    let mut avvisi = Vec::new();
    for posizione in portal.store().list_posizioni(&ente.codice_fiscale, AVVISI_MAX).await? {
        for rata in &posizione.rate {
            let stato = match posizione.pagabile(&rata.numero, oggi) {
                Ok(_) => "APERTA",
                Err(NonPagabile::Pagata) => "PAGATA",
                Err(NonPagabile::Annullata) => "ANNULLATA",
                Err(NonPagabile::Scaduta) => "SCADUTA",
                Err(NonPagabile::Sconosciuta) => continue,
            };
            avvisi.push(AvvisoJson {
                numero: rata.numero.to_string(),
                codice_fiscale_debitore: posizione.debitore.codice_fiscale.as_str().to_owned(),
                importo_cents: rata.importo.cents(),
                stato,
                bollo: rata.ha_bollo(),
                causale: posizione.causale.clone(),
            });
        }
    }
    let demo = DemoJson {
        web: origin(&indirizzi.web),
        nodo: indirizzi.nodo.to_string(),
        sandbox: origin(&indirizzi.sandbox),
        ente: EnteJson { codice_fiscale: ente.codice_fiscale.to_string(), nome: ente.nome, slug: ente.slug.to_string() },
        intermediario: ente.stazione.intermediario,
        stazione: ente.stazione.id,
        avvisi,
    };
    // whole or not at all: somebody may be waiting for the file
    let path = folder.join("demo.json");
    let fresh = folder.join("demo.json.new");
    std::fs::write(&fresh, serde_json::to_vec_pretty(&demo)?).with_context(|| format!("writing {}", fresh.display()))?;
    std::fs::rename(&fresh, &path).with_context(|| format!("writing {}", path.display()))
}
