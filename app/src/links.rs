//! One function per address; no other file spells one.
//!
//! Arguments are slugs and sealed tokens: letters, digits, `-` and `_`, nothing to escape. With `"{ente}"` for an argument a
//! function gives the pattern that axum's router wants: `links::avviso("{ente}", "{token}")`.

use std::fmt::Display;

/// The portal's home; POST: look a notice up.
pub fn home() -> String {
    "/".to_owned()
}

pub fn aiuto() -> String {
    "/aiuto".to_owned()
}

pub fn accessibilita() -> String {
    "/accessibilita".to_owned()
}

/// The ente's home.
pub fn ente(ente: impl Display) -> String {
    format!("/{ente}")
}

pub fn privacy(ente: impl Display) -> String {
    format!("/{ente}/privacy")
}

/// The look-up form of an ente; POST: look a notice up.
pub fn cerca_avviso(ente: impl Display) -> String {
    format!("/{ente}/avviso")
}

/// The look-up form already filled in: for links and QR codes that others print.
pub fn cerca_avviso_numero(ente: impl Display, numero: impl Display) -> String {
    format!("/{ente}/avviso/{numero}")
}

/// A notice that was found; POST: pay it.
pub fn avviso(ente: impl Display, token: impl Display) -> String {
    format!("/{ente}/avviso/v/{token}")
}

pub fn servizio(ente: impl Display, servizio: impl Display) -> String {
    format!("/{ente}/servizi/{servizio}")
}

/// The form of a payment without a notice; POST: check it.
pub fn spontaneo(ente: impl Display, servizio: impl Display) -> String {
    format!("/{ente}/servizi/{servizio}/paga")
}

/// The same form with what was typed before; `campo` is the field to go to.
pub fn spontaneo_da(ente: impl Display, servizio: impl Display, token: impl Display, campo: &str) -> String {
    format!("/{ente}/servizi/{servizio}/paga?da={token}#{campo}")
}

/// The summary of a payment without a notice; POST: pay it.
pub fn riepilogo(ente: impl Display, token: impl Display) -> String {
    format!("/{ente}/riepilogo/{token}")
}

/// Where Checkout sends the citizen back.
pub fn ritorno(ente: impl Display, token: impl Display) -> String {
    format!("/{ente}/ritorno/{token}")
}

/// The durable page of one trip to Checkout.
pub fn esito(ente: impl Display, token: impl Display) -> String {
    format!("/{ente}/esito/{token}")
}

pub fn ricevuta_pdf(ente: impl Display, token: impl Display) -> String {
    format!("/{ente}/esito/{token}/ricevuta.pdf")
}

/// The JSON that the `payment_status` island polls: `domain::pagamento::StatoPagamento`.
pub fn stato_pagamento(token: impl Display) -> String {
    format!("/api/pagamenti/{token}")
}
