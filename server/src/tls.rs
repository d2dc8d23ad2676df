//! TLS on the station: the certificate it shows, and whose certificate opens it.
//!
//! The Nodo calls with a client certificate over TLS 1.2 or later (SANP, "Connettività"; pagoPA's forwarder is
//! `forwarder.platform.pagopa.it`). A certificate authority signs for many: the name is asked for as well. Nothing is resumed: every
//! connection shows its certificate and is judged by the files of the moment, so that what is rotated away is away.
//!
//! Read at the start and at every SIGHUP. Files that are no good then change nothing; connections that are open stay open.

use crate::config::Guai;
use crate::config::judge::is_private;
use crate::layers::allowed::Allowed;
use crate::metriche::DAYS_LEFT;
use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use portal::Clock;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::{TLS12, TLS13};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, RootCertStore, ServerConfig, SignatureScheme,
};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

/// Two exchanges of messages, far below a second; the Nodo as a whole gives up after 7 s.
const HANDSHAKE_MAX: Duration = Duration::from_secs(5);
/// From here on there is an operator to be told: a new certificate takes days, and its authority may be closed for holidays.
pub(crate) const DAYS_LEFT_MIN: i64 = 30;
/// How often it is told.
const TOLD_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

/// `[stazione.tls]`: nothing named, no TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// PEM: the station's own first, then those between it and the authority.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// PEM: who must have signed the caller's.
    pub client_ca: Vec<PathBuf>,
    /// CN or DNS name of the caller's.
    pub client_names: Vec<String>,
}

impl TlsFiles {
    pub fn is_empty(&self) -> bool {
        self.certificate.as_os_str().is_empty() && self.key.as_os_str().is_empty() && self.client_ca.is_empty()
    }

    /// Whether every key is there; the files are looked at by [`Tls::load`].
    pub(crate) fn judge(&self, guai: &mut Guai) {
        guai.unless(!self.certificate.as_os_str().is_empty(), "stazione.tls.certificate", "is missing");
        guai.unless(!self.key.as_os_str().is_empty(), "stazione.tls.key", "is missing");
        let nobody = "is empty: nobody's certificate could be told from another";
        guai.unless(!self.client_ca.is_empty(), "stazione.tls.client_ca", nobody);
        guai.unless(
            !self.client_names.is_empty() && self.client_names.iter().all(|name| !name.trim().is_empty()),
            "stazione.tls.client_names",
            "a name is missing, and whoever else the authority signs for could call the station",
        );
    }
}

/// What the files held when they were read last.
#[derive(Debug)]
struct Letto {
    config: Arc<ServerConfig>,
    expires: Timestamp,
}

/// Cheap to clone; all clones are read again together.
#[derive(Clone, Debug)]
pub struct Tls {
    files: Arc<TlsFiles>,
    letto: Arc<watch::Sender<Letto>>,
}

impl Tls {
    /// # Errors
    /// What is wrong with which file.
    pub fn load(files: TlsFiles, now: Timestamp) -> anyhow::Result<Self> {
        let letto = watch::Sender::new(read(&files, now)?);
        Ok(Self { files: Arc::new(files), letto: Arc::new(letto) })
    }

    /// Reads the files again: the next handshake goes by them.
    ///
    /// # Errors
    /// What is wrong with which file; then everything stays as it was.
    pub fn reload(&self, now: Timestamp) -> anyhow::Result<()> {
        let letto = read(&self.files, now)?;
        self.letto.send_replace(letto);
        Ok(())
    }

    pub fn days_left(&self, now: Timestamp) -> i64 {
        self.letto.borrow().expires.duration_since(now).as_hours().div_euclid(24)
    }

    /// Reads the files again at every SIGHUP, and tells how long the certificate lasts, until told to stop.
    ///
    /// # Errors
    /// When the system gives no signals.
    pub async fn keep(&self, clock: &Clock, mut stop: watch::Receiver<bool>) -> anyhow::Result<()> {
        let mut told = tokio::time::interval(TOLD_EVERY);
        let mut hung_up = hangup()?;
        loop {
            tokio::select! {
                // an error means that the sender is gone: stop as well
                _ = stop.wait_for(|stop| *stop) => return Ok(()),
                _ = told.tick() => {}
                _ = hung_up.recv() => match self.reload(clock.now()) {
                    Ok(()) => tracing::info!("the station's certificate and keys were read again"),
                    Err(error) => tracing::error!(error = format!("{error:#}"), "the station keeps the certificate and keys it had"),
                },
            }
            self.tell(clock.now());
        }
    }

    fn tell(&self, now: Timestamp) {
        let days = self.days_left(now);
        metrics::gauge!(DAYS_LEFT).set(i32::try_from(days).unwrap_or(i32::MAX));
        if days < DAYS_LEFT_MIN {
            tracing::warn!(days, "the station's certificate is about to expire: the Nodo will not call a station without");
        }
    }
}

/// SIGHUP, which otherwise ends a process.
///
/// # Errors
/// When the system gives no signals.
pub fn hangup() -> anyhow::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).context("waiting for SIGHUP")
}

/// What stands before the first byte of HTTP.
#[derive(Clone, Debug)]
pub struct Porta {
    pub tls: Tls,
    /// The second factor, looked at first: it costs nothing.
    pub allowed: Allowed,
}

