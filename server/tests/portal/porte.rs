//! Stories of the doors towards pagoPA: what is told to ACA and GPD, what is fetched from them, what is noted of it all.

use crate::harness::{PIETRALTA, Sportello, VALDORIA};
use domain::posizione::EventoPosizione;
use domain::{CodiceFiscaleEnte, Modello, Posizione, StatoFlusso, StatoPosizione};
use jiff::SignedDuration;
use portal::jobs::Runner;
use serde_json::{Value, json};
use store::Verso;

impl Sportello {
    /// Does everything that is due, as a runner does; how many jobs.
    pub async fn work(&self) -> usize {
        Box::pin(Runner::new(self.portal.clone(), "storia").run_due()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.client().post(self.sandbox_url(path)).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path} {body}");
        answer.json().await.unwrap()
    }

    pub async fn break_rest(&self, guasto: &str) {
        self.post("/guasti", json!({ "rest": guasto })).await;
    }

    /// The position as GPD or ACA have it: its state, and those of its notices. `None`: it is not there.
    async fn over_there(&self, prodotto: &str, posizione: &Posizione) -> Option<(String, Vec<Value>)> {
        let all: Value = self.client().get(self.sandbox_url("/gpd/stato")).send().await.unwrap().json().await.unwrap();
        let navs: Vec<&str> = posizione.rate.iter().map(|rata| rata.numero.as_str()).collect();
        let found = all["posizioni"].as_array().unwrap().iter().find(|p| {
            p["prodotto"] == prodotto
                && p["codice_fiscale_ente"] == posizione.ente.as_str()
                && p["opzioni"].as_array().unwrap().iter().any(|o| navs.contains(&o["nav"].as_str().unwrap()))
        })?;
        Some((found["stato"].as_str().unwrap().to_owned(), found["opzioni"].as_array().unwrap().clone()))
    }

    async fn move_it(&self, posizione: &Posizione, evento: EventoPosizione) {
        self.portal.move_posizione(&posizione.ente, &posizione.id, evento, "storia").await.unwrap();
    }

    async fn behind(&self) -> i64 {
        self.portal.store().specchi_indietro().await.unwrap().0
    }

    /// Sends a receipt's payment as the PSP's flow has it.
    pub async fn publish_flow(&self, body: Value) -> Value {
        self.post("/fdr/pubblica", body).await["flussi"][0].clone()
    }
}

fn valdoria() -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(VALDORIA).unwrap()
}

#[tokio::test]
async fn every_notice_that_can_be_paid_is_mirrored_and_no_other() {
    let sportello = Sportello::start().await;
    assert!(sportello.behind().await > 10, "the demo has just been filled");
    sportello.work().await;
    assert_eq!(sportello.behind().await, 0);
    let today = sportello.portal.clock().today();
    let (mut shown, mut closed) = (0, 0);
    for posizione in sportello.posizioni(VALDORIA).await {
        let payable: Vec<&str> = posizione
            .rate
            .iter()
            .filter(|rata| posizione.pagabile(&rata.numero, today).is_ok())
            .map(|rata| rata.numero.as_str())
            .collect();
        match sportello.over_there("ACA", &posizione).await {
            None => {
                let specchio = sportello.portal.store().specchio(&posizione.ente, &posizione.id).await.unwrap();
                assert_eq!(payable, [""; 0], "{} {specchio:?}", posizione.causale);
                closed += 1;
            }
            Some((stato, opzioni)) => {
                assert_eq!(stato, "VALID", "{}", posizione.causale);
                let navs: Vec<&str> = opzioni.iter().map(|o| o["nav"].as_str().unwrap()).collect();
                assert_eq!(navs, payable, "{}", posizione.causale);
                shown += 1;
            }
        }
    }
    assert!(shown >= 5 && closed >= 3, "{shown} {closed}");
}

