//! Starting and stopping the listeners.

use crate::config::Config;
use crate::render::Web;
use crate::{health, router};
use anyhow::{Context as _, ensure};
use axum::Router;
use nodo::checkout::Checkout;
use portal::{Clock, Portal, Settings};
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// `sportello serve`.
///
/// # Errors
/// With a sentence about what is missing.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let folder = &config.dati.folder;
    let _folder_lock = lock(folder).await?;
    let portal = open_portal(
        folder,
        Checkout::new(config.checkout()?)?,
        Clock::system()?,
        Settings { public_url: config.public_url()?, ambiente_di_prova: false },
    )
    .await?;
    let web = Web::new(portal.clone(), config.checkout.redirect_origins.clone());
    let stop = stop_signal();
    let enti = portal.enti().await?.len();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        web = %config.web.listen,
        stazione = %config.stazione.listen,
        metriche = %config.metriche.listen,
        folder = %folder.display(),
        enti,
        "starting"
    );
    if enti == 0 {
        tracing::warn!("no ente is configured: there is nothing to pay yet");
    }
    tokio::try_join!(
        listen(bind(config.web.listen).await?, router::citizens(web), stop.clone()),
        listen(bind(config.stazione.listen).await?, router::station(portal.clone()), stop.clone()),
        listen(bind(config.metriche.listen).await?, health::router(portal), stop),
    )?;
    Ok(())
}

/// The database and the secret of a data folder, which is made when it is not there.
///
/// # Errors
/// When it cannot be read or written, or the secret is damaged.
pub async fn open_portal(folder: &Path, checkout: Checkout, clock: Clock, settings: Settings) -> anyhow::Result<Portal> {
    let database = folder.join("sportello.db");
    let secret = secret(folder, &database)?;
    keep_private(&database)?;
    let store = Store::open(&database).await.with_context(|| format!("opening {}", database.display()))?;
    let portal = Portal::new(store, checkout, clock, settings, secret);
    let resumed = portal.resume_inbox().await.context("working on receipts stored earlier")?;
    if resumed > 0 {
        tracing::warn!(resumed, "receipts stored before the last stop are worked on now");
    }
    match portal.adopt_ricevute().await {
        Ok(0) => {}
        Ok(adopted) => tracing::warn!(adopted, "receipts of an older version are in their chains now"),
        // people must be able to pay; what is wrong is said by `sportello verify`
        Err(error) => tracing::error!(%error, "some receipts are in no chain: run `sportello verify`"),
    }
    Ok(portal)
}

/// 32 random bytes, drawn once. IUVs and addresses depend on them: a damaged file, or none beside a database, stops the start
/// rather than being replaced.
fn secret(folder: &Path, database: &Path) -> anyhow::Result<[u8; 32]> {
    let path = folder.join("segreto");
    if !path.exists() {
        ensure!(
            !database.exists(),
            "{} is missing beside {}: IUVs and addresses are derived from it; restore it from a backup",
            path.display(),
            database.display()
        );
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
        write_new(&path, &fresh).with_context(|| format!("writing {}", path.display()))?;
    }
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        bytes.len() == 32,
        "{} is damaged: it must hold the 32 bytes it was made with; restore it from a backup",
        path.display()
    );
    Ok(std::array::from_fn(|i| bytes[i]))
}

/// Under its name only when it is whole and on the disk: a crash leaves no half secret.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let unfinished = path.with_extension("nuovo");
    let mut file = private().create(true).truncate(true).write(true).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)
}

/// The database names people. SQLite gives the files beside it (`-wal`, `-shm`) the mode of the first.
fn keep_private(database: &Path) -> anyhow::Result<()> {
    match private().create_new(true).write(true).open(database) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("{} cannot be written", database.display()))
        }
        _ => Ok(()),
    }
}

fn private() -> std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    options.mode(0o600);
    options
}

/// How long the last one may still be stopping.
const FOLDER_WAIT: Duration = Duration::from_secs(5);

/// Makes the folder when it is not there. One Sportello for one folder, until the value is dropped or the process ends, however it ends.
///
/// # Errors
/// When another one uses it.
pub async fn lock(folder: &Path) -> anyhow::Result<File> {
    ensure!(!folder.exists() || folder.is_dir(), "{} is a file, not a folder", folder.display());
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let path = folder.join("in-uso");
    let file =
        private().create(true).truncate(false).write(true).open(&path).with_context(|| format!("writing {}", path.display()))?;
    let begun = Instant::now();
    while file.try_lock().is_err() {
        ensure!(begun.elapsed() < FOLDER_WAIT, "{} is in use by another sportello", folder.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(file)
}

/// # Errors
/// With the address, when somebody else has it.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
}

/// Serves until told to stop, then finishes what is under way.
///
/// # Errors
/// Those of the socket.
pub async fn listen(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopped = async move {
        // an error means that the sender is gone: stop as well
        let _ = stop.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, service).with_graceful_shutdown(stopped).await?;
    Ok(())
}

/// Becomes true at Ctrl-C or SIGTERM.
pub fn stop_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let terminated = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = terminated => {}
        }
        tracing::info!("stopping: what is under way is finished first");
        // nobody listens any more: nothing to tell
        let _ = sender.send(true);
    });
    receiver
}
