//! How much one Sportello bears: the release binary in a process of its own, on loopback, with a million positions in its database;
//! first SQLite, then PostgreSQL (when `.ci/postgres` lends one). `make bench` prints a table: figure, target, anchor.
//!
//! **What it never does**: count an answer it has not read. Every answer is decoded as strictly as the Nodo does and compared with
//! what was asked; a wrong one is an error, and so is none. Latency counts from when a request was meant to leave, not from when it
//! could: a server that stalls does not slow down those who ask (no coordinated omission).
//!
//! It stops by itself and leaves nothing behind. Limits of the pages, if there are any, are those of the default configuration:
//! what the bench asks for stays below them or is told to.
//!
//! | file | answers |
//! |---|---|
//! | `process.rs` | the server: its configuration, start, kill, memory |
//! | `fill.rs` `database.rs` | where a million positions come from |
//! | `client.rs` `traffic.rs` | connections; what is asked and what must come back |
//! | `pace.rs` | a constant rate, or as fast as answers come |
//! | `measure.rs` | the runs, one after the other |
//! | `figures.rs` | times, shares, the table |
//!
//! **Start reading** at `measure.rs`. **To add a figure**: a row in [`figures::ROWS`], a run that fills it.

mod client;
mod database;
mod figures;
mod fill;
mod measure;
mod pace;
mod process;
mod traffic;

use anyhow::Context as _;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

/// How big a run is. The defaults are those of the README's figures.
#[derive(Clone, Debug)]
pub struct Size {
    /// `SPORTELLO_BENCH_POSITIONS`: in the database before anything is measured. A quick look: 10000.
    pub positions: u64,
    /// `SPORTELLO_BENCH_SECONDS`: of the constant rate. 1800 is the half hour of the goal.
    pub seconds: u64,
    /// `SPORTELLO_BENCH_RECEIPTS`: of the two floods together.
    pub receipts: u64,
}

fn from_env(name: &str, default: u64) -> anyhow::Result<u64> {
    match std::env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name} wants a number: {text}")),
        Err(_) => Ok(default),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<bool> {
    let binary = PathBuf::from(std::env::args_os().nth(1).context("usage: bench PATH-OF-SPORTELLO")?);
    let size = Size {
        positions: from_env("SPORTELLO_BENCH_POSITIONS", 1_000_000)?.max(1_000),
        seconds: from_env("SPORTELLO_BENCH_SECONDS", 60)?.max(1),
        receipts: from_env("SPORTELLO_BENCH_RECEIPTS", 100_000)?.max(100),
    };
    let postgres = std::env::var("SPORTELLO_TEST_POSTGRES").ok();
    if postgres.is_none() {
        eprintln!("bench: no PostgreSQL in SPORTELLO_TEST_POSTGRES, SQLite alone is measured");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // also by `timeout`, or by .ci/postgres: the server and the folder go with the run
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            done = all(&binary, &size, postgres) => done,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped"),
            _ = terminated.recv() => anyhow::bail!("stopped"),
        }
    })
}

async fn all(binary: &std::path::Path, size: &Size, postgres: Option<String>) -> anyhow::Result<bool> {
    let mut table = figures::Table::new(figures::machine());
    for (name, server) in [("SQLite", None), ("PostgreSQL", postgres)] {
        if name == "PostgreSQL" && server.is_none() {
            continue;
        }
        eprintln!("bench: {name}");
        table.add(name, measure::measure(binary, size, server.as_deref()).await.with_context(|| name.to_owned())?);
    }
    println!("{table}");
    Ok(table.is_right())
}
