//! Two ways of asking: at a constant rate, whatever the answers do; or each as soon as the one before is answered.

use crate::figures::Samples;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// `rate` a second for so many seconds: number `k` leaves at `k / rate`, and its time counts from there. (The timer is exact to a
/// millisecond, which is in the times as well.)
pub async fn constant<F>(rate: u64, seconds: u64, ask: impl Fn(u64) -> F) -> Samples
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let begun = Instant::now() + Duration::from_millis(20);
    let (mut samples, mut under_way) = (Samples::default(), JoinSet::new());
    for k in 0..rate * seconds {
        let due = begun + Duration::from_micros(k * 1_000_000 / rate);
        sleep_until(due).await;
        let answer = ask(k);
        under_way.spawn(async move {
            let answer = answer.await;
            (due.elapsed(), answer)
        });
        while let Some(Ok((took, answer))) = under_way.try_join_next() {
            samples.add(took, answer);
        }
    }
    while let Some(Ok((took, answer))) = under_way.join_next().await {
        samples.add(took, answer);
    }
    samples.elapsed = begun.elapsed();
    samples
}

/// `many` at once, each asking again when it is answered, until `total` were asked or the time is over.
pub async fn flood<F>(many: u64, total: u64, max: Duration, ask: impl Fn(u64) -> F + Send + Sync + 'static) -> Samples
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let begun = Instant::now();
    let (ask, next) = (Arc::new(ask), Arc::new(AtomicU64::new(0)));
    let mut workers = JoinSet::new();
    for _ in 0..many {
        let (ask, next) = (Arc::clone(&ask), Arc::clone(&next));
        workers.spawn(async move {
            let mut own = Samples::default();
            loop {
                let k = next.fetch_add(1, Ordering::Relaxed);
                if k >= total || begun.elapsed() > max {
                    return own;
                }
                let at = Instant::now();
                let answer = ask(k).await;
                own.add(at.elapsed(), answer);
            }
        });
    }
    let mut samples = Samples::default();
    while let Some(Ok(own)) = workers.join_next().await {
        samples.extend(own);
    }
    samples.elapsed = begun.elapsed();
    samples
}
