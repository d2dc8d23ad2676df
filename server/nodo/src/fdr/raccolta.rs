//! Puts the pages of a flow together, and says aloud what is missing or does not add up. Nothing is thrown away for it: PSPs send
//! flows whose totals are wrong, and the money is real.

use super::{PaginaRighe, Riga, RigaIlleggibile, Testata};
use domain::Importo;
use std::collections::BTreeSet;

/// Of 1,000 rows each: more payments than any PSP makes towards one ente in a day.
const PAGES_MAX: u64 = 500;

/// Why a flow is not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mancanza {
    /// The header says how many, the pages hold others.
    Righe {
        attese: u64,
        trovate: u64,
    },
    /// `sumPayments` is not what the rows add up to; `None`: no amount can hold that much.
    Somma {
        attesa: Importo,
        trovata: Option<Importo>,
    },
    Illeggibili(usize),
    /// The same index in two rows: the pages moved while they were fetched. The first is kept.
    IndiceDoppio(u64),
    /// Not all pages were added.
    Pagine {
        attese: u64,
        trovate: u64,
    },
    /// The number of pages changed, or a page came that was not asked for.
    PagineCambiate,
}

/// A flow, with what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flusso {
    pub testata: Testata,
    /// By index.
    pub righe: Vec<Riga>,
    pub illeggibili: Vec<RigaIlleggibile>,
    pub mancanze: Vec<Mancanza>,
}

impl Flusso {
    /// Every row was read, and together they are what the flow says of itself.
    pub fn is_completo(&self) -> bool {
        self.mancanze.is_empty()
    }
}

/// A flow under way.
#[derive(Clone, Debug)]
pub struct Raccolta {
    testata: Testata,
    righe: Vec<Riga>,
    illeggibili: Vec<RigaIlleggibile>,
    indici: BTreeSet<u64>,
    /// As the first page said.
    pagine: Option<u64>,
    trovate: u64,
    mancanze: Vec<Mancanza>,
}

impl Raccolta {
    pub fn new(testata: Testata) -> Self {
        let (righe, illeggibili, mancanze) = (Vec::new(), Vec::new(), Vec::new());
        Self { testata, righe, illeggibili, indici: BTreeSet::new(), pagine: None, trovate: 0, mancanze }
    }

    /// Which page to fetch now, from 1; `None` when there is none left.
    pub fn prossima(&self) -> Option<u64> {
        let next = self.trovate + 1;
        let last = self.pagine.unwrap_or(1).min(PAGES_MAX);
        (next <= last).then_some(next)
    }

    /// Adds the page [`Raccolta::prossima`] asked for.
    pub fn add(&mut self, pagina: PaginaRighe) {
        self.trovate += 1;
        let pages = *self.pagine.get_or_insert(pagina.pagine);
        if (pages != pagina.pagine || pagina.pagina != self.trovate) && !self.mancanze.contains(&Mancanza::PagineCambiate) {
            self.mancanze.push(Mancanza::PagineCambiate);
        }
        for riga in pagina.righe {
            if self.indici.insert(riga.indice) {
                self.righe.push(riga);
            } else {
                self.mancanze.push(Mancanza::IndiceDoppio(riga.indice));
            }
        }
        self.illeggibili.extend(pagina.illeggibili);
    }

    /// The flow as far as it came.
    pub fn finish(mut self) -> Flusso {
        self.righe.sort_by_key(|r| r.indice);
        let attese = self.pagine.unwrap_or(1);
        if self.trovate < attese {
            self.mancanze.push(Mancanza::Pagine { attese, trovate: self.trovate });
        }
        if !self.illeggibili.is_empty() {
            self.mancanze.push(Mancanza::Illeggibili(self.illeggibili.len()));
        }
        let trovate = u64::try_from(self.righe.len()).unwrap_or(u64::MAX);
        if trovate != self.testata.pagamenti {
            self.mancanze.push(Mancanza::Righe { attese: self.testata.pagamenti, trovate });
        }
        let trovata = Importo::sum(self.righe.iter().map(|r| r.importo));
        if trovata != Some(self.testata.importo) {
            self.mancanze.push(Mancanza::Somma { attesa: self.testata.importo, trovata });
        }
        Flusso { testata: self.testata, righe: self.righe, illeggibili: self.illeggibili, mancanze: self.mancanze }
    }
}