impl Porta {
    /// Whoever is let in; who is not reads why in an alert, and gets nothing parsed.
    pub(crate) async fn enter(&self, stream: TcpStream, peer: SocketAddr) -> Option<TlsStream<TcpStream>> {
        if !self.allowed.admits(Some(peer.ip())) {
            return None;
        }
        let config = Arc::clone(&self.tls.letto.borrow().config);
        let why = match tokio::time::timeout(HANDSHAKE_MAX, TlsAcceptor::from(config).accept(stream)).await {
            Ok(Ok(stream)) => return Some(stream),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it did not come to an end".to_owned(),
        };
        tracing::warn!(peer = %peer.ip(), why, "a handshake with the station failed");
        metrics::counter!("sportello_station_handshakes_failed_total").increment(1);
        None
    }
}

fn read(files: &TlsFiles, now: Timestamp) -> anyhow::Result<Letto> {
    let mut guai = Guai::default();
    files.judge(&mut guai);
    let named = |path: &Path| !path.as_os_str().is_empty();
    let shown = Some(&files.certificate).filter(|path| named(path)).and_then(|path| guai.keep(shown_certificates(path, now)));
    let key = Some(&files.key).filter(|path| named(path)).and_then(|path| guai.keep(private_key(path)));
    let roots = guai.keep(authorities(&files.client_ca));
    guai.none()?;
    let (Some((chain, expires)), Some(key), Some(roots)) = (shown, key, roots) else { bail!("stazione.tls: not all is there") };
    let provider = Arc::new(ring::default_provider());
    let known = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .context("stazione.tls.client_ca")?;
    let caller = Arc::new(Nominato { known, names: files.client_names.clone() });
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_client_cert_verifier(caller)
        .with_single_cert(chain, key);
    let mut config = match config {
        Ok(config) => config,
        Err(Error::InconsistentKeys(_)) => bail!("stazione.tls.key: it is not the key of stazione.tls.certificate"),
        Err(error) => return Err(error).context("stazione.tls"),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Letto { config: Arc::new(config), expires })
}

/// What the station shows, and until when it may.
fn shown_certificates(path: &Path, now: Timestamp) -> anyhow::Result<(Vec<CertificateDer<'static>>, Timestamp)> {
    let chain = certificates(path).context("stazione.tls.certificate")?;
    let expires = valid_until(&chain, now).with_context(|| path.display().to_string()).context("stazione.tls.certificate")?;
    Ok((chain, expires))
}

fn private_key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    is_private(path).context("stazione.tls.key")?;
    PrivateKeyDer::from_pem_file(path)
        .with_context(|| format!("no private key can be read from {}", path.display()))
        .context("stazione.tls.key")
}

/// Who may have signed the caller's.
fn authorities(files: &[PathBuf]) -> anyhow::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for path in files {
        for certificate in certificates(path).context("stazione.tls.client_ca")? {
            let is_ca = parse(&certificate).context("stazione.tls.client_ca")?.is_ca();
            ensure!(is_ca, "stazione.tls.client_ca: in {} is a certificate that may sign no other", path.display());
            roots.add(certificate).with_context(|| format!("stazione.tls.client_ca: {}", path.display()))?;
        }
    }
    Ok(roots)
}

fn certificates(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let pem = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let all: Vec<_> = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<_, _>>()
        .with_context(|| format!("{} is not PEM", path.display()))?;
    ensure!(!all.is_empty(), "no certificate in {}", path.display());
    Ok(all)
}

fn parse<'a>(certificate: &'a CertificateDer<'_>) -> anyhow::Result<X509Certificate<'a>> {
    let (_, parsed) = X509Certificate::from_der(certificate).context("not a certificate")?;
    Ok(parsed)
}

/// The end of the first that ends: without one of the chain none is believed.
fn valid_until(chain: &[CertificateDer<'_>], now: Timestamp) -> anyhow::Result<Timestamp> {
    let mut first = Timestamp::MAX;
    for certificate in chain {
        let parsed = parse(certificate)?;
        let validity = parsed.validity();
        let (begins, ends) = (instant(validity.not_before.timestamp()), instant(validity.not_after.timestamp()));
        ensure!(begins <= now, "not valid before {begins}");
        ensure!(now <= ends, "expired {ends}");
        first = first.min(ends);
    }
    Ok(first)
}

/// 9999-12-31 stands for "no end" (RFC 5280 §4.1.2.5).
fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// Signed by the authority, and of somebody who is named.
#[derive(Debug)]
struct Nominato {
    known: Arc<dyn ClientCertVerifier>,
    names: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
#[error("its name is not in stazione.tls.client_names")]
struct NotNamed;

impl Nominato {
    /// CN or DNS name, in full: a wildcard is not the name.
    fn is_named(&self, certificate: &X509Certificate<'_>) -> bool {
        let mut its = Vec::new();
        its.extend(certificate.subject().iter_common_name().filter_map(|cn| cn.as_str().ok()));
        if let Ok(Some(alternatives)) = certificate.subject_alternative_name() {
            its.extend(alternatives.value.general_names.iter().filter_map(|name| match name {
                GeneralName::DNSName(name) => Some(*name),
                _ => None,
            }));
        }
        self.names.iter().any(|ours| its.iter().any(|name| name.eq_ignore_ascii_case(ours)))
    }
}

impl ClientCertVerifier for Nominato {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.known.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let signed = self.known.verify_client_cert(end_entity, intermediates, now)?;
        let certificate = parse(end_entity).map_err(|_| CertificateError::BadEncoding)?;
        if !self.is_named(&certificate) {
            return Err(CertificateError::Other(OtherError(Arc::new(NotNamed))).into());
        }
        Ok(signed)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.known.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.known.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.known.supported_verify_schemes()
    }
}
