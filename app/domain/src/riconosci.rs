//! What somebody typed into the one box of the reserved area: told apart by its form, never by trying.

use crate::{CodiceFiscale, Iuv, NumeroAvviso};
use std::fmt;

/// Longer than any of them.
pub const TESTO_MAX: usize = 200;

/// What it can be.
#[derive(Clone, PartialEq, Eq)]
pub enum Riconosciuto {
    /// A notice, by its number or the text of its QR code.
    Avviso(NumeroAvviso),
    /// A person or a company.
    Persona(CodiceFiscale),
    Iuv(Iuv),
    /// `receiptId`, an IUV with letters, or the key of a flow or of a credit at the bank: what has digits in it and no blanks.
    Codice(String),
    /// Words of a name.
    Nome(String),
    Niente,
}

impl fmt::Debug for Riconosciuto {
    /// The kind alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Avviso(_) => "Avviso",
            Self::Persona(_) => "Persona",
            Self::Iuv(_) => "Iuv",
            Self::Codice(_) => "Codice",
            Self::Nome(_) => "Nome",
            Self::Niente => "Niente",
        })
    }
}

/// Numbers may have blanks, dots and hyphens in them, as they are printed.
pub fn riconosci(text: &str) -> Riconosciuto {
    let text = text.trim();
    if text.is_empty() || text.len() > TESTO_MAX {
        return Riconosciuto::Niente;
    }
    if let Ok(numero) = NumeroAvviso::parse_typed(text) {
        return Riconosciuto::Avviso(numero);
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-')).collect();
    if let Ok(codice) = CodiceFiscale::parse(&bare) {
        return Riconosciuto::Persona(codice);
    }
    // others have letters too (35 of any kind by the SANP): those are a code like another
    let is_usual = bare.bytes().all(|b| b.is_ascii_digit()) || bare.starts_with("RF");
    if let Some(iuv) = Iuv::parse(&bare).ok().filter(|_| is_usual) {
        return Riconosciuto::Iuv(iuv);
    }
    let has_digit = text.bytes().any(|b| b.is_ascii_digit());
    if has_digit && !text.contains(char::is_whitespace) && text.is_ascii() {
        return Riconosciuto::Codice(text.to_owned());
    }
    if text.chars().any(char::is_alphabetic) { Riconosciuto::Nome(text.to_owned()) } else { Riconosciuto::Niente }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_told_apart() {
        for (text, expected) in [
            ("  3020 0000 0000 0001 84 ", "Avviso"),
            ("302000000000000184", "Avviso"),
            ("RSSMRA85T10A562S", "Persona"),
            ("rss mra 85t10 a562s", "Persona"),
            ("00743110157", "Persona"),
            ("02000000000000184", "Iuv"),
            ("RF18 1234 5678", "Iuv"),
            ("c110729d258c4ab1b765fe902aae41d6", "Codice"),
            ("2026-11-24BPPIITRRXXX-0001", "Codice"),
            ("Mario Rossi", "Nome"),
            ("rossi", "Nome"),
            ("D’Angelo", "Nome"),
            ("via Roma 3", "Nome"),
            ("", "Niente"),
            ("?!", "Niente"),
            (&"9".repeat(201), "Niente"),
        ] {
            assert_eq!(format!("{:?}", riconosci(text)), expected, "{text}");
        }
    }
}
