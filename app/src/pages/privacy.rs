//! What becomes of personal data (art. 13 GDPR). The ente is the controller; it may publish a fuller notice of its own.

use super::{load_ente, page, portal, via};
use crate::components::con;
use crate::components::{Fact, Facts, Pagina};
use crate::texts::lingue::t;
use domain::Ente;
use leptos::prelude::*;

#[component]
pub fn PaginaPrivacy() -> impl IntoView {
    page(async {
        let ente = load_ente().await?;
        let via = via(&ente);
        let accesso = portal()?.has_accesso(Some(&ente.codice_fiscale));
        Ok(view! {
            <Pagina ente=Some(ente.clone()) titolo=t("Informativa sulla privacy") via>
                <div class="page-head">
                    <h1>{t("Informativa sulla privacy")}</h1>
                    <p class="lead">{t("Quali dati usa questo portale, perché, e quali diritti hai (articolo 13 del regolamento UE 2016/679).")}</p>
                </div>
                <Titolare ente/>
                <QualiDati accesso/>
                <AChi/>
                <Diritti/>
            </Pagina>
        }
        .into_any())
    })
}

#[component]
fn Titolare(ente: Ente) -> impl IntoView {
    let contatti = ente.contatti;
    view! {
        <h2>{t("Chi è il titolare")}</h2>
        <Facts>
            <Fact nome=t("Titolare del trattamento")>{ente.nome}</Fact>
            <Fact nome=t("Codice fiscale")>{ente.codice_fiscale.to_string()}</Fact>
            {contatti.indirizzo.map(|indirizzo| view! { <Fact nome=t("Indirizzo")>{indirizzo}</Fact> })}
            {contatti.pec.map(|pec| view! { <Fact nome="PEC"><a href=format!("mailto:{pec}")>{pec.clone()}</a></Fact> })}
            {contatti.email.map(|email| view! { <Fact nome=t("E-mail")><a href=format!("mailto:{email}")>{email.clone()}</a></Fact> })}
        </Facts>
        <p>{t("A questi contatti puoi chiedere anche chi è il responsabile della protezione dei dati.")}</p>
    }
}

#[component]
fn QualiDati(accesso: bool) -> impl IntoView {
    view! {
        <h2>{t("Quali dati, e perché")}</h2>
        <ul>
            <li>
                {voce(t("[Per un pagamento senza avviso]: nome, codice fiscale e, se lo scrivi, l’e-mail di chi è intestatario; nome e codice fiscale di chi paga, se è un’altra persona."))}
            </li>
            <li>
                {voce(t("[Per cercare un avviso]: il codice avviso. La pagina mostra importo, causale e scadenza, mai chi deve pagare. La foto di un codice QR viene letta e subito buttata. Delle ricerche andate a vuoto contiamo quante arrivano da ogni collegamento, in memoria e in forma non leggibile, per fermare chi prova codici a caso."))}
            </li>
            <li>
                {voce(t("[Dopo il pagamento]: i dati della ricevuta che pagoPA manda all’ente (importo, data, intestatario, chi ha pagato, gestore)."))}
            </li>
            <li>
                {voce(t("[Per scriverti]: l’e-mail che indichi per la ricevuta o per il promemoria di una scadenza, e nessun altro uso. La cancelliamo dopo trenta giorni; quella di un promemoria dopo la scadenza, o appena lo disdici."))}
            </li>
        </ul>
        <p>
            {t("Servono a riscuotere quanto dovuto, a rilasciare la ricevuta e a tenere la contabilità: compiti di interesse pubblico e obblighi \
             di legge dell’ente (articolo 6, paragrafo 1, lettere c ed e, del regolamento; articolo 5 del decreto legislativo 82/2005).")}
            " "
            {t("Senza i dati obbligatori il pagamento non si può fare da qui; l’e-mail è facoltativa.")}
        </p>
        <p>{t("I dati delle carte e dei conti li chiede pagoPA sulle sue pagine: questo portale non li vede.")}</p>
        <CookieERegistri accesso/>
    }
}

/// `accesso`: one can come in here.
#[component]
pub(super) fn CookieERegistri(accesso: bool) -> impl IntoView {
    view! {
        <h2>{t("Cookie e registri tecnici")}</h2>
        <p>
            {t("Il portale usa solo cookie tecnici, e in nessuno ci sono dati personali: uno, quando vai a pagare, serve a riconoscere il tuo \
             browser al ritorno e dura un giorno; uno tiene il carrello, per un giorno; uno ti fa riprendere un pagamento iniziato, per sette \
             giorni, e lo elimini quando vuoi. Non ci sono cookie di profilazione, statistiche di terzi o contenuti caricati da altri siti. I \
             registri tecnici servono alla sicurezza e non contengono nomi, codici fiscali o indirizzi e-mail.")}
        </p>
        {accesso.then(|| view! {
            <p>
                {t("Se accedi all’area personale se ne aggiungono due, tecnici anche questi: uno mentre il gestore riconosce la tua identità, \
                 l’altro finché non esci. Il tuo nome e il tuo codice fiscale li cancelliamo quando esci, al più tardi il giorno dopo.")}
            </p>
        })}
    }
}

fn voce(testo: &'static str) -> impl IntoView {
    con(testo, |cosa| view! { <strong>{cosa}</strong> })
}

#[component]
fn AChi() -> impl IntoView {
    view! {
        <h2>{t("A chi vanno e per quanto tempo")}</h2>
        <p>
            {t("A pagoPA S.p.A. e al gestore che scegli per pagare, che li trattano ciascuno per la propria parte; a chi gestisce il portale per \
             conto dell’ente; alla tesoreria dell’ente. Non sono venduti né usati per altro.")}
        </p>
        <p>
            {t("L’ente li conserva per il tempo che la legge chiede per le scritture contabili e gli archivi pubblici.")}
        </p>
    }
}

#[component]
fn Diritti() -> impl IntoView {
    view! {
        <h2>{t("I tuoi diritti")}</h2>
        <p>
            {t("Puoi chiedere all’ente di vedere, correggere o, nei casi previsti, cancellare i tuoi dati, di limitarne l’uso o di opporti \
             (articoli da 15 a 22 del regolamento).")}
            " "
            {con(
                t("Puoi fare reclamo al [Garante per la protezione dei dati personali]."),
                |parte| view! { <a href="https://www.garanteprivacy.it">{parte}</a> },
            )}
        </p>
    }
}
