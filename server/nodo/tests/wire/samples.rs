//! An ente, a debt of every kind, a receipt.

use domain::ricevuta::{Psp, SoggettoRicevuta, VersamentoRicevuta};
use domain::{
    Accredito, CodiceFiscale, CodiceFiscaleEnte, CodiceSegregazione, Ente, Iban, Importo, NumeroAvviso, Opzione, Posizione, Rata,
    Ricevuta, Slug, Soggetto, StatoPosizione, Stazione, Tassonomia, Versamento,
};
use jiff::civil::date;
use nodo::pa_for_node::{
    DemandAnswer, DemandRequest, GetPaymentRequest, Instradamento, Operation, SendRtRequest, TransferType, VerifyAnswer,
    VerifyRequest,
};
use std::path::PathBuf;

pub const IBAN: &str = "IT60X0542811101000000123456";
pub const IBAN_POSTALE: &str = "IT70X0760101600000012345678";
/// SHA-256 of nothing, in base64.
pub const HASH: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

pub fn cf_ente(text: &str) -> CodiceFiscaleEnte {
    CodiceFiscaleEnte::parse(text).unwrap()
}

pub fn cents(cents: i64) -> Importo {
    Importo::from_cents(cents).unwrap()
}

pub fn ente() -> Ente {
    Ente {
        codice_fiscale: cf_ente("77777777777"),
        nome: "Comune di Valdoria & Borghi <uniti>".into(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "80001230459_01".into(),
            intermediario: "80001230459".into(),
            segregazione: CodiceSegregazione::parse("01").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: domain::ente::Contatti::default(),
        aspetto: domain::Aspetto::default(),
    }
}

pub fn numero() -> NumeroAvviso {
    NumeroAvviso::compose(CodiceSegregazione::parse("01").unwrap(), 12_345).unwrap()
}

pub fn instradamento() -> Instradamento {
    Instradamento { ente: "77777777777".into(), intermediario: "80001230459".into(), stazione: "80001230459_01".into() }
}

pub fn versamento(importo: i64, accredito: Accredito) -> Versamento {
    Versamento {
        ente: cf_ente("77777777777"),
        nome_ente: "Comune di Valdoria".into(),
        importo: cents(importo),
        accredito,
        tassonomia: Tassonomia::parse("0101101IM").unwrap(),
        causale: "Mensa scolastica, città di Valdoria".into(),
        imputazione: None,
    }
}

pub fn conto(postale: bool) -> Accredito {
    Accredito::Conto { iban: Iban::parse(IBAN).unwrap(), postale: postale.then(|| Iban::parse(IBAN_POSTALE).unwrap()) }
}

pub fn bollo() -> Accredito {
    Accredito::Bollo { hash_documento: HASH.into(), provincia: "RM".into() }
}

pub fn posizione(versamenti: Vec<Versamento>) -> Posizione {
    let importo = Importo::sum(versamenti.iter().map(|v| v.importo)).unwrap();
    Posizione {
        id: "p1".into(),
        ente: cf_ente("77777777777"),
        servizio: None,
        stato: StatoPosizione::Aperta,
        causale: "Mensa \"marzo\" 2026 <1>".into(),
        debitore: Soggetto {
            codice_fiscale: CodiceFiscale::parse("RSSMRA85T10A562S").unwrap(),
            nome: "Mario D’Angelo".into(),
            email: Some("mario@example.it".into()),
        },
        versante: None,
        atto: None,
        rate: vec![Rata {
            numero: numero(),
            opzione: Opzione::Unica,
            importo,
            scadenza: Some(date(2026, 5, 31)),
            non_oltre_scadenza: false,
            pagata: false,
            versamenti,
        }],
    }
}

pub fn verify_request() -> VerifyRequest {
    VerifyRequest { instradamento: instradamento(), ente: cf_ente("77777777777"), numero: numero() }
}

pub fn get_payment_request(v2: bool) -> GetPaymentRequest {
    GetPaymentRequest {
        instradamento: instradamento(),
        ente: cf_ente("77777777777"),
        numero: numero(),
        importo: Some(cents(4_800)),
        nota: Some("cart-1 & <2>".into()),
        transfer_type: Some(TransferType::Pagopa),
        due_date: Some(date(2026, 5, 31)),
        v2,
    }
}

pub fn verify_answer() -> VerifyAnswer {
    VerifyAnswer {
        importo: cents(4_800),
        scadenza: Some(date(2026, 5, 31)),
        all_ccp: true,
        causale: "Mensa \"marzo\" 2026".into(),
        ente: cf_ente("77777777777"),
        nome_ente: "Comune di Valdoria".into(),
        ufficio: Some("Ufficio scuola".into()),
    }
}

pub fn demand_request() -> DemandRequest {
    DemandRequest {
        instradamento: instradamento(),
        id_servizio: "00005".into(),
        id_soggetto: "0003è".into(),
        dati: "<bollo><targa>AB123CD</targa></bollo>".into(),
    }
}

pub fn demand_answer() -> DemandAnswer {
    DemandAnswer { numero: numero(), ente: cf_ente("77777777777"), avviso: verify_answer() }
}

/// A receipt with everything in it that the version has a place for.
pub fn send_rt(v2: bool) -> SendRtRequest {
    let soggetto = SoggettoRicevuta {
        identificativo: "RSSMRA85T10A562S".into(),
        nome: "Mario Rossi".into(),
        email: Some("mario@example.it".into()),
    };
    let on_account = VersamentoRicevuta {
        indice: 1,
        importo: cents(3_200),
        ente: cf_ente("77777777777"),
        nome_ente: v2.then(|| "Comune di Valdoria".into()),
        iban: Some(IBAN.into()),
        bollo: None,
        causale: "Mensa".into(),
        tassonomia: "9/0101101IM/".into(),
        metadata: vec![("IBANAPPOGGIO".into(), IBAN_POSTALE.into())],
    };
    let second = VersamentoRicevuta {
        indice: 2,
        importo: cents(1_600),
        iban: (!v2).then(|| IBAN.into()),
        bollo: v2.then(|| "PG1hcmNhRGFCb2xsby8+".into()),
        metadata: vec![],
        ..on_account.clone()
    };
    SendRtRequest {
        instradamento: instradamento(),
        ricevuta: Ricevuta {
            receipt_id: "c110729d258c4ab1b765fe902aae41d6".into(),
            numero_avviso: numero(),
            ente: cf_ente("77777777777"),
            esito_ok: true,
            iuv: numero().iuv().as_str().into(),
            importo: cents(4_800),
            descrizione: "Mensa".into(),
            nome_ente: "Comune di Valdoria".into(),
            ufficio: Some("Ufficio scuola".into()),
            debitore: soggetto.clone(),
            versante: Some(soggetto),
            versamenti: vec![on_account, second],
            psp: Psp {
                id: "SBXITPSP".into(),
                codice_fiscale: Some("88888888888".into()),
                partita_iva: Some("88888888888".into()),
                nome: "Banca di Prova S.p.A.".into(),
                canale: "88888888888_01".into(),
                descrizione_canale: "app".into(),
            },
            metodo: Some("creditCard".into()),
            nota: v2.then(|| "cart-1".into()),
            commissione: Some(cents(100)),
            pagata_il: Some(date(2026, 5, 2).at(10, 11, 12, 0)),
            data_applicazione: Some(date(2026, 5, 2)),
            data_accredito: Some(date(2026, 5, 4)),
            metadata: vec![("chiave".into(), "valore".into())],
            stand_in: true,
        },
        v2,
    }
}

/// A folder of pagoPA's files; says aloud when there is none.
pub fn folder(variable: &str) -> Option<PathBuf> {
    let found = std::env::var_os(variable).map(PathBuf::from);
    if found.is_none() {
        eprintln!("SKIPPED: {variable} is not set");
    }
    found
}

pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// What stands in the Body of a message of ours, the namespace declared on it.
pub fn root_of(message: &str) -> String {
    let body = message.split_once("<soapenv:Body>").unwrap().1.split_once("</soapenv:Body>").unwrap().0;
    let (name, rest) = body.split_once('>').unwrap();
    format!("{name} xmlns:pafn=\"{}\">{rest}", nodo::pa_for_node::NAMESPACE)
}

pub fn in_envelope(root: &str) -> String {
    format!("<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>{root}</e:Body></e:Envelope>")
}

pub const GET_PAYMENT: [Operation; 2] = [Operation::GetPayment, Operation::GetPaymentV2];
pub const SEND_RT: [Operation; 2] = [Operation::SendRt, Operation::SendRtV2];
