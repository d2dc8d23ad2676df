//! The fields of a payment without a notice; their names are those of [`FormSpontaneo`].

use super::tariffa;
use crate::components::RequiredNote;
use crate::components::con;
use crate::components::{Checkbox, Choice, Choices, TextField};
use crate::context::FormState;
use crate::islands::{CodiceFiscaleField, ImportoField};
use crate::links;
use crate::texts::lingue::{k, t};
use crate::tr;
use domain::servizio::{Dettaglio, Spontaneo};
use domain::{Ente, Servizio, Tariffa, Voce};
use leptos::prelude::*;
use portal::spontaneo::FormSpontaneo;

/// The pages of the task, for the stepper of each.
pub(super) const PASSI: &[&str] = &[k("Dati"), k("Riepilogo"), k("Pagamento")];

const CF_HINT: &str = k("16 caratteri, oppure 11 cifre per società e associazioni");

/// How each field is called on the page, for the error summary.
pub(super) fn labels(spontaneo: &Spontaneo) -> Vec<(&'static str, String)> {
    let dettaglio = spontaneo.dettaglio.as_ref().map_or_else(String::new, |dettaglio| dettaglio.etichetta.clone());
    vec![
        ("voce", t("Che cosa vuoi pagare").to_owned()),
        ("quantita", t("Quantità").to_owned()),
        ("importo", t("Importo").to_owned()),
        ("dettaglio", dettaglio),
        ("codice_fiscale", t("Codice fiscale dell’intestatario").to_owned()),
        ("nome", t("Nome dell’intestatario").to_owned()),
        ("email", "E-mail".to_owned()),
        ("versante_codice_fiscale", t("Codice fiscale di chi paga").to_owned()),
        ("versante_nome", t("Nome di chi paga").to_owned()),
    ]
}

#[component]
pub(super) fn Modulo(ente: Ente, servizio: Servizio, spontaneo: Spontaneo, form: FormState<FormSpontaneo>) -> impl IntoView {
    view! {
        <form action=links::spontaneo(&ente.slug, &servizio.slug) method="post" novalidate>
            <RequiredNote/>
            <CosaPaghi spontaneo form=form.clone()/>
            <Intestatario form=form.clone()/>
            <Versante form/>
            <p class="muted">
                {con(
                    t("I dati servono solo a questo pagamento. Leggi l’[informativa sulla privacy]."),
                    {
                        let href = links::privacy(&ente.slug);
                        move |parte| view! { <a href=href>{parte}</a> }
                    },
                )}
            </p>
            <div class="actions">
                <button class="btn btn-primary" type="submit">{t("Continua")}</button>
                <a class="btn btn-link" href=links::servizio(&ente.slug, &servizio.slug)>{t("Annulla")}</a>
            </div>
        </form>
    }
}

#[component]
fn CosaPaghi(spontaneo: Spontaneo, form: FormState<FormSpontaneo>) -> impl IntoView {
    let Spontaneo { voci, dettaglio, su_richiesta: _ } = spontaneo;
    view! {
        <Voci voci=voci.clone() form=form.clone()/>
        <Quantita voci=voci.clone() form=form.clone()/>
        <Importo voci form=form.clone()/>
        {dettaglio.map(|dettaglio| view! { <CampoDettaglio dettaglio form/> })}
    }
}

/// With one voice there is nothing to choose: it is told, and sent along.
#[component]
fn Voci(voci: Vec<Voce>, form: FormState<FormSpontaneo>) -> impl IntoView {
    if let [voce] = &voci[..] {
        let prezzo = tariffa::prezzo(&voce.tariffa);
        return view! {
            <dl class="summary-list" id="voce" tabindex="-1">
                <div><dt>{t("Che cosa paghi")}</dt><dd>{voce.nome.clone()}</dd></div>
                <div><dt>{t("Prezzo")}</dt><dd>{prezzo}</dd></div>
            </dl>
            <input type="hidden" name="voce" value=voce.codice.clone()/>
        }
        .into_any();
    }
    let choices = voci
        .into_iter()
        .map(|voce| Choice {
            nota: tariffa::nota(&voce.tariffa),
            prezzo: Some(tariffa::prezzo(&voce.tariffa)),
            value: voce.codice,
            nome: voce.nome,
        })
        .collect();
    view! { <Choices name="voce" legend=t("Che cosa vuoi pagare?") choices value=form.values.voce.clone() error=form.error("voce")/> }.into_any()
}

