//! Times, shares, and the table: what was measured, what we want, what pagoPA asks or publishes.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// What became of many requests.
#[derive(Debug, Default)]
pub struct Samples {
    /// From the intended start to the end of the answer; of right answers only.
    micros: Vec<u64>,
    pub errors: u64,
    pub first_error: Option<String>,
    pub elapsed: Duration,
}

impl Samples {
    pub fn add(&mut self, took: Duration, answer: anyhow::Result<()>) {
        match answer {
            Ok(()) => self.micros.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX)),
            Err(error) => {
                self.errors += 1;
                self.first_error.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
    }

    /// The time that `percent` of a hundred are within, in µs. An error is slower than any answer.
    pub fn percentile(&mut self, percent: u64) -> u64 {
        self.micros.sort_unstable();
        let all = self.micros.len() as u64 + self.errors;
        let rank = (all * percent).div_ceil(100).saturating_sub(1);
        usize::try_from(rank).ok().and_then(|rank| self.micros.get(rank)).copied().unwrap_or(u64::MAX)
    }

    pub fn max(&self) -> u64 {
        self.micros.iter().copied().max().unwrap_or(u64::MAX)
    }

    /// Right answers a second.
    pub fn a_second(&self) -> u64 {
        let ms = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
        self.micros.len() as u64 * 1_000 / ms
    }

    /// How many of 10,000 came right and within.
    pub fn of_ten_thousand_within(&self, limit: Duration) -> u64 {
        let limit = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX);
        let within = self.micros.iter().filter(|took| **took <= limit).count() as u64;
        within * 10_000 / (self.micros.len() as u64 + self.errors).max(1)
    }
}

/// `12.3 ms`.
pub fn ms(micros: u64) -> String {
    if micros == u64::MAX { "no answer".to_owned() } else { format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100) }
}

/// A cell, and whether it is what we want; `None` where nothing is promised.
#[derive(Clone, Debug)]
pub struct Cell {
    pub text: String,
    pub holds: Option<bool>,
}

/// Name, target, anchor. Targets and anchors: the goal table of the project; "SLA": SANP, "Livelli di servizio"; "GPD": pagoPA's own
/// load tests of its platform for enti (pagopa-gpd-payments, `performance-test`).
pub const ROWS: [(&str, &str, &str); 24] = [
    ("positions loaded", "1,000,000", "–"),
    ("loading them", "–", "–"),
    ("memory at rest, after loading", "≤ 400 MiB", "–"),
    ("SOAP mix, 200/s: p50", "–", "–"),
    ("SOAP mix, 200/s: p99", "≤ 250 ms", "GPD: < 2 s at 50/s"),
    ("SOAP mix, 200/s: slowest", "≤ 2 s", "Nodo gives up at 7 s (receipt 15 s)"),
    ("SOAP mix, 200/s: errors", "0", "GPD: < 10 %"),
    ("SOAP mix, 200/s: within 2 s", "≥ 99.99 %", "SLA: 98 %"),
    ("highest rate with p99 ≤ 250 ms", "≥ 200/s", "GPD: 50/s"),
    ("burst of 600/s: within 2 s", "≥ 98 %", "SLA: 98 %; GPD: 300/s"),
    ("burst of 600/s: errors", "0", "–"),
    ("pages, 100/s beside SOAP 200/s: p95", "≤ 300 ms", "–"),
    ("SOAP 200/s beside those pages: p99", "≤ 250 ms", "GPD: < 2 s at 50/s"),
    ("pages, as fast as they come, 4 at once", "≥ 100/s", "–"),
    ("home, 4 at once", "≥ 100/s, p99 ≤ 300 ms", "–"),
    ("form of a service, 4 at once", "≥ 100/s, p99 ≤ 300 ms", "–"),
    ("look-up of a notice and its page, 4 at once", "≥ 100/s, p99 ≤ 300 ms", "–"),
    ("flood of receipts, 32 at once", "≥ 300/s", "all of Italy: 10.5/s on average"),
    ("flood of receipts, 32 at once: p99", "≤ 1 s", "SLA: 98 % ≤ 2 s"),
    ("flood of receipts, 128 at once", "≥ 300/s", "–"),
    ("flood of receipts, 128 at once: p99", "≤ 1 s", "SLA: 98 % ≤ 2 s"),
    ("kill -9 under load, until ready (worst of 3)", "≤ 2 s", "SLA: 9 h of unplanned stop a year"),
    ("memory after all this", "≤ 400 MiB", "–"),
    ("`sportello verify`", "ends, all hold", "–"),
];

/// Columns of one database: by name of the row.
pub type Column = BTreeMap<&'static str, Cell>;

/// All of it.
#[derive(Debug)]
pub struct Table {
    machine: String,
    columns: Vec<(&'static str, Column)>,
}

impl Table {
    pub fn new(machine: String) -> Self {
        Self { machine, columns: Vec::new() }
    }

    pub fn add(&mut self, name: &'static str, column: Column) {
        self.columns.push((name, column));
    }

    /// Whether every target is met.
    pub fn is_right(&self) -> bool {
        self.columns.iter().flat_map(|(_, column)| column.values()).all(|cell| cell.holds != Some(false))
    }
}

impl fmt::Display for Table {
    /// As Markdown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", self.machine)?;
        write!(f, "| figure |")?;
        for (name, _) in &self.columns {
            write!(f, " {name} |")?;
        }
        writeln!(f, " target | beside it |\n|---|{}---|---|", "---|".repeat(self.columns.len()))?;
        for (row, target, anchor) in ROWS {
            write!(f, "| {row} |")?;
            for (_, column) in &self.columns {
                match column.get(row) {
                    Some(Cell { text, holds: Some(false) }) => write!(f, " **{text}, missed** |")?,
                    Some(Cell { text, .. }) => write!(f, " {text} |")?,
                    None => write!(f, " not measured |")?,
                }
            }
            writeln!(f, " {target} | {anchor} |")?;
        }
        Ok(())
    }
}

/// Cores, memory, and how busy others keep it.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory =
        read("/proc/meminfo").lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok());
    let gib: u64 = memory.unwrap_or(0) >> 20;
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("?");
    format!("{cores} cores, {gib} GiB, client and database on the same machine; load before the run {load}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_slower_than_any_answer() {
        let mut samples = Samples::default();
        for ms in 1..=98 {
            samples.add(Duration::from_millis(ms), Ok(()));
        }
        samples.add(Duration::from_millis(1), Err(anyhow::anyhow!("KO")));
        samples.add(Duration::from_millis(1), Err(anyhow::anyhow!("another")));
        assert_eq!((samples.percentile(50), samples.percentile(98), samples.percentile(99)), (50_000, 98_000, u64::MAX));
        assert_eq!((samples.errors, samples.first_error.as_deref(), samples.max()), (2, Some("KO"), 98_000));
        assert_eq!(samples.of_ten_thousand_within(Duration::from_millis(49)), 4_900);
    }

    #[test]
    fn a_target_that_is_missed_is_said() {
        let mut table = Table::new(String::new());
        let cell = |holds| Cell { text: "7".to_owned(), holds };
        table.add("SQLite", Column::from([(ROWS[3].0, cell(None)), (ROWS[4].0, cell(Some(true)))]));
        assert!(table.is_right() && !table.to_string().contains("missed"));
        table.add("PostgreSQL", Column::from([(ROWS[4].0, cell(Some(false)))]));
        assert!(!table.is_right() && table.to_string().contains("| 7 | **7, missed** |"), "{table}");
    }
}
