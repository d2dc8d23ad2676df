//! What was typed into one field becomes a value, or says what is wrong.

use super::calcolo::Impedimento;
use super::dati::{Di, TipoCampo};
use super::giorni;
use super::limiti;
use super::modello::Modello;
use super::testi::Detto;
use super::valore::{Numero, Valore};
use crate::bollo::Impronta;
use crate::{CodiceFiscale, FieldError, Iban, Importo, Lingua, Reason, testo};
use jiff::civil::Date;

/// Why a form cannot be sent as it is. What other forms say as well is a [`Reason`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Motivo {
    Reason(Reason),
    /// In the ente's own words.
    Detto(Detto),
    NonNumero,
    TroppiDecimali {
        max: u8,
    },
    NumeroPiccolo {
        min: Numero,
    },
    NumeroGrande {
        max: Numero,
    },
    NonData,
    DataPrima {
        min: Date,
    },
    DataDopo {
        max: Date,
    },
    PocheScelte {
        min: u16,
    },
    TroppeScelte {
        max: u16,
    },
    TroppeRighe {
        max: u16,
    },
    NonTarga,
    NonTelefono,
    NonImpronta,
    /// A document of no bytes.
    DocumentoVuoto,
    NonProvincia,
    Calcolo(Impedimento),
}

/// A field, as it is called in the form that was sent, and what is wrong with it. An empty name is the form as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Errore {
    pub campo: String,
    pub motivo: Motivo,
}

impl Errore {
    /// For pages and interfaces that know [`Reason`]s alone; what has no other is [`Reason::BadFormat`].
    pub fn to_field_error(&self) -> FieldError {
        let reason = if let Motivo::Reason(reason) = &self.motivo { reason.clone() } else { Reason::BadFormat };
        reason.at(self.campo.clone())
    }
}

impl From<Reason> for Motivo {
    fn from(reason: Reason) -> Self {
        Self::Reason(reason)
    }
}

/// What one field asks for, all that is reckoned reckoned.
#[derive(Debug)]
pub(super) struct Richiesto<'a> {
    pub tipo: TipoCampo,
    pub minimo: Option<Valore>,
    pub massimo: Option<Valore>,
    pub decimali: u8,
    pub modello: Option<&'a Modello>,
    pub errore: Option<Detto>,
    pub maiuscolo: bool,
    pub di: Option<Di>,
    /// Of the page it was typed on.
    pub lingua: Lingua,
    /// The values that are offered now.
    pub offerte: &'a [String],
}

/// `None`: nothing was typed.
pub(super) fn read(typed: &[String], wanted: &Richiesto<'_>) -> Result<Option<Valore>, Motivo> {
    if wanted.tipo == TipoCampo::Scelte {
        return choices(typed, wanted).map(Some);
    }
    let text = match typed {
        [] => "",
        [one] => one.trim(),
        // a field that holds one value was sent twice: nobody typed that
        _ => return Err(Reason::BadFormat.into()),
    };
    if text.is_empty() {
        return Ok(None);
    }
    let value = match wanted.tipo {
        TipoCampo::Numero => number(text, wanted)?,
        TipoCampo::Importo => amount(text, wanted)?,
        TipoCampo::Data => date(text, wanted)?,
        TipoCampo::Scelta if wanted.offerte.iter().any(|value| value == text) => Valore::Testo(text.to_owned()),
        TipoCampo::Scelta => return Err(Reason::NotAChoice.into()),
        TipoCampo::Casella => Valore::Booleano(true),
        TipoCampo::CodiceFiscale => Valore::Testo(codice_fiscale(text, wanted.di)?),
        TipoCampo::Iban => Valore::Testo(Iban::parse(text)?.as_str().to_owned()),
        TipoCampo::Email => Valore::Testo(testo::email(text)?),
        TipoCampo::Targa => Valore::Testo(plate(text).ok_or(Motivo::NonTarga)?),
        TipoCampo::Documento => Valore::Testo(digest(text)?),
        TipoCampo::Telefono => Valore::Testo(telephone(text).ok_or(Motivo::NonTelefono)?),
        _ => Valore::Testo(line(text, wanted)?),
    };
    Ok(Some(value))
}

fn limit(value: Option<&Valore>, otherwise: u16) -> u16 {
    let limit = if let Some(Valore::Numero(n)) = value { u16::try_from(n.trunc()).ok() } else { None };
    limit.unwrap_or(otherwise)
}

