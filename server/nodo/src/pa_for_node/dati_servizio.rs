//! `datiSpecificiServizioRequest`: what a service on demand wants to know, as its own schema (`xsdRiferimento` of the catalogue) says it.
//!
//! Those schemas belong to the services and are many; what they share, and what is read here, is an element with named texts in it.
//! What a name means, the service says; namespaces are passed over, because names are enough.

use crate::xml::{self, Node, Rigour, Vocabulary};
use std::fmt;

/// Bytes. A dozen short texts are below 2 KiB.
pub const DATI_MAX: usize = 8 * 1024;
/// Elements in it.
const CAMPI_MAX: usize = 20;
/// Characters of one: the longest that is used of them is a causale, 140.
const TESTO_MAX: usize = 256;

/// Name and text of each element, in the order they came; no name twice. `Debug` does not show them: they name who pays.
#[derive(Clone, PartialEq, Eq)]
pub struct DatiServizio(Vec<(String, String)>);

impl fmt::Debug for DatiServizio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatiServizio({} elements)", self.0.len())
    }
}

impl DatiServizio {
    /// # Errors
    /// The rule that is broken, without a value.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let said = |rule: &str| format!("datiSpecificiServizioRequest: {rule}");
        if bytes.len() > DATI_MAX {
            return Err(said("too large"));
        }
        let root = xml::read(bytes, Vocabulary { namespaces: &[], long_texts: &[] }).map_err(said)?;
        // XSD's rules but for the order and the namespaces, which each schema has of its own
        Node::root(&root, Rigour::AsXsd).children().map_err(|broken| said(&broken.0))?;
        if root.children.len() > CAMPI_MAX {
            return Err(said("too many elements"));
        }
        let mut campi: Vec<(String, String)> = Vec::with_capacity(root.children.len());
        for element in &root.children {
            let text = Node::root(element, Rigour::AsXsd).token().map_err(|broken| said(&broken.0))?;
            if text.chars().count() > TESTO_MAX {
                return Err(said("a text that is too long"));
            }
            if campi.iter().any(|(name, _)| *name == element.name) {
                return Err(said("an element there twice"));
            }
            campi.push((element.name.clone(), text.to_owned()));
        }
        Ok(Self(campi))
    }

    /// The text of an element, and takes it out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(found, _)| found == name)?;
        Some(self.0.remove(at).1)
    }

    /// Nothing that was said is left over.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_texts_are_read_in_any_order_and_namespace() {
        for text in [
            "<r><nome>Mario Rossi</nome><pezzi> 2 </pezzi></r>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x:r xmlns:x=\"urn:x\">\n <x:pezzi>2</x:pezzi>\n <x:nome>Mario Rossi</x:nome>\n</x:r>",
            "<r xmlns=\"urn:y\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:y y.xsd\"><pezzi>2</pezzi><nome>Mario&#32;<![CDATA[Rossi]]></nome></r>",
        ] {
            let mut dati = DatiServizio::read(text.as_bytes()).unwrap();
            assert_eq!(dati.take("nome").as_deref(), Some("Mario Rossi"), "{text}");
            assert_eq!((dati.take("pezzi").as_deref(), dati.take("pezzi")), (Some("2"), None));
            assert!(dati.is_empty());
        }
        assert!(DatiServizio::read(b"<r/>").unwrap().is_empty());
    }

    #[test]
    fn what_is_not_that_is_refused_with_the_rule_and_no_value() {
        let long = format!("<r><a>{}</a></r>", "segreto".repeat(40));
        let many: String = (0..=CAMPI_MAX).map(|i| format!("<a{i}>segreto</a{i}>")).collect();
        let large = format!("<r><a>x</a>{}</r>", " ".repeat(DATI_MAX));
        let deep = format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000));
        for (text, rule) in [
            ("", "ends too early"),
            ("targa segreto", "text outside"),
            ("<r><a>segreto</a>", "ends too early"),
            ("<r><a>segreto</a><a>segreto</a></r>", "twice"),
            ("<r><a><b>segreto</b></a></r>", "elements where only text"),
            ("<r>segreto<a/></r>", "text where only elements"),
            ("<r><a b=\"segreto\">x</a></r>", "an attribute"),
            ("<r b=\"segreto\"/>", "an attribute"),
            ("<!DOCTYPE r [<!ENTITY e \"segreto\">]><r><a>&e;</a></r>", "a DOCTYPE"),
            (&long, "too long"),
            (&format!("<r>{many}</r>"), "too many elements"),
            (&large, "too large"),
            (&deep, "datiSpecificiServizioRequest: "),
        ] {
            let refused = DatiServizio::read(text.as_bytes()).unwrap_err();
            assert!(refused.contains(rule) && !refused.contains("segreto"), "{text}: {refused}");
        }
        assert!(DatiServizio::read(b"<r><a>\xff</a></r>").is_err());
        let dati = DatiServizio::read(b"<r><a>segreto</a></r>").unwrap();
        assert!(!format!("{dati:?}").contains("segreto"));
    }
}
