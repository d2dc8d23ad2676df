//! One function per address; no other file spells one. On a page in another language than Italian they lead to pages in that
//! language (`/en/…`); outside pages, in the router and in redirects, they are Italian, and the server adds the language.
//!
//! Arguments are slugs and sealed tokens: letters, digits, `-` and `_`, nothing to escape. With `"{ente}"` for an argument a
//! function gives the pattern that axum's router wants: `links::avviso("{ente}", "{token}")`.

use crate::texts::lingue::lingua;
use domain::Lingua;
use std::fmt::Display;

/// An address without its language, and which that was. `None`: there is none in it.
pub fn of_lingua(path: &str) -> Option<(Lingua, &str)> {
    let rest = path.strip_prefix('/')?;
    let (first, rest) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    Lingua::of_code(first).map(|lingua| (lingua, rest))
}

/// Whether whoever asks for this address may have paid a moment ago: the way back from Checkout, and its outcome. From a provider of
/// identity one comes back too, and has paid nothing.
pub fn after_payment(path: &str) -> bool {
    let path = of_lingua(path).map_or(path, |(_, rest)| rest);
    path != accesso_ritorno() && matches!(path.split('/').nth(2), Some("ritorno" | "esito"))
}

/// With a query: names and values of ours, nothing to escape; those that are empty are left out.
pub fn con_query(path: &str, query: &[(&str, &str)]) -> String {
    let said: Vec<_> =
        query.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
    if said.is_empty() { path.to_owned() } else { format!("{path}?{}", said.join("&")) }
}

/// In the language of the page that is being made.
fn here(path: &str) -> String {
    lingua().path(path)
}

/// The portal's home; POST: look a notice up.
pub fn home() -> String {
    here("/")
}

pub fn aiuto() -> String {
    here("/aiuto")
}

pub fn accessibilita() -> String {
    here("/accessibilita")
}

/// Of the portal's own pages: it leads to those of the enti.
pub fn privacy_portale() -> String {
    here("/privacy")
}

/// The ente's home.
pub fn ente(ente: impl Display) -> String {
    here(&format!("/{ente}"))
}

/// The services of an ente that are called so: a form with the one field `q`.
pub fn cerca_servizi(ente: impl Display) -> String {
    here(&format!("/{ente}"))
}

pub fn privacy(ente: impl Display) -> String {
    here(&format!("/{ente}/privacy"))
}

/// The file of the emblem of an ente; the same in every language.
pub fn logo(ente: impl Display, file: impl Display) -> String {
    format!("/{ente}/logo/{file}")
}

/// The look-up form of an ente; POST: look a notice up.
pub fn cerca_avviso(ente: impl Display) -> String {
    here(&format!("/{ente}/avviso"))
}

/// The look-up form already filled in: for links and QR codes that others print.
pub fn cerca_avviso_numero(ente: impl Display, numero: impl Display) -> String {
    here(&format!("/{ente}/avviso/{numero}"))
}

/// A look-up that waits its turn; `?prova=` with a proof of work.
pub fn attesa(biglietto: impl Display) -> String {
    here(&format!("/cerca/{biglietto}"))
}

/// POST: the picture of a notice.
pub fn leggi_codice() -> String {
    here("/leggi-codice")
}

/// A notice that was found; POST: pay it.
pub fn avviso(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/avviso/v/{token}"))
}

/// The notice on paper.
pub fn avviso_pdf(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/avviso/v/{token}/avviso.pdf"))
}

/// Its due dates as a calendar.
pub fn scadenze_ics(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/avviso/v/{token}/scadenze.ics"))
}

pub fn servizio(ente: impl Display, servizio: impl Display) -> String {
    here(&format!("/{ente}/servizi/{servizio}"))
}

/// The form of a payment without a notice; POST: check it.
pub fn spontaneo(ente: impl Display, servizio: impl Display) -> String {
    here(&format!("/{ente}/servizi/{servizio}/paga"))
}

/// The same form with what was typed before; `campo` is the field to go to.
pub fn spontaneo_da(ente: impl Display, servizio: impl Display, token: impl Display, campo: &str) -> String {
    here(&format!("/{ente}/servizi/{servizio}/paga?da={token}#{campo}"))
}

/// The look-up form in a frame of the ente's own site.
pub fn embed_avviso(ente: impl Display) -> String {
    here(&format!("/embed/{ente}/avviso"))
}

/// The form of a service in a frame of the ente's own site.
pub fn embed_servizio(ente: impl Display, servizio: impl Display) -> String {
    here(&format!("/embed/{ente}/servizi/{servizio}"))
}

/// The summary of a payment without a notice; POST: pay it.
pub fn riepilogo(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/riepilogo/{token}"))
}

/// POST: put a notice into the cart.
pub fn avviso_nel_carrello(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/avviso/v/{token}/carrello"))
}

/// POST: put what a summary shows into the cart.
pub fn riepilogo_nel_carrello(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/riepilogo/{token}/carrello"))
}

/// The cart; POST: pay what is in it.
pub fn carrello() -> String {
    here("/carrello")
}

/// POST: take a notice out of it.
pub fn carrello_togli() -> String {
    here("/carrello/togli")
}

/// As [`ritorno`], with a cart.
pub fn ritorno_carrello(token: impl Display) -> String {
    here(&format!("/carrello/ritorno/{token}"))
}

