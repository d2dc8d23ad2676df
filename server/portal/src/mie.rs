//! What is somebody's own: who came in sees the notices and the payments of his codice fiscale, and nobody else's.
//!
//! Whose they are is never an argument: it comes from the session. Each notice leads to the page that everybody has, by a sealed
//! address of the same half hour; each payment to its receipt, which wants the session again.

use crate::accesso::Persona;
use crate::pagamento::RicevutaVista;
use crate::sealed::Kind;
use crate::{Portal, PortalError};
use domain::posizione::NonPagabile;
use domain::{CodiceFiscaleEnte, Ente, Importo, Opzione, Posizione, Rata, StatoPosizione};
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;
use store::Posto;
pub use store::SommaAnno;

/// Rows of a page: some screens of a phone.
pub const RIGHE: usize = 20;
/// Longer than any place of ours in an order.
const POSTO_MAX: usize = 80;

/// Which notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quali {
    #[default]
    DaPagare,
    Pagati,
    Scaduti,
    Annullati,
}

impl Quali {
    pub const ALL: [Self; 4] = [Self::DaPagare, Self::Pagati, Self::Scaduti, Self::Annullati];

    /// As an address says it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DaPagare => "da-pagare",
            Self::Pagati => "pagati",
            Self::Scaduti => "scaduti",
            Self::Annullati => "annullati",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quali| quali.code() == code)
    }

    const fn stati(self) -> [StatoPosizione; 2] {
        match self {
            Self::DaPagare => [StatoPosizione::Aperta, StatoPosizione::ParzialmentePagata],
            Self::Pagati => [StatoPosizione::Pagata; 2],
            Self::Scaduti => [StatoPosizione::Scaduta; 2],
            Self::Annullati => [StatoPosizione::Annullata; 2],
        }
    }
}

/// What the address of the notices asks for. What it says that means nothing is as if it did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FiltroAvvisi {
    /// A slug.
    pub ente: Option<String>,
    pub quali: Quali,
    /// The latest due date first.
    pub indietro: bool,
    pub dopo: Option<String>,
}

/// What the address of the payments asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FiltroPagamenti {
    pub ente: Option<String>,
    /// Four digits.
    pub anno: Option<String>,
    pub dopo: Option<String>,
}

/// A page of notices.
#[derive(Clone, Debug)]
pub struct MieiAvvisi {
    pub righe: Vec<RigaAvviso>,
    /// Where the next page begins.
    pub dopo: Option<String>,
    /// Those that there are notices of, by name.
    pub enti: Vec<Ente>,
}

#[derive(Clone, Debug)]
pub struct RigaAvviso {
    pub ente: Ente,
    pub causale: String,
    pub importo: Importo,
    /// The next one.
    pub scadenza: Option<Date>,
    pub opzione: Opzione,
    /// More than one: the page behind `token` shows the others.
    pub modi: usize,
    pub non_pagabile: Option<NonPagabile>,
    /// Of the notice's page.
    pub token: String,
}

/// A page of payments.
#[derive(Clone, Debug)]
pub struct MieiPagamenti {
    pub righe: Vec<RigaPagamento>,
    pub dopo: Option<String>,
    pub enti: Vec<Ente>,
    /// The last year first.
    pub anni: Vec<SommaAnno>,
}

#[derive(Clone, Debug)]
pub struct RigaPagamento {
    pub ente: Ente,
    pub causale: String,
    pub importo: Importo,
    pub quando: DateTime,
    /// Of the receipt's page, which wants the session too.
    pub token: String,
}

