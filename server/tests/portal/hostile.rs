//! What somebody sends who means harm, or types carelessly: refused at the field, shown back as text, never stored.
//!
//! Bad input comes in families (the numbers are those of our threat model). Each has a table of named cases with what must become of
//! each, of at least ten: the test of a table asserts it. A case that shows a fault of ours stays in its table.
//!
//! | | family | where | cases |
//! |---|---|---|---|
//! | 1 | guessing of notice numbers: one answer for every miss | `hostile/ricerca.rs`, and 10,000 guesses there in `make soak` (1,000 in `make test`); limits: `cittadino/limiti.rs` | 12 numbers at 3 doors |
//! | 3 | amounts that the page did not ask for | `hostile/importi.rs` | 13 |
//! | 4 | return addresses that say "paid" | `hostile/ritorni.rs` | 14 |
//! | 7 | XXE, DOCTYPE, instructions | `hostile/xxe.rs` (a listener that nobody may call), `nodo/tests/wire/hostile.rs` | 13, 14 |
//! | 8 | bombs: attributes, depth, entities | `nodo/tests/wire/hostile.rs` (cost compared with a plain receipt); pictures: `documents/tests/foto.rs` | 16, 18 |
//! | 9 | bodies that lie about their length, or drip | `hostile/corpi.rs` | 16 |
//! | 11 | the same receipt again, however spelt | `hostile/ricevute.rs` | 13 |
//! | 12 | another content under a known receiptId | `hostile/ricevute.rs` | 14 |
//! | 13 | receipts with something odd about them | `hostile/ricevute.rs` | 14 |
//! | 14 | receipts for positions in every state, in any order | `hostile/ricevute.rs` | 12 |
//! | 16 | flows whose totals lie | `nodo/tests/wire/famiglie.rs` | 16 |
//! | 17 | money as JSON numbers and SOAP decimals | `nodo/tests/wire/famiglie.rs` | 30 |
//! | 18 | sums that overflow | `app/domain/tests/hostile.rs` | 18 |
//! | 20 | markup in texts of PSPs | `hostile/testi.rs`; in every field of every form: `hostile/moduli.rs`, `end2end/tests/hostile.spec.ts` | 17 |
//! | 21 | addresses that lead elsewhere | `nodo/src/checkout/answer.rs`, `hostile/indirizzi.rs` | 21, 64 |
//! | 29 | logs: personal data, line breaks, terminals | `hostile/registro.rs` | 18 |
//! | 30 | Unicode | `app/domain/tests/hostile.rs`, `nodo/tests/wire/hostile.rs` | 30, 18, 18 |
//! | 31 | nights when the clock changes, leap days, ends of time | `nodo/tests/wire/famiglie.rs` | 26 |
//! | 33 | names and headers of papers | `hostile/carte.rs` | 14 |
//! | 34 | SQL | `hostile/sql.rs` | 12 texts at 8 doors |
//!
//! 2 (guessing a codice fiscale), 5, 6 and 24 to 28 have no page yet, 15 no table: they come with what they are about.
//! Bytes nobody thought of are tried by `server/fuzz`.

mod carte;
mod corpi;
mod identita;
mod importi;
mod indirizzi;
mod moduli;
mod registro;
mod ricerca;
mod ricevute;
mod ritorni;
mod sql;
mod testi;
mod xxe;

use std::collections::BTreeSet;

/// A family has at least ten cases, no two by the same name.
fn counted<'a>(names: impl IntoIterator<Item = &'a str>) {
    let names: Vec<_> = names.into_iter().collect();
    assert!(names.iter().collect::<BTreeSet<_>>().len() == names.len() && names.len() >= 10, "{names:?}");
}
