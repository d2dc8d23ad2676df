//! From field to field, in the order of the page.

use super::{Esame, EsitoCampo, rows};
use crate::Lingua;
use crate::Reason;
use crate::modulo::ambito::Posto;
use crate::modulo::calcolo::{Cella, Impedimento, Macchina};
use crate::modulo::campo::{self, Errore, Motivo, Richiesto};
use crate::modulo::dati::TipoCampo;
use crate::modulo::espressione::Nodo;
use crate::modulo::piano::{Piano, PianoCampo};
use crate::modulo::valore::Valore;
use crate::modulo::valori::Valori;
use jiff::civil::Date;

pub(super) struct Esaminatore<'a> {
    pub(super) form: &'a Piano,
    valori: Valori,
    /// What is predefined is filled in.
    filling: bool,
    lingua: Lingua,
    pub(super) macchina: Macchina<'a>,
    sezioni: Vec<bool>,
    campi: Vec<EsitoCampo>,
    /// About the form as a whole.
    insieme: Vec<Motivo>,
}

impl<'a> Esaminatore<'a> {
    pub(super) fn new(form: &'a Piano, valori: Valori, oggi: Date, lingua: Lingua, filling: bool) -> Self {
        let macchina = Macchina::new(&form.ambito, oggi);
        Self { form, valori, filling, lingua, macchina, sezioni: Vec::new(), campi: Vec::new(), insieme: Vec::new() }
    }

    pub(super) fn run(mut self) -> (Esame, Valori) {
        let piano = self.form;
        let mut at = 0;
        while let Some(campo) = piano.campi.get(at) {
            let shown = self.section(campo.sezione);
            let shown = self.field(at, shown);
            if let Some(gruppo) = piano.ambito.campi.get(at + 1).and_then(|posto| posto.gruppo).filter(|_| campo.interni > 0) {
                self.group(at, gruppo, shown);
            }
            at += 1 + campo.interni;
        }
        if let Some(last) = piano.sezioni.len().checked_sub(1) {
            self.section(last);
        }
        self.rules();
        let importo = self.amount();
        let causale = self.causale();
        let ripartizione = match (&importo, piano.quote.is_empty()) {
            (_, true) => Ok(Vec::new()),
            (Ok(importo), false) => self.split(*importo),
            (Err(impedimento), false) => Err(impedimento.clone()),
        };
        let debitore = piano.debitore.as_ref().and_then(|chi| self.who(chi, true));
        let versante = piano.versante.as_ref().and_then(|chi| self.who(chi, false));
        for impedimento in [importo.as_ref().err(), causale.as_ref().err(), ripartizione.as_ref().err()].into_iter().flatten() {
            self.blocked(impedimento);
        }
        let told = self
            .campi
            .iter()
            .filter_map(|esito| esito.errore.as_ref().map(|motivo| Errore { campo: esito.path.clone(), motivo: motivo.clone() }));
        let whole = self.insieme.iter().map(|motivo| Errore { campo: String::new(), motivo: motivo.clone() });
        let errori = told.chain(whole).collect();
        let (sezioni, campi, passi) = (self.sezioni, self.campi, self.macchina.passi);
        (Esame { sezioni, campi, errori, importo, causale, ripartizione, debitore, versante, passi }, self.valori)
    }

    /// What cannot be said yet is no: it is shown once it can.
    fn is(&mut self, nodo: Option<&Nodo>, otherwise: bool) -> bool {
        nodo.map_or(otherwise, |nodo| self.macchina.is_true(nodo).unwrap_or(false))
    }

    fn section(&mut self, sezione: usize) -> bool {
        while self.sezioni.len() <= sezione {
            let shown = self.is(self.form.sezioni[self.sezioni.len()].as_ref(), true);
            self.sezioni.push(shown);
        }
        self.sezioni[sezione]
    }

    fn group(&mut self, at: usize, gruppo: usize, shown: bool) {
        let righe = self.campi.last().map_or(Vec::new(), |esito| esito.righe.clone());
        self.macchina.righe[gruppo] = righe;
        for row in 0..self.macchina.righe[gruppo].len() {
            self.macchina.riga[gruppo] = Some(row);
            for inner in at + 1..=at + self.form.campi[at].interni {
                self.field(inner, shown);
            }
        }
        self.macchina.riga[gruppo] = None;
    }

