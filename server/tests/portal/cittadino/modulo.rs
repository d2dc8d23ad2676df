//! The forms of services as a browser without scripts fills them in: every kind of field, rows, what depends on what, and what no
//! browser would send.

use crate::comandi::{run, sportello};
use crate::harness::{Page, Sportello, VALDORIA, rata};
use domain::modulo::{Lingua, Valori};
use portal::spontaneo::{Modo, modo};

const ESTIVO: &str = "/valdoria/servizi/centro-estivo/paga";
const MENSA: &str = "/valdoria/servizi/mensa-isee/paga";
const SUOLO: &str = "/valdoria/servizi/suolo-pubblico/paga";

const ROSSI: [(&str, &str); 2] = [("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "Mario Rossi")];

type Form = Vec<(&'static str, &'static str)>;

/// Two children at the school, one of them with lunch: 2 × (70 + 25) and 1 × 70 with a fifth less.
fn estivo() -> Form {
    let own = [
        ("sede", "calvino"),
        ("turno", "giugno"),
        ("bambini.1.nascita", "05/03/2018"),
        ("bambini.1.settimane", "2"),
        ("bambini.1.servizi", "pranzo"),
        ("bambini.2.nascita", "2020-07-01"),
        ("bambini.2.settimane", "1"),
        ("regolamento", "si"),
    ];
    own.into_iter().chain(ROSSI).collect()
}

fn but(mut form: Form, field: &'static str, value: &'static str) -> Form {
    form.retain(|(name, _)| *name != field);
    form.push((field, value));
    form
}

fn input(page: &Page, id: &str) -> crate::harness::Tag {
    page.tags().into_iter().find(|tag| tag.attribute("id") == Some(id)).unwrap_or_else(|| panic!("{id}: {}", page.text()))
}

#[tokio::test]
async fn rows_choices_and_discounts_come_to_the_amount_that_is_paid() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.propose(ESTIVO, &estivo()).await;
    let page = browser.get(&riepilogo).await;
    for shown in [
        "Centro estivo, turno di giugno, bambini: 2",
        "246,00\u{a0}€",
        "Scuola Calvino",
        "Bambino 1, Servizi in più",
        "Pranzo, 25,00 € a settimana",
        "01/07/2020",
    ] {
        assert!(page.has(shown), "{shown}: {}", page.text());
    }
    let posizione = sportello.posizione(&numero).await;
    assert_eq!((rata(&posizione, &numero).importo.cents(), posizione.debitore.nome.as_str()), (24_600, "Mario Rossi"));
    let checkout = browser.post(&riepilogo, &[]).await.location();
    assert!(browser.get(&checkout).await.has("246,00"));
    // and back to the form, with everything in it
    let token = riepilogo.rsplit('/').next().unwrap();
    let page = browser.get(&format!("{ESTIVO}?da={token}")).await;
    assert_eq!(input(&page, "bambini.2.settimane").attribute("value"), Some("1"));
    assert!(input(&page, "bambini.1.servizi-1").attribute("checked").is_some());
}

#[tokio::test]
async fn a_row_is_added_and_taken_away_by_buttons_that_pay_nothing() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(VALDORIA).await.len();
    let first = browser.get(ESTIVO).await;
    assert!(first.has("name=\"bambini.1.nascita\"") && !first.has("name=\"bambini.2.nascita\""));
    let page = browser.post(ESTIVO, &[("bambini.1", ""), ("bambini.1.settimane", "3"), ("azione", "aggiungi:bambini")]).await;
    assert_eq!(page.status, 200);
    assert!(page.has("name=\"bambini.2.nascita\"") && !page.has("error-summary"), "{}", page.text());
    assert_eq!(input(&page, "bambini.1.settimane").attribute("value"), Some("3"), "what was typed is kept");
    let page = browser
        .post(ESTIVO, &[("bambini.1", ""), ("bambini.2", ""), ("bambini.2.settimane", "2"), ("azione", "togli:bambini.1")])
        .await;
    assert!(!page.has("name=\"bambini.1.nascita\"") && input(&page, "bambini.2.settimane").attribute("value") == Some("2"));
    // never fewer than there must be, never more than there may be, and no group that is none
    for azione in ["togli:bambini.2", "aggiungi:altro", "togli:sede.1", "aggiungi:"] {
        let page = browser.post(ESTIVO, &[("bambini.2", ""), ("azione", azione)]).await;
        assert!(page.status == 200 && page.has("name=\"bambini.2.nascita\""), "{azione}");
    }
    let mut full: Vec<(String, &str)> = (1..=5).map(|n| (format!("bambini.{n}"), "")).collect();
    full.push(("azione".into(), "aggiungi:bambini"));
    let full: Vec<(&str, &str)> = full.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert!(!browser.post(ESTIVO, &full).await.has("name=\"bambini.6.nascita\""));
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before);
}

