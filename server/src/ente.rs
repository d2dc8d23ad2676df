//! `sportello ente`: how an ente looks, and who knows its citizens ([`crate::ente_accesso`]), each in a file that says all of it. Beside a server at work: pages and papers follow at once.
//!
//! Until the ente has pages to do it on; then those call the same use case.

use crate::cli::Dove;
use crate::ente_accesso;
use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use domain::aspetto::{Bollettino, Cbill, Collegamento};
use domain::{Aspetto, Ente, Lingua, Reason, Tavolozza};
use portal::Clock;
use portal::aspetto::{CambioLogo, set};
use serde::{Deserialize, Serialize};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use store::Store;

/// What a file of settings may be: addresses and codes, and whatever somebody notes beside them.
const FILE_MAX: usize = 16 * 1024;

#[derive(Debug, Subcommand)]
pub enum EnteCommand {
    /// Print the settings of one as the file that `set` takes.
    Show {
        /// The name in its addresses, or its codice fiscale.
        ente: String,
        #[command(flatten)]
        dove: Dove,
    },
    /// Take the settings from a file: what it does not say is not set. Without a file, only the emblem changes.
    Set {
        /// The name in its addresses, or its codice fiscale.
        ente: String,
        /// In TOML. Keys, all optional: tavolozza (verde, mare, notte, viola, bordeaux), cbill, seconda_lingua (de, en, fr, sl),
        /// accessibilita (the declaration on form.agid.gov.it), note_legali, riscontro, and [bollettino] with intestatario and
        /// autorizzazione.
        #[arg(long)]
        file: Option<PathBuf>,
        /// Its emblem: a PNG of at most 30,000 bytes and 512 pixels on a side.
        #[arg(long)]
        logo: Option<PathBuf>,
        /// It has none.
        #[arg(long, conflicts_with = "logo")]
        no_logo: bool,
        #[command(flatten)]
        dove: Dove,
    },
    /// The provider of identity (OpenID Connect) that it has of its own, beside the portal's (`[accesso]`): print it, take it from a file,
    /// or take it away.
    Accesso {
        /// The name in its addresses, or its codice fiscale.
        ente: String,
        /// In TOML: issuer and client_id; claim, livelli, spid and cie as in `[accesso]`. Its secret, if it has one, is a file in the
        /// folder `accesso.segreti`.
        #[arg(long)]
        file: Option<PathBuf>,
        /// It has none of its own any more: the portal's is asked.
        #[arg(long, conflicts_with = "file")]
        remove: bool,
        #[command(flatten)]
        dove: Dove,
    },
}

/// The file. What it does not know it refuses: a slip in a key must not look like a setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Impostazioni {
    tavolozza: Tavolozza,
    #[serde(skip_serializing_if = "Option::is_none")]
    cbill: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconda_lingua: Option<Lingua>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accessibilita: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note_legali: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    riscontro: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bollettino: Option<Bollettino>,
}

impl Impostazioni {
    fn of(ente: &Ente) -> Self {
        let Aspetto { tavolozza, logo: _, cbill, seconda_lingua, bollettino, note_legali, riscontro } = ente.aspetto.clone();
        Self {
            tavolozza,
            cbill: cbill.map(String::from),
            seconda_lingua,
            accessibilita: ente.contatti.accessibilita.clone(),
            note_legali: note_legali.map(String::from),
            riscontro: riscontro.map(String::from),
            bollettino,
        }
    }

    /// Every value parsed; the key of the first that is wrong.
    fn parse(self) -> anyhow::Result<(Aspetto, Option<Collegamento>)> {
        let address = |key, text: Option<String>| at(key, text.as_deref().map(Collegamento::parse).transpose());
        let aspetto = Aspetto {
            tavolozza: self.tavolozza,
            logo: None,
            cbill: at("cbill", self.cbill.as_deref().map(Cbill::parse).transpose())?,
            // Italian stands there anyway
            seconda_lingua: self.seconda_lingua.filter(|lingua| *lingua != Lingua::It),
            bollettino: at(
                "bollettino",
                self.bollettino.map(|b| Bollettino::new(&b.intestatario, &b.autorizzazione)).transpose(),
            )?,
            note_legali: address("note_legali", self.note_legali)?,
            riscontro: address("riscontro", self.riscontro)?,
        };
        let accessibilita = at("accessibilita", self.accessibilita.as_deref().map(Collegamento::parse_agid).transpose())?;
        Ok((aspetto, accessibilita))
    }
}

fn at<T>(key: &str, result: Result<T, Reason>) -> anyhow::Result<T> {
    result.map_err(|reason| anyhow!("{key}: {reason:?}"))
}

