//! The server under measure: `sportello serve` as in production, but for the addresses. Its folder, its database, its memory.

use crate::database::Database;
use crate::fill;
use anyhow::{Context as _, bail, ensure};
use http::StatusCode;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::Store;

/// A start is some ten milliseconds; this is for a machine that does ten other things.
const START_MAX: Duration = Duration::from_secs(60);

/// One machine asks for everybody: what is measured is the work, not the patience.
const LIMITS: &str = "[ricerca]\naddress_misses = 1000000000\naddress_misses_per_hour = 1000000000\nnotice_looks = 1000000000\n\
                      notice_looks_per_hour = 1000000000\nente_misses = 1000000000\nente_misses_per_hour = 1000000000\nperson_misses = 1000000000\n\
                      person_misses_per_hour = 1000000000\n";

/// An installation filled with positions; gone when it is dropped.
pub struct Place {
    binary: PathBuf,
    folder: PathBuf,
    pub web: SocketAddr,
    pub station: SocketAddr,
    metrics: SocketAddr,
    /// For counting from outside.
    pub database: Database,
}

impl Place {
    /// Makes and fills it. `server`: a PostgreSQL; `None` is SQLite. Also how long the filling took.
    ///
    /// # Errors
    /// Those of the database and of the folder.
    pub async fn new(binary: &Path, positions: u64, server: Option<&str>) -> anyhow::Result<(Self, Duration)> {
        let folder = std::env::temp_dir().join(format!("sportello-bench-{}-{}", std::process::id(), server.is_some()));
        std::fs::create_dir_all(&folder)?;
        write_private(&folder.join("segreto"), &[0x5E; 32])?;
        let database = match server {
            None => String::new(),
            Some(server) => {
                let admin = Database::postgres(server).await.context("PostgreSQL")?;
                // one that a run before us left, on a server that is not lent
                admin.run("DROP DATABASE IF EXISTS sportello_bench").await?;
                admin.run("CREATE DATABASE sportello_bench").await?;
                let (base, _) = server.rsplit_once('/').context("SPORTELLO_TEST_POSTGRES names no database")?;
                format!("{base}/sportello_bench")
            }
        };
        let [web, station, metrics] = free_addresses()?;
        let config = format!(
            "[web]\nlisten = \"{web}\"\npublic_url = \"https://bench.example\"\n[stazione]\nlisten = \"{station}\"\n\
             allow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[metriche]\nlisten = \"{metrics}\"\n[dati]\nfolder = \"{}\"\ndatabase = \"{database}\"\n\
             [checkout]\nsubscription_key = \"bench\"\n{LIMITS}",
            folder.display()
        );
        write_private(&folder.join("sportello.toml"), config.as_bytes())?;
        let sqlite = folder.join("sportello.db");
        let store = if database.is_empty() {
            write_private(&sqlite, b"")?;
            Store::open(&sqlite).await?
        } else {
            Store::migrate(&database).await?;
            Store::connect(&database).await?
        };
        fill::begin(&store).await?;
        store.close().await;
        let database = if database.is_empty() { Database::sqlite(&sqlite).await? } else { Database::postgres(&database).await? };
        let begun = Instant::now();
        if let Database::Sqlite(_) = database {
            // for this connection and until it is settled: nothing is promised to anybody yet
            database.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -524288;").await?;
        }
        fill::copy(&database, positions).await?;
        database.settle().await?;
        Ok((Self { binary: binary.to_owned(), folder, web, station, metrics, database }, begun.elapsed()))
    }

    /// Started, and ready; with how long that took.
    ///
    /// # Errors
    /// With its log, when it ends or takes too long.
    pub async fn start(&self) -> anyhow::Result<(Server, Duration)> {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.join("log"))?;
        let begun = Instant::now();
        let child = self.command("serve").env_remove("RUST_LOG").stdout(Stdio::null()).stderr(log).spawn()?;
        let mut server = Server { child };
        while !self.is_ready().await {
            let ended = server.child.try_wait()?;
            if ended.is_some() || begun.elapsed() > START_MAX {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                bail!("it does not start: {ended:?}\n{}", log.lines().rev().take(5).collect::<Vec<_>>().join("\n"));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((server, begun.elapsed()))
    }

    async fn is_ready(&self) -> bool {
        let client = crate::client::Client::new(self.metrics);
        client.get("/readyz").await.is_ok_and(|(status, _)| status == StatusCode::OK)
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--json-logs").arg(name).arg("--config").arg(self.folder.join("sportello.toml")).stdin(Stdio::null());
        command
    }

    /// `sportello verify`, beside the server: how long it took.
    ///
    /// # Errors
    /// With what it says, when an invariant is broken or it cannot read to the end.
    pub async fn verify(&self) -> anyhow::Result<Duration> {
        let mut command = self.command("verify");
        let begun = Instant::now();
        let output = tokio::task::spawn_blocking(move || command.env_remove("RUST_LOG").output()).await??;
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).join("");
        ensure!(output.status.success(), "verify, after {} ms: {said}", begun.elapsed().as_millis());
        Ok(begun.elapsed())
    }

    /// MiB of the database.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn size_mib(&self) -> anyhow::Result<u64> {
        let bytes = match self.database {
            Database::Sqlite(_) => std::fs::metadata(self.folder.join("sportello.db"))?.len(),
            Database::Postgres(_) => self.database.number("SELECT pg_database_size(current_database())").await?,
        };
        Ok(bytes >> 20)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // the database on PostgreSQL goes with its cluster; what cannot be removed here is told by the next look at the disk
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Killed when dropped.
pub struct Server {
    child: Child,
}

impl Server {
    /// SIGKILL: not a line of its own runs any more.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn kill(mut self) -> anyhow::Result<()> {
        ensure!(self.child.try_wait()?.is_none(), "it ended by itself");
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// MiB in memory now.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn rss_mib(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib >> 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    Ok(())
}

fn free_addresses() -> anyhow::Result<[SocketAddr; 3]> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    // all at once, or the same one could come twice
    let listeners = [TcpListener::bind(any)?, TcpListener::bind(any)?, TcpListener::bind(any)?];
    Ok([listeners[0].local_addr()?, listeners[1].local_addr()?, listeners[2].local_addr()?])
}