#[tokio::test]
async fn what_depends_on_an_answer_appears_when_the_form_is_shown_again() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let page = browser.get(MENSA).await;
    assert!(input(&page, "isee").attribute("disabled").is_some(), "hidden, and not sent");
    let page = browser.post(MENSA, &[("residente", "si"), ("con_isee", "si"), ("azione", "aggiorna")]).await;
    assert_eq!(page.status, 200);
    assert!(input(&page, "isee").attribute("disabled").is_none() && !page.has("error-summary"), "{}", page.text());
    let page =
        browser.post(MENSA, &[("residente", "si"), ("con_isee", "si"), ("isee", "5.000,00"), ("azione", "aggiorna")]).await;
    assert!(page.has("<dd data-valore=\"\">2,10\u{a0}€</dd>"), "{}", page.text());
    // choices too: no August at a school
    let page = browser.post(ESTIVO, &[("sede", "parco"), ("azione", "aggiorna")]).await;
    let select = page.html().split_once("id=\"turno\"").unwrap().1.split_once("</select>").unwrap().0;
    assert!(select.contains("value=\"agosto\"") && !select.contains("value=\"giugno\""), "{select}");
}

#[tokio::test]
async fn a_question_that_appeared_by_an_answer_is_asked_and_not_held_against_anybody() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let form: Form =
        [("residente", "si"), ("visto", "residente"), ("mese", "nov"), ("figli.1.classe", "3b"), ("figli.1.pasti", "10")]
            .into_iter()
            .chain(ROSSI)
            .chain([("con_isee", "si")])
            .collect();
    let page = browser.post(MENSA, &form).await;
    assert_eq!((page.status, page.has("error-summary")), (422, false), "{}", page.text());
    assert!(page.has("aprono altre domande") && page.error_at("isee").is_none());
    assert!(!page.html().contains("<title>Errore"));
    let page = browser.post(MENSA, &[&form[..], &[("isee", "")]].concat()).await;
    assert_eq!((page.status, page.error_at("isee").as_deref()), (422, Some("Compila questo campo.")));
    let (riepilogo, numero) = sportello.propose(MENSA, &[&form[..], &[("isee", "6000,00")]].concat()).await;
    assert!(browser.get(&riepilogo).await.has("21,00\u{a0}€"));
    let posizione = sportello.posizione(&numero).await;
    let parts: Vec<_> = rata(&posizione, &numero)
        .versamenti
        .iter()
        .map(|versamento| (versamento.importo.cents(), versamento.imputazione.as_ref().and_then(|i| i.capitolo.as_deref())))
        .collect();
    assert_eq!(parts, [(210, Some("3010/4")), (1_890, Some("3010/2"))], "where it is booked, as the form says");
    assert_eq!(posizione.causale, "Mensa novembre, classi 3B");
}

#[tokio::test]
async fn a_part_for_another_ente_goes_there_and_is_paid_as_one() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let oggi = sportello.portal.clock().today();
    let (dal, al) = (oggi.to_string(), oggi.saturating_add(jiff::Span::new().days(9)).to_string());
    let form = [
        ("zona", "periferia"),
        ("tipo", "mercato"),
        ("dal", dal.as_str()),
        ("al", al.as_str()),
        ("larghezza", "4,5"),
        ("profondita", "2"),
        ("targa", "ab 123 cd"),
        ("provinciale", "si"),
        ("note", "Solo la mattina.\r\nGrazie"),
        ROSSI[0],
        ROSSI[1],
    ];
    let (riepilogo, numero) = sportello.propose(SUOLO, &form).await;
    let page = browser.get(&riepilogo).await;
    assert!(page.has("46,80\u{a0}€") && page.has("AB123CD") && page.has("Solo la mattina."), "{}", page.text());
    let posizione = sportello.posizione(&numero).await;
    let parts: Vec<_> = rata(&posizione, &numero).versamenti.iter().map(|v| (v.ente.as_str(), v.importo.cents())).collect();
    assert_eq!(parts, [("80009870454", 936), (VALDORIA, 3_744)]);
    let checkout = browser.post(&riepilogo, &[]).await.location();
    let back = browser.choose(&checkout, "paga", 1).await;
    let (_, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, domain::EsitoPagamento::Pagato).await;
    let ricevute = sportello.ricevute(&numero).await;
    assert_eq!((ricevute.len(), ricevute[0].anomalie.len()), (1, 0), "{ricevute:?}");
}

