//! The languages of the portal: those of the notices of pagoPA (SANP, "avviso bilingue") and of its Checkout.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Italian is the language of the office, and the one an address without a language is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lingua {
    #[default]
    It,
    En,
    De,
    Fr,
    Sl,
}

impl Lingua {
    pub const ALL: [Self; 5] = [Self::It, Self::En, Self::De, Self::Fr, Self::Sl];

    /// BCP 47: what stands in addresses and in `lang`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Sl => "sl",
        }
    }

    /// Its name in itself, for who reads no other.
    pub const fn nome(self) -> &'static str {
        match self {
            Self::It => "Italiano",
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
            Self::Sl => "Slovenščina",
        }
    }

    /// ISO 639-2/T, as the headers of public sites write it.
    pub const fn sigla(self) -> &'static str {
        match self {
            Self::It => "ITA",
            Self::En => "ENG",
            Self::De => "DEU",
            Self::Fr => "FRA",
            Self::Sl => "SLV",
        }
    }

    /// From its code, exactly.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lingua| lingua.code() == code)
    }

    /// A path in this language: Italian ones have no prefix.
    pub fn path(self, path: &str) -> String {
        match self {
            Self::It => path.to_owned(),
            _ if path == "/" => format!("/{self}"),
            _ => format!("/{self}{path}"),
        }
    }

    /// Which of the forms of a noun goes with a number, counted from 0 as gettext does (CLDR, "Language Plural Rules", integers).
    pub const fn forma(self, n: u64) -> usize {
        match self {
            Self::It | Self::En | Self::De => (n != 1) as usize,
            Self::Fr => (n > 1) as usize,
            Self::Sl => match n % 100 {
                1 => 0,
                2 => 1,
                3 | 4 => 2,
                _ => 3,
            },
        }
    }

    /// How many forms a noun has.
    pub const fn forme(self) -> usize {
        match self {
            Self::Sl => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Lingua {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_leads_back_to_its_language() {
        for lingua in Lingua::ALL {
            assert_eq!(Lingua::of_code(lingua.code()), Some(lingua));
        }
        for other in ["", "IT", "es", "it-IT"] {
            assert_eq!(Lingua::of_code(other), None);
        }
    }

    #[test]
    fn nouns_agree_with_their_numbers() {
        let forms = |lingua: Lingua| [0, 1, 2, 3, 4, 5, 11, 100, 101, 102, 103, 111].map(|n| lingua.forma(n));
        assert_eq!(forms(Lingua::It), [1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(forms(Lingua::Fr), [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(forms(Lingua::Sl), [3, 0, 1, 2, 2, 3, 3, 3, 0, 1, 2, 3]);
        for lingua in Lingua::ALL {
            assert!((0..300).all(|n| lingua.forma(n) < lingua.forme()));
        }
    }
}
