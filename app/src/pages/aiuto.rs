//! Help for everybody: questions and answers, then whom to ask. It stands also when the store does not: other pages send here.

use super::{PageError, page, portal, via_portale};
use crate::components::{Icon, Pagina};
use crate::links;
use crate::texts::lingue::{k, t};
use domain::Ente;
use leptos::prelude::*;

/// `id`, question, answer. The ids are addresses that other pages and the enti's own sites link to.
const DOMANDE: &[(&str, &str, &str)] = &[
    (
        "codice",
        k("Dove trovo il codice avviso?"),
        k(
            "È stampato sull’avviso, vicino al codice QR: 18 cifre in gruppi di quattro. Lì accanto c’è il codice fiscale dell’ente \
         creditore, che ha 11 cifre. Se hai perso l’avviso, chiedine una copia all’ufficio che lo ha emesso.",
        ),
    ),
    (
        "non-trovato",
        k("Il mio avviso non si trova: che faccio?"),
        k(
            "Ricontrolla le cifre e l’ente a cui è intestato l’avviso. Se sono giuste, l’avviso può essere troppo recente o gestito su un \
         altro portale: puoi pagarlo lo stesso con la tua banca, alla posta o in tabaccheria, oppure chiedere all’ente.",
        ),
    ),
    (
        "come-si-paga",
        k("Con che cosa posso pagare?"),
        k(
            "Quando scegli di pagare si apre la pagina di pagoPA: lì scegli tra carta, conto corrente, app e altri metodi. Questo sito non \
         vede e non conserva i dati delle tue carte.",
        ),
    ),
    (
        "commissioni",
        k("Quanto costa la commissione?"),
        k("La decide il gestore che scegli (banca, app, carta), non l’ente. La vedi sulla pagina di pagoPA prima di confermare."),
    ),
    (
        "in-verifica",
        k("Ho pagato e l’esito non arriva: devo rifare il pagamento?"),
        k(
            "No, aspetta. La conferma di solito arriva in pochi secondi, ma può servire più tempo. La pagina dell’esito mostra la ricevuta \
         appena arriva. Se il giorno dopo non c’è ancora, chiedi al gestore che ti ha addebitato l’importo.",
        ),
    ),
    (
        "non-riuscito",
        k("Il pagamento non è riuscito: mi hanno addebitato qualcosa?"),
        k(
            "Di solito no. Se vedi un addebito, può essere una prenotazione che la banca annulla da sola in qualche giorno, oppure un pagamento \
         la cui ricevuta sta per arrivare. Prima di riprovare cerca di nuovo l’avviso: se è stato pagato, lo dice.",
        ),
    ),
    (
        "ricevuta",
        k("Come ritrovo la ricevuta?"),
        k(
            "È nella pagina dell’esito del pagamento: salva il suo indirizzo tra i preferiti, oppure scarica il PDF. Se hai indicato un’e-mail, \
         ti scriviamo con il collegamento alla ricevuta. Se non la trovi più, cercala dalla pagina dell’ente con il codice avviso e il \
         codice fiscale dell’intestatario.",
        ),
    ),
    (
        "doppio",
        k("Ho pagato due volte: come riavrò i soldi?"),
        k("Scrivi all’ente e allega le due ricevute: il secondo pagamento va rimborsato dall’ente che lo ha incassato."),
    ),
    (
        "scaduto",
        k("L’avviso è scaduto: posso ancora pagarlo?"),
        k(
            "Dipende dall’avviso. Cercalo con il suo codice: se si può ancora pagare trovi il bottone per farlo, altrimenti chiedi all’ente come \
         regolarizzare.",
        ),
    ),
    (
        "altra-persona",
        k("Posso pagare per un’altra persona?"),
        k(
            "Sì. Un avviso può pagarlo chiunque ne abbia il codice. Nei pagamenti senza avviso indica chi è l’intestatario e chi paga: entrambi \
         compaiono nella ricevuta.",
        ),
    ),
    (
        "truffe",
        k("Come riconosco un messaggio falso?"),
        k(
            "Nessun ente ti chiede di pagare al telefono, con una ricarica o mandando i dati della carta per messaggio. Se hai un dubbio non usare \
         il collegamento che hai ricevuto: apri il sito dell’ente e cerca l’avviso con il suo codice.",
        ),
    ),
];

#[component]
pub fn PaginaAiuto() -> impl IntoView {
    page(async {
        let enti = load_enti().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the help page is shown without the enti");
            Vec::new()
        });
        Ok(view! {
            <Pagina ente=None titolo=t("Aiuto") via=via_portale()>
                <div class="page-head">
                    <h1>{t("Aiuto")}</h1>
                    <p class="lead">{t("Le risposte alle domande più comuni.")}</p>
                </div>
                <Domande/>
                <div class="callout callout-highlight note">
                    <div class="callout-title"><Icon name="info-circle"/><span>{t("Quando chiedi assistenza")}</span></div>
                    <p>{t("Tieni pronti il codice avviso e, se una pagina ti ha mostrato un codice per l’assistenza, anche quello. Non mandare mai i dati della carta.")}</p>
                </div>
                <Assistenza enti/>
            </Pagina>
        }
        .into_any())
    })
}

async fn load_enti() -> Result<Vec<Ente>, PageError> {
    Ok(portal()?.enti().await?)
}

/// The id stands inside the answer: browsers open a closed `details` when the address names something in it.
#[component]
fn Domande() -> impl IntoView {
    let rows = DOMANDE
        .iter()
        .map(|&(id, domanda, risposta)| {
            view! {
                <details class="accordion-item">
                    <summary class="accordion-header"><h2>{t(domanda)}</h2></summary>
                    <div class="accordion-body" id=id><p>{t(risposta)}</p></div>
                </details>
            }
        })
        .collect_view();
    view! { <div class="accordion">{rows}</div> }
}

/// Whom to ask: the ente that wants the money knows why.
#[component]
fn Assistenza(enti: Vec<Ente>) -> impl IntoView {
    let rows = enti
        .into_iter()
        .map(|ente| {
            let contatti = [ente.contatti.telefono, ente.contatti.email].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            view! {
                <li>
                    <a href=links::ente(&ente.slug)><Icon name="pa"/><span>{ente.nome}</span></a>
                    <p class="muted">{contatti}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section id="assistenza" aria-labelledby="assistenza-titolo">
            <div class="section-head">
                <h2 id="assistenza-titolo">{t("Chiedi assistenza")}</h2>
                <p>{t("Per un avviso o un pagamento rivolgiti all’ente a cui è destinato. Per la pagina di pagamento di pagoPA, alla sua assistenza.")}</p>
            </div>
            {(!rows.is_empty()).then(|| view! { <ul class="link-rows">{rows}</ul> })}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_has_an_address_of_its_own() {
        let mut ids: Vec<_> = DOMANDE.iter().map(|(id, ..)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), DOMANDE.len());
        assert!(ids.contains(&"codice"), "the look-up forms link to it");
    }
}
