//! What the sources have in common: texts in languages, numbers, patterns, fields that are known by their name.

use crate::Nota;
use domain::modulo::{Campo, Formula, Lingua, Modello, Scelta, Sezione, Testi, TipoCampo};
use serde_json::Value;

/// What was told so far.
#[derive(Debug, Default)]
pub(crate) struct Note(pub(crate) Vec<Nota>);

impl Note {
    pub(crate) fn say(&mut self, dove: &str, che_cosa: impl Into<String>) {
        self.0.push(Nota { dove: dove.to_owned(), che_cosa: che_cosa.into() });
    }

    /// The members of an object that nobody has looked at.
    pub(crate) fn rest(&mut self, dove: &str, value: &Value, known: &[&str]) {
        for name in value.as_object().into_iter().flat_map(|object| object.keys()).filter(|name| !known.contains(&name.as_str()))
        {
            self.say(&format!("{dove}/{name}"), format!("`{name}` non si traduce"));
        }
    }
}

pub(crate) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

pub(crate) fn truth(value: &Value, member: &str) -> bool {
    value.get(member).is_some_and(|value| matches!(value, Value::Bool(true)) || value.as_str() == Some("true"))
}

pub(crate) fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A number as our expressions write it: `0,01`. Also where it is written as a text.
pub(crate) fn number(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let is_plain = digits.starts_with(|c: char| c.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let decimals = decimals.trim_end_matches('0');
    (is_plain && !decimals.contains('.'))
        .then(|| if decimals.is_empty() { whole.to_owned() } else { format!("{whole},{decimals}") })
}

/// A limit in the type of the field.
pub(crate) fn limit(value: Option<&Value>, tipo: TipoCampo) -> Option<Formula> {
    let number = number(value?)?;
    Some(Formula::new(if tipo == TipoCampo::Importo { format!("{number} €") } else { number }))
}

/// A plain text is Italian; an object has one for each language, and `default` where it says no other.
pub(crate) fn texts(value: Option<&Value>) -> Option<Testi> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(Testi::it(text.trim())),
        Value::Object(object) => {
            let it = object.get("it").or_else(|| object.get("default"))?.as_str()?;
            let others = Lingua::ALL.into_iter().skip(1);
            Some(others.fold(Testi::it(it), |testi, lingua| match object.get(lingua.code()).and_then(Value::as_str) {
                Some(text) => testi.with(lingua, text),
                None => testi,
            }))
        }
        _ => None,
    }
}

pub(crate) fn scelta(valore: &str, etichetta: Testi) -> Scelta {
    Scelta { valore: valore.to_owned(), etichetta, quando: None }
}

/// A pattern, where ours can say it; `^` and `$` around it go, because ours speak of the whole text anyway.
pub(crate) fn pattern(campo: &mut Campo, regex: &str, dove: &str, note: &mut Note) {
    let bare = regex.strip_prefix('^').unwrap_or(regex);
    let bare = bare.strip_suffix('$').filter(|bare| !bare.ends_with('\\')).unwrap_or(bare);
    let spelt = bare.replace(r"[\w]", "[A-Za-z0-9_]").replace(r"\w", "[A-Za-z0-9_]").replace(r"\s", " ").replace("(?:", "(");
    if is_codice_fiscale(&spelt) {
        campo.tipo = TipoCampo::CodiceFiscale;
        campo.di = Some(domain::modulo::Di::Persona);
        return;
    }
    if Modello::parse(&spelt).is_err() {
        return note.say(dove, format!("il modello `{regex}` usa cose che qui non ci sono"));
    }
    if !(regex.starts_with('^') && regex.ends_with('$')) {
        note.say(dove, "il modello bastava a una parte del testo: qui vale per tutto");
    }
    campo.modello = Some(spelt);
}

/// The shape of a person's codice fiscale, in its usual spellings: a field of that kind knows more (check character, omocodia).
fn is_codice_fiscale(pattern: &str) -> bool {
    let bare: String =
        pattern.replace(r"\d", "[0-9]").replace("[a-zA-Z]", "[A-Z]").replace("[A-Za-z]", "[A-Z]").replace("{1}", "");
    bare == "[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]"
}

/// Sections that have something in them.
pub(crate) fn filled(sezioni: Vec<Sezione>) -> Vec<Sezione> {
    sezioni.into_iter().filter(|sezione| !sezione.campi.is_empty()).collect()
}
