//! MyPay, and Piattaforma Unitaria after it: a list of FieldBeans. Their expressions are JavaScript, which is read and not run.

use crate::Importato;
use crate::campi::{Note, filled, limit, list, number, pattern, scelta, text, texts, truth};
use crate::nomi::Nomi;
use crate::sorgente::{Es, read};
use crate::traduzione::{Che, Scritta, write};
use domain::Modulo;
use domain::modulo::{Campo, Formula, Regola, Scelta, Sezione, Testi, TipoCampo, limiti};
use serde_json::Value;

/// What only their editor and their lists look at.
const ALTRO: [&str; 22] = [
    "htmlClass",
    "bindCms",
    "insertableOrder",
    "renderableOrder",
    "searchableOrder",
    "listableOrder",
    "indexableOrder",
    "associationOrder",
    "detailLinkOrder",
    "groupBy",
    "insertable",
    "renderable",
    "listable",
    "searchable",
    "detailLink",
    "association",
    "indexable",
    "associationField",
    "id",
    "uid",
    "hiddenDependsOnUids",
    "valueDependsOnUids",
];

#[derive(Default)]
struct Lettore {
    note: Note,
    nomi: Nomi,
    sezioni: Vec<Sezione>,
    regole: Vec<Regola>,
    /// What adds up to the amount.
    totale: Vec<String>,
    /// A label that shows the amount.
    mostrato: Option<String>,
    causale: Option<Formula>,
}

pub(crate) fn import(json: &Value) -> Importato {
    let mut lettore = Lettore::default();
    let found = ["", "/fields", "/fieldBeans", "/structure/fields"]
        .into_iter()
        .find_map(|at| json.pointer(at).and_then(Value::as_array).map(|beans| (at, beans)));
    let Some((at, beans)) = found else {
        lettore.note.say("", "non c’è un elenco di FieldBean");
        return Importato { modulo: Modulo::default(), note: lettore.note.0 };
    };
    lettore.sezioni.push(Sezione { titolo: Testi::it("Dati"), ..Sezione::default() });
    for (i, bean) in ordered(beans) {
        lettore.bean(bean, &format!("{at}/{i}"));
    }
    let importo = lettore.mostrato.take().or_else(|| (!lettore.totale.is_empty()).then(|| lettore.totale.join(" + ")));
    if importo.is_none() {
        lettore.note.say("", "non si capisce quanto si paga: scrivi `importo`");
    }
    let (sezioni, regole, causale) = (filled(lettore.sezioni), lettore.regole, lettore.causale);
    let modulo = Modulo { sezioni, regole, importo: importo.map(Formula::new), causale, ..Modulo::default() };
    Importato { modulo, note: lettore.note.0 }
}

/// In the order of the page, each with its place in the source.
fn ordered(beans: &[Value]) -> Vec<(usize, &Value)> {
    let mut beans: Vec<_> = beans.iter().enumerate().collect();
    beans.sort_by_key(|(_, bean)| bean.get("insertableOrder").and_then(Value::as_i64).unwrap_or(i64::MAX));
    beans
}

impl Lettore {
    /// Fields one by one; a tab, or a group that is there once, is a section.
    fn bean(&mut self, bean: &Value, dove: &str) {
        let render = text(bean, "htmlRender").unwrap_or("TEXT");
        let many = bean.get("maxOccurences").and_then(Value::as_u64).is_some_and(|most| most > 1);
        if render == "TAB" || (render == "MULTIFIELD" && !many) {
            let titolo = label(bean).or_else(|| texts(bean.pointer("/extraAttr/tab_description")));
            let visibile = self.hidden(bean, dove);
            self.known(bean, dove, &["extraAttr", "minOccurences", "maxOccurences", "required"]);
            self.sezioni.push(Sezione { titolo: titolo.unwrap_or_else(|| Testi::it("Dati")), visibile, ..Sezione::default() });
            for (i, inner) in ordered(list(bean, "subfields")) {
                self.bean(inner, &format!("{dove}/subfields/{i}"));
            }
            self.sezioni.push(Sezione { titolo: Testi::it("Altri dati"), ..Sezione::default() });
        } else if let Some(campo) = self.field(bean, dove, "")
            && let Some(sezione) = self.sezioni.last_mut()
        {
            sezione.campi.push(campo);
        }
    }

    fn known(&mut self, bean: &Value, dove: &str, more: &[&str]) {
        let own = ["name", "htmlRender", "htmlLabel", "subfields", "hiddenDependsOn"];
        self.note.rest(dove, bean, &[&own[..], &ALTRO, more].concat());
    }

