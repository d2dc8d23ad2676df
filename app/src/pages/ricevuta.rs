//! The receipt on the page: the facts of the RT as they came; it prints on one sheet.

use crate::components::{Code, Fact, Facts, Money, lang_ente};
use crate::texts::date;
use crate::texts::lingue::t;
use crate::texts::numeri::soldi;
use crate::tr;
use domain::ricevuta::{SoggettoRicevuta, VersamentoRicevuta};
use domain::{Iban, Importo, Ricevuta};
use leptos::prelude::*;
use portal::pagamento::RicevutaVista;

#[component]
pub(super) fn ArticoloRicevuta(vista: RicevutaVista, servizio: Option<String>) -> impl IntoView {
    let RicevutaVista { ricevuta, .. } = vista;
    let ente = tr!("{ente} · codice fiscale {codice}", ente = ricevuta.nome_ente, codice = ricevuta.ente);
    let (versamenti, totale) = (ricevuta.versamenti.clone(), ricevuta.importo);
    view! {
        <article class="receipt" aria-labelledby="ricevuta-titolo">
            <div class="receipt-head">
                <div>
                    <h2 id="ricevuta-titolo">{t("Ricevuta di pagamento")}</h2>
                    <p>{ente}</p>
                    {ricevuta.ufficio.clone().map(|ufficio| view! { <p>{ufficio}</p> })}
                </div>
                <span class="badge badge-outline-success">{t("Pagato")}</span>
            </div>
            <Money importo=totale label=t("Importo pagato")/>
            <Facts>
                {servizio.map(|servizio| view! { <Fact nome=t("Servizio") di_ente=true>{servizio}</Fact> })}
                <Quando ricevuta=ricevuta.clone()/>
                <Codici ricevuta=ricevuta.clone()/>
                <Chi ricevuta=ricevuta.clone()/>
            </Facts>
            <Versamenti versamenti totale/>
        </article>
    }
}

#[component]
fn Quando(ricevuta: Ricevuta) -> impl IntoView {
    let quando = ricevuta.pagata_il.map(date::prosa_con_ora).or_else(|| ricevuta.data_applicazione.map(date::prosa));
    view! {
        <Fact nome=t("Causale") di_ente=true>{ricevuta.descrizione}</Fact>
        {quando.map(|quando| view! { <Fact nome=t("Pagato il")>{quando}</Fact> })}
        {ricevuta.metodo.map(|codice| view! { <Fact nome=t("Metodo di pagamento")>{metodo(&codice)}</Fact> })}
        {ricevuta.commissione.map(|importo| view! { <Fact nome=t("Commissione del gestore")>{soldi(importo)}</Fact> })}
    }
}

#[component]
fn Codici(ricevuta: Ricevuta) -> impl IntoView {
    view! {
        <Fact nome=t("Codice avviso")>
            <Code text=ricevuta.numero_avviso.grouped() copied=ricevuta.numero_avviso.as_str() cosa=t("il codice avviso")/>
        </Fact>
        <Fact nome=t("Codice IUV")><Code text=ricevuta.iuv cosa=t("il codice IUV")/></Fact>
        <Fact nome=t("Codice della ricevuta")><Code text=ricevuta.receipt_id cosa=t("il codice della ricevuta")/></Fact>
    }
}

#[component]
fn Chi(ricevuta: Ricevuta) -> impl IntoView {
    let versante = ricevuta.versante.map(|versante| view! { <Fact nome=t("Pagato da")>{soggetto(versante)}</Fact> });
    view! {
        <Fact nome=t("Intestatario")>{soggetto(ricevuta.debitore)}</Fact>
        {versante}
        <Fact nome=t("Gestore (PSP)")>{ricevuta.psp.nome}</Fact>
    }
}

/// `ANONIMO` stands for a debtor whose codice fiscale the PSP does not tell (paForNode.xsd, `entityUniqueIdentifierValue`).
fn soggetto(soggetto: SoggettoRicevuta) -> impl IntoView {
    let codice =
        (soggetto.identificativo != "ANONIMO").then(|| view! { ", " <span class="code-value">{soggetto.identificativo}</span> });
    view! { {soggetto.nome}{codice} }
}

#[component]
fn Versamenti(versamenti: Vec<VersamentoRicevuta>, totale: Importo) -> impl IntoView {
    let rows = versamenti.into_iter().map(|versamento| view! { <Riga versamento/> }).collect_view();
    view! {
        <div class="table-responsive">
            <table class="table amounts">
                <caption>{t("Versamenti")}</caption>
                <thead>
                    <tr><th scope="col">{t("Voce")}</th><th scope="col">{t("Beneficiario")}</th><th scope="col" class="amount">{t("Importo")}</th></tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row" colspan="2">{t("Totale")}</th><td class="amount">{soldi(totale)}</td></tr></tfoot>
            </table>
        </div>
    }
}

#[component]
fn Riga(versamento: VersamentoRicevuta) -> impl IntoView {
    let beneficiario = versamento.nome_ente.unwrap_or_else(|| tr!("Codice fiscale {codice}", codice = versamento.ente));
    let dove = match (versamento.iban, versamento.bollo) {
        (_, Some(_)) => Some(view! { <span class="muted">{t("Marca da bollo digitale")}</span> }.into_any()),
        (Some(iban), None) => Some(view! { <span class="code-value muted">{grouped(&iban)}</span> }.into_any()),
        (None, None) => None,
    };
    view! {
        <tr>
            <th scope="row" lang=lang_ente()>{versamento.causale}</th>
            <td>{beneficiario}{dove.map(|dove| view! { <br/>{dove} })}</td>
            <td class="amount">{soldi(versamento.importo)}</td>
        </tr>
    }
}

/// In groups of four when it is an IBAN; as it came when it is not: a receipt is shown whatever it holds.
fn grouped(iban: &str) -> String {
    Iban::parse(iban).map_or_else(|_| iban.to_owned(), |iban| iban.grouped())
}

/// The codes PSPs send (nodeForPsp.xsd, `stPaymentMethod` and `stPaymentMethodFee`) in words; others as they came.
fn metodo(codice: &str) -> String {
    match codice {
        "creditCard" | "CP" => t("Carta di pagamento"),
        "bancomat" => t("Bancomat"),
        "cash" => t("Contanti"),
        "BBT" => t("Bonifico"),
        "BP" => t("Bollettino postale"),
        "AD" => t("Addebito diretto"),
        "PO" => t("Presso il gestore"),
        "OBEP" => t("Home banking"),
        "JIF" => t("Bancomat Pay"),
        "MYBK" => t("MyBank"),
        "PPAL" => t("PayPal"),
        "other" => t("Altro"),
        altro => altro,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_grouped_and_anything_else_is_shown_as_it_came() {
        assert_eq!(grouped("IT60X0542811101000000123456"), "IT60 X054 2811 1010 0000 0123 456");
        assert_eq!(grouped("non è un IBAN"), "non è un IBAN");
    }

    #[test]
    fn a_method_nobody_foresaw_is_shown_as_it_came() {
        assert_eq!(metodo("CP"), "Carta di pagamento");
        assert_eq!(metodo("qualcosa di nuovo"), "qualcosa di nuovo");
    }
}
