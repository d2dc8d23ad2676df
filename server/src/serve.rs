//! Starting and stopping the listeners.

use crate::config::Config;
use crate::render::Web;
use crate::{health, router};
use anyhow::{Context as _, ensure};
use axum::Router;
use nodo::checkout::Checkout;
use portal::{Clock, Portal, Settings};
use std::net::SocketAddr;
use std::path::Path;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// `sportello serve`.
///
/// # Errors
/// With a sentence about what is missing.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let folder = &config.dati.folder;
    let portal = open_portal(
        folder,
        Checkout::new(config.checkout()?)?,
        Clock::system()?,
        Settings { public_url: config.public_url()?, ambiente_di_prova: false },
    )
    .await?;
    let web = Web::new(portal.clone(), config.checkout.redirect_origins.clone());
    let stop = stop_signal();
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
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    let database = folder.join("sportello.db");
    let store = Store::open(&database).await.with_context(|| format!("opening {}", database.display()))?;
    let portal = Portal::new(store, checkout, clock, settings, secret(folder)?);
    let resumed = portal.resume_inbox().await.context("working on receipts stored earlier")?;
    if resumed > 0 {
        tracing::warn!(resumed, "receipts stored before the last stop are worked on now");
    }
    Ok(portal)
}

/// 32 random bytes, drawn once. IUVs and addresses depend on them: a damaged file stops the start rather than being replaced.
fn secret(folder: &Path) -> anyhow::Result<[u8; 32]> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = folder.join("segreto");
    if !path.exists() {
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("writing {}", path.display()))?;
        file.write_all(&fresh)?;
        file.sync_all()?;
    }
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        bytes.len() == 32,
        "{} is damaged: it must hold the 32 bytes it was made with; restore it from a backup",
        path.display()
    );
    Ok(std::array::from_fn(|i| bytes[i]))
}

/// # Errors
/// With the address, when somebody else has it.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}: is it in use?"))
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
