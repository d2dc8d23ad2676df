//! Letters out: what they are made of, and how they are handed to a server of the mail (SMTP, RFC 5321).
//!
//! **What it never does**: decide who is written to, or what. Try again: it says what became of one handing over, a job decides. Log
//! anything: what a server answers can quote an address, so of its answers the code is told and nothing else.
//!
//! | file | what |
//! |---|---|
//! | `busta.rs` | a letter as bytes: headers that nobody can add to, text and HTML |
//! | `consegna.rs` | the conversation with the server, up to the point of no return and beyond it. **Start reading here** |
//!
//! Nothing is ever fetched by whoever reads a letter: no pictures, no style sheets, no addresses that count who opened them.
//!
//! **To add a header**: in `busta.rs`, with the table of hostile values in its tests.

mod busta;
mod consegna;

pub use busta::{Busta, Mittente};
pub use consegna::{Aperta, Consegna};

use consegna::Linea;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How the line to the server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cifratura {
    /// TLS from the first byte (RFC 8314), as a rule on port 465.
    Tls,
    /// TLS before anything is said, by STARTTLS, as a rule on port 587. A server that does not offer it is told nothing.
    Starttls,
    /// None: a server on this machine.
    Nessuna,
}

/// The server that takes our letters.
#[derive(Clone)]
pub struct ServerPosta {
    pub host: String,
    pub porta: u16,
    pub cifratura: Cifratura,
    /// User and password.
    pub credenziali: Option<(String, String)>,
    /// For each step of the conversation.
    pub timeout: Duration,
    /// What we call ourselves (`EHLO`), and the right side of every Message-ID: the host of the portal.
    pub nome: String,
}

impl fmt::Debug for ServerPosta {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerPosta")
            .field("host", &self.host)
            .field("porta", &self.porta)
            .field("cifratura", &self.cifratura)
            .finish_non_exhaustive()
    }
}

/// Why there is no way to the server, or a letter is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostaError {
    #[error("TLS for the server of the mail: {0}")]
    Tls(String),
    #[error("a letter cannot be put together: {0}")]
    Busta(String),
}

/// The way to the server. Clones share its line: whoever sends does one letter at a time (a runner of jobs does), and the next one goes
/// over the same line while it is open.
#[derive(Clone)]
pub struct Posta {
    server: Arc<ServerPosta>,
    linea: Arc<Mutex<Option<Linea>>>,
}

impl fmt::Debug for Posta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posta").field("server", &self.server).finish_non_exhaustive()
    }
}

impl Posta {
    /// Opens nothing yet.
    ///
    /// # Errors
    /// When there can be no TLS to a server of that name.
    pub fn new(server: ServerPosta) -> Result<Self, PostaError> {
        if server.cifratura != Cifratura::Nessuna {
            consegna::tls(&server)?;
        }
        Ok(Self { server: Arc::new(server), linea: Arc::default() })
    }
}
