//! Whether a folder holds what was answered. It looks at a copy: to open the database itself would repair it before Sportello
//! does.

use super::book::{Book, Sent};
use crate::harness::{Folder, VALDORIA};
use domain::{CodiceFiscaleEnte, Posizione};
use jiff::Timestamp;
use portal::ids::sha256_hex;
use portal::verifica::verify;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use store::Store;

/// Enough for a story to choose from.
const POSIZIONI_MAX: u32 = 200;

/// What is stored, read while nobody writes.
#[derive(Debug)]
pub struct Stored {
    /// Digest of the bytes as they are now → how many messages, and how many of them were kept apart.
    messages: BTreeMap<String, (u32, u32)>,
    receipts: BTreeMap<String, Row>,
    /// `ricevuta …` → how many steps a position took because of it.
    effects: BTreeMap<String, u32>,
}

/// A receipt as the database has it.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    receipt_id: String,
    id: String,
    importo_cents: i64,
    ledger_cents: i64,
    /// Digest of the bytes it was read from.
    sha256: String,
    of_a_position: bool,
}

/// A copy of the database as it is on the disk, whatever the process was doing.
fn copy_of(data: &Path) -> Folder {
    let copy = Folder::new();
    copy_files(data, copy.path());
    copy
}

/// The two files of a SQLite database that may be at work. One is copied after the other, so between them the process may bring its
/// log home into the database and begin the log anew (SQLite, "WAL-mode file format": a new salt in its header): what stood in the
/// old one would be in neither copy, and be missed though nobody lost it. Then both are copied again.
pub fn copy_files(from: &Path, to: &Path) {
    copy_between(from, to, || ());
}

/// `between`: what happens after the first copy of the database.
fn copy_between(from: &Path, to: &Path, between: impl FnOnce()) {
    let (db, wal) = ("sportello.db", "sportello.db-wal");
    let mut between = Some(between);
    loop {
        let begun = wal_header(&from.join(wal));
        if from.join(db).exists() {
            std::fs::copy(from.join(db), to.join(db)).unwrap();
        }
        if let Some(between) = between.take() {
            between();
        }
        let _ = std::fs::remove_file(to.join(wal));
        if from.join(wal).exists() {
            std::fs::copy(from.join(wal), to.join(wal)).unwrap();
        }
        if wal_header(&from.join(wal)) == begun && wal_header(&to.join(wal)) == begun {
            return;
        }
    }
}

/// Magic, version, page size, checkpoint number, two salts, two checksums; empty when there is no log.
fn wal_header(wal: &Path) -> Vec<u8> {
    let mut header = Vec::new();
    if let Ok(file) = File::open(wal) {
        file.take(32).read_to_end(&mut header).unwrap();
    }
    header
}

/// Every line of `sportello verify` holds, and no message waits to be judged.
pub async fn verified(data: &Path) {
    let copy = copy_of(data);
    let store = Store::open(&copy.path().join("sportello.db")).await.unwrap();
    for prova in verify(&store, Timestamp::MAX).await.unwrap() {
        assert!(prova.vale(), "{prova}");
    }
}

/// Positions of Valdoria with one way to pay: receipts can be sent for them.
pub async fn posizioni(data: &Path) -> Vec<Posizione> {
    let copy = copy_of(data);
    let store = Store::open(&copy.path().join("sportello.db")).await.unwrap();
    let mut all = store.list_posizioni(&CodiceFiscaleEnte::parse(VALDORIA).unwrap(), POSIZIONI_MAX).await.unwrap();
    all.retain(|posizione| posizione.rate.len() == 1 && posizione.rate[0].versamenti.len() == 1 && !posizione.rate[0].ha_bollo());
    all
}

