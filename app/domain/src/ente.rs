//! The public body that collects, its station at the Nodo, and the name it has in our addresses.

use crate::{Aspetto, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Codice fiscale of an ente: 11 digits. The check digit is not looked at: pagoPA's own test ente (77777777777) fails it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodiceFiscaleEnte(String);

impl CodiceFiscaleEnte {
    /// # Errors
    /// `Missing`, `NotDigits`, `WrongLength`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.len() > 64 {
            return Err(Reason::WrongLength { expected: 11, found: u16::try_from(text.chars().count()).unwrap_or(u16::MAX) });
        }
        let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if code.is_empty() {
            return Err(Reason::Missing);
        }
        if !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Reason::NotDigits);
        }
        if code.len() != 11 {
            return Err(Reason::WrongLength { expected: 11, found: u16::try_from(code.len()).unwrap_or(u16::MAX) });
        }
        Ok(Self(code))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Two digits that pagoPA assigns to a station for an ente (aux digit 3), or the application code of aux digit 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodiceSegregazione(u8);

impl CodiceSegregazione {
    /// # Errors
    /// `BadFormat` when not two digits.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
            text.parse().map(Self).map_err(|_| Reason::BadFormat)
        } else {
            Err(Reason::BadFormat)
        }
    }
}

/// How the ente is connected to the Nodo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stazione {
    /// `idStation`, `<codice fiscale of the intermediary>_NN`.
    pub id: String,
    /// `idBrokerPA`.
    pub intermediario: String,
    pub segregazione: CodiceSegregazione,
}

/// Who answers the Nodo about the positions of an ente (SANP 3.12.0, "Modalità di integrazione").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Modello {
    /// Our station alone.
    #[default]
    Stazione,
    /// Our station; every notice is mirrored to ACA, which answers while we are down (stand-in).
    StazioneAca,
    /// GPD: the positions are published there.
    Gpd,
}

/// A public body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ente {
    pub codice_fiscale: CodiceFiscaleEnte,
    /// `companyName`, ≤ 140 characters.
    pub nome: String,
    pub slug: Slug,
    pub stazione: Stazione,
    pub modello: Modello,
    pub contatti: Contatti,
    pub aspetto: Aspetto,
}

/// How a citizen reaches the ente, and the pages the law wants linked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contatti {
    pub sito: Option<String>,
    pub email: Option<String>,
    pub pec: Option<String>,
    pub telefono: Option<String>,
    pub indirizzo: Option<String>,
    /// Region or body above, shown in the slim header.
    pub ente_superiore: Option<String>,
    /// Declaration on form.agid.gov.it (L. 4/2004).
    pub accessibilita: Option<String>,
}

/// The name of an ente or service in an address: `valdoria`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// First path segments that belong to the portal, now or later: an ente may not take them.
const RESERVED: &[&str] = &[
    "accessibilita",
    "accesso",
    "admin",
    "aiuto",
    "api",
    "assets",
    "avviso",
    "carrello",
    "cerca",
    "contatti",
    "demo",
    "docs",
    "embed",
    "ente",
    "enti",
    "en",
    "de",
    "errore",
    "esito",
    "favicon",
    "fonts",
    "fr",
    "healthz",
    "home",
    "img",
    "info",
    "it",
    "leggi-codice",
    "login",
    "logout",
    "me",
    "mie",
    "metrics",
    "note-legali",
    "operatore",
    "pagamenti",
    "pagamento",
    "pagopa",
    "pkg",
    "privacy",
    "public",
    "ricevuta",
    "ricevute",
    "ripresa",
    "riprendi",
    "ritorno",
    "robots",
    "sandbox",
    "servizi",
    "servizio",
    "sitemap",
    "sl",
    "sportello",
    "static",
    "stato",
    "statistiche",
    "test",
    "verifica",
    "well-known",
    "www",
];

impl Slug {
    /// Lower-case letters, digits and single dashes, 2 to 60 characters, not a name the portal needs itself.
    ///
    /// # Errors
    /// `TooShort`, `TooLong`, `BadCharacters`, `Reserved`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        if text.len() < 2 {
            return Err(Reason::TooShort { min: 2 });
        }
        if text.len() > 60 {
            return Err(Reason::TooLong { max: 60 });
        }
        let chars = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !chars || text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            return Err(Reason::BadCharacters);
        }
        if RESERVED.contains(&text) {
            return Err(Reason::Reserved);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_type {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = Reason;
            fn try_from(text: String) -> Result<Self, Reason> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}
pub(crate) use text_type;
text_type!(CodiceFiscaleEnte);
text_type!(Slug);

impl fmt::Display for CodiceSegregazione {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl TryFrom<String> for CodiceSegregazione {
    type Error = Reason;
    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<CodiceSegregazione> for String {
    fn from(code: CodiceSegregazione) -> String {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_far_behind_a_right_code_is_looked_at_too() {
        assert!(CodiceFiscaleEnte::parse(" 80001230459 ").is_ok());
        for (far, behind) in [(1, "x"), (52, "x"), (53, "x"), (54, "9"), (100_000, "<script>")] {
            let text = format!("80001230459{}{behind}", " ".repeat(far));
            assert!(CodiceFiscaleEnte::parse(&text).is_err(), "{behind} after {far} blanks");
        }
    }

    #[test]
    fn an_ente_cannot_take_a_name_of_the_portal() {
        for name in ["api", "embed", "pkg", "ente", "pagopa", "it", "en"] {
            assert_eq!(Slug::parse(name), Err(Reason::Reserved), "{name}");
        }
        for bad in ["Valdoria", "comune di", "-a", "a-", "a--b", "città", "a/b", "..", "%2e"] {
            assert_eq!(Slug::parse(bad), Err(Reason::BadCharacters), "{bad}");
        }
        assert!(Slug::parse("comune-di-valdoria").is_ok());
    }
}
