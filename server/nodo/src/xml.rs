//! XML as this package needs it: a strict reader into a light tree, a walker that judges sequences as an XSD does, a writer.
//!
//! Nothing here expands an entity, opens a file or fetches an address: a DOCTYPE is refused before anything behind it is read.

mod characters;
mod element;
mod reader;
mod sequence;
mod writer;

pub(crate) use element::{Element, Ns};
pub(crate) use reader::{Step, Steps, Vocabulary, read};
pub(crate) use sequence::{Broken, Node, Rigour, Sequence};
pub(crate) use writer::Writer;

/// Why bytes are not XML we read. Always the same few words, never a piece of the message.
pub(crate) type NotXml = &'static str;

/// Elements inside each other: the deepest message of pagoPA has 9, envelope included.
const DEPTH_MAX: usize = 32;
/// A receipt with five transfers and fifteen metadata everywhere has about 370.
const ELEMENTS_MAX: usize = 4096;
/// Attributes on one tag, xmlns apart: pagoPA's elements have none but `xsi:nil`.
const ATTRIBUTES_MAX: usize = 32;
/// xmlns on one tag: client libraries declare four to eight on the envelope.
const XMLNS_MAX: usize = 16;
/// xmlns in scope at once, as quick-xml counts them before we see the tag (RUSTSEC-2026-0195).
const XMLNS_IN_SCOPE_MAX: usize = 128;
/// Bytes of one text: the longest of the XSD has 256 characters, stamps apart (`Vocabulary::long_texts`).
const TEXT_MAX: usize = 256 * 1024;