    fn field(&mut self, bean: &Value, dove: &str, prefix: &str) -> Option<Campo> {
        let name = text(bean, "name").unwrap_or("campo");
        let render = text(bean, "htmlRender").unwrap_or("TEXT");
        let validation = bean.pointer("/extraAttr/validation_type").and_then(Value::as_str);
        let tipo = match (render, validation) {
            ("TEXT", Some("id_univoco_FG")) => TipoCampo::CodiceFiscale,
            ("TEXT", Some("data")) | ("DATE", _) => TipoCampo::Data,
            ("TEXT" | "INTEGER", Some("yearInRange")) | ("INTEGER" | "DOUBLE", _) => TipoCampo::Numero,
            ("TEXT", None) => TipoCampo::Testo,
            ("TEXT", Some(other)) => {
                self.note.say(&format!("{dove}/extraAttr/validation_type"), format!("il controllo `{other}` non si traduce"));
                TipoCampo::Testo
            }
            ("DATETIME", _) => {
                self.note.say(dove, format!("`{name}`: l’ora non si chiede, resta la data"));
                TipoCampo::Data
            }
            ("BOOLEAN", _) => TipoCampo::Casella,
            ("TEXTAREA" | "HTMLAREA", _) => TipoCampo::Area,
            ("SELECT" | "SINGLESELECT", _) => TipoCampo::Scelta,
            ("DYNAMIC_SELECT", _) => {
                self.note
                    .say(dove, format!("`{name}`: che cosa dipende da che cosa va scritto con `quando` accanto alle scelte"));
                TipoCampo::Scelta
            }
            ("MULTISELECT", _) => TipoCampo::Scelte,
            ("CURRENCY", _) => TipoCampo::Importo,
            ("CURRENCY_LABEL" | "DYNAMIC_AMOUNT_LABEL" | "NONE", _) => TipoCampo::Calcolato,
            ("LABEL", _) => TipoCampo::Nota,
            ("MULTIFIELD", _) if prefix.is_empty() => TipoCampo::Gruppo,
            (other, _) => {
                self.note.say(dove, format!("`{name}`: un campo `{other}` non si traduce"));
                return None;
            }
        };
        let mut campo = Campo { tipo, etichetta: label(bean).unwrap_or_else(|| Testi::it(name)), ..Campo::default() };
        campo.aiuto = texts(bean.get("helpMessage"))
            .or_else(|| texts(bean.pointer("/extraAttr/help_message")))
            .or_else(|| texts(bean.get("htmlPlaceholder")));
        campo.visibile = self.hidden(bean, dove);
        if tipo == TipoCampo::Calcolato {
            return self.reckoned(bean, dove, prefix, campo);
        }
        self.depends(bean, dove, &mut campo);
        self.limits(bean, dove, &mut campo);
        campo.nome = self.nomi.add(name, prefix, campo.tipo);
        self.valid(bean, dove, &format!("{prefix}{}", campo.nome));
        self.extra(bean, dove, prefix, &campo);
        if tipo == TipoCampo::Gruppo {
            self.rows(bean, dove, &mut campo);
        }
        self.known(
            bean,
            dove,
            &[
                "required",
                "regex",
                "htmlPlaceholder",
                "defaultValue",
                "minOccurences",
                "maxOccurences",
                "enumerationList",
                "errorMessage",
                "helpMessage",
                "validDependsOn",
                "valueDependsOn",
                "mandatoryDependsOn",
                "enabledDependsOn",
                "validDependsOnUids",
                "mandatoryDependsOnUids",
                "enabledDependsOnUids",
                "extraAttr",
            ],
        );
        Some(campo)
    }

    fn translate(&mut self, bean: &Value, member: &str, dove: &str) -> Option<Scritta> {
        let source = text(bean, member)?;
        match read(source).and_then(|es| write(&es, &self.nomi)) {
            Ok(scritta) => Some(scritta),
            Err(why) => {
                self.note.say(&format!("{dove}/{member}"), format!("questo JavaScript non si traduce: {why}"));
                None
            }
        }
    }

    fn condition(&mut self, bean: &Value, member: &str, dove: &str) -> Option<Formula> {
        let scritta = self.translate(bean, member, dove)?;
        if scritta.che == Che::Booleano {
            return Some(Formula::new(scritta.testo));
        }
        self.note.say(&format!("{dove}/{member}"), "non dice sì o no");
        None
    }

    fn hidden(&mut self, bean: &Value, dove: &str) -> Option<Formula> {
        let hidden = self.condition(bean, "hiddenDependsOn", dove)?;
        Some(Formula::new(format!("non ({})", hidden.as_str())))
    }

