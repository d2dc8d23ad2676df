//! Who may do what in the reserved area of an ente: one table, and nothing is allowed that does not stand in it.
//!
//! A person has roles at one ente or at several. [`Ruolo::Gestore`] is of the platform: it looks after enti, and sees nobody's payments
//! (who runs the machine has no business with who pays what; access to an ente is given like anybody's, with a role there).
//!
//! The pages name the [`Permesso`] they want, never a role: the tests walk over every role, page and ente by this table.

use crate::CodiceFiscaleEnte;
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruolo {
    /// Looks things up for a citizen at the counter. Sees codici fiscali masked.
    Consultazione,
    /// Debts, notices, receipts.
    Operatore,
    /// The money: flows, reconciliation, what goes to accounting and to conservazione.
    Ragioneria,
    /// Services, tariffs, accounts, what the pages look like.
    Config,
    /// People and keys; no receipt.
    AdminEnte,
    /// What everybody did.
    Auditor,
    /// Of the platform: enti and their first people.
    Gestore,
}

impl Ruolo {
    pub const ALL: [Self; 7] =
        [Self::Consultazione, Self::Operatore, Self::Ragioneria, Self::Config, Self::AdminEnte, Self::Auditor, Self::Gestore];
    /// Those that one has at an ente.
    pub const DI_ENTE: [Self; 6] =
        [Self::Consultazione, Self::Operatore, Self::Ragioneria, Self::Config, Self::AdminEnte, Self::Auditor];

    /// As the command line, the database and `demo.json` write it.
    pub fn codice(self) -> &'static str {
        match self {
            Self::Consultazione => "consultazione",
            Self::Operatore => "operatore",
            Self::Ragioneria => "ragioneria",
            Self::Config => "config",
            Self::AdminEnte => "admin_ente",
            Self::Auditor => "auditor",
            Self::Gestore => "gestore",
        }
    }

    pub fn parse(codice: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ruolo| ruolo.codice() == codice)
    }

    /// Whether the table has that line.
    pub fn puo(self, permesso: Permesso) -> bool {
        permesso.ruoli().contains(&self)
    }
}

impl fmt::Display for Ruolo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.codice())
    }
}

/// What a page of the reserved area wants of who asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permesso {
    /// The first page of an ente: what needs somebody today, as far as that person may see it.
    Quadro,
    /// Debts and their history; names and codici fiscali masked for who has [`Permesso::VediPersone`] not.
    VediPosizioni,
    /// To create, correct, cancel, restore, mark as paid elsewhere, load a file of them.
    ScriviPosizioni,
    /// Receipts one by one.
    VediRicevute,
    /// Receipts by the thousand: ZIP, CSV, XLSX.
    EsportaRicevute,
    /// Submission packages and their reports.
    Conservazione,
    /// Names and codici fiscali unmasked.
    VediPersone,
    /// Flows, treasury, what is matched with what.
    VediRiconciliazione,
    /// To decide in it.
    ScriviRiconciliazione,
    VediServizi,
    ConfiguraServizi,
    /// The account the money goes to: with four eyes.
    ConfiguraConti,
    Attivazione,
    Impostazioni,
    /// Who works here, and as what.
    GestisciUtenti,
    GestisciChiavi,
    VediAudit,
    /// Messages to and from pagoPA.
    VediGiornale,
    /// Work in the background: look, run now, stop.
    VediLavori,
    GestisciLavori,
    /// The enti of the platform: of no ente.
    GestisciEnti,
}

impl Permesso {
    pub const ALL: [Self; 21] = [
        Self::Quadro,
        Self::VediPosizioni,
        Self::ScriviPosizioni,
        Self::VediRicevute,
        Self::EsportaRicevute,
        Self::Conservazione,
        Self::VediPersone,
        Self::VediRiconciliazione,
        Self::ScriviRiconciliazione,
        Self::VediServizi,
        Self::ConfiguraServizi,
        Self::ConfiguraConti,
        Self::Attivazione,
        Self::Impostazioni,
        Self::GestisciUtenti,
        Self::GestisciChiavi,
        Self::VediAudit,
        Self::VediGiornale,
        Self::VediLavori,
        Self::GestisciLavori,
        Self::GestisciEnti,
    ];

