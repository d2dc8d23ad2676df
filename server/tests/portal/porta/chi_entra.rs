//! Who gets in, who does not, and that nothing is parsed of who does not.

use super::serve::Serve;
use crate::harness::{Autorita, Cliente, Dati, FORWARDER, Folder, Identita, Sportello, receipt, verify};
use nodo::pa_for_node::client::{encode_send_rt, encode_verify_request};
use rcgen::ExtendedKeyUsagePurpose;
use server::layers::allowed::Allowed;
use server::listener::{Chiamante, listen_tls};
use server::tls::{Porta, Tls, TlsFiles};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// A handshake may take 5 s; this machine may be busy.
const SENT_AWAY_MAX: Duration = Duration::from_secs(30);

/// A station behind TLS, beside the demo's own.
struct Stazione {
    sportello: Sportello,
    address: SocketAddr,
    ca: Autorita,
    receipt: Vec<u8>,
    verify: Vec<u8>,
    _folder: Folder,
    _stop: watch::Sender<bool>,
}

impl Stazione {
    async fn start() -> Self {
        Self::start_for("127.0.0.1").await
    }

    async fn start_for(allowed: &str) -> Self {
        let sportello = Sportello::start().await;
        let (folder, ca) = (Folder::new(), Autorita::new("Autorità"));
        let at = |name: &str| folder.path().join(name);
        ca.sign(&Dati::server("localhost")).write(&at("certificato.pem"), &at("chiave.pem"));
        std::fs::write(at("ca.pem"), ca.pem()).unwrap();
        let files = TlsFiles {
            certificate: at("certificato.pem"),
            key: at("chiave.pem"),
            client_ca: vec![at("ca.pem")],
            client_names: vec![FORWARDER.to_owned()],
        };
        let allowed = Allowed::parse(&[allowed.to_owned()]).unwrap();
        let porta = Porta { tls: Tls::load(files, portal::Clock::system().unwrap().now()).unwrap(), allowed: allowed.clone() };
        let listener = server::serve::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = watch::channel(false);
        let router = server::router::station(sportello.portal.clone(), allowed);
        tokio::spawn(listen_tls(listener, porta, router, Chiamante::Nodo, stopped));
        let posizione = sportello.posizione(&sportello.avviso("APERTA").numero).await;
        let receipt = encode_send_rt(&receipt(&posizione, &posizione.rate[0], "r1"));
        let verify = encode_verify_request(&verify(posizione.rate[0].numero.as_str()));
        Self { sportello, address, ca, receipt, verify, _folder: folder, _stop: stop }
    }

    /// What became of a receipt sent by that caller: the status, or what went wrong.
    async fn deliver(&self, who: Option<&Identita>) -> Result<u16, String> {
        let mut client = Cliente::open(self.address, who, &self.ca.der()).await.map_err(|e| e.to_string())?;
        client.post(&self.receipt).await.map(|(status, _)| status).map_err(|e| e.to_string())
    }

    async fn inbox(&self) -> Vec<(String, i64)> {
        self.sportello.portal.store().inbox_counts().await.unwrap()
    }

    /// Bytes on a bare connection; what came back until it was closed.
    async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(SENT_AWAY_MAX, stream.read_to_end(&mut answer)).await.expect("it is closed");
        // closed with bytes of ours unread is a reset, which is as good
        assert!(read.is_ok() || read.is_err_and(|e| e.kind() == ErrorKind::ConnectionReset));
        answer
    }
}

