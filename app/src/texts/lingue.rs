//! Which language a page is in, and what a text is called there.

use domain::Lingua;
use leptos::prelude::use_context;

mod tables {
    include!(concat!(env!("OUT_DIR"), "/lingue.rs"));
}

/// The language of the page that is being made; the server lays it beside the request.
pub fn lingua() -> Lingua {
    use_context().unwrap_or_default()
}

/// A text in the language of the page; the Italian one where nobody has translated it.
pub fn t(it: &'static str) -> &'static str {
    forma(lingua(), it, 0).unwrap_or(it)
}

/// Marks a text that is translated where it is shown.
pub const fn k(it: &'static str) -> &'static str {
    it
}

/// One of two texts, by a number, with `{n}` in it. The first is the key.
pub fn tn(uno: &'static str, altri: &'static str, n: usize) -> String {
    let lingua = lingua();
    let count = u64::try_from(n).unwrap_or(u64::MAX);
    let it = if Lingua::It.forma(count) == 0 { uno } else { altri };
    fill(forma(lingua, uno, lingua.forma(count)).unwrap_or(it), &[("n", &n.to_string())])
}

fn forma(lingua: Lingua, it: &str, forma: usize) -> Option<&'static str> {
    let (_, forms) = table(lingua).binary_search_by_key(&it, |(key, _)| key).ok().and_then(|i| table(lingua).get(i))?;
    forms.get(forma).copied()
}

/// The texts of a language by their Italian ones, sorted.
pub fn table(lingua: Lingua) -> &'static [(&'static str, &'static [&'static str])] {
    match lingua {
        Lingua::It => &[],
        Lingua::En => tables::EN,
        Lingua::De => tables::DE,
        Lingua::Fr => tables::FR,
        Lingua::Sl => tables::SL,
    }
}

/// Puts values where a text has their `{name}`. Once, from left to right: a value with braces in it stays as it is.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        match value {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// A text with values in it: `tr!("Telefono {numero}", numero)`, `tr!("Da {min}", min = importo.euro())`.
#[macro_export]
macro_rules! tr {
    ($it:literal $(, $name:ident $(= $value:expr)?)+ $(,)?) => {
        $crate::texts::lingue::fill(
            $crate::texts::lingue::t($it),
            &[$((stringify!($name), &$crate::tr!(@value $name $($value)?).to_string())),+],
        )
    };
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::prelude::{Owner, provide_context};

    fn speaking<T>(lingua: Lingua, say: impl FnOnce() -> T) -> T {
        Owner::new().with(|| {
            provide_context(lingua);
            say()
        })
    }

    #[test]
    fn a_text_is_said_in_the_language_of_the_page_and_in_italian_where_it_has_none() {
        assert_eq!(t("Continua"), "Continua");
        assert_eq!(speaking(Lingua::De, || t("Continua")), "Weiter");
        assert_eq!(speaking(Lingua::Sl, || t("questo non lo traduce nessuno")), "questo non lo traduce nessuno");
    }

    #[test]
    fn nouns_agree_with_their_numbers() {
        let say = |n| tn("C’è un’informazione da correggere", "Ci sono {n} informazioni da correggere", n);
        assert_eq!(say(1), "C’è un’informazione da correggere");
        assert_eq!(say(3), "Ci sono 3 informazioni da correggere");
        let slovene: Vec<_> = [1, 2, 3, 5].map(|n| speaking(Lingua::Sl, || say(n))).into();
        for (i, text) in slovene.iter().enumerate() {
            assert!(!slovene[i + 1..].contains(text), "{slovene:?}");
        }
    }

    #[test]
    fn values_go_to_their_places_and_are_not_read_again() {
        assert_eq!(fill("{a} e {b}, {a}", &[("a", "1"), ("b", "{a}")]), "1 e {a}, 1");
        for (text, same) in [("", ""), ("{", "{"), ("{x}", "{x}"), ("}{", "}{"), ("{a", "{a")] {
            assert_eq!(fill(text, &[("a", "1")]), same);
        }
    }
}
