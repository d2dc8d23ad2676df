//! Where things stand: a cursor that goes down the page, rows that stay whole, a new page when one does not fit.
//!
//! Each mark on paper belongs to a node of the tag tree, or is decoration: PDF/UA-1 §7.1 leaves nothing in between.

use super::fonts::{Face, Fonts};
use super::{Area, Ink, PAGE_HEIGHT, PAGE_WIDTH, Style, pt, text};
use crate::DocumentError;
use crate::modules::Modules;
use krilla::image::Image;
use krilla::tagging::{Tag, TagKind};

pub(crate) const MARGIN: i32 = pt(56);
/// Width between the margins.
pub(crate) const MEASURE: i32 = PAGE_WIDTH - 2 * MARGIN;
const TOP: i32 = pt(46);
/// Below it only the page number.
const BOTTOM: i32 = PAGE_HEIGHT - pt(56);
/// A receipt takes one page, two with long texts. Ten is beyond any.
const PAGES_MAX: usize = 10;

const SMALL: Style = Style { face: Face::Regular, size: 170, leading: 240, ink: Ink(0x5a, 0x67, 0x72) };
const HAIRLINE: Ink = Ink(0xd6, 0xdc, 0xe3);

/// Something drawn.
#[derive(Debug)]
pub(crate) enum Mark {
    /// `y` is the baseline.
    Text {
        x: i32,
        y: i32,
        style: Style,
        text: String,
    },
    Rect {
        area: Area,
        ink: Ink,
    },
    Disc {
        x: i32,
        y: i32,
        radius: i32,
        ink: Ink,
    },
    /// A code, black on what is there: `x` and `y` are its upper left corner, `module` the side of a module.
    Code {
        x: i32,
        y: i32,
        module: i32,
        modules: Modules,
    },
    Image {
        area: Area,
        image: Image,
    },
    /// A disc with a check mark in it.
    Check {
        x: i32,
        y: i32,
        radius: i32,
        ink: Ink,
        on: Ink,
    },
}

#[derive(Debug)]
pub(crate) enum Owner {
    /// A leaf of the tag tree: real content.
    Content,
    Decoration,
    RunningHead,
    PageNumber,
}

/// Marks that belong together.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) owner: Owner,
    pub(crate) marks: Vec<Mark>,
    /// Where a click leads, and the areas of it.
    pub(crate) link: Option<(String, Vec<Area>)>,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) tag: TagKind,
    pub(crate) children: Vec<Child>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Child {
    Node(usize),
    Piece { page: usize, piece: usize },
}

/// A heading, for the outline.
#[derive(Debug)]
pub(crate) struct Bookmark {
    pub(crate) title: String,
    pub(crate) page: usize,
    pub(crate) y: i32,
}

/// A column of a row: paragraphs in their styles, one under the other.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) tag: TagKind,
    pub(crate) x: i32,
    pub(crate) width: i32,
    pub(crate) is_right: bool,
    pub(crate) paragraphs: Vec<(Style, String)>,
}

/// Cells broken into lines.
pub(crate) struct Row {
    cells: Vec<(Vec<(Style, text::Line)>, Cell)>,
    pub(crate) height: i32,
}

impl Row {
    /// True when a cell has nothing to show.
    pub(crate) fn has_empty_cell(&self) -> bool {
        self.cells.iter().any(|(lines, _)| lines.is_empty())
    }
}

pub(crate) struct Layout {
    pub(crate) fonts: &'static Fonts,
    pub(crate) pages: Vec<Vec<Piece>>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) roots: Vec<usize>,
    pub(crate) bookmarks: Vec<Bookmark>,
    open: Vec<usize>,
    running_head: String,
    y: i32,
}

