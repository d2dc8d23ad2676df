//! `[posta]`: the server of the mail, and whose address letters come from.

use crate::config::Guai;
use anyhow::Context as _;
use domain::Email;
use portal::lettere::Ufficio;
use posta::{Cifratura, ServerPosta};
use serde::Deserialize;
use std::net::IpAddr;
use std::time::Duration;
use url::Url;

/// Nobody waits for a letter but the next job.
const TIMEOUT_MAX_MS: u64 = 60_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posta {
    pub smtp: String,
    pub tls: String,
    pub user: String,
    pub password: String,
    pub from: String,
    pub timeout_ms: u64,
}

impl std::fmt::Debug for Posta {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Posta").field("smtp", &self.smtp).field("tls", &self.tls).finish_non_exhaustive()
    }
}

impl Posta {
    /// Who writes letters; `None` where no server is named. `public_url`: of the portal, which gives us our name.
    ///
    /// # Errors
    /// All that is wrong, each with its key.
    pub fn ufficio(&self, public_url: &Url) -> anyhow::Result<Option<Ufficio>> {
        if self.smtp.trim().is_empty() {
            return Ok(None);
        }
        let mut guai = Guai::default();
        let server = self.host_and_port();
        guai.unless(server.is_some(), "posta.smtp", "is no host and port: write one such as smtp.comune.it:587");
        let (host, porta) = server.unwrap_or_default();
        let cifratura = match self.tls.as_str() {
            "starttls" => Cifratura::Starttls,
            "tls" => Cifratura::Tls,
            "none" => {
                let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
                guai.unless(here, "posta.tls", format_args!("\"none\" is for a server on this machine, not {host}"));
                Cifratura::Nessuna
            }
            _ => {
                guai.add("posta.tls", "wants \"starttls\", \"tls\" or \"none\"");
                Cifratura::Starttls
            }
        };
        guai.unless(
            self.user.is_empty() == self.password.is_empty(),
            "posta.user",
            "user and password are there both, or neither",
        );
        guai.unless(
            (1..=TIMEOUT_MAX_MS).contains(&self.timeout_ms),
            "posta.timeout_ms",
            format_args!("1 to {TIMEOUT_MAX_MS}, not {}", self.timeout_ms),
        );
        let nobody = "is no address: write one such as pagamenti@comune.it, of a domain that lets this server write for it";
        let da = guai.keep(Email::parse(&self.from).map_err(|_| anyhow::anyhow!("posta.from: {nobody}")));
        guai.none()?;
        let server = ServerPosta {
            host,
            porta,
            cifratura,
            credenziali: (!self.user.is_empty()).then(|| (self.user.clone(), self.password.clone())),
            timeout: Duration::from_millis(self.timeout_ms),
            nome: public_url.host_str().unwrap_or("localhost").to_owned(),
        };
        let posta = posta::Posta::new(server).context("posta.smtp")?;
        Ok(da.map(|da| Ufficio { posta, da, scrivano: app::lettere::scrivi }))
    }

    fn host_and_port(&self) -> Option<(String, u16)> {
        let (host, port) = self.smtp.trim().rsplit_once(':')?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:".contains(&b));
        Some((host.to_owned(), port.parse().ok().filter(|port| *port > 0)?)).filter(|_| plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(change: impl FnOnce(&mut Posta)) -> Result<Option<Ufficio>, String> {
        let mut posta = Posta {
            smtp: "smtp.comune.it:587".to_owned(),
            tls: "starttls".to_owned(),
            user: String::new(),
            password: String::new(),
            from: "pagamenti@comune.it".to_owned(),
            timeout_ms: 10_000,
        };
        change(&mut posta);
        posta.ufficio(&Url::parse("https://pagamenti.comune.it").unwrap()).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_server_that_is_not_named_is_no_fault_and_a_half_named_one_is() {
        assert!(told(|posta| posta.smtp.clear()).unwrap().is_none());
        assert!(told(|_| {}).unwrap().is_some());
        assert!(told(|posta| (posta.smtp, posta.tls) = ("127.0.0.1:25".to_owned(), "none".to_owned())).unwrap().is_some());
        assert!(told(|posta| posta.smtp = "[::1]:465".to_owned()).unwrap().is_some());
        type Change = fn(&mut Posta);
        let wrong: [(Change, &str); 10] = [
            (|posta| posta.smtp = "smtp.comune.it".to_owned(), "posta.smtp: is no host and port"),
            (|posta| posta.smtp = "smtp.comune.it:0".to_owned(), "posta.smtp: is no host and port"),
            (|posta| posta.smtp = "smtp://smtp.comune.it:25".to_owned(), "posta.smtp: is no host and port"),
            (|posta| posta.smtp = "a b:25".to_owned(), "posta.smtp: is no host and port"),
            (|posta| posta.tls = "ssl".to_owned(), "posta.tls: wants"),
            (|posta| posta.tls = "none".to_owned(), "posta.tls: \"none\" is for a server on this machine"),
            (|posta| posta.user = "u".to_owned(), "posta.user: user and password"),
            (|posta| posta.from = "Comune <pagamenti@comune.it>".to_owned(), "posta.from: is no address"),
            (|posta| posta.from = "a@b.it\r\nBcc: c@d.it".to_owned(), "posta.from: is no address"),
            (|posta| posta.timeout_ms = 0, "posta.timeout_ms: 1 to"),
        ];
        for (change, expected) in wrong {
            let told = told(change).unwrap_err();
            assert!(told.contains(expected) && !told.contains("Bcc"), "{expected} in {told}");
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let posta = Posta {
            smtp: String::new(),
            tls: String::new(),
            user: "utente".to_owned(),
            password: "segreta".to_owned(),
            from: String::new(),
            timeout_ms: 1,
        };
        assert!(!format!("{posta:?}").contains("segreta"));
    }
}