#[tokio::test]
async fn the_mirror_follows_cancellation_reopening_and_payment() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    let posizione = sportello.posizione(&avviso.numero).await;
    sportello.work().await;
    let stato = async || sportello.over_there("ACA", &posizione).await.map(|(stato, _)| stato);
    assert_eq!(stato().await.as_deref(), Some("VALID"));
    sportello.move_it(&posizione, EventoPosizione::Annulla).await;
    sportello.work().await;
    assert_eq!(stato().await.as_deref(), Some("INVALID"));
    sportello.move_it(&posizione, EventoPosizione::Riapre).await;
    sportello.work().await;
    assert_eq!(stato().await.as_deref(), Some("VALID"), "what was closed over there is made anew");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    assert_eq!(sportello.posizione(&avviso.numero).await.stato, StatoPosizione::Pagata);
    sportello.work().await;
    assert_eq!(stato().await.as_deref(), Some("INVALID"), "nobody pays it again while we are down");
    assert_eq!(sportello.behind().await, 0);
}

#[tokio::test]
async fn what_is_paid_in_stand_in_closes_the_notice_here() {
    let sportello = Sportello::start().await;
    let avviso = sportello.avviso("APERTA");
    sportello.work().await;
    let body = json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": avviso.numero });
    let paid = sportello.post("/aca/paga", body).await;
    assert_eq!(paid["stato"], "PAID");
    let posizione = sportello.posizione(&avviso.numero).await;
    assert_eq!(posizione.stato, StatoPosizione::Pagata);
    assert!(sportello.ricevute(&avviso.numero).await[0].ricevuta.stand_in);
    // closing what has money behind it is refused over there, and that is right
    sportello.work().await;
    assert_eq!(sportello.over_there("ACA", &posizione).await.unwrap().0, "PAID");
    assert_eq!(sportello.behind().await, 0);
}

#[tokio::test]
async fn while_aca_is_away_nothing_is_lost_and_nothing_dies() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    for guasto in ["errore_500", "fatto_500", "spazzatura", "troncato", "troppe_429", "enorme", "altrove"] {
        let avviso = sportello.find_avviso(|a| a.stato == "APERTA" && !a.bollo && !a.causale.starts_with("TARI"));
        let posizione = sportello.posizione(&avviso.numero).await;
        sportello.break_rest(guasto).await;
        sportello.move_it(&posizione, EventoPosizione::Annulla).await;
        assert_eq!(sportello.work().await, 1, "{guasto}");
        let counts = sportello.portal.store().job_counts().await.unwrap();
        assert!(counts.iter().all(|(_, stato, _)| stato != "MORTO"), "{guasto}: {counts:?}");
        sportello.break_rest("nessuno").await;
        sportello.move_it(&posizione, EventoPosizione::Riapre).await;
        sportello.work().await;
        // the breaker of the whole peer may rest; the job of the older change waits: both are told in the end
        assert!(sportello.behind().await <= 1, "{guasto}");
    }
}

#[tokio::test]
async fn an_ente_of_gpd_is_published_paid_there_and_its_receipts_come() {
    let sportello = Sportello::start().await;
    let told = sportello.portal.change_modello(&valdoria(), Modello::Gpd, "storia").await.unwrap();
    let posizioni = sportello.posizioni(VALDORIA).await;
    let drafts = posizioni.iter().filter(|p| p.stato == StatoPosizione::Bozza).count();
    assert_eq!(told, (posizioni.len() - drafts) as u64);
    sportello.work().await;
    assert_eq!(sportello.behind().await, 0);
    let numero = sportello.avviso("APERTA").numero;
    let aperta = sportello.posizione(&numero).await;
    assert_eq!(sportello.over_there("GPD", &aperta).await.unwrap().0, "VALID");
    let body = json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": numero, "copie": 0 });
    let paid = sportello.post("/gpd/paga", body).await;
    assert_eq!(paid["stato"], "PAID");
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Aperta, "its receipt was lost on the way");
    sportello.later(6 * 60);
    sportello.work().await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata, "and was fetched");
    sportello.later(6 * 60);
    sportello.work().await;
    assert_eq!(sportello.ricevute(&numero).await.len(), 1, "once");
}