    /// **The table.** Who stands in no line may not.
    pub fn ruoli(self) -> &'static [Ruolo] {
        use Ruolo::*;
        match self {
            Self::Quadro => &[Consultazione, Operatore, Ragioneria, Config, AdminEnte, Auditor],
            Self::VediPosizioni => &[Consultazione, Operatore, Ragioneria],
            Self::ScriviPosizioni => &[Operatore],
            Self::VediRicevute => &[Consultazione, Operatore, Ragioneria],
            Self::EsportaRicevute => &[Operatore, Ragioneria],
            Self::Conservazione => &[Ragioneria],
            Self::VediPersone => &[Operatore, Ragioneria],
            Self::VediRiconciliazione => &[Ragioneria, Auditor],
            Self::ScriviRiconciliazione => &[Ragioneria],
            Self::VediServizi => &[Consultazione, Operatore, Ragioneria, Config, AdminEnte, Auditor],
            Self::ConfiguraServizi => &[Config],
            Self::ConfiguraConti => &[Config, AdminEnte],
            Self::Attivazione => &[Config, AdminEnte, Ragioneria],
            Self::Impostazioni => &[AdminEnte, Config],
            Self::GestisciUtenti => &[AdminEnte],
            Self::GestisciChiavi => &[AdminEnte],
            Self::VediAudit => &[Auditor, AdminEnte],
            Self::VediGiornale => &[Ragioneria, Auditor, Config],
            Self::VediLavori => &[Operatore, Ragioneria, Config, AdminEnte, Auditor],
            Self::GestisciLavori => &[Config, AdminEnte],
            Self::GestisciEnti => &[Gestore],
        }
    }
}

/// A role, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Incarico {
    /// `None`: of the platform, and then the role is [`Ruolo::Gestore`] and no other.
    pub ente: Option<CodiceFiscaleEnte>,
    pub ruolo: Ruolo,
}

impl Incarico {
    /// Whether role and place go together.
    pub fn is_sound(&self) -> bool {
        self.ente.is_none() == (self.ruolo == Ruolo::Gestore)
    }
}

/// Whether one of these roles, at that ente (`None`: on the platform), may.
pub fn puo(incarichi: &[Incarico], ente: Option<&CodiceFiscaleEnte>, permesso: Permesso) -> bool {
    incarichi.iter().any(|incarico| incarico.is_sound() && incarico.ente.as_ref() == ente && incarico.ruolo.puo(permesso))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ente(text: &str) -> CodiceFiscaleEnte {
        CodiceFiscaleEnte::parse(text).unwrap()
    }

    #[test]
    fn a_role_is_a_role_at_its_ente_and_nowhere_else() {
        let (here, there) = (ente("80001230459"), ente("00743110157"));
        for ruolo in Ruolo::DI_ENTE {
            let incarichi = [Incarico { ente: Some(here.clone()), ruolo }];
            for permesso in Permesso::ALL {
                assert_eq!(puo(&incarichi, Some(&here), permesso), ruolo.puo(permesso), "{ruolo} {permesso:?}");
                assert!(!puo(&incarichi, Some(&there), permesso) && !puo(&incarichi, None, permesso), "{ruolo} {permesso:?}");
            }
        }
    }

    #[test]
    fn who_looks_after_the_platform_sees_no_ente_from_within() {
        let gestore = [Incarico { ente: None, ruolo: Ruolo::Gestore }];
        let here = ente("80001230459");
        for permesso in Permesso::ALL {
            assert_eq!(puo(&gestore, None, permesso), permesso == Permesso::GestisciEnti);
            assert!(!puo(&gestore, Some(&here), permesso));
        }
        let odd =
            [Incarico { ente: Some(here.clone()), ruolo: Ruolo::Gestore }, Incarico { ente: None, ruolo: Ruolo::Operatore }];
        assert!(Permesso::ALL.into_iter().all(|permesso| !puo(&odd, Some(&here), permesso) && !puo(&odd, None, permesso)));
    }

    #[test]
    fn every_permission_is_somebodys_and_nobody_has_all() {
        for permesso in Permesso::ALL {
            assert!(!permesso.ruoli().is_empty(), "{permesso:?}");
        }
        for ruolo in Ruolo::ALL {
            assert!(Permesso::ALL.into_iter().any(|permesso| ruolo.puo(permesso)), "{ruolo}");
            assert!(!Permesso::ALL.into_iter().all(|permesso| ruolo.puo(permesso)), "{ruolo}");
            assert_eq!(Ruolo::parse(ruolo.codice()), Some(ruolo));
        }
        // who gives out keys reads no receipt, and who is not to know names does not export them
        assert!(!Ruolo::AdminEnte.puo(Permesso::VediRicevute));
        for ruolo in Ruolo::ALL {
            assert!(!ruolo.puo(Permesso::EsportaRicevute) || ruolo.puo(Permesso::VediPersone), "{ruolo}");
        }
    }
}
