//! What can be told of the data before anything is started: whether secret and database are there, and belong together. Nothing is
//! opened for work, no table is made or changed.

use super::Config;
use super::guai::Guai;
use crate::archivio::Archivio;
use portal::impronta;
use store::Store;

impl Config {
    pub(super) async fn judge_data(&self, guai: &mut Guai) {
        let archivio = self.archivio();
        // what is not there, or no address, was said
        let is_address = archivio.database.as_deref().is_none_or(|address| Store::check_address(address).is_ok());
        if !self.dati.folder.is_absolute() || !self.dati.folder.is_dir() || !is_address {
            return;
        }
        let path = archivio.folder.join("segreto");
        let secret = if path.exists() {
            match archivio.secret_there() {
                Ok(secret) => Some(secret),
                Err(error) => return guai.add("dati.folder", format_args!("{error:#}")),
            }
        } else {
            None
        };
        match (begun_with(&archivio).await, secret) {
            (Ok(Some(_)), None) => guai.add(
                "dati.folder",
                format_args!(
                    "{} is missing, and there is a database that was begun with one: copy it from the first server, or from a backup",
                    path.display()
                ),
            ),
            (Ok(Some(begun)), Some(secret)) => guai.unless(
                begun == impronta::of(&secret),
                "dati.folder",
                format_args!("{} is not the secret its database was begun with", path.display()),
            ),
            (Ok(None), None) => {
                let folder = archivio.folder.display();
                let begins = "the first start begins a new installation";
                guai.warn("dati.folder", format_args!("there is neither a secret nor a database in {folder} yet: {begins}"));
            }
            (Ok(None), Some(_)) => {
                guai.unless(archivio.database.is_some() || archivio.sqlite().exists(), "dati.folder", archivio.database_is_lost());
            }
            // it may be away for a moment, or not in reach of whoever asks
            (Err(error), _) => {
                let key = if archivio.database.is_some() { "dati.database" } else { "dati.folder" };
                guai.warn(key, format_args!("the database could not be asked whose secret it was begun with: {error}"));
            }
        }
    }
}

/// `None`: there is no database, or nobody used it yet.
async fn begun_with(archivio: &Archivio) -> Result<Option<String>, portal::PortalError> {
    match &archivio.database {
        Some(address) => impronta::begun_with(address).await,
        None if archivio.sqlite().exists() => impronta::begun_with(&format!("sqlite:{}", archivio.sqlite().display())).await,
        None => Ok(None),
    }
}
