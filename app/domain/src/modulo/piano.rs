//! A form laid out: its expressions read, its fields in a row. All that is needed to look at what was sent, and nothing of how it is
//! drawn: a browser gets this, by [`Piano::encode`], and needs to download neither the reader of forms nor that of expressions.

use super::ambito::Ambito;
use super::dati::{Campo, Di, Modulo};
use super::espressione::Nodo;
use super::modello::Modello;
use super::testi::Testi;

/// A form that was found right: it can be filled in.
#[derive(Clone, Debug)]
pub struct Verificato {
    pub(super) modulo: Modulo,
    pub(super) piano: Piano,
}

/// A form, its expressions read: what [`Piano::evaluate`] looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piano {
    pub(super) ambito: Ambito,
    /// `visibile` of each section.
    pub(super) sezioni: Vec<Option<Nodo>>,
    /// Beside [`Ambito::campi`].
    pub(super) campi: Vec<PianoCampo>,
    pub(super) regole: Vec<PianoRegola>,
    pub(super) importo: Option<Nodo>,
    pub(super) causale: Option<Nodo>,
    pub(super) quote: Vec<PianoQuota>,
    pub(super) debitore: Option<PianoIntestazione>,
    pub(super) versante: Option<PianoIntestazione>,
    /// At the most, for one look at the form.
    pub(super) passi: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PianoCampo {
    pub sezione: usize,
    /// In its section; of a field in a group, the group.
    pub campo: usize,
    pub interno: Option<usize>,
    pub visibile: Option<Nodo>,
    pub obbligatorio: Option<Nodo>,
    pub attivo: Option<Nodo>,
    pub predefinito: Option<Nodo>,
    pub minimo: Option<Nodo>,
    pub massimo: Option<Nodo>,
    pub formula: Option<Nodo>,
    pub decimali: u8,
    pub modello: Option<Modello>,
    pub errore: Option<Testi>,
    pub maiuscolo: bool,
    pub di: Option<Di>,
    pub quando: Vec<Option<Nodo>>,
    /// Of a group, how many of the fields that follow are its own.
    pub interni: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PianoRegola {
    pub vale: Nodo,
    pub campo: usize,
    pub messaggio: Testi,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PianoQuota {
    /// `None`: what the others leave.
    pub parte: Option<Nodo>,
    pub bollo: Option<PianoBollo>,
}

/// The fields that a revenue stamp is asked with, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PianoBollo {
    pub documento: usize,
    pub provincia: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PianoIntestazione {
    /// Each with the field where its error is told.
    pub codice_fiscale: (Nodo, usize),
    pub nome: (Nodo, usize),
    pub email: Option<(Nodo, usize)>,
}

impl Verificato {
    pub fn modulo(&self) -> &Modulo {
        &self.modulo
    }

    /// What a browser needs of it.
    pub fn plan(&self) -> &Piano {
        &self.piano
    }

    /// Steps that one look at the form takes at the most.
    pub fn steps_max(&self) -> u32 {
        self.piano.passi
    }
}

/// The data of a field that was laid out.
pub(super) fn campo_of<'a>(modulo: &'a Modulo, piano: &PianoCampo) -> &'a Campo {
    let campo = &modulo.sezioni[piano.sezione].campi[piano.campo];
    piano.interno.map_or(campo, |interno| &campo.campi[interno])
}
