//! The form language of a service: which fields are asked, what they come to, where the money goes. Data, not a program: an ente says what
//! is asked and reckoned, and nothing that it says is ever executed by a browser or outside the little machine here.
//!
//! ```
//! use domain::modulo::{Lingua, Modulo, Valori};
//! use jiff::civil::date;
//! let modulo: Modulo = serde_json::from_str(
//!     r#"{
//!     "versione": 1,
//!     "tabelle": [{"nome": "tariffa", "fasce": [{"fino_a": "6000 €", "valore": "2,10 €"}, {"valore": "4,80 €"}]}],
//!     "sezioni": [{"titolo": "Mensa", "campi": [
//!         {"nome": "isee", "tipo": "importo", "etichetta": "ISEE"},
//!         {"nome": "pasti", "tipo": "numero", "etichetta": "Quanti pasti", "minimo": 1, "massimo": 60}
//!     ]}],
//!     "importo": "pasti * tariffa(isee)",
//!     "causale": "'Mensa scolastica, ' & pasti & ' pasti'"
//! }"#,
//! )
//! .unwrap();
//! let modulo = modulo.verify().unwrap();
//! let sent = [("isee", "5.999,99"), ("pasti", "10")].map(|(name, text)| (name.to_owned(), text.to_owned()));
//! let esame = modulo.evaluate(&Valori::from_pairs(sent), date(2026, 9, 1), Lingua::It);
//! assert!(esame.is_complete());
//! assert_eq!(esame.importo.unwrap().cents(), 2_100);
//! ```
//!
//! **What it never does**: read a clock (`oggi` is an argument, the day in Europe/Rome), run for longer than is known beforehand, believe
//! a field that is hidden or not active, lose a cent.
//!
//! Three steps, each a type: [`Modulo`] is what is stored, [`Verificato`] what was looked at and found right, [`Esame`] what one look at
//! the sent [`Valori`] says. A checked form cannot fail but for what is not there yet, for numbers beyond all bounds and for divisions by
//! zero, and these are answers ([`Impedimento`]).
//!
//! In a browser an island does not read the form: it is given its [`Piano`], as [`Piano::encode`] writes it, and asks that the same.
//!
//! | file | question |
//! |---|---|
//! | `dati.rs`, `testi.rs`, `formula.rs` | what is stored |
//! | `completo.rs` | who pays, where the form does not ask it itself |
//! | `lessico.rs`, `espressione.rs`, `funzioni.rs`, `ambito.rs` | how an expression is read and typed |
//! | `verifica.rs`, `membri.rs`, `nomi.rs`, `rilievo.rs` | what can be wrong with a form, and how it is told |
//! | `valori.rs`, `campo.rs`, `modello.rs`, `giorni.rs` | how what was typed is read |
//! | `calcolo.rs`, `valore.rs`, `ripartizione.rs`, `esame.rs` | what comes of it |
//! | `piano.rs`, `scrittura.rs` | what of a form a browser is given |
//! | `limiti.rs` | how large all of it may be, and why |
//!
//! **Start reading** at [`Modulo`] and the forms in `tests/moduli/`. **To add a function**: its row in `funzioni.rs`, its arm in `calcolo.rs`,
//! its lines in the table of `tests/espressioni.rs`; **a kind of field**: its value in [`TipoCampo`], its rows in `membri.rs`, its arm in
//! `campo.rs`. The README has the table of all of them, for who writes forms.

mod ambito;
mod calcolo;
mod campo;
mod completo;
mod dati;
mod esame;
mod espressione;
mod formula;
mod funzioni;
mod giorni;
mod lessico;
pub mod limiti;
mod membri;
mod modello;
mod nomi;
mod piano;
mod rilievo;
mod ripartizione;
mod scrittura;
mod testi;
mod valore;
mod valori;
mod verifica;

pub use crate::Lingua;
pub use calcolo::Impedimento;
pub use campo::{Errore, Motivo};
pub use dati::{
    AttoChiesto, Beneficiario, Bollo, Campo, Chiave, Di, Esterno, Fascia, Intestazione, Modulo, Quota, Regola, Scelta, Sezione,
    Tabella, TipoCampo,
};
pub use esame::{Chi, Esame, EsitoCampo};
pub use formula::Formula;
pub use giorni::parse as parse_day;
pub use modello::{Modello, NonModello};
pub use piano::{Piano, Verificato};
pub use rilievo::{Difetto, Gravita, Rilievo};
pub use ripartizione::{Fetta, Marca, Parte, split};
pub use testi::{Detto, Testi};
pub use valore::{Numero, Tipo, Valore};
pub use valori::{AZIONE, Azione, VISTO, Valori};
