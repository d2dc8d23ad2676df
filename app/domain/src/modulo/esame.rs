//! A form and what was sent: every field's value or what is wrong with it, the amount, the causale, the parts, and whether it can be
//! paid. The server and the browser ask the same function.

mod esito;
mod giro;

use super::calcolo::Impedimento;
use super::campo::{Errore, Motivo};
use super::dati::{Campo, TipoCampo};
use super::espressione::Nodo;
use super::piano::{Piano, PianoCampo, PianoIntestazione, Verificato};
use super::ripartizione::Parte;
use super::valore::{Numero, Valore};
use super::valori::{AZIONE, Azione, Valori};
use crate::Lingua;
use crate::{Atto, Importo, Soggetto, testo};
use giro::Esaminatore;
use jiff::civil::Date;

/// What one look at a form says.
#[derive(Clone, Debug)]
pub struct Esame {
    /// Of each section, whether it is shown.
    pub sezioni: Vec<bool>,
    /// In the order of the page, those of a group once a row, hidden ones too.
    pub campi: Vec<EsitoCampo>,
    /// In the order of the page; those of the form as a whole last.
    pub errori: Vec<Errore>,
    pub importo: Result<Importo, Impedimento>,
    /// `None`: the form says nothing of it, or nothing came of it: then it is the name of the service.
    pub causale: Result<Option<String>, Impedimento>,
    /// Empty where the form has no parts.
    pub ripartizione: Result<Vec<Parte>, Impedimento>,
    pub debitore: Option<Soggetto>,
    pub versante: Option<Soggetto>,
    /// How many it took: never more than [`Verificato::steps_max`].
    pub passi: u32,
}

/// A field as it is now.
#[derive(Clone, Debug)]
pub struct EsitoCampo {
    /// Its name in the form: `figli.2.nome`.
    pub path: String,
    /// Which section, which of its fields, which field of that group.
    pub sezione: usize,
    pub campo: usize,
    pub interno: Option<usize>,
    /// The number of its row; 0 outside of groups.
    pub riga: u16,
    pub visibile: bool,
    pub obbligatorio: bool,
    pub attivo: bool,
    /// Which of its choices are offered.
    pub offerte: Vec<usize>,
    /// Of a group, the numbers of its rows.
    pub righe: Vec<u16>,
    /// `None`: nothing, or something wrong.
    pub valore: Option<Valore>,
    pub errore: Option<Motivo>,
}

/// Where a form asks who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chi {
    pub codice_fiscale: String,
    pub nome: String,
    pub email: Option<String>,
    /// The section of the codice fiscale.
    pub sezione: usize,
}

impl Esame {
    /// Whether it can be paid as it is.
    pub fn is_complete(&self) -> bool {
        self.errori.is_empty() && self.importo.is_ok() && self.causale.is_ok() && self.ripartizione.is_ok()
    }

    pub fn campo(&self, path: &str) -> Option<&EsitoCampo> {
        self.campi.iter().find(|esito| esito.path == path)
    }
}

impl Piano {
    /// Looks at what was sent. `oggi` is the day in Europe/Rome; `lingua` that of the page, for the ente's own words and for how people
    /// write amounts there ([`Importo::parse_in`]).
    pub fn evaluate(&self, valori: &Valori, oggi: Date, lingua: Lingua) -> Esame {
        Esaminatore::new(self, valori.clone(), oggi, lingua, false).run().0
    }

    /// What stands in the form before anybody wrote: every `predefinito`.
    pub fn initial(&self, oggi: Date) -> Valori {
        Esaminatore::new(self, Valori::default(), oggi, Lingua::It, true).run().1
    }

    /// Does what a button asked for that adds a row or takes one away, within the limits of the group. True: the page is to be shown
    /// again, without a word about what is missing.
    pub fn apply(&self, valori: &mut Valori, oggi: Date, lingua: Lingua) -> bool {
        let action = valori.action();
        valori.set(AZIONE, Vec::new());
        let Some(action) = action else { return false };
        let (Azione::Aggiungi(nome) | Azione::Togli(nome, _)) = &action;
        let esame = self.evaluate(valori, oggi, lingua);
        let Some(gruppo) = esame.campo(nome).filter(|_| self.ambito.gruppo(nome).is_some()) else { return true };
        let (least, most) = self.bounds(gruppo);
        // rows that the form has without anybody asking are there from now on
        gruppo.righe.iter().for_each(|riga| valori.push(format!("{nome}.{riga}"), String::new()));
        match action {
            Azione::Aggiungi(_) if gruppo.righe.len() < most => {
                let next = gruppo.righe.last().copied().unwrap_or(0).saturating_add(1);
                valori.push(format!("{nome}.{next}"), String::new());
            }
            Azione::Togli(_, riga) if gruppo.righe.len() > least => valori.remove_row(nome, riga),
            _ => {}
        }
        true
    }

