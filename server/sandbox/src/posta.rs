//! A small server of the mail (SMTP, RFC 5321): it takes every letter, delivers none, and shows them. Faults on request.
//!
//! `EHLO MAIL RCPT DATA RSET NOOP QUIT`, one addressee after the other, no TLS: it listens on this machine alone.

use crate::Sandbox;
use crate::html::{escape, page};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use mail_parser::MessageParser;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The oldest makes room: whoever trains reads the last ones.
const LETTERE_MAX: usize = 500;
/// RFC 5321 §4.5.3.1.6: a line of text has a thousand octets; some programs write longer ones.
const LINE_MAX: u64 = 8 * 1024;
/// Letters of ours have kilobytes.
const LETTER_MAX: usize = 1024 * 1024;
/// Long enough to be slow, shorter than a portal's patience.
const SLOW: Duration = Duration::from_secs(2);

/// How the server of the mail behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuastoPosta {
    #[default]
    Nessuno,
    /// 421 instead of a greeting.
    Occupato,
    /// Nothing at all, to whoever connects.
    Muto,
    /// 550 to the sender: we may not write here.
    RifiutaMittente,
    /// 451 to the addressee: try later.
    Rimanda,
    /// 550 to the addressee: there is no such mailbox.
    Rifiuta,
    /// Takes the letter after a while.
    Lento,
    /// 452 after the letter: no room, try later.
    RimandaDopo,
    /// 554 after the letter: not this one.
    RifiutaDopo,
    /// Hangs up in the middle of the letter, which is lost.
    TagliaInData,
    /// Takes the letter, and hangs up before it says so.
    TagliaDopo,
}

/// A letter that was taken.
#[derive(Clone, Debug, Serialize)]
pub struct Arrivata {
    pub da: String,
    pub a: String,
    pub oggetto: String,
    pub testo: String,
    pub html: String,
    /// As it came over the line, without the doubled dots.
    pub grezza: String,
}

/// The mailbox of everybody. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cassetta(Arc<Mutex<Stato>>);

#[derive(Debug, Default)]
struct Stato {
    lettere: VecDeque<Arrivata>,
    guasto: GuastoPosta,
}

impl Cassetta {
    /// Oldest first.
    pub fn lettere(&self) -> Vec<Arrivata> {
        self.lock().lettere.iter().cloned().collect()
    }

    pub(crate) fn guasto(&self) -> GuastoPosta {
        self.lock().guasto
    }

    pub(crate) fn set(&self, guasto: GuastoPosta) {
        self.lock().guasto = guasto;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Stato> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, da: &str, a: &str, bytes: &[u8]) {
        let message = MessageParser::default().parse(bytes).unwrap_or_default();
        let text = |part: Option<std::borrow::Cow<'_, str>>| part.unwrap_or_default().into_owned();
        let arrivata = Arrivata {
            da: da.to_owned(),
            a: a.to_owned(),
            oggetto: message.subject().unwrap_or_default().to_owned(),
            testo: text(message.body_text(0)),
            html: text(message.body_html(0)),
            grezza: String::from_utf8_lossy(bytes).into_owned(),
        };
        let mut stato = self.lock();
        if stato.lettere.len() >= LETTERE_MAX {
            stato.lettere.pop_front();
        }
        stato.lettere.push_back(arrivata);
    }
}

/// Takes letters until `shutdown`.
///
/// # Errors
/// Those of the listener.
pub async fn serve(listener: TcpListener, cassetta: Cassetta, shutdown: impl Future<Output = ()> + Send) -> io::Result<()> {
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(()),
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                let cassetta = cassetta.clone();
                tokio::spawn(async move {
                    if let Err(error) = talk(stream, &cassetta).await {
                        tracing::debug!(%error, "a line to the server of the mail broke");
                    }
                });
            }
        }
    }
}

