//! What a copy is found to be: whole, whole with work that waits, or damaged; and what is done with each.

use super::{config, done, entries, forge, of, refused, sportello, told};
use crate::fermi::dead;
use crate::harness::{Folder, Sportello};
use crate::postgres_place::PostgresPlace;
use domain::TipoJob;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use store::{EsitoInbox, NewInbox, NewJob, Store};

/// A job that died, one that nobody takes, a message that nobody has judged.
async fn leave_open(store: &Store) {
    dead(store, "j-morto").await;
    let late = NewJob {
        id: "j-tardi".to_owned(),
        tipo: TipoJob::LavoraInbox,
        chiave: "j-tardi".to_owned(),
        ente: None,
        payload: "{}".to_owned(),
        priorita: 1,
        delay_ms: -3_600_000,
    };
    let mut tx = store.begin().await.unwrap();
    assert!(tx.enqueue(&late).await.unwrap());
    tx.commit().await.unwrap();
    let received_at = "2020-01-31T09:00:00Z".parse().unwrap();
    let (id, operazione, sha256) = ("m-lasciato".to_owned(), "paSendRTV2".to_owned(), portal::ids::sha256_hex(b"x"));
    store.keep(&NewInbox { id, received_at, peer: None, operazione, raw: b"x", sha256: &sha256 }).await.unwrap();
}

/// The story ends with every invariant intact.
async fn see_to_it(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.settle_inbox("m-lasciato", EsitoInbox::Quarantena, Some("prova")).await.unwrap();
    tx.resolve_job("j-morto").await.unwrap();
    tx.commit().await.unwrap();
    store.cancel_job("j-tardi").await.unwrap();
}

/// Late since 2020.
const LATE: &str =
    "INSERT INTO jobs SELECT 'j-tardi', 'LAVORA_INBOX', 'y', NULL, '{}', 'PRONTO', 1, 0, '2020-01-31T09:59:00.000000Z', NULL,
    0, NULL, 0, NULL, FALSE, NULL, '2020-01-31T09:59:00.000000Z', '2020-01-31T09:59:00.000000Z'";

