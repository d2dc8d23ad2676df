//! Where a write is done and what follows from it is not: the instants at which a crash or an error does most harm. The tests let the
//! process end, or the step fail, at each of them (F2, F3 of the fault list); in a production build none of this is there.
//!
//! **To add one**: a variant, its name, `Punto::Nome.reach()?` on the edge; `server/tests/portal/guasti/punti.rs` does not compile until
//! it has a story.

use crate::PortalError;

macro_rules! punti {
    ($($(#[$doc:meta])* $punto:ident = $name:literal,)*) => {
        /// An edge between a write and the next step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Punto {
            $($(#[$doc])* $punto,)*
        }

        impl Punto {
            pub const ALL: &[Self] = &[$(Self::$punto,)*];

            /// As it is named to a process that is to fail there.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$punto => $name,)*
                }
            }
        }
    };
}

punti! {
    /// The bytes of a receipt are durable, nobody has judged them.
    InboxTenuto = "inbox.kept",
    /// A receipt and all it changes are written, not committed.
    RicevutaScritta = "receipt.written",
    /// Committed; the Nodo has no answer.
    RicevutaConfermata = "receipt.committed",
    /// Kept apart; the Nodo has no answer.
    QuarantenaConfermata = "quarantine.committed",
    /// A citizen's form has become a draft; nobody has told them.
    BozzaConfermata = "draft.committed",
    /// A trip is written down; Checkout knows nothing of it.
    ViaggioCreato = "trip.created",
    /// Checkout took the cart; it is not noted.
    CarrelloInviato = "cart.sent",
    /// It is noted; the citizen has not been led there.
    CarrelloNotato = "cart.noted",
    /// A job is written down.
    JobScritto = "job.enqueued",
    /// Taken; nothing of it is done.
    JobPreso = "job.taken",
    /// Its lease is longer in a transaction that is not committed.
    JobRinnovato = "job.renewed",
    /// Done; not said so.
    JobLavorato = "job.worked",
    /// Said so.
    JobFinito = "job.finished",
    /// A letter is noted as handed over; the server of the mail does not have it.
    LetteraAffidata = "letter.handed",
    /// The server has it, or not; that is not noted.
    LetteraConsegnata = "letter.taken",
    /// A batch of drafts is deleted, not committed.
    BozzeCancellate = "drafts.deleted",
    /// Committed; there may be more.
    BozzeConfermate = "drafts.committed",
    /// A new installation has its database, and no secret.
    DatabaseFatto = "start.database",
    /// The database says which secret it was begun with; the secret has no name yet.
    SegretoDetto = "start.secret",
    /// A backup has its database; nothing else yet.
    BackupCopiato = "backup.copied",
    /// All of it is written; it has no name yet.
    BackupScritto = "backup.written",
    /// A restore is proved; it has no name yet.
    RipristinoProvato = "restore.proved",
    /// A folder that was there has all of a restore but the secret.
    RipristinoSenzaSegreto = "restore.moved",
}

impl Punto {
    /// Here it is.
    ///
    /// # Errors
    /// What the tests ask for; never in a production build.
    #[cfg(not(feature = "failpoints"))]
    #[inline(always)]
    pub fn reach(self) -> Result<(), PortalError> {
        Ok(())
    }

    /// Here it is.
    ///
    /// # Errors
    /// What the tests ask for; never in a production build.
    #[cfg(feature = "failpoints")]
    pub fn reach(self) -> Result<(), PortalError> {
        let name = self.as_str();
        let Some(what) = fail::eval(name, |what| what.unwrap_or_default()) else { return Ok(()) };
        tracing::warn!(what, "failpoint {name}");
        match what.as_str() {
            "abort" => std::process::abort(),
            _ => Err(PortalError::Inconsistent(format!("failpoint {name}"))),
        }
    }
}

/// Reads from the environment where this process is to fail: `FAILPOINTS=inbox.kept=1*return(abort)`, as the crate `fail` spells it.
pub fn arm() {
    #[cfg(feature = "failpoints")]
    std::mem::forget(fail::FailScenario::setup());
}
