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
    #[error("the text of the bollettino does not fit a Data Matrix: {0}")]
    DataMatrix(String),
    /// The fields of the bollettino have fixed places, and the amount has ten digits there.
    #[error("a bollettino cannot carry 100 million euro or more")]
    TooMuchForPoste,
    /// Not the account of an Italian IBAN at Poste (ABI 07601).
    #[error("the account of the bollettino is not one of Poste")]
    ContoPostale,
    /// A digital revenue stamp is bought where it is paid for: at a counter there is nothing to stamp.
    #[error("a digital revenue stamp cannot be paid by a notice on paper")]
    Bollo,
    /// A paper that asks for money twice.
    #[error("what the notice asks for is paid already")]
    AlreadyPaid,
    #[error("the notice asks for nothing")]
    NothingDue,
    #[error("the notice has {found} instalments, a paper has at most {max}")]
    TooManyRate { max: usize, found: usize },
    #[error("the emblem cannot be printed: {0}")]
    Logo(&'static str),
    #[error("an embedded font cannot be read: {0}")]
    Font(&'static str),
    /// krilla refuses what breaks PDF/A-2a or PDF/UA-1. Its details quote the text of the document, so only their number is kept.
    #[error("the PDF was refused by its writer: {0}")]
    Pdf(String),
}
