//! Positions as v1 and v3 spell them, in and out.

use super::Errore;
use super::posizione::{Debitore, Opzione, Posizione};
use jiff::Timestamp;
use nodo::gpd::v3::{
    DebtorModel, InstallmentModel, InstallmentResponse, PaymentOptionModelV3, PaymentOptionResponseV3, PaymentPositionModelV3,
    PaymentPositionResponseV3, StatoRata, StatoV3,
};
use nodo::gpd::{
    Azione, PaymentOptionModel, PaymentOptionResponse, PaymentPositionModel, PaymentPositionResponse, StatoGpd, StatoOpzione,
    TransferModel, TransferResponse, faults,
};
use nodo::rest::json::instant;
use std::collections::BTreeSet;

/// As Java writes a `LocalDateTime` in UTC.
pub(super) fn time(at: Timestamp) -> String {
    format!("{at:.0}").trim_end_matches('Z').to_owned()
}

/// A position of v1, judged.
pub(super) fn from_v1(model: PaymentPositionModel, ente: &str, now: Timestamp, azione: Azione) -> Result<Posizione, Errore> {
    judge(&model, now, azione)?;
    let opzioni =
        model.payment_option.iter().enumerate().map(|(i, option)| from_option(&model, option, i)).collect::<Result<_, _>>()?;
    Ok(empty(ente, &model.iupd, &model.company_name, model.pay_stand_in, opzioni, now))
}

/// A position of v3: each of its options is judged like a position of v1.
pub(super) fn from_v3(model: &PaymentPositionModelV3, ente: &str, now: Timestamp, azione: Azione) -> Result<Posizione, Errore> {
    if model.payment_option.is_empty() || model.payment_option.iter().any(|o| o.installments.is_empty()) {
        return Err(Errore::RequestData("paymentOption and installments: at least 1".to_owned()));
    }
    let mut opzioni = Vec::new();
    for (plan, option) in model.payment_option.iter().enumerate() {
        let as_v1 = PaymentPositionModel {
            iupd: model.iupd.clone(),
            r#type: option.debtor.r#type.clone(),
            pay_stand_in: model.pay_stand_in,
            fiscal_code: option.debtor.fiscal_code.clone(),
            full_name: option.debtor.full_name.clone(),
            company_name: model.company_name.clone(),
            office_name: None,
            switch_to_expired: option.switch_to_expired,
            validity_date: option.validity_date.clone(),
            status: None,
            payment_option: option.installments.iter().map(|i| as_option(i, option.installments.len() > 1)).collect(),
        };
        judge(&as_v1, now, azione)?;
        for installment in &as_v1.payment_option {
            opzioni.push(Opzione { piano: plan, ..from_option(&as_v1, installment, plan)? });
        }
    }
    let iuvs: BTreeSet<&str> = opzioni.iter().map(|o| o.iuv.as_str()).collect();
    if iuvs.len() < opzioni.len() {
        return Err(Errore::UniqueViolation);
    }
    Ok(empty(ente, &model.iupd, &model.company_name, model.pay_stand_in, opzioni, now))
}

fn judge(model: &PaymentPositionModel, now: Timestamp, azione: Azione) -> Result<(), Errore> {
    let found = faults(model, now, azione);
    if found.iter().any(|f| f.contains("reserved payment option metadata")) {
        return Err(Errore::ReservedMetadata);
    }
    if found.iter().any(|f| f.contains("unique")) {
        return Err(Errore::UniqueViolation);
    }
    if found.is_empty() { Ok(()) } else { Err(Errore::RequestData(found.join("; "))) }
}

fn as_option(installment: &InstallmentModel, partial: bool) -> PaymentOptionModel {
    PaymentOptionModel {
        nav: installment.nav.clone(),
        iuv: installment.iuv.clone(),
        amount: installment.amount,
        description: installment.description.clone(),
        is_partial_payment: partial,
        due_date: installment.due_date.clone(),
        retention_date: None,
        transfer: installment.transfer.clone(),
        payment_option_metadata: installment.installment_metadata.clone(),
    }
}

/// In v1 all partial options are one plan; its number is one that no single option has.
const PARTIAL: usize = usize::MAX;

