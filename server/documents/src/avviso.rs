//! What the notice says: pagoPA's paper for who pays at a counter, with a phone or at home.
//!
//! Source: "L'avviso di pagamento analogico nel sistema pagoPA" 3.3 (texts, lengths, colours); places and sizes are measured on the
//! papers of pagoPA's own print service, and `tests/avviso.rs` compares with them. Order of the sheet: head, parties, how much and
//! where (`sezioni.rs`), then what is scanned (`codici.rs`); a part that does not fit begins a new sheet (`fogli.rs`).

mod codici;
mod fogli;
mod foglio;
mod look;
mod sezioni;
mod testi;

use crate::pdf::text;
use crate::pdf::write::{About, write};
use crate::{DocumentError, Logo};
use domain::{Ente, Iban, Importo, Rata};
use foglio::Foglio;
use jiff::civil::{Date, DateTime};
use look::{RIGHT, TITOLO, mm};
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

/// `1.500,00`
fn euro(importo: Importo) -> String {
    importo.to_string()
}

/// `31/12/2026`
fn data(giorno: Date) -> String {
    giorno.strftime("%d/%m/%Y").to_string()
}