    /// `optional` decides where it is there: "true" is optional, anything else is not. Otherwise once at the least is required.
    fn depends(&mut self, bean: &Value, dove: &str, campo: &mut Campo) {
        if matches!(campo.tipo, TipoCampo::Gruppo | TipoCampo::Nota) {
            return;
        }
        let optional = bean.pointer("/extraAttr/optional").map(|value| value.as_str() == Some("true"));
        let some =
            || bean.get("minOccurences").and_then(Value::as_u64).map_or_else(|| truth(bean, "required"), |least| least > 0);
        let is_required = optional.map_or_else(some, |optional| !optional);
        campo.obbligatorio = match (self.condition(bean, "mandatoryDependsOn", dove), campo.tipo) {
            (Some(condition), _) => Some(condition),
            (None, TipoCampo::Casella) => None,
            (None, _) => (!is_required).then(|| Formula::new("falso")),
        };
        campo.attivo = self.condition(bean, "enabledDependsOn", dove);
        campo.predefinito = match self.translate(bean, "valueDependsOn", dove) {
            Some(scritta) => Some(Formula::new(scritta.testo)),
            None => text(bean, "defaultValue").and_then(|value| typed(value, campo.tipo)),
        };
        if campo.tipo == TipoCampo::Scelte && campo.predefinito.take().is_some() {
            self.note.say(&format!("{dove}/defaultValue"), "più scelte insieme non si preparano");
        }
    }

    fn limits(&mut self, bean: &Value, dove: &str, campo: &mut Campo) {
        let years = |member: &str| bean.pointer(&format!("/extraAttr/{member}")).and_then(number);
        let checked = bean.pointer("/extraAttr/validation_type").is_some();
        if bean.pointer("/extraAttr/validation_type").and_then(Value::as_str) == Some("yearInRange") {
            campo.minimo = years("val_min").map(|years| Formula::new(format!("anno(oggi()) - {years}")));
            campo.massimo = years("val_max").map(|years| Formula::new(format!("anno(oggi()) + {years}")));
        }
        if text(bean, "htmlRender") == Some("DOUBLE") {
            campo.decimali = Some(4);
        }
        // there, a pattern is not looked at where something else judges the field
        if let Some(regex) = text(bean, "regex").filter(|_| campo.tipo == TipoCampo::Testo && !checked) {
            pattern(campo, regex, &format!("{dove}/regex"), &mut self.note);
            let said = texts(bean.get("errorMessage")).or_else(|| texts(bean.pointer("/extraAttr/error_message")));
            campo.errore = said.filter(|_| campo.modello.is_some());
        }
        if matches!(campo.tipo, TipoCampo::Scelta | TipoCampo::Scelte) {
            campo.opzioni = list(bean, "enumerationList").iter().filter_map(choice).collect();
            if campo.opzioni.is_empty() {
                self.note.say(dove, "le scelte non sono nel modulo: scrivi `opzioni`");
            }
        }
    }

    /// A value that is shown, or only used. The label of an amount is the amount.
    fn reckoned(&mut self, bean: &Value, dove: &str, prefix: &str, mut campo: Campo) -> Option<Campo> {
        let name = text(bean, "name").unwrap_or("campo");
        let render = text(bean, "htmlRender").unwrap_or_default();
        self.known(
            bean,
            dove,
            &["valueDependsOn", "extraAttr", "required", "minOccurences", "maxOccurences", "helpMessage", "defaultValue"],
        );
        let Some(scritta) = self.translate(bean, "valueDependsOn", dove) else {
            if render != "NONE" {
                self.note.say(dove, format!("`{name}`: non si sa come si calcola"));
            }
            return None;
        };
        let tipo = match scritta.che {
            Che::Importo => TipoCampo::Importo,
            Che::Numero => TipoCampo::Numero,
            Che::Data => TipoCampo::Data,
            Che::Booleano => TipoCampo::Casella,
            Che::Elenco => TipoCampo::Scelte,
            Che::Testo => TipoCampo::Testo,
        };
        campo.nome = self.nomi.add(name, prefix, tipo);
        campo.formula = Some(Formula::new(scritta.testo));
        if render == "NONE" {
            campo.etichetta = Testi::default();
        } else if scritta.che == Che::Importo && prefix.is_empty() {
            self.mostrato = Some(campo.nome.clone());
        }
        self.extra(bean, dove, prefix, &campo);
        Some(campo)
    }

