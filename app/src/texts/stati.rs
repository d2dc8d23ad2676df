//! Names of states: only pages show them.

use super::lingue::t;
use crate::tr;
use domain::posizione::NonPagabile;
use domain::{EsitoPagamento, Opzione};

/// Which way to pay a debt.
pub fn opzione(opzione: Opzione) -> String {
    match opzione {
        Opzione::Unica => t("Soluzione unica").into(),
        Opzione::Rata { numero, di } => tr!("Rata {numero} di {di}", numero, di),
    }
}

/// Why a notice cannot be paid, in one or two words, for a badge.
pub fn non_pagabile(motivo: NonPagabile) -> &'static str {
    match motivo {
        NonPagabile::Sconosciuta => t("Non disponibile"),
        NonPagabile::Pagata => t("Pagato"),
        NonPagabile::Annullata => t("Annullato"),
        NonPagabile::Scaduta => t("Scaduto"),
    }
}

/// The same in a sentence, with what to do.
pub fn non_pagabile_testo(motivo: NonPagabile) -> &'static str {
    match motivo {
        NonPagabile::Sconosciuta => t("Questo avviso non può essere pagato qui. Chiedi all’ufficio che lo ha emesso."),
        NonPagabile::Pagata => t("Questo avviso risulta già pagato: non devi fare altro. La ricevuta è di chi ha pagato."),
        NonPagabile::Annullata => {
            t("L’ente ha annullato questo avviso: non va pagato. Se ne aspettavi un altro, chiedi all’ufficio che lo ha emesso.")
        }
        NonPagabile::Scaduta => {
            t("La scadenza è passata e questo avviso non si può più pagare. Chiedi all’ufficio come regolarizzare.")
        }
    }
}

/// The outcome of a trip to Checkout, as the title of its page.
pub fn esito(esito: EsitoPagamento) -> &'static str {
    match esito {
        EsitoPagamento::InCorso => t("Pagamento in corso"),
        EsitoPagamento::InVerifica => t("Stiamo verificando il pagamento"),
        EsitoPagamento::Pagato => t("Pagamento riuscito"),
        EsitoPagamento::Interrotto => t("Pagamento interrotto"),
        EsitoPagamento::NonRiuscito => t("Il pagamento non risulta riuscito"),
    }
}
