//! Configuration of `sportello serve`: the documented defaults (`config/default.toml`) are the defaults, a file overrides them,
//! credentials (a file for each key, as systemd and containers hand secrets over) override it, the environment overrides all.
//! Production cannot name a sandbox.

use crate::archivio::Archivio;
use crate::config_pagopa::Pagopa;
use crate::layers::allowed::Allowed;
use crate::tls::{Porta, Tls, TlsFiles};
use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use nodo::checkout::{CheckoutConfig, CheckoutVersion, SubscriptionKey};
use portal::Clock;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use url::Url;

/// The reference, as it is shipped.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// Below, a busy machine would lose its jobs while it works on them.
const LEASE_MIN_MS: u32 = 1_000;
/// Beyond, what a server that is gone held would be late for its own slot.
const LEASE_MAX_MS: u32 = 600_000;

/// Everything `serve` needs to know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub web: Web,
    pub stazione: Stazione,
    pub metriche: Listener,
    pub dati: Dati,
    pub jobs: Jobs,
    pub checkout: Checkout,
    pub pagopa: Pagopa,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    pub listen: SocketAddr,
    pub public_url: String,
    pub security_contact: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stazione {
    pub listen: SocketAddr,
    pub allow: Vec<String>,
    pub tls_by_proxy: bool,
    pub tls: TlsFiles,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    pub listen: SocketAddr,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dati {
    pub folder: PathBuf,
    pub database: String,
}

impl std::fmt::Debug for Dati {
    /// Without the address of the database: it can hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dati").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    pub in_process: bool,
    pub lease_ms: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkout {
    pub base_url: Url,
    pub version: u8,
    pub subscription_key: String,
    pub timeout_ms: u64,
    pub redirect_origins: Vec<String>,
}

impl std::fmt::Debug for Checkout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checkout")
            .field("base_url", &self.base_url.as_str())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// The platform itself, of any environment, over TLS.
pub(crate) fn is_pagopa(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme() == "https" && (host == "platform.pagopa.it" || host.ends_with(".platform.pagopa.it"))
}

impl Config {
    /// Defaults, then the file, then the credentials, then the environment.
    ///
    /// # Errors
    /// What is wrong, with the name of the key.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let secrets = credentials(std::env::var_os("CREDENTIALS_DIRECTORY").as_deref().map(Path::new))?;
        let over = secrets.into_iter().chain(std::env::vars());
        let config = Self::from_parts(&text, over).with_context(|| format!("in {}", path.display()))?;
        config.check_production()?;
        Ok(config)
    }

    /// The defaults, then the text of a file, then the environment. No error shows a piece of the text: it holds the key of Checkout
    /// and, in the address of the database, a password.
    /// Of two in the environment with one name the last counts.
    ///
    /// # Errors
    /// What is wrong, with its line or the name of the key.
    pub fn from_parts(file: &str, env: impl Iterator<Item = (String, String)>) -> anyhow::Result<Self> {
        let mut table: toml::Table = DEFAULTS.parse().context("the built-in defaults")?;
        let file: toml::Table = file.parse().map_err(|error| not_toml(file, &error))?;
        for (section, values) in file {
            let name = shown(&section);
            let toml::Value::Table(values) = values else { bail!("`{name}` is not a section") };
            let Some(toml::Value::Table(known)) = table.get_mut(&section) else { bail!("no section is called `{name}`") };
            merge(known, values, name)?;
        }
        for (name, value) in env {
            let Some((sections, key)) = name.strip_prefix("SPORTELLO_").and_then(|n| n.rsplit_once("__")) else { continue };
            let key = key.to_lowercase();
            let mut known = &mut table;
            for section in sections.split("__").map(str::to_lowercase) {
                let Some(toml::Value::Table(found)) = known.get_mut(&section) else { bail!("{name}: no section `{section}`") };
                known = found;
            }
            let kind = known.get(&key).with_context(|| format!("{name}: no key `{key}` there"))?;
            let value = match kind {
                toml::Value::Boolean(_) => {
                    toml::Value::Boolean(value.parse().with_context(|| format!("{name} wants true or false"))?)
                }
                toml::Value::Integer(_) => toml::Value::Integer(value.parse().with_context(|| format!("{name} wants a number"))?),
                toml::Value::Array(_) => toml::Value::Array(value.split_whitespace().map(|v| v.to_owned().into()).collect()),
                toml::Value::Table(_) => bail!("{name} is a section, not a key"),
                _ => toml::Value::String(value),
            };
            known.insert(key, value);
        }
        serde_path_to_error::deserialize(toml::Value::Table(table))
            .map_err(|error| anyhow::anyhow!("{} cannot be read: `sportello config` shows one that can", error.path()))
    }

    /// Where `/.well-known/security.txt` sends whoever found a weakness.
    ///
    /// # Errors
    /// When it is no address that RFC 9116 knows.
    pub fn security_contact(&self) -> anyhow::Result<Option<Url>> {
        let text = &self.web.security_contact;
        if text.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(text).context("web.security_contact: mailto:…, https://… or tel:…")?;
        ensure!(matches!(url.scheme(), "mailto" | "https" | "tel"), "web.security_contact: mailto:…, https://… or tel:…");
        Ok(Some(url))
    }

    /// A production portal talks to pagoPA and to nobody who plays pagoPA.
    fn check_production(&self) -> anyhow::Result<()> {
        let public = self.public_url()?;
        ensure!(public.scheme() == "https", "web.public_url: production wants https, not {}", public.scheme());
        ensure!(
            is_pagopa(&self.checkout.base_url),
            "checkout.base_url: {} is not pagoPA; a sandbox is only reached by `sportello demo`",
            self.checkout.base_url.host_str().unwrap_or_default()
        );
        self.pagopa.check_production()?;
        for origin in &self.checkout.redirect_origins {
            let url = Url::parse(origin).with_context(|| format!("checkout.redirect_origins: {origin}"))?;
            let host = url.host_str().unwrap_or_default();
            ensure!(
                url.scheme() == "https" && (host == "pagopa.it" || host.ends_with(".pagopa.it")),
                "checkout.redirect_origins: {origin} is not pagoPA"
            );
        }
        Ok(())
    }

    /// What a production cannot do without, beyond what [`Config::load`] refuses.
    ///
    /// # Errors
    /// What is missing, with the name of the key.
    pub fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.checkout.subscription_key.is_empty(),
            "checkout.subscription_key is missing: Checkout takes no cart without it"
        );
        ensure!(
            !self.checkout.redirect_origins.is_empty(),
            "checkout.redirect_origins is empty: nobody could be led to Checkout"
        );
        ensure!(self.checkout.timeout_ms > 0, "checkout.timeout_ms: 0 leaves Checkout no time at all");
        self.checkout()?;
        self.security_contact()?;
        self.pagopa.porte(&Clock::system()?)?;
        self.check_stazione()?;
        let listeners = [self.web.listen, self.stazione.listen, self.metriche.listen];
        for (i, listener) in listeners.iter().enumerate() {
            ensure!(!listeners[..i].contains(listener), "{listener} is the address of two listeners");
        }
        ensure!(
            self.jobs.in_process || !self.dati.database.is_empty(),
            "jobs.in_process: on SQLite nobody else can do the jobs; on PostgreSQL `sportello jobs` can"
        );
        ensure!(
            (LEASE_MIN_MS..=LEASE_MAX_MS).contains(&self.jobs.lease_ms),
            "jobs.lease_ms: {LEASE_MIN_MS} to {LEASE_MAX_MS}, not {}",
            self.jobs.lease_ms
        );
        ensure!(
            self.dati.folder.is_absolute(),
            "dati.folder: {} depends on where the program is started; write the whole path",
            self.dati.folder.display()
        );
        Ok(())
    }

    /// The station is closed to whoever cannot prove who he is, here or at a proxy: that there is one is said, never supposed.
    fn check_stazione(&self) -> anyhow::Result<()> {
        let Stazione { tls, tls_by_proxy, .. } = &self.stazione;
        let allowed = self.allowed()?;
        ensure!(!allowed.is_empty(), "stazione.allow is empty: nobody could call the station, not even the Nodo");
        if *tls_by_proxy {
            ensure!(tls.is_empty(), "stazione.tls_by_proxy: the proxy speaks TLS or the station does (stazione.tls), not both");
            ensure!(
                !allowed.has_everybody(),
                "stazione.allow names everybody: with stazione.tls_by_proxy it is the address of the proxy"
            );
            return Ok(());
        }
        ensure!(
            !tls.is_empty(),
            "stazione.tls: certificate, key and client_ca are missing, and without TLS anybody could make up a receipt; when a \
             proxy in front checks pagoPA's certificate, say so with stazione.tls_by_proxy = true"
        );
        tls.check()
    }

    /// What the station asks of whoever connects; `None` behind a proxy that does. Reads the files.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn porta(&self, now: Timestamp) -> anyhow::Result<Option<Porta>> {
        if self.stazione.tls_by_proxy {
            return Ok(None);
        }
        Ok(Some(Porta { tls: Tls::load(self.stazione.tls.clone(), now)?, allowed: self.allowed()? }))
    }

    /// Who may call the station.
    ///
    /// # Errors
    /// When an entry is neither an address nor a network.
    pub fn allowed(&self) -> anyhow::Result<Allowed> {
        Allowed::parse(&self.stazione.allow).context("stazione.allow")
    }

    /// Where what must survive is kept.
    pub fn archivio(&self) -> Archivio {
        let database = Some(self.dati.database.clone()).filter(|address| !address.is_empty());
        Archivio { folder: self.dati.folder.clone(), database }
    }

    /// # Errors
    /// When it is missing or not a bare origin.
    pub fn public_url(&self) -> anyhow::Result<Url> {
        let url = Url::parse(&self.web.public_url)
            .context("web.public_url: how citizens reach the portal, e.g. https://pagamenti.comune.it")?;
        ensure!(
            url.path() == "/" && url.query().is_none() && url.host_str().is_some(),
            "web.public_url: scheme and host only, no path"
        );
        Ok(url)
    }

    /// # Errors
    /// For a version that does not exist.
    pub fn checkout(&self) -> anyhow::Result<CheckoutConfig> {
        Ok(CheckoutConfig {
            base_url: self.checkout.base_url.clone(),
            version: match self.checkout.version {
                1 => CheckoutVersion::V1,
                2 => CheckoutVersion::V2,
                other => bail!("checkout.version: 1 or 2, not {other}"),
            },
            subscription_key: Some(self.checkout.subscription_key.clone()).filter(|k| !k.is_empty()).map(SubscriptionKey::new),
            timeout_ms: self.checkout.timeout_ms,
            redirect_origins: self.checkout.redirect_origins.clone(),
        })
    }
}

