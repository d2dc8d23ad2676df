//! Operations on values that are all there: one line each.

use super::{Esito, INTERNO, Impedimento};
use crate::modulo::funzioni::Op;
use crate::modulo::giorni;
use crate::modulo::limiti;
use crate::modulo::valore::{Numero, Valore, divide};
use crate::testo;
use jiff::civil::Date;

pub(super) fn order(left: &Valore, right: &Valore) -> Result<std::cmp::Ordering, Impedimento> {
    match (left, right) {
        (Valore::Importo(a), Valore::Importo(b)) => Ok(a.cmp(b)),
        (Valore::Numero(a), Valore::Numero(b)) => Ok(a.cmp(b)),
        (Valore::Data(a), Valore::Data(b)) => Ok(a.cmp(b)),
        _ => Err(INTERNO),
    }
}

pub(super) fn whole(number: Option<i64>) -> Esito {
    number.and_then(Numero::of_int).map(Valore::Numero).ok_or(Impedimento::Troppo)
}

pub(super) fn joined(text: &str) -> Esito {
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
pub(super) fn simple(op: Op, oggi: Date, values: &[Valore]) -> Esito {
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
        (Op::Maiuscolo, [Testo(a)]) => text(testo::upper(a)),
        (Op::Minuscolo, [Testo(a)]) => text(testo::lower(a)),
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
