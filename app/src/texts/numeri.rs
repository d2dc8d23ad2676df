//! Amounts as each language writes them. Never the browser's own formatting: server and island must agree to the letter.

use domain::{Importo, Lingua};

/// `1.234,50 €`, `€1,234.50`, `1 234,50 €`: the blanks never break. Source: CLDR, standard currency patterns.
pub fn euro(lingua: Lingua, importo: Importo) -> String {
    let (thousands, decimals) = match lingua {
        Lingua::It | Lingua::De | Lingua::Sl => (".", ","),
        Lingua::En => (",", "."),
        Lingua::Fr => ("\u{202f}", ","),
    };
    // the one formatter of amounts is the domain's
    let digits: String = importo
        .to_string()
        .chars()
        .map(|c| match c {
            '.' => thousands.to_owned(),
            ',' => decimals.to_owned(),
            other => other.to_string(),
        })
        .collect();
    match lingua {
        Lingua::En => match digits.strip_prefix('-') {
            Some(digits) => format!("-€{digits}"),
            None => format!("€{digits}"),
        },
        _ => format!("{digits}\u{a0}€"),
    }
}

/// In the language of the page.
#[cfg(feature = "ssr")]
pub fn soldi(importo: Importo) -> String {
    euro(super::lingue::lingua(), importo)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        let all = |cents| Lingua::ALL.map(|lingua| euro(lingua, Importo::of_cents(cents)));
        assert_eq!(
            all(123_450),
            ["1.234,50\u{a0}€", "€1,234.50", "1.234,50\u{a0}€", "1\u{202f}234,50\u{a0}€", "1.234,50\u{a0}€"]
        );
        assert_eq!(all(7)[..2], ["0,07\u{a0}€", "€0.07"]);
    }
}
