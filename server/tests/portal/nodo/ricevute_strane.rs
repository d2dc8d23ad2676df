//! Receipts with something odd about them: every one is answered OK, kept, and told apart. A KO would make the Nodo throw it away.

use crate::harness::{PIETRALTA, Sportello, VALDORIA, addressed, rata, receipt};
use domain::{Anomalia, CodiceFiscaleEnte, EsitoPagamento, Importo, NumeroAvviso, StatoPosizione, StatoRicevuta};
use nodo::pa_for_node::client::{Response, encode_send_rt};
use nodo::pa_for_node::{Operation, SendRtRequest};

/// A receipt for the first open notice that is like this.
async fn receipt_for(sportello: &Sportello, causale: &str) -> (String, SendRtRequest) {
    let numero = sportello.find_avviso(|a| a.causale.contains(causale)).numero;
    let posizione = sportello.posizione(&numero).await;
    let request = receipt(&posizione, rata(&posizione, &numero), causale);
    (numero, request)
}

/// Delivers it; what was found odd.
async fn anomalie(sportello: &Sportello, request: &SendRtRequest) -> Vec<Anomalia> {
    sportello.deliver(request).await;
    let numero = request.ricevuta.numero_avviso.as_str();
    let row = sportello.ricevute(numero).await.pop().unwrap();
    assert_eq!(row.ricevuta, request.ricevuta);
    assert_eq!(row.stato, if row.anomalie.is_empty() { StatoRicevuta::Valida } else { StatoRicevuta::Anomala });
    row.anomalie
}

#[tokio::test]
async fn money_for_a_position_that_was_closed_still_pays_it() {
    let sportello = Sportello::start().await;
    for (causale, expected) in [
        ("987", Anomalia::PosizioneAnnullata),
        ("Sala Verde, mezza giornata", Anomalia::PosizioneScaduta),
        ("655", Anomalia::PosizioneScaduta),
        ("901", Anomalia::DoppioPagamento),
    ] {
        let (numero, request) = receipt_for(&sportello, causale).await;
        assert_eq!(anomalie(&sportello, &request).await, [expected], "{causale}");
        assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata, "{causale}");
    }
    let posizione = sportello.posizione(&sportello.numero_in_bozza().await).await;
    let request = receipt(&posizione, &posizione.rate[0], "bozza");
    assert_eq!(anomalie(&sportello, &request).await, [Anomalia::PosizioneInBozza]);
}

#[tokio::test]
async fn a_notice_nobody_knows_is_kept_for_somebody_to_look_at() {
    let sportello = Sportello::start().await;
    let (_, mut request) = receipt_for(&sportello, "1042").await;
    request.ricevuta.numero_avviso = NumeroAvviso::parse("302000000000000184").unwrap();
    request.ricevuta.iuv = "02000000000000184".into();
    assert_eq!(anomalie(&sportello, &request).await, [Anomalia::PosizioneSconosciuta]);
}

#[tokio::test]
async fn another_amount_another_sum_and_another_iuv_are_told() {
    let sportello = Sportello::start().await;
    let (atteso, pagato) = (Importo::of_cents(4_200), Importo::of_cents(4_100));
    let (_, mut request) = receipt_for(&sportello, "1042").await;
    request.ricevuta.importo = pagato;
    request.ricevuta.iuv = "02000000000000184".into();
    let expected =
        [Anomalia::SommaVersamenti { somma_cents: 4_200 }, Anomalia::IuvDiverso, Anomalia::ImportoDiverso { atteso, pagato }];
    assert_eq!(anomalie(&sportello, &request).await, expected);
}

#[tokio::test]
async fn a_receipt_through_another_station_or_intermediary_counts() {
    let sportello = Sportello::start().await;
    let (numero, mut request) = receipt_for(&sportello, "1042").await;
    request.instradamento.stazione = "99999000013_99".into();
    request.instradamento.intermediario = "77777777777".into();
    let expected = [
        Anomalia::IntermediarioInatteso { intermediario: "77777777777".into() },
        Anomalia::StazioneInattesa { stazione: "99999000013_99".into() },
    ];
    assert_eq!(anomalie(&sportello, &request).await, expected);
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
}

#[tokio::test]
async fn a_receipt_of_another_ente_s_notice_is_kept_and_moves_nothing_of_ours() {
    let sportello = Sportello::start().await;
    let (numero, request) = receipt_for(&sportello, "1042").await;
    // a broadcast: the addressee has a transfer in it, the notice is somebody else's, even with a number that we have too
    let mut broadcast = request.clone();
    broadcast.ricevuta.ente = CodiceFiscaleEnte::parse("77777777777").unwrap();
    sportello.deliver(&broadcast).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    let other = CodiceFiscaleEnte::parse("77777777777").unwrap();
    let rows = sportello.portal.store().ricevute_of_avviso(&other, &request.ricevuta.numero_avviso).await.unwrap();
    assert_eq!((rows.len(), rows[0].anomalie.as_slice(), rows[0].ente_destinatario.as_str()), (1, &[][..], VALDORIA));
    // the copy for Pietralta of a notice of Valdoria, and Valdoria's own: one payment, two addressees
    let copy = SendRtRequest { instradamento: addressed(PIETRALTA), ..request.clone() };
    sportello.deliver(&copy).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    let own =
        SendRtRequest { ricevuta: domain::Ricevuta { receipt_id: "propria".into(), ..request.ricevuta.clone() }, ..request };
    sportello.deliver(&own).await;
    let addressees: Vec<_> = sportello.ricevute(&numero).await.into_iter().map(|r| (r.ente_destinatario, r.anomalie)).collect();
    assert_eq!(addressees, [(PIETRALTA.to_owned(), vec![]), (VALDORIA.to_owned(), vec![])]);
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
    assert_eq!(sportello.in_inbox("QUARANTENA").await, 0);
}

