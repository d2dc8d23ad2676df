//! How an ente looks on its pages and papers, and what stands there beyond its name and its contacts.

use crate::ente::text_type;
use crate::{Lingua, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Set by `sportello ente set`. What an ente leaves out is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Aspetto {
    pub tavolozza: Tavolozza,
    /// Which emblem: the address of its file has it in it. The bytes are beside, and seldom read.
    pub logo: Option<ImprontaLogo>,
    /// Its code in the banks' CBILL, on the notice.
    pub cbill: Option<Cbill>,
    /// The language beside the Italian on a notice of an Italian page: of enti where the law wants two (DPR 574/1988, L. 38/2001).
    pub seconda_lingua: Option<Lingua>,
    /// Who collects at Poste, for the bollettino of a notice that names its debtor.
    pub bollettino: Option<Bollettino>,
    pub note_legali: Option<Collegamento>,
    /// Where a citizen says what did not work (L. 4/2004, "meccanismo di feedback").
    pub riscontro: Option<Collegamento>,
}

/// The colours of the pages. Each is compiled and its contrasts are measured when the site is built (`style/tavolozze`): an ente chooses
/// among those that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tavolozza {
    /// That of the Modello Comuni.
    #[default]
    Verde,
    Mare,
    Notte,
    Viola,
    Bordeaux,
}

impl Tavolozza {
    pub const ALL: [Self; 5] = [Self::Verde, Self::Mare, Self::Notte, Self::Viola, Self::Bordeaux];

    /// In settings, and in the name of its stylesheet.
    pub const fn nome(self) -> &'static str {
        match self {
            Self::Verde => "verde",
            Self::Mare => "mare",
            Self::Notte => "notte",
            Self::Viola => "viola",
            Self::Bordeaux => "bordeaux",
        }
    }
}

/// Five letters or digits (CBILL, "codice biller").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cbill(String);

