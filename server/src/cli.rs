//! The commands of `sportello`.

use crate::archivio::Archivio;
use crate::backup::{self, Trovato};
use crate::cornice::{self, EmbedCommand};
use crate::ente::{self, EnteCommand};
use crate::form::{self, FormCommand};
use crate::manutenzione::{self, MaintenanceCommand};
use crate::operatore::{self, InboxCommand, JobCommand};
use crate::{config::Config, demo, health, serve};
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
        /// Portal on this port, station on the next, then sandbox, metrics and the sandbox's mail.
        #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..=65_531))]
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
    /// Look at how an ente looks on its pages and papers, and change it. A server may be at work meanwhile.
    Ente {
        #[command(subcommand)]
        command: EnteCommand,
    },
    /// Close the portal to citizens for a while, saying so, and open it again. Beside a server at work, without a restart.
    Maintenance {
        #[command(subcommand)]
        command: MaintenanceCommand,
    },
    /// Say which sites may show pages of an ente in a frame, as its own site does with the element `<pagamenti-comune>`.
    Embed {
        #[command(subcommand)]
        command: EmbedCommand,
    },
    /// Copy an installation while it works: database and secret, in one folder.
    Backup {
        #[command(flatten)]
        dove: Dove,
        /// Folder to make: it must not be there.
        #[arg(long)]
        to: PathBuf,
    },
    /// Put a backup into an empty folder (--data) or the empty database of a configuration (--config), whichever of the two it was made
    /// of; or only prove that it could be done (--verify: what --data or --config names is in use then, and must go on from the backup).
    Restore {
        /// Folder that `backup` made.
        #[arg(long)]
        from: PathBuf,
        #[command(flatten)]
        dove: Dove,
        /// Restore into a folder that goes again, and check every invariant there.
        #[arg(long)]
        verify: bool,
        /// The last resort: restore a damaged backup as well, when there is no other and it can still be read. Whatever is wrong with it
        /// is told, stays wrong, and is told by every later `verify`.
        #[arg(long, conflicts_with = "verify")]
        force: bool,
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
    /// Look at the form of a service before anybody fills it in, or translate one from another system.
    Form {
        #[command(subcommand)]
        command: FormCommand,
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
            Command::Ente { command } => ente::run(command).await,
            Command::Maintenance { command } => manutenzione::run(command),
            Command::Embed { command } => cornice::run(command).await,
            Command::Backup { dove, to } => {
                let trovato = backup::backup(&dove.archivio()?, &to).await?;
                print_all(&trovato.prove);
                anyhow::ensure!(
                    trovato.danni.is_empty(),
                    "{} holds a damaged record, as the installation does: {}. It is kept, and only `sportello restore --force` takes it",
                    to.display(),
                    trovato.danni.join("; ")
                );
                println!("{} is a backup that can be restored{}", to.display(), open_then(&trovato));
                Ok(())
            }
            Command::Restore { from, dove, verify: true, .. } => {
                let in_use = if dove.is_said() { Some(dove.archivio()?) } else { None };
                let trovato = backup::drill(&from, in_use.as_ref()).await?;
                print_all(&trovato.prove);
                println!("{} can be restored{}", from.display(), open_then(&trovato));
                Ok(())
            }
            Command::Restore { from, dove, verify: false, force } => {
                let place = dove.archivio()?;
                let trovato = backup::restore(&from, &place, force).await?;
                print_all(&trovato.prove);
                for danno in &trovato.danni {
                    println!("DAMAGED {danno}");
                }
                let although = if trovato.danni.is_empty() { "" } else { ", ALTHOUGH IT IS DAMAGED as told above" };
                println!("{} is restored to {}{although}{}", from.display(), place.folder.display(), open_then(&trovato));
                Ok(())
            }
            Command::Healthz { config, ready } => {
                let address = Config::load(&config)?.metriche.listen;
                println!("{}", health::ask(address, if ready { "/readyz" } else { "/healthz" }).await?);
                Ok(())
            }
            Command::Form { command } => form::run(command),
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
    #[arg(long, conflicts_with = "config")]
    data: Option<PathBuf>,
    /// File in TOML, as for `serve`. Without either: the one that the environment names in SPORTELLO_CONFIG.
    #[arg(long)]
    config: Option<PathBuf>,
}

impl Dove {
    /// What is typed counts before the environment, where a container or a unit may have its configuration for good.
    fn config(&self) -> Option<PathBuf> {
        self.config.clone().or_else(|| std::env::var_os("SPORTELLO_CONFIG").filter(|name| !name.is_empty()).map(PathBuf::from))
    }

    fn is_said(&self) -> bool {
        self.data.is_some() || self.config().is_some()
    }

    /// # Errors
    /// When none is named, or the configuration cannot be read.
    pub fn archivio(self) -> anyhow::Result<Archivio> {
        if let Some(folder) = &self.data {
            return Ok(Archivio::in_folder(folder));
        }
        let config = self.config().context(
            "nothing says where the data are: --data FOLDER names the folder with SQLite in it, --config FILE the configuration of \
             `sportello serve`",
        )?;
        Ok(Config::load(&config)?.archivio())
    }
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
    let codes = |is: fn(&Prova) -> bool| prove.iter().filter(|prova| is(prova)).map(|prova| prova.codice).collect::<Vec<_>>();
    let (broken, open) = (codes(Prova::is_rotta), codes(Prova::is_aperta));
    let told: Vec<_> = [("broken", broken), ("open", open)]
        .into_iter()
        .filter(|(_, codes)| !codes.is_empty())
        .map(|(what, codes)| format!("{} {what}: {}", codes.len(), codes.join(", ")))
        .collect();
    anyhow::ensure!(told.is_empty(), told.join("; "));
    Ok(())
}

/// Said of a copy: it waits for the same people as the installation did.
fn open_then(trovato: &Trovato) -> String {
    trovato.aperte().map_or_else(String::new, |codes| format!("; open when it was made, for somebody to see to: {codes}"))
}

fn print_all(prove: &[Prova]) {
    for prova in prove {
        println!("{prova}");
    }
}