/// As [`esito`], of a cart.
pub fn esito_carrello(token: impl Display) -> String {
    here(&format!("/carrello/esito/{token}"))
}

/// POST: take up the draft that the browser keeps, or throw it away.
pub fn riprendi() -> String {
    here("/riprendi")
}

/// Where Checkout sends the citizen back.
pub fn ritorno(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/ritorno/{token}"))
}

/// The durable page of one trip to Checkout.
pub fn esito(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/esito/{token}"))
}

pub fn ricevuta_pdf(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/esito/{token}/ricevuta.pdf"))
}

/// The receipt as the Nodo sent it.
pub fn ricevuta_xml(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/esito/{token}/ricevuta.xml"))
}

/// The search for receipts; POST: look them up.
pub fn ricevute(ente: impl Display) -> String {
    here(&format!("/{ente}/ricevute"))
}

/// A receipt, for a time: from a letter, or found.
pub fn ricevuta(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/ricevuta/{token}"))
}

/// Its paper.
pub fn ricevuta_trovata_pdf(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/ricevuta/{token}/ricevuta.pdf"))
}

/// As the Nodo sent it.
pub fn ricevuta_trovata_xml(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/ricevuta/{token}/ricevuta.xml"))
}

/// What is printed on the paper of a receipt: whether it is true.
pub fn verifica(token: impl Display) -> String {
    here(&format!("/verifica/{token}"))
}

/// "Ricordamelo", on the page of a notice; POST alone.
pub fn chiedi_promemoria(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/avviso/v/{token}/promemoria"))
}

/// A reminder, from its letter; POST: confirm it.
pub fn promemoria(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/promemoria/{token}"))
}

/// Call it off; POST alone: programs for mail do it with one click.
pub fn disdici_promemoria(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/promemoria/{token}/disdici"))
}

/// The revenue stamp that came with the receipt.
pub fn marca_da_bollo(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/esito/{token}/marca-da-bollo.xml"))
}

/// The same, of a receipt that was found.
pub fn marca_da_bollo_trovata(ente: impl Display, token: impl Display) -> String {
    here(&format!("/{ente}/ricevuta/{token}/marca-da-bollo.xml"))
}

/// Where one comes in, who wants to.
pub fn accesso() -> String {
    here("/accesso")
}

/// The same, by the provider that an ente has of its own.
pub fn accesso_ente(ente: impl Display) -> String {
    here(&format!("/accesso?ente={ente}"))
}

/// The same, on the way to the payments or the notices.
pub fn accesso_per(pagamenti: bool) -> String {
    here(if pagamenti { "/accesso?per=pagamenti" } else { "/accesso" })
}

/// The same, for who just went out: of an ente's own provider, or the portal's.
pub fn uscita(ente: Option<&str>) -> String {
    here(&ente.map_or_else(|| "/accesso?uscita=si".to_owned(), |ente| format!("/accesso?uscita=si&ente={ente}")))
}

/// Off to the provider of identity: `?con=spid|cie&ente=…&per=pagamenti`.
pub fn accesso_vai() -> String {
    here("/accesso/vai")
}

/// Where the provider sends the citizen back: one address for all languages (`portal::accesso::RITORNO`).
pub fn accesso_ritorno() -> String {
    "/accesso/ritorno".to_owned()
}

/// POST: out.
pub fn esci() -> String {
    here("/accesso/esci")
}

/// The notices of who is in.
pub fn mie() -> String {
    here("/mie")
}

/// The payments of who is in.
pub fn miei_pagamenti() -> String {
    here("/mie/pagamenti")
}

pub fn mia_ricevuta(token: impl Display) -> String {
    here(&format!("/mie/pagamenti/{token}"))
}

pub fn mia_ricevuta_pdf(token: impl Display) -> String {
    here(&format!("/mie/pagamenti/{token}/ricevuta.pdf"))
}

/// The JSON that the `payment_status` island polls: `domain::pagamento::StatoPagamento`.
pub fn stato_pagamento(token: impl Display) -> String {
    format!("/api/pagamenti/{token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_from_checkout_is_known_by_its_address() {
        for (path, after) in [
            (ritorno("valdoria", "x"), true),
            (ricevuta_pdf("valdoria", "x"), true),
            (Lingua::De.path(&esito("valdoria", "x")), true),
            (ritorno_carrello("x"), true),
            (esito_carrello("x"), true),
            (carrello(), false),
            (accesso_ritorno(), false),
            (avviso("valdoria", "x"), false),
            (home(), false),
            (servizio("valdoria", "ritorno"), false),
        ] {
            assert_eq!(after_payment(&path), after, "{path}");
        }
    }

    #[test]
    fn an_address_keeps_its_language_apart() {
        for (path, found) in [
            ("/", None),
            ("/valdoria", None),
            ("/english", None),
            ("en", None),
            ("/en", Some((Lingua::En, "/"))),
            ("/en/", Some((Lingua::En, "/"))),
            ("/it/valdoria", Some((Lingua::It, "/valdoria"))),
            ("/sl/valdoria/avviso/v/x", Some((Lingua::Sl, "/valdoria/avviso/v/x"))),
            ("/EN/valdoria", None),
        ] {
            assert_eq!(of_lingua(path), found, "{path}");
            if let Some((lingua @ (Lingua::En | Lingua::Sl), rest)) = found {
                assert_eq!(lingua.path(rest).trim_end_matches('/'), path.trim_end_matches('/'));
            }
        }
    }
}
