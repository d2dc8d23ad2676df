//! A payment without a notice: form, summary, Checkout, receipt.

use crate::harness::{Browser, PASTI, Sportello, form, form_but, rata};
use app::texts::stati;
use domain::posizione::NonPagabile;
use domain::{EsitoPagamento, StatoPosizione, StatoRicevuta, StatoTentativo};

#[tokio::test]
async fn a_citizen_pays_without_a_notice_and_gets_the_receipt() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Bozza, "unknown to the Nodo until it is paid");
    assert!(riepilogo.starts_with("/valdoria/riepilogo/") && !riepilogo.contains(&numero), "{riepilogo}");

    let page = browser.get(&riepilogo).await;
    for answer in ["Che cosa vuoi pagareBuoni pasto, 4,80 € l’uno", "Quantità10"] {
        assert!(page.text().contains(answer), "how the amount came about: {}", page.text());
    }
    assert_eq!((page.status, page.h1().as_str()), (200, "Controlla e paga"));
    for shown in
        ["Buoni pasto - 3B primaria, marzo", "48,00\u{a0}€", "Mario Rossi", "RSSMRA85T10A562S", "mario.rossi@posta.example"]
    {
        assert!(page.has(shown), "{shown}: {}", page.text());
    }

    let left = browser.post(&riepilogo, &[]).await;
    let cookie = left.header("set-cookie").to_owned();
    assert!(cookie.starts_with("s=") && cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"), "{cookie}");
    let checkout = left.location();
    assert!(checkout.starts_with(&sportello.sandbox_url("/checkout/pagamento/")) && !checkout.contains(&numero), "{checkout}");
    let page = browser.get(&checkout).await;
    assert!(page.status == 200 && page.has("48,00") && page.has("Buoni pasto"), "{}", page.text());

    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    let page = browser.get(&esito).await;
    assert_eq!((page.status, page.h1().as_str()), (200, stati::esito(EsitoPagamento::Pagato)));
    let ricevute = sportello.ricevute(&numero).await;
    let [row] = &ricevute[..] else { panic!("{ricevute:?}") };
    assert_eq!((row.stato, row.anomalie.as_slice()), (StatoRicevuta::Valida, &[][..]));
    assert_eq!(row.ricevuta.importo.cents(), 4_800);
    for shown in
        [row.ricevuta.receipt_id.as_str(), &row.ricevuta.iuv, "48,00\u{a0}€", "Banca di Prova S.p.A.", "Mensa scolastica"]
    {
        assert!(page.has(shown), "{shown}: {}", page.text());
    }

    let pdf = browser.get(&format!("{esito}/ricevuta.pdf")).await;
    assert_eq!((pdf.status, pdf.header("content-type")), (200, "application/pdf"));
    assert_eq!(pdf.header("content-disposition"), "inline; filename=\"ricevuta-pagamento.pdf\"");
    assert!(pdf.bytes.starts_with(b"%PDF-1.") && pdf.bytes.trim_ascii_end().ends_with(b"%%EOF"));

    let posizione = sportello.posizione(&numero).await;
    assert_eq!(posizione.stato, StatoPosizione::Pagata);
    assert!(rata(&posizione, &numero).pagata);
    let tentativi = sportello.tentativi(&numero).await;
    let [tentativo] = &tentativi[..] else { panic!("{tentativi:?}") };
    assert_eq!(tentativo.stato, StatoTentativo::ChiusoDaRicevuta);
    assert_eq!(row.ricevuta.nota.as_ref(), Some(&tentativo.id), "the receipt says which trip it belongs to");

    let again = browser.post(&riepilogo, &[]).await;
    assert_eq!(again.status, 409);
    assert!(again.has(stati::non_pagabile_testo(NonPagabile::Pagata)), "{}", again.text());
}

#[tokio::test]
async fn an_amount_written_into_the_form_is_ignored_where_the_tariff_decides() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    for (voce, quantita, cents, euro) in [("quota", "60", 3_000, "30,00\u{a0}€"), ("pasti", "2", 960, "9,60\u{a0}€")] {
        let mut form = form_but("voce", voce);
        form.retain(|(name, _)| *name != "quantita");
        form.extend([("quantita", quantita), ("importo", "0,01"), ("importo_cents", "1"), ("prezzo", "0,01")]);
        let (riepilogo, numero) = sportello.propose(PASTI, &form).await;
        assert!(browser.get(&riepilogo).await.has(euro));
        let checkout = browser.post(&riepilogo, &[("importo", "0,01"), ("amount", "1")]).await.location();
        assert!(browser.get(&checkout).await.has(euro));
        assert_eq!(sportello.posizione(&numero).await.rate[0].importo.cents(), cents);
        assert_eq!(sportello.tentativi(&numero).await[0].importo.cents(), cents);
    }
}

