//! The one clock. Instants are UTC; what people and pagoPA call a day is a day in Europe/Rome.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The time of the machine, or one that a test moves by hand.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    rome: TimeZone,
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// # Errors
    /// When the bundled time-zone database lacks Europe/Rome.
    pub fn system() -> Result<Self, jiff::Error> {
        Ok(Self { source: Source::System, rome: TimeZone::get("Europe/Rome")? })
    }

    /// A clock that stands still until [`Clock::set`].
    ///
    /// # Errors
    /// As [`Clock::system`].
    pub fn fixed(at: Timestamp) -> Result<Self, jiff::Error> {
        Ok(Self { source: Source::Fixed(Arc::new(AtomicI64::new(at.as_microsecond()))), rome: TimeZone::get("Europe/Rome")? })
    }

    /// Moves a fixed clock; the system's cannot be moved.
    pub fn set(&self, at: Timestamp) {
        if let Source::Fixed(micros) = &self.source {
            micros.store(at.as_microsecond(), Ordering::SeqCst);
        }
    }

    #[allow(clippy::disallowed_methods, reason = "this is where the time comes from")]
    pub fn now(&self) -> Timestamp {
        match &self.source {
            Source::System => Timestamp::now(),
            Source::Fixed(micros) => Timestamp::from_microsecond(micros.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// For the clients of `nodo`, which have no clock of their own.
    pub fn teller(&self) -> nodo::rest::Clock {
        let clock = self.clone();
        std::sync::Arc::new(move || clock.now())
    }

    /// Today in Europe/Rome.
    pub fn today(&self) -> Date {
        self.civil(self.now()).date()
    }

    /// The instant at which clocks in Italy show this; of an hour that they show twice the first, of one they skip the next.
    ///
    /// # Errors
    /// At the ends of time.
    pub fn instant(&self, civil: DateTime) -> Result<Timestamp, jiff::Error> {
        Ok(civil.to_zoned(self.rome.clone())?.timestamp())
    }

    /// An instant as clocks in Italy showed it.
    pub fn civil(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.rome.clone()).datetime()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_rome() {
        let clock = Clock::fixed("2026-06-30T21:59:59Z".parse().unwrap()).unwrap();
        assert_eq!(clock.today().to_string(), "2026-06-30");
        clock.set("2026-06-30T22:00:00Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2026-07-01");
        clock.set("2026-12-31T22:30:00Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2026-12-31");
    }
}
