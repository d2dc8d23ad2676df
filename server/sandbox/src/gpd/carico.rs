//! A file of positions, worked off one by one; each ends as a single call would.

use super::archivio::{Archivio, Prodotto};
use super::{Errore, wire};
use jiff::Timestamp;
use nodo::gpd::{Azione, PaymentPositionModel};

/// What is to be done with the positions of a file.
#[derive(Debug)]
pub(crate) enum Carico {
    Crea(Vec<PaymentPositionModel>),
    Aggiorna(Vec<PaymentPositionModel>),
    Cancella(Vec<String>),
}

/// The iupd of each position and the status it ended with. What is created or updated by a file is published.
pub(crate) fn work_off(archivio: &Archivio, ente: &str, carico: Carico, now: Timestamp) -> Vec<(String, u16)> {
    let create = |model: PaymentPositionModel| {
        let iupd = model.iupd.clone();
        let created = wire::from_v1(model, ente, now, Azione::Crea).and_then(|mut posizione| {
            posizione.make_public(now);
            archivio.create(Prodotto::Gpd, posizione)
        });
        (iupd, status(created, 201))
    };
    let update = |model: PaymentPositionModel| {
        let iupd = model.iupd.clone();
        let updated = wire::from_v1(model, ente, now, Azione::Aggiorna)
            .and_then(|posizione| archivio.replace(Prodotto::Gpd, posizione, true, now));
        (iupd, status(updated, 200))
    };
    let delete = |iupd: String| {
        let deleted = archivio.delete(Prodotto::Gpd, ente, &iupd);
        (iupd, status(deleted, 200))
    };
    match carico {
        Carico::Crea(models) => models.into_iter().map(create).collect(),
        Carico::Aggiorna(models) => models.into_iter().map(update).collect(),
        Carico::Cancella(iupds) => iupds.into_iter().map(delete).collect(),
    }
}

fn status<T>(outcome: Result<T, Errore>, good: u16) -> u16 {
    outcome.map_or_else(|errore| errore.problem("", "").status.as_u16(), |_| good)
}