fn line(text: &str, wanted: &Richiesto<'_>) -> Result<String, Motivo> {
    let upper = if wanted.maiuscolo { testo::upper(text) } else { text.to_owned() };
    let max = limit(wanted.massimo.as_ref(), if wanted.tipo == TipoCampo::Area { limiti::TESTO_MAX } else { limiti::RIGA_MAX });
    let read = if wanted.tipo == TipoCampo::Area {
        let lines: Result<Vec<_>, _> = upper
            .lines()
            .map(|line| if line.trim().is_empty() { Ok(String::new()) } else { testo::line(line, limiti::TESTO_MAX) })
            .collect();
        lines?.join("\n")
    } else {
        testo::line(&upper, max)?
    };
    let length = read.chars().count();
    if length > usize::from(max) {
        return Err(Reason::TooLong { max }.into());
    }
    let min = limit(wanted.minimo.as_ref(), 0);
    if length < usize::from(min) {
        return Err(Reason::TooShort { min }.into());
    }
    match (wanted.modello, &wanted.errore) {
        (Some(modello), said) if !modello.is_match(&read) => {
            Err(said.clone().map_or(Motivo::Reason(Reason::BadFormat), Motivo::Detto))
        }
        _ => Ok(read),
    }
}

fn number(text: &str, wanted: &Richiesto<'_>) -> Result<Valore, Motivo> {
    let number = Numero::parse_in(wanted.lingua, text).ok_or(Motivo::NonNumero)?;
    if number.has_decimals_beyond(wanted.decimali) {
        return Err(Motivo::TroppiDecimali { max: wanted.decimali });
    }
    match (&wanted.minimo, &wanted.massimo) {
        (Some(Valore::Numero(min)), _) if number < *min => Err(Motivo::NumeroPiccolo { min: *min }),
        (_, Some(Valore::Numero(max))) if number > *max => Err(Motivo::NumeroGrande { max: *max }),
        _ => Ok(Valore::Numero(number)),
    }
}

fn amount(text: &str, wanted: &Richiesto<'_>) -> Result<Valore, Motivo> {
    let cents = Importo::parse_in(wanted.lingua, text)?.cents();
    let limit = |cents: i64| Importo::from_cents(cents.max(0)).unwrap_or(Importo::MAX);
    match (&wanted.minimo, &wanted.massimo) {
        (Some(Valore::Importo(min)), _) if cents < *min => Err(Reason::AmountTooSmall { min: limit(*min) }.into()),
        (_, Some(Valore::Importo(max))) if cents > *max => Err(Reason::AmountTooLarge { max: limit(*max) }.into()),
        _ => Ok(Valore::Importo(cents)),
    }
}

fn date(text: &str, wanted: &Richiesto<'_>) -> Result<Valore, Motivo> {
    let date = giorni::parse(text).filter(|date| limiti::ANNI.contains(&date.year())).ok_or(Motivo::NonData)?;
    match (&wanted.minimo, &wanted.massimo) {
        (Some(Valore::Data(min)), _) if date < *min => Err(Motivo::DataPrima { min: *min }),
        (_, Some(Valore::Data(max))) if date > *max => Err(Motivo::DataDopo { max: *max }),
        _ => Ok(Valore::Data(date)),
    }
}

/// In the order in which they are offered, each once.
fn choices(typed: &[String], wanted: &Richiesto<'_>) -> Result<Valore, Motivo> {
    let typed: Vec<&str> = typed.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    if typed.iter().any(|value| !wanted.offerte.iter().any(|offered| offered == value)) {
        return Err(Reason::NotAChoice.into());
    }
    let chosen: Vec<String> = wanted.offerte.iter().filter(|offered| typed.contains(&offered.as_str())).cloned().collect();
    let (min, max) = (limit(wanted.minimo.as_ref(), 0), limit(wanted.massimo.as_ref(), u16::MAX));
    if chosen.len() > usize::from(max) {
        return Err(Motivo::TroppeScelte { max });
    }
    if !chosen.is_empty() && chosen.len() < usize::from(min) {
        return Err(Motivo::PocheScelte { min });
    }
    Ok(Valore::Elenco(chosen))
}

fn codice_fiscale(text: &str, di: Option<Di>) -> Result<String, Motivo> {
    let code = CodiceFiscale::parse(text)?;
    let wrong = |expected, found| Err(Reason::WrongLength { expected, found }.into());
    match di {
        Some(Di::Persona) if !code.is_persona_fisica() => wrong(16, 11),
        Some(Di::Ente) if code.is_persona_fisica() => wrong(11, 16),
        _ => Ok(code.as_str().to_owned()),
    }
}

/// Today's `AB123CD`, old ones with their province, those of motorcycles and of other countries: letters and digits, both there.
fn plate(text: &str) -> Option<String> {
    let plate: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '\u{a0}')).collect::<String>().to_ascii_uppercase();
    let bytes = plate.as_bytes();
    let ok = (5..=8).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().any(u8::is_ascii_uppercase);
    ok.then_some(plate)
}

/// As the Nodo wants it, however it was typed.
fn digest(text: &str) -> Result<String, Motivo> {
    match Impronta::parse(text) {
        Ok(impronta) if impronta.is_of_nothing() => Err(Motivo::DocumentoVuoto),
        Ok(impronta) => Ok(impronta.base64()),
        Err(_) => Err(Motivo::NonImpronta),
    }
}

/// Digits, maybe behind a `+`: 5 to 15 of them (ITU-T E.164).
fn telephone(text: &str) -> Option<String> {
    let number: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    ((5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then_some(number)
}
