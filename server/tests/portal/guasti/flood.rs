//! Whoever opens connections to the citizens' pages and says nothing, on a process that may have 256 files open (F13).
//!
//! What holds today, and no more: the Nodo is answered on the connection it has, nothing that was answered is lost, and everything
//! is as before when the flood is over. A *new* connection of the Nodo is not let in while the flood lasts: the listeners share one
//! limit, and a connection that says nothing is never closed. The story tells how that goes without asking for it.

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
use tokio::time::{sleep, timeout};

const FILES_MAX: usize = 256;
/// The Nodo gives up after 15 s; a machine that is not busy answers in 10 ms.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// How long a stranger is waited for: long enough to tell, short enough for every change.
const STRANGER_MAX: Duration = Duration::from_secs(2);

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_silent_connections_flood_the_pages_the_nodo_is_answered_where_it_is_connected() {
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
    while !place.log_text().contains("Too many open files") {
        sleep(Duration::from_millis(10)).await;
    }
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..10 {
        let raw = load.new_receipt(&mut rng);
        load.book.lock().unwrap().sending(&raw);
        let status = timeout(ANSWER_MAX, nodo.deliver(&raw)).await.unwrap().unwrap();
        // 503 is honest too: SQLite may want a file that it is not given
        match status {
            200 => {
                taken += 1;
                load.book.lock().unwrap().answered(&raw);
            }
            status => {
                assert_eq!(status, 503);
                refused += 1;
            }
        }
    }
    let raw = load.new_receipt(&mut rng);
    load.book.lock().unwrap().sending(&raw);
    let mut stranger = Kept::open(&place).await;
    let told = match timeout(STRANGER_MAX, stranger.deliver(&raw)).await {
        Ok(answer) => format!("{answer:?}"),
        Err(_) => "none".to_owned(),
    };
    say(&format!(
        "flood: {} silent connections, {FILES_MAX} files: on its connection the Nodo had {taken} OK and {refused} 503; \
         answer on a new connection within {} ms: {told}",
        silent.len(),
        STRANGER_MAX.as_millis()
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
