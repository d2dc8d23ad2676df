//! The receipt this PSP issues for what getPayment told: transfers and debtor copied, its own details invented.

use crate::marca_da_bollo;
use crate::psp::Incarico;
use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{Importo, Ricevuta};
use jiff::civil::DateTime;
use nodo::pa_for_node::client::{PaymentData, PaymentTransfer};

pub(crate) const PSP_ID: &str = "SBXITPSP";
pub(crate) const PSP_NOME: &str = "Banca di Prova S.p.A.";
/// Nobody has it: its check digit is wrong.
pub(crate) const PSP_CODICE_FISCALE: &str = "99999999999";
const COMMISSIONE: Importo = Importo::of_cents(100);

/// Through which door the payment came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Canale {
    Checkout,
    Sportello,
}

/// What of a receipt is not in getPayment's answer.
#[derive(Clone, Debug)]
pub(crate) struct Pagamento {
    pub receipt_id: String,
    pub canale: Canale,
    /// Pay this instead of what is due: an anomaly on request.
    pub importo: Option<Importo>,
    pub stand_in: bool,
    /// `payer`. Checkout knows an e-mail address, not a person: it names none.
    pub versante: Option<SoggettoRicevuta>,
    /// Civil time of Europe/Rome.
    pub now: DateTime,
}

/// The receipt, complete.
pub(crate) fn issue(incarico: &Incarico, data: &PaymentData, pagamento: Pagamento) -> Ricevuta {
    // whole seconds, as PSPs write it
    let now = pagamento.now.with().subsec_nanosecond(0).build().unwrap_or(pagamento.now);
    let oggi = now.date();
    let importo = pagamento.importo.unwrap_or(data.importo);
    let versamenti = spread(&data.versamenti, importo)
        .map(|(transfer, importo)| versamento(transfer, importo, &pagamento.receipt_id, now))
        .collect();
    let (canale, descrizione_canale, metodo) = match pagamento.canale {
        Canale::Checkout => ("SBXITPSP_CHECKOUT", "Checkout di prova", "creditCard"),
        Canale::Sportello => ("SBXITPSP_SPORTELLO", "Sportello di prova", "cash"),
    };
    Ricevuta {
        receipt_id: pagamento.receipt_id,
        numero_avviso: incarico.numero.clone(),
        ente: incarico.ente.clone(),
        esito_ok: true,
        iuv: data.iuv.clone(),
        importo,
        descrizione: data.causale.clone(),
        // mandatory in the receipt, optional in the first version of getPayment
        nome_ente: data.nome_ente.clone().unwrap_or_else(|| incarico.ente.to_string()),
        ufficio: data.ufficio.clone(),
        debitore: data.debitore.clone(),
        versante: pagamento.versante,
        versamenti,
        psp: Psp {
            id: PSP_ID.to_owned(),
            codice_fiscale: Some(PSP_CODICE_FISCALE.to_owned()),
            partita_iva: None,
            nome: PSP_NOME.to_owned(),
            canale: canale.to_owned(),
            descrizione_canale: descrizione_canale.to_owned(),
        },
        metodo: Some(metodo.to_owned()),
        // the first version of the receipt has no paymentNote
        nota: incarico.nota.clone().filter(|_| incarico.v2),
        commissione: Some(COMMISSIONE),
        pagata_il: Some(now),
        data_applicazione: Some(oggi),
        // credited the day after, D+1 ("Specifiche attuative dei codici identificativi", riversamento)
        data_accredito: Some(oggi.tomorrow().unwrap_or(oggi)),
        metadata: data.metadata.clone(),
        stand_in: pagamento.stand_in,
    }
}

fn versamento(transfer: &PaymentTransfer, importo: Importo, receipt_id: &str, now: DateTime) -> VersamentoRicevuta {
    let stamp = transfer.bollo.as_ref();
    VersamentoRicevuta {
        indice: transfer.indice,
        importo,
        ente: transfer.ente.clone(),
        nome_ente: transfer.nome_ente.clone(),
        iban: transfer.iban.clone(),
        bollo: stamp.map(|stamp| marca_da_bollo::fake(receipt_id, &stamp.hash_documento, importo, now)),
        causale: transfer.causale.clone(),
        tassonomia: transfer.tassonomia.clone(),
        metadata: transfer.metadata.clone(),
    }
}

