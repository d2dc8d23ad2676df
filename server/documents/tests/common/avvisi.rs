//! Notices to print: each way of asking, for the tests and for whoever wants to look at them.

#![allow(clippy::unwrap_used, dead_code, reason = "a fixture, used by tests and examples, each a part of it")]

use documents::avviso::{Creditore, Debitore, Dovuto, Lingua, Postale, Scontato, Seconda};
use documents::{AvvisoDoc, Logo};
use domain::ente::Contatti;
use domain::posizione::{Accredito, Rata, Versamento};
use domain::{CodiceFiscaleEnte, CodiceSegregazione, Ente, Iban, Importo, NumeroAvviso, Opzione, Slug, Stazione, Tassonomia};
use jiff::civil::{Date, date};

pub fn ente() -> Ente {
    Ente {
        codice_fiscale: CodiceFiscaleEnte::parse("80001230459").unwrap(),
        nome: "Comune di Valdoria".to_owned(),
        slug: Slug::parse("valdoria").unwrap(),
        stazione: Stazione {
            id: "80001230459_01".to_owned(),
            intermediario: "80001230459".to_owned(),
            segregazione: CodiceSegregazione::parse("02").unwrap(),
        },
        modello: domain::Modello::Stazione,
        contatti: Contatti {
            sito: Some("https://www.comune.valdoria.it".to_owned()),
            email: Some("tributi@comune.valdoria.it".to_owned()),
            telefono: Some("0585 000000".to_owned()),
            ..Contatti::default()
        },
        aspetto: domain::Aspetto::default(),
    }
}

/// An account at Poste, with check digits that are right.
pub fn iban_postale() -> Iban {
    (2..=98).find_map(|check| Iban::parse(&format!("IT{check:02}X0760111100000000123456")).ok()).unwrap()
}

pub fn postale(iban: &Iban) -> Postale<'_> {
    Postale::new(iban, "Comune di Valdoria - Servizio tributi", "AUT. DB/SISB/GPP 1234 DEL 01/02/2026").unwrap()
}

/// `n` of 0 is the whole amount.
pub fn rata(n: u8, cents: i64, scadenza: Option<Date>) -> Rata {
    let numero = NumeroAvviso::compose(CodiceSegregazione::parse("02").unwrap(), 7_300_000_000_000 + u64::from(n)).unwrap();
    let importo = Importo::of_cents(cents);
    Rata {
        numero,
        opzione: if n == 0 { Opzione::Unica } else { Opzione::Rata { numero: n, di: 9 } },
        importo,
        scadenza,
        non_oltre_scadenza: false,
        pagata: false,
        versamenti: vec![Versamento {
            ente: ente().codice_fiscale,
            nome_ente: "Comune di Valdoria".to_owned(),
            importo,
            accredito: Accredito::Conto { iban: iban_postale(), postale: None },
            tassonomia: Tassonomia::parse("9/0101101IM/").unwrap(),
            causale: "TARI 2026".to_owned(),
            imputazione: None,
        }],
    }
}

pub fn debitore() -> Debitore<'static> {
    Debitore {
        nome: "Niccolò D’Angelo Šimić",
        codice_fiscale: "RSSMRA85T10A562S",
        indirizzo: Some("Via dell’Università 12"),
        localita: Some("54100 Valdoria (MS)"),
    }
}

/// A made-up emblem, higher than wide.
pub fn stemma() -> Logo {
    Logo::from_png(include_bytes!("../fixtures/stemma.png")).unwrap()
}

/// One sum of 1.500,00 €.
pub fn doc<'a>(ente: &'a Ente, dovuto: Dovuto<'a>) -> AvvisoDoc<'a> {
    AvvisoDoc {
        ente,
        creditore: Creditore { settore: Some("Settore tributi"), cbill: Some("AB123"), logo: None },
        debitore: Some(debitore()),
        causale: "TARI 2026, utenza domestica di via Roma 3",
        dovuto,
        postale: None,
        seconda: None,
        emesso_il: date(2026, 3, 12).at(10, 32, 0, 0),
        di_prova: false,
    }
}

/// As long as everything may be, and a little longer.
pub fn longest(ente: &mut Ente) -> (Debitore<'static>, &'static str) {
    ente.nome = "Unione dei Comuni della Valle del Grande Fiume e delle Colline Metallifere".to_owned();
    ente.contatti.sito = Some("https://www.unionecomunivallegrandefiumecollinemetallifere.toscana.it".to_owned());
    let debitore = Debitore {
        nome: "Società Cooperativa Sociale di Solidarietà “La Città dei Giovani Lavoratori” a responsabilità limitata",
        codice_fiscale: "01234567890",
        indirizzo: Some(
            "Strada Provinciale Traversa della Montagna e dei Castelli Medievali, località Case Sparse di Sopra, presso la Fattoria \
             Grande, interno 12, scala B",
        ),
        localita: Some("54100 Castelnuovo di Garfagnana Superiore e Inferiore (LU)"),
    };
    let causale = "Contributo di costruzione e oneri di urbanizzazione primaria e secondaria, pratica edilizia 2026/000123, via \
                   dell’Università 12, saldo finale";
    (debitore, causale)
}

