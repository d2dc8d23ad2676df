//! A circuit breaker: after some failures in a row nobody asks for a while, then one call tries.
//!
//! Pure: time is an argument, so a test can be a week long. It counts failures of the peer (no connection, silence, 5xx, an answer
//! nobody can read), never refusals: a 404 comes from a peer in good health.

use std::time::{Duration, Instant};

/// Failures in a row that open it. With a budget of 15 s a dead peer has then cost us 75 s of waiting.
const FAILURES_MAX: u32 = 5;
/// How long it stays open. Restarts of pagoPA's pods take about that long.
const OPEN_FOR: Duration = Duration::from_secs(30);
/// A call that tries and never reports back (its task was dropped) stands in the way no longer than this: the longest budget.
const TRIAL_MAX: Duration = Duration::from_secs(60);
/// The longest `Retry-After` that is believed: pagoPA's quotas are per second to per hour.
pub(super) const HOLD_MAX: Duration = Duration::from_secs(3_600);

/// May a call be made?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Go,
    /// Not before this long.
    Wait(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Calls go through; that many failed in a row.
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
    },
    /// One call is trying, the others wait for it.
    HalfOpen {
        until: Instant,
    },
}

/// The state of one peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaker {
    state: State,
    /// The peer asked for silence until then (429 with `Retry-After`), whatever the state.
    hold: Option<Instant>,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { state: State::Closed { failures: 0 }, hold: None }
    }
}

impl Breaker {
    /// Whoever is told `Go` calls [`Breaker::succeeded`] or [`Breaker::failed`] afterwards.
    pub fn ask(&mut self, now: Instant) -> Verdict {
        if let Some(left) = self.hold.and_then(|until| left(now, until)) {
            return Verdict::Wait(left);
        }
        self.hold = None;
        match self.state {
            State::Closed { .. } => Verdict::Go,
            State::Open { until } | State::HalfOpen { until } => match left(now, until) {
                Some(left) => Verdict::Wait(left),
                None => {
                    self.state = State::HalfOpen { until: now + TRIAL_MAX };
                    Verdict::Go
                }
            },
        }
    }

    /// The peer answered, were it only to refuse.
    pub fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// The peer did not answer, or nothing sensible.
    pub fn failed(&mut self, now: Instant) {
        let open = State::Open { until: now + OPEN_FOR };
        self.state = match self.state {
            State::Closed { failures } if failures + 1 < FAILURES_MAX => State::Closed { failures: failures + 1 },
            // a call that began before it opened reports late: the pause is not made longer
            State::Open { until } => State::Open { until },
            State::Closed { .. } | State::HalfOpen { .. } => open,
        };
    }

    /// The peer asks us to wait.
    pub fn hold(&mut self, now: Instant, asked: Duration) {
        self.hold = Some(now + asked.min(HOLD_MAX));
    }
}

fn left(now: Instant, until: Instant) -> Option<Duration> {
    until.checked_duration_since(now).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn opened(now: Instant) -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 0..FAILURES_MAX {
            assert_eq!(breaker.ask(now), Verdict::Go);
            breaker.failed(now);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_not_before() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        for _ in 0..3 {
            for _ in 1..FAILURES_MAX {
                breaker.failed(now);
            }
            assert_eq!(breaker.ask(now), Verdict::Go);
            breaker.succeeded();
        }
        assert_eq!(opened(now).ask(now), Verdict::Wait(OPEN_FOR));
    }

    #[test]
    fn after_the_pause_one_call_tries_and_decides() {
        let now = Instant::now();
        let later = now + OPEN_FOR;
        let mut breaker = opened(now);
        assert_eq!(breaker.ask(later - SECOND), Verdict::Wait(SECOND));
        assert_eq!(breaker.ask(later), Verdict::Go);
        assert_eq!(breaker.ask(later), Verdict::Wait(TRIAL_MAX), "one is enough");
        breaker.failed(later + SECOND);
        assert_eq!(breaker.ask(later + SECOND), Verdict::Wait(OPEN_FOR));
        let later = later + SECOND + OPEN_FOR;
        assert_eq!(breaker.ask(later), Verdict::Go);
        breaker.succeeded();
        assert_eq!((breaker.ask(later), breaker.ask(later)), (Verdict::Go, Verdict::Go));
    }

    #[test]
    fn a_trial_that_never_reports_is_followed_by_another() {
        let now = Instant::now();
        let mut breaker = opened(now);
        assert_eq!(breaker.ask(now + OPEN_FOR), Verdict::Go);
        assert_eq!(breaker.ask(now + OPEN_FOR + TRIAL_MAX), Verdict::Go);
    }

    #[test]
    fn failures_reported_late_do_not_make_the_pause_longer() {
        let now = Instant::now();
        let mut breaker = opened(now);
        breaker.failed(now + 10 * SECOND);
        assert_eq!(breaker.ask(now + 10 * SECOND), Verdict::Wait(OPEN_FOR - 10 * SECOND));
    }

    #[test]
    fn a_peer_that_asks_for_silence_gets_it_for_an_hour_at_most() {
        let now = Instant::now();
        let mut breaker = Breaker::default();
        breaker.hold(now, 7 * SECOND);
        assert_eq!(breaker.ask(now + SECOND), Verdict::Wait(6 * SECOND));
        assert_eq!(breaker.ask(now + 7 * SECOND), Verdict::Go);
        breaker.hold(now, Duration::MAX);
        assert_eq!(breaker.ask(now), Verdict::Wait(HOLD_MAX));
    }
}
