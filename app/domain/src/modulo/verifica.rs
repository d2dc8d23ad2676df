//! Looks at a form once, before anybody fills it in: names, types, limits, order. What passes is laid out for [`super::esame`].

mod campi;
mod denaro;
mod tabelle;

use super::ambito::Posto;
use super::calcolo;
use super::dati::{Modulo, Regola, TipoCampo};
use super::espressione::{self, Letta, Nodo, Usi};
use super::formula::Formula;
use super::funzioni::RISERVATE;
use super::limiti;
use super::piano::{Piano, PianoCampo, PianoRegola, Verificato, campo_of};
use super::rilievo::{Difetto, Gravita, Rilievo};
use super::testi::Testi;
use super::valore::{Tipo, Valore};

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
            Err((_, difetto)) if self.is_told(&difetto) => None,
            Err((colonna, difetto)) => {
                self.say(Gravita::Errore, dove, Some(colonna), difetto);
                None
            }
        }
    }

    /// Whether it only follows from a calculated field or a table that could not be read itself: that was told there.
    fn is_told(&self, difetto: &Difetto) -> bool {
        let ambito = &self.piano.ambito;
        match difetto {
            Difetto::NonUnValore(nome) => ambito
                .campi
                .iter()
                .any(|posto| posto.nome == *nome && posto.campo == TipoCampo::Calcolato && posto.tipo.is_none()),
            Difetto::FunzioneSconosciuta(nome) => self.modulo.tabelle.iter().any(|tabella| tabella.nome == *nome),
            _ => false,
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
        if let Some(atto) = &modulo.atto {
            self.atto(atto);
        }
        self.size();
        self.unused();
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
            let messaggio = regola.messaggio.clone();
            self.piano.regole.push(PianoRegola { vale: letta.nodo, campo, messaggio });
        }
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
