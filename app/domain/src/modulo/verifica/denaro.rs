//! The amount, the causale, the parts, and who pays.

use super::Verifica;
use crate::bollo;
use crate::modulo::dati::{AttoChiesto, Bollo, Intestazione, Quota, TipoCampo};
use crate::modulo::espressione::Nodo;
use crate::modulo::formula::Formula;
use crate::modulo::limiti;
use crate::modulo::piano::{PianoBollo, PianoIntestazione, PianoQuota};
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
            let bollo = quota.bollo.as_ref().and_then(|bollo| self.bollo(&dove, quota, bollo));
            if quota.quota.as_str().trim() == "resto" {
                if self.piano.quote.iter().any(|altra| altra.parte.is_none()) {
                    self.error(&dove, Difetto::PiuResti);
                }
                self.piano.quote.push(PianoQuota { parte: None, bollo });
                continue;
            }
            let Some(nodo) = self.node(&format!("{dove}.quota"), Some(&quota.quota), &[Tipo::Importo, Tipo::Numero], None) else {
                return;
            };
            shares = match (shares, &nodo) {
                (Some(sum), Nodo::Costante(Valore::Numero(share))) if share.millionths() > 0 => Some(sum + share.millionths()),
                _ => None,
            };
            if let (Some(_), Nodo::Costante(Valore::Importo(cents))) = (&quota.bollo, &nodo)
                && *cents != bollo::IMPORTO.cents()
            {
                self.error(&format!("{dove}.quota"), Difetto::ImportoDelBollo);
            }
            self.piano.quote.push(PianoQuota { parte: Some(nodo), bollo });
        }
        let takes_rest = self.piano.quote.iter().any(|quota| quota.parte.is_none());
        match shares {
            Some(shares) if shares > Numero::SCALE => self.error("ripartizione", Difetto::Quote),
            shares if !takes_rest && !quote.is_empty() && shares != Some(Numero::SCALE) => {
                self.error("ripartizione", Difetto::NienteResto);
            }
            _ => {}
        }
    }

    /// A part that buys a revenue stamp goes to no account, and to nobody else: the stamp is asked for by the ente whose page it is.
    fn bollo(&mut self, dove: &str, quota: &Quota, bollo: &Bollo) -> Option<PianoBollo> {
        if quota.iban.is_some() || quota.beneficiario.is_some() {
            self.error(dove, Difetto::BolloConConto);
        }
        // the receipt of a notice gives away one: of a second nobody would know which document it is on
        if self.piano.quote.iter().any(|altra| altra.bollo.is_some()) {
            self.error(dove, Difetto::PiuBolli);
        }
        let documento = self.field_of(&bollo.documento, &[TipoCampo::Documento]);
        if documento.is_none() {
            self.error(&format!("{dove}.bollo.documento"), Difetto::ServeDocumento(bollo.documento.clone()));
        }
        let provincia = self.field_of(&bollo.provincia, &[TipoCampo::Testo, TipoCampo::Scelta]);
        let known = |at: usize| {
            let scelte = &self.piano.ambito.campi[at].scelte;
            scelte.iter().all(|(valore, _)| bollo::provincia(valore).as_ref() == Ok(valore))
        };
        if !provincia.is_some_and(known) {
            self.error(&format!("{dove}.bollo.provincia"), Difetto::ServeProvincia(bollo.provincia.clone()));
        }
        Some(PianoBollo { documento: documento?, provincia: provincia? })
    }

    pub(super) fn atto(&mut self, atto: &AttoChiesto) {
        if self.field_of(&atto.numero, &[TipoCampo::Testo]).is_none() {
            self.error("atto.numero", Difetto::ServeTesto(atto.numero.clone()));
        }
        if let Some(data) = &atto.data
            && self.field_of(data, &[TipoCampo::Data]).is_none()
        {
            self.error("atto.data", Difetto::ServeData(data.clone()));
        }
    }

    /// A field of one of these kinds, outside of groups.
    fn field_of(&self, nome: &str, tipi: &[TipoCampo]) -> Option<usize> {
        self.piano.ambito.campo(None, nome).filter(|at| tipi.contains(&self.piano.ambito.campi[*at].campo))
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