    /// One field, in the row we are in: whether it is shown.
    fn field(&mut self, at: usize, around: bool) -> bool {
        let form = self.form;
        let piano = &form.campi[at];
        let tipo = form.ambito.campi[at].campo;
        let riga = self.macchina.row_name(at);
        let asked = !matches!(tipo, TipoCampo::Casella | TipoCampo::Calcolato | TipoCampo::Nota | TipoCampo::Gruppo);
        let mut esito = EsitoCampo {
            path: form.ambito.path(at, riga),
            sezione: piano.sezione,
            campo: piano.campo,
            interno: piano.interno,
            riga,
            visibile: around && self.is(piano.visibile.as_ref(), true),
            obbligatorio: self.is(piano.obbligatorio.as_ref(), asked),
            attivo: self.is(piano.attivo.as_ref(), true),
            offerte: Vec::new(),
            righe: Vec::new(),
            valore: None,
            errore: None,
        };
        let cella = if esito.visibile { self.cell(at, &mut esito) } else { Cella::Vuota };
        if let Cella::Piena(valore) = &cella {
            esito.valore = Some(valore.clone());
        }
        self.macchina.celle[at].push(cella);
        let shown = esito.visibile;
        self.campi.push(esito);
        shown
    }

    fn cell(&mut self, at: usize, esito: &mut EsitoCampo) -> Cella {
        let (piano, posto) = (&self.form.campi[at], &self.form.ambito.campi[at]);
        let reckoned = |result: Result<Valore, Impedimento>| match result {
            Ok(valore) => Cella::Piena(valore),
            Err(impedimento) => Cella::Impedita(impedimento),
        };
        match (posto.campo, &piano.formula) {
            (TipoCampo::Nota, _) => return Cella::Vuota,
            (TipoCampo::Gruppo, _) => {
                self.rows(piano, &posto.nome, esito);
                return Cella::Vuota;
            }
            (TipoCampo::Calcolato, Some(formula)) => {
                let result = self.macchina.value(formula);
                if let Err(impedimento) = &result
                    && impedimento.campo().is_none()
                {
                    esito.errore = Some(Motivo::Calcolo(impedimento.clone()));
                }
                return reckoned(result);
            }
            _ => {}
        }
        for (i, quando) in piano.quando.iter().enumerate() {
            if self.is(quando.as_ref(), true) {
                esito.offerte.push(i);
            }
        }
        if !esito.attivo {
            return piano.predefinito.as_ref().map_or(Cella::Vuota, |nodo| reckoned(self.macchina.value(nodo)));
        }
        if let Some(nodo) = piano.predefinito.as_ref().filter(|_| self.filling)
            && let Ok(valore) = self.macchina.value(nodo)
        {
            self.valori.set(&esito.path, typed(&valore));
        }
        self.typed(piano, posto, esito)
    }

    fn typed(&mut self, piano: &PianoCampo, posto: &Posto, esito: &mut EsitoCampo) -> Cella {
        let mut limit = |nodo: &Option<Nodo>| nodo.as_ref().and_then(|nodo| self.macchina.value(nodo).ok());
        let (minimo, massimo) = (limit(&piano.minimo), limit(&piano.massimo));
        let offerte: Vec<String> = esito.offerte.iter().map(|i| posto.scelte[*i].0.clone()).collect();
        let wanted = Richiesto {
            tipo: posto.campo,
            minimo,
            massimo,
            decimali: piano.decimali,
            modello: piano.modello.as_ref(),
            errore: piano.errore.as_ref().map(|errore| errore.say(self.lingua)),
            maiuscolo: piano.maiuscolo,
            di: piano.di,
            lingua: self.lingua,
            offerte: &offerte,
        };
        let motivo = match campo::read(self.valori.get(&esito.path), &wanted) {
            Ok(Some(Valore::Elenco(chosen))) if chosen.is_empty() && !esito.obbligatorio => return Cella::Vuota,
            Ok(Some(Valore::Elenco(chosen))) if chosen.is_empty() => Reason::Missing.into(),
            Ok(Some(valore)) => return Cella::Piena(valore),
            Ok(None) if !esito.obbligatorio => return Cella::Vuota,
            Ok(None) => Reason::Missing.into(),
            Err(motivo) => motivo,
        };
        esito.errore = Some(motivo);
        Cella::Impedita(Impedimento::Attesa { campo: esito.path.clone() })
    }

