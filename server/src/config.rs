//! Configuration of `sportello serve`: the documented defaults (`config/default.toml`) are the defaults, a file overrides them,
//! credentials (a file for each key, as systemd and containers hand secrets over) override it, the environment overrides all.
//! Production cannot name a sandbox.
//!
//! | file | question |
//! |---|---|
//! | `config/read.rs` | what is written where |
//! | `config/judge.rs` | whether it will do for a production |
//! | `config/ricerca.rs` | how often a notice may be looked up |
//! | `config/place.rs` | whether the data that it names are there, and belong together |
//! | `config/guai.rs` | all that is wrong, each with its key |

mod guai;
pub(crate) mod judge;
mod place;
mod read;
mod ricerca;

pub use guai::Guai;
pub use ricerca::Ricerca;

use crate::archivio::Archivio;
use crate::config_accesso::Accesso;
use crate::config_pagopa::Pagopa;
use crate::config_posta::Posta;
use crate::layers::allowed::Allowed;
use crate::tls::{Porta, Tls, TlsFiles};
use anyhow::{Context as _, bail, ensure};
use jiff::Timestamp;
use nodo::checkout::{CheckoutConfig, CheckoutVersion, SubscriptionKey};
use portal::lettere::Ufficio;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use url::Url;

/// The reference, as it is shipped.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// Everything `serve` needs to know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub web: Web,
    pub ricerca: Ricerca,
    pub stazione: Stazione,
    pub metriche: Listener,
    pub dati: Dati,
    pub jobs: Jobs,
    pub checkout: Checkout,
    pub accesso: Accesso,
    pub pagopa: Pagopa,
    pub posta: Posta,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Web {
    pub listen: SocketAddr,
    pub public_url: String,
    pub security_contact: String,
    pub proxies: Vec<String>,
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
    /// Defaults, then the file, then the credentials, then the environment: for whatever works on an installation.
    ///
    /// # Errors
    /// All that is wrong, each with the name of its key.
    pub fn load(path: &Path) -> anyhow::Result<Self> {
        let mut guai = Guai::default();
        let config = Self::read(path, &mut guai)?;
        config.judge_peers(&mut guai);
        guai.none().with_context(|| in_file(path))?;
        Ok(config)
    }

    /// As [`Config::load`], and judged as [`Config::check`] does: for who starts a production.
    ///
    /// # Errors
    /// All that is wrong, each with the name of its key.
    pub fn for_production(path: &Path, now: Timestamp) -> anyhow::Result<Self> {
        let mut guai = Guai::default();
        let config = Self::read(path, &mut guai)?;
        config.judge_peers(&mut guai);
        config.judge(&mut guai);
        config.judge_files(now, &mut guai);
        guai.log_warnings();
        guai.none().with_context(|| in_file(path))?;
        Ok(config)
    }

    /// Whether a file would do for a production, as far as can be told without starting one: all there is to say.
    ///
    /// # Errors
    /// When there is no such file, or it is not TOML.
    pub async fn examine(path: &Path, now: Timestamp) -> anyhow::Result<Guai> {
        let mut guai = Guai::default();
        let config = Self::read(path, &mut guai)?;
        config.judge_peers(&mut guai);
        config.judge(&mut guai);
        config.judge_files(now, &mut guai);
        config.judge_data(&mut guai).await;
        Ok(guai)
    }

    fn read(path: &Path, guai: &mut Guai) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        let folder = std::env::var_os("CREDENTIALS_DIRECTORY");
        let secrets = read::credentials(folder.as_deref().map(Path::new), guai);
        read::read(&text, secrets.into_iter().chain(std::env::vars()), guai).with_context(|| in_file(path))
    }

    /// The defaults, then the text of a file, then the environment. No error shows a piece of the text: it holds the key of Checkout
    /// and, in the address of the database, a password.
    /// Of two in the environment with one name the last counts.
    ///
    /// # Errors
    /// All that is wrong, with its line or the names of the keys.
    pub fn from_parts(file: &str, env: impl Iterator<Item = (String, String)>) -> anyhow::Result<Self> {
        let mut guai = Guai::default();
        let config = read::read(file, env, &mut guai)?;
        guai.none()?;
        Ok(config)
    }

    /// Where `/.well-known/security.txt` sends whoever found a weakness.
    ///
    /// # Errors
    /// When it is no address that RFC 9116 knows.
    pub fn security_contact(&self) -> anyhow::Result<Option<Url>> {
        let text = &self.web.security_contact;
        if text.trim().is_empty() {
            return Ok(None);
        }
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "mailto" | "https" | "tel"));
        Ok(Some(url.context("web.security_contact: write mailto:sicurezza@comune.it, https://… or tel:…")?))
    }

    /// What a production cannot do without, beyond what [`Config::load`] refuses.
    ///
    /// # Errors
    /// All that is missing, each with the name of its key.
    pub fn check(&self) -> anyhow::Result<()> {
        let mut guai = Guai::default();
        self.judge(&mut guai);
        guai.none()
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

    /// Whose word about who calls the pages is taken.
    ///
    /// # Errors
    /// When an entry is neither an address nor a network.
    pub fn proxies(&self) -> anyhow::Result<Allowed> {
        Allowed::parse(&self.web.proxies).context("web.proxies")
    }

    /// Where what must survive is kept.
    pub fn archivio(&self) -> Archivio {
        let database = Some(self.dati.database.clone()).filter(|address| !address.is_empty());
        Archivio { folder: self.dati.folder.clone(), database }
    }

    /// # Errors
    /// When it is missing or not a bare origin.
    pub fn public_url(&self) -> anyhow::Result<Url> {
        let text = &self.web.public_url;
        ensure!(
            !text.trim().is_empty(),
            "web.public_url: is missing: write how citizens reach the portal, such as https://pagamenti.comune.it"
        );
        let url = Url::parse(text).ok().filter(Url::has_host);
        let url = url.context("web.public_url: is no address: write one such as https://pagamenti.comune.it")?;
        ensure!(
            url.path() == "/" && url.query().is_none() && url.fragment().is_none(),
            "web.public_url: scheme and host only, no path"
        );
        Ok(url)
    }

    /// Who writes letters; `None`: nobody does.
    ///
    /// # Errors
    /// All that is wrong with `[posta]`, each with its key.
    pub fn ufficio(&self) -> anyhow::Result<Option<Ufficio>> {
        // without an address of the portal nothing starts, and that is said
        self.public_url().map_or(Ok(None), |url| self.posta.ufficio(&url))
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

fn in_file(path: &Path) -> String {
    format!("in {}", path.display())
}

#[cfg(test)]
mod tests;
