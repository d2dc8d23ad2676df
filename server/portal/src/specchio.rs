//! A position is told to ACA (the mirror for stand-in) or to GPD (which answers the Nodo for the ente): what must be over there, and
//! how to get it there from whatever is there now.
//!
//! It is told as it is now, not as it was when it changed: told twice is told once, and the last word wins. What is paid or closed
//! over there stays as it is (SANP 3.12.0, "Ciclo di vita della posizione debitoria"; the states are `nodo::gpd::StatoGpd`).

use crate::porte::{Detto, PortaGpd};
use crate::{Portal, PortalError};
use domain::{Ente, Modello, Posizione, StatoPosizione};
use jiff::civil::Date;
use nodo::aca::{self, Aca, Specchio};
use nodo::gpd::v3::{self, PaymentPositionModelV3, StatoV3};
use nodo::gpd::{self, Chiusura, Gpd, GpdV3, Indicibile, PaymentPositionModel, StatoGpd, iupd};
use nodo::rest::Answer;
use std::time::Duration;

/// What came of telling.
#[derive(Debug)]
pub(crate) enum Allineata {
    /// How it stands over there; `None`: it is not there, and need not be.
    Si(Option<StatoGpd>),
    /// It cannot be told, and telling it again would not help. No personal data.
    No(String),
    PiuTardi {
        after: Option<Duration>,
        why: String,
    },
}

/// What must be over there.
#[derive(Debug)]
enum Voluta {
    Mostra(Modella),
    Chiudi,
    /// The other side knows by itself.
    Lascia,
}

#[derive(Debug)]
enum Modella {
    V1(Box<PaymentPositionModel>),
    V3(Box<PaymentPositionModelV3>),
}

