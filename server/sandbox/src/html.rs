//! The frame of every page: one language, one style sheet of a screenful, no scripts, everything escaped.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse, Response};

/// Nothing is loaded and nothing runs. No `form-action`: browsers apply it to the redirect after the form too, and that one leads
/// back to the portal.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("style.css");

/// Text as HTML, in elements and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// A whole page. `main` is HTML, made of escaped parts, with the one `<h1>` in it.
pub(crate) fn page(status: StatusCode, title: &str, main: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"it\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title} — ambiente di prova</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header class=\"prova\"><strong>Ambiente di prova</strong> — nessun addebito</header>\n<main>\n{main}</main>\n</body>\n</html>\n",
        title = escape(title),
    );
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, CSP),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, html).into_response()
}

/// An address that is not ours, or a cart that is not there.
pub(crate) async fn not_found() -> Response {
    no_such_page()
}

pub(crate) fn no_such_page() -> Response {
    let main = "<h1>Pagina non trovata</h1>\n<p>Questo pagamento non esiste, o è stato iniziato prima dell’ultimo riavvio \
                dell’ambiente di prova. Torna al sito dell’ente e ricomincia.</p>\n<p><a href=\"/\">Che cos’è questo ambiente</a></p>\n";
    page(StatusCode::NOT_FOUND, "Pagina non trovata", main)
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_stays_text() {
        assert_eq!(super::escape(r#"<a href="x" title='y'>&"#), "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;");
    }
}