/// # Errors
/// With a sentence for whoever typed the command.
pub async fn run(command: EnteCommand) -> anyhow::Result<()> {
    match command {
        EnteCommand::Show { ente, dove } => {
            let ente = find(&dove.archivio()?.open_existing().await?, &ente).await?;
            print!("{}", toml::to_string(&Impostazioni::of(&ente))?);
            match &ente.aspetto.logo {
                Some(logo) => println!("# logo {}", logo.as_str()),
                None => println!("# no logo"),
            }
            Ok(())
        }
        EnteCommand::Set { ente, file, logo, no_logo, dove } => {
            let logo = match (logo, no_logo) {
                (Some(path), _) => CambioLogo::Nuovo(read(&path, documents::Logo::BYTES_MAX)?),
                (None, true) => CambioLogo::Nessuno,
                (None, false) => CambioLogo::Resta,
            };
            let said = file.as_deref().map(settings).transpose()?;
            anyhow::ensure!(
                said.is_some() || logo != CambioLogo::Resta,
                "nothing is to be set: name a --file, a --logo or --no-logo"
            );
            let store = dove.archivio()?.open_existing().await?;
            let ente = find(&store, &ente).await?;
            let said = match said {
                Some(said) => said,
                None => Impostazioni::of(&ente).parse().context("reading what is set now: give all of it in a --file")?,
            };
            let now = Clock::system()?.now();
            let after = set(&store, now, &ente, said.0, said.1.as_ref(), logo).await?;
            println!("{} is set", after.nome);
            if after.contatti.accessibilita.is_none() {
                println!(
                    "warning: accessibilita is missing: the law wants a declaration on form.agid.gov.it, by 23 September each year"
                );
            }
            Ok(())
        }
        EnteCommand::Accesso { ente, file, remove, dove } => {
            let text = file.as_deref().map(read_text).transpose()?;
            let store = dove.archivio()?.open_existing().await?;
            let ente = find(&store, &ente).await?;
            match (text, remove) {
                (None, false) => ente_accesso::show(&store, &ente).await,
                (text, _) => ente_accesso::set(&store, &ente, text.as_deref()).await,
            }
        }
    }
}

async fn find(store: &Store, name: &str) -> anyhow::Result<Ente> {
    let found = match store.ente_by_slug(name).await? {
        Some(ente) => Some(ente),
        None => store.ente_by_codice_fiscale(name).await?,
    };
    found.with_context(|| format!("there is no ente {name} here"))
}

fn settings(path: &Path) -> anyhow::Result<(Aspetto, Option<Collegamento>)> {
    let text = read_text(path)?;
    let said: Impostazioni = toml::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
    said.parse().with_context(|| path.display().to_string())
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    String::from_utf8(read(path, FILE_MAX)?).with_context(|| format!("{} is no text", path.display()))
}

fn read(path: &Path, most: usize) -> anyhow::Result<Vec<u8>> {
    let opened = std::fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    let mut bytes = Vec::new();
    // one more than may be, to know that there is more
    let limit = u64::try_from(most)?.saturating_add(1);
    opened.take(limit).read_to_end(&mut bytes).with_context(|| format!("reading {}", path.display()))?;
    anyhow::ensure!(bytes.len() <= most, "{} is larger than {most} bytes", path.display());
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_all_that_is_set_and_nothing_that_is_not_known() {
        let all = "tavolozza = \"mare\"\ncbill = \"bx4kq\"\nseconda_lingua = \"de\"\n\
                   accessibilita = \"https://form.agid.gov.it/view/x\"\nnote_legali = \"https://www.comune.example/note\"\n\
                   riscontro = \"https://www.comune.example/scrivici\"\n[bollettino]\nintestatario = \"Comune\"\nautorizzazione = \"AUT. 1\"\n";
        let (aspetto, accessibilita) = toml::from_str::<Impostazioni>(all).unwrap().parse().unwrap();
        assert_eq!((aspetto.tavolozza, aspetto.seconda_lingua), (Tavolozza::Mare, Some(Lingua::De)));
        assert_eq!(aspetto.cbill.unwrap().as_str(), "BX4KQ");
        assert!(accessibilita.is_some() && aspetto.bollettino.is_some());
        let (nothing, accessibilita) = toml::from_str::<Impostazioni>("").unwrap().parse().unwrap();
        assert_eq!((nothing, accessibilita), (Aspetto::default(), None));
        for (wrong, says) in [
            ("tavolozza = \"rosa\"", "unknown variant"),
            ("cibll = \"BX4KQ\"", "unknown field"),
            ("cbill = \"BX4\"", "cbill: WrongLength"),
            ("note_legali = \"http://www.comune.example\"", "note_legali: BadFormat"),
            ("accessibilita = \"https://www.comune.example\"", "accessibilita: BadFormat"),
            ("[bollettino]\nintestatario = \"\"\nautorizzazione = \"AUT\"", "bollettino: Missing"),
        ] {
            let error =
                toml::from_str::<Impostazioni>(wrong).map_err(anyhow::Error::new).and_then(Impostazioni::parse).unwrap_err();
            assert!(error.to_string().contains(says), "{wrong}: {error}");
        }
    }
}
