//! What an ente says, in one language or more.

use crate::Lingua;
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A text that is there in Italian, and maybe in other languages. In JSON a plain string is Italian:
/// `"Classe"` or `{"it": "Classe", "de": "Klasse"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Testi {
    pub(super) it: String,
    pub(super) altre: Vec<(Lingua, String)>,
}

/// A text as it is said, with its language: where that is not the one asked for, the page has to mark it with `lang`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detto {
    pub testo: String,
    pub lingua: Lingua,
}

impl Testi {
    pub fn it(testo: impl Into<String>) -> Self {
        Self { it: testo.into(), altre: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, lingua: Lingua, testo: impl Into<String>) -> Self {
        if lingua == Lingua::It {
            self.it = testo.into();
        } else {
            self.altre.retain(|(altra, _)| *altra != lingua);
            self.altre.push((lingua, testo.into()));
        }
        self
    }

    /// In the language asked for, or else in Italian: it says which.
    pub fn say(&self, lingua: Lingua) -> Detto {
        match self.altre.iter().find(|(altra, _)| *altra == lingua) {
            Some((_, testo)) => Detto { testo: testo.clone(), lingua },
            None => Detto { testo: self.it.clone(), lingua: Lingua::It },
        }
    }

    pub fn is_empty(&self) -> bool {
        self.it.is_empty()
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.it.as_str()).chain(self.altre.iter().map(|(_, testo)| testo.as_str()))
    }
}

impl Serialize for Testi {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.altre.is_empty() {
            return serializer.serialize_str(&self.it);
        }
        let mut map = serializer.serialize_map(Some(1 + self.altre.len()))?;
        map.serialize_entry(&Lingua::It, &self.it)?;
        for (lingua, testo) in &self.altre {
            map.serialize_entry(lingua, testo)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Testi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lettore)
    }
}

struct Lettore;

impl<'de> Visitor<'de> for Lettore {
    type Value = Testi;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un testo, o un testo per lingua con almeno `it`")
    }

    fn visit_str<E: Error>(self, testo: &str) -> Result<Testi, E> {
        Ok(Testi::it(testo))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Testi, A::Error> {
        let mut testi: Vec<(Lingua, String)> = Vec::new();
        while let Some((lingua, testo)) = map.next_entry::<Lingua, String>()? {
            if testi.iter().any(|(altra, _)| *altra == lingua) {
                return Err(A::Error::custom("la stessa lingua due volte"));
            }
            testi.push((lingua, testo));
        }
        let at = testi.iter().position(|(lingua, _)| *lingua == Lingua::It).ok_or_else(|| A::Error::missing_field("it"))?;
        let (_, it) = testi.remove(at);
        Ok(Testi { it, altre: testi })
    }
}
