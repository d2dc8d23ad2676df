//! Checkout that does not do its part.

use crate::harness::{Browser, Sportello};
use domain::StatoTentativo;

#[tokio::test]
async fn a_checkout_that_fails_is_told_and_the_same_page_pays_when_it_is_back() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let mut failed = 0;
    for (guasto, status, words) in [
        ("errore_500", 503, "pagoPA non risponde"),
        ("spazzatura", 503, "pagoPA non risponde"),
        ("location_estranea", 503, "pagoPA non risponde"),
        ("rifiuta_422", 409, "pagoPA non accetta questo pagamento"),
    ] {
        sportello.break_checkout(guasto).await;
        let page = browser.post(&riepilogo, &[]).await;
        assert_eq!((page.status, page.header("location"), page.header("set-cookie")), (status, "", ""), "{guasto}");
        assert!(
            page.has(words) && page.has("Non ti è stato addebitato nulla") && page.has("Paga ora"),
            "{guasto}: {}",
            page.text()
        );
        assert!(!page.has("estranea.example"), "{guasto}");
        failed += 1;
        let stati: Vec<_> = sportello.tentativi(&numero).await.iter().map(|t| t.stato).collect();
        assert_eq!(stati, vec![StatoTentativo::Fallito; failed], "{guasto}");
    }
    sportello.break_checkout("nessuno").await;
    let checkout = browser.pay(&riepilogo).await;
    assert!(checkout.starts_with(&sportello.sandbox_url("/checkout/pagamento/")));
}

#[tokio::test]
async fn an_address_in_a_json_body_is_as_good_as_a_redirect() {
    let sportello = Sportello::start().await;
    sportello.break_checkout("ok_200_json").await;
    let mut browser = sportello.browser();
    let checkout = browser.pay(&sportello.riepilogo().await.0).await;
    assert!(browser.get(&checkout).await.has("48,00"));
}

#[tokio::test]
async fn two_clicks_while_checkout_is_silent_are_both_told_in_time() {
    let sportello = Sportello::start().await;
    sportello.break_checkout("lento").await;
    let (riepilogo, numero) = sportello.riepilogo().await;
    let click = async |mut browser: Browser<'_>| browser.post(&riepilogo, &[]).await;
    let begun = std::time::Instant::now();
    let (one, other) = tokio::join!(click(sportello.browser()), click(sportello.browser()));
    assert!(begun.elapsed().as_secs() < 15, "{:?}", begun.elapsed());
    for page in [one, other] {
        assert_eq!(page.status, 503);
        assert!(page.has("pagoPA non risponde"), "{}", page.text());
    }
    let tentativi = sportello.tentativi(&numero).await;
    assert_eq!(tentativi.iter().map(|t| t.stato).collect::<Vec<_>>(), [StatoTentativo::Fallito]);
}
