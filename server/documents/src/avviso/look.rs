//! How the notice looks: the sizes and greys of pagoPA's papers, read from them. Their semi-bold is bold here: a fourth font would
//! be 3 KB of each paper.

use crate::pdf::fonts::Face;
use crate::pdf::{Ink, Style};

/// Tenths of a millimetre to twips: so `mm(1_030)` is 103.0 mm, as the layout is measured.
pub(super) const fn mm(tenths: i32) -> i32 {
    tenths * 1_440 / 254
}

/// Nothing is printed nearer to the edges, but for what may be cut off.
pub(super) const LEFT: i32 = mm(100);
pub(super) const RIGHT: i32 = mm(2_000);
/// The second of two columns begins here, the first ends at [`HALF`].
pub(super) const COLUMN: i32 = mm(1_140);
pub(super) const HALF: i32 = mm(1_000);
/// Below it only the page number.
pub(super) const BOTTOM: i32 = mm(2_875);

pub(super) const BLACK: Ink = Ink(0, 0, 0);
pub(super) const WHITE: Ink = Ink(0xff, 0xff, 0xff);
pub(super) const BAND: Ink = Ink(0xec, 0xec, 0xec);
pub(super) const BLUE: Ink = Ink(0x00, 0x66, 0xcc);
/// pagoPA's `#7c7c7b` has 4.2:1 on white, and less on the band: this one has 5.0:1 there (WCAG 1.4.3 asks 4.5:1).
const GREY: Ink = Ink(0x63, 0x63, 0x62);

const fn half_points(size: i32) -> i32 {
    size * 10
}

const fn style(face: Face, size: i32, leading: i32) -> Style {
    Style { face, size: half_points(size), leading, ink: BLACK }
}

/// No text is shrunk below it: smaller is not read.
pub(super) const SIZE_MIN: i32 = half_points(12);

pub(super) const OGGETTO: Style = style(Face::Bold, 32, mm(67));
pub(super) const TITOLO: Style = style(Face::Bold, 20, mm(42));
pub(super) const NOME: Style = style(Face::Bold, 28, mm(61));
pub(super) const INDIRIZZO: Style = style(Face::Regular, 24, mm(59));
pub(super) const TESTO: Style = style(Face::Regular, 16, mm(38));
pub(super) const FORTE: Style = style(Face::Bold, 16, mm(38));
pub(super) const ETICHETTA: Style = style(Face::Bold, 16, mm(35));
pub(super) const IMPORTO: Style = style(Face::Bold, 32, mm(66));
pub(super) const A_FIANCO: Style = style(Face::Regular, 20, mm(42));
pub(super) const CANALE: Style = style(Face::Bold, 20, mm(52));
pub(super) const CIFRE: Style = style(Face::Mono, 24, mm(56));
pub(super) const CODICE: Style = style(Face::Mono, 20, mm(47));
pub(super) const CODICE_PICCOLO: Style = style(Face::Mono, 16, mm(37));
pub(super) const PICCOLO: Style = style(Face::Regular, 14, mm(33));
pub(super) const PAGOPA: Style = Style { ink: BLUE, ..style(Face::Bold, 28, mm(58)) };
pub(super) const PROVA: Style = Style { ink: WHITE, ..style(Face::Bold, 22, mm(46)) };
/// The second language, wherever it stands.
pub(super) const SECONDA: Style = Style { ink: GREY, ..style(Face::Regular, 14, mm(31)) };