#[tokio::test]
async fn a_cancelled_position_of_gpd_is_withdrawn_and_a_paid_one_is_left_alone() {
    let sportello = Sportello::start().await;
    sportello.portal.change_modello(&valdoria(), Modello::Gpd, "storia").await.unwrap();
    sportello.work().await;
    let avvisi = sportello.avvisi();
    let mut aperte = avvisi.iter().filter(|a| a.stato == "APERTA" && !a.bollo && !a.causale.starts_with("TARI"));
    let (first, second) = (aperte.next().unwrap(), aperte.next().unwrap());
    let (first, second) = (sportello.posizione(&first.numero).await, sportello.posizione(&second.numero).await);
    sportello.move_it(&first, EventoPosizione::Annulla).await;
    sportello
        .post(
            "/gpd/paga",
            json!({ "codice_fiscale_ente": VALDORIA, "numero_avviso": second.rate[0].numero.as_str(), "copie": 0 }),
        )
        .await;
    sportello.move_it(&second, EventoPosizione::Annulla).await;
    sportello.work().await;
    assert_eq!(sportello.over_there("GPD", &first).await.unwrap().0, "INVALID");
    let (stato, _) = sportello.over_there("GPD", &second).await.unwrap();
    assert!(["PAID", "PARTIALLY_PAID"].contains(&stato.as_str()), "{stato}: there is money behind it");
    assert_eq!(sportello.behind().await, 0);
}

#[tokio::test]
async fn a_receipt_that_never_came_is_named_by_a_flow_and_recovered() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let avviso = sportello.avviso("APERTA");
    let paid = sportello.pay_elsewhere(&avviso.numero, json!({ "copie": 0 })).await;
    assert_eq!(sportello.posizione(&avviso.numero).await.stato, StatoPosizione::Aperta);
    let flow = sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA })).await;
    sportello.later(60);
    sportello.work().await;
    let known = sportello
        .portal
        .store()
        .flussi_by_names(&valdoria(), flow["psp"].as_str().unwrap(), flow["fdr"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].stato, known[0].importo_cents), (StatoFlusso::Completo, flow["importo_cents"].as_i64()));
    let righe = sportello.portal.store().righe_of_flusso(&known[0].id).await.unwrap();
    assert_eq!(righe.iter().map(|riga| riga.importo_cents).sum::<i64>(), known[0].importo_cents.unwrap());
    // the flow was fetched after this slot's recovery: the next one asks
    sportello.later(5);
    sportello.work().await;
    assert_eq!(sportello.posizione(&avviso.numero).await.stato, StatoPosizione::Pagata);
    let ricevute = sportello.ricevute(&avviso.numero).await;
    assert_eq!(ricevute.len(), 1);
    assert_eq!(Some(ricevute[0].ricevuta.receipt_id.as_str()), paid["receipt_id"].as_str());
    let counts = sportello.portal.store().recuperi_counts().await.unwrap();
    assert_eq!(counts, [("RECUPERATA".to_owned(), 1)]);
}

#[tokio::test]
async fn a_receipt_that_comes_after_it_was_recovered_changes_nothing() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let avviso = sportello.avviso("APERTA");
    let posizione = sportello.posizione(&avviso.numero).await;
    let paid = sportello.pay_elsewhere(&avviso.numero, json!({ "copie": 0 })).await;
    sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA })).await;
    for minutes in [60, 5] {
        sportello.later(minutes);
        sportello.work().await;
    }
    let recovered = sportello.ricevute(&avviso.numero).await.remove(0);
    // the same payment in the Nodo's own words, which say more
    let rata = crate::harness::rata(&posizione, &avviso.numero);
    let mut request = crate::harness::receipt(&posizione, rata, paid["receipt_id"].as_str().unwrap());
    request.ricevuta.stand_in = true;
    sportello.deliver(&request).await;
    assert_eq!(sportello.ricevute(&avviso.numero).await.len(), 1);
    assert_eq!((sportello.in_inbox("QUARANTENA").await, sportello.in_inbox("RIPETUTO").await), (0, 1));
    // but another amount under the same id is another matter
    request.ricevuta.importo = domain::Importo::of_cents(1);
    sportello.deliver(&request).await;
    assert_eq!(sportello.in_inbox("QUARANTENA").await, 1);
    assert_eq!(sportello.ricevute(&avviso.numero).await, [recovered]);
}