    /// Those that were sent; as many as there must be where there are fewer, and no more than there may be.
    fn rows(&self, piano: &PianoCampo, nome: &str, esito: &mut EsitoCampo) {
        let (least, most) = (rows(piano.minimo.as_ref()), rows(piano.massimo.as_ref()));
        let mut righe = self.valori.rows(nome);
        if righe.len() > most {
            righe.truncate(most);
            esito.errore = Some(Motivo::TroppeRighe { max: u16::try_from(most).unwrap_or(u16::MAX) });
        }
        while righe.len() < least {
            let next = righe.last().copied().unwrap_or(0).saturating_add(1);
            righe.push(next);
        }
        esito.righe = righe;
    }

    fn rules(&mut self) {
        let form = self.form;
        for regola in &form.regole {
            let gruppo = form.ambito.campi[regola.campo].gruppo;
            let count = gruppo.map_or(1, |gruppo| self.macchina.righe[gruppo].len());
            for row in 0..count {
                if let Some(gruppo) = gruppo {
                    self.macchina.riga[gruppo] = Some(row);
                }
                let path = form.ambito.path(regola.campo, self.macchina.row_name(regola.campo));
                let said = match self.macchina.is_true(&regola.vale) {
                    // what is missing is told where it is missing
                    Ok(true) => continue,
                    Err(impedimento) if impedimento.campo().is_some() => continue,
                    Ok(false) => Motivo::Detto(regola.messaggio.say(self.lingua)),
                    Err(impedimento) => Motivo::Calcolo(impedimento),
                };
                // a rule about what is hidden is about nothing
                if self.campi.iter().any(|esito| esito.path == path && esito.visibile) {
                    self.fail(&path, said);
                }
            }
            if let Some(gruppo) = gruppo {
                self.macchina.riga[gruppo] = None;
            }
        }
    }

    /// Tells it at the field, unless something was told there already; where nobody would see it, of the whole.
    pub(super) fn fail(&mut self, path: &str, motivo: Motivo) {
        match self.campi.iter_mut().find(|esito| esito.path == path && esito.visibile) {
            Some(esito) => esito.errore = esito.errore.take().or(Some(motivo)),
            None => self.insieme.push(motivo),
        }
    }

    /// The fields of the causale that hold a text of somebody's own words, with what they hold.
    pub(super) fn typed_texts(&self) -> impl Iterator<Item = (&str, &Valore)> {
        let form = self.form;
        let of_causale = move |at: usize| form.causale.as_ref().is_some_and(|nodo| nodo.names(at));
        let is_typed = move |at: usize| matches!(form.ambito.campi[at].campo, TipoCampo::Testo | TipoCampo::Area);
        let places = move |esito: &EsitoCampo| {
            let same =
                |piano: &PianoCampo| (piano.sezione, piano.campo, piano.interno) == (esito.sezione, esito.campo, esito.interno);
            form.campi.iter().position(same)
        };
        self.campi
            .iter()
            .filter(move |esito| places(esito).is_some_and(|at| is_typed(at) && of_causale(at)))
            .filter_map(|esito| Some((esito.path.as_str(), esito.valore.as_ref()?)))
    }

    /// Why there is no result: at the field it waits for, or of the whole; once.
    pub(super) fn blocked(&mut self, impedimento: &Impedimento) {
        if let Some(campo) = impedimento.campo() {
            return self.fail(campo, Reason::Missing.into());
        }
        let is_personal = |esito: &EsitoCampo| esito.errore == Some(Motivo::Reason(Reason::PersonalData));
        if *impedimento == Impedimento::DatoPersonale && self.campi.iter().any(is_personal) {
            return;
        }
        let motivo = Motivo::Calcolo(impedimento.clone());
        let told = self.campi.iter().filter_map(|esito| esito.errore.as_ref()).chain(&self.insieme).any(|m| *m == motivo);
        if !told {
            self.insieme.push(motivo);
        }
    }
}

/// As it would have been typed.
fn typed(valore: &Valore) -> Vec<String> {
    match valore {
        Valore::Booleano(false) => Vec::new(),
        Valore::Booleano(true) => vec!["si".to_owned()],
        Valore::Elenco(voci) => voci.clone(),
        other => vec![other.to_string()],
    }
}
