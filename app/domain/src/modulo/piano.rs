//! A form laid out: its expressions read, its fields in a row.

use super::ambito::Ambito;
use super::dati::{Campo, Modulo};
use super::espressione::Nodo;
use super::modello::Modello;

/// A form that was found right: it can be filled in.
#[derive(Clone, Debug)]
pub struct Verificato {
    pub(super) modulo: Modulo,
    pub(super) piano: Piano,
}

/// A form, its expressions read.
#[derive(Clone, Debug, Default)]
pub(super) struct Piano {
    pub ambito: Ambito,
    /// `visibile` of each section.
    pub sezioni: Vec<Option<Nodo>>,
    /// Beside [`Ambito::campi`].
    pub campi: Vec<PianoCampo>,
    pub regole: Vec<PianoRegola>,
    pub importo: Option<Nodo>,
    pub causale: Option<Nodo>,
    pub quote: Vec<PianoQuota>,
    pub debitore: Option<PianoIntestazione>,
    pub versante: Option<PianoIntestazione>,
    /// At the most, for one look at the form.
    pub passi: u32,
}

#[derive(Clone, Debug, Default)]
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
    pub modello: Option<Modello>,
    pub quando: Vec<Option<Nodo>>,
    /// Of a group, how many of the fields that follow are its own.
    pub interni: usize,
}

#[derive(Clone, Debug)]
pub(super) struct PianoRegola {
    pub vale: Nodo,
    pub campo: usize,
}

#[derive(Clone, Debug)]
pub(super) enum PianoQuota {
    Parte(Nodo),
    Resto,
}

#[derive(Clone, Debug)]
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
