//! Every text is there in every language, and nothing on a page is said in Italian alone.
//!
//! A text that is missing is printed as an entry of `lingue/*.po`, to be pasted and translated.

use app::texts::lingue::table;
use domain::Lingua;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Attributes and props that somebody reads, or hears; the last part of their names.
const READ: [&str; 7] = ["label", "hint", "legend", "titolo", "cosa", "nome", "azione"];

/// Text → the text for several, if it has one.
type Testi = BTreeMap<String, Option<String>>;

#[derive(Debug, Default)]
struct Trovati {
    testi: Testi,
    /// Words between tags that no `t(…)` is around.
    nudi: Vec<String>,
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn text(tree: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = tree else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|literal| literal.value())
}

fn walk(tokens: TokenStream, in_view: bool, file: &str, found: &mut Trovati) {
    let trees: Vec<_> = tokens.into_iter().collect();
    for (i, tree) in trees.iter().enumerate() {
        let before = |n: usize| i.checked_sub(n).and_then(|at| trees.get(at)).map(ToString::to_string).unwrap_or_default();
        if let TokenTree::Group(group) = tree {
            let inside: Vec<_> = group.stream().into_iter().collect();
            let called = if before(1) == "!" { before(2) } else { before(1) };
            match (called.as_str(), before(1) == "!") {
                // tests speak for themselves
                ("tests", false) if before(2) == "mod" => continue,
                ("t" | "k", false) | ("tr", true) => {
                    if let Some(text) = inside.first().and_then(text) {
                        found.testi.entry(text).or_default();
                    }
                }
                ("tn", false) => {
                    let both: Vec<_> = inside.iter().filter_map(text).collect();
                    if let [uno, altri] = &both[..] {
                        found.testi.insert(uno.clone(), Some(altri.clone()));
                    }
                }
                ("frasi", true) => found.testi.extend(inside.iter().filter_map(text).map(|text| (text, None))),
                _ => {}
            }
            let view = before(1) == "!" && before(2) == "view";
            walk(group.stream(), view, file, found);
        } else if in_view
            && (before(1) != "=" || READ.contains(&before(2).as_str()))
            && let Some(text) = text(tree).filter(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 1)
        {
            found.nudi.push(format!("{file}: {text:?}"));
        }
    }
}

fn trovati() -> Trovati {
    let (mut files, mut found) = (Vec::new(), Trovati::default());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    sources(&root, &mut files);
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        walk(source.parse().unwrap(), false, &file.strip_prefix(&root).unwrap().display().to_string(), &mut found);
    }
    found
}

/// What stands between braces, and between brackets only that there are some.
fn places(text: &str) -> BTreeSet<String> {
    let braces = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned());
    braces.chain(text.contains('[').then(|| format!("[{}]", text.matches('[').count()))).collect()
}

fn entry(text: &str, altri: Option<&String>, lingua: Lingua) -> String {
    match altri {
        None => format!("msgid {text:?}\nmsgstr \"\"\n"),
        Some(altri) => {
            let forms: String = (0..lingua.forme()).map(|i| format!("msgstr[{i}] \"\"\n")).collect();
            format!("msgid {text:?}\nmsgid_plural {altri:?}\n{forms}")
        }
    }
}

#[test]
fn every_text_is_there_in_every_language() {
    let found = trovati();
    assert!(found.testi.len() > 200, "the texts were not found: {}", found.testi.len());
    for lingua in Lingua::ALL.into_iter().filter(|lingua| *lingua != Lingua::It) {
        let there: BTreeMap<_, _> = table(lingua).iter().copied().collect();
        let missing: Vec<_> = found.testi.iter().filter(|(text, _)| !there.contains_key(text.as_str())).collect();
        let entries: Vec<_> = missing.iter().map(|(text, altri)| entry(text, altri.as_ref(), lingua)).collect();
        assert!(missing.is_empty(), "missing in lingue/{lingua}.po:\n\n{}", entries.join("\n"));
        let unused: Vec<_> = there.keys().filter(|text| !found.testi.contains_key(**text)).collect();
        assert!(unused.is_empty(), "in lingue/{lingua}.po for nobody: {unused:#?}");
        for (text, forms) in there {
            let altri = found.testi[text].as_deref().unwrap_or(text);
            let expected = if altri == text { 1 } else { lingua.forme() };
            assert_eq!(forms.len(), expected, "{lingua}: {text:?}");
            let known: BTreeSet<_> = places(text).union(&places(altri)).cloned().collect();
            for form in forms {
                assert!(places(form).is_subset(&known), "{lingua}: {form:?} has places that {text:?} has not");
                assert!(altri != text || places(form) == places(text), "{lingua}: {form:?} lacks places of {text:?}");
                for edge in [char::is_whitespace as fn(char) -> bool, |c| c == ':'] {
                    assert_eq!(form.ends_with(edge), text.ends_with(edge), "{lingua}: {form:?} ends otherwise than {text:?}");
                }
                assert!(!form.contains(['\'', '"']), "{lingua}: typographic quotes in {form:?}");
            }
        }
    }
}

/// Names and signs are the same everywhere.
const SAME: &[&str] = &["PEC"];

#[test]
fn nothing_on_a_page_is_said_in_italian_alone() {
    let nudi: Vec<_> = trovati().nudi.into_iter().filter(|text| !SAME.iter().any(|same| text.contains(same))).collect();
    assert!(nudi.is_empty(), "{nudi:#?}");
}
