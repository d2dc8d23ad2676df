//! What a position of ours looks like in GPD.

use super::model::{Metadata, PaymentOptionModel, PaymentPositionModel, Stamp, TransferModel};
use crate::rest::json;
use crate::rome;
use domain::{Accredito, CodiceFiscaleEnte, Opzione, Posizione, Rata, Versamento};
use jiff::civil::{Date, date};
use sha2::{Digest as _, Sha256};

/// `dueDate` is mandatory; this day says "none", as pagoPA's own Piattaforma Unitaria (p4pa) does.
const NO_DUE_DATE: Date = date(2099, 12, 31);
/// `maxLength` of `description`, `remittanceInformation` and `companyName`.
pub(super) const TEXT_MAX: usize = 140;
/// `fullName` becomes `stFullName` of getPayment.
const NOME_MAX: usize = 70;

/// What the model has no word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Indicibile {
    #[error("a position without a way to pay it")]
    SenzaRate,
    /// v1 has one `switchToExpired` for the whole position: v3 has one for each option.
    #[error("options that expire differently need version 3")]
    ScadenzeDiverse,
    /// GPD derives the number of the notice from the IUV, and keeps 17 digits of it.
    #[error("a notice number that is not of aux digit 3")]
    AuxDigit,
    #[error("a date no calendar has")]
    Data,
}

/// The name of a position over there: always the same for the same position, so that asking twice is asking once. SANP suggests the
/// ente's codice fiscale and a UUID; here 128 bits of a digest stand for the UUID.
pub fn iupd(ente: &CodiceFiscaleEnte, id: &str) -> String {
    let digest = Sha256::digest(format!("{ente}/{id}"));
    format!("{ente}{}", crate::rest::hex(&digest[..16]))
}

/// The position for v1. `nome_ente` is `companyName`.
///
/// What is due on a day can be paid until its last second in Rome. Options that are paid go with the others: GPD keeps its own books
/// about what is paid, and would take an option that is missing for withdrawn.
///
/// # Errors
/// See [`Indicibile`].
pub fn model(posizione: &Posizione, nome_ente: &str) -> Result<PaymentPositionModel, Indicibile> {
    let rate: Vec<&Rata> = posizione.rate.iter().collect();
    model_of(posizione, &rate, nome_ente)
}

/// The same, of some of its options only.
pub(crate) fn model_of(posizione: &Posizione, rate: &[&Rata], nome_ente: &str) -> Result<PaymentPositionModel, Indicibile> {
    let first = rate.first().ok_or(Indicibile::SenzaRate)?;
    if rate.iter().any(|r| r.non_oltre_scadenza != first.non_oltre_scadenza) {
        return Err(Indicibile::ScadenzeDiverse);
    }
    let debitore = &posizione.debitore;
    Ok(PaymentPositionModel {
        iupd: iupd(&posizione.ente, &posizione.id),
        r#type: kind(debitore.codice_fiscale.as_str()).to_owned(),
        pay_stand_in: true,
        fiscal_code: debitore.codice_fiscale.as_str().to_owned(),
        full_name: cut(&debitore.nome, NOME_MAX),
        company_name: cut(nome_ente, TEXT_MAX),
        office_name: None,
        switch_to_expired: first.non_oltre_scadenza,
        validity_date: None,
        status: None,
        payment_option: rate.iter().map(|rata| option(posizione, rata)).collect::<Result<_, _>>()?,
    })
}

fn option(posizione: &Posizione, rata: &Rata) -> Result<PaymentOptionModel, Indicibile> {
    Ok(PaymentOptionModel {
        nav: Some(nav(rata)?),
        iuv: rata.iuv().as_str().to_owned(),
        amount: rata.importo.cents(),
        description: cut(&posizione.causale, TEXT_MAX),
        is_partial_payment: rata.opzione != Opzione::Unica,
        due_date: due_date(rata)?,
        retention_date: None,
        transfer: transfers(&rata.versamenti),
        payment_option_metadata: Vec::new(),
    })
}

pub(super) fn nav(rata: &Rata) -> Result<String, Indicibile> {
    if rata.numero.aux() == domain::AuxDigit::Tre { Ok(rata.numero.to_string()) } else { Err(Indicibile::AuxDigit) }
}

pub(super) fn due_date(rata: &Rata) -> Result<String, Indicibile> {
    let end = rome::end_of_day_utc(rata.scadenza.unwrap_or(NO_DUE_DATE)).ok_or(Indicibile::Data)?;
    Ok(format!("{end}Z"))
}

/// The day in Rome of a due date that was read back; `None` where it says "none", or cannot be read.
pub(super) fn due_day(text: &str) -> Option<Date> {
    let day = json::roman(json::instant(text)?)?.date();
    (day != NO_DUE_DATE).then_some(day)
}

/// Numbered from 1.
pub(super) fn transfers(versamenti: &[Versamento]) -> Vec<TransferModel> {
    (1..).zip(versamenti).map(|(i, versamento): (u32, _)| transfer(i, versamento)).collect()
}

fn transfer(indice: u32, versamento: &Versamento) -> TransferModel {
    let (iban, postal_iban, stamp) = match &versamento.accredito {
        Accredito::Conto { iban, postale } => {
            (Some(iban.as_str().to_owned()), postale.as_ref().map(|p| p.as_str().to_owned()), None)
        }
        Accredito::Bollo { hash_documento, provincia } => {
            let stamp = Stamp {
                hash_document: hash_documento.clone(),
                stamp_type: "01".to_owned(),
                provincial_residence: provincia.clone(),
            };
            (None, None, Some(stamp))
        }
    };
    TransferModel {
        id_transfer: indice.to_string(),
        amount: versamento.importo.cents(),
        organization_fiscal_code: Some(versamento.ente.to_string()),
        remittance_information: cut(&versamento.causale, TEXT_MAX),
        category: versamento.tassonomia.to_wire(),
        iban,
        postal_iban,
        stamp,
        company_name: Some(cut(&versamento.nome_ente, TEXT_MAX)).filter(|n| !n.is_empty()),
        transfer_metadata: Vec::<Metadata>::new(),
    }
}

/// `F` for a person, `G` for a body: 11 digits.
pub(super) fn kind(codice_fiscale: &str) -> &'static str {
    if codice_fiscale.len() == 11 { "G" } else { "F" }
}

pub(super) fn cut(text: &str, max: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(max).collect()
}
