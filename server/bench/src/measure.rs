//! One database, from an empty folder to the last figure.

use crate::Size;
use crate::client::Client;
use crate::figures::{Cell, Column, ROWS, Samples, ms};
use crate::pace::{constant, flood};
use crate::process::{Place, Server};
use crate::traffic::{Kind, Nodo, page};
use anyhow::{Context as _, ensure};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The goal: this much must be held, and nothing slower than that.
const RATE: u64 = 200;
const P99_MAX: u64 = 250_000;
const SLA: Duration = Duration::from_secs(2);
/// Of one step in the search for the highest rate.
const STEP_SECONDS: u64 = 10;
/// Beyond any need: the search ends here.
const RATE_MAX: u64 = 12_800;
const BURST: (u64, u64) = (600, 10);
const PAGES: (u64, u64) = (100, 15);
/// How long each kind of page is asked for, and what the slowest hundredth may take.
const EACH_PAGE: Duration = Duration::from_secs(10);
const PAGE_P99_MAX: u64 = 300_000;
/// A flood that has not had its receipts by then has a figure all the same.
const FLOOD_MAX: Duration = Duration::from_secs(120);

struct Run<'a> {
    place: &'a Place,
    nodo: Arc<Nodo>,
    pages: Arc<Client>,
    column: Column,
}

/// # Errors
/// When it cannot be measured at all; a figure that misses its target is no error.
pub async fn measure(binary: &Path, size: &Size, server: Option<&str>) -> anyhow::Result<Column> {
    let (place, filling) = Place::new(binary, size.positions, server).await?;
    let mut run = Run {
        nodo: Arc::new(Nodo::new(Client::new(place.station), size.positions)?),
        pages: Arc::new(Client::new(place.web)),
        place: &place,
        column: Column::new(),
    };
    run.note("positions loaded", format!("{}, {} MiB", size.positions, place.size_mib().await?), None);
    run.note("loading them", format!("{} s, copied by SQL", filling.as_secs()), None);
    let (process, _) = place.start().await?;
    run.at_rest(&process, "memory at rest, after loading")?;
    run.held(size.seconds).await;
    run.highest().await;
    run.burst().await;
    run.beside_pages().await;
    run.pages(size.positions).await;
    for many in [32, 128] {
        run.receipts(many, size.receipts / 2).await?;
    }
    let process = run.killed(process).await?;
    run.at_rest(&process, "memory after all this")?;
    run.verified().await?;
    Ok(run.column)
}

