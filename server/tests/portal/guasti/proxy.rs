//! A wire to an HTTP server that does to one exchange whatever wires and gateways do: waits, drips, cuts, resets, changes bytes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// A cart is about a kilobyte.
const REQUEST_MAX: usize = 64 * 1024;

/// What happens to an exchange. Counts are bytes, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The answer comes this much later.
    Delay(Duration),
    /// The answer comes byte by byte, with this much between two.
    Drip(Duration),
    /// The server gets this much of the request, then both ends are closed.
    CutRequest(usize),
    /// This much of the answer, then the end.
    CutAnswer(usize),
    /// This much of the answer, then RST.
    Reset(usize),
    /// Something else instead of the answer.
    Garbage(Vec<u8>),
    /// One byte of the answer is another: the bits that are set here are turned.
    Corrupt(usize, u8),
}

#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    fault: Fault,
    /// What the server really said the last time.
    answer: Vec<u8>,
    exchanges: u32,
}

impl Proxy {
    /// Serves as long as the runtime does.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { fault: Fault::None, answer: Vec::new(), exchanges: 0 }));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                // an end that goes away ends the exchange, and that is all
                tokio::spawn(async move { exchange(near, server, &state).await.ok() });
            }
        });
        Self { address, state }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn set(&self, fault: Fault) {
        self.state.lock().unwrap().fault = fault;
    }

    pub fn last_answer(&self) -> Vec<u8> {
        self.state.lock().unwrap().answer.clone()
    }

    /// How many there were: a fault that nobody met proves nothing.
    pub fn exchanges(&self) -> u32 {
        self.state.lock().unwrap().exchanges
    }
}

/// One request and its answer; the connection ends with them, so that each fault meets a connection of its own.
async fn exchange(mut near: TcpStream, server: SocketAddr, state: &Mutex<State>) -> std::io::Result<()> {
    let request = read_request(&mut near).await?;
    let fault = {
        let mut state = state.lock().unwrap();
        state.exchanges += 1;
        state.fault.clone()
    };
    let mut far = TcpStream::connect(server).await?;
    if let Fault::CutRequest(bytes) = fault {
        far.write_all(&request[..bytes.min(request.len())]).await?;
        // long enough for the server to read it, and to wait for the rest
        sleep(Duration::from_millis(20)).await;
        return Ok(());
    }
    far.write_all(&request).await?;
    let mut answer = Vec::new();
    far.read_to_end(&mut answer).await?;
    state.lock().unwrap().answer.clone_from(&answer);
    match fault {
        Fault::None => near.write_all(&answer).await?,
        Fault::Delay(time) => {
            sleep(time).await;
            near.write_all(&answer).await?;
        }
        Fault::Drip(time) => {
            near.set_nodelay(true)?;
            for byte in answer {
                near.write_all(&[byte]).await?;
                sleep(time).await;
            }
        }
        Fault::CutRequest(_) => {}
        Fault::CutAnswer(bytes) => near.write_all(&answer[..bytes.min(answer.len())]).await?,
        Fault::Reset(bytes) => {
            near.write_all(&answer[..bytes.min(answer.len())]).await?;
            sleep(Duration::from_millis(5)).await;
            near.set_zero_linger()?;
        }
        Fault::Garbage(bytes) => near.write_all(&bytes).await?,
        Fault::Corrupt(at, bits) => {
            if let Some(byte) = answer.get_mut(at) {
                *byte ^= bits;
            }
            near.write_all(&answer).await?;
        }
    }
    Ok(())
}

/// A whole request, with `Connection: close` added to its head.
async fn read_request(near: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    loop {
        let mut more = [0; 4096];
        let read = near.read(&mut more).await?;
        bytes.extend_from_slice(&more[..read]);
        if read == 0 || bytes.len() > REQUEST_MAX {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        if bytes.len() >= head + 4 + length {
            bytes.splice(head..head, *b"\r\nConnection: close");
            return Ok(bytes);
        }
    }
}
