//! The Data Matrix of the bollettino: 256 characters in places of their own, and the modules that hold them.
//!
//! Source: Poste Italiane, "Manuale della stampa in proprio", Bollettino Postale PA; the codes of pagoPA's own notices. Who reads it at
//! a counter cuts it at fixed places: one character more in a name, and amount or payer are somebody else's.

use crate::DocumentError;
use crate::modules::Modules;
use datamatrix::{DataMatrix, SymbolList};
use domain::{CodiceFiscaleEnte, Importo, NumeroAvviso};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of the text, always.
pub const LEN: usize = 256;
/// Ten digits of cents: below 100 million euro.
const IMPORTO_MAX: Importo = Importo::of_cents(9_999_999_999);
const CODICE_FISCALE: usize = 16;
const NOME: usize = 40;
const CAUSALE: usize = 110;

/// What the code says.
#[derive(Clone, Copy)]
pub struct Bollettino<'a> {
    pub numero: &'a NumeroAvviso,
    /// Twelve digits, as [`domain::Iban::conto_postale`] gives them; fewer are filled up with zeros.
    pub conto: &'a str,
    pub importo: Importo,
    pub ente: &'a CodiceFiscaleEnte,
    pub codice_fiscale: &'a str,
    pub nome: &'a str,
    pub causale: &'a str,
}

impl std::fmt::Debug for Bollettino<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bollettino").field("conto", &self.conto).field("importo", &self.importo).finish_non_exhaustive()
    }
}

impl Bollettino<'_> {
    /// The text: upper case without accents, each field cut or filled to its width.
    ///
    /// # Errors
    /// [`DocumentError::TooMuchForPoste`]: eleven digits of cents would move all that follows.
    pub fn encode(&self) -> Result<String, DocumentError> {
        let digits = self.conto.len() <= 12 && self.conto.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return Err(DocumentError::ContoPostale);
        }
        if self.importo > IMPORTO_MAX {
            return Err(DocumentError::TooMuchForPoste);
        }
        Ok(format!(
            "codfase=NBPA;18{}12{:0>12}10{:010}38961P1{}{}{}{}{:12}A",
            self.numero,
            self.conto,
            self.importo.cents(),
            self.ente,
            field(self.codice_fiscale, CODICE_FISCALE),
            field(self.nome, NOME),
            field(self.causale, CAUSALE),
            ""
        ))
    }
}

/// The modules of the code, ECC 200, the smallest square.
///
/// # Errors
/// As [`Bollettino::encode`]; [`DocumentError::DataMatrix`] when the text fits no square, which 256 characters never bring about.
pub fn modules(bollettino: &Bollettino<'_>) -> Result<Modules, DocumentError> {
    let text = bollettino.encode()?;
    let code = DataMatrix::encode(text.as_bytes(), SymbolList::default().enforce_square())
        .map_err(|error| DocumentError::DataMatrix(format!("{error:?}")))?;
    let bitmap = code.bitmap();
    let (width, mut dark) = (bitmap.width(), vec![false; bitmap.width() * bitmap.height()]);
    for (x, y) in bitmap.pixels() {
        dark[y * width + x] = true;
    }
    Ok(Modules::new(width, dark))
}

/// Exactly `width` characters of ASCII.
fn field(text: &str, width: usize) -> String {
    let folded = fold(text);
    format!("{folded:width$.width$}")
}

/// Upper case ASCII, one blank between words: what every scanner and every keyboard of a counter has. `?` for what has no likeness in
/// it.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    // a letter has eighteen marks at the most when it is decomposed, and the widest field has 110 letters: no text keeps us long
    for c in text.chars().take(4 * CAUSALE).nfkd().filter(|&c| !is_combining_mark(c)) {
        match c {
            c if c.is_whitespace() && (folded.is_empty() || folded.ends_with(' ')) => {}
            c if c.is_whitespace() => folded.push(' '),
            ' '..='~' => folded.push(c.to_ascii_uppercase()),
            c if c.is_control() => {}
            c => folded.push_str(likeness(c)),
        }
    }
    folded
}

