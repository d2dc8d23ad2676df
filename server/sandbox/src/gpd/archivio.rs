//! The positions of this GPD and this ACA: in memory, bounded.

use super::Errore;
use super::posizione::{Pagata, Posizione};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// At about 3 KB a position, 60 MB at most. Full is full: GPD forgets nothing.
pub(crate) const POSIZIONI_MAX: usize = 20_000;

/// Under which address a position was made. The IUVs of an ente are unique over both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Prodotto {
    Gpd,
    Aca,
}

impl Prodotto {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gpd => "GPD",
            Self::Aca => "ACA",
        }
    }
}

type Key = (Prodotto, String, String);

#[derive(Debug, Default)]
pub(crate) struct Archivio(Mutex<BTreeMap<Key, Posizione>>);

impl Archivio {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Posizione>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn create(&self, prodotto: Prodotto, posizione: Posizione) -> Result<(), Errore> {
        let mut all = self.lock();
        if all.len() >= POSIZIONI_MAX {
            return Err(Errore::RequestData(format!("this sandbox holds {POSIZIONI_MAX} positions and is full")));
        }
        let key = (prodotto, posizione.ente.clone(), posizione.iupd.clone());
        if all.contains_key(&key) || iuv_taken(&all, &key, &posizione) {
            return Err(Errore::UniqueViolation);
        }
        all.insert(key, posizione);
        Ok(())
    }

    /// One position, changed in place.
    pub(crate) fn change<T>(
        &self,
        (prodotto, ente, iupd): (Prodotto, &str, &str),
        change: impl FnOnce(&mut Posizione) -> Result<T, Errore>,
    ) -> Result<T, Errore> {
        let mut all = self.lock();
        change(all.get_mut(&(prodotto, ente.to_owned(), iupd.to_owned())).ok_or(Errore::NotFound)?)
    }

    pub(crate) fn replace(&self, prodotto: Prodotto, new: Posizione, publish: bool, now: Timestamp) -> Result<Posizione, Errore> {
        let mut all = self.lock();
        let key = (prodotto, new.ente.clone(), new.iupd.clone());
        let taken = iuv_taken(&all, &key, &new);
        let posizione = all.get_mut(&key).ok_or(Errore::NotFound)?;
        posizione.refresh(now);
        if taken {
            return Err(if posizione.stato.is_updatable() { Errore::UniqueViolation } else { Errore::NotUpdatable });
        }
        posizione.replace(new, publish, now)?;
        Ok(posizione.clone())
    }

    pub(crate) fn delete(&self, prodotto: Prodotto, ente: &str, iupd: &str) -> Result<(), Errore> {
        let mut all = self.lock();
        let key = (prodotto, ente.to_owned(), iupd.to_owned());
        if !all.get(&key).ok_or(Errore::NotFound)?.stato.is_deletable() {
            return Err(Errore::PaymentFound);
        }
        all.remove(&key);
        Ok(())
    }

    /// All positions of an ente, oldest first.
    pub(crate) fn list(&self, prodotto: Prodotto, ente: &str, now: Timestamp) -> Vec<Posizione> {
        let mut all = self.lock();
        let mut found: Vec<Posizione> = Vec::new();
        for ((found_in, of, _), posizione) in all.iter_mut() {
            if *found_in == prodotto && of == ente {
                posizione.refresh(now);
                found.push(posizione.clone());
            }
        }
        found.sort_by(|a, b| (a.inserted, &a.iupd).cmp(&(b.inserted, &b.iupd)));
        found
    }

    /// Pays a notice; the position and the index of what was paid.
    pub(crate) fn pay(&self, prodotto: Prodotto, ente: &str, nav: &str, pagamento: Pagata) -> Result<(Posizione, usize), Errore> {
        let mut all = self.lock();
        let of = |key: &Key| key.0 == prodotto && key.1 == ente;
        let (_, posizione) = all
            .iter_mut()
            .find(|(key, posizione)| of(key) && posizione.opzioni.iter().any(|o| o.nav == nav))
            .ok_or(Errore::OptionNotFound)?;
        posizione.pay(nav, pagamento)?;
        let index = posizione.opzioni.iter().position(|o| o.nav == nav).ok_or(Errore::OptionNotFound)?;
        Ok((posizione.clone(), index))
    }

    /// A flow told of a transfer; nothing happens where the position is not kept here.
    pub(crate) fn report(&self, ente: &str, iuv: &str, id_transfer: &str, fdr: &str, now: Timestamp) {
        for (key, posizione) in self.lock().iter_mut() {
            if key.1 == ente {
                posizione.report(iuv, id_transfer, fdr, now);
            }
        }
    }

    pub(crate) fn all(&self, now: Timestamp) -> Vec<(Prodotto, Posizione)> {
        let mut all = self.lock();
        all.values_mut().for_each(|posizione| posizione.refresh(now));
        all.iter().map(|(key, posizione)| (key.0, posizione.clone())).collect()
    }
}

/// An IUV belongs to one position of its ente, for ever.
fn iuv_taken(all: &BTreeMap<Key, Posizione>, key: &Key, new: &Posizione) -> bool {
    let iuvs: Vec<&str> = new.opzioni.iter().map(|o| o.iuv.as_str()).collect();
    all.iter().any(|(other, posizione)| {
        other != key && other.1 == key.1 && posizione.opzioni.iter().any(|o| iuvs.contains(&o.iuv.as_str()))
    })
}