impl Stored {
    pub async fn read(data: &Path) -> Self {
        let copy = copy_of(data);
        let options = SqliteConnectOptions::new().filename(copy.path().join("sportello.db"));
        let pool = SqlitePool::connect_with(options).await.unwrap();
        let mut messages: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        let rows: Vec<(Vec<u8>, String)> = sqlx::query_as("SELECT raw, esito FROM inbox").fetch_all(&pool).await.unwrap();
        for (raw, esito) in rows {
            let count = messages.entry(sha256_hex(&raw)).or_default();
            count.0 += 1;
            count.1 += u32::from(esito == "QUARANTENA");
        }
        let receipts: Vec<Row> = sqlx::query_as(
            "SELECT r.receipt_id, r.id, r.importo_cents, i.sha256, r.posizione_id IS NOT NULL AS of_a_position,
                    (SELECT COALESCE(SUM(l.importo_cents), 0) FROM ledger l WHERE l.ricevuta_id = r.id) AS ledger_cents
             FROM ricevute r JOIN inbox i ON i.id = r.inbox_id",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        let steps: Vec<(String, u32)> = sqlx::query_as(
            "SELECT perche, COUNT(*) FROM transizioni WHERE soggetto = 'posizione' AND perche LIKE 'ricevuta %' GROUP BY perche",
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        pool.close().await;
        let receipts = receipts.into_iter().map(|row| (row.receipt_id.clone(), row)).collect();
        Self { messages, receipts, effects: steps.into_iter().collect() }
    }

    pub fn ids(&self) -> BTreeSet<String> {
        self.receipts.keys().cloned().collect()
    }

    /// Receipts answered OK that are not stored as they were sent. The promise: 0.
    pub fn lost(&self, book: &Book) -> usize {
        book.receipts.iter().filter(|(id, sent)| book.is_answered(sent) && !self.holds(id, sent)).count()
    }

    fn holds(&self, id: &str, sent: &Sent) -> bool {
        self.receipts.get(id).is_some_and(|row| row.sha256 == sent.sha256) && self.messages.contains_key(&sent.sha256)
    }

    /// After a stop that was no crash: nothing was taken and left without an answer.
    pub fn assert_answered(&self, book: &Book) {
        for (sha256, message) in &book.messages {
            let (kept, _) = self.messages.get(sha256).copied().unwrap_or_default();
            assert_eq!(kept, message.answered, "{sha256}: kept so many times, answered so many");
        }
    }

    /// All that was answered is here byte by byte, has its effect once, and not a cent is more or less. `before`: what was there
    /// before anything was sent.
    pub fn assert_keeps(&self, book: &Book, before: &BTreeSet<String>) {
        for (sha256, message) in &book.messages {
            let (kept, _) = self.messages.get(sha256).copied().unwrap_or_default();
            let expected = message.answered..=message.sent;
            assert!(expected.contains(&kept), "{sha256}: {kept} messages, answered and sent {expected:?}");
        }
        for sha256 in &book.conflicts {
            let (kept, apart) = self.messages.get(sha256).copied().unwrap_or_default();
            assert_eq!(kept, apart, "{sha256}: another content under a known receiptId");
        }
        assert_eq!(self.lost(book), 0, "answered OK and lost");
        let (mut answered_cents, mut stored_cents) = (0_i64, 0_i64);
        for (id, row) in self.receipts.iter().filter(|(id, _)| !before.contains(*id)) {
            let sent = book.receipts.get(id).unwrap_or_else(|| panic!("{id} was never sent"));
            assert_eq!(row.importo_cents, row.ledger_cents, "{id}");
            assert_eq!(row.importo_cents, sent.request.ricevuta.importo.cents(), "{id}");
            let steps = self.effects.get(&format!("ricevuta {}", row.id)).copied().unwrap_or_default();
            assert_eq!(steps, u32::from(row.of_a_position), "{id}: one step of its position, or none to take");
            if book.is_answered(sent) {
                answered_cents += sent.request.ricevuta.importo.cents();
                stored_cents += row.ledger_cents;
            }
        }
        let acknowledged = book.receipts.values().filter(|sent| book.is_answered(sent));
        assert_eq!(acknowledged.map(|s| s.request.ricevuta.importo.cents()).sum::<i64>(), stored_cents, "cents");
        assert_eq!(answered_cents, stored_cents, "cents");
    }
}

#[tokio::test]
async fn a_copy_taken_while_the_log_begins_anew_misses_nothing() {
    let (live, copy) = (Folder::new(), Folder::new());
    let options = SqliteConnectOptions::new().filename(live.path().join("sportello.db")).create_if_missing(true);
    let pool = SqlitePool::connect_with(options.pragma("journal_mode", "WAL")).await.unwrap();
    sqlx::query("CREATE TABLE inbox (raw BLOB NOT NULL)").execute(&pool).await.unwrap();
    sqlx::query("INSERT INTO inbox VALUES (x'01')").execute(&pool).await.unwrap();
    let runtime = tokio::runtime::Handle::current();
    let (from, to, at_work) = (live.path().to_owned(), copy.path().to_owned(), pool.clone());
    tokio::task::spawn_blocking(move || {
        copy_between(&from, &to, || {
            runtime.block_on(async {
                sqlx::query("PRAGMA wal_checkpoint(RESTART)").execute(&at_work).await.unwrap();
                sqlx::query("INSERT INTO inbox VALUES (x'02')").execute(&at_work).await.unwrap();
            });
        });
    })
    .await
    .unwrap();
    let copied = SqlitePool::connect_with(SqliteConnectOptions::new().filename(copy.path().join("sportello.db"))).await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM inbox").fetch_one(&copied).await.unwrap();
    assert_eq!(kept, 2);
}
