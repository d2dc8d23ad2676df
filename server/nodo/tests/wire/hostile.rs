//! Bytes from whoever reaches the port. Source of the list: RUSTSEC-2026-0194 and 0195, OWASP XXE prevention, and XML 1.0 itself.

use crate::samples::*;
use nodo::pa_for_node::client::{
    Check, ResponseError, decode_response, encode_get_payment_request, encode_send_rt, encode_verify_request,
};
use nodo::pa_for_node::{DecodeError, Operation, decode, encode_receipt_ok, operation};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Families of bad input, as the front page of `server/tests/portal/hostile.rs` numbers them.
type Family = u8;
const XXE: Family = 7;
const BOMB: Family = 8;
const UNICODE: Family = 30;
/// Well-formed or not, it is no request.
const SHAPE: Family = 0;

/// Each with the place of the attack: before everything, on the envelope, in a text, on an element of the request.
fn attacks() -> Vec<(Family, &'static str, Vec<u8>, &'static str)> {
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
    let entity = "<!DOCTYPE a [<!ENTITY x SYSTEM \"http://127.0.0.1:1/\">]>";
    let body = good.split_once("<soapenv:Body>").unwrap().1.split_once("</soapenv:Body>").unwrap().0;
    vec![
        (XXE, "XXE of a file", before("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"), "a DOCTYPE"),
        (XXE, "XXE of an address", before("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\">"), "a DOCTYPE"),
        (XXE, "parameter entity", before("<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]>"), "a DOCTYPE"),
        (BOMB, "billion laughs", before(&format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{laughs}]>")), "a DOCTYPE"),
        (XXE, "XXE that is used", format!("{entity}{}", bare.replace("77777777777", "&x;")).into_bytes(), "a DOCTYPE"),
        (
            XXE,
            "public identifier",
            before("<!DOCTYPE a PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"http://127.0.0.1:1/\">"),
            "a DOCTYPE",
        ),
        (XXE, "XInclude", put("<idPA>", "<xi:include href=\"file:///etc/passwd\"/><idPA>"), "a prefix without namespace"),
        (XXE, "empty DOCTYPE", before("<!DOCTYPE a>"), "a DOCTYPE"),
        (XXE, "DOCTYPE in lower case", before("<!doctype a>"), "a DOCTYPE"),
        (XXE, "DOCTYPE without end", before("<!DOCTYPE a ["), "a DOCTYPE"),
        (XXE, "DOCTYPE inside", put("<idPA>", "<idPA><!DOCTYPE a>"), "a DOCTYPE"),
        (XXE, "entity nobody defined", put("<idPA>77777777777", "<idPA>&x;"), "an entity that is not defined"),
        (XXE, "entity in an attribute", put("<idPA>", "<idPA a=\"&x;\">"), "an entity that is not defined"),
        (UNICODE, "reference to NUL", put("<idPA>", "<idPA>&#0;"), "not well-formed"),
        (UNICODE, "reference to a control character", put("<idPA>", "<idPA>&#x1;"), "not well-formed"),
        (UNICODE, "reference to half a pair", put("<idPA>", "<idPA>&#xD800;"), "not well-formed"),
        (UNICODE, "reference beyond Unicode", put("<idPA>", "<idPA>&#x110000;"), "not well-formed"),
        (SHAPE, "reference without end", put("<idPA>", "<idPA>&amp"), "not well-formed"),
        (XXE, "processing instruction", put("<soapenv:Body>", "<?php echo 1 ?><soapenv:Body>"), "a processing instruction"),
        (XXE, "stylesheet", before("<?xml-stylesheet href=\"http://127.0.0.1:1/\"?>"), "a processing instruction"),
        (SHAPE, "two declarations", format!("{decl}{good}").into_bytes(), "an XML declaration that is not at the beginning"),
        (
            SHAPE,
            "blank before the declaration",
            format!(" {good}").into_bytes(),
            "an XML declaration that is not at the beginning",
        ),
        (SHAPE, "XML 1.1", put("1.0", "1.1"), "a version of XML other than 1.0"),
        (UNICODE, "Latin-1 declared", put("UTF-8", "ISO-8859-1"), "an encoding other than UTF-8"),
        (UNICODE, "UTF-16 declared", put("UTF-8", "UTF-16"), "an encoding other than UTF-8"),
        (UNICODE, "UTF-7 declared", put("UTF-8", "UTF-7"), "an encoding other than UTF-8"),
        (UNICODE, "Latin-1 undeclared", latin1, "not UTF-8"),
        (UNICODE, "UTF-16 LE with BOM", utf16(true, false), "not UTF-8"),
        (UNICODE, "UTF-16 BE with BOM", utf16(true, true), "not UTF-8"),
        (UNICODE, "UTF-16 LE without BOM", utf16(false, false), "not well-formed"),
        (UNICODE, "overlong UTF-8", [b"<a>\xc0\x80".as_slice(), good.as_bytes()].concat(), "not UTF-8"),
        (UNICODE, "NUL in a text", put("<idPA>", "<idPA>\u{0}"), "not well-formed"),
        (UNICODE, "U+FFFF in a text", put("<idPA>", "<idPA>\u{ffff}"), "not well-formed"),
        (UNICODE, "NUL in CDATA", put("<idPA>", "<idPA><![CDATA[\u{0}]]>"), "not well-formed"),
        (UNICODE, "NUL in a comment", put("<idPA>", "<!--\u{0}--><idPA>"), "not well-formed"),
        (UNICODE, "NUL in an attribute", put("<idPA>", "<idPA a=\"\u{0}\">"), "not well-formed"),
        (UNICODE, "NUL alone", vec![0; 1000], "not well-formed"),
        (SHAPE, "end of CDATA in a text", put("<idPA>", "<idPA>]]>"), "not well-formed"),
        (SHAPE, "dashes in a comment", put("<idPA>", "<!-- -- --><idPA>"), "not well-formed"),
        (SHAPE, "a name that is none", put("<idPA>77777777777</idPA>", "<1dPA>77777777777</1dPA>"), "not well-formed"),
        (SHAPE, "two colons", put("<idPA>77777777777</idPA>", "<soapenv:b:c>7</soapenv:b:c>"), "not well-formed"),
        (SHAPE, "a prefix nobody declared", put("<idPA>77777777777</idPA>", "<q:idPA>7</q:idPA>"), "a prefix without namespace"),
        (SHAPE, "an attribute prefix nobody declared", put("<idPA>", "<idPA q:a=\"\">"), "a prefix without namespace"),
        (SHAPE, "attribute twice", put("<idPA>", "<idPA a=\"1\" a=\"2\">"), "not well-formed"),
        (SHAPE, "attribute without quotes", put("<idPA>", "<idPA a=1>"), "not well-formed"),
        (SHAPE, "attribute with markup", put("<idPA>", "<idPA a=\"<\">"), "not well-formed"),
        (SHAPE, "tags that cross", put("</idPA><idBrokerPA>", "<idBrokerPA></idPA>"), "not well-formed"),
        (
            BOMB,
            "25,000 attributes",
            put("<idPA>", &format!("<idPA{}>", many(25_000, |i| format!(" a{i}=\"\"")))),
            "too many attributes",
        ),
        (BOMB, "33 attributes", put("<idPA>", &format!("<idPA{}>", many(33, |i| format!(" a{i}=\"\"")))), "too many attributes"),
        (
            BOMB,
            "17 xmlns",
            put("<idPA>", &format!("<idPA{}>", many(17, |i| format!(" xmlns:p{i}=\"u\"")))),
            "too many attributes",
        ),
        (
            BOMB,
            "10,000 xmlns",
            put("<idPA>", &format!("<idPA{}>", many(10_000, |i| format!(" xmlns:p{i}=\"u\"")))),
            "too many attributes",
        ),
        (BOMB, "33 deep", put("<idPA>", &format!("<idPA>{}", "<a>".repeat(30))), "elements nested too deeply"),
        (BOMB, "80,000 deep", put("<idPA>", &format!("<idPA>{}", "<a>".repeat(80_000))), "elements nested too deeply"),
        (BOMB, "60,000 siblings", put("<idPA>", &format!("{}<idPA>", "<a/>".repeat(60_000))), "too many elements"),
        (SHAPE, "truncated in a text", good[..good.len() / 2].into(), "ends too early"),
        (SHAPE, "truncated in a tag", good[..good.find("<idBrokerPA").unwrap() + 5].into(), "ends too early"),
        (SHAPE, "without the last character", good[..good.len() - 1].into(), "ends too early"),
        (SHAPE, "two envelopes", format!("{good}{bare}").into_bytes(), "two root elements"),
        (SHAPE, "text after the envelope", format!("{good}x").into_bytes(), "text outside the root element"),
        (
            SHAPE,
            "two Bodies",
            put("</soapenv:Body>", &format!("</soapenv:Body><soapenv:Body>{body}</soapenv:Body>")),
            "something after the Body",
        ),
        (SHAPE, "two requests", put(body, &body.repeat(2)), "two roots in the Body"),
        (SHAPE, "empty Body", put(body, ""), "an empty Body"),
        (SHAPE, "text in the Body", put("<soapenv:Body>", "<soapenv:Body>x"), "text in the Body"),
        (SHAPE, "no Body", put("soapenv:Body>", "soapenv:Header>"), "not well-formed"),
        (SHAPE, "only a Header", good.replace("soapenv:Body", "soapenv:Header").into_bytes(), "no Body"),
        (
            SHAPE,
            "SOAP 1.2",
            put("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"),
            "no SOAP 1.1 envelope",
        ),
        (SHAPE, "no envelope", root_of(&good).into_bytes(), "no SOAP 1.1 envelope"),
        (
            SHAPE,
            "an operation of others",
            good.replace("paVerifyPaymentNoticeReq", "paaInviaRT").into_bytes(),
            "an unknown root in the Body",
        ),
        (SHAPE, "a response", good.replace("NoticeReq", "NoticeRes").into_bytes(), "an unknown root in the Body"),
        (SHAPE, "a root without namespace", good.replace("pafn:", "").into_bytes(), "an unknown root in the Body"),
        (SHAPE, "a root of another namespace", put("/pa/paForNode.xsd", "/pa/altro.xsd"), "an unknown root in the Body"),
        (SHAPE, "HTML", b"<html><body>502</body></html>".to_vec(), "no SOAP 1.1 envelope"),
        (SHAPE, "JSON", b"{\"outcome\":\"OK\"}".to_vec(), "text outside the root element"),
        (SHAPE, "nothing", vec![], "ends too early"),
        (SHAPE, "blanks", b"  \n".to_vec(), "ends too early"),
        (SHAPE, "gzip", vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "not UTF-8"),
    ]
}

#[test]
fn every_attack_is_refused_at_once_for_its_own_reason() {
    let mut wrong = Vec::new();
    for (_, name, bytes, reason) in attacks() {
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
    for (name, bytes, reason) in mebibytes() {
        let begin = Instant::now();
        let found = decode(&bytes);
        assert!(begin.elapsed() < Duration::from_secs(4), "{name} took {:?}", begin.elapsed());
        if name == "one text of references" {
            // 166,666 characters: not too long for a text, too long for a receiptId
            assert!(matches!(&found, Err(DecodeError::Invalid { reason, .. }) if reason.contains("more than 35")), "{found:?}");
        } else {
            assert_eq!(found, Err(DecodeError::NotSoap(reason)), "{name}");
        }
    }
}

fn mebibytes() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let good = text(encode_send_rt(&send_rt(true)));
    let fill = |one: &str| one.repeat(1_000_000 / one.len());
    let all = [
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
    ];
    let put = |(name, at, what, reason): (_, &str, String, _)| (name, good.replacen(at, &what, 1).into_bytes(), reason);
    all.into_iter().map(put).collect()
}

#[test]
fn every_family_has_its_cases() {
    for family in [XXE, BOMB, UNICODE, SHAPE] {
        let small = attacks().into_iter().filter(|(of, ..)| *of == family).map(|(_, name, ..)| name);
        let large = mebibytes().into_iter().filter(|_| family == BOMB).map(|(name, ..)| name);
        let names: BTreeSet<_> = small.chain(large).collect();
        assert!(names.len() >= 10, "family {family}: {names:?}");
    }
}

/// What is refused costs no more than what is read: the time of the worst is that of a plain receipt of as many bytes, give or take.
/// Without the limits of the reader, attributes alone cost the square of their number: hundreds of times as much.
#[test]
fn no_attack_costs_more_than_a_plain_receipt_of_the_same_size() {
    let plain = |bytes: usize| {
        let entry = format!("<mapEntry><key>k</key><value>{}</value></mapEntry>", "v".repeat(900));
        let entries = entry.repeat(bytes / entry.len() + 1);
        text(encode_send_rt(&send_rt(true))).replacen("<mapEntry>", &format!("{entries}<mapEntry>"), 1).into_bytes()
    };
    // the quickest of several: whatever else the machine does only adds
    let cost = |bytes: &[u8]| {
        let once = || {
            let begin = Instant::now();
            let _ = decode(bytes);
            begin.elapsed()
        };
        (0..7).map(|_| once()).min().unwrap()
    };
    let small = attacks().into_iter().filter(|(family, ..)| *family == BOMB).map(|(_, name, bytes, _)| (name, bytes));
    let large = mebibytes().into_iter().map(|(name, bytes, _)| (name, bytes));
    for (name, bytes) in small.chain(large) {
        let as_long = plain(bytes.len());
        assert!(decode(&as_long).is_ok() && as_long.len() >= bytes.len(), "{name}: compared with what is read");
        let (attack, plain) = (cost(&bytes), cost(&as_long));
        assert!(attack <= plain * 20, "{name}, {} bytes: {attack:?}, a plain one {plain:?}", bytes.len());
    }
}

#[test]
fn the_operation_is_not_looked_for_behind_an_attack() {
    for (_, name, bytes, reason) in attacks() {
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
