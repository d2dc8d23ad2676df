//! Tables: bands that ascend, keys that are there once, values of one type.

use super::{Verifica, less};
use crate::modulo::ambito::Listino;
use crate::modulo::dati::Tabella;
use crate::modulo::funzioni::is_function;
use crate::modulo::limiti;
use crate::modulo::rilievo::{Difetto, Gravita};
use crate::modulo::valore::Tipo;

impl Verifica<'_> {
    pub(super) fn tabella(&mut self, dove: &str, tabella: &Tabella) {
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
}
