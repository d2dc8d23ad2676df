//! Amounts and other facts that a form was not asked for: what is due is computed on the server.

use super::counted;
use crate::harness::{PASTI, Sportello, VALDORIA, form};

#[tokio::test]
async fn what_is_added_to_a_form_changes_nothing_that_is_paid() {
    let sportello = Sportello::start().await;
    let cases: [(&str, &[(&str, &str)]); 13] = [
        ("an amount where the tariff decides", &[("importo", "0,01")]),
        ("a negative amount", &[("importo", "-48,00")]),
        ("an amount in cents", &[("importo_cents", "1")]),
        ("a price", &[("prezzo", "0.01"), ("prezzo_cents", "1")]),
        ("a total", &[("totale", "0,01"), ("amount", "1"), ("paymentAmount", "0.01")]),
        ("a discount", &[("sconto", "100"), ("percentuale", "100")]),
        ("a tariff", &[("tariffa", "{\"tipo\":\"fissa\",\"importo\":1}")]),
        ("an account", &[("iban", "IT60X0542811101000000123456"), ("accredito", "x")]),
        ("a notice number", &[("numero", "302000000000000184"), ("iuv", "02000000000000184")]),
        ("a state", &[("stato", "PAGATA"), ("pagata", "true")]),
        ("an ente", &[("ente", "90012340569"), ("codice_fiscale_ente", "90012340569")]),
        ("an identifier", &[("id", "00000000000000000000000000000001"), ("token", "x")]),
        ("fields of another syntax", &[("voci[0][importo]", "1"), ("voce.importo", "1"), ("__proto__", "1")]),
    ];
    counted(cases.iter().map(|case| case.0));
    for (name, added) in cases {
        let mut typed = form();
        typed.extend_from_slice(added);
        let (riepilogo, numero) = sportello.propose(PASTI, &typed).await;
        let mut browser = sportello.browser();
        let mut paying = added.to_vec();
        // the same thing for the same person, eleven times
        paying.push(("anche_se", "si"));
        let checkout = browser.post(&riepilogo, &paying).await.location();
        let page = browser.get(&checkout).await;
        assert!(page.has("48,00"), "{name}: {}", page.text());
        let posizione = sportello.posizione(&numero).await;
        assert_eq!((posizione.rate[0].importo.cents(), posizione.ente.as_str()), (4_800, VALDORIA), "{name}");
        assert!(!posizione.rate[0].pagata && posizione.rate[0].versamenti.len() == 1, "{name}");
        assert_eq!(sportello.tentativi(&numero).await[0].importo.cents(), 4_800, "{name}");
    }
}

#[tokio::test]
async fn a_field_that_is_said_twice_is_not_guessed_at() {
    let sportello = Sportello::start().await;
    let before = sportello.posizioni(VALDORIA).await.len();
    for (name, twice) in [("quantita", "1"), ("voce", "quota"), ("codice_fiscale", "80001230459"), ("nome", "Luca Bianchi")] {
        let mut typed = form();
        typed.push((name, twice));
        let page = sportello.browser().post(PASTI, &typed).await;
        assert!([400, 422].contains(&page.status), "{name}: {}", page.status);
    }
    assert_eq!(sportello.posizioni(VALDORIA).await.len(), before);
}
