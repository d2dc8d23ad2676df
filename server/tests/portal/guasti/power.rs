//! The power fails (F4): what no commit had waited for is not on the disk. What was answered OK is, and is worked on again.

use crate::harness::{Folder, Sportello, rata, receipt};
use domain::StatoPosizione;

/// Of the write-ahead log: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Where each commit of the log ends.
fn commits(wal: &[u8]) -> Vec<usize> {
    if wal.len() < HEADER {
        return Vec::new();
    }
    let frame = FRAME_HEADER + usize::try_from(word(wal, 8)).unwrap();
    let salts = &wal[16..24];
    let frames = (HEADER..).step_by(frame).take_while(|at| at + frame <= wal.len());
    // what an earlier round of the log left has other salts; a frame that ends a commit says how big the database is then
    let ours = frames.take_while(|at| &wal[at + 8..at + 16] == salts);
    ours.filter(|at| word(wal, at + 4) != 0).map(|at| at + frame).collect()
}

#[tokio::test]
async fn a_receipt_whose_effect_the_power_took_is_worked_on_at_the_next_start() {
    let sportello = Sportello::start_on_sqlite().await;
    let numero = sportello.avviso("APERTA").numero;
    let posizione = sportello.posizione(&numero).await;
    let at = |name: &str| sportello.folder().join(name);
    // from its beginning: one that begins anew in between would not say what came before
    let pool = sqlx::SqlitePool::connect(at("sportello.db").to_str().unwrap()).await.unwrap();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pool).await.unwrap();
    pool.close().await;
    let before = commits(&std::fs::read(at("sportello.db-wal")).unwrap()).len();
    sportello.deliver(&receipt(&posizione, rata(&posizione, &numero), "RT-corrente")).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);

    let wal = std::fs::read(at("sportello.db-wal")).unwrap();
    let ends = commits(&wal);
    assert_eq!(ends.len(), before + 2, "the bytes, then what they change");
    // as the disk would have it: all that waited, nothing after it
    let folder = Folder::new();
    for name in ["sportello.db", "segreto"] {
        std::fs::copy(at(name), folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join("sportello.db-wal"), &wal[..ends[before]]).unwrap();
    let store = store::Store::open(&folder.path().join("sportello.db")).await.unwrap();
    let waiting = store.pending_inbox().await.unwrap();
    assert_eq!(waiting.len(), 1, "answered OK, kept, and not judged");
    let posizione = store.posizione_by_avviso(&posizione.ente, &posizione.rate[0].numero).await.unwrap().unwrap();
    assert_eq!(posizione.stato, StatoPosizione::Aperta);
    store.close().await;

    let again = Sportello::start_in(folder).await;
    assert_eq!(again.posizione(&numero).await.stato, StatoPosizione::Pagata);
    assert_eq!((again.ricevute(&numero).await.len(), again.in_inbox("RICEVUTO").await), (1, 0));
}
