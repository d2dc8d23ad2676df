//! How often one may look a notice up: enough for anybody with a paper in the hand, too little for whoever tries numbers.
//!
//! Six buckets of tokens, each by a keyed hash (no address, no number and no codice fiscale stands in memory):
//!
//! | bucket | what takes a token | when it is empty |
//! |---|---|---|
//! | address | a miss from one address (IPv4 /32, IPv6 /64) | that address proves work, or waits |
//! | notice | a look at one number, found or not | whoever asks for it proves work, or waits |
//! | person | a miss with one codice fiscale, from anywhere | whoever asks for that person's receipts proves work, or waits |
//! | ente | a miss at one ente (its codice fiscale), from anywhere | everybody there proves work: somebody asks from a thousand addresses |
//! | proofs | a proof from one address; never refused | each eight more double the next one's work |
//! | waits | a look-up from one address that only waited | the next one waits longer |
//!
//! What is found gives its token back: a help desk that reads paper after paper never sees any of this. Nobody is refused: who has no
//! token is told to wait (seconds, told in the answer) or, with scripts, lets the browser work for a second.
//!
//! **In memory, of each process**, and not in the database: every guess would be a durable write there, before the receipts of the Nodo,
//! and guessing would cost us more than the guesser. So several servers allow several times as much to whoever reaches all of them; what
//! that is worth is in the numbers: a base of 10¹³ by a keyed permutation, with a million open notices one guess in ten million finds
//! something, and a thousand guesses an hour need a year for the first. A restart forgets, which gives the first tokens anew.
//!
//! A bucket that knows [`KEYS_MAX`] keys treats whoever is new as one without tokens: the work grows, and nobody is let in for free.

mod meter;

pub use meter::KEYS_MAX;

use crate::ids::Key;
use crate::ricerca::Domanda;
use domain::CodiceFiscaleEnte;
use jiff::{SignedDuration, Timestamp};
use meter::{Meter, MeterKey};
use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What an installation allows. `config/default.toml` says the same, with the reasons; a test holds them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Regole {
    pub address: Quanti,
    pub notice: Quanti,
    pub person: Quanti,
    pub ente: Quanti,
    pub waits: Quanti,
    pub photos: Quanti,
    /// Zero bits of each part of the first proof: see `domain::work`.
    pub work_bits: u8,
    /// Without scripts, at the least.
    pub wait_seconds: u32,
}

/// So many at once, and so many more in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quanti {
    pub burst: u32,
    pub per_hour: u32,
}

impl Quanti {
    pub const fn new(burst: u32, per_hour: u32) -> Self {
        Self { burst, per_hour }
    }
}

impl Default for Regole {
    fn default() -> Self {
        Self {
            address: Quanti::new(30, 100),
            // pagoPA's own: 10 in 5 s
            notice: Quanti::new(10, 7_200),
            // all the receipts of a family, one wrong number after the other
            person: Quanti::new(20, 60),
            ente: Quanti::new(3_000, 3_000),
            waits: Quanti::new(5, 240),
            photos: Quanti::new(10, 120),
            work_bits: 14,
            wait_seconds: 10,
        }
    }
}

/// Proofs of one address: the first eight cost the same, every eight more the double. They are forgotten at two a minute.
const PROOFS: Quanti = Quanti { burst: u32::MAX, per_hour: 120 };
const PROOFS_PER_DOUBLING: i64 = 8;
/// A part of 2²⁶ hashes: minutes of a good machine. A browser is not asked for more than it can do in its wait: it waits.
const BITS_MAX: u8 = 26;
/// Nobody waits longer, however many wait at one address.
const WAIT_SECONDS_MAX: u32 = 60;
/// Tickets that were used and could still be shown again: of 24 bytes each.
const USED_MAX: usize = 100_000;

/// What somebody has to offer for a look-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credit {
    /// What everybody has.
    None,
    /// A proof of work that was checked.
    Proof,
    /// A ticket whose time has come.
    Waited,
}

/// A look-up that may be made; a hit gives it back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pass {
    free: Option<Taken>,
}

/// From which buckets a token was taken that a hit gives back.
#[derive(Clone, Copy, Debug)]
struct Taken {
    who: MeterKey,
    ente: MeterKey,
    person: Option<MeterKey>,
}

/// Not now: what the next look-up costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Price {
    pub bits: u8,
    pub seconds: u32,
}

/// The buckets.
pub(crate) struct Limits {
    key: Key,
    state: Mutex<State>,
}

struct State {
    regole: Regole,
    address: Meter,
    notice: Meter,
    person: Meter,
    ente: Meter,
    proofs: Meter,
    waits: Meter,
    photos: Meter,
    /// Nonce of a ticket → when it is no good any more.
    used: HashMap<[u8; 12], Timestamp>,
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits").finish_non_exhaustive()
    }
}

impl State {
    fn new(regole: Regole) -> Self {
        Self {
            regole,
            address: Meter::new(regole.address),
            notice: Meter::new(regole.notice),
            person: Meter::new(regole.person),
            ente: Meter::new(regole.ente),
            proofs: Meter::new(PROOFS),
            waits: Meter::new(regole.waits),
            photos: Meter::new(regole.photos),
            used: HashMap::new(),
        }
    }

