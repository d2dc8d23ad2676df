/// A start tag as an HTML parser reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    /// Values as they are written: entities are not resolved.
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Every start tag. Quotes are respected: what stands inside a value stays there, what breaks out of it becomes visible as a tag or
/// an attribute of its own.
pub fn start_tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (tag, after) = read_tag(rest);
            // nothing inside a script is a tag but its end
            rest = if tag.name == "script" { after.split_once("</script").map_or("", |(_, after)| after) } else { after };
            tags.push(tag);
        }
    }
    tags
}

fn read_tag(text: &str) -> (Tag, &str) {
    let ends_name = |c: char| c.is_ascii_whitespace() || c == '>' || c == '/';
    let name_end = text.find(ends_name).unwrap_or(text.len());
    let mut tag = Tag { name: text[..name_end].to_ascii_lowercase(), attributes: Vec::new() };
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (tag, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        let end = rest.find(|c: char| ends_name(c) || c == '=').unwrap_or(rest.len()).max(1);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let value = match rest.strip_prefix('=').map(str::trim_start) {
            None => String::new(),
            Some(after) => {
                let (value, after) = read_value(after);
                rest = after;
                value
            }
        };
        tag.attributes.push((name, value));
    }
}

fn read_value(text: &str) -> (String, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            let (value, rest) = inside.split_once(quote).unwrap_or((inside, ""));
            return (value.to_owned(), rest);
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

#[test]
fn what_breaks_out_of_a_value_is_seen() {
    let safe = start_tags(r#"<p title="&quot;&gt;<script>' onclick='x">a</p><!-- <b> --><input disabled value=1/>"#);
    assert_eq!(safe.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["p", "input"]);
    assert_eq!(safe[0].attribute("title"), Some("&quot;&gt;<script>' onclick='x"));
    assert_eq!(safe[1].attribute("disabled"), Some(""));
    let broken = start_tags(r#"<p title=""><script>alert(1)</script><p title='' onclick='x'>"#);
    assert_eq!(broken[1].name, "script");
    assert_eq!(broken[2].attribute("onclick"), Some("x"));
}