#[tokio::test]
async fn receipts_are_asked_for_ten_times_in_an_hour_and_never_in_a_loop() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let today = sportello.portal.clock().today();
    let mut missing = 0;
    for posizione in sportello.posizioni(VALDORIA).await.into_iter().chain(sportello.posizioni(PIETRALTA).await) {
        let ente = posizione.ente.to_string();
        if let Some(rata) = posizione.rate.iter().find(|rata| posizione.pagabile(&rata.numero, today).is_ok()) {
            let body = json!({ "codice_fiscale_ente": ente, "numero_avviso": rata.numero.as_str(), "copie": 0, "versione": 2 });
            missing += i64::from(!sportello.post("/psp/pay", body).await["receipt_id"].is_null());
        }
    }
    // a payment with parts of another ente appears in the flow of both
    sportello.publish_flow(json!({})).await;
    sportello.later(60);
    sportello.work().await;
    let calls = async || {
        let noted = sportello.portal.store().giornale_of_ente(VALDORIA, i64::MAX, 500).await.unwrap();
        let others = sportello.portal.store().giornale_of_ente(PIETRALTA, i64::MAX, 500).await.unwrap();
        noted.iter().chain(&others).filter(|(_, evento)| evento.controparte == "BIZ_EVENTS").count()
    };
    for _ in 0..5 {
        sportello.later(5);
        sportello.work().await;
    }
    assert!(missing >= 4, "{missing}");
    assert_eq!(calls().await, usize::try_from(missing.min(10)).unwrap(), "{missing} were missing");
    // the ration is in the table, whoever asks
    let mut left = 0;
    while sportello.portal.store().take_ration("BIZ_EVENTS", 10, 3_600_000).await.unwrap() {
        left += 1;
    }
    assert_eq!(left, 10 - missing.min(10));
}

#[tokio::test]
async fn a_flow_that_lies_is_kept_and_says_so_and_a_higher_revision_takes_its_place() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let avviso = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    let flow = sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA, "somma_in_piu_cents": 1 })).await;
    sportello.later(60);
    sportello.work().await;
    let names = (flow["psp"].as_str().unwrap(), flow["fdr"].as_str().unwrap());
    let known = async || sportello.portal.store().flussi_by_names(&valdoria(), names.0, names.1).await.unwrap();
    let lying = known().await;
    assert_eq!(lying.iter().map(|f| f.stato).collect::<Vec<_>>(), [StatoFlusso::Incompleto]);
    assert!(lying[0].mancanze[0].contains("Somma"), "{:?}", lying[0].mancanze);
    sportello.later(1);
    sportello.publish_flow(json!({ "ripubblica": names.1 })).await;
    sportello.later(60);
    sportello.work().await;
    let both = known().await;
    assert_eq!(both.iter().map(|f| f.stato).collect::<Vec<_>>(), [StatoFlusso::Superato, StatoFlusso::Completo]);
    assert!(!sportello.portal.store().righe_of_flusso(&both[0].id).await.unwrap().is_empty(), "the old one is kept");
    sportello.later(60);
    sportello.work().await;
    assert_eq!(known().await, both, "fetched again, it changes nothing");
}

