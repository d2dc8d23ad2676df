//! What can be drawn, how wide it is, where it breaks. The shaper is the one krilla draws with, so measures hold to the dot.

use super::fonts::{Face, Fonts, Loaded};
use rustybuzz::{Direction, GlyphBuffer, UnicodeBuffer};

/// Longest text drawn, in characters. The XSD allows 140 (`stText140`), addresses are about as long; twice that, so that
/// nothing real is cut, and no text can grow beyond a page.
pub(crate) const TEXT_MAX: usize = 280;

/// A line ready to draw. It ends with the blank it was broken at, so that a reader or a copy does not join two words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) text: String,
    /// Without the blank at the end, in the unit of the font size.
    pub(crate) width: i32,
}

/// The text as it can be drawn: one line, blanks folded, invisible characters gone, `?` for what the font does not have.
///
/// PDF/UA wants a Unicode value for every glyph and no `.notdef`: krilla would refuse the whole document for one emoji.
pub(crate) fn drawable(fonts: &Fonts, face: Face, text: &str) -> String {
    let loaded = fonts.of(face);
    let folded = fold(text);
    let absent = missing(loaded, &folded);
    if absent.is_empty() {
        return folded;
    }
    let replaced = replace(loaded, &folded, &absent);
    if missing(loaded, &replaced).is_empty() {
        replaced
    } else {
        // what shaping does to exotic scripts cannot be told character by character; ASCII is always there
        replaced.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
    }
}

/// Width of a drawable text.
pub(crate) fn width(fonts: &Fonts, face: Face, size: i32, text: &str) -> i32 {
    let loaded = fonts.of(face);
    scale(loaded, size, clusters(loaded, text).iter().map(|&(_, advance)| advance).fold(0, i32::saturating_add))
}

/// The drawable text in lines of at most `max`: broken at blanks, and inside a word only when the word alone is too long.
/// Never inside a cluster: no letter loses its accent.
pub(crate) fn wrap(fonts: &Fonts, face: Face, size: i32, text: &str, max: i32) -> Vec<Line> {
    let loaded = fonts.of(face);
    let mut lines = Vec::new();
    let mut start = 0;
    // units since `start`; the last blank seen since then, as (byte after it, units before it, units after it)
    let mut units = 0_i32;
    let mut blank: Option<(usize, i32, i32)> = None;
    let mut push = |from: usize, to: usize, units: i32| {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
            lines.push(Line { text: piece.to_owned(), width: scale(loaded, size, units) });
        }
    };
    for (at, advance) in clusters(loaded, text) {
        if text[at..].starts_with(' ') {
            blank = Some((at + 1, units, units.saturating_add(advance)));
        } else if at > start && scale(loaded, size, units.saturating_add(advance)) > max {
            let (next, before, after) = blank.take().unwrap_or((at, units, units));
            push(start, next, before);
            start = next;
            units -= after;
        }
        units = units.saturating_add(advance);
    }
    push(start, text.len(), units);
    lines
}

/// Where each cluster begins, and how far it moves the pen in font units.
fn clusters(loaded: &Loaded, text: &str) -> Vec<(usize, i32)> {
    let shaped = shape(loaded, text);
    let mut clusters: Vec<(usize, i32)> = Vec::with_capacity(shaped.len());
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let at = usize::try_from(info.cluster).unwrap_or(0);
        match clusters.last_mut() {
            Some((last, advance)) if *last >= at => *advance = advance.saturating_add(position.x_advance),
            _ => clusters.push((at, position.x_advance)),
        }
    }
    clusters
}

/// Rounded up: a text is never wider than said.
fn scale(loaded: &Loaded, size: i32, units: i32) -> i32 {
    let em = i64::from(loaded.shaper.units_per_em()).max(1);
    let wide = i64::from(units) * i64::from(size);
    i32::try_from((wide + em - 1).div_euclid(em)).unwrap_or(i32::MAX / 4)
}

/// As krilla's `draw_text` does it, left to right: the fonts have no letters that run the other way.
fn shape(loaded: &Loaded, text: &str) -> GlyphBuffer {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(Direction::LeftToRight);
    rustybuzz::shape(&loaded.shaper, &[], buffer)
}

/// Where the clusters begin that the font cannot draw.
fn missing(loaded: &Loaded, text: &str) -> Vec<usize> {
    shape(loaded, text).glyph_infos().iter().filter(|i| i.glyph_id == 0).filter_map(|i| usize::try_from(i.cluster).ok()).collect()
}

