//! Bytes to steps to a tree, under limits; everything quick-xml lets pass and XML 1.0 does not is looked at here.

use super::characters::{is_blank, is_char, is_qname};
use super::element::{Element, Ns};
use super::{ATTRIBUTES_MAX, DEPTH_MAX, ELEMENTS_MAX, NotXml, TEXT_MAX, XMLNS_IN_SCOPE_MAX, XMLNS_MAX};
use quick_xml::NsReader;
use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceError, ResolveResult};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
const NOT_WELL_FORMED: NotXml = "not well-formed";

/// What a kind of message speaks of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vocabulary {
    pub(crate) namespaces: &'static [&'static str],
    /// Elements whose text may be as long as the body allows.
    pub(crate) long_texts: &'static [&'static str],
}

#[derive(Debug)]
pub(crate) enum Step {
    /// An element without text and children yet.
    Open(Element),
    Text(String),
    Close,
    End,
}

/// A document, step by step. The caller stops where it knows enough.
#[derive(Debug)]
pub(crate) struct Steps<'i> {
    reader: NsReader<&'i [u8]>,
    vocabulary: Vocabulary,
    depth: usize,
    elements: usize,
    /// Something was read: an XML declaration may no longer come.
    begun: bool,
}

impl<'i> Steps<'i> {
    /// UTF-8 only, a byte-order mark is dropped.
    pub(crate) fn new(bytes: &'i [u8], vocabulary: Vocabulary) -> Result<Self, NotXml> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().check_comments = true;
        reader.resolver_mut().set_max_namespace_bindings(XMLNS_IN_SCOPE_MAX);
        Ok(Self { reader, vocabulary, depth: 0, elements: 0, begun: false })
    }

    pub(crate) fn step(&mut self) -> Result<Step, NotXml> {
        loop {
            let (ns, event) = self.reader.read_resolved_event().map_err(|e| reason(&e))?;
            let first = !std::mem::replace(&mut self.begun, true);
            match event {
                Event::Start(tag) => {
                    let ns = known(&ns, self.vocabulary)?;
                    return self.open(ns, &tag).map(Step::Open);
                }
                Event::End(_) => {
                    self.depth = self.depth.checked_sub(1).ok_or(NOT_WELL_FORMED)?;
                    return Ok(Step::Close);
                }
                Event::Text(text) => {
                    if text.contains("]]>") || !text.chars().all(is_char) {
                        return Err(NOT_WELL_FORMED);
                    }
                    if self.depth > 0 {
                        return Ok(Step::Text(text.xml10_content().into_owned()));
                    }
                    if !is_blank(&text) {
                        return Err("text outside the root element");
                    }
                }
                Event::CData(text) if self.depth > 0 && text.chars().all(is_char) => {
                    return Ok(Step::Text(text.xml10_content().into_owned()));
                }
                Event::GeneralRef(reference) if self.depth > 0 => return resolve(&reference).map(|c| Step::Text(c.to_string())),
                Event::CData(_) | Event::GeneralRef(_) => return Err(NOT_WELL_FORMED),
                Event::Comment(text) => {
                    if !text.chars().all(is_char) {
                        return Err(NOT_WELL_FORMED);
                    }
                }
                Event::Decl(declaration) if first => check_declaration(&declaration)?,
                Event::Decl(_) => return Err("an XML declaration that is not at the beginning"),
                Event::DocType(_) => return Err("a DOCTYPE"),
                Event::PI(_) => return Err("a processing instruction"),
                Event::Eof if self.depth == 0 && self.elements > 0 => return Ok(Step::End),
                Event::Eof => return Err("ends too early"),
                Event::Empty(_) => return Err(NOT_WELL_FORMED),
            }
        }
    }

    fn open(&mut self, ns: Ns, tag: &BytesStart<'_>) -> Result<Element, NotXml> {
        if self.depth == 0 && self.elements > 0 {
            return Err("two root elements");
        }
        self.depth += 1;
        self.elements += 1;
        if self.depth > DEPTH_MAX {
            return Err("elements nested too deeply");
        }
        if self.elements > ELEMENTS_MAX {
            return Err("too many elements");
        }
        if !is_qname(tag.name().into_inner()) {
            return Err(NOT_WELL_FORMED);
        }
        let has_attributes = self.attributes(tag)?;
        let name = tag.local_name().into_inner().to_owned();
        Ok(Element { ns, name, text: String::new(), children: Vec::new(), has_attributes })
    }

