//! Everything that is wrong with a configuration: who mends one thing must not learn of the next only then.

use std::collections::BTreeSet;
use std::fmt;

/// Complaints, each with the key as it is written in the file.
#[derive(Debug, Default)]
pub struct Guai {
    errors: Vec<String>,
    warnings: Vec<String>,
    /// Stands at its default because what was written cannot be read: nothing else is said of it.
    unread: BTreeSet<String>,
}

impl Guai {
    /// What a production cannot start with. `what`: no secret.
    pub fn add(&mut self, key: &str, what: impl fmt::Display) {
        self.push(format!("{key}: {what}"));
    }

    /// What somebody should know, and what stops nothing.
    pub fn warn(&mut self, key: &str, what: impl fmt::Display) {
        self.warnings.push(format!("{key}: {what}"));
    }

    pub fn unless(&mut self, holds: bool, key: &str, what: impl fmt::Display) {
        if !holds {
            self.add(key, what);
        }
    }

    pub(super) fn unread(&mut self, key: &str, what: impl fmt::Display) {
        self.add(key, what);
        self.unread.insert(key.to_owned());
    }

    /// The good half of an answer; the bad one, which begins with its key, is noted.
    pub fn keep<T>(&mut self, done: anyhow::Result<T>) -> Option<T> {
        match done {
            Ok(good) => Some(good),
            Err(error) => {
                match error.downcast::<Self>() {
                    Ok(many) => {
                        many.errors.into_iter().for_each(|line| self.push(line));
                        self.warnings.extend(many.warnings);
                    }
                    Err(one) => self.push(format!("{one:#}")),
                }
                None
            }
        }
    }

    /// The same thing can come to light twice.
    fn push(&mut self, line: String) {
        let key = line.split(": ").next().unwrap_or_default();
        if !self.unread.contains(key) && !self.errors.contains(&line) {
            self.errors.push(line);
        }
    }

    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Nothing that stops a production.
    ///
    /// # Errors
    /// All there is, in one line.
    pub fn none(self) -> anyhow::Result<()> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.into()) }
    }

    /// What is only to be known.
    pub(super) fn log_warnings(&self) {
        for warning in &self.warnings {
            tracing::warn!(warning, "the configuration can be better");
        }
    }
}

impl fmt::Display for Guai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.errors.join("; "))
    }
}

impl std::error::Error for Guai {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_told_once_and_nothing_more_of_what_could_not_be_read() {
        let mut guai = Guai::default();
        guai.unread("web.listen", "wants an address");
        guai.add("web.listen", "is the address of two listeners");
        guai.unless(true, "dati.folder", "is not there");
        guai.warn("web.security_contact", "is empty");
        let mut others = Guai::default();
        others.add("stazione.allow", "is empty");
        assert_eq!(guai.keep::<()>(others.none()), None);
        assert_eq!(guai.keep::<()>(Err(anyhow::anyhow!("not a date").context("a.b"))), None);
        assert_eq!(guai.keep::<()>(Err(anyhow::anyhow!("a.b: not a date"))), None, "the same again");
        assert_eq!(guai.keep(Ok(3)), Some(3));
        let told = "web.listen: wants an address; stazione.allow: is empty; a.b: not a date";
        assert_eq!(guai.warnings(), ["web.security_contact: is empty"]);
        assert_eq!(guai.none().unwrap_err().to_string(), told);
        let mut known = Guai::default();
        known.warn("web.security_contact", "is empty");
        assert!(known.none().is_ok(), "a warning stops nothing");
    }
}
