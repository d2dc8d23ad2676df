//! Whoever opens connections to the citizens' pages and says nothing, on a process that may have 256 files open (F13).
//!
//! Each listener takes a quarter of the files: the Nodo is answered on the connection it has and on a new one, all the while; a
//! connection that says nothing is closed after a while, and citizens who waited get in.

use super::check::{Stored, posizioni, verified};
use super::load::Load;
use super::process::Place;
use super::rng::Rng;
use super::say;
use crate::harness::Folder;
use std::io;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

const FILES_MAX: usize = 256;
/// The Nodo gives up after 15 s; a machine that is not busy answers in 10 ms.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// How long a stranger is waited for: long enough to tell, short enough for every change.
const STRANGER_MAX: Duration = Duration::from_secs(2);
/// Silent connections in front of a citizen: more than are taken at once (64), fewer than twice as many.
const IN_FRONT: usize = 100;
/// Those that are taken are sent away after 10 s.
const QUEUE_MAX: Duration = Duration::from_secs(25);

/// One connection, kept.
struct Kept(TcpStream);

impl Kept {
    async fn open(place: &Place) -> Self {
        Self(TcpStream::connect(place.address(1)).await.unwrap())
    }

    /// The status of the answer.
    async fn deliver(&mut self, raw: &[u8]) -> io::Result<u16> {
        let head =
            format!("POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", raw.len());
        self.0.write_all(&[head.as_bytes(), raw].concat()).await?;
        let mut answer = Vec::new();
        loop {
            if self.0.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = String::from_utf8_lossy(&answer).to_lowercase();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.split("\r\n").next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap());
            }
        }
    }
}

/// The portal's home on a connection of its own, as far as it came.
async fn get(place: &Place) -> String {
    let mut stream = TcpStream::connect(place.address(0)).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_to_the_pages_keep_neither_the_nodo_nor_the_citizens_out() {
    let (data, logs) = (Folder::new(), Folder::new());
    let place = Place::new(data.path(), &logs.path().join("log")).under(&format!("ulimit -n {FILES_MAX}"));
    let (process, _) = place.start().await;
    let before = Stored::read(data.path()).await.ids();
    let load = Load::new(&place, posizioni(data.path()).await);
    let mut rng = Rng::new(7);
    let mut nodo = Kept::open(&place).await;
    let raw = load.new_receipt(&mut rng);
    load.book.lock().unwrap().sending(&raw);
    assert_eq!(nodo.deliver(&raw).await.unwrap(), 200);
    load.book.lock().unwrap().answered(&raw);

    let mut silent = Vec::new();
    while silent.len() < FILES_MAX + 100 {
        silent.push(TcpStream::connect(place.address(0)).await.unwrap());
    }
    for _ in 0..10 {
        let raw = load.new_receipt(&mut rng);
        load.book.lock().unwrap().sending(&raw);
        let status = timeout(ANSWER_MAX, nodo.deliver(&raw)).await.unwrap().unwrap();
        assert_eq!(status, 200);
        load.book.lock().unwrap().answered(&raw);
    }
    let raw = load.new_receipt(&mut rng);
    load.book.lock().unwrap().sending(&raw);
    let mut stranger = Kept::open(&place).await;
    assert_eq!(timeout(STRANGER_MAX, stranger.deliver(&raw)).await.unwrap().unwrap(), 200, "a new connection of the Nodo");
    load.book.lock().unwrap().answered(&raw);
    assert!(!place.log_text().contains("Too many open files"), "{}", place.log_text());

    silent.truncate(IN_FRONT);
    // a citizen waits in the queue until the silent ones before are sent away
    let begun = Instant::now();
    let page = timeout(QUEUE_MAX, get(&place)).await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    say(&format!(
        "flood: {} silent connections, {FILES_MAX} files: a citizen got in after {} ms",
        silent.len(),
        begun.elapsed().as_millis()
    ));
    drop((silent, stranger));
    let begun = Instant::now();
    load.deliver_again().await;
    load.a_receipt(&mut rng).await;
    assert!(begun.elapsed() < ANSWER_MAX, "{:?}", begun.elapsed());
    process.kill();
    // what was kept while its effect had to wait is taken up by the next start
    let _again = place.start().await;
    verified(data.path()).await;
    let stored = Stored::read(data.path()).await;
    let book = load.book.lock().unwrap();
    stored.assert_keeps(&book, &before);
    assert_eq!(book.acknowledged(), 13);
}
