//! Text of the QR code on a notice, both ways.
//!
//! Source: "L'avviso di pagamento analogico nel sistema pagoPA", QR-code: `PAGOPA|002|<18 digits>|<11 digits>|<cents>`.

use crate::{CodiceFiscaleEnte, Importo, NumeroAvviso, Reason};

/// What the QR of a notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrAvviso {
    pub numero: NumeroAvviso,
    pub ente: CodiceFiscaleEnte,
    pub importo: Importo,
}

impl QrAvviso {
    /// ```
    /// # use domain::{QrAvviso, NumeroAvviso, CodiceFiscaleEnte, Importo};
    /// let qr = QrAvviso {
    ///     numero: NumeroAvviso::parse("302000000000000184").unwrap(),
    ///     ente: CodiceFiscaleEnte::parse("80001230459").unwrap(),
    ///     importo: Importo::of_cents(5_000),
    /// };
    /// assert_eq!(qr.encode(), "PAGOPA|002|302000000000000184|80001230459|5000");
    /// ```
    pub fn encode(&self) -> String {
        // the guide gives the amount 2 to 11 digits
        format!("PAGOPA|002|{}|{}|{:02}", self.numero, self.ente, self.importo.cents())
    }

    /// Reads the text of a scanned code; leading zeros of the amount are accepted.
    ///
    /// # Errors
    /// `BadFormat` when it is not a notice's QR, or what is wrong with one of its parts.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let parts: Vec<&str> = text.trim().splitn(6, '|').collect();
        let ["PAGOPA", "002", numero, ente, cents] = parts[..] else {
            return Err(Reason::BadFormat);
        };
        let digits = |s: &str, lengths: std::ops::RangeInclusive<usize>| {
            lengths.contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit())
        };
        if !digits(numero, 18..=18) || !digits(ente, 11..=11) || !digits(cents, 1..=11) {
            return Err(Reason::BadFormat);
        }
        let cents: i64 = cents.parse().map_err(|_| Reason::BadFormat)?;
        Ok(Self {
            numero: NumeroAvviso::parse(numero)?,
            ente: CodiceFiscaleEnte::parse(ente)?,
            importo: Importo::try_from(cents)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_of_a_notice_is_read() {
        for bad in [
            "",
            "PAGOPA|001|302000000000000184|80001230459|5000",
            "PAGOPA|002|302000000000000184|80001230459|",
            "PAGOPA|002|302000000000000184|80001230459|5000|X",
            "PAGOPA|002|30200000000000018|80001230459|5000",
            "PAGOPA|002|302000000000000184|8000123045A|5000",
            "PAGOPA|002|302000000000000184|80001230459|-5",
            "PAGOPA|002|302000000000000184|80001230459|123456789012",
            "https://example.org",
        ] {
            assert_eq!(QrAvviso::parse(bad), Err(Reason::BadFormat), "{bad}");
        }
        assert_eq!(QrAvviso::parse("PAGOPA|002|302000000000000184|80001230459|0000005000\n").unwrap().importo.cents(), 5_000);
    }
}