/// A name as it was written, when it looks like one of ours: what was misspelt is to be found again, what is none is not shown.
fn shown(name: &str) -> &str {
    let like_ours = (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if like_ours { name } else { "…" }
}

/// toml's own words would quote the line.
fn not_toml(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    anyhow::anyhow!("line {line} is not TOML, or says a key twice")
}

/// What is said replaces what was there, key by key, in sections of sections too; a key that is not there is somebody's mistake.
fn merge(known: &mut toml::Table, said: toml::Table, section: &str) -> anyhow::Result<()> {
    for (key, value) in said {
        let Some(there) = known.get_mut(&key) else { bail!("no key `{}` in `{section}`", shown(&key)) };
        match (there, value) {
            (toml::Value::Table(there), toml::Value::Table(said)) => merge(there, said, &format!("{section}.{}", shown(&key)))?,
            (there, value) => *there = value,
        }
    }
    Ok(())
}

/// Of a credential: a key, a password, an address. What is larger is another file.
const CREDENTIAL_MAX: u64 = 4_096;

/// The files of a folder that are named after a key, `checkout.subscription_key`, as the environment would say them. systemd
/// (`LoadCredential`) and containers hand secrets over like this: other than the environment, it is not inherited or listed.
fn credentials(folder: Option<&Path>) -> anyhow::Result<Vec<(String, String)>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some((section, key)) = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split_once('.')) else {
            continue;
        };
        // others may keep their secrets in the same folder
        if !DEFAULTS.contains(&format!("[{section}]\n")) {
            continue;
        }
        let meta = std::fs::metadata(&path).with_context(|| format!("reading {}", path.display()))?;
        ensure!(
            meta.is_file() && meta.len() <= CREDENTIAL_MAX,
            "{}: not a file of {CREDENTIAL_MAX} bytes at most",
            path.display()
        );
        let value = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let name = format!("SPORTELLO_{}__{}", section.to_uppercase(), key.to_uppercase());
        found.push((name, value.trim_end_matches(['\n', '\r']).to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, env: &[(&str, &str)]) -> anyhow::Result<Config> {
        let config = Config::from_parts(file, env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))?;
        config.check_production()?;
        Ok(config)
    }

    #[test]
    fn the_documented_defaults_are_the_defaults() {
        let config = load("[web]\npublic_url = \"https://pagamenti.comune.valdoria.it\"", &[]).unwrap();
        assert_eq!(config.checkout.timeout_ms, 5_000);
        assert_eq!(config.web.listen.port(), 3_000);
    }

    #[test]
    fn the_environment_has_the_last_word() {
        let env = [
            ("SPORTELLO_WEB__PUBLIC_URL", "https://a.it"),
            ("SPORTELLO_CHECKOUT__VERSION", "2"),
            ("SPORTELLO_CONFIG", "x"),
            ("HOME", "/"),
        ];
        let config = load("[web]\npublic_url = \"https://b.it\"", &env).unwrap();
        assert_eq!(config.web.public_url, "https://a.it");
        assert_eq!(config.checkout.version, 2);
    }

    #[test]
    fn production_cannot_reach_a_sandbox() {
        for key in ["aca", "gpd", "gpd_massivo", "ricevute", "biz_events", "fdr", "stampa", "back_office"] {
            for url in ["http://127.0.0.1:3002/x", "https://platform.pagopa.it.evil.org/x", "http://api.platform.pagopa.it/x"] {
                let file = format!("[web]\npublic_url = \"https://a.it\"\n[pagopa]\n{key}_url = \"{url}\"");
                assert!(load(&file, &[]).is_err(), "{key} {url}");
            }
        }
        let web = "[web]\npublic_url = \"https://a.it\"\n";
        for checkout in [
            "base_url = \"http://127.0.0.1:3002/checkout/ec\"",
            "base_url = \"https://api.platform.pagopa.it.evil.org/checkout/ec\"",
            "base_url = \"http://api.platform.pagopa.it/checkout/ec\"",
            "redirect_origins = [\"https://evil.org\"]",
        ] {
            assert!(load(&format!("{web}[checkout]\n{checkout}"), &[]).is_err(), "{checkout}");
        }
        assert!(load("[web]\npublic_url = \"http://a.it\"", &[]).is_err());
    }

    /// An error goes to the terminal, and from there to tickets and chats.
    #[test]
    fn no_error_shows_a_key_or_a_password() {
        let web = "[web]\npublic_url = \"https://a.it\"\n";
        for (file, env, said) in [
            ("[checkout]\nsubscription_key = \"SEGRETO", None, "line 2"),
            ("[checkout]\nsubscription_key = SEGRETO", None, "line 2"),
            ("\n[dati]\n\ndatabase = \"postgres://u:SEGRETO@h/d\" x", None, "line 4"),
            ("[checkout]\nsubscription_key = \"a\"\nsubscription_key = \"SEGRETO\"", None, "line 3"),
            ("SEGRETO", None, "line 1"),
            ("[checkout]\nsubscription_key = [\"SEGRETO\"]", None, "subscription_key"),
            ("[checkout]\nversion = \"SEGRETO\"", None, "version"),
            ("[checkout]\nbase_url = \"SEGRETO\"", None, "base_url"),
            ("[dati]\nfolder = { a = \"SEGRETO\" }", None, "folder"),
            ("[web]\nlisten = \"SEGRETO\"", None, "listen"),
            ("[jobs]\nin_process = \"SEGRETO\"", None, "in_process"),
            ("", Some(("SPORTELLO_CHECKOUT__VERSION", "SEGRETO")), "SPORTELLO_CHECKOUT__VERSION"),
            ("", Some(("SPORTELLO_JOBS__IN_PROCESS", "SEGRETO")), "SPORTELLO_JOBS__IN_PROCESS"),
            ("", Some(("SPORTELLO_WEB__LISTEN", "SEGRETO")), "listen"),
        ] {
            let file = format!("{file}\n");
            let file = if file.contains("[web]") || said.starts_with("line") { file } else { format!("{web}{file}") };
            let error = load(&file, env.as_slice()).unwrap_err();
            let shown = format!("{error:#} {error:?}");
            assert!(shown.contains(said), "{file}: {shown}");
            assert!(!shown.contains("SEGRETO"), "{file}: {shown}");
        }
    }

    #[test]
    fn a_lease_is_neither_a_moment_nor_an_hour() {
        let check = |lease_ms: u32| {
            let rest = "[web]\npublic_url = \"https://a.it\"\n[stazione]\nallow = [\"127.0.0.1\"]\ntls_by_proxy = true\n\
                 [checkout]\nsubscription_key = \"x\"";
            load(&format!("{rest}\n[jobs]\nlease_ms = {lease_ms}"), &[]).unwrap().check()
        };
        for lease_ms in [1_000, 60_000, 600_000] {
            check(lease_ms).unwrap();
        }
        for lease_ms in [0, 999, 600_001] {
            assert!(check(lease_ms).unwrap_err().to_string().contains("jobs.lease_ms"), "{lease_ms}");
        }
    }

    #[test]
    fn a_key_nobody_knows_is_told() {
        assert!(load("[web]\npublic_url = \"https://a.it\"\nlissten = \"x\"", &[]).is_err());
        assert!(load("[sandbox]\nx = 1", &[]).is_err());
        assert!(load("", &[("SPORTELLO_WEB__NOPE", "x")]).is_err());
        let said = |file: &str| format!("{:#}", load(file, &[]).unwrap_err());
        assert_eq!(said("[web]\nlissten = \"x\""), "no key `lissten` in `web`");
        assert_eq!(said("[jobz]\nx = 1"), "no section is called `jobz`");
        assert_eq!(said("jobs = 1"), "`jobs` is not a section");
        assert!(load("[web]\npublic_url = \"https://a.it\"\n[stazione.tls]\nca = \"x\"", &[]).is_err());
        assert!(load("[web]\npublic_url = \"https://a.it\"", &[("SPORTELLO_STAZIONE__TLS", "x")]).is_err());
    }

    #[test]
    fn a_section_of_a_section_needs_only_what_differs() {
        let file = "[web]\npublic_url = \"https://a.it\"\n[stazione.tls]\ncertificate = \"/a.pem\"\n";
        let env = [("SPORTELLO_STAZIONE__TLS__KEY", "/a.key"), ("SPORTELLO_STAZIONE__TLS__CLIENT_CA", "/b.pem /c.pem")];
        let tls = load(file, &env).unwrap().stazione.tls;
        assert_eq!((tls.certificate.to_str(), tls.key.to_str()), (Some("/a.pem"), Some("/a.key")));
        assert_eq!(tls.client_ca, [PathBuf::from("/b.pem"), PathBuf::from("/c.pem")]);
        assert_eq!(tls.client_names, ["forwarder.platform.pagopa.it"]);
    }

    #[test]
    fn a_secret_is_a_file_named_after_its_key() {
        let folder = std::env::temp_dir().join(format!("sportello-credentials-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("checkout.subscription_key"), "chiave\n").unwrap();
        std::fs::write(folder.join("grafana.password"), "of somebody else").unwrap();
        std::fs::write(folder.join("senza-punto"), "of somebody else").unwrap();
        let found = credentials(Some(&folder)).unwrap();
        assert_eq!(found, [("SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY".to_owned(), "chiave".to_owned())]);
        let web = "[web]\npublic_url = \"https://a.it\"\n[checkout]\nsubscription_key = \"of the file\"";
        let config = Config::from_parts(web, found.clone().into_iter()).unwrap();
        assert_eq!(config.checkout.subscription_key, "chiave");
        let env = ("SPORTELLO_CHECKOUT__SUBSCRIPTION_KEY".to_owned(), "of the environment".to_owned());
        let config = Config::from_parts(web, found.into_iter().chain([env])).unwrap();
        assert_eq!(config.checkout.subscription_key, "of the environment");

        std::fs::write(folder.join("checkout.nope"), "x").unwrap();
        let wrong = Config::from_parts(web, credentials(Some(&folder)).unwrap().into_iter());
        assert!(wrong.is_err(), "a key nobody knows is told");
        std::fs::remove_file(folder.join("checkout.nope")).unwrap();
        std::fs::write(folder.join("dati.database"), "x".repeat(5_000)).unwrap();
        assert!(credentials(Some(&folder)).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
        assert!(credentials(Some(&folder)).unwrap().is_empty() && credentials(None).unwrap().is_empty());
    }

    #[test]
    fn a_security_contact_is_an_address_or_nothing() {
        let contact = |text: &str| {
            let config = load(&format!("[web]\npublic_url = \"https://a.it\"\nsecurity_contact = \"{text}\""), &[]).unwrap();
            config.security_contact().map(|url| url.map(|url| url.to_string()))
        };
        assert_eq!(contact("").unwrap(), None);
        assert_eq!(contact("mailto:sicurezza@a.it").unwrap().as_deref(), Some("mailto:sicurezza@a.it"));
        for wrong in ["sicurezza@a.it", "http://a.it/sicurezza", "javascript:alert(1)"] {
            assert!(contact(wrong).is_err(), "{wrong}");
        }
    }
}
