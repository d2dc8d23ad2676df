//! How the ente says no: `ErrorResponse` with one of eleven codes.

use crate::pa_for_node::Paa;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The codes. Source: SANP 3.12.0; faults/faults_paa.csv, last column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Odp {
    Sintassi,
    Semantica,
    SystemError,
    DominioErrato,
    IntermediarioErrato,
    StazioneErrata,
    Sconosciuto,
    Duplicato,
    InCorso,
    Scaduto,
    Annullato,
}

impl Odp {
    pub const ALL: [Self; 11] = [
        Self::Sintassi,
        Self::Semantica,
        Self::SystemError,
        Self::DominioErrato,
        Self::IntermediarioErrato,
        Self::StazioneErrata,
        Self::Sconosciuto,
        Self::Duplicato,
        Self::InCorso,
        Self::Scaduto,
        Self::Annullato,
    ];

    /// `appErrorCode`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sintassi => "ODP-101",
            Self::Semantica => "ODP-102",
            Self::SystemError => "ODP-103",
            Self::DominioErrato => "ODP-104",
            Self::IntermediarioErrato => "ODP-105",
            Self::StazioneErrata => "ODP-106",
            Self::Sconosciuto => "ODP-107",
            Self::Duplicato => "ODP-108",
            Self::InCorso => "ODP-109",
            Self::Scaduto => "ODP-110",
            Self::Annullato => "ODP-111",
        }
    }

    /// The status the answer goes out with.
    pub const fn status(self) -> (u16, &'static str) {
        match self {
            Self::Sintassi | Self::DominioErrato | Self::IntermediarioErrato | Self::StazioneErrata => (400, "Bad Request"),
            Self::Sconosciuto => (404, "Not Found"),
            Self::Duplicato | Self::InCorso => (409, "Conflict"),
            Self::Semantica | Self::Scaduto | Self::Annullato => (422, "Unprocessable Entity"),
            Self::SystemError => (500, "Internal Server Error"),
        }
    }

    /// The fault of the station that says the same.
    pub const fn paa(self) -> Paa {
        match self {
            Self::Sintassi => Paa::SintassiExtraxsd,
            Self::Semantica => Paa::Semantica,
            Self::SystemError => Paa::SystemError,
            Self::DominioErrato => Paa::IdDominioErrato,
            Self::IntermediarioErrato => Paa::IdIntermediarioErrato,
            Self::StazioneErrata => Paa::StazioneIntErrata,
            Self::Sconosciuto => Paa::PagamentoSconosciuto,
            Self::Duplicato => Paa::PagamentoDuplicato,
            Self::InCorso => Paa::PagamentoInCorso,
            Self::Scaduto => Paa::PagamentoScaduto,
            Self::Annullato => Paa::PagamentoAnnullato,
        }
    }
}

/// `ErrorResponse`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OdpError {
    pub http_status_code: u16,
    pub http_status_description: String,
    pub app_error_code: String,
    pub error_message: String,
    /// Seconds since 1970.
    pub timestamp: i64,
    pub date_time: String,
}

/// The status and the body.
pub fn encode_error(odp: Odp, now: Timestamp) -> (u16, Vec<u8>) {
    let (status, description) = odp.status();
    let error = OdpError {
        http_status_code: status,
        http_status_description: description.to_owned(),
        app_error_code: odp.code().to_owned(),
        error_message: format!("{} {}", odp.paa().code(), odp.paa().text()),
        timestamp: now.as_second(),
        date_time: format!("{now:.0}").trim_end_matches('Z').to_owned(),
    };
    (status, serde_json::to_vec(&error).unwrap_or_default())
}

/// The other side: which code it is. `None` when it is no error of this kind, or its status is not the code's.
pub fn decode_error(status: u16, body: &[u8]) -> Option<Odp> {
    let error: OdpError = serde_json::from_slice(body).ok()?;
    let odp = Odp::ALL.into_iter().find(|odp| odp.code() == error.app_error_code)?;
    (odp.status().0 == status && error.http_status_code == status).then_some(odp)
}
