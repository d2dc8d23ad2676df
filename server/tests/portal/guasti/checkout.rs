//! The wire to Checkout does what wires do (F8): the citizen is told, nothing is half done, the same page pays the next time.

use super::proxy::{Fault, Proxy};
use super::rng::Rng;
use super::say;
use crate::harness::{Browser, Page, Sportello};
use domain::{StatoPosizione, StatoTentativo};
use nodo::checkout::{Checkout, CheckoutConfig, CheckoutVersion};
use portal::{Porte, Settings};
use server::render::Web;
use server::{router, serve};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What we give Checkout here; the default is 5 s.
const TIMEOUT: Duration = Duration::from_millis(700);

/// A second door for citizens, on the same folder, whose way to Checkout leads through a proxy.
struct Door<'a> {
    sportello: &'a Sportello,
    proxy: Proxy,
    url: String,
    _stop: watch::Sender<bool>,
}

impl<'a> Door<'a> {
    async fn open(sportello: &'a Sportello) -> Self {
        let sandbox = &sportello.indirizzi.sandbox;
        let proxy = Proxy::to(sandbox.socket_addrs(|| None).unwrap()[0]).await;
        let checkout = Checkout::new(CheckoutConfig {
            base_url: format!("http://{}/checkout/ec", proxy.address()).parse().unwrap(),
            version: CheckoutVersion::V1,
            subscription_key: None,
            timeout_ms: u64::try_from(TIMEOUT.as_millis()).unwrap(),
            redirect_origins: vec![sandbox.origin().ascii_serialization()],
        });
        let settings = Settings { public_url: sportello.indirizzi.web.clone(), ambiente_di_prova: true };
        let clock = sportello.portal.clock().clone();
        let portal =
            serve::open_portal(&sportello.archivio(), checkout.unwrap(), Porte::default(), clock, settings).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(server::listener::listen(
            listener,
            router::citizens(Web::new(portal, Vec::new())),
            server::listener::Chiamante::Cittadino,
            stopped,
        ));
        Self { sportello, proxy, url, _stop: stop }
    }

    /// "Paga" through this door.
    async fn pay(&self, browser: &mut Browser<'_>, riepilogo: &str) -> Page {
        browser.post(&format!("{}{riepilogo}", self.url), &[("anche_se", "si")]).await
    }

    async fn trips(&self, numero: &str) -> Vec<StatoTentativo> {
        self.sportello.tentativi(numero).await.iter().map(|trip| trip.stato).collect()
    }

    fn is_checkout(&self, page: &Page) -> bool {
        page.status == 303 && page.header("location").starts_with(&self.sportello.sandbox_url("/"))
    }