/// The transfers with amounts that add up to `total`: each keeps its own as far as it goes, the last takes what is left, and those
/// that nothing is left for fall away. With the total that is due nothing changes.
fn spread(transfers: &[PaymentTransfer], total: Importo) -> impl Iterator<Item = (&PaymentTransfer, Importo)> {
    let mut left = total;
    let last = transfers.len().saturating_sub(1);
    transfers.iter().enumerate().filter_map(move |(i, transfer)| {
        let part = if i == last { left } else { transfer.importo.min(left) };
        left = left.checked_sub(part).unwrap_or(Importo::ZERO);
        (!part.is_zero()).then_some((transfer, part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{CodiceFiscaleEnte, NumeroAvviso};
    use nodo::pa_for_node::Instradamento;
    use nodo::pa_for_node::client::StampRequest;

    fn transfer(indice: u8, cents: i64) -> PaymentTransfer {
        PaymentTransfer {
            indice,
            importo: Importo::of_cents(cents),
            ente: CodiceFiscaleEnte::parse("77777777777").unwrap(),
            nome_ente: Some("Comune di Valdoria".into()),
            iban: Some("IT60X0542811101000000123456".into()),
            bollo: None,
            causale: "Mensa".into(),
            tassonomia: "9/0101101IM/".into(),
            metadata: vec![("IBANAPPOGGIO".into(), "IT60X0760111101000000123456".into())],
        }
    }

    fn data(versamenti: Vec<PaymentTransfer>) -> PaymentData {
        PaymentData {
            iuv: "02000000000000184".into(),
            importo: Importo::sum(versamenti.iter().map(|v| v.importo)).unwrap(),
            due_date: jiff::civil::date(2026, 4, 30),
            causale: "Mensa".into(),
            nome_ente: Some("Comune di Valdoria".into()),
            ufficio: None,
            debitore: SoggettoRicevuta { identificativo: "RSSMRA85T10A562S".into(), nome: "Mario Rossi".into(), email: None },
            versamenti,
            metadata: Vec::new(),
        }
    }

    fn incarico() -> Incarico {
        Incarico {
            instradamento: Instradamento {
                ente: "77777777777".into(),
                intermediario: "77777777777".into(),
                stazione: "77777777777_01".into(),
            },
            ente: CodiceFiscaleEnte::parse("77777777777").unwrap(),
            numero: NumeroAvviso::parse("302000000000000184").unwrap(),
            v2: true,
            nota: Some("carrello-1".into()),
            transfer_type: None,
        }
    }

    fn pagamento(importo: Option<i64>) -> Pagamento {
        Pagamento {
            receipt_id: "r1".into(),
            canale: Canale::Checkout,
            importo: importo.map(Importo::of_cents),
            stand_in: false,
            versante: None,
            now: jiff::civil::date(2026, 12, 31).at(23, 59, 59, 999_000_000),
        }
    }

    #[test]
    fn a_receipt_for_what_is_due_has_nothing_odd_about_it() {
        let data = data(vec![transfer(1, 700), transfer(2, 300)]);
        let ricevuta = issue(&incarico(), &data, pagamento(None));
        assert_eq!(ricevuta.anomalie(), []);
        assert_eq!(ricevuta.importo, data.importo);
        assert_eq!(ricevuta.versamenti[0].metadata, data.versamenti[0].metadata);
        assert_eq!(ricevuta.nota.as_deref(), Some("carrello-1"));
        assert_eq!(ricevuta.pagata_il.unwrap(), jiff::civil::date(2026, 12, 31).at(23, 59, 59, 0));
        assert_eq!(ricevuta.data_accredito.unwrap(), jiff::civil::date(2027, 1, 1));
    }

    #[test]
    fn another_amount_still_adds_up() {
        for (total, parts) in [(900, vec![700, 200]), (5_000, vec![700, 4_300]), (700, vec![700]), (1, vec![1])] {
            let data = data(vec![transfer(1, 700), transfer(2, 300)]);
            let ricevuta = issue(&incarico(), &data, pagamento(Some(total)));
            let got: Vec<i64> = ricevuta.versamenti.iter().map(|v| v.importo.cents()).collect();
            assert_eq!((ricevuta.importo.cents(), got), (total, parts));
            assert_eq!(ricevuta.anomalie(), []);
        }
    }

    #[test]
    fn a_stamp_is_attached_and_an_account_is_not() {
        let hash_documento = "dGVzdA==".to_owned();
        let bollo = Some(StampRequest { hash_documento, tipo: "01".into(), provincia: "RM".into() });
        let stamp = PaymentTransfer { iban: None, bollo, ..transfer(2, 1_600) };
        let ricevuta = issue(&incarico(), &data(vec![transfer(1, 700), stamp]), pagamento(None));
        assert!(ricevuta.versamenti[0].bollo.is_none() && ricevuta.versamenti[0].iban.is_some());
        assert!(ricevuta.versamenti[1].bollo.is_some() && ricevuta.versamenti[1].iban.is_none());
    }
}
