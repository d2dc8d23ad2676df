//! What stands in the log after people's data came by every way there is: nothing of them, and nothing that could pass for a line.

use super::counted;
use crate::harness::{PASTI, Sportello, form, rata, receipt, verify};
use nodo::pa_for_node::client::{encode_send_rt, encode_verify_request};
use reqwest::Method;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// What may never stand there: they are in every case below.
const SEEDS: [&str; 5] =
    ["BNCLCU75M12H501Q", "Bianchi Segretini", "bianchi@posta.example", "IT70X0760101600000012345678", "\u{1b}["];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

/// One thread: everything the server does for this test is logged here, and nothing of others'.
#[tokio::test]
async fn nothing_of_a_person_gets_into_the_log_by_any_way() {
    let log = Log::default();
    // all there is, as an operator in need would ask for it; without the libraries, which see bytes before we do
    let wanted = "off,server=trace,portal=trace,store=trace,nodo=trace,app=trace,documents=trace";
    let subscriber = tracing_subscriber::fmt().with_env_filter(wanted).with_ansi(false).with_writer(log.clone()).finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    // as long as there is only one listener, tracing asks the thread that comes by a line first whether anybody listens, and remembers
    // the answer for all: the other tests' threads would say no
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());

    let sportello = Sportello::start().await;
    let mut browser = sportello.browser();
    let (cf, nome, email, iban) = (SEEDS[0], SEEDS[1], SEEDS[2], SEEDS[3]);
    let numero = sportello.avviso("APERTA").numero;
    let posizione = sportello.posizione(&numero).await;
    let question = String::from_utf8(encode_verify_request(&verify(&numero))).unwrap();
    let about = |receipt_id: &str| {
        let mut request = receipt(&posizione, rata(&posizione, &numero), receipt_id);
        let r = &mut request.ricevuta;
        (r.debitore.identificativo, r.debitore.nome, r.debitore.email) = (cf.into(), nome.into(), Some(email.into()));
        (r.versamenti[0].iban, r.descrizione) = (Some(iban.into()), format!("{cf} {nome}"));
        request
    };
    let told = |receipt_id: &str| String::from_utf8(encode_send_rt(&about(receipt_id))).unwrap();
    let typed: Vec<(&str, &str)> = form()
        .into_iter()
        .map(|(name, value)| match name {
            "codice_fiscale" => (name, cf),
            "nome" => (name, nome),
            "email" => (name, email),
            _ => (name, value),
        })
        .collect();
    let wrong: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (*n, if *n == "quantita" { cf } else { *v })).collect();

    let mut names = Vec::new();
    /// Says what was done, and what of it is in the log.
    macro_rules! case {
        ($name:literal, $done:expr) => {{
            log.take();
            $done;
            let lines = log.take();
            assert!(!lines.is_empty(), "{}: nothing was logged at all", $name);
            for seed in SEEDS.iter().copied().chain([numero.as_str()]) {
                assert!(!lines.contains(seed), "{}: {seed:?} in {lines}", $name);
            }
            assert!(lines.lines().all(|line| line.starts_with("20")), "{}: something passes for a line in {lines}", $name);
            names.push($name);
        }};
    }
    case!("in an address", browser.get(&format!("/valdoria/avviso/{cf}")).await);
    case!("a notice number in an address", browser.get(&format!("/valdoria/avviso/{numero}")).await);
    case!("in a query", browser.get(&format!("/valdoria?cf={cf}&n={numero}&e={email}")).await);
    case!(
        "line break and a terminal's escape in an address",
        browser.get("/valdoria/%0d%0a2026-01-01%20INFO%20x%1b%5b31m").await
    );
    case!("in headers", {
        let request =
            browser.request(Method::GET, "/valdoria").header("referer", format!("https://x/{cf}")).header("user-agent", cf);
        browser.send(request.header("x-forwarded-for", cf).header("cookie", format!("s={cf}"))).await
    });
    case!("in a form", assert_eq!(browser.post(PASTI, &typed).await.status, 303));
    case!("in a form that is wrong", assert_eq!(browser.post(PASTI, &wrong).await.status, 422));
    case!("in a look-up", browser.post("/valdoria/avviso", &[("numero", &numero)]).await);
    case!("in a look-up that misses", browser.post("/valdoria/avviso", &[("numero", cf)]).await);
    case!("in a body that is no form", {
        let request = browser
            .request(Method::POST, PASTI)
            .header("content-type", "application/json")
            .body(format!("{{\"nome\":\"{cf}\"}}"));
        browser.send(request).await
    });
    case!("in a question to the station", sportello.soap(question.replace("<idPA>", &format!("<idPA>{cf}"))).await);
    case!("as the name of an element", sportello.soap(question.replace("<qrCode>", &format!("<{cf}/><qrCode>"))).await);
    case!("in a receipt", sportello.deliver(&about("log-1")).await);
    case!("in a receipt that cannot be understood", {
        sportello.soap(told("log-2").replace("<outcome>OK", &format!("<outcome>{cf}"))).await
    });
    case!("in a receipt that is cut off", sportello.soap(told("log-3")[..1_500].to_owned()).await);
    case!("as the station of a receipt", {
        let mut request = about("log-4");
        request.instradamento.stazione = format!("{cf}\n2026-01-01 INFO {nome}");
        request.instradamento.intermediario = format!("{email} {iban}");
        sportello.deliver(&request).await
    });
    case!("in a receipt that contradicts another", {
        let mut request = about("log-1");
        request.ricevuta.debitore.nome = format!("{nome} II");
        sportello.deliver(&request).await
    });
    case!("in a cart that Checkout refuses", {
        sportello.break_checkout("rifiuta_422").await;
        let riepilogo = browser.post(PASTI, &typed).await.location();
        browser.post(&riepilogo, &[]).await
    });
    counted(names);
}
