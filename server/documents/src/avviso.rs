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
    /// Less until a day that is known (the due date of `ridotto`), and then the whole.
    Ridotto { ridotto: &'a Rata, intero: &'a Rata },
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

/// One of the amounts of a debt that costs less to who pays early.
struct Scaglione<'a> {
    rata: &'a Rata,
    nome: Nome,
    termine: Termine,
}

#[derive(Clone, Copy)]
enum Nome {
    Scontato(u8),
    Ridotto,
    Intero,
}

/// Until when it is the right one.
#[derive(Clone, Copy)]
enum Termine {
    /// Days since the fine was notified; the sheet does not know when that was.
    Notifica { dal: u16, al: u16 },
    /// The due date, where there is one.
    Scadenza(Option<Date>),
}

impl Scaglione<'_> {
    fn nome(&self, testi: &Testi) -> String {
        match self.nome {
            Nome::Scontato(percento) => con(testi.scontato, percento.into()),
            Nome::Ridotto => testi.ridotto.to_owned(),
            Nome::Intero => testi.intero.to_owned(),
        }
    }

    /// One line, or two: `entro 5 giorni`, `dalla notifica del verbale`.
    fn termine(&self, testi: &Testi) -> Vec<String> {
        match self.termine {
            Termine::Notifica { dal: 0 | 1, al } => vec![con(testi.entro_giorni, al.into()), testi.dalla_notifica.to_owned()],
            Termine::Notifica { dal, al } => {
                let days = con(testi.dal_al_giorno, dal.into()).replace("{m}", &al.to_string());
                vec![days, testi.dalla_notifica.to_owned()]
            }
            Termine::Scadenza(giorno) => {
                giorno.map(|giorno| format!("{} {}", testi.entro_il, data(giorno))).into_iter().collect()
            }
        }
    }

    fn quando(&self) -> String {
        let termine = self.termine(&IT);
        if termine.is_empty() { self.nome(&IT) } else { format!("Se paghi {}", termine.join(" ")) }
    }
}

impl<'a> AvvisoDoc<'a> {
    fn scaglioni(&self) -> Vec<Scaglione<'a>> {
        match self.dovuto {
            Dovuto::Rate { .. } => Vec::new(),
            Dovuto::Verbale { scontato, ridotto, giorni } => {
                let first = scontato.map(|s| Scaglione {
                    rata: s.rata,
                    nome: Nome::Scontato(s.percento),
                    termine: Termine::Notifica { dal: 1, al: s.giorni },
                });
                let dal = scontato.map_or(1, |s| s.giorni.saturating_add(1));
                let termine = Termine::Notifica { dal, al: giorni };
                first.into_iter().chain([Scaglione { rata: ridotto, nome: Nome::Ridotto, termine }]).collect()
            }
            Dovuto::Ridotto { ridotto, intero } => [(ridotto, Nome::Ridotto), (intero, Nome::Intero)]
                .map(|(rata, nome)| Scaglione { rata, nome, termine: Termine::Scadenza(rata.scadenza) })
                .into(),
        }
    }

    fn all(&self) -> Vec<&'a Rata> {
        match self.dovuto {
            Dovuto::Rate { unica, rate } => unica.into_iter().chain(rate.iter().copied()).collect(),
            Dovuto::Verbale { .. } | Dovuto::Ridotto { .. } => {
                self.scaglioni().into_iter().map(|scaglione| scaglione.rata).collect()
            }
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
        Dovuto::Verbale { .. } | Dovuto::Ridotto { .. } => foglio.a_scelta(doc)?,
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
