//! The digital revenue stamp that comes with a receipt.

use crate::harness::Sportello;
use domain::EsitoPagamento;

#[tokio::test]
async fn the_stamp_is_taken_away_from_the_page_of_its_payment_and_from_no_other() {
    let sportello = Sportello::start().await;
    for (bollo, status) in [(true, 200), (false, 404)] {
        let numero = sportello.find_avviso(|a| a.stato == "APERTA" && a.bollo == bollo).numero;
        let mut browser = sportello.browser();
        let checkout = browser.pay(&sportello.look_up(&numero).await).await;
        let back = browser.choose(&checkout, "paga", 1).await;
        let (esito, token) = browser.come_back(&back).await;
        sportello.wait_for(&token, EsitoPagamento::Pagato).await;
        assert_eq!(browser.get(&esito).await.has("Scarica la marca da bollo (XML)"), bollo);
        let stamp = browser.get(&format!("{esito}/marca-da-bollo.xml")).await;
        assert_eq!(stamp.status, status);
        if bollo {
            assert_eq!(stamp.header("content-type"), "application/xml");
            assert_eq!(stamp.header("content-disposition"), "attachment; filename=\"marca-da-bollo.xml\"");
            // the document that was asked for, by its digest
            assert!(stamp.has("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), "{}", stamp.html());
            let other = esito.replace("/valdoria/", "/pietralta/");
            assert_eq!(browser.get(&format!("{other}/marca-da-bollo.xml")).await.status, 404);
        }
    }
}
