//! One listener: how many connections it takes, how long it waits for somebody who says nothing, how it ends.

use crate::tls::Porta;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::Service as _;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chiamante {
    /// Browsers: they open connections in advance, and open another one without a word when one was closed.
    Cittadino,
    /// Few and known. A connection that is closed just as the Nodo sends on it is a fault in its eyes: it is kept for longer than
    /// clients keep theirs (60 s by custom).
    Nodo,
    /// The operator's monitoring, and whoever calls a sandbox.
    Operatore,
}

impl Chiamante {
    /// From the connection, or the last answer, to the end of the next request's head.
    fn silence_max(self) -> Duration {
        match self {
            Self::Cittadino => Duration::from_secs(10),
            Self::Nodo => Duration::from_secs(75),
            Self::Operatore => Duration::from_secs(30),
        }
    }
}

/// More than a public portal of a comune ever has at once; each is a file and some 10 KiB.
const CONNECTIONS_MAX: usize = 1_024;
/// What Linux gives a process that asks for nothing.
const FILES_USUAL: usize = 1_024;
/// What is under way may take this long after the order to stop: the station's own deadline is 12 s. Whoever has not finished
/// asking by then never will, and would keep the process from ending.
const DRAIN_MAX: Duration = Duration::from_secs(15);
/// After an error of `accept` that is not the fault of the one who called: no file left, above all.
const PAUSE: Duration = Duration::from_millis(100);

/// A quarter of the files that the process may open: four listeners cannot take what the database and Checkout need, nor one of them
/// what another needs. The rest wait in the queue of the system.
fn connections_max() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits.lines().find_map(|line| line.strip_prefix("Max open files")?.split_whitespace().next()?.parse().ok());
    (soft.unwrap_or(FILES_USUAL) / 4).clamp(1, CONNECTIONS_MAX)
}

/// Serves until told to stop, then finishes what is under way.
///
/// # Errors
/// None at the moment; those of the socket end no listener.
pub async fn listen(listener: TcpListener, router: Router, who: Chiamante, stop: watch::Receiver<bool>) -> anyhow::Result<()> {
    serve(listener, None, router, who, stop).await
}

/// The same behind TLS, for who has a certificate that opens it.
///
/// # Errors
/// As [`listen`].
pub async fn listen_tls(
    listener: TcpListener,
    porta: Porta,
    router: Router,
    who: Chiamante,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    serve(listener, Some(porta), router, who, stop).await
}

async fn serve(
    listener: TcpListener,
    porta: Option<Porta>,
    router: Router,
    who: Chiamante,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let places = Arc::new(Semaphore::new(connections_max()));
    let under_way = GracefulShutdown::new();
    let stopped = told(stop.clone());
    tokio::pin!(stopped);
    loop {
        let accepted = async {
            // the place first: a connection that is accepted and not served would hold a file
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut stopped => break,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                // small answers go at once
                let _ = stream.set_nodelay(true);
                let (watcher, router, stop) = (under_way.watcher(), router.clone(), stop.clone());
                let Some(porta) = porta.clone() else {
                    let connection = watcher.watch(connection(stream, peer, router, who));
                    tokio::spawn(async move {
                        // a caller who goes away, or is silent for too long, is nobody's mistake
                        let _ = connection.await;
                        drop(place);
                    });
                    continue;
                };
                tokio::spawn(async move {
                    let entered = tokio::select! {
                        // whoever has asked nothing yet is answered nothing
                        () = told(stop) => None,
                        entered = porta.enter(stream, peer) => entered,
                    };
                    if let Some(stream) = entered {
                        let _ = watcher.watch(connection(stream, peer, router, who)).await;
                    }
                    drop(place);
                });
            }
            Err(error) if is_the_caller_s(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken now");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_MAX, under_way.shutdown()).await.is_err() {
        tracing::warn!("somebody did not finish in time: stopping all the same");
    }
    Ok(())
}

fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    who: Chiamante,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(who.silence_max())
        .serve_connection(TokioIo::new(stream), service)
}

fn is_the_caller_s(error: &std::io::Error) -> bool {
    use std::io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionRefused | K::ConnectionAborted | K::ConnectionReset)
}

async fn told(mut stop: watch::Receiver<bool>) {
    // an error means that the sender is gone: stop as well
    let _ = stop.wait_for(|stop| *stop).await;
}
