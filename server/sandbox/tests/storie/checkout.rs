//! The Checkout page: three cards, each used once.

use crate::harness::*;
use nodo::pa_for_node::{Operation, Request, TransferType};
use std::time::Duration;

#[tokio::test]
async fn the_page_shows_what_is_paid_and_nothing_runs_on_it() {
    let test = Test::start().await;
    let response = test.get(&test.cart().await).await;
    assert!(response.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    let html = response.text().await.unwrap();
    for part in [
        "<html lang=\"it\">",
        "Ambiente di prova",
        "nessun addebito",
        "Mensa &amp; trasporto",
        "Comune di &lt;Valdoria&gt;",
        "3020 0000 0000 0001 84",
        "10,00\u{a0}€",
        "value=\"paga\"",
        "value=\"rifiuta\"",
        "value=\"abbandona\"",
        "name=\"ritardo_ms\"",
        "name=\"copie\"",
    ] {
        assert!(html.contains(part), "{part} is not in {html}");
    }
    assert!(!html.contains("<script"));
}

#[tokio::test]
async fn a_card_that_pays_sends_the_citizen_back_and_then_the_receipt() {
    let test = Test::start().await;
    let response = test.post_form(&test.cart().await, "esito=paga").await;
    assert_eq!((response.status().as_u16(), location(&response)), (303, "http://127.0.0.1:3000/ritorno?esito=ok".into()));
    let ricevute = test.calls.wait_for_receipts(1).await;
    assert_eq!(ricevute[0].nota.as_deref(), Some("carrello-1"));
    assert_eq!(ricevute[0].metodo.as_deref(), Some("creditCard"));
    assert_eq!(ricevute[0].versante, None, "Checkout knows no payer");
    assert_eq!(ricevute[0].anomalie(), []);
    let requests = test.calls.requests();
    assert!(matches!(&requests[2], Request::GetPayment(r)
        if r.nota.as_deref() == Some("carrello-1") && r.transfer_type == Some(TransferType::Pagopa) && r.v2));
}

#[tokio::test]
async fn every_notice_of_a_cart_has_its_receipt_as_often_as_asked() {
    let test = Test::start().await;
    let url = location(&test.post("/checkout/ec/v1/carts", &cart(&[AVVISO, ALTRO_AVVISO])).await);
    test.post_form(&url, "esito=paga&ritardo_ms=50&copie=2").await;
    let ricevute = test.calls.wait_for_receipts(4).await;
    let numeri: Vec<&str> = ricevute.iter().map(|r| r.numero_avviso.as_str()).collect();
    assert_eq!(numeri, [AVVISO, AVVISO, ALTRO_AVVISO, ALTRO_AVVISO]);
    assert_eq!(ricevute[0], ricevute[1]);
    assert_ne!(ricevute[0].receipt_id, ricevute[2].receipt_id);
}

#[tokio::test]
async fn no_receipt_follows_a_refused_card_a_way_back_or_a_lost_one() {
    let test = Test::start().await;
    for (form, returned) in [("esito=rifiuta", "errore"), ("esito=abbandona", "annulla"), ("esito=paga&copie=0", "ok")] {
        let response = test.post_form(&test.cart().await, form).await;
        assert_eq!(response.status(), 303);
        assert_eq!(location(&response), format!("http://127.0.0.1:3000/ritorno?esito={returned}"), "{form}");
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(test.calls.receipts().len(), 0);
}

#[tokio::test]
async fn a_station_that_fails_after_the_cart_was_accepted_means_an_error_and_no_receipt() {
    let test = Test::with(good_but(Operation::GetPaymentV2, |_| (200, "garbage".into()))).await;
    let response = test.post_form(&test.cart().await, "esito=paga").await;
    assert_eq!(location(&response), "http://127.0.0.1:3000/ritorno?esito=errore");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(test.calls.receipts().len(), 0);
}

#[tokio::test]
async fn a_cart_is_used_once() {
    let test = Test::start().await;
    let url = test.cart().await;
    test.post_form(&url, "esito=abbandona").await;
    for again in [test.post_form(&url, "esito=paga").await, test.get(&url).await] {
        assert_eq!(again.status(), 409);
        let html = again.text().await.unwrap();
        assert!(html.contains("già concluso") && html.contains("href=\"http://127.0.0.1:3000/ritorno?esito=annulla\""), "{html}");
    }
    let (one, two) = {
        let url = test.cart().await;
        tokio::join!(test.post_form(&url, "esito=paga"), test.post_form(&url, "esito=paga"))
    };
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(test.calls.wait_for_receipts(1).await.len(), 1);
}

#[tokio::test]
async fn a_choice_that_cannot_be_read_is_asked_again_and_does_not_use_the_cart_up() {
    let test = Test::start().await;
    let url = test.cart().await;
    for (form, told) in [
        ("", "href=\"#esito\""),
        ("esito=altro", "href=\"#esito\""),
        ("esito=paga&copie=51", "id=\"copie-errore\""),
        ("esito=paga&ritardo_ms=%22%3E%3Cb%3E", "value=\"&quot;&gt;&lt;b&gt;\""),
    ] {
        let response = test.post_form(&url, form).await;
        assert_eq!(response.status(), 400, "{form}");
        let html = response.text().await.unwrap();
        assert!(html.contains("role=\"alert\"") && html.contains(told), "{form}: {html}");
    }
    assert_eq!(test.post_form(&url, "esito=rifiuta").await.status(), 303);
}

#[tokio::test]
async fn an_unknown_cart_is_a_page_that_is_not_there() {
    let test = Test::start().await;
    let url = format!("{}/checkout/pagamento/0123456789abcdef0123456789abcdef", test.base);
    assert_eq!(test.get(&url).await.status(), 404);
    assert_eq!(test.post_form(&url, "esito=paga").await.status(), 404);
    assert_eq!(test.get(&format!("{}/altro", test.base)).await.status(), 404);
    let index = test.get(&test.base).await;
    assert_eq!(index.status(), 200);
    assert!(index.text().await.unwrap().contains("/psp/pay"));
}
