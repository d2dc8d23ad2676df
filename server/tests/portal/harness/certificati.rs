//! Certificates, good and bad, and a caller that shows one.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What pagoPA's forwarder has.
pub const FORWARDER: &str = "forwarder.platform.pagopa.it";
/// An answer on a machine that does ten other things.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Who signs.
pub struct Autorita(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub struct Identita {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
    pub pem: String,
    pub key_pem: String,
}

impl Clone for Identita {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key(), pem: self.pem.clone(), key_pem: self.key_pem.clone() }
    }
}

/// What is in a certificate, but for what a case changes.
pub struct Dati {
    pub cn: String,
    pub dns: Vec<String>,
    pub usage: Vec<ExtendedKeyUsagePurpose>,
    pub from: (i32, u8, u8),
    pub to: (i32, u8, u8),
}

impl Dati {
    pub fn client(cn: &str) -> Self {
        Self {
            cn: cn.to_owned(),
            dns: vec![],
            usage: vec![ExtendedKeyUsagePurpose::ClientAuth],
            from: (2020, 1, 1),
            to: (2090, 1, 1),
        }
    }

    pub fn server(name: &str) -> Self {
        Self { dns: vec![name.to_owned()], usage: vec![ExtendedKeyUsagePurpose::ServerAuth], ..Self::client(name) }
    }

    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::new(self.dns.clone()).unwrap();
        params.distinguished_name.push(DnType::CommonName, self.cn.as_str());
        params.extended_key_usages.clone_from(&self.usage);
        params.not_before = date_time_ymd(self.from.0, self.from.1, self.from.2);
        params.not_after = date_time_ymd(self.to.0, self.to.1, self.to.2);
        params
    }

    pub fn self_signed(&self) -> Identita {
        let key = KeyPair::generate().unwrap();
        let certificate = self.params().self_signed(&key).unwrap();
        identita(vec![certificate.der().clone()], certificate.pem(), &key)
    }
}

fn ca_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn identita(chain: Vec<CertificateDer<'static>>, pem: String, key: &KeyPair) -> Identita {
    let der = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    Identita { chain, key: der, pem, key_pem: key.serialize_pem() }
}

impl Autorita {
    pub fn new(name: &str) -> Self {
        Self(CertifiedIssuer::self_signed(ca_params(name), KeyPair::generate().unwrap()).unwrap())
    }

    /// An authority below this one.
    pub fn below(&self, name: &str) -> Self {
        Self(CertifiedIssuer::signed_by(ca_params(name), KeyPair::generate().unwrap(), &self.0).unwrap())
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    pub fn der(&self) -> CertificateDer<'static> {
        self.0.der().clone()
    }

    pub fn sign(&self, dati: &Dati) -> Identita {
        let key = KeyPair::generate().unwrap();
        let certificate = dati.params().signed_by(&key, &self.0).unwrap();
        identita(vec![certificate.der().clone()], certificate.pem(), &key)
    }

    /// With the certificate of this authority behind its own, as one below another is shown.
    pub fn sign_with_chain(&self, dati: &Dati) -> Identita {
        let mut signed = self.sign(dati);
        signed.chain.push(self.der());
        signed.pem += &self.pem();
        signed
    }
}

impl Identita {
    pub fn write(&self, certificate: &Path, key: &Path) {
        std::fs::write(certificate, &self.pem).unwrap();
        std::fs::write(key, &self.key_pem).unwrap();
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// A connection over TLS, kept.
#[derive(Debug)]
pub struct Cliente(TlsStream<TcpStream>);

impl Cliente {
    /// Connects to `localhost` and shows `who`; trusts a server that `server_ca` signed.
    pub async fn open(to: SocketAddr, who: Option<&Identita>, server_ca: &CertificateDer<'static>) -> io::Result<Self> {
        Self::open_with(to, who, server_ca, &[&rustls::version::TLS13, &rustls::version::TLS12]).await
    }

    pub async fn open_with(
        to: SocketAddr,
        who: Option<&Identita>,
        server_ca: &CertificateDer<'static>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> io::Result<Self> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(server_ca.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let config = match who {
            None => config.with_no_client_auth(),
            Some(who) => {
                // not checked against its certificate: a caller may show that of another
                let key = provider.key_provider.load_private_key(who.key.clone_key()).unwrap();
                let shown = CertifiedKey::new(who.chain.clone(), key);
                config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(shown)))
            }
        };
        let stream = TcpStream::connect(to).await?;
        let connected = TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream);
        Ok(Self(tokio::time::timeout(ANSWER_MAX, connected).await??))
    }

    /// Posts to the station; status and body of the answer. Under TLS 1.3 who is refused reads it here.
    pub async fn post(&mut self, body: &[u8]) -> io::Result<(u16, String)> {
        let head =
            format!("POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", body.len());
        // who is refused may hear it before everything is sent: what was said is in the answer
        let written = self.0.write_all(&[head.as_bytes(), body].concat()).await;
        let answer = tokio::time::timeout(ANSWER_MAX, self.read()).await?;
        written.and(answer)
    }

    async fn read(&mut self) -> io::Result<(u16, String)> {
        let mut answer = Vec::new();
        loop {
            if self.0.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let text = String::from_utf8_lossy(&answer).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length =
                head.to_lowercase().split_once("content-length: ").and_then(|(_, rest)| rest.split("\r\n").next()?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok((head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap(), body.to_owned()));
            }
        }
    }
}