/// Every variant, by name.
pub fn each(mut show: impl FnMut(&str, &AvvisoDoc<'_>)) {
    let ente = ente();
    let iban = iban_postale();
    let poste = Some(postale(&iban));
    let giorno = |month| Some(date(2026, month, 30));
    let (unica, aperta) = (rata(0, 150_000, giorno(6)), rata(0, 150_000, None));
    let rate: Vec<Rata> = (1..=9).map(|n| rata(n, 16_667, giorno(i8::try_from(n).unwrap() + 3))).collect();
    let rate: Vec<&Rata> = rate.iter().collect();
    let single = doc(&ente, Dovuto::Rate { unica: Some(&unica), rate: &[] });
    show("unica", &single);
    show("unica-poste", &AvvisoDoc { postale: poste, ..single });
    show("senza-scadenza", &AvvisoDoc { dovuto: Dovuto::Rate { unica: Some(&aperta), rate: &[] }, postale: poste, ..single });
    for n in [1, 2, 3, 4, 5, 7, 9] {
        let dovuto = Dovuto::Rate { unica: Some(&unica), rate: &rate[..n] };
        show(&format!("rate-{n}"), &AvvisoDoc { dovuto, ..single });
    }
    for n in [2, 3, 5] {
        let dovuto = Dovuto::Rate { unica: Some(&unica), rate: &rate[..n] };
        show(&format!("rate-{n}-poste"), &AvvisoDoc { dovuto, postale: poste, ..single });
    }
    let solo_rate = Dovuto::Rate { unica: None, rate: &rate[3..6] };
    show("solo-rate", &AvvisoDoc { dovuto: solo_rate, ..single });
    let (scontata, ridotta) = (rata(1, 2_940, None), rata(2, 4_200, None));
    let scontato = Some(Scontato { rata: &scontata, percento: 30, giorni: 5 });
    let verbale = Dovuto::Verbale { scontato, ridotto: &ridotta, giorni: 60 };
    let causale = "Violazione del Codice della Strada, verbale V/2026/004711 del 02/03/2026";
    let fine = AvvisoDoc { dovuto: verbale, causale, ..single };
    show("verbale", &fine);
    show("verbale-poste", &AvvisoDoc { postale: poste, ..fine });
    let ridotto = Dovuto::Verbale { scontato: None, ridotto: &ridotta, giorni: 60 };
    show("verbale-ridotto", &AvvisoDoc { dovuto: ridotto, ..fine });
    let (prima, dopo) = (rata(0, 5_880, giorno(4)), rata(0, 8_400, giorno(6)));
    let dopo = Rata { numero: scontata.numero.clone(), ..dopo };
    let entro = AvvisoDoc { dovuto: Dovuto::Ridotto { ridotto: &prima, intero: &dopo }, ..fine };
    show("ridotto", &entro);
    show("ridotto-poste", &AvvisoDoc { postale: poste, ..entro });
    for (lingua, subject) in [
        (Lingua::De, "Müllgebühr 2026, Haushalt in der Romstraße 3"),
        (Lingua::En, "Waste tax 2026, household at via Roma 3"),
        (Lingua::Fr, "Taxe d’enlèvement des ordures 2026, cœur de ville"),
        (Lingua::Sl, "Pristojbina za odpadke 2026, gospodinjstvo, žačetna šifra"),
    ] {
        let seconda = Some(Seconda { lingua, causale: Some(subject) });
        let tag = &lingua.tag()[..2];
        show(&format!("unica-poste-{tag}"), &AvvisoDoc { seconda, postale: poste, ..single });
        let dovuto = Dovuto::Rate { unica: Some(&unica), rate: &rate[..5] };
        show(&format!("rate-5-{tag}"), &AvvisoDoc { seconda, dovuto, ..single });
        let dovuto = Dovuto::Rate { unica: Some(&unica), rate: &rate[..3] };
        show(&format!("rate-3-poste-{tag}"), &AvvisoDoc { seconda, dovuto, postale: poste, ..single });
        show(&format!("verbale-{tag}"), &AvvisoDoc { seconda, ..fine });
        show(&format!("ridotto-{tag}"), &AvvisoDoc { seconda, ..entro });
    }
    let stemma = stemma();
    let creditore = Creditore { logo: Some(&stemma), ..single.creditore };
    show("stemma", &AvvisoDoc { creditore, postale: poste, ..single });
    show("di-prova", &AvvisoDoc { di_prova: true, debitore: None, ..single });
    let mut long_ente = ente.clone();
    let (debitore, causale) = longest(&mut long_ente);
    let most = rata(0, 9_999_999_999, giorno(6));
    let dovuto = Dovuto::Rate { unica: Some(&most), rate: &rate[..5] };
    let long = AvvisoDoc { ente: &long_ente, debitore: Some(debitore), causale, dovuto, postale: poste, ..single };
    show("longest", &long);
    let seconda = Some(Seconda { lingua: Lingua::De, causale: Some(causale) });
    show("longest-de", &AvvisoDoc { seconda, dovuto: verbale, di_prova: true, ..long });
}