    /// How many rows a group has at the least and at the most.
    pub fn bounds(&self, gruppo: &EsitoCampo) -> (usize, usize) {
        let place =
            |piano: &&PianoCampo| (piano.sezione, piano.campo, piano.interno) == (gruppo.sezione, gruppo.campo, gruppo.interno);
        let piano = self.campi.iter().find(place);
        piano.map_or((0, 0), |piano| (rows(piano.minimo.as_ref()), rows(piano.massimo.as_ref())))
    }
}

/// The same of the form, for the server; `plan()` does it.
impl Verificato {
    /// As [`Piano::evaluate`].
    pub fn evaluate(&self, valori: &Valori, oggi: Date, lingua: Lingua) -> Esame {
        self.piano.evaluate(valori, oggi, lingua)
    }

    /// As [`Piano::initial`].
    pub fn initial(&self, oggi: Date) -> Valori {
        self.piano.initial(oggi)
    }

    /// As [`Piano::apply`].
    pub fn apply(&self, valori: &mut Valori, oggi: Date, lingua: Lingua) -> bool {
        self.piano.apply(valori, oggi, lingua)
    }

    /// What was sent of what the form asks for as it is now: what is hidden, not active or not of the form at all is left out. This is
    /// all that has to be kept. Amounts and numbers are kept as they are read in every language.
    pub fn keep(&self, valori: &Valori, esame: &Esame) -> Valori {
        let mut kept = Valori::default();
        for esito in esame.campi.iter().filter(|esito| esito.visibile && esito.attivo) {
            match self.data(esito).tipo {
                TipoCampo::Calcolato | TipoCampo::Nota => {}
                TipoCampo::Gruppo => {
                    esito.righe.iter().for_each(|riga| kept.push(format!("{}.{riga}", esito.path), String::new()))
                }
                _ if valori.get(&esito.path).is_empty() => {}
                _ if let Some(valore) = esito.valore.as_ref().filter(|valore| !is_italian(valore, valori.first(&esito.path))) => {
                    kept.set(&esito.path, vec![valore.to_string()]);
                }
                _ => kept.set(&esito.path, valori.get(&esito.path).to_vec()),
            }
        }
        kept
    }

    /// The act that is paid, where the form asks for its number. A number that is somebody's codice fiscale is not told on.
    pub fn atto(&self, esame: &Esame) -> Option<Atto> {
        let chiesto = self.modulo.atto.as_ref()?;
        let typed = |nome: &str| esame.campo(nome).filter(|esito| esito.visibile)?.valore.as_ref();
        let Valore::Testo(numero) = typed(&chiesto.numero)? else { return None };
        let data = match chiesto.data.as_deref().and_then(typed) {
            Some(Valore::Data(data)) => Some(*data),
            _ => None,
        };
        Some(Atto { tipo: chiesto.tipo, numero: Atto::numero(&testo::cut(numero, Atto::NUMERO_MAX)).ok()?, data })
    }

    /// The fields that say who the debtor is: their names in the form.
    pub fn debtor(&self) -> Option<Chi> {
        self.piano.debitore.as_ref().map(|chi| self.who(chi))
    }

    /// The fields that say who pays, where it can be somebody else.
    pub fn payer(&self) -> Option<Chi> {
        self.piano.versante.as_ref().map(|chi| self.who(chi))
    }

    fn who(&self, chi: &PianoIntestazione) -> Chi {
        let path = |campo: usize| self.piano.ambito.path(campo, 0);
        let sezione = self.piano.campi[chi.codice_fiscale.1].sezione;
        let email = chi.email.as_ref().map(|(_, campo)| path(*campo));
        Chi { codice_fiscale: path(chi.codice_fiscale.1), nome: path(chi.nome.1), email, sezione }
    }

    /// What stands about a field in the form.
    pub fn data(&self, esito: &EsitoCampo) -> &Campo {
        let campo = &self.modulo.sezioni[esito.sezione].campi[esito.campo];
        esito.interno.map_or(campo, |interno| &campo.campi[interno])
    }
}

/// Whether every page reads that text as that value: what only an English one does is kept as all do.
fn is_italian(valore: &Valore, text: &str) -> bool {
    match valore {
        Valore::Importo(_) => Importo::parse(text).is_ok(),
        Valore::Numero(_) => Numero::parse(text).is_some(),
        _ => true,
    }
}

/// A number that was written; [`super::Modulo::check`] has seen that it is one.
fn rows(nodo: Option<&Nodo>) -> usize {
    if let Some(Nodo::Costante(Valore::Numero(n))) = nodo { usize::try_from(n.trunc()).unwrap_or(0) } else { 0 }
}
