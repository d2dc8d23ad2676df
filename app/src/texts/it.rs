//! Italian. [`reason`] is called by the pages on the server and by the islands in the browser: one text for both.

use domain::{Importo, Reason};

pub const COPIA: &str = "Copia";
pub const COPIATO: &str = "Copiato";
pub const COPIA_A_MANO: &str = "Copia non riuscita: seleziona il codice e copialo a mano";
pub const AVVISO_COMPLETO: &str = "Il codice avviso è completo.";
pub const CODICE_FISCALE_CORRETTO: &str = "Il codice fiscale è scritto correttamente.";
pub const SI_AGGIORNA_DA_SOLA: &str = "Questa pagina si aggiorna da sola.";
pub const AGGIORNA_TU: &str = "Abbiamo smesso di controllare: aggiorna la pagina per vedere l’esito.";

/// An amount that was understood.
pub fn importo_letto(importo: Importo) -> String {
    format!("Importo: {}", importo.euro())
}

/// What is wrong with a field, and what to do.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Missing => "Compila questo campo.".into(),
        Reason::TooLong { max } => format!("Scrivi al massimo {max} caratteri."),
        Reason::TooShort { min } => format!("Scrivi almeno {min} caratteri."),
        Reason::BadCharacters => "Ci sono caratteri che qui non si possono usare: scrivi solo lettere, cifre e punteggiatura comune.".into(),
        Reason::NotDigits => "Scrivi solo cifre, senza lettere o simboli.".into(),
        Reason::WrongLength { expected, found } => wrong_length(*expected, *found),
        Reason::WrongCheck => "C’è un carattere sbagliato: ricontrolla il codice, uno alla volta.".into(),
        Reason::UnknownAuxDigit => "Il codice avviso comincia con 0, 1, 2 o 3: ricontrolla la prima cifra.".into(),
        Reason::NotCodiceFiscale => "Non sembra un codice fiscale: ricontrolla lettere e cifre (oppure scrivi una partita IVA di 11 cifre).".into(),
        Reason::NotIban => "Non sembra un IBAN: in Italia comincia con IT e ha 27 caratteri.".into(),
        Reason::NotEmail => "Non sembra un indirizzo e-mail: scrivilo nella forma nome@esempio.it.".into(),
        Reason::NotAmount => "Scrivi l’importo in euro con la virgola per i centesimi, per esempio 52,50.".into(),
        Reason::AmbiguousAmount => "Non è chiaro se il punto separi le migliaia: scrivi anche i centesimi, per esempio 1.234,00.".into(),
        Reason::TooPrecise => "Scrivi al massimo due cifre dopo la virgola.".into(),
        Reason::Negative => "L’importo non può essere negativo.".into(),
        Reason::AmountTooSmall { min } => format!("L’importo minimo è {}.", min.euro()),
        Reason::AmountTooLarge { max } => format!("L’importo massimo è {}.", max.euro()),
        Reason::QuantityOutOfRange { min, max } => format!("Scrivi un numero intero da {min} a {max}."),
        Reason::NotAChoice => "Scegli una delle voci dell’elenco.".into(),
        // one answer for every kind of miss: which one it was is nobody's business
        Reason::NotFound => {
            "Non troviamo un avviso con questo codice. Ricontrolla le cifre; se sono giuste, chiedi all’ufficio che lo ha emesso.".into()
        }
        Reason::PersonalData => {
            "Togli il codice fiscale da questo testo: lo vede anche chi esegue il pagamento, e per i codici c’è il campo apposito.".into()
        }
        Reason::Reserved => "Questo nome è riservato: scegline un altro.".into(),
        Reason::BadFormat => "Il testo non è nella forma prevista: ricontrollalo.".into(),
    }
}

/// The codes of fixed length differ in it: the length alone tells which one was meant.
fn wrong_length(expected: u8, found: u16) -> String {
    match expected {
        18 => format!("Il codice avviso ha 18 cifre: {}.", written(found, "scritta", "scritte")),
        16 => {
            let written = written(found, "scritto", "scritti");
            format!("Il codice fiscale ha 16 caratteri, o 11 cifre per società e associazioni: {written}.")
        }
        11 => format!("Servono 11 cifre: {}.", written(found, "scritta", "scritte")),
        _ => format!("Servono {expected} caratteri: {}.", written(found, "scritto", "scritti")),
    }
}

