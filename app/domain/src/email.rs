//! An e-mail address: what Checkout takes as `emailNotice`, and a mail server as a recipient.

use crate::{Reason, testo};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An address of the everyday kind, as it was typed but for the blanks around it: [`testo::email`]. ASCII and printable, so no line of a
/// letter or of a protocol can be begun with it. `Debug` shows no address: it ends in logs.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// # Errors
    /// `Missing`, `TooLong`, `NotEmail`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        testo::email(text).map(Self)
    }

    /// As [`Email::parse`], of a field that may be left empty.
    ///
    /// # Errors
    /// `TooLong`, `NotEmail`.
    pub fn parse_optional(text: &str) -> Result<Option<Self>, Reason> {
        match Self::parse(text) {
            Ok(email) => Ok(Some(email)),
            Err(Reason::Missing) => Ok(None),
            Err(reason) => Err(reason),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same for all spellings that reach one mailbox as far as can be known: hosts have no case (RFC 5321 §2.4), and no server in
    /// use tells `Mario` from `mario`.
    pub fn chiave(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Enough for its owner to know it again: `m…@example.it`.
    pub fn masked(&self) -> String {
        let (local, host) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        format!("{}…@{host}", local.chars().next().unwrap_or('…'))
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

impl TryFrom<String> for Email {
    type Error = Reason;

    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_typed_and_shown_to_no_log() {
        let email = Email::parse("  Mario.Rossi@Posta.example ").unwrap();
        assert_eq!(email.as_str(), "Mario.Rossi@Posta.example");
        assert_eq!(email.masked(), "M…@Posta.example");
        assert_eq!(email.chiave(), "mario.rossi@posta.example");
        assert_eq!(format!("{email:?}"), "Email(…)");
        let json = serde_json::to_string(&email).unwrap();
        assert_eq!(serde_json::from_str::<Email>(&json).unwrap(), email);
    }

    #[test]
    fn what_could_begin_a_line_of_its_own_is_no_address() {
        for bad in
            ["a@b", "a b@c.it", "a@c.it\r\nBcc: d@e.it", "a@c.it\nx", "\"a\"@c.it", "a@[1.2.3.4]", "a@c.it,d@e.it", "<a@c.it>"]
        {
            assert_eq!(Email::parse(bad), Err(Reason::NotEmail), "{bad:?}");
            assert!(serde_json::from_value::<Email>(bad.into()).is_err(), "{bad:?}");
        }
        assert_eq!(Email::parse_optional("  "), Ok(None));
        assert_eq!(Email::parse_optional("x"), Err(Reason::NotEmail));
    }
}