/// A letter and its accent are one cluster, which the shaper may draw as one glyph: so clusters are judged, not characters.
fn replace(loaded: &Loaded, text: &str, absent: &[usize]) -> String {
    let starts: Vec<usize> = clusters(loaded, text).into_iter().map(|(at, _)| at).collect();
    let mut replaced = String::with_capacity(text.len());
    let mut is_absent = false;
    for (at, c) in text.char_indices() {
        if starts.contains(&at) {
            is_absent = absent.contains(&at);
        }
        if !is_absent || loaded.shaper.glyph_index(c).is_some() {
            replaced.push(c);
        } else if !matches!(c, '\u{300}'..='\u{36f}') {
            replaced.push('?');
        }
        // else the letter stays, without the accent nobody can draw
    }
    replaced
}

/// Blanks folded to one, invisible characters dropped, look-alikes of what the fonts have brought back to it.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(4 * TEXT_MAX));
    let mut count = 0;
    for c in text.chars().filter_map(fold_char) {
        if c == ' ' && (folded.is_empty() || folded.ends_with(' ')) {
            continue;
        }
        if count == TEXT_MAX - 1 {
            folded.push('…');
            break;
        }
        folded.push(c);
        count += 1;
    }
    folded.trim_end_matches(' ').to_owned()
}

fn fold_char(c: char) -> Option<char> {
    match c {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => Some('\u{a0}'),
        '\u{2010}' | '\u{2011}' | '\u{2212}' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c if c.is_control() => None,
        // soft hyphen, zero-width, direction marks, variation selectors, byte order mark, tags, noncharacters
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
        '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{ffff}' => None,
        '\u{e0000}'..='\u{e0fff}' => None,
        c if u32::from(c) & 0xfffe == 0xfffe => None,
        // private use has no meaning outside its font; PDF/A-2a forbids it
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some('?'),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(text: &str) -> String {
        drawable(Fonts::load().unwrap(), Face::Regular, text)
    }

    #[test]
    fn what_has_no_glyph_becomes_a_question_mark() {
        for (text, expected) in [
            ("Niccolò D’Angelo", "Niccolò D’Angelo"),
            ("Zoe\u{308} Muller", "Zoe\u{308} Muller"),
            ("x\u{308}y", "xy"),
            ("Mario 😀", "Mario ?"),
            ("李小龍", "???"),
            ("שלום", "????"),
            ("Mario\u{202e}issoR", "MarioissoR"),
            ("a\u{0}b\u{feff}c\u{e001}", "abc?"),
            ("  uno \t due\r\ntre\u{202f}4 ", "uno due tre\u{a0}4"),
            ("", ""),
            ("\u{200b}", ""),
        ] {
            assert_eq!(draw(text), expected, "{text:?}");
        }
    }

    #[test]
    fn no_character_of_unicode_leaves_a_missing_glyph() {
        let fonts = Fonts::load().unwrap();
        // not the 40,000 ideographs and syllables, which are all alike here
        let ranges =
            [1..=0x33ff, 0xd800..=0xffff, 0x1_d400..=0x1_d7ff, 0x1_f000..=0x1_faff, 0xe_0000..=0xe_01ff, 0x10_fff0..=0x10_ffff];
        let all: Vec<char> = ranges.into_iter().flatten().filter_map(char::from_u32).collect();
        for chunk in all.chunks(97) {
            let text: String = chunk.iter().collect();
            for face in [Face::Regular, Face::Mono] {
                let drawn = drawable(fonts, face, &text);
                assert!(missing(fonts.of(face), &drawn).is_empty(), "{text:?}");
                // lines are shaped on their own
                for line in wrap(fonts, face, 200, &drawn, 3_000) {
                    assert!(missing(fonts.of(face), &line.text).is_empty(), "{:?}", line.text);
                }
            }
        }
    }

    #[test]
    fn lines_keep_to_their_width_and_lose_nothing() {
        let fonts = Fonts::load().unwrap();
        for text in [
            "Mensa scolastica, refezione di marzo 2026, plesso di via Roma",
            &"W".repeat(140),
            "a",
            "officina ffi fi fl",
            "x y z",
        ] {
            for max in [400, 1_000, 3_000] {
                let lines = wrap(fonts, Face::Bold, 200, text, max);
                assert_eq!(lines.iter().map(|l| l.text.as_str()).collect::<String>(), text);
                for line in lines {
                    assert!(
                        line.width <= max && width(fonts, Face::Bold, 200, line.text.trim_end()) <= max + 20,
                        "{line:?} {max}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_text_without_end_is_cut_aloud() {
        let drawn = draw(&"lungo ".repeat(100_000));
        assert_eq!(drawn.chars().count(), TEXT_MAX);
        assert!(drawn.ends_with('…'));
    }
}