impl Run<'_> {
    fn note(&mut self, row: &'static str, text: String, holds: Option<bool>) {
        debug_assert!(ROWS.iter().any(|(name, ..)| *name == row), "{row} is not in the table");
        eprintln!("bench: {row}: {text}{}", if holds == Some(false) { " (missed)" } else { "" });
        self.column.insert(row, Cell { text, holds });
    }

    fn said(samples: &Samples) -> String {
        samples.first_error.as_ref().map_or_else(|| "0".to_owned(), |first| format!("{}: {first}", samples.errors))
    }

    fn at_rest(&mut self, process: &Server, row: &'static str) -> anyhow::Result<()> {
        let mib = process.rss_mib()?;
        self.note(row, format!("{mib} MiB"), Some(mib <= 400));
        Ok(())
    }

    fn mix(&self) -> impl Fn(u64) -> std::pin::Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>> + use<> {
        let nodo = Arc::clone(&self.nodo);
        move |k| {
            let nodo = Arc::clone(&nodo);
            Box::pin(async move { nodo.mix(k).await })
        }
    }

    async fn held(&mut self, seconds: u64) {
        // not measured: connections are made, caches filled
        constant(RATE, 3, self.mix()).await;
        let mut samples = constant(RATE, seconds, self.mix()).await;
        let p99 = samples.percentile(99);
        self.note("SOAP mix, 200/s: p50", ms(samples.percentile(50)), None);
        self.note("SOAP mix, 200/s: p99", format!("{} ({seconds} s)", ms(p99)), Some(p99 <= P99_MAX));
        self.note("SOAP mix, 200/s: slowest", ms(samples.max()), Some(samples.max() <= 2_000_000));
        self.note("SOAP mix, 200/s: errors", Self::said(&samples), Some(samples.errors == 0));
        let share = samples.of_ten_thousand_within(SLA);
        self.note("SOAP mix, 200/s: within 2 s", percent(share), Some(share >= 9_999));
    }

    /// Doubled until it does not hold, then between the last two until they are a tenth apart.
    async fn highest(&mut self) {
        let (mut held, mut broken) = (0, None);
        let mut rate = RATE;
        loop {
            let mut samples = constant(rate, STEP_SECONDS, self.mix()).await;
            let p99 = samples.percentile(99);
            eprintln!("bench:   {rate}/s: p99 {}, errors {}", ms(p99), Self::said(&samples));
            if samples.errors == 0 && p99 <= P99_MAX {
                held = rate
            } else {
                broken = Some(rate)
            }
            rate = match broken {
                None if rate >= RATE_MAX => break,
                None => rate * 2,
                Some(broken) if broken - held <= (held / 10).max(10) => break,
                Some(broken) => held.midpoint(broken),
            };
        }
        self.note("highest rate with p99 ≤ 250 ms", format!("{held}/s"), Some(held >= RATE));
    }

    async fn burst(&mut self) {
        let (rate, seconds) = BURST;
        let mut samples = constant(rate, seconds, self.mix()).await;
        let share = samples.of_ten_thousand_within(SLA);
        let text = format!("{} ({seconds} s, p99 {})", percent(share), ms(samples.percentile(99)));
        self.note("burst of 600/s: within 2 s", text, Some(share >= 9_800));
        self.note("burst of 600/s: errors", Self::said(&samples), Some(samples.errors == 0));
    }

    async fn beside_pages(&mut self) {
        let look = |client: &Arc<Client>| {
            let client = Arc::clone(client);
            move |k| {
                let client = Arc::clone(&client);
                async move { page(&client, k).await }
            }
        };
        let (rate, seconds) = PAGES;
        let (mut soap, mut pages) = tokio::join!(constant(RATE, seconds, self.mix()), constant(rate, seconds, look(&self.pages)));
        let (p95, p99) = (pages.percentile(95), soap.percentile(99));
        let text = format!("{}, errors {}", ms(p95), Self::said(&pages));
        self.note("pages, 100/s beside SOAP 200/s: p95", text, Some(p95 <= 300_000 && pages.errors == 0));
        let text = format!("{}, errors {}", ms(p99), Self::said(&soap));
        self.note("SOAP 200/s beside those pages: p99", text, Some(p99 <= P99_MAX && soap.errors == 0));
        let max = Duration::from_secs(seconds);
        let (_, mut pages) = tokio::join!(constant(RATE, seconds, self.mix()), flood(4, u64::MAX, max, look(&self.pages)));
        let text = format!("{}/s, p95 {}, errors {}", pages.a_second(), ms(pages.percentile(95)), Self::said(&pages));
        self.note("pages, as fast as they come, 4 at once", text, Some(pages.a_second() >= 100 && pages.errors == 0));
    }

    /// Each kind of page by itself, as fast as it comes.
    async fn pages(&mut self, positions: u64) {
        let rows = [
            ("home, 4 at once", Kind::Home),
            ("form of a service, 4 at once", Kind::Form),
            ("look-up of a notice and its page, 4 at once", Kind::LookUp),
        ];
        for (row, kind) in rows {
            let client = Arc::clone(&self.pages);
            let ask = move |k| {
                let client = Arc::clone(&client);
                async move { kind.ask(&client, k, positions).await }
            };
            let mut samples = flood(4, u64::MAX, EACH_PAGE, ask).await;
            let p99 = samples.percentile(99);
            let text = format!("{}/s, p99 {}, errors {}", samples.a_second(), ms(p99), Self::said(&samples));
            self.note(row, text, Some(samples.a_second() >= 100 && p99 <= PAGE_P99_MAX && samples.errors == 0));
        }
    }

    /// Receipts as fast as they are taken: what an hour of the Nodo's queue is after a stop.
    async fn receipts(&mut self, many: u64, total: u64) -> anyhow::Result<()> {
        let nodo = Arc::clone(&self.nodo);
        let mut samples = flood(many, total, FLOOD_MAX, move |_| {
            let nodo = Arc::clone(&nodo);
            async move { nodo.receipt().await }
        })
        .await;
        let (rate, p99) = if many == 32 {
            ("flood of receipts, 32 at once", "flood of receipts, 32 at once: p99")
        } else {
            ("flood of receipts, 128 at once", "flood of receipts, 128 at once: p99")
        };
        let a_second = samples.a_second();
        let text = format!("{a_second}/s in {} s, errors {}", samples.elapsed.as_secs(), Self::said(&samples));
        self.note(rate, text, Some(a_second >= 300 && samples.errors == 0));
        let slow = samples.percentile(99);
        self.note(p99, ms(slow), Some(slow <= 1_000_000));
        self.nothing_lost().await
    }

    /// Every receipt answered OK is there, once, as others see it.
    async fn nothing_lost(&self) -> anyhow::Result<()> {
        let (answered, stored) = (self.nodo.answered(), self.place.database.number("SELECT COUNT(*) FROM ricevute").await?);
        ensure!(stored >= answered, "{answered} receipts answered OK, {stored} stored");
        Ok(())
    }

    async fn killed(&mut self, process: Server) -> anyhow::Result<Server> {
        let (mut process, mut worst) = (process, Duration::ZERO);
        for _ in 0..3 {
            let nodo = Arc::clone(&self.nodo);
            let load = tokio::spawn(flood(32, u64::MAX, Duration::from_secs(4), move |_| {
                let nodo = Arc::clone(&nodo);
                async move { nodo.receipt().await }
            }));
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            process.kill().context("killing the server")?;
            load.abort();
            let (again, took) = self.place.start().await?;
            (process, worst) = (again, worst.max(took));
        }
        let text = format!("{} ms", worst.as_millis());
        self.note("kill -9 under load, until ready (worst of 3)", text, Some(worst <= Duration::from_secs(2)));
        self.nothing_lost().await?;
        Ok(process)
    }

    async fn verified(&mut self) -> anyhow::Result<()> {
        let receipts = self.place.database.number("SELECT COUNT(*) FROM ricevute").await?;
        let positions = self.place.database.number("SELECT COUNT(*) FROM posizioni").await?;
        match self.place.verify().await {
            Ok(took) => {
                let text = format!("{} s for {positions} positions, {receipts} receipts", took.as_secs());
                self.note("`sportello verify`", text, Some(true));
            }
            Err(error) => self.note("`sportello verify`", format!("{error:#}").replace('\n', "; "), Some(false)),
        }
        Ok(())
    }
}

/// `99.98 %`.
fn percent(of_ten_thousand: u64) -> String {
    format!("{}.{:02} %", of_ten_thousand / 100, of_ten_thousand % 100)
}
