//! Amounts, numbers and days as each language writes them. Never the browser's own formatting: server and island must agree to the
//! letter.

use domain::modulo::{Numero, Valore};
use domain::{Importo, Lingua};
use jiff::civil::Date;

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

/// `2,5`
pub fn numero(lingua: Lingua, numero: Numero) -> String {
    let digits = numero.to_string();
    if lingua == Lingua::En { digits.replace(',', ".") } else { digits }
}

/// `23/11/2026`
pub fn giorno(lingua: Lingua, data: Date) -> String {
    let (day, month, year) = (data.day(), data.month(), data.year());
    match lingua {
        Lingua::It | Lingua::En | Lingua::Fr => format!("{day:02}/{month:02}/{year}"),
        Lingua::De => format!("{day:02}.{month:02}.{year}"),
        Lingua::Sl => format!("{day}.\u{a0}{month}.\u{a0}{year}"),
    }
}

/// What a field of a form holds, or comes to.
pub fn valore(lingua: Lingua, valore: &Valore) -> String {
    match valore {
        Valore::Importo(_) => match valore.importo() {
            Some(importo) => euro(lingua, importo),
            // below zero, on its way to a result
            None => format!("{valore}\u{a0}€"),
        },
        Valore::Numero(n) => numero(lingua, *n),
        Valore::Data(data) => giorno(lingua, *data),
        other => other.to_string(),
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
        let values = [Valore::Importo(123_450), Valore::Importo(-150), Valore::Numero(Numero::of_millionths(2_500_000))];
        assert_eq!(values.each_ref().map(|v| valore(Lingua::En, v)), ["€1,234.50", "-1,50\u{a0}€", "2.5"]);
        assert_eq!(values.map(|v| valore(Lingua::De, &v)), ["1.234,50\u{a0}€", "-1,50\u{a0}€", "2,5"]);
        assert_eq!(all(7)[..2], ["0,07\u{a0}€", "€0.07"]);
    }
}
