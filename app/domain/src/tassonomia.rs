//! Taxonomy code of a collection service: what kind of income it is.
//!
//! Source: tassonomia dei servizi di incasso, `TTAASSSMM` = kind of ente (2), macro-area (2), service (3), reason (2 letters).
//! Two spellings circulate: bare `0101101IM` and `9/0101101IM/`. Stored bare, sent with `9/…/`, both read.

use crate::Reason;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bare code, e.g. `0101101IM`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tassonomia(String);

impl Tassonomia {
    /// # Errors
    /// `BadFormat` when neither spelling.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let bare = match text.split_once('/') {
            Some(("6" | "7" | "8" | "9", rest)) => rest.strip_suffix('/').ok_or(Reason::BadFormat)?,
            Some(_) => return Err(Reason::BadFormat),
            None => text,
        };
        let (digits, reason) = bare.split_at_checked(7).ok_or(Reason::BadFormat)?;
        if digits.bytes().all(|b| b.is_ascii_digit()) && matches!(reason, "IM" | "TS" | "SP" | "SA" | "AP") {
            Ok(Self(bare.to_owned()))
        } else {
            Err(Reason::BadFormat)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `9/0101101IM/`, as `transferCategory` wants it.
    pub fn to_wire(&self) -> String {
        format!("9/{}/", self.0)
    }
}

impl fmt::Display for Tassonomia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Tassonomia {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Tassonomia> for String {
    fn from(code: Tassonomia) -> String {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_code() {
        assert_eq!(Tassonomia::parse("9/0101101IM/"), Tassonomia::parse("0101101IM"));
        assert_eq!(Tassonomia::parse("0101101IM").unwrap().to_wire(), "9/0101101IM/");
        for bad in ["", "0101101", "0101101XX", "5/0101101IM/", "9/0101101IM", "010110èIM"] {
            assert_eq!(Tassonomia::parse(bad), Err(Reason::BadFormat), "{bad}");
        }
    }
}
