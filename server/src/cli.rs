//! The commands of `sportello`.

use crate::archivio::Archivio;
use crate::operatore::{self, InboxCommand, JobCommand};
use crate::{backup, config::Config, demo, health, serve};
use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use portal::verifica::Prova;
use std::path::{Path, PathBuf};

/// The pagoPA portal of an ente.
#[derive(Debug, Parser)]
#[command(name = "sportello", version)]
pub struct Cli {
    /// One JSON object a line instead of text.
    #[arg(long, global = true, env = "SPORTELLO_JSON_LOGS", value_parser = clap::builder::BoolishValueParser::new())]
    pub json_logs: bool,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start portal and station with a configuration file (production: never a sandbox).
    Serve {
        /// File in TOML; `sportello config` prints every key with its default.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: PathBuf,
    },
    /// Do what nobody waits for, on PostgreSQL, beside any number of servers and others like this.
    Jobs {
        /// File in TOML, as for `serve`.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: PathBuf,
    },
    /// Start everything with a made-up comune and a made-up pagoPA, on 127.0.0.1. No money moves.
    Demo {
        /// Folder of the data; made and filled when it is not there, kept as it is otherwise.
        #[arg(long)]
        data: PathBuf,
        /// Portal on this port, station on the next, then sandbox and metrics.
        #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..=65_532))]
        port_base: u16,
        /// An empty PostgreSQL database instead of SQLite in the folder: postgres://user:password@host:port/database.
        #[arg(long, env = "SPORTELLO_DEMO_DATABASE", hide_env_values = true)]
        database: Option<String>,
    },
    /// Bring the tables of the database up to date: once, before the first server of a new version is started.
    Migrate {
        /// File in TOML, as for `serve`.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: PathBuf,
    },
    /// Say all that a configuration lacks for production, a line for each key, without starting anything. Ends with 1 when it does.
    CheckConfig {
        /// File in TOML, as for `serve`.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: PathBuf,
    },
    /// Check that what is written still is what was promised: one line for each invariant. Ends with 1 when one is broken.
    Verify {
        #[command(flatten)]
        dove: Dove,
    },
    /// Look at jobs that are dead or late, and say what becomes of them. A server may be at work meanwhile.
    Job {
        #[command(subcommand)]
        command: JobCommand,
    },
    /// Look at messages in quarantine, and say what becomes of them. A server may be at work meanwhile.
    Inbox {
        #[command(subcommand)]
        command: InboxCommand,
    },
    /// Copy an installation while it works: database and secret, in one folder.
    Backup {
        #[command(flatten)]
        dove: Dove,
        /// Folder to make: it must not be there.
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a backup into an empty folder or database, or only prove that it could be done. Whichever of the two it was made of.
    Restore {
        /// Folder that `backup` made.
        #[arg(long)]
        from: PathBuf,
        /// Folder of the data, for SQLite. With --verify: the installation in use, which must go on from the backup.
        #[arg(long, conflicts_with = "config")]
        data: Option<PathBuf>,
        /// File in TOML, as for `serve`: its database must be empty. With --verify: the installation in use.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: Option<PathBuf>,
        /// Restore into a folder that goes again, and check every invariant there.
        #[arg(long)]
        verify: bool,
    },
    /// Ask the server of a configuration, on this machine, whether it lives (`--ready`: may be sent work). Ends with 1 when not.
    Healthz {
        /// File in TOML, as for `serve`.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: PathBuf,
        /// Ask also whether its database answers.
        #[arg(long)]
        ready: bool,
    },
    /// Print the configuration reference with its defaults.
    Config,
}

/// Of each worker, in bytes; only what is used is taken. A development build needs more than the 2 MiB that are usual.
const STACK: usize = 8 * 1024 * 1024;

/// Runs the command until it ends or is told to stop.
///
/// # Errors
/// With a sentence for whoever typed the command.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    // fails only when a provider is installed already, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .context("starting the runtime")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve { config } => {
                let config = Config::for_production(&config, portal::Clock::system()?.now())?;
                serve::serve(config).await
            }
            Command::Jobs { config } => serve::jobs(Config::load(&config)?).await,
            Command::Demo { data, port_base, database } => demo::run(&Archivio { folder: data, database }, port_base).await,
            Command::Migrate { config } => {
                let version = Config::load(&config)?.archivio().migrate().await?;
                println!("the tables are at version {version}");
                Ok(())
            }
            Command::CheckConfig { config } => check_config(&config).await,
            Command::Verify { dove } => verify(&dove.archivio()?).await,
            Command::Job { command } => operatore::job(command).await,
            Command::Inbox { command } => operatore::inbox(command).await,
            Command::Backup { dove, to } => {
                backup::backup(&dove.archivio()?, &to).await?;
                println!("{} is a backup that can be restored", to.display());
                Ok(())
            }
            Command::Restore { from, data, config, verify: true } => {
                let in_use = if data.is_some() || config.is_some() { Some(place(data, config)?) } else { None };
                print_all(&backup::drill(&from, in_use.as_ref()).await?);
                println!("{} can be restored", from.display());
                Ok(())
            }
            Command::Restore { from, data, config, verify: false } => {
                let place = place(data, config)?;
                print_all(&backup::restore(&from, &place).await?);
                println!("{} is restored to {}", from.display(), place.folder.display());
                Ok(())
            }
            Command::Healthz { config, ready } => {
                let address = Config::load(&config)?.metriche.listen;
                health::ask(address, if ready { "/readyz" } else { "/healthz" }).await
            }
            Command::Config => {
                print!("{}", crate::config::DEFAULTS);
                Ok(())
            }
        }
    })
}

