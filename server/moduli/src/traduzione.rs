//! Their expressions, written in our language. Theirs have no types and ours do: what a field is says which is meant.

use crate::nomi::Nomi;
use crate::sorgente::Es;
use domain::modulo::TipoCampo;

/// What comes of an expression, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Che {
    Importo,
    Numero,
    Testo,
    Data,
    Booleano,
    Elenco,
}

/// An expression of ours and its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scritta {
    pub testo: String,
    pub che: Che,
    /// How it has to stand inside another: operators in parentheses.
    semplice: bool,
}

type Esito = Result<Scritta, String>;

fn scritta(testo: impl Into<String>, che: Che, semplice: bool) -> Scritta {
    Scritta { testo: testo.into(), che, semplice }
}

impl Scritta {
    fn inside(&self) -> String {
        if self.semplice { self.testo.clone() } else { format!("({})", self.testo) }
    }

    /// In another type, where that is the same thing.
    fn into(self, che: Che) -> Self {
        match (self.che, che) {
            (Che::Numero, Che::Importo) if self.testo.bytes().all(|b| b.is_ascii_digit() || b == b',') => {
                scritta(format!("{} €", self.testo), Che::Importo, true)
            }
            (Che::Numero, Che::Importo) => scritta(format!("euro({})", self.testo), Che::Importo, true),
            // the empty text is what an amount without a value is there
            (Che::Testo, Che::Importo) if self.testo == "''" => scritta("0 €", Che::Importo, true),
            (Che::Testo, Che::Numero) if self.testo == "''" => scritta("0", Che::Numero, true),
            (Che::Importo | Che::Numero | Che::Data, Che::Testo) => scritta(format!("'' & {}", self.inside()), Che::Testo, false),
            _ => self,
        }
    }
}

/// A text between our quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''").replace(['\n', '\r'], " "))
}

/// # Errors
/// What has no translation.
pub(crate) fn write(es: &Es, nomi: &Nomi) -> Esito {
    Ok(match es {
        Es::Numero(number) => {
            let number = crate::campi::number(&serde_json::Value::String(number.clone())).ok_or("un numero che non si legge")?;
            scritta(number, Che::Numero, true)
        }
        Es::Testo(text) => scritta(quoted(text), Che::Testo, true),
        Es::Booleano(si) => scritta(if *si { "vero" } else { "falso" }, Che::Booleano, true),
        Es::Nome(name) => field(name, nomi)?,
        Es::Uno("!", part) => negated(part, nomi)?,
        Es::Uno("-", part) => {
            let part = write(part, nomi)?;
            scritta(format!("-{}", part.inside()), part.che, false)
        }
        Es::Uno(_, part) => scritta(format!("non {}", present(part, nomi)?), Che::Booleano, false),
        Es::Due(sign, left, right) => binary(sign, left, right, nomi)?,
        Es::Se(condition, then, otherwise) => {
            let condition = write(condition, nomi)?;
            let (then, otherwise) = alike(write(then, nomi)?, write(otherwise, nomi)?);
            scritta(format!("se({}; {}; {})", condition.testo, then.testo, otherwise.testo), then.che, true)
        }
        Es::Scelta(what, cases, otherwise) => switch(what, cases, otherwise.as_deref(), nomi)?,
        Es::Chiama(name, arguments) => call(name, arguments, nomi)?,
        Es::Metodo(of, name, arguments) => method(of, name, arguments, nomi)?,
        Es::Oggetto(_) => return Err("un oggetto".to_owned()),
    })
}

fn field(name: &str, nomi: &Nomi) -> Esito {
    let (name, tipo) = nomi.get(name).ok_or_else(|| format!("non c’è nessun campo `{name}`"))?;
    let che = match tipo {
        TipoCampo::Importo => Che::Importo,
        TipoCampo::Numero => Che::Numero,
        TipoCampo::Data => Che::Data,
        TipoCampo::Casella => Che::Booleano,
        TipoCampo::Scelte => Che::Elenco,
        TipoCampo::Calcolato => return Err(format!("`{name}` è calcolato: di che tipo è lo dice solo la sua formula")),
        TipoCampo::Gruppo | TipoCampo::Nota => return Err(format!("`{name}` non ha un valore")),
        _ => Che::Testo,
    };
    Ok(scritta(name.clone(), che, true))
}

