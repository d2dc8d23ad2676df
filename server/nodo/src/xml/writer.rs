//! Writes elements without attributes; the envelope's own tags are fixed text.

use super::characters::is_char;

#[derive(Debug)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    /// Starts after text that is XML already.
    pub(crate) fn after(head: &str) -> Self {
        let mut out = String::with_capacity(2048);
        out.push_str(head);
        Self { out }
    }

    pub(crate) fn raw(&mut self, xml: &str) {
        self.out.push_str(xml);
    }

    pub(crate) fn element(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.tag("<", name);
        inside(self);
        self.tag("</", name);
    }

    /// A text of which nothing is left out but characters that XML cannot say.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.tag("<", name);
        for c in text.chars().filter(|&c| is_char(c)) {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                // a reader would take it for a line feed
                '\r' => self.out.push_str("&#13;"),
                c => self.out.push(c),
            }
        }
        self.tag("</", name);
    }

    /// A text of 1 to `max` characters (`minLength` 1, `maxLength` in characters): cut where longer. Where nothing is left a dash:
    /// an empty element would have the whole answer refused.
    pub(crate) fn text_max(&mut self, name: &str, text: &str, max: usize) {
        let cut: String = text.chars().filter(|&c| is_char(c)).take(max).collect();
        self.text(name, if cut.is_empty() { "-" } else { &cut });
    }

    /// Left out when there is nothing to say.
    pub(crate) fn text_max_opt(&mut self, name: &str, text: Option<&str>, max: usize) {
        if let Some(text) = text.filter(|t| t.chars().any(is_char)) {
            self.text_max(name, text, max);
        }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.out.into_bytes()
    }

    fn tag(&mut self, open: &str, name: &str) {
        self.out.push_str(open);
        self.out.push_str(name);
        self.out.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> String {
        let mut writer = Writer::after("");
        write(&mut writer);
        String::from_utf8(writer.finish()).unwrap()
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(written(|w| w.text("a", "<b>&]]>\"'")), "<a>&lt;b&gt;&amp;]]&gt;\"'</a>");
        assert_eq!(written(|w| w.text("a", "x\u{0}\u{b}\u{ffff}y\r\n")), "<a>xy&#13;\n</a>");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(written(|w| w.text_max("a", "èèè", 2)), "<a>èè</a>");
        assert_eq!(written(|w| w.text_max("a", "&&&", 2)), "<a>&amp;&amp;</a>");
        assert_eq!(written(|w| w.text_max("a", "\u{1}", 2)), "<a>-</a>");
        assert_eq!(written(|w| w.text_max_opt("a", Some(""), 2)), "");
        assert_eq!(written(|w| w.text_max_opt("a", None, 2)), "");
    }
}