/// Letters that no decomposition brings to ASCII, and the marks that people's typewriters do not have.
fn likeness(c: char) -> &'static str {
    match c {
        'ß' | 'ẞ' => "SS",
        'æ' | 'Æ' => "AE",
        'œ' | 'Œ' => "OE",
        'ø' | 'Ø' => "O",
        'đ' | 'Đ' | 'ð' | 'Ð' => "D",
        'þ' | 'Þ' => "TH",
        'ł' | 'Ł' => "L",
        'ħ' | 'Ħ' => "H",
        'ı' => "I",
        'ŋ' | 'Ŋ' => "N",
        '‘' | '’' | '‛' | '′' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '−' => "-",
        '·' | '•' => "-",
        '€' => "EUR",
        // soft hyphen, zero-width, direction marks: nothing anybody sees
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => "",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bollettino<'a>(numero: &'a NumeroAvviso, ente: &'a CodiceFiscaleEnte, nome: &'a str, causale: &'a str) -> Bollettino<'a> {
        let (importo, codice_fiscale) = (Importo::of_cents(150_000), "FFFCST83A15L113V");
        Bollettino { numero, conto: "123456", importo, ente, codice_fiscale, nome, causale }
    }

    fn parties() -> (NumeroAvviso, CodiceFiscaleEnte) {
        (NumeroAvviso::parse("302000000000000184").unwrap(), CodiceFiscaleEnte::parse("80001230459").unwrap())
    }

    #[test]
    fn the_text_is_the_one_of_pagopa_s_notices_in_upper_case() {
        let (numero, ente) = parties();
        let text = bollettino(&numero, &ente, "Mario Rossi", "Avviso Pagamento di TEST").encode().unwrap();
        let fixed = "codfase=NBPA;183020000000000001841200000012345610000015000038961P180001230459FFFCST83A15L113V";
        let (nome, causale) = ("MARIO ROSSI", "AVVISO PAGAMENTO DI TEST");
        assert_eq!(text, format!("{fixed}{nome:40}{causale:110}{:12}A", ""));
        assert_eq!(text.len(), LEN);
    }

    #[test]
    fn letters_become_those_of_every_keyboard() {
        for (text, expected) in [
            ("Niccolò D’Angelo Šimić", "NICCOLO D'ANGELO SIMIC"),
            ("Straße, cœur, æther, Łódź, Đorđe, žaba", "STRASSE, COEUR, AETHER, LODZ, DORDE, ZABA"),
            ("  via\u{a0}Roma,\r\n 3 – ½  ", "VIA ROMA, 3 - 1?2 "),
            ("a\u{0}b\u{200b}c e\u{301} ﬁ ²", "ABC E FI 2"),
            ("李 Мария", "? ?????"),
            ("12 € · «si»", "12 EUR - \"SI\""),
        ] {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_would_move_the_fields_is_refused() {
        let (numero, ente) = parties();
        let right = bollettino(&numero, &ente, "Mario Rossi", "Mensa");
        let most = Bollettino { importo: Importo::of_cents(9_999_999_999), ..right };
        assert_eq!(most.encode().unwrap().len(), LEN);
        let more = Bollettino { importo: Importo::of_cents(10_000_000_000), ..right };
        assert_eq!(more.encode(), Err(DocumentError::TooMuchForPoste));
        for conto in ["1234567890123", "12A", "１２", "-1"] {
            assert_eq!(Bollettino { conto, ..right }.encode(), Err(DocumentError::ContoPostale), "{conto}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_texts_each_field_stands_in_its_place(
            nome in ".{0,90}", causale in "\\PC{0,200}", codice_fiscale in ".{0,20}", cents in 0i64..=9_999_999_999,
        ) {
            let (numero, ente) = parties();
            let bollettino = Bollettino {
                importo: Importo::of_cents(cents),
                codice_fiscale: &codice_fiscale,
                ..bollettino(&numero, &ente, &nome, &causale)
            };
            let text = bollettino.encode().unwrap();
            prop_assert_eq!(text.len(), LEN);
            prop_assert!(text.bytes().all(|b| (b' '..=b'~').contains(&b)), "{}", text);
            // where the readers of payment apps cut it
            prop_assert_eq!(&text[..15], "codfase=NBPA;18");
            prop_assert_eq!(&text[15..33], numero.as_str());
            prop_assert_eq!(&text[33..49], "1200000012345610");
            prop_assert_eq!(&text[49..59], format!("{cents:010}"));
            prop_assert_eq!(&text[59..66], "38961P1");
            prop_assert_eq!(&text[66..77], ente.as_str());
            prop_assert_eq!(&text[243..], "            A");
            let fields = &text[77..243];
            prop_assert!(!fields.bytes().any(|b| b.is_ascii_lowercase()));
            prop_assert!(modules(&bollettino).unwrap().width() >= 40);
        }
    }
}
