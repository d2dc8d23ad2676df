//! The first start, and every later one on what is left: a secret and the database it was drawn for are there together, or nothing is
//! begun. How a first start is cut off at its two edges, `guasti/punti.rs` tells.

use crate::backup::{done, entries, sportello};
use crate::comandi::{demo_on, refusal};
use crate::guasti::process::Place;
use crate::harness::{Folder, Sportello};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Fit for production, on a folder that stops it before it listens.
fn serve_on(data: &Path, file: PathBuf) -> PathBuf {
    // a production takes no demo's folder
    let _ = std::fs::remove_file(data.join("demo.json"));
    let text = format!(
        "[stazione]\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[web]\npublic_url = \"https://pagamenti.comune.example\"\n\
         [checkout]\nsubscription_key = \"chiave\"\n[dati]\nfolder = \"{}\"\n",
        data.display()
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// What both commands that start a server say.
fn refusals(data: &Path) -> [String; 2] {
    let config = Folder::new();
    let file = serve_on(data, config.path().join("sportello.toml"));
    [refusal(&sportello(&["serve"], &[("--config", &file)])), refusal(&demo_on(data))]
}

/// As after a restore, with nobody at it.
async fn used(folder: &Folder) -> PathBuf {
    let (alive, data) = (Sportello::start_on_sqlite().await, folder.path().join("dati"));
    let copy = folder.path().join("copia");
    done(&["backup"], &[("--data", alive.folder()), ("--to", &copy)]);
    done(&["restore"], &[("--from", &copy), ("--data", &data)]);
    data
}

/// The disk lost it, a hand removed it, a mount is not there: a new one would count from 1 again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_without_its_database_begins_nothing_and_the_way_back_is_told() {
    let folder = Folder::new();
    let data = used(&folder).await;
    let (database, secret) = (data.join("sportello.db"), std::fs::read(data.join("segreto")).unwrap());
    std::fs::remove_file(&database).unwrap();
    let says = |said: &str| {
        assert!(said.contains("would give out again the IUVs"), "{said}");
        assert!(
            said.contains("sportello restore --from BACKUP --data") && said.contains("Only if nothing was ever begun"),
            "{said}"
        );
    };
    refusals(&data).iter().for_each(|said| says(said));
    assert!(!database.exists(), "and makes none");
    // an empty file in its place, and one with tables and nothing in them
    std::fs::write(&database, "").unwrap();
    refusals(&data).iter().for_each(|said| says(said));
    refusals(&data).iter().for_each(|said| says(said));
    assert_eq!(std::fs::read(data.join("segreto")).unwrap(), secret);

    // the way back that is told
    std::fs::rename(&data, folder.path().join("via")).unwrap();
    done(&["restore"], &[("--from", &folder.path().join("copia")), ("--data", &data)]);
    let place = Place::new(&data, &folder.path().join("log"));
    place.start().await.0.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_with_another_secret_stops_the_start_and_is_left_as_it_is() {
    let folder = Folder::new();
    let data = used(&folder).await;
    let before = std::fs::read(data.join("sportello.db")).unwrap();
    std::fs::write(data.join("segreto"), [7; 32]).unwrap();
    for said in refusals(&data) {
        assert!(said.contains("is not the secret this database was begun with") && said.contains("from a backup"), "{said}");
    }
    assert!(std::fs::read(data.join("sportello.db")).unwrap() == before);
}

/// As versions before 0009 left it: it says no secret, and there is much in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_a_version_that_named_no_secret_names_it_from_now_on() {
    let folder = Folder::new();
    let data = used(&folder).await;
    let pool = sqlx::SqlitePool::connect(data.join("sportello.db").to_str().unwrap()).await.unwrap();
    let forgotten = sqlx::query("DELETE FROM installazione WHERE nome = 'impronta_segreto'").execute(&pool).await.unwrap();
    assert_eq!(forgotten.rows_affected(), 1);
    pool.close().await;
    let secret = std::fs::read(data.join("segreto")).unwrap();
    // and is none to draw a secret for
    std::fs::remove_file(data.join("segreto")).unwrap();
    for said in refusals(&data) {
        assert!(said.contains("segreto is missing") && said.contains("restore it from a backup"), "{said}");
    }
    std::fs::write(data.join("segreto"), secret).unwrap();
    let place = Place::new(&data, &folder.path().join("log"));
    place.start().await.0.kill();
    std::fs::write(data.join("segreto"), [7; 32]).unwrap();
    for said in refusals(&data) {
        assert!(said.contains("is not the secret"), "{said}");
    }
}

/// Half a secret that a first start left means nothing; nor does one that is of another database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_first_start_left_half_done_is_taken_up_only_if_the_database_says_so() {
    for left in [&b"meta"[..], &[7; 32]] {
        let folder = Folder::new();
        std::fs::write(folder.path().join("segreto.nuovo"), left).unwrap();
        let logs = Folder::new();
        Place::new(folder.path(), &logs.path().join("log")).start().await.0.kill();
        assert_ne!(std::fs::read(folder.path().join("segreto")).unwrap(), left);
        assert!(!folder.path().join("segreto.nuovo").exists());
    }
    let folder = Folder::new();
    let data = used(&folder).await;
    std::fs::rename(data.join("segreto"), data.join("segreto.nuovo")).unwrap();
    let place = Place::new(&data, &folder.path().join("log"));
    place.start().await.0.kill();
    assert_eq!(std::fs::read(data.join("segreto")).unwrap(), std::fs::read(folder.path().join("copia/segreto")).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_a_start_makes_is_for_its_owner_alone() {
    let (folder, logs) = (Folder::new(), Folder::new());
    let data = folder.path().join("dati");
    Place::new(&data, &logs.path().join("log")).start().await.0.kill();
    assert_eq!(std::fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(entries(&data).contains(&"segreto".to_owned()));
}

/// The wait is for one that is stopping: whoever waits is told for whom, at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_a_folder_in_use_is_told_before_the_wait_and_after_it() {
    let (alive, logs) = (Sportello::start_on_sqlite().await, Folder::new());
    let file = serve_on(alive.folder(), logs.path().join("sportello.toml"));
    let log = std::fs::File::create(logs.path().join("log")).unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_sportello"))
        .args(["serve", "--config"])
        .arg(&file)
        .env_remove("RUST_LOG")
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let said = || std::fs::read_to_string(logs.path().join("log")).unwrap();
    let begun = Instant::now();
    while !said().contains("is in use by another sportello: waiting 5 s") {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it said so: {}", said());
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", said());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!said().contains("stop that one first"));
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(said().contains("is in use by another sportello: stop that one first, or name another folder"), "{}", said());
}