#[tokio::test]
async fn a_flow_whose_pages_cannot_be_had_is_fetched_later() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    sportello.pay_elsewhere(&sportello.avviso("APERTA").numero, json!({})).await;
    let flow = sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA })).await;
    for guasto in ["errore_500", "spazzatura", "troncato"] {
        sportello.break_rest(guasto).await;
        assert!(sportello.portal.fetch_flussi(&valdoria()).await.unwrap().is_err(), "{guasto}");
    }
    sportello.break_rest("nessuno").await;
    assert_eq!(sportello.portal.fetch_flussi(&valdoria()).await.unwrap().unwrap(), 1);
    let known = sportello
        .portal
        .store()
        .flussi_by_names(&valdoria(), flow["psp"].as_str().unwrap(), flow["fdr"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(known[0].stato, StatoFlusso::Completo);
}

#[tokio::test]
async fn every_message_is_noted_in_both_directions_and_names_nobody() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let avviso = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    sportello.pay_elsewhere(&sportello.avviso("PAGATA").numero, json!({})).await;
    let mut citizen = sportello.browser();
    let another = sportello.avvisi().into_iter().rfind(|a| a.stato == "APERTA" && !a.bollo && a.numero != avviso.numero).unwrap();
    let found = citizen.post("/valdoria/avviso", &[("numero", another.numero.as_str())]).await;
    let page = found.location();
    citizen.post(&page, &[]).await;
    sportello.portal.flush_giornale().await.unwrap();
    let about = sportello.portal.store().giornale_of_impronta(&sportello.portal.impronta_of(&avviso.numero), 100).await.unwrap();
    let told: Vec<_> =
        about.iter().map(|(_, e)| (e.verso, e.operazione.as_str(), e.esito.as_str(), e.codice.as_deref())).collect();
    assert_eq!(
        told,
        [
            (Verso::Entrata, "paVerifyPaymentNotice", "OK", None),
            (Verso::Entrata, "paGetPaymentV2", "OK", None),
            (Verso::Entrata, "paSendRTV2", "OK", None),
        ]
    );
    assert!(about.iter().all(|(_, e)| e.sha256_richiesta.is_some() && e.byte_richiesta.is_some_and(|n| n > 100)));
    let all = sportello.portal.store().giornale_of_ente(VALDORIA, i64::MAX, 1_000).await.unwrap();
    let ko: Vec<_> = all.iter().filter_map(|(_, e)| e.codice.as_deref()).collect();
    assert!(ko.contains(&"PAA_PAGAMENTO_DUPLICATO"), "{ko:?}");
    for controparte in ["NODO", "CHECKOUT", "ACA"] {
        assert!(all.iter().any(|(_, e)| e.controparte == controparte), "{controparte}");
    }
    let text = format!("{all:?}");
    for posizione in sportello.posizioni(VALDORIA).await {
        let debitore = &posizione.debitore;
        for secret in [debitore.nome.as_str(), debitore.codice_fiscale.as_str(), posizione.rate[0].numero.as_str()] {
            assert!(!text.contains(secret), "{secret}");
        }
    }
    assert_eq!(sportello.portal.giornale_persi(), 0);
}

#[tokio::test]
async fn the_giornale_is_kept_for_two_years_and_then_goes() {
    let sportello = Sportello::start().await;
    sportello.pay_elsewhere(&sportello.avviso("APERTA").numero, json!({})).await;
    sportello.portal.flush_giornale().await.unwrap();
    let noted = async || sportello.portal.store().giornale_of_ente(VALDORIA, i64::MAX, 1_000).await.unwrap().len();
    let before = noted().await;
    assert!(before >= 3);
    let mut tx = sportello.portal.store().begin().await.unwrap();
    let two_years = sportello.now() - SignedDuration::from_hours(24 * 730);
    assert_eq!(tx.delete_eventi(two_years, 1_000).await.unwrap(), 0);
    assert_eq!(tx.delete_eventi(sportello.now() + SignedDuration::from_secs(1), 1_000).await.unwrap(), before as u64);
    tx.commit().await.unwrap();
    assert_eq!(noted().await, 0);
}