    fn price(&self, who: MeterKey, now: Timestamp) -> Price {
        let doublings = u8::try_from(self.proofs.taken(&who, now) / PROOFS_PER_DOUBLING).unwrap_or(u8::MAX);
        let seconds = u32::try_from(self.waits.seconds_until_room(&who, now)).unwrap_or(u32::MAX);
        Price {
            bits: self.regole.work_bits.saturating_add(doublings).min(BITS_MAX),
            seconds: seconds.max(self.regole.wait_seconds).min(WAIT_SECONDS_MAX),
        }
    }
}

impl Limits {
    pub(crate) fn new(key: Key, regole: Regole) -> Self {
        Self { key, state: Mutex::new(State::new(regole)) }
    }

    /// Other rules, and empty buckets.
    pub(crate) fn set(&self, regole: Regole) {
        *self.state() = State::new(regole);
    }

    /// Somebody wants to look a number up. It is not told whether there is such a number: nobody has looked yet.
    pub(crate) fn enter(&self, address: IpAddr, domanda: &Domanda, credit: Credit, now: Timestamp) -> Result<Pass, Price> {
        let who = self.of_address(address);
        let ente = self.of_ente(&domanda.ente);
        let notice = self.of(b"avviso", &[domanda.ente.as_str().as_bytes(), domanda.numero.as_str().as_bytes()]);
        let person = domanda.intestatario.as_ref().map(|person| self.of(b"persona", &[person.as_str().as_bytes()]));
        let mut state = self.state();
        let free = state.address.has_room(&who, now)
            && state.notice.has_room(&notice, now)
            && state.ente.has_room(&ente, now)
            && person.is_none_or(|person| state.person.has_room(&person, now));
        if free {
            state.address.take(who, now);
            state.notice.take(notice, now);
            state.ente.take(ente, now);
            if let Some(person) = person {
                state.person.take(person, now);
            }
            return Ok(Pass { free: Some(Taken { who, ente, person }) });
        }
        match credit {
            Credit::Proof => {
                state.proofs.take(who, now);
                Ok(Pass { free: None })
            }
            Credit::Waited if state.waits.has_room(&who, now) => {
                state.waits.take(who, now);
                Ok(Pass { free: None })
            }
            Credit::Waited | Credit::None => Err(state.price(who, now)),
        }
    }

    /// It was there: who finds what he looks for guesses nothing.
    pub(crate) fn give_back(&self, pass: Pass, now: Timestamp) {
        if let Some(Taken { who, ente, person }) = pass.free {
            let mut state = self.state();
            state.address.give_back(&who, now);
            state.ente.give_back(&ente, now);
            if let Some(person) = person {
                state.person.give_back(&person, now);
            }
        }
    }

    /// True once for each ticket, until its time is over. When too many are known, for none: the next are better.
    pub(crate) fn use_once(&self, nonce: [u8; 12], expires: Timestamp, now: Timestamp) -> bool {
        let mut state = self.state();
        if state.used.len() >= USED_MAX {
            state.used.retain(|_, until| *until >= now);
        }
        if state.used.len() >= USED_MAX || state.used.contains_key(&nonce) {
            return false;
        }
        state.used.insert(nonce, expires);
        true
    }

    /// A picture to be read: some tenths of a second of a processor. The seconds to wait, when there were too many.
    pub(crate) fn photo(&self, address: IpAddr, now: Timestamp) -> Result<(), u32> {
        let who = self.of_address(address);
        let mut state = self.state();
        if state.photos.has_room(&who, now) {
            state.photos.take(who, now);
            return Ok(());
        }
        Err(u32::try_from(state.photos.seconds_until_room(&who, now)).unwrap_or(u32::MAX).clamp(1, WAIT_SECONDS_MAX))
    }

    /// A household, a phone, an office: IPv4 whole, of IPv6 the part that a provider gives out.
    pub(crate) fn of_address(&self, address: IpAddr) -> MeterKey {
        match address.to_canonical() {
            IpAddr::V4(v4) => self.of(b"v4", &[&v4.octets()]),
            IpAddr::V6(v6) => self.of(b"v6", &[&v6.octets()[..8]]),
        }
    }

    fn of_ente(&self, ente: &CodiceFiscaleEnte) -> MeterKey {
        self.of(b"ente", &[ente.as_str().as_bytes()])
    }

    fn of(&self, kind: &[u8], parts: &[&[u8]]) -> MeterKey {
        let all: Vec<&[u8]> = [kind].into_iter().chain(parts.iter().copied()).collect();
        let mac = self.key.mac(&all);
        let mut key = MeterKey::default();
        key.copy_from_slice(&mac[..16]);
        key
    }

    /// Whoever panicked here left numbers, and numbers are always whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How long a ticket is good after it was given: a page left open over lunch is typed again.
pub(crate) const TICKET_TTL: SignedDuration = SignedDuration::from_mins(15);

#[cfg(test)]
mod tests;
