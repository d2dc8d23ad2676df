//! The amount in its parts, to the cent.

use super::calcolo::Impedimento;
use super::valore::{Numero, divide};
use crate::Importo;
use crate::bollo::Impronta;

/// What a part asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetta {
    /// So many cents.
    Fissa(i64),
    /// Of the whole: a fourth is `0,25`.
    Quota(Numero),
    /// What the others leave.
    Resto,
}

/// A part of the amount: which of [`super::Modulo::ripartizione`], and how much. Parts of nothing are left out: the Nodo takes no
/// transfer of zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parte {
    pub quota: usize,
    pub importo: Importo,
    /// Where it is for a revenue stamp.
    pub bollo: Option<Marca>,
}

/// What a revenue stamp is put on, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marca {
    pub documento: Impronta,
    /// Two capitals.
    pub provincia: String,
}

/// Shares are rounded down, and the cents that are left over go to those that lost most by it, the earlier first where they lost the
/// same (largest remainder): the parts add up to the whole.
///
/// # Errors
/// `Quote` where they cannot: below zero, beyond the whole, or short of it with nothing to take the rest.
pub fn split(whole: Importo, fette: &[Fetta]) -> Result<Vec<Parte>, Impedimento> {
    let total = i128::from(whole.cents());
    let mut cents: Vec<i128> = Vec::with_capacity(fette.len());
    let mut remainders: Vec<(i128, usize)> = Vec::new();
    let mut shares = 0;
    for (i, fetta) in fette.iter().enumerate() {
        cents.push(match fetta {
            Fetta::Fissa(fixed) if *fixed < 0 => return Err(Impedimento::Quote),
            Fetta::Quota(share) if *share < Numero::ZERO => return Err(Impedimento::Quote),
            Fetta::Fissa(fixed) => i128::from(*fixed),
            Fetta::Quota(share) => {
                let exact = total * i128::from(share.millionths());
                shares += exact;
                remainders.push((exact % i128::from(Numero::SCALE), i));
                exact / i128::from(Numero::SCALE)
            }
            Fetta::Resto => 0,
        });
    }
    let of_shares: i128 = remainders.iter().map(|(_, i)| cents[*i]).sum();
    let rounded = divide(shares, i128::from(Numero::SCALE)).map(i128::from).ok_or(Impedimento::Troppo)?;
    for _ in of_shares..rounded {
        // the largest, and the first of equals
        let Some(at) = (0..remainders.len()).rev().max_by_key(|at| remainders[*at].0) else { break };
        cents[remainders[at].1] += 1;
        remainders[at].0 = -1;
    }
    let rest = total - cents.iter().sum::<i128>();
    match fette.iter().position(|fetta| *fetta == Fetta::Resto) {
        Some(at) if rest >= 0 => cents[at] = rest,
        None if rest == 0 => {}
        _ => return Err(Impedimento::Quote),
    }
    let parts = cents.into_iter().enumerate().filter(|(_, cents)| *cents > 0).map(|(quota, cents)| {
        let importo = i64::try_from(cents).ok().and_then(Importo::from_cents).ok_or(Impedimento::Troppo)?;
        Ok(Parte { quota, importo, bollo: None })
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cents(whole: i64, fette: &[Fetta]) -> Option<Vec<(usize, i64)>> {
        let parts = split(Importo::of_cents(whole), fette).ok()?;
        Some(parts.into_iter().map(|parte| (parte.quota, parte.importo.cents())).collect())
    }

    fn percent(hundredths: i64) -> Fetta {
        Fetta::Quota(Numero::of_millionths(hundredths * 100))
    }

    #[test]
    fn cents_left_over_go_to_who_lost_most() {
        use Fetta::{Fissa, Resto};
        let third = Fetta::Quota(Numero::of_millionths(333_333));
        let last = Fetta::Quota(Numero::of_millionths(333_334));
        for (whole, fette, expected) in [
            (100, vec![third, third, last], vec![(0, 33), (1, 33), (2, 34)]),
            (101, vec![percent(5_000), percent(5_000)], vec![(0, 51), (1, 50)]),
            (10, vec![percent(3_330), percent(3_330), percent(3_340)], vec![(0, 3), (1, 3), (2, 4)]),
            (1, vec![percent(6_000), percent(4_000)], vec![(0, 1)]),
            (1_000, vec![Fissa(150), Resto], vec![(0, 150), (1, 850)]),
            (1_000, vec![Fissa(150), percent(1_000), Resto], vec![(0, 150), (1, 100), (2, 750)]),
            (1_000, vec![Fissa(1_000), Resto], vec![(0, 1_000)]),
            (1_000, vec![Resto], vec![(0, 1_000)]),
            (1_000, vec![Fissa(0), Fissa(1_000)], vec![(1, 1_000)]),
            (99_999_999_999, vec![percent(1), Resto], vec![(0, 10_000_000), (1, 99_989_999_999)]),
        ] {
            assert_eq!(cents(whole, &fette), Some(expected), "{whole} {fette:?}");
        }
    }

    #[test]
    fn parts_that_do_not_make_the_whole_are_no_split() {
        use Fetta::{Fissa, Resto};
        for fette in [
            vec![Fissa(1_001), Resto],
            vec![Fissa(999)],
            vec![percent(9_000)],
            vec![percent(10_100)],
            vec![percent(5_000), percent(6_000), Resto],
            vec![Fissa(-1), Resto],
            vec![percent(-1), Resto],
            vec![Fissa(i64::MAX), Fissa(i64::MAX), Resto],
            vec![Fetta::Quota(Numero::of_millionths(i64::MAX)), Resto],
            vec![],
        ] {
            assert_eq!(cents(1_000, &fette), None, "{fette:?}");
        }
    }
}
