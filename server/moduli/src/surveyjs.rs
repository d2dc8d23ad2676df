//! SurveyJS: pages of elements, panels, conditions.

use crate::Importato;
use crate::campi::{Note, filled, limit, list, pattern, scelta, text, texts, truth};
use crate::nomi::Nomi;
use crate::sorgente::read;
use crate::traduzione::{Che, Scritta, write};
use domain::Modulo;
use domain::modulo::{Campo, Formula, Regola, Sezione, Testi, TipoCampo};
use serde_json::Value;

/// How it looks, and what only a browser does: not worth a word.
const ASPETTO: [&str; 24] = [
    "colCount",
    "rows",
    "cols",
    "logoPosition",
    "showProgressBar",
    "progressBarType",
    "showQuestionNumbers",
    "questionErrorLocation",
    "showCompletedPage",
    "width",
    "minWidth",
    "maxWidth",
    "startWithNewLine",
    "titleLocation",
    "labelTrue",
    "labelFalse",
    "waitForUpload",
    "size",
    "autocomplete",
    "state",
    "renderAs",
    "inputMask",
    "showNavigationButtons",
    "focusFirstQuestionAutomatic",
];

#[derive(Default)]
struct Lettore {
    note: Note,
    nomi: Nomi,
    sezioni: Vec<Sezione>,
    regole: Vec<Regola>,
}

pub(crate) fn import(json: &Value) -> Importato {
    let mut lettore = Lettore::default();
    let known = [&["title", "description", "pages", "elements", "completedHtml"][..], &ASPETTO].concat();
    lettore.note.rest("", json, &known);
    if json.get("completedHtml").is_some() {
        lettore.note.say("/completedHtml", "la pagina della fine è quella del pagamento");
    }
    let title = texts(json.get("title")).unwrap_or_else(|| Testi::it("Dati"));
    for (i, page) in list(json, "pages").iter().enumerate() {
        lettore.container(page, &format!("/pages/{i}"), &title, None);
    }
    if json.get("elements").is_some() {
        lettore.container(json, "", &title, None);
    }
    lettore.note.say("", "un sondaggio non dice quanto si paga: scrivi `importo`");
    let modulo = Modulo { sezioni: filled(lettore.sezioni), regole: lettore.regole, ..Modulo::default() };
    Importato { modulo, note: lettore.note.0 }
}

impl Lettore {
    /// A page or a panel: a section of its own; what stands around a panel goes on after it.
    fn container(&mut self, json: &Value, dove: &str, above: &Testi, outer: Option<&Formula>) {
        let titolo = texts(json.get("title")).unwrap_or_else(|| above.clone());
        let own = self.condition(json, "visibleIf", dove);
        let visibile = match (outer, own) {
            (Some(outer), Some(own)) => Some(Formula::new(format!("({}) e ({})", outer.as_str(), own.as_str()))),
            (outer, own) => own.or_else(|| outer.cloned()),
        };
        if !dove.is_empty() {
            let known = [&["name", "type", "title", "description", "elements", "visibleIf"][..], &ASPETTO].concat();
            self.note.rest(dove, json, &known);
        }
        let fresh = || Sezione {
            titolo: titolo.clone(),
            aiuto: texts(json.get("description")),
            visibile: visibile.clone(),
            campi: Vec::new(),
        };
        self.sezioni.push(fresh());
        for (i, element) in list(json, "elements").iter().enumerate() {
            let dove = format!("{dove}/elements/{i}");
            if text(element, "type") == Some("panel") {
                self.container(element, &dove, &titolo, visibile.as_ref());
                self.sezioni.push(fresh());
            } else if let Some(campo) = self.element(element, &dove, "")
                && let Some(sezione) = self.sezioni.last_mut()
            {
                sezione.campi.push(campo);
            }
        }
    }