#[tokio::test]
async fn every_kind_of_field_refuses_what_is_not_for_it_and_says_so_there() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(VALDORIA).await;
    let cases: [(&str, &str, &str, &str); 17] = [
        (ESTIVO, "sede", "torre", "Scegli una delle voci dell’elenco."),
        (ESTIVO, "turno", "agosto", "Scegli una delle voci dell’elenco."),
        (ESTIVO, "bambini.1.servizi", "piscina", "Scegli una delle voci dell’elenco."),
        (ESTIVO, "bambini.2.nascita", "31/02/2018", "Scrivi una data che esiste"),
        (ESTIVO, "bambini.2.nascita", "01/01/1999", "La data non può essere prima del"),
        (ESTIVO, "bambini.2.settimane", "5", "Il numero più grande che puoi scrivere è 4."),
        (ESTIVO, "bambini.2.settimane", "0", "Il numero più piccolo che puoi scrivere è 1."),
        (ESTIVO, "bambini.2.settimane", "1,5", "Scrivi un numero intero"),
        (ESTIVO, "bambini.2.settimane", "99999999999999999999999999", "Scrivi un numero in cifre"),
        (ESTIVO, "codice_fiscale", "RSSMRA85T10A562T", "C’è un carattere sbagliato"),
        (ESTIVO, "email", "a@b", "Non sembra un indirizzo e-mail"),
        (MENSA, "figli.1.classe", "9Z", "Scrivi anno e sezione, per esempio 3B."),
        (MENSA, "figli.1.pasti", "24", "Il numero più grande che puoi scrivere è 23."),
        (MENSA, "mese", "ago", "Scegli una delle voci dell’elenco."),
        (SUOLO, "targa", "???", "Non sembra una targa"),
        (SUOLO, "larghezza", "1,234", "Scrivi al massimo 2 cifre dopo la virgola"),
        (SUOLO, "profondita", "49", "Oltre 100 metri quadrati serve una concessione"),
    ];
    for (path, field, bad, said) in cases {
        let mut form = match path {
            ESTIVO => estivo(),
            MENSA => [("mese", "nov"), ("figli.1.classe", "3B"), ("figli.1.pasti", "10")].into_iter().chain(ROSSI).collect(),
            _ => [("zona", "periferia"), ("tipo", "mercato"), ("larghezza", "4"), ("profondita", "2"), ("targa", "AB123CD")]
                .into_iter()
                .chain(ROSSI)
                .collect(),
        };
        form.retain(|(name, _)| *name != field);
        form.push((field, bad));
        let page = browser.post(path, &form).await;
        assert_eq!(page.status, 422, "{field} {bad}");
        let told = page.error_at(field).unwrap_or_else(|| panic!("{field} {bad}: {}", page.text()));
        assert!(told.starts_with(said), "{field} {bad}: {told}");
        assert!(page.has(&format!("href=\"#{field}\"")) && page.html().contains("<title>Errore: "), "{field}");
    }
    let page = browser.post(ESTIVO, &but(estivo(), "regolamento", "")).await;
    assert_eq!(page.error_at("regolamento").as_deref(), Some("Spunta questa casella."));
    assert_eq!(sportello.posizioni(VALDORIA).await, before);
}

