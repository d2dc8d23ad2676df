//! What is wrong with an input: one enum of reasons, put into words once per language (`app/src/texts`), for forms and API alike.

use crate::Importo;
use serde::{Deserialize, Serialize};

/// Why a text was refused. The first reason a person can act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Reason {
    #[error("missing")]
    Missing,
    /// More than `max` characters.
    #[error("longer than {max} characters")]
    TooLong { max: u16 },
    #[error("shorter than {min} characters")]
    TooShort { min: u16 },
    /// Control characters, direction marks, zero-width characters, emoji, angle brackets and the like.
    #[error("characters that cannot be used here")]
    BadCharacters,
    #[error("something other than digits")]
    NotDigits,
    /// A code of fixed length has another one.
    #[error("{found} characters instead of {expected}")]
    WrongLength { expected: u8, found: u16 },
    /// Check digits or check character do not agree with the rest.
    #[error("check digit does not agree")]
    WrongCheck,
    #[error("a notice number begins with 0, 1, 2 or 3")]
    UnknownAuxDigit,
    #[error("not a codice fiscale or partita IVA")]
    NotCodiceFiscale,
    #[error("not an IBAN")]
    NotIban,
    #[error("not an e-mail address")]
    NotEmail,
    #[error("not an amount")]
    NotAmount,
    /// `1.234`: one thousand two hundred thirty-four, or one euro and a bit?
    #[error("amount that can be read in two ways")]
    AmbiguousAmount,
    #[error("more than two decimals")]
    TooPrecise,
    #[error("negative amount")]
    Negative,
    #[error("amount below {min} cents")]
    AmountTooSmall { min: Importo },
    #[error("amount above {max} cents")]
    AmountTooLarge { max: Importo },
    #[error("not a whole number between {min} and {max}")]
    QuantityOutOfRange { min: u32, max: u32 },
    #[error("not one of the choices")]
    NotAChoice,
    /// A look-up without result: one answer for every kind of miss.
    #[error("nothing found")]
    NotFound,
    /// A codice fiscale inside a text that PSPs show to others (SANP, best practices: no personal data in the causale).
    #[error("personal data where none may be")]
    PersonalData,
    #[error("reserved name")]
    Reserved,
    #[error("not in the expected form")]
    BadFormat,
}

impl Reason {
    /// Says which field it is about.
    pub fn at(self, field: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), reason: self }
    }
}

/// A field of a form, or of an API body, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct FieldError {
    pub field: String,
    pub reason: Reason,
}
