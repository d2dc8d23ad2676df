//! What an expression is worth. Every operation says when it cannot be done; nothing panics, nothing goes on for ever.

use super::ambito::Ambito;
use super::espressione::Nodo;
use super::funzioni::Op;
use super::giorni;
use super::limiti;
use super::valore::{Numero, Valore, divide};
use jiff::civil::Date;

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

fn order(left: &Valore, right: &Valore) -> Result<std::cmp::Ordering, Impedimento> {
    match (left, right) {
        (Valore::Importo(a), Valore::Importo(b)) => Ok(a.cmp(b)),
        (Valore::Numero(a), Valore::Numero(b)) => Ok(a.cmp(b)),
        (Valore::Data(a), Valore::Data(b)) => Ok(a.cmp(b)),
        _ => Err(INTERNO),
    }
}

fn whole(number: Option<i64>) -> Esito {
    number.and_then(Numero::of_int).map(Valore::Numero).ok_or(Impedimento::Troppo)
}

fn joined(text: &str) -> Esito {
    let fits = text.chars().count() <= usize::from(limiti::TESTO_MAX);
    if fits { Ok(Valore::Testo(text.to_owned())) } else { Err(Impedimento::Troppo) }
}

/// How many characters, from none to all that a text may have; digits after the comma of a count are cut off.
fn count(number: Numero) -> usize {
    usize::try_from(number.trunc().clamp(0, i64::from(limiti::TESTO_MAX))).unwrap_or(0)
}

/// An integer rounded to a multiple of a step: to the nearest, up, or down.
fn round(value: i64, step: i64, op: Op) -> Option<i64> {
    let units = match op {
        Op::PerDifetto => value.div_euclid(step),
        Op::PerEccesso => value.div_euclid(step) + i64::from(value.rem_euclid(step) != 0),
        _ => divide(i128::from(value), i128::from(step))?,
    };
    units.checked_mul(step)
}

