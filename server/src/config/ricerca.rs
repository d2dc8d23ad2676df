//! `[ricerca]`: how often a notice may be looked up. The rules themselves are [`portal::limits`]'s.

use super::guai::Guai;
use portal::limits::{Quanti, Regole};
use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ricerca {
    address_misses: u32,
    address_misses_per_hour: u32,
    notice_looks: u32,
    notice_looks_per_hour: u32,
    person_misses: u32,
    person_misses_per_hour: u32,
    ente_misses: u32,
    ente_misses_per_hour: u32,
    waits: u32,
    waits_per_hour: u32,
    photos: u32,
    photos_per_hour: u32,
    work_bits: u8,
    wait_seconds: u32,
}

/// Of each part of a proof: with 20 a phone works for minutes; with 8 it does not notice, and neither does who guesses.
const BITS: std::ops::RangeInclusive<u8> = 8..=20;
/// Nobody waits for longer, whatever is written.
const WAIT: std::ops::RangeInclusive<u32> = 1..=60;

impl Ricerca {
    pub fn regole(self) -> Regole {
        Regole {
            address: Quanti::new(self.address_misses, self.address_misses_per_hour),
            notice: Quanti::new(self.notice_looks, self.notice_looks_per_hour),
            person: Quanti::new(self.person_misses, self.person_misses_per_hour),
            ente: Quanti::new(self.ente_misses, self.ente_misses_per_hour),
            waits: Quanti::new(self.waits, self.waits_per_hour),
            photos: Quanti::new(self.photos, self.photos_per_hour),
            work_bits: self.work_bits,
            wait_seconds: self.wait_seconds,
        }
    }

    /// With none at all somebody would be kept out for ever, or until the first hour is over.
    pub(super) fn judge(self, guai: &mut Guai) {
        for (key, value) in [
            ("ricerca.address_misses", self.address_misses),
            ("ricerca.address_misses_per_hour", self.address_misses_per_hour),
            ("ricerca.notice_looks", self.notice_looks),
            ("ricerca.notice_looks_per_hour", self.notice_looks_per_hour),
            ("ricerca.person_misses", self.person_misses),
            ("ricerca.person_misses_per_hour", self.person_misses_per_hour),
            ("ricerca.ente_misses", self.ente_misses),
            ("ricerca.ente_misses_per_hour", self.ente_misses_per_hour),
            ("ricerca.waits", self.waits),
            ("ricerca.waits_per_hour", self.waits_per_hour),
            ("ricerca.photos", self.photos),
            ("ricerca.photos_per_hour", self.photos_per_hour),
        ] {
            guai.unless(value > 0, key, "0 keeps everybody waiting: 1 at the least");
        }
        guai.unless(
            BITS.contains(&self.work_bits),
            "ricerca.work_bits",
            format_args!("{} to {}, not {}", BITS.start(), BITS.end(), self.work_bits),
        );
        guai.unless(
            WAIT.contains(&self.wait_seconds),
            "ricerca.wait_seconds",
            format_args!("{} to {}, not {}", WAIT.start(), WAIT.end(), self.wait_seconds),
        );
    }
}
