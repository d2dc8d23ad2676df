//! A form and what was sent: every field's value or what is wrong with it, the amount, the causale, the parts, and whether it can be
//! paid. The server and the browser ask the same function.

use super::calcolo::{Cella, Impedimento, Macchina};
use super::campo::{self, Errore, Motivo, Richiesto};
use super::dati::{Campo, TipoCampo};
use super::espressione::Nodo;
use super::ripartizione::{self, Fetta, Parte};
use super::testi::Lingua;
use super::valore::Valore;
use super::valori::{AZIONE, Azione, Valori};
use super::verifica::{PianoCampo, PianoIntestazione, PianoQuota, Verificato, campo_of};
use crate::{CodiceFiscale, Importo, Reason, Soggetto, testo};
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

impl Esame {
    /// Whether it can be paid as it is.
    pub fn is_complete(&self) -> bool {
        self.errori.is_empty() && self.importo.is_ok() && self.causale.is_ok() && self.ripartizione.is_ok()
    }

    pub fn campo(&self, path: &str) -> Option<&EsitoCampo> {
        self.campi.iter().find(|esito| esito.path == path)
    }
}

impl Verificato {
    /// Looks at what was sent. `oggi` is the day in Europe/Rome; `lingua` that of the page, for the ente's own words.
    pub fn evaluate(&self, valori: &Valori, oggi: Date, lingua: Lingua) -> Esame {
        Esaminatore::new(self, valori.clone(), oggi, lingua, false).run().0
    }

    /// What stands in the form before anybody wrote: every `predefinito`.
    pub fn initial(&self, oggi: Date) -> Valori {
        Esaminatore::new(self, Valori::default(), oggi, Lingua::It, true).run().1
    }

    /// Does what a button asked for that adds a row or takes one away, within the limits of the group. True: the page is to be shown
    /// again, without a word about what is missing.
    pub fn apply(&self, valori: &mut Valori, oggi: Date) -> bool {
        let action = valori.action();
        valori.set(AZIONE, Vec::new());
        let Some(action) = action else { return false };
        let (Azione::Aggiungi(nome) | Azione::Togli(nome, _)) = &action;
        let esame = self.evaluate(valori, oggi, Lingua::It);
        let Some(gruppo) = esame.campo(nome).filter(|esito| self.data(esito).tipo == TipoCampo::Gruppo) else { return true };
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

    /// What stands about a field in the form.
    pub fn data(&self, esito: &EsitoCampo) -> &Campo {
        let campo = &self.modulo.sezioni[esito.sezione].campi[esito.campo];
        esito.interno.map_or(campo, |interno| &campo.campi[interno])
    }

    /// How many rows a group has at the least and at the most.
    pub fn bounds(&self, gruppo: &EsitoCampo) -> (usize, usize) {
        let place =
            |piano: &&PianoCampo| (piano.sezione, piano.campo, piano.interno) == (gruppo.sezione, gruppo.campo, gruppo.interno);
        let piano = self.piano.campi.iter().find(place);
        piano.map_or((0, 0), |piano| (rows(piano.minimo.as_ref()), rows(piano.massimo.as_ref())))
    }
}

/// A number that was written; [`super::Modulo::check`] has seen that it is one.
fn rows(nodo: Option<&Nodo>) -> usize {
    if let Some(Nodo::Costante(Valore::Numero(n))) = nodo { usize::try_from(n.trunc()).unwrap_or(0) } else { 0 }
}

struct Esaminatore<'a> {
    form: &'a Verificato,
    valori: Valori,
    /// What is predefined is filled in.
    filling: bool,
    lingua: Lingua,
    macchina: Macchina<'a>,
    sezioni: Vec<bool>,
    campi: Vec<EsitoCampo>,
    /// About the form as a whole.
    insieme: Vec<Motivo>,
}

impl<'a> Esaminatore<'a> {
    fn new(form: &'a Verificato, valori: Valori, oggi: Date, lingua: Lingua, filling: bool) -> Self {
        let macchina = Macchina::new(&form.piano.ambito, oggi);
        Self { form, valori, filling, lingua, macchina, sezioni: Vec::new(), campi: Vec::new(), insieme: Vec::new() }
    }

