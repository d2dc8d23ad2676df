//! Receipts, for whoever has a right to see one: by the link of a letter, by notice and codice fiscale, or with the paper in hand.
//!
//! The link of a letter and what a search finds lead to the receipt itself, and end. The paper's address ([`Kind::Verifica`]) does not
//! end, as paper does not, and says only whether what is printed is true: it names nobody.

use crate::avviso::Trovato;
use crate::pagamento::RicevutaVista;
use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError};
use domain::{CodiceFiscale, Ente, Importo, NumeroAvviso, Ricevuta};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use store::RicevutaRow;

/// Detail of an address that came with a letter: it shows one receipt.
pub(crate) const DA_LETTERA: usize = 0;
/// Detail of an address found by notice and codice fiscale: it shows the others of that notice too.
const DA_RICERCA: usize = 1;
/// What a search found is shown for so long: computers are shared, and to search again is quick.
const RICERCA_TTL: SignedDuration = SignedDuration::from_hours(2);
/// Digits of an IUV that tell one's own payment from another, and are not the IUV.
const CODA: usize = 4;

/// The page of a receipt.
#[derive(Clone, Debug)]
pub struct RicevutaPagina {
    pub vista: RicevutaVista,
    /// Name of the service, when it was for one.
    pub servizio: Option<String>,
    /// Until when this address leads here.
    pub fino_a: DateTime,
    /// Others of the same notice: somebody paid it twice.
    pub altre: Vec<AltraRicevuta>,
    pub token: String,
}

/// Another receipt of the same notice.
#[derive(Clone, Debug)]
pub struct AltraRicevuta {
    pub importo: Importo,
    pub pagata_il: Option<DateTime>,
    pub token: String,
}

/// What is said to whoever holds the paper of a receipt.
#[derive(Clone, Debug)]
pub struct Verificata {
    pub ente: Ente,
    pub importo: Importo,
    pub pagata_il: Option<DateTime>,
    pub data_applicazione: Option<Date>,
    /// The last digits of the IUV.
    pub iuv: String,
    /// What was paid, by the name the ente has for it.
    pub servizio: Option<String>,
    pub arrivata: DateTime,
}

