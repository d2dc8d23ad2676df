//! At every edge between a write and what follows from it (F2, F3): the process ends there, or the step fails there. Afterwards it is
//! started again, whoever had no answer asks again, and every invariant holds. One story for each point of `portal::punti`.

use super::book::receipt_for;
use super::check::{Stored, posizioni, verified};
use super::load::Load;
use super::process::{Place, Process, client};
use super::rng::Rng;
use super::say;
use crate::harness::{Folder, PASTI, form};
use futures::StreamExt as _;
use nodo::pa_for_node::client::encode_send_rt;
use portal::punti::Punto;
use sqlx::SqlitePool;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;
use tokio::time::sleep;

/// A crash is seen at once, a job is tried again after ten seconds; the rest is for a busy machine.
const SEEN_MAX: Duration = Duration::from_secs(90);
/// The least that `serve` takes: what a dead process held is taken again after it.
const LEASE_MS: u32 = 1_000;
/// So many at a time.
const AT_ONCE: usize = 3;
const SIGABRT: i32 = 6;

/// Whom it happens to.
#[derive(Debug)]
enum Chi {
    /// The Nodo, with a receipt, or with one that is for nobody here.
    Nodo,
    NodoSmarrito,
    /// A citizen, with a form, or with "Paga".
    Modulo,
    Paga,
    Runner,
    /// Who hands a letter to the server of the mail.
    Lettera,
    /// The operator, with a folder that is not there yet.
    Avvio,
    Backup,
    Restore,
    /// Into a folder that is there.
    RestoreDentro,
}

