//! The light tree: names, texts, children. Of attributes only that there were some.

/// Namespace of an element. Only those of the vocabulary are told apart: addresses from outside are not kept, they would be copied
/// into every element that inherits them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ns {
    None,
    Known(&'static str),
    Other,
}

#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) ns: Ns,
    pub(crate) name: String,
    /// All character data directly in it, references resolved.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
    /// An attribute other than xmlns and `xsi:…`: the types of pagoPA have none.
    pub(crate) has_attributes: bool,
}
