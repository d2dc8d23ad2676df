//! What a flow says of a payment. Each row on its own: one that cannot be read spoils no other.

use super::elenco::{RawPage, is_name};
use crate::rest::json::{Euro, instant, integer};
use domain::Importo;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// `payStatus`, with the code it has in FlussoRiversamento.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EsitoRiga {
    /// 0
    Eseguito,
    /// 3: gone from the latest versions, still sent by some.
    Revocato,
    /// 4
    StandIn,
    /// 8
    StandInSenzaRpt,
    /// 9: paid without our receipt. Money all the same: the receipt is to be asked for.
    SenzaRpt,
}

/// `Payment`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Riga {
    /// Unique in its flow.
    pub indice: u64,
    pub iuv: String,
    /// The receipt's `receiptId`.
    pub iur: String,
    /// Which transfer of the receipt.
    pub id_transfer: u8,
    pub importo: Importo,
    pub esito: EsitoRiga,
    pub data: Timestamp,
}

/// A row that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RigaIlleggibile {
    pub pagina: u64,
    /// In its page, from 0.
    pub posizione: usize,
    pub perche: &'static str,
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaginaRighe {
    pub righe: Vec<Riga>,
    pub illeggibili: Vec<RigaIlleggibile>,
    /// From 1.
    pub pagina: u64,
    pub pagine: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    #[serde(deserialize_with = "integer")]
    index: u64,
    iuv: String,
    iur: String,
    #[serde(deserialize_with = "integer")]
    id_transfer: u64,
    pay: Euro,
    pay_status: String,
    pay_date: String,
}

pub(crate) fn read(body: &[u8]) -> Result<PaginaRighe, &'static str> {
    let page: RawPage = serde_json::from_slice(body).map_err(|_| "not a page of payments")?;
    let pagina = page.metadata.page_number;
    let (mut righe, mut illeggibili) = (Vec::new(), Vec::new());
    for (posizione, raw) in page.data.iter().enumerate() {
        match read_row(raw) {
            Ok(riga) => righe.push(riga),
            Err(perche) => illeggibili.push(RigaIlleggibile { pagina, posizione, perche }),
        }
    }
    Ok(PaginaRighe { righe, illeggibili, pagina, pagine: page.metadata.tot_page })
}

fn read_row(raw: &RawValue) -> Result<Riga, &'static str> {
    let raw: Raw = serde_json::from_str(raw.get()).map_err(|_| "a row of another shape, or an amount that is none")?;
    let name = |text: String| is_name(&text).then_some(text);
    Ok(Riga {
        indice: raw.index,
        iuv: name(raw.iuv).ok_or("iuv: not 1 to 35 characters, or some that are none")?,
        iur: name(raw.iur).ok_or("iur: not 1 to 35 characters, or some that are none")?,
        id_transfer: u8::try_from(raw.id_transfer).ok().filter(|i| (1..=5).contains(i)).ok_or("idTransfer: not 1 to 5")?,
        importo: raw.pay.0,
        esito: match raw.pay_status.as_str() {
            "EXECUTED" => EsitoRiga::Eseguito,
            "REVOKED" => EsitoRiga::Revocato,
            "STAND_IN" => EsitoRiga::StandIn,
            "STAND_IN_NO_RPT" => EsitoRiga::StandInSenzaRpt,
            "NO_RPT" => EsitoRiga::SenzaRpt,
            _ => return Err("payStatus: not one of its values"),
        },
        data: instant(&raw.pay_date).ok_or("payDate: not an instant")?,
    })
}
