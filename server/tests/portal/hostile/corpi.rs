//! Bodies that lie about their length, or about how they are sent.

use super::counted;
use crate::harness::{Sportello, receipt, verify};
use nodo::pa_for_node::client::{encode_send_rt, encode_verify_request};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Sends it, reads to the end. `ends`: says that nothing more comes, which the station takes for a caller who went away.
fn raw(address: &str, bytes: &[u8], ends: bool) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // twice what the station gives a request
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    // who is refused while he still speaks may find the door closed
    let _ = stream.write_all(bytes);
    if ends {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_refused_and_nothing_of_it_counts() {
    let sportello = Sportello::start().await;
    let numero = sportello.avviso("APERTA").numero;
    let posizione = sportello.posizione(&numero).await;
    let body = encode_send_rt(&receipt(&posizione, &posizione.rate[0], "r1"));
    let n = body.len();
    let chunk = |size: &str| [format!("{size}\r\n").as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let hex = format!("{n:x}");
    // name, headers, body, statuses it may get; 0: the connection is closed without an answer
    let cases: Vec<(&str, String, Vec<u8>, &[u16])> = vec![
        ("longer than told", format!("Content-Length: {}", n - 300), body.clone(), &[400]),
        ("shorter than told", format!("Content-Length: {}", n + 300), body.clone(), &[400, 503, 0]),
        ("no length and no chunks", "X-Y: z".into(), body.clone(), &[400]),
        ("negative length", "Content-Length: -1".into(), body.clone(), &[400]),
        ("length of letters", "Content-Length: molto".into(), body.clone(), &[400]),
        ("length beyond u64", "Content-Length: 99999999999999999999999".into(), body.clone(), &[400]),
        ("length above the limit", "Content-Length: 10485760".into(), body.clone(), &[413]),
        ("two lengths", format!("Content-Length: {n}\r\nContent-Length: {}", n - 1), body.clone(), &[400]),
        ("length with a sign", format!("Content-Length: +{n}"), body.clone(), &[400]),
        ("unknown transfer coding", "Transfer-Encoding: gzip".into(), body.clone(), &[400, 501]),
        ("chunk of letters", "Transfer-Encoding: chunked".into(), chunk("zz"), &[400, 503, 0]),
        ("chunk beyond u64", "Transfer-Encoding: chunked".into(), chunk("fffffffffffffffff"), &[400, 503, 0]),
        ("chunk longer than it is", "Transfer-Encoding: chunked".into(), chunk("fffff"), &[400, 503, 0]),
        ("chunk negative", "Transfer-Encoding: chunked".into(), chunk("-1"), &[400, 503, 0]),
        ("gzip declared", format!("Content-Encoding: gzip\r\nContent-Length: {n}"), body.clone(), &[415]),
        (
            "deflate in two headers",
            format!("Content-Encoding: identity\r\nContent-Encoding: deflate\r\nContent-Length: {n}"),
            body.clone(),
            &[415],
        ),
    ];
    counted(cases.iter().map(|case| case.0));
    let address = format!("127.0.0.1:{}", sportello.indirizzi.nodo.port().unwrap());
    for (name, headers, body, expected) in cases {
        let head =
            format!("POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/xml\r\n{headers}\r\n\r\n");
        let (to, bytes) = (address.clone(), [head.into_bytes(), body].concat());
        let ends = expected.contains(&0);
        let answer = tokio::task::spawn_blocking(move || raw(&to, &bytes, ends)).await.unwrap();
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
        assert!(expected.contains(&status), "{name}: {status} {}", answer.chars().take(300).collect::<String>());
        assert!(!answer.contains("<outcome>"), "{name}");
        assert_eq!(sportello.ricevute(&numero).await.len(), 0, "{name}");
    }
    // a right one in chunks is one like any other
    let head = "POST /pagopa/pa HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
    let (to, bytes) = (address.clone(), [head.into_bytes(), chunk(&hex)].concat());
    let answer = tokio::task::spawn_blocking(move || raw(&to, &bytes, false)).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("<outcome>OK"), "{answer}");
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
    // and the station is still there
    assert_eq!(sportello.soap(encode_verify_request(&verify(&numero))).await.status, 200);
}
