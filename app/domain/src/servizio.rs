//! What can be paid: a service of an ente, its description and its form.

use crate::modulo::Testi;
use crate::{CodiceFiscaleEnte, Iban, Lingua, Modulo, Slug, Tassonomia};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something an ente collects for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Servizio {
    pub ente: CodiceFiscaleEnte,
    pub slug: Slug,
    /// In Italian, as the two that follow: it goes to the Nodo and onto receipts. In other languages: [`Servizio::insegna`].
    pub nome: String,
    /// One sentence, shown in lists.
    pub descrizione: String,
    pub argomento: String,
    pub scheda: Scheda,
    pub tassonomia: Tassonomia,
    pub iban: Iban,
    /// Where bollettini are credited; also sent as `IBANAPPOGGIO`.
    pub iban_postale: Option<Iban>,
    /// What is asked of who pays without a notice. `None`: it is paid with a notice only.
    pub modulo: Option<Modulo>,
    /// `None`: nobody can ask for it at a counter.
    pub su_richiesta: Option<SuRichiesta>,
    pub attivo: bool,
}

impl Servizio {
    /// What stands over the door of the service, in the language asked for or else in Italian: it says which.
    pub fn insegna(&self, lingua: Lingua) -> (Insegna, Lingua) {
        match self.scheda.insegne.get(&lingua) {
            Some(insegna) => (insegna.clone(), lingua),
            None => {
                let Self { nome, descrizione, argomento, .. } = self.clone();
                (Insegna { nome, descrizione, argomento }, Lingua::It)
            }
        }
    }
}

/// The voices of a service page, in the order of the Modello Comuni.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheda {
    /// Those in other languages than Italian.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub insegne: BTreeMap<Lingua, Insegna>,
    pub a_chi_e_rivolto: Testi,
    pub come_fare: Testi,
    pub cosa_serve: Vec<Testi>,
    pub cosa_si_ottiene: Testi,
    pub tempi_e_scadenze: Testi,
    pub costi: Option<Testi>,
    pub condizioni: Option<Testi>,
    pub contatti: Testi,
    /// What happens to who pays late: told where a notice of this service is explained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_ritardo: Option<Testi>,
}

/// What a service is called in a list and at the head of its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insegna {
    pub nome: String,
    pub descrizione: String,
    pub argomento: String,
}

impl Scheda {
    /// Whether all that is said is said in this language.
    pub fn is_said_in(&self, lingua: Lingua) -> bool {
        let Self {
            insegne,
            a_chi_e_rivolto,
            come_fare,
            cosa_serve,
            cosa_si_ottiene,
            tempi_e_scadenze,
            costi,
            condizioni,
            contatti,
            in_ritardo,
        } = self;
        let voices = [a_chi_e_rivolto, come_fare, cosa_si_ottiene, tempi_e_scadenze, contatti];
        let said = |testi: &Testi| testi.is_empty() || testi.say(lingua).lingua == lingua;
        (lingua == Lingua::It || insegne.contains_key(&lingua))
            && voices.into_iter().chain(cosa_serve).chain(costi).chain(condizioni).chain(in_ritardo).all(said)
    }
}

/// How it is asked for at a counter by who has no notice (paDemandPaymentNotice): its entry in pagoPA's catalogue of services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuRichiesta {
    /// `idServizio` there: 5 characters.
    pub id_servizio: String,
    /// `idSoggettoServizio`, the ente there: 5 characters.
    pub id_soggetto: String,
    /// Fields of the form that are always so at a counter, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fissi: BTreeMap<String, String>,
    /// Texts in the data of the request, by their names, and the field of the form that each is. The schema of the data is the
    /// catalogue's, not ours.
    pub campi: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_from_before_there_were_languages_is_in_italian() {
        let stored = r#"{"a_chi_e_rivolto":"A tutti","come_fare":"","cosa_serve":["Una carta"],"cosa_si_ottiene":"","tempi_e_scadenze":"",
            "costi":null,"condizioni":null,"contatti":""}"#;
        let mut scheda: Scheda = serde_json::from_str(stored).unwrap();
        assert!(scheda.is_said_in(Lingua::It) && !scheda.is_said_in(Lingua::De));
        let insegna = Insegna { nome: "Mensa".into(), descrizione: "Mittagessen".into(), argomento: "Schule".into() };
        scheda.insegne.insert(Lingua::De, insegna);
        scheda.a_chi_e_rivolto = Testi::it("A tutti").with(Lingua::De, "Für alle");
        assert!(!scheda.is_said_in(Lingua::De), "one voice is left");
        scheda.cosa_serve = vec![Testi::it("Una carta").with(Lingua::De, "Eine Karte")];
        assert!(scheda.is_said_in(Lingua::De) && !scheda.is_said_in(Lingua::Fr));
        assert_eq!(serde_json::from_str::<Scheda>(&serde_json::to_string(&scheda).unwrap()).unwrap(), scheda);
    }
}
