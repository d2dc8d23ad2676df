//! Stories of a runner: each piece of work once, by whoever is there, and never by who no longer holds it.

use super::*;
use crate::operatore::{Deciso, Perche, settle_job};
use crate::spontaneo::Proposta;
use crate::verifica::{Prova, verify};
use crate::{Clock, Settings};
use domain::modulo::Valori;
use domain::posizione::EventoPosizione;
use domain::servizio::Scheda;
use domain::{
    CodiceFiscaleEnte, CodiceSegregazione, Ente, Iban, Modello, Posizione, Servizio, Slug, StatoJob, StatoPosizione,
    StatoTentativo, Stazione, Tassonomia,
};
use jiff::{SignedDuration, Timestamp};
use nodo::checkout::{Checkout, CheckoutConfig, CheckoutVersion};
use store::{Annullo, Lifecycle, NewInbox, Store, Tentativo};
use url::Url;

/// Over as soon as it is given.
const NO_LEASE: i64 = -1;

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(n * 24)
}

pub(crate) fn ente() -> Ente {
    Ente {
        codice_fiscale: CodiceFiscaleEnte::parse("77777777777").unwrap(),
        nome: "Comune di Valdoria".into(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "00743110157_01".into(),
            intermediario: "00743110157".into(),
            segregazione: CodiceSegregazione::parse("02").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: domain::ente::Contatti::default(),
        aspetto: domain::Aspetto::default(),
    }
}

pub(crate) fn mensa() -> Servizio {
    Servizio {
        ente: ente().codice_fiscale,
        slug: Slug::parse("mensa").unwrap(),
        nome: "Mensa scolastica".into(),
        descrizione: "Il pasto".into(),
        argomento: "Scuola".into(),
        scheda: Scheda::default(),
        tassonomia: Tassonomia::parse("0101101IM").unwrap(),
        iban: Iban::parse("IT60X0542811101000000123456").unwrap(),
        iban_postale: None,
        modulo: Some(serde_json::from_str(r#"{"versione": 1, "sezioni": [], "importo": "30 €"}"#).unwrap()),
        su_richiesta: None,
        attivo: true,
    }
}

/// A portal of one ente whose clock stands still at the time of its database.
async fn portal() -> Portal {
    let store = Store::open_memory().await.unwrap();
    let now = store.database_time().await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_ente(&ente(), now).await.unwrap();
    tx.insert_servizio(&mensa(), 0, now).await.unwrap();
    tx.commit().await.unwrap();
    let checkout = Checkout::new(CheckoutConfig {
        base_url: Url::parse("http://127.0.0.1:9/").unwrap(),
        version: CheckoutVersion::V1,
        subscription_key: None,
        timeout_ms: 100,
        redirect_origins: vec!["https://checkout.example".into()],
    });
    let settings = Settings { public_url: Url::parse("https://valdoria.example/").unwrap(), ambiente_di_prova: true };
    Portal::new(store, checkout.unwrap(), Clock::fixed(now).unwrap(), settings, [7; 32])
}

/// A form that somebody filled in so long ago; the position made from it.
async fn draft(portal: &Portal, ago: SignedDuration) -> Posizione {
    let now = portal.clock().now();
    portal.clock().set(now - ago);
    let typed = [("codice_fiscale", "RSSMRA85T10A562S"), ("nome", "Mario Rossi")];
    let form = Valori::from_pairs(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let Proposta::Ok(token) = portal.propose_spontaneo(&ente(), &mensa(), &form, domain::Lingua::It).await.unwrap() else {
        unreachable!("a right form")
    };
    let summary = portal.load_riepilogo(&ente(), &token).await.unwrap();
    let crate::avviso::Trovato::Ecco(summary) = summary else { unreachable!("a fresh summary") };
    portal.clock().set(now);
    portal.store().posizione_by_avviso(&ente().codice_fiscale, &summary.numero).await.unwrap().unwrap()
}

async fn is_there(portal: &Portal, draft: &Posizione) -> bool {
    portal.store().posizione(&draft.ente, &draft.id).await.unwrap().is_some()
}

/// Somebody went to Checkout with it.
fn a_trip(portal: &Portal, of: &Posizione) -> Tentativo {
    Tentativo {
        id: "t1".into(),
        ente: of.ente.clone(),
        posizione_id: of.id.clone(),
        numero: of.rate[0].numero.clone(),
        importo: of.rate[0].importo,
        stato: StatoTentativo::Creato,
        esito_dichiarato: None,
        chiave: "k".into(),
        sessione_sha256: None,
        cart_url: None,
        lingua: None,
        problema: None,
        email: None,
        carrello: None,
        impronta: None,
        created_at: portal.clock().now(),
        returned_at: None,
    }
}

async fn broken(portal: &Portal) -> Vec<&'static str> {
    let prove = verify(portal.store(), portal.clock().now()).await.unwrap();
    prove.iter().filter(|prova| !prova.vale()).map(|prova| prova.codice).collect()
}

async fn write(portal: &Portal, tipo: TipoJob, delay_ms: i64) -> String {
    let id = ids::new_id().unwrap();
    let job = NewJob {
        id: id.clone(),
        tipo,
        chiave: id.clone(),
        ente: None,
        payload: "{}".into(),
        priorita: tipo.priorita(),
        delay_ms,
    };
    let mut tx = portal.store().begin().await.unwrap();
    assert!(tx.enqueue(&job).await.unwrap());
    tx.commit().await.unwrap();
    id
}

async fn take(portal: &Portal, lease_ms: i64) -> Job {
    portal.store().claim_job(&TipoJob::ALL, "un altro", lease_ms).await.unwrap().unwrap()
}

async fn job(portal: &Portal, id: &str) -> Job {
    portal.store().job(id).await.unwrap().unwrap()
}

fn runner(portal: &Portal) -> Runner {
    Runner::new(portal.clone(), "prova")
}

#[tokio::test]
async fn what_the_clock_asks_for_is_done_once_by_any_number_of_runners() {
    let portal = portal().await;
    // noon, so that a minute later is the same day
    portal.clock().set("2026-03-16T12:00:30Z".parse().unwrap());
    let all: Vec<_> = (0..4)
        .map(|_| {
            let runner = runner(&portal);
            tokio::spawn(async move { runner.run_due().await })
        })
        .collect();
    let mut taken = 0;
    for one in all {
        taken += one.await.unwrap();
    }
    assert_eq!(taken, 3);
    for chiave in ["LAVORA_INBOX:2026-03-16T12:00Z", "CANCELLA_BOZZE:2026-03-16", "VERIFICA:2026-03-16"] {
        let done = portal.store().job_by_chiave(chiave).await.unwrap().unwrap();
        assert_eq!((done.stato, done.tentativi), (StatoJob::Fatto, 1), "{chiave}");
    }
    assert_eq!(runner(&portal).run_due().await, 0);
    portal.clock().set("2026-03-16T12:01:00Z".parse().unwrap());
    assert_eq!(runner(&portal).run_due().await, 1, "the next minute");
    // half past midnight in Rome: days are those of Italy
    portal.clock().set("2026-07-01T22:30:00Z".parse().unwrap());
    assert_eq!(runner(&portal).run_due().await, 3);
    assert!(portal.store().job_by_chiave("VERIFICA:2026-07-02").await.unwrap().is_some());
}

#[tokio::test]
async fn old_drafts_go_young_ones_and_those_with_a_trip_stay_and_everything_holds() {
    let portal = portal().await;
    let [old, at_the_limit, young, fresh, trip] =
        [draft(&portal, days(40)).await, draft(&portal, days(30) + SignedDuration::from_secs(60)).await]
            .into_iter()
            .chain([draft(&portal, days(29)).await, draft(&portal, days(0)).await, draft(&portal, days(40)).await])
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
    let mut tx = portal.store().begin().await.unwrap();
    assert!(tx.insert_tentativo(&a_trip(&portal, &trip)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(broken(&portal).await, ["I14"], "the oldest should be gone by now");
    assert_eq!(runner(&portal).run_due().await, 3);
    assert_eq!(broken(&portal).await, [""; 0]);
    for (draft, stays) in [(old, false), (at_the_limit, false), (young, true), (fresh, true), (trip, true)] {
        assert_eq!(is_there(&portal, &draft).await, stays, "{draft:?}");
        assert_eq!(portal.store().modulo(&draft.ente, &draft.id).await.unwrap().is_some(), stays);
        let steps = portal.store().transizioni(Lifecycle::Posizione, &draft.id).await.unwrap();
        assert_eq!(steps.len(), if stays { 1 } else { 2 });
    }
    let chiave = format!("CANCELLA_BOZZE:{}", portal.clock().today());
    let done = portal.store().job_by_chiave(&chiave).await.unwrap().unwrap();
    assert_eq!((done.fatto, done.totale), (2, Some(2)));
    let prove: Vec<Prova> = verify(portal.store(), portal.clock().now()).await.unwrap();
    assert_eq!(prove.iter().filter(|prova| prova.to_string().contains(" - ")).count(), 1, "I13 alone is not here: {prove:?}");
}

#[tokio::test]
async fn the_address_of_a_trip_goes_after_thirty_days_and_the_trip_stays() {
    let portal = portal().await;
    let of = draft(&portal, days(0)).await;
    let email = domain::Email::parse("mario@posta.example").ok();
    let mut tx = portal.store().begin().await.unwrap();
    for (id, ago) in [("old", days(33)), ("young", days(29))] {
        let (id, chiave) = (id.to_owned(), id.to_owned());
        let trip = Tentativo { id, chiave, email: email.clone(), created_at: portal.clock().now() - ago, ..a_trip(&portal, &of) };
        assert!(tx.insert_tentativo(&trip).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(broken(&portal).await, ["I14"], "the older one should be gone by now");
    runner(&portal).run_due().await;
    assert_eq!(broken(&portal).await, [""; 0]);
    let kept = async |id| portal.store().tentativo(id).await.unwrap().unwrap().email;
    assert_eq!((kept("old").await, kept("young").await), (None, email));
}

/// A session that began as long ago.
async fn session(portal: &Portal, id: char, ago: SignedDuration) -> String {
    let iniziata = portal.clock().now() - ago;
    let sessione = store::Sessione {
        id_sha256: id.to_string().repeat(64),
        ente: None,
        codice_fiscale: domain::CodiceFiscale::parse("RSSMRA80A41F205B").unwrap(),
        nome: "Maria Rossi".into(),
        livello: None,
        iniziata,
        vista: iniziata,
        scade: iniziata + SignedDuration::from_hours(8),
    };
    let mut tx = portal.store().begin().await.unwrap();
    tx.insert_sessione(&sessione).await.unwrap();
    tx.commit().await.unwrap();
    sessione.id_sha256
}

#[tokio::test]
async fn sessions_go_when_they_are_over() {
    let portal = portal().await;
    let now = portal.clock().now();
    session(&portal, 'a', days(3)).await;
    session(&portal, 'b', SignedDuration::from_hours(9)).await;
    let used = session(&portal, 'c', SignedDuration::from_mins(5)).await;
    assert_eq!(broken(&portal).await, ["I14"], "the oldest should be gone by now");
    runner(&portal).run_due().await;
    assert_eq!(broken(&portal).await, [""; 0]);
    assert_eq!(portal.store().sessioni_before(now + days(1)).await.unwrap(), 1);
    assert!(portal.store().sessione(&used, now, now - days(1)).await.unwrap().is_some());
}

/// A notice that somebody asked for at a counter so long ago, as `richiesta.rs` writes it. In Rome an hour before midnight may be the next
/// day, and summer time may have ended since: one or two days more or less.
async fn asked_for(portal: &Portal, ago: SignedDuration) -> Posizione {
    let mut posizione = draft(portal, days(0)).await;
    let at = portal.clock().now() - ago;
    let due = portal.clock().civil(at).date().tomorrow().unwrap();
    let mut tx = portal.store().begin().await.unwrap();
    posizione.id = ids::new_id().unwrap();
    posizione.rate[0].numero = portal.draw_numero(&mut tx, &ente()).await.unwrap();
    posizione.rate[0].scadenza = Some(due);
    tx.insert_posizione(&posizione, at).await.unwrap();
    let aperta = StatoPosizione::Aperta;
    tx.advance_posizione(&posizione, EventoPosizione::Pubblica, aperta, store::RICHIESTA, at).await.unwrap();
    tx.commit().await.unwrap();
    Posizione { stato: aperta, ..posizione }
}

#[tokio::test]
async fn notices_asked_for_and_never_paid_are_closed_and_go_once_the_mirror_knows() {
    let portal = portal().await;
    let [alone, fresh, trip] =
        [asked_for(&portal, days(36)).await, asked_for(&portal, days(30)).await, asked_for(&portal, days(36)).await];
    let mut tx = portal.store().begin().await.unwrap();
    assert!(tx.insert_tentativo(&a_trip(&portal, &trip)).await.unwrap());
    // from now on ACA is told of every change
    tx.set_modello(&ente().codice_fiscale, domain::Modello::StazioneAca).await.unwrap();
    tx.commit().await.unwrap();
    let mirrored = asked_for(&portal, days(36)).await;
    assert_eq!(broken(&portal).await, ["I14"], "they should be gone by now");

    let again = async |portal: &Portal| {
        let id = write(portal, TipoJob::CancellaBozze, 0).await;
        let job = portal.store().claim_job(&[TipoJob::CancellaBozze], "uno", LEASE_MS).await.unwrap().unwrap();
        assert_eq!(job.id, id);
        let done = perform(portal, &job, &Progress::default()).await.unwrap();
        assert!(matches!(done, Esito::Fatto), "{done:?}");
        let mut tx = portal.store().begin().await.unwrap();
        tx.finish_job(&job.id, job.fence).await.unwrap();
        tx.commit().await.unwrap();
    };
    let stato = async |of: &Posizione| portal.store().posizione(&of.ente, &of.id).await.unwrap().map(|read| read.stato);
    again(&portal).await;
    // closed; ACA does not know it yet, of any
    let closed = Some(StatoPosizione::Annullata);
    assert_eq!((stato(&alone).await, stato(&mirrored).await), (closed, closed));
    again(&portal).await;
    assert_eq!((stato(&alone).await, stato(&mirrored).await), (closed, closed), "ACA must know first");
    let specchio = portal.store().specchio(&mirrored.ente, &mirrored.id).await.unwrap().unwrap();
    assert_eq!((specchio.voluta, specchio.inviata), (2, 0));
    let mut tx = portal.store().begin().await.unwrap();
    let (cf, now) = (&ente().codice_fiscale, portal.clock().now());
    // what is over there and cannot be closed needs its position; what never was there does not
    tx.told_posizione(cf, &mirrored.id, 2, Some("VALID"), Some("400"), now).await.unwrap();
    tx.told_posizione(cf, &alone.id, 1, None, None, now).await.unwrap();
    tx.commit().await.unwrap();
    again(&portal).await;
    assert_eq!((stato(&alone).await, stato(&mirrored).await), (None, closed));
    let mut tx = portal.store().begin().await.unwrap();
    tx.told_posizione(cf, &mirrored.id, 2, Some("INVALID"), None, now).await.unwrap();
    tx.commit().await.unwrap();
    again(&portal).await;
    assert_eq!(stato(&mirrored).await, None);
    assert!(portal.store().specchio(cf, &mirrored.id).await.unwrap().is_none());
    // not due for thirty days yet; touched by a trip
    assert_eq!((stato(&fresh).await, stato(&trip).await), (Some(StatoPosizione::Aperta), Some(StatoPosizione::Aperta)));
    let steps = portal.store().transizioni(Lifecycle::Posizione, &alone.id).await.unwrap();
    let events: Vec<_> = steps.iter().map(|step| step.evento.as_str()).collect();
    assert_eq!(events, ["NASCE", "PUBBLICA", "ANNULLA", "ELIMINA"]);
    assert_eq!(broken(&portal).await, [""; 0]);
}

#[tokio::test]
async fn a_clock_that_ran_ahead_deletes_nothing_early() {
    let portal = portal().await;
    let young = draft(&portal, days(1)).await;
    portal.clock().set(portal.clock().now() + days(365));
    assert_eq!(runner(&portal).run_due().await, 3);
    assert!(is_there(&portal, &young).await);
    assert_eq!(broken(&portal).await, [""; 0]);
}

#[tokio::test]
async fn what_a_crash_left_is_judged_and_what_has_just_come_is_left_alone() {
    let portal = portal().await;
    let now = portal.clock().now();
    let keep = async |id: &str, received_at: Timestamp| {
        let (operazione, sha256) = ("paSendRTV2".to_owned(), ids::sha256_hex(b"<rotto"));
        let entry = NewInbox { id: id.into(), received_at, peer: None, operazione, raw: b"<rotto", sha256: &sha256 };
        portal.store().keep(&entry).await.unwrap();
    };
    keep("old", now - SignedDuration::from_secs(61)).await;
    keep("young", now - SignedDuration::from_secs(59)).await;
    assert_eq!(runner(&portal).run_due().await, 3);
    let counts = [("QUARANTENA".to_owned(), 1), ("RICEVUTO".to_owned(), 1)];
    assert_eq!(portal.store().inbox_counts().await.unwrap(), counts);
    assert!(portal.store().pending_inbox().await.unwrap().iter().all(|(id, ..)| id == "young"));
}

#[tokio::test]
async fn a_broken_invariant_leaves_a_dead_job_that_names_it_and_does_not_break_another() {
    let portal = portal().await;
    let paid = Posizione { id: "p".into(), stato: StatoPosizione::Pagata, ..draft(&portal, days(0)).await };
    let mut tx = portal.store().begin().await.unwrap();
    let numero = portal.draw_numero(&mut tx, &ente()).await.unwrap();
    let paid = Posizione { rate: vec![domain::Rata { numero, ..paid.rate[0].clone() }], ..paid };
    tx.insert_posizione(&paid, portal.clock().now()).await.unwrap();
    tx.commit().await.unwrap();
    for later in [days(0), days(1)] {
        portal.clock().set(portal.clock().now() + later);
        assert_eq!(runner(&portal).run_due().await, 3);
        let chiave = format!("VERIFICA:{}", portal.clock().today());
        let dead = portal.store().job_by_chiave(&chiave).await.unwrap().unwrap();
        assert_eq!((dead.stato, dead.errore.as_deref()), (StatoJob::Morto, Some("I6")));
    }
}

#[tokio::test]
async fn work_that_fails_is_tried_again_and_after_five_times_it_is_dead() {
    let portal = portal().await;
    let runner = runner(&portal);
    let progress = Progress::default();
    let fails: [fn() -> Fine; 2] = [|| Fine::Lavorato(Err(PortalError::Inconsistent("x".into()))), || Fine::Caduto];
    for fail in fails {
        let id = write(&portal, TipoJob::Verifica, 0).await;
        runner.end(&take(&portal, LEASE_MS).await, fail(), &progress).await.unwrap();
        assert_eq!(job(&portal, &id).await.stato, StatoJob::Ritenta);
        // not for another ten seconds
        assert_eq!(portal.store().claim_job(&TipoJob::ALL, "x", LEASE_MS).await.unwrap(), None);
    }
    let id = write(&portal, TipoJob::LavoraInbox, 0).await;
    for _ in 1..TENTATIVI_MAX {
        take(&portal, NO_LEASE).await;
    }
    runner.end(&take(&portal, LEASE_MS).await, Fine::Caduto, &progress).await.unwrap();
    let dead = job(&portal, &id).await;
    assert_eq!((dead.stato, dead.errore.as_deref()), (StatoJob::Morto, Some("it panicked")));
    assert_eq!(broken(&portal).await, ["I8"]);
    assert_eq!(runner.run_due().await, 3);
    assert_eq!(broken(&portal).await, [""; 0], "the next one of its kind was done");
}

#[tokio::test]
async fn a_job_whose_holders_are_lost_again_and_again_is_not_tried_for_ever() {
    let portal = portal().await;
    let id = write(&portal, TipoJob::CancellaBozze, 0).await;
    for _ in 0..TENTATIVI_MAX {
        take(&portal, NO_LEASE).await;
    }
    runner(&portal).run_due().await;
    let dead = job(&portal, &id).await;
    assert_eq!((dead.stato, dead.errore.as_deref()), (StatoJob::Morto, Some("its holder was lost 5 times")));
}

#[tokio::test]
async fn whoever_lost_the_job_deletes_nothing_and_says_nothing_of_it() {
    let portal = portal().await;
    let old = draft(&portal, days(40)).await;
    let id = write(&portal, TipoJob::CancellaBozze, 0).await;
    let zombie = take(&portal, NO_LEASE).await;
    let holder = take(&portal, LEASE_MS).await;
    let progress = Progress::default();
    let refused = perform(&portal, &zombie, &progress).await;
    assert!(matches!(refused, Err(PortalError::Store(StoreError::Stale))), "{refused:?}");
    assert!(is_there(&portal, &old).await);
    for fine in [Fine::Lavorato(refused), Fine::Lavorato(Ok(Esito::Fatto)), Fine::Caduto, Fine::Annullato, Fine::Perso] {
        runner(&portal).end(&zombie, fine, &progress).await.unwrap();
    }
    assert_eq!(job(&portal, &id).await, holder);
    assert!(matches!(perform(&portal, &holder, &progress).await, Ok(Esito::Fatto)));
    assert!(!is_there(&portal, &old).await);
}

#[tokio::test]
async fn a_cancelled_job_is_given_up_before_and_half_way() {
    let portal = portal().await;
    let old = draft(&portal, days(40)).await;
    let [waiting, held] = [write(&portal, TipoJob::CancellaBozze, 60_000).await, write(&portal, TipoJob::CancellaBozze, 0).await];
    assert_eq!(portal.store().cancel_job(&waiting).await.unwrap(), Annullo::Subito);
    let taken = take(&portal, NO_LEASE).await;
    assert_eq!(portal.store().cancel_job(&held).await.unwrap(), Annullo::Chiesto);
    assert!(matches!(perform(&portal, &taken, &Progress::default()).await, Ok(Esito::Annullato)));
    assert!(is_there(&portal, &old).await, "between two batches nothing more is deleted");
    // its holder went away; whoever comes next sees the wish
    let again = Job { annulla: true, ..taken };
    runner(&portal).work(&again).await.unwrap();
    for id in [waiting, held] {
        assert_eq!(job(&portal, &id).await.stato, StatoJob::Annullato);
    }
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_work_goes_on_until_there_is_a_reason_to_stop() {
    let portal = portal().await;
    let runner = Runner { renew_every: Duration::from_millis(20), ..runner(&portal) };
    let id = write(&portal, TipoJob::Verifica, 0).await;
    let held = take(&portal, 200).await;
    let progress = Progress::default();
    progress.expect(10);
    progress.advance(3);
    let watched = tokio::time::timeout(Duration::from_millis(400), runner.watch(&held, &progress)).await;
    assert!(watched.is_err(), "no reason yet: {watched:?}");
    assert_eq!(portal.store().claim_job(&TipoJob::ALL, "x", LEASE_MS).await.unwrap(), None, "beyond its first lease");
    let seen = job(&portal, &id).await;
    assert_eq!((seen.fatto, seen.totale), (3, Some(10)));
    assert_eq!(portal.store().cancel_job(&id).await.unwrap(), Annullo::Chiesto);
    let fine = runner.watch(&held, &progress).await;
    assert!(matches!(fine, Fine::Annullato), "{fine:?}");
    let overtaken = Job { fence: held.fence - 1, ..held };
    let fine = runner.watch(&overtaken, &progress).await;
    assert!(matches!(fine, Fine::Perso), "{fine:?}");
}

#[tokio::test]
async fn verify_tells_of_work_that_nobody_takes() {
    let portal = portal().await;
    write(&portal, TipoJob::LavoraInbox, -9 * 60_000).await;
    assert_eq!(broken(&portal).await, [""; 0]);
    let late = write(&portal, TipoJob::LavoraInbox, -11 * 60_000).await;
    let prove = verify(portal.store(), portal.clock().now()).await.unwrap();
    let told = prove.iter().find(|prova| prova.codice == "I8").unwrap().to_string();
    assert!(told.contains("OPEN") && !told.contains("BROKEN") && told.contains(&late), "{told}");
    take(&portal, LEASE_MS).await;
    assert_eq!(broken(&portal).await, [""; 0], "it is held now");
}

/// A draft that is published, of an ente whose notices are mirrored; the job that tells it.
async fn mirrored(portal: &Portal) -> String {
    let posizione = draft(portal, days(0)).await;
    let mut tx = portal.store().begin().await.unwrap();
    tx.set_modello(&posizione.ente, Modello::StazioneAca).await.unwrap();
    tx.commit().await.unwrap();
    portal.move_posizione(&posizione.ente, &posizione.id, EventoPosizione::Pubblica, "storia").await.unwrap();
    format!("ALLINEA_POSIZIONE:{}:1", posizione.id)
}

#[tokio::test]
async fn verify_tells_of_a_position_that_pagopa_must_know_and_that_no_job_tells() {
    let portal = portal().await;
    let id = mirrored(&portal).await;
    assert_eq!(broken(&portal).await, [""; 0], "it waits for its job");
    portal.store().cancel_job(&id).await.unwrap();
    let prove = verify(portal.store(), portal.clock().now()).await.unwrap();
    let told = prove.iter().find(|prova| prova.codice == "I8").unwrap().to_string();
    assert!(told.contains("open 1 times") && told.contains("pagoPA was not told of its last change"), "{told}");
}

#[tokio::test]
async fn a_position_whose_dead_job_somebody_settled_waits_no_longer_to_be_told() {
    let portal = portal().await;
    let id = mirrored(&portal).await;
    let held = take(&portal, LEASE_MS).await;
    assert_eq!(held.id, id);
    let mut tx = portal.store().begin().await.unwrap();
    tx.bury_job(&id, held.fence, "ACA says no").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(broken(&portal).await, ["I8"]);
    let perche = Perche::parse("chiusa a mano su ACA").unwrap();
    let settled = settle_job(portal.store(), portal.clock().now(), &id, &perche).await.unwrap();
    assert_eq!((settled, broken(&portal).await), (Deciso::Fatto, vec![]));
    assert_eq!(portal.store().specchi_indietro().await.unwrap().0, 0);
    let posizione = id.split(':').nth(1).unwrap();
    let specchio = portal.store().specchio(&ente().codice_fiscale, posizione).await.unwrap().unwrap();
    assert_eq!((specchio.inviata, specchio.rifiuto.as_deref()), (1, Some("chiusa a mano su ACA")));
    // and the next change is told again
    portal.move_posizione(&ente().codice_fiscale, posizione, EventoPosizione::Annulla, "storia").await.unwrap();
    assert_eq!(portal.store().specchi_indietro().await.unwrap().0, 1);
}

#[tokio::test]
async fn a_runner_stops_when_it_is_told_and_when_nobody_can_tell_it_any_more() {
    let portal = portal().await;
    for says_so in [true, false] {
        let (stop, stopped) = watch::channel(false);
        let own = runner(&portal);
        let running = tokio::spawn(async move { own.run(stopped).await });
        let chiave = format!("VERIFICA:{}", portal.clock().today());
        // it works: what is due gets done
        for _ in 0..500 {
            let found = portal.store().job_by_chiave(&chiave).await.unwrap();
            if found.is_some_and(|job| job.stato == StatoJob::Fatto) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(portal.store().job_by_chiave(&chiave).await.unwrap().unwrap().stato, StatoJob::Fatto);
        if says_so {
            stop.send(true).unwrap();
        } else {
            drop(stop);
        }
        tokio::time::timeout(POLL_EVERY / 2, running).await.unwrap().unwrap();
    }
    let (_stop, told_before) = watch::channel(true);
    let id = write(&portal, TipoJob::Verifica, 0).await;
    runner(&portal).run(told_before).await;
    assert_eq!(job(&portal, &id).await.stato, StatoJob::Pronto, "nothing is begun after the stop");
}

#[tokio::test]
async fn what_pagopa_cannot_do_now_waits_and_counts_as_no_failure() {
    let portal = portal().await;
    let progress = Progress::default();
    for after in [None, Some(Duration::from_secs(7)), Some(Duration::from_secs(86_400))] {
        let id = write(&portal, TipoJob::ScaricaFlussi, 0).await;
        let later = Fine::Lavorato(Ok(Esito::PiuTardi { after, why: "503".into() }));
        runner(&portal).end(&take(&portal, LEASE_MS).await, later, &progress).await.unwrap();
        let waits = job(&portal, &id).await;
        assert_eq!((waits.stato, waits.tentativi, waits.errore.as_deref()), (StatoJob::Ritenta, 0, Some("503")));
        assert_eq!(portal.store().claim_job(&TipoJob::ALL, "x", LEASE_MS).await.unwrap(), None, "not now");
    }
}