/// Operations on values that are all there.
#[allow(clippy::too_many_lines, reason = "one line for each operation")]
fn simple(op: Op, oggi: Date, values: &[Valore]) -> Esito {
    use Valore::{Booleano, Data, Elenco, Importo, Testo};
    let cents = |cents: Option<i64>| cents.map(Importo).ok_or(Impedimento::Troppo);
    let number = |number: Option<Numero>| number.map(Valore::Numero).ok_or(Impedimento::Troppo);
    let millionths = |millionths: Option<i64>| number(millionths.map(Numero::of_millionths));
    let text = |text: String| Ok(Testo(text));
    match (op, values) {
        (Op::Piu, [Importo(a), Importo(b)]) => cents(a.checked_add(*b)),
        (Op::Meno, [Importo(a), Importo(b)]) => cents(a.checked_sub(*b)),
        (Op::Piu, [Valore::Numero(a), Valore::Numero(b)]) => millionths(a.millionths().checked_add(b.millionths())),
        (Op::Meno, [Valore::Numero(a), Valore::Numero(b)]) => millionths(a.millionths().checked_sub(b.millionths())),
        (Op::Per, [Importo(a), Valore::Numero(n)] | [Valore::Numero(n), Importo(a)]) => {
            cents(divide(i128::from(*a) * i128::from(n.millionths()), i128::from(Numero::SCALE)))
        }
        (Op::Per, [Valore::Numero(a), Valore::Numero(b)]) => number(a.checked_mul(*b)),
        (Op::Diviso, [_, Importo(0) | Valore::Numero(Numero::ZERO)]) => Err(Impedimento::PerZero),
        (Op::Diviso, [Importo(a), Valore::Numero(n)]) => {
            cents(divide(i128::from(*a) * i128::from(Numero::SCALE), i128::from(n.millionths())))
        }
        (Op::Diviso, [Importo(a), Importo(b)]) => millionths(divide(i128::from(*a) * i128::from(Numero::SCALE), i128::from(*b))),
        (Op::Diviso, [Valore::Numero(a), Valore::Numero(b)]) => number(a.checked_div(*b)),
        (Op::Negato, [Importo(a)]) => cents(a.checked_neg()),
        (Op::Negato, [Valore::Numero(a)]) => millionths(a.millionths().checked_neg()),
        (Op::Assoluto, [Importo(a)]) => cents(a.checked_abs()),
        (Op::Assoluto, [Valore::Numero(a)]) => millionths(a.millionths().checked_abs()),
        (Op::Uguale, [a, b]) => Ok(Booleano(a == b)),
        (Op::Diverso, [a, b]) => Ok(Booleano(a != b)),
        (Op::Minore, [a, b]) => order(a, b).map(|o| Booleano(o.is_lt())),
        (Op::MinoreUguale, [a, b]) => order(a, b).map(|o| Booleano(o.is_le())),
        (Op::Maggiore, [a, b]) => order(a, b).map(|o| Booleano(o.is_gt())),
        (Op::MaggioreUguale, [a, b]) => order(a, b).map(|o| Booleano(o.is_ge())),
        (Op::Non, [Booleano(a)]) => Ok(Booleano(!a)),
        (Op::Arrotonda | Op::PerEccesso | Op::PerDifetto, [Importo(a), rest @ ..]) => {
            cents(round(*a, step(rest.first(), 100), op))
        }
        (Op::Arrotonda | Op::PerEccesso | Op::PerDifetto, [Valore::Numero(a), rest @ ..]) => {
            millionths(round(a.millionths(), step(rest.first(), Numero::SCALE), op))
        }
        (Op::Euro, [Valore::Numero(n)]) => cents(divide(i128::from(n.millionths()), 10_000)),
        (Op::InEuro, [Importo(a)]) => millionths(a.checked_mul(10_000)),
        (Op::Centesimi, [Importo(a)]) => whole(Some(*a)),
        (Op::Unito, [a, b]) => joined(&format!("{a}{b}")),
        (Op::Contiene, [Testo(a), Testo(b)]) => Ok(Booleano(a.contains(b.as_str()))),
        (Op::Contiene, [Elenco(a), Testo(b)]) => Ok(Booleano(a.contains(b))),
        (Op::Inizia, [Testo(a), Testo(b)]) => Ok(Booleano(a.starts_with(b.as_str()))),
        (Op::Lunghezza, [Testo(a)]) => whole(i64::try_from(a.chars().count()).ok()),
        (Op::Maiuscolo, [Testo(a)]) => joined(&a.to_uppercase()),
        (Op::Minuscolo, [Testo(a)]) => joined(&a.to_lowercase()),
        (Op::Sinistra, [Testo(a), Valore::Numero(n)]) => text(a.chars().take(count(*n)).collect()),
        (Op::Destra, [Testo(a), Valore::Numero(n)]) => {
            text(a.chars().skip(a.chars().count().saturating_sub(count(*n))).collect())
        }
        (Op::Parte, [Testo(a), Valore::Numero(from), Valore::Numero(n)]) => {
            text(a.chars().skip(count(*from).saturating_sub(1)).take(count(*n)).collect())
        }
        (Op::Riempi, [a, Valore::Numero(n), Testo(with)]) => {
            let bare = a.to_string();
            let missing = count(*n).saturating_sub(bare.chars().count());
            let padding: String = with.chars().take(1).cycle().take(missing).collect();
            joined(&(padding + &bare))
        }
        (Op::Sostituisci, [Testo(a), Testo(what), Testo(with)]) => {
            // of nothing there is one between any two letters
            if what.is_empty() { text(a.clone()) } else { joined(&a.replace(what.as_str(), with)) }
        }
        (Op::Oggi, []) => Ok(Data(oggi)),
        (Op::DataDi, [Valore::Numero(a), Valore::Numero(m), Valore::Numero(g)]) => {
            let int = |n: &Numero| if n.has_decimals_beyond(0) { -1 } else { n.trunc() };
            giorni::day_of(int(a), int(m), int(g)).map(Data).ok_or(Impedimento::NonUnaData)
        }
        (Op::Anno, [Data(d)]) => whole(Some(d.year().into())),
        (Op::Mese, [Data(d)]) => whole(Some(d.month().into())),
        (Op::Giorno, [Data(d)]) => whole(Some(d.day().into())),
        (Op::Giorni, [Data(from), Data(to)]) => whole(Some(giorni::number(*to) - giorni::number(*from))),
        (Op::Mesi, [Data(from), Data(to)]) => whole(Some(giorni::months(*from, *to))),
        (Op::Anni, [Data(from), Data(to)]) => whole(Some(giorni::months(*from, *to) / 12)),
        (Op::PiuGiorni, [Data(d), Valore::Numero(n)]) => {
            giorni::of_number(giorni::number(*d) + n.trunc()).map(Data).ok_or(Impedimento::NonUnaData)
        }
        (Op::PiuMesi, [Data(d), Valore::Numero(n)]) => giorni::add_months(*d, n.trunc()).map(Data).ok_or(Impedimento::NonUnaData),
        (Op::Conta, [Elenco(voci)]) => whole(i64::try_from(voci.len()).ok()),
        (Op::Unisci, [Elenco(voci), Testo(separator)]) => joined(&voci.join(separator)),
        _ => Err(INTERNO),
    }
}

/// Of the last digit that stays, where `one` is 1: digits beyond what is held round nothing.
fn step(digits: Option<&Valore>, one: i64) -> i64 {
    let digits = if let Some(Valore::Numero(n)) = digits { n.trunc().clamp(0, 6) } else { 0 };
    (0..digits).fold(one, |step, _| (step / 10).max(1))
}

/// What an expression without fields is worth, whatever the day.
pub(super) fn constant(nodo: &Nodo) -> Esito {
    let ambito = Ambito::default();
    Macchina::new(&ambito, Date::constant(2000, 1, 1)).value(nodo)
}