/// Whether a field was filled in.
fn present(es: &Es, nomi: &Nomi) -> Result<String, String> {
    match es {
        Es::Nome(name) => Ok(format!("presente({})", field(name, nomi)?.testo)),
        Es::Chiama(name, arguments) if matches!((&name[..], &arguments[..]), ("Number" | "parseFloat" | "parseInt", [_])) => {
            present(&arguments[0], nomi)
        }
        _ => Err("di un calcolo non si chiede se è vuoto".to_owned()),
    }
}

fn negated(part: &Es, nomi: &Nomi) -> Esito {
    if let Es::Uno("empty", field) = part {
        return Ok(scritta(present(field, nomi)?, Che::Booleano, true));
    }
    let inside = write(part, nomi)?;
    // what is empty is false there
    let inside = if inside.che == Che::Booleano { inside } else { scritta(present(part, nomi)?, Che::Booleano, true) };
    Ok(scritta(format!("non {}", inside.inside()), Che::Booleano, false))
}

fn condition(es: &Es, nomi: &Nomi) -> Esito {
    let inside = write(es, nomi)?;
    if inside.che == Che::Booleano { Ok(inside) } else { Ok(scritta(present(es, nomi)?, Che::Booleano, true)) }
}

/// Both in the type of the one that says more.
fn alike(left: Scritta, right: Scritta) -> (Scritta, Scritta) {
    let che = match (left.che, right.che) {
        (Che::Importo, Che::Numero | Che::Testo) | (Che::Numero | Che::Testo, Che::Importo) => Che::Importo,
        (Che::Numero, Che::Testo) | (Che::Testo, Che::Numero) if left.testo == "''" || right.testo == "''" => Che::Numero,
        (Che::Testo, Che::Numero | Che::Data) | (Che::Numero | Che::Data, Che::Testo) => Che::Testo,
        (che, _) => che,
    };
    (left.into(che), right.into(che))
}

/// `x == ''` asks whether there is something.
fn asks_for_nothing<'a>(left: &'a Es, right: &'a Es) -> Option<&'a Es> {
    let is_nothing = |es: &Es| matches!(es, Es::Testo(text) if text.is_empty());
    match (left, right) {
        (field @ Es::Nome(_), nothing) | (nothing, field @ Es::Nome(_)) if is_nothing(nothing) => Some(field),
        _ => None,
    }
}

