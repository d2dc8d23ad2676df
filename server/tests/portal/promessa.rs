//! The promise, and that `sportello verify` sees when somebody breaks it by hand.

use crate::harness::{Folder, Sportello};
use portal::verifica::{Prova, verify};
use serde_json::json;
use sqlx::Executor as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::path::Path;
use std::process::Command;
use store::Store;

/// A day of a comune, then the folder of its data.
async fn lived() -> Folder {
    let sportello = Sportello::start_on_sqlite().await;
    let mut browser = sportello.browser();
    // of a debt in instalments one payment closes others
    for avviso in sportello.avvisi().iter().filter(|a| a.stato == "APERTA" && !a.causale.starts_with("TARI")).take(3) {
        let notice = sportello.look_up(&avviso.numero).await;
        let checkout = browser.pay(&notice).await;
        browser.choose(&checkout, "paga", 2).await;
        sportello.wait_for_ricevute(&avviso.numero, 1).await;
    }
    let counter = sportello.find_avviso(|a| a.stato == "APERTA");
    sportello.pay_elsewhere(&counter.numero, json!({})).await;
    sportello.portal.adopt_ricevute().await.unwrap();
    sportello.portal.audit("comando", "prova", "x", &json!({})).await.unwrap();
    sportello.into_folder()
}

async fn verified(folder: &Path) -> Vec<Prova> {
    let store = Store::open(&folder.join("sportello.db")).await.unwrap();
    verify(&store, portal::Clock::system().unwrap().now()).await.unwrap()
}

#[tokio::test]
async fn after_a_day_every_invariant_holds_and_verify_says_so_line_by_line() {
    let folder = lived().await;
    let output = Command::new(env!("CARGO_BIN_EXE_sportello")).args(["verify", "--data"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let codes: Vec<_> = text.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    assert_eq!(codes, (1..=14).map(|n| format!("I{n}")).collect::<Vec<_>>(), "{text}");
    assert!(!text.contains("BROKEN") && text.contains("difference 0"), "{text}");
}

/// What somebody with the file and a shell does: no trigger stops who drops it first.
async fn plant(folder: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(folder.join("sportello.db"));
    let pool = SqlitePool::connect_with(options).await.unwrap();
    let triggers: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetch_all(&pool).await.unwrap();
    let mut statements = vec!["PRAGMA foreign_keys = OFF".to_owned()];
    statements.extend(triggers.iter().map(|name| format!("DROP TRIGGER {name}")));
    statements.push(sql.to_owned());
    let changed = pool.execute(sqlx::AssertSqlSafe(statements.join("; "))).await.unwrap().rows_affected();
    assert!(changed > 0, "nothing was planted: {sql}");
    pool.close().await;
}

#[tokio::test]
async fn verify_finds_whatever_is_changed_by_hand() {
    let folder = lived().await;
    for (sql, codes) in [
        // a byte of a receipt as it came: SQLite's blobs are bytes, the last one becomes another
        ("UPDATE inbox SET raw = substr(raw, 1, length(raw) - 1) || x'20' WHERE esito = 'ACCETTATO'", &["I2"][..]),
        ("UPDATE inbox SET sha256 = lower(hex(zeroblob(32))) WHERE esito = 'ACCETTATO'", &["I2", "I3"]),
        ("UPDATE ricevute SET contenuto = replace(contenuto, 'a', 'b') WHERE seq = 1", &["I3"]),
        ("UPDATE ricevute SET importo_cents = importo_cents + 1 WHERE seq = 2", &["I1", "I3"]),
        ("UPDATE ricevute SET iuv = '00000000000000000' WHERE seq = 2", &["I3"]),
        ("UPDATE ricevute SET received_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 2", &["I3"]),
        // rows that go: a receipt with all that hangs on it, a message, a line, a link at the end and in the middle
        ("DELETE FROM ricevute WHERE seq = 3", &["I1", "I3", "I5", "I6", "I7"]),
        (
            "DELETE FROM ledger WHERE ricevuta_id = (SELECT id FROM ricevute WHERE seq = 3); \
          DELETE FROM anelli WHERE soggetto = (SELECT id FROM ricevute WHERE seq = 3); \
          DELETE FROM transizioni WHERE id = (SELECT id FROM ricevute WHERE seq = 3); \
          DELETE FROM ricevute WHERE seq = 3",
            &["I3", "I6", "I7", "I12"],
        ),
        ("DELETE FROM inbox WHERE esito = 'ACCETTATO'", &["I2", "I3"]),
        ("DELETE FROM anelli WHERE seq = (SELECT max(seq) FROM anelli WHERE catena <> 'audit') AND catena <> 'audit'", &["I3"]),
        // a cent that moves from one to the other leaves every sum as it was
        (
            "UPDATE ledger SET importo_cents = importo_cents - 1 WHERE seq = 1; \
          UPDATE ledger SET importo_cents = importo_cents + 1 WHERE seq = 2",
            &["I1"],
        ),
        ("UPDATE ledger SET beneficiario = '00000000000' WHERE seq = 1", &["I1"]),
        ("DELETE FROM ledger WHERE seq = 1", &["I1"]),
        // states
        ("UPDATE posizioni SET stato = 'ANNULLATA' WHERE stato = 'PAGATA'", &["I5", "I6"]),
        ("UPDATE posizioni SET stato = 'PAGATA' WHERE stato = 'APERTA'", &["I5", "I6"]),
        ("UPDATE transizioni SET evento = 'ANNULLA' WHERE soggetto = 'posizione' AND a = 'PAGATA'", &["I5"]),
        ("UPDATE transizioni SET da = 'BOZZA' WHERE soggetto = 'posizione' AND a = 'PAGATA'", &["I5"]),
        ("DELETE FROM transizioni WHERE soggetto = 'tentativo' AND da = 'CREATO'", &["I5"]),
        ("DELETE FROM transizioni WHERE soggetto = 'tentativo'", &["I5"]),
        // the audit
        ("DELETE FROM audit", &["I11"]),
        ("UPDATE audit SET chi = 'nessuno'", &["I11"]),
        ("DELETE FROM audit; DELETE FROM anelli WHERE catena = 'audit'", &["I11"]),
        ("UPDATE catene SET seq = seq - 1 WHERE nome = 'audit'", &["I11"]),
    ] {
        let copy = Folder::new();
        for name in ["sportello.db", "sportello.db-wal"] {
            if folder.path().join(name).exists() {
                std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
            }
        }
        plant(copy.path(), sql).await;
        let prove = verified(copy.path()).await;
        let broken: Vec<_> = prove.iter().filter(|prova| !prova.vale()).map(|prova| prova.codice).collect();
        for code in codes {
            assert!(broken.contains(code), "{sql}\n{code} holds; broken: {broken:?}");
        }
        let output = Command::new(env!("CARGO_BIN_EXE_sportello")).args(["verify", "--data"]).arg(copy.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{sql}");
    }
    assert!(verified(folder.path()).await.iter().all(Prova::vale), "and the original was left alone");
}
