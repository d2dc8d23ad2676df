//! What a text must look like: a small pattern language, matched in the time its length allows.
//!
//! A well-kept library would be `regex`: half a megabyte in the browser. This is Thompson's construction (1968) as Pike runs it: all
//! states at once, never a step back, so that no pattern can be made slow.

use super::limiti;
use std::iter::Peekable;
use std::str::Chars;

/// A compiled pattern. It speaks of the whole text.
///
/// | written | means |
/// |---|---|
/// | `A` | that character; `\` before one of <code>. [ ] ( ) { } ? * + \| \\ ^ $</code> makes it one |
/// | `[A-Z0-9_]` | one of these |
/// | `\d`, `.` | a digit 0–9, any character |
/// | `(a\|bc)` | one or the other |
/// | `?` `*` `+` `{3}` `{2,5}` `{2,}` | how often what stands before it |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modello {
    pub(super) passi: Vec<Passo>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Passo {
    /// One character from the ranges.
    Uno(Vec<(char, char)>),
    /// Both ways at once.
    Bivio(usize, usize),
    Fine,
}

/// Why a pattern cannot be read, and after how many characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NonModello {
    pub at: usize,
    pub troppo_lungo: bool,
}

/// A pattern as read, before it is laid out.
#[derive(Clone)]
enum Albero {
    Uno(Vec<(char, char)>),
    Fila(Vec<Albero>),
    Oppure(Vec<Albero>),
    /// `None`: as often as one likes.
    Volte(Box<Albero>, usize, Option<usize>),
}

const META: &str = ".[](){}?*+|\\^$";

impl Modello {
    /// # Errors
    /// Where it stops making sense.
    pub fn parse(text: &str) -> Result<Self, NonModello> {
        let mut lettore = Lettore { chars: text.chars().peekable(), at: 0, fondo: 0 };
        let too_long = || NonModello { at: limiti::MODELLO_MAX, troppo_lungo: true };
        if text.chars().count() > limiti::MODELLO_MAX {
            return Err(too_long());
        }
        let albero = lettore.oppure()?;
        if lettore.chars.peek().is_some() {
            return Err(lettore.fault());
        }
        let mut modello = Self { passi: Vec::new() };
        modello.lay(&albero).ok_or_else(too_long)?;
        modello.push(Passo::Fine).ok_or_else(too_long)?;
        Ok(modello)
    }

    /// Whether the whole text looks so.
    pub fn is_match(&self, text: &str) -> bool {
        let mut now = vec![false; self.passi.len()];
        self.reach(0, &mut now);
        for c in text.chars() {
            let mut next = vec![false; self.passi.len()];
            for (at, _) in now.iter().enumerate().filter(|(_, on)| **on) {
                if let Passo::Uno(ranges) = &self.passi[at]
                    && ranges.iter().any(|(from, to)| (*from..=*to).contains(&c))
                {
                    self.reach(at + 1, &mut next);
                }
            }
            now = next;
        }
        now.last() == Some(&true)
    }

