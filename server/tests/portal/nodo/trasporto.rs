//! How requests may be spelt and sent, and what is turned away before anybody reads it.

use crate::harness::{Page, Sportello, receipt, verify};
use nodo::pa_for_node::client::{Check, Response, decode_response, encode_send_rt, encode_verify_request};
use nodo::pa_for_node::{BODY_MAX, Operation};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const VERIFY: Operation = Operation::VerifyPaymentNotice;

/// A verify that is answered OK, as text.
fn verify_text(sportello: &Sportello) -> String {
    String::from_utf8(encode_verify_request(&verify(&sportello.avviso("APERTA").numero))).unwrap()
}

fn is_ok(page: &Page) -> bool {
    page.status == 200 && matches!(decode_response(VERIFY, &page.bytes, &Check::default()), Ok(Response::Verify(_)))
}

#[tokio::test]
async fn the_body_says_which_operation_it_is_whatever_the_headers_say() {
    let sportello = Sportello::start().await;
    let body = verify_text(&sportello);
    for action in [None, Some("\"paVerifyPaymentNotice\""), Some("paVerifyPaymentNotice"), Some("\"paSendRT\""), Some("")] {
        for content in ["text/xml; charset=utf-8", "text/xml", "application/soap+xml", "application/octet-stream"] {
            let request =
                sportello.client().post(sportello.indirizzi.nodo.clone()).header("Content-Type", content).body(body.clone());
            let request = action.into_iter().fold(request, |request, action| request.header("SOAPAction", action));
            assert!(is_ok(&Page::of(request).await), "{action:?} {content}");
        }
    }
}

#[tokio::test]
async fn every_legal_way_of_writing_namespaces_is_read() {
    let sportello = Sportello::start().await;
    let body = verify_text(&sportello);
    let other_prefixes = body
        .replace("soapenv:", "s:")
        .replace("xmlns:soapenv", "xmlns:s")
        .replace("pafn:", "ns0:")
        .replace("xmlns:pafn", "xmlns:ns0");
    let default_namespace = body
        .replace(
            "<pafn:paVerifyPaymentNoticeReq>",
            "<paVerifyPaymentNoticeReq xmlns=\"http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd\">",
        )
        .replace("</pafn:", "</")
        .replace("<idPA>", "<idPA xmlns=\"\">")
        .replace("<idBrokerPA>", "<idBrokerPA xmlns=\"\">")
        .replace("<idStation>", "<idStation xmlns=\"\">")
        .replace("<qrCode>", "<qrCode xmlns=\"\">");
    let header = body.replace("<soapenv:Body>", "<soapenv:Header/><soapenv:Body>");
    let spaced = body.replace('>', " >").replace("><", ">\r\n\t<");
    for spelling in [other_prefixes, default_namespace, header, format!("\u{feff}{body}"), spaced.replace("? >", "?>")] {
        let page = sportello.soap(spelling.clone()).await;
        assert!(is_ok(&page), "{spelling}\n{}", page.text());
    }
}

#[tokio::test]
async fn what_breaks_the_schema_is_a_syntax_fault_and_nothing_happens() {
    let sportello = Sportello::start().await;
    let body = verify_text(&sportello);
    let numero = sportello.avviso("APERTA").numero;
    for (from, to) in [
        (numero.as_str(), "30200000000000018"),
        (&numero, "30200000000000018a"),
        ("<idPA>80001230459</idPA>", ""),
        ("<idStation>", "<idStation>____________________________________"),
        ("<qrCode>", "<altro/><qrCode>"),
        ("<fiscalCode>80001230459", "<fiscalCode>8000123045"),
    ] {
        let fault = sportello.ask_refused(VERIFY, body.replace(from, to).into_bytes()).await;
        assert_eq!(fault.code, "PAA_SINTASSI_EXTRAXSD", "{from} → {to}");
        let description = fault.description.unwrap_or_default();
        assert!(!description.is_empty() && !description.contains(&numero), "{description}");
    }
}