    /// Reads every attribute, and says whether one is neither xmlns nor `xsi:…`.
    fn attributes(&self, tag: &BytesStart<'_>) -> Result<bool, NotXml> {
        let (mut xmlns, mut others, mut foreign) = (0, 0, false);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|_| NOT_WELL_FORMED)?;
            if !is_qname(attribute.key.into_inner()) || attribute.value.contains('<') || !attribute.value.chars().all(is_char) {
                return Err(NOT_WELL_FORMED);
            }
            let value =
                attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| "an entity that is not defined")?;
            if !value.chars().all(is_char) {
                return Err(NOT_WELL_FORMED);
            }
            if attribute.key.as_namespace_binding().is_some() {
                xmlns += 1;
            } else {
                others += 1;
                foreign |= match self.reader.resolver().resolve_attribute(attribute.key).0 {
                    ResolveResult::Bound(ns) => ns.into_inner() != XSI,
                    ResolveResult::Unbound => true,
                    ResolveResult::Unknown(_) => return Err("a prefix without namespace"),
                };
            }
            if xmlns > XMLNS_MAX || others > ATTRIBUTES_MAX {
                return Err("too many attributes");
            }
        }
        Ok(foreign)
    }
}

/// The whole document as a tree.
pub(crate) fn read(bytes: &[u8], vocabulary: Vocabulary) -> Result<Element, NotXml> {
    let mut steps = Steps::new(bytes, vocabulary)?;
    // open elements, the innermost last
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match steps.step()? {
            Step::Open(element) => open.push(element),
            Step::Text(text) => {
                let element = open.last_mut().ok_or(NOT_WELL_FORMED)?;
                let long = vocabulary.long_texts.contains(&element.name.as_str());
                if !long && element.text.len() + text.len() > TEXT_MAX {
                    return Err("a text that is too long");
                }
                element.text.push_str(&text);
            }
            Step::Close => {
                let element = open.pop().ok_or(NOT_WELL_FORMED)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => root = Some(element),
                }
            }
            Step::End => return root.ok_or(NOT_WELL_FORMED),
        }
    }
}

fn known(ns: &ResolveResult<'_>, vocabulary: Vocabulary) -> Result<Ns, NotXml> {
    match ns {
        ResolveResult::Unbound => Ok(Ns::None),
        ResolveResult::Bound(ns) => {
            Ok(vocabulary.namespaces.iter().find(|known| **known == ns.into_inner()).map_or(Ns::Other, |known| Ns::Known(known)))
        }
        ResolveResult::Unknown(_) => Err("a prefix without namespace"),
    }
}

/// The five predefined entities and character references; there is no DOCTYPE that could define others.
fn resolve(reference: &BytesRef<'_>) -> Result<char, NotXml> {
    if let Some(c) = reference.resolve_char_ref().map_err(|_| NOT_WELL_FORMED)? {
        return if is_char(c) { Ok(c) } else { Err(NOT_WELL_FORMED) };
    }
    match &**reference {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err("an entity that is not defined"),
    }
}

fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), NotXml> {
    if declaration.version().map_err(|_| NOT_WELL_FORMED)? != "1.0" {
        return Err("a version of XML other than 1.0");
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(encoding)) if encoding.eq_ignore_ascii_case("UTF-8") => Ok(()),
        Some(Ok(_)) => Err("an encoding other than UTF-8"),
        Some(Err(_)) => Err(NOT_WELL_FORMED),
    }
}

fn reason(error: &Error) -> NotXml {
    match error {
        Error::Namespace(NamespaceError::TooManyBindings(_)) => "too many attributes",
        Error::Namespace(NamespaceError::TooDeeplyNested(_)) => "elements nested too deeply",
        // a DOCTYPE that does not end, as in a bomb that was cut
        Error::Syntax(SyntaxError::UnclosedDoctype) => "a DOCTYPE",
        Error::Syntax(SyntaxError::UnclosedPI) => "a processing instruction",
        Error::Syntax(_) => "ends too early",
        _ => NOT_WELL_FORMED,
    }
}
