//! Documents that ask the reader to fetch something. A listener waits for it: nobody may come.

use super::counted;
use crate::harness::{Sportello, receipt, verify};
use nodo::pa_for_node::client::{encode_send_rt, encode_verify_request};
use std::net::TcpListener;

#[tokio::test]
async fn nothing_is_fetched_whatever_a_document_asks_for() {
    let sportello = Sportello::start().await;
    let canary = TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let out = format!("http://{}/x", canary.local_addr().unwrap());
    let numero = sportello.avviso("APERTA").numero;
    let posizione = sportello.posizione(&numero).await;
    let question = String::from_utf8(encode_verify_request(&verify(&numero))).unwrap();
    let told = String::from_utf8(encode_send_rt(&receipt(&posizione, &posizione.rate[0], "r1"))).unwrap();
    let cases: [(&str, String, &str); 13] = [
        ("external DTD", format!("<!DOCTYPE a SYSTEM \"{out}\">"), ""),
        ("public DTD", format!("<!DOCTYPE a PUBLIC \"-//X//Y\" \"{out}\">"), ""),
        ("external entity", format!("<!DOCTYPE a [<!ENTITY e SYSTEM \"{out}\">]>"), "&e;"),
        ("entity of a file", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>".into(), "&e;"),
        ("parameter entity", format!("<!DOCTYPE a [<!ENTITY % p SYSTEM \"{out}\"> %p;]>"), ""),
        ("parameter entity in an entity", format!("<!DOCTYPE a [<!ENTITY % p \"<!ENTITY e SYSTEM '{out}'>\"> %p;]>"), "&e;"),
        ("notation", format!("<!DOCTYPE a [<!NOTATION n SYSTEM \"{out}\">]>"), ""),
        ("unparsed entity", format!("<!DOCTYPE a [<!NOTATION n SYSTEM \"x\"><!ENTITY e SYSTEM \"{out}\" NDATA n>]>"), ""),
        ("default of an attribute", format!("<!DOCTYPE a [<!ATTLIST a href CDATA \"{out}\">]>"), ""),
        ("stylesheet", format!("<?xml-stylesheet type=\"text/xsl\" href=\"{out}\"?>"), ""),
        ("instruction", format!("<?fetch {out}?>"), ""),
        ("DTD in a comment's clothes", format!("<!-- --><!DOCTYPE a SYSTEM \"{out}\">"), ""),
        ("entity without DTD", String::new(), "&e;"),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, before, inside) in cases {
        for message in [&question, &told] {
            let message = message.replacen("?>", &format!("?>{before}"), 1);
            let message = message.replacen("<idPA>80001230459", &format!("<idPA>80001230459{inside}"), 1);
            let page = sportello.soap(message).await;
            assert_eq!(page.status, 400, "{name}: {}", page.text());
            assert!(!page.has("outcome") && !page.has("root:"), "{name}: {}", page.text());
        }
    }
    // well-formed, and asking all the same: what is in no schema is a fault, what hints at a schema is passed over
    for (name, element, attribute) in [
        ("XInclude", format!("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{out}\"/>"), String::new()),
        (
            "place of a schema",
            String::new(),
            format!(" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a {out}\""),
        ),
    ] {
        let message = question.replacen("<idPA>", &format!("{element}<idPA{attribute}>"), 1);
        assert_eq!(sportello.soap(message).await.status, 200, "{name}");
    }
    assert!(canary.accept().is_err(), "somebody came to fetch it");
    assert_eq!(sportello.ricevute(&numero).await.len(), 0);
}
