//! Why a document could not be made. Nothing here names a citizen: the text may be logged.

/// None of these is the citizen's fault, and trying again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// `outcome` KO: a paper that says "payment made" would be false.
    #[error("the receipt reports a payment that was not made")]
    NotPaid,
    #[error("the receipt has {found} transfers, a payment has at most {max}")]
    TooManyVersamenti { max: usize, found: usize },
    /// The text of a notice always fits version 4; only an `Importo` of more than 11 digits could not, and there is none.
    #[error("the text of the notice does not fit the QR code: {0}")]
    Qr(#[from] qrcode::types::QrError),
    #[error("an embedded font cannot be read: {0}")]
    Font(&'static str),
    /// krilla refuses what breaks PDF/A-2a or PDF/UA-1. Its details quote the text of the document, so only their number is kept.
    #[error("the PDF was refused by its writer: {0}")]
    Pdf(String),
}
