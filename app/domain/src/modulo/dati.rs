//! A form as it is stored: plain data, in the order of the page.

use super::{Formula, Testi};
use crate::{CodiceFiscaleEnte, Iban, Tassonomia, TipoAtto};
use serde::{Deserialize, Serialize};

/// The form of a service. Nothing in it is trusted before [`super::Modulo::check`] has looked at it: [`super::Verificato`] is the proof
/// that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modulo {
    /// Of this language: 1.
    pub versione: u16,
    /// Somebody else's pages take the payment: then there is nothing else in the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub esterno: Option<Esterno>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tabelle: Vec<Tabella>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sezioni: Vec<Sezione>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regole: Vec<Regola>,
    /// An amount: `16 €`, the name of a field, any expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importo: Option<Formula>,
    /// A text; what does not fit into 140 characters is cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causale: Option<Formula>,
    /// Empty: all of it goes where the service's money goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ripartizione: Vec<Quota>,
    /// `None`: the page asks who the debtor is as it always does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debitore: Option<Intestazione>,
    /// Who pays, where it can be somebody else; all its texts empty is nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versante: Option<Intestazione>,
    /// The act that is paid, where the form asks for its number: its receipt names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atto: Option<AttoChiesto>,
}

impl Modulo {
    /// Whether a document is asked for: then a file may come with it.
    pub fn takes_documents(&self) -> bool {
        let is_document = |campo: &Campo| campo.tipo == TipoCampo::Documento;
        let mut campi = self.sezioni.iter().flat_map(|sezione| &sezione.campi);
        campi.any(|campo| is_document(campo) || campo.campi.iter().any(is_document))
    }
}

/// A service that is paid on another site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Esterno {
    /// `https://…`
    pub indirizzo: String,
    /// What the citizen is told before being sent there.
    #[serde(default)]
    pub testo: Testi,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sezione {
    pub titolo: Testi,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aiuto: Option<Testi>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibile: Option<Formula>,
    pub campi: Vec<Campo>,
}

/// A field. Which of the members mean something is a matter of its kind: one that means nothing there is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campo {
    /// Lower case, digits and `_`; unique in the form, in a group among its fields.
    pub nome: String,
    pub tipo: TipoCampo,
    /// A calculated field without one is not shown.
    #[serde(default, skip_serializing_if = "Testi::is_empty")]
    pub etichetta: Testi,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aiuto: Option<Testi>,
    /// Said instead of "not in the expected form" where the `modello` does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errore: Option<Testi>,
    /// True where it is not said: who forgets it asks one thing too many, and sees it at once. Of a `casella` it means that it has to be
    /// ticked, and is false where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obbligatorio: Option<Formula>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibile: Option<Formula>,
    /// A field that is not has the value of `predefinito`, whatever is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attivo: Option<Formula>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predefinito: Option<Formula>,
    /// The least: of an amount, a number, a date; of characters in a text, of choices, of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimo: Option<Formula>,
    /// The most of the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub massimo: Option<Formula>,
    /// Digits after the comma of a `numero`: none where it is not said, four at the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimali: Option<u8>,
    /// What the whole text must look like: [`super::Modello`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modello: Option<String>,
    /// What is typed is read as upper case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub maiuscolo: bool,
    /// Of a `codice_fiscale`: both kinds where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub di: Option<Di>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opzioni: Vec<Scelta>,
    /// Of a `calcolato`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<Formula>,
    /// Of a `gruppo`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub campi: Vec<Campo>,
}

/// What a field asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TipoCampo {
    /// One line.
    #[default]
    Testo,
    /// Several lines.
    Area,
    Numero,
    Importo,
    Data,
    /// One of `opzioni`.
    Scelta,
    /// Any of `opzioni`.
    Scelte,
    /// Yes or no.
    Casella,
    CodiceFiscale,
    Iban,
    Targa,
    Email,
    Telefono,
    /// A document that gets a revenue stamp: its digest, which is all that anybody is told of it.
    Documento,
    /// Fields that are asked again for each child, vehicle, stall.
    Gruppo,
    /// Nobody types it: it stands where it is shown, and what comes after may use it.
    Calcolato,
    /// A paragraph: its `etichetta`.
    Nota,
}

impl TipoCampo {
    pub const TUTTI: [Self; 17] = [
        Self::Testo,
        Self::Area,
        Self::Numero,
        Self::Importo,
        Self::Data,
        Self::Scelta,
        Self::Scelte,
        Self::Casella,
        Self::CodiceFiscale,
        Self::Iban,
        Self::Targa,
        Self::Email,
        Self::Telefono,
        Self::Documento,
        Self::Gruppo,
        Self::Calcolato,
        Self::Nota,
    ];
}

/// Whose codice fiscale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Di {
    /// 16 characters.
    Persona,
    /// 11 digits: also a partita IVA.
    Ente,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scelta {
    /// What is sent and what expressions see.
    pub valore: String,
    pub etichetta: Testi,
    /// Offered only then: so the choices of one field depend on another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quando: Option<Formula>,
}

/// A price list, used in expressions like a function: `tariffa(isee)`. It has bands or keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tabella {
    pub nome: String,
    /// Ascending; the last one may be open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fasce: Vec<Fascia>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chiavi: Vec<Chiave>,
    /// For what no key names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altrimenti: Option<Formula>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fascia {
    /// The bound belongs to the band, as in every regulation that says "fino a".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fino_a: Option<Formula>,
    pub valore: Formula,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chiave {
    pub chiave: String,
    pub valore: Formula,
}

/// What must be true of more than one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regola {
    pub vale: Formula,
    /// Where it is said; with a field of a group (`figli.nascita`) the rule is about each row.
    pub campo: String,
    pub messaggio: Testi,
}

/// A part of the amount, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// An amount, a share of the whole (`30%`), or `resto`.
    pub quota: Formula,
    /// Not to an account but for a revenue stamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bollo: Option<Bollo>,
    /// `None`: the ente itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beneficiario: Option<Beneficiario>,
    /// `None`: that of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<Iban>,
    /// `None`: that of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tassonomia: Option<Tassonomia>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capitolo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accertamento: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anno: Option<u16>,
}

/// What a revenue stamp is asked with: names of fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bollo {
    /// A `documento`.
    pub documento: String,
    /// A `testo` or a `scelta`: the province where the buyer lives, two capitals.
    pub provincia: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beneficiario {
    pub codice_fiscale: CodiceFiscaleEnte,
    pub nome: String,
}

/// Which fields say what act is paid: their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttoChiesto {
    pub tipo: TipoAtto,
    /// A field of text.
    pub numero: String,
    /// A field that is a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

/// Which fields say who somebody is: expressions, so that `nome & ' ' & cognome` is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intestazione {
    pub codice_fiscale: Formula,
    pub nome: Formula,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Formula>,
}
