//! What services answer, read without asking them: for bytes that came another way. The fuzzers (`server/fuzz`) come in here, by the
//! same functions that the clients read with.
//!
//! Each error is a few fixed words, never a piece of what was read.

use crate::biz_events::Recuperata;
use crate::checkout::CheckoutError;
use crate::fdr::{Elenco, PaginaRighe, Testata};
use crate::gpd::massive::{Avanzamento, Rapporto};
use crate::gpd::v3::PosizioneV3;
use crate::gpd::{Pagina, PosizioneLetta};
use crate::receipts;
use crate::rest::Problem;
use url::Url;

/// FdR, `getAllPublishedFlows`.
///
/// # Errors
/// When it is no page of flows.
pub fn fdr_list(body: &[u8]) -> Result<Elenco, &'static str> {
    crate::fdr::read_list(body)
}

/// FdR, `getSinglePublishedFlow`.
///
/// # Errors
/// What is missing, in a few words.
pub fn fdr_header(body: &[u8]) -> Result<Testata, &'static str> {
    crate::fdr::read_header(body)
}

/// FdR, `getPaymentsFromPublishedFlow`.
///
/// # Errors
/// When it is no page of payments.
pub fn fdr_rows(body: &[u8]) -> Result<PaginaRighe, &'static str> {
    crate::fdr::read_rows(body)
}

/// GPD v1, one position.
///
/// # Errors
/// What is missing, in a few words.
pub fn gpd_position(body: &[u8]) -> Result<PosizioneLetta, &'static str> {
    crate::gpd::read_position(body)
}

/// GPD v1, a page of positions.
///
/// # Errors
/// When it is no page of positions.
pub fn gpd_page(body: &[u8]) -> Result<Pagina, &'static str> {
    crate::gpd::read_page(body)
}

/// GPD v3, one position.
///
/// # Errors
/// What is missing, in a few words.
pub fn gpd_position_v3(body: &[u8]) -> Result<PosizioneV3, &'static str> {
    crate::gpd::v3::read(body)
}

/// GPD, how far a file got.
///
/// # Errors
/// When it is no status.
pub fn upload_status(body: &[u8]) -> Result<Avanzamento, &'static str> {
    crate::gpd::massive::read_status(body)
}

/// GPD, what became of a file.
///
/// # Errors
/// When it is no report.
pub fn upload_report(body: &[u8]) -> Result<Rapporto, &'static str> {
    crate::gpd::massive::read_report(body)
}

/// GPD, the `Location` of a file that was taken: its identifier, which goes into addresses of ours.
pub fn upload_location(location: &str) -> Option<String> {
    crate::gpd::massive::file_id(location)
}

/// The ZIP a file of positions travels in. `None` when it is too large.
pub fn upload_zip(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    crate::zip::stored(name, content)
}

/// GPD, the list of receipts.
///
/// # Errors
/// When it is no page of receipts.
pub fn receipts_page(body: &[u8]) -> Result<receipts::Elenco, &'static str> {
    receipts::read_page(body)
}

/// Biz Events, one receipt.
///
/// # Errors
/// When it has not the shape of one.
pub fn biz_event(body: &[u8]) -> Result<Recuperata, &'static str> {
    crate::biz_events::fetched(body)
}

/// Checkout, the address the citizen is sent to.
///
/// # Errors
/// When it is none, or leads elsewhere than to `origins`.
pub fn checkout_address(text: &str, asked: &Url, origins: &[String]) -> Result<Url, CheckoutError> {
    crate::checkout::address(text, asked, origins)
}

/// Checkout, why it refuses a cart: one line for a log.
pub fn checkout_detail(body: &[u8]) -> String {
    crate::checkout::detail(body)
}

/// Any of the others, why it refuses.
pub fn problem(status: u16, body: &[u8]) -> Problem {
    Problem::read(status, body)
}
