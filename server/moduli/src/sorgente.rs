//! The expressions of the sources, read: the part of JavaScript that FieldBeans use and the conditions of SurveyJS. Never run.

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Es {
    /// As it was written: `0.5`.
    Numero(String),
    Testo(String),
    Booleano(bool),
    /// `a.b` in JavaScript, `{a.b}` in SurveyJS.
    Nome(String),
    Uno(&'static str, Box<Es>),
    Due(&'static str, Box<Es>, Box<Es>),
    Se(Box<Es>, Box<Es>, Box<Es>),
    Chiama(String, Vec<Es>),
    /// `x.toFixed(2)`; without arguments also `x.length`.
    Metodo(Box<Es>, String, Vec<Es>),
    Oggetto(Vec<(String, Es)>),
    /// What, the cases, and what else.
    Scelta(Box<Es>, Vec<(Es, Es)>, Option<Box<Es>>),
}

/// Of one expression: longer ones are programs.
const LUNGHEZZA_MAX: usize = 8_000;
/// Parentheses in parentheses.
const FONDO_MAX: usize = 60;
/// Operators, or methods, one after the other: our language has as many.
const FILA_MAX: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segno {
    Numero(String),
    Testo(String),
    Nome(String),
    Riferimento(String),
    Simbolo(&'static str),
}

const SIMBOLI: [&str; 31] = [
    "===", "!==", "==", "!=", "<=", ">=", "<>", "&&", "||", "<", ">", "=", "!", "+", "-", "*", "/", "%", "(", ")", "{", "}", "[",
    "]", "?", ":", ";", ",", ".", "|", "&",
];

/// Words of SurveyJS that stand between two things.
const PAROLE: [(&str, &str); 9] = [
    ("and", "&&"),
    ("or", "||"),
    ("equal", "=="),
    ("notequal", "!="),
    ("greater", ">"),
    ("less", "<"),
    ("greaterorequal", ">="),
    ("lessorequal", "<="),
    ("contains", "contains"),
];

/// # Errors
/// What stands where reading ends.
pub(crate) fn read(text: &str) -> Result<Es, String> {
    if text.len() > LUNGHEZZA_MAX {
        return Err("troppo lunga".to_owned());
    }
    let mut lettore = Lettore { segni: split(text)?, at: 0, fondo: 0 };
    let es = lettore.program()?;
    match lettore.segni.get(lettore.at) {
        None => Ok(es),
        Some(segno) => Err(format!("`{}` non si traduce", show(segno))),
    }
}

fn show(segno: &Segno) -> String {
    match segno {
        Segno::Numero(text) | Segno::Testo(text) | Segno::Nome(text) | Segno::Riferimento(text) => {
            text.chars().take(40).collect()
        }
        Segno::Simbolo(simbolo) => (*simbolo).to_owned(),
    }
}

fn split(text: &str) -> Result<Vec<Segno>, String> {
    let mut segni = Vec::new();
    let mut rest = text.trim();
    while let Some(c) = rest.chars().next() {
        let taken = |is: fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let length = match c {
            '0'..='9' => {
                let end = taken(|c| c.is_ascii_digit() || c == '.');
                segni.push(Segno::Numero(rest[..end].to_owned()));
                end
            }
            '\'' | '"' => {
                let end = rest[1..].find(c).ok_or("un testo che non finisce")? + 1;
                if rest[..end].contains('\\') {
                    return Err("un testo con `\\`".to_owned());
                }
                segni.push(Segno::Testo(rest[1..end].to_owned()));
                end + 1
            }
            // a reference of SurveyJS; an object of JavaScript has a colon or is empty
            '{' if rest[1..].find(['}', ':', ';', '(']).is_some_and(|at| at > 0 && rest[at + 1..].starts_with('}')) => {
                let end = rest.find('}').unwrap_or(0);
                segni.push(Segno::Riferimento(rest[1..end].trim().to_owned()));
                end + 1
            }
            c if c.is_alphabetic() || c == '_' || c == '$' => {
                let end = taken(|c| c.is_alphanumeric() || c == '_' || c == '$');
                segni.push(Segno::Nome(rest[..end].to_owned()));
                end
            }
            c => {
                let simbolo =
                    SIMBOLI.iter().find(|simbolo| rest.starts_with(**simbolo)).ok_or(format!("`{c}` non si traduce"))?;
                segni.push(Segno::Simbolo(simbolo));
                simbolo.len()
            }
        };
        rest = rest[length..].trim_start();
    }
    Ok(segni)
}

struct Lettore {
    segni: Vec<Segno>,
    at: usize,
    fondo: usize,
}

type Letto = Result<Es, String>;

impl Lettore {
    fn peek(&self) -> Option<&Segno> {
        self.segni.get(self.at)
    }

    fn is(&self, simbolo: &str) -> bool {
        matches!(self.peek(), Some(Segno::Simbolo(s)) if *s == simbolo)
    }

    fn take(&mut self, simbolo: &str) -> bool {
        let found = self.is(simbolo);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Segno::Nome(name)) if name == word);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, simbolo: &'static str) -> Result<(), String> {
        if self.take(simbolo) { Ok(()) } else { Err(format!("manca `{simbolo}`")) }
    }

    /// `return …;`, a switch that returns, or the expression alone.
    fn program(&mut self) -> Letto {
        if self.word("switch") {
            return self.switch();
        }
        self.word("return");
        let es = self.ternary()?;
        self.take(";");
        Ok(es)
    }

    fn switch(&mut self) -> Letto {
        self.need("(")?;
        let what = self.ternary()?;
        self.need(")")?;
        self.need("{")?;
        let (mut cases, mut otherwise) = (Vec::new(), None);
        while !self.take("}") {
            let when = if self.word("case") {
                Some(self.atom()?)
            } else if self.word("default") {
                None
            } else {
                return Err("uno `switch` che non restituisce sempre qualcosa".to_owned());
            };
            self.need(":")?;
            if !self.word("return") {
                return Err("uno `switch` che non restituisce sempre qualcosa".to_owned());
            }
            let then = self.ternary()?;
            self.take(";");
            match when {
                Some(when) => cases.push((when, then)),
                None => otherwise = Some(Box::new(then)),
            }
        }
        Ok(Es::Scelta(Box::new(what), cases, otherwise))
    }

    fn ternary(&mut self) -> Letto {
        self.fondo += 1;
        if self.fondo > FONDO_MAX {
            return Err("troppe parentesi".to_owned());
        }
        let condition = self.binary(1)?;
        let es = if self.take("?") {
            let then = self.ternary()?;
            self.need(":")?;
            Es::Se(Box::new(condition), Box::new(then), Box::new(self.ternary()?))
        } else {
            condition
        };
        self.fondo -= 1;
        Ok(es)
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let sign = match self.peek()? {
            Segno::Simbolo(simbolo) => *simbolo,
            Segno::Nome(word) => PAROLE.iter().find(|(name, _)| name == word)?.1,
            _ => return None,
        };
        Some(match sign {
            "||" => ("||", 1),
            "&&" => ("&&", 2),
            "=" | "==" | "===" => ("==", 3),
            "!=" | "!==" | "<>" => ("!=", 3),
            "<" | "<=" | ">" | ">=" | "contains" => (sign, 4),
            "+" | "-" => (sign, 5),
            "*" | "/" => (sign, 6),
            _ => return None,
        })
    }

    fn binary(&mut self, least: u8) -> Letto {
        let mut left = self.unary()?;
        for _ in 0..FILA_MAX {
            if self.word("empty") {
                left = Es::Uno("empty", Box::new(left));
            } else if self.word("notempty") {
                left = Es::Uno("!", Box::new(Es::Uno("empty", Box::new(left))));
            } else if let Some((sign, binds)) = self.operator().filter(|(_, binds)| *binds >= least) {
                self.at += 1;
                let right = self.binary(binds + 1)?;
                left = Es::Due(sign, Box::new(left), Box::new(right));
            } else {
                return Ok(left);
            }
        }
        Err("troppi operatori di fila".to_owned())
    }

    fn unary(&mut self) -> Letto {
        for sign in ["!", "-"] {
            if self.take(sign) {
                self.fondo += 1;
                if self.fondo > FONDO_MAX {
                    return Err("troppe parentesi".to_owned());
                }
                let inside = self.unary()?;
                self.fondo -= 1;
                return Ok(Es::Uno(sign, Box::new(inside)));
            }
        }
        // a plus before something makes a number of it
        self.take("+");
        self.postfix()
    }

    fn postfix(&mut self) -> Letto {
        let mut es = self.atom()?;
        let mut many = 0;
        while self.is(".") {
            self.at += 1;
            many += 1;
            if many > FILA_MAX {
                return Err("troppi punti di fila".to_owned());
            }
            let Some(Segno::Nome(name)) = self.peek().cloned() else { return Err("un punto senza nome".to_owned()) };
            self.at += 1;
            es = match es {
                Es::Nome(of) if !self.is("(") && name != "length" => Es::Nome(format!("{of}.{name}")),
                es => {
                    let arguments = if self.take("(") { self.arguments()? } else { Vec::new() };
                    Es::Metodo(Box::new(es), name, arguments)
                }
            };
        }
        Ok(es)
    }

    fn arguments(&mut self) -> Result<Vec<Es>, String> {
        let mut arguments = Vec::new();
        while !self.take(")") {
            arguments.push(self.ternary()?);
            if !self.take(",") && !self.is(")") {
                return Err("manca `)`".to_owned());
            }
        }
        Ok(arguments)
    }

    fn atom(&mut self) -> Letto {
        let segno = self.peek().cloned().ok_or("finisce a metà")?;
        self.at += 1;
        Ok(match segno {
            Segno::Numero(number) => Es::Numero(number),
            Segno::Testo(text) => Es::Testo(text),
            Segno::Riferimento(name) => Es::Nome(name),
            Segno::Nome(word) if word == "true" || word == "false" => Es::Booleano(word == "true"),
            Segno::Nome(word) if word == "null" || word == "undefined" => Es::Testo(String::new()),
            Segno::Nome(word) if self.take("(") => Es::Chiama(word, self.arguments()?),
            Segno::Nome(word) => Es::Nome(word),
            Segno::Simbolo("(") => {
                let inside = self.ternary()?;
                self.need(")")?;
                inside
            }
            Segno::Simbolo("{") => {
                let mut members = Vec::new();
                while !self.take("}") {
                    let (Some(Segno::Nome(name) | Segno::Testo(name)), true) = (self.peek().cloned(), members.len() < 20) else {
                        return Err("un oggetto che non si legge".to_owned());
                    };
                    self.at += 1;
                    self.need(":")?;
                    members.push((name, self.ternary()?));
                    self.take(",");
                }
                Es::Oggetto(members)
            }
            // a list, as `invalidFields` has it
            Segno::Simbolo("[") => {
                let mut items = Vec::new();
                while !self.take("]") {
                    items.push(self.ternary()?);
                    if !self.take(",") && !self.is("]") {
                        return Err("manca `]`".to_owned());
                    }
                }
                Es::Chiama("[]".to_owned(), items)
            }
            other => return Err(format!("`{}` non si traduce", show(&other))),
        })
    }
}
