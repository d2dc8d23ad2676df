//! Starting and stopping the listeners.

use crate::archivio::Archivio;
use crate::config::Config;
use crate::listener::{Chiamante, listen, listen_tls};
use crate::render::Web;
use crate::tls::{Porta, hangup};
use crate::{health, router};
use anyhow::{Context as _, ensure};
use axum::Router;
use nodo::checkout::Checkout;
use portal::jobs::Runner;
use portal::{Clock, Portal, Porte, Settings};
use std::fs::File;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// `sportello serve`.
///
/// # Errors
/// With a sentence about what is missing.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    config.check()?;
    // from here on a SIGHUP ends nothing; what is to be done about it waits below
    drop(hangup()?);
    let porta = config.porta(Clock::system()?.now())?;
    let (portal, _folder_lock) = open_production(&config).await?;
    let web = Web::new(portal.clone(), config.checkout.redirect_origins.clone());
    let web =
        web.with_security_contact(config.security_contact()?).with_proxies(config.proxies()?).in_folder(&config.dati.folder);
    portal.set_limits(config.ricerca.regole());
    let stop = stop_signal();
    let enti = portal.enti().await?.len();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        web = %config.web.listen,
        stazione = %config.stazione.listen,
        metriche = %config.metriche.listen,
        folder = %config.dati.folder.display(),
        enti,
        "starting"
    );
    if enti == 0 {
        tracing::warn!("no ente is configured: there is nothing to pay yet");
    }
    tokio::try_join!(
        listen(bind(config.web.listen).await?, router::citizens(web), Chiamante::Cittadino, stop.clone()),
        station(
            bind(config.stazione.listen).await?,
            porta.clone(),
            router::station(portal.clone(), config.allowed()?),
            stop.clone()
        ),
        listen(
            bind(config.metriche.listen).await?,
            health::router(portal.clone(), stop.clone()),
            Chiamante::Operatore,
            stop.clone()
        ),
        async {
            portal.run_giornale(stop.clone()).await;
            Ok(())
        },
        async {
            if config.jobs.in_process {
                runner(portal.clone()).with_lease(config.jobs.lease_ms).run(stop.clone()).await;
            }
            Ok(())
        },
        async {
            match &porta {
                Some(porta) => porta.tls.keep(portal.clock(), stop.clone()).await,
                None => nothing_to_read_again(stop.clone()).await,
            }
        },
    )?;
    Ok(())
}

async fn station(socket: TcpListener, porta: Option<Porta>, router: Router, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    match porta {
        Some(porta) => listen_tls(socket, porta, router, Chiamante::Nodo, stop).await,
        None => {
            tracing::warn!("the station speaks plain HTTP: the proxy in front must check pagoPA's certificate");
            listen(socket, router, Chiamante::Nodo, stop).await
        }
    }
}

/// Whoever rotates certificates on all machines alike must not end this one.
async fn nothing_to_read_again(mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    let mut hung_up = hangup()?;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            _ = hung_up.recv() => tracing::info!("there is no certificate to read again: a proxy speaks TLS"),
        }
    }
}

/// `sportello jobs`: what nobody waits for, without pages and station.
///
/// # Errors
/// With a sentence about what is missing.
pub async fn jobs(config: Config) -> anyhow::Result<()> {
    ensure!(!config.dati.database.is_empty(), "on SQLite `sportello serve` does the jobs itself");
    config.check()?;
    let (portal, _folder_lock) = open_production(&config).await?;
    let stop = stop_signal();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), metriche = %config.metriche.listen, "doing jobs");
    tokio::try_join!(
        listen(
            bind(config.metriche.listen).await?,
            health::router(portal.clone(), stop.clone()),
            Chiamante::Operatore,
            stop.clone()
        ),
        async {
            portal.run_giornale(stop.clone()).await;
            Ok(())
        },
        async {
            runner(portal.clone()).with_lease(config.jobs.lease_ms).run(stop.clone()).await;
            Ok(())
        },
    )?;
    Ok(())
}

/// Named by machine and process, for whoever looks at the table of the jobs.
pub(crate) fn runner(portal: Portal) -> Runner {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Runner::new(portal, format!("{}:{}", host.trim(), std::process::id()))
}

/// Of a configuration that was checked. With SQLite the folder is locked; on PostgreSQL it holds only the secret, which any number of
/// processes may read.
async fn open_production(config: &Config) -> anyhow::Result<(Portal, Option<File>)> {
    let archivio = config.archivio();
    let lock = if archivio.database.is_none() { Some(archivio.lock().await?) } else { None };
    let settings = Settings { public_url: config.public_url()?, ambiente_di_prova: false };
    let clock = Clock::system()?;
    let identita = config.accesso.fornitori(&settings.public_url, &clock)?;
    let porte = Porte { ufficio: config.ufficio()?, identita, ..config.pagopa.porte(&clock)? };
    let portal = open_portal(&archivio, Checkout::new(config.checkout()?)?, porte, clock, settings).await?;
    Ok((portal, lock))
}

/// The use cases on an installation that is locked.
///
/// # Errors
/// When it cannot be read or written, or the secret is lost, damaged or another one.
pub async fn open_portal(
    archivio: &Archivio,
    checkout: Checkout,
    porte: Porte,
    clock: Clock,
    settings: Settings,
) -> anyhow::Result<Portal> {
    let (store, secret) = archivio.open_with_secret().await?;
    let portal = Portal::connected(store, checkout, porte, clock, settings, secret);
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

/// # Errors
/// With the address, when somebody else has it.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("listening on {address}"))
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
