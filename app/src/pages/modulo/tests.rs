use super::*;
use crate::context::{Compilazione, Stadio};
use crate::pages::prova;
use domain::Lingua;
use domain::modulo::{Modulo, Valori, Verificato};
use jiff::civil::date;
use std::sync::Arc;

fn verified(json: &str) -> Arc<Verificato> {
    let modulo: Modulo = serde_json::from_str(json).unwrap();
    Arc::new(modulo.complete().verify().unwrap())
}

fn foglio(modulo: &Arc<Verificato>, stadio: Stadio, pairs: &[(&str, &str)]) -> Foglio {
    let valori = Valori::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Foglio::new(modulo.clone(), Compilazione { valori, stadio }, date(2026, 11, 23))
}

fn html_in(lingua: Lingua, modulo: &Arc<Verificato>, stadio: Stadio, pairs: &[(&str, &str)]) -> String {
    Owner::new().with(|| {
        provide_context(lingua);
        let foglio = foglio(modulo, stadio, pairs);
        let (azione, annulla) = ("/valdoria/servizi/prova/paga".to_owned(), "/valdoria".to_owned());
        view! { <AvvisiModulo foglio=foglio.clone()/><ModuloServizio foglio azione annulla>""</ModuloServizio> }.to_html()
    })
}

fn html(modulo: &Arc<Verificato>, stadio: Stadio, pairs: &[(&str, &str)]) -> String {
    html_in(Lingua::It, modulo, stadio, pairs)
}