fn from_option(model: &PaymentPositionModel, option: &PaymentOptionModel, index: usize) -> Result<Opzione, Errore> {
    Ok(Opzione {
        piano: if option.is_partial_payment { PARTIAL } else { index },
        partial: option.is_partial_payment,
        switch_to_expired: model.switch_to_expired,
        debitore: Debitore {
            kind: model.r#type.clone(),
            fiscal_code: model.fiscal_code.clone(),
            full_name: model.full_name.clone(),
        },
        validity: model.validity_date.as_deref().and_then(instant),
        nav: option.nav.clone().unwrap_or_else(|| format!("3{}", option.iuv)),
        iuv: option.iuv.clone(),
        amount: option.amount,
        description: option.description.clone(),
        due: instant(&option.due_date).ok_or_else(|| Errore::RequestData("dueDate: not a date-time".to_owned()))?,
        transfers: option.transfer.clone(),
        stato: StatoOpzione::PoUnpaid,
        pagamento: None,
        reported: BTreeSet::new(),
        fdr: None,
    })
}

fn empty(ente: &str, iupd: &str, company_name: &str, pay_stand_in: bool, opzioni: Vec<Opzione>, now: Timestamp) -> Posizione {
    Posizione {
        ente: ente.to_owned(),
        iupd: iupd.to_owned(),
        company_name: company_name.to_owned(),
        pay_stand_in,
        stato: StatoGpd::Draft,
        inserted: now,
        updated: now,
        published: None,
        paid: None,
        opzioni,
    }
}

/// What a change is answered with: the position as it was sent, and its status.
pub(super) fn to_model(p: &Posizione) -> PaymentPositionModel {
    let debitore = p.opzioni.first().map(|o| o.debitore.clone());
    let debitore = debitore.unwrap_or(Debitore { kind: "F".into(), fiscal_code: String::new(), full_name: String::new() });
    PaymentPositionModel {
        iupd: p.iupd.clone(),
        r#type: debitore.kind,
        pay_stand_in: p.pay_stand_in,
        fiscal_code: debitore.fiscal_code,
        full_name: debitore.full_name,
        company_name: p.company_name.clone(),
        office_name: None,
        switch_to_expired: p.opzioni.iter().any(|o| o.switch_to_expired),
        validity_date: p.opzioni.iter().filter_map(|o| o.validity).min().map(time),
        status: Some(p.stato),
        payment_option: p
            .opzioni
            .iter()
            .map(|o| PaymentOptionModel {
                nav: Some(o.nav.clone()),
                iuv: o.iuv.clone(),
                amount: o.amount,
                description: o.description.clone(),
                is_partial_payment: o.partial,
                due_date: time(o.due),
                retention_date: None,
                transfer: o.transfers.clone(),
                payment_option_metadata: Vec::new(),
            })
            .collect(),
    }
}

/// `PaymentPositionModelBaseResponse`. Two plans of instalments v1 cannot say.
pub(super) fn to_v1(p: &Posizione) -> Result<PaymentPositionResponse, Errore> {
    let plans: BTreeSet<usize> = p.opzioni.iter().filter(|o| o.partial).map(|o| o.piano).collect();
    if plans.len() > 1 {
        return Err(Errore::MultiInstallments);
    }
    Ok(PaymentPositionResponse {
        iupd: Some(p.iupd.clone()),
        organization_fiscal_code: Some(p.ente.clone()),
        r#type: p.opzioni.first().map(|o| o.debitore.kind.clone()),
        company_name: Some(p.company_name.clone()),
        inserted_date: Some(time(p.inserted)),
        publish_date: p.published.map(time),
        validity_date: p.opzioni.iter().filter_map(|o| o.validity).min().map(time),
        payment_date: p.paid.map(time),
        status: Some(p.stato),
        last_updated_date: Some(time(p.updated)),
        payment_option: p.opzioni.iter().map(|o| to_option(&p.ente, o)).collect(),
    })
}

pub(super) fn to_option(ente: &str, o: &Opzione) -> PaymentOptionResponse {
    PaymentOptionResponse {
        nav: Some(o.nav.clone()),
        iuv: Some(o.iuv.clone()),
        organization_fiscal_code: Some(ente.to_owned()),
        amount: Some(o.amount),
        description: Some(o.description.clone()),
        is_partial_payment: Some(o.partial),
        due_date: Some(time(o.due)),
        payment_date: o.pagamento.as_ref().map(|p| time(p.when)),
        reporting_date: None,
        payment_method: None,
        notification_fee: None,
        psp_company: o.pagamento.as_ref().filter(|p| p.receipt_id.is_some()).map(|_| crate::ricevuta::PSP_NOME.to_owned()),
        id_receipt: o.pagamento.as_ref().and_then(|p| p.receipt_id.clone()),
        id_flow_reporting: o.fdr.clone(),
        status: Some(o.stato),
        transfer: o.transfers.iter().map(|t| to_transfer(ente, o, t)).collect(),
    }
}