    fn element(&mut self, json: &Value, dove: &str, prefix: &str) -> Option<Campo> {
        let name = text(json, "name").unwrap_or("campo");
        let mut campo = Campo { etichetta: texts(json.get("title")).unwrap_or_else(|| Testi::it(name)), ..Campo::default() };
        campo.aiuto = texts(json.get("description")).or_else(|| texts(json.get("placeholder")));
        campo.tipo = match (text(json, "type").unwrap_or("text"), text(json, "inputType").unwrap_or("text")) {
            ("text", "date") => TipoCampo::Data,
            ("text", "email") => TipoCampo::Email,
            ("text", "tel") => TipoCampo::Telefono,
            ("text", "number") => TipoCampo::Numero,
            ("text", "text") => TipoCampo::Testo,
            ("text", other) => {
                self.note.say(&format!("{dove}/inputType"), format!("`{other}` non si traduce: resta un testo"));
                TipoCampo::Testo
            }
            ("comment", _) => TipoCampo::Area,
            ("dropdown" | "radiogroup", _) => TipoCampo::Scelta,
            ("checkbox" | "tagbox", _) => TipoCampo::Scelte,
            ("boolean", _) => TipoCampo::Casella,
            ("paneldynamic", _) if prefix.is_empty() => TipoCampo::Gruppo,
            ("file", _) => {
                self.note.say(dove, format!("`{name}`: i file non si allegano a un pagamento"));
                return None;
            }
            (other, _) => {
                self.note.say(dove, format!("`{name}`: un elemento `{other}` non si traduce"));
                return None;
            }
        };
        if campo.tipo == TipoCampo::Numero {
            campo.decimali = Some(4);
        }
        // before it has a name, it sees only those before it
        self.conditions(json, dove, &mut campo);
        self.validators(json, dove, &mut campo);
        campo.nome = self.nomi.add(name, prefix, campo.tipo);
        self.expressions(json, dove, &format!("{prefix}{}", campo.nome));
        match campo.tipo {
            TipoCampo::Scelta | TipoCampo::Scelte => self.choices(json, dove, &mut campo),
            TipoCampo::Gruppo => self.rows(json, dove, &mut campo),
            TipoCampo::Testo | TipoCampo::Area => campo.massimo = limit(json.get("maxLength"), TipoCampo::Numero),
            _ => {}
        }
        let known = [
            &[
                "type",
                "name",
                "title",
                "description",
                "placeholder",
                "isRequired",
                "inputType",
                "maxLength",
                "min",
                "max",
                "minValueExpression",
                "maxValueExpression",
                "visibleIf",
                "enableIf",
                "requiredIf",
                "validators",
                "choices",
                "templateElements",
                "minPanelCount",
                "maxPanelCount",
                "panelCount",
            ][..],
            &ASPETTO,
        ]
        .concat();
        self.note.rest(dove, json, &known);
        Some(campo)
    }

    fn conditions(&mut self, json: &Value, dove: &str, campo: &mut Campo) {
        let says_yes =
            list(json, "validators").iter().any(|validator| is_must(validator, text(json, "name").unwrap_or_default()));
        let required = self.condition(json, "requiredIf", dove);
        campo.obbligatorio = match campo.tipo {
            TipoCampo::Gruppo => None,
            // there, who says no has answered
            TipoCampo::Casella => says_yes.then(|| Formula::new("vero")),
            _ if truth(json, "isRequired") => None,
            _ => Some(required.unwrap_or_else(|| Formula::new("falso"))),
        };
        campo.visibile = self.condition(json, "visibleIf", dove);
        if campo.tipo != TipoCampo::Gruppo {
            campo.attivo = self.condition(json, "enableIf", dove);
        }
        if matches!(campo.tipo, TipoCampo::Numero | TipoCampo::Data) {
            campo.minimo = self.bound(json, ["minValueExpression", "min"], dove, campo.tipo);
            campo.massimo = self.bound(json, ["maxValueExpression", "max"], dove, campo.tipo);
        }
    }

    fn bound(&mut self, json: &Value, members: [&str; 2], dove: &str, tipo: TipoCampo) -> Option<Formula> {
        let wanted = if tipo == TipoCampo::Data { Che::Data } else { Che::Numero };
        match json.get(members[0]).and_then(Value::as_str) {
            Some(source) => self.translate(source, &format!("{dove}/{}", members[0]), wanted).map(Formula::new),
            None if tipo == TipoCampo::Numero => limit(json.get(members[1]), tipo),
            None => {
                let day = text(json, members[1])?;
                let parts: Vec<&str> = day.split('-').collect();
                let [year, month, day] = parts[..] else {
                    self.note.say(&format!("{dove}/{}", members[1]), "una data che non si legge");
                    return None;
                };
                let bare = |digits: &str| digits.trim_start_matches('0').to_owned();
                Some(Formula::new(format!("data({year}; {}; {})", bare(month), bare(day))))
            }
        }
    }

