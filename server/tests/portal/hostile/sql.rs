//! Texts that would be SQL where a query were put together from texts.

use super::counted;
use crate::harness::{PASTI, Sportello, VALDORIA, form_but, verify};
use nodo::pa_for_node::client::encode_verify_request;

#[tokio::test]
async fn no_text_is_ever_sql_at_any_door() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let numero = sportello.avviso("APERTA").numero;
    let question = String::from_utf8(encode_verify_request(&verify(&numero))).unwrap();
    let before = (sportello.posizioni(VALDORIA).await, sportello.portal.store().inbox_counts().await.unwrap());
    let cases = [
        ("always true", "' OR '1'='1"),
        ("always true, in double quotes", "\" OR \"\"=\""),
        ("a comment", "x' --"),
        ("a second statement", "x'; DROP TABLE posizioni; --"),
        ("a union", "' UNION SELECT secret FROM installazione --"),
        ("a wildcard for many", "%"),
        ("a wildcard for one", "__________________"),
        ("an escape", "\\'; SELECT 1; --"),
        ("a cast", "1::text"),
        ("a wait", "'; SELECT pg_sleep(30); --"),
        ("a big blob", "'||zeroblob(1000000000)||'"),
        ("a parameter", "$1 ?1 :numero @x"),
    ];
    counted(cases.iter().map(|case| case.0));
    let escaped = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
    for (name, text) in cases {
        let path = escaped(text);
        for address in [
            format!("/{path}"),
            format!("/valdoria/servizi/{path}"),
            format!("/valdoria/avviso/v/{path}"),
            format!("/api/pagamenti/{path}"),
        ] {
            assert_eq!(browser.get(&address).await.status, 404, "{name} at {address}");
        }
        assert_eq!(browser.post("/valdoria/avviso", &[("numero", text)]).await.status, 422, "{name} as a number");
        let page = browser.post("/", &[("numero", &numero), ("codice_fiscale_ente", text)]).await;
        assert_eq!(page.status, 422, "{name} as an ente");
        assert_eq!(browser.post(PASTI, &form_but("codice_fiscale", text)).await.status, 422, "{name} in a form");
        let xml = text.replace('&', "&amp;").replace('<', "&lt;");
        let asked = question.replacen("<idPA>80001230459", &format!("<idPA>{xml}"), 1);
        let page = sportello.soap(asked).await;
        assert_eq!(page.status, 200, "{name} at the station");
        let (domain, syntax) = (page.has("PAA_ID_DOMINIO_ERRATO"), page.has("PAA_SINTASSI_EXTRAXSD"));
        // 35 characters are what an identifier may have
        assert_eq!((domain, syntax), (text.len() <= 35, text.len() > 35), "{name}: {}", page.text());
    }
    assert_eq!(sportello.posizioni(VALDORIA).await, before.0);
    assert_eq!(sportello.portal.store().inbox_counts().await.unwrap(), before.1);
}
