//! Which way to pay a debt: all at once, by instalments, less until a day.

use crate::harness::{Sportello, VALDORIA};
use domain::posizione::EventoPosizione;
use domain::{Importo, Opzione, Posizione, StatoPosizione};
use jiff::ToSpan as _;
use portal::posizione::{NuovaOpzione, NuovaPosizione};

#[tokio::test]
async fn on_the_page_of_any_notice_of_a_plan_one_chooses_what_to_pay() {
    let sportello = Sportello::start().await;
    // last year's is half paid: nothing to choose any more
    let causale = format!("TARI {}", sportello.portal.clock().today().year());
    let tari = sportello.find_avviso(|a| a.stato == "APERTA" && a.causale == causale);
    let posizione = sportello.posizione(&tari.numero).await;
    let mut browser = sportello.browser();
    let avviso = sportello.look_up(posizione.rate[1].numero.as_str()).await;
    let page = browser.get(&avviso).await;
    let radios: Vec<_> = page.tags().into_iter().filter(|t| t.attribute("name") == Some("rata")).collect();
    assert_eq!(radios.len(), posizione.rate.len(), "{}", page.text());
    let checked: Vec<_> = radios.iter().filter(|t| t.attribute("checked").is_some()).collect();
    assert_eq!(checked.len(), 1);
    assert_eq!(checked[0].attribute("value"), Some("1"));
    for rata in &posizione.rate {
        assert!(page.has(&app::texts::numeri::soldi(rata.importo)), "{}", page.text());
    }
    for wrong in ["99", "-1", "x", "1 ", "99999999999999999999999999"] {
        let page = browser.post(&avviso, &[("rata", wrong)]).await;
        assert!(matches!(page.status, 200 | 404 | 422), "{wrong}: {}", page.status);
        assert_eq!(page.header("location"), "", "{wrong}");
    }
    let checkout = browser.post(&avviso, &[("rata", "2")]).await.location();
    assert_eq!(browser.post(&avviso, &[("rata", "2")]).await.location(), checkout, "two clicks are one trip");
    let chosen = posizione.rate[2].numero.as_str();
    assert_eq!(sportello.tentativi(chosen).await.len(), 1);
    let other = browser.post(&avviso, &[]).await.location();
    assert_ne!(other, checkout, "another choice is another trip");
    let back = browser.choose(&checkout, "paga", 1).await;
    browser.come_back(&back).await;
    sportello.wait_for_ricevute(chosen, 1).await;
    // who began by instalments goes on by instalments
    let page = browser.get(&avviso).await;
    let left: Vec<_> = page.tags().into_iter().filter(|t| t.attribute("name") == Some("rata")).collect();
    assert!(left.iter().all(|t| !matches!(t.attribute("value"), Some("0" | "2"))), "{}", page.text());
    assert_eq!(browser.post(&avviso, &[("rata", "0")]).await.status, 409);
}

/// A fine: 29,40 € within five days, 42,00 € later.
async fn multa(sportello: &Sportello) -> Posizione {
    let ente = sportello.ente("valdoria").await;
    let posizioni = sportello.posizioni(VALDORIA).await;
    let like = posizioni.iter().find(|p| p.causale.starts_with("Verbale")).unwrap();
    let oggi = sportello.portal.clock().today();
    let opzione = |cents: i64, giorni: i64, non_oltre_scadenza: bool| {
        let mut versamento = like.rate[0].versamenti[0].clone();
        versamento.importo = Importo::of_cents(cents);
        NuovaOpzione {
            opzione: Opzione::Unica,
            scadenza: Some(oggi.saturating_add(giorni.days())),
            non_oltre_scadenza,
            versamenti: vec![versamento],
        }
    };
    let nuova = NuovaPosizione {
        servizio: like.servizio.clone(),
        causale: "Verbale n. 77/2026".into(),
        debitore: like.debitore.clone(),
        atto: None,
        opzioni: vec![opzione(2_940, 5, true), opzione(4_200, 60, false)],
    };
    let posizione = sportello.portal.create_posizione(&ente, nuova).await.unwrap();
    sportello.portal.move_posizione(&ente.codice_fiscale, &posizione.id, EventoPosizione::Pubblica, "").await.unwrap();
    posizione
}

#[tokio::test]
async fn a_reduced_amount_is_shown_with_its_last_day_and_ends_with_it() {
    let sportello = Sportello::start().await;
    let posizione = multa(&sportello).await;
    let mut browser = sportello.browser();
    let [ridotto, intero] = [0, 1].map(|i| posizione.rate[i].numero.to_string());
    let avviso = sportello.look_up(&intero).await;
    let page = browser.get(&avviso).await;
    assert!(page.has("Importo ridotto, entro il 28 novembre 2026") && page.has("29,40\u{a0}€"), "{}", page.text());
    // the page stays open over the last day: what it costs is read when it is paid
    sportello.later(5 * 24 * 60);
    let avviso = sportello.look_up(&intero).await;
    assert!(browser.get(&avviso).await.has("Importo ridotto"));
    browser.post(&avviso, &[("rata", "0")]).await.location();
    assert_eq!(sportello.tentativi(&ridotto).await[0].importo.cents(), 2_940);
    sportello.later(15 * 60);
    let avviso = sportello.look_up(&intero).await;
    let page = browser.get(&avviso).await;
    assert!(!page.tags().iter().any(|t| t.attribute("name") == Some("rata")), "nothing to choose: {}", page.text());
    assert_eq!(browser.post(&avviso, &[("rata", "0")]).await.status, 409);
    let checkout = browser.post(&avviso, &[]).await.location();
    assert_eq!(sportello.tentativi(&intero).await[0].importo.cents(), 4_200);
    let back = browser.choose(&checkout, "paga", 1).await;
    browser.come_back(&back).await;
    sportello.wait_for_ricevute(&intero, 1).await;
    assert_eq!(sportello.posizione(&intero).await.stato, StatoPosizione::Pagata);
    assert_eq!(browser.post(&sportello.look_up(&ridotto).await, &[]).await.status, 409, "either settles the debt");
}
