//! What the citizen chose on the Checkout page.

use serde::Deserialize;
use std::time::Duration;

/// A minute is late enough to see every page that waits.
pub(crate) const RITARDO_MAX_MS: u64 = 60_000;
/// The Nodo sends a receipt up to 48 times (SANP); fifty is more than ever happens.
pub(crate) const COPIE_MAX: u32 = 50;

/// The three cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Esito {
    Paga,
    Rifiuta,
    Abbandona,
}

impl Esito {
    pub(crate) const ALL: [Self; 3] = [Self::Paga, Self::Rifiuta, Self::Abbandona];

    pub(crate) const fn value(self) -> &'static str {
        match self {
            Self::Paga => "paga",
            Self::Rifiuta => "rifiuta",
            Self::Abbandona => "abbandona",
        }
    }
}

/// The form as it comes: everything is text, anything may be missing.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct RawScelta {
    pub esito: Option<String>,
    pub ritardo_ms: Option<String>,
    pub copie: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scelta {
    pub esito: Esito,
    /// How long after the payment the receipt is sent.
    pub ritardo: Duration,
    /// How often; 0: it is lost.
    pub copie: u32,
}

/// A field and what to say about it.
pub(crate) type Errore = (&'static str, String);

impl Scelta {
    /// Fields left empty mean the usual: the delay of the configuration, one copy.
    pub(crate) fn parse(raw: &RawScelta, usual_delay_ms: u64) -> Result<Self, Vec<Errore>> {
        let esito = Esito::ALL.into_iter().find(|e| raw.esito.as_deref() == Some(e.value()));
        let ritardo = number(raw.ritardo_ms.as_deref(), usual_delay_ms, RITARDO_MAX_MS);
        let copie = number(raw.copie.as_deref(), 1, u64::from(COPIE_MAX)).and_then(|n| u32::try_from(n).ok());
        if let (Some(esito), Some(ms), Some(copie)) = (esito, ritardo, copie) {
            return Ok(Self { esito, ritardo: Duration::from_millis(ms), copie });
        }
        let mut errori = Vec::new();
        if esito.is_none() {
            errori.push(("esito", "Scegli come concludere il pagamento.".to_owned()));
        }
        if ritardo.is_none() {
            errori.push(("ritardo_ms", format!("Il ritardo è un numero intero da 0 a {RITARDO_MAX_MS}.")));
        }
        if copie.is_none() {
            errori.push(("copie", format!("Le copie sono un numero intero da 0 a {COPIE_MAX}.")));
        }
        Err(errori)
    }
}

fn number(text: Option<&str>, usual: u64, max: u64) -> Option<u64> {
    match text.map(str::trim) {
        None | Some("") => Some(usual),
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok().filter(|&n| n <= max),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(esito: &str, ritardo_ms: &str, copie: &str) -> RawScelta {
        RawScelta { esito: Some(esito.into()), ritardo_ms: Some(ritardo_ms.into()), copie: Some(copie.into()) }
    }

    #[test]
    fn what_is_left_empty_is_as_usual() {
        let usual = Scelta { esito: Esito::Paga, ritardo: Duration::from_millis(1_500), copie: 1 };
        assert_eq!(Scelta::parse(&raw("paga", "", " "), 1_500), Ok(usual));
        assert_eq!(Scelta::parse(&RawScelta { esito: Some("paga".into()), ..RawScelta::default() }, 1_500), Ok(usual));
        let lost = Scelta { esito: Esito::Abbandona, ritardo: Duration::ZERO, copie: 0 };
        assert_eq!(Scelta::parse(&raw("abbandona", "0", "0"), 1_500), Ok(lost));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let fields = |raw| Scelta::parse(&raw, 0).unwrap_err().into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(fields(raw("PAGA", "60001", "51")), ["esito", "ritardo_ms", "copie"]);
        assert_eq!(fields(raw("paga", "-1", "1")), ["ritardo_ms"]);
        assert_eq!(fields(raw("paga", "+1", "99999999999999999999999")), ["ritardo_ms", "copie"]);
        assert_eq!(fields(RawScelta::default()), ["esito"]);
    }
}
