//! The promise, and that `sportello verify` sees when somebody breaks it by hand.

use crate::harness::{Folder, Sportello};
use portal::verifica::{Prova, verify};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{AssertSqlSafe, Executor as _};
use std::process::{Command, Output};

/// A day of a comune, then the folder of its data.
async fn lived(folder: Folder) -> Folder {
    let sportello = Sportello::start_in(folder).await;
    let mut browser = sportello.browser();
    for avviso in sportello.avvisi_soli().iter().take(3) {
        let notice = sportello.look_up(&avviso.numero).await;
        let checkout = browser.pay(&notice).await;
        browser.choose(&checkout, "paga", 2).await;
        sportello.wait_for_ricevute(&avviso.numero, 1).await;
    }
    let counter = sportello.find_avviso(|a| a.stato == "APERTA" && a.causale.starts_with("TARI"));
    sportello.pay_elsewhere(&counter.numero, json!({})).await;
    sportello.portal.adopt_ricevute().await.unwrap();
    sportello.portal.audit("comando", "prova", "x", &json!({})).await.unwrap();
    sportello.into_folder()
}

async fn verified(folder: &Folder) -> Vec<Prova> {
    let store = folder.archivio().open_existing().await.unwrap();
    let prove = verify(&store, portal::Clock::system().unwrap().now()).await.unwrap();
    store.close().await;
    prove
}

/// As the operator asks.
fn asked(folder: &Folder) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sportello"));
    let verify = command.arg("verify").env_remove("RUST_LOG");
    match folder.archivio().database {
        None => verify.arg("--data").arg(folder.path()).output().unwrap(),
        Some(address) => {
            let file = folder.path().join("sportello.toml");
            let web = "[web]\npublic_url = \"https://pagamenti.comune.example\"\n";
            std::fs::write(&file, format!("{web}[dati]\nfolder = \"{}\"\n", folder.path().display())).unwrap();
            verify.arg("--config").arg(file).env("SPORTELLO_DATI__DATABASE", address).output().unwrap()
        }
    }
}

#[tokio::test]
async fn after_a_day_every_invariant_holds_and_verify_says_so_line_by_line() {
    let folder = lived(Folder::new().with_database().await).await;
    let output = asked(&folder);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let codes: Vec<_> = text.lines().map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    assert_eq!(codes, (1..=14).map(|n| format!("I{n}")).collect::<Vec<_>>(), "{text}");
    assert!(!text.contains("BROKEN") && text.contains("difference 0"), "{text}");
}

/// The same installation once more, with nobody at it.
async fn copy_of(folder: &Folder) -> Folder {
    let copy = if folder.database().is_some() { Folder::new().on_postgres().await } else { Folder::new() };
    std::fs::copy(folder.path().join("segreto"), copy.path().join("segreto")).unwrap();
    match folder.database() {
        None => {
            for name in ["sportello.db", "sportello.db-wal"] {
                if folder.path().join(name).exists() {
                    std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
                }
            }
        }
        Some(_) => {
            let (from, to) = (folder.archivio().open().await.unwrap(), copy.archivio().open().await.unwrap());
            from.copy_into(&to).await.unwrap();
            from.close().await;
            to.close().await;
        }
    }
    copy
}