#[tokio::test]
async fn a_certificate_that_is_not_pagopa_s_opens_nothing() {
    let stazione = Stazione::start().await;
    let (ca, other) = (&stazione.ca, Autorita::new("Autorità"));
    let right = Dati::client(FORWARDER);
    let leaf = ca.sign(&right);
    let before = stazione.inbox().await;
    let cases: [(&str, Option<Identita>, &str); 15] = [
        ("no certificate", None, "CertificateRequired"),
        ("of another authority", Some(Autorita::new("Un'altra").sign(&right)), "UnknownCA"),
        ("of another authority with the same name", Some(other.sign(&right)), "DecryptError"),
        ("the right authority, another name", Some(ca.sign(&Dati::client("forwarder.example"))), "certificate"),
        ("a name that begins like it", Some(ca.sign(&Dati::client(&format!("{FORWARDER}.example")))), "certificate"),
        ("a name that ends like it", Some(ca.sign(&Dati::client(&format!("x.{FORWARDER}")))), "certificate"),
        ("a wildcard", Some(ca.sign(&Dati::client("*.platform.pagopa.it"))), "certificate"),
        ("two names in one", Some(ca.sign(&Dati::client(&format!("{FORWARDER}\0.example")))), "certificate"),
        ("the test forwarder", Some(ca.sign(&Dati::client("forwarder.uat.platform.pagopa.it"))), "certificate"),
        ("expired", Some(ca.sign(&Dati { to: (2021, 1, 1), ..Dati::client(FORWARDER) })), "CertificateExpired"),
        ("not yet valid", Some(ca.sign(&Dati { from: (2089, 1, 1), ..Dati::client(FORWARDER) })), "certificate"),
        ("a server's", Some(ca.sign(&Dati::server(FORWARDER))), "certificate"),
        ("self-signed", Some(right.self_signed()), "UnknownCA"),
        ("without its key", Some(Identita { key: ca.sign(&right).key, ..leaf.clone() }), "DecryptError"),
        ("of an authority that is not shown", Some(ca.below("Sotto").sign(&right)), "UnknownCA"),
    ];
    for (what, who, said) in cases {
        let refused = stazione.deliver(who.as_ref()).await.expect_err(what);
        assert!(refused.to_lowercase().contains(&said.to_lowercase()), "{what}: {refused}");
        assert_eq!(stazione.inbox().await, before, "{what}");
    }
    assert_eq!(stazione.deliver(Some(&leaf)).await, Ok(200), "and the right one is let in");
    assert_ne!(stazione.inbox().await, before);
}

