//! A position and the steps it may take. Pure: the time is an argument.

use super::Errore;
use jiff::Timestamp;
use nodo::gpd::{StatoGpd, StatoOpzione, TransferModel};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(crate) struct Posizione {
    pub ente: String,
    pub iupd: String,
    pub company_name: String,
    pub pay_stand_in: bool,
    pub stato: StatoGpd,
    pub inserted: Timestamp,
    pub updated: Timestamp,
    pub published: Option<Timestamp>,
    pub paid: Option<Timestamp>,
    pub opzioni: Vec<Opzione>,
}

/// A notice.
#[derive(Clone, Debug)]
pub(crate) struct Opzione {
    /// Notices of the same plan are paid one after the other; plans are alternatives.
    pub piano: usize,
    pub partial: bool,
    pub switch_to_expired: bool,
    pub debitore: Debitore,
    pub validity: Option<Timestamp>,
    pub nav: String,
    pub iuv: String,
    pub amount: i64,
    pub description: String,
    pub due: Timestamp,
    pub transfers: Vec<TransferModel>,
    pub stato: StatoOpzione,
    pub pagamento: Option<Pagata>,
    /// Transfers that a flow told, and the flow.
    pub reported: BTreeSet<String>,
    pub fdr: Option<String>,
}

/// `Debug` names nobody.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Debitore {
    pub kind: String,
    pub fiscal_code: String,
    pub full_name: String,
}

impl std::fmt::Debug for Debitore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Debitore(…)")
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pagata {
    pub when: Timestamp,
    /// `None`: at the ente's own desk.
    pub receipt_id: Option<String>,
}

impl Posizione {
    /// What time alone changes: PUBLISHED becomes VALID, VALID becomes EXPIRED when every notice may and is past.
    pub(crate) fn refresh(&mut self, now: Timestamp) {
        if self.stato == StatoGpd::Published && self.opzioni.iter().any(|o| o.validity.is_some_and(|v| v <= now)) {
            self.stato = StatoGpd::Valid;
        }
        let all_past = self.opzioni.iter().all(|o| o.switch_to_expired && o.due < now);
        if self.stato == StatoGpd::Valid && !self.opzioni.is_empty() && all_past {
            self.stato = StatoGpd::Expired;
        }
    }

    /// `PublishPaymentUtil.publishProcess`: valid at once unless every notice has a validity date to come.
    pub(crate) fn make_public(&mut self, now: Timestamp) {
        let mut valid = false;
        for opzione in &mut self.opzioni {
            let from = *opzione.validity.get_or_insert(now);
            valid |= from <= now;
        }
        self.stato = if valid { StatoGpd::Valid } else { StatoGpd::Published };
        (self.published, self.updated) = (Some(now), now);
    }

    pub(crate) fn publish(&mut self, now: Timestamp) -> Result<(), Errore> {
        if !self.stato.is_publishable() {
            return Err(Errore::NotPublishable);
        }
        if self.opzioni.iter().any(|o| o.due < now) {
            return Err(Errore::PublishDueDate);
        }
        if self.opzioni.iter().filter_map(|o| o.validity).min().is_some_and(|v| v < now) {
            return Err(Errore::PublishValidityDate);
        }
        self.make_public(now);
        Ok(())
    }

    pub(crate) fn invalidate(&mut self, now: Timestamp) -> Result<(), Errore> {
        self.refresh(now);
        if !matches!(self.stato, StatoGpd::Published | StatoGpd::Valid) {
            return Err(Errore::NotInvalidable);
        }
        (self.stato, self.updated) = (StatoGpd::Invalid, now);
        Ok(())
    }

    /// PUT: the whole position anew. What is payable already stays payable from when it was.
    pub(crate) fn replace(&mut self, new: Self, publish: bool, now: Timestamp) -> Result<(), Errore> {
        if !self.stato.is_updatable() {
            return Err(Errore::NotUpdatable);
        }
        let was_valid = self.stato == StatoGpd::Valid;
        let old = std::mem::replace(self, Self { inserted: self.inserted, updated: now, stato: StatoGpd::Draft, ..new });
        if was_valid && publish {
            for opzione in self.opzioni.iter_mut().filter(|o| o.validity.is_none()) {
                opzione.validity = old.opzioni.iter().find(|o| o.iuv == opzione.iuv).and_then(|o| o.validity);
            }
        }
        if publish {
            self.make_public(now);
        }
        Ok(())
    }