/// Without a wildcard: a point without a story does not compile.
fn chi(punto: Punto) -> Chi {
    match punto {
        Punto::InboxTenuto | Punto::RicevutaScritta | Punto::RicevutaConfermata => Chi::Nodo,
        Punto::QuarantenaConfermata => Chi::NodoSmarrito,
        Punto::BozzaConfermata => Chi::Modulo,
        Punto::ViaggioCreato | Punto::CarrelloInviato | Punto::CarrelloNotato => Chi::Paga,
        Punto::JobScritto
        | Punto::JobPreso
        | Punto::JobRinnovato
        | Punto::JobLavorato
        | Punto::JobFinito
        | Punto::BozzeCancellate
        | Punto::BozzeConfermate => Chi::Runner,
        Punto::LetteraAffidata | Punto::LetteraConsegnata => Chi::Lettera,
        Punto::DatabaseFatto | Punto::SegretoDetto => Chi::Avvio,
        Punto::BackupCopiato | Punto::BackupScritto => Chi::Backup,
        Punto::RipristinoProvato => Chi::Restore,
        Punto::RipristinoSenzaSegreto => Chi::RestoreDentro,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Come {
    Ends,
    Fails,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_the_process_ends_between_a_write_and_the_next_step_nothing_is_lost_or_done_twice() {
    everywhere(Come::Ends).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wherever_a_step_fails_after_a_write_nothing_is_lost_or_done_twice() {
    everywhere(Come::Fails).await;
}

async fn everywhere(come: Come) {
    let begun = Instant::now();
    let stories = Punto::ALL.iter().map(|punto| async move { Story::new(*punto, come).await.tell().await });
    let told = futures::stream::iter(stories).buffer_unordered(AT_ONCE).count().await;
    assert_eq!(told, Punto::ALL.len());
    say(&format!("failpoints, {come:?}: {told} of {} points, each hit, in {} s", Punto::ALL.len(), begun.elapsed().as_secs()));
}

/// A demo at rest: made once, copied for each story.
async fn seed() -> &'static Folder {
    static SEED: OnceCell<Folder> = OnceCell::const_new();
    SEED.get_or_init(|| async {
        let (data, logs) = (Folder::new(), Folder::new());
        let place = Place::new(data.path(), &logs.path().join("log"));
        let (process, _) = place.start().await;
        let load = Load::new(&place, Vec::new());
        for _ in 0..3 {
            load.fill_in().await.unwrap();
        }
        process.kill();
        data
    })
    .await
}

struct Story {
    punto: Punto,
    come: Come,
    data: Folder,
    logs: Folder,
    /// As it is without any point.
    place: Place,
}

impl Story {
    async fn new(punto: Punto, come: Come) -> Self {
        let (data, logs) = (Folder::new(), Folder::new());
        for entry in std::fs::read_dir(seed().await.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), data.path().join(entry.file_name())).unwrap();
        }
        let place = Place::new(data.path(), &logs.path().join("log"));
        Self { punto, come, data, logs, place }
    }

    async fn tell(self) {
        match chi(self.punto) {
            Chi::Nodo => self.a_receipt().await,
            Chi::NodoSmarrito => self.a_stray_receipt().await,
            Chi::Modulo => self.a_form().await,
            Chi::Paga => self.a_trip().await,
            Chi::Runner => self.the_jobs().await,
            Chi::Lettera => self.a_letter().await,
            Chi::Avvio => self.a_first_start().await,
            Chi::Backup => self.a_backup().await,
            Chi::Restore => self.a_restore().await,
            Chi::RestoreDentro => self.a_restore_into_what_is_there().await,
        }
    }

    fn failpoints(&self) -> String {
        let what = if self.come == Come::Ends { "abort" } else { "error" };
        format!("{}=1*return({what})", self.punto.as_str())
    }

    /// Told to fail there.
    fn failing(&self) -> Place {
        self.place.clone().with("FAILPOINTS", &self.failpoints())
    }

    fn was_hit(&self, said: &str) {
        assert!(said.contains(&format!("failpoint {}", self.punto.as_str())), "{:?} was not reached: {said}", self.punto);
    }

    /// It was hit; and the process is there again, as it is without any point.
    async fn again(&self, mut process: Process) -> Process {
        match self.come {
            Come::Ends => {
                let ended = process.wait(SEEN_MAX).await.expect("it should have ended");
                assert_eq!(ended.signal(), Some(SIGABRT), "{:?}: {ended}", self.punto);
            }
            Come::Fails => assert!(process.ended().is_none(), "{:?}: an error ends nothing", self.punto),
        }
        self.was_hit(&self.place.log_text());
        process.kill();
        self.place.start().await.0
    }

    async fn a_receipt(self) {
        let (process, _) = self.failing().start().await;
        let before = Stored::read(self.data.path()).await.ids();
        let load = Load::new(&self.place, posizioni(self.data.path()).await);
        let raw = load.new_receipt(&mut Rng::new(2));
        match self.come {
            Come::Ends => assert!(load.deliver(&raw).await.is_err(), "{:?}", self.punto),
            Come::Fails => assert!(!load.deliver(&raw).await.unwrap(), "{:?}: 503, and the Nodo sends it again", self.punto),
        }
        let process = self.again(process).await;
        load.deliver_again().await;
        process.kill();
        verified(self.data.path()).await;
        let stored = Stored::read(self.data.path()).await;
        let book = load.book.lock().unwrap();
        stored.assert_keeps(&book, &before);
        assert_eq!((book.acknowledged(), stored.ids().len() - before.len()), (1, 1));
    }

    async fn a_stray_receipt(self) {
        let (process, _) = self.failing().start().await;
        let posizione = posizioni(self.data.path()).await.remove(0);
        let mut request = receipt_for(&posizione, None, "RT-smarrita");
        request.instradamento.ente = "00743110157".to_owned();
        let raw = encode_send_rt(&request);
        let send = || client().post(self.place.station()).header("Content-Type", "text/xml").body(raw.clone()).send();
        let answer = send().await;
        match self.come {
            Come::Ends => assert!(answer.is_err(), "{answer:?}"),
            Come::Fails => assert_eq!(answer.unwrap().status(), 503),
        }
        let process = self.again(process).await;
        let answer = send().await.unwrap().text().await.unwrap();
        assert!(answer.contains("<outcome>OK</outcome>"), "{answer}");
        process.kill();
        verified(self.data.path()).await;
    }

    async fn a_form(self) {
        let (process, _) = self.failing().start().await;
        self.refuses(client().post(self.place.url(0, PASTI)).form(&form())).await;
        let process = self.again(process).await;
        Load::new(&self.place, Vec::new()).fill_in().await.unwrap();
        process.kill();
        verified(self.data.path()).await;
    }

    async fn refuses(&self, request: reqwest::RequestBuilder) {
        let answer = request.send().await;
        match self.come {
            Come::Ends => assert!(answer.is_err(), "{answer:?}"),
            Come::Fails => assert!(answer.unwrap().status().is_server_error(), "{:?}", self.punto),
        }
    }

    /// The citizen is led to Checkout in the end: not after a quarter of an hour.
    async fn a_trip(self) {
        let (process, _) = self.failing().start().await;
        let load = Load::new(&self.place, Vec::new());
        load.fill_in().await.unwrap();
        let page = self.place.url(0, &load.book.lock().unwrap().pages[0].path);
        self.refuses(client().post(&page)).await;
        let process = self.again(process).await;
        let begun = Instant::now();
        while client().post(&page).send().await.unwrap().status() != 303 {
            assert!(begun.elapsed() < SEEN_MAX, "{:?}: nobody is led to Checkout", self.punto);
            sleep(Duration::from_millis(500)).await;
        }
        process.kill();
        verified(self.data.path()).await;
        let pool = self.pool().await;
        let open = "SELECT COUNT(*) FROM tentativi WHERE stato IN ('CREATO', 'INVIATO')";
        assert_eq!(sqlx::query_scalar::<_, i64>(open).fetch_one(&pool).await.unwrap(), 1, "one trip is under way");
    }

    async fn the_jobs(self) {
        // drafts that are past their time (by a day: I14 leaves two, so the VERIFICA of today finds nothing), and nothing done today
        let pool = self.pool().await;
        let age = "UPDATE posizioni SET created_at = strftime('%Y-%m-%dT%H:%M:%f', 'now', '-31 days') || '000Z'
                WHERE id IN (SELECT posizione_id FROM moduli) AND stato = 'BOZZA'; DELETE FROM jobs WHERE tipo <> 'ALLINEA_POSIZIONE'";
        sqlx::raw_sql(age).execute(&pool).await.unwrap();
        pool.close().await;
        let place = self.place.clone().in_production("serve", LEASE_MS);
        let mut process = place.clone().with("FAILPOINTS", &self.failpoints()).spawn();
        if self.come == Come::Ends {
            let ended = process.wait(SEEN_MAX).await.expect("it should have ended");
            assert_eq!(ended.signal(), Some(SIGABRT), "{:?}: {ended}: {}", self.punto, place.log_text());
            self.was_hit(&place.log_text());
            process = place.start().await.0;
        }
        let begun = Instant::now();
        while !all_done(&place).await {
            assert!(begun.elapsed() < SEEN_MAX && process.ended().is_none(), "{:?}: {}", self.punto, place.log_text());
            sleep(Duration::from_millis(200)).await;
        }
        self.was_hit(&place.log_text());
        process.kill();
        verified(self.data.path()).await;
        let pool = self.pool().await;
        let once = "SELECT COUNT(*), COUNT(DISTINCT id) FROM transizioni WHERE soggetto = 'posizione' AND a = 'ELIMINATA'";
        let (steps, drafts): (i64, i64) = sqlx::query_as(once).fetch_one(&pool).await.unwrap();
        assert!(steps >= 3 && steps == drafts, "{:?}: {drafts} drafts went in {steps} steps", self.punto);
    }

    /// A letter that may have gone goes no second time: that nobody knows is written down, and said.
    async fn a_letter(self) {
        let (mut process, _) = self.failing().start().await;
        let load = Load::new(&self.place, Vec::new());
        load.fill_in().await.unwrap();
        let page = self.place.url(0, &load.book.lock().unwrap().pages[0].path);
        let address = [("email", "chi@paga.example"), ("email_vista", "chi@paga.example")];
        assert_eq!(client().post(&page).form(&address).send().await.unwrap().status(), 303);
        let pool = self.pool().await;
        let trip = "SELECT id, posizione_id FROM tentativi ORDER BY created_at DESC LIMIT 1";
        let (trip, of): (String, String) = sqlx::query_as(trip).fetch_one(&pool).await.unwrap();
        let posizione = posizioni(self.data.path()).await.into_iter().find(|posizione| posizione.id == of).unwrap();
        let mut request = receipt_for(&posizione, None, "RT-LETTERA");
        request.ricevuta.nota = Some(trip);
        let answer = client().post(self.place.station()).body(encode_send_rt(&request)).send().await.unwrap();
        assert!(answer.text().await.unwrap().contains("<outcome>OK</outcome>"));
        if self.come == Come::Ends {
            let ended = process.wait(SEEN_MAX).await.expect("it should have ended");
            assert_eq!(ended.signal(), Some(SIGABRT), "{:?}: {ended}", self.punto);
            process = self.place.start().await.0;
        }
        let begun = Instant::now();
        let stato = "SELECT stato FROM lettere";
        while sqlx::query_scalar::<_, String>(stato).fetch_all(&pool).await.unwrap() != ["INCERTA"] {
            assert!(begun.elapsed() < SEEN_MAX && process.ended().is_none(), "{:?}: {}", self.punto, self.place.log_text());
            sleep(Duration::from_millis(200)).await;
        }
        pool.close().await;
        self.was_hit(&self.place.log_text());
        // the sandbox that took the first one, if it did, died with the process
        let taken = usize::from(self.come == Come::Fails && self.punto == Punto::LetteraConsegnata);
        let letters = client().get(self.place.url(2, "/posta/lettere")).send().await.unwrap().text().await.unwrap();
        assert_eq!(letters.matches("Message-ID").count(), taken, "{:?}: {letters}", self.punto);
        process.kill();
        verified(self.data.path()).await;
    }

    /// Begun again, it is the installation that it began to be; a secret that the database names is never drawn anew.
    async fn a_first_start(self) {
        let data = self.logs.path().join("nuova");
        let place = Place::new(&data, &self.place.log);
        let mut process = place.clone().with("FAILPOINTS", &self.failpoints()).spawn();
        let ended = process.wait(SEEN_MAX).await.expect("it should have ended");
        match self.come {
            Come::Ends => assert_eq!(ended.signal(), Some(SIGABRT), "{:?}: {ended}", self.punto),
            Come::Fails => assert_eq!(ended.code(), Some(1), "{:?}: {ended}", self.punto),
        }
        self.was_hit(&place.log_text());
        assert!(data.join("sportello.db").exists() && !data.join("segreto").exists(), "{:?}", self.punto);
        let unfinished = std::fs::read(data.join("segreto.nuovo")).ok();
        assert_eq!(unfinished.is_some(), self.punto == Punto::SegretoDetto);
        let (process, _) = place.start().await;
        let drawn = std::fs::read(data.join("segreto")).unwrap();
        assert!(unfinished.is_none_or(|unfinished| unfinished == drawn), "{:?}: another one was drawn", self.punto);
        assert!(!data.join("segreto.nuovo").exists());
        process.kill();
        verified(&data).await;
    }

    async fn a_backup(self) {
        let (data, to) = (self.data.path(), self.logs.path().join("copia"));
        self.is_given_up(sportello("backup", &[("--data", data), ("--to", &to)], &self.failpoints()).await, &to);
        works(sportello("backup", &[("--data", data), ("--to", &to)], "").await);
        works(sportello("restore", &[("--from", &to), ("--data", &self.logs.path().join("x"))], "").await);
        verified(data).await;
    }

    async fn a_restore(self) {
        let (from, to) = (self.logs.path().join("copia"), self.logs.path().join("ripristino"));
        works(sportello("backup", &[("--data", self.data.path()), ("--to", &from)], "").await);
        self.is_given_up(sportello("restore", &[("--from", &from), ("--data", &to)], &self.failpoints()).await, &to);
        works(sportello("restore", &[("--from", &from), ("--data", &to)], "").await);
        verified(&to).await;
    }

    /// What is not whole has no secret, and nothing starts on it; nor is it written over.
    async fn a_restore_into_what_is_there(self) {
        let (from, to) = (self.logs.path().join("copia"), self.logs.path().join("volume"));
        std::fs::create_dir(&to).unwrap();
        works(sportello("backup", &[("--data", self.data.path()), ("--to", &from)], "").await);
        let restore = [("--from", from.as_path()), ("--data", to.as_path())];
        let output = sportello("restore", &restore, &self.failpoints()).await;
        self.was_hit(&String::from_utf8_lossy(&output.stderr));
        if self.come == Come::Ends {
            assert_eq!(output.status.signal(), Some(SIGABRT));
            let place = Place::new(&to, &self.place.log);
            assert_eq!(place.spawn().wait(SEEN_MAX).await.expect("it should have ended").code(), Some(1));
            assert!(place.log_text().contains("segreto is missing beside"), "{}", place.log_text());
            let again = sportello("restore", &restore, "").await;
            let said = String::from_utf8_lossy(&again.stderr).into_owned();
            assert!(!again.status.success() && said.contains("If a restore was cut off there, empty it first"), "{said}");
            for entry in std::fs::read_dir(&to).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
            }
        } else {
            assert_eq!(output.status.code(), Some(1));
            let left: Vec<_> = std::fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(left, ["in-uso"], "what failed leaves nothing behind but its lock");
        }
        works(sportello("restore", &restore, "").await);
        verified(&to).await;
    }

    /// Half a folder never has its name; what failed leaves none at all.
    fn is_given_up(&self, output: Output, to: &Path) {
        self.was_hit(&String::from_utf8_lossy(&output.stderr));
        assert!(!to.exists(), "{:?}", self.punto);
        match self.come {
            Come::Ends => assert_eq!(output.status.signal(), Some(SIGABRT)),
            Come::Fails => {
                assert_eq!(output.status.code(), Some(1));
                let unfinished = |name: &str| name.contains(".nuovo-");
                let left = std::fs::read_dir(self.logs.path()).unwrap();
                assert!(!left.into_iter().any(|entry| unfinished(&entry.unwrap().file_name().to_string_lossy())));
            }
        }
    }

    async fn pool(&self) -> SqlitePool {
        SqlitePool::connect(self.data.path().join("sportello.db").to_str().unwrap()).await.unwrap()
    }
}

async fn all_done(place: &Place) -> bool {
    let copy = place.copy().await;
    let pool = SqlitePool::connect(copy.path().join("sportello.db").to_str().unwrap()).await.unwrap();
    let done = "SELECT COUNT(DISTINCT tipo) = 3 FROM jobs WHERE stato = 'FATTO' AND tipo <> 'ALLINEA_POSIZIONE'";
    let done = sqlx::query_scalar(done).fetch_one(&pool).await.unwrap();
    pool.close().await;
    done
}

async fn sportello(command: &str, paths: &[(&str, &Path)], failpoints: &str) -> Output {
    let mut sportello = Command::new(env!("CARGO_BIN_EXE_sportello"));
    sportello.arg(command).env("FAILPOINTS", failpoints).env_remove("RUST_LOG");
    for (name, path) in paths {
        sportello.arg(name).arg(path);
    }
    tokio::task::spawn_blocking(move || sportello.output().unwrap()).await.unwrap()
}

fn works(output: Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
