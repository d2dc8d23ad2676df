//! `sportello serve` in a process of its own, on a folder that a demo has filled.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A machine that does ten other things.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Ended when dropped.
pub struct Serve {
    child: Child,
    pub station: SocketAddr,
    metrics: String,
    log: PathBuf,
}

fn free_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Serve {
    /// With `certificato.pem`, `chiave.pem` and `ca.pem` of the folder; under a limit of the shell.
    pub async fn start_tls(data: &Path, files: &Path, limit: &str) -> Self {
        let at = |name: &str| files.join(name).display().to_string();
        let (certificate, key, ca) = (at("certificato.pem"), at("chiave.pem"), at("ca.pem"));
        let tls = format!("[stazione.tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\"\nclient_ca = [\"{ca}\"]\n");
        Self::start(data, files, &tls, limit).await
    }

    /// Started, and answering on its metrics; `stazione` is the rest of that section. Of a demo's data without what says so.
    pub async fn start(data: &Path, files: &Path, stazione: &str, limit: &str) -> Self {
        let _ = std::fs::remove_file(data.join("demo.json"));
        let [web, station, metriche] = [(); 3].map(|()| free_port());
        let log = files.join("log");
        let config = format!(
            "[web]\nlisten = \"{web}\"\npublic_url = \"https://pagamenti.comune.example\"\n[metriche]\nlisten = \"{metriche}\"\n\
             [dati]\nfolder = \"{}\"\n[checkout]\nsubscription_key = \"chiave\"\n[stazione]\nlisten = \"{station}\"\n\
             allow = [\"127.0.0.1\"]\n{stazione}",
            data.display()
        );
        std::fs::write(files.join("sportello.toml"), config).unwrap();
        let child = Command::new("bash")
            .args(["-c", &format!("{limit} && exec \"$0\" serve --config \"$1\""), env!("CARGO_BIN_EXE_sportello")])
            .arg(files.join("sportello.toml"))
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut serve = Self { child, station, metrics: format!("http://{metriche}/metrics"), log };
        let begun = Instant::now();
        // every socket is bound before one of them is served
        while tokio::net::TcpStream::connect(metriche).await.is_err() {
            let ended = serve.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "{ended:?}: {}", serve.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // a SIGHUP before somebody waits for it would end the process
        serve.metrics().await;
        serve
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGHUP; waits until the log says `said` once more than before.
    pub async fn hang_up(&self, said: &str) {
        let count = || self.log().matches(said).count();
        let before = count();
        assert!(Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status().unwrap().success());
        self.until(|| count() > before).await;
    }

    pub async fn until(&self, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < PATIENCE, "{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub async fn metrics(&self) -> String {
        let client = nodo::http::client(&"http://127.0.0.1/".parse().unwrap(), PATIENCE).unwrap();
        client.get(&self.metrics).send().await.unwrap().text().await.unwrap()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
