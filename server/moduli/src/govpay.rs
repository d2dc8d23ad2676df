//! GovPay: a JSON schema (draft 07) and its layouts, as `angular2-json-schema-form` draws them. Also the schema alone.

use crate::Importato;
use crate::campi::{Note, filled, limit, list, number, pattern, scelta, text};
use crate::nomi::Nomi;
use domain::Modulo;
use domain::modulo::{Campo, Formula, Intestazione, Lingua, Sezione, Testi, TipoCampo};
use serde_json::Value;

/// What GovPay itself calls who pays and how much.
const PAGATORE: &str = "soggettoPagatore.identificativo";
const ANAGRAFICA: &str = "soggettoPagatore.anagrafica";

/// The layouts and their languages.
const LAYOUT: [(&str, Lingua); 5] = [
    ("layout_ita", Lingua::It),
    ("layout_eng", Lingua::En),
    ("layout_deu", Lingua::De),
    ("layout_fra", Lingua::Fr),
    ("layout_slv", Lingua::Sl),
];

struct Lettore<'a> {
    json: &'a Value,
    note: Note,
    nomi: Nomi,
}

pub(crate) fn import(json: &Value) -> Importato {
    let mut lettore = Lettore { json, note: Note::default(), nomi: Nomi::default() };
    let (schema, dove) = json.get("schema").map_or((json, ""), |schema| (schema, "/schema"));
    let mut campi = Vec::new();
    lettore.object(schema, dove, "", &mut campi);
    if dove.is_empty() {
        lettore.note.rest("", json, &["$schema", "type", "required", "properties"]);
    } else {
        let known: Vec<&str> = LAYOUT.iter().map(|(name, _)| *name).chain(["schema"]).collect();
        lettore.note.rest("", json, &known);
    }
    let sezioni = filled(lettore.sections(campi));
    let has = |source: &str| lettore.nomi.get(source).map(|(name, _)| Formula::new(name));
    let debitore =
        has(PAGATORE).zip(has(ANAGRAFICA)).map(|(codice_fiscale, nome)| Intestazione { codice_fiscale, nome, email: None });
    let importo = has("importo");
    if importo.is_none() {
        lettore.note.say("", "quanto si paga lo diceva la trasformazione, che non si traduce: scrivi `importo`");
    }
    lettore.note.say("", "la causale la diceva la trasformazione: scrivi `causale`, se non basta il nome del servizio");
    Importato { modulo: Modulo { sezioni, importo, debitore, ..Modulo::default() }, note: lettore.note.0 }
}