    /// A fault, then none: told, and paid the second time.
    async fn story(&self, fault: Fault, expected: Expected) -> Met {
        let mut browser = self.sportello.browser();
        let (riepilogo, numero) = self.sportello.riepilogo().await;
        let before = self.proxy.exchanges();
        self.proxy.set(fault.clone());
        let begun = Instant::now();
        let page = self.pay(&mut browser, &riepilogo).await;
        assert!(begun.elapsed() < TIMEOUT + Duration::from_secs(5), "{fault:?}: {:?}", begun.elapsed());
        assert!(self.proxy.exchanges() > before, "{fault:?} was not met");
        let trips = self.trips(&numero).await;
        let met = if page.status == 303 { Met::Left } else { Met::Told };
        if met == Met::Left {
            assert!(self.is_checkout(&page), "{fault:?}: {}", page.header("location"));
            assert_eq!(trips, [StatoTentativo::Inviato], "{fault:?}");
        } else {
            assert_eq!((page.status, page.header("location")), (503, ""), "{fault:?}");
            for words in ["pagoPA non risponde", "Non ti è stato addebitato nulla", "Paga ora"] {
                assert!(page.has(words), "{fault:?}: {}", page.text());
            }
            assert_eq!(trips, [StatoTentativo::Fallito], "{fault:?}");
        }
        assert!(expected == Expected::Either || (expected == Expected::Told) == (met == Met::Told), "{fault:?}: {met:?}");
        let posizione = self.sportello.posizione(&numero).await;
        assert_eq!((posizione.stato, posizione.rate[0].pagata), (StatoPosizione::Aperta, false), "{fault:?}");

        // trips are listed by the minute they began
        self.sportello.later(1);
        self.proxy.set(Fault::None);
        let again = self.pay(&mut browser, &riepilogo).await;
        assert!(self.is_checkout(&again), "{fault:?}: {} {}", again.status, again.text());
        let expected =
            if met == Met::Told { vec![StatoTentativo::Fallito, StatoTentativo::Inviato] } else { vec![StatoTentativo::Inviato] };
        assert_eq!(self.trips(&numero).await, expected, "{fault:?}");
        met
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Told,
    Left,
    /// A byte that changed may change everything or nothing.
    Either,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    /// The page stays and says what happened.
    Told,
    /// Off to Checkout.
    Left,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_wire_to_checkout_does_the_citizen_is_told_and_the_second_try_pays() {
    let sportello = Sportello::start().await;
    let door = Door::open(&sportello).await;
    let (mut rng, seed) = Rng::from_env();
    door.story(Fault::None, Expected::Left).await;
    let answer = door.proxy.last_answer();
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;

    let millis = Duration::from_millis;
    let mut faults = vec![
        (Fault::Delay(millis(150)), Expected::Left),
        (Fault::Drip(millis(0)), Expected::Left),
        (Fault::Delay(TIMEOUT + millis(500)), Expected::Told),
        (Fault::Drip(millis(20)), Expected::Told),
        (Fault::Garbage(Vec::new()), Expected::Told),
        (Fault::Garbage(b"\r\n\r\n".to_vec()), Expected::Told),
        (Fault::Garbage(b"HTTP/1.1 200 OK\r\n\r\n<html>Benvenuto</html>".to_vec()), Expected::Told),
        (
            Fault::Garbage(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"checkoutRedirectUrl\":\"http".to_vec()),
            Expected::Told,
        ),
        (Fault::Garbage(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".to_vec()), Expected::Told),
        (Fault::Garbage(b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\n\r\n".to_vec()), Expected::Told),
        (Fault::Garbage(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Expected::Told),
        (Fault::Garbage((0..2_000).map(|_| rng.next().to_le_bytes()[0]).collect()), Expected::Told),
    ];
    // cut anywhere in the head of the answer, at its last byte too; in the request
    faults.extend((0..head).step_by(29).chain([1, head - 1]).map(|bytes| (Fault::CutAnswer(bytes), Expected::Told)));
    faults.extend([0, head / 2, head - 1].map(|bytes| (Fault::Reset(bytes), Expected::Told)));
    faults.extend([0, 1, 20, 200, 500].map(|bytes| (Fault::CutRequest(bytes), Expected::Told)));
    for at in (0..answer.len()).step_by(11) {
        let bits = 1_u8 << rng.below(8);
        faults.push((Fault::Corrupt(at, bits), Expected::Either));
    }
    let (count, mut told) = (faults.len(), 0);
    for (fault, expected) in faults {
        told += u32::from(door.story(fault, expected).await == Met::Told);
    }
    say(&format!(
        "checkout: {count} faults of the wire, {told} told to the citizen, each paid the second time (SPORTELLO_SEED={seed})"
    ));
}

/// A receipt is believed whatever the wire did to the cart that led to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_after_a_cut_answer_ends_with_its_receipt() {
    let sportello = Sportello::start().await;
    let door = Door::open(&sportello).await;
    let mut browser = sportello.browser();
    let (riepilogo, numero) = sportello.riepilogo().await;
    door.proxy.set(Fault::CutAnswer(5));
    assert_eq!(door.pay(&mut browser, &riepilogo).await.status, 503);
    sportello.later(1);
    door.proxy.set(Fault::None);
    let checkout = door.pay(&mut browser, &riepilogo).await.location();
    browser.choose(&checkout, "paga", 1).await;
    sportello.wait_for_ricevute(&numero, 1).await;
    assert_eq!(sportello.posizione(&numero).await.stato, StatoPosizione::Pagata);
    assert_eq!(door.trips(&numero).await, [StatoTentativo::Fallito, StatoTentativo::ChiusoDaRicevuta]);
}