impl Layout {
    /// `running_head` stands on every page after the first.
    ///
    /// # Errors
    /// [`DocumentError::Font`].
    pub(crate) fn new(running_head: &str) -> Result<Self, DocumentError> {
        let fonts = Fonts::load()?;
        let running_head = text::drawable(fonts, SMALL.face, running_head);
        let (pages, nodes, roots, bookmarks, open) = (vec![Vec::new()], Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Ok(Self { fonts, pages, nodes, roots, bookmarks, open, running_head, y: TOP })
    }

    pub(crate) fn y(&self) -> i32 {
        self.y
    }

    pub(crate) fn page(&self) -> usize {
        self.pages.len() - 1
    }

    pub(crate) fn skip(&mut self, height: i32) {
        self.y += height;
    }

    /// A new page unless `height` fits on this one.
    pub(crate) fn ensure(&mut self, height: i32) {
        if self.y + height > BOTTOM && self.pages.len() < PAGES_MAX {
            self.pages.push(Vec::new());
            self.y = TOP;
            // one line is enough to know which paper this page belongs to
            let line = text::wrap(self.fonts, SMALL.face, SMALL.size, &self.running_head, MEASURE).into_iter().next();
            let mut marks = vec![rule(self.y + pt(18), HAIRLINE, 10)];
            if let Some(line) = line {
                marks.push(Mark::Text { x: MARGIN, y: self.y + pt(12), style: SMALL, text: line.text });
            }
            self.push(Owner::RunningHead, marks, None);
            self.y += pt(34);
        }
    }

    /// A new page with nothing on it, for papers whose every place is prescribed.
    pub(crate) fn next_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Begins a node; what follows is inside it until [`Layout::close`].
    pub(crate) fn open(&mut self, tag: TagKind) {
        let node = self.nodes.len();
        self.nodes.push(Node { tag, children: Vec::new() });
        match self.open.last() {
            Some(&parent) => self.nodes[parent].children.push(Child::Node(node)),
            None => self.roots.push(node),
        }
        self.open.push(node);
    }

    pub(crate) fn close(&mut self) {
        self.open.pop();
    }

    /// Content of the node that is open.
    pub(crate) fn content(&mut self, marks: Vec<Mark>, link: Option<(String, Vec<Area>)>) {
        let child = Child::Piece { page: self.page(), piece: self.pages[self.page()].len() };
        self.push(Owner::Content, marks, link);
        if let Some(&node) = self.open.last() {
            self.nodes[node].children.push(child);
        }
    }

    pub(crate) fn decoration(&mut self, marks: Vec<Mark>) {
        self.push(Owner::Decoration, marks, None);
    }

    /// A hairline across the page, where the cursor is.
    pub(crate) fn hairline(&mut self) {
        self.decoration(vec![rule(self.y, HAIRLINE, 10)]);
    }

    /// What repeats from page to page, and is read once.
    pub(crate) fn repeated(&mut self, marks: Vec<Mark>) {
        self.push(Owner::RunningHead, marks, None);
    }

    fn push(&mut self, owner: Owner, marks: Vec<Mark>, link: Option<(String, Vec<Area>)>) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Piece { owner, marks, link });
        }
    }

    /// Breaks the paragraphs of the cells into lines.
    pub(crate) fn compose(&self, cells: Vec<Cell>) -> Row {
        let cells: Vec<_> = cells.into_iter().map(|cell| (self.lines(&cell), cell)).collect();
        let height = cells.iter().map(|(lines, _)| lines.iter().map(|(style, _)| style.leading).sum()).max().unwrap_or(0);
        Row { cells, height }
    }

    fn lines(&self, cell: &Cell) -> Vec<(Style, text::Line)> {
        let mut all: Vec<(Style, text::Line)> = Vec::new();
        for (style, paragraph) in &cell.paragraphs {
            let drawable = text::drawable(self.fonts, style.face, paragraph);
            let lines = text::wrap(self.fonts, style.face, style.size, &drawable, cell.width);
            if let Some((_, last)) = all.last_mut().filter(|_| !lines.is_empty()) {
                // else a screen reader joins the last word of one with the first of the other
                last.text.push(' ');
            }
            all.extend(lines.into_iter().map(|line| (*style, line)));
        }
        all
    }

    /// Cells side by side with `pad` above and below, from the cursor down, never split between pages.
    pub(crate) fn row(&mut self, row: Row, pad: i32) {
        self.ensure(row.height + 2 * pad);
        self.y += pad;
        for (lines, cell) in row.cells {
            let mut y = self.y;
            let mut marks = Vec::with_capacity(lines.len());
            for (style, line) in lines {
                let x = if cell.is_right { cell.x + cell.width - line.width } else { cell.x };
                marks.push(Mark::Text { x, y: y + self.baseline(style), style, text: line.text });
                y += style.leading;
            }
            self.open(cell.tag);
            self.content(marks, None);
            self.close();
        }
        self.y += row.height + pad;
    }

    /// A paragraph as wide as the page.
    pub(crate) fn paragraph(&mut self, tag: TagKind, style: Style, paragraph: &str) {
        let paragraphs = vec![(style, paragraph.to_owned())];
        let row = self.compose(vec![Cell { tag, x: MARGIN, width: MEASURE, is_right: false, paragraphs }]);
        self.row(row, 0);
    }

    /// A heading, noted for the outline.
    pub(crate) fn heading(&mut self, tag: TagKind, style: Style, title: &str) {
        self.bookmark(title, self.y);
        self.paragraph(tag, style, title);
    }

    /// Notes a place of the current page for the outline.
    pub(crate) fn bookmark(&mut self, title: &str, y: i32) {
        self.bookmarks.push(Bookmark { title: title.to_owned(), page: self.page(), y });
    }

    /// An address that opens when clicked, in lines of at most `width`.
    pub(crate) fn link(&mut self, (address, style): (&str, Style), width: i32) {
        let paragraphs = vec![(style, address.to_owned())];
        let cell = Cell { tag: Tag::P.into(), x: MARGIN, width, is_right: false, paragraphs };
        let lines = self.lines(&cell);
        if lines.is_empty() {
            return;
        }
        self.ensure(lines.iter().map(|(style, _)| style.leading).sum());
        self.open(cell.tag);
        let (mut marks, mut areas) = (Vec::new(), Vec::new());
        for (style, line) in lines {
            marks.push(Mark::Text { x: cell.x, y: self.y + self.baseline(style), style, text: line.text });
            areas.push(Area { x: cell.x, y: self.y, width: line.width, height: style.leading });
            self.y += style.leading;
        }
        if is_web_address(address) {
            self.open(Tag::Link.into());
            self.content(marks, Some((address.to_owned(), areas)));
            self.close();
        } else {
            self.content(marks, None);
        }
        self.close();
    }

    /// Where the baseline stands in a line of this style.
    pub(crate) fn baseline(&self, style: Style) -> i32 {
        let shaper = &self.fonts.of(style.face).shaper;
        let above = i32::from(shaper.ascender()) + i32::from(shaper.descender());
        (style.leading + above * style.size / shaper.units_per_em().max(1)) / 2
    }

    /// Numbers the pages: to be called once, at the end.
    pub(crate) fn number_pages(&mut self) {
        self.number_pages_at(MARGIN + MEASURE, PAGE_HEIGHT - pt(36));
    }

    /// As [`Layout::number_pages`], with the place where the numbers end.
    pub(crate) fn number_pages_at(&mut self, right: i32, y: i32) {
        let of = self.pages.len();
        for (i, page) in self.pages.iter_mut().enumerate() {
            let number = format!("Pagina {} di {of}", i + 1);
            let x = right - text::width(self.fonts, SMALL.face, SMALL.size, &number);
            let marks = vec![Mark::Text { x, y, style: SMALL, text: number }];
            page.push(Piece { owner: Owner::PageNumber, marks, link: None });
        }
    }
}

/// A line across the page.
pub(crate) fn rule(y: i32, ink: Ink, thickness: i32) -> Mark {
    Mark::Rect { area: Area { x: MARGIN, y, width: MEASURE, height: thickness }, ink }
}

/// Only what a browser opens becomes a link: no other scheme, nothing but visible ASCII (ISO 32000-1 §12.6.4.7 wants 7 bits).
pub(crate) fn is_web_address(address: &str) -> bool {
    let web = address.starts_with("https://") || address.starts_with("http://");
    web && address.len() <= text::TEXT_MAX && address.bytes().all(|b| b.is_ascii_graphic())
}