/// Asked when a voice is sold by the piece; always in the page, because without scripts nothing can make it appear.
#[component]
fn Quantita(voci: Vec<Voce>, form: FormState<FormSpontaneo>) -> impl IntoView {
    limiti(&voci, |tariffa| matches!(tariffa, Tariffa::Unitaria { .. })).map(|hint| {
        view! {
            <TextField
                name="quantita"
                label=t("Quantità")
                hint
                value=form.values.quantita.clone()
                error=form.error("quantita")
                required=voci.len() == 1
                inputmode="numeric"
                maxlength=20
            />
        }
    })
}

/// Asked when a voice has a free amount.
#[component]
fn Importo(voci: Vec<Voce>, form: FormState<FormSpontaneo>) -> impl IntoView {
    let hint = limiti(&voci, |tariffa| matches!(tariffa, Tariffa::Libera { .. }))?;
    let (value, error) = (form.values.importo.clone(), form.error("importo"));
    Some(match &voci[..] {
        [Voce { tariffa: Tariffa::Libera { minimo, massimo }, .. }] => {
            let (minimo, massimo) = (*minimo, *massimo);
            view! { <ImportoField name="importo".to_owned() label=t("Importo").to_owned() hint value error minimo massimo/> }
                .into_any()
        }
        // limits depend on the voice: the server knows them all
        _ => view! { <TextField name="importo" label=t("Importo in euro") hint value error inputmode="decimal" maxlength=40/> }
            .into_any(),
    })
}

/// For which voices a field counts and between which limits; `None` when for none.
fn limiti(voci: &[Voce], counts: impl Fn(&Tariffa) -> bool) -> Option<String> {
    let of: Vec<_> = voci.iter().filter(|voce| counts(&voce.tariffa)).collect();
    match &of[..] {
        [] => None,
        [voce] if voci.len() == 1 => Some(tariffa::iniziale_maiuscola(&tariffa::limiti(&voce.tariffa))),
        _ => {
            let each: Vec<_> = of.iter().map(|voce| format!("“{}”: {}", voce.nome, tariffa::limiti(&voce.tariffa))).collect();
            Some(tr!("Solo per {voci}", voci = each.join("; ")))
        }
    }
}

#[component]
fn CampoDettaglio(dettaglio: Dettaglio, form: FormState<FormSpontaneo>) -> impl IntoView {
    view! {
        <TextField
            name="dettaglio"
            label=dettaglio.etichetta
            hint=dettaglio.suggerimento
            value=form.values.dettaglio.clone()
            error=form.error("dettaglio")
            required=dettaglio.obbligatorio
        />
    }
}

#[component]
fn Intestatario(form: FormState<FormSpontaneo>) -> impl IntoView {
    view! {
        <fieldset class="field-block">
            <legend>{t("Intestatario")}</legend>
            <p>{t("La persona, la società o l’associazione per cui si paga: la ricevuta porta il suo nome.")}</p>
            <CodiceFiscaleField
                name="codice_fiscale".to_owned()
                label=t("Codice fiscale").to_owned()
                hint=t(CF_HINT).to_owned()
                value=form.values.codice_fiscale.clone()
                error=form.error("codice_fiscale")
            />
            <TextField
                name="nome"
                label=t("Nome e cognome, o denominazione")
                value=form.values.nome.clone()
                error=form.error("nome")
                required=true
                autocomplete="name"
            />
            <TextField
                name="email"
                label=t("E-mail")
                hint=t("Facoltativa: pagoPA la usa per mandarti l’esito del pagamento")
                value=form.values.email.clone()
                error=form.error("email")
                kind="email"
                autocomplete="email"
            />
        </fieldset>
    }
}