    /// A notice was paid. The order of the checks is that of `checkPaymentPositionPayability`.
    pub(crate) fn pay(&mut self, nav: &str, pagamento: Pagata) -> Result<&Opzione, Errore> {
        let now = pagamento.when;
        self.refresh(now);
        let index = self.opzioni.iter().position(|o| o.nav == nav).ok_or(Errore::OptionNotFound)?;
        let single_paid = self.opzioni.iter().any(|o| !o.partial && o.stato.is_pagata());
        if matches!(self.stato, StatoGpd::Paid | StatoGpd::Reported) || single_paid || self.opzioni[index].stato.is_pagata() {
            return Err(Errore::AlreadyPaid);
        }
        let expired = self.opzioni[index].switch_to_expired && self.opzioni[index].due < now;
        if !matches!(self.stato, StatoGpd::Valid | StatoGpd::PartiallyPaid) || expired {
            return Err(Errore::NotPayable);
        }
        let opzione = &mut self.opzioni[index];
        (opzione.stato, opzione.pagamento) = (StatoOpzione::PoPaid, Some(pagamento));
        self.recompute(now);
        Ok(&self.opzioni[index])
    }

    /// A flow of the PSP told of a transfer. `false` when there is no such transfer, or it was told already.
    pub(crate) fn report(&mut self, iuv: &str, id_transfer: &str, fdr: &str, now: Timestamp) -> bool {
        let Some(opzione) = self.opzioni.iter_mut().find(|o| o.iuv == iuv && o.stato.is_pagata()) else { return false };
        let is_there = opzione.transfers.iter().any(|t| t.id_transfer == id_transfer);
        if !is_there || !opzione.reported.insert(id_transfer.to_owned()) {
            return false;
        }
        let all = opzione.reported.len() == opzione.transfers.len();
        opzione.stato = if all { StatoOpzione::PoReported } else { StatoOpzione::PoPartiallyReported };
        opzione.fdr = Some(fdr.to_owned());
        self.recompute(now);
        true
    }

