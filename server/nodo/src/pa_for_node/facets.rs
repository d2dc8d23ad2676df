//! The simple types of paForNode.xsd and sac-common-types-1.0.xsd: a text becomes a domain value, or the rule it breaks is told.

use super::time;
use crate::xml::{Broken, Node};
use base64::Engine as _;
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use jiff::civil::{Date, DateTime};

impl Node<'_> {
    /// `stText…`: 1 to `max` characters. With lenience as long or short as it came.
    pub(super) fn text(&self, max: usize) -> Result<String, Broken> {
        if self.is_lenient() { self.string().map(str::to_owned) } else { self.key(max) }
    }

    /// A text that something is found by again: its length counts also with lenience.
    pub(super) fn key(&self, max: usize) -> Result<String, Broken> {
        let text = self.string()?;
        if text.is_empty() {
            return Err(self.broken("empty"));
        }
        if text.chars().count() > max {
            return Err(self.broken(&format!("more than {max} characters")));
        }
        Ok(text.to_owned())
    }

    /// A text with a `length`.
    pub(super) fn text_exactly(&self, len: usize) -> Result<String, Broken> {
        let text = self.string()?;
        if text.chars().count() == len { Ok(text.to_owned()) } else { Err(self.broken(&format!("not {len} characters"))) }
    }

    /// `xsd:base64Binary`, decoded. XSD allows blanks between the characters.
    pub(super) fn base64(&self) -> Result<Vec<u8>, Broken> {
        let bare: String = self.token()?.split_ascii_whitespace().collect();
        base64::engine::general_purpose::STANDARD.decode(bare).map_err(|_| self.broken("not base64"))
    }

    /// `stFiscalCodePA`: 11 digits.
    pub(super) fn ente(&self) -> Result<CodiceFiscaleEnte, Broken> {
        let rule = "not 11 digits";
        CodiceFiscaleEnte::parse(self.digits(11, rule)?).map_err(|_| self.broken(rule))
    }

    /// `stNoticeNumber`: 18 digits; also the aux digit must be one that exists, which the XSD does not ask.
    pub(super) fn numero_avviso(&self) -> Result<NumeroAvviso, Broken> {
        NumeroAvviso::parse(self.digits(18, "not 18 digits")?).map_err(|_| self.broken("not a notice number"))
    }

    fn digits(&self, count: usize, rule: &str) -> Result<&str, Broken> {
        let text = self.string()?;
        if text.len() == count && text.bytes().all(|b| b.is_ascii_digit()) { Ok(text) } else { Err(self.broken(rule)) }
    }

    /// `stAmount`: `\d+\.\d{2}`, at most 999999999.99.
    pub(super) fn importo(&self) -> Result<Importo, Broken> {
        Importo::from_wire(self.token()?).ok_or_else(|| self.broken("not an amount with two decimals"))
    }

    /// `stAmountNotZero`. With lenience also zero.
    pub(super) fn importo_not_zero(&self) -> Result<Importo, Broken> {
        let importo = self.importo()?;
        if importo.is_zero() && !self.is_lenient() { Err(self.broken("an amount of zero")) } else { Ok(importo) }
    }

    /// `xsd:date`.
    pub(super) fn date(&self) -> Result<Date, Broken> {
        time::date(self.token()?).ok_or_else(|| self.broken("not a date"))
    }

    /// `xsd:dateTime`, in civil time of Europe/Rome.
    pub(super) fn date_time(&self) -> Result<DateTime, Broken> {
        time::date_time(self.token()?).ok_or_else(|| self.broken("not a date and time"))
    }

    /// `xsd:boolean`.
    pub(super) fn boolean(&self) -> Result<bool, Broken> {
        match self.token()? {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(self.broken("not true or false")),
        }
    }

    /// `xsd:int`.
    pub(super) fn int(&self) -> Result<i32, Broken> {
        self.token()?.parse().map_err(|_| self.broken("not a whole number"))
    }

    /// `stIdTransfer`: 1 to 5. With lenience any that fits: a sixth transfer is real money too.
    pub(super) fn id_transfer(&self) -> Result<u8, Broken> {
        let rule = "not a number of a transfer";
        let id = u8::try_from(self.int()?).map_err(|_| self.broken(rule))?;
        if (1..=5).contains(&id) || (self.is_lenient() && id > 0) { Ok(id) } else { Err(self.broken(rule)) }
    }

    /// `stOutcome`, true for OK.
    pub(super) fn outcome(&self) -> Result<bool, Broken> {
        self.one_of(&[("OK", true), ("KO", false)])
    }

    /// An `xsd:enumeration`.
    pub(super) fn one_of<T: Copy>(&self, values: &[(&str, T)]) -> Result<T, Broken> {
        let text = self.string()?;
        values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| self.broken("not one of its values"))
    }

    /// `stNazioneProvincia`: two capital letters.
    pub(super) fn two_letters(&self) -> Result<String, Broken> {
        let text = self.string()?;
        let ok = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
        if ok { Ok(text.to_owned()) } else { Err(self.broken("not two capital letters")) }
    }

    /// `stBase64Binary72`: base64 of 4 to 72 characters.
    pub(super) fn base64_72(&self) -> Result<String, Broken> {
        let text = self.token()?;
        // XSD allows blanks between the characters
        let bare: String = text.split_ascii_whitespace().collect();
        let ok = (4..=72).contains(&text.len()) && base64::engine::general_purpose::STANDARD.decode(bare).is_ok();
        if ok { Ok(text.to_owned()) } else { Err(self.broken("not 4 to 72 characters of base64")) }
    }

    /// `stEMail`: `[a-zA-Z0-9_\.\+\-]+@[a-zA-Z0-9\-]+(\.[a-zA-Z0-9\-]+)*`, at most 256 characters. With lenience as it came.
    pub(super) fn email(&self) -> Result<String, Broken> {
        let text = self.text(256)?;
        let word = |s: &str, more: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
        let ok = text
            .split_once('@')
            .is_some_and(|(local, host)| word(local, "_.+-") && host.split('.').all(|label| word(label, "-")));
        if ok || self.is_lenient() { Ok(text) } else { Err(self.broken("not an e-mail address")) }
    }
}
