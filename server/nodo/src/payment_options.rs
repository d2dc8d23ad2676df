//! Payment options for organizations: pagoPA asks which ways there are to pay a notice, and the ente answers over REST. Here we are
//! the server.
//!
//! Source: orgs_payment_options.json 0.7.0; codes ODP-101 to ODP-111 in SANP 3.12.0. Amounts are cents, dates civil time of Europe/Rome
//! without offset, as the example of the OpenAPI has them.

mod answer;
mod odp;

pub use answer::{
    Installment, PaymentOption, PaymentOptionsResponse, StatoOpzioneOdp, StatoRataOdp, decode_answer, encode_answer,
    payment_options,
};
pub use odp::{Odp, OdpError, decode_error, encode_error};

use domain::{CodiceFiscaleEnte, NumeroAvviso};

/// The two names in `/payment-options/organizations/{organization-fiscal-code}/notices/{notice-number}`.
///
/// # Errors
/// [`Odp::Sintassi`] when they are not 11 and 18 digits.
pub fn decode_path(ente: &str, numero: &str) -> Result<(CodiceFiscaleEnte, NumeroAvviso), Odp> {
    let digits = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(ente, 11) || !digits(numero, NumeroAvviso::LEN) {
        return Err(Odp::Sintassi);
    }
    let ente = CodiceFiscaleEnte::parse(ente).map_err(|_| Odp::Sintassi)?;
    Ok((ente, NumeroAvviso::parse(numero).map_err(|_| Odp::Sintassi)?))
}
