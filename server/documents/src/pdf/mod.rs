//! A small typesetter: text and rules on A4 pages, tagged for screen readers. It knows nothing of payments.
//!
//! Lengths are integers, twentieths of a point (twips), down to the border with krilla in `write.rs`: pages come out the same
//! everywhere, and the workspace bans floating point.

pub(crate) mod fonts;
pub(crate) mod layout;
pub(crate) mod text;
pub(crate) mod write;

/// Points to the unit of this module.
pub(crate) const fn pt(points: i32) -> i32 {
    points * 20
}

/// A4 in twips, 595.3 × 841.9 pt: also fits the `i16` that converts to krilla's numbers without loss.
pub(crate) const PAGE_WIDTH: i32 = 11_906;
pub(crate) const PAGE_HEIGHT: i32 = 16_838;

/// An sRGB colour. Those of texts have a contrast of 4.5:1 at least on the ground they stand on (WCAG 1.4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ink(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) face: fonts::Face,
    pub(crate) size: i32,
    /// From baseline to baseline.
    pub(crate) leading: i32,
    pub(crate) ink: Ink,
}

/// A rectangle; `y` grows downwards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}
