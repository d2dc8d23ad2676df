//! Looks at a form once, before anybody fills it in: names, types, limits, order. What passes is laid out for [`super::esame`].

use super::ambito::{Ambito, Gruppo, Listino, Posto};
use super::calcolo;
use super::dati::{Campo, Intestazione, Modulo, Quota, Regola, Tabella, TipoCampo};
use super::espressione::{self, Letta, Nodo, Usi};
use super::formula::Formula;
use super::funzioni::{RISERVATE, is_function};
use super::limiti;
use super::membri;
use super::modello::Modello;
use super::rilievo::{Difetto, Gravita, Rilievo};
use super::testi::Testi;
use super::valore::{Numero, Tipo, Valore};
use crate::testo;

/// A form that was found right: it can be filled in.
#[derive(Clone, Debug)]
pub struct Verificato {
    pub(super) modulo: Modulo,
    pub(super) piano: Piano,
}

/// A form, its expressions read.
#[derive(Clone, Debug, Default)]
pub(super) struct Piano {
    pub ambito: Ambito,
    /// `visibile` of each section.
    pub sezioni: Vec<Option<Nodo>>,
    /// Beside [`Ambito::campi`].
    pub campi: Vec<PianoCampo>,
    pub regole: Vec<PianoRegola>,
    pub importo: Option<Nodo>,
    pub causale: Option<Nodo>,
    pub quote: Vec<PianoQuota>,
    pub debitore: Option<PianoIntestazione>,
    pub versante: Option<PianoIntestazione>,
    /// At the most, for one look at the form.
    pub passi: u32,
}

#[derive(Clone, Debug, Default)]
pub(super) struct PianoCampo {
    pub sezione: usize,
    /// In its section; of a field in a group, the group.
    pub campo: usize,
    pub interno: Option<usize>,
    pub visibile: Option<Nodo>,
    pub obbligatorio: Option<Nodo>,
    pub attivo: Option<Nodo>,
    pub predefinito: Option<Nodo>,
    pub minimo: Option<Nodo>,
    pub massimo: Option<Nodo>,
    pub formula: Option<Nodo>,
    pub modello: Option<Modello>,
    pub quando: Vec<Option<Nodo>>,
    /// Of a group, how many of the fields that follow are its own.
    pub interni: usize,
}

#[derive(Clone, Debug)]
pub(super) struct PianoRegola {
    pub vale: Nodo,
    pub campo: usize,
}

#[derive(Clone, Debug)]
pub(super) enum PianoQuota {
    Parte(Nodo),
    Resto,
}

#[derive(Clone, Debug)]
pub(super) struct PianoIntestazione {
    /// Each with the field where its error is told.
    pub codice_fiscale: (Nodo, usize),
    pub nome: (Nodo, usize),
    pub email: Option<(Nodo, usize)>,
}

impl Modulo {
    /// All that is wrong with it, and what is perhaps not meant so. A form without errors can be [`Modulo::verify`]ed.
    pub fn check(&self) -> Vec<Rilievo> {
        let mut rilievi = look(self).1;
        super::nomi::suggest(self, &mut rilievi);
        rilievi
    }

    /// # Errors
    /// What [`Modulo::check`] finds, where an error is among it; without its suggestions.
    pub fn verify(self) -> Result<Verificato, Vec<Rilievo>> {
        let (piano, rilievi) = look(&self);
        if rilievi.iter().any(Rilievo::is_error) { Err(rilievi) } else { Ok(Verificato { modulo: self, piano }) }
    }
}

impl Verificato {
    pub fn modulo(&self) -> &Modulo {
        &self.modulo
    }

    /// Steps that one look at the form takes at the most.
    pub fn steps_max(&self) -> u32 {
        self.piano.passi
    }
}

/// Who looks, and what was found so far.
struct Verifica<'a> {
    modulo: &'a Modulo,
    piano: Piano,
    rilievi: Vec<Rilievo>,
    usi: Usi,
}

