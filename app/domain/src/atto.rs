//! The act a debt comes from, by the name it has in the offices: years later its number is what proves that it was paid.

use crate::{Reason, testo};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Atto {
    pub tipo: TipoAtto,
    /// One line, by [`Atto::numero`].
    pub numero: String,
    pub data: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TipoAtto {
    /// Of a fine.
    Verbale,
    /// Of who collects by force.
    Cartella,
    /// A citizen's request and what grew out of it.
    Pratica,
    /// A tax assessment.
    Accertamento,
    Fattura,
}

impl Atto {
    /// Protocol numbers have twenty characters or so, with the registers and years that offices put before them twice as many.
    pub const NUMERO_MAX: u16 = 60;

    /// The number of an act: one line, no codice fiscale in it.
    ///
    /// # Errors
    /// As [`testo::causale`], at [`Self::NUMERO_MAX`] characters.
    pub fn numero(text: &str) -> Result<String, Reason> {
        testo::line(text, Self::NUMERO_MAX).and_then(|line| testo::causale(&line))
    }
}

impl TipoAtto {
    pub fn nome(self) -> &'static str {
        match self {
            Self::Verbale => "Verbale",
            Self::Cartella => "Cartella di pagamento",
            Self::Pratica => "Pratica",
            Self::Accertamento => "Avviso di accertamento",
            Self::Fattura => "Fattura",
        }
    }
}

impl fmt::Display for Atto {
    /// `Verbale n. V/2026/004711 del 02/03/2026`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} n. {}", self.tipo.nome(), self.numero)?;
        self.data.map_or(Ok(()), |data| write!(f, " del {}", data.strftime("%d/%m/%Y")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_written_as_offices_write_it() {
        let atto = Atto { tipo: TipoAtto::Verbale, numero: "V/2026/004711".into(), data: Some(jiff::civil::date(2026, 3, 2)) };
        assert_eq!(atto.to_string(), "Verbale n. V/2026/004711 del 02/03/2026");
        let atto = Atto { tipo: TipoAtto::Cartella, data: None, ..atto };
        assert_eq!(atto.to_string(), "Cartella di pagamento n. V/2026/004711");
    }

    #[test]
    fn a_number_is_one_line_and_nobodys_codice_fiscale() {
        for (text, expected) in [
            (" SUE/2026 /12 ", Ok("SUE/2026 /12".to_owned())),
            ("", Err(Reason::Missing)),
            ("RSSMRA85T10A562S", Err(Reason::PersonalData)),
            (&"9".repeat(61), Err(Reason::TooLong { max: Atto::NUMERO_MAX })),
        ] {
            assert_eq!(Atto::numero(text), expected, "{text}");
        }
    }
}
