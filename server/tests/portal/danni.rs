//! What a disk or a kill leaves in the folders of an installation: told with what to do, or cleared, and never written over.

use crate::backup::{done, entries, sportello};
use crate::comandi::{demo_on, refusal};
use crate::harness::{Folder, Sportello};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::Command;

/// A folder that was used, its database in one file, and nobody at it: as restored from a backup.
async fn used() -> Folder {
    let (at_work, copies, folder) = (Sportello::start_on_sqlite().await, Folder::new(), Folder::new());
    let copy = copies.path().join("copia");
    done(&["backup"], &[("--data", at_work.folder()), ("--to", &copy)]);
    for name in ["sportello.db", "segreto"] {
        std::fs::copy(copy.join(name), folder.path().join(name)).unwrap();
    }
    folder
}

/// What was done to the file: a sentence, and how.
type Damage = (&'static str, fn(&mut Vec<u8>, usize));

const PAGE: usize = 4096;

const DAMAGES: [Damage; 3] = [
    // one that says where others are; what is wrong in a text or in bytes, the digests and chains of `verify` tell
    ("a page is not what was written", |bytes, page| {
        bytes[page * PAGE..(page + 1) * PAGE].iter_mut().for_each(|byte| *byte ^= 0x5a);
    }),
    ("the end is missing", |bytes, _| bytes.truncate(bytes.len() / PAGE / 2 * PAGE)),
    ("it is no database at all", |bytes, _| *bytes = b"Ciao, sono un testo.\n".repeat(1_000)),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_database_stops_the_start_with_the_way_back_and_is_left_as_it_is() {
    let folder = used().await;
    let path = folder.path().join("sportello.db");
    let whole = std::fs::read(&path).unwrap();
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    let root: i64 =
        sqlx::query_scalar("SELECT rootpage FROM sqlite_master WHERE name = 'posizioni'").fetch_one(&pool).await.unwrap();
    pool.close().await;
    // they are counted from 1
    let page = usize::try_from(root).unwrap() - 1;
    let config = Folder::new();
    let file = config.path().join("sportello.toml");
    let fit = "[stazione]\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n[web]\npublic_url = \"https://pagamenti.comune.example\"\n\
               [checkout]\nsubscription_key = \"chiave\"\n";
    std::fs::write(&file, format!("{fit}[dati]\nfolder = \"{}\"\n", folder.path().display())).unwrap();
    let way_back = format!("move {0} away and run `sportello restore --from BACKUP --data {0}`", folder.path().display());
    for (what, damage) in DAMAGES {
        let mut bytes = whole.clone();
        damage(&mut bytes, page);
        for beside in ["sportello.db-wal", "sportello.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(beside));
        }
        std::fs::write(&path, &bytes).unwrap();
        for (command, ended) in [
            ("serve", sportello(&["serve"], &[("--config", &file)])),
            ("demo", demo_on(folder.path())),
            ("verify", sportello(&["verify"], &[("--data", folder.path())])),
        ] {
            let said = refusal(&ended);
            assert!(said.contains(&way_back) && said.contains("sportello.db"), "{what}, {command}: {said}");
        }
        assert!(std::fs::read(&path).unwrap() == bytes, "{what}: it was written to");
    }
    std::fs::write(&path, &whole).unwrap();
    done(&["verify"], &[("--data", folder.path())]);
}

/// Nothing is lost then, and it would take long to see: a start does not look.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_that_does_not_say_what_its_table_says_is_found_by_verify() {
    let folder = used().await;
    let path = folder.path().join("sportello.db");
    let run = async |sql: &'static str| {
        let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
        sqlx::raw_sql(sql).execute(&pool).await.unwrap();
        pool.close().await;
    };
    // rows that change while the index is hidden: as many as it has, and others
    run("CREATE TABLE nascosto AS SELECT * FROM sqlite_master WHERE name = 'jobs_stato'; PRAGMA writable_schema = ON; \
         DELETE FROM sqlite_master WHERE name = 'jobs_stato'")
    .await;
    run("UPDATE jobs SET created_at = '2020-01-01T00:00:00.000000Z'").await;
    run("PRAGMA writable_schema = ON; INSERT INTO sqlite_master SELECT * FROM nascosto").await;
    run("DROP TABLE nascosto").await;
    store::Store::check_sqlite(&path, false).await.unwrap();
    let said = refusal(&sportello(&["verify"], &[("--data", folder.path())]));
    assert!(said.contains("missing from index jobs_stato") && said.contains("sportello restore"), "{said}");
}

/// As a backup that was killed leaves it.
fn left_behind(beside: &Path, name: &str) {
    let path = beside.join(name);
    std::fs::DirBuilder::new().mode(0o700).create(&path).unwrap();
    std::fs::write(path.join("sportello.db"), "dati di tutti").unwrap();
    std::fs::write(path.join("sportello.db-journal"), "").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_backup_left_is_removed_by_the_next_one_and_a_living_one_s_stays() {
    let (folder, copies) = (used().await, Folder::new());
    // a process that ended, and whose number nobody else has got since
    let mut child = Command::new("true").spawn().unwrap();
    let gone = child.id();
    child.wait().unwrap();
    let living = std::process::id();
    let dead = [format!("ieri.nuovo-{gone}"), format!("copia.nuovo-{gone}")];
    let others = [
        // its process lives, though it has no lock yet
        format!("altra.nuovo-{living}"),
        // another container's: its process is not seen here, its lock is
        format!("lontana.nuovo-{}", u32::MAX),
        // not ours
        format!("foto.nuovo-{gone}"),
        "appunti.nuovo-domani".to_owned(),
    ];
    for name in dead.iter().chain(&others) {
        left_behind(copies.path(), name);
    }
    std::fs::write(copies.path().join(&others[2]).join("mare.jpg"), "x").unwrap();
    let held = std::fs::File::open(copies.path().join(&others[1])).unwrap();
    held.try_lock().unwrap();

    let to = copies.path().join("copia");
    let said = done(&["backup"], &[("--data", folder.path()), ("--to", &to)]);
    for name in &dead {
        assert!(said.contains(name.as_str()) && said.contains("is removed"), "{name}: {said}");
    }
    let mut there = others.to_vec();
    there.push("copia".to_owned());
    there.sort();
    assert_eq!(entries(copies.path()), there);
    drop(held);
    let again = copies.path().join("copia-2");
    let said = done(&["backup"], &[("--data", folder.path()), ("--to", &again)]);
    assert!(said.contains(&others[1]), "nobody holds it any more: {said}");
}