#[tokio::test]
async fn a_free_amount_is_what_was_written_and_nothing_else() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let donazione = "/valdoria/servizi/donazione/paga";
    let mut form = form_but("voce", "libera");
    form.retain(|(name, _)| *name != "quantita" && *name != "dettaglio");
    form.push(("importo", "1.234,50"));
    let (riepilogo, numero) = sportello.propose(donazione, &form).await;
    assert!(browser.get(&riepilogo).await.has("1.234,50\u{a0}€"));
    assert_eq!(sportello.posizione(&numero).await.rate[0].importo.cents(), 123_450);
}

#[tokio::test]
async fn who_pays_for_another_is_on_the_summary_and_not_the_debtor() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let mut form = form();
    form.extend([("altro_versante", "si"), ("versante_codice_fiscale", "00743110157"), ("versante_nome", "Nonni S.n.c.")]);
    let (riepilogo, numero) = sportello.propose(PASTI, &form).await;
    let page = browser.get(&riepilogo).await;
    assert!(page.has("Nonni S.n.c.") && page.has("00743110157") && page.has("Mario Rossi"), "{}", page.text());
    let posizione = sportello.posizione(&numero).await;
    assert_eq!(posizione.debitore.nome, "Mario Rossi");
    assert_eq!(posizione.versante.unwrap().nome, "Nonni S.n.c.");
}

#[tokio::test]
async fn what_was_typed_can_be_changed_from_the_summary_by_whoever_has_its_address() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, _) = sportello.riepilogo().await;
    let token = riepilogo.rsplit('/').next().unwrap();
    let page = browser.get(&format!("{PASTI}?da={token}")).await;
    assert_eq!(page.status, 200);
    let value = |name: &str| {
        page.tags().iter().find(|t| t.attribute("name") == Some(name)).unwrap().attribute("value").unwrap().to_owned()
    };
    assert_eq!(
        (value("codice_fiscale").as_str(), value("nome").as_str(), value("quantita").as_str()),
        ("RSSMRA85T10A562S", "Mario Rossi", "10")
    );
    for other in
        [format!("{PASTI}?da={}x", &token[..55]), format!("/pietralta/servizi/donazione/paga?da={token}"), format!("{PASTI}?da=")]
    {
        let page = browser.get(&other).await;
        assert!(page.status == 200 && !page.has("Mario Rossi") && !page.has("RSSMRA85T10A562S"), "{other}");
    }
}

#[tokio::test]
async fn a_summary_is_gone_after_two_hours() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    sportello.later(119);
    assert_eq!(browser.get(&riepilogo).await.status, 200);
    sportello.later(2);
    for page in [browser.get(&riepilogo).await, browser.post(&riepilogo, &[]).await] {
        assert_eq!((page.status, page.h1().as_str()), (410, "Il riepilogo è scaduto"));
        assert!(!page.has("Mario Rossi") && page.has("href=\"/valdoria\""));
    }
    assert_eq!(sportello.tentativi(&numero).await, []);
}

#[tokio::test]
async fn two_clicks_at_once_lead_to_one_cart() {
    let sportello = Sportello::start().await;
    let (riepilogo, numero) = sportello.riepilogo().await;
    let click = async |mut browser: Browser<'_>| browser.pay(&riepilogo).await;
    let (one, other) = tokio::join!(click(sportello.browser()), click(sportello.browser()));
    assert_eq!(one, other);
    // and "Back", "Paga" again a little later
    sportello.later(14);
    assert_eq!(click(sportello.browser()).await, one);
    let tentativi = sportello.tentativi(&numero).await;
    assert_eq!(tentativi.iter().map(|t| t.stato).collect::<Vec<_>>(), [StatoTentativo::Inviato]);
}

#[tokio::test]
async fn after_a_quarter_of_an_hour_a_new_trip_begins_and_the_old_one_can_still_end() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let old = browser.pay(&riepilogo).await;
    sportello.later(16);
    let new = browser.pay(&riepilogo).await;
    assert_ne!(old, new);
    let stati = async || sportello.tentativi(&numero).await.iter().map(|t| t.stato).collect::<Vec<_>>();
    assert_eq!(stati().await, [StatoTentativo::Scaduto, StatoTentativo::Inviato]);

    let back = browser.choose(&old, "paga", 1).await;
    let (_, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    assert_eq!(stati().await, [StatoTentativo::ChiusoDaRicevuta, StatoTentativo::Inviato]);
    // the card of the second trip is refused: the station says that the notice is paid
    let back = browser.choose(&new, "paga", 1).await;
    let (esito, _) = browser.come_back(&back).await;
    assert_eq!(browser.get(&esito).await.h1(), stati::esito(EsitoPagamento::NonRiuscito));
    assert_eq!(sportello.ricevute(&numero).await.len(), 1);
}
