//! The carts this Checkout holds: in memory, bounded, each used once.

use crate::cart_request::CartRequest;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// At about 2 KB a cart, 20 MB at most; a day of training makes some hundreds.
pub(crate) const CARRELLI_MAX: usize = 10_000;

/// Where a cart stands.
#[derive(Clone, Debug)]
enum Stato {
    /// The citizen may still choose.
    Aperto,
    /// A choice was made and is being carried out.
    InCorso,
    /// It ended there: that is where the citizen belongs.
    Concluso { ritorno: Url },
}

/// Why nothing can be chosen for a cart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NonDisponibile {
    Sconosciuto,
    InCorso,
    Concluso { ritorno: Url },
}

#[derive(Debug, Default)]
struct Inner {
    by_id: HashMap<String, (Arc<CartRequest>, Stato)>,
    /// Oldest first.
    order: VecDeque<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Carrelli(Mutex<Inner>);

impl Carrelli {
    /// Keeps a cart; the oldest makes room.
    pub(crate) fn insert(&self, id: String, cart: CartRequest) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while inner.order.len() >= CARRELLI_MAX {
            if let Some(oldest) = inner.order.pop_front() {
                inner.by_id.remove(&oldest);
            }
        }
        inner.order.push_back(id.clone());
        inner.by_id.insert(id, (Arc::new(cart), Stato::Aperto));
    }

    /// A cart somebody may still choose for.
    pub(crate) fn open(&self, id: &str) -> Result<Arc<CartRequest>, NonDisponibile> {
        self.take(id, false)
    }

    /// Takes an open cart for the one choice it is good for: of two clicks, one wins.
    pub(crate) fn claim(&self, id: &str) -> Result<Arc<CartRequest>, NonDisponibile> {
        self.take(id, true)
    }

    fn take(&self, id: &str, claim: bool) -> Result<Arc<CartRequest>, NonDisponibile> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (cart, stato) = inner.by_id.get_mut(id).ok_or(NonDisponibile::Sconosciuto)?;
        match stato {
            Stato::Aperto => {
                if claim {
                    *stato = Stato::InCorso;
                }
                Ok(Arc::clone(cart))
            }
            Stato::InCorso => Err(NonDisponibile::InCorso),
            Stato::Concluso { ritorno } => Err(NonDisponibile::Concluso { ritorno: ritorno.clone() }),
        }
    }

    pub(crate) fn conclude(&self, id: &str, ritorno: Url) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, stato)) = inner.by_id.get_mut(id) {
            *stato = Stato::Concluso { ritorno };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cart_request::tests::a_cart;

    #[test]
    fn a_cart_can_be_claimed_once() {
        let carrelli = Carrelli::default();
        carrelli.insert("a".into(), a_cart());
        assert_eq!(carrelli.claim("b").unwrap_err(), NonDisponibile::Sconosciuto);
        let cart = carrelli.open("a").unwrap();
        assert_eq!(carrelli.claim("a").unwrap(), cart);
        assert_eq!(carrelli.claim("a").unwrap_err(), NonDisponibile::InCorso);
        carrelli.conclude("a", cart.return_ok.clone());
        assert_eq!(carrelli.claim("a").unwrap_err(), NonDisponibile::Concluso { ritorno: cart.return_ok.clone() });
    }

    #[test]
    fn the_oldest_cart_makes_room() {
        let carrelli = Carrelli::default();
        for i in 0..=CARRELLI_MAX {
            carrelli.insert(i.to_string(), a_cart());
        }
        assert!(carrelli.open("0").is_err());
        assert!(carrelli.open("1").is_ok() && carrelli.open(&CARRELLI_MAX.to_string()).is_ok());
    }
}
