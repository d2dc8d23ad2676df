//! What the Nodo asks, and what must come back: 60 % paVerifyPaymentNotice, 25 % paGetPaymentV2, 15 % paSendRTV2.

use crate::client::Client;
use crate::fill::{self, numero};
use anyhow::{Context as _, bail, ensure};
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{CodiceFiscaleEnte, Importo, Ricevuta};
use nodo::pa_for_node::client::{
    Check, Response, decode_response, encode_get_payment_request, encode_send_rt, encode_verify_request,
};
use nodo::pa_for_node::{GetPaymentRequest, Instradamento, Operation, SendRtRequest, VerifyRequest};
use std::sync::atomic::{AtomicU64, Ordering};

/// The Nodo of one run.
#[derive(Debug)]
pub struct Nodo {
    client: Client,
    ente: CodiceFiscaleEnte,
    positions: u64,
    asked: AtomicU64,
    receipts: AtomicU64,
    answered: AtomicU64,
}

impl Nodo {
    /// # Errors
    /// None for the ente of a bench.
    pub fn new(client: Client, positions: u64) -> anyhow::Result<Self> {
        let ente = CodiceFiscaleEnte::parse(fill::ENTE)?;
        let counter = AtomicU64::default;
        Ok(Self { client, ente, positions, asked: counter(), receipts: counter(), answered: counter() })
    }

    /// Receipts answered OK until now.
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// Number `k` of the mix.
    ///
    /// # Errors
    /// When the answer is another one than the right one.
    pub async fn mix(&self, k: u64) -> anyhow::Result<()> {
        // 7 and 20 have no common factor: the kinds alternate, and each of the 20 comes up once
        match k * 7 % 20 {
            0..=11 => self.verify().await,
            12..=16 => self.get_payment().await,
            _ => self.receipt().await,
        }
    }

    /// One of the lower half: nobody pays those.
    fn open(&self) -> anyhow::Result<domain::NumeroAvviso> {
        numero(mixed(self.asked.fetch_add(1, Ordering::Relaxed)) % (self.positions / 2))
    }

    async fn verify(&self) -> anyhow::Result<()> {
        let request = VerifyRequest { instradamento: addressed(), ente: self.ente.clone(), numero: self.open()? };
        match self.ask(Operation::VerifyPaymentNotice, encode_verify_request(&request)).await? {
            Response::Verify(answer) => {
                ensure!(answer.importo.cents() == fill::CENTS && answer.causale == fill::CAUSALE, "verify: another notice");
                Ok(())
            }
            other => bail!("verify: {other:?}"),
        }
    }

    async fn get_payment(&self) -> anyhow::Result<()> {
        let numero = self.open()?;
        let iuv = numero.iuv().to_string();
        let request = GetPaymentRequest {
            instradamento: addressed(),
            ente: self.ente.clone(),
            numero,
            importo: None,
            nota: None,
            transfer_type: None,
            due_date: None,
            v2: true,
        };
        match self.ask(Operation::GetPaymentV2, encode_get_payment_request(&request)).await? {
            Response::Payment(answer) => {
                ensure!(answer.iuv == iuv && answer.importo.cents() == fill::CENTS, "getPayment: another notice");
                Ok(())
            }
            other => bail!("getPayment: {other:?}"),
        }
    }

