//! Connections that are kept, as the Nodo keeps them, and as few as the answers allow.

use anyhow::{Context as _, ensure};
use http::response::Parts;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// Below what a listener takes (a quarter of its files, 256 with the usual 1,024): whoever is above waits, and the wait counts.
const CONNECTIONS_MAX: usize = 200;
/// Above every deadline of the server: what takes this long is an error and not a late answer.
const GIVEN_UP: Duration = Duration::from_secs(20);

/// Of one listener.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    places: Semaphore,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, idle: Mutex::default(), places: Semaphore::new(CONNECTIONS_MAX) }
    }

    /// # Errors
    /// When the answer does not come whole, or not in time.
    pub async fn post_xml(&self, path: &str, body: Vec<u8>) -> anyhow::Result<(StatusCode, Bytes)> {
        let request = Request::post(path).header("content-type", "text/xml; charset=utf-8");
        self.exchange(request.header("host", "station").body(Full::from(body))?).await
    }

    /// # Errors
    /// When the answer does not come whole, or not in time.
    pub async fn get(&self, path: &str) -> anyhow::Result<(StatusCode, Bytes)> {
        self.exchange(Request::get(path).header("host", "portal").body(Full::default())?).await
    }

    /// Sends a form, and tells where it leads.
    ///
    /// # Errors
    /// When it leads nowhere, or does not answer whole or in time.
    pub async fn post_form(&self, path: &str, form: String) -> anyhow::Result<String> {
        let request = Request::post(path).header("host", "portal").header("content-type", "application/x-www-form-urlencoded");
        let (head, _) = self.exchange_all(request.body(Full::from(form))?).await?;
        ensure!(head.status == StatusCode::SEE_OTHER, "{path}: HTTP {}", head.status);
        Ok(head.headers.get("location").context("no location")?.to_str()?.to_owned())
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> anyhow::Result<(StatusCode, Bytes)> {
        self.exchange_all(request).await.map(|(head, body)| (head.status, body))
    }

    async fn exchange_all(&self, request: Request<Full<Bytes>>) -> anyhow::Result<(Parts, Bytes)> {
        let exchange = async {
            let _place = self.places.acquire().await?;
            let mut connection = match self.take_idle() {
                Some(connection) => connection,
                None => self.connect().await?,
            };
            let response = connection.send_request(request).await.context("sending")?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.context("reading")?.to_bytes();
            connection.ready().await.context("keeping the connection")?;
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok((head, body))
        };
        let answer = tokio::time::timeout(GIVEN_UP, exchange).await;
        ensure!(answer.is_ok(), "no answer in {} s", GIVEN_UP.as_secs());
        answer.context("in time")?
    }

    fn take_idle(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        // pages are sent away after 10 s of silence: such a connection is no use
        while let Some(connection) = idle.pop() {
            if connection.is_ready() {
                return Some(connection);
            }
        }
        None
    }

    async fn connect(&self) -> anyhow::Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(self.address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // it ends with the sender, or when the server is gone, which the next request says
        tokio::spawn(connection);
        Ok(sender)
    }
}