fn to_transfer(ente: &str, o: &Opzione, t: &TransferModel) -> TransferResponse {
    let stato = if o.reported.contains(&t.id_transfer) { "T_REPORTED" } else { "T_UNREPORTED" };
    TransferResponse {
        organization_fiscal_code: Some(t.organization_fiscal_code.clone().unwrap_or_else(|| ente.to_owned())),
        id_transfer: Some(t.id_transfer.clone()),
        amount: Some(t.amount),
        remittance_information: Some(t.remittance_information.clone()),
        category: Some(t.category.clone()),
        iban: t.iban.clone(),
        postal_iban: t.postal_iban.clone(),
        stamp: t.stamp.clone(),
        status: Some(stato.to_owned()),
    }
}

fn stato_v3(stato: StatoGpd) -> StatoV3 {
    match stato {
        StatoGpd::Draft => StatoV3::Draft,
        StatoGpd::Published => StatoV3::Published,
        StatoGpd::Valid => StatoV3::Valid,
        StatoGpd::Invalid | StatoGpd::Expired => StatoV3::Unpayable,
        StatoGpd::PartiallyPaid => StatoV3::PartiallyPaid,
        StatoGpd::Paid | StatoGpd::Reported => StatoV3::Paid,
    }
}

/// The options of v3, in the order of their plans.
fn plans(p: &Posizione) -> Vec<Vec<&Opzione>> {
    let numbers: BTreeSet<usize> = p.opzioni.iter().map(|o| o.piano).collect();
    numbers.into_iter().map(|n| p.opzioni.iter().filter(|o| o.piano == n).collect()).collect()
}

pub(super) fn to_model_v3(p: &Posizione) -> PaymentPositionModelV3 {
    let option = |plan: &Vec<&Opzione>| {
        let first = plan.first()?;
        Some(PaymentOptionModelV3 {
            description: Some(first.description.clone()),
            validity_date: first.validity.map(time),
            switch_to_expired: first.switch_to_expired,
            debtor: DebtorModel {
                r#type: first.debitore.kind.clone(),
                fiscal_code: first.debitore.fiscal_code.clone(),
                full_name: first.debitore.full_name.clone(),
            },
            installments: plan.iter().map(|o| to_installment(o)).collect(),
        })
    };
    PaymentPositionModelV3 {
        iupd: p.iupd.clone(),
        pay_stand_in: p.pay_stand_in,
        company_name: p.company_name.clone(),
        status: Some(stato_v3(p.stato)),
        payment_option: plans(p).iter().filter_map(option).collect(),
    }
}

fn to_installment(o: &Opzione) -> InstallmentModel {
    InstallmentModel {
        nav: Some(o.nav.clone()),
        iuv: o.iuv.clone(),
        amount: o.amount,
        description: o.description.clone(),
        due_date: time(o.due),
        transfer: o.transfers.clone(),
        installment_metadata: Vec::new(),
    }
}

/// `PaymentPositionModelResponseV3`.
pub(super) fn to_v3(p: &Posizione, now: Timestamp) -> PaymentPositionResponseV3 {
    let installment = |o: &&Opzione| {
        let v1 = to_option(&p.ente, o);
        InstallmentResponse {
            nav: v1.nav,
            iuv: v1.iuv,
            amount: v1.amount,
            due_date: v1.due_date,
            payment_date: v1.payment_date,
            id_receipt: v1.id_receipt,
            id_flow_reporting: v1.id_flow_reporting,
            status: Some(stato_rata(p, o, now)),
            transfer: v1.transfer,
        }
    };
    PaymentPositionResponseV3 {
        iupd: Some(p.iupd.clone()),
        organization_fiscal_code: Some(p.ente.clone()),
        status: Some(stato_v3(p.stato)),
        last_updated_date: Some(time(p.updated)),
        payment_option: plans(p)
            .iter()
            .map(|plan| PaymentOptionResponseV3 {
                switch_to_expired: plan.first().map(|o| o.switch_to_expired),
                installments: plan.iter().map(installment).collect(),
            })
            .collect(),
    }
}

fn stato_rata(p: &Posizione, o: &Opzione, now: Timestamp) -> StatoRata {
    match o.stato {
        StatoOpzione::PoPaid => StatoRata::Paid,
        StatoOpzione::PoPartiallyReported => StatoRata::PartiallyReported,
        StatoOpzione::PoReported => StatoRata::Reported,
        StatoOpzione::PoUnpaid if o.switch_to_expired && o.due < now => StatoRata::Expired,
        StatoOpzione::PoUnpaid if matches!(p.stato, StatoGpd::Invalid | StatoGpd::Paid | StatoGpd::Reported) => {
            StatoRata::Unpayable
        }
        StatoOpzione::PoUnpaid => StatoRata::Unpaid,
    }
}
