//! Pages to bytes, through krilla: PDF/A-2a (ISO 19005-2, for keeping) and PDF/UA-1 (ISO 14289-1, for everybody) together.
//!
//! The only file where lengths stop being integers.

use super::layout::{Child, Layout, Mark, Owner, Piece};
use super::{Area, Ink};
use crate::DocumentError;
use crate::modules::Modules;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{Path, PathBuilder, Point, Quadrilateral, Rect, Size, Transform};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TagGroup, TagTree};
use krilla::text::TextDirection;
use krilla::{Document, SerializeSettings};

/// The rule of Europe/Rome since 1996 (Directive 2000/84/EC): dates of documents need an offset, and no time-zone database is
/// carried for it.
const ROMA: &str = "CET-1CEST,M3.5.0,M10.5.0/3";

/// What the file says about itself.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) date: DateTime,
}

/// # Errors
/// [`DocumentError::Pdf`] when krilla finds that the standards are not met.
pub(crate) fn write(layout: &Layout, about: About) -> Result<Vec<u8>, DocumentError> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| DocumentError::Pdf("PDF/A-2a and PDF/UA-1 do not go together".to_owned()))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });

    let mut identifiers = Vec::with_capacity(layout.pages.len());
    for pieces in &layout.pages {
        // A4: PAGE_WIDTH and PAGE_HEIGHT in points
        let settings = PageSettings::from_wh(595.3, 841.9).ok_or_else(|| DocumentError::Pdf("no page".to_owned()))?;
        identifiers.push(write_page(&mut document.start_page_with(settings), layout, pieces));
    }

    let mut tree = TagTree::new();
    for &root in &layout.roots {
        tree.push(group(layout, &identifiers, root));
    }
    document.set_tag_tree(tree);

    let mut outline = Outline::new();
    for bookmark in &layout.bookmarks {
        let at = Area { x: 0, y: bookmark.y, width: 1, height: 1 };
        let point = rect(at).map_or_else(|| Point::from_xy(0.0, 0.0), |r| Point::from_xy(r.left(), r.top()));
        outline.push_child(OutlineNode::new(bookmark.title.clone(), XyzDestination::new(bookmark.page, point)));
    }
    document.set_outline(outline);

    document.set_metadata(
        Metadata::new()
            .title(about.title)
            .authors(vec![about.author])
            .language("it-IT".to_owned())
            .creator("Sportello".to_owned())
            .creation_date(pdf_date(about.date)),
    );
    document.finish().map_err(refused)
}

/// `Display` gives the number of faults; `Debug` would quote names and codici fiscali into the log.
fn refused(error: KrillaError) -> DocumentError {
    DocumentError::Pdf(error.to_string())
}

/// Draws the pieces; for each, the leaves it gives to the tag tree.
fn write_page(page: &mut Page<'_>, layout: &Layout, pieces: &[Piece]) -> Vec<Vec<Identifier>> {
    let mut leaves: Vec<Vec<Identifier>> = Vec::with_capacity(pieces.len());
    let mut surface = page.surface();
    surface.push_transform(&to_points());
    for piece in pieces {
        let artifact = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
        let identifier = surface.start_tagged(match piece.owner {
            Owner::Content if piece.marks.iter().all(|m| matches!(m, Mark::Text { .. })) => ContentTag::Span(SpanTag::empty()),
            Owner::Content => ContentTag::Other,
            Owner::Decoration => artifact(ArtifactType::Layout),
            Owner::RunningHead => artifact(ArtifactType::Header),
            Owner::PageNumber => artifact(ArtifactType::PageNumber),
        });
        for mark in &piece.marks {
            draw(&mut surface, layout, mark);
        }
        surface.end_tagged();
        leaves.push(if matches!(piece.owner, Owner::Content) { vec![identifier] } else { Vec::new() });
    }
    surface.pop();
    surface.finish();

    for (piece, leaves) in pieces.iter().zip(&mut leaves) {
        if let Some((address, areas)) = &piece.link {
            let quads: Vec<Quadrilateral> = areas.iter().filter_map(|&area| rect(area)).map(quad).collect();
            if !quads.is_empty() {
                let target = Target::Action(Action::Link(LinkAction::new(address.clone())));
                let link = LinkAnnotation::new_with_quad_points(quads, target);
                leaves.push(page.add_tagged_annotation(Annotation::new_link(link, Some(format!("Apri {address}")))));
            }
        }
    }
    leaves
}

fn group(layout: &Layout, identifiers: &[Vec<Vec<Identifier>>], node: usize) -> TagGroup {
    let node = &layout.nodes[node];
    let mut group = TagGroup::new(node.tag.clone());
    for child in &node.children {
        match *child {
            Child::Node(child) => group.push(self::group(layout, identifiers, child)),
            Child::Piece { page, piece } => identifiers[page][piece].iter().for_each(|&leaf| group.push(leaf)),
        }
    }
    group
}

