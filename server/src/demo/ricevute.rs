//! Receipts of the demo: they come in through the station, as every receipt does.

use anyhow::ensure;
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{Accredito, Ente, Importo, Posizione, Rata, Ricevuta};
use jiff::ToSpan as _;
use nodo::pa_for_node::{Instradamento, SendRtRequest, client};
use portal::Portal;
use portal::stazione::Risposta;

/// Sends the receipt of a payment made yesterday at a counter.
pub(super) async fn pay(portal: &Portal, ente: &Ente, posizione: &Posizione, rata: &Rata) -> anyhow::Result<()> {
    let ieri = portal.clock().civil(portal.clock().now()).saturating_sub(1.day());
    let debitore = SoggettoRicevuta {
        identificativo: posizione.debitore.codice_fiscale.as_str().to_owned(),
        nome: posizione.debitore.nome.clone(),
        email: None,
    };
    let versamenti = (1..).zip(&rata.versamenti).map(|(indice, v)| VersamentoRicevuta {
        indice,
        importo: v.importo,
        ente: v.ente.clone(),
        nome_ente: Some(v.nome_ente.clone()),
        iban: match &v.accredito {
            Accredito::Conto { iban, .. } => Some(iban.to_string()),
            Accredito::Bollo { .. } => None,
        },
        bollo: None,
        causale: v.causale.clone(),
        tassonomia: v.tassonomia.to_wire(),
        metadata: vec![],
    });
    let ricevuta = Ricevuta {
        receipt_id: portal::ids::new_id().map_err(|e| anyhow::anyhow!("no randomness: {e}"))?,
        numero_avviso: rata.numero.clone(),
        ente: ente.codice_fiscale.clone(),
        esito_ok: true,
        iuv: rata.iuv().to_string(),
        importo: rata.importo,
        descrizione: posizione.causale.clone(),
        nome_ente: ente.nome.clone(),
        ufficio: None,
        debitore: debitore.clone(),
        versante: Some(debitore),
        versamenti: versamenti.collect(),
        psp: Psp {
            id: "DEMOITPSP".to_owned(),
            codice_fiscale: None,
            partita_iva: None,
            nome: "Banca di Prova S.p.A.".to_owned(),
            canale: "DEMO_01".to_owned(),
            descrizione_canale: "sportello".to_owned(),
        },
        metodo: Some("cash".to_owned()),
        nota: None,
        commissione: Some(Importo::of_cents(150)),
        pagata_il: Some(ieri),
        data_applicazione: Some(ieri.date()),
        data_accredito: Some(ieri.date().saturating_add(1.day())),
        metadata: vec![],
        stand_in: false,
    };
    let instradamento = Instradamento {
        ente: ente.codice_fiscale.to_string(),
        intermediario: ente.stazione.intermediario.clone(),
        stazione: ente.stazione.id.clone(),
    };
    let raw = client::encode_send_rt(&SendRtRequest { instradamento, ricevuta, v2: true });
    let answer = portal.answer_nodo(&raw, Some("demo")).await;
    ensure!(matches!(answer, Risposta::Soap(_)), "the station did not take a receipt of the demo");
    Ok(())
}
