//! What the Nodo asks beyond the XSD. Source: the vectors of pagopa-nodo-dei-pagamenti-test for the answers of a station.

use super::responses::VerifyFound;
use super::{Check, PaymentData, ResponseError};
use crate::pa_for_node::{DemandAnswer, VerifyAnswer};
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};

/// paVerifyPaymentNotice OK says all of it, though the XSD calls each part optional.
pub(super) fn complete(found: VerifyFound, check: &Check) -> Result<VerifyAnswer, ResponseError> {
    let (importo, scadenza, all_ccp) = found.option.ok_or_else(|| missing("paymentList"))?;
    let answer = VerifyAnswer {
        importo,
        scadenza,
        all_ccp,
        causale: found.causale.ok_or_else(|| missing("paymentDescription"))?,
        ente: found.ente.ok_or_else(|| missing("fiscalCodePA"))?,
        nome_ente: found.nome_ente.ok_or_else(|| missing("companyName"))?,
        ufficio: found.ufficio,
    };
    check.known_ente(&answer.ente)?;
    Ok(answer)
}

/// paDemandPaymentNotice OK names the notice it made, and says the rest as a verify would.
pub(super) fn demanded(
    notice: Option<(CodiceFiscaleEnte, NumeroAvviso)>,
    found: VerifyFound,
    check: &Check,
) -> Result<DemandAnswer, ResponseError> {
    let (ente, numero) = notice.ok_or_else(|| missing("qrCode"))?;
    check.known_ente(&ente)?;
    Ok(DemandAnswer { numero, ente, avviso: complete(found, check)? })
}

/// paGetPayment OK has data that add up, numbered from 1 without a gap, towards enti and accounts on record.
pub(super) fn payable(data: Option<PaymentData>, check: &Check) -> Result<PaymentData, ResponseError> {
    let data = data.ok_or_else(|| missing("data"))?;
    if Importo::sum(data.versamenti.iter().map(|v| v.importo)) != Some(data.importo) {
        return Err(rule("the transfers do not add up to paymentAmount"));
    }
    let mut indices: Vec<u8> = data.versamenti.iter().map(|v| v.indice).collect();
    indices.sort_unstable();
    if !indices.iter().zip(1..).all(|(found, expected)| *found == expected) {
        return Err(rule("idTransfer is not 1, 2, …"));
    }
    for versamento in &data.versamenti {
        check.known_ente(&versamento.ente)?;
        if let Some(iban) = &versamento.iban {
            check.known_iban(&versamento.ente, iban)?;
        }
    }
    Ok(data)
}

impl Check {
    fn known_ente(&self, ente: &CodiceFiscaleEnte) -> Result<(), ResponseError> {
        match &self.enti {
            Some(enti) if !enti.contains(ente) => Err(rule("fiscalCodePA unknown")),
            _ => Ok(()),
        }
    }

    fn known_iban(&self, ente: &CodiceFiscaleEnte, iban: &str) -> Result<(), ResponseError> {
        match self.ibans.get(ente) {
            Some(ibans) if !ibans.contains(iban) => Err(rule("IBAN unknown, or of another ente")),
            _ => Ok(()),
        }
    }
}

fn missing(name: &str) -> ResponseError {
    ResponseError::Rule(format!("OK without {name}"))
}

fn rule(text: &str) -> ResponseError {
    ResponseError::Rule(text.to_owned())
}
