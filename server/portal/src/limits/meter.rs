//! A bucket of tokens for each key, as the one instant at which it would be full again (GCRA). A full bucket is not kept at all.

use super::Quanti;
use jiff::Timestamp;
use std::collections::HashMap;

/// Of what a token was taken by, never the thing itself.
pub(crate) type MeterKey = [u8; 16];

/// Keys of one bucket: addresses that missed within the hour or so. At some 50 bytes each five megabytes, more than the citizens of a
/// region need; who fills it up has everybody new do the work that he does.
pub const KEYS_MAX: usize = 100_000;
/// Full buckets are looked for at most so often: it reads all of them.
const SWEEP_EVERY_MICROS: i64 = 1_000_000;
const HOUR_MICROS: i64 = 3_600_000_000;

pub(super) struct Meter {
    /// Between one token and the next, in microseconds.
    every: i64,
    /// What may be taken ahead.
    ahead: i64,
    full_at: HashMap<MeterKey, i64>,
    swept_at: i64,
}

impl Meter {
    pub(super) fn new(quanti: Quanti) -> Self {
        let every = HOUR_MICROS / i64::from(quanti.per_hour.max(1));
        let ahead = every.saturating_mul(i64::from(quanti.burst));
        Self { every, ahead, full_at: HashMap::new(), swept_at: i64::MIN }
    }

    /// Whether a token is there.
    pub(super) fn has_room(&mut self, key: &MeterKey, now: Timestamp) -> bool {
        if self.full_at.len() >= KEYS_MAX && !self.full_at.contains_key(key) {
            self.sweep(now);
            if self.full_at.len() >= KEYS_MAX {
                return false;
            }
        }
        self.behind(key, now).saturating_add(self.every) <= self.ahead
    }

    /// Takes one, also where there is none.
    pub(super) fn take(&mut self, key: MeterKey, now: Timestamp) {
        if self.full_at.len() >= KEYS_MAX && !self.full_at.contains_key(&key) {
            self.sweep(now);
            if self.full_at.len() >= KEYS_MAX {
                return;
            }
        }
        let behind = self.behind(&key, now).saturating_add(self.every);
        self.full_at.insert(key, now.as_microsecond().saturating_add(behind));
    }

    pub(super) fn give_back(&mut self, key: &MeterKey, now: Timestamp) {
        let behind = self.behind(key, now).saturating_sub(self.every);
        if behind <= 0 {
            self.full_at.remove(key);
        } else {
            self.full_at.insert(*key, now.as_microsecond().saturating_add(behind));
        }
    }

    /// Tokens that are missing.
    pub(super) fn taken(&self, key: &MeterKey, now: Timestamp) -> i64 {
        let behind = self.behind(key, now);
        behind / self.every + i64::from(behind % self.every > 0)
    }

    /// Rounded up.
    pub(super) fn seconds_until_room(&self, key: &MeterKey, now: Timestamp) -> i64 {
        let missing = self.behind(key, now).saturating_add(self.every).saturating_sub(self.ahead).max(0);
        missing / 1_000_000 + i64::from(missing % 1_000_000 > 0)
    }

    /// A clock that was put back makes nobody wait longer than an empty bucket does.
    fn behind(&self, key: &MeterKey, now: Timestamp) -> i64 {
        let full_at = self.full_at.get(key).copied().unwrap_or(i64::MIN);
        full_at.saturating_sub(now.as_microsecond()).clamp(0, self.ahead)
    }

    fn sweep(&mut self, now: Timestamp) {
        let now = now.as_microsecond();
        if now.saturating_sub(self.swept_at) >= SWEEP_EVERY_MICROS || now < self.swept_at {
            self.swept_at = now;
            self.full_at.retain(|_, full_at| *full_at > now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn key(n: u64) -> MeterKey {
        let mut key = MeterKey::default();
        key[..8].copy_from_slice(&n.to_be_bytes());
        key
    }

    /// Three at once, one more each minute.
    fn meter() -> Meter {
        Meter::new(Quanti::new(3, 60))
    }

    #[test]
    fn so_many_at_once_and_then_one_at_a_time() {
        let mut meter = meter();
        for _ in 0..3 {
            assert!(meter.has_room(&key(1), at(0)));
            meter.take(key(1), at(0));
        }
        assert!(!meter.has_room(&key(1), at(59)) && meter.has_room(&key(2), at(59)));
        assert_eq!((meter.taken(&key(1), at(0)), meter.seconds_until_room(&key(1), at(0))), (3, 60));
        assert!(meter.has_room(&key(1), at(60)));
        meter.take(key(1), at(60));
        assert!(!meter.has_room(&key(1), at(60)));
        assert_eq!(meter.seconds_until_room(&key(1), at(61)), 59);
        assert!(meter.has_room(&key(1), at(3600)) && meter.taken(&key(1), at(3600)) == 0);
    }

    #[test]
    fn what_is_given_back_was_never_taken() {
        let mut meter = meter();
        for _ in 0..100 {
            assert!(meter.has_room(&key(1), at(0)));
            meter.take(key(1), at(0));
            meter.give_back(&key(1), at(0));
        }
        meter.give_back(&key(1), at(0));
        assert!(meter.full_at.is_empty(), "nothing is kept of it, and nobody saves tokens up");
    }

    #[test]
    fn a_clock_that_is_put_back_locks_nobody_out() {
        let mut meter = meter();
        (0..3).for_each(|_| meter.take(key(1), at(1_000_000)));
        assert!(meter.seconds_until_room(&key(1), at(0)) <= 60);
    }

    #[test]
    fn with_too_many_keys_the_new_ones_have_no_token_until_the_old_ones_are_full_again() {
        let mut meter = meter();
        (0..KEYS_MAX as u64).for_each(|n| meter.take(key(n), at(0)));
        assert!(!meter.has_room(&key(u64::MAX), at(0)) && meter.has_room(&key(7), at(0)), "those it knows go on");
        meter.take(key(u64::MAX), at(0));
        assert_eq!(meter.full_at.len(), KEYS_MAX);
        assert!(meter.has_room(&key(u64::MAX), at(60)));
        assert!(meter.full_at.is_empty());
    }
}
