//! What is read back of a position: where it stands, and which of its notices are paid.

use super::model::{PageInfo, PaymentOptionResponse, PaymentPositionResponse};
use super::posizione::due_day;
use super::{StatoGpd, StatoOpzione};
use crate::rest::json;
use domain::{Importo, NumeroAvviso};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A position as GPD has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PosizioneLetta {
    pub iupd: String,
    pub stato: StatoGpd,
    pub pubblicata_il: Option<Timestamp>,
    pub aggiornata_il: Option<Timestamp>,
    pub rate: Vec<RataLetta>,
}

/// A notice as GPD has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RataLetta {
    pub numero: NumeroAvviso,
    /// A notification fee that SEND added is in it: it may be more than what was sent.
    pub importo: Importo,
    pub costo_notifica: Option<Importo>,
    pub scadenza: Option<Date>,
    pub stato: StatoOpzione,
    /// `idReceipt`, the IUR: what links it to its receipt.
    pub receipt_id: Option<String>,
    pub pagata_il: Option<Timestamp>,
    /// `idFlowReporting`: the flow of the PSP it was reported in.
    pub fdr: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagina {
    pub posizioni: Vec<PosizioneLetta>,
    /// From 0.
    pub pagina: u32,
    pub pagine: u32,
    /// Positions of the page that could not be read, with the reason: the others are good all the same.
    pub illeggibili: Vec<&'static str>,
}

/// # Errors
/// What is missing, in a few words.
pub(crate) fn read_position(body: &[u8]) -> Result<PosizioneLetta, &'static str> {
    serde_json::from_slice(body).map_err(|_| "not a position").and_then(read)
}

/// # Errors
/// As [`read_position`].
pub(super) fn read(raw: PaymentPositionResponse) -> Result<PosizioneLetta, &'static str> {
    Ok(PosizioneLetta {
        iupd: raw.iupd.filter(|i| !i.is_empty()).ok_or("a position without iupd")?,
        stato: raw.status.ok_or("a position without status")?,
        pubblicata_il: raw.publish_date.as_deref().and_then(json::instant),
        aggiornata_il: raw.last_updated_date.as_deref().and_then(json::instant),
        rate: raw.payment_option.into_iter().map(read_option).collect::<Result<_, _>>()?,
    })
}

pub(super) fn read_option(raw: PaymentOptionResponse) -> Result<RataLetta, &'static str> {
    let nav = match (raw.nav, raw.iuv) {
        (Some(nav), _) => nav,
        (None, Some(iuv)) => format!("3{iuv}"),
        (None, None) => return Err("an option without nav and iuv"),
    };
    Ok(RataLetta {
        numero: NumeroAvviso::parse(&nav).map_err(|_| "a nav that is no notice number")?,
        importo: raw.amount.and_then(json::cents).ok_or("an option without a possible amount")?,
        costo_notifica: raw.notification_fee.and_then(json::cents).filter(|fee| !fee.is_zero()),
        scadenza: raw.due_date.as_deref().and_then(due_day),
        stato: raw.status.ok_or("an option without status")?,
        receipt_id: raw.id_receipt.filter(|id| !id.is_empty()),
        pagata_il: raw.payment_date.as_deref().and_then(json::instant),
        fdr: raw.id_flow_reporting.filter(|id| !id.is_empty()),
    })
}

/// `PaymentPositionsInfo`, each position on its own: one that cannot be read spoils no other.
#[derive(Deserialize)]
struct RawPage {
    payment_position_list: Vec<Box<RawValue>>,
    page_info: PageInfo,
}

/// # Errors
/// When it is no page at all.
pub(crate) fn read_page(body: &[u8]) -> Result<Pagina, &'static str> {
    let page: RawPage = serde_json::from_slice(body).map_err(|_| "not a page of positions")?;
    let (mut posizioni, mut illeggibili) = (Vec::new(), Vec::new());
    for raw in page.payment_position_list {
        match serde_json::from_str(raw.get()).map_err(|_| "a position of another shape").and_then(read) {
            Ok(posizione) => posizioni.push(posizione),
            Err(why) => illeggibili.push(why),
        }
    }
    Ok(Pagina { posizioni, pagina: page.page_info.page, pagine: page.page_info.total_pages, illeggibili })
}
