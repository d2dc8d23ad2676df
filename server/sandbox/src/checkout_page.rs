//! `GET` and `POST /checkout/pagamento/{id}`: the page where the citizen picks how the payment ends.

use crate::carrelli::NonDisponibile;
use crate::cart_request::CartRequest;
use crate::html::{self, escape, page};
use crate::psp::{self, Consegna, Incarico};
use crate::ricevuta::{Canale, Pagamento, issue};
use crate::scelta::{COPIE_MAX, Errore, Esito, RITARDO_MAX_MS, RawScelta, Scelta};
use crate::{Sandbox, caso};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use nodo::pa_for_node::TransferType;
use std::fmt::Write as _;
use std::sync::Arc;
use url::Url;

pub(crate) async fn show(State(sandbox): State<Arc<Sandbox>>, Path(id): Path<String>) -> Response {
    match sandbox.carrelli.open(&id) {
        Ok(cart) => {
            let main = form(&cart, sandbox.config.checkout_delay_ms, &RawScelta::default(), &[]);
            page(StatusCode::OK, "Pagamento", &main)
        }
        Err(why) => unavailable(why),
    }
}

pub(crate) async fn choose(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    body: Result<Form<RawScelta>, FormRejection>,
) -> Response {
    let usual_delay_ms = sandbox.config.checkout_delay_ms;
    let cart = match sandbox.carrelli.open(&id) {
        Ok(cart) => cart,
        Err(why) => return unavailable(why),
    };
    // a body that is no form has none of the fields
    let raw = body.map(|Form(raw)| raw).unwrap_or_default();
    let scelta = match Scelta::parse(&raw, usual_delay_ms) {
        Ok(scelta) => scelta,
        Err(errori) => {
            return page(StatusCode::BAD_REQUEST, "Errore: pagamento", &form(&cart, usual_delay_ms, &raw, &errori));
        }
    };
    if let Err(why) = sandbox.carrelli.claim(&id) {
        return unavailable(why);
    }
    let errore = cart.return_error.clone();
    // a task of its own: whoever closes the browser now has paid all the same
    let ritorno = tokio::spawn(carry_out(sandbox, id, cart, scelta)).await.unwrap_or(errore);
    Redirect::to(ritorno.as_str()).into_response()
}

/// Does what was chosen; where the citizen goes then.
async fn carry_out(sandbox: Arc<Sandbox>, id: String, cart: Arc<CartRequest>, scelta: Scelta) -> Url {
    let ritorno = match scelta.esito {
        Esito::Abbandona => cart.return_cancel.clone(),
        Esito::Rifiuta => cart.return_error.clone(),
        Esito::Paga => match pay(&sandbox, &cart).await {
            Some(consegne) => {
                tokio::spawn(deliver(Arc::clone(&sandbox), consegne, scelta));
                cart.return_ok.clone()
            }
            None => cart.return_error.clone(),
        },
    };
    sandbox.carrelli.conclude(&id, ritorno.clone());
    ritorno
}

/// verify → getPayment for every notice; the card is charged when all of them can be paid, or not at all.
async fn pay(sandbox: &Sandbox, cart: &CartRequest) -> Option<Vec<Consegna>> {
    let mut activated = Vec::new();
    for notice in &cart.notices {
        let incarico = Incarico {
            nota: cart.id_cart.clone(),
            transfer_type: Some(TransferType::Pagopa),
            ..Incarico::new(&sandbox.config, notice.ente.clone(), notice.numero.clone())?
        };
        let data = psp::activate(&sandbox.stazione, &incarico, &mut Vec::new()).await?;
        activated.push((incarico, data));
    }
    let now = (sandbox.config.clock)();
    let issued = activated.into_iter().map(|(incarico, data)| {
        let pagamento = Pagamento {
            receipt_id: caso::id().ok()?,
            canale: Canale::Checkout,
            importo: None,
            stand_in: false,
            versante: None,
            now,
        };
        let ricevuta = issue(&incarico, &data, pagamento);
        Some(Consegna::new(incarico, ricevuta, &sandbox.ricevute, false))
    });
    issued.collect()
}

/// The receipts, later. Every copy is sent, whatever becomes of the one before: the Nodo tries again too.
async fn deliver(sandbox: Arc<Sandbox>, consegne: Vec<Consegna>, scelta: Scelta) {
    tokio::time::sleep(scelta.ritardo).await;
    for consegna in &consegne {
        for _ in 0..scelta.copie {
            consegna.send(&sandbox.stazione).await;
        }
    }
}

fn unavailable(why: NonDisponibile) -> Response {
    match why {
        NonDisponibile::Sconosciuto => html::no_such_page(),
        NonDisponibile::InCorso => {
            let main = "<h1>Questo pagamento è in corso</h1>\n<p>La tua scelta è già stata registrata.</p>\n\
                        <p><a class=\"bottone\" href=\"\">Aggiorna la pagina</a></p>\n";
            page(StatusCode::CONFLICT, "Pagamento in corso", main)
        }
        NonDisponibile::Concluso { ritorno } => {
            let main = format!(
                "<h1>Questo pagamento è già concluso</h1>\n\
                 <p>Un carrello si usa una volta sola. L’esito è sul sito dell’ente.</p>\n\
                 <p><a class=\"bottone\" href=\"{}\">Torna al sito dell’ente</a></p>\n",
                escape(ritorno.as_str())
            );
            page(StatusCode::CONFLICT, "Pagamento già concluso", &main)
        }
    }
}