fn binary(sign: &str, left: &Es, right: &Es, nomi: &Nomi) -> Esito {
    let both = |word: &str| -> Esito {
        let (left, right) = (condition(left, nomi)?, condition(right, nomi)?);
        Ok(scritta(format!("{} {word} {}", left.inside(), right.inside()), Che::Booleano, false))
    };
    match sign {
        "&&" => return both("e"),
        "||" => return both("o"),
        "==" | "!=" => {
            if let Some(field) = asks_for_nothing(left, right) {
                let present = present(field, nomi)?;
                let testo = if sign == "==" { format!("non {present}") } else { present };
                return Ok(scritta(testo, Che::Booleano, sign == "!="));
            }
        }
        _ => {}
    }
    if let Some(found) = index_of(sign, left, right, nomi) {
        return found;
    }
    let (l, r) = (write(left, nomi)?, write(right, nomi)?);
    let word = match sign {
        "contains" => return Ok(scritta(format!("contiene({}; {})", l.testo, r.testo), Che::Booleano, true)),
        "==" => "=",
        "!=" => "<>",
        other => other,
    };
    // a box is compared with true, or with what it sends
    if let (Che::Booleano, "=" | "<>", Che::Testo) = (l.che, word, r.che) {
        return Err("una casella confrontata con un testo".to_owned());
    }
    if sign == "+" && (l.che == Che::Testo || r.che == Che::Testo) && l.testo != "''" && r.testo != "''" {
        return Ok(scritta(format!("{} & {}", l.inside(), r.inside()), Che::Testo, false));
    }
    if sign == "+" && (l.testo == "''" || r.testo == "''") {
        return Ok(scritta(format!("{} & {}", l.inside(), r.inside()), Che::Testo, false));
    }
    let (l, r) = if matches!(sign, "*" | "/") { (l, r) } else { alike(l, r) };
    let che = match sign {
        "+" | "-" => l.che,
        "*" if l.che == Che::Importo || r.che == Che::Importo => Che::Importo,
        "/" if l.che == Che::Importo && r.che == Che::Numero => Che::Importo,
        "*" | "/" => Che::Numero,
        _ => Che::Booleano,
    };
    let ok = match sign {
        "+" | "-" | "*" | "/" => [l.che, r.che].iter().all(|che| matches!(che, Che::Importo | Che::Numero)),
        _ => l.che == r.che,
    };
    if !ok {
        return Err(format!("`{sign}` tra cose di tipo diverso"));
    }
    Ok(scritta(format!("{} {word} {}", l.inside(), r.inside()), che, false))
}

/// `x.indexOf('a') >= 0`, in its many spellings.
fn index_of(sign: &str, left: &Es, right: &Es, nomi: &Nomi) -> Option<Esito> {
    let Es::Metodo(of, name, arguments) = left else { return None };
    if name != "indexOf" || arguments.len() != 1 {
        return None;
    }
    let minus_one = *right == Es::Uno("-", Box::new(Es::Numero("1".into())));
    let zero = *right == Es::Numero("0".into());
    let not = match sign {
        ">=" if zero => "",
        ">" | "!=" if minus_one => "",
        "<" if zero => "non ",
        "==" if minus_one => "non ",
        _ => return None,
    };
    Some(write(of, nomi).and_then(|of| {
        let what = write(&arguments[0], nomi)?;
        Ok(scritta(format!("{not}contiene({}; {})", of.testo, what.testo), Che::Booleano, not.is_empty()))
    }))
}

fn switch(what: &Es, cases: &[(Es, Es)], otherwise: Option<&Es>, nomi: &Nomi) -> Esito {
    let what = write(what, nomi)?;
    let otherwise = write(otherwise.ok_or("uno `switch` senza `default`")?, nomi)?;
    let mut testo = format!("scegli({}", what.testo);
    for (when, then) in cases {
        testo += &format!("; {}; {}", write(when, nomi)?.into(what.che).testo, write(then, nomi)?.into(otherwise.che).testo);
    }
    Ok(scritta(format!("{testo}; {})", otherwise.testo), otherwise.che, true))
}

fn call(name: &str, arguments: &[Es], nomi: &Nomi) -> Esito {
    match (name, arguments) {
        ("Number" | "parseFloat" | "parseInt" | "String", [inside]) => write(inside, nomi),
        ("isNaN", [inside]) => Ok(scritta(format!("non {}", present(inside, nomi)?), Che::Booleano, false)),
        ("today" | "currentDate", []) => Ok(scritta("oggi()", Che::Data, true)),
        ("today", [Es::Numero(days)]) => Ok(scritta(format!("piu_giorni(oggi(); {days})"), Che::Data, true)),
        ("iif", [condition, then, otherwise]) => {
            write(&Es::Se(Box::new(condition.clone()), Box::new(then.clone()), Box::new(otherwise.clone())), nomi)
        }
        ("age", [Es::Nome(birth)]) => Ok(scritta(format!("anni({}; oggi())", field(birth, nomi)?.testo), Che::Numero, true)),
        ("round", [inside]) => {
            let inside = write(inside, nomi)?;
            Ok(scritta(format!("arrotonda({})", inside.testo), inside.che, true))
        }
        ("sum", parts) if !parts.is_empty() => {
            let sum = parts[1..].iter().fold(parts[0].clone(), |sum, part| Es::Due("+", Box::new(sum), Box::new(part.clone())));
            write(&sum, nomi)
        }
        _ => Err(format!("la funzione `{name}`")),
    }
}

