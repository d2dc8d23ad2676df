//! The sheet: texts and codes at the places prescribed for them, shrunk and at last cut when they are too long for it.

use super::look::*;
use super::testi::Lingua;
use crate::DocumentError;
use crate::modules::Modules;
use crate::pdf::fonts::Face;
use crate::pdf::layout::{Layout, Mark};
use crate::pdf::text::{self, Line};
use crate::pdf::write::rect;
use crate::pdf::{Area, PAGE_WIDTH, Style};
use krilla::tagging::{BBox, Tag, TagKind};
use std::num::NonZeroU16;

/// The place of a text: where its first line begins (its last, when it is `Align::Right`, ends), and what there is for it.
#[derive(Clone, Copy)]
pub(super) struct Posto {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) lines: usize,
    pub(super) is_right: bool,
}

impl Posto {
    /// One line from `x` to `right`.
    pub(super) fn line(x: i32, y: i32, right: i32) -> Self {
        Self { x, y, width: right - x, lines: 1, is_right: false }
    }

    /// One line that ends at `right` and begins at `x` at the earliest.
    pub(super) fn line_to(x: i32, y: i32, right: i32) -> Self {
        Self { is_right: true, ..Self::line(x, y, right) }
    }

    pub(super) fn lines(self, lines: usize) -> Self {
        Self { lines, ..self }
    }
}

pub(super) struct Foglio {
    pub(super) page: Layout,
    pub(super) lingua: Option<Lingua>,
    /// What is drawn now was read on an earlier page.
    pub(super) is_repeated: bool,
}

impl Foglio {
    pub(super) fn new(lingua: Option<Lingua>) -> Result<Self, DocumentError> {
        Ok(Self { page: Layout::new("")?, lingua, is_repeated: false })
    }

    /// Lines of the text for a place, in the largest size that fits; what does not fit in the smallest ends with `…`.
    fn fit(&self, style: Style, text: &str, posto: Posto) -> (Style, Vec<Line>) {
        let fonts = self.page.fonts;
        let drawable = text::drawable(fonts, style.face, text);
        let mut style = style;
        loop {
            let mut lines = text::wrap(fonts, style.face, style.size, &drawable, posto.width);
            if lines.len() <= posto.lines {
                return (style, lines);
            }
            if style.size > SIZE_MIN {
                // sizes in which one row of all its words is longer than the lines together need not be tried
                let whole = i64::from(text::width(fonts, style.face, style.size, &drawable).max(1));
                let room = i64::from(posto.width) * i64::try_from(posto.lines).unwrap_or(i64::MAX);
                let most = i64::from(style.size) * room / whole / 10 * 10 + 10;
                style.size = i32::try_from(most).unwrap_or(i32::MAX).min(style.size - 10).max(SIZE_MIN);
                continue;
            }
            lines.truncate(posto.lines);
            if let Some(last) = lines.last_mut() {
                last.text = self.cut(style, last.text.trim_end(), posto.width);
                last.width = text::width(fonts, style.face, style.size, &last.text);
            }
            return (style, lines);
        }
    }

    fn cut(&self, style: Style, line: &str, width: i32) -> String {
        let ends = line.char_indices().map(|(at, _)| at).rev();
        let mut shorter = std::iter::once(line.len()).chain(ends).map(|at| format!("{}…", line[..at].trim_end()));
        let fits = |cut: &String| text::width(self.page.fonts, style.face, style.size, cut) <= width;
        shorter.find(fits).unwrap_or_default()
    }

    /// Draws a text in the node that is open; gives where the line after it would begin, and how wide its widest line is.
    pub(super) fn put(&mut self, style: Style, text: &str, posto: Posto) -> (i32, i32) {
        let (fitted, lines) = self.fit(style, text, posto);
        let (mut y, mut width) = (posto.y, 0);
        let mut marks = Vec::with_capacity(lines.len());
        for mut line in lines {
            let x = if posto.is_right { posto.x + posto.width - line.width } else { posto.x };
            if !line.text.ends_with(' ') {
                // else a screen reader joins its last word with the first of what follows
                line.text.push(' ');
            }
            width = width.max(line.width);
            // the baseline of the size it should have: a shrunk text stands on the line of its neighbours
            marks.push(Mark::Text { x, y: y + above(style), style: fitted, text: line.text });
            y += style.leading;
        }
        if !marks.is_empty() {
            self.marks(marks);
        }
        (y, width)
    }

    /// A text that is a node of its own.
    pub(super) fn text(&mut self, tag: impl Into<TagKind>, style: Style, text: &str, posto: Posto) -> i32 {
        self.open(tag);
        let (y, _) = self.put(style, text, posto);
        self.close();
        y
    }

