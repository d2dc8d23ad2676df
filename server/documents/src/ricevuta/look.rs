//! How the receipt looks: few sizes, one accent. Slate and green are those of Bootstrap Italia and the Comuni model
//! (`#17324d`, `#007a52`); blue `#0066cc` is reserved to central State bodies.

use crate::pdf::fonts::Face;
use crate::pdf::{Ink, Style, pt};

pub(super) const INK: Ink = Ink(0x17, 0x32, 0x4d);
pub(super) const GREEN: Ink = Ink(0x00, 0x7a, 0x52);
/// Behind the statement; the darkest grey text on it still has 5:1.
pub(super) const TINT: Ink = Ink(0xee, 0xf6, 0xf2);
const TEXT: Ink = Ink(0x1f, 0x29, 0x33);
const GREY: Ink = Ink(0x50, 0x5c, 0x68);

/// Above and below the text of a table row.
pub(super) const ROW_PAD: i32 = pt(4);

pub(super) const ENTE: Style = Style { face: Face::SemiBold, size: pt(14), leading: pt(19), ink: INK };
pub(super) const TITLE: Style = Style { face: Face::Bold, size: pt(27), leading: pt(34), ink: INK };
pub(super) const SECTION: Style = Style { face: Face::SemiBold, size: pt(13), leading: pt(18), ink: INK };
/// With [`SENTENCE`] as high as [`NOTE`] and [`AMOUNT`] beside them.
pub(super) const DONE: Style = Style { face: Face::SemiBold, size: pt(15), leading: pt(23), ink: GREEN };
pub(super) const SENTENCE: Style = Style { face: Face::Regular, size: pt(11), leading: pt(18), ink: TEXT };
pub(super) const AMOUNT: Style = Style { face: Face::Bold, size: pt(24), leading: pt(28), ink: INK };
pub(super) const BODY: Style = Style { face: Face::Regular, size: pt(10), leading: pt(14), ink: TEXT };
pub(super) const STRONG: Style = Style { face: Face::SemiBold, ..BODY };
pub(super) const CODE: Style = Style { face: Face::Mono, ..BODY };
pub(super) const CODE_SMALL: Style = Style { face: Face::Mono, size: 170, leading: pt(13), ink: GREY };
pub(super) const HEAD: Style = Style { face: Face::SemiBold, size: pt(9), leading: pt(13), ink: GREY };
pub(super) const NOTE: Style = Style { face: Face::Regular, size: pt(9), leading: pt(13), ink: GREY };
