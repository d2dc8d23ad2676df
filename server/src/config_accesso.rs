//! `[accesso]`: the portal's provider of identity, and the secrets of those that enti have of their own.

use crate::config::{Guai, judge};
use anyhow::Context as _;
use domain::CodiceFiscaleEnte;
use nodo::oidc::{Dettagli, Provider};
use portal::Clock;
use portal::accesso::{Fornitore, Fornitori, RITORNO};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

/// Of a secret that somebody was given to copy.
const SECRET_MAX: u64 = 4_096;
/// A citizen waits for two calls of that kind, one after the other.
const TIMEOUT_MAX_MS: u64 = 20_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accesso {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    pub scope: String,
    pub claim: String,
    pub livelli: Vec<String>,
    pub spid: String,
    pub cie: String,
    pub timeout_ms: u64,
    pub segreti: PathBuf,
}

impl std::fmt::Debug for Accesso {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accesso").field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl Accesso {
    pub(crate) fn judge(&self, guai: &mut Guai) {
        let (there, said) = (!self.issuer.is_empty(), !self.client_id.is_empty() || !self.client_secret.is_empty());
        guai.unless(there || !said, "accesso.issuer", "is missing: client_id and client_secret are of nobody");
        guai.unless(!there || self.issuer.starts_with("https://"), "accesso.issuer", "production wants https");
        guai.unless(
            !there || !self.client_id.trim().is_empty(),
            "accesso.client_id",
            "is missing: the provider would know nobody",
        );
        let blank = !self.client_secret.is_empty() && self.client_secret.trim().is_empty();
        guai.unless(!blank, "accesso.client_secret", "is blank: leave it empty for a public client");
        guai.unless(!self.claim.trim().is_empty(), "accesso.claim", "is missing: nobody would have a codice fiscale");
        guai.unless(self.scope.split(' ').any(|scope| scope == "openid"), "accesso.scope", "without openid there is no ID token");
        for (key, parametro) in [("accesso.spid", &self.spid), ("accesso.cie", &self.cie)] {
            guai.unless(parametro.is_empty() || parametro.contains('='), key, "write name=value, such as kc_idp_hint=spid");
        }
        guai.unless(
            (1..=TIMEOUT_MAX_MS).contains(&self.timeout_ms),
            "accesso.timeout_ms",
            format_args!("1 to {TIMEOUT_MAX_MS}, not {}", self.timeout_ms),
        );
        if there && self.livelli.is_empty() {
            guai.warn("accesso.livelli", "is empty: who has SPID of level 1, a password alone, is let in");
        }
        guai.keep(self.segreti());
    }

    /// What the use cases need. Reads the files of the secrets, calls nobody.
    ///
    /// # Errors
    /// What is wrong with which key.
    pub fn fornitori(&self, public_url: &Url, clock: &Clock) -> anyhow::Result<Fornitori> {
        let portale = match self.issuer.as_str() {
            "" => None,
            issuer => {
                let dettagli = Dettagli {
                    issuer: issuer.to_owned(),
                    client_id: self.client_id.clone(),
                    client_secret: Some(self.client_secret.clone()).filter(|secret| !secret.is_empty()),
                    redirect_uri: public_url.join(RITORNO).context("web.public_url")?,
                    scope: self.scope.clone(),
                    claim: self.claim.clone(),
                    livelli: self.livelli.clone(),
                    timeout_ms: self.timeout_ms,
                };
                let provider = Provider::new(dettagli, clock.teller()).context("accesso.issuer")?;
                Some(Fornitore { provider, parametro_spid: self.spid.clone(), parametro_cie: self.cie.clone() })
            }
        };
        Ok(Fornitori { portale, segreti: self.segreti()?, timeout_ms: self.timeout_ms, in_chiaro: false })
    }

