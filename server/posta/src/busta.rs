//! A letter as bytes. Whatever stands in a header is one line when it gets here, or is made one: a name with a line break in it would
//! else begin a header of its own (CWE-93).

use crate::PostaError;
use domain::Email;
use domain::testo::cut;
use jiff::Timestamp;
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use std::time::SystemTime;

/// A line of a header has 998 characters at most (RFC 5322 §2.1.1); programs show some eighty of a subject.
const OGGETTO_MAX: u16 = 150;
/// As [`domain::testo::NOME_MAX`]: names of enti are as long as those of people.
const NOME_MAX: u16 = 70;

/// Who writes.
#[derive(Clone, Copy, Debug)]
pub struct Mittente<'a> {
    pub nome: &'a str,
    pub email: &'a Email,
}

/// A letter.
#[derive(Clone, Copy)]
pub struct Busta<'a> {
    /// Opaque, ours: the left side of the Message-ID. The same letter has the same, whoever sends it and however often.
    pub id: &'a str,
    pub at: Timestamp,
    pub da: Mittente<'a>,
    pub a: &'a Email,
    pub oggetto: &'a str,
    pub testo: &'a str,
    pub html: &'a str,
    /// As BCP 47 has it: `it`.
    pub lingua: &'a str,
    /// Where one says that one wants no more of these, with one click (RFC 8058); `None` for a letter that comes once.
    pub disdetta: Option<&'a str>,
}

impl std::fmt::Debug for Busta<'_> {
    /// Without what it says, and to whom.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Busta").field("id", &self.id).field("lingua", &self.lingua).finish_non_exhaustive()
    }
}

impl Busta<'_> {
    /// The letter and its envelope. `host`: of the portal, the right side of the Message-ID.
    ///
    /// # Errors
    /// [`PostaError::Busta`] when something in it is not what its type says.
    pub(crate) fn seal(&self, host: &str) -> Result<(Envelope, Vec<u8>), PostaError> {
        let wrong = |what: String| PostaError::Busta(what);
        let address = |email: &Email| email.as_str().parse().map_err(|_| wrong("an address the library refuses".to_owned()));
        let from = Mailbox::new(Some(cut(self.da.nome, NOME_MAX)), address(self.da.email)?);
        let mut letter = Message::builder()
            .from(from)
            .to(Mailbox::new(None, address(self.a)?))
            .subject(cut(self.oggetto, OGGETTO_MAX))
            .date(SystemTime::from(self.at))
            .message_id(Some(format!("<{}@{}>", ascii(self.id), ascii(host))))
            // RFC 3834: no "I am on holiday" is to come back
            .raw_header(header("Auto-Submitted", "auto-generated")?)
            .raw_header(header("X-Auto-Response-Suppress", "All")?)
            .raw_header(header("Content-Language", self.lingua)?);
        if let Some(disdetta) = self.disdetta {
            letter = letter
                .raw_header(header("List-Unsubscribe", &format!("<{}>", ascii(disdetta)))?)
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
        }
        let part = |kind: ContentType, body: &str| SinglePart::builder().header(kind).body(body.to_owned());
        let parts = MultiPart::alternative()
            .singlepart(part(ContentType::TEXT_PLAIN, self.testo))
            .singlepart(part(ContentType::TEXT_HTML, self.html));
        let letter = letter.multipart(parts).map_err(|error| wrong(error.to_string()))?;
        Ok((letter.envelope().clone(), letter.formatted()))
    }
}

fn header(name: &'static str, value: &str) -> Result<HeaderValue, PostaError> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| PostaError::Busta(format!("header {name}")))?;
    Ok(HeaderValue::new(name, ascii(value)))
}

