//! What an expression is worth. Every operation says when it cannot be done; nothing panics, nothing goes on for ever.

mod operazioni;

use super::ambito::Ambito;
use super::espressione::Nodo;
use super::funzioni::Op;
use super::valore::{Numero, Valore};
use jiff::civil::Date;
use operazioni::{joined, order, simple, whole};

/// Why there is no value. Each is an answer of the form, not a fault of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impedimento {
    /// It takes a field that has to be filled in, or is wrong: told there.
    Attesa {
        campo: String,
    },
    /// It takes a day that need not be there, and is not: no day counts for nothing.
    Vuoto {
        campo: String,
    },
    /// Beyond what numbers, amounts or texts hold here.
    Troppo,
    PerZero,
    /// A table says nothing for it.
    FuoriTabella,
    /// `data(2026; 2; 30)`.
    NonUnaData,
    /// An amount of nothing, or below: there is nothing to pay.
    Zero,
    /// Parts of more than the whole, or of less where nothing takes the rest.
    Quote,
    /// A revenue stamp of another amount than it costs.
    Bollo,
    /// A codice fiscale would stand in the causale.
    DatoPersonale,
    /// Cannot be in a checked form: the tests look for it.
    Interno,
}

pub(super) type Esito = Result<Valore, Impedimento>;

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cella {
    /// Nothing, and that is right: hidden, or not asked for.
    Vuota,
    Piena(Valore),
    Impedita(Impedimento),
}

/// The values so far, and where in the groups we are.
#[derive(Debug)]
pub(super) struct Macchina<'a> {
    pub ambito: &'a Ambito,
    pub oggi: Date,
    /// Of each field, in each row of its group.
    pub celle: Vec<Vec<Cella>>,
    /// Of each group, how its rows are called in the form that was sent.
    pub righe: Vec<Vec<u16>>,
    /// Of each group, in which row we are.
    pub riga: Vec<Option<usize>>,
    pub passi: u32,
}

/// What can only be where the types were not looked at.
const INTERNO: Impedimento = Impedimento::Interno;

impl Impedimento {
    /// The field it waits for.
    pub fn campo(&self) -> Option<&str> {
        if let Self::Attesa { campo } | Self::Vuoto { campo } = self { Some(campo) } else { None }
    }
}

impl<'a> Macchina<'a> {
    pub(super) fn new(ambito: &'a Ambito, oggi: Date) -> Self {
        let (campi, gruppi) = (ambito.campi.len(), ambito.gruppi.len());
        Self { ambito, oggi, celle: vec![Vec::new(); campi], righe: vec![Vec::new(); gruppi], riga: vec![None; gruppi], passi: 0 }
    }

    fn cella(&self, campo: usize) -> Result<&Cella, Impedimento> {
        let posto = self.ambito.campi.get(campo).ok_or(INTERNO)?;
        let row = match posto.gruppo {
            Some(gruppo) => self.riga.get(gruppo).copied().flatten().ok_or(INTERNO)?,
            None => 0,
        };
        self.celle.get(campo).and_then(|celle| celle.get(row)).ok_or(INTERNO)
    }

    /// How the row a field of a group is in is called; 0 outside of groups.
    pub(super) fn row_name(&self, campo: usize) -> u16 {
        let gruppo = self.ambito.campi.get(campo).and_then(|posto| posto.gruppo);
        gruppo.and_then(|gruppo| self.righe[gruppo].get(self.riga[gruppo]?).copied()).unwrap_or(0)
    }

    pub(super) fn value(&mut self, nodo: &Nodo) -> Esito {
        self.passi = self.passi.saturating_add(1);
        match nodo {
            Nodo::Costante(valore) => Ok(valore.clone()),
            Nodo::Campo(campo) => match self.cella(*campo)? {
                Cella::Piena(valore) => Ok(valore.clone()),
                Cella::Impedita(impedimento) => Err(impedimento.clone()),
                Cella::Vuota => {
                    let empty = self.ambito.campi[*campo].tipo.and_then(Valore::empty);
                    empty.ok_or_else(|| Impedimento::Vuoto { campo: self.ambito.path(*campo, self.row_name(*campo)) })
                }
            },
            Nodo::Listino(at, chiave) => {
                let chiave = self.value(chiave)?;
                let listino = self.ambito.tabelle.get(*at).ok_or(INTERNO)?;
                self.passi = self.passi.saturating_add(listino.passi());
                listino.find(&chiave).cloned().ok_or(Impedimento::FuoriTabella)
            }
            Nodo::Righe(op, gruppo, parts) => self.rows(*op, *gruppo, parts),
            Nodo::Op(op, parts) => self.operation(*op, parts),
        }
    }

    pub(super) fn is_true(&mut self, nodo: &Nodo) -> Result<bool, Impedimento> {
        if let Valore::Booleano(si) = self.value(nodo)? { Ok(si) } else { Err(INTERNO) }
    }

    pub(super) fn text(&mut self, nodo: &Nodo) -> Result<String, Impedimento> {
        self.value(nodo).map(|valore| valore.to_string())
    }

