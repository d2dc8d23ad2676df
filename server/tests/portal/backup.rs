//! A backup taken while the comune works, and the proof that it can be used: of SQLite and of PostgreSQL, into either.

mod aperto;
mod carte;

use crate::guasti::{Load, Place, Rng, Stored, posizioni};
use crate::harness::{Folder, Sportello};
use crate::postgres_place::PostgresPlace;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use store::Store;

pub fn sportello(arguments: &[&str], paths: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.args(arguments);
    for (name, path) in paths {
        command.arg(name).arg(path);
    }
    command.output().unwrap()
}

pub fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// It must be refused, with these words; and leave `folder` as it was.
pub fn refused(arguments: &[&str], paths: &[(&str, &Path)], why: &str, folder: &Path) {
    let before = entries(folder);
    let output = sportello(arguments, paths);
    assert!(!output.status.success() && told(&output).contains(why), "{why}: {}", told(&output));
    assert_eq!(entries(folder), before, "what failed leaves nothing behind");
}

pub fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

pub fn done(arguments: &[&str], paths: &[(&str, &Path)]) -> String {
    let output = sportello(arguments, paths);
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
    told(&output)
}

/// A configuration for a folder and a database.
pub fn config(at: PathBuf, data: &Path, database: &str) -> PathBuf {
    let text = format!(
        "[web]\npublic_url = \"https://pagamenti.comune.valdoria.it\"\n[dati]\nfolder = \"{}\"\ndatabase = \"{database}\"\n",
        data.display()
    );
    std::fs::write(&at, text).unwrap();
    at
}

/// Where the data of a story are, as both commands name it.
pub fn of(sportello: &Sportello, folder: &Path) -> (&'static str, PathBuf) {
    match sportello.archivio().database {
        None => ("--data", sportello.folder().to_owned()),
        Some(database) => ("--config", config(folder.join("in-uso.toml"), sportello.folder(), &database)),
    }
}

