//! The desk of who works for an ente: what needs somebody today, positions, receipts, and the one box that finds them.
//!
//! Whoever asks was let in by the route he came by (`server::ufficio`): these functions ask for the ente, and for whether names are shown. What is
//! another ente's is not there.
//!
//! A search for a person stands in an address as [`crate::chiuso`] writes it: the address can be kept and sent to a colleague, and names
//! nobody in a log.

mod posizioni;
mod quadro;
mod ricevute;

pub use posizioni::{DettaglioPosizione, ElencoPosizioni, FiltroPosizioni, Passo, VocePosizione};
pub use quadro::{Giorno, Quadro};
pub use ricevute::{DettaglioRicevuta, ElencoRicevute, FiltroRicevute, VoceRicevuta};

use crate::{Portal, PortalError, chiuso};
use domain::riconosci::{Riconosciuto, riconosci};
use domain::{CodiceFiscale, CodiceFiscaleEnte};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::Posto;

/// Lines of a page: what a desk's screen shows in two turns of the wheel.
pub const RIGHE: usize = 50;
/// Longer than any place of ours in an order.
const POSTO_MAX: usize = 80;

/// Who a line is about, as far as it is shown to who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nominativo {
    pub nome: String,
    pub codice_fiscale: String,
}

impl Nominativo {
    /// Of one who may not know whom: the initials, and the ends of the codice fiscale.
    pub(crate) fn new(nome: &str, codice_fiscale: &str, in_chiaro: bool) -> Self {
        if in_chiaro {
            return Self { nome: nome.to_owned(), codice_fiscale: codice_fiscale.to_owned() };
        }
        let initials = nome.split_whitespace().filter_map(|word| word.chars().next()).take(4);
        let nome = initials.map(|initial| format!("{initial}.")).collect::<Vec<_>>().join(" ");
        let letters: Vec<char> = codice_fiscale.chars().collect();
        let codice_fiscale = match &letters[..] {
            [a, b, c, .., x, y, z] if letters.len() >= 11 => format!("{a}{b}{c}{}{x}{y}{z}", "·".repeat(letters.len() - 6)),
            _ => "·".repeat(letters.len()),
        };
        Self { nome, codice_fiscale }
    }
}

/// Where a search leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trovato {
    /// One debt.
    Posizione(String),
    /// One receipt.
    Ricevuta(String),
    /// The debts of somebody: what the address says.
    Elenco(String),
    Niente,
}

impl Portal {
    /// What somebody typed into the box.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn cerca_tutto(&self, ente: &CodiceFiscaleEnte, text: &str) -> Result<Trovato, PortalError> {
        let store = &self.inner.store;
        Ok(match riconosci(text) {
            Riconosciuto::Niente => Trovato::Niente,
            Riconosciuto::Avviso(numero) => match store.posizione_by_avviso(ente, &numero).await? {
                Some(posizione) => Trovato::Posizione(posizione.id),
                None => self.ricevuta_named(ente, &store::CercaRicevute::DiAvviso(numero.as_str())).await?,
            },
            Riconosciuto::Iuv(iuv) => match self.ricevuta_named(ente, &store::CercaRicevute::DiIuv(iuv.as_str())).await? {
                Trovato::Niente => self.posizione_of_iuv(ente, &iuv).await?,
                found => found,
            },
            Riconosciuto::Codice(codice) => match self.ricevuta_named(ente, &store::CercaRicevute::DiReceiptId(&codice)).await? {
                Trovato::Niente => self.ricevuta_named(ente, &store::CercaRicevute::DiIuv(&codice)).await?,
                found => found,
            },
            Riconosciuto::Persona(codice) => self.elenco(codice.as_str()),
            Riconosciuto::Nome(nome) => self.elenco(&nome),
        })
    }

    fn elenco(&self, text: &str) -> Trovato {
        chiuso::close(&self.inner.scrivania_key, text).map_or(Trovato::Niente, Trovato::Elenco)
    }

    async fn ricevuta_named(&self, ente: &CodiceFiscaleEnte, cerca: &store::CercaRicevute<'_>) -> Result<Trovato, PortalError> {
        let found = self.inner.store.elenco_ricevute(ente, cerca, None, None, 1).await?;
        Ok(found.into_iter().next().map_or(Trovato::Niente, |riga| Trovato::Ricevuta(riga.row.id)))
    }

    /// A notice number is an auxiliary digit before the IUV: ours is 3.
    async fn posizione_of_iuv(&self, ente: &CodiceFiscaleEnte, iuv: &domain::Iuv) -> Result<Trovato, PortalError> {
        let Ok(numero) = domain::NumeroAvviso::parse(&format!("3{}", iuv.as_str())) else { return Ok(Trovato::Niente) };
        let found = self.inner.store.posizione_by_avviso(ente, &numero).await?;
        Ok(found.map_or(Trovato::Niente, |posizione| Trovato::Posizione(posizione.id)))
    }

    /// What an address says somebody looked for.
    pub(crate) fn chi(&self, closed: &str) -> Option<Chi> {
        let text = chiuso::open(&self.inner.scrivania_key, closed)?;
        Some(match riconosci(&text) {
            Riconosciuto::Persona(codice) => Chi::Persona(codice),
            _ => Chi::Nome(text),
        })
    }
}