impl Portal {
    /// A page of the notices of who is in.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn miei_avvisi(&self, persona: &Persona, filtro: &FiltroAvvisi) -> Result<MieiAvvisi, PortalError> {
        let enti = self.miei_enti(persona).await?;
        let Some(ente) = chosen(persona, &enti, filtro.ente.as_deref()) else {
            return Ok(MieiAvvisi { righe: Vec::new(), dopo: None, enti: by_name(enti) });
        };
        let dopo = filtro.dopo.as_deref().and_then(read_posto);
        let store = &self.inner.store;
        let (stati, max) = (filtro.quali.stati(), one_more());
        let found = store
            .posizioni_of_debitore(&persona.codice_fiscale, ente.as_ref(), stati, filtro.indietro, dopo.as_ref(), max)
            .await?;
        let (found, dopo) = one_page(found);
        let mut righe = Vec::with_capacity(found.len());
        for (posto, posizione) in found {
            // an ente that is not ours any more has no page to lead to
            if let Some(ente) = enti.get(&posizione.ente) {
                righe.push(self.riga_avviso(ente, &posizione, &posto)?);
            }
        }
        Ok(MieiAvvisi { righe, dopo, enti: by_name(enti) })
    }

    fn riga_avviso(&self, ente: &Ente, posizione: &Posizione, posto: &Posto) -> Result<RigaAvviso, PortalError> {
        let oggi = self.inner.clock.today();
        let index = shown(posizione, oggi);
        let rata = posizione.rate.get(index).ok_or_else(|| PortalError::Inconsistent(format!("position {}", posizione.id)))?;
        Ok(RigaAvviso {
            ente: ente.clone(),
            causale: posizione.causale.clone(),
            importo: rata.importo,
            scadenza: posto.quando.parse().ok().filter(|_| rata.scadenza.is_some()),
            opzione: rata.opzione,
            modi: posizione.rate.len(),
            non_pagabile: posizione.pagabile(&rata.numero, oggi).err(),
            token: self.seal_avviso(posizione, index)?,
        })
    }

    /// A page of the payments of who is in: one row for each receipt.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn miei_pagamenti(&self, persona: &Persona, filtro: &FiltroPagamenti) -> Result<MieiPagamenti, PortalError> {
        let enti = self.miei_enti(persona).await?;
        let Some(ente) = chosen(persona, &enti, filtro.ente.as_deref()) else {
            return Ok(MieiPagamenti { righe: Vec::new(), dopo: None, enti: by_name(enti), anni: Vec::new() });
        };
        let (store, chi) = (&self.inner.store, &persona.codice_fiscale);
        let anno = filtro.anno.as_deref().filter(|anno| anno.len() == 4 && anno.bytes().all(|b| b.is_ascii_digit()));
        let dopo = filtro.dopo.as_deref().and_then(read_posto);
        let found = store.ricevute_of_debitore(chi, ente.as_ref(), anno, dopo.as_ref(), one_more()).await?;
        let anni = store.somme_of_debitore(chi, ente.as_ref()).await?;
        let (found, dopo) = one_page(found);
        let mut righe = Vec::with_capacity(found.len());
        for (_, row) in found {
            let Some(ente) = enti.get(&row.ricevuta.ente) else { continue };
            righe.push(RigaPagamento {
                ente: ente.clone(),
                causale: row.ricevuta.descrizione,
                importo: row.ricevuta.importo,
                quando: row.ricevuta.pagata_il.unwrap_or_else(|| self.inner.clock.civil(row.received_at)),
                token: self.seal_mia_ricevuta(&row.id)?,
            });
        }
        Ok(MieiPagamenti { righe, dopo, enti: by_name(enti), anni })
    }

    /// The receipt behind a token, of who is in, and the name of its service; `None` also when it is somebody else's.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn mia_ricevuta(
        &self,
        persona: &Persona,
        token: &str,
    ) -> Result<Option<(Ente, Option<String>, RicevutaVista)>, PortalError> {
        let Ok(opened) = self.inner.sealer.open(Kind::MiaRicevuta, token, self.inner.clock.now()) else { return Ok(None) };
        let (store, ambito) = (&self.inner.store, persona.ente.as_ref());
        let Some(row) = store.ricevuta_of_debitore(&persona.codice_fiscale, ambito, &opened.id).await? else { return Ok(None) };
        let Some(ente) = store.ente_by_codice_fiscale(row.ricevuta.ente.as_str()).await? else { return Ok(None) };
        let servizio = self.servizio_of_ricevuta(&ente, &row.ricevuta).await?;
        Ok(Some((ente, servizio, self.vista_of(row))))
    }

    fn seal_mia_ricevuta(&self, id: &str) -> Result<String, PortalError> {
        let token = self.inner.sealer.seal(Kind::MiaRicevuta, id, 0, None, 0);
        token.ok_or_else(|| PortalError::Inconsistent(format!("identifier {id}")))
    }

    async fn miei_enti(&self, persona: &Persona) -> Result<BTreeMap<CodiceFiscaleEnte, Ente>, PortalError> {
        let mut enti = BTreeMap::new();
        for codice in self.inner.store.enti_of_debitore(&persona.codice_fiscale).await? {
            if persona.ente.as_ref().is_some_and(|ambito| *ambito != codice) {
                continue;
            }
            if let Some(ente) = self.inner.store.ente_by_codice_fiscale(codice.as_str()).await? {
                enti.insert(codice, ente);
            }
        }
        Ok(enti)
    }
}

