//! `GET /`: what this is and how to use it, for whoever finds it running.

use crate::Sandbox;
use crate::html::{escape, page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::fmt::Write as _;
use std::sync::Arc;

pub(crate) async fn show(State(sandbox): State<Arc<Sandbox>>) -> Response {
    let config = &sandbox.config;
    let mut main = format!(
        "<h1>Una piccola pagoPA di prova</h1>\n\
         <p>Finge di essere Checkout, il Nodo e un PSP. Parla con la stazione <code>{}</code> come la vera piattaforma e ne giudica \
         le risposte con la stessa severità. Non muove denaro e dimentica tutto quando si spegne.</p>\n",
        escape(config.stazione_url.as_str())
    );
    main.push_str("<section aria-labelledby=\"enti\"><h2 id=\"enti\">Enti registrati</h2>\n<ul>\n");
    for ente in &config.enti {
        let (cf, station) = (escape(&ente.codice_fiscale), escape(&ente.stazione));
        let _ = writeln!(main, "<li><code>{cf}</code>, stazione <code>{station}</code></li>");
    }
    main.push_str("</ul></section>\n<section aria-labelledby=\"indirizzi\"><h2 id=\"indirizzi\">Indirizzi</h2>\n<dl>\n");
    for (address, what) in [
        (
            "POST /checkout/ec/v1/carts, /checkout/ec/v2/carts",
            "Il portale consegna un carrello; la risposta rimanda alla pagina di pagamento.",
        ),
        ("/checkout/pagamento/{id}", "La pagina di Checkout: una carta che paga, una rifiutata, e il ritorno senza pagare."),
        ("POST /psp/pay", "Un pagamento allo sportello, passo per passo."),
        ("POST /psp/demand", "Un servizio pagato allo sportello senza avviso: il Nodo chiede alla stazione di farne uno."),
        ("POST /psp/opzioni", "Le opzioni di pagamento di un avviso, chieste alla stazione via REST."),
        ("/gpd/debt-positions-service/v1, /v3; /aca/debt-positions-service/v1", "GPD e ACA: le posizioni degli enti."),
        ("/gpd/payments-receipts-service/v1, /receipt-ndp/v1", "Le ricevute dei pagamenti fatti qui, anche quelle mai arrivate."),
        ("POST /gpd/paga, /aca/paga", "Il pagamento di un avviso per cui risponde GPD o, in stand-in, ACA."),
        ("/fdr-org/service/v1", "I flussi di rendicontazione."),
        ("/upload/gpd/debt-positions-service/v2", "Le posizioni caricate con un file."),
        ("/print-payment-notice-service/external/v1", "La stampa degli avvisi."),
        ("/backoffice/external/ec/v1", "I conti registrati degli enti."),
        ("POST /fdr/pubblica", "Pubblica un flusso per i pagamenti non ancora rendicontati, anche con errori a richiesta."),
        ("GET /gpd/stato", "Le posizioni presenti, con il loro stato."),
        ("GET /posta", "Le lettere (e-mail) che il portale ha spedito."),
        ("/oidc/…", "Un gestore d’identità (OpenID Connect), con persone inventate e senza password."),
        ("GET, POST /guasti", "Come si comportano da ora in poi i carrelli, i servizi REST, la posta e il gestore d’identità."),
    ] {
        let _ = writeln!(main, "<dt><code>{address}</code></dt><dd>{what}</dd>");
    }
    let _ = write!(
        main,
        "</dl></section>\n<section aria-labelledby=\"esempi\"><h2 id=\"esempi\">Esempi</h2>\n\
         <p>Un avviso pagato in banca, con la ricevuta inviata due volte dopo cinque secondi:</p>\n\
         <pre tabindex=\"0\"><code>curl {pay} -H 'Content-Type: application/json' \\\n  -d '{{\"codice_fiscale_ente\": \"{cf}\", \
         \"numero_avviso\": \"…\", \"ritardo_ms\": 5000, \"copie\": 2}}'</code></pre>\n\
         <p>Il flusso di rendicontazione dei pagamenti fatti finora; risponde anche con la causale del bonifico:</p>\n\
         <pre tabindex=\"0\"><code>curl {flows} -H 'Content-Type: application/json' -d '{{}}'</code></pre>\n\
         <p>Checkout non funziona; poi torna a funzionare:</p>\n\
         <pre tabindex=\"0\"><code>curl {faults} -H 'Content-Type: application/json' -d '{{\"carts\": \"errore_500\"}}'\n\
         curl {faults} -H 'Content-Type: application/json' -d '{{\"carts\": \"nessuno\"}}'</code></pre>\n\
         <p>Altri guasti: <code>lento</code>, <code>spazzatura</code>, <code>rifiuta_422</code>, <code>ok_200_json</code>, \
         <code>location_estranea</code>.</p></section>\n",
        pay = escape(&config.address("/psp/pay")),
        flows = escape(&config.address("/fdr/pubblica")),
        faults = escape(&config.address("/guasti")),
        cf = escape(config.enti.first().map_or("77777777777", |e| &e.codice_fiscale)),
    );
    page(StatusCode::OK, "Una piccola pagoPA", &main)
}