/// Always in the page: without scripts nothing can make it appear. What is written here counts only with the box checked.
#[component]
fn Versante(form: FormState<FormSpontaneo>) -> impl IntoView {
    view! {
        <fieldset class="field-block">
            <legend>{t("Chi paga")}</legend>
            <p>{t("Compila questa parte solo se paga un’altra persona, diversa dall’intestatario.")}</p>
            <Checkbox name="altro_versante" label=t("Paga un’altra persona") checked=!form.values.altro_versante.is_empty()/>
            <TextField
                name="versante_codice_fiscale"
                label=t("Codice fiscale di chi paga")
                hint=t(CF_HINT)
                value=form.values.versante_codice_fiscale.clone()
                error=form.error("versante_codice_fiscale")
                maxlength=60
            />
            <TextField
                name="versante_nome"
                label=t("Nome e cognome, o denominazione, di chi paga")
                value=form.values.versante_nome.clone()
                error=form.error("versante_nome")
            />
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::prova;
    use domain::Lingua;
    use portal::spontaneo::check;

    fn html(spontaneo: &Spontaneo, form: FormState<FormSpontaneo>) -> String {
        let (ente, servizio, spontaneo) = (prova::ente(), prova::servizio(spontaneo.clone()), spontaneo.clone());
        Owner::new().with(|| view! { <Modulo ente servizio spontaneo form/> }.to_html())
    }

    #[test]
    fn every_error_of_the_form_finds_its_field_and_its_label() {
        let values =
            FormSpontaneo { altro_versante: "si".into(), email: "x".into(), voce: "pasti".into(), ..FormSpontaneo::default() };
        let mut errors = check(&prova::mensa(), &values, Lingua::It).unwrap_err();
        errors.extend(
            check(&prova::mensa(), &FormSpontaneo { voce: "offerta".into(), ..FormSpontaneo::default() }, Lingua::It)
                .unwrap_err(),
        );
        errors.extend(check(&prova::mensa(), &FormSpontaneo::default(), Lingua::It).unwrap_err());
        let html = html(&prova::mensa(), FormState { values, errors: errors.clone() });
        for error in errors {
            assert!(html.contains(&format!(r#"id="{}""#, error.field)), "{}: {html}", error.field);
            assert!(html.contains(&format!(r#"id="{}-errore""#, error.field)), "{}: {html}", error.field);
            assert!(
                labels(&prova::mensa()).iter().any(|(field, label)| *field == error.field && !label.is_empty()),
                "{}",
                error.field
            );
        }
    }

    #[test]
    fn what_was_typed_stays_as_text_and_never_becomes_markup() {
        let values = FormSpontaneo { nome: r#""><script>alert(1)</script>"#.into(), ..FormSpontaneo::default() };
        let html = html(&prova::mensa(), FormState { values, errors: Vec::new() });
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("alert(1)"), "{html}");
    }

    #[test]
    fn only_fields_that_a_voice_needs_are_asked() {
        let quota = Spontaneo { voci: vec![prova::mensa().voci[1].clone()], dettaglio: None, su_richiesta: None };
        let html = html(&quota, FormState::default());
        for field in ["quantita", "importo", "dettaglio"] {
            assert!(!html.contains(&format!(r#"name="{field}""#)), "{field}: {html}");
        }
        assert!(html.contains(r#"type="hidden" name="voce" value="quota""#), "{html}");
        assert_eq!(
            limiti(&prova::mensa().voci, |t| matches!(t, Tariffa::Unitaria { .. })).as_deref(),
            Some("Solo per “Buoni pasto”: da 1 a 60 pasti")
        );
    }
}
