//! A backup taken while the comune works, and the proof that it can be used.

use crate::harness::{Folder, Sportello};
use serde_json::json;
use std::path::Path;
use std::process::{Command, Output};

fn sportello(arguments: &[&str], paths: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    command.args(arguments);
    for (name, path) in paths {
        command.arg(name).arg(path);
    }
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_sportello_at_work_is_whole_and_what_lives_goes_on_from_it() {
    let sportello_alive = Sportello::start_on_sqlite().await;
    let folder = Folder::new();
    let (copy, data) = (folder.path().join("copia"), sportello_alive.folder().to_owned());
    let first = sportello_alive.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Mensa")).numero;
    sportello_alive.pay_elsewhere(&first, json!({})).await;

    let done = sportello(&["backup"], &[("--data", &data), ("--to", &copy)]);
    assert!(done.status.success(), "{}", told(&done));
    let again = sportello(&["backup"], &[("--data", &data), ("--to", &copy)]);
    assert!(!again.status.success() && told(&again).contains("is there already"), "{}", told(&again));

    // life goes on
    let second =
        sportello_alive.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("Verbale") && a.numero != first).numero;
    sportello_alive.pay_elsewhere(&second, json!({})).await;
    let drill = sportello(&["restore", "--verify"], &[("--from", &copy), ("--data", &data)]);
    assert!(drill.status.success() && told(&drill).contains("can be restored"), "{}", told(&drill));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the drill leaves nothing behind");

    let restored = folder.path().join("ripristino");
    let done = sportello(&["restore"], &[("--from", &copy), ("--data", &restored)]);
    assert!(done.status.success(), "{}", told(&done));
    let over = sportello(&["restore"], &[("--from", &copy), ("--data", &restored)]);
    assert!(!over.status.success() && told(&over).contains("is not empty"), "{}", told(&over));
    let verified = sportello(&["verify"], &[("--data", &restored)]);
    assert!(verified.status.success(), "{}", told(&verified));
    let store = store::Store::open(&restored.join("sportello.db")).await.unwrap();
    for (numero, receipts) in [(&first, 1), (&second, 0)] {
        let posizione = sportello_alive.posizione(numero).await;
        let found = store.ricevute_of_avviso(&posizione.ente, &domain::NumeroAvviso::parse(numero).unwrap()).await.unwrap();
        assert_eq!(found.len(), receipts, "as it was when the backup was taken");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_was_changed_or_is_of_another_is_refused() {
    let (one, other) = (Sportello::start_on_sqlite().await, Sportello::start_on_sqlite().await);
    let folder = Folder::new();
    let copy = folder.path().join("copia");
    assert!(sportello(&["backup"], &[("--data", one.folder()), ("--to", &copy)]).status.success());
    let strange = sportello(&["restore", "--verify"], &[("--from", &copy), ("--data", other.folder())]);
    assert!(!strange.status.success() && told(&strange).contains("does not go on from the backup"), "{}", told(&strange));

    let (database, secret) = (copy.join("sportello.db"), copy.join("segreto"));
    let intact = std::fs::read(&database).unwrap();
    for damage in ["UPDATE ledger SET importo_cents = importo_cents + 1", "UPDATE catene SET hash = lower(hex(zeroblob(32)))"] {
        let pool = sqlx::SqlitePool::connect(database.to_str().unwrap()).await.unwrap();
        sqlx::raw_sql("DROP TRIGGER ledger_never_changes; DROP TRIGGER catene_only_grow").execute(&pool).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(damage.to_owned())).execute(&pool).await.unwrap();
        pool.close().await;
        let refused = sportello(&["restore", "--verify"], &[("--from", &copy)]);
        assert!(!refused.status.success() && told(&refused).contains("the backup is damaged"), "{damage}: {}", told(&refused));
        std::fs::write(&database, &intact).unwrap();
    }
    std::fs::write(&database, &intact[..intact.len() / 2]).unwrap();
    assert!(!sportello(&["restore", "--verify"], &[("--from", &copy)]).status.success(), "half a database");
    std::fs::write(&database, &intact).unwrap();
    std::fs::remove_file(&secret).unwrap();
    let lost = sportello(&["restore"], &[("--from", &copy), ("--data", &folder.path().join("x"))]);
    assert!(!lost.status.success() && told(&lost).contains("segreto"), "{}", told(&lost));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["copia"], "what failed leaves nothing behind");
}
