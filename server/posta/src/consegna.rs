//! The conversation with the server of the mail, in two halves.
//!
//! Up to the server's 354 nothing has been handed over: whatever fails there can be tried again without a second letter. From the first
//! byte of the letter on, only the server's answer tells whether it has it; a line that breaks before that answer leaves it unknown,
//! for ever. Between the two halves whoever sends notes that it is about to ([`Aperta`]): so a letter goes out once at the most, also
//! when the process dies at any instant. A promise of at least once and one of at most once cannot both be kept over SMTP; what a
//! letter says stands on a page as well, and two of them would make people ask whether they paid twice.

use crate::busta::Busta;
use crate::{Cifratura, Posta, PostaError, ServerPosta};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use std::fmt;
use std::time::{Duration, Instant};

/// A line that has been silent for longer is closed, and a new one opened: servers close theirs after some minutes (RFC 5321
/// §4.5.3.2.7), firewalls sooner and without a word.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Some servers look into a letter before they say 250. RFC 5321 §4.5.3.2.6 asks for ten minutes; a letter of ours has kilobytes, and
/// other jobs wait.
const TERMINATION_MAX: Duration = Duration::from_secs(60);

/// What became of one handing over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consegna {
    /// The server has it, and has said so.
    Consegnata,
    /// The server will not have it, now or later: the code of its answer.
    Rifiutata(u16),
    /// Nothing was handed over: again later. Why, without a piece of what was said.
    PiuTardi(String),
    /// Nobody knows whether the server has it. Not again: it would be twice.
    Incerta(String),
}

/// An open line, and when it was last used.
pub(crate) struct Linea {
    connection: AsyncSmtpConnection,
    used: Instant,
}

/// The server waits for the letter itself: from here on there is no way back.
pub struct Aperta {
    posta: Posta,
    connection: AsyncSmtpConnection,
    bytes: Vec<u8>,
}

impl fmt::Debug for Aperta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aperta").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl Posta {
    /// Tells the server from whom and to whom, and is told to go on.
    ///
    /// # Errors
    /// What became of it instead: refused, or later. Nothing was handed over.
    pub async fn apri(&self, busta: &Busta<'_>) -> Result<Aperta, Consegna> {
        let (envelope, bytes) = busta.seal(&self.server.nome).map_err(|error| Consegna::PiuTardi(format!("ours: {error}")))?;
        let mut connection = self.line().await?;
        // whoever is not let write here is told by the sender alone: that is not the addressee's fault, and mended by people
        self.step("MAIL", connection.command(Mail::new(envelope.from().cloned(), vec![]))).await.map_err(later)?;
        for to in envelope.to() {
            self.step("RCPT", connection.command(Rcpt::new(to.clone(), vec![]))).await.map_err(told)?;
        }
        self.step("DATA", connection.command(Data)).await.map_err(told)?;
        Ok(Aperta { posta: self.clone(), connection, bytes })
    }

    /// The line that is open, or a new one.
    async fn line(&self) -> Result<AsyncSmtpConnection, Consegna> {
        if let Some(mut linea) = self.linea.lock().await.take()
            && linea.used.elapsed() < IDLE_MAX
            && tokio::time::timeout(self.server.timeout, linea.connection.test_connected()).await.unwrap_or(false)
        {
            return Ok(linea.connection);
        }
        let ServerPosta { host, porta, cifratura, credenziali, timeout, nome } = &*self.server;
        let name = ClientId::Domain(nome.clone());
        let tls = |wanted| match wanted {
            true => tls(&self.server).map(Some).map_err(|error| Consegna::PiuTardi(error.to_string())),
            false => Ok(None),
        };
        let at_once = tls(*cifratura == Cifratura::Tls)?;
        let connect = AsyncSmtpConnection::connect_tokio1((host.as_str(), *porta), Some(*timeout), &name, at_once, None);
        let mut connection = self.step("connect", connect).await.map_err(later)?;
        if let Some(parameters) = tls(*cifratura == Cifratura::Starttls)? {
            self.step("STARTTLS", connection.starttls(parameters, &name)).await.map_err(later)?;
        }
        if let Some((user, password)) = credenziali {
            let credentials = Credentials::new(user.clone(), password.clone());
            let auth = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            self.step("AUTH", auth).await.map_err(later)?;
        }
        Ok(connection)
    }

    async fn step<T>(&self, name: &'static str, step: impl Future<Output = Result<T, Error>>) -> Result<T, Fallito> {
        within(self.server.timeout, name, step).await
    }
}

impl Aperta {
    /// Hands the letter over.
    pub async fn chiudi(mut self) -> Consegna {
        let timeout = self.posta.server.timeout.max(TERMINATION_MAX);
        match within(timeout, "end of DATA", self.connection.message(&self.bytes)).await {
            Ok(_) => {
                *self.posta.linea.lock().await = Some(Linea { connection: self.connection, used: Instant::now() });
                Consegna::Consegnata
            }
            // an answer is an answer: it does not have it
            Err(Fallito { codice: Some(codice), .. }) if codice >= 500 => Consegna::Rifiutata(codice),
            Err(fallito @ Fallito { codice: Some(_), .. }) => later(fallito),
            Err(fallito) => Consegna::Incerta(fallito.why),
        }
    }
}

/// A step that failed; the code when the server answered.
struct Fallito {
    codice: Option<u16>,
    why: String,
}

async fn within<T>(timeout: Duration, name: &'static str, step: impl Future<Output = Result<T, Error>>) -> Result<T, Fallito> {
    match tokio::time::timeout(timeout, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => {
            let codice = error.status().map(u16::from);
            let why = match codice {
                Some(codice) => format!("{name}: {codice}"),
                None if error.is_tls() => format!("{name}: TLS failed"),
                None if error.is_client() => format!("{name}: the server does not offer it"),
                None => format!("{name}: the line broke"),
            };
            Err(Fallito { codice, why })
        }
        Err(_) => Err(Fallito { codice: None, why: format!("{name}: no answer in {} ms", timeout.as_millis()) }),
    }
}

fn later(fallito: Fallito) -> Consegna {
    Consegna::PiuTardi(fallito.why)
}

/// By the server about this addressee.
fn told(fallito: Fallito) -> Consegna {
    match fallito.codice {
        Some(codice) if codice >= 500 => Consegna::Rifiutata(codice),
        _ => Consegna::PiuTardi(fallito.why),
    }
}

pub(crate) fn tls(server: &ServerPosta) -> Result<TlsParameters, PostaError> {
    TlsParameters::new_rustls(server.host.clone()).map_err(|error| PostaError::Tls(error.to_string()))
}
