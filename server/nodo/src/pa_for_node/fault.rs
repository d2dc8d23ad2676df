//! The fault codes of a station, and the answer with outcome KO.

use super::{Operation, answer};

/// Codes of the EC domain that this station uses. Source: SANP 3.12.0, table of the PAA faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Paa {
    PagamentoSconosciuto,
    PagamentoDuplicato,
    PagamentoInCorso,
    PagamentoScaduto,
    PagamentoAnnullato,
    IdDominioErrato,
    IdIntermediarioErrato,
    StazioneIntErrata,
    SintassiExtraxsd,
    SintassiXsd,
    Semantica,
    SystemError,
    ReceiptDuplicata,
}

/// Why the answer is KO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: Paa,
    /// The domain the fault comes from: the ente.
    pub id: String,
    /// Goes to the PSP's log: no personal data.
    pub description: Option<String>,
}

impl Paa {
    pub const ALL: [Self; 13] = [
        Self::PagamentoSconosciuto,
        Self::PagamentoDuplicato,
        Self::PagamentoInCorso,
        Self::PagamentoScaduto,
        Self::PagamentoAnnullato,
        Self::IdDominioErrato,
        Self::IdIntermediarioErrato,
        Self::StazioneIntErrata,
        Self::SintassiExtraxsd,
        Self::SintassiXsd,
        Self::Semantica,
        Self::SystemError,
        Self::ReceiptDuplicata,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::PagamentoSconosciuto => "PAA_PAGAMENTO_SCONOSCIUTO",
            Self::PagamentoDuplicato => "PAA_PAGAMENTO_DUPLICATO",
            Self::PagamentoInCorso => "PAA_PAGAMENTO_IN_CORSO",
            Self::PagamentoScaduto => "PAA_PAGAMENTO_SCADUTO",
            Self::PagamentoAnnullato => "PAA_PAGAMENTO_ANNULLATO",
            Self::IdDominioErrato => "PAA_ID_DOMINIO_ERRATO",
            Self::IdIntermediarioErrato => "PAA_ID_INTERMEDIARIO_ERRATO",
            Self::StazioneIntErrata => "PAA_STAZIONE_INT_ERRATA",
            Self::SintassiExtraxsd => "PAA_SINTASSI_EXTRAXSD",
            Self::SintassiXsd => "PAA_SINTASSI_XSD",
            Self::Semantica => "PAA_SEMANTICA",
            Self::SystemError => "PAA_SYSTEM_ERROR",
            Self::ReceiptDuplicata => "PAA_RECEIPT_DUPLICATA",
        }
    }

    /// What a request that breaks the XSD is answered. The table of SANP allows PAA_SINTASSI_XSD for paDemandPaymentNotice only; the
    /// others have to make do with PAA_SINTASSI_EXTRAXSD.
    pub const fn of_broken_xsd(op: Operation) -> Self {
        match op {
            Operation::DemandPaymentNotice => Self::SintassiXsd,
            _ => Self::SintassiExtraxsd,
        }
    }

    /// Whether the table of SANP has this code for the operation (column "V G S D").
    pub const fn is_allowed_for(self, op: Operation) -> bool {
        match self {
            Self::PagamentoSconosciuto
            | Self::PagamentoDuplicato
            | Self::PagamentoInCorso
            | Self::PagamentoScaduto
            | Self::PagamentoAnnullato => {
                matches!(op, Operation::VerifyPaymentNotice | Operation::GetPayment | Operation::GetPaymentV2)
            }
            Self::IdDominioErrato
            | Self::IdIntermediarioErrato
            | Self::StazioneIntErrata
            | Self::SintassiExtraxsd
            | Self::Semantica
            | Self::SystemError => true,
            Self::SintassiXsd => matches!(op, Operation::DemandPaymentNotice),
            Self::ReceiptDuplicata => op.is_send_rt(),
        }
    }

    /// `faultString`, letter by letter as in the table, typographic apostrophe included.
    pub const fn text(self) -> &'static str {
        match self {
            Self::PagamentoSconosciuto => "Pagamento in attesa risulta sconosciuto all’Ente Creditore",
            Self::PagamentoDuplicato => "Pagamento in attesa risulta concluso all’Ente Creditore",
            Self::PagamentoInCorso => "Pagamento in attesa risulta in corso all’Ente Creditore",
            Self::PagamentoScaduto => "Pagamento in attesa risulta scaduto all’Ente Creditore",
            Self::PagamentoAnnullato => "Pagamento in attesa risulta annullato all’Ente Creditore",
            Self::IdDominioErrato => "La PAA non corrisponde al Dominio indicato",
            Self::IdIntermediarioErrato => "Identificativo intermediario non corrispondente",
            Self::StazioneIntErrata => "Stazione intermediario non corrispondente",
            Self::SintassiExtraxsd => "Errore di sintassi extra XSD",
            Self::SintassiXsd => "Errore di sintassi XSD",
            Self::Semantica => "Errore semantico",
            Self::SystemError => "Errore generico",
            // the table has no such row: named only in the page of paSendRT, without a text. The code is not sent by us
            // (stored is OK), it is here so that nobody invents another
            Self::ReceiptDuplicata => "Ricevuta già acquisita",
        }
    }
}

/// The answer with outcome KO. It goes out with HTTP 200: any other status is a technical failure for the Nodo.
///
/// Not for receipts: a KO to paSendRT ends the Nodo’s attempts just as an OK does, so what could not be stored gets
/// no answer of this kind.
pub fn encode_fault(op: Operation, fault: &Fault) -> Vec<u8> {
    answer::ko(op, |w| {
        w.text("faultCode", fault.code.code());
        w.text("faultString", fault.code.text());
        w.text("id", &fault.id);
        if let Some(description) = &fault.description {
            w.text("description", description);
        }
    })
}
