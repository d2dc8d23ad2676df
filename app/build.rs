//! The texts in other languages: `lingue/*.po` become tables, sorted by their Italian text. Only the server has them. And a name for
//! being in a browser.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

const LINGUE: [&str; 4] = ["en", "de", "fr", "sl"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=lingue");
    println!("cargo::rerun-if-changed=build.rs");
    // `cfg(browser)`: one of the two modules that a browser loads, and not the server, whatever else is built beside it
    println!("cargo::rustc-check-cfg=cfg(browser)");
    let has = |feature: &str| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    if (has("HYDRATE") || has("MODULO")) && !has("SSR") {
        println!("cargo::rustc-cfg=browser");
    }
    let mut tables = String::new();
    for lingua in LINGUE {
        table(&mut tables, lingua)?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lingue.rs"), tables)?;
    Ok(())
}

/// What a translator marked as doubtful (`fuzzy`), or left empty, is not there: Italian is shown in its place.
fn table(tables: &mut String, lingua: &str) -> Result<(), Box<dyn Error>> {
    let file = format!("lingue/{lingua}.po");
    let catalog = polib::po_file::parse(Path::new(&file)).map_err(|error| format!("{file}: {error}"))?;
    let mut texts = BTreeMap::new();
    for message in catalog.messages().filter(|message| message.is_translated() && !message.is_fuzzy()) {
        let forms = match message.msgstr_plural() {
            Ok(forms) => forms.clone(),
            Err(_) => vec![message.msgstr()?.to_owned()],
        };
        texts.insert(message.msgid().to_owned(), forms);
    }
    write!(tables, "pub(super) static {}: &[(&str, &[&str])] = &[", lingua.to_uppercase())?;
    for (text, forms) in texts {
        write!(tables, "({text:?}, &{forms:?}),")?;
    }
    tables.push_str("];\n");
    Ok(())
}