#[tokio::test]
async fn what_is_not_a_request_is_turned_away_with_400_and_fetches_nothing() {
    let sportello = Sportello::start().await;
    let body = verify_text(&sportello);
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let outside = format!("http://{}/x.dtd", canary.local_addr().unwrap());
    let declared = |doctype: &str| body.replace("?>", &format!("?>{doctype}"));
    let posizione = sportello.posizione(&sportello.avviso("APERTA").numero).await;
    let rt = String::from_utf8(encode_send_rt(&receipt(&posizione, &posizione.rate[0], "r1"))).unwrap();
    let mut bad: Vec<Vec<u8>> = [
        String::new(),
        "ciao".into(),
        "{}".into(),
        body[..body.len() - 20].to_owned(),
        body.replace("</idPA>", "</idPa>"),
        body.replace("pafn:paVerifyPaymentNoticeReq", "pafn:paNonEsiste"),
        body.replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
        declared("<!DOCTYPE a>"),
        declared(&format!("<!DOCTYPE a SYSTEM \"{outside}\">")),
        declared(&format!("<!DOCTYPE a [<!ENTITY e SYSTEM \"{outside}\">]>")).replace("80001230459", "&e;"),
        declared("<!DOCTYPE a [<!ENTITY e \"ha\"><!ENTITY f \"&e;&e;&e;&e;\">]>").replace("80001230459", "&f;"),
        rt.replace("?>", &format!("?><!DOCTYPE a SYSTEM \"{outside}\">")),
        body.replace("80001230459", "&nbsp;"),
        body.replace("UTF-8", "ISO-8859-1"),
        body.replace("<idPA>", "<idPA><?php ?>"),
        format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)),
        body.replace(
            "<soapenv:Body>",
            &format!("<soapenv:Body {}>", (0..50_000).map(|i| format!("a{i}=\"\" ")).collect::<String>()),
        ),
    ]
    .map(String::into_bytes)
    .to_vec();
    bad.push(body.encode_utf16().flat_map(u16::to_be_bytes).collect());
    bad.push(body.replace("idPA>8", "idPA>\u{1}8").into_bytes());
    bad.push([body.as_bytes(), b"\xff\xfe"].concat());
    for body in bad {
        let begun = Instant::now();
        let page = sportello.soap(body.clone()).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        assert_eq!(page.status, 400, "{shown}: {}", page.text());
        assert!(!page.has("outcome") && begun.elapsed() < Duration::from_secs(2), "{shown}");
    }
    assert!(canary.accept().is_err(), "somebody fetched the entity");
    assert_eq!(sportello.ricevute(&posizione.rate[0].numero.to_string()).await.len(), 0);
}

#[tokio::test]
async fn only_a_plain_post_of_a_bearable_size_is_read() {
    let sportello = Sportello::start().await;
    let (url, body) = (sportello.indirizzi.nodo.clone(), verify_text(&sportello));
    let client = sportello.client();
    for encoding in ["gzip", "deflate", "br", "identity"] {
        let page = Page::of(client.post(url.clone()).header("Content-Encoding", encoding).body(body.clone())).await;
        assert_eq!(page.status, 415, "{encoding}");
    }
    let padded = |size: usize| body.replace("<soapenv:Body>", &format!("<soapenv:Body>{}", " ".repeat(size - body.len())));
    assert_eq!(sportello.soap(padded(BODY_MAX + 1)).await.status, 413);
    // a question is never that long; a receipt may be
    assert_eq!(sportello.soap(padded(BODY_MAX)).await.status, 400);
    assert!(is_ok(&sportello.soap(padded(256 * 1024)).await));
    for method in [reqwest::Method::GET, reqwest::Method::PUT, reqwest::Method::DELETE] {
        assert_eq!(Page::of(client.request(method.clone(), url.clone())).await.status, 405, "{method}");
    }
    for path in ["/", "/pagopa", "/pagopa/pa/", "/healthz", "/valdoria"] {
        assert_eq!(Page::of(client.post(url.join(path).unwrap()).body(body.clone())).await.status, 404, "{path}");
    }
}

/// Sends bytes and reads until the other side closes or falls silent.
fn raw(address: &str, bytes: &[u8], patience: Duration) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(patience)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    // silence ends it as well as a close does
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_receipt_that_does_not_come_whole_is_not_stored_and_not_waited_for() {
    let sportello = Sportello::start().await;
    let posizione = sportello.posizione(&sportello.avviso("APERTA").numero).await;
    let body = encode_send_rt(&receipt(&posizione, &posizione.rate[0], "r1"));
    let address = format!("127.0.0.1:{}", sportello.indirizzi.nodo.port().unwrap());
    let before = sportello.portal.store().inbox_counts().await.unwrap();

    let head = |length: usize| {
        format!("POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n").into_bytes()
    };
    // the sender hangs up in the middle
    let (half, to) = ([head(body.len()), body[..body.len() / 2].to_vec()].concat(), address.clone());
    tokio::task::spawn_blocking(move || TcpStream::connect(to).unwrap().write_all(&half).unwrap()).await.unwrap();
    // the sender stays and says no more: 15 s is what the Nodo itself waits
    let slow = [head(body.len()), body[..100].to_vec()].concat();
    let answer = tokio::task::spawn_blocking(move || raw(&address, &slow, Duration::from_secs(15))).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503") || answer.starts_with("HTTP/1.1 408"), "{answer:?}");
    assert!(!answer.contains("outcome"), "{answer}");
    assert_eq!(sportello.portal.store().inbox_counts().await.unwrap(), before);
}

#[tokio::test]
async fn who_is_not_named_is_refused_whatever_he_says_of_himself() {
    let sportello = Sportello::start().await;
    let portal = sportello.portal.clone();
    let listener = server::serve::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let url = format!("http://{}/pagopa/pa", listener.local_addr().unwrap());
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let elsewhere = server::layers::allowed::Allowed::parse(&["192.0.2.10".to_owned()]).unwrap();
    tokio::spawn(server::listener::listen(
        listener,
        server::router::station(portal, elsewhere),
        server::listener::Chiamante::Nodo,
        stopped,
    ));
    let before = sportello.in_inbox("QUARANTENA").await;
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-cert"] {
        let request = sportello.client().post(&url).header(header, "192.0.2.10").body("<x/>");
        let page = Page::of(request).await;
        assert_eq!((page.status, page.text().trim()), (403, "not from here"), "{header}");
    }
    assert_eq!(sportello.in_inbox("QUARANTENA").await, before);
}
