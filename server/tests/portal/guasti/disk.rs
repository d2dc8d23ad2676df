//! The disk is full (F5): by a small file system of its own, and by a limit on the size of files that needs no root.

use super::check::{Stored, posizioni, verified};
use super::load::Load;
use super::process::{Place, Process, client};
use super::rng::Rng;
use super::say;
use crate::harness::{Folder, PASTI, form};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// A new demo takes some 5 MiB with its WAL.
const DISK: &str = "size=16m";
/// Receipts until the disk is full; each takes some kilobytes.
const RECEIPTS_MAX: u32 = 20_000;
/// Whoever calls at the same time.
const CLIENTS: usize = 8;
/// The Nodo gives a receipt up for this time after 15 s: an answer must come before.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// A file system of a few MiB, unmounted when dropped.
struct SmallDisk {
    at: PathBuf,
    _folder: Folder,
}

impl SmallDisk {
    /// What mount says when it does not let us.
    fn mount() -> Result<Self, String> {
        let folder = Folder::new();
        let at = folder.path().to_owned();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(&at).output();
        match mounted {
            Ok(output) if output.status.success() => Ok(Self { at, _folder: folder }),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Takes all the space there is.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.filler()).unwrap();
        let block = [7; 4096];
        while file.write_all(&block).is_ok() {}
    }

    fn empty(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.at.join("riempitivo")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // lazily: a process that was just killed may still hold a file
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_receipts_get_503_and_are_taken_when_there_is_space_again() {
    let disk = match SmallDisk::mount() {
        Ok(disk) => disk,
        Err(why) => {
            // not in silence: the other story of this file still fills a disk, in the only way left
            say(&format!("disk full: NOT tried on a file system of its own, mount refused ({why}); tried with a limit on files"));
            return;
        }
    };
    let logs = Folder::new();
    let place = Place::new(&disk.at, &logs.path().join("log"));
    let (process, _) = place.start().await;
    disk.fill();
    let story = Story::begin(&place).await;
    story.until_nothing_fits().await;
    story.says_so_and_goes_on_reading().await;
    story.dies_and_comes_back_when_it_can(process, || disk.empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_may_not_grow_are_as_a_full_disk() {
    let (data, logs) = (Folder::new(), Folder::new());
    let roomy = Place::new(data.path(), &logs.path().join("log"));
    let (process, _) = roomy.start().await;
    // what fills it first is not what this story is about
    process.kill();
    let kib = std::fs::metadata(data.path().join("sportello.db")).unwrap().len() / 1024 + 400;
    // only the soft limit: it can be lifted again from outside; the signal it sends is ignored, so that writing fails instead
    let place = roomy.under(&format!("trap '' XFSZ && ulimit -S -f {kib}"));
    let (process, _) = place.start().await;
    let id = process.id().to_string();
    let story = Story::begin(&place).await;
    story.until_nothing_fits().await;
    story.says_so_and_goes_on_reading().await;
    assert!(Command::new("prlimit").args(["--pid", &id, "--fsize=unlimited"]).status().unwrap().success());
    story.heals(process).await;
}

/// What happens between a Sportello and a disk, however the disk is filled.
struct Story {
    load: Arc<Load>,
    place: Place,
    before: std::collections::BTreeSet<String>,
}

impl Story {
    async fn begin(place: &Place) -> Self {
        let before = Stored::read(&place.data).await.ids();
        Self { load: Load::new(place, posizioni(&place.data).await), place: place.clone(), before }
    }

    fn data(&self) -> &Path {
        &self.place.data
    }

    /// Receipts from all sides, until each side is told 503.
    async fn until_nothing_fits(&self) {
        let mut clients = JoinSet::new();
        for seed in 0..CLIENTS {
            let load = Arc::clone(&self.load);
            clients.spawn(async move {
                let mut rng = Rng::new(u64::try_from(seed).unwrap());
                for _ in 0..RECEIPTS_MAX {
                    let begun = Instant::now();
                    let taken = load.deliver(&load.new_receipt(&mut rng)).await.unwrap();
                    assert!(begun.elapsed() < ANSWER_MAX, "{:?}", begun.elapsed());
                    if !taken {
                        return;
                    }
                }
                panic!("the disk never was full");
            });
        }
        while let Some(client) = clients.join_next().await {
            client.unwrap();
        }
    }

    async fn says_so_and_goes_on_reading(&self) {
        let (place, client) = (&self.place, client());
        let form = client.post(place.url(0, PASTI)).form(&form()).send().await.unwrap();
        assert_eq!(form.status(), 503);
        assert!(form.text().await.unwrap().contains("<h1"), "a page, not a bare error");
        let home = client.get(place.url(0, "/valdoria")).send().await.unwrap();
        assert_eq!(home.status(), 200, "reading goes on");
        let mut rng = Rng::new(99);
        for _ in 0..20 {
            assert!(!self.load.deliver(&self.load.new_receipt(&mut rng)).await.unwrap(), "there is no space for it");
        }
        assert_eq!(Stored::read(self.data()).await.lost(&self.load.book.lock().unwrap()), 0);
    }

    /// Space is back: the same receipts are taken, by the same process.
    async fn heals(&self, process: Process) {
        let unanswered = self.load.book.lock().unwrap().unanswered().len();
        assert!(unanswered >= CLIENTS + 20, "{unanswered}");
        self.load.deliver_again().await;
        let form = client().post(self.place.url(0, PASTI)).form(&form()).send().await.unwrap();
        assert_eq!(form.status(), 303);
        // a message that fitted while its effect did not is taken up at the next start
        process.kill();
        let _serving = self.place.start().await;
        verified(self.data()).await;
        let stored = Stored::read(self.data()).await;
        let book = self.load.book.lock().unwrap();
        assert!(book.refused >= 28, "{}", book.refused);
        stored.assert_keeps(&book, &self.before);
        assert_eq!(book.acknowledged(), book.receipts.len());
    }

    /// Killed on the full disk, it loses nothing either, and a start that cannot write ends with a sentence or serves.
    async fn dies_and_comes_back_when_it_can(&self, process: Process, empty: impl Fn()) {
        process.kill();
        let mut starting = self.place.spawn();
        if let Some(ended) = starting.wait(Duration::from_secs(3)).await {
            let log = self.place.log_text();
            assert!(ended.code() == Some(1) && log.contains("sportello: ") && !log.contains("panicked"), "{ended}: {log}");
            empty();
            starting = self.place.start().await.0;
        } else {
            empty();
        }
        self.heals(starting).await;
    }
}
