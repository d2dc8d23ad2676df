//! What stands around the program: units of systemd, a container, the addresses an operator and a finder of faults ask.

use crate::guasti::process::{Place, client};
use crate::harness::{Folder, Sportello};
use clap::Parser as _;
use server::cli::Cli;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn deploy(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(deploy(name)).unwrap()
}

/// What a line of `KEY=` of a unit says, every time it stands there.
fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    unit.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

const UNITS: [&str; 2] = ["sportello.service", "sportello-jobs.service"];

#[test]
fn a_unit_starts_a_command_that_there_is_and_may_do_nothing_else() {
    for name in UNITS {
        let unit = text(name);
        let [start] = values(&unit, "ExecStart")[..] else { panic!("{name}: one ExecStart") };
        assert!(Cli::try_parse_from(start.split(' ')).is_ok(), "{name}: {start}");
        for (key, value) in [
            ("ProtectSystem", "strict"),
            ("NoNewPrivileges", "yes"),
            ("StateDirectory", "sportello"),
            ("CapabilityBoundingSet", ""),
            ("SystemCallArchitectures", "native"),
        ] {
            assert_eq!(values(&unit, key), [value], "{name}: {key}");
        }
        assert_eq!(values(&unit, "SystemCallFilter"), ["@system-service", "~@privileged @resources"], "{name}");
        // a secret in a unit is readable by everybody on the machine
        assert!(values(&unit, "Environment").is_empty(), "{name}");
    }
}

/// As an operator installs it, but for the program's place; `None` where there is no systemd.
fn analyze(unit: &str, arguments: &[&str]) -> Option<Output> {
    let folder = Folder::new();
    let here = folder.path().join(unit);
    std::fs::write(&here, text(unit).replace("/usr/bin/sportello", env!("CARGO_BIN_EXE_sportello"))).unwrap();
    match Command::new("systemd-analyze").args(arguments).arg(&here).output() {
        Ok(output) => Some(output),
        Err(_) => {
            eprintln!("systemd-analyze is not installed: {unit} is not checked by it");
            None
        }
    }
}

#[test]
fn systemd_reads_the_units_and_finds_little_exposed() {
    for name in UNITS {
        let Some(read) = analyze(name, &["verify", "--man=no"]) else { return };
        let said = String::from_utf8_lossy(&read.stderr).into_owned();
        assert!(read.status.success() && !said.contains(name), "{name}: {said}");
        // of 100, in tenths of what it prints: 1.5 is "OK", the best of its words; what is left is the network, which is its work
        let security = analyze(name, &["security", "--offline=true", "--threshold=15", "--no-pager"]).unwrap();
        assert!(security.status.success(), "{name}: {}", String::from_utf8_lossy(&security.stdout));
    }
}

/// Not built here: no registry to take the base from.
#[test]
fn the_container_runs_as_nobody_and_asks_for_its_health_with_a_command_that_there_is() {
    let file = text("Containerfile");
    let line = |start: &str| file.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_else(|| panic!("no {start}"));
    assert_eq!(line("USER "), "65532:65532");
    assert_eq!(line("VOLUME "), "/var/lib/sportello");
    let health = line("HEALTHCHECK ").split_once("CMD ").unwrap().1;
    for array in [health, line("ENTRYPOINT "), line("CMD ")] {
        let words: Vec<String> = serde_json::from_str(array).unwrap();
        let first = if words[0].starts_with('/') { words.clone() } else { [vec!["sportello".into()], words].concat() };
        let alone = first.len() == 1;
        let command = [first, vec!["--config".to_owned(), "x".to_owned()]].concat();
        assert!(alone || Cli::try_parse_from(&command).is_ok(), "{command:?}");
    }
    for name in line("ENV ").split(' ').filter_map(|pair| pair.split('=').next()) {
        assert!(["SPORTELLO_CONFIG", "CREDENTIALS_DIRECTORY", "SPORTELLO_JSON_LOGS"].contains(&name), "{name}");
    }
    assert!(file.contains("COPY --chmod=755 dist/sportello /usr/bin/sportello"));
}

#[tokio::test]
async fn healthz_says_whether_a_server_of_this_machine_lives() {
    let (folder, logs) = (Folder::new(), Folder::new());
    let place = Place::new(folder.path(), &logs.path().join("log"));
    let (process, _) = place.start().await;
    let file = logs.path().join("sportello.toml");
    let ask = |host: &str, more: &[&str]| {
        let config = format!(
            "[web]\npublic_url = \"https://pagamenti.example\"\n[metriche]\nlisten = \"{host}:{}\"\n",
            place.address(3).1
        );
        std::fs::write(&file, config).unwrap();
        Command::new(env!("CARGO_BIN_EXE_sportello")).arg("healthz").args(more).arg("--config").arg(&file).output().unwrap()
    };
    for more in [&[][..], &["--ready"]] {
        for host in ["127.0.0.1", "0.0.0.0"] {
            let well = ask(host, more);
            assert!(well.status.success(), "{host}: {well:?}");
            let said = String::from_utf8(well.stdout).unwrap();
            let path = if more.is_empty() { "/healthz answers 200: ok" } else { "/readyz answers 200: ready" };
            assert!(said.lines().count() == 1 && said.contains(path), "{said}");
        }
    }
    drop(process);
    let gone = ask("127.0.0.1", &[]);
    let said = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert!(!gone.status.success() && said.contains("/healthz"), "{said}");
}

#[tokio::test]
async fn whoever_finds_a_weakness_is_told_whom_to_write_to() {
    let sportello = Sportello::start().await;
    let answer = client().get(sportello.url("/.well-known/security.txt")).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "text/plain; charset=utf-8")
    );
    let text = answer.text().await.unwrap();
    let of = |name: &str| {
        let found: Vec<_> = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect();
        assert_eq!(found.len(), 1, "{name} once in {text}");
        found[0].to_owned()
    };
    assert_eq!(of("Contact"), "mailto:sicurezza@comune.valdoria.example");
    assert_eq!(of("Canonical"), sportello.url("/.well-known/security.txt"));
    assert_eq!(of("Preferred-Languages"), "it, en");
    assert!(of("Expires").parse::<jiff::Timestamp>().is_ok());
    assert!(text.ends_with('\n'));
}