#[tokio::test]
async fn pagopa_s_certificate_opens_it_however_it_is_written_and_over_tls_1_2_too() {
    let stazione = Stazione::start().await;
    let (ca, named_beside) = (&stazione.ca, vec![FORWARDER.to_owned()]);
    let cases = [
        ("in its CN", ca.sign(&Dati::client(FORWARDER))),
        ("in other letters", ca.sign(&Dati::client("Forwarder.Platform.pagoPA.it"))),
        ("beside its CN", ca.sign(&Dati { dns: named_beside, ..Dati::client("pagoPA") })),
        ("below another authority", ca.below("Sotto").sign_with_chain(&Dati::client(FORWARDER))),
        (
            "for servers and clients",
            ca.sign(&Dati {
                usage: vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth],
                ..Dati::client(FORWARDER)
            }),
        ),
        ("for no use in particular", ca.sign(&Dati { usage: vec![], ..Dati::client(FORWARDER) })),
    ];
    for (what, who) in &cases {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let opened = Cliente::open_with(stazione.address, Some(who), &ca.der(), &[version]).await;
            let mut client = opened.unwrap_or_else(|e| panic!("{what}: {e}"));
            // twice on one connection, as the Nodo keeps them
            for _ in 0..2 {
                let (status, answer) = client.post(&stazione.verify).await.unwrap_or_else(|e| panic!("{what}: {e}"));
                assert_eq!(status, 200, "{what}");
                assert!(answer.contains("<outcome>OK</outcome>"), "{what}: {answer}");
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_not_even_greeted() {
    let stazione = Stazione::start_for("192.0.2.10").await;
    let before = stazione.inbox().await;
    let right = stazione.ca.sign(&Dati::client(FORWARDER));
    let refused = stazione.deliver(Some(&right)).await.unwrap_err();
    assert!(!refused.contains("alert"), "nothing was said to it: {refused}");
    assert_eq!(stazione.raw(b"").await, b"");
    assert_eq!(stazione.inbox().await, before);
}

/// A ClientHello of TLS 1.1, as OpenSSL writes it: version 3.2, two cipher suites of its time, nothing after them.
fn hello_of_tls_1_1() -> Vec<u8> {
    let body = [&[3, 2][..], &[7; 32], &[0, 0, 4, 0xc0, 0x14, 0, 0x35, 1, 0]].concat();
    let length = u8::try_from(body.len()).unwrap();
    [&[22, 3, 1, 0, length + 4, 1, 0, 0, length][..], &body].concat()
}

#[tokio::test]
async fn what_is_not_tls_of_our_time_is_sent_away_and_not_read() {
    let stazione = Stazione::start().await;
    let before = stazione.inbox().await;
    let receipt = String::from_utf8(stazione.receipt.clone()).unwrap();
    let http = format!("POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{receipt}", receipt.len());
    let garbage: Vec<u8> = (0..4_096_u32).map(|i| u8::try_from(i * 7 % 251).unwrap()).collect();
    for (what, bytes) in [
        ("plain HTTP", http.as_bytes()),
        ("GET", b"GET / HTTP/1.0\r\n\r\n"),
        ("TLS 1.1", &hello_of_tls_1_1()),
        ("garbage", &garbage),
        ("a record that is too long", &[22, 3, 1, 0xff, 0xff, 1, 0, 0, 1]),
        ("SSL 2", &[0x80, 0x2e, 1, 0, 2, 0, 0x15]),
    ] {
        let answer = stazione.raw(bytes).await;
        // an alert of two bytes at the most (type 21), never a line of HTTP
        assert!(answer.is_empty() || (answer[0] == 21 && answer.len() == 7), "{what}: {answer:?}");
        assert_eq!(stazione.inbox().await, before, "{what}");
    }
    let alert = stazione.raw(&hello_of_tls_1_1()).await;
    assert!(alert.len() == 7 && alert[5] == 2, "fatal: {alert:?}");
    assert_eq!(stazione.deliver(Some(&stazione.ca.sign(&Dati::client(FORWARDER)))).await, Ok(200));
}

#[tokio::test]
async fn a_handshake_that_is_never_finished_is_given_up_and_keeps_nobody_out() {
    let stazione = Stazione::start().await;
    let begun = Instant::now();
    let mut silent = TcpStream::connect(stazione.address).await.unwrap();
    let mut halfway = TcpStream::connect(stazione.address).await.unwrap();
    halfway.write_all(&[22, 3, 1, 0, 200, 1, 0, 0]).await.unwrap();
    let right = stazione.ca.sign(&Dati::client(FORWARDER));
    assert_eq!(stazione.deliver(Some(&right)).await, Ok(200), "while they wait");
    for stream in [&mut silent, &mut halfway] {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(SENT_AWAY_MAX, stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "still open after {:?}", begun.elapsed());
    }
    assert!(begun.elapsed() >= Duration::from_secs(4), "a slow line has some time: {:?}", begun.elapsed());
}

/// A quarter of 128 files: places on the station.
const PLACES: usize = 32;

#[tokio::test]
async fn unfinished_handshakes_take_the_places_there_are_and_no_more_and_give_them_back() {
    let sportello = Sportello::start_on_sqlite().await;
    let ask = encode_verify_request(&verify(&sportello.avviso("APERTA").numero));
    let (data, files, ca) = (sportello.into_folder(), Folder::new(), Autorita::new("Autorità"));
    let at = |name: &str| files.path().join(name);
    ca.sign(&Dati::server("localhost")).write(&at("certificato.pem"), &at("chiave.pem"));
    std::fs::write(at("ca.pem"), ca.pem()).unwrap();
    let serve = Serve::start_tls(data.path(), files.path(), "ulimit -n 128").await;
    let begun = Instant::now();
    let mut silent = Vec::new();
    while silent.len() < PLACES + 8 {
        silent.push(TcpStream::connect(serve.station).await.unwrap());
    }
    let right = ca.sign(&Dati::client(FORWARDER));
    let mut nodo = Cliente::open(serve.station, Some(&right), &ca.der()).await.unwrap();
    assert_eq!(nodo.post(&ask).await.unwrap().0, 200);
    assert!(begun.elapsed() >= Duration::from_secs(5), "it had to wait for a place: {:?}", begun.elapsed());
    assert!(!serve.log().contains("Too many open files"), "{}", serve.log());
}
