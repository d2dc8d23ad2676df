//! A form on its way to a page: its words, what was typed, and what one look at both says.

use crate::context::{Compilazione, Stadio};
use crate::texts::frasi::Frasi;
use crate::texts::lingue::t;
use domain::Lingua;
use domain::modulo::{Campo, Detto, Errore, Esame, EsitoCampo, Motivo, TipoCampo, VISTO, Valori, Verificato};
use jiff::civil::Date;
use std::sync::Arc;

/// The number of the row that a template has: the island puts another in its place. The last that can be.
pub(super) const RIGA_MODELLO: u16 = 9_999;

#[derive(Clone)]
pub struct Foglio {
    pub modulo: Arc<Verificato>,
    pub valori: Valori,
    pub esame: Esame,
    pub oggi: Date,
    /// What is wrong with it and can be told, by the name of the field: nothing before it was sent for good.
    errori: Vec<Errore>,
    /// Whether there are questions that appeared by what was sent.
    nuove: bool,
    frasi: Frasi,
}

impl Foglio {
    pub fn new(modulo: Arc<Verificato>, compilazione: Compilazione, oggi: Date) -> Self {
        let frasi = Frasi::of_page();
        let Compilazione { valori, stadio } = compilazione;
        let valori = if stadio == Stadio::Nuova && valori.is_empty() { modulo.initial(oggi) } else { valori };
        let esame = modulo.evaluate(&valori, oggi, frasi.lingua());
        let mut foglio = Self { modulo, valori, esame, oggi, errori: Vec::new(), nuove: false, frasi };
        if stadio == Stadio::Mandata {
            // a question that nobody has seen yet is no fault
            let (new, errori): (Vec<_>, Vec<_>) = foglio.esame.errori.iter().cloned().partition(|errore| foglio.is_new(errore));
            (foglio.nuove, foglio.errori) = (!new.is_empty(), errori);
        }
        foglio
    }

    pub fn lingua(&self) -> Lingua {
        self.frasi.lingua()
    }

    /// A text of the ente in the language of the page, with its own where that is another.
    pub fn say(&self, testi: &domain::modulo::Testi) -> (String, Option<&'static str>) {
        self.mark(testi.say(self.lingua()))
    }

    fn mark(&self, detto: Detto) -> (String, Option<&'static str>) {
        let lang = (detto.lingua != self.lingua()).then(|| detto.lingua.code());
        (detto.testo, lang)
    }

    /// What is wrong with it and can be told.
    pub fn errori(&self) -> &[Errore] {
        &self.errori
    }

    pub fn has_new(&self) -> bool {
        self.nuove
    }

    fn is_new(&self, errore: &Errore) -> bool {
        let Some(esito) = self.esame.campo(&errore.campo) else { return false };
        errore.motivo == Motivo::Reason(domain::Reason::Missing)
            && self.depends(esito)
            && self.valori.get(&esito.path).is_empty()
            && !self.valori.get(VISTO).contains(&esito.path)
    }

    /// Whether it is not always there.
    fn depends(&self, esito: &EsitoCampo) -> bool {
        let sezione = &self.modulo.modulo().sezioni[esito.sezione];
        sezione.visibile.is_some() || sezione.campi[esito.campo].visibile.is_some() || self.modulo.data(esito).visibile.is_some()
    }

    /// The message at a field, with its language where it is another.
    pub(super) fn errore(&self, path: &str) -> Option<(String, Option<&'static str>)> {
        let errore = self.errori.iter().find(|errore| errore.campo == path)?;
        Some(match &errore.motivo {
            Motivo::Detto(detto) => self.mark(detto.clone()),
            motivo => (self.words(self.esame.campo(path), motivo), None),
        })
    }

    /// A box is not filled in, nor is a choice or a file.
    fn words(&self, esito: Option<&EsitoCampo>, motivo: &Motivo) -> String {
        let tipo = esito.map(|esito| self.modulo.data(esito).tipo).filter(|_| *motivo == Motivo::Reason(domain::Reason::Missing));
        match tipo {
            Some(TipoCampo::Casella) => t("Spunta questa casella.").to_owned(),
            Some(TipoCampo::Scelta | TipoCampo::Scelte) => t("Scegli una voce.").to_owned(),
            Some(TipoCampo::Documento) => t("Scegli il file, oppure scrivi la sua impronta.").to_owned(),
            _ => self.frasi.motivo(motivo),
        }
    }

    /// For the summary of errors: where each leads, and its words.
    pub fn summary(&self) -> Vec<(String, String)> {
        let row = |errore: &Errore| {
            let esito = self.esame.campo(&errore.campo);
            let text = self.words(esito, &errore.motivo);
            match esito {
                Some(esito) => (errore.campo.clone(), format!("{}: {text}", self.name(esito))),
                None => (super::TOTALE.to_owned(), text),
            }
        };
        self.errori.iter().map(row).collect()
    }

    /// How a field is called where it stands alone: `Figlio 2, Classe`.
    fn name(&self, esito: &EsitoCampo) -> String {
        let campo = self.modulo.data(esito);
        let (etichetta, _) = self.say(&campo.etichetta);
        let gruppo = &self.modulo.modulo().sezioni[esito.sezione].campi[esito.campo];
        let etichetta = etichetta.trim_end_matches('?').to_owned();
        match (esito.interno, self.ordinal(&gruppo.nome, esito.riga)) {
            (Some(_), Some(ordinal)) => format!("{} {ordinal}, {etichetta}", self.say(&gruppo.etichetta).0),
            _ => etichetta,
        }
    }

    /// Which row of its group it is, from 1.
    pub(super) fn ordinal(&self, gruppo: &str, riga: u16) -> Option<usize> {
        self.esame.campo(gruppo)?.righe.iter().position(|altra| *altra == riga).map(|at| at + 1)
    }

    /// What stands in a field: what was typed, or what it is when nobody may type.
    pub(super) fn value(&self, esito: &EsitoCampo) -> String {
        match &esito.valore {
            Some(valore) if !esito.attivo => valore.to_string(),
            _ if !esito.attivo => String::new(),
            _ => self.valori.first(&esito.path).to_owned(),
        }
    }

    /// Fields in the order of the page, with what stands about them in the form.
    pub fn answers(&self) -> impl Iterator<Item = (&Campo, &EsitoCampo)> {
        self.esame.campi.iter().map(|esito| (self.modulo.data(esito), esito))
    }

    /// Whether something on the page follows from something else: then it can be asked to show it.
    pub fn is_alive(&self) -> bool {
        self.answers().any(|(campo, _)| {
            campo.visibile.is_some()
                || campo.attivo.is_some()
                || campo.tipo == TipoCampo::Calcolato
                || campo.opzioni.iter().any(|scelta| scelta.quando.is_some())
        }) || self.esame.importo.is_err()
    }
}
