//! Between a column and a type, both ways. A value that the type refuses is told by table, row and column, never shown: it may
//! be personal data.

use crate::StoreError;
use domain::{Importo, Reason};
use jiff::Timestamp;
use serde::de::{DeserializeOwned, IntoDeserializer, value};
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// RFC 3339 in UTC, always with six digits of fraction: the order of the texts is the order of the instants.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// A plain enum under the name that serde gives it: `PARZIALMENTE_PAGATA`.
pub(crate) fn name<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) => Err(StoreError::Database(sqlx::Error::Encode("an enum with parts is not a name".into()))),
        Err(error) => Err(StoreError::Database(sqlx::Error::Encode(error.into()))),
    }
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

/// Which row is being read, for the error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowOf<'a> {
    pub table: &'static str,
    pub id: &'a str,
}

impl RowOf<'_> {
    pub(crate) fn broken(&self, what: impl Display) -> StoreError {
        StoreError::Inconsistent { table: self.table, id: self.id.to_owned(), what: what.to_string() }
    }

    /// Through the only constructor of the type.
    pub(crate) fn parse<T: TryFrom<String, Error = Reason>>(&self, column: &str, text: String) -> Result<T, StoreError> {
        T::try_from(text).map_err(|reason| self.broken(format_args!("{column}: {reason}")))
    }

    pub(crate) fn importo(&self, cents: i64) -> Result<Importo, StoreError> {
        Importo::try_from(cents).map_err(|reason| self.broken(format_args!("importo_cents: {reason}")))
    }

    pub(crate) fn instant(&self, column: &str, text: &str) -> Result<Timestamp, StoreError> {
        text.parse().map_err(|_| self.broken(format_args!("{column}: not an instant")))
    }

    pub(crate) fn name<T: for<'de> Deserialize<'de>>(&self, column: &str, text: &str) -> Result<T, StoreError> {
        let text: value::StrDeserializer<'_, value::Error> = text.into_deserializer();
        T::deserialize(text).map_err(|_| self.broken(format_args!("{column}: not one of its names")))
    }

    /// serde's own message can quote the value: only the place is told.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str, text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|error| {
            self.broken(format_args!("{column}: not the expected JSON at line {}, column {}", error.line(), error.column()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{NumeroAvviso, StatoPosizione};

    const ROW: RowOf<'static> = RowOf { table: "posizioni", id: "p1" };

    #[test]
    fn the_order_of_the_texts_is_the_order_of_the_instants() {
        let texts = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z", "2026-01-01T00:00:00.1Z", "2026-01-01T00:00:01Z"]
            .map(|text| instant(text.parse().unwrap()));
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(texts[2], "2026-01-01T00:00:00.100000Z");
        assert_eq!(ROW.instant("created_at", &texts[1]).unwrap(), "2026-01-01T00:00:00.000001Z".parse().unwrap());
    }

    #[test]
    fn a_broken_value_is_named_and_not_shown() {
        let secret = "RSSMRA85T10A562S";
        let errors = [
            ROW.parse::<NumeroAvviso>("numero_avviso", secret.into()).unwrap_err(),
            ROW.name::<StatoPosizione>("stato", secret).unwrap_err(),
            ROW.json::<StatoPosizione>("contenuto", &format!("\"{secret}\"")).unwrap_err(),
            ROW.instant("created_at", secret).unwrap_err(),
            ROW.importo(-1).unwrap_err(),
        ];
        for error in errors {
            let text = format!("{error} {error:?}");
            assert!(text.contains("posizioni") && text.contains("p1") && !text.contains(secret), "{text}");
        }
    }

    #[test]
    fn names_are_those_of_serde() {
        assert_eq!(name(&StatoPosizione::ParzialmentePagata).unwrap(), "PARZIALMENTE_PAGATA");
        assert_eq!(ROW.name::<StatoPosizione>("stato", "PARZIALMENTE_PAGATA").unwrap(), StatoPosizione::ParzialmentePagata);
    }
}