/// One line, from greeting to goodbye.
async fn talk(stream: TcpStream, cassetta: &Cassetta) -> io::Result<()> {
    let mut line = BufReader::new(stream);
    match cassetta.guasto() {
        GuastoPosta::Occupato => return say(&mut line, "421 guasto richiesto: occupato").await,
        GuastoPosta::Muto => return std::future::pending().await,
        _ => say(&mut line, "220 posta.sandbox ESMTP").await?,
    }
    let (mut da, mut a) = (String::new(), String::new());
    while let Some(said) = hear(&mut line).await? {
        let command = said.trim_end().to_owned();
        let verb = command.get(..4).unwrap_or(&command).to_ascii_uppercase();
        let guasto = cassetta.guasto();
        match verb.as_str() {
            "EHLO" => say(&mut line, "250-posta.sandbox\r\n250 8BITMIME").await?,
            "HELO" | "NOOP" => say(&mut line, "250 OK").await?,
            "MAIL" if guasto == GuastoPosta::RifiutaMittente => say(&mut line, "550 guasto richiesto: rifiuta_mittente").await?,
            "MAIL" => {
                da = path(&command);
                a.clear();
                say(&mut line, "250 OK").await?;
            }
            "RCPT" if guasto == GuastoPosta::Rimanda => say(&mut line, "451 guasto richiesto: rimanda").await?,
            "RCPT" if guasto == GuastoPosta::Rifiuta => say(&mut line, "550 guasto richiesto: rifiuta").await?,
            "RCPT" => {
                let comma = if a.is_empty() { "" } else { ", " };
                let _ = write!(a, "{comma}{}", path(&command));
                say(&mut line, "250 OK").await?;
            }
            "DATA" if a.is_empty() => say(&mut line, "503 nobody to give it to").await?,
            "DATA" => {
                say(&mut line, "354 go on").await?;
                if guasto == GuastoPosta::TagliaInData {
                    hear(&mut line).await?;
                    return Ok(());
                }
                let Some(letter) = letter(&mut line).await? else { return Ok(()) };
                match guasto {
                    GuastoPosta::RimandaDopo => say(&mut line, "452 guasto richiesto: rimanda_dopo").await?,
                    GuastoPosta::RifiutaDopo => say(&mut line, "554 guasto richiesto: rifiuta_dopo").await?,
                    _ => {
                        if guasto == GuastoPosta::Lento {
                            tokio::time::sleep(SLOW).await;
                        }
                        cassetta.keep(&da, &a, &letter);
                        if guasto == GuastoPosta::TagliaDopo {
                            return Ok(());
                        }
                        say(&mut line, "250 taken").await?;
                    }
                }
            }
            "RSET" => {
                da.clear();
                a.clear();
                say(&mut line, "250 OK").await?;
            }
            "QUIT" => return say(&mut line, "221 bye").await,
            _ => say(&mut line, "502 not here").await?,
        }
    }
    Ok(())
}

async fn say(line: &mut BufReader<TcpStream>, what: &str) -> io::Result<()> {
    line.get_mut().write_all(format!("{what}\r\n").as_bytes()).await
}

/// The next line; `None`: they hung up.
async fn hear(line: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = line.take(LINE_MAX).read_until(b'\n', &mut bytes).await?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Up to the line that is a dot; `None`: they hung up before it, and there is no letter.
async fn letter(line: &mut BufReader<TcpStream>) -> io::Result<Option<Vec<u8>>> {
    let mut letter = Vec::new();
    while let Some(said) = hear(line).await? {
        if said == ".\r\n" {
            return Ok(Some(letter));
        }
        if letter.len() + said.len() > LETTER_MAX {
            return Ok(None);
        }
        letter.extend_from_slice(said.strip_prefix('.').unwrap_or(&said).as_bytes());
    }
    Ok(None)
}

/// What stands between the angle brackets.
fn path(command: &str) -> String {
    let inside = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(inside, _)| inside.to_owned())
}

/// `GET /posta`: the letters, the newest first.
pub(crate) async fn show(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let lettere = sandbox.config.posta.lettere();
    let mut main =
        "<h1>Posta in uscita</h1>\n<p>Le lettere che il portale ha spedito. Nessuna è stata consegnata.</p>\n".to_owned();
    if lettere.is_empty() {
        main.push_str("<p>Ancora nessuna.</p>\n");
    }
    for (number, lettera) in lettere.iter().enumerate().rev() {
        let id = format!("lettera-{}", number + 1);
        let _ = writeln!(
            main,
            "<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{}</h2>\n<p>A <code>{}</code>, da <code>{}</code></p>\n\
             <pre tabindex=\"0\" style=\"white-space: pre-wrap\">{}</pre></section>",
            escape(&lettera.oggetto),
            escape(&lettera.a),
            escape(&lettera.da),
            linked(&lettera.testo)
        );
    }
    page(StatusCode::OK, "Posta in uscita", &main)
}

/// `GET /posta/lettere`: the same as JSON, the oldest first.
pub(crate) async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<Arrivata>> {
    Json(sandbox.config.posta.lettere())
}

/// Text as HTML, its addresses as links.
fn linked(text: &str) -> String {
    let mut html = String::new();
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            html.push(' ');
        }
        for (j, part) in word.split('\n').enumerate() {
            if j > 0 {
                html.push('\n');
            }
            let (address, rest) = part.split_at(part.trim_end_matches(['\r', '.', ',']).len());
            if address.starts_with("http://") || address.starts_with("https://") {
                let _ = write!(html, "<a href=\"{0}\">{0}</a>", escape(address));
            } else {
                html.push_str(&escape(address));
            }
            html.push_str(&escape(rest));
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_letter_can_be_followed_and_nothing_else_is_markup() {
        assert_eq!(
            linked("Apri\nhttps://a.example/x?a=1&b=2.\n<b>"),
            "Apri\n<a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>.\n&lt;b&gt;"
        );
    }
}
