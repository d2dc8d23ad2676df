//! Pieces of HTML, rendered on the server only: plain values in, no signals, no loading. Markup as in `style/reference.html`.
//!
//! Every class is written out whole (`if x { "alert alert-danger" } …`): the style pipeline keeps the words it finds here.

mod alert;
mod breadcrumb;
mod choices;
mod code;
mod con;
mod contatti;
mod cornice;
mod error_summary;
mod facts;
mod field;
mod footer;
mod foto;
mod header;
mod icon;
mod lingue;
mod money;
mod non_indicizzare;
mod outcome;
mod pagina;
mod solo_italiano;
mod stepper;

pub use alert::{Alert, Tone};
pub use breadcrumb::{Breadcrumb, Crumb};
pub use choices::{Checkbox, Choice, Choices};
pub use code::Code;
pub use con::{RequiredNote, con, con_testo_di_ente};
pub use contatti::Contatti;
pub use cornice::FondoCornice;
pub use error_summary::{ErrorRows, ErrorSummary};
pub use facts::{Fact, Facts};
pub use field::TextField;
pub use footer::Footer;
pub use foto::{Foto, RispostaFoto};
pub use header::Header;
pub use icon::Icon;
pub use lingue::Lingue;
pub use money::Money;
pub use non_indicizzare::NonIndicizzare;
pub use outcome::Outcome;
pub use pagina::{Islands, Pagina, Vivo, Width};
pub use solo_italiano::{SoloItaliano, lang_di, lang_ente};
pub use stepper::Stepper;