    /// All that can be reached from here without reading a character.
    fn reach(&self, from: usize, states: &mut [bool]) {
        let mut todo = vec![from];
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut states[at], true)
                && let Passo::Bivio(a, b) = self.passi[at]
            {
                todo.extend([a, b]);
            }
        }
    }

    fn push(&mut self, passo: Passo) -> Option<usize> {
        self.passi.push(passo);
        (self.passi.len() <= limiti::MODELLO_MAX).then(|| self.passi.len() - 1)
    }

    fn lay(&mut self, albero: &Albero) -> Option<()> {
        match albero {
            Albero::Uno(ranges) => drop(self.push(Passo::Uno(ranges.clone()))?),
            Albero::Fila(parts) => parts.iter().try_for_each(|part| self.lay(part))?,
            Albero::Oppure(ways) => {
                let mut ends = Vec::new();
                for (i, way) in ways.iter().enumerate() {
                    let last = i + 1 == ways.len();
                    let fork = if last { None } else { self.push(Passo::Bivio(0, 0)) };
                    if !last && fork.is_none() {
                        return None;
                    }
                    self.lay(way)?;
                    if let Some(fork) = fork {
                        ends.push(self.push(Passo::Bivio(0, 0))?);
                        self.passi[fork] = Passo::Bivio(fork + 1, self.passi.len());
                    }
                }
                let end = self.passi.len();
                ends.into_iter().for_each(|at| self.passi[at] = Passo::Bivio(end, end));
            }
            Albero::Volte(part, least, most) => {
                (0..*least).try_for_each(|_| self.lay(part))?;
                match most {
                    Some(most) => {
                        let mut forks = Vec::new();
                        for _ in *least..*most {
                            forks.push(self.push(Passo::Bivio(0, 0))?);
                            self.lay(part)?;
                        }
                        let end = self.passi.len();
                        forks.into_iter().for_each(|at| self.passi[at] = Passo::Bivio(at + 1, end));
                    }
                    None => {
                        let fork = self.push(Passo::Bivio(0, 0))?;
                        self.lay(part)?;
                        self.push(Passo::Bivio(fork, fork))?;
                        self.passi[fork] = Passo::Bivio(fork + 1, self.passi.len());
                    }
                }
            }
        }
        Some(())
    }
}

struct Lettore<'a> {
    chars: Peekable<Chars<'a>>,
    at: usize,
    fondo: usize,
}

