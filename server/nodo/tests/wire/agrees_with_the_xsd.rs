//! pagoPA's own paForNode.xsd, by libxml2's `xmllint`, judges what we write, and judges our judgement: every message is taken apart
//! (each element dropped, doubled, emptied, lengthened, renamed, swapped with the next), and our reader must refuse exactly those the
//! XSD refuses.

use crate::samples::*;
use domain::Accredito;
use nodo::pa_for_node::client::{
    Check, ResponseError, decode_response, encode_demand_request, encode_get_payment_request, encode_send_rt,
    encode_verify_request,
};
use nodo::pa_for_node::{
    DecodeError, DemandAnswer, Fault, Operation, Paa, PaymentAnswer, TransferType, decode, encode_demand, encode_fault,
    encode_payment, encode_receipt_ok, encode_verify,
};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Messages with their names; a folder of their own that goes away at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("nodo-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Which of the roots the XSD accepts.
    fn validate(&self, specs: &Path, roots: &[String]) -> Vec<bool> {
        let files: Vec<PathBuf> = (0..roots.len()).map(|i| self.0.join(format!("{i}.xml"))).collect();
        for (file, root) in files.iter().zip(roots) {
            fs::write(file, root).unwrap();
        }
        let schema = specs.join("pagopa/wsdl/xsd/paForNode.xsd");
        let output = Command::new("xmllint").args(["--noout", "--nonet", "--schema"]).arg(schema).args(&files).output().unwrap();
        let lines: HashSet<&str> = std::str::from_utf8(&output.stderr).unwrap().lines().collect();
        let said = |file: &Path, verdict: &str| lines.contains(format!("{} {verdict}", file.display()).as_str());
        let verdict = |file: &PathBuf| match (said(file, "validates"), said(file, "fails to validate")) {
            (valid, invalid) if valid != invalid => valid,
            _ => panic!("xmllint gave no verdict: {}", String::from_utf8_lossy(&output.stderr)),
        };
        files.iter().map(verdict).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn answers() -> Vec<(Operation, Vec<u8>)> {
    let mut all = vec![(Operation::VerifyPaymentNotice, encode_verify(&verify_answer()))];
    let mut bare = verify_answer();
    (bare.scadenza, bare.ufficio) = (None, None);
    bare.causale = "<&>\u{0}\"'é𝄞".repeat(40);
    all.push((Operation::VerifyPaymentNotice, encode_verify(&bare)));
    all.push((Operation::DemandPaymentNotice, encode_demand(&demand_answer())));
    all.push((Operation::DemandPaymentNotice, encode_demand(&DemandAnswer { avviso: bare, ..demand_answer() })));
    let mut pay = |op, accrediti: &[Accredito], transfer_type: Option<TransferType>| {
        let mut posizione = posizione(accrediti.iter().map(|a| versamento(1_600, a.clone())).collect());
        posizione.rate[0].scadenza = posizione.rate[0].scadenza.filter(|_| transfer_type.is_none());
        posizione.causale = "à".repeat(200);
        let answer = PaymentAnswer { ente: &ente(), posizione: &posizione, rata: &posizione.rate[0], transfer_type };
        all.push((op, encode_payment(op, &answer).unwrap()));
    };
    for op in GET_PAYMENT {
        pay(op, &[conto(false)], None);
        pay(op, &[conto(true), conto(false), conto(true), conto(true), conto(true)], Some(TransferType::Postal));
        pay(op, &[conto(true), conto(false)], Some(TransferType::Pagopa));
    }
    pay(Operation::GetPaymentV2, &[bollo(), conto(true)], Some(TransferType::Pagopa));
    for op in Operation::ALL {
        let fault = |description| Fault { code: Paa::PagamentoScaduto, id: "77777777777".into(), description };
        all.push((op, encode_fault(op, &fault(None))));
        all.push((op, encode_fault(op, &fault(Some("<perché> & \u{0}".into())))));
    }
    all.extend(SEND_RT.map(|op| (op, encode_receipt_ok(op))));
    all
}

fn requests() -> Vec<Vec<u8>> {
    let mut all = vec![encode_verify_request(&verify_request()), encode_demand_request(&demand_request())];
    for v2 in [false, true] {
        all.push(encode_get_payment_request(&get_payment_request(v2)));
        all.push(encode_send_rt(&send_rt(v2)));
    }
    all
}

#[test]
fn everything_we_write_is_valid() {
    let Some(specs) = folder("PAGOPA_SPECS") else { return };
    let messages: Vec<String> = answers().into_iter().map(|(_, bytes)| bytes).chain(requests()).map(text).collect();
    let roots: Vec<String> = messages.iter().map(|m| root_of(m)).collect();
    for (valid, root) in Folder::new("valid").validate(&specs, &roots).into_iter().zip(&roots) {
        assert!(valid, "{root}");
    }
}

#[test]
fn answers_are_judged_as_the_xsd_judges_them() {
    let Some(specs) = folder("PAGOPA_SPECS") else { return };
    let mut variants = Vec::new();
    for (op, bytes) in answers() {
        variants.extend(taken_apart(&text(bytes)).into_iter().map(|m| (op, m)));
    }
    variants.sort_by(|a, b| a.1.cmp(&b.1));
    variants.dedup_by(|a, b| a.1 == b.1);
    let roots: Vec<String> = variants.iter().map(|(_, m)| root_of(m)).collect();
    let verdicts = Folder::new("answers").validate(&specs, &roots);
    assert!(verdicts.iter().filter(|valid| !**valid).count() > 500, "the mutations bite");
    assert!(verdicts.iter().filter(|valid| **valid).count() > 50, "and not all of them");
    for ((op, message), valid) in variants.iter().zip(verdicts) {
        let found = decode_response(*op, message.as_bytes(), &Check::default());
        // what breaks a rule beyond the XSD is refused before the rest is looked at
        let refused = matches!(found, Err(ResponseError::Xsd(_))) || (!valid && matches!(found, Err(ResponseError::Rule(_))));
        assert_eq!(refused, !valid, "{found:?}\n{message}");
    }
}

#[test]
fn requests_are_judged_as_the_xsd_judges_them_but_for_receipts() {
    let Some(specs) = folder("PAGOPA_SPECS") else { return };
    let variants: Vec<String> = requests().into_iter().flat_map(|bytes| taken_apart(&text(bytes))).collect();
    let roots: Vec<String> = variants.iter().map(|m| root_of(m)).collect();
    let verdicts = Folder::new("requests").validate(&specs, &roots);
    assert!(verdicts.iter().filter(|valid| !**valid).count() > 500, "the mutations bite");
    assert!(verdicts.iter().filter(|valid| **valid).count() > 50, "and not all of them");
    for (message, valid) in variants.iter().zip(verdicts) {
        let found = decode(message.as_bytes());
        if message.contains(":paSendRT") {
            // the other way only: whatever is valid is read, but for keys that would not work as keys
            let no_key =
                |reason: &str| ["receiptId: ", "the same idTransfer", "neither IBAN nor"].iter().any(|key| reason.contains(key));
            let fair = !valid || matches!(&found, Err(DecodeError::Invalid { reason, .. }) if no_key(reason));
            assert!(found.is_ok() || fair, "{found:?}\n{message}");
        } else {
            assert_eq!(matches!(found, Err(DecodeError::Invalid { .. })), !valid, "{found:?}\n{message}");
        }
    }
}

/// Where an element is: its whole, and what is between its tags.
struct Span {
    whole: std::ops::Range<usize>,
    inside: std::ops::Range<usize>,
}

/// The elements inside the root of a message of ours (no attributes, no empty tags).
fn spans(message: &str) -> Vec<Span> {
    let root = message.find("<pafn:").unwrap();
    let begin = root + message[root..].find('>').unwrap() + 1;
    let end = message.find("</pafn:").unwrap();
    let (mut open, mut found, mut at) = (Vec::new(), Vec::new(), begin);
    while let Some(next) = message[at..end].find('<').map(|n| at + n) {
        let close = next + message[next..].find('>').unwrap() + 1;
        if message[next..].starts_with("</") {
            let (whole, inside): (usize, usize) = open.pop().unwrap();
            found.push(Span { whole: whole..close, inside: inside..next });
        } else {
            open.push((next, close));
        }
        at = close;
    }
    found
}

fn taken_apart(message: &str) -> Vec<String> {
    let with = |range: &std::ops::Range<usize>, what: &str| format!("{}{what}{}", &message[..range.start], &message[range.end..]);
    let mut all = vec![message.to_owned()];
    let spans = spans(message);
    for span in &spans {
        let whole = &message[span.whole.clone()];
        all.push(with(&span.whole, ""));
        all.push(with(&span.whole, &whole.repeat(2)));
        all.push(with(&span.whole, &whole.repeat(16)));
        all.push(with(&span.whole, &format!("<altro>1</altro>{whole}")));
        all.push(with(&span.whole, &format!("<!-- c -->{whole}\n")));
        if let Some(next) = spans.iter().find(|s| s.whole.start == span.whole.end) {
            all.push(with(&(span.whole.start..next.whole.end), &format!("{}{whole}", &message[next.whole.clone()])));
        }
        let inside = &message[span.inside.clone()];
        let texts = [
            "",
            " ",
            "x",
            "OK",
            "0",
            "1",
            "true",
            "2026-02-29",
            "2026-02-28",
            "0.00",
            "1.00",
            " 1.00 ",
            "1.0",
            "1",
            "5",
            "6",
            "01",
            "IT",
            "it",
        ];
        let is_leaf = !inside.contains('<');
        // of base64 libxml2 judges the length alone: it reads over characters that are none
        let is_base64 = message[..span.inside.start].ends_with("hashDocumento>")
            || message[..span.inside.start].ends_with("datiSpecificiServizioRequest>");
        for text in texts.iter().filter(|text| is_leaf && (!is_base64 || text.len() < 3)) {
            all.push(with(&span.inside, text));
        }
        if is_leaf {
            // XSD 1.0 §4.3.6 collapses blanks around a date, and so do we; libxml2 2.9.14 does for numbers only
            if !message[..span.inside.start].ends_with("Date>") {
                all.push(with(&span.inside, &format!(" {inside} ")));
            }
            all.push(with(&span.inside, &format!("{inside}<b/>")));
            let lengths = if is_base64 { &[][..] } else { &[2, 4, 5, 6, 16, 17, 35, 36, 70, 71, 140, 141, 210, 211, 257] };
            for &length in lengths {
                all.push(with(&span.inside, &"è".repeat(length)));
            }
        } else {
            all.push(with(&span.inside, &format!("testo{inside}")));
            all.push(with(&span.inside, &format!(" \n{inside}")));
        }
        let open = &message[span.whole.start..span.inside.start - 1];
        all.push(with(&(span.whole.start..span.inside.start), &format!("{open} a=\"1\">")));
        all.push(with(&(span.whole.start..span.inside.start), &format!("{open} xmlns=\"urn:x\">")));
    }
    all
}
