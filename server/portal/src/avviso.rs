//! A notice that a citizen looked up by its number ([`crate::ricerca`]).
//!
//! The number alone shows amount, causale, due date and whether it can be paid, nothing about the debtor. What is not found,
//! of another ente, or not yet published gets one and the same answer. The page has a short-lived opaque address: the number
//! stands in no URL that we write, hence in no log.

use crate::sealed::{Kind, SealError};
use crate::{Portal, PortalError, carte, ids};
use domain::posizione::NonPagabile;
use domain::{Ente, Importo, NumeroAvviso, Opzione, Posizione, QrAvviso, Rata, Servizio};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// How long the address of a looked-up notice is good for.
const AVVISO_TTL: SignedDuration = SignedDuration::from_mins(30);

/// A notice as the page shows it.
#[derive(Clone, Debug)]
pub struct AvvisoVista {
    pub numero: NumeroAvviso,
    pub causale: String,
    pub importo: Importo,
    pub scadenza: Option<Date>,
    pub opzione: Opzione,
    /// Which of the options of its debt it is.
    pub indice: usize,
    /// It is the whole for less than it costs later: until this day.
    pub ridotto_entro: Option<Date>,
    /// `None`: it can be paid.
    pub non_pagabile: Option<NonPagabile>,
    pub bollo: bool,
    /// There is a paper of it to take away: it can be paid, and at a counter too.
    pub ha_carta: bool,
    /// There are days to come by which it is due.
    pub ha_calendario: bool,
    /// QR of the notice as SVG; only while it can be paid.
    pub qr_svg: Option<String>,
    /// On which days before it is due one can be reminded of it.
    pub promemoria: Vec<u8>,
    /// The other ways to pay the same debt.
    pub altre: Vec<AltraRata>,
    /// It cannot be paid once it is past due.
    pub non_oltre_scadenza: bool,
    /// When it is one of the catalogue.
    pub servizio: Option<Servizio>,
    /// Address of this page; also what "Paga" posts.
    pub token: String,
}

/// Another option or instalment of the same position.
#[derive(Clone, Debug)]
pub struct AltraRata {
    pub opzione: Opzione,
    pub indice: usize,
    pub ridotto_entro: Option<Date>,
    pub importo: Importo,
    pub scadenza: Option<Date>,
    pub non_pagabile: Option<NonPagabile>,
    pub token: String,
}

/// What a token led to.
#[derive(Clone, Debug)]
pub enum Trovato<T> {
    Ecco(T),
    /// The address was ours and its time is over: look it up again.
    Scaduto,
    NonTrovato,
}

impl Portal {
    /// The ente's notice of that number: the token of its page. `None` for every kind of miss, after the same question to the database.
    pub(crate) async fn find_avviso(&self, ente: &Ente, numero: &NumeroAvviso) -> Result<Option<String>, PortalError> {
        let Some((id, index)) = self.inner.store.avviso_pubblicato(&ente.codice_fiscale, numero).await? else {
            return Ok(None);
        };
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.seal_expiring(Kind::Avviso, &id, index, self.inner.clock.now() + AVVISO_TTL).map(Some)
    }

    /// The notice behind a token.
    ///
    /// # Errors
    /// [`PortalError`] of the store, or of the QR.
    pub async fn load_avviso(&self, ente: &Ente, token: &str) -> Result<Trovato<AvvisoVista>, PortalError> {
        let opened = match self.inner.sealer.open(Kind::Avviso, token, self.inner.clock.now()) {
            Ok(opened) => opened,
            Err(SealError::Expired) => return Ok(Trovato::Scaduto),
            Err(SealError::Wrong) => return Ok(Trovato::NonTrovato),
        };
        let Some(posizione) = self.inner.store.posizione(&ente.codice_fiscale, &opened.id).await? else {
            return Ok(Trovato::NonTrovato);
        };
        let Some(rata) = posizione.rate.get(usize::from(opened.detail)) else {
            return Ok(Trovato::NonTrovato);
        };
        let servizio = match &posizione.servizio {
            Some(slug) => self.servizio(ente, slug).await?,
            None => None,
        };
        Ok(Trovato::Ecco(self.vista(ente, &posizione, rata, token, servizio)?))
    }

    fn vista(
        &self,
        ente: &Ente,
        posizione: &Posizione,
        rata: &Rata,
        token: &str,
        servizio: Option<Servizio>,
    ) -> Result<AvvisoVista, PortalError> {
        let oggi = self.inner.clock.today();
        let non_pagabile = posizione.pagabile(&rata.numero, oggi).err();
        let qr_svg = match non_pagabile {
            Some(_) => None,
            None => {
                let qr = QrAvviso { numero: rata.numero.clone(), ente: ente.codice_fiscale.clone(), importo: rata.importo };
                Some(documents::qr::svg(&qr)?)
            }
        };
        let index = posizione.rate.iter().position(|r| r.numero == rata.numero).unwrap_or_default();
        let mut altre = Vec::new();
        for (index, altra) in posizione.rate.iter().enumerate().filter(|(_, r)| r.numero != rata.numero) {
            altre.push(AltraRata {
                opzione: altra.opzione,
                indice: index,
                ridotto_entro: posizione.ridotto_entro(altra),
                importo: altra.importo,
                scadenza: altra.scadenza,
                non_pagabile: posizione.pagabile(&altra.numero, oggi).err(),
                token: self.seal_avviso(posizione, index)?,
            });
        }
        Ok(AvvisoVista {
            numero: rata.numero.clone(),
            causale: posizione.causale.clone(),
            importo: rata.importo,
            scadenza: rata.scadenza,
            opzione: rata.opzione,
            indice: index,
            ridotto_entro: posizione.ridotto_entro(rata),
            non_pagabile,
            bollo: rata.ha_bollo(),
            ha_carta: non_pagabile.is_none() && carte::has_paper(posizione, oggi),
            ha_calendario: non_pagabile.is_none() && carte::has_calendar(posizione, index, oggi),
            promemoria: self.days_to_remind(posizione, index),
            qr_svg,
            altre,
            non_oltre_scadenza: rata.non_oltre_scadenza,
            servizio,
            token: token.to_owned(),
        })
    }

    pub(crate) fn seal_avviso(&self, posizione: &Posizione, rata: usize) -> Result<String, PortalError> {
        self.seal_expiring(Kind::Avviso, &posizione.id, rata, self.inner.clock.now() + AVVISO_TTL)
    }

    /// A token of its own for each visit, so that two people on one notice never share a trip to Checkout.
    pub(crate) fn seal_expiring(&self, kind: Kind, id: &str, detail: usize, expires: Timestamp) -> Result<String, PortalError> {
        let nonce = u32::from_be_bytes(ids::random::<4>()?);
        let detail = u8::try_from(detail).map_err(|_| PortalError::Inconsistent(format!("detail {detail} of {id}")))?;
        self.inner
            .sealer
            .seal(kind, id, detail, Some(expires), nonce)
            .ok_or_else(|| PortalError::Inconsistent(format!("identifier {id}")))
    }
}