/// Where it is told.
#[derive(Clone, Copy, Debug)]
enum Porta<'a> {
    Aca(&'a Aca),
    Gpd(&'a Gpd),
    GpdV3(&'a GpdV3),
}

impl Portal {
    /// Tells the position as it is now. `known`: it was over there the last time.
    pub(crate) async fn align(&self, ente: &Ente, posizione: &Posizione, known: bool) -> Result<Allineata, PortalError> {
        let porte = self.porte();
        let porta = match (ente.modello, &porte.aca, &porte.gpd) {
            (Modello::Stazione, ..) => return Ok(Allineata::Si(None)),
            (Modello::StazioneAca, Some(aca), _) => Porta::Aca(aca),
            (Modello::Gpd, _, Some(PortaGpd::V1(gpd))) => Porta::Gpd(gpd),
            (Modello::Gpd, _, Some(PortaGpd::V3(gpd))) => Porta::GpdV3(gpd),
            (modello, ..) => {
                let why = format!("nothing is configured for enti of model {modello:?}");
                return Ok(Allineata::PiuTardi { after: Some(Duration::from_secs(900)), why });
            }
        };
        let wanted = match self.wanted(porta, ente, &with_dates_to_come(posizione, self.inner.clock.today())) {
            Ok(wanted) => wanted,
            Err(why) => return Ok(Allineata::No(why.to_string())),
        };
        let alla = Filo { portal: self, porta, ente, iupd: iupd(&posizione.ente, &posizione.id) };
        match wanted {
            Voluta::Mostra(model) => Box::pin(alla.show(&model, known)).await,
            Voluta::Chiudi => Box::pin(alla.close()).await,
            Voluta::Lascia => Ok(match alla.read().await? {
                Detto::Fatto(stato) => Allineata::Si(Some(stato)),
                Detto::No(404, _) => Allineata::Si(None),
                other => later_or_no(other),
            }),
        }
    }

    fn wanted(&self, porta: Porta<'_>, ente: &Ente, posizione: &Posizione) -> Result<Voluta, Indicibile> {
        let today = self.inner.clock.today();
        if let Porta::Aca(_) = porta {
            return Ok(match aca::specchio(posizione, &ente.nome, today)? {
                Specchio::Mostra(model) => Voluta::Mostra(Modella::V1(model)),
                Specchio::Chiudi { .. } => Voluta::Chiudi,
            });
        }
        match posizione.stato {
            StatoPosizione::Aperta | StatoPosizione::ParzialmentePagata => {}
            StatoPosizione::Annullata | StatoPosizione::Eliminata => return Ok(Voluta::Chiudi),
            // GPD closes at the due date and at the receipt by itself, and gets both before us
            StatoPosizione::Bozza | StatoPosizione::Pagata | StatoPosizione::Scaduta => return Ok(Voluta::Lascia),
        }
        Ok(Voluta::Mostra(match porta {
            Porta::GpdV3(_) => Modella::V3(Box::new(v3::model(posizione, &ente.nome)?)),
            Porta::Gpd(_) | Porta::Aca(_) => Modella::V1(Box::new(gpd::model(posizione, &ente.nome)?)),
        }))
    }
}

/// Neither ACA nor GPD takes a due date that is past (`DebtPositionValidation`: "due date must be now or later"). What can be paid after
/// it goes without one.
pub(crate) fn with_dates_to_come(posizione: &Posizione, today: Date) -> Posizione {
    let mut posizione = posizione.clone();
    for rata in posizione.rate.iter_mut().filter(|rata| !rata.non_oltre_scadenza && !rata.pagata) {
        rata.scadenza = rata.scadenza.filter(|day| *day >= today);
    }
    posizione
}

/// One position on its way.
struct Filo<'a> {
    portal: &'a Portal,
    porta: Porta<'a>,
    ente: &'a Ente,
    iupd: String,
}

impl Filo<'_> {
    /// Created, or updated when it is there; what was closed over there is opened again. `known`: it was there.
    async fn show(&self, model: &Modella, known: bool) -> Result<Allineata, PortalError> {
        let first = if known { self.update(model).await? } else { self.create(model).await? };
        let second = match first {
            Detto::Fatto(stato) => return Ok(Allineata::Si(Some(stato))),
            Detto::No(404, _) if known => self.create(model).await?,
            Detto::No(409, _) if !known => self.update(model).await?,
            no @ Detto::No(409, _) => no,
            other => return Ok(later_or_no(other)),
        };
        match second {
            Detto::Fatto(stato) => return Ok(Allineata::Si(Some(stato))),
            Detto::No(404 | 409, _) => {}
            other => return Ok(later_or_no(other)),
        }
        match self.read().await? {
            // there is money behind it: its receipt is on its way
            Detto::Fatto(stato) if stato.has_money() => Ok(Allineata::Si(Some(stato))),
            Detto::Fatto(_) => match self.delete().await? {
                Detto::Fatto(()) | Detto::No(404, _) => Ok(match self.create(model).await? {
                    Detto::Fatto(stato) => Allineata::Si(Some(stato)),
                    other => later_or_no(other),
                }),
                other => Ok(later_or_no(other)),
            },
            // not under this name: one of its IUVs is another position's
            Detto::No(404, _) => Ok(Allineata::No("an IUV of it is taken by another position".to_owned())),
            other => Ok(later_or_no(other)),
        }
    }

    /// Nobody can pay it any more over there.
    async fn close(&self) -> Result<Allineata, PortalError> {
        match self.invalidate().await? {
            Detto::Fatto(stato) => return Ok(Allineata::Si(stato)),
            Detto::No(404, _) => return Ok(Allineata::Si(None)),
            Detto::No(409, _) => {}
            other => return Ok(later_or_no(other)),
        }
        match self.read().await? {
            Detto::Fatto(stato) => match stato.chiusura() {
                Chiusura::GiaChiusa | Chiusura::Pagata => Ok(Allineata::Si(Some(stato))),
                Chiusura::Cancella => Ok(match self.delete().await? {
                    Detto::Fatto(()) | Detto::No(404, _) => Allineata::Si(None),
                    other => later_or_no(other),
                }),
                // it was opened between the two calls
                Chiusura::Invalida => Ok(Allineata::PiuTardi { after: None, why: "it changes over there".to_owned() }),
            },
            Detto::No(404, _) => Ok(Allineata::Si(None)),
            other => Ok(later_or_no(other)),
        }
    }

    async fn noted<T>(&self, answer: Answer<T>) -> Result<Detto<T>, PortalError> {
        self.portal.noted(Some(&self.ente.codice_fiscale), Some(&self.iupd), answer).await
    }

    async fn create(&self, model: &Modella) -> Result<Detto<StatoGpd>, PortalError> {
        let ente = &self.ente.codice_fiscale;
        self.noted(match (self.porta, model) {
            (Porta::Aca(aca), Modella::V1(model)) => aca.create(ente, model).await,
            (Porta::Gpd(gpd), Modella::V1(model)) => gpd.create(ente, model, true).await,
            (Porta::GpdV3(gpd), Modella::V3(model)) => gpd.create(ente, model, true).await.map(of_v3),
            _ => return Err(PortalError::Inconsistent("a position modelled for another version of GPD".to_owned())),
        })
        .await
    }

    async fn update(&self, model: &Modella) -> Result<Detto<StatoGpd>, PortalError> {
        let ente = &self.ente.codice_fiscale;
        self.noted(match (self.porta, model) {
            (Porta::Aca(aca), Modella::V1(model)) => aca.update(ente, model).await,
            (Porta::Gpd(gpd), Modella::V1(model)) => gpd.update(ente, model, true).await,
            (Porta::GpdV3(gpd), Modella::V3(model)) => gpd.update(ente, model, true).await.map(of_v3),
            _ => return Err(PortalError::Inconsistent("a position modelled for another version of GPD".to_owned())),
        })
        .await
    }

    async fn invalidate(&self) -> Result<Detto<Option<StatoGpd>>, PortalError> {
        let ente = &self.ente.codice_fiscale;
        self.noted(match self.porta {
            Porta::Aca(aca) => aca.close(ente, &self.iupd).await.map(Some),
            Porta::Gpd(gpd) => gpd.invalidate(ente, &self.iupd).await.map(Some),
            // version 3 has no other way
            Porta::GpdV3(gpd) => gpd.delete(ente, &self.iupd).await.map(|()| None),
        })
        .await
    }

    async fn delete(&self) -> Result<Detto<()>, PortalError> {
        let ente = &self.ente.codice_fiscale;
        self.noted(match self.porta {
            Porta::Aca(aca) => aca.delete(ente, &self.iupd).await,
            Porta::Gpd(gpd) => gpd.delete(ente, &self.iupd).await,
            Porta::GpdV3(gpd) => gpd.delete(ente, &self.iupd).await,
        })
        .await
    }

    async fn read(&self) -> Result<Detto<StatoGpd>, PortalError> {
        let ente = &self.ente.codice_fiscale;
        self.noted(match self.porta {
            Porta::Aca(aca) => aca.read(ente, &self.iupd).await.map(|letta| letta.stato),
            Porta::Gpd(gpd) => gpd.read(ente, &self.iupd).await.map(|letta| letta.stato),
            Porta::GpdV3(gpd) => gpd.read(ente, &self.iupd).await.map(|letta| of_v3(letta.stato)),
        })
        .await
    }
}

/// What version 3 calls UNPAYABLE is INVALID or EXPIRED in version 1: closed, either way.
fn of_v3(stato: StatoV3) -> StatoGpd {
    match stato {
        StatoV3::Draft => StatoGpd::Draft,
        StatoV3::Published => StatoGpd::Published,
        StatoV3::Valid => StatoGpd::Valid,
        StatoV3::Unpayable => StatoGpd::Invalid,
        StatoV3::PartiallyPaid => StatoGpd::PartiallyPaid,
        StatoV3::Paid => StatoGpd::Paid,
    }
}

fn later_or_no<T>(detto: Detto<T>) -> Allineata {
    match detto {
        Detto::PiuTardi { after, why } => Allineata::PiuTardi { after, why },
        Detto::No(_, why) => Allineata::No(why),
        Detto::Fatto(_) => Allineata::PiuTardi { after: None, why: "it changes over there".to_owned() },
    }
}
