//! An expression as it is written in a form.

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// The text of an expression: read by [`super::Modulo::check`], never before. In JSON a text, `true`, `false` or a whole number; a
/// number with a point is refused, because 64 binary digits do not hold it: `"0,35"` does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Formula(String);

impl Formula {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lettore)
    }
}

struct Lettore;

impl Visitor<'_> for Lettore {
    type Value = Formula;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un’espressione tra virgolette (\"0,35\"), un numero intero, true o false")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Formula, E> {
        Ok(Formula::new(if value { "vero" } else { "falso" }))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Formula, E> {
        Ok(Formula(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Formula, E> {
        Ok(Formula(value.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Formula, E> {
        Ok(Formula::new(text))
    }
}
