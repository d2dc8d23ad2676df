//! The vocabulary of Sportello: the nouns of an Italian public payment and their rules, the same code in the browser and on
//! the server.
//!
//! **What it never does**: I/O, clocks, random numbers, XML, JSON spellings of pagoPA, SQL. Whatever is impure is an argument.
//!
//! | word | meaning | official English | file |
//! |---|---|---|---|
//! | [`Ente`] | the public body that collects | creditor institution | `ente.rs` |
//! | [`Aspetto`] | how its pages and papers look | – | `aspetto.rs` |
//! | [`Origine`] | a site that may show our pages in a frame | origin | `origine.rs` |
//! | [`Servizio`] | something one can pay for | service | `servizio.rs` |
//! | [`NumeroAvviso`] | the 18 digits on a notice | notice number (NAV) | `avviso.rs` |
//! | [`Iuv`] | the reference of one payment | creditor reference | `iuv.rs` |
//! | [`Posizione`] → [`Rata`] → [`Versamento`] | a debt, a way to pay it, one transfer of it | payment position, option, transfer | `posizione.rs` |
//! | [`Atto`] | the act a debt comes from: verbale, cartella, pratica | – | `atto.rs` |
//! | [`Tentativo`](pagamento::StatoTentativo) | one trip to Checkout | attempt, cart | `pagamento.rs` |
//! | [`Ricevuta`] | what proves that money moved (RT) | receipt | `ricevuta.rs` |
//! | [`Flusso`](fdr::StatoFlusso) | which payments a PSP credited with one transfer of money (FdR) | reporting flow | `fdr.rs` |
//! | [`EsitoMessaggio`] | what became of a message that came in (inbox) | – | `messaggio.rs` |
//! | [`TipoJob`] | work that is done later | job | `job.rs` |
//! | [`Impronta`](bollo::Impronta) | the digest of a document that gets a revenue stamp (marca da bollo) | digital revenue stamp | `bollo.rs` |
//! | [`Modulo`] | what is asked of who pays without a notice, and what it comes to | form | `modulo/` |
//! | [`Ruolo`] | what somebody who works for an ente may do | role | `ruolo.rs` |
//! | [`Importo`] | money, in integer cents | amount | `importo.rs` |
//!
//! `riconosci.rs` tells apart what is typed into the one box of the reserved area.
//!
//! `work.rs` is no word of payments: the proof of work of a look-up, found in the browser, checked on the server.
//!
//! **Start reading** at [`posizione`]: the rest serves it. **To add a rule**: a function here with a table or property test
//! beside it; the island and the server then call the same one. **To add a state**: one enum value and its edges in the table
//! of its lifecycle; the tests of [`transitions`] tell what is missing.

pub mod aspetto;
pub mod atto;
pub mod avviso;
pub mod bollo;
pub mod codice_fiscale;
pub mod email;
pub mod ente;
pub mod fdr;
pub mod field;
pub mod iban;
pub mod importo;
pub mod iuv;
pub mod job;
pub mod lettera;
pub mod lingua;
pub mod messaggio;
pub mod modulo;
pub mod origine;
pub mod pagamento;
pub mod posizione;
pub mod qr;
pub mod ricerca;
pub mod ricevuta;
pub mod riconosci;
pub mod ruolo;
pub mod servizio;
pub mod tassonomia;
pub mod testo;
pub mod transitions;
pub mod work;

pub use aspetto::{Aspetto, Tavolozza};
pub use atto::{Atto, TipoAtto};
pub use avviso::{AuxDigit, NumeroAvviso};
pub use codice_fiscale::{CodiceFiscale, PartitaIva};
pub use email::Email;
pub use ente::{CodiceFiscaleEnte, CodiceSegregazione, Ente, Modello, Slug, Stazione};
pub use fdr::StatoFlusso;
pub use field::{FieldError, Reason};
pub use iban::Iban;
pub use importo::Importo;
pub use iuv::Iuv;
pub use job::{StatoJob, TipoJob};
pub use lettera::{StatoLettera, TipoLettera};
pub use lingua::Lingua;
pub use messaggio::EsitoMessaggio;
pub use modulo::Modulo;
pub use origine::Origine;
pub use pagamento::{EsitoDichiarato, EsitoPagamento, StatoTentativo};
pub use posizione::{Accredito, Imputazione, Opzione, Posizione, Rata, Soggetto, StatoPosizione, Versamento};
pub use qr::QrAvviso;
pub use ricevuta::{Anomalia, Ricevuta, StatoRicevuta};
pub use ruolo::{Incarico, Permesso, Ruolo};
pub use servizio::Servizio;
pub use tassonomia::Tassonomia;
