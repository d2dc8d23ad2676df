//! The binary as the operator starts it.

use crate::configurazione::FIT;
use crate::harness::{Folder, Sportello, VALDORIA};
use crate::postgres_place::PostgresPlace;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub fn sportello() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs it to its end, which must come by itself.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

/// It failed with one line a person can act on.
pub fn refusal(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    let said: Vec<_> = text.lines().filter(|line| line.starts_with("sportello: ")).collect();
    assert_eq!(said.len(), 1, "{text}");
    assert!(!text.contains("panicked"), "{text}");
    said[0].to_owned()
}

#[tokio::test]
async fn the_tables_of_postgres_are_made_by_migrate_and_by_nobody_else() {
    let place = PostgresPlace::bare().await;
    let folder = Folder::new();
    let file = folder.path().join("sportello.toml");
    let dati = format!("[dati]\nfolder = \"{}\"\ndatabase = \"{}\"\n", folder.path().display(), place.address());
    std::fs::write(&file, FIT.replace("[dati]\nfolder = \"@\"\n", &dati)).unwrap();
    let command = |name: &str| run(sportello().args([name, "--config"]).arg(&file));
    for name in ["serve", "verify"] {
        let refused = refusal(&command(name));
        assert!(refused.contains("run `sportello migrate` once"), "{refused}");
    }
    for _ in 0..2 {
        let migrated = command("migrate");
        assert!(migrated.status.success(), "{migrated:?}");
    }
    let verified = command("verify");
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_damaged_secret_stops_the_start_and_is_not_replaced() {
    let folder = Folder::new();
    let secret = folder.path().join("segreto");
    for damaged in [&b""[..], &[7; 31], &[7; 33]] {
        std::fs::write(&secret, damaged).unwrap();
        let refused = refusal(&demo_on(folder.path()));
        assert!(refused.contains("segreto is damaged") && refused.contains("restore it from a backup"), "{refused}");
        assert_eq!(std::fs::read(&secret).unwrap(), damaged);
    }
}

#[tokio::test]
async fn a_lost_secret_stops_the_start_and_is_not_drawn_again() {
    let folder = Sportello::start_on_sqlite().await.into_folder();
    let lost = folder.path().join("segreto");
    std::fs::remove_file(&lost).unwrap();
    let path = folder.path().to_owned();
    // beside this task: the first Sportello needs it to stop
    let refused = refusal(&tokio::task::spawn_blocking(move || demo_on(&path)).await.unwrap());
    assert!(refused.contains("segreto is missing") && refused.contains("restore it from a backup"), "{refused}");
    assert!(!lost.exists());
}

#[tokio::test]
async fn a_folder_serves_one_sportello_and_names_people_to_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let sportello = Sportello::start_on_sqlite().await;
    let refused = refusal(&demo_on(sportello.folder()));
    assert!(refused.contains("is in use by another sportello"), "{refused}");
    for name in ["segreto", "sportello.db", "sportello.db-wal", "sportello.db-shm"] {
        let mode = std::fs::metadata(sportello.folder().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_told() {
    let folder = Folder::new();
    let file = folder.path().join("dati");
    std::fs::write(&file, "x").unwrap();
    let refused = refusal(&demo_on(&file));
    assert!(refused.contains("is a file, not a folder"), "{refused}");
}

/// The output of a demo that cannot start.
pub fn demo_on(folder: &Path) -> Output {
    run(sportello().args(["demo", "--data"]).arg(folder).args(["--port-base", &free_ports().to_string()]))
}

#[test]
fn a_port_that_somebody_else_has_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = Folder::new();
    let refused = refusal(&run(sportello()
        .args(["demo", "--data"])
        .arg(folder.path())
        .args(["--port-base", &port.min(65_531).to_string()])));
    assert!(refused.contains(&format!("127.0.0.1:{port}")) && refused.contains("Address already in use"), "{refused}");
}

#[tokio::test]
async fn a_demo_on_a_folder_that_was_used_keeps_what_is_there() {
    let sportello = Sportello::start().await;
    let (numero, before) = (sportello.avviso("APERTA").numero, sportello.demo_json());
    sportello.pay_elsewhere(&numero, json!({})).await;
    let secret = std::fs::read(sportello.folder().join("segreto")).unwrap();
    let enti = sportello.portal.enti().await.unwrap();
    let folder = sportello.into_folder();

    let sportello = Sportello::start_in(folder).await;
    let after = sportello.demo_json();
    let numeri =
        |demo: &Value| demo["avvisi"].as_array().unwrap().iter().map(|a| a["numero"].to_string()).collect::<BTreeSet<_>>();
    assert_eq!(numeri(&before), numeri(&after), "the same notices, none twice");
    assert_eq!(sportello.portal.enti().await.unwrap(), enti);
    assert_eq!(std::fs::read(sportello.folder().join("segreto")).unwrap(), secret);
    assert_eq!(sportello.find_avviso(|a| a.numero == numero).stato, "PAGATA");
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
    for (name, url) in [("web", &sportello.indirizzi.web), ("sandbox", &sportello.indirizzi.sandbox)] {
        assert_eq!(after[name], url.origin().ascii_serialization(), "the ports of this start");
        assert_ne!(after[name], before[name]);
    }
}

#[tokio::test]
async fn a_demo_killed_while_it_filled_its_folder_is_whole_at_the_next_start() {
    let whole = Sportello::start().await.demo_json()["avvisi"].as_array().unwrap().len();
    for wait_ms in [0, 40, 80, 120, 160, 240, 320, 400, 600] {
        let folder = Folder::new();
        let mut child = sportello()
            .args(["demo", "--data"])
            .arg(folder.path())
            .args(["--port-base", &free_ports().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let sportello = Sportello::start_in(folder).await;
        assert_eq!(sportello.demo_json()["avvisi"].as_array().unwrap().len(), whole, "killed after {wait_ms} ms");
        assert!(!sportello.folder().join("preparazione").exists());
    }
}

/// The first of five ports that nobody has at the moment.
fn free_ports() -> u16 {
    for _ in 0..200 {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = first.local_addr().unwrap().port();
        let rest: Vec<_> = (1..5).filter_map(|i| TcpListener::bind(("127.0.0.1", base.checked_add(i)?)).ok()).collect();
        if rest.len() == 4 {
            return base;
        }
    }
    panic!("no five free ports in a row");
}

/// A demo in a process of its own, killed when dropped.
struct Process {
    child: Child,
    base: u16,
}

impl Process {
    /// Started, and answering.
    async fn start(folder: &Path) -> Self {
        let base = free_ports();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap();
        let child = sportello()
            .args(["--json-logs", "demo", "--data"])
            .arg(folder)
            .args(["--port-base", &base.to_string()])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut process = Self { child, base };
        let client = client();
        let begun = Instant::now();
        while client.get(process.url(3, "/healthz")).send().await.is_err() {
            let ended = process.child.try_wait().unwrap();
            assert!(ended.is_none() && begun.elapsed() < Duration::from_secs(30), "{ended:?}: {}", log_of(folder));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process
    }

    fn url(&self, offset: u16, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.base + offset)
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn client() -> reqwest::Client {
    nodo::http::client(&"http://127.0.0.1/".parse().unwrap(), Duration::from_secs(30)).unwrap()
}

fn log_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

#[tokio::test]
async fn a_demo_that_is_killed_loses_nothing_it_said_ok_to_and_its_log_names_nobody() {
    let folder = Folder::new();
    let process = Process::start(folder.path()).await;
    let client = client();
    let demo: Value = serde_json::from_slice(&std::fs::read(folder.path().join("demo.json")).unwrap()).unwrap();
    let avvisi = demo["avvisi"].as_array().unwrap();
    let open: Vec<_> = avvisi.iter().filter(|a| a["stato"] == "APERTA").map(|a| a["numero"].as_str().unwrap()).collect();
    let numero = open[0];

    let found = client.post(process.url(0, "/valdoria/avviso")).form(&[("numero", numero)]).send().await.unwrap();
    assert_eq!(found.status(), 303);
    let page = found.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(client.get(process.url(0, &page)).send().await.unwrap().status(), 200);
    assert_eq!(client.get(process.url(0, &format!("/valdoria/avviso/{numero}"))).send().await.unwrap().status(), 303);
    let form = crate::harness::form();
    assert_eq!(client.post(process.url(0, crate::harness::PASTI)).form(&form).send().await.unwrap().status(), 303);
    let body = json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": numero, "copie": 3 });
    let paid: Value = client.post(process.url(2, "/psp/pay")).json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(paid["passi"].as_array().unwrap().iter().filter(|p| p["outcome"] == "OK").count(), 5, "{paid}");
    let metrics = client.get(process.url(3, "/metrics")).send().await.unwrap().text().await.unwrap();
    for line in [
        "sportello_station_answers_total{primitiva=\"paVerifyPaymentNotice\",status=\"200\"} 1",
        "sportello_station_answers_total{primitiva=\"paSendRTV2\",status=\"200\"} 3",
        "sportello_station_seconds_bucket{primitiva=\"paSendRTV2\",le=\"2\"} 3",
        "sportello_inbox_messages{esito=\"RIPETUTO\"} 2",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    assert_eq!(client.get(process.url(3, "/readyz")).send().await.unwrap().status(), 200);
    assert!(!metrics.contains(numero));
    drop(process);

    let mut process = Process::start(folder.path()).await;
    let demo: Value = serde_json::from_slice(&std::fs::read(folder.path().join("demo.json")).unwrap()).unwrap();
    let again = demo["avvisi"].as_array().unwrap().iter().find(|a| a["numero"] == numero).unwrap();
    assert_eq!(again["stato"], "PAGATA");

    // told to stop, it stops by itself and calls that a success
    process.signal("-TERM");
    let begun = Instant::now();
    let ended = loop {
        if let Some(ended) = process.child.try_wait().unwrap() {
            break ended;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "still there: {}", log_of(folder.path()));
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(ended.success(), "{ended}");

    let log = log_of(folder.path());
    assert!(log.lines().count() > 10);
    let token = page.rsplit('/').next().unwrap();
    let mut secrets =
        vec![numero, token, "RSSMRA85T10A562S", "Mario Rossi", "mario.rossi@posta.example", "IT89F9999901000000000012345"];
    secrets.extend(avvisi.iter().flat_map(|a| [a["numero"].as_str().unwrap(), a["codice_fiscale_debitore"].as_str().unwrap()]));
    for line in log.lines() {
        assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
        for secret in &secrets {
            assert!(!line.contains(secret), "{secret} in {line}");
        }
    }
}
