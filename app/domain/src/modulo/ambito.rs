//! What an expression can speak of: the fields before it, groups, tables.

use super::dati::TipoCampo;
use super::valore::{Tipo, Valore};

/// The names that are known so far; complete once a form was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ambito {
    pub campi: Vec<Posto>,
    pub gruppi: Vec<Gruppo>,
    pub tabelle: Vec<Listino>,
}

/// A field, and where its values lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Posto {
    pub nome: String,
    /// Index in [`Ambito::gruppi`], of a field that is there once a row.
    pub gruppo: Option<usize>,
    pub campo: TipoCampo,
    /// `None`: a group or a note, which have no value.
    pub tipo: Option<Tipo>,
    /// Of a choice, what can be chosen: the value, and what the citizen reads.
    pub scelte: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gruppo {
    pub nome: String,
    pub massimo: u16,
    /// Whether all of its fields are known.
    pub chiuso: bool,
}

/// A table, its values read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listino {
    pub nome: String,
    pub chiave: Tipo,
    pub valore: Tipo,
    /// Ascending; without a bound the last.
    pub fasce: Vec<(Option<Valore>, Valore)>,
    pub chiavi: Vec<(String, Valore)>,
    pub altrimenti: Option<Valore>,
}

impl Ambito {
    pub(super) fn gruppo(&self, nome: &str) -> Option<usize> {
        self.gruppi.iter().position(|gruppo| gruppo.nome == nome)
    }

    pub(super) fn campo(&self, gruppo: Option<usize>, nome: &str) -> Option<usize> {
        self.campi.iter().position(|posto| posto.gruppo == gruppo && posto.nome == nome)
    }

    /// `figli.2.nome`: its name in a form that is sent.
    pub(super) fn path(&self, campo: usize, riga: u16) -> String {
        let posto = &self.campi[campo];
        match posto.gruppo {
            Some(gruppo) => format!("{}.{riga}.{}", self.gruppi[gruppo].nome, posto.nome),
            None => posto.nome.clone(),
        }
    }
}

impl Listino {
    /// What it takes to look something up: its lines are read one after the other.
    pub(super) fn passi(&self) -> u32 {
        u32::try_from(self.fasce.len() + self.chiavi.len()).unwrap_or(u32::MAX)
    }

    /// `None` where the table says nothing.
    pub(super) fn find(&self, chiave: &Valore) -> Option<&Valore> {
        let of_band = |bound: &Valore| match (chiave, bound) {
            (Valore::Importo(a), Valore::Importo(b)) => a <= b,
            (Valore::Numero(a), Valore::Numero(b)) => a <= b,
            (Valore::Data(a), Valore::Data(b)) => a <= b,
            _ => false,
        };
        let fascia = self.fasce.iter().find(|(bound, _)| bound.as_ref().is_none_or(of_band)).map(|(_, valore)| valore);
        let of_key = || {
            let text = chiave.to_string();
            self.chiavi.iter().find(|(chiave, _)| *chiave == text).map(|(_, valore)| valore)
        };
        fascia.or_else(of_key).or(self.altrimenti.as_ref())
    }
}