/// The start tag of the element with that id.
fn tag<'a>(html: &'a str, id: &str) -> &'a str {
    let at = html.find(&format!(r#" id="{id}""#)).unwrap_or_else(|| panic!("{id}: {html}"));
    let start = html[..at].rfind('<').unwrap();
    &html[start..start + html[start..].find('>').unwrap()]
}

const ROSSI: [(&str, &str); 2] = [("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "Mario Rossi")];

#[test]
fn every_kind_of_field_is_drawn_with_its_label_and_can_be_typed_into() {
    let modulo = verified(prova::OGNI_CAMPO);
    let html = html(&modulo, Stadio::Nuova, &[]);
    for (_, esito) in foglio(&modulo, Stadio::Nuova, &[]).answers() {
        assert!(html.contains(&format!(r#"data-campo="{}""#, esito.path)), "{}: {html}", esito.path);
    }
    for (id, parts) in [
        ("riga", &["<input", r#"type="text""#][..]),
        ("area", &["<textarea"]),
        ("intero", &[r#"inputmode="numeric""#]),
        ("decimale", &[r#"inputmode="decimal""#]),
        ("soldi", &[r#"inputmode="decimal""#, "amount-input"]),
        ("giorno", &[r#"inputmode="numeric""#]),
        ("poche", &["<fieldset"]),
        ("poche-1", &[r#"type="radio""#, r#"name="poche""#]),
        ("molte", &["<select"]),
        ("piu-2", &[r#"type="checkbox""#, r#"name="piu""#]),
        ("si", &[r#"type="checkbox""#, r#"value="si""#]),
        ("cf", &["code-input", r#"data-tipo="cf""#]),
        ("posta", &[r#"type="email""#, r#"autocomplete="email""#]),
        ("tel", &[r#"type="tel""#, r#"autocomplete="tel""#]),
        ("nome", &[r#"autocomplete="name""#]),
        ("atto", &["<input", r#"type="text""#, r#"name="atto""#]),
        ("atto-file", &[r#"type="file""#, r#"name="atto.file""#, r#"data-impronta="atto""#]),
        ("righe.1.voce", &["<input"]),
    ] {
        parts.iter().for_each(|part| assert!(tag(&html, id).contains(part), "{id} {part}: {}", tag(&html, id)));
    }
    assert!(html.contains(r#"value="aggiungi:righe""#) && html.contains(r#"name="righe.9999.voce""#), "{html}");
    assert!(!html.contains("invalid-feedback") && !html.contains("error-summary"), "nobody has sent anything");
}

#[test]
fn every_error_of_a_form_finds_its_field_its_label_and_its_link() {
    let modulo = verified(prova::OGNI_CAMPO);
    let sent = foglio(&modulo, Stadio::Mandata, &[("cf", "x"), ("giorno", "31/02/2026"), ("righe.1", ""), ("righe.4", "")]);
    assert!(sent.errori().len() > 8, "{:?}", sent.errori());
    let html = html(&modulo, Stadio::Mandata, &[("cf", "x"), ("giorno", "31/02/2026"), ("righe.1", ""), ("righe.4", "")]);
    for (place, text) in sent.summary() {
        assert!(html.contains(&format!("href=\"#{place}\"")) && html.contains(&format!(r#" id="{place}""#)), "{place}: {html}");
        assert!(!text.starts_with(':'), "{place}: {text}");
    }
    assert!(tag(&html, "cf").contains(r#"aria-invalid="true""#) && tag(&html, "cf").contains("is-invalid"));
    assert!(html.contains("Riga 2, Voce: Compila questo campo."), "{html}");
    assert!(tag(&html, "giorno").contains(r#"value="31/02/2026""#), "what was typed is kept");
}

#[test]
fn a_form_with_a_document_can_carry_it_and_no_other_can() {
    let of = |json| html(&verified(json), Stadio::Nuova, &[]);
    assert!(of(prova::OGNI_CAMPO).contains(r#"enctype="multipart/form-data""#));
    assert!(!of(prova::MENSA).contains("enctype"));
}

#[test]
fn a_digest_that_came_back_stays_and_says_so() {
    let modulo = verified(prova::OGNI_CAMPO);
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let back = html(&modulo, Stadio::Mandata, &[("atto", abc)]);
    assert!(tag(&back, "atto").contains(abc) && back.contains("L’impronta del documento è pronta."), "{back}");
    let back = html(&modulo, Stadio::Mandata, &[("atto", "istanza.pdf")]);
    assert!(back.contains("Atto: Non sembra un’impronta SHA-256") && !back.contains("è pronta."), "{back}");
}

#[test]
fn what_was_typed_stays_as_text_and_never_becomes_markup() {
    let modulo = verified(prova::OGNI_CAMPO);
    let bad = r#""></textarea></option><script>alert(1)</script>"#;
    let typed: Vec<_> =
        ["riga", "area", "cf", "giorno", "nome", "righe.1.voce", "molte", "poche", "piu"].map(|name| (name, bad)).into();
    let html = html(&modulo, Stadio::Mandata, &typed);
    assert!(!html.contains("<script") && html.contains("alert(1)"), "{html}");
}

#[test]
fn what_depends_on_an_answer_is_hidden_and_not_sent_until_it_is_given() {
    let modulo = verified(prova::MENSA);
    let closed = html(&modulo, Stadio::Nuova, &[]);
    assert!(tag(&closed, "quantita").contains(" disabled"), "{}", tag(&closed, "quantita"));
    assert!(tag(&closed, "versante_nome").contains(" disabled"));
    let open = html(&modulo, Stadio::InCorso, &[("voce", "pasti"), ("quantita", "10")]);
    assert!(!tag(&open, "quantita").contains(" disabled") && tag(&open, "quantita").contains(r#"value="10""#));
    assert!(open.contains("48,00\u{a0}€"), "the amount is there before anything is sent: {open}");
    assert!(closed.contains("da calcolare"));
}

#[test]
fn a_question_that_nobody_has_seen_is_no_fault() {
    let modulo = verified(prova::MENSA);
    let first = [&ROSSI[..], &[("voce", "pasti"), ("dettaglio", "3B")]].concat();
    let page = html(&modulo, Stadio::Mandata, &first);
    assert!(page.contains("Le tue risposte aprono altre domande") && !page.contains("error-summary"), "{page}");
    let seen = [&first[..], &[("quantita", "")]].concat();
    let page = html(&modulo, Stadio::Mandata, &seen);
    assert!(page.contains("Quantità: Compila questo campo.") && !page.contains("altre domande"), "{page}");
}

#[test]
fn a_text_that_is_there_in_italian_alone_is_marked_on_a_page_in_another_language() {
    let modulo = verified(prova::MENSA);
    let page = html_in(Lingua::De, &modulo, Stadio::Nuova, &[]);
    assert!(page.contains(r#"<span lang="it">Classe e mese"#), "{page}");
    assert!(page.contains("Steuernummer (codice fiscale)") && page.contains("<span>Anzahl"), "{page}");
    assert!(!html(&modulo, Stadio::Nuova, &[]).contains(r#"<span lang="it""#));
}

#[test]
fn choices_that_are_not_offered_now_wait_in_a_template() {
    let modulo = verified(prova::OGNI_CAMPO);
    let page = html(&modulo, Stadio::InCorso, &[("poche", "a")]);
    let select = &page[page.find(r#" id="molte""#).unwrap()..];
    let (offered, rest) = select.split_once("</select>").unwrap();
    assert!(!offered.contains(r#"value="z""#) && offered.contains(r#"value="y""#), "{offered}");
    assert!(rest.split_once("</template>").unwrap().0.contains(r#"value="z""#), "{rest}");
}
