//! The commands of `sportello`.

use crate::archivio::Archivio;
use crate::{backup, config::Config, demo, serve};
use anyhow::Context as _;
use clap::{Parser, Subcommand};
use portal::verifica::Prova;
use std::path::PathBuf;

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
    /// Say whether a configuration is fit for production, without starting anything.
    CheckConfig {
        /// File in TOML, as for `serve`.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: PathBuf,
    },
    /// Check that what is written still is what was promised: one line for each invariant. Ends with 1 when one is broken.
    Verify {
        /// Folder of the data, with SQLite in it.
        #[arg(long, required_unless_present = "config", conflicts_with = "config")]
        data: Option<PathBuf>,
        /// File in TOML, as for `serve`.
        #[arg(long, env = "SPORTELLO_CONFIG")]
        config: Option<PathBuf>,
    },
    /// Copy an installation on SQLite while it works.
    Backup {
        /// Folder of the data.
        #[arg(long)]
        data: PathBuf,
        /// Folder to make: it must not be there.
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a backup into an empty folder, or only prove that it could be done.
    Restore {
        /// Folder that `backup` made.
        #[arg(long)]
        from: PathBuf,
        /// Folder of the data. With --verify: the installation in use, which must go on from the backup.
        #[arg(long, required_unless_present = "verify")]
        data: Option<PathBuf>,
        /// Restore into a folder that goes again, and check every invariant there.
        #[arg(long)]
        verify: bool,
    },
    /// Print the configuration reference with its defaults.
    Config,
}

/// Runs the command until it ends or is told to stop.
///
/// # Errors
/// With a sentence for whoever typed the command.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    // fails only when a provider is installed already, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve { config } => {
                let config = Config::load(&config)?;
                serve::serve(config).await
            }
            Command::Jobs { config } => serve::jobs(Config::load(&config)?).await,
            Command::Demo { data, port_base, database } => demo::run(&Archivio { folder: data, database }, port_base).await,
            Command::Migrate { config } => {
                let version = Config::load(&config)?.archivio().migrate().await?;
                println!("the tables are at version {version}");
                Ok(())
            }
            Command::CheckConfig { config } => {
                let loaded = Config::load(&config)?;
                loaded.check()?;
                loaded.porta(portal::Clock::system()?.now())?;
                println!("{} is fit for production", config.display());
                Ok(())
            }
            Command::Verify { data: Some(folder), .. } => verify(&Archivio::in_folder(&folder)).await,
            Command::Verify { data: None, config } => {
                let config = config.context("--data or --config says where the data are")?;
                verify(&Config::load(&config)?.archivio()).await
            }
            Command::Backup { data, to } => {
                backup::backup(&Archivio::in_folder(&data), &to).await?;
                println!("{} is a backup of {}", to.display(), data.display());
                Ok(())
            }
            Command::Restore { from, data, verify: true } => {
                let against = data.as_deref().map(Archivio::in_folder);
                print_all(&backup::drill(&from, against.as_ref()).await?);
                println!("{} can be restored", from.display());
                Ok(())
            }
            Command::Restore { from, data, verify: false } => {
                let data = data.context("--data says where to")?;
                print_all(&backup::restore(&from, &data).await?);
                println!("{} is restored to {}", from.display(), data.display());
                Ok(())
            }
            Command::Config => {
                print!("{}", crate::config::DEFAULTS);
                Ok(())
            }
        }
    })
}

async fn verify(archivio: &Archivio) -> anyhow::Result<()> {
    let store = archivio.open_existing().await?;
    let prove = portal::verifica::verify(&store, portal::Clock::system()?.now()).await.context("reading the record")?;
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
