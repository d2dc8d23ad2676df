//! Walks the children of an element as `xsd:sequence` does: each in its place, nothing left over.
//!
//! A receipt is read with lenience instead: any order, any namespace, unknown elements passed over, blank ones as if absent where
//! they may be.

use super::characters::{is_blank, is_space};
use super::element::{Element, Ns};

/// How strictly to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rigour {
    AsXsd,
    /// For what happened already and cannot be sent back.
    Lenient,
}

/// A rule that is broken and where: `qrCode/noticeNumber: not 18 digits`. Holds no value of the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) String);

/// An element and the way to it.
#[derive(Clone, Debug)]
pub(crate) struct Node<'e> {
    element: &'e Element,
    path: String,
    rigour: Rigour,
}

impl<'e> Node<'e> {
    pub(crate) fn root(element: &'e Element, rigour: Rigour) -> Self {
        Self { element, path: String::new(), rigour }
    }

    pub(crate) fn is_lenient(&self) -> bool {
        self.rigour == Rigour::Lenient
    }

    pub(crate) fn broken(&self, rule: &str) -> Broken {
        Broken(if self.path.is_empty() { rule.to_owned() } else { format!("{}: {rule}", self.path) })
    }

    /// The children of an element that has nothing else in it.
    pub(crate) fn children(&self) -> Result<Sequence<'e>, Broken> {
        if self.rigour == Rigour::AsXsd {
            self.without_attributes()?;
            if !is_blank(&self.element.text) {
                return Err(self.broken("text where only elements may be"));
            }
        }
        Ok(Sequence { parent: self.clone(), rest: &self.element.children })
    }

    /// The text of an element that has nothing else in it, blanks included; with lenience without those around it.
    pub(crate) fn string(&self) -> Result<&'e str, Broken> {
        if !self.element.children.is_empty() {
            return Err(self.broken("elements where only text may be"));
        }
        if self.rigour == Rigour::AsXsd {
            self.without_attributes()?;
            return Ok(&self.element.text);
        }
        self.token()
    }

    /// The text without blanks around it, as XSD takes everything but strings (`whiteSpace` collapse).
    pub(crate) fn token(&self) -> Result<&'e str, Broken> {
        if !self.element.children.is_empty() {
            return Err(self.broken("elements where only text may be"));
        }
        if self.rigour == Rigour::AsXsd {
            self.without_attributes()?;
        }
        Ok(self.element.text.trim_matches(is_space))
    }

    fn without_attributes(&self) -> Result<(), Broken> {
        if self.element.has_attributes { Err(self.broken("an attribute where none may be")) } else { Ok(()) }
    }
}

#[derive(Debug)]
pub(crate) struct Sequence<'e> {
    parent: Node<'e>,
    rest: &'e [Element],
}

impl<'e> Sequence<'e> {
    /// `minOccurs` 1.
    pub(crate) fn take(&mut self, name: &str) -> Result<Node<'e>, Broken> {
        match self.take_opt(name)?.or_else(|| self.blank(name)) {
            Some(node) => Ok(node),
            None => Err(self.parent.broken(&match self.rest.first() {
                Some(found) if self.is_strict() => format!("{name} expected, {} found", shown(found)),
                _ => format!("{name} missing"),
            })),
        }
    }

    /// With lenience: one that is there, with nothing in it.
    fn blank(&self, name: &str) -> Option<Node<'e>> {
        self.rest.iter().find(|e| !self.is_strict() && e.name == name).map(|e| self.node(e))
    }

    /// `minOccurs` 0.
    pub(crate) fn take_opt(&mut self, name: &str) -> Result<Option<Node<'e>>, Broken> {
        if self.is_strict() {
            let Some((first, rest)) = self.rest.split_first() else { return Ok(None) };
            if first.name != name {
                return Ok(None);
            }
            let node = self.node(first);
            if first.ns != Ns::None {
                return Err(node.broken("in a namespace, where children have none"));
            }
            self.rest = rest;
            return Ok(Some(node));
        }
        let mut found = self.rest.iter().filter(|e| e.name == name && !(e.children.is_empty() && is_blank(&e.text)));
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(element), None) => Ok(Some(self.node(element))),
            (Some(element), Some(_)) => Err(self.node(element).broken("there twice")),
        }
    }

    /// `minOccurs` 1, `maxOccurs` `max`; with lenience as many as there are.
    pub(crate) fn take_many(&mut self, name: &str, max: usize) -> Result<Vec<Node<'e>>, Broken> {
        if !self.is_strict() {
            let all: Vec<_> = self.rest.iter().filter(|e| e.name == name).map(|e| self.node(e)).collect();
            return if all.is_empty() { Err(self.parent.broken(&format!("{name} missing"))) } else { Ok(all) };
        }
        let mut all = vec![self.take(name)?];
        while let Some(node) = self.take_opt(name)? {
            if all.len() == max {
                return Err(node.broken(&format!("more than {max}")));
            }
            all.push(node);
        }
        Ok(all)
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), Broken> {
        match self.rest.first() {
            Some(found) if self.is_strict() => Err(self.parent.broken(&format!("{} not expected here", shown(found)))),
            _ => Ok(()),
        }
    }

    fn is_strict(&self) -> bool {
        self.parent.rigour == Rigour::AsXsd
    }

    fn node(&self, element: &'e Element) -> Node<'e> {
        let parent = &self.parent.path;
        let path = if parent.is_empty() { element.name.clone() } else { format!("{parent}/{}", element.name) };
        Node { element, path, rigour: self.parent.rigour }
    }
}

/// A name from outside, when it can be one of pagoPA's: letters alone, short. Anything else could be a codice fiscale, and goes to a log.
fn shown(element: &Element) -> &str {
    let like_theirs = element.name.len() <= 40 && element.name.bytes().all(|b| b.is_ascii_alphabetic());
    if like_theirs { &element.name } else { "another name" }
}
