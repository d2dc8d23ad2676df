//! The amount, the causale, the parts, and who pays.

use super::Verifica;
use crate::modulo::dati::{Intestazione, Quota, TipoCampo};
use crate::modulo::espressione::Nodo;
use crate::modulo::formula::Formula;
use crate::modulo::limiti;
use crate::modulo::piano::{PianoIntestazione, PianoQuota};
use crate::modulo::rilievo::Difetto;
use crate::modulo::valore::{Numero, Tipo, Valore};

impl Verifica<'_> {
    pub(super) fn money(&mut self) {
        let modulo = self.modulo;
        if modulo.importo.is_none() {
            self.error("", Difetto::Manca("importo"));
        }
        self.piano.importo = self.node("importo", modulo.importo.as_ref(), &[Tipo::Importo], None);
        if let Some(causale) = &modulo.causale
            && let Some(letta) = self.formula("causale", causale, &[Tipo::Testo], None)
        {
            if letta.usi.campi.iter().any(|campo| self.piano.ambito.campi[*campo].campo == TipoCampo::CodiceFiscale) {
                self.error("causale", Difetto::DatoPersonale);
            }
            self.piano.causale = Some(letta.nodo);
        }
        self.split(&modulo.ripartizione);
    }

    /// The parts make the whole whatever is typed: something takes the rest, or they are shares that add up to it.
    fn split(&mut self, quote: &[Quota]) {
        let mut shares = Some(0);
        for (i, quota) in quote.iter().enumerate().take(limiti::QUOTE_MAX) {
            let dove = format!("ripartizione[{i}]");
            if quota.quota.as_str().trim() == "resto" {
                if self.piano.quote.iter().any(|altra| matches!(altra, PianoQuota::Resto)) {
                    self.error(&dove, Difetto::PiuResti);
                }
                self.piano.quote.push(PianoQuota::Resto);
                continue;
            }
            let Some(nodo) = self.node(&format!("{dove}.quota"), Some(&quota.quota), &[Tipo::Importo, Tipo::Numero], None) else {
                return;
            };
            shares = match (shares, &nodo) {
                (Some(sum), Nodo::Costante(Valore::Numero(share))) if share.millionths() > 0 => Some(sum + share.millionths()),
                _ => None,
            };
            self.piano.quote.push(PianoQuota::Parte(nodo));
        }
        let takes_rest = self.piano.quote.iter().any(|quota| matches!(quota, PianoQuota::Resto));
        match shares {
            Some(shares) if shares > Numero::SCALE => self.error("ripartizione", Difetto::Quote),
            shares if !takes_rest && !quote.is_empty() && shares != Some(Numero::SCALE) => {
                self.error("ripartizione", Difetto::NienteResto);
            }
            _ => {}
        }
    }

    pub(super) fn intestazione(&mut self, dove: &str, chi: &Intestazione) -> Option<PianoIntestazione> {
        let mut part = |membro: &str, formula: &Formula| {
            let dove = format!("{dove}.{membro}");
            let letta = self.formula(&dove, formula, &[Tipo::Testo], None)?;
            let ambito = &self.piano.ambito;
            let of_kind = |campo: &&usize| membro != "codice_fiscale" || ambito.campi[**campo].campo == TipoCampo::CodiceFiscale;
            let Some(campo) = letta.usi.campi.iter().find(of_kind).copied() else {
                self.error(&dove, if membro == "codice_fiscale" { Difetto::ServeCodiceFiscale } else { Difetto::ServeUnDato });
                return None;
            };
            Some((letta.nodo, campo))
        };
        let codice_fiscale = part("codice_fiscale", &chi.codice_fiscale);
        let nome = part("nome", &chi.nome);
        let email = chi.email.as_ref().map(|email| part("email", email));
        Some(PianoIntestazione { codice_fiscale: codice_fiscale?, nome: nome?, email: email.flatten() })
    }
}
