//! Bytes from whoever reaches the port. Source of the list: RUSTSEC-2026-0194 and 0195, OWASP XXE prevention, and XML 1.0 itself.

use crate::samples::*;
use nodo::pa_for_node::client::{
    Check, ResponseError, decode_response, encode_get_payment_request, encode_send_rt, encode_verify_request,
};
use nodo::pa_for_node::{DecodeError, Operation, decode, encode_receipt_ok, operation};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Each with the place of the attack: before everything, on the envelope, in a text, on an element of the request.
fn attacks() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let good = text(encode_verify_request(&verify_request()));
    let decl = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let bare = good.replacen(decl, "", 1);
    let put = |at: &str, what: &str| good.replacen(at, what, 1).into_bytes();
    let before = |what: &str| format!("{what}{bare}").into_bytes();
    let many = |n: usize, one: fn(usize) -> String| (0..n).map(one).collect::<String>();
    let utf16 = |bom: bool, swap: bool| {
        let units = bom.then_some(0xfeff).into_iter().chain(good.encode_utf16());
        units.flat_map(|u: u16| if swap { u.to_be_bytes() } else { u.to_le_bytes() }).collect::<Vec<u8>>()
    };
    let laughs = many(64, |i| format!("<!ENTITY l{} \"&l{i};&l{i};&l{i};\">", i + 1));
    let mut latin1 = put("<idPA>77777777777", "<idPA>citt\u{e0}");
    latin1 = String::from_utf8(latin1).unwrap().chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let body = good.split_once("<soapenv:Body>").unwrap().1.split_once("</soapenv:Body>").unwrap().0;
    vec![
        ("XXE of a file", before("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"), "a DOCTYPE"),
        ("XXE of an address", before("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\">"), "a DOCTYPE"),
        ("parameter entity", before("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>"), "a DOCTYPE"),
        ("billion laughs", before(&format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]>")), "a DOCTYPE"),
        ("empty DOCTYPE", before("<!DOCTYPE a>"), "a DOCTYPE"),
        ("DOCTYPE in lower case", before("<!doctype a>"), "a DOCTYPE"),
        ("DOCTYPE without end", before("<!DOCTYPE a ["), "a DOCTYPE"),
        ("DOCTYPE inside", put("<idPA>", "<idPA><!DOCTYPE a>"), "a DOCTYPE"),
        ("entity nobody defined", put("<idPA>77777777777", "<idPA>&x;"), "an entity that is not defined"),
        ("entity in an attribute", put("<idPA>", "<idPA a=\"&x;\">"), "an entity that is not defined"),
        ("reference to NUL", put("<idPA>", "<idPA>&#0;"), "not well-formed"),
        ("reference to a control character", put("<idPA>", "<idPA>&#x1;"), "not well-formed"),
        ("reference to half a pair", put("<idPA>", "<idPA>&#xD800;"), "not well-formed"),
        ("reference beyond Unicode", put("<idPA>", "<idPA>&#x110000;"), "not well-formed"),
        ("reference without end", put("<idPA>", "<idPA>&amp"), "not well-formed"),
        ("processing instruction", put("<soapenv:Body>", "<?php echo 1 ?><soapenv:Body>"), "a processing instruction"),
        ("stylesheet", before("<?xml-stylesheet href=\"http://127.0.0.1:1/\"?>"), "a processing instruction"),
        ("two declarations", format!("{decl}{good}").into_bytes(), "an XML declaration that is not at the beginning"),
        ("blank before the declaration", format!(" {good}").into_bytes(), "an XML declaration that is not at the beginning"),
        ("XML 1.1", put("1.0", "1.1"), "a version of XML other than 1.0"),
        ("Latin-1 declared", put("UTF-8", "ISO-8859-1"), "an encoding other than UTF-8"),
        ("UTF-16 declared", put("UTF-8", "UTF-16"), "an encoding other than UTF-8"),
        ("UTF-7 declared", put("UTF-8", "UTF-7"), "an encoding other than UTF-8"),
        ("Latin-1 undeclared", latin1, "not UTF-8"),
        ("UTF-16 LE with BOM", utf16(true, false), "not UTF-8"),
        ("UTF-16 BE with BOM", utf16(true, true), "not UTF-8"),
        ("UTF-16 LE without BOM", utf16(false, false), "not well-formed"),
        ("overlong UTF-8", [b"<a>\xc0\x80".as_slice(), good.as_bytes()].concat(), "not UTF-8"),
        ("NUL in a text", put("<idPA>", "<idPA>\u{0}"), "not well-formed"),
        ("U+FFFF in a text", put("<idPA>", "<idPA>\u{ffff}"), "not well-formed"),
        ("NUL in CDATA", put("<idPA>", "<idPA><![CDATA[\u{0}]]>"), "not well-formed"),
        ("NUL in a comment", put("<idPA>", "<!--\u{0}--><idPA>"), "not well-formed"),
        ("NUL in an attribute", put("<idPA>", "<idPA a=\"\u{0}\">"), "not well-formed"),
        ("NUL alone", vec![0; 1000], "not well-formed"),
        ("end of CDATA in a text", put("<idPA>", "<idPA>]]>"), "not well-formed"),
        ("dashes in a comment", put("<idPA>", "<!-- -- --><idPA>"), "not well-formed"),
        ("a name that is none", put("<idPA>77777777777</idPA>", "<1dPA>77777777777</1dPA>"), "not well-formed"),
        ("two colons", put("<idPA>77777777777</idPA>", "<soapenv:b:c>7</soapenv:b:c>"), "not well-formed"),
        ("a prefix nobody declared", put("<idPA>77777777777</idPA>", "<q:idPA>7</q:idPA>"), "a prefix without namespace"),
        ("an attribute prefix nobody declared", put("<idPA>", "<idPA q:a=\"\">"), "a prefix without namespace"),
        ("attribute twice", put("<idPA>", "<idPA a=\"1\" a=\"2\">"), "not well-formed"),
        ("attribute without quotes", put("<idPA>", "<idPA a=1>"), "not well-formed"),
        ("attribute with markup", put("<idPA>", "<idPA a=\"<\">"), "not well-formed"),
        ("tags that cross", put("</idPA><idBrokerPA>", "<idBrokerPA></idPA>"), "not well-formed"),
        (
            "25,000 attributes",
            put("<idPA>", &format!("<idPA{}>", many(25_000, |i| format!(" a{i}=\"\"")))),
            "too many attributes",
        ),
        ("33 attributes", put("<idPA>", &format!("<idPA{}>", many(33, |i| format!(" a{i}=\"\"")))), "too many attributes"),
        ("17 xmlns", put("<idPA>", &format!("<idPA{}>", many(17, |i| format!(" xmlns:p{i}=\"u\"")))), "too many attributes"),
        (
            "10,000 xmlns",
            put("<idPA>", &format!("<idPA{}>", many(10_000, |i| format!(" xmlns:p{i}=\"u\"")))),
            "too many attributes",
        ),
        ("33 deep", put("<idPA>", &format!("<idPA>{}", "<a>".repeat(30))), "elements nested too deeply"),
        ("80,000 deep", put("<idPA>", &format!("<idPA>{}", "<a>".repeat(80_000))), "elements nested too deeply"),
        ("60,000 siblings", put("<idPA>", &format!("{}<idPA>", "<a/>".repeat(60_000))), "too many elements"),
        ("truncated in a text", good[..good.len() / 2].into(), "ends too early"),
        ("truncated in a tag", good[..good.find("<idBrokerPA").unwrap() + 5].into(), "ends too early"),
        ("without the last character", good[..good.len() - 1].into(), "ends too early"),
        ("two envelopes", format!("{good}{bare}").into_bytes(), "two root elements"),
        ("text after the envelope", format!("{good}x").into_bytes(), "text outside the root element"),
        (
            "two Bodies",
            put("</soapenv:Body>", &format!("</soapenv:Body><soapenv:Body>{body}</soapenv:Body>")),
            "something after the Body",
        ),
        ("two requests", put(body, &body.repeat(2)), "two roots in the Body"),
        ("empty Body", put(body, ""), "an empty Body"),
        ("text in the Body", put("<soapenv:Body>", "<soapenv:Body>x"), "text in the Body"),
        ("no Body", put("soapenv:Body>", "soapenv:Header>"), "not well-formed"),
        ("only a Header", good.replace("soapenv:Body", "soapenv:Header").into_bytes(), "no Body"),
        (
            "SOAP 1.2",
            put("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
            "no SOAP 1.1 envelope",
        ),
        ("no envelope", root_of(&good).into_bytes(), "no SOAP 1.1 envelope"),
        (
            "an operation of others",
            good.replace("paVerifyPaymentNoticeReq", "paaInviaRT").into_bytes(),
            "an unknown root in the Body",
        ),
        ("a response", good.replace("NoticeReq", "NoticeRes").into_bytes(), "an unknown root in the Body"),
        ("a root without namespace", good.replace("pafn:", "").into_bytes(), "an unknown root in the Body"),
        ("a root of another namespace", put("/pa/paForNode.xsd", "/pa/altro.xsd"), "an unknown root in the Body"),
        ("HTML", b"<html><body>502</body></html>".to_vec(), "no SOAP 1.1 envelope"),
        ("JSON", b"{\"outcome\":\"OK\"}".to_vec(), "text outside the root element"),
        ("nothing", vec![], "ends too early"),
        ("blanks", b"  \n".to_vec(), "ends too early"),
        ("gzip", vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "not UTF-8"),
    ]
}

#[test]
fn every_attack_is_refused_at_once_for_its_own_reason() {
    let mut wrong = Vec::new();
    for (name, bytes, reason) in attacks() {
        let begin = Instant::now();
        let found = decode(&bytes);
        let _ = operation(&bytes);
        if found != Err(DecodeError::NotSoap(reason)) {
            wrong.push(format!("{name}: {found:?} instead of {reason}"));
        }
        // 2 s is Nodo's own patience with a healthy station (SLA); the slowest here takes a few ms even unoptimised
        assert!(begin.elapsed() < Duration::from_secs(2), "{name} took {:?}", begin.elapsed());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The largest of each kind that fits into the body of a receipt, before and inside the request.
#[test]
fn a_whole_mebibyte_of_it_is_refused_too() {
    let good = text(encode_send_rt(&send_rt(true)));
    let fill = |one: &str| one.repeat(1_000_000 / one.len());
    for (name, at, what, reason) in [
        (
            "attributes",
            "<receiptId>",
            format!("<receiptId {}>", (0..90_000).map(|i| format!("a{i}=\"\" ")).collect::<String>()),
            "too many attributes",
        ),
        (
            "xmlns",
            "<receiptId>",
            format!("<receiptId {}>", (0..60_000).map(|i| format!("xmlns:p{i}='u' ")).collect::<String>()),
            "too many attributes",
        ),
        ("depth", "<receiptId>", fill("<a>"), "elements nested too deeply"),
        ("siblings", "<receiptId>", format!("{}<receiptId>", fill("<a/>")), "too many elements"),
        ("one text", "<receiptId>", format!("<receiptId>{}", fill("x")), "a text that is too long"),
        ("one text of references", "<receiptId>", format!("<receiptId>{}", fill("&#120;")), "not well-formed"),
        (
            "one text of CDATA",
            "<receiptId>",
            format!("<receiptId>{}", fill("<![CDATA[xxxxxxxxxxxxxxxxxxxxxxxxx]]>")),
            "a text that is too long",
        ),
        ("one name", "<receiptId>", format!("<{}>", fill("x")), "not well-formed"),
    ] {
        let bytes = good.replacen(at, &what, 1);
        let begin = Instant::now();
        let found = decode(bytes.as_bytes());
        assert!(begin.elapsed() < Duration::from_secs(4), "{name} took {:?}", begin.elapsed());
        if name == "one text of references" {
            // 166,666 characters: not too long for a text, too long for a receiptId
            assert!(matches!(&found, Err(DecodeError::Invalid { reason, .. }) if reason.contains("more than 35")), "{found:?}");
        } else {
            assert_eq!(found, Err(DecodeError::NotSoap(reason)), "{name}");
        }
    }
}

#[test]
fn the_operation_is_not_looked_for_behind_an_attack() {
    for (name, bytes, reason) in attacks() {
        match operation(&bytes) {
            Ok(op) => assert_eq!(op, Operation::VerifyPaymentNotice, "{name}"),
            Err(error) => assert_eq!(error, DecodeError::NotSoap(reason), "{name}"),
        }
    }
}

#[test]
fn answers_are_read_with_the_same_care() {
    let good = text(encode_receipt_ok(Operation::SendRtV2));
    let read = |message: &str| decode_response(Operation::SendRtV2, message.as_bytes(), &Check::default());
    assert!(read(&good).is_ok());
    for (bad, reason) in [
        (good.replacen("?>", "?><!DOCTYPE a>", 1), "a DOCTYPE"),
        (good.replacen("<outcome>OK", "<outcome>&x;", 1), "an entity that is not defined"),
        (good.clone() + &" ".repeat(1024 * 1024), "too large"),
    ] {
        assert_eq!(read(&bad), Err(ResponseError::NotSoap(reason)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = (decode(&bytes), operation(&bytes));
        let _ = decode_response(Operation::GetPaymentV2, &bytes, &Check::default());
    }

    /// Nearer to the mark: pieces of XML put together at random.
    #[test]
    fn no_pieces_of_xml_make_it_panic(pieces in proptest::collection::vec(prop_oneof![
        Just("<a>"), Just("</a>"), Just("<a/>"), Just("<a b='"), Just("'>"), Just("&amp;"), Just("&#"), Just(";"), Just("<![CDATA["),
        Just("]]>"), Just("<!--"), Just("-->"), Just("<?x"), Just("?>"), Just("<!DOCTYPE"), Just("["), Just("xmlns:p='u'"),
        Just("<p:a>"), Just("è"), Just(" "), Just("<"), Just(">"), Just("&"), Just("\u{feff}"), Just("<?xml version='1.0'?>"),
    ], 0..40)) {
        let message = pieces.concat();
        let _ = (decode(message.as_bytes()), operation(message.as_bytes()));
    }

    /// Nearest: a good request with some of its bytes changed is read, or refused, and what is read is never another operation.
    #[test]
    fn a_request_with_changed_bytes_is_read_or_refused(v2: bool, which in 0..3u8, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let (op, mut bytes) = match which {
            0 => (Operation::VerifyPaymentNotice, encode_verify_request(&verify_request())),
            1 => (GET_PAYMENT[usize::from(v2)], encode_get_payment_request(&get_payment_request(v2))),
            _ => (SEND_RT[usize::from(v2)], encode_send_rt(&send_rt(v2))),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Err(DecodeError::Invalid { operation: found, reason, .. }) = decode(&bytes) {
            prop_assert_eq!(found, op);
            prop_assert!(reason.len() < 200, "a reason fit for a log: {}", reason);
        }
    }
}
