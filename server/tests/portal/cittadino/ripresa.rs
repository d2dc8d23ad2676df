//! A draft that its browser takes up again.

use crate::harness::{PASTI, Sportello, form};
use domain::StatoPosizione;

#[tokio::test]
async fn a_form_that_was_filled_in_is_taken_up_again_on_the_same_device() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    browser.post(PASTI, &form()).await.location();
    let kept = browser.kept("b").unwrap();
    for personal in ["Mario", "Rossi", "RSSMRA85T10A562S", "posta"] {
        assert!(!kept.contains(personal), "{kept}");
    }
    // the summary's own address is long past its time
    sportello.later(3 * 24 * 60);
    for page in ["/", "/valdoria"] {
        let page = browser.get(page).await;
        assert!(page.has("Riprendi il pagamento iniziato") && page.has("48,00\u{a0}€"), "{}", page.text());
        assert!(!page.has("Mario Rossi") && !page.has("RSSMRA85T10A562S"), "{}", page.text());
    }
    assert!(!browser.get("/pietralta").await.has("Riprendi il pagamento iniziato"), "it is another ente's");
    let riepilogo = browser.post("/riprendi", &[("azione", "riprendi")]).await.location();
    let page = browser.get(&riepilogo).await;
    assert!(page.status == 200 && page.has("Mario Rossi"), "{}", page.text());
    // begun: it is a payment now, with a page of its own
    browser.pay(&riepilogo).await;
    assert!(!browser.get("/").await.has("Riprendi il pagamento iniziato"));
    assert_eq!(browser.post("/riprendi", &[("azione", "riprendi")]).await.location(), "/");
}

#[tokio::test]
async fn whoever_shares_the_device_can_throw_it_away_and_all_of_it_is_gone() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let before = sportello.posizioni(crate::harness::VALDORIA).await.len();
    browser.post(PASTI, &form()).await.location();
    assert_eq!(sportello.posizioni(crate::harness::VALDORIA).await.len(), before + 1);
    let page = browser.get("/valdoria").await;
    assert!(page.has("Non sono io: elimina"), "{}", page.text());
    let mut thief = sportello.browser();
    thief.keep(&format!("b=pietralta~{}", browser.kept("b").unwrap().split_once('~').unwrap().1));
    assert_eq!(thief.post("/riprendi", &[("azione", "elimina")]).await.location(), "/");
    assert_eq!(sportello.posizioni(crate::harness::VALDORIA).await.len(), before + 1, "of another ente there is none");
    assert_eq!(browser.post("/riprendi", &[("azione", "elimina")]).await.location(), "/");
    assert_eq!(browser.kept("b"), None);
    let left = sportello.posizioni(crate::harness::VALDORIA).await;
    assert_eq!(left.len(), before);
    // what is paid, or being paid, is nobody's to throw away
    let riepilogo = browser.post(PASTI, &form()).await.location();
    browser.pay(&riepilogo).await;
    browser.post("/riprendi", &[("azione", "elimina")]).await.location();
    let left = sportello.posizioni(crate::harness::VALDORIA).await;
    assert_eq!(left.iter().filter(|p| p.causale.starts_with("Buoni pasto") && p.stato == StatoPosizione::Aperta).count(), 1);
}

#[tokio::test]
async fn after_a_week_and_to_whoever_forges_it_there_is_nothing_to_take_up() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let riepilogo = browser.post(PASTI, &form()).await.location();
    let kept = browser.kept("b").unwrap();
    let summary = riepilogo.rsplit('/').next().unwrap();
    for forged in [format!("valdoria~{summary}"), "valdoria~".into(), "~".into(), "x".repeat(4_000), kept.replace('~', ".")] {
        let mut other = sportello.browser();
        other.keep(&format!("b={forged}"));
        assert!(!other.get("/valdoria").await.has("Riprendi il pagamento iniziato"), "{forged}");
        assert_eq!(other.post("/riprendi", &[("azione", "riprendi")]).await.location(), "/", "{forged}");
    }
    sportello.later(7 * 24 * 60 + 1);
    assert!(!browser.get("/valdoria").await.has("Riprendi il pagamento iniziato"));
}
