//! Texts that an ente wrote: plain, one paragraph a line. Nothing in them is markup.

use crate::components::lang_di;
use crate::texts::lingue::lingua;
use domain::modulo::Testi;
use leptos::prelude::*;

/// In the language of the page, or else in Italian, with the `lang` that says so.
pub(super) fn scritto(testi: &Testi) -> (String, Option<&'static str>) {
    let detto = testi.say(lingua());
    (detto.testo, lang_di(detto.lingua))
}

pub(super) fn paragrafi(text: &str) -> impl IntoView + use<> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_ente_writes_is_text_and_never_markup() {
        let html = paragrafi("Primo <b>paragrafo</b>\n\n  Secondo & ultimo ").into_view().to_html();
        assert!(html.contains("<p>Primo &lt;b&gt;paragrafo&lt;/b&gt;</p>"), "{html}");
        assert!(html.contains("<p>Secondo &amp; ultimo</p>"), "{html}");
        assert_eq!(html.matches("<p>").count(), 2, "{html}");
    }
}