impl Portal {
    /// The receipt behind an address.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn load_ricevuta(&self, ente: &Ente, token: &str) -> Result<Trovato<RicevutaPagina>, PortalError> {
        let opened = match self.inner.sealer.open(Kind::Ricevuta, token, self.inner.clock.now()) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Trovato::Scaduto),
            Err(SealError::Wrong) => return Ok(Trovato::NonTrovato),
        };
        let Some(row) = self.inner.store.ricevuta(&opened.id).await?.filter(|row| is_shown(ente, row)) else {
            return Ok(Trovato::NonTrovato);
        };
        let scade = opened.scade.unwrap_or(self.inner.clock.now());
        let altre = if usize::from(opened.detail) == DA_RICERCA { self.others(ente, &row, scade).await? } else { Vec::new() };
        Ok(Trovato::Ecco(RicevutaPagina {
            servizio: self.servizio_of_ricevuta(ente, &row.ricevuta).await?,
            vista: self.vista_of(row),
            fino_a: self.inner.clock.civil(scade),
            altre,
            token: token.to_owned(),
        }))
    }

    /// The receipts of a notice, for who knows whose notice it is: the address of the newest, which leads to the others. `None` for
    /// every kind of miss.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub(crate) async fn find_ricevute(
        &self,
        ente: &Ente,
        numero: &NumeroAvviso,
        codice_fiscale: &CodiceFiscale,
    ) -> Result<Option<String>, PortalError> {
        let rows = self.inner.store.ricevute_of_avviso(&ente.codice_fiscale, numero).await?;
        // some PSPs tell no codice fiscale (`ANONIMO`): then the position knows whose it is. Read in any case: a miss takes as long
        let posizione = self.inner.store.posizione_by_avviso(&ente.codice_fiscale, numero).await?;
        let on_record = posizione.is_some_and(|posizione| posizione.debitore.codice_fiscale == *codice_fiscale);
        let theirs = |row: &&RicevutaRow| {
            is_shown(ente, row)
                && (on_record || row.ricevuta.debitore.identificativo.eq_ignore_ascii_case(codice_fiscale.as_str()))
        };
        let Some(row) = rows.iter().rev().find(theirs) else { return Ok(None) };
        let until = self.inner.clock.now() + RICERCA_TTL;
        self.seal_ricevuta(&row.id, DA_RICERCA, until).map(Some)
    }

    /// Whether the paper with this address on it says what was paid; `None`: no paper of ours has it.
    ///
    /// # Errors
    /// [`PortalError`] of the store.
    pub async fn verifica_ricevuta(&self, token: &str) -> Result<Option<Verificata>, PortalError> {
        let Ok(opened) = self.inner.sealer.open(Kind::Verifica, token, self.inner.clock.now()) else { return Ok(None) };
        let Some(row) = self.inner.store.ricevuta(&opened.id).await? else { return Ok(None) };
        let Some(ente) = self.inner.store.ente_by_codice_fiscale(&row.ente_destinatario).await? else { return Ok(None) };
        if !is_shown(&ente, &row) {
            return Ok(None);
        }
        let servizio = self.servizio_of_ricevuta(&ente, &row.ricevuta).await?;
        let ricevuta = row.ricevuta;
        Ok(Some(Verificata {
            ente,
            importo: ricevuta.importo,
            pagata_il: ricevuta.pagata_il,
            data_applicazione: ricevuta.data_applicazione,
            iuv: coda(&ricevuta.iuv),
            servizio,
            arrivata: self.inner.clock.civil(row.received_at),
        }))
    }

    /// The path that is printed on the paper of a receipt.
    pub(crate) fn path_of_verifica(&self, ricevuta: &str) -> Result<String, PortalError> {
        let token = self.inner.sealer.seal(Kind::Verifica, ricevuta, 0, None, 0);
        let token = token.ok_or_else(|| PortalError::Inconsistent(format!("identifier {ricevuta}")))?;
        Ok(format!("/verifica/{token}"))
    }

    pub(crate) fn seal_ricevuta(&self, id: &str, detail: usize, until: Timestamp) -> Result<String, PortalError> {
        self.seal_expiring(Kind::Ricevuta, id, detail, until)
    }

    pub(crate) fn vista_of(&self, row: RicevutaRow) -> RicevutaVista {
        RicevutaVista {
            arrivata: self.inner.clock.civil(row.received_at),
            id: row.id,
            ricevuta: row.ricevuta,
            inbox_id: row.inbox_id,
        }
    }

    /// Name of the service of the catalogue that a receipt is for.
    pub(crate) async fn servizio_of_ricevuta(&self, ente: &Ente, ricevuta: &Ricevuta) -> Result<Option<String>, PortalError> {
        let posizione = self.inner.store.posizione_by_avviso(&ente.codice_fiscale, &ricevuta.numero_avviso).await?;
        match posizione.and_then(|posizione| posizione.servizio) {
            Some(slug) => Ok(self.inner.store.servizio_by_slug(&ente.codice_fiscale, &slug).await?.map(|s| s.nome)),
            None => Ok(None),
        }
    }

    async fn others(&self, ente: &Ente, row: &RicevutaRow, until: Timestamp) -> Result<Vec<AltraRicevuta>, PortalError> {
        let rows = self.inner.store.ricevute_of_avviso(&ente.codice_fiscale, &row.ricevuta.numero_avviso).await?;
        let others = rows.into_iter().rev().filter(|other| other.id != row.id && is_shown(ente, other));
        // of the same person: a notice can have been issued anew
        let theirs = others.filter(|other| other.ricevuta.debitore.identificativo == row.ricevuta.debitore.identificativo);
        theirs
            .map(|other| {
                let token = self.seal_ricevuta(&other.id, DA_RICERCA, until)?;
                Ok(AltraRicevuta { importo: other.ricevuta.importo, pagata_il: other.ricevuta.pagata_il, token })
            })
            .collect()
    }
}

/// Not the copies that other enti got because a transfer is theirs, nor one that says that nothing was paid.
fn is_shown(ente: &Ente, row: &RicevutaRow) -> bool {
    row.ente_destinatario == ente.codice_fiscale.as_str() && row.ricevuta.ente == ente.codice_fiscale && row.ricevuta.esito_ok
}

/// The last digits of an IUV.
pub(crate) fn coda(iuv: &str) -> String {
    let from = iuv.char_indices().rev().nth(CODA - 1).map_or(0, |(at, _)| at);
    iuv.get(from..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_iuv_the_last_digits_are_told() {
        for (iuv, told) in [("01000000000000184", "0184"), ("184", "184"), ("", "")] {
            assert_eq!(coda(iuv), told);
        }
    }
}