    /// `recomputePaymentPositionStatus`: the best of its plans decides.
    fn recompute(&mut self, now: Timestamp) {
        let plans: BTreeSet<usize> = self.opzioni.iter().map(|o| o.piano).collect();
        let of = |plan: usize| self.opzioni.iter().filter(move |o| o.piano == plan);
        let stato = if plans.iter().any(|p| of(*p).all(|o| o.stato == StatoOpzione::PoReported)) {
            StatoGpd::Reported
        } else if plans.iter().any(|p| of(*p).all(|o| o.stato.is_pagata())) {
            StatoGpd::Paid
        } else if self.opzioni.iter().any(|o| o.stato.is_pagata()) {
            StatoGpd::PartiallyPaid
        } else {
            self.stato
        };
        if matches!(stato, StatoGpd::Paid | StatoGpd::Reported) {
            self.paid.get_or_insert(now);
        }
        (self.stato, self.updated) = (stato, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn now() -> Timestamp {
        at("2026-03-02T08:30:15Z")
    }

    fn opzione(piano: usize, iuv: &str) -> Opzione {
        let transfer = |id: &str| TransferModel {
            id_transfer: id.into(),
            amount: 50,
            organization_fiscal_code: None,
            remittance_information: "r".into(),
            category: "9/0101101IM/".into(),
            iban: Some("IT60X0542811101000000123456".into()),
            postal_iban: None,
            stamp: None,
            company_name: None,
            transfer_metadata: vec![],
        };
        Opzione {
            piano,
            partial: piano == 9,
            switch_to_expired: false,
            debitore: Debitore { kind: "F".into(), fiscal_code: "RSSMRA85T10A562S".into(), full_name: "Mario".into() },
            validity: None,
            nav: format!("3{iuv}"),
            iuv: iuv.into(),
            amount: 100,
            description: "d".into(),
            due: at("2026-05-31T21:59:59Z"),
            transfers: vec![transfer("1"), transfer("2")],
            stato: StatoOpzione::PoUnpaid,
            pagamento: None,
            reported: BTreeSet::new(),
            fdr: None,
        }
    }

    /// A single payment, or two instalments.
    fn posizione() -> Posizione {
        Posizione {
            ente: "77777777777".into(),
            iupd: "a".into(),
            company_name: "Comune".into(),
            pay_stand_in: true,
            stato: StatoGpd::Draft,
            inserted: now(),
            updated: now(),
            published: None,
            paid: None,
            opzioni: vec![opzione(0, "1"), opzione(9, "2"), opzione(9, "3")],
        }
    }

    fn paid() -> Pagata {
        Pagata { when: now(), receipt_id: Some("r".into()) }
    }

    #[test]
    fn every_step_is_refused_where_pagopa_refuses_it() {
        for stato in StatoGpd::ALL {
            let there = || Posizione { stato, ..posizione() };
            assert_eq!(there().publish(now()).is_ok(), stato.is_publishable(), "{stato:?}");
            assert_eq!(there().replace(posizione(), true, now()).is_ok(), stato.is_updatable(), "{stato:?}");
            let invalidable = matches!(stato, StatoGpd::Published | StatoGpd::Valid);
            assert_eq!(there().invalidate(now()).is_ok(), invalidable, "{stato:?}");
            let payable = matches!(stato, StatoGpd::Valid | StatoGpd::PartiallyPaid);
            assert_eq!(there().pay("32", paid()).is_ok(), payable, "{stato:?}");
        }
    }

    #[test]
    fn published_becomes_valid_and_valid_expires_with_time_alone() {
        let mut posizione = posizione();
        for opzione in &mut posizione.opzioni {
            (opzione.validity, opzione.switch_to_expired) = (Some(at("2026-04-01T00:00:00Z")), true);
        }
        posizione.publish(now()).unwrap();
        assert_eq!(posizione.stato, StatoGpd::Published);
        assert_eq!(posizione.clone().pay("31", paid()).unwrap_err(), Errore::NotPayable);
        posizione.refresh(at("2026-04-01T00:00:00Z"));
        assert_eq!(posizione.stato, StatoGpd::Valid);
        posizione.refresh(at("2026-05-31T22:00:00Z"));
        assert_eq!(posizione.stato, StatoGpd::Expired);
        let mut lasting = Posizione { stato: StatoGpd::Valid, ..self::posizione() };
        lasting.refresh(at("2030-01-01T00:00:00Z"));
        assert_eq!(lasting.stato, StatoGpd::Valid, "what does not expire stays payable");
    }

    #[test]
    fn a_draft_whose_day_is_gone_cannot_be_published() {
        assert_eq!(posizione().publish(at("2026-06-01T00:00:00Z")), Err(Errore::PublishDueDate));
        let mut begun = posizione();
        begun.opzioni[0].validity = Some(at("2026-03-01T00:00:00Z"));
        assert_eq!(begun.publish(now()), Err(Errore::PublishValidityDate));
    }

    #[test]
    fn instalments_add_up_and_the_flow_closes_what_was_paid() {
        let mut posizione = posizione();
        posizione.publish(now()).unwrap();
        posizione.pay("32", paid()).unwrap();
        assert_eq!(posizione.stato, StatoGpd::PartiallyPaid);
        assert_eq!(posizione.pay("32", paid()).unwrap_err(), Errore::AlreadyPaid);
        assert_eq!(posizione.pay("39", paid()).unwrap_err(), Errore::OptionNotFound);
        posizione.pay("33", paid()).unwrap();
        assert_eq!((posizione.stato, posizione.paid), (StatoGpd::Paid, Some(now())));
        assert_eq!(posizione.pay("31", paid()).unwrap_err(), Errore::AlreadyPaid, "the plan settled the debt");

        assert!(!posizione.report("1", "1", "f", now()), "nobody paid that one");
        assert!(posizione.report("2", "1", "f", now()) && !posizione.report("2", "1", "f", now()));
        assert_eq!(posizione.opzioni[1].stato, StatoOpzione::PoPartiallyReported);
        for (iuv, transfer) in [("2", "2"), ("3", "1"), ("3", "2")] {
            assert_eq!(posizione.stato, StatoGpd::Paid);
            assert!(posizione.report(iuv, transfer, "f", now()));
        }
        assert_eq!((posizione.stato, posizione.opzioni[2].stato), (StatoGpd::Reported, StatoOpzione::PoReported));
    }

    #[test]
    fn an_update_keeps_what_was_payable_payable() {
        let mut posizione = posizione();
        posizione.publish(now()).unwrap();
        let later = at("2026-03-05T00:00:00Z");
        posizione.replace(self::posizione(), true, later).unwrap();
        assert_eq!((posizione.stato, posizione.opzioni[0].validity), (StatoGpd::Valid, Some(now())));
        posizione.replace(self::posizione(), false, later).unwrap();
        assert_eq!(posizione.stato, StatoGpd::Draft, "an update that does not publish takes it back");
    }
}