/// What is paid, the three cards, the options of whoever trains.
fn form(cart: &CartRequest, usual_delay_ms: u64, raw: &RawScelta, errori: &[Errore]) -> String {
    let mut main = String::from("<h1>Paga il tuo avviso</h1>\n");
    if !errori.is_empty() {
        main.push_str("<div class=\"errori\" role=\"alert\"><strong>Controlla quello che hai inserito</strong><ul>");
        for (field, text) in errori {
            let _ = write!(main, "<li><a href=\"#{field}\">{}</a></li>", escape(text));
        }
        main.push_str("</ul></div>\n");
    }
    push_summary(&mut main, cart);
    main.push_str("<form method=\"post\">\n<fieldset><legend>Scegli una carta</legend>\n");
    for esito in Esito::ALL {
        let (name, hint) = match esito {
            Esito::Paga => ("Carta che paga", "Il pagamento riesce e la ricevuta arriva all’ente."),
            Esito::Rifiuta => ("Carta rifiutata", "La banca nega l’autorizzazione: nessun pagamento."),
            Esito::Abbandona => ("Torna indietro senza pagare", "Come chi chiude la pagina di Checkout."),
        };
        let value = esito.value();
        // where the error summary leads: a fieldset cannot take the focus
        let id = if esito == Esito::Paga { " id=\"esito\"" } else { "" };
        let checked = if raw.esito.as_deref() == Some(value) { " checked" } else { "" };
        let _ = writeln!(
            main,
            "<label class=\"carta\"><input type=\"radio\"{id} name=\"esito\" value=\"{value}\" required{checked}>\
             <span><strong>{name}</strong><span class=\"tenue\">{hint}</span></span></label>"
        );
    }
    let open = if errori.iter().any(|(field, _)| *field != "esito") { " open" } else { "" };
    let _ = write!(main, "</fieldset>\n<details{open}><summary>Opzioni di prova</summary>\n");
    let delay = usual_delay_ms.to_string();
    push_number(
        &mut main,
        errori,
        raw.ritardo_ms.as_deref().unwrap_or(&delay),
        RITARDO_MAX_MS,
        &Campo {
            name: "ritardo_ms",
            label: "Ritardo della ricevuta (millisecondi)",
            hint: "Quanto tempo dopo il pagamento la ricevuta arriva all’ente.",
        },
    );
    push_number(
        &mut main,
        errori,
        raw.copie.as_deref().unwrap_or("1"),
        u64::from(COPIE_MAX),
        &Campo { name: "copie", label: "Copie della ricevuta", hint: "Quante volte viene inviata; 0: va persa." },
    );
    main.push_str("</details>\n<button type=\"submit\">Continua</button>\n</form>\n");
    main
}

fn push_summary(main: &mut String, cart: &CartRequest) {
    main.push_str("<section aria-labelledby=\"riepilogo\"><h2 id=\"riepilogo\">Riepilogo</h2>\n<ul class=\"avvisi\">\n");
    for notice in &cart.notices {
        let _ = writeln!(
            main,
            "<li><div><p><strong>{}</strong></p><p>{}</p><p class=\"tenue\">Codice avviso {}</p></div><p class=\"importo\">{}</p></li>",
            escape(&notice.descrizione),
            escape(&notice.nome_ente),
            notice.numero.grouped(),
            notice.importo.euro(),
        );
    }
    main.push_str("</ul>\n");
    if let Some(total) = cart.total() {
        let _ = writeln!(main, "<p class=\"totale\"><span>Totale</span><span class=\"importo\">{}</span></p>", total.euro());
    }
    main.push_str("</section>\n");
}

struct Campo {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
}

fn push_number(main: &mut String, errori: &[Errore], value: &str, max: u64, campo: &Campo) {
    let Campo { name, label, hint } = campo;
    let errore = errori.iter().find(|(field, _)| field == name).map(|(_, text)| escape(text));
    let (invalid, described) = match errore {
        Some(_) => (" aria-invalid=\"true\"", format!("{name}-aiuto {name}-errore")),
        None => ("", format!("{name}-aiuto")),
    };
    let _ = write!(
        main,
        "<div class=\"campo\"><label for=\"{name}\">{label}</label><p class=\"tenue\" id=\"{name}-aiuto\">{hint} Da 0 a {max}.</p>\
         <input id=\"{name}\" name=\"{name}\" type=\"number\" inputmode=\"numeric\" min=\"0\" max=\"{max}\" value=\"{}\" \
         aria-describedby=\"{described}\"{invalid}>",
        escape(value),
    );
    if let Some(text) = errore {
        let _ = write!(main, "<p class=\"errore\" id=\"{name}-errore\">{text}</p>");
    }
    main.push_str("</div>\n");
}