    /// A file for each ente, named after its codice fiscale.
    fn segreti(&self) -> anyhow::Result<BTreeMap<CodiceFiscaleEnte, String>> {
        let mut segreti = BTreeMap::new();
        if self.segreti.as_os_str().is_empty() {
            return Ok(segreti);
        }
        let shown = self.segreti.display();
        let files = std::fs::read_dir(&self.segreti).with_context(|| format!("accesso.segreti: there is no folder {shown}"))?;
        for file in files {
            let path = file.with_context(|| format!("accesso.segreti: reading {shown}"))?.path();
            let (ente, secret) = segreto(&path).with_context(|| format!("accesso.segreti: {}", path.display()))?;
            segreti.insert(ente, secret);
        }
        Ok(segreti)
    }
}

fn segreto(path: &Path) -> anyhow::Result<(CodiceFiscaleEnte, String)> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let ente = CodiceFiscaleEnte::parse(name).ok().context("a file is named after the codice fiscale of its ente, 11 digits")?;
    let meta = std::fs::metadata(path)?;
    anyhow::ensure!(meta.is_file() && meta.len() <= SECRET_MAX, "is not a file of {SECRET_MAX} bytes at most");
    judge::is_private(path)?;
    let secret = std::fs::read_to_string(path)?.trim_end_matches(['\n', '\r']).to_owned();
    anyhow::ensure!(!secret.trim().is_empty(), "is blank");
    Ok((ente, secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::os::unix::fs::PermissionsExt as _;

    fn told(accesso: &str) -> Vec<String> {
        let file = format!("[web]\npublic_url = \"https://a.it\"\n[accesso]\n{accesso}");
        let config = Config::from_parts(&file, std::iter::empty()).unwrap();
        let mut guai = Guai::default();
        config.accesso.judge(&mut guai);
        guai.errors().iter().chain(guai.warnings()).map(|line| line.split(": ").next().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn what_would_let_nobody_in_or_anybody_is_told_before_the_start() {
        let sound = "issuer = \"https://idp.comune.it\"\nclient_id = \"sportello\"\n";
        for (accesso, keys) in [
            ("", &[][..]),
            (sound, &[]),
            ("client_id = \"x\"", &["accesso.issuer"]),
            ("issuer = \"https://idp.comune.it\"", &["accesso.client_id"]),
            ("issuer = \"http://idp.comune.it\"\nclient_id = \"x\"", &["accesso.issuer"]),
            (&format!("{sound}client_secret = \" \""), &["accesso.client_secret"]),
            (&format!("{sound}claim = \"\""), &["accesso.claim"]),
            (&format!("{sound}scope = \"profile\""), &["accesso.scope"]),
            (&format!("{sound}spid = \"spid\""), &["accesso.spid"]),
            (&format!("{sound}timeout_ms = 0"), &["accesso.timeout_ms"]),
            (&format!("{sound}livelli = []"), &["accesso.livelli"]),
            (&format!("{sound}segreti = \"/nessuna/cartella\""), &["accesso.segreti"]),
        ] {
            assert_eq!(told(accesso), keys, "{accesso}");
        }
    }

    #[test]
    fn the_secret_of_an_entes_provider_is_a_file_for_its_owner_alone() {
        let folder = std::env::temp_dir().join(format!("sportello-segreti-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("80001230459");
        let write = |mode: u32, text: &str| {
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            let text = format!("segreti = \"{}\"", folder.display());
            let config = Config::from_parts(&format!("[accesso]\n{text}"), std::iter::empty()).unwrap();
            config.accesso.segreti().map_err(|error| format!("{error:#}"))
        };
        let segreti = write(0o600, "parola\n").unwrap();
        assert_eq!(segreti.into_values().collect::<Vec<_>>(), ["parola"]);
        for (mode, text, why) in [(0o644, "parola", "chmod 600"), (0o600, " \n", "blank"), (0o600, &"x".repeat(5_000), "4096")] {
            let told = write(mode, text).unwrap_err();
            assert!(told.contains(why) && !told.contains("parola"), "{told}");
        }
        std::fs::write(folder.join("note.txt"), "x").unwrap();
        assert!(write(0o600, "parola").unwrap_err().contains("codice fiscale of its ente"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