impl Lettore<'_> {
    /// The fields of an object, each with the path it has in the source.
    fn object(&mut self, schema: &Value, dove: &str, prefix: &str, campi: &mut Vec<(String, Campo)>) {
        let required: Vec<&str> = list(schema, "required").iter().filter_map(Value::as_str).collect();
        for (key, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let (path, dove) = (format!("{prefix}{key}"), format!("{dove}/properties/{key}"));
            if member.get("properties").is_some() {
                self.object(member, &dove, &format!("{path}."), campi);
                continue;
            }
            if let Some(mut campo) = self.field(member, &path, &dove) {
                let is_asked = required.contains(&key.as_str()) && campo.tipo != TipoCampo::Gruppo;
                campo.obbligatorio = match (campo.tipo, is_asked) {
                    (TipoCampo::Casella, true) => Some(Formula::new("vero")),
                    (TipoCampo::Casella | TipoCampo::Gruppo, _) | (_, true) => None,
                    (_, false) => Some(Formula::new("falso")),
                };
                campo.nome = self.nomi.add(&path, "", campo.tipo);
                campi.push((path, campo));
            }
        }
    }

    fn field(&mut self, member: &Value, path: &str, dove: &str) -> Option<Campo> {
        let mut campo = Campo { etichetta: Testi::it(text(member, "title").unwrap_or(path)), ..Campo::default() };
        campo.aiuto = text(member, "description").map(Testi::it);
        match (text(member, "type").unwrap_or("string"), text(member, "format")) {
            ("string", Some("date")) => campo.tipo = TipoCampo::Data,
            ("string", Some("date-time")) => {
                campo.tipo = TipoCampo::Data;
                self.note.say(dove, "l’ora non si chiede: resta la data");
            }
            ("string", Some("email")) => campo.tipo = TipoCampo::Email,
            ("string", format) => {
                if let Some(format) = format {
                    self.note.say(dove, format!("il formato `{format}` non si traduce"));
                }
            }
            ("number" | "integer", _) => self.numeric(member, path, &mut campo),
            ("boolean", _) => campo.tipo = TipoCampo::Casella,
            ("array", _) if member.pointer("/items/enum").is_some() => {
                campo.tipo = TipoCampo::Scelte;
                campo.opzioni = self.choices(&member["items"], path);
            }
            (other, _) => {
                self.note.say(dove, format!("un campo di tipo `{other}` non si traduce"));
                return None;
            }
        }
        if member.get("enum").is_some() {
            campo.tipo = TipoCampo::Scelta;
            campo.opzioni = self.choices(member, path);
        }
        if path == PAGATORE {
            campo.tipo = TipoCampo::CodiceFiscale;
        } else if let Some(regex) = text(member, "pattern").filter(|_| campo.tipo == TipoCampo::Testo) {
            pattern(&mut campo, regex, &format!("{dove}/pattern"), &mut self.note);
        }
        if campo.tipo == TipoCampo::Testo {
            campo.minimo = limit(member.get("minLength"), TipoCampo::Numero);
            campo.massimo = limit(member.get("maxLength"), TipoCampo::Numero);
        }
        let known = [
            "type",
            "title",
            "description",
            "format",
            "enum",
            "items",
            "pattern",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "multipleOf",
        ];
        self.note.rest(dove, member, &known);
        self.drawn(path, &mut campo);
        Some(campo)
    }

    /// What is called so, or counts in cents, is an amount.
    fn numeric(&self, member: &Value, path: &str, campo: &mut Campo) {
        let step = member.get("multipleOf").and_then(number);
        let is_amount = path == "importo" || path.ends_with(".importo") || step.as_deref() == Some("0,01");
        campo.tipo = if is_amount { TipoCampo::Importo } else { TipoCampo::Numero };
        if !is_amount && text(member, "type") == Some("number") {
            campo.decimali = match step.as_deref().map(|step| step.split_once(',').map_or(0, |(_, decimals)| decimals.len())) {
                Some(0) => None,
                Some(decimals) => u8::try_from(decimals.min(4)).ok(),
                None => Some(4),
            };
        }
        campo.minimo = limit(member.get("minimum"), campo.tipo);
        campo.massimo = limit(member.get("maximum"), campo.tipo);
    }

    fn choices(&self, member: &Value, path: &str) -> Vec<domain::modulo::Scelta> {
        let values = list(member, "enum").iter().filter_map(Value::as_str);
        let named = |valore: &str| {
            let titles = LAYOUT.iter().filter_map(|(layout, lingua)| {
                let titles = list(self.item(layout, path)?, "titleMap");
                let name = titles.iter().find(|title| text(title, "value") == Some(valore)).and_then(|title| text(title, "name"));
                name.map(|name| (*lingua, name.to_owned()))
            });
            titles.fold(Testi::it(valore), |testi, (lingua, name)| testi.with(lingua, name))
        };
        values.map(|valore| scelta(valore, named(valore))).collect()
    }

    /// What a layout says of a field.
    fn item(&self, layout: &str, path: &str) -> Option<&Value> {
        fn find<'a>(items: &'a [Value], path: &str) -> Option<&'a Value> {
            items
                .iter()
                .find_map(|item| if text(item, "key") == Some(path) { Some(item) } else { find(list(item, "items"), path) })
        }
        find(list(self.json, layout), path)
    }

    fn drawn(&self, path: &str, campo: &mut Campo) {
        for (layout, lingua) in LAYOUT {
            let Some(item) = self.item(layout, path) else { continue };
            if let Some(title) = text(item, "title") {
                campo.etichetta = campo.etichetta.clone().with(lingua, title);
            }
            if lingua == Lingua::It {
                campo.aiuto = campo.aiuto.take().or_else(|| text(item, "placeholder").map(Testi::it));
                if text(item, "type") == Some("textarea") && campo.tipo == TipoCampo::Testo && campo.modello.is_none() {
                    campo.tipo = TipoCampo::Area;
                }
            }
        }
    }

    /// The fieldsets of the layout, in its order; what it does not draw comes last.
    fn sections(&self, mut campi: Vec<(String, Campo)>) -> Vec<Sezione> {
        let mut sezioni = Vec::new();
        let mut loose = Sezione { titolo: Testi::it("Dati").with(Lingua::En, "Data"), ..Sezione::default() };
        for (at, item) in list(self.json, "layout_ita").iter().enumerate() {
            let mut keys = Vec::new();
            collect(item, &mut keys);
            let mut taken: Vec<Campo> = Vec::new();
            for key in &keys {
                if let Some(found) = campi.iter().position(|(path, _)| path == key) {
                    taken.push(campi.remove(found).1);
                }
            }
            if text(item, "type") == Some("fieldset") {
                let titolo = LAYOUT.iter().fold(Testi::it("Dati"), |titolo, (layout, lingua)| {
                    match list(self.json, layout).get(at).and_then(|item| text(item, "title")) {
                        Some(title) => titolo.with(*lingua, title),
                        None => titolo,
                    }
                });
                sezioni.push(Sezione { titolo, campi: taken, ..Sezione::default() });
            } else {
                loose.campi.extend(taken);
            }
        }
        loose.campi.extend(campi.into_iter().map(|(_, campo)| campo));
        sezioni.push(loose);
        sezioni
    }
}

/// The keys that an item of a layout draws, in order.
fn collect(item: &Value, keys: &mut Vec<String>) {
    keys.extend(item.as_str().or_else(|| text(item, "key")).map(str::to_owned));
    list(item, "items").iter().for_each(|item| collect(item, keys));
}
