//! SOAP 1.1 around it: finds the root in the Body, whatever the prefixes; writes it as pagoPA's own clients do.

use super::NAMESPACE;
use crate::xml::{Element, NotXml, Ns, Step, Steps, Vocabulary, Writer, read};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// `MBDAttachment` is a revenue stamp in base64; how long it gets no specification says.
const VOCABULARY: Vocabulary = Vocabulary { namespaces: &[SOAP, NAMESPACE], long_texts: &["MBDAttachment"] };

const NO_ENVELOPE: NotXml = "no SOAP 1.1 envelope";
const NO_BODY: NotXml = "no Body";
const UNKNOWN_ROOT: NotXml = "an unknown root in the Body";

/// The only element in the Body, in the namespace of paForNode. Header blocks are read over: pagoPA defines none.
pub(super) fn root(bytes: &[u8]) -> Result<Element, NotXml> {
    unwrap(read(bytes, VOCABULARY)?)
}

/// The same where the envelope may be missing: GPD keeps a receipt as the element alone.
pub(super) fn root_or_bare(bytes: &[u8]) -> Result<Element, NotXml> {
    let element = read(bytes, VOCABULARY)?;
    if element.ns == Ns::Known(NAMESPACE) { Ok(element) } else { unwrap(element) }
}

fn unwrap(envelope: Element) -> Result<Element, NotXml> {
    if !is_soap(&envelope, "Envelope") {
        return Err(NO_ENVELOPE);
    }
    let mut parts = envelope.children.into_iter().peekable();
    parts.next_if(|e| is_soap(e, "Header"));
    let body = parts.next().filter(|e| is_soap(e, "Body")).ok_or(NO_BODY)?;
    if parts.next().is_some() {
        return Err("something after the Body");
    }
    if body.text.chars().any(|c| !c.is_ascii_whitespace()) {
        return Err("text in the Body");
    }
    let mut roots = body.children.into_iter();
    match (roots.next(), roots.next()) {
        (None, _) => Err("an empty Body"),
        (Some(_), Some(_)) => Err("two roots in the Body"),
        (Some(root), None) if root.ns == Ns::Known(NAMESPACE) => Ok(root),
        (Some(_), None) => Err(UNKNOWN_ROOT),
    }
}

/// The name of the first element in the Body, read no further than that.
pub(super) fn peek_root(bytes: &[u8]) -> Result<String, NotXml> {
    let mut steps = Steps::new(bytes, VOCABULARY)?;
    let mut depth = 0;
    let mut in_body = false;
    loop {
        match steps.step()? {
            Step::Open(element) => {
                match depth {
                    0 if !is_soap(&element, "Envelope") => return Err(NO_ENVELOPE),
                    1 if is_soap(&element, "Body") => in_body = true,
                    1 if !is_soap(&element, "Header") => return Err(NO_BODY),
                    2 if in_body && element.ns != Ns::Known(NAMESPACE) => return Err(UNKNOWN_ROOT),
                    2 if in_body => return Ok(element.name),
                    _ => {}
                }
                depth += 1;
            }
            Step::Text(_) => {}
            Step::Close if in_body => return Err("an empty Body"),
            Step::Close => depth -= 1,
            Step::End => return Err(NO_BODY),
        }
    }
}

/// The whole message. Of the two legal spellings the prefixed one: some clients lose `xmlns=""` on the children of the other.
pub(super) fn wrap(root: &str, inside: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::after(concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        "\n",
        r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" "#,
        r#"xmlns:pafn="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"><soapenv:Body>"#,
    ));
    w.element(&format!("pafn:{root}"), inside);
    w.raw("</soapenv:Body></soapenv:Envelope>");
    w.finish()
}

/// The root alone, with its namespace.
pub(super) fn bare(root: &str, inside: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut w = Writer::after(concat!(r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#, "\n"));
    w.raw(&format!("<pafn:{root} xmlns:pafn=\"{NAMESPACE}\">"));
    inside(&mut w);
    w.raw(&format!("</pafn:{root}>"));
    w.finish()
}

fn is_soap(element: &Element, name: &str) -> bool {
    element.ns == Ns::Known(SOAP) && element.name == name
}
