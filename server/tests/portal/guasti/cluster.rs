//! A PostgreSQL of the story's own, to be broken: its files, its process, its port. It waits for the disk, as in production.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// After a crash it goes through its log first.
const START_MAX: Duration = Duration::from_secs(60);
/// Few, so that a story can take all of them: a Sportello has 16 at the most.
pub const CONNECTIONS_MAX: usize = 24;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// Stopped and gone when dropped.
#[derive(Debug)]
pub struct Cluster {
    /// Not in the usual temporary folder: the path of a socket has room for 107 characters.
    place: PathBuf,
    bin: PathBuf,
    port: u16,
    /// PostgreSQL refuses to run as root.
    user: Option<String>,
}

impl Cluster {
    /// Made and started.
    pub fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let place = PathBuf::from(format!("/tmp/sportello-cluster.{}.{number}", std::process::id()));
        std::fs::create_dir(&place).unwrap();
        let is_root = output(Command::new("id").arg("-u")).trim() == "0";
        let user = is_root.then(|| "postgres".to_owned());
        if let Some(user) = &user {
            output(Command::new("chown").arg(user).arg(&place));
        }
        let cluster = Self { place, bin: programs(), port: free_port(), user };
        let data = cluster.data();
        let made = cluster.run(
            "initdb",
            &["-D", &data, "-U", "sportello", "-A", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"],
        );
        assert!(made, "initdb failed");
        cluster.start();
        cluster
    }

    /// As an operator writes it.
    pub fn address(&self) -> String {
        format!("postgres://sportello@127.0.0.1:{}/postgres", self.port)
    }

    /// Another database in it, empty.
    pub async fn database(&self, name: &str) -> String {
        let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(sql).execute(&mut self.stranger().await.unwrap()).await.unwrap();
        format!("postgres://sportello@127.0.0.1:{}/{name}", self.port)
    }

    /// Waits until it takes connections. What it left when it was killed may still be ending.
    pub fn start(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1 -c max_connections={CONNECTIONS_MAX} -c fsync=on -c synchronous_commit=on",
            self.port,
            self.place.display()
        );
        let log = self.place.join("log").display().to_string();
        let begun = Instant::now();
        while !self.run("pg_ctl", &["-D", &self.data(), "-l", &log, "-w", "-t", "30", "-o", &options, "start"]) {
            let said = || std::fs::read_to_string(&log).unwrap_or_default();
            assert!(begun.elapsed() < START_MAX, "PostgreSQL does not start: {}", said());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// `-m immediate`: nothing is written down any more, as when the power goes.
    pub fn stop(&self) {
        assert!(self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]));
    }

    /// SIGKILL to its first process; the others end when they see it.
    pub fn kill(&self) {
        signal("-KILL", &[self.first()]);
    }

    /// All of its processes stand still: it takes connections and says nothing.
    pub fn pause(&self) -> Paused {
        let first = self.first();
        // the first one before the others: it makes no more of them
        signal("-STOP", &[first]);
        let mut all = vec![first];
        all.extend(children(first));
        signal("-STOP", &all);
        Paused(all)
    }

    pub async fn stranger(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(&self.address()).await
    }

    fn data(&self) -> String {
        self.place.join("data").display().to_string()
    }

    fn first(&self) -> u32 {
        let file = output(Command::new("cat").arg(self.place.join("data/postmaster.pid")));
        file.lines().next().unwrap().parse().unwrap()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> bool {
        let program = self.bin.join(program);
        let mut command = match &self.user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("setpriv");
                let group = output(Command::new("id").args(["-g", user]));
                command.args(["--reuid", user, "--regid", group.trim(), "--clear-groups"]).arg(program);
                command
            }
        };
        let command = command.args(arguments).current_dir(&self.place).env_remove("PGDATA").env("HOME", &self.place);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // it may be stopped already
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
        let _ = std::fs::remove_dir_all(&self.place);
    }
}

/// They go on when this is dropped.
#[derive(Debug)]
pub struct Paused(Vec<u32>);

impl Drop for Paused {
    fn drop(&mut self) {
        signal("-CONT", &self.0);
    }
}

fn signal(name: &str, pids: &[u32]) {
    // one that has ended meanwhile is no reason to fail
    let _ = Command::new("kill").arg(name).args(pids.iter().map(u32::to_string)).stderr(Stdio::null()).status();
}

fn children(of: u32) -> Vec<u32> {
    let path = format!("/proc/{of}/task/{of}/children");
    let text = std::fs::read_to_string(path).unwrap();
    text.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Debian keeps one folder per version, the newest will do.
fn programs() -> PathBuf {
    let mut found: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.map(|entry| entry.unwrap().path().join("bin")).filter(|bin| bin.join("initdb").exists()).collect())
        .unwrap_or_default();
    found.sort();
    found.pop().unwrap_or_else(|| {
        let initdb = output(Command::new("sh").args(["-c", "command -v initdb"]));
        PathBuf::from(initdb.trim()).parent().unwrap().to_owned()
    })
}

/// Below those the system gives to whoever asks for any, and beside those of `.ci/postgres` and of `process.rs`. None is given twice: one
/// whose cluster is stopped for a while is not free.
fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(std::process::id() % 2_000).unwrap();
    for _ in 0..1_000 {
        let port = 8_000 + (first + GIVEN.fetch_add(1, Ordering::Relaxed)) % 3_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port");
}
