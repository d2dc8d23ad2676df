//! How long to wait before asking again.

use std::time::Duration;

/// SANP 3.12.0, "Indicatori di qualità": at most five attempts after the first.
pub const ATTEMPTS_MAX: u32 = 5;

/// The pause before attempt `k` (1 is the first repetition): `slot * (2^k - 1)`. `None` from the sixth on: somebody has to look.
/// What the peer asked for (`Retry-After`) is waited for when it is longer, up to an hour.
pub fn backoff(slot: Duration, k: u32, asked: Option<Duration>) -> Option<Duration> {
    if !(1..=ATTEMPTS_MAX).contains(&k) {
        return None;
    }
    let pause = slot.saturating_mul((1 << k) - 1);
    Some(pause.max(asked.unwrap_or_default().min(super::breaker::HOLD_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_as_sanp_says_and_end_after_five() {
        let slot = Duration::from_secs(2);
        let pauses: Vec<u64> = (1..=5).map(|k| backoff(slot, k, None).unwrap().as_secs()).collect();
        assert_eq!(pauses, [2, 6, 14, 30, 62]);
        assert_eq!((backoff(slot, 0, None), backoff(slot, 6, None), backoff(slot, u32::MAX, None)), (None, None, None));
    }

    #[test]
    fn a_peer_may_ask_for_more_patience_but_not_for_all_of_it() {
        let slot = Duration::from_secs(2);
        assert_eq!(backoff(slot, 1, Some(Duration::from_secs(30))), Some(Duration::from_secs(30)));
        assert_eq!(backoff(slot, 5, Some(Duration::from_secs(30))), Some(Duration::from_secs(62)));
        assert_eq!(backoff(slot, 1, Some(Duration::MAX)), Some(Duration::from_secs(3_600)));
    }
}
