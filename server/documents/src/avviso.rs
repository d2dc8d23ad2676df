//! What the notice says: pagoPA's paper for who pays at a counter, with a phone or at home.
//!
//! Source: "L'avviso di pagamento analogico nel sistema pagoPA" 3.3 (texts, lengths, colours); places and sizes are measured on the
//! papers of pagoPA's own print service, and `tests/avviso.rs` compares with them. Order of the sheet: head, parties, how much and
//! where (`sezioni.rs`), then what is scanned (`codici.rs`); a part that does not fit begins a new sheet.

mod codici;
mod foglio;
mod look;
mod sezioni;
mod testi;

use crate::pdf::text;
use crate::pdf::write::{About, write};
use crate::{DocumentError, Logo};
use codici::{Blocco, Passo, numero, passo};
use domain::{Ente, Iban, Importo, Rata};
use foglio::Foglio;
use jiff::civil::{Date, DateTime};
use look::{BOTTOM, RIGHT, TITOLO, mm};
use testi::{IT, Testi, con};

pub use testi::Lingua;

/// Sixty instalments: five years, month by month.
pub const RATE_MAX: usize = 60;

/// Everything a notice is made from.
#[derive(Clone, Copy, Debug)]
pub struct AvvisoDoc<'a> {
    pub ente: &'a Ente,
    pub creditore: Creditore<'a>,
    /// Who owes it. A notice that somebody asked for with its number alone has none: whoever asks need not be the debtor.
    pub debitore: Option<Debitore<'a>>,
    /// At most 90 characters are printed, and 110 are in the Data Matrix.
    pub causale: &'a str,
    pub dovuto: Dovuto<'a>,
    /// The bollettino; a notice without a debtor has none, whatever stands here: its code names the debtor.
    pub postale: Option<Postale<'a>>,
    pub seconda: Option<Seconda<'a>>,
    /// Civil time of Europe/Rome: the date of the document.
    pub emesso_il: DateTime,
    /// Made up, nothing is due: every sheet says so where nobody can miss it.
    pub di_prova: bool,
}

/// What is known of the ente beyond its name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Creditore<'a> {
    /// The office in charge.
    pub settore: Option<&'a str>,
    /// Its code in the banks' CBILL.
    pub cbill: Option<&'a str>,
    pub logo: Option<&'a Logo>,
}

/// Who is to pay. `Debug` does not tell.
#[derive(Clone, Copy)]
pub struct Debitore<'a> {
    pub nome: &'a str,
    pub codice_fiscale: &'a str,
    /// Street and number.
    pub indirizzo: Option<&'a str>,
    /// CAP, comune, provincia.
    pub localita: Option<&'a str>,
}

impl std::fmt::Debug for Debitore<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Debitore").finish_non_exhaustive()
    }
}

/// What is asked for, and how it may be paid.
#[derive(Clone, Copy, Debug)]
pub enum Dovuto<'a> {
    /// In one sum, in instalments, or as one likes.
    Rate { unica: Option<&'a Rata>, rate: &'a [&'a Rata] },
    /// A fine: what is due depends on the days since it was notified (art. 202 CdS).
    Verbale {
        /// Less by so many per cent within so many days.
        scontato: Option<Scontato<'a>>,
        ridotto: &'a Rata,
        /// Until which day `ridotto` is enough.
        giorni: u16,
    },
}

#[derive(Clone, Copy, Debug)]
pub struct Scontato<'a> {
    pub rata: &'a Rata,
    pub percento: u8,
    pub giorni: u16,
}

/// The account at Poste that a bollettino goes to.
#[derive(Clone, Copy, Debug)]
pub struct Postale<'a> {
    conto: &'a str,
    intestatario: &'a str,
    autorizzazione: &'a str,
}

impl<'a> Postale<'a> {
    /// `intestatario` as Poste writes it (50 characters), `autorizzazione` the one Poste gave for printing (`AUT. …`).
    ///
    /// # Errors
    /// [`DocumentError::ContoPostale`] for an account that is not at Poste.
    pub fn new(iban: &'a Iban, intestatario: &'a str, autorizzazione: &'a str) -> Result<Self, DocumentError> {
        let conto = iban.conto_postale().ok_or(DocumentError::ContoPostale)?;
        Ok(Self { conto, intestatario, autorizzazione })
    }
}

/// The second language, and the subject in it when the ente has written one.
#[derive(Clone, Copy, Debug)]
pub struct Seconda<'a> {
    pub lingua: Lingua,
    pub causale: Option<&'a str>,
}

/// One of the amounts of a fine.
struct Scaglione<'a> {
    rata: &'a Rata,
    percento: Option<u8>,
    dal: u16,
    al: u16,
}

