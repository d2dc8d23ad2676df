//! Prices in words: the same on the service's page and in its form.

use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use crate::tr;
use domain::Tariffa;

/// The price itself: `4,80 €`.
pub(super) fn prezzo(tariffa: &Tariffa) -> String {
    match tariffa {
        Tariffa::Fissa { importo } => soldi(*importo),
        Tariffa::Unitaria { prezzo, .. } => tr!("{prezzo} l’uno", prezzo = soldi(*prezzo)),
        Tariffa::Libera { .. } => t("a tua scelta").to_owned(),
    }
}

/// What else one must know about it.
pub(super) fn nota(tariffa: &Tariffa) -> Option<String> {
    match tariffa {
        Tariffa::Fissa { .. } => None,
        Tariffa::Unitaria { .. } | Tariffa::Libera { .. } => Some(iniziale_maiuscola(&limiti(tariffa))),
    }
}

/// Between which limits one chooses; empty for a fixed price.
pub(super) fn limiti(tariffa: &Tariffa) -> String {
    match tariffa {
        Tariffa::Fissa { .. } => String::new(),
        Tariffa::Unitaria { unita, massimo, .. } => tr!("da 1 a {massimo} {unita}", massimo, unita),
        Tariffa::Libera { minimo, massimo } => tr!("da {min} a {max}", min = soldi(*minimo), max = soldi(*massimo)),
    }
}

pub(super) fn iniziale_maiuscola(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Importo;

    #[test]
    fn a_price_says_how_it_is_reckoned() {
        let pasti = Tariffa::Unitaria { prezzo: Importo::of_cents(480), unita: "pasti".into(), massimo: 60 };
        assert_eq!(prezzo(&pasti), "4,80\u{a0}€ l’uno");
        assert_eq!(nota(&pasti).as_deref(), Some("Da 1 a 60 pasti"));
        let libera = Tariffa::Libera { minimo: Importo::of_cents(500), massimo: Importo::of_cents(500_000) };
        assert_eq!(prezzo(&libera), "a tua scelta");
        assert_eq!(limiti(&libera), "da 5,00\u{a0}€ a 5.000,00\u{a0}€");
        let fissa = Tariffa::Fissa { importo: Importo::of_cents(1_600) };
        assert_eq!((prezzo(&fissa).as_str(), nota(&fissa)), ("16,00\u{a0}€", None));
    }
}