#[tokio::test]
async fn what_cannot_be_understood_is_quarantined_and_answered_ok() {
    let sportello = Sportello::start().await;
    let (numero, request) = receipt_for(&sportello, "1042").await;
    let text = String::from_utf8(encode_send_rt(&request)).unwrap();
    let v1 = String::from_utf8(encode_send_rt(&SendRtRequest { v2: false, ..request })).unwrap();
    let mut count = 0;
    for (op, broken) in [
        (Operation::SendRtV2, text.replace("<receiptId>", "<receiptId>____________________________________")),
        (Operation::SendRtV2, text.replace("<outcome>OK</outcome>", "<outcome>FORSE</outcome>")),
        (Operation::SendRtV2, text.replace("<paymentAmount>42.00", "<paymentAmount>42,00")),
        (Operation::SendRtV2, text.replace(&format!("<noticeNumber>{numero}</noticeNumber>"), "")),
        (Operation::SendRtV2, text.replace("<idTransfer>1</idTransfer>", "")),
        (Operation::SendRt, v1.replace("<paymentAmount>42.00", "<paymentAmount>-42.00")),
        // well-formed and complete, for an ente that is not ours
        (Operation::SendRtV2, text.replace("<idPA>80001230459", "<idPA>77777777777")),
    ] {
        assert_eq!(sportello.ask(op, broken.clone().into_bytes()).await, Response::Ok, "{broken}");
        count += 1;
        assert_eq!(sportello.in_inbox("QUARANTENA").await, count, "{broken}");
    }
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta);
    assert_eq!(sportello.ricevute(&numero).await.len(), 0);
}

/// SANP: HTTP 400 makes the Nodo send it again, and then it may be whole. What came is kept all the same.
#[tokio::test]
async fn a_receipt_cut_off_on_its_way_is_kept_and_asked_for_again() {
    let sportello = Sportello::start().await;
    let (numero, request) = receipt_for(&sportello, "1042").await;
    let body = encode_send_rt(&request);
    let page = sportello.soap(body[..body.len() - 300].to_vec()).await;
    assert_eq!(page.status, 400, "{}", page.text());
    assert!(!page.has("outcome"));
    assert_eq!(sportello.in_inbox("QUARANTENA").await, 1);
    sportello.deliver(&request).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
}

/// The Nodo sends receipts for payments that were made; one that says KO must not make a debt look paid.
#[tokio::test]
async fn a_receipt_that_says_ko_is_kept_and_pays_nothing() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let posizione = sportello.posizione(&numero).await;
    let mut request = receipt(&posizione, rata(&posizione, &numero), "negativa");
    request.ricevuta.esito_ok = false;
    request.ricevuta.nota = Some(sportello.tentativi(&numero).await[0].id.clone());
    assert_eq!(anomalie(&sportello, &request).await, [Anomalia::EsitoNegativo]);
    let posizione = sportello.posizione(&numero).await;
    assert_eq!((posizione.stato, rata(&posizione, &numero).pagata), (StatoPosizione::Aperta, false));

    let back = browser.choose(&checkout, "paga", 1).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    assert_eq!(sportello.ricevute(&numero).await.len(), 2);
    let page = browser.get(&esito).await;
    assert!(page.status == 200 && page.has("Banca di Prova") && !page.has("negativa"), "{}", page.text());
    assert_eq!(browser.get(&format!("{esito}/ricevuta.pdf")).await.status, 200);
}

#[tokio::test]
async fn a_sixth_transfer_is_kept_and_the_outcome_can_be_seen() {
    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    let checkout = browser.pay(&riepilogo).await;
    let posizione = sportello.posizione(&numero).await;
    let mut request = receipt(&posizione, rata(&posizione, &numero), "sei");
    let part = request.ricevuta.versamenti.remove(0);
    for (indice, importo) in (1..).zip(part.importo.split(6)) {
        request.ricevuta.versamenti.push(domain::ricevuta::VersamentoRicevuta { indice, importo, ..part.clone() });
    }
    sportello.deliver(&request).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
    let back = browser.choose(&checkout, "abbandona", 0).await;
    let (esito, token) = browser.come_back(&back).await;
    sportello.wait_for(&token, EsitoPagamento::Pagato).await;
    assert_eq!(browser.get(&esito).await.status, 200);
}
