//! `ctMetadata`: keys and values that come back in the receipt.

use crate::xml::{Broken, Sequence, Writer};

/// `mapEntry` maxOccurs, in answers. Receipts are read with as many as there are.
const ENTRIES_MAX: usize = 15;
/// `stText140`, both.
const TEXT_MAX: usize = 140;

/// An optional `metadata`, empty when it is not there.
pub(super) fn read(parent: &mut Sequence<'_>) -> Result<Vec<(String, String)>, Broken> {
    let Some(metadata) = parent.take_opt("metadata")? else { return Ok(Vec::new()) };
    let mut children = metadata.children()?;
    let mut entries = Vec::new();
    for entry in children.take_many("mapEntry", ENTRIES_MAX)? {
        let mut parts = entry.children()?;
        entries.push((parts.take("key")?.text(TEXT_MAX)?, parts.take("value")?.text(TEXT_MAX)?));
        parts.finish()?;
    }
    children.finish()?;
    Ok(entries)
}

/// Nothing at all when there are no entries: `mapEntry` minOccurs is 1.
pub(super) fn write<'a>(w: &mut Writer, entries: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let mut entries = entries.into_iter().take(ENTRIES_MAX).peekable();
    if entries.peek().is_none() {
        return;
    }
    w.element("metadata", |w| {
        for (key, value) in entries {
            w.element("mapEntry", |w| {
                w.text_max("key", key, TEXT_MAX);
                w.text_max("value", value, TEXT_MAX);
            });
        }
    });
}