    /// A label with the second language behind it on its line; gives where the second of them ends.
    pub(super) fn label(&mut self, style: Style, (it, seconda): (&str, Option<&str>), posto: Posto) -> i32 {
        if posto.is_right {
            let right = posto.x + posto.width;
            let own = match seconda {
                Some(seconda) => text::width(self.page.fonts, SECONDA.face, SECONDA.size, seconda) + mm(12),
                None => 0,
            };
            self.put(style, it, Posto { width: posto.width - own, ..posto });
            if let Some(seconda) = seconda {
                self.seconda(seconda, Posto::line_to(right - own, posto.y, right), style);
            }
            return right;
        }
        let (_, own) = self.put(style, it, posto);
        let x = posto.x + own + mm(12);
        match seconda {
            Some(seconda) => x + self.seconda(seconda, Posto::line(x, posto.y, posto.x + posto.width), style),
            None => posto.x + own,
        }
    }

    /// The second language on the line of `beside`; gives its width.
    fn seconda(&mut self, text: &str, posto: Posto, beside: Style) -> i32 {
        let y = posto.y + above(beside) - above(SECONDA);
        self.open_seconda(Tag::Span);
        let (_, width) = self.put(SECONDA, text, Posto { y, ..posto });
        self.close();
        width
    }

    /// A paragraph, and under it the second language's.
    pub(super) fn paragraph(&mut self, style: Style, it: &str, seconda: Option<&str>, posto: Posto) -> i32 {
        let y = self.text(Tag::P, style, it, posto);
        match seconda {
            Some(seconda) => self.in_seconda(seconda, Posto { y, ..posto }),
            None => y,
        }
    }

    /// A paragraph of the second language alone.
    pub(super) fn in_seconda(&mut self, text: &str, posto: Posto) -> i32 {
        self.open_seconda(Tag::P);
        let (y, _) = self.put(SECONDA, text, posto);
        self.close();
        y
    }

    /// A label above, a value below, one sentence for who listens.
    pub(super) fn fact(&mut self, label: (&str, Option<&str>), at: Posto, (style, value): (Style, &str), below: i32) {
        self.open(Tag::P);
        self.label(TESTO, label, at);
        self.put(style, value, Posto { y: at.y + below, ..at });
        self.close();
    }

    /// A grey band across the sheet, and the section's heading on it.
    pub(super) fn heading(&mut self, y: i32, x: i32, right: i32, (it, seconda): (&str, Option<&str>)) -> i32 {
        if !self.is_repeated {
            self.page.bookmark(it, y);
        }
        self.open(hn(2, it));
        let end = self.label(TITOLO, (it, seconda), Posto::line(x, y, right));
        self.close();
        end
    }

    /// The band behind the headings at this height.
    pub(super) fn band(&mut self, y: i32) {
        let area = Area { x: 0, y: y - mm(26), width: PAGE_WIDTH, height: mm(93) };
        self.page.decoration(vec![Mark::Rect { area, ink: BAND }]);
    }

    /// A code with what it is for who does not see it. Its upper left corner is at `x`, `y`.
    pub(super) fn code(&mut self, x: i32, y: i32, module: i32, modules: Modules, alt: String) {
        let side = module * i32::try_from(modules.width()).unwrap_or(0);
        self.figure(Area { x, y, width: side, height: side }, Mark::Code { x, y, module, modules }, alt);
    }

    pub(super) fn figure(&mut self, area: Area, mark: Mark, alt: String) {
        let bbox = rect(area).map(|place| BBox::new(self.page.page(), place));
        // not drawn, and judged by krilla all the same
        let alt = text::drawable(self.page.fonts, TESTO.face, &alt);
        self.open(Tag::Figure(Some(alt)).with_bbox(bbox));
        self.marks(vec![mark]);
        self.close();
    }

    /// The sign of a note: a white i on a black disc.
    pub(super) fn info(&mut self, y: i32) {
        let (x, y) = (LEFT + mm(18), y + mm(19));
        let i = Style { face: Face::Bold, ink: WHITE, ..TESTO };
        let disc = Mark::Disc { x, y, radius: mm(17), ink: BLACK };
        let width = text::width(self.page.fonts, i.face, i.size, "i");
        let letter = Mark::Text { x: x - width / 2, y: y + mm(10), style: i, text: "i".to_owned() };
        self.page.decoration(vec![disc, letter]);
    }

    pub(super) fn open(&mut self, tag: impl Into<TagKind>) {
        if !self.is_repeated {
            self.page.open(tag.into());
        }
    }

    fn open_seconda(&mut self, tag: impl Into<TagKind>) {
        let lang = self.lingua.map(|lingua| lingua.tag().to_owned());
        self.open(tag.into().with_lang(lang));
    }

    pub(super) fn close(&mut self) {
        if !self.is_repeated {
            self.page.close();
        }
    }

    fn marks(&mut self, marks: Vec<Mark>) {
        if self.is_repeated {
            self.page.repeated(marks);
        } else {
            self.page.content(marks, None);
        }
    }
}

pub(super) fn hn(level: u16, title: &str) -> TagKind {
    Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title.to_owned())).into()
}

/// From the top of a text's box to its baseline, as pagoPA's PDFs have it: 0.946 em in Titillium, 1.048 em in Roboto Mono.
fn above(style: Style) -> i32 {
    let thousandths = if style.face == Face::Mono { 1_048 } else { 946 };
    style.size * thousandths / 1_000
}