#[tokio::test]
async fn the_ways_to_pay_are_told_over_rest() {
    let sportello = Sportello::start().await;
    let ask = async |ente: &str, numero: &str| {
        sportello.post("/psp/opzioni", json!({ "codice_fiscale_ente": ente, "numero_avviso": numero })).await
    };
    for posizione in sportello.posizioni(VALDORIA).await {
        let numero = posizione.rate[0].numero.as_str();
        let told = ask(VALDORIA, numero).await;
        let expected = match posizione.pagabile(&posizione.rate[0].numero, sportello.portal.clock().today()) {
            Ok(_) => Value::Null,
            Err(domain::posizione::NonPagabile::Sconosciuta) => "ODP-107".into(),
            Err(domain::posizione::NonPagabile::Pagata) => "ODP-108".into(),
            Err(domain::posizione::NonPagabile::Scaduta) => "ODP-110".into(),
            Err(domain::posizione::NonPagabile::Annullata) => "ODP-111".into(),
        };
        assert_eq!((&told["codice"], told["motivo"].is_null()), (&expected, true), "{} {told}", posizione.causale);
        if expected.is_null() {
            let sum: i64 = told["opzioni"]["paymentOptions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|o| o["amount"].as_i64().unwrap())
                .max()
                .unwrap();
            assert!(sum >= posizione.rate[0].importo.cents(), "{told}");
        }
    }
    let numero = sportello.avviso("APERTA").numero;
    assert_eq!(ask("00000000000", &numero).await["codice"], "ODP-104");
    assert_eq!(ask(VALDORIA, "301000000000000000").await["codice"], "ODP-107");
    for (ente, numero) in
        [(VALDORIA, "30100"), ("8000123045", numero.as_str()), (VALDORIA, "3010000000000000AB"), ("' OR 1=1 --", numero.as_str())]
    {
        assert_eq!(ask(ente, numero).await["codice"], "ODP-101", "{ente} {numero}");
    }
}

#[tokio::test]
async fn many_new_positions_of_gpd_go_in_files() {
    let sportello = Sportello::start().await;
    let ente = sportello.ente("valdoria").await;
    let one =
        sportello.posizioni(VALDORIA).await.into_iter().find(|p| p.stato == StatoPosizione::Aperta && p.rate.len() == 1).unwrap();
    for n in 0..220 {
        let nuova = portal::posizione::NuovaPosizione {
            servizio: one.servizio.clone(),
            causale: format!("Carico {n}"),
            debitore: one.debitore.clone(),
            atto: None,
            opzioni: vec![portal::posizione::NuovaOpzione {
                opzione: one.rate[0].opzione,
                scadenza: Some("2027-06-30".parse().unwrap()),
                non_oltre_scadenza: false,
                versamenti: one.rate[0].versamenti.clone(),
            }],
        };
        let posizione = sportello.portal.create_posizione(&ente, nuova).await.unwrap();
        sportello.move_it(&posizione, EventoPosizione::Pubblica).await;
    }
    sportello.portal.change_modello(&valdoria(), Modello::Gpd, "storia").await.unwrap();
    sportello.work().await;
    assert_eq!(sportello.behind().await, 0);
    let noted = sportello.portal.store().giornale_of_ente(VALDORIA, i64::MAX, 10_000).await.unwrap();
    let of = |controparte: &str, operazione: &str| {
        noted.iter().filter(|(_, e)| e.controparte == controparte && e.operazione == operazione).count()
    };
    assert_eq!(of("GPD_UPLOAD", "create-debt-positions-by-file-upload"), 1);
    let shown = sportello.posizioni(VALDORIA).await.iter().filter(|p| p.stato == StatoPosizione::Aperta).count();
    assert!(shown > 220 && of("GPD", "createPosition") < 20, "{shown} {}", of("GPD", "createPosition"));
    let last = sportello.posizioni(VALDORIA).await.into_iter().find(|p| p.causale == "Carico 219").unwrap();
    assert_eq!(sportello.over_there("GPD", &last).await.unwrap().0, "VALID");
}

#[tokio::test]
async fn the_accounts_on_record_are_known() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let known = sportello.portal.store().iban_registrati(&valdoria()).await.unwrap();
    let servizi = sportello.portal.store().list_servizi(&valdoria()).await.unwrap();
    assert!(servizi.iter().all(|servizio| known.iter().any(|row| row.iban == servizio.iban && row.attivo)), "{known:?}");
}

#[tokio::test]
async fn a_notice_is_printed_by_pagopa_where_an_ente_wants_it() {
    use nodo::print_notice::{Indirizzo, Modello as Carta};
    use portal::stampa::Stampa;
    let sportello = Sportello::start().await;
    let posizione = sportello.posizione(&sportello.avviso("APERTA").numero).await;
    let indirizzo = Indirizzo {
        via: "Via Roma".into(),
        civico: "1".into(),
        cap: "00100".into(),
        comune: "Roma".into(),
        provincia: "RM".into(),
    };
    let print = async || sportello.portal.print_avviso(&valdoria(), &posizione, &indirizzo, Carta::Unica).await.unwrap();
    assert!(matches!(print().await, Stampa::Ecco(pdf) if pdf.starts_with(b"%PDF-")));
    sportello.break_rest("errore_500").await;
    assert!(matches!(print().await, Stampa::PiuTardi));
}