impl Cbill {
    /// Small letters become capitals.
    ///
    /// # Errors
    /// `WrongLength`, `BadCharacters`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let code = text.trim().to_ascii_uppercase();
        if code.chars().count() != 5 {
            let found = u16::try_from(code.chars().count()).unwrap_or(u16::MAX);
            return Err(Reason::WrongLength { expected: 5, found });
        }
        if !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Reason::BadCharacters);
        }
        Ok(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first sixteen hexadecimal digits of the SHA-256 of an emblem: another emblem has another address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImprontaLogo(String);

impl ImprontaLogo {
    const DIGITS: usize = 16;

    /// From the whole digest, or from what this was written as.
    ///
    /// # Errors
    /// `BadFormat`.
    pub fn parse(sha256: &str) -> Result<Self, Reason> {
        let digits = sha256.get(..Self::DIGITS).ok_or(Reason::BadFormat)?;
        let hex = digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex { Ok(Self(digits.to_owned())) } else { Err(Reason::BadFormat) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As Poste writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bollettino {
    /// At most 50 characters.
    pub intestatario: String,
    /// `AUT. …`, given for printing.
    pub autorizzazione: String,
}

impl Bollettino {
    const MAX: u16 = 50;

    /// # Errors
    /// `Missing`, `TooLong`, of either.
    pub fn new(intestatario: &str, autorizzazione: &str) -> Result<Self, Reason> {
        let text = |text: &str| match text.trim() {
            "" => Err(Reason::Missing),
            long if long.chars().count() > usize::from(Self::MAX) => Err(Reason::TooLong { max: Self::MAX }),
            text => Ok(text.to_owned()),
        };
        Ok(Self { intestatario: text(intestatario)?, autorizzazione: text(autorizzazione)? })
    }
}

/// An address of the web that may stand in an `href`: over TLS, with nothing in it that ends an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Collegamento(String);

impl Collegamento {
    /// Longer ones are those of a search, not of a page.
    const MAX: u16 = 300;
    /// The only place where a declaration of accessibility is made (L. 4/2004, art. 3-quater).
    const AGID: &str = "https://form.agid.gov.it/view/";

    /// # Errors
    /// `TooLong`, `BadFormat`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        if text.len() > usize::from(Self::MAX) {
            return Err(Reason::TooLong { max: Self::MAX });
        }
        let host = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        let named = host.contains('.') && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
        let clean = text.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\`".contains(&b));
        if named && clean { Ok(Self(text.to_owned())) } else { Err(Reason::BadFormat) }
    }

    /// Of a declaration of accessibility.
    ///
    /// # Errors
    /// `BadFormat` for one that is somewhere else; those of [`Collegamento::parse`].
    pub fn parse_agid(text: &str) -> Result<Self, Reason> {
        let address = Self::parse(text)?;
        if address.0.len() > Self::AGID.len() && address.0.starts_with(Self::AGID) { Ok(address) } else { Err(Reason::BadFormat) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_type!(Cbill);
text_type!(ImprontaLogo);
text_type!(Collegamento);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_over_tls_become_links() {
        for good in ["https://www.comune.valdoria.example/note-legali", "https://comune.it:8443/?a=1#b", " https://a.it "] {
            assert!(Collegamento::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://comune.it",
            "javascript:alert(1)",
            "//comune.it",
            "https://",
            "https://localhost/x",
            "https://a.it/\"x",
            "https://a.it/<b>",
            "https://a.it/ b",
            "https://u@a.it/",
            "",
        ] {
            assert_eq!(Collegamento::parse(bad), Err(Reason::BadFormat), "{bad}");
        }
        assert_eq!(Collegamento::parse(&format!("https://a.it/{}", "a".repeat(300))), Err(Reason::TooLong { max: 300 }));
    }

    #[test]
    fn a_declaration_is_made_in_one_place() {
        assert!(Collegamento::parse_agid("https://form.agid.gov.it/view/1234-abcd").is_ok());
        for bad in
            ["https://form.agid.gov.it/view/", "https://form.agid.gov.it.example/view/x", "https://www.comune.it/accessibilita"]
        {
            assert_eq!(Collegamento::parse_agid(bad), Err(Reason::BadFormat), "{bad}");
        }
    }

    #[test]
    fn codes_are_told_from_what_looks_like_them() {
        assert_eq!(Cbill::parse(" bx4kq ").unwrap().as_str(), "BX4KQ");
        assert_eq!(Cbill::parse("ABCD"), Err(Reason::WrongLength { expected: 5, found: 4 }));
        assert_eq!(Cbill::parse("AB-CD"), Err(Reason::BadCharacters));
        assert_eq!(ImprontaLogo::parse(&"0af3".repeat(16)).unwrap().as_str(), "0af30af30af30af3");
        for bad in ["", "0af3", "../../etc/passwd.", "0AF30AF30AF30AF3"] {
            assert_eq!(ImprontaLogo::parse(bad), Err(Reason::BadFormat), "{bad}");
        }
    }

    #[test]
    fn what_is_stored_is_read_again_and_an_old_row_has_nothing() {
        let aspetto = Aspetto {
            tavolozza: Tavolozza::Mare,
            logo: Some(ImprontaLogo::parse("0af30af30af30af3").unwrap()),
            cbill: Some(Cbill::parse("BX4KQ").unwrap()),
            seconda_lingua: Some(Lingua::De),
            bollettino: Some(Bollettino::new("Comune", "AUT. 1").unwrap()),
            note_legali: Some(Collegamento::parse("https://a.it").unwrap()),
            riscontro: None,
        };
        let json = serde_json::to_string(&aspetto).unwrap();
        assert_eq!(serde_json::from_str::<Aspetto>(&json).unwrap(), aspetto);
        assert_eq!(serde_json::from_str::<Aspetto>("{}").unwrap(), Aspetto::default());
        for tavolozza in Tavolozza::ALL {
            assert_eq!(serde_json::to_string(&tavolozza).unwrap(), format!("\"{}\"", tavolozza.nome()));
        }
    }
}