fn written(found: u16, one: &str, many: &str) -> String {
    if found == 1 { format!("ne hai {one} 1") } else { format!("ne hai {many} {found}") }
}

#[cfg(feature = "ssr")]
pub use states::*;

/// Names of states: only pages show them.
#[cfg(feature = "ssr")]
mod states {
    use domain::posizione::NonPagabile;
    use domain::{EsitoPagamento, Opzione};

    /// Which way to pay a debt.
    pub fn opzione(opzione: Opzione) -> String {
        match opzione {
            Opzione::Unica => "Soluzione unica".into(),
            Opzione::Rata { numero, di } => format!("Rata {numero} di {di}"),
        }
    }

    /// Why a notice cannot be paid, in one or two words, for a badge.
    pub fn non_pagabile(motivo: NonPagabile) -> &'static str {
        match motivo {
            NonPagabile::Sconosciuta => "Non disponibile",
            NonPagabile::Pagata => "Pagato",
            NonPagabile::Annullata => "Annullato",
            NonPagabile::Scaduta => "Scaduto",
        }
    }

    /// The same in a sentence, with what to do.
    pub fn non_pagabile_testo(motivo: NonPagabile) -> &'static str {
        match motivo {
            NonPagabile::Sconosciuta => "Questo avviso non può essere pagato qui. Chiedi all’ufficio che lo ha emesso.",
            NonPagabile::Pagata => "Questo avviso risulta già pagato: non devi fare altro. La ricevuta è di chi ha pagato.",
            NonPagabile::Annullata => {
                "L’ente ha annullato questo avviso: non va pagato. Se ne aspettavi un altro, chiedi all’ufficio che lo ha emesso."
            }
            NonPagabile::Scaduta => {
                "La scadenza è passata e questo avviso non si può più pagare. Chiedi all’ufficio come regolarizzare."
            }
        }
    }

    /// The outcome of a trip to Checkout, as the title of its page.
    pub fn esito(esito: EsitoPagamento) -> &'static str {
        match esito {
            EsitoPagamento::InCorso => "Pagamento in corso",
            EsitoPagamento::InVerifica => "Stiamo verificando il pagamento",
            EsitoPagamento::Pagato => "Pagamento riuscito",
            EsitoPagamento::Interrotto => "Pagamento interrotto",
            EsitoPagamento::NonRiuscito => "Il pagamento non risulta riuscito",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn every_reason() -> Vec<Reason> {
        let importo = Importo::of_cents(500);
        vec![
            Reason::Missing,
            Reason::TooLong { max: 70 },
            Reason::TooShort { min: 2 },
            Reason::BadCharacters,
            Reason::NotDigits,
            Reason::WrongLength { expected: 18, found: 17 },
            Reason::WrongLength { expected: 16, found: 17 },
            Reason::WrongLength { expected: 11, found: 17 },
            Reason::WrongLength { expected: 27, found: 17 },
            Reason::WrongCheck,
            Reason::UnknownAuxDigit,
            Reason::NotCodiceFiscale,
            Reason::NotIban,
            Reason::NotEmail,
            Reason::NotAmount,
            Reason::AmbiguousAmount,
            Reason::TooPrecise,
            Reason::Negative,
            Reason::AmountTooSmall { min: importo },
            Reason::AmountTooLarge { max: importo },
            Reason::QuantityOutOfRange { min: 1, max: 60 },
            Reason::NotAChoice,
            Reason::NotFound,
            Reason::PersonalData,
            Reason::Reserved,
            Reason::BadFormat,
        ]
    }

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        let texts: Vec<_> = every_reason().iter().map(reason).collect();
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
        for text in texts {
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains(['\'', '"']), "typographic apostrophes: {text}");
        }
    }

    #[test]
    fn lengths_agree_with_their_nouns() {
        let text = |expected, found| reason(&Reason::WrongLength { expected, found });
        assert_eq!(text(18, 17), "Il codice avviso ha 18 cifre: ne hai scritte 17.");
        assert_eq!(text(18, 1), "Il codice avviso ha 18 cifre: ne hai scritta 1.");
        assert_eq!(text(16, 15), "Il codice fiscale ha 16 caratteri, o 11 cifre per società e associazioni: ne hai scritti 15.");
        assert_eq!(reason(&Reason::AmountTooSmall { min: Importo::of_cents(500) }), "L’importo minimo è 5,00\u{a0}€.");
    }
}
