//! What can be paid: a service of an ente, its description and its prices.

use crate::modulo::Testi;
use crate::{CodiceFiscaleEnte, Iban, Importo, Lingua, Reason, Slug, Tassonomia};
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
    /// `None`: it is paid with a notice only.
    pub spontaneo: Option<Spontaneo>,
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

/// How a citizen pays without a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spontaneo {
    /// At least one.
    pub voci: Vec<Voce>,
    /// What the free part of the causale is called (`Nome dell'alunno` would be personal data: `Classe e mese`); `None`: the
    /// causale is the voice's name alone.
    pub dettaglio: Option<Dettaglio>,
    /// `None`: nobody can ask for it at a counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub su_richiesta: Option<SuRichiesta>,
}

/// How it is asked for at a counter by who has no notice (paDemandPaymentNotice): its entry in pagoPA's catalogue of services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuRichiesta {
    /// `idServizio` there: 5 characters.
    pub id_servizio: String,
    /// `idSoggettoServizio`, the ente there: 5 characters.
    pub id_soggetto: String,
    /// The one voice that is paid so.
    pub voce: String,
    pub campi: CampiRichiesta,
}

/// What the fields of the form are called in the data of the request. Their schema is the catalogue's, not ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampiRichiesta {
    pub codice_fiscale: String,
    pub nome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantita: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dettaglio: Option<String>,
}

/// The part of the causale that the citizen writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dettaglio {
    pub etichetta: String,
    pub suggerimento: String,
    pub obbligatorio: bool,
}

/// One thing on the price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voce {
    /// Stable within the service: `buono-pasto`.
    pub codice: String,
    pub nome: String,
    pub tariffa: Tariffa,
}

/// How the amount comes about. The server always computes it anew: what the page says is never believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tipo", rename_all = "snake_case")]
pub enum Tariffa {
    Fissa {
        importo: Importo,
    },
    /// `prezzo` × a quantity of 1 to `massimo`.
    Unitaria {
        prezzo: Importo,
        unita: String,
        massimo: u32,
    },
    /// What the citizen writes, within limits.
    Libera {
        minimo: Importo,
        massimo: Importo,
    },
}

impl Tariffa {
    /// The amount due, from what was typed. `quantita` counts only for [`Tariffa::Unitaria`], `importo` only for
    /// [`Tariffa::Libera`], as the language of its page writes amounts.
    ///
    /// # Errors
    /// With the field it is about: `quantita` or `importo`.
    pub fn importo(&self, lingua: Lingua, quantita: &str, importo: &str) -> Result<Importo, crate::FieldError> {
        match self {
            Self::Fissa { importo } => Ok(*importo),
            Self::Unitaria { prezzo, massimo, .. } => {
                let out_of_range = || Reason::QuantityOutOfRange { min: 1, max: *massimo }.at("quantita");
                let quantita = quantita.trim();
                if quantita.is_empty() {
                    return Err(Reason::Missing.at("quantita"));
                }
                if quantita.len() > 9 || !quantita.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(out_of_range());
                }
                let quantita: u32 = quantita.parse().map_err(|_| out_of_range())?;
                if quantita == 0 || quantita > *massimo {
                    return Err(out_of_range());
                }
                prezzo.checked_mul(quantita).ok_or_else(out_of_range)
            }
            Self::Libera { minimo, massimo } => {
                Self::parse_libera(lingua, importo, *minimo, *massimo).map_err(|reason| reason.at("importo"))
            }
        }
    }

    /// The rule of a free amount, for the island that checks it while it is typed.
    ///
    /// # Errors
    /// Those of [`Importo::parse_in`], `AmountTooSmall`, `AmountTooLarge`.
    pub fn parse_libera(lingua: Lingua, text: &str, minimo: Importo, massimo: Importo) -> Result<Importo, Reason> {
        let importo = Importo::parse_in(lingua, text)?;
        if importo < minimo {
            return Err(Reason::AmountTooSmall { min: minimo });
        }
        if importo > massimo {
            return Err(Reason::AmountTooLarge { max: massimo });
        }
        Ok(importo)
    }
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

    #[test]
    fn amounts_come_from_the_tariff() {
        let fissa = Tariffa::Fissa { importo: Importo::of_cents(1_600) };
        assert_eq!(fissa.importo(Lingua::It, "99", "0,01").unwrap().cents(), 1_600);
        let unitaria = Tariffa::Unitaria { prezzo: Importo::of_cents(480), unita: "pasti".into(), massimo: 60 };
        assert_eq!(unitaria.importo(Lingua::It, " 10 ", "").unwrap().cents(), 4_800);
        for bad in ["0", "61", "-1", "1,5", "dieci", "99999999999", "１"] {
            assert_eq!(
                unitaria.importo(Lingua::It, bad, "").unwrap_err(),
                Reason::QuantityOutOfRange { min: 1, max: 60 }.at("quantita"),
                "{bad}"
            );
        }
        assert_eq!(unitaria.importo(Lingua::It, "", "").unwrap_err(), Reason::Missing.at("quantita"));
        let libera = Tariffa::Libera { minimo: Importo::of_cents(500), massimo: Importo::of_cents(500_000) };
        assert_eq!(libera.importo(Lingua::It, "", "20").unwrap().cents(), 2_000);
        assert_eq!(libera.importo(Lingua::En, "", "1,234.50").unwrap().cents(), 123_450);
        assert_eq!(
            libera.importo(Lingua::It, "", "4,99").unwrap_err().reason,
            Reason::AmountTooSmall { min: Importo::of_cents(500) }
        );
        assert_eq!(
            libera.importo(Lingua::It, "", "5000,01").unwrap_err().reason,
            Reason::AmountTooLarge { max: Importo::of_cents(500_000) }
        );
    }
}