impl Scaglione<'_> {
    fn nome(&self, testi: &Testi) -> String {
        match self.percento {
            Some(percento) => con(testi.scontato, percento.into()),
            None => testi.ridotto.to_owned(),
        }
    }

    fn giorni(&self, testi: &Testi) -> String {
        if self.dal <= 1 {
            return con(testi.entro_giorni, self.al.into());
        }
        con(testi.dal_al_giorno, self.dal.into()).replace("{m}", &self.al.to_string())
    }

    fn quando(&self) -> String {
        format!("Se paghi {} {}", self.giorni(&IT), IT.dalla_notifica)
    }
}

impl<'a> AvvisoDoc<'a> {
    fn scaglioni(&self) -> Vec<Scaglione<'a>> {
        let Dovuto::Verbale { scontato, ridotto, giorni } = self.dovuto else { return Vec::new() };
        let first = scontato.map(|s| Scaglione { rata: s.rata, percento: Some(s.percento), dal: 1, al: s.giorni });
        let dal = scontato.map_or(1, |s| s.giorni.saturating_add(1));
        first.into_iter().chain([Scaglione { rata: ridotto, percento: None, dal, al: giorni }]).collect()
    }

    fn all(&self) -> Vec<&'a Rata> {
        match self.dovuto {
            Dovuto::Rate { unica, rate } => unica.into_iter().chain(rate.iter().copied()).collect(),
            Dovuto::Verbale { .. } => self.scaglioni().into_iter().map(|scaglione| scaglione.rata).collect(),
        }
    }

    /// What no paper may ask for.
    fn check(&self) -> Result<(), DocumentError> {
        let all = self.all();
        if all.is_empty() || all.iter().any(|rata| rata.importo.is_zero()) {
            return Err(DocumentError::NothingDue);
        }
        if all.len() > RATE_MAX + 1 {
            return Err(DocumentError::TooManyRate { max: RATE_MAX, found: all.len() });
        }
        if all.iter().any(|rata| rata.ha_bollo()) {
            return Err(DocumentError::Bollo);
        }
        if all.iter().any(|rata| rata.pagata) {
            return Err(DocumentError::AlreadyPaid);
        }
        Ok(())
    }
}

/// The notice as PDF/A-2a and PDF/UA-1. The same input gives the same bytes.
///
/// Texts longer than their place are shrunk, and then cut with `…`; characters the fonts do not have become `?`.
///
/// # Errors
/// [`DocumentError::NothingDue`], [`DocumentError::Bollo`], [`DocumentError::AlreadyPaid`], [`DocumentError::TooManyRate`] for what no
/// paper may ask for, [`DocumentError::TooMuchForPoste`] when its bollettino cannot; the others when the program is wrong.
pub fn render(doc: &AvvisoDoc<'_>) -> Result<Vec<u8>, DocumentError> {
    doc.check()?;
    let doc = &AvvisoDoc { postale: doc.postale.filter(|_| doc.debitore.is_some()), ..*doc };
    let mut foglio = Foglio::new(doc.seconda.map(|seconda| seconda.lingua))?;
    match doc.dovuto {
        Dovuto::Rate { unica, rate } => {
            foglio.head(doc);
            let top = foglio.parties(doc);
            let top = foglio.quanto(doc, top, &[]);
            let top = foglio.unica(doc, top, unica)?;
            foglio.all_rate(doc, top, rate)?;
        }
        Dovuto::Verbale { .. } => foglio.verbale(doc)?,
    }
    if foglio.page.pages.len() > 1 {
        foglio.page.number_pages_at(RIGHT, mm(2_935));
    }
    let fonts = foglio.page.fonts;
    let title = format!("Avviso di pagamento {}", doc.all().first().map_or_else(String::new, |rata| rata.numero.grouped()));
    let about = About {
        title: text::drawable(fonts, TITOLO.face, &title),
        author: text::drawable(fonts, TITOLO.face, &doc.ente.nome),
        date: doc.emesso_il,
    };
    write(&foglio.page, about)
}

impl Foglio {
    /// The text in the second language, when there is one.
    fn seconda_of(&self, which: impl Fn(&Testi) -> &'static str) -> Option<&'static str> {
        self.lingua.map(|lingua| which(lingua.testi()))
    }

    fn pair(&self, which: impl Fn(&Testi) -> &'static str) -> (String, Option<String>) {
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
    fn unica(&mut self, doc: &AvvisoDoc<'_>, top: i32, unica: Option<&Rata>) -> Result<i32, DocumentError> {
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
    fn all_rate(&mut self, doc: &AvvisoDoc<'_>, top: i32, rate: &[&Rata]) -> Result<(), DocumentError> {
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

    /// Both amounts of a fine on a sheet, or a sheet for each when bollettini stand under them.
    fn verbale(&mut self, doc: &AvvisoDoc<'_>) -> Result<(), DocumentError> {
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

/// `1.500,00`
fn euro(importo: Importo) -> String {
    importo.to_string()
}

/// `31/12/2026`
fn data(giorno: Date) -> String {
    giorno.strftime("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests {
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
