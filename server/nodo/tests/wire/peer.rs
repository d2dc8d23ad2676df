//! A peer on a real socket that answers what it is told and remembers what it was asked; and one that misbehaves below HTTP.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use nodo::rest::{Budget, Clock, Peer as Config, SubscriptionKey};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

pub const KEY: &str = "chiave-segreta";

#[derive(Clone, Debug)]
pub struct Asked {
    pub method: Method,
    pub uri: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

type Answer = Arc<dyn Fn(&Asked) -> Response + Send + Sync>;

pub struct Peer {
    pub url: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Peer {
    pub async fn with(answer: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> Self {
        let asked = Arc::<Mutex<Vec<Asked>>>::default();
        let state: (Answer, _) = (Arc::new(answer), Arc::clone(&asked));
        let router = Router::new().fallback(handle).with_state(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/base", listener.local_addr().unwrap())).unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked }
    }

    /// Always this status and JSON.
    pub async fn json(status: u16, body: Value) -> Self {
        Self::raw(status, "application/json", body.to_string()).await
    }

    pub async fn raw(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let body: Vec<u8> = body.into();
        Self::with(move |_| {
            let status = StatusCode::from_u16(status).unwrap();
            (status, [("content-type", content_type)], body.clone()).into_response()
        })
        .await
    }

    pub fn config(&self) -> Config {
        config(&self.url)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn last(&self) -> Asked {
        self.asked().pop().unwrap()
    }
}

pub fn config(url: &Url) -> Config {
    let budget = Budget { connect: Duration::from_millis(500), total: Duration::from_millis(1_500), ..Budget::FLOW };
    Config { base_url: url.clone(), subscription_key: Some(SubscriptionKey::new(KEY)), budget }
}

/// 2026-03-02 09:30:15 in Rome.
pub fn clock() -> Clock {
    Arc::new(now)
}

pub fn now() -> Timestamp {
    "2026-03-02T08:30:15Z".parse().unwrap()
}

async fn handle(
    State((answer, asked)): State<(Answer, Arc<Mutex<Vec<Asked>>>)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = Asked { method, uri: uri.to_string(), headers, body: body.to_vec() };
    asked.lock().unwrap().push(request.clone());
    answer(&request)
}

/// Reads a request and answers these bytes, as they are, then closes; how often it was called.
pub async fn socket(bytes: impl Into<Vec<u8>>, pause: Duration) -> (Url, Arc<Mutex<u32>>) {
    let bytes: Vec<u8> = bytes.into();
    let calls = Arc::<Mutex<u32>>::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    let count = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            *count.lock().unwrap() += 1;
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 65_536]).await;
                tokio::time::sleep(pause).await;
                let _ = stream.write_all(&bytes).await;
            });
        }
    });
    (url, calls)
}

/// An address where nobody listens.
pub async fn closed_port() -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap()
}