/// What somebody with the database and a shell does. No trigger stops who sets it aside and puts it back, no key who turns it off.
async fn plant(folder: &Folder, sql: &str) {
    let Some(place) = folder.database() else {
        let pool =
            SqlitePool::connect_with(SqliteConnectOptions::new().filename(folder.path().join("sportello.db"))).await.unwrap();
        let triggers: Vec<(String, String)> =
            sqlx::query_as("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetch_all(&pool).await.unwrap();
        let aside = triggers.iter().map(|(name, _)| format!("DROP TRIGGER {name}; ")).collect::<String>();
        let back = triggers.iter().map(|(_, sql)| format!("; {sql}")).collect::<String>();
        let changes = AssertSqlSafe(format!("PRAGMA foreign_keys = OFF; {aside}{sql}"));
        let mut connection = pool.acquire().await.unwrap();
        let changed = connection.execute(changes).await.unwrap().rows_affected();
        connection.execute(AssertSqlSafe(format!("SELECT 1{back}"))).await.unwrap();
        drop(connection);
        pool.close().await;
        return assert!(changed > 0, "nothing was planted: {sql}");
    };
    let changed = place.run(&format!("SET session_replication_role = replica; {sql}")).await.unwrap();
    assert!(changed > 0, "nothing was planted: {sql}");
}

const ZEROS: &str = "'0000000000000000000000000000000000000000000000000000000000000000'";

/// What is done to the record, and what breaks of it at least. The first is spelt by each database in its own way.
fn changes(raw: &str) -> Vec<(String, &'static [&'static str])> {
    let shared: [(&str, &[&str]); 26] = [
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
        // what people are going to pay, and to whom; where both places are changed the sums still hold
        (
            "UPDATE versamenti SET iban = 'IT60X0542811101000000123456' WHERE iban IS NOT NULL \
          AND numero_avviso IN (SELECT r.numero_avviso FROM rate r JOIN posizioni p ON p.id = r.posizione_id WHERE p.stato = 'APERTA')",
            &["I3"],
        ),
        (
            "UPDATE versamenti SET importo_cents = importo_cents - 1 WHERE indice = 1; \
          UPDATE rate SET importo_cents = importo_cents - 1",
            &["I3"],
        ),
        ("UPDATE rate SET scadenza = '2099-12-31' WHERE scadenza IS NOT NULL", &["I3"]),
        ("DELETE FROM avvisi_pubblicati", &["I3"]),
        // pagoPA is not told what it must know
        ("DELETE FROM jobs WHERE tipo = 'ALLINEA_POSIZIONE'", &["I8"]),
    ];
    let mut all = vec![
        (format!("UPDATE inbox SET raw = {raw} WHERE esito = 'ACCETTATO'"), &["I2"][..]),
        (format!("UPDATE inbox SET sha256 = {ZEROS} WHERE esito = 'ACCETTATO'"), &["I2", "I3"]),
    ];
    all.extend(shared.into_iter().map(|(sql, codes)| (sql.to_owned(), codes)));
    all
}

async fn finds_whatever_is_changed(folder: Folder, raw: &str) {
    let folder = lived(folder).await;
    for (sql, codes) in changes(raw) {
        let copy = copy_of(&folder).await;
        plant(&copy, &sql).await;
        let prove = verified(&copy).await;
        let broken: Vec<_> = prove.iter().filter(|prova| !prova.vale()).map(|prova| prova.codice).collect();
        for code in codes {
            assert!(broken.contains(code), "{sql}\n{code} holds; broken: {broken:?}");
        }
        assert_eq!(asked(&copy).status.code(), Some(1), "{sql}");
    }
    assert!(verified(&folder).await.iter().all(Prova::vale), "and the original was left alone");
}

#[tokio::test]
async fn verify_finds_whatever_is_changed_by_hand() {
    // SQLite's blobs are bytes, the last one becomes another
    finds_whatever_is_changed(Folder::new(), "substr(raw, 1, length(raw) - 1) || x'20'").await;
}

#[tokio::test]
async fn verify_finds_whatever_is_changed_by_hand_on_postgres() {
    let raw = "substr(raw, 1, length(raw) - 1) || '\\x20'::BYTEA";
    finds_whatever_is_changed(Folder::new().on_postgres().await, raw).await;
}

/// Whoever drops a trigger, whatever he does then and puts right again, is found by it.
async fn finds_every_trigger_that_is_dropped(folder: Folder) {
    let folder = lived(folder).await;
    let copy = copy_of(&folder).await;
    assert!(verified(&copy).await.iter().all(Prova::vale));
    for (trigger, table) in [
        ("ricevute_are_never_deleted", "ricevute"),
        ("audit_never_changes", "audit"),
        ("ledger_never_changes", "ledger"),
        ("transizioni_never_change", "transizioni"),
        ("anelli_never_change", "anelli"),
        ("inbox_raw_is_kept", "inbox"),
        ("avvisi_pubblicati_never_change", "avvisi_pubblicati"),
    ] {
        match copy.database() {
            Some(place) => drop(place.run(&format!("DROP TRIGGER {trigger} ON {table}")).await.unwrap()),
            None => {
                let pool = SqlitePool::connect(copy.path().join("sportello.db").to_str().unwrap()).await.unwrap();
                pool.execute(AssertSqlSafe(format!("DROP TRIGGER {trigger}"))).await.unwrap();
                pool.close().await;
            }
        }
        let output = asked(&copy);
        let text = String::from_utf8(output.stdout).unwrap();
        let broken: Vec<_> = text.lines().filter(|line| line.contains("BROKEN")).collect();
        assert!(broken.len() == 1 && broken[0].starts_with("I3 "), "{trigger}: {text}");
        assert!(broken[0].contains("triggers; broken") && output.status.code() == Some(1), "{trigger}: {text}");
    }
}

#[tokio::test]
async fn verify_finds_a_trigger_that_is_dropped() {
    finds_every_trigger_that_is_dropped(Folder::new()).await;
}

#[tokio::test]
async fn verify_finds_a_trigger_that_is_dropped_on_postgres() {
    finds_every_trigger_that_is_dropped(Folder::new().on_postgres().await).await;
}