/// Work that waits harms no copy: it is told when the copy is made and when it is restored, and is there afterwards.
async fn a_copy_with_open_work_restores_and_says_which(alive: Sportello) {
    let folder = Folder::new();
    let (how, data) = of(&alive, folder.path());
    let data = (how, data.as_path());
    let first = alive.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Mensa")).numero;
    alive.pay_elsewhere(&first, json!({})).await;
    leave_open(alive.portal.store()).await;
    let seen = sportello(&["verify"], &[data]);
    assert!(told(&seen).contains("2 open: I7, I8") && !told(&seen).contains("BROKEN"), "{}", told(&seen));
    assert_eq!(seen.status.code(), Some(1));

    let copy = folder.path().join("copia");
    let made = done(&["backup"], &[data, ("--to", &copy)]);
    let (restored, place) = (folder.path().join("ripristino"), PostgresPlace::bare().await);
    let file = config(folder.path().join("altro.toml"), &folder.path().join("altro"), &place.address());
    for said in [
        made,
        done(&["restore", "--verify"], &[("--from", &copy)]),
        done(&["restore"], &[("--from", &copy), ("--data", &restored)]),
        done(&["restore"], &[("--from", &copy), ("--config", &file)]),
    ] {
        assert!(said.contains("open when it was made, for somebody to see to: I7, I8"), "{said}");
        assert!(said.contains("I7  OPEN") && said.contains("inbox m-lasciato: not judged"), "{said}");
        assert!(said.contains("I8  OPEN") && said.contains("CONTROLLA_IBAN j-morto: dead"), "{said}");
        assert!(said.contains("I1  ok") && !said.contains("damaged"), "{said}");
    }
    let still = sportello(&["verify"], &[("--data", &restored)]);
    assert!(told(&still).contains("2 open: I7, I8"), "the work is there as it was: {}", told(&still));
    // and can be done there
    done(&["job", "settle", "j-morto", "--because", "rifatto a mano"], &[("--data", &restored)]);
    see_to_it(alive.portal.store()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_sqlite_with_open_work_restores_and_says_which() {
    a_copy_with_open_work_restores_and_says_which(Sportello::start_on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_postgres_with_open_work_restores_and_says_which() {
    a_copy_with_open_work_restores_and_says_which(Sportello::start_in(Folder::new().on_postgres().await).await).await;
}

/// What was waiting when the backup was made (a job, a message to be judged, a draft) has waited for nobody since: however old it is,
/// it is told only if it was late then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_late_when_the_copy_was_made_is_not_late_however_old_the_copy_is() {
    let alive = Sportello::start_on_sqlite().await;
    let folder = Folder::new();
    let copy = folder.path().join("copia");
    done(&["backup"], &[("--data", alive.folder()), ("--to", &copy)]);
    forge(&copy, LATE).await;
    let late = done(&["restore", "--verify"], &[("--from", &copy)]);
    assert!(late.contains("LAVORA_INBOX j-tardi: nobody takes it"), "{late}");
    let mut manifest: Value = serde_json::from_slice(&std::fs::read(copy.join("backup.json")).unwrap()).unwrap();
    manifest["at"] = json!("2020-01-31T10:00:00Z");
    std::fs::write(copy.join("backup.json"), manifest.to_string()).unwrap();
    let in_time = done(&["restore", "--verify"], &[("--from", &copy)]);
    assert!(in_time.contains("I8  ok") && !in_time.contains("OPEN"), "{in_time}");
}

/// A copy, a damage to it, and a folder for what becomes of it.
struct Rovina {
    folder: Folder,
    intact: PathBuf,
    copy: PathBuf,
}

impl Rovina {
    async fn new() -> Self {
        let (alive, folder) = (Sportello::start_on_sqlite().await, Folder::new());
        let open = alive.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Mensa")).numero;
        alive.pay_elsewhere(&open, json!({})).await;
        let (intact, copy) = (folder.path().join("intatta"), folder.path().join("copia"));
        done(&["backup"], &[("--data", alive.folder()), ("--to", &intact)]);
        Self { folder, intact, copy }
    }

    /// The copy as it was made.
    fn again(&self) {
        let _ = std::fs::remove_dir_all(&self.copy);
        std::fs::create_dir(&self.copy).unwrap();
        for name in entries(&self.intact) {
            std::fs::copy(self.intact.join(&name), self.copy.join(&name)).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_copy_is_refused_with_its_lines_and_restored_by_who_insists() {
    let rovina = Rovina::new().await;
    let (copy, folder) = (rovina.copy.as_path(), rovina.folder.path());
    for (n, (damage, said)) in [
        (Some("UPDATE ledger SET importo_cents = importo_cents + 1"), "I1  BROKEN"),
        (Some("UPDATE inbox SET raw = x'20' WHERE esito = 'ACCETTATO'"), "I2  BROKEN"),
        (Some("UPDATE audit SET chi = 'nessuno'"), "I11 BROKEN"),
        (Some("DELETE FROM anelli WHERE catena <> 'audit'; UPDATE ricevute SET contenuto = 'x'"), "I3  BROKEN"),
        // what the backup says of itself is another thing
        (None, "its database is not the one that was written"),
    ]
    .into_iter()
    .enumerate()
    {
        rovina.again();
        match damage {
            Some(sql) => forge(copy, sql).await,
            None => {
                let mut manifest: Value = serde_json::from_slice(&std::fs::read(copy.join("backup.json")).unwrap()).unwrap();
                manifest["database_sha256"] = json!("0");
                std::fs::write(copy.join("backup.json"), manifest.to_string()).unwrap();
            }
        }
        let restored = folder.join(format!("ripristino-{n}"));
        let into = [("--from", copy), ("--data", restored.as_path())];
        refused(&["restore"], &into, said, folder);
        refused(&["restore"], &into, "the backup is damaged", folder);
        refused(&["restore"], &into, "sportello restore --force", folder);
        let told = done(&["restore", "--force"], &into);
        assert!(told.contains("ALTHOUGH IT IS DAMAGED") && told.contains(&format!("DAMAGED {said}")), "{told}");
        let seen = sportello(&["verify"], &[("--data", &restored)]);
        assert_eq!(seen.status.success(), damage.is_none(), "what is wrong stays told: {}", super::told(&seen));
        let store = Store::open(&restored.join("sportello.db")).await.unwrap();
        assert_eq!(audited(&store, "ripristino.forzato").await, 1, "and that it was forced");
    }
    // into PostgreSQL as well
    let place = PostgresPlace::bare().await;
    let file = config(folder.join("altro.toml"), &folder.join("altro"), &place.address());
    rovina.again();
    forge(copy, "UPDATE ledger SET importo_cents = importo_cents + 1").await;
    refused(&["restore"], &[("--from", copy), ("--config", &file)], "I1  BROKEN", folder);
    let told = done(&["restore", "--force"], &[("--from", copy), ("--config", &file)]);
    assert!(told.contains("ALTHOUGH IT IS DAMAGED"), "{told}");
    assert_eq!(audited(&place.open().await.unwrap(), "ripristino.forzato").await, 1);
    // nothing is forced on a copy that is whole
    rovina.again();
    let told = done(&["restore", "--force"], &[("--from", copy), ("--data", &folder.join("intero"))]);
    assert!(!told.contains("DAMAGED"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_even_who_insists_restores_what_no_server_could_start_on() {
    let rovina = Rovina::new().await;
    let (copy, folder) = (rovina.copy.as_path(), rovina.folder.path());
    let into = folder.join("ripristino");
    let force = |why: &str| refused(&["restore", "--force"], &[("--from", copy), ("--data", &into)], why, folder);
    let bytes = std::fs::read(rovina.intact.join("sportello.db")).unwrap();
    rovina.again();
    std::fs::write(copy.join("sportello.db"), &bytes[..bytes.len() / 2]).unwrap();
    force("not even --force restores it");
    std::fs::write(copy.join("sportello.db"), "Ciao, sono un testo.\n".repeat(1_000)).unwrap();
    force("not even --force restores it");
    rovina.again();
    std::fs::write(copy.join("segreto"), [7; 32]).unwrap();
    force("is not the secret its database was begun with");
    for name in ["segreto", "sportello.db"] {
        rovina.again();
        std::fs::remove_file(copy.join(name)).unwrap();
        force(name);
    }
    // what is left of a backup: all that matters
    for left in [None, Some("{")] {
        rovina.again();
        match left {
            None => std::fs::remove_file(copy.join("backup.json")).unwrap(),
            Some(text) => std::fs::write(copy.join("backup.json"), text).unwrap(),
        }
        refused(&["restore"], &[("--from", copy), ("--data", &into)], "backup.json", folder);
        done(&["restore", "--force"], &[("--from", copy), ("--data", &into)]);
        done(&["verify"], &[("--data", &into)]);
        std::fs::remove_dir_all(&into).unwrap();
    }
}

/// The record is damaged and the disk may be dying: a copy of what there is, and no word of calm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_damaged_record_is_kept_and_says_so() {
    let rovina = Rovina::new().await;
    let data = rovina.folder.path().join("dati");
    done(&["restore"], &[("--from", &rovina.intact), ("--data", &data)]);
    plant(&data, "DROP TRIGGER ledger_never_changes; UPDATE ledger SET importo_cents = importo_cents + 1").await;
    let output = sportello(&["backup"], &[("--data", &data), ("--to", &rovina.copy)]);
    let said = told(&output);
    assert!(output.status.code() == Some(1) && said.contains("holds a damaged record") && said.contains("I1  BROKEN"), "{said}");
    assert_eq!(entries(&rovina.copy), ["backup.json", "segreto", "sportello.db"]);
    let into = rovina.folder.path().join("ripristino");
    refused(&["restore"], &[("--from", &rovina.copy), ("--data", &into)], "I1  BROKEN", rovina.folder.path());
    done(&["restore", "--force"], &[("--from", &rovina.copy), ("--data", &into)]);
}

async fn plant(data: &Path, sql: &'static str) {
    let pool = sqlx::SqlitePool::connect(data.join("sportello.db").to_str().unwrap()).await.unwrap();
    sqlx::raw_sql(sql).execute(&pool).await.unwrap();
    pool.close().await;
}

/// How many lines of the audit tell of that.
pub async fn audited(store: &Store, azione: &str) -> usize {
    let mut count = 0;
    for link in store.anelli("audit", 0, 1_000).await.unwrap() {
        let row = store.audit(&link.soggetto).await.unwrap().unwrap();
        count += usize::from(row.azione == azione);
        if row.azione == azione {
            assert_eq!(row.chi, "comando");
        }
    }
    count
}