/// What has a grammar of its own (identifiers, addresses of pages) is visible ASCII, or not there.
fn ascii(text: &str) -> String {
    text.chars().filter(|c| matches!(c, ' '..='~')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(change: impl for<'a> FnOnce(&mut Busta<'a>)) -> (Envelope, String) {
        let (da, a) = (Email::parse("pagamenti@comune.example").unwrap(), Email::parse("mario@posta.example").unwrap());
        let mut busta = Busta {
            id: "000102030405060708090a0b0c0d0e0f",
            at: "2026-11-23T09:00:00Z".parse().unwrap(),
            da: Mittente { nome: "Comune di Valdoria", email: &da },
            a: &a,
            oggetto: "Ricevuta",
            testo: "Ciao",
            html: "<p>Ciao</p>",
            lingua: "it",
            disdetta: None,
        };
        change(&mut busta);
        let (envelope, bytes) = busta.seal("pagamenti.example").unwrap();
        (envelope, String::from_utf8(bytes).unwrap())
    }

    /// Names of the headers before the first empty line.
    fn headers(letter: &str) -> Vec<&str> {
        let (head, _) = letter.split_once("\r\n\r\n").unwrap();
        let unfolded = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
        unfolded.map(|line| line.split_once(':').map_or(line, |(name, _)| name)).collect()
    }

    const HEADERS: [&str; 10] = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    ];

    #[test]
    fn nothing_that_is_said_becomes_a_header_or_an_addressee() {
        const HOSTILE: [&str; 12] = [
            "Comune\r\nBcc: altro@posta.example",
            "Comune\nBcc: altro@posta.example",
            "Comune\rBcc: altro@posta.example",
            "Comune\r\n\r\nciao",
            "\r\n.\r\nMAIL FROM:<altro@posta.example>",
            "\" <altro@posta.example>, \"",
            "<altro@posta.example>",
            "Comune, altro@posta.example",
            "=?utf-8?q?Comune=0D=0ABcc:_altro=40posta.example?=",
            "Comune\u{2028}Bcc: altro@posta.example",
            "Comune\0\u{7f}\u{85}Bcc: altro@posta.example",
            "\u{202e}elpmaxe.atsop@ortla",
        ];
        for hostile in HOSTILE {
            for at in 0..5 {
                let (envelope, letter) = sealed(|busta| match at {
                    0 => busta.da.nome = hostile,
                    1 => busta.oggetto = hostile,
                    2 => busta.testo = hostile,
                    3 => busta.html = hostile,
                    _ => busta.lingua = hostile,
                });
                assert_eq!(headers(&letter), HEADERS, "{hostile:?} at {at}\n{letter}");
                assert_eq!(envelope.to().len(), 1, "{hostile:?}");
                assert_eq!(envelope.to()[0].to_string(), "mario@posta.example");
                assert_eq!(envelope.from().unwrap().to_string(), "pagamenti@comune.example");
            }
        }
    }

    #[test]
    fn a_letter_says_who_it_is_and_that_a_program_wrote_it() {
        let (_, letter) = sealed(|busta| busta.disdetta = Some("https://pagamenti.example/x/disdici"));
        for line in [
            "From: \"Comune di Valdoria\" <pagamenti@comune.example>",
            "To: mario@posta.example",
            "Message-ID: <000102030405060708090a0b0c0d0e0f@pagamenti.example>",
            "Date: Mon, 23 Nov 2026 09:00:00 +0000",
            "Auto-Submitted: auto-generated",
            "List-Unsubscribe: <https://pagamenti.example/x/disdici>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            "Content-Type: multipart/alternative",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Type: text/html; charset=utf-8",
        ] {
            assert!(letter.contains(line), "{line}\n{letter}");
        }
    }

    #[test]
    fn what_is_not_ascii_arrives_as_it_was_written_and_lines_stay_short() {
        let (_, letter) = sealed(|busta| {
            busta.oggetto = "Plačilo: 48,00\u{a0}€ – “più”";
            busta.testo = "Perché no? Größe, žaba, 48,00\u{a0}€";
        });
        assert!(letter.is_ascii(), "{letter}");
        assert!(letter.contains("Subject: =?utf-8?"), "{letter}");
        assert!(letter.lines().all(|line| line.len() <= 998));
    }
}
