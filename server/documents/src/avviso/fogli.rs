//! Which parts a notice has, and on which sheet each stands.

use super::codici::{Blocco, Passo, numero, passo};
use super::foglio::Foglio;
use super::look::{BOTTOM, mm};
use super::testi::{IT, Testi};
use super::{AvvisoDoc, data};
use crate::DocumentError;
use domain::Rata;

impl Foglio {
    /// The text in the second language, when there is one.
    pub(super) fn seconda_of(&self, which: impl Fn(&Testi) -> &'static str) -> Option<&'static str> {
        self.lingua.map(|lingua| which(lingua.testi()))
    }

    pub(super) fn pair(&self, which: impl Fn(&Testi) -> &'static str) -> (String, Option<String>) {
        (which(&IT).to_owned(), self.seconda_of(which).map(str::to_owned))
    }

    /// `top` when `height` fits under it; else the top of a new sheet, with the head on it.
    fn fit_or_turn(&mut self, doc: &AvvisoDoc<'_>, top: i32, height: i32) -> i32 {
        if top + height <= BOTTOM { top } else { self.turn(doc) }
    }

    fn turn(&mut self, doc: &AvvisoDoc<'_>) -> i32 {
        self.page.next_page();
        self.head(doc);
        mm(457)
    }

    /// The whole amount, and its bollettino; gives where the next heading stands.
    pub(super) fn unica(&mut self, doc: &AvvisoDoc<'_>, top: i32, unica: Option<&Rata>) -> Result<i32, DocumentError> {
        let Some(rata) = unica else { return Ok(top) };
        let quando = |testi: &Testi, entro: &str| match rata.scadenza {
            Some(giorno) => format!("{} {entro} {}", testi.rata_unica, data(giorno)),
            None => testi.rata_unica.to_owned(),
        };
        let seconda = self.lingua.map(|lingua| quando(lingua.testi(), lingua.testi().entro_il));
        let blocco = Blocco { titolo: self.pair(|testi| testi.dati), quando: (quando(&IT, "entro il"), seconda), rata };
        let top = self.fit_or_turn(doc, top, self.dati_height());
        let bottom = self.dati(doc, top, &blocco)?;
        match &doc.postale {
            Some(postale) => {
                let top = self.fit_or_turn(doc, bottom + mm(76), mm(610));
                // as much room as there is
                let top = if top + mm(630) <= BOTTOM && top == bottom + mm(76) { top + mm(20) } else { top };
                self.bollettino(doc, postale, top, (&quando(&IT, "entro"), rata, Passo::Largo))
            }
            None => Ok(bottom + mm(56)),
        }
    }

    /// The instalments, by twos and threes, each sheet of one kind; with their bollettini each row has a sheet of its own.
    pub(super) fn all_rate(&mut self, doc: &AvvisoDoc<'_>, top: i32, rate: &[&Rata]) -> Result<(), DocumentError> {
        let (mut top, mut rest, mut before) = (top, rate, None);
        for size in gruppi(rate.len()) {
            let (row, others) = rest.split_at(size);
            rest = others;
            let kind = passo(row);
            let Some(postale) = &doc.postale else {
                let same = before.is_none_or(|before| before == kind);
                top = if same { self.fit_or_turn(doc, top, self.rate_height(kind)) } else { self.turn(doc) };
                top = self.rate(doc, top, row, false)? + mm(56);
                before = Some(kind);
                continue;
            };
            top = self.turn(doc);
            let mut y = self.rate(doc, top, row, kind == Passo::Stretto)?;
            for rata in row {
                y += if kind == Passo::Stretto { mm(80) } else { mm(99) };
                let quando = match rata.scadenza {
                    Some(giorno) => format!("Rata {} entro {}", numero(rata), data(giorno)),
                    None => format!("Rata {}", numero(rata)),
                };
                y = self.bollettino(doc, postale, y, (&quando, rata, kind))?;
            }
        }
        Ok(())
    }

    /// Both amounts of a fine, or of what costs less until a day, on a sheet; or a sheet for each when bollettini stand under them.
    pub(super) fn a_scelta(&mut self, doc: &AvvisoDoc<'_>) -> Result<(), DocumentError> {
        let scaglioni = doc.scaglioni();
        let all: Vec<usize> = (0..scaglioni.len()).collect();
        let sheets: Vec<&[usize]> = if doc.postale.is_some() { all.chunks(1).collect() } else { vec![&all] };
        for (n, shown) in sheets.into_iter().enumerate() {
            if n > 0 {
                self.page.next_page();
            }
            self.head(doc);
            let top = self.parties(doc);
            let mut top = self.quanto(doc, top, shown);
            if all.len() > 1 {
                top = self.scegli(top);
            }
            for scaglione in scaglioni.iter().enumerate().filter(|(n, _)| shown.contains(n)).map(|(_, scaglione)| scaglione) {
                let titolo = if shown.len() > 1 {
                    let seconda = self.lingua.map(|lingua| scaglione.nome(lingua.testi()).to_uppercase());
                    (scaglione.nome(&IT).to_uppercase(), seconda)
                } else {
                    self.pair(|testi| testi.dati)
                };
                let blocco = Blocco { titolo, quando: (scaglione.quando(), None), rata: scaglione.rata };
                top = self.fit_or_turn(doc, top, self.dati_height());
                top = self.dati(doc, top, &blocco)? + mm(56);
                if let Some(postale) = &doc.postale {
                    top = self.fit_or_turn(doc, top, mm(528));
                    top = self.bollettino(doc, postale, top, (&scaglione.quando(), scaglione.rata, Passo::Stretto))?;
                }
            }
        }
        Ok(())
    }
}

/// Rows of three, and of two where three do not come out even: never one alone beside others (as pagoPA lays them out).
fn gruppi(rate: usize) -> Vec<usize> {
    let twos = match (rate, rate % 3) {
        (0, _) => return Vec::new(),
        (1, _) => return vec![1],
        (_, 0) => 0,
        (_, 1) => 2,
        _ => 1,
    };
    std::iter::repeat_n(2, twos).chain(std::iter::repeat_n(3, (rate - 2 * twos) / 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::RATE_MAX;
    use super::*;

    #[test]
    fn instalments_stand_by_threes_and_never_alone() {
        for (rate, expected) in [
            (0, &[][..]),
            (1, &[1]),
            (2, &[2]),
            (3, &[3]),
            (4, &[2, 2]),
            (5, &[2, 3]),
            (6, &[3, 3]),
            (7, &[2, 2, 3]),
            (8, &[2, 3, 3]),
        ] {
            assert_eq!(gruppi(rate), expected, "{rate}");
        }
        for rate in 2..=RATE_MAX {
            assert_eq!(gruppi(rate).iter().sum::<usize>(), rate);
            assert!(gruppi(rate).iter().all(|&size| size == 2 || size == 3));
        }
    }
}
