//! `sportello ente accesso`: the provider of identity that an ente has of its own, in a file that says all of it. Servers at work follow
//! within a minute. Its secret is no setting but a file (`accesso.segreti`).

use anyhow::Context as _;
use domain::{CodiceFiscaleEnte, Ente};
use nodo::oidc::{Dettagli, Provider};
use portal::Clock;
use portal::accesso::{RITORNO, write_fornitore};
use serde::{Deserialize, Serialize};
use store::{FornitoreIdentita, Store};
use url::Url;

/// Who did it, in the audit.
const COMANDO: &str = "comando";
/// Longer than any name, address or level there is; a database is no place for more.
const TEXT_MAX: usize = 300;
/// SPID has three, CIE three more.
const LIVELLI_MAX: usize = 10;

/// The file. What it does not know it refuses: a slip in a key must not open a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fornitore {
    issuer: String,
    client_id: String,
    #[serde(default = "fiscal_number")]
    claim: String,
    #[serde(default = "spid_2_and_3")]
    livelli: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    spid: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    cie: String,
}

/// As `[accesso]` has them.
fn fiscal_number() -> String {
    "fiscal_number".to_owned()
}

fn spid_2_and_3() -> Vec<String> {
    ["https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3"].map(str::to_owned).to_vec()
}

impl Fornitore {
    fn of(row: FornitoreIdentita) -> Self {
        let FornitoreIdentita { ente: _, issuer, client_id, claim, livelli, parametro_spid, parametro_cie } = row;
        Self { issuer, client_id, claim, livelli, spid: parametro_spid, cie: parametro_cie }
    }

    /// What is stored, or the first key that is wrong.
    fn parse(self, ente: &CodiceFiscaleEnte) -> anyhow::Result<FornitoreIdentita> {
        for text in [&self.issuer, &self.client_id, &self.claim, &self.spid, &self.cie].into_iter().chain(&self.livelli) {
            anyhow::ensure!(text.len() <= TEXT_MAX, "a text is longer than {TEXT_MAX} bytes");
            anyhow::ensure!(!text.contains(char::is_control), "a text has a line break or a tab in it");
        }
        anyhow::ensure!(self.issuer.starts_with("https://"), "issuer: https://…");
        anyhow::ensure!(!self.client_id.trim().is_empty(), "client_id: is missing");
        anyhow::ensure!(!self.claim.trim().is_empty(), "claim: is missing: nobody would have a codice fiscale");
        let sound = |livello: &String| !livello.is_empty() && !livello.contains(char::is_whitespace);
        anyhow::ensure!(
            self.livelli.len() <= LIVELLI_MAX && self.livelli.iter().all(sound),
            "livelli: {LIVELLI_MAX} at most, each one word"
        );
        for (key, parametro) in [("spid", &self.spid), ("cie", &self.cie)] {
            anyhow::ensure!(parametro.is_empty() || parametro.contains('='), "{key}: write name=value, such as kc_idp_hint=spid");
        }
        // as the servers will make it; nobody is called
        let nowhere = Url::parse("https://localhost").and_then(|url| url.join(RITORNO))?;
        let dettagli = Dettagli {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: None,
            redirect_uri: nowhere,
            scope: "openid".to_owned(),
            claim: self.claim.clone(),
            livelli: self.livelli.clone(),
            timeout_ms: 1_000,
        };
        Provider::new(dettagli, Clock::system()?.teller())?;
        Ok(FornitoreIdentita {
            ente: ente.clone(),
            issuer: self.issuer,
            client_id: self.client_id,
            claim: self.claim,
            livelli: self.livelli,
            parametro_spid: self.spid,
            parametro_cie: self.cie,
        })
    }
}

/// Prints the one it has, as the file that is taken.
pub(crate) async fn show(store: &Store, ente: &Ente) -> anyhow::Result<()> {
    let found = store.fornitori().await?.into_iter().find(|row| row.ente == ente.codice_fiscale);
    match found {
        Some(row) => print!("{}", toml::to_string(&Fornitore::of(row))?),
        None => println!("# {} has none of its own", ente.nome),
    }
    Ok(())
}

/// From now on it has this one, or none.
pub(crate) async fn set(store: &Store, ente: &Ente, file: Option<&str>) -> anyhow::Result<()> {
    let row = file.map(|text| toml::from_str::<Fornitore>(text)?.parse(&ente.codice_fiscale)).transpose();
    let row = row.context("the file")?;
    write_fornitore(store, Clock::system()?.now(), &ente.codice_fiscale, row.as_ref(), COMANDO).await?;
    match row {
        Some(row) => {
            println!("{} asks {} who somebody is, within a minute", ente.nome, row.issuer);
            if row.livelli.is_empty() {
                println!("warning: livelli is empty: who has SPID of level 1, a password alone, is let in");
            }
        }
        None => println!("{} has no provider of its own any more, within a minute", ente.nome),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> anyhow::Result<FornitoreIdentita> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        toml::from_str::<Fornitore>(text)?.parse(&CodiceFiscaleEnte::parse("80001230459").unwrap())
    }

    #[test]
    fn a_file_says_all_of_a_provider_and_what_it_prints_can_be_read_back() {
        let least = told("issuer = \"https://idp.comune.it/realms/x\"\nclient_id = \"sportello\"").unwrap();
        assert_eq!((least.claim.as_str(), least.livelli.len()), ("fiscal_number", 2));
        let all = "issuer = \"https://idp.comune.it\"\nclient_id = \"a\"\nclaim = \"cf\"\nlivelli = []\nspid = \"idp=spid\"\ncie = \"idp=cie\"\n";
        let row = told(all).unwrap();
        let printed = toml::to_string(&Fornitore::of(row.clone())).unwrap();
        assert_eq!((printed.as_str(), told(&printed).unwrap()), (all, row));
    }

    #[test]
    fn what_would_open_the_wrong_door_is_refused() {
        let sound = "issuer = \"https://idp.comune.it\"\nclient_id = \"a\"\n";
        for (file, says) in [
            ("client_id = \"a\"", "issuer"),
            ("issuer = \"http://idp.comune.it\"\nclient_id = \"a\"", "https"),
            ("issuer = \"https://idp.comune.it?x=1\"\nclient_id = \"a\"", "without query"),
            ("issuer = \"https://\"\nclient_id = \"a\"", "no address"),
            ("issuer = \"https://idp.comune.it\"\nclient_id = \" \"", "client_id"),
            (&format!("{sound}claim = \"\""), "claim"),
            (&format!("{sound}livelli = [\"a b\"]"), "livelli"),
            (&format!("{sound}spid = \"spid\""), "spid: write"),
            (&format!("{sound}cie = \"a=b\\nc\""), "line break"),
            (&format!("{sound}client_secret = \"x\""), "unknown field"),
            (&format!("{sound}claim = \"{}\"", "x".repeat(301)), "300"),
        ] {
            let error = told(file).unwrap_err();
            assert!(error.to_string().contains(says), "{file}: {error}");
        }
    }
}
