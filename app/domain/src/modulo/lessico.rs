//! Expressions, letter by letter: what the words are.

use super::rilievo::Difetto;
use super::valore::{Numero, of_digits};

/// A word, a number, a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segno {
    Numero(Numero),
    Testo(String),
    Nome(String),
    Simbolo(&'static str),
    Fine,
}

/// Longer ones first: `<=` is not `<` and `=`.
const SIMBOLI: [&str; 18] = ["<=", ">=", "<>", "<", ">", "=", "+", "-", "*", "/", "&", "(", ")", ";", ".", "%", "€", "−"];

/// Reads one after the other; `at` is what stands before, `col` where the last one began, from 1.
pub(super) struct Lessico {
    chars: Vec<char>,
    at: usize,
    pub col: usize,
}

impl Lessico {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0, col: 1 }
    }

    fn while_(&mut self, is: fn(char) -> bool) -> String {
        let rest = &self.chars[self.at..];
        let word: String = rest.iter().take_while(|c| is(**c)).collect();
        self.at += word.chars().count();
        word
    }

    pub(super) fn next(&mut self) -> Result<Segno, Difetto> {
        self.while_(char::is_whitespace);
        self.col = self.at + 1;
        let Some(&c) = self.chars.get(self.at) else { return Ok(Segno::Fine) };
        if c.is_ascii_digit() {
            return self.numero().map(Segno::Numero);
        }
        if c.is_ascii_lowercase() {
            return Ok(Segno::Nome(self.while_(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')));
        }
        if matches!(c, '\'' | '"') {
            return self.testo(c).map(Segno::Testo);
        }
        let found = SIMBOLI.iter().find(|simbolo| {
            let mut chars = self.chars[self.at..].iter();
            simbolo.chars().all(|c| chars.next() == Some(&c))
        });
        let simbolo = found.ok_or(Difetto::Carattere(c))?;
        self.at += simbolo.chars().count();
        // the minus sign of a word processor
        Ok(Segno::Simbolo(if *simbolo == "−" { "-" } else { simbolo }))
    }

    /// A comma begins the decimals, as Italians write; points group thousands only where a comma follows, because `1.234` alone is
    /// read in two ways.
    fn numero(&mut self) -> Result<Numero, Difetto> {
        let text = self.while_(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
        let (whole, fraction) = match text.split_once(',') {
            Some((_, fraction)) if fraction.is_empty() || fraction.contains([',', '.']) => return Err(Difetto::NumeroIllegibile),
            Some(parts) => parts,
            None if text.contains('.') => return Err(Difetto::PuntoAmbiguo),
            None => (&text[..], ""),
        };
        let groups: Vec<&str> = whole.split('.').collect();
        if groups.len() > 1 && (!(1..=3).contains(&groups[0].len()) || groups[1..].iter().any(|group| group.len() != 3)) {
            return Err(Difetto::NumeroIllegibile);
        }
        of_digits(&groups.concat(), fraction).map(Numero::of_millionths).ok_or(Difetto::NumeroGrande)
    }

    /// Between quotes; one of them inside is written twice.
    fn testo(&mut self, quote: char) -> Result<String, Difetto> {
        let mut testo = String::new();
        loop {
            self.at += 1;
            match self.chars.get(self.at) {
                None => return Err(Difetto::TestoAperto),
                Some(c) if *c == quote => {
                    self.at += 1;
                    if self.chars.get(self.at) != Some(&quote) {
                        return Ok(testo);
                    }
                    testo.push(quote);
                }
                Some(c) => testo.push(*c),
            }
        }
    }
}

/// As it is shown to whoever wrote it.
impl std::fmt::Display for Segno {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Numero(numero) => numero.fmt(f),
            Self::Testo(testo) => write!(f, "'{}'", testo.escape_debug()),
            Self::Nome(nome) => f.write_str(nome),
            Self::Simbolo(simbolo) => f.write_str(simbolo),
            Self::Fine => f.write_str("la fine"),
        }
    }
}