/// Whom a list is about.
pub(crate) enum Chi {
    Persona(CodiceFiscale),
    Nome(String),
}

/// The beginning of a day in Italy.
fn inizio(giorno: Option<Date>) -> Option<Timestamp> {
    let rome = TimeZone::get("Europe/Rome").ok()?;
    giorno?.to_zoned(rome).ok().map(|at| at.timestamp())
}

/// A place in an order as an address says it.
fn write_posto(posto: &Posto) -> String {
    format!("{}_{}", posto.quando, posto.id)
}

fn read_posto(text: &str) -> Option<Posto> {
    let (quando, id) = text.split_once('_').filter(|_| text.len() <= POSTO_MAX)?;
    Some(Posto { quando: quando.to_owned(), id: id.to_owned() })
}

/// One more than a page, to know whether there is another.
fn one_more() -> u32 {
    u32::try_from(RIGHE + 1).unwrap_or(u32::MAX)
}

/// The lines of a page, and where the next one begins.
fn one_page<T>(mut found: Vec<T>, posto: impl Fn(&T) -> &Posto) -> (Vec<T>, Option<String>) {
    let is_last = found.len() <= RIGHE;
    found.truncate(RIGHE);
    let dopo = if is_last { None } else { found.last().map(|riga| write_posto(posto(riga))) };
    (found, dopo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_know_whom_sees_no_name() {
        for (nome, codice, shown) in [
            ("Mario Rossi", "RSSMRA85T10A562S", ("M. R.", "RSS··········62S")),
            ("Comune di Valdoria", "80001230459", ("C. d. V.", "800·····459")),
            ("Š", "X", ("Š.", "·")),
        ] {
            let hidden = Nominativo::new(nome, codice, false);
            assert_eq!((hidden.nome.as_str(), hidden.codice_fiscale.as_str()), shown);
            assert_eq!(Nominativo::new(nome, codice, true), Nominativo { nome: nome.into(), codice_fiscale: codice.into() });
        }
    }

    #[test]
    fn a_page_knows_whether_there_is_another() {
        let posti = |n: usize| (0..n).map(|i| Posto { quando: "2026".into(), id: i.to_string() }).collect::<Vec<_>>();
        for (n, lines, next) in [(0, 0, None), (50, 50, None), (51, 50, Some("2026_49"))] {
            let (found, dopo) = one_page(posti(n), |posto| posto);
            assert_eq!((found.len(), dopo.as_deref()), (lines, next), "{n}");
        }
        assert_eq!(read_posto("2026-11-24T10:00:00.000000Z_12").map(|posto| posto.id).as_deref(), Some("12"));
        assert!(read_posto("x").is_none() && read_posto(&format!("{}_1", "9".repeat(90))).is_none());
    }
}