impl Lettore<'_> {
    fn fault(&self) -> NonModello {
        NonModello { at: self.at, troppo_lungo: false }
    }

    fn next(&mut self) -> Result<char, NonModello> {
        let c = self.chars.next().ok_or_else(|| self.fault())?;
        self.at += 1;
        Ok(c)
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.chars.next_if_eq(&wanted).is_some();
        self.at += usize::from(found);
        found
    }

    fn oppure(&mut self) -> Result<Albero, NonModello> {
        self.fondo += 1;
        // parentheses in parentheses: nobody writes twenty
        if self.fondo > 20 {
            return Err(self.fault());
        }
        let mut ways = vec![self.fila()?];
        while self.take('|') {
            ways.push(self.fila()?);
        }
        self.fondo -= 1;
        Ok(Albero::Oppure(ways))
    }

    fn fila(&mut self) -> Result<Albero, NonModello> {
        let mut parts = Vec::new();
        while let Some(c) = self.chars.peek().copied() {
            if matches!(c, '|' | ')') {
                break;
            }
            let part = self.uno()?;
            parts.push(self.volte(part)?);
        }
        Ok(Albero::Fila(parts))
    }

    fn uno(&mut self) -> Result<Albero, NonModello> {
        Ok(Albero::Uno(match self.next()? {
            '(' => {
                let inside = self.oppure()?;
                return if self.take(')') { Ok(inside) } else { Err(self.fault()) };
            }
            '[' => self.classe()?,
            '\\' => self.escaped()?,
            '.' => vec![('\0', char::MAX)],
            c if META.contains(c) => return Err(self.fault()),
            c => vec![(c, c)],
        }))
    }

    fn escaped(&mut self) -> Result<Vec<(char, char)>, NonModello> {
        match self.next()? {
            'd' => Ok(vec![('0', '9')]),
            c if META.contains(c) || c == '-' || c == '/' => Ok(vec![(c, c)]),
            _ => Err(self.fault()),
        }
    }

    fn classe(&mut self) -> Result<Vec<(char, char)>, NonModello> {
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            match self.next()? {
                ']' if !ranges.is_empty() => return Ok(ranges),
                // "none of these" lets through what nobody thought of
                '^' if ranges.is_empty() => return Err(self.fault()),
                '\\' => {
                    let mut escaped = self.escaped()?;
                    ranges.append(&mut escaped);
                }
                from if from != '-' && self.take('-') => match self.next()? {
                    // a dash at the end is a dash
                    ']' => {
                        ranges.extend([(from, from), ('-', '-')]);
                        return Ok(ranges);
                    }
                    to if to < from || to == '\\' => return Err(self.fault()),
                    to => ranges.push((from, to)),
                },
                one => ranges.push((one, one)),
            }
        }
    }

    fn volte(&mut self, part: Albero) -> Result<Albero, NonModello> {
        let (least, most) = if self.take('?') {
            (0, Some(1))
        } else if self.take('*') {
            (0, None)
        } else if self.take('+') {
            (1, None)
        } else if self.take('{') {
            let least = self.number()?;
            let most = match (self.take(','), self.chars.peek()) {
                (false, _) => Some(least),
                (true, Some('}')) => None,
                (true, _) => Some(self.number()?),
            };
            if !self.take('}') || most.is_some_and(|most| most < least) {
                return Err(self.fault());
            }
            (least, most)
        } else {
            return Ok(part);
        };
        Ok(Albero::Volte(Box::new(part), least, most))
    }

    fn number(&mut self) -> Result<usize, NonModello> {
        let mut digits = String::new();
        while let Some(c) = self.chars.next_if(char::is_ascii_digit) {
            self.at += 1;
            digits.push(c);
        }
        digits.parse().ok().filter(|n| *n <= limiti::MODELLO_MAX).ok_or_else(|| self.fault())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_speaks_of_the_whole_text() {
        for (pattern, good, bad) in [
            ("[A-Z]{2}[0-9]{3}[A-Z]{2}", vec!["AB123CD"], vec!["AB123C", "xAB123CD", "ab123cd", ""]),
            (r"\d{5}", vec!["00118"], vec!["0011", "001188", "٠٠١١٨"]),
            ("a?b", vec!["b", "ab"], vec!["a", "aab", ""]),
            ("(FE|RM)-?\\d{1,3}", vec!["FE1", "RM-123"], vec!["MI1", "FE-", "FE--1", "FE1234"]),
            ("a*", vec!["", "aaaa"], vec!["b"]),
            ("(ab)+", vec!["ab", "abab"], vec!["", "aba"]),
            ("x{2,}", vec!["xx", "xxxxx"], vec!["x", ""]),
            ("x{0,2}", vec!["", "xx"], vec!["xxx"]),
            (r"[0-9+\-/]?", vec!["", "-", "/"], vec!["--", "a"]),
            ("[A-Za-z_-]+", vec!["a-_Z"], vec!["a b", "1"]),
            (r"\(\.\)", vec!["(.)"], vec!["(a)"]),
            ("n\\. .", vec!["n. è"], vec!["n.è"]),
            ("(a|b|)c", vec!["ac", "bc", "c"], vec!["abc"]),
            ("", vec![""], vec!["a"]),
            ("[]a]", vec!["]", "a"], vec!["b"]),
        ] {
            let modello = Modello::parse(pattern).unwrap();
            good.iter().for_each(|text| assert!(modello.is_match(text), "{pattern} {text:?}"));
            bad.iter().for_each(|text| assert!(!modello.is_match(text), "{pattern} {text:?}"));
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (pattern, at) in [
            ("a)", 1),
            ("(a", 2),
            ("[a", 2),
            ("[z-a]", 4),
            ("[^a]", 2),
            ("*", 1),
            ("a{2", 3),
            ("a{3,2}", 6),
            ("^a$", 1),
            (r"\w", 2),
            ("a??", 3),
            ("a{999}", 5),
        ] {
            assert_eq!(Modello::parse(pattern).map_err(|fault| fault.at), Err(at), "{pattern}");
        }
        assert!(Modello::parse("((a{20}){20}){20}").is_err_and(|fault| fault.troppo_lungo));
        assert!(Modello::parse(&"(".repeat(300)).is_err());
        assert!(Modello::parse(&"a".repeat(401)).is_err_and(|fault| fault.troppo_lungo));
    }

    #[test]
    fn what_makes_backtracking_matchers_stand_still_is_read_as_quickly_as_the_rest() {
        let modello = Modello::parse("(a*)*(a*)*(a|aa)+b").unwrap();
        assert!(!modello.is_match(&"a".repeat(2_000)));
        assert!(modello.is_match(&("a".repeat(2_000) + "b")));
    }
}
