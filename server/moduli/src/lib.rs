//! Forms of other systems, translated into ours: MyPay and Piattaforma Unitaria (FieldBean), GovPay (JSON schema with its layouts),
//! SurveyJS. What can be translated is, and each thing that cannot is told, with its place in the source.
//!
//! **What it never does**: run what an ente wrote. Expressions are read by a small parser of the part of JavaScript and of SurveyJS that
//! forms use (`sorgente.rs`); the rest is told. A parser library was weighed: those on the registry read all of ECMAScript, in many times
//! the code of all the rest, and what they read beyond this part has no meaning here.
//!
//! | file | what |
//! |---|---|
//! | `govpay.rs`, `surveyjs.rs`, `mypay.rs` | one source each |
//! | `sorgente.rs`, `traduzione.rs` | their expressions: read, and written in our language |
//! | `nomi.rs`, `campi.rs` | names, texts and patterns that all have |
//!
//! **Start reading** at [`import`]. **To add a source**: its file, its name in [`Sorgente`], a sample in `tests/`.

mod campi;
mod govpay;
mod mypay;
mod nomi;
mod sorgente;
mod surveyjs;
mod traduzione;

use domain::Modulo;
use serde_json::Value;
use std::fmt;

/// Whose form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorgente {
    Mypay,
    Govpay,
    Surveyjs,
}

/// A form in our language, and what of the source is not in it.
#[derive(Clone, Debug, Default)]
pub struct Importato {
    pub modulo: Modulo,
    pub note: Vec<Nota>,
}

/// Something that could not be translated, or only nearly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nota {
    /// As a JSON pointer into the source.
    pub dove: String,
    pub che_cosa: String,
}

impl fmt::Display for Nota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.dove.is_empty() { "/" } else { &self.dove }, self.che_cosa)
    }
}

/// Translates a form. It is not checked yet: that is for [`Modulo::check`], which also says what is still missing.
pub fn import(sorgente: Sorgente, json: &Value) -> Importato {
    let mut importato = match sorgente {
        Sorgente::Mypay => mypay::import(json),
        Sorgente::Govpay => govpay::import(json),
        Sorgente::Surveyjs => surveyjs::import(json),
    };
    importato.modulo.versione = 1;
    importato
}
