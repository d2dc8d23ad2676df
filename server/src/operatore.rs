//! `sportello job` and `sportello inbox`: what stopped, told line by line, and what a person decides about it. Beside a server at work:
//! the folder is not locked, the database sees to it that each decision happens once.

use crate::archivio::Archivio;
use crate::cli::Dove;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use portal::Clock;
use portal::operatore::{self, Deciso, Perche};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use store::Store;

/// About jobs that stopped.
#[derive(Debug, Subcommand)]
pub enum JobCommand {
    /// Those that are dead, and those that nobody takes: kind, id, state, age, tries, ente, reason.
    List {
        #[command(flatten)]
        dove: Dove,
    },
    /// Let a dead one be tried anew, at once, by whoever does the jobs.
    Retry {
        /// As `list` tells it.
        id: String,
        #[command(flatten)]
        dove: Dove,
    },
    /// Say that a dead one was dealt with: nobody does it any more, and `verify` does not count it.
    Settle {
        /// As `list` tells it.
        id: String,
        #[command(flatten)]
        because: Because,
        #[command(flatten)]
        dove: Dove,
    },
}

/// About messages in quarantine: what came in as a receipt and cannot be one.
#[derive(Debug, Subcommand)]
pub enum InboxCommand {
    /// Those that nobody has settled: id, when it came, what it was sent as, bytes, reason.
    List {
        #[command(flatten)]
        dove: Dove,
    },
    /// Write the bytes of one into a new file, as they came. They name people; that it was done is written in the audit.
    Show {
        /// As `list` tells it.
        id: String,
        /// File to make: it must not be there.
        #[arg(long)]
        to: PathBuf,
        #[command(flatten)]
        dove: Dove,
    },
    /// Say that one was dealt with. It stays, and is told no more.
    Settle {
        /// As `list` tells it.
        id: String,
        #[command(flatten)]
        because: Because,
        #[command(flatten)]
        dove: Dove,
    },
}

#[derive(Debug, Args)]
pub struct Because {
    /// Why, for whoever reads the audit: one line, nobody's name, at most 140 characters.
    #[arg(long = "because", value_name = "TEXT", value_parser = Perche::parse)]
    perche: Perche,
}

/// # Errors
/// With a sentence for whoever typed the command.
pub async fn job(command: JobCommand) -> anyhow::Result<()> {
    match command {
        JobCommand::List { dove } => list_jobs(&open(dove).await?.0).await,
        JobCommand::Retry { id, dove } => {
            let (store, now) = open(dove).await?;
            decided(operatore::retry_job(&store, now, &id).await?, "no dead job", &id)?;
            println!("{id} is due now");
            Ok(())
        }
        JobCommand::Settle { id, because, dove } => {
            let (store, now) = open(dove).await?;
            decided(operatore::settle_job(&store, now, &id, &because.perche).await?, "no dead job", &id)?;
            println!("{id} is settled");
            Ok(())
        }
    }
}

/// # Errors
/// With a sentence for whoever typed the command.
pub async fn inbox(command: InboxCommand) -> anyhow::Result<()> {
    match command {
        InboxCommand::List { dove } => list_inbox(&open(dove).await?.0).await,
        InboxCommand::Show { id, to, dove } => {
            let (store, now) = open(dove).await?;
            show(&store, now, &id, &to).await
        }
        InboxCommand::Settle { id, because, dove } => {
            let (store, now) = open(dove).await?;
            let deciso = operatore::settle_inbox(&store, now, &id, &because.perche).await?;
            decided(deciso, "no message that waits in quarantine", &id)?;
            println!("{id} is settled");
            Ok(())
        }
    }
}

async fn open(dove: Dove) -> anyhow::Result<(Store, Timestamp)> {
    let archivio: Archivio = dove.archivio()?;
    Ok((archivio.open_existing().await?, Clock::system()?.now()))
}

fn decided(deciso: Deciso, what: &str, id: &str) -> anyhow::Result<()> {
    match deciso {
        Deciso::Fatto => Ok(()),
        Deciso::NonFermo => bail!("there is {what} with the id {id}"),
    }
}

async fn list_jobs(store: &Store) -> anyhow::Result<()> {
    let (jobs, now) = operatore::jobs(store).await?;
    for job in &jobs {
        let age = job.created_at.parse().map_or_else(|_| "?".to_owned(), |since| age(now, since));
        let (ente, errore) = (job.ente.as_deref().unwrap_or("-"), job.errore.as_deref().unwrap_or("-"));
        println!("{} {} {} since {age}, {} tries, ente {ente}: {errore}", job.tipo, job.id, job.stato, job.tentativi);
    }
    println!("{} jobs dead or overdue", told(jobs.len()));
    Ok(())
}

async fn list_inbox(store: &Store) -> anyhow::Result<()> {
    let messages = operatore::quarantena(store).await?;
    for message in &messages {
        let why = message.dettaglio.as_deref().unwrap_or("-");
        println!("{} {} {}, {} bytes: {why}", message.id, message.received_at, message.operazione, message.byte);
    }
    println!("{} messages in quarantine", told(messages.len()));
    Ok(())
}

/// What is told at once has its limit.
fn told(count: usize) -> String {
    let all = u32::try_from(count).is_ok_and(|count| count < operatore::ELENCO_MAX);
    if all { count.to_string() } else { format!("the first {count}") }
}

/// Days, hours or minutes: whichever says enough.
fn age(now: Timestamp, since: Timestamp) -> String {
    let age = now.duration_since(since);
    match (age.as_hours() / 24, age.as_hours(), age.as_mins()) {
        (days, ..) if days > 0 => format!("{days} d"),
        (_, hours, _) if hours > 0 => format!("{hours} h"),
        (.., minutes) => format!("{minutes} min"),
    }
}

async fn show(store: &Store, now: Timestamp, id: &str, to: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // made before anything is written down: who cannot have the bytes has not had them
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let file = file.as_mut().map_err(|error| anyhow::anyhow!("making {}: {error}", to.display()))?;
    let shown = operatore::show_inbox(store, now, id).await;
    if !matches!(shown, Ok(Some(_))) {
        std::fs::remove_file(to).with_context(|| format!("removing {}", to.display()))?;
    }
    let Some((message, raw)) = shown? else { bail!("there is no message in quarantine with the id {id}") };
    file.write_all(&raw).and_then(|()| file.sync_all()).with_context(|| format!("writing {}", to.display()))?;
    println!("{}: {} bytes of {} are in {}", message.id, raw.len(), message.operazione, to.display());
    println!("sha256 {}", message.sha256);
    println!("in quarantine because: {}", message.dettaglio.as_deref().unwrap_or("-"));
    println!("settled because: {}", message.risolto.as_deref().unwrap_or("-"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn an_age_is_told_in_the_unit_that_says_enough() {
        for (minutes, told) in [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1_439, "23 h"), (1_440, "1 d"), (14_400, "10 d")] {
            let since = Timestamp::UNIX_EPOCH;
            assert_eq!(age(since + SignedDuration::from_mins(minutes), since), told);
        }
    }
}