    /// `{ok, msg}` is what a rule says.
    fn valid(&mut self, bean: &Value, dove: &str, campo: &str) {
        let Some(source) = text(bean, "validDependsOn") else { return };
        let told = |es: &Es| match es {
            Es::Oggetto(members) => {
                let get = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, es)| es.clone());
                Some((get("ok")?, get("msg")))
            }
            _ => None,
        };
        let read = read(source);
        let (es, message) = match &read {
            Ok(Es::Se(condition, then, otherwise)) => match (told(then), told(otherwise)) {
                (Some((Es::Booleano(true), _)), Some((Es::Booleano(false), message))) => (Ok((**condition).clone()), message),
                (Some((Es::Booleano(false), message)), Some((Es::Booleano(true), _))) => {
                    (Ok(Es::Uno("!", condition.clone())), message)
                }
                _ => (read.clone(), None),
            },
            _ => (read.clone(), None),
        };
        match es.and_then(|es| write(&es, &self.nomi)) {
            Ok(Scritta { testo, che: Che::Booleano, .. }) => {
                let message =
                    if let Some(Es::Testo(message)) = message { message } else { "Ricontrolla questo campo.".to_owned() };
                self.regole.push(Regola { vale: Formula::new(testo), campo: campo.to_owned(), messaggio: Testi::it(message) });
            }
            Ok(_) => self.note.say(&format!("{dove}/validDependsOn"), "non dice sì o no"),
            Err(why) => self.note.say(&format!("{dove}/validDependsOn"), format!("questo JavaScript non si traduce: {why}")),
        }
    }

    fn extra(&mut self, bean: &Value, dove: &str, prefix: &str, campo: &Campo) {
        let Some(extra) = bean.get("extraAttr") else { return };
        let dove = format!("{dove}/extraAttr");
        if truth(extra, "total_included") && campo.tipo == TipoCampo::Importo {
            let name = format!("{prefix}{}", campo.nome);
            self.totale.push(match prefix.strip_suffix('.') {
                Some(gruppo) => format!("somma({gruppo}; {name})"),
                None => name,
            });
        }
        if text(extra, "causale_function").is_some() {
            let scritta = self.translate(extra, "causale_function", &dove);
            match scritta {
                Some(Scritta { testo, che: Che::Testo, .. }) if self.causale.is_none() => {
                    self.causale = Some(Formula::new(testo))
                }
                Some(_) => self.note.say(&format!("{dove}/causale_function"), "la causale è un testo, e una sola"),
                None => {}
            }
        }
        let known = [
            "error_message",
            "help_message",
            "validation_type",
            "val_min",
            "val_max",
            "dateFormat",
            "optional",
            "tab_description",
            "total_included",
            "causale_function",
            "causale_function_uids",
            "causale_visualizzata_function_uids",
        ];
        self.note.rest(&dove, extra, &known);
    }

    fn rows(&mut self, bean: &Value, dove: &str, campo: &mut Campo) {
        campo.minimo = limit(bean.get("minOccurences"), TipoCampo::Numero);
        let most = bean.get("maxOccurences").and_then(Value::as_u64).unwrap_or(1);
        if most > u64::from(limiti::RIGHE_MAX) {
            self.note.say(dove, format!("{most} righe sono troppe: {}", limiti::RIGHE_MAX));
        }
        campo.massimo = Some(Formula::new(most.min(u64::from(limiti::RIGHE_MAX)).to_string()));
        let prefix = format!("{}.", campo.nome);
        for (i, inner) in ordered(list(bean, "subfields")) {
            let inner = self.field(inner, &format!("{dove}/subfields/{i}"), &prefix);
            campo.campi.extend(inner);
        }
    }
}

fn label(bean: &Value) -> Option<Testi> {
    texts(bean.get("htmlLabel"))
}

/// A plain text, or a value with its label.
fn choice(value: &Value) -> Option<Scelta> {
    if let Some(valore) = value.as_str().map(str::trim).filter(|valore| !valore.is_empty()) {
        return Some(scelta(valore, Testi::it(valore)));
    }
    let valore = text(value, "value").or_else(|| text(value, "code"))?;
    Some(scelta(valore, texts(value.get("label")).unwrap_or_else(|| Testi::it(valore))))
}

/// What stands in a new form, in the type of the field.
fn typed(value: &str, tipo: TipoCampo) -> Option<Formula> {
    let plain = number(&Value::String(value.to_owned()));
    match tipo {
        TipoCampo::Importo => plain.map(|number| Formula::new(format!("{number} €"))),
        TipoCampo::Numero => plain.map(Formula::new),
        TipoCampo::Casella => Some(Formula::new(if value == "true" { "vero" } else { "falso" })),
        TipoCampo::Data => None,
        _ => Some(Formula::new(crate::traduzione::quoted(value))),
    }
}
