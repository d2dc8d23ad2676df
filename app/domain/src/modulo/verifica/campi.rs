//! Fields: the members of each, its choices, its limits, the fields of a group.

use super::{Verifica, less};
use crate::Lingua;
use crate::modulo::ambito::{Gruppo, Posto};
use crate::modulo::dati::{Campo, TipoCampo};
use crate::modulo::espressione::Nodo;
use crate::modulo::funzioni::of_letter;
use crate::modulo::modello::Modello;
use crate::modulo::piano::PianoCampo;
use crate::modulo::rilievo::{Difetto, Gravita};
use crate::modulo::valore::{Numero, Tipo, Valore};
use crate::modulo::{limiti, membri};
use crate::testo;

impl Verifica<'_> {
    pub(super) fn campo(&mut self, dove: &str, campo: &Campo, mut fresh: PianoCampo, gruppo: Option<usize>) {
        self.name(dove, &campo.nome, self.piano.ambito.campo(gruppo, &campo.nome).is_some());
        for membro in membri::misplaced(campo) {
            self.error(dove, Difetto::NonQui { membro, tipo: membri::code(campo.tipo) });
        }
        let unnamed = (campo.tipo != TipoCampo::Calcolato).then_some(Difetto::EtichettaVuota);
        self.texts(&format!("{dove}.etichetta"), Some(&campo.etichetta), unnamed);
        self.texts(&format!("{dove}.aiuto"), campo.aiuto.as_ref(), None);
        self.texts(&format!("{dove}.errore"), campo.errore.as_ref(), None);
        (fresh.decimali, fresh.maiuscolo, fresh.di) = (campo.decimali.unwrap_or(0), campo.maiuscolo, campo.di);
        fresh.errore = campo.errore.clone();
        let boolean = &[Tipo::Booleano][..];
        fresh.visibile = self.node(&format!("{dove}.visibile"), campo.visibile.as_ref(), boolean, gruppo);
        fresh.obbligatorio = self.node(&format!("{dove}.obbligatorio"), campo.obbligatorio.as_ref(), boolean, gruppo);
        fresh.attivo = self.node(&format!("{dove}.attivo"), campo.attivo.as_ref(), boolean, gruppo);
        let mut tipo = membri::value_type(campo.tipo);
        match (campo.tipo, &campo.formula) {
            (TipoCampo::Calcolato, None) => self.error(dove, Difetto::Manca("formula")),
            (TipoCampo::Calcolato, Some(formula)) => {
                let letta = self.formula(&format!("{dove}.formula"), formula, of_letter(b'x'), gruppo);
                tipo = letta.as_ref().map(|letta| letta.tipo);
                fresh.formula = letta.map(|letta| letta.nodo);
            }
            _ => {}
        }
        if let Some(tipo) = tipo {
            fresh.predefinito = self.node(&format!("{dove}.predefinito"), campo.predefinito.as_ref(), &[tipo], gruppo);
        }
        let scelte = self.options(dove, campo, gruppo, &mut fresh);
        self.limits(dove, campo, gruppo, &mut fresh);
        if let Some(text) = &campo.modello {
            match Modello::parse(text) {
                Ok(modello) => fresh.modello = Some(modello),
                Err(fault) => {
                    let difetto = Difetto::Modello { troppo_lungo: fault.troppo_lungo };
                    self.say(Gravita::Errore, &format!("{dove}.modello"), Some(fault.at), difetto);
                }
            }
        }
        if let (TipoCampo::Scelta, Some(Nodo::Costante(Valore::Testo(valore)))) = (campo.tipo, &fresh.predefinito)
            && !scelte.iter().any(|(scelta, _)| scelta == valore)
        {
            self.error(&format!("{dove}.predefinito"), Difetto::NonUnaScelta(valore.clone()));
        }
        let posto = Posto { nome: campo.nome.clone(), gruppo, campo: campo.tipo, tipo, scelte };
        self.piano.ambito.campi.push(posto);
        self.piano.campi.push(fresh);
        if campo.tipo == TipoCampo::Gruppo {
            self.gruppo(dove, campo, gruppo);
        }
    }

    fn options(&mut self, dove: &str, campo: &Campo, gruppo: Option<usize>, fresh: &mut PianoCampo) -> Vec<(String, String)> {
        let dove = format!("{dove}.opzioni");
        if matches!(campo.tipo, TipoCampo::Scelta | TipoCampo::Scelte) && campo.opzioni.is_empty() {
            self.error(&dove, Difetto::Manca("opzioni"));
        }
        self.at_most(&dove, "scelte", campo.opzioni.len(), limiti::OPZIONI_MAX);
        let mut scelte: Vec<(String, String)> = Vec::new();
        for (i, scelta) in campo.opzioni.iter().enumerate().take(limiti::OPZIONI_MAX) {
            let dove = format!("{dove}[{i}]");
            if testo::line(&scelta.valore, 60).as_ref() != Ok(&scelta.valore) {
                self.error(&dove, Difetto::SceltaVuota);
            }
            if scelte.iter().any(|(valore, _)| *valore == scelta.valore) {
                self.error(&dove, Difetto::SceltaDoppia(scelta.valore.clone()));
            }
            self.texts(&format!("{dove}.etichetta"), Some(&scelta.etichetta), Some(Difetto::EtichettaVuota));
            fresh.quando.push(self.node(&format!("{dove}.quando"), scelta.quando.as_ref(), &[Tipo::Booleano], gruppo));
            scelte.push((scelta.valore.clone(), scelta.etichetta.say(Lingua::It).testo));
        }
        scelte
    }

    fn limits(&mut self, dove: &str, campo: &Campo, gruppo: Option<usize>, fresh: &mut PianoCampo) {
        let (min_at, max_at) = (format!("{dove}.minimo"), format!("{dove}.massimo"));
        let whole = |count: u16| Nodo::Costante(Valore::Numero(Numero::of_int(count.into()).unwrap_or_default()));
        if campo.decimali.is_some_and(|decimali| decimali > 4) {
            self.error(&format!("{dove}.decimali"), Difetto::Intervallo { min: 0, max: 4 });
        }
        let counted = match campo.tipo {
            TipoCampo::Testo => (1, limiti::TESTO_MAX, limiti::RIGA_MAX),
            TipoCampo::Area => (1, limiti::TESTO_MAX, limiti::TESTO_MAX),
            TipoCampo::Scelte => (1, 500, 500),
            TipoCampo::Gruppo => (1, limiti::RIGHE_MAX, limiti::RIGHE_MAX),
            TipoCampo::Numero | TipoCampo::Importo | TipoCampo::Data => {
                let tipi = membri::value_type(campo.tipo);
                let tipi = tipi.as_slice();
                fresh.minimo = self.node(&min_at, campo.minimo.as_ref(), tipi, gruppo);
                fresh.massimo = self.node(&max_at, campo.massimo.as_ref(), tipi, gruppo);
                if let (Some(Nodo::Costante(min)), Some(Nodo::Costante(max))) = (&fresh.minimo, &fresh.massimo)
                    && less(max, min)
                {
                    self.error(&min_at, Difetto::MinimoOltreMassimo);
                }
                return;
            }
            _ => return,
        };
        let (least, most, otherwise) = counted;
        let max = self.count(&max_at, campo.massimo.as_ref(), (least, most), otherwise);
        let min = self.count(&min_at, campo.minimo.as_ref(), (0, most), 0);
        if campo.tipo == TipoCampo::Gruppo && campo.massimo.is_none() {
            self.error(dove, Difetto::Manca("massimo"));
        }
        if min > max {
            self.error(&min_at, Difetto::MinimoOltreMassimo);
        }
        (fresh.minimo, fresh.massimo) = (Some(whole(min)), Some(whole(max)));
        // they are looked at like the others
        let times = gruppo.map_or(1, |gruppo| u32::from(self.piano.ambito.gruppi[gruppo].massimo));
        self.piano.passi = self.piano.passi.saturating_add(2 * times);
    }

    fn gruppo(&mut self, dove: &str, campo: &Campo, outer: Option<usize>) {
        if outer.is_some() {
            self.error(dove, Difetto::GruppoNelGruppo);
            return;
        }
        if campo.campi.is_empty() {
            self.error(dove, Difetto::Manca("campi"));
        }
        let place = self.piano.campi.len() - 1;
        let massimo = match &self.piano.campi[place].massimo {
            Some(Nodo::Costante(Valore::Numero(n))) => u16::try_from(n.trunc()).unwrap_or(1),
            _ => limiti::RIGHE_MAX,
        };
        let gruppo = self.piano.ambito.gruppi.len();
        self.piano.ambito.gruppi.push(Gruppo { nome: campo.nome.clone(), massimo, chiuso: false });
        for (k, interno) in campo.campi.iter().enumerate().take(limiti::CAMPI_MAX + 1) {
            let above = &self.piano.campi[place];
            let fresh = PianoCampo { sezione: above.sezione, campo: above.campo, interno: Some(k), ..PianoCampo::default() };
            self.campo(&format!("{dove}.campi[{k}]"), interno, fresh, Some(gruppo));
        }
        self.piano.campi[place].interni = self.piano.campi.len() - 1 - place;
        self.piano.ambito.gruppi[gruppo].chiuso = true;
    }
}
