//! The secret of an installation: drawn once, for one database, which says so before the secret has its name.
//!
//! So a secret under its name has a database that says so, however a first start ended; one beside a database that says nothing is what
//! is left of an installation, and nothing is begun with it: what was given out would be given out again. A start that was cut off goes
//! on from what it left, because nobody was told anything before the secret had its name.

use super::{Archivio, make_folder, private, sync_folder};
use anyhow::{Context as _, bail, ensure};
use portal::impronta::{self, Begun};
use portal::punti::Punto;
use std::path::{Path, PathBuf};
use store::Store;

type Secret = [u8; 32];

impl Archivio {
    fn secret_path(&self) -> PathBuf {
        self.folder.join("segreto")
    }

    /// The database, and the secret it was begun with; both are made for a new installation. For who goes on writing.
    ///
    /// # Errors
    /// With what to do, when one of the two is missing or damaged, or they are not of each other.
    pub(crate) async fn open_with_secret(&self) -> anyhow::Result<(Store, Secret)> {
        make_folder(&self.folder)?;
        if !self.secret_path().exists() {
            let store = self.open_whole().await?;
            Punto::DatabaseFatto.reach()?;
            let secret = self.begin(&store).await?;
            return Ok((store, secret));
        }
        // before the database: a damaged one stops the start whatever is beside it
        let secret = self.secret_there()?;
        ensure!(self.database.is_some() || self.sqlite().exists(), self.database_is_lost());
        let store = self.open_whole().await?;
        match impronta::begun(&store, &secret).await.context("reading whose database it is")? {
            Begun::WithThis => Ok((store, secret)),
            // of a version before databases said it: from now on it does
            Begun::Unnamed if impronta::begin(&store, &secret).await.context("writing whose database it is")? => {
                Ok((store, secret))
            }
            Begun::Unnamed | Begun::WithAnother => bail!(self.is_another_secret()),
            Begun::Never => bail!(self.database_is_lost()),
        }
    }

    /// For a database without a secret: one is drawn when nothing was ever derived from another.
    async fn begin(&self, store: &Store) -> anyhow::Result<Secret> {
        let (path, unfinished) = (self.secret_path(), self.secret_path().with_extension("nuovo"));
        if let Ok(left) = read(&unfinished)
            && impronta::begun(store, &left).await.context("reading whose database it is")? == Begun::WithThis
        {
            give_name(&unfinished, &path).with_context(|| format!("writing {}", path.display()))?;
            return Ok(left);
        }
        ensure!(impronta::is_untouched(store).await.context("reading whether the database is new")?, self.secret_is_lost());
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|e| anyhow::anyhow!("no randomness: {e}"))?;
        write(&unfinished, &fresh).with_context(|| format!("writing {}", unfinished.display()))?;
        // of several servers on a new PostgreSQL one is first
        ensure!(impronta::begin(store, &fresh).await.context("writing whose database it is")?, self.secret_is_lost());
        Punto::SegretoDetto.reach()?;
        give_name(&unfinished, &path).with_context(|| format!("writing {}", path.display()))?;
        Ok(fresh)
    }

    /// As it is, for a command that must not draw one.
    ///
    /// # Errors
    /// When it is missing, damaged, or cannot be read.
    pub(crate) fn secret_there(&self) -> anyhow::Result<Secret> {
        read(&self.secret_path())
    }

    /// Keeps a secret that was drawn elsewhere.
    ///
    /// # Errors
    /// When there is another one, or it cannot be written.
    pub(crate) fn adopt_secret(&self, secret: &Secret) -> anyhow::Result<()> {
        let path = self.secret_path();
        if path.exists() {
            ensure!(self.secret_there()? == *secret, "{} is another secret than the one of the backup", path.display());
            return Ok(());
        }
        make_folder(&self.folder)?;
        let unfinished = path.with_extension("nuovo");
        let written = write(&unfinished, secret).and_then(|()| give_name(&unfinished, &path));
        written.with_context(|| format!("writing {}", path.display()))
    }

    pub(crate) fn is_another_secret(&self) -> String {
        format!(
            "{} is not the secret this database was begun with: put the right one there, from a backup of this database or from \
             another of its servers",
            self.secret_path().display()
        )
    }

    fn secret_is_lost(&self) -> String {
        let (secret, there) = (self.secret_path(), self.sqlite());
        let secret = secret.display();
        match self.database {
            None => format!(
                "{secret} is missing beside {}: IUVs and addresses are derived from it; restore it from a backup",
                there.display()
            ),
            Some(_) => format!(
                "{secret} is missing, and the database was begun with one: put a copy of another server's there, or restore it from a \
                 backup"
            ),
        }
    }

    pub(crate) fn database_is_lost(&self) -> String {
        let secret = self.secret_path();
        let (secret, what) = (secret.display(), if self.database.is_none() { "sportello.db" } else { "dati.database" });
        let restore = match self.database {
            None => self.how_to_restore(),
            Some(_) => {
                "see that dati.database is the right one, or run `sportello restore --from BACKUP --config FILE`".to_owned()
            }
        };
        format!(
            "{secret} was drawn for a database, and {what} is not there or empty: a new one would give out again the IUVs that were \
             given out; {restore}. Only if nothing was ever begun with it, remove {secret}"
        )
    }
}

fn read(path: &Path) -> anyhow::Result<Secret> {
    let bytes = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    ensure!(
        bytes.len() == 32,
        "{} is damaged: it must hold the 32 bytes it was made with; restore it from a backup",
        path.display()
    );
    Ok(std::array::from_fn(|i| bytes[i]))
}

/// On the disk, under a name that means nothing yet.
fn write(path: &Path, bytes: &Secret) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = private().create(true).truncate(true).write(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    sync_folder(path)
}

/// One step: a crash leaves no half secret.
fn give_name(unfinished: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::rename(unfinished, path)?;
    sync_folder(path)
}