#[tokio::test]
async fn what_no_browser_sends_is_refused_or_means_nothing() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(VALDORIA).await.len();
    let rows: Vec<(String, String)> = (1..=1_500).map(|n| (format!("bambini.{n}"), String::new())).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.post(ESTIVO, &[&estivo()[..], &rows].concat()).await;
    assert_eq!((page.status, page.error_at("bambini").as_deref()), (422, Some("Puoi aggiungerne al massimo 5.")));
    assert!(page.html().matches("data-riga=").count() <= 6, "no more rows than there may be, and the one they are copied from");
    let flood: Vec<(String, String)> = (0..10_000).map(|n| (format!("bambini.{n}.nascita"), "x".into())).collect();
    let flood: Vec<(&str, &str)> = flood.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post(ESTIVO, &flood).await.status, 413);
    let large = "1".repeat(1_000_000);
    assert_eq!(browser.post(ESTIVO, &[("sede", &large)]).await.status, 413);
    for (name, value) in [("importo", "0,01"), ("bambini.1.quota", "0,01"), ("turno", "giugno")] {
        let page = browser.post(ESTIVO, &[&estivo()[..], &[(name, value)]].concat()).await;
        // a field that is reckoned, or is none, means nothing; one that is said twice is not guessed at
        assert_eq!(page.status, if name == "turno" { 422 } else { 303 }, "{name}");
    }
    let (_, numero) = sportello.propose(ESTIVO, &[&estivo()[..], &[("bambini.1.quota", "0,01"), ("altro", "x")]].concat()).await;
    assert_eq!(sportello.posizione(&numero).await.rate[0].importo.cents(), 24_600);
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before + 3);
}

#[tokio::test]
async fn what_was_typed_and_nobody_asked_for_is_not_kept() {
    let sportello = Sportello::start().await;
    let secret = [("isee", "9.999,99"), ("altro", "Luca Bianchi"), ("versante_nome", "Luca Bianchi"), ("telefono", "333")];
    let form: Form =
        [("mese", "nov"), ("figli.1.classe", "3B"), ("figli.1.pasti", "10")].into_iter().chain(ROSSI).chain(secret).collect();
    let (_, numero) = sportello.propose(MENSA, &form).await;
    let posizione = sportello.posizione(&numero).await;
    let kept = sportello.portal.store().modulo(&posizione.ente, &posizione.id).await.unwrap().unwrap();
    assert!(kept.contains("Mario Rossi") && kept.contains("3B"), "{kept}");
    assert!(!kept.contains("Bianchi") && !kept.contains("9.999") && !kept.contains("333"), "{kept}");
}

#[tokio::test]
async fn a_service_that_is_paid_elsewhere_says_so_and_leads_there() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for path in ["/valdoria/servizi/impianti-sportivi", "/valdoria/servizi/impianti-sportivi/paga"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200);
        assert!(page.has("href=\"https://prenotazioni.sport.valdoria.example/campi\""), "{}", page.text());
        assert!(page.text().contains("Vai su prenotazioni.sport.valdoria.example (esci da questo sito)"), "{}", page.text());
        assert!(!page.has("<form"), "nothing is asked here");
    }
    let page = browser.post("/valdoria/servizi/impianti-sportivi/paga", &ROSSI).await;
    assert!(page.status == 200 && page.has("un altro sito"));
}

/// What a browser is given reckons what the server reckons: the plan that stands in the page, asked with what is sent.
#[tokio::test]
async fn the_page_and_the_server_agree() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let ente = sportello.ente("valdoria").await;
    let oggi = sportello.portal.clock().today();
    for (path, slug) in [(ESTIVO, "centro-estivo"), (MENSA, "mensa-isee"), (SUOLO, "suolo-pubblico")] {
        let page = browser.get(path).await;
        let form = page.tags().into_iter().find(|tag| tag.attribute("id") == Some("modulo")).unwrap();
        let plain = |text: &str| {
            text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        };
        let piano = domain::modulo::Piano::decode(&plain(form.attribute("data-piano").unwrap())).unwrap();
        assert_eq!(form.attribute("data-oggi"), Some(oggi.to_string().as_str()));
        let servizio = sportello.portal.servizio(&ente, slug).await.unwrap().unwrap();
        let Modo::Modulo(modulo) = modo(&servizio).unwrap() else { panic!("{slug}") };
        for form in [estivo(), but(estivo(), "bambini.1.settimane", "x"), but(estivo(), "sede", "parco"), ROSSI.to_vec()] {
            let valori = Valori::from_pairs(form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
            for lingua in Lingua::ALL {
                let (there, here) = (piano.evaluate(&valori, oggi, lingua), modulo.evaluate(&valori, oggi, lingua));
                assert_eq!((there.errori, there.importo, there.causale), (here.errori, here.importo, here.causale), "{slug}");
            }
        }
    }
}

#[test]
fn every_form_of_the_demo_is_right_to_the_command_that_looks_at_forms() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/moduli");
    let mut forms = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let output = run(sportello().args(["form", "check"]).arg(&path));
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{}: {said}", path.display());
        forms += 1;
    }
    assert_eq!(forms, 11);
}
