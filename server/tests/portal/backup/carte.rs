//! The files of a backup: who may read them, where they may be, what is said to somebody who names others, and that the audit knows.

use super::aperto::audited;
use super::{config, done, entries, of, refused, sportello, told};
use crate::harness::{Folder, Sportello};
use crate::postgres_place::PostgresPlace;
use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use store::Store;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// A folder and all that is in it.
fn is_private(folder: &Path) {
    assert_eq!(mode(folder), 0o700, "{}", folder.display());
    for name in entries(folder) {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name} of {}", folder.display());
    }
}

async fn copies_are_for_their_owner_alone(alive: Sportello) {
    let folder = Folder::new();
    let (how, data) = of(&alive, folder.path());
    let (copy, restored) = (folder.path().join("copia"), folder.path().join("ripristino"));
    done(&["backup"], &[(how, &data), ("--to", &copy)]);
    is_private(&copy);
    // one of an older version, or one that was carried about
    for name in entries(&copy) {
        std::fs::set_permissions(copy.join(name), Permissions::from_mode(0o644)).unwrap();
    }
    done(&["restore"], &[("--from", &copy), ("--data", &restored)]);
    is_private(&restored);
    // into a folder that is there, and is everybody's to read: a volume that nothing can take the place of
    let open = folder.path().join("aperta");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, Permissions::from_mode(0o755)).unwrap();
    let volume = std::fs::metadata(&open).unwrap().ino();
    done(&["restore"], &[("--from", &copy), ("--data", &open)]);
    is_private(&open);
    assert_eq!(std::fs::metadata(&open).unwrap().ino(), volume, "the folder is the one it was");
    assert_eq!(entries(&open), ["in-uso", "segreto", "sportello.db"]);
    done(&["verify"], &[("--data", &open)]);
    let place = PostgresPlace::bare().await;
    let beside = folder.path().join("altro");
    let file = config(folder.path().join("altro.toml"), &beside, &place.address());
    done(&["restore"], &[("--from", &copy), ("--config", &file)]);
    is_private(&beside);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_sqlite_are_for_their_owner_alone() {
    copies_are_for_their_owner_alone(Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_of_postgres_are_for_their_owner_alone() {
    copies_are_for_their_owner_alone(Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_not_made_inside_what_it_is_of() {
    let alive = Sportello::start_on_sqlite().await;
    let (data, elsewhere) = (alive.folder(), Folder::new());
    std::os::unix::fs::symlink(data, elsewhere.path().join("altrove")).unwrap();
    std::fs::create_dir(data.join("copie")).unwrap();
    for to in [data.join("copia"), data.join("copie/oggi"), elsewhere.path().join("altrove/copia"), data.join("copie/../copia")] {
        let output = sportello(&["backup"], &[("--data", data), ("--to", &to)]);
        assert!(!output.status.success() && told(&output).contains("is inside the folder of the data"), "{}", told(&output));
        assert!(!to.exists() && entries(&data.join("copie")).is_empty());
    }
    // beside it, whatever they are called
    let mut beside = data.as_os_str().to_owned();
    beside.push("-copia");
    let beside = Path::new(&beside);
    done(&["backup"], &[("--data", data), ("--to", beside)]);
    std::fs::remove_dir_all(beside).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_names_another_folder_is_told_which_one_is_wanted() {
    let alive = Sportello::start_on_sqlite().await;
    let (folder, data) = (Folder::new(), alive.folder());
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("vuota")).unwrap();
    std::fs::write(at("file"), "x").unwrap();
    let nobody = at("nessuno");
    for (from, why) in [
        (at("nessuna"), "nessuna is not there: --from names a folder that `sportello backup` made"),
        (at("file"), "file is a file: --from names a folder that `sportello backup` made"),
        (at("vuota"), "vuota is no backup: there is no backup.json in it; --from names a folder that `sportello backup` made"),
        (data.to_owned(), "It may be the folder of an installation"),
    ] {
        refused(&["restore", "--verify"], &[("--from", &from)], why, folder.path());
        refused(&["restore"], &[("--from", &from), ("--data", &nobody)], why, folder.path());
    }
    for from in [at("nessuna"), at("file"), at("vuota")] {
        refused(
            &["restore", "--force"],
            &[("--from", &from), ("--data", &nobody)],
            "that `sportello backup` made",
            folder.path(),
        );
    }
    for (data, to, why) in [
        (data, at("nessuna/copia"), "nessuna is not there: make it first"),
        (nobody.as_path(), at("copia"), "nessuno is not there: it is no folder of an installation"),
        (&at("vuota"), at("copia"), "segreto"),
        (data, at("vuota"), "is there already: --to names a folder that is made new"),
    ] {
        refused(&["backup"], &[("--data", data), ("--to", &to)], why, folder.path());
    }
}

/// Somebody who starts a server too early must not have it begin an installation in what is being restored.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_restored_into_a_folder_that_another_sportello_has() {
    let (alive, folder) = (Sportello::start_on_sqlite().await, Folder::new());
    let (copy, open) = (folder.path().join("copia"), folder.path().join("aperta"));
    done(&["backup"], &[("--data", alive.folder()), ("--to", &copy)]);
    std::fs::create_dir(&open).unwrap();
    let held = server::archivio::Archivio::in_folder(&open).lock().await.unwrap();
    refused(&["restore"], &[("--from", &copy), ("--data", &open)], "is in use by another sportello", &open);
    drop(held);
    // the lock of somebody who is gone is nothing
    done(&["restore"], &[("--from", &copy), ("--data", &open)]);
    refused(&["restore"], &[("--from", &copy), ("--data", &open)], "is not empty: a restore writes over nothing", &open);
}

/// Who has copied every name and the secret is known afterwards; and the copy is what it was before that line.
async fn a_backup_is_in_the_audit_of_what_it_was_made_of(alive: Sportello) {
    let folder = Folder::new();
    let (how, data) = of(&alive, folder.path());
    let data = (how, data.as_path());
    for n in 1..=2 {
        let copy = folder.path().join(format!("copia-{n}"));
        let said = done(&["backup"], &[data, ("--to", &copy)]);
        assert!(said.contains("I1  ok") && said.contains("is a backup that can be restored"), "{said}");
        assert_eq!(audited(alive.portal.store(), "backup.fatto").await, n);
        let copied = Store::open(&copy.join("sportello.db")).await.unwrap();
        assert_eq!(audited(&copied, "backup.fatto").await, n - 1);
    }
    // by the digest of its database: that of its backup.json
    let text = std::fs::read_to_string(folder.path().join("copia-2/backup.json")).unwrap();
    let last = alive.portal.store().anelli("audit", 0, 1_000).await.unwrap().pop().unwrap();
    let row = alive.portal.store().audit(&last.soggetto).await.unwrap().unwrap();
    assert!(text.contains(&row.soggetto) && row.soggetto.len() == 64, "{row:?}");
    assert_eq!(row.dettaglio, r#"{"aperte":[],"rotte":[]}"#);
    done(&["restore", "--verify"], &[("--from", &folder.path().join("copia-1")), data]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_sqlite_is_in_its_audit() {
    a_backup_is_in_the_audit_of_what_it_was_made_of(Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_postgres_is_in_its_audit() {
    a_backup_is_in_the_audit_of_what_it_was_made_of(Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

/// Before an upgrade one makes a backup, maybe with the new program: the server that is at work keeps its tables.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_by_a_newer_program_leaves_the_tables_as_they_are() {
    let alive = Sportello::start_on_sqlite().await;
    let (folder, older) = (Folder::new(), Folder::new());
    let copy = folder.path().join("copia");
    done(&["backup"], &[("--data", alive.folder()), ("--to", &copy)]);
    for name in ["sportello.db", "segreto"] {
        std::fs::copy(copy.join(name), older.path().join(name)).unwrap();
    }
    // as an earlier version left it: the newest table is not there
    let path = older.path().join("sportello.db");
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    let back = "DROP TABLE parole_debitori; DROP INDEX posizioni_stato; DROP INDEX posizioni_servizio; DROP INDEX ricevute_arrivo;
        DROP INDEX ricevute_iuv; DROP INDEX ricevute_anomale; DROP INDEX flussi_incompleti; DROP INDEX ledger_giorni;
        DROP TABLE sessioni; DROP TABLE accessi_usati; DROP TABLE fornitori_identita; DROP INDEX posizioni_debitore;
        DROP TABLE origini_embed; DROP TABLE lettere; DROP TABLE promemoria; ALTER TABLE tentativi DROP COLUMN lingua;
        ALTER TABLE servizi DROP COLUMN modulo; ALTER TABLE servizi DROP COLUMN su_richiesta;
        ALTER TABLE versamenti DROP COLUMN capitolo; ALTER TABLE versamenti DROP COLUMN accertamento; ALTER TABLE versamenti DROP COLUMN anno;
        DROP TABLE frequenze; DROP TABLE loghi; ALTER TABLE enti DROP COLUMN aspetto;
        DROP INDEX tentativi_email; DROP INDEX tentativi_carrello; DROP INDEX tentativi_impronta;
        ALTER TABLE tentativi DROP COLUMN email; ALTER TABLE tentativi DROP COLUMN carrello; ALTER TABLE tentativi DROP COLUMN impronta;
        ALTER TABLE posizioni DROP COLUMN atto_numero; ALTER TABLE posizioni DROP COLUMN atto_tipo; ALTER TABLE posizioni DROP COLUMN atto_data;
        DROP TABLE avvisi_pubblicati; DROP INDEX flussi_stato; DROP INDEX transizioni_richieste;
        DELETE FROM _sqlx_migrations WHERE version > 12";
    sqlx::raw_sql(back).execute(&pool).await.unwrap();
    let to = folder.path().join("prima");
    let said = done(&["backup"], &[("--data", older.path()), ("--to", &to)]);
    assert!(said.contains("the audit of the installation does not tell of this backup"), "{said}");
    let left: i64 = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&pool).await.unwrap();
    assert_eq!(left, 12);
    pool.close().await;
    done(&["restore", "--verify"], &[("--from", &to)]);
}

#[test]
fn a_command_that_is_not_told_where_the_data_are_names_both_ways() {
    let folder = Folder::new();
    for arguments in
        [&["verify"][..], &["job", "list"], &["inbox", "list"], &["backup", "--to", "x"], &["restore", "--from", "x"]]
    {
        let said = told(&sportello(arguments, &[]));
        assert!(said.contains("--data FOLDER") && said.contains("--config FILE"), "{arguments:?}: {said}");
    }
    // what is typed counts before what a container has in its environment
    let other = folder.path().join("nessuno.toml");
    let ask = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sportello"));
        told(&command.args(arguments).env("SPORTELLO_CONFIG", &other).output().unwrap())
    };
    assert!(ask(&["verify"]).contains("nessuno.toml"));
    let said = ask(&["verify", "--data", "/nessuna-cartella"]);
    assert!(said.contains("/nessuna-cartella") && !said.contains("nessuno.toml"), "{said}");
    assert!(ask(&["verify", "--data", "x", "--config", "y"]).contains("cannot be used with"));
}
