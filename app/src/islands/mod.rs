//! The only code a phone downloads, but for what looks after the form of a service (`crate::vivo`). Each island is complete HTML without
//! it and a small gift with it: it never stops a submit, loads nothing but `GET /api/pagamenti/{token}`, and its props stand in the page
//! for everyone to read.
//!
//! The rules are those of `domain`, the words those of [`crate::texts::frasi`]: the server says the same about the same text.

mod avviso_field;
mod checked_field;
mod codice_fiscale_field;
mod copy_button;
mod payment_status;
mod qr_camera;
mod share_button;
#[cfg(feature = "hydrate")]
mod time;
mod work_proof;

pub use avviso_field::AvvisoField;
pub use codice_fiscale_field::CodiceFiscaleField;
pub use copy_button::CopyButton;
pub use payment_status::PaymentStatus;
pub use qr_camera::QrCamera;
pub use share_button::ShareButton;
pub use work_proof::WorkProof;