async fn a_backup_of_a_sportello_at_work_is_whole(sportello_alive: Sportello) {
    let folder = Folder::new();
    let copy = folder.path().join("copia");
    let (how, data) = of(&sportello_alive, folder.path());
    let data = (how, data.as_path());
    let first = sportello_alive.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Mensa")).numero;
    sportello_alive.pay_elsewhere(&first, json!({})).await;

    done(&["backup"], &[data, ("--to", &copy)]);
    assert_eq!(entries(&copy), ["backup.json", "segreto", "sportello.db"]);
    refused(&["backup"], &[data, ("--to", &copy)], "is there already", folder.path());

    // life goes on
    let second =
        sportello_alive.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Verbale") && a.numero != first).numero;
    sportello_alive.pay_elsewhere(&second, json!({})).await;
    let before = entries(folder.path());
    let drill = done(&["restore", "--verify"], &[("--from", &copy), data]);
    assert!(drill.contains("can be restored") && drill.contains("I13 ok"), "{drill}");
    assert_eq!(entries(folder.path()), before, "the drill leaves nothing behind");

    // into SQLite
    let restored = folder.path().join("ripristino");
    done(&["restore"], &[("--from", &copy), ("--data", &restored)]);
    refused(&["restore"], &[("--from", &copy), ("--data", &restored)], "is not empty", folder.path());
    done(&["verify"], &[("--data", &restored)]);
    // into a PostgreSQL as the server makes it, and into one that was migrated
    let (bare, made) = (PostgresPlace::bare().await, PostgresPlace::new().await);
    for (name, place) in [("vuoto", &bare), ("pronto", &made)] {
        let file = config(folder.path().join(format!("{name}.toml")), &folder.path().join(name), &place.address());
        done(&["restore"], &[("--from", &copy), ("--config", &file)]);
        refused(&["restore"], &[("--from", &copy), ("--config", &file)], "the database is not empty", folder.path());
        done(&["verify"], &[("--config", &file)]);
        let secrets = [&copy, &folder.path().join(name)].map(|place| std::fs::read(place.join("segreto")).unwrap());
        assert_eq!(secrets[0], secrets[1]);
        // what was restored can be backed up in its turn
        let again = folder.path().join(format!("{name}-copia"));
        done(&["backup"], &[("--config", &file), ("--to", &again)]);
        done(&["restore", "--verify"], &[("--from", &again), data]);
    }
    for store in [Store::open(&restored.join("sportello.db")).await, bare.open().await, made.open().await] {
        let store = store.unwrap();
        for (numero, receipts) in [(&first, 1), (&second, 0)] {
            let posizione = sportello_alive.posizione(numero).await;
            let found = store.ricevute_of_avviso(&posizione.ente, &domain::NumeroAvviso::parse(numero).unwrap()).await.unwrap();
            assert_eq!(found.len(), receipts, "as it was when the backup was taken");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_at_work_is_whole_and_what_lives_goes_on_from_it() {
    a_backup_of_a_sportello_at_work_is_whole(Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_postgres_at_work_is_whole_and_what_lives_goes_on_from_it() {
    a_backup_of_a_sportello_at_work_is_whole(Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

/// Changes the database of a backup and what the backup says of it: somebody who knows how it is made.
pub async fn forge(copy: &Path, sql: &str) {
    let database = copy.join("sportello.db");
    let pool = sqlx::SqlitePool::connect(database.to_str().unwrap()).await.unwrap();
    let triggers: Vec<(String, String)> =
        sqlx::query_as("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetch_all(&pool).await.unwrap();
    let drops: String = triggers.iter().map(|(name, _)| format!("DROP TRIGGER {name};")).collect();
    // put back: that they were set aside is not what is to be found
    let back: String = triggers.iter().map(|(_, made)| format!("; {made}")).collect();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{drops}{sql}{back}"))).execute(&pool).await.unwrap();
    pool.close().await;
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(copy.join("backup.json")).unwrap()).unwrap();
    manifest["database_sha256"] = json!(portal::ids::sha256_hex(&std::fs::read(&database).unwrap()));
    std::fs::write(copy.join("backup.json"), manifest.to_string()).unwrap();
}

async fn whatever_is_damaged_is_told(one: Sportello, other: Sportello) {
    let folder = Folder::new();
    let (how, data) = of(&one, folder.path());
    let (intact, copy) = (folder.path().join("intatta"), folder.path().join("copia"));
    done(&["backup"], &[(how, &data), ("--to", &intact)]);
    let elsewhere = Folder::new();
    let (how, strange) = of(&other, elsewhere.path());
    let verify = ["restore", "--verify"];
    refused(&verify, &[("--from", &intact), (how, &strange)], "is of another installation", folder.path());

    let bytes = std::fs::read(intact.join("sportello.db")).unwrap();
    let again = || {
        let _ = std::fs::remove_dir_all(&copy);
        std::fs::create_dir(&copy).unwrap();
        for name in entries(&intact) {
            std::fs::copy(intact.join(&name), copy.join(&name)).unwrap();
        }
    };
    // any byte, wherever it is
    for at in (0..bytes.len()).step_by(bytes.len() / 20) {
        again();
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        std::fs::write(copy.join("sportello.db"), flipped).unwrap();
        refused(&verify, &[("--from", &copy)], "the backup is damaged", folder.path());
    }
    for (damage, why) in [
        ("UPDATE ledger SET importo_cents = importo_cents + 1", "I1 "),
        ("UPDATE inbox SET raw = x'20' WHERE esito = 'ACCETTATO'", "I2 "),
        ("UPDATE catene SET hash = lower(hex(zeroblob(32)))", "I3 "),
        ("UPDATE posizioni SET stato = 'PAGATA' WHERE stato = 'APERTA'", "I5 "),
        ("UPDATE audit SET chi = 'nessuno'", "I11 "),
        ("UPDATE installazione SET valore = 'x'", "is not the secret"),
        // whole chains with all that hangs on them: only what the backup says of itself can tell
        (
            "DELETE FROM anelli WHERE catena = 'audit'; DELETE FROM audit; DELETE FROM catene WHERE nome = 'audit'",
            "its chains are not those",
        ),
        (
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 9999, 'later', TRUE, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
            "they belong to a newer program",
        ),
    ] {
        again();
        forge(&copy, damage).await;
        refused(&verify, &[("--from", &copy)], why, folder.path());
    }
    again();
    std::fs::write(copy.join("sportello.db"), &bytes[..bytes.len() / 2]).unwrap();
    refused(&verify, &[("--from", &copy)], "the backup is damaged", folder.path());
    for name in ["segreto", "sportello.db", "backup.json"] {
        again();
        std::fs::remove_file(copy.join(name)).unwrap();
        refused(&["restore"], &[("--from", &copy), ("--data", &folder.path().join("x"))], name, folder.path());
    }
    again();
    std::fs::write(copy.join("segreto"), [7; 32]).unwrap();
    refused(&verify, &[("--from", &copy)], "is not the secret its database was begun with", folder.path());

    // a folder that holds another secret, a database with newer tables
    let place = PostgresPlace::bare().await;
    let file = config(folder.path().join("altro.toml"), elsewhere.path(), &place.address());
    std::fs::write(elsewhere.path().join("segreto"), [7; 32]).unwrap();
    refused(&["restore"], &[("--from", &intact), ("--config", &file)], "is another secret", folder.path());
    assert!(Store::is_bare(&place.address()).await.unwrap());
    let newer = PostgresPlace::new().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9999, 'later', TRUE, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    newer.run(later).await.unwrap();
    let file = config(folder.path().join("nuovo.toml"), &folder.path().join("y"), &newer.address());
    refused(&["restore"], &[("--from", &intact), ("--config", &file)], "they belong to a newer program", folder.path());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_damaged_in_a_backup_of_sqlite_is_told() {
    whatever_is_damaged_is_told(Sportello::start_on_sqlite().await, Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_damaged_in_a_backup_of_postgres_is_told() {
    let one = Sportello::start_in(Folder::new().on_postgres().await).await;
    whatever_is_damaged_is_told(one, Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_needs_the_secret_of_its_database() {
    let alive = Sportello::start_in(Folder::new().on_postgres().await).await;
    let (folder, data) = (Folder::new(), Folder::new());
    let file = config(folder.path().join("x.toml"), data.path(), &alive.archivio().database.unwrap());
    let to = folder.path().join("copia");
    refused(&["backup"], &[("--config", &file), ("--to", &to)], "segreto", folder.path());
    assert_eq!(entries(data.path()), Vec::<String>::new(), "and draws none");
    std::fs::write(data.path().join("segreto"), [7; 32]).unwrap();
    refused(&["backup"], &[("--config", &file), ("--to", &to)], "is not the secret this database was begun with", folder.path());
}

/// Of a real process under load: what is in the backup was answered or sent, nothing else, and what lives goes on from it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_of_a_postgres_under_load_each_hold_what_was_answered_before_them() {
    let (data, logs, folder) = (Folder::new().on_postgres().await, Folder::new(), Folder::new());
    let database = data.archivio().database.unwrap();
    let place = Place::new(data.path(), &logs.path().join("log")).on(&database);
    let (process, _) = place.start().await;
    let copy = place.copy().await;
    let before = Stored::read(copy.path()).await.ids();
    let load = Load::new(&place, posizioni(copy.path()).await);
    let mut rng = Rng::new(11);
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (load, rng) = (Arc::clone(&load), rng.fork());
            tokio::spawn(async move { load.work(rng).await })
        })
        .collect();
    let file = config(folder.path().join("x.toml"), data.path(), &database);
    let mut taken = Vec::new();
    for n in 0..3 {
        let answered: Vec<String> = {
            let book = load.book.lock().unwrap();
            book.receipts.iter().filter(|(_, sent)| book.is_answered(sent)).map(|(id, _)| id.clone()).collect()
        };
        let to = folder.path().join(format!("copia-{n}"));
        let file = file.clone();
        let output = to.clone();
        tokio::task::spawn_blocking(move || done(&["backup"], &[("--config", &file), ("--to", &output)])).await.unwrap();
        taken.push((to, answered));
    }
    process.kill();
    for client in clients {
        client.await.unwrap();
    }
    let sent: BTreeSet<String> = load.book.lock().unwrap().receipts.keys().cloned().collect();
    assert!(taken.last().unwrap().1.len() > 10, "hardly any load");
    for (to, answered) in &taken {
        let held = Stored::read(to).await.ids();
        assert!(answered.iter().all(|id| held.contains(id)), "answered before the backup began, and not in it");
        assert!(held.difference(&before).all(|id| sent.contains(id)), "a receipt that nobody sent");
        done(&["restore", "--verify"], &[("--from", to), ("--config", &file)]);
    }
}