fn look(modulo: &Modulo) -> (Piano, Vec<Rilievo>) {
    let mut verifica = Verifica { modulo, piano: Piano::default(), rilievi: Vec::new(), usi: Usi::default() };
    verifica.modulo();
    (verifica.piano, verifica.rilievi)
}

impl Verifica<'_> {
    fn say(&mut self, gravita: Gravita, dove: &str, colonna: Option<usize>, difetto: Difetto) {
        self.rilievi.push(Rilievo { gravita, dove: dove.to_owned(), colonna, difetto, simile: None });
    }

    fn error(&mut self, dove: &str, difetto: Difetto) {
        self.say(Gravita::Errore, dove, None, difetto);
    }

    fn at_most(&mut self, dove: &str, cosa: &'static str, found: usize, massimo: usize) {
        if found > massimo {
            self.error(dove, Difetto::Troppi { cosa, massimo });
        }
    }

    fn texts(&mut self, dove: &str, testi: Option<&Testi>, empty: Option<Difetto>) {
        let Some(testi) = testi else { return };
        if testi.each().any(|testo| testo.chars().count() > usize::from(limiti::TESTO_MAX)) {
            self.error(dove, Difetto::TestoLungo);
        }
        if let Some(difetto) = empty.filter(|_| testi.each().any(|testo| testo.trim().is_empty())) {
            self.error(dove, difetto);
        }
    }

    /// Reads an expression that is reckoned `times` times.
    fn formula(&mut self, dove: &str, formula: &Formula, tipi: &[Tipo], gruppo: Option<usize>) -> Option<Letta> {
        match espressione::parse(&self.piano.ambito, formula.as_str(), tipi, gruppo) {
            Ok(letta) => {
                let times = gruppo.map_or(1, |gruppo| u32::from(self.piano.ambito.gruppi[gruppo].massimo));
                self.piano.passi = self.piano.passi.saturating_add(letta.passi.saturating_mul(times));
                self.usi.campi.extend(&letta.usi.campi);
                self.usi.tabelle.extend(&letta.usi.tabelle);
                Some(letta)
            }
            Err((colonna, difetto)) => {
                self.say(Gravita::Errore, dove, Some(colonna), difetto);
                None
            }
        }
    }

    fn node(&mut self, dove: &str, formula: Option<&Formula>, tipi: &[Tipo], gruppo: Option<usize>) -> Option<Nodo> {
        self.formula(dove, formula?, tipi, gruppo).map(|letta| letta.nodo)
    }

    /// A value that is written, not reckoned from what is typed.
    fn constant(&mut self, dove: &str, formula: &Formula, tipi: &[Tipo]) -> Option<Valore> {
        let letta = self.formula(dove, formula, tipi, None)?;
        if !letta.usi.campi.is_empty() || letta.usi.oggi || !letta.usi.tabelle.is_empty() {
            self.error(dove, Difetto::NonCostante);
            return None;
        }
        let valore = calcolo::constant(&letta.nodo);
        if valore.is_err() {
            self.error(dove, Difetto::NonCostante);
        }
        valore.ok()
    }

    /// A whole number between two, or the one that counts where it is not said.
    fn count(&mut self, dove: &str, formula: Option<&Formula>, range: (u16, u16), otherwise: u16) -> u16 {
        let Some(formula) = formula else { return otherwise };
        let Some(Valore::Numero(number)) = self.constant(dove, formula, &[Tipo::Numero]) else { return otherwise };
        let whole = if number.has_decimals_beyond(0) { None } else { u16::try_from(number.trunc()).ok() };
        match whole.filter(|whole| (range.0..=range.1).contains(whole)) {
            Some(whole) => whole,
            None => {
                self.error(dove, Difetto::Intervallo { min: range.0, max: range.1 });
                otherwise
            }
        }
    }

    fn modulo(&mut self) {
        let modulo = self.modulo;
        if modulo.versione != 1 {
            self.error("versione", Difetto::Versione(modulo.versione));
        }
        if let Some(esterno) = &modulo.esterno {
            if !is_web_address(&esterno.indirizzo) {
                self.error("esterno.indirizzo", Difetto::Indirizzo);
            }
            self.texts("esterno.testo", Some(&esterno.testo), None);
            let alone = Modulo { versione: modulo.versione, esterno: modulo.esterno.clone(), ..Modulo::default() };
            if *modulo != alone {
                self.error("esterno", Difetto::EsternoNonSolo);
            }
            return;
        }
        self.at_most("tabelle", "tabelle", modulo.tabelle.len(), limiti::TABELLE_MAX);
        self.at_most("sezioni", "sezioni", modulo.sezioni.len(), limiti::SEZIONI_MAX);
        self.at_most("regole", "regole", modulo.regole.len(), limiti::REGOLE_MAX);
        self.at_most("ripartizione", "quote", modulo.ripartizione.len(), limiti::QUOTE_MAX);
        for (i, tabella) in modulo.tabelle.iter().enumerate().take(limiti::TABELLE_MAX) {
            self.tabella(&format!("tabelle[{i}]"), tabella);
        }
        for (i, sezione) in modulo.sezioni.iter().enumerate().take(limiti::SEZIONI_MAX) {
            let dove = format!("sezioni[{i}]");
            self.texts(&format!("{dove}.titolo"), Some(&sezione.titolo), Some(Difetto::EtichettaVuota));
            self.texts(&format!("{dove}.aiuto"), sezione.aiuto.as_ref(), None);
            let visibile = self.node(&format!("{dove}.visibile"), sezione.visibile.as_ref(), &[Tipo::Booleano], None);
            self.piano.sezioni.push(visibile);
            for (j, campo) in sezione.campi.iter().enumerate().take(limiti::CAMPI_MAX + 1) {
                let fresh = PianoCampo { sezione: i, campo: j, ..PianoCampo::default() };
                self.campo(&format!("{dove}.campi[{j}]"), campo, fresh, None);
            }
        }
        for (i, regola) in modulo.regole.iter().enumerate().take(limiti::REGOLE_MAX) {
            self.regola(&format!("regole[{i}]"), regola);
        }
        self.money();
        self.piano.debitore = modulo.debitore.as_ref().and_then(|chi| self.intestazione("debitore", chi));
        self.piano.versante = modulo.versante.as_ref().and_then(|chi| self.intestazione("versante", chi));
        self.size();
        self.unused();
    }

    fn tabella(&mut self, dove: &str, tabella: &Tabella) {
        let nome = &tabella.nome;
        if is_function(nome) {
            self.error(dove, Difetto::NomeRiservato(nome.clone()));
        }
        self.name(dove, nome, self.piano.ambito.tabelle.iter().any(|altra| altra.nome == *nome));
        self.at_most(dove, "voci", tabella.fasce.len() + tabella.chiavi.len(), limiti::VOCI_MAX);
        if tabella.fasce.is_empty() == tabella.chiavi.is_empty() {
            self.error(dove, Difetto::TabellaMista);
        }
        let mut listino = Listino {
            nome: nome.clone(),
            chiave: Tipo::Testo,
            valore: Tipo::Testo,
            fasce: Vec::new(),
            chiavi: Vec::new(),
            altrimenti: None,
        };
        // all values are of the type of the first
        let mut wanted = vec![Tipo::Importo, Tipo::Numero, Tipo::Testo];
        let mut bounds = vec![Tipo::Importo, Tipo::Numero, Tipo::Data];
        for (i, fascia) in tabella.fasce.iter().enumerate().take(limiti::VOCI_MAX) {
            let dove = format!("{dove}.fasce[{i}]");
            let valore = self.constant(&format!("{dove}.valore"), &fascia.valore, &wanted);
            let bound = fascia.fino_a.as_ref().map(|bound| self.constant(&format!("{dove}.fino_a"), bound, &bounds));
            if bound.is_none() && i + 1 < tabella.fasce.len() {
                self.error(&dove, Difetto::FasciaAperta);
            }
            let bound = bound.flatten();
            if let Some(bound) = &bound {
                bounds = vec![bound.tipo()];
                listino.chiave = bound.tipo();
                if listino.fasce.last().is_some_and(|(last, _)| last.as_ref().is_some_and(|last| !less(last, bound))) {
                    self.error(&dove, Difetto::FasceNonCrescenti);
                }
            }
            let Some(valore) = valore else { continue };
            wanted = vec![valore.tipo()];
            listino.fasce.push((bound, valore));
        }
        for (i, voce) in tabella.chiavi.iter().enumerate().take(limiti::VOCI_MAX) {
            let dove = format!("{dove}.chiavi[{i}]");
            if listino.chiavi.iter().any(|(chiave, _)| *chiave == voce.chiave) {
                self.error(&dove, Difetto::ChiaveDoppia(voce.chiave.clone()));
            }
            if let Some(valore) = self.constant(&format!("{dove}.valore"), &voce.valore, &wanted) {
                wanted = vec![valore.tipo()];
                listino.chiavi.push((voce.chiave.clone(), valore));
            }
        }
        if let Some(altrimenti) = &tabella.altrimenti {
            listino.altrimenti = self.constant(&format!("{dove}.altrimenti"), altrimenti, &wanted);
        }
        if tabella.altrimenti.is_none() && tabella.fasce.last().is_some_and(|fascia| fascia.fino_a.is_some()) {
            self.say(Gravita::Avviso, dove, None, Difetto::FasciaFinale);
        }
        if let [tipo] = wanted[..] {
            listino.valore = tipo;
            self.piano.ambito.tabelle.push(listino);
        }
    }

    fn name(&mut self, dove: &str, nome: &str, is_double: bool) {
        let ok = nome.len() <= limiti::NOME_MAX
            && nome.starts_with(|c: char| c.is_ascii_lowercase())
            && nome.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        let dove = format!("{dove}.nome");
        if !ok {
            self.error(&dove, Difetto::Nome(nome.to_owned()));
        }
        if RISERVATE.contains(&nome) {
            self.error(&dove, Difetto::NomeRiservato(nome.to_owned()));
        }
        if is_double {
            self.error(&dove, Difetto::NomeDoppio(nome.to_owned()));
        }
    }

    fn campo(&mut self, dove: &str, campo: &Campo, mut fresh: PianoCampo, gruppo: Option<usize>) {
        self.name(dove, &campo.nome, self.piano.ambito.campo(gruppo, &campo.nome).is_some());
        for membro in membri::misplaced(campo) {
            self.error(dove, Difetto::NonQui { membro, tipo: membri::code(campo.tipo) });
        }
        let unnamed = (campo.tipo != TipoCampo::Calcolato).then_some(Difetto::EtichettaVuota);
        self.texts(&format!("{dove}.etichetta"), Some(&campo.etichetta), unnamed);
        self.texts(&format!("{dove}.aiuto"), campo.aiuto.as_ref(), None);
        self.texts(&format!("{dove}.errore"), campo.errore.as_ref(), None);
        let boolean = &[Tipo::Booleano][..];
        fresh.visibile = self.node(&format!("{dove}.visibile"), campo.visibile.as_ref(), boolean, gruppo);
        fresh.obbligatorio = self.node(&format!("{dove}.obbligatorio"), campo.obbligatorio.as_ref(), boolean, gruppo);
        fresh.attivo = self.node(&format!("{dove}.attivo"), campo.attivo.as_ref(), boolean, gruppo);
        let mut tipo = membri::value_type(campo.tipo);
        match (campo.tipo, &campo.formula) {
            (TipoCampo::Calcolato, None) => self.error(dove, Difetto::Manca("formula")),
            (TipoCampo::Calcolato, Some(formula)) => {
                let letta = self.formula(&format!("{dove}.formula"), formula, super::funzioni::of_letter(b'x'), gruppo);
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
            scelte.push((scelta.valore.clone(), scelta.etichetta.say(super::Lingua::It).testo));
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

    fn regola(&mut self, dove: &str, regola: &Regola) {
        self.texts(&format!("{dove}.messaggio"), Some(&regola.messaggio), Some(Difetto::EtichettaVuota));
        let ambito = &self.piano.ambito;
        let found = match regola.campo.split_once('.') {
            Some((gruppo, nome)) => ambito.gruppo(gruppo).and_then(|gruppo| ambito.campo(Some(gruppo), nome)),
            None => ambito.campo(None, &regola.campo),
        };
        let Some(campo) = found.filter(|campo| ambito.campi[*campo].campo != TipoCampo::Nota) else {
            return self.error(&format!("{dove}.campo"), Difetto::CampoDellaRegola(regola.campo.clone()));
        };
        let gruppo = ambito.campi[campo].gruppo;
        if let Some(letta) = self.formula(&format!("{dove}.vale"), &regola.vale, &[Tipo::Booleano], gruppo) {
            self.piano.regole.push(PianoRegola { vale: letta.nodo, campo });
        }
    }

    fn money(&mut self) {
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

    fn intestazione(&mut self, dove: &str, chi: &Intestazione) -> Option<PianoIntestazione> {
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

    fn size(&mut self) {
        let ambito = &self.piano.ambito;
        let times = |posto: &Posto| posto.gruppo.map_or(1, |gruppo| usize::from(ambito.gruppi[gruppo].massimo));
        let (campi, caselle) = (ambito.campi.len(), ambito.campi.iter().map(times).sum());
        self.at_most("sezioni", "campi", campi, limiti::CAMPI_MAX);
        self.at_most("sezioni", "campi, contati una volta per riga", caselle, limiti::CASELLE_MAX);
        if self.piano.passi > limiti::PASSI_MAX {
            self.error("", Difetto::Passi(self.piano.passi));
        }
    }

    fn unused(&mut self) {
        for (i, tabella) in self.modulo.tabelle.iter().enumerate() {
            let at = self.piano.ambito.tabelle.iter().position(|listino| listino.nome == tabella.nome);
            if at.is_some_and(|at| !self.usi.tabelle.contains(&at)) {
                let difetto = Difetto::TabellaInutile(tabella.nome.clone());
                self.say(Gravita::Avviso, &format!("tabelle[{i}]"), None, difetto);
            }
        }
        for at in 0..self.piano.campi.len() {
            let (piano, posto) = (&self.piano.campi[at], &self.piano.ambito.campi[at]);
            let campo = campo_of(self.modulo, piano);
            if posto.campo == TipoCampo::Calcolato && campo.etichetta.is_empty() && !self.usi.campi.contains(&at) {
                let dove = format!("sezioni[{}].campi[{}]", piano.sezione, piano.campo);
                let difetto = Difetto::CampoInutile(posto.nome.clone());
                self.say(Gravita::Avviso, &dove, None, difetto);
            }
        }
    }
}

/// The data of a field that was laid out.
pub(super) fn campo_of<'a>(modulo: &'a Modulo, piano: &PianoCampo) -> &'a Campo {
    let campo = &modulo.sezioni[piano.sezione].campi[piano.campo];
    piano.interno.map_or(campo, |interno| &campo.campi[interno])
}

fn less(left: &Valore, right: &Valore) -> bool {
    match (left, right) {
        (Valore::Importo(a), Valore::Importo(b)) => a < b,
        (Valore::Numero(a), Valore::Numero(b)) => a < b,
        (Valore::Data(a), Valore::Data(b)) => a < b,
        _ => false,
    }
}

/// `https://`, a host with a dot, nothing that hides where it leads.
fn is_web_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    text.len() <= 2_000
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
        && rest.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"'<>`".contains(&b))
}
