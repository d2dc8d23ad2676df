//! HTML by the standard: leptos writes two things that browsers forgive and the standard does not, and has no way of writing a third.

/// A refresh for browsers without scripts, as a page writes it: in its body, where its state is known.
const REFRESH: &str = "<noscript><meta http-equiv=\"refresh\"";
const NOSCRIPT_END: &str = "</noscript>";

/// The whole document on its way out.
pub(crate) fn by_the_standard(html: &str) -> String {
    with_refresh_in_head(without_markers(html))
}

/// Only a head may hold it.
fn with_refresh_in_head(html: String) -> String {
    let moved = || {
        let (before, from) = html.split_at(html.find(REFRESH)?);
        let (refresh, after) = from.split_at(from.find(NOSCRIPT_END)? + NOSCRIPT_END.len());
        let (head, body) = before.split_once("</head>")?;
        Some([head, refresh, "</head>", body, after].concat())
    };
    moved().unwrap_or(html)
}

/// `<!>` between two texts, where an island will look for its places: outside islands nobody looks, inside it is written as the empty
/// comment that browsers make of it. And the nonce for a value of `crossorigin`, which has two: neither is ours.
fn without_markers(html: &str) -> String {
    let (mut out, mut rest, mut islands) = (String::with_capacity(html.len()), html, 0_usize);
    while let Some(at) = rest.find('<') {
        let (text, from) = rest.split_at(at);
        out.push_str(text);
        if let Some(after) = from.strip_prefix("<!>") {
            if islands > 0 {
                out.push_str("<!---->");
            }
            rest = after;
            continue;
        }
        if from.starts_with("<leptos-island") {
            islands += 1;
        } else if from.starts_with("</leptos-island") {
            islands = islands.saturating_sub(1);
        }
        let (tag, after) = from.split_at(from.find('>').map_or(from.len(), |end| end + 1));
        match tag.strip_prefix("<link ").and_then(|tag| tag.split_once(" crossorigin=\"")) {
            Some((before, value)) => {
                out.extend(["<link ", before, " crossorigin=\"\"", value.split_once('"').map_or("", |(_, rest)| rest)])
            }
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standard_does_not_know_is_changed() {
        for (written, sent) in [
            ("<p>a<!>b</p>", "<p>ab</p>"),
            (
                "<leptos-island x=\"1\">a<!>b</leptos-island><p>c<!></p>",
                "<leptos-island x=\"1\">a<!---->b</leptos-island><p>c</p>",
            ),
            (
                "<link rel=\"modulepreload\" href=\"/x.js\" crossorigin=\"q2uz\" nonce=\"q2uz\"/>",
                "<link rel=\"modulepreload\" href=\"/x.js\" crossorigin=\"\" nonce=\"q2uz\"/>",
            ),
            ("<link rel=\"x\" crossorigin=\"\"/>", "<link rel=\"x\" crossorigin=\"\"/>"),
            ("<p title=\"&lt;!&gt;\">&lt;!&gt; crossorigin=\"x\"</p>", "<p title=\"&lt;!&gt;\">&lt;!&gt; crossorigin=\"x\"</p>"),
            ("<!DOCTYPE html><!--HEAD--><script>a < b</script>", "<!DOCTYPE html><!--HEAD--><script>a < b</script>"),
            (
                "<head><title>x</title></head><body><p>a</p><noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript></body>",
                "<head><title>x</title><noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript></head><body><p>a</p></body>",
            ),
            ("<head></head><noscript><p>x</p></noscript>", "<head></head><noscript><p>x</p></noscript>"),
            ("a <", "a <"),
            ("", ""),
        ] {
            assert_eq!(by_the_standard(written), sent);
        }
    }
}
