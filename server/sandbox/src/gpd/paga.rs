//! `POST /gpd/paga`, `POST /aca/paga`: somebody pays a notice that GPD (or, in stand-in, ACA) answers for. The receipt goes to the
//! station of the ente: for GPD its broadcast station, for ACA its own once it is up again.

use super::posizione::{Opzione, Pagata, Posizione};
use super::{Errore, Prodotto};
use crate::problem::Problem;
use crate::psp::{Consegna, Incarico};
use crate::ricevuta::{Canale, Pagamento, issue};
use crate::scelta::COPIE_MAX;
use crate::stazione::{Outcome, Passo};
use crate::{Sandbox, caso};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use domain::ricevuta::SoggettoRicevuta;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use nodo::gpd::{StatoGpd, TransferModel};
use nodo::pa_for_node::client::{PaymentData, PaymentTransfer, StampRequest};
use nodo::rest::json::roman;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The body. Unknown members are refused: a misspelt one would make a test prove nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PagaRequest {
    codice_fiscale_ente: String,
    numero_avviso: String,
    /// How often the receipt is sent to the station; 0: it is only kept here, as for an ente without a broadcast station.
    #[serde(default = "one")]
    copie: u32,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Serialize)]
pub(crate) struct PagaAnswer {
    receipt_id: String,
    /// Of the position, afterwards.
    stato: StatoGpd,
    /// The receipt on its way to the station.
    passi: Vec<Passo>,
}

type Body = Result<Json<PagaRequest>, JsonRejection>;

pub(crate) async fn paga_gpd(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Result<Json<PagaAnswer>, Problem> {
    paga(&sandbox, Prodotto::Gpd, body).await
}

pub(crate) async fn paga_aca(State(sandbox): State<Arc<Sandbox>>, body: Body) -> Result<Json<PagaAnswer>, Problem> {
    paga(&sandbox, Prodotto::Aca, body).await
}

async fn paga(sandbox: &Sandbox, prodotto: Prodotto, body: Body) -> Result<Json<PagaAnswer>, Problem> {
    let Json(request) = body?;
    let ente = CodiceFiscaleEnte::parse(&request.codice_fiscale_ente)
        .map_err(|reason| Problem::malformed(format!("codice_fiscale_ente: {reason}")))?;
    let numero =
        NumeroAvviso::parse(&request.numero_avviso).map_err(|reason| Problem::malformed(format!("numero_avviso: {reason}")))?;
    if request.copie > COPIE_MAX {
        return Err(Problem::malformed(format!("copie: at most {COPIE_MAX}")));
    }
    let incarico = Incarico::new(&sandbox.config, ente.clone(), numero.clone())
        .ok_or_else(|| Problem::unprocessable(format!("PPT_DOMINIO_SCONOSCIUTO, ente {ente}")))?;
    let receipt_id = caso::id().map_err(|error| Problem::internal(error.to_string()))?;
    let paid = Pagata { when: sandbox.now(), receipt_id: Some(receipt_id.clone()) };
    let (posizione, index) = sandbox
        .gpd
        .pay(prodotto, ente.as_str(), numero.as_str(), paid)
        .map_err(|errore| errore.problem(ente.as_str(), numero.as_str()))?;
    let data =
        payment_data(&posizione, &posizione.opzioni[index]).map_err(|errore| errore.problem(ente.as_str(), numero.as_str()))?;
    let pagamento = Pagamento {
        receipt_id: receipt_id.clone(),
        canale: Canale::Sportello,
        importo: None,
        stand_in: prodotto == Prodotto::Aca,
        versante: None,
        now: (sandbox.config.clock)(),
    };
    let consegna =
        Consegna::new(incarico.clone(), issue(&incarico, &data, pagamento), &sandbox.ricevute, prodotto == Prodotto::Gpd);
    let mut passi = Vec::new();
    for _ in 0..request.copie {
        let passo = consegna.send(&sandbox.stazione).await;
        let stop = passo.outcome != Some(Outcome::Ok);
        passi.push(passo);
        if stop {
            break;
        }
    }
    Ok(Json(PagaAnswer { receipt_id, stato: posizione.stato, passi }))
}

/// What getPayment would have told of this notice.
fn payment_data(posizione: &Posizione, opzione: &Opzione) -> Result<PaymentData, Errore> {
    let impossible = |what: &str| Errore::RequestData(format!("{what} of a position that was taken"));
    let amount = |cents: i64| Importo::from_cents(cents).ok_or_else(|| impossible("amount"));
    let transfer = |t: &TransferModel| {
        let ente = t.organization_fiscal_code.as_ref().unwrap_or(&posizione.ente);
        Ok(PaymentTransfer {
            indice: t.id_transfer.parse().map_err(|_| impossible("idTransfer"))?,
            importo: amount(t.amount)?,
            ente: CodiceFiscaleEnte::parse(ente).map_err(|_| impossible("organizationFiscalCode"))?,
            nome_ente: t.company_name.clone().or_else(|| Some(posizione.company_name.clone())),
            iban: t.iban.clone(),
            bollo: t.stamp.as_ref().map(|s| StampRequest {
                hash_documento: s.hash_document.clone(),
                tipo: s.stamp_type.clone(),
                provincia: s.provincial_residence.clone(),
            }),
            causale: t.remittance_information.clone(),
            tassonomia: t.category.clone(),
            metadata: t.transfer_metadata.iter().map(|m| (m.key.clone(), m.value.clone())).collect(),
        })
    };
    Ok(PaymentData {
        iuv: opzione.iuv.clone(),
        importo: amount(opzione.amount)?,
        due_date: roman(opzione.due).ok_or_else(|| impossible("dueDate"))?.date(),
        causale: opzione.description.clone(),
        nome_ente: Some(posizione.company_name.clone()),
        ufficio: None,
        debitore: SoggettoRicevuta {
            identificativo: opzione.debitore.fiscal_code.clone(),
            nome: opzione.debitore.full_name.clone(),
            email: None,
        },
        versamenti: opzione.transfers.iter().map(transfer).collect::<Result<_, _>>()?,
        metadata: Vec::new(),
    })
}