    fn condition(&mut self, json: &Value, member: &str, dove: &str) -> Option<Formula> {
        let source = text(json, member)?;
        self.translate(source, &format!("{dove}/{member}"), Che::Booleano).map(Formula::new)
    }

    fn translate(&mut self, source: &str, dove: &str, wanted: Che) -> Option<String> {
        let translated = read(source).and_then(|es| write(&es, &self.nomi));
        match translated {
            Ok(Scritta { testo, che, .. }) if che == wanted => Some(testo),
            Ok(_) => {
                self.note.say(dove, format!("`{source}` non dà quello che serve qui"));
                None
            }
            Err(why) => {
                self.note.say(dove, format!("`{source}` non si traduce: {why}"));
                None
            }
        }
    }

    fn validators(&mut self, json: &Value, dove: &str, campo: &mut Campo) {
        for (i, validator) in list(json, "validators").iter().enumerate() {
            let dove = format!("{dove}/validators/{i}");
            match text(validator, "type").unwrap_or_default() {
                "regex" if campo.tipo == TipoCampo::Testo => {
                    pattern(campo, text(validator, "regex").unwrap_or_default(), &dove, &mut self.note);
                    campo.errore = texts(validator.get("text")).filter(|_| campo.modello.is_some());
                }
                "email" if matches!(campo.tipo, TipoCampo::Testo | TipoCampo::Email) => campo.tipo = TipoCampo::Email,
                "numeric" if campo.tipo == TipoCampo::Numero => {
                    campo.minimo = limit(validator.get("minValue"), campo.tipo).or(campo.minimo.take());
                    campo.massimo = limit(validator.get("maxValue"), campo.tipo).or(campo.massimo.take());
                }
                "answercount" if campo.tipo == TipoCampo::Scelte => {
                    campo.minimo = limit(validator.get("minCount"), TipoCampo::Numero);
                    campo.massimo = limit(validator.get("maxCount"), TipoCampo::Numero);
                }
                // these may speak of the field itself: once it has its name
                "expression" => {}
                other => self.note.say(&dove, format!("il controllo `{other}` non si traduce")),
            }
        }
    }

    fn expressions(&mut self, json: &Value, dove: &str, campo: &str) {
        let name = text(json, "name").unwrap_or_default();
        for (i, validator) in list(json, "validators").iter().enumerate() {
            if text(validator, "type") != Some("expression") || is_must(validator, name) {
                continue;
            }
            let dove = format!("{dove}/validators/{i}");
            let source = text(validator, "expression").unwrap_or_default();
            if let Some(vale) = self.translate(source, &dove, Che::Booleano) {
                let messaggio = texts(validator.get("text")).unwrap_or_else(|| Testi::it("Ricontrolla questo campo."));
                self.regole.push(Regola { vale: Formula::new(vale), campo: campo.to_owned(), messaggio });
            }
        }
    }

    fn choices(&mut self, json: &Value, dove: &str, campo: &mut Campo) {
        for (i, choice) in list(json, "choices").iter().enumerate() {
            let dove = format!("{dove}/choices/{i}");
            let value = choice.get("value").unwrap_or(choice);
            let valore =
                value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string)).unwrap_or_default();
            let etichetta = texts(choice.get("text")).unwrap_or_else(|| Testi::it(valore.clone()));
            let mut scelta = scelta(&valore, etichetta);
            scelta.quando = self.condition(choice, "visibleIf", &dove);
            campo.opzioni.push(scelta);
        }
    }

    fn rows(&mut self, json: &Value, dove: &str, campo: &mut Campo) {
        campo.minimo = limit(json.get("minPanelCount"), TipoCampo::Numero);
        campo.massimo = limit(json.get("maxPanelCount"), TipoCampo::Numero);
        if campo.massimo.is_none() {
            campo.massimo = Some(Formula::new("10"));
            self.note.say(dove, "quante righe al massimo non era detto: 10");
        }
        let prefix = format!("{}.", campo.nome);
        for (i, element) in list(json, "templateElements").iter().enumerate() {
            let inner = self.element(element, &format!("{dove}/templateElements/{i}"), &prefix);
            campo.campi.extend(inner);
        }
    }
}

/// `{x} = true` of a box `x`: it has to be ticked.
fn is_must(validator: &Value, name: &str) -> bool {
    let bare: String = text(validator, "expression").unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    bare == format!("{{{name}}}=true") || bare == format!("{{{name}}}==true")
}
