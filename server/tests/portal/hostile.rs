//! What somebody sends who means harm, or types carelessly: refused at the field, shown back as text, never stored.

mod indirizzi;
mod moduli;
mod testi;
