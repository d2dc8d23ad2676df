//! What an operator sees of the PSPs' flows (FdR): a line for each that is taken in, a line for each time they could not be had.

use crate::harness::{Sportello, VALDORIA};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};

/// What is logged by this story, as JSON.
#[derive(Clone, Debug, Default)]
pub struct Registro(Arc<Mutex<Vec<u8>>>);

impl Registro {
    /// From here on, until what this gives is dropped, on this thread.
    pub fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        tracing::subscriber::set_default(tracing_subscriber::fmt().json().with_writer(move || log.clone()).finish())
    }

    /// The fields of every line with this message.
    pub fn said(&self, message: &str) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let all = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["fields"].clone());
        all.filter(|fields| fields["message"] == message).collect()
    }
}

impl Write for Registro {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const TAKEN: &str = "a flow was taken in";
const NOT_HAD: &str = "the flows of an ente could not be fetched: later";

#[tokio::test]
async fn every_flow_that_is_taken_in_and_every_time_they_could_not_be_had_is_a_line() {
    let sportello = Sportello::start().await;
    sportello.work().await;
    let avviso = sportello.avviso("APERTA");
    sportello.pay_elsewhere(&avviso.numero, json!({})).await;
    let flow = sportello.publish_flow(json!({ "codice_fiscale_ente": VALDORIA })).await;
    let log = Registro::default();
    let listening = log.listen();
    sportello.break_rest("errore_500").await;
    sportello.later(60);
    sportello.work().await;
    let failed = log.said(NOT_HAD);
    assert!(failed.iter().any(|fields| fields["ente.cf"] == VALDORIA && fields["why"].is_string()), "{failed:?}");
    assert_eq!(log.said(TAKEN), [Value::Null; 0]);

    sportello.break_rest("nessuno").await;
    sportello.later(60);
    sportello.work().await;
    drop(listening);
    let taken = log.said(TAKEN);
    assert_eq!(taken.len(), 1, "{taken:?}");
    let fields = &taken[0];
    for (name, value) in [
        ("fdr.iuf", flow["fdr"].clone()),
        ("psp", flow["psp"].clone()),
        ("ente.cf", VALDORIA.into()),
        ("revisione", 1.into()),
        ("pagamenti", 1.into()),
        ("importo_cents", flow["importo_cents"].clone()),
        ("completo", true.into()),
    ] {
        assert_eq!(fields[name], value, "{name} of {fields}");
    }
    // nothing personal, and no notice
    let all = taken[0].to_string();
    assert!(!all.contains(&avviso.numero) && !all.contains(&avviso.codice_fiscale_debitore), "{all}");
}
