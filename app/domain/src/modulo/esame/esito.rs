//! What it comes to: the amount, the causale, the parts, who pays.

use super::giro::Esaminatore;
use crate::bollo::{self, Impronta};
use crate::modulo::calcolo::Impedimento;
use crate::modulo::campo::Motivo;
use crate::modulo::espressione::Nodo;
use crate::modulo::piano::{PianoBollo, PianoIntestazione};
use crate::modulo::ripartizione::{self, Fetta, Marca, Parte};
use crate::modulo::valore::Valore;
use crate::{CodiceFiscale, Importo, Reason, Soggetto, testo};

impl Esaminatore<'_> {
    pub(super) fn amount(&mut self) -> Result<Importo, Impedimento> {
        let Some(nodo) = &self.form.importo else { return Err(Impedimento::Zero) };
        match self.macchina.value(nodo)? {
            Valore::Importo(cents) if cents <= 0 => Err(Impedimento::Zero),
            Valore::Importo(cents) => Importo::from_cents(cents).ok_or(Impedimento::Troppo),
            _ => Err(Impedimento::Interno),
        }
    }

    pub(super) fn causale(&mut self) -> Result<Option<String>, Impedimento> {
        let Some(nodo) = &self.form.causale else { return Ok(None) };
        let whole = testo::cut(&self.macchina.text(nodo)?, testo::CAUSALE_MAX);
        match testo::causale(&whole) {
            Ok(causale) => Ok(Some(causale)),
            Err(Reason::Missing) => Ok(None),
            Err(Reason::PersonalData) => {
                self.told_personal();
                Err(Impedimento::DatoPersonale)
            }
            Err(_) => Err(Impedimento::Interno),
        }
    }

    /// A codice fiscale came into the causale by a text that somebody typed: it is told there, where it can be taken away.
    fn told_personal(&mut self) {
        let holds =
            |valore: &Valore| testo::causale(&testo::cut(&valore.to_string(), testo::CAUSALE_MAX)) == Err(Reason::PersonalData);
        let paths: Vec<String> =
            self.typed_texts().filter(|(_, valore)| holds(valore)).map(|(path, _)| path.to_owned()).collect();
        paths.iter().for_each(|path| self.fail(path, Reason::PersonalData.into()));
    }

    pub(super) fn split(&mut self, importo: Importo) -> Result<Vec<Parte>, Impedimento> {
        let mut fette = Vec::new();
        for quota in &self.form.quote {
            fette.push(match &quota.parte {
                None => Fetta::Resto,
                Some(nodo) => match self.macchina.value(nodo)? {
                    Valore::Importo(cents) => Fetta::Fissa(cents),
                    Valore::Numero(share) => Fetta::Quota(share),
                    _ => return Err(Impedimento::Interno),
                },
            });
        }
        let mut parti = ripartizione::split(importo, &fette)?;
        for parte in &mut parti {
            if let Some(bollo) = self.form.quote.get(parte.quota).and_then(|quota| quota.bollo) {
                if parte.importo != bollo::IMPORTO {
                    return Err(Impedimento::Bollo);
                }
                parte.bollo = Some(self.stamp(bollo)?);
            }
        }
        Ok(parti)
    }

    /// What the stamp is put on: an empty document or province is told where it is missing, though the form does not require it.
    fn stamp(&mut self, bollo: PianoBollo) -> Result<Marca, Impedimento> {
        let mut read = |at: usize| match self.macchina.text(&Nodo::Campo(at)) {
            Ok(text) if text.is_empty() => Err(Impedimento::Attesa { campo: self.form.ambito.path(at, 0) }),
            other => other,
        };
        let (documento, provincia) = (read(bollo.documento), read(bollo.provincia));
        let documento = Impronta::parse(&documento?).map_err(|_| Impedimento::Interno)?;
        let Ok(provincia) = bollo::provincia(&provincia?) else {
            let path = self.form.ambito.path(bollo.provincia, 0);
            self.fail(&path, Motivo::NonProvincia);
            return Err(Impedimento::Attesa { campo: path });
        };
        Ok(Marca { documento, provincia })
    }

    /// Who it is, from the fields; what is wrong is told at them. Who need not be there is nobody when all is empty.
    pub(super) fn who(&mut self, chi: &PianoIntestazione, needed: bool) -> Option<Soggetto> {
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
                    let path = self.form.ambito.path(campo, 0);
                    self.fail(&path, reason.into());
                }
            },
            Err(impedimento) => self.blocked(&impedimento),
        }
        None
    }
}
