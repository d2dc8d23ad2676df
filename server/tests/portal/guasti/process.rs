//! The binary in a process of its own, on a folder and four ports that stay the same from one start to the next.

use super::check::copy_files;
use crate::harness::Folder;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use store::Store;
use tokio::time::sleep;

/// A start is some 30 ms; a machine that does ten other things may need much longer.
const START_MAX: Duration = Duration::from_secs(30);

/// Where a Sportello lives.
#[derive(Clone, Debug)]
pub struct Place {
    pub data: PathBuf,
    pub log: PathBuf,
    base: u16,
    /// `postgres://…`; else SQLite in the folder.
    database: Option<String>,
    /// Of the environment: what it is told to fail at.
    env: Vec<(&'static str, String)>,
    /// `serve` or `jobs` with a configuration file; else `demo`.
    production: Option<(&'static str, PathBuf)>,
    /// Said to a shell before it becomes the binary: limits.
    shell: Option<String>,
    /// `RUST_LOG`, as JSON; without it, the default as text.
    talkative: Option<&'static str>,
}

impl Place {
    /// `log` outside of the data: a full disk must not hide what is said about it.
    pub fn new(data: &Path, log: &Path) -> Self {
        Self {
            data: data.to_owned(),
            log: log.to_owned(),
            base: free_ports(),
            database: None,
            env: Vec::new(),
            production: None,
            shell: None,
            talkative: None,
        }
    }

    /// Under a limit of the shell, such as `ulimit -n 256`.
    pub fn under(self, limit: &str) -> Self {
        Self { shell: Some(limit.to_owned()), ..self }
    }

    /// With its data in a PostgreSQL.
    pub fn on(self, database: &str) -> Self {
        Self { database: Some(database.to_owned()), ..self }
    }

    /// With this in its environment.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.to_owned()));
        self
    }

    /// Started as `serve` or `jobs`, on what a demo has filled: without what says that it is a demo's.
    pub fn in_production(self, command: &'static str, lease_ms: u32) -> Self {
        let _ = std::fs::remove_file(self.data.join("demo.json"));
        let at = |offset: u16| format!("127.0.0.1:{}", self.base + offset);
        let text = format!(
            "[web]\nlisten = \"{}\"\npublic_url = \"https://pagamenti.comune.valdoria.it\"\n\
             [stazione]\nlisten = \"{}\"\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[metriche]\nlisten = \"{}\"\n\
             [dati]\nfolder = \"{}\"\ndatabase = \"{}\"\n[jobs]\nlease_ms = {lease_ms}\n[checkout]\nsubscription_key = \"x\"\n",
            at(0),
            at(1),
            at(3),
            self.data.display(),
            self.database.as_deref().unwrap_or_default()
        );
        let file = self.log.with_extension(format!("{}.toml", self.base));
        std::fs::write(&file, text).unwrap();
        Self { production: Some((command, file)), ..self }
    }

    /// Nobody whom a process left behind is at work in the database any more: PostgreSQL ends by itself what it had begun.
    pub async fn settled(&self) {
        let Some(address) = &self.database else { return };
        let mut stranger = PgConnection::connect(address).await.unwrap();
        let left = "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'sportello' AND datname = current_database()";
        let begun = Instant::now();
        while sqlx::query_scalar::<_, i64>(left).fetch_one(&mut stranger).await.unwrap() > 0 {
            assert!(begun.elapsed() < START_MAX, "a connection of a dead process is still there");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// A folder with a SQLite file of everything it has written, read from outside, whatever the process is doing.
    pub async fn copy(&self) -> Folder {
        let copy = Folder::new();
        match &self.database {
            None => {
                copy_files(&self.data, copy.path());
            }
            Some(address) => {
                let (live, file) =
                    (Store::connect(address).await.unwrap(), Store::open(&copy.path().join("sportello.db")).await.unwrap());
                live.copy_into(&file).await.unwrap();
                file.close().await;
                live.close().await;
            }
        }
        copy
    }

    /// Logs as JSON, and as much as this `RUST_LOG` asks for.
    pub fn talkative(self, rust_log: &'static str) -> Self {
        Self { talkative: Some(rust_log), ..self }
    }

    pub fn url(&self, offset: u16, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.base + offset)
    }

    pub fn address(&self, offset: u16) -> (&'static str, u16) {
        ("127.0.0.1", self.base + offset)
    }

    pub fn station(&self) -> String {
        self.url(1, "/pagopa/pa")
    }

    pub fn log_text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Started; it may not answer yet.
    pub fn spawn(&self) -> Process {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(&self.log).unwrap();
        let binary = env!("CARGO_BIN_EXE_sportello");
        let mut command = match &self.shell {
            None => Command::new(binary),
            Some(limit) => {
                let mut shell = Command::new("bash");
                shell.args(["-c", &format!("{limit} && exec \"$0\" \"$@\""), binary]);
                shell
            }
        };
        match &self.production {
            None => command.args(["demo", "--data"]).arg(&self.data).args(["--port-base", &self.base.to_string()]),
            Some((name, file)) => command.args([name, "--config"]).arg(file),
        };
        command.env_remove("RUST_LOG");
        if let Some(rust_log) = self.talkative {
            command.env("RUST_LOG", rust_log).arg("--json-logs");
        }
        let child = command
            .envs(self.database.iter().map(|address| ("SPORTELLO_DEMO_DATABASE", address)))
            .envs(self.env.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Process { child }
    }

    /// Started, and answering; with how long that took.
    pub async fn start(&self) -> (Process, Duration) {
        let begun = Instant::now();
        let mut process = self.spawn();
        self.until_it_answers(&mut process).await;
        (process, begun.elapsed())
    }

    pub async fn until_it_answers(&self, process: &mut Process) {
        let begun = Instant::now();
        while !self.is_ready().await {
            let ended = process.ended();
            assert!(ended.is_none() && begun.elapsed() < START_MAX, "{ended:?}: {}", self.log_text());
            sleep(Duration::from_millis(2)).await;
        }
    }

    /// It can read its database.
    pub async fn is_ready(&self) -> bool {
        // a client takes longer to build than a connection to be refused
        if tokio::net::TcpStream::connect(self.address(3)).await.is_err() {
            return false;
        }
        let answer = client().get(self.url(3, "/readyz")).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }
}

/// Killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: not a line of its own runs any more.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.id().to_string()]).status().unwrap().success());
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// Waits until it ends by itself; `None` when it is still there after `max`.
    pub async fn wait(&mut self, max: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        loop {
            let ended = self.ended();
            if ended.is_some() || begun.elapsed() > max {
                return ended;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client that keeps connections, as the Nodo does.
pub fn client() -> reqwest::Client {
    nodo::http::client(&"http://127.0.0.1/".parse().unwrap(), Duration::from_secs(30)).unwrap()
}

/// Below the ports that the system gives to whoever asks for any: between a kill and the next start nobody takes ours.
fn free_ports() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let block = u16::try_from(std::process::id() % 400).unwrap() * 50;
    for _ in 0..1_000 {
        let base = 11_000 + (block + NEXT.fetch_add(5, Ordering::Relaxed)) % 20_000;
        let free: Vec<_> = (base..base + 5).filter_map(|port| TcpListener::bind(("127.0.0.1", port)).ok()).collect();
        if free.len() == 5 {
            return base;
        }
    }
    panic!("no five free ports in a row");
}