    /// Those that look at some of their parts only; the others are reckoned all.
    fn operation(&mut self, op: Op, parts: &[Nodo]) -> Esito {
        match (op, parts) {
            (Op::Se, [condition, then, otherwise]) => {
                let chosen = if self.is_true(condition)? { then } else { otherwise };
                self.value(chosen)
            }
            // what is known decides, whatever the other is: false and anything is false
            (Op::E | Op::O, [left, right]) => {
                let decides = op == Op::O;
                let left = self.is_true(left);
                if left == Ok(decides) {
                    return Ok(Valore::Booleano(decides));
                }
                let right = self.is_true(right)?;
                if right == decides { Ok(Valore::Booleano(decides)) } else { left.map(Valore::Booleano) }
            }
            (Op::Oppure, [Nodo::Campo(campo), otherwise]) => match self.cella(*campo)? {
                Cella::Vuota => self.value(otherwise),
                _ => self.value(&parts[0]),
            },
            (Op::Oppure, [first, otherwise]) => match self.value(first) {
                Err(Impedimento::Vuoto { .. }) => self.value(otherwise),
                found => found,
            },
            (Op::Presente, [Nodo::Campo(campo)]) => match self.cella(*campo)? {
                Cella::Vuota => Ok(Valore::Booleano(false)),
                Cella::Piena(_) => Ok(Valore::Booleano(true)),
                Cella::Impedita(impedimento) => Err(impedimento.clone()),
            },
            (Op::Etichetta, [Nodo::Campo(campo)]) => {
                let chosen = self.value(&parts[0])?;
                let scelte = &self.ambito.campi[*campo].scelte;
                let label = |valore: &String| scelte.iter().find(|(v, _)| v == valore).map_or("", |(_, label)| label).to_owned();
                Ok(Valore::Testo(match chosen {
                    Valore::Testo(valore) => label(&valore),
                    Valore::Elenco(valori) => valori.iter().map(label).collect::<Vec<_>>().join(", "),
                    _ => return Err(INTERNO),
                }))
            }
            (Op::Scegli, [key, rest @ ..]) => {
                let key = self.value(key)?;
                for pair in rest.chunks(2) {
                    match pair {
                        [when, then] if self.value(when)? == key => return self.value(then),
                        [_, _] => {}
                        [otherwise] => return self.value(otherwise),
                        _ => break,
                    }
                }
                Err(INTERNO)
            }
            (Op::Minimo | Op::Massimo, [first, rest @ ..]) => {
                let mut best = self.value(first)?;
                for other in rest {
                    let other = self.value(other)?;
                    let less = order(&other, &best)?.is_lt();
                    if less == (op == Op::Minimo) {
                        best = other;
                    }
                }
                Ok(best)
            }
            (_, []) => simple(op, self.oggi, &[]),
            (_, parts) => {
                let mut values = Vec::with_capacity(parts.len());
                for part in parts {
                    values.push(self.value(part)?);
                }
                simple(op, self.oggi, &values)
            }
        }
    }

    fn rows(&mut self, op: Op, gruppo: usize, parts: &[Nodo]) -> Esito {
        let here = *self.riga.get(gruppo).ok_or(INTERNO)?;
        if op == Op::Riga {
            let row = i64::try_from(here.ok_or(INTERNO)?).ok().and_then(|row| Numero::of_int(row + 1));
            return row.map(Valore::Numero).ok_or(INTERNO);
        }
        let mut each = Vec::new();
        let mut failed = None;
        let separator = if op == Op::Unisci { self.text(parts.get(1).ok_or(INTERNO)?)? } else { String::new() };
        for row in 0..self.righe[gruppo].len() {
            self.riga[gruppo] = Some(row);
            match parts.first().map_or(Ok(Valore::Booleano(true)), |part| self.value(part)) {
                Ok(value) => each.push(value),
                Err(impedimento) => failed = failed.or(Some(impedimento)),
            }
        }
        self.riga[gruppo] = here;
        let count = |wanted: bool| each.iter().filter(|value| **value == Valore::Booleano(wanted)).count();
        // one row that decides is enough, though another is not filled in
        match op {
            Op::AlmenoUno if count(true) > 0 => return Ok(Valore::Booleano(true)),
            Op::Tutti if count(false) > 0 => return Ok(Valore::Booleano(false)),
            _ => {}
        }
        if let Some(impedimento) = failed {
            return Err(impedimento);
        }
        match op {
            Op::AlmenoUno => Ok(Valore::Booleano(false)),
            Op::Tutti => Ok(Valore::Booleano(true)),
            Op::Conta => whole(i64::try_from(count(true)).ok()),
            Op::Unisci => joined(&each.iter().map(Valore::to_string).collect::<Vec<_>>().join(&separator)),
            Op::Somma => {
                let zero = self.value(parts.last().ok_or(INTERNO)?)?;
                each.into_iter().try_fold(zero, |sum, value| simple(Op::Piu, self.oggi, &[sum, value]))
            }
            _ => Err(INTERNO),
        }
    }
}

/// What an expression without fields is worth, whatever the day.
pub(super) fn constant(nodo: &Nodo) -> Esito {
    let ambito = Ambito::default();
    Macchina::new(&ambito, Date::constant(2000, 1, 1)).value(nodo)
}
