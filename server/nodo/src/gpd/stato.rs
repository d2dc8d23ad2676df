//! The states of a position and of an option in GPD, and what may still be done.
//!
//! Source: `DebtPositionStatus.java` and `PaymentOptionStatus.java` of pagopa-debt-position; SANP "Ciclo di vita della posizione
//! debitoria".

use domain::StatoPosizione;
use serde::{Deserialize, Serialize};

/// `status` of a position, v1. v3 says UNPAYABLE for INVALID and EXPIRED, and PAID for REPORTED.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoGpd {
    Draft,
    /// Payable from its validity date on.
    Published,
    Valid,
    Invalid,
    Expired,
    PartiallyPaid,
    Paid,
    /// Paid, and in a flow of the PSP.
    Reported,
}

/// `status` of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StatoOpzione {
    PoUnpaid,
    PoPaid,
    PoPartiallyReported,
    PoReported,
}

/// How a position over there is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chiusura {
    /// A draft cannot be invalidated.
    Cancella,
    Invalida,
    /// INVALID and EXPIRED: nobody can pay it any more.
    GiaChiusa,
    /// PARTIALLY_PAID, PAID, REPORTED: there is money behind it, it stays as it is.
    Pagata,
}

impl StatoGpd {
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Published,
        Self::Valid,
        Self::Invalid,
        Self::Expired,
        Self::PartiallyPaid,
        Self::Paid,
        Self::Reported,
    ];

    /// As it is spelt on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Published => "PUBLISHED",
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
            Self::Expired => "EXPIRED",
            Self::PartiallyPaid => "PARTIALLY_PAID",
            Self::Paid => "PAID",
            Self::Reported => "REPORTED",
        }
    }

    /// What it is called here.
    pub const fn domain(self) -> StatoPosizione {
        match self {
            Self::Draft => StatoPosizione::Bozza,
            Self::Published | Self::Valid => StatoPosizione::Aperta,
            Self::Invalid => StatoPosizione::Annullata,
            Self::Expired => StatoPosizione::Scaduta,
            Self::PartiallyPaid => StatoPosizione::ParzialmentePagata,
            Self::Paid | Self::Reported => StatoPosizione::Pagata,
        }
    }

    /// PUT is answered 409 otherwise (`getPaymentPosNotUpdatableStatus`).
    pub const fn is_updatable(self) -> bool {
        matches!(self, Self::Draft | Self::Published | Self::Valid | Self::Expired)
    }

    /// `…/publish` is answered 409 otherwise.
    pub const fn is_publishable(self) -> bool {
        matches!(self, Self::Draft)
    }

    /// DELETE is answered 409 otherwise (`getPaymentPosAlreadyPaidStatus`).
    pub const fn is_deletable(self) -> bool {
        !self.has_money()
    }

    pub const fn has_money(self) -> bool {
        matches!(self, Self::PartiallyPaid | Self::Paid | Self::Reported)
    }

    /// The terminal states are respected: what is closed or paid is left alone.
    pub const fn chiusura(self) -> Chiusura {
        match self {
            Self::Draft => Chiusura::Cancella,
            Self::Published | Self::Valid => Chiusura::Invalida,
            Self::Invalid | Self::Expired => Chiusura::GiaChiusa,
            Self::PartiallyPaid | Self::Paid | Self::Reported => Chiusura::Pagata,
        }
    }
}

impl StatoOpzione {
    pub const fn is_pagata(self) -> bool {
        !matches!(self, Self::PoUnpaid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_done_is_what_pagopa_lets_be_done() {
        use StatoGpd::*;
        // rows of DebtPositionStatus.java: updatable, publishable, invalidable, deletable
        for (stato, allowed) in [
            (Draft, (true, true, false, true)),
            (Published, (true, false, true, true)),
            (Valid, (true, false, true, true)),
            (Invalid, (false, false, false, true)),
            (Expired, (true, false, false, true)),
            (PartiallyPaid, (false, false, false, false)),
            (Paid, (false, false, false, false)),
            (Reported, (false, false, false, false)),
        ] {
            let invalidable = stato.chiusura() == Chiusura::Invalida;
            assert_eq!((stato.is_updatable(), stato.is_publishable(), invalidable, stato.is_deletable()), allowed, "{stato:?}");
        }
    }

    #[test]
    fn the_names_are_those_of_the_wire() {
        let names: Vec<String> = StatoGpd::ALL.iter().map(|s| serde_json::to_string(s).unwrap()).collect();
        assert_eq!(names, StatoGpd::ALL.map(|s| format!("\"{}\"", s.as_str())));
        assert_eq!(
            names.join(","),
            "\"DRAFT\",\"PUBLISHED\",\"VALID\",\"INVALID\",\"EXPIRED\",\"PARTIALLY_PAID\",\"PAID\",\"REPORTED\""
        );
        assert_eq!(serde_json::to_string(&StatoOpzione::PoPartiallyReported).unwrap(), "\"PO_PARTIALLY_REPORTED\"");
    }
}