/// Which installation a command works on.
#[derive(Debug, Args)]
pub struct Dove {
    /// Folder of the data, with SQLite in it.
    #[arg(long, required_unless_present = "config", conflicts_with = "config")]
    data: Option<PathBuf>,
    /// File in TOML, as for `serve`.
    #[arg(long, env = "SPORTELLO_CONFIG")]
    config: Option<PathBuf>,
}

impl Dove {
    /// # Errors
    /// When the configuration cannot be read.
    pub fn archivio(self) -> anyhow::Result<Archivio> {
        place(self.data, self.config)
    }
}

/// What a command that knows `--data` and `--config` works on.
fn place(data: Option<PathBuf>, config: Option<PathBuf>) -> anyhow::Result<Archivio> {
    if let Some(folder) = data {
        return Ok(Archivio::in_folder(&folder));
    }
    let config = config.context("--data or --config says where the data are")?;
    Ok(Config::load(&config)?.archivio())
}

/// A line for each thing, then what it comes to.
async fn check_config(file: &Path) -> anyhow::Result<()> {
    let guai = Config::examine(file, portal::Clock::system()?.now()).await?;
    for error in guai.errors() {
        println!("{error}");
    }
    for warning in guai.warnings() {
        println!("warning: {warning}");
    }
    let wrong = guai.errors().len();
    anyhow::ensure!(wrong == 0, "{} is not fit for production: {wrong} to mend", file.display());
    println!("{} is fit for production", file.display());
    Ok(())
}

async fn verify(archivio: &Archivio) -> anyhow::Result<()> {
    // before it is opened: that may write
    archivio.check(true).await?;
    let store = archivio.open_existing().await?;
    let prove = match portal::verifica::verify(&store, portal::Clock::system()?.now()).await {
        // what is no fault of the moment is in the file
        Err(error) if archivio.database.is_none() && !error.is_temporary() => {
            return Err(anyhow::Error::new(error).context(archivio.how_to_restore()).context("reading the record"));
        }
        read => read.context("reading the record")?,
    };
    print_all(&prove);
    let broken: Vec<_> = prove.iter().filter(|prova| !prova.vale()).map(|prova| prova.codice).collect();
    anyhow::ensure!(broken.is_empty(), "{} broken: {}", broken.len(), broken.join(", "));
    Ok(())
}

fn print_all(prove: &[Prova]) {
    for prova in prove {
        println!("{prova}");
    }
}
