//! `sportello embed`: which sites may show pages of an ente in a frame. Until the ente says it itself, in its reserved area.

use crate::cli::Dove;
use crate::config::judge::OF_A_DEMO;
use anyhow::{bail, ensure};
use clap::Subcommand;
use domain::Origine;
use portal::Clock;
use portal::cornice::{self, Detto, ORIGINI_MAX};

/// About the sites that may show our pages in a frame.
#[derive(Debug, Subcommand)]
pub enum EmbedCommand {
    /// Every ente and its sites, a line for each.
    List {
        #[command(flatten)]
        dove: Dove,
    },
    /// Let a site show the pages of an ente in a frame.
    Allow {
        #[command(flatten)]
        sito: Sito,
        #[command(flatten)]
        dove: Dove,
    },
    /// Let it no more.
    Forbid {
        #[command(flatten)]
        sito: Sito,
        #[command(flatten)]
        dove: Dove,
    },
}

#[derive(Debug, clap::Args)]
pub struct Sito {
    /// The ente: its name in our addresses, or its codice fiscale.
    ente: String,
    /// The exact origin of the site: https://www.comune.it, without a path.
    #[arg(value_parser = Origine::parse)]
    origin: Origine,
}

/// # Errors
/// With a sentence for whoever typed the command.
pub async fn run(command: EmbedCommand) -> anyhow::Result<()> {
    let now = Clock::system()?.now();
    match command {
        EmbedCommand::List { dove } => {
            let all = cornice::all(&dove.archivio()?.open_existing().await?).await?;
            for (ente, origini) in &all {
                for origine in origini {
                    println!("{} {origine}", ente.slug);
                }
            }
            println!("{} sites", all.iter().map(|(_, origini)| origini.len()).sum::<usize>());
            Ok(())
        }
        EmbedCommand::Allow { sito: Sito { ente, origin }, dove } => {
            let archivio = dove.archivio()?;
            // a program on a citizen's own machine would do as that site
            ensure!(
                !origin.is_local() || archivio.folder.join(OF_A_DEMO).exists(),
                "{origin} is on the machine of whoever looks: only a demo shows itself there"
            );
            match cornice::allow(&archivio.open_existing().await?, now, &ente, &origin).await? {
                Detto::Fatto => println!("{origin} may show the pages of {ente} in a frame"),
                Detto::GiaCosi => println!("{origin} might before"),
                Detto::NessunEnte => bail!("there is no ente {ente}"),
                Detto::Troppe => bail!("{ente} has {ORIGINI_MAX} sites: forbid one first"),
            }
            Ok(())
        }
        EmbedCommand::Forbid { sito: Sito { ente, origin }, dove } => {
            match cornice::forbid(&dove.archivio()?.open_existing().await?, now, &ente, &origin).await? {
                Detto::Fatto => println!("{origin} may no more"),
                Detto::GiaCosi => bail!("{origin} is not a site of {ente}: `sportello embed list` tells them"),
                Detto::NessunEnte | Detto::Troppe => bail!("there is no ente {ente}"),
            }
            Ok(())
        }
    }
}