    /// A new receipt, for the next of the upper half; when all of those are paid, for the first again: real money too.
    ///
    /// # Errors
    /// When it is not answered OK.
    pub async fn receipt(&self) -> anyhow::Result<()> {
        let k = self.receipts.fetch_add(1, Ordering::Relaxed);
        let half = self.positions / 2;
        match self.ask(Operation::SendRtV2, encode_send_rt(&self.write_receipt(k, half + k % half)?)).await? {
            Response::Ok => {
                self.answered.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            other => bail!("sendRT: {other:?}"),
        }
    }

    fn write_receipt(&self, k: u64, position: u64) -> anyhow::Result<SendRtRequest> {
        let numero = numero(position)?;
        let importo = Importo::of_cents(fill::CENTS);
        let pagata_il = jiff::civil::date(2026, 11, 23).at(9, 58, 0, 0);
        let debitore = SoggettoRicevuta {
            identificativo: "RSSMRA80A41F205B".to_owned(),
            nome: "Maria Rossi".to_owned(),
            email: Some("maria.rossi@posta.example".to_owned()),
        };
        let ricevuta = Ricevuta {
            receipt_id: format!("{k:032x}"),
            iuv: numero.iuv().to_string(),
            numero_avviso: numero,
            ente: self.ente.clone(),
            esito_ok: true,
            importo,
            descrizione: fill::CAUSALE.to_owned(),
            nome_ente: fill::NOME.to_owned(),
            ufficio: None,
            versante: Some(debitore.clone()),
            debitore,
            versamenti: vec![VersamentoRicevuta {
                indice: 1,
                importo,
                ente: self.ente.clone(),
                nome_ente: Some(fill::NOME.to_owned()),
                iban: Some(fill::IBAN.to_owned()),
                bollo: None,
                causale: fill::CAUSALE.to_owned(),
                tassonomia: format!("9/{}/", fill::TASSONOMIA),
                metadata: vec![],
            }],
            psp: Psp {
                id: "BENCHITPSP".to_owned(),
                codice_fiscale: None,
                partita_iva: None,
                nome: "Banca di Prova S.p.A.".to_owned(),
                canale: "BENCH_01".to_owned(),
                descrizione_canale: "app".to_owned(),
            },
            metodo: Some("creditCard".to_owned()),
            nota: None,
            commissione: Some(Importo::of_cents(150)),
            pagata_il: Some(pagata_il),
            data_applicazione: Some(pagata_il.date()),
            data_accredito: Some(pagata_il.date()),
            metadata: vec![],
            stand_in: false,
        };
        Ok(SendRtRequest { instradamento: addressed(), ricevuta, v2: true })
    }

    async fn ask(&self, operation: Operation, body: Vec<u8>) -> anyhow::Result<Response> {
        let (status, bytes) = self.client.post_xml("/pagopa/pa", body).await?;
        ensure!(status == 200, "{}: HTTP {status}", operation.name());
        decode_response(operation, &bytes, &Check::default()).with_context(|| operation.name().to_owned())
    }
}

/// A citizen who looks at the home and at a service, in turn.
///
/// # Errors
/// When the page does not say what it must.
pub async fn page(client: &Client, k: u64) -> anyhow::Result<()> {
    let (path, says) = if k.is_multiple_of(2) { ("/", fill::NOME) } else { ("/valdoria/servizi/tari", fill::SERVIZIO) };
    let (status, bytes) = client.get(path).await?;
    ensure!(status == 200, "{path}: HTTP {status}");
    ensure!(bytes.windows(says.len()).any(|window| window == says.as_bytes()), "{path}: another page");
    Ok(())
}

/// What a citizen asks for, one kind at a time.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// The portal's home.
    Home,
    /// The form of a service.
    Form,
    /// A notice by its number: the form is sent, and the page it leads to is read.
    LookUp,
}

impl Kind {
    /// Number `k` of its kind.
    ///
    /// # Errors
    /// When the page does not say what it must.
    pub async fn ask(self, client: &Client, k: u64, positions: u64) -> anyhow::Result<()> {
        let (path, says) = match self {
            Self::Home => ("/".to_owned(), fill::NOME),
            Self::Form => (format!("/valdoria/servizi/{}/paga", fill::MENSA), fill::VOCE),
            // of the lower half: nobody pays those
            Self::LookUp => {
                let numero = numero(mixed(k) % (positions / 2))?;
                (client.post_form("/valdoria/avviso", format!("numero={numero}")).await?, fill::CAUSALE)
            }
        };
        let (status, bytes) = client.get(&path).await?;
        ensure!(status == 200, "{self:?}: HTTP {status}");
        ensure!(bytes.windows(says.len()).any(|window| window == says.as_bytes()), "{self:?}: another page");
        Ok(())
    }
}

fn addressed() -> Instradamento {
    Instradamento {
        ente: fill::ENTE.to_owned(),
        intermediario: fill::INTERMEDIARIO.to_owned(),
        stazione: fill::STAZIONE.to_owned(),
    }
}

/// SplitMix64: the same notices in every run, in no order that a cache could like.
fn mixed(k: u64) -> u64 {
    let mut z = k.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
