//! A document that gets a revenue stamp: a file to choose, and beside it its digest, which is all that counts. Without scripts the file is
//! sent and the server digests it; with scripts the browser does (`app/src/vivo.rs`), and the input of the file loses its name.

use super::campo::{MAXLENGTH, hint, message, star};
use super::foglio::Foglio;
use crate::context::DOCUMENTO;
use crate::texts::lingue::t;
use domain::modulo::{Campo, EsitoCampo};
use leptos::prelude::*;

pub(super) fn documento(foglio: &Foglio, campo: &Campo, esito: &EsitoCampo) -> AnyView {
    let path = esito.path.clone();
    let (etichetta, lang) = foglio.say(&campo.etichetta);
    let errore = foglio.errore(&path);
    let invalid = errore.is_some();
    let suggerimento = hint(foglio, campo, &path);
    let file = format!("{path}-file");
    let (file_hint, text_hint) = (format!("{file}-hint"), format!("{path}-come"));
    let described_by = format!("{path}-errore {text_hint}");
    let block_hint = suggerimento.is_some().then(|| format!("{path}-hint"));
    let disabled = !esito.visibile || !esito.attivo;
    // what came back with the form: nobody has to choose the file again
    let sotto = match errore {
        None if esito.valore.is_some() => {
            let id = format!("{path}-errore");
            view! { <p class="form-text" id=id aria-live="polite">{t("L’impronta del documento è pronta.")}</p> }.into_any()
        }
        errore => message(&path, errore),
    };
    view! {
        <fieldset class="document-block" data-campo=path.clone() aria-describedby=block_hint hidden=!esito.visibile>
            <legend><span lang=lang>{etichetta}</span>{star(campo, esito)}</legend>
            {suggerimento}
            <div class="form-group">
                <label class="active" for=file.clone()>{t("Scegli il file")}</label>
                <small class="form-text" id=file_hint.clone()>
                    {t("Del file serve solo l’impronta (SHA-256): non lo conserviamo. Fino a 20 MB.")}
                </small>
                <input
                    class="form-control"
                    type="file"
                    id=file
                    name=format!("{path}{DOCUMENTO}")
                    data-impronta=path.clone()
                    disabled=disabled
                    aria-describedby=file_hint
                />
            </div>
            <div class="form-group">
                <label class="active" for=path.clone()>{t("Impronta SHA-256 del documento")}</label>
                <small class="form-text" id=text_hint>{t("Se scegli il file la calcoliamo noi. Se la conosci già, scrivila qui.")}</small>
                <input
                    class="form-control code-input"
                    class=("is-invalid", invalid)
                    type="text"
                    id=path.clone()
                    name=path.clone()
                    value=foglio.value(esito)
                    autocapitalize="none"
                    spellcheck="false"
                    autocomplete="off"
                    maxlength=MAXLENGTH
                    disabled=disabled
                    aria-required=esito.obbligatorio.then_some("true")
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described_by
                    data-tipo="impronta"
                />
                {sotto}
            </div>
        </fieldset>
    }
    .into_any()
}

/// How a form is sent that has such a field: a file has to be able to travel.
pub(super) fn enctype(foglio: &Foglio) -> Option<&'static str> {
    foglio.modulo.modulo().takes_documents().then_some("multipart/form-data")
}
