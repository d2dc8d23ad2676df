use super::{Alert, Tone};
use crate::context::EsitoFoto;
use crate::islands::QrCamera;
use crate::links;
use crate::texts::lingue::t;
use crate::tr;
use leptos::prelude::*;

/// Where one pays what is not here: pagoPA's own page takes any notice.
const CHECKOUT: &str = "https://checkout.pagopa.it/";
const CHECKOUT_NOME: &str = "checkout.pagopa.it";

/// The code of a notice by its picture. `capture`: on a phone the button is its camera, which Android's photo picker would not offer.
#[component]
pub fn Foto(
    /// On whose page it stands.
    slug: String,
) -> impl IntoView {
    view! {
        <section class="other-way" aria-labelledby="foto-titolo">
            <h2 id="foto-titolo">{t("Oppure usa il codice QR")}</h2>
            <p>{t("Il quadrato stampato sull’avviso contiene già il codice: non devi scriverlo.")}</p>
            <QrCamera field="numero".to_owned()/>
            <form action=links::leggi_codice() method="post" enctype="multipart/form-data">
                <input type="hidden" name="ente" value=slug/>
                <div class="form-group">
                    <label class="active" for="foto">{t("Carica una foto dell’avviso")}</label>
                    <small class="form-text" id="foto-hint">{t("JPEG, PNG o WebP, fino a 12 MB. La leggiamo e non la conserviamo.")}</small>
                    <input
                        class="form-control"
                        type="file"
                        id="foto"
                        name="foto"
                        accept="image/*"
                        r#capture="environment"
                        aria-describedby="foto-hint"
                    />
                </div>
                <button class="btn btn-outline-primary" type="submit">{t("Leggi il codice dalla foto")}</button>
            </form>
        </section>
    }
    .into_any()
}

/// What a picture did not lead to, and what to do.
#[component]
pub fn RispostaFoto() -> impl IntoView {
    EsitoFoto::of_request().map(|esito| {
        let (titolo, testo) = match esito {
            EsitoFoto::AltroEnte { ente, numero } => return altro_ente(ente.to_string(), numero.grouped()),
            EsitoFoto::Mancante => {
                (t("Non è arrivata nessuna foto"), t("Scegli la foto dell’avviso e poi premi il pulsante sotto di essa."))
            }
            EsitoFoto::SenzaQr => (
                t("Nella foto non troviamo un codice QR"),
                t("Appoggia l’avviso su un piano, con molta luce e senza ombre. Avvicinati finché il quadrato occupa metà della foto, aspetta che sia nitido e riprova. Oppure scrivi il codice avviso."),
            ),
            EsitoFoto::AltroQr => (
                t("Questo codice QR non è di un avviso pagoPA"),
                t("Fotografa il quadrato vicino all’importo, nella parte “Banche e altri canali” dell’avviso."),
            ),
            EsitoFoto::NonLeggibile => (
                t("Il file non è una foto che possiamo leggere"),
                t("Servono file JPEG, PNG o WebP, interi. Se hai un PDF, fanne una schermata."),
            ),
            EsitoFoto::TroppoGrande => (
                t("La foto ha troppi punti"),
                t("Scegli una risoluzione più bassa nella fotocamera (bastano 12 megapixel), oppure scrivi il codice avviso."),
            ),
        };
        view! {
            <Alert tone=Tone::Warning titolo answer=true>
                <p>{testo}</p>
            </Alert>
        }
        .into_any()
    })
}

/// Not here, and not lost: both codes to be typed elsewhere. An address with the number in it would leave it in logs.
fn altro_ente(ente: String, numero: String) -> AnyView {
    view! {
        <Alert tone=Tone::Info titolo=t("Questo avviso è di un ente che non è su questo portale") answer=true>
            <p>{tr!("Codice fiscale dell’ente: {ente}. Codice avviso: {numero}.", ente, numero)}</p>
            <p>
                {t("Puoi pagarlo dal sito di quell’ente, in banca, in posta, oppure sul sito di pagoPA con questi due codici:")}
                " "
                <a href=CHECKOUT>{CHECKOUT_NOME}</a>
            </p>
        </Alert>
    }
    .into_any()
}