    fn run(mut self) -> (Esame, Valori) {
        let piano = &self.form.piano;
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
            let shown = self.is(self.form.piano.sezioni[self.sezioni.len()].as_ref(), true);
            self.sezioni.push(shown);
        }
        self.sezioni[sezione]
    }

    fn group(&mut self, at: usize, gruppo: usize, shown: bool) {
        let righe = self.campi.last().map_or(Vec::new(), |esito| esito.righe.clone());
        self.macchina.righe[gruppo] = righe;
        for row in 0..self.macchina.righe[gruppo].len() {
            self.macchina.riga[gruppo] = Some(row);
            for inner in at + 1..=at + self.form.piano.campi[at].interni {
                self.field(inner, shown);
            }
        }
        self.macchina.riga[gruppo] = None;
    }

    /// One field, in the row we are in: whether it is shown.
    fn field(&mut self, at: usize, around: bool) -> bool {
        let form = self.form;
        let piano = &form.piano.campi[at];
        let campo = campo_of(&form.modulo, piano);
        let riga = self.macchina.row_name(at);
        let asked = !matches!(campo.tipo, TipoCampo::Casella | TipoCampo::Calcolato | TipoCampo::Nota | TipoCampo::Gruppo);
        let mut esito = EsitoCampo {
            path: form.piano.ambito.path(at, riga),
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
        let cella = if esito.visibile { self.cell(piano, campo, &mut esito) } else { Cella::Vuota };
        if let Cella::Piena(valore) = &cella {
            esito.valore = Some(valore.clone());
        }
        self.macchina.celle[at].push(cella);
        let shown = esito.visibile;
        self.campi.push(esito);
        shown
    }

    fn cell(&mut self, piano: &PianoCampo, campo: &Campo, esito: &mut EsitoCampo) -> Cella {
        let reckoned = |result: Result<Valore, Impedimento>| match result {
            Ok(valore) => Cella::Piena(valore),
            Err(impedimento) => Cella::Impedita(impedimento),
        };
        match (campo.tipo, &piano.formula) {
            (TipoCampo::Nota, _) => return Cella::Vuota,
            (TipoCampo::Gruppo, _) => {
                self.rows(piano, campo, esito);
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
        self.typed(piano, campo, esito)
    }

    fn typed(&mut self, piano: &PianoCampo, campo: &Campo, esito: &mut EsitoCampo) -> Cella {
        let mut limit = |nodo: &Option<Nodo>| nodo.as_ref().and_then(|nodo| self.macchina.value(nodo).ok());
        let (minimo, massimo) = (limit(&piano.minimo), limit(&piano.massimo));
        let offerte: Vec<String> = esito.offerte.iter().map(|i| campo.opzioni[*i].valore.clone()).collect();
        let wanted = Richiesto {
            tipo: campo.tipo,
            minimo,
            massimo,
            decimali: campo.decimali.unwrap_or(0),
            modello: piano.modello.as_ref(),
            errore: campo.errore.as_ref().map(|errore| errore.say(self.lingua)),
            maiuscolo: campo.maiuscolo,
            di: campo.di,
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
    fn rows(&self, piano: &PianoCampo, campo: &Campo, esito: &mut EsitoCampo) {
        let (least, most) = (rows(piano.minimo.as_ref()), rows(piano.massimo.as_ref()));
        let mut righe = self.valori.rows(&campo.nome);
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
        for (regola, data) in form.piano.regole.iter().zip(&form.modulo.regole) {
            let gruppo = form.piano.ambito.campi[regola.campo].gruppo;
            let count = gruppo.map_or(1, |gruppo| self.macchina.righe[gruppo].len());
            for row in 0..count {
                if let Some(gruppo) = gruppo {
                    self.macchina.riga[gruppo] = Some(row);
                }
                let path = form.piano.ambito.path(regola.campo, self.macchina.row_name(regola.campo));
                let said = match self.macchina.is_true(&regola.vale) {
                    // what is missing is told where it is missing
                    Ok(true) => continue,
                    Err(impedimento) if impedimento.campo().is_some() => continue,
                    Ok(false) => Motivo::Detto(data.messaggio.say(self.lingua)),
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
    fn fail(&mut self, path: &str, motivo: Motivo) {
        match self.campi.iter_mut().find(|esito| esito.path == path && esito.visibile) {
            Some(esito) => esito.errore = esito.errore.take().or(Some(motivo)),
            None => self.insieme.push(motivo),
        }
    }

    /// Why there is no result: at the field it waits for, or of the whole; once.
    fn blocked(&mut self, impedimento: &Impedimento) {
        if let Some(campo) = impedimento.campo() {
            return self.fail(campo, Reason::Missing.into());
        }
        let motivo = Motivo::Calcolo(impedimento.clone());
        let told = self.campi.iter().filter_map(|esito| esito.errore.as_ref()).chain(&self.insieme).any(|m| *m == motivo);
        if !told {
            self.insieme.push(motivo);
        }
    }

    fn amount(&mut self) -> Result<Importo, Impedimento> {
        let Some(nodo) = &self.form.piano.importo else { return Err(Impedimento::Zero) };
        match self.macchina.value(nodo)? {
            Valore::Importo(cents) if cents <= 0 => Err(Impedimento::Zero),
            Valore::Importo(cents) => Importo::from_cents(cents).ok_or(Impedimento::Troppo),
            _ => Err(Impedimento::Interno),
        }
    }

    fn causale(&mut self) -> Result<Option<String>, Impedimento> {
        let Some(nodo) = &self.form.piano.causale else { return Ok(None) };
        let whole = testo::cut(&self.macchina.text(nodo)?, testo::CAUSALE_MAX);
        match testo::causale(&whole) {
            Ok(causale) => Ok(Some(causale)),
            Err(Reason::Missing) => Ok(None),
            Err(Reason::PersonalData) => Err(Impedimento::DatoPersonale),
            Err(_) => Err(Impedimento::Interno),
        }
    }

    fn split(&mut self, importo: Importo) -> Result<Vec<Parte>, Impedimento> {
        let mut fette = Vec::new();
        for quota in &self.form.piano.quote {
            fette.push(match quota {
                PianoQuota::Resto => Fetta::Resto,
                PianoQuota::Parte(nodo) => match self.macchina.value(nodo)? {
                    Valore::Importo(cents) => Fetta::Fissa(cents),
                    Valore::Numero(share) => Fetta::Quota(share),
                    _ => return Err(Impedimento::Interno),
                },
            });
        }
        ripartizione::split(importo, &fette)
    }

    /// Who it is, from the fields; what is wrong is told at them. Who need not be there is nobody when all is empty.
    fn who(&mut self, chi: &PianoIntestazione, needed: bool) -> Option<Soggetto> {
        let parts = [Some(&chi.codice_fiscale), Some(&chi.nome), chi.email.as_ref()];
        let texts = parts.map(|part| part.map(|(nodo, campo)| (self.macchina.text(nodo), *campo)));
        let empty = |text: &Option<(Result<String, Impedimento>, usize)>| {
            text.as_ref().is_none_or(|(text, _)| text.as_ref().is_ok_and(|text| text.trim().is_empty()))
        };
        if !needed && texts.iter().all(empty) {
            return None;
        }
        let [codice_fiscale, nome, email] = texts;
        let email = email.filter(|email| !empty(&Some(email.clone())));
        let codice_fiscale = self.told(codice_fiscale, |text| CodiceFiscale::parse(text).map(String::from));
        let nome = self.told(nome, testo::nome);
        let email = email.map(|email| self.told(Some(email), testo::email));
        Some(Soggetto {
            codice_fiscale: CodiceFiscale::parse(&codice_fiscale?).ok()?,
            nome: nome?,
            email: match email {
                Some(email) => Some(email?),
                None => None,
            },
        })
    }

    fn told(
        &mut self,
        text: Option<(Result<String, Impedimento>, usize)>,
        parse: fn(&str) -> Result<String, Reason>,
    ) -> Option<String> {
        let (text, campo) = text?;
        match text {
            Ok(text) => match parse(&text) {
                Ok(read) => return Some(read),
                Err(reason) => {
                    let path = self.form.piano.ambito.path(campo, 0);
                    self.fail(&path, reason.into());
                }
            },
            Err(impedimento) => self.blocked(&impedimento),
        }
        None
    }
}

/// As it would have been typed.
fn typed(valore: &Valore) -> Vec<String> {
    match valore {
        Valore::Booleano(false) => Vec::new(),
        Valore::Booleano(true) => vec!["si".to_owned()],
        Valore::Elenco(voci) => voci.clone(),
        // as `<input type="date">` wants it
        Valore::Data(data) => vec![data.to_string()],
        other => vec![other.to_string()],
    }
}
