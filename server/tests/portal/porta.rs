//! The station's door: TLS, and who has the certificate that opens it.

mod chi_entra;
mod rotazione;
mod serve;

pub use serve::Serve;