fn draw(surface: &mut Surface<'_>, layout: &Layout, mark: &Mark) {
    match mark {
        Mark::Text { x, y, style, text } => {
            surface.set_fill(Some(fill(style.ink)));
            surface.set_stroke(None);
            let font = layout.fonts.of(style.face).font.clone();
            surface.draw_text(point(*x, *y), font, small(style.size).into(), text, false, TextDirection::LeftToRight);
        }
        Mark::Rect { area, ink } => {
            surface.set_fill(Some(fill(*ink)));
            surface.set_stroke(None);
            let Area { x, y, width, height } = *area;
            let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
            if let Some(path) = polygon(&corners, true) {
                surface.draw_path(&path);
            }
        }
        Mark::Disc { x, y, radius, ink } => {
            surface.set_fill(Some(fill(*ink)));
            surface.set_stroke(None);
            if let Some(path) = disc(*x, *y, *radius) {
                surface.draw_path(&path);
            }
        }
        Mark::Code { x, y, module, modules } => {
            surface.set_fill(Some(fill(Ink(0, 0, 0))));
            surface.set_stroke(None);
            // in modules, not in twips: a path of small numbers is a third of the bytes
            surface.push_transform(&Transform::from_translate(small(*x).into(), small(*y).into()));
            surface.push_transform(&Transform::from_scale(small(*module).into(), small(*module).into()));
            if let Some(path) = dark(modules) {
                surface.draw_path(&path);
            }
            surface.pop();
            surface.pop();
        }
        Mark::Image { area, image } => {
            if let Some(place) = rect(*area) {
                // krilla draws an image from its own origin, and in the unit that holds
                surface.push_transform(&Transform::from_translate(small(area.x).into(), small(area.y).into()));
                surface.push_transform(&Transform::from_scale(20.0, 20.0));
                if let Some(size) = Size::from_wh(place.width(), place.height()) {
                    surface.draw_image(image.clone(), size);
                }
                surface.pop();
                surface.pop();
            }
        }
        Mark::Check { x, y, radius, ink, on } => {
            draw(surface, layout, &Mark::Disc { x: *x, y: *y, radius: *radius, ink: *ink });
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint: colour(*on).into(), width: small(radius / 6).into(), ..Stroke::default() }));
            let tick = [
                (x - radius * 9 / 20, y + radius / 20),
                (x - radius / 8, y + radius * 3 / 8),
                (x + radius / 2, y - radius * 7 / 20),
            ];
            if let Some(path) = polygon(&tick, false) {
                surface.draw_path(&path);
            }
        }
    }
}

fn polygon(corners: &[(i32, i32)], is_closed: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (i, &(x, y)) in corners.iter().enumerate() {
        match i {
            0 => path.move_to(small(x).into(), small(y).into()),
            _ => path.line_to(small(x).into(), small(y).into()),
        }
    }
    if is_closed {
        path.close();
    }
    path.finish()
}

/// All that is dark of a code as one path: no hairlines between modules.
fn dark(modules: &Modules) -> Option<Path> {
    let mut path = PathBuilder::new();
    let at = |n: usize| i16::try_from(n).unwrap_or(i16::MAX).into();
    for outline in modules.outlines() {
        for (i, (x, y)) in outline.into_iter().enumerate() {
            match i {
                0 => path.move_to(at(x), at(y)),
                _ => path.line_to(at(x), at(y)),
            }
        }
        path.close();
    }
    path.finish()
}

/// Four Bézier quarters; 0.5523 of the radius is where their handles stand.
fn disc(x: i32, y: i32, r: i32) -> Option<Path> {
    let h = r * 5_523 / 10_000;
    let mut path = PathBuilder::new();
    path.move_to(small(x + r).into(), small(y).into());
    for (a, b, end) in [
        ((x + r, y + h), (x + h, y + r), (x, y + r)),
        ((x - h, y + r), (x - r, y + h), (x - r, y)),
        ((x - r, y - h), (x - h, y - r), (x, y - r)),
        ((x + h, y - r), (x + r, y - h), (x + r, y)),
    ] {
        let [ax, ay, bx, by, ex, ey] = [a.0, a.1, b.0, b.1, end.0, end.1].map(small);
        path.cubic_to(ax.into(), ay.into(), bx.into(), by.into(), ex.into(), ey.into());
    }
    path.close();
    path.finish()
}

/// Every length on a page fits; beyond it nothing would be seen anyway.
fn small(length: i32) -> i16 {
    i16::try_from(length).unwrap_or(i16::MAX)
}

fn point(x: i32, y: i32) -> Point {
    Point::from_xy(small(x).into(), small(y).into())
}

fn to_points() -> Transform {
    Transform::from_scale(0.05, 0.05)
}

/// An area in points, for what krilla does not draw: links, bounding boxes.
pub(crate) fn rect(area: Area) -> Option<Rect> {
    let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(small);
    Rect::from_xywh(x.into(), y.into(), width.into(), height.into())?.transform(to_points())
}

fn quad(rect: Rect) -> Quadrilateral {
    Quadrilateral::from(rect)
}

fn colour(ink: Ink) -> rgb::Color {
    rgb::Color::new(ink.0, ink.1, ink.2)
}

fn fill(ink: Ink) -> Fill {
    Fill { paint: colour(ink).into(), ..Fill::default() }
}

fn pdf_date(date: DateTime) -> krilla::metadata::DateTime {
    let part = |n: i8| u8::try_from(n).unwrap_or(0);
    let hours = TimeZone::posix(ROMA)
        .and_then(|roma| roma.to_timestamp(date).map(|at| roma.to_offset(at).seconds() / 3_600))
        .ok()
        .and_then(|hours| i8::try_from(hours).ok())
        .unwrap_or(1);
    krilla::metadata::DateTime::new(u16::try_from(date.year()).unwrap_or(0))
        .month(part(date.month()))
        .day(part(date.day()))
        .hour(part(date.hour()))
        .minute(part(date.minute()))
        .second(part(date.second()))
        .utc_offset_hour(hours)
}