/// Which ente to look into: `Some(None)` all of them; `None` nowhere, for the address names one that there is nothing of.
fn chosen(persona: &Persona, enti: &BTreeMap<CodiceFiscaleEnte, Ente>, slug: Option<&str>) -> Option<Option<CodiceFiscaleEnte>> {
    match slug {
        None => Some(persona.ente.clone()),
        // those of the session alone are in there
        Some(slug) => enti.values().find(|ente| ente.slug.as_str() == slug).map(|ente| Some(ente.codice_fiscale.clone())),
    }
}

fn by_name(enti: BTreeMap<CodiceFiscaleEnte, Ente>) -> Vec<Ente> {
    let mut enti: Vec<_> = enti.into_values().collect();
    enti.sort_by(|a, b| a.nome.cmp(&b.nome));
    enti
}

/// Which of the ways to pay stands for the debt: all at once while that can be done, else the next instalment.
fn shown(posizione: &Posizione, oggi: Date) -> usize {
    let payable = posizione.rate.iter().enumerate().filter(|(_, rata)| posizione.pagabile(&rata.numero, oggi).is_ok());
    let first = |(_, rata): &(usize, &Rata)| (rata.opzione != Opzione::Unica, rata.scadenza.unwrap_or(Date::MAX));
    let next = payable.min_by_key(first).map(|(index, _)| index);
    // of a debt that was paid: that which was
    next.or_else(|| posizione.rate.iter().position(|rata| rata.pagata)).unwrap_or(0)
}

/// One row more than is shown: whether there is a next page.
fn one_more() -> u32 {
    u32::try_from(RIGHE).unwrap_or(u32::MAX).saturating_add(1)
}

fn one_page<T>(mut found: Vec<(Posto, T)>) -> (Vec<(Posto, T)>, Option<String>) {
    let more = found.len() > RIGHE;
    found.truncate(RIGHE);
    let dopo = found.last().filter(|_| more).map(|(Posto { quando, id }, _)| format!("{quando}~{id}"));
    (found, dopo)
}

/// A place as an address says it; what cannot be one begins from the beginning.
fn read_posto(text: &str) -> Option<Posto> {
    let plain = |c: u8| c.is_ascii_alphanumeric() || b"-:.".contains(&c);
    let (quando, id) = text.split_once('~').filter(|_| text.len() <= POSTO_MAX)?;
    (quando.bytes().all(plain) && id.bytes().all(plain)).then(|| Posto { quando: quando.to_owned(), id: id.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_an_order_is_read_back_and_anything_else_is_the_beginning() {
        let posto = Posto { quando: "2026-12-31T10:00:00.5".into(), id: "0123abcd".into() };
        let text = format!("{}~{}", posto.quando, posto.id);
        assert_eq!(read_posto(&text), Some(posto));
        for bad in ["", "2026", "2026~x'--", "2026-12-31~\u{e8}", &"1".repeat(100), &format!("~{}", "1".repeat(90))] {
            assert_eq!(read_posto(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_names_each_kind_of_notices() {
        for quali in Quali::ALL {
            assert_eq!(Quali::of_code(quali.code()), Some(quali));
        }
        assert_eq!(Quali::of_code("bozze"), None);
    }
}
