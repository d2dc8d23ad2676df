//! What the Nodo sends, and how it reads the answers.

use super::{Page, Sportello};
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{Accredito, CodiceFiscaleEnte, Importo, NumeroAvviso, Posizione, Rata, Ricevuta};
use nodo::pa_for_node::client::{Check, FaultBean, Response, decode_response, encode_send_rt};
use nodo::pa_for_node::{GetPaymentRequest, Instradamento, Operation, Paa, SendRtRequest, VerifyRequest};

/// As Valdoria is registered.
pub fn addressed(ente: &str) -> Instradamento {
    Instradamento { ente: ente.into(), intermediario: "99999000013".into(), stazione: "99999000013_01".into() }
}

pub fn verify(numero: &str) -> VerifyRequest {
    let ente = super::VALDORIA;
    VerifyRequest {
        instradamento: addressed(ente),
        ente: CodiceFiscaleEnte::parse(ente).unwrap(),
        numero: NumeroAvviso::parse(numero).unwrap(),
    }
}

/// Version 2.
pub fn get_payment(numero: &str) -> GetPaymentRequest {
    let VerifyRequest { instradamento, ente, numero } = verify(numero);
    GetPaymentRequest { instradamento, ente, numero, importo: None, nota: None, transfer_type: None, due_date: None, v2: true }
}

/// A receipt for one way to pay a position, with nothing odd about it.
pub fn receipt(posizione: &Posizione, rata: &Rata, receipt_id: &str) -> SendRtRequest {
    let debitore = SoggettoRicevuta {
        identificativo: posizione.debitore.codice_fiscale.as_str().into(),
        nome: posizione.debitore.nome.clone(),
        email: None,
    };
    let versamenti = (1..).zip(&rata.versamenti).map(|(indice, v)| VersamentoRicevuta {
        indice,
        importo: v.importo,
        ente: v.ente.clone(),
        nome_ente: Some(v.nome_ente.clone()),
        iban: match &v.accredito {
            Accredito::Conto { iban, .. } => Some(iban.to_string()),
            Accredito::Bollo { .. } => None,
        },
        bollo: matches!(v.accredito, Accredito::Bollo { .. }).then(|| "bWFyY2E=".into()),
        causale: v.causale.clone(),
        tassonomia: v.tassonomia.to_wire(),
        metadata: vec![],
    });
    let ricevuta = Ricevuta {
        receipt_id: receipt_id.into(),
        numero_avviso: rata.numero.clone(),
        ente: posizione.ente.clone(),
        esito_ok: true,
        iuv: rata.iuv().to_string(),
        importo: rata.importo,
        descrizione: posizione.causale.clone(),
        nome_ente: "Comune di Valdoria".into(),
        ufficio: None,
        debitore,
        versante: None,
        versamenti: versamenti.collect(),
        psp: Psp {
            id: "TESTITPSP".into(),
            codice_fiscale: None,
            partita_iva: None,
            nome: "Banca dei Test".into(),
            canale: "TEST_01".into(),
            descrizione_canale: "prova".into(),
        },
        metodo: Some("creditCard".into()),
        nota: None,
        commissione: Some(Importo::of_cents(150)),
        pagata_il: Some(jiff::civil::date(2026, 11, 23).at(9, 58, 0, 0)),
        data_applicazione: None,
        data_accredito: None,
        metadata: vec![],
        stand_in: false,
    };
    SendRtRequest { instradamento: addressed(posizione.ente.as_str()), ricevuta, v2: true }
}

impl Sportello {
    /// Bytes to the station, as they are.
    pub async fn soap(&self, body: impl Into<reqwest::Body>) -> Page {
        let url = self.indirizzi.nodo.clone();
        Page::of(self.client().post(url).header("Content-Type", "text/xml; charset=utf-8").body(body)).await
    }

    /// Asks, and reads the answer as strictly as the Nodo does.
    pub async fn ask(&self, op: Operation, body: Vec<u8>) -> Response {
        let page = self.soap(body).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/xml; charset=utf-8"), "{}", page.text());
        decode_response(op, &page.bytes, &Check::default()).unwrap()
    }

    /// Asks; the fault of a KO, checked against its table.
    pub async fn ask_refused(&self, op: Operation, body: Vec<u8>) -> FaultBean {
        let Response::Ko(fault) = self.ask(op, body).await else { panic!("{} was not refused", op.name()) };
        let known = Paa::ALL.iter().find(|paa| paa.code() == fault.code).expect("a code of the table");
        assert_eq!(fault.text, known.text());
        fault
    }

    /// Sends a receipt that must be answered OK: anything else makes the Nodo throw it away or send it again.
    pub async fn deliver(&self, request: &SendRtRequest) {
        let op = if request.v2 { Operation::SendRtV2 } else { Operation::SendRt };
        assert_eq!(self.ask(op, encode_send_rt(request)).await, Response::Ok);
    }
}