fn method(of: &Es, name: &str, arguments: &[Es], nomi: &Nomi) -> Esito {
    if let (Es::Nome(math), [inside]) = (of, arguments)
        && math == "Math"
    {
        let function = match name {
            "round" => "arrotonda",
            "ceil" => "per_eccesso",
            "floor" => "per_difetto",
            "abs" => "assoluto",
            _ => return Err(format!("`Math.{name}`")),
        };
        let inside = write(inside, nomi)?;
        return Ok(scritta(format!("{function}({})", inside.testo), inside.che, true));
    }
    let inside = write(of, nomi)?;
    let text = |testo: String| Ok(scritta(testo, Che::Testo, true));
    match (name, arguments) {
        // amounts have two decimals anyway
        ("toFixed", [Es::Numero(digits)]) if inside.che == Che::Importo && digits == "2" => Ok(inside),
        ("toFixed", [Es::Numero(digits)]) => Ok(scritta(format!("arrotonda({}; {digits})", inside.testo), inside.che, true)),
        ("toFixed", []) => Ok(scritta(format!("arrotonda({})", inside.testo), inside.che, true)),
        ("toString" | "trim", []) => Ok(inside),
        ("toUpperCase", []) => text(format!("maiuscolo({})", inside.testo)),
        ("toLowerCase", []) => text(format!("minuscolo({})", inside.testo)),
        ("length", []) if inside.che == Che::Elenco => Ok(scritta(format!("conta({})", inside.testo), Che::Numero, true)),
        ("length", []) => Ok(scritta(format!("lunghezza({})", inside.into(Che::Testo).testo), Che::Numero, true)),
        ("replace", [Es::Testo(what), Es::Testo(with)]) => {
            let inside = inside.into(Che::Testo);
            text(format!("sostituisci({}; {}; {})", inside.testo, quoted(what), quoted(with)))
        }
        ("substring", [Es::Numero(from), Es::Numero(to)]) => {
            let (Ok(from), Ok(to)) = (from.parse::<u16>(), to.parse::<u16>()) else { return Err("`substring`".to_owned()) };
            text(format!("parte({}; {}; {})", inside.into(Che::Testo).testo, from.saturating_add(1), to.saturating_sub(from)))
        }
        ("padStart", [Es::Numero(length), Es::Testo(with)]) => {
            text(format!("riempi({}; {length}; {})", inside.testo, quoted(with)))
        }
        ("includes", [what]) => {
            Ok(scritta(format!("contiene({}; {})", inside.testo, write(what, nomi)?.testo), Che::Booleano, true))
        }
        _ => Err(format!("`.{name}()`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sorgente::read;

    fn nomi() -> Nomi {
        let mut nomi = Nomi::default();
        for (name, tipo) in [
            ("importoBL", TipoCampo::Importo),
            ("importoPD", TipoCampo::Importo),
            ("anno", TipoCampo::Numero),
            ("mese", TipoCampo::Scelta),
            ("nota", TipoCampo::Testo),
            ("nascita", TipoCampo::Data),
            ("ditta", TipoCampo::Casella),
            ("zone", TipoCampo::Scelte),
        ] {
            nomi.add(name, "", tipo);
        }
        nomi
    }

    fn translated(text: &str) -> Result<String, String> {
        read(text).and_then(|es| write(&es, &nomi())).map(|scritta| scritta.testo)
    }

    #[test]
    fn what_forms_really_say_is_said_in_our_language() {
        for (source, expected) in [
            // a FieldBean of the accise
            (
                "return (isNaN(importoBL) ? 0 : Number(importoBL)) + (isNaN(importoPD) ? 0 : Number(importoPD));",
                "se(non presente(importo_bl); 0 €; importo_bl) + se(non presente(importo_pd); 0 €; importo_pd)",
            ),
            ("(importoBL + importoPD).toFixed(2)", "importo_bl + importo_pd"),
            ("parent.importoBL * 0.5", "importo_bl * 0,5"),
            ("importoBL >= 100 && anno != 2025", "(importo_bl >= 100 €) e (anno <> 2025)"),
            ("mese.indexOf('gen') >= 0", "contiene(mese; 'gen')"),
            ("mese.indexOf('gen') == -1 || !ditta", "(non contiene(mese; 'gen')) o (non ditta)"),
            (
                "switch (mese) { case 'gennaio': return 1; case 'febbraio': return 2; default: return 0; }",
                "scegli(mese; 'gennaio'; 1; 'febbraio'; 2; 0)",
            ),
            ("'ACC ' + nota + ' ' + anno", "(('ACC ' & nota) & ' ') & anno"),
            ("(importoBL + '').replace('.', '')", "sostituisci(importo_bl & ''; '.'; '')"),
            ("nota.substring(0, 3).toUpperCase() + nota.length", "maiuscolo(parte(nota; 1; 3)) & lunghezza(nota)"),
            ("nota == '' ? 'l\u{2019}altro' : nota", "se(non presente(nota); 'l\u{2019}altro'; nota)"),
            ("Math.ceil(importoBL / 3)", "per_eccesso(importo_bl / 3)"),
            // conditions of SurveyJS
            ("{mese} = 'temporaneo'", "mese = 'temporaneo'"),
            ("{nota} notempty and ({anno} > 2020 or {ditta} = true)", "presente(nota) e ((anno > 2020) o (ditta = vero))"),
            ("{zone} contains 'centro'", "contiene(zone; 'centro')"),
            ("{zone} empty", "non presente(zone)"),
            ("today()", "oggi()"),
            ("iif({anno} = 1, {importoBL}, 12.50)", "se(anno = 1; importo_bl; 12,5 €)"),
            ("age({nascita}) >= 18", "anni(nascita; oggi()) >= 18"),
        ] {
            assert_eq!(translated(source).as_deref(), Ok(expected), "{source}");
        }
    }

    #[test]
    fn what_has_no_translation_is_told() {
        for (source, words) in [
            ("document.cookie", "nessun campo"),
            ("fetch('https://evil.example')", "funzione `fetch`"),
            ("CFValidator({nota}, {mese})", "funzione `CFValidator`"),
            ("eval(nota)", "funzione `eval`"),
            ("for (var i = 0; i < 3; i++) {}", "manca `)`"),
            ("a => b", "non si traduce"),
            ("`testo`", "non si traduce"),
            ("'a\\'b'", "`\\`"),
            ("'aperto", "non finisce"),
            ("(1", "manca `)`"),
            ("1 +", "a metà"),
            ("nota + ", "a metà"),
            ("nota.charCodeAt(0)", "charCodeAt"),
            ("switch (mese) { case 'a': return 1; }", "senza `default`"),
            ("switch (mese) { case 'a': x = 1; break; }", "restituisce"),
            ("ignoto + 1", "nessun campo `ignoto`"),
            ("nota - 1", "tipo diverso"),
            ("{ok: true}", "oggetto"),
        ] {
            let error = translated(source).expect_err(source);
            assert!(error.contains(words), "{source}: {error}");
        }
        assert!(translated(&"(".repeat(500)).is_err() && translated(&"!".repeat(500)).is_err());
        for (source, words) in [("1+", "di fila"), ("a.b().", "di fila"), ("nota == ", "di fila"), ("1?1:", "parentesi")] {
            let error = translated(&(source.repeat(900) + "1")).unwrap_err();
            assert!(error.contains(words), "{source}: {error}");
        }
        assert!(translated(&"1+".repeat(5_000)).unwrap_err().contains("troppo lunga"));
    }
}
